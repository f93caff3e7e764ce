# series: share
# title: Share of the subflows
# xlabel: time
# xunit: s
# ylabel: share of the payload
# options: --window --destination --mptcpstream --skip
# meaning: fraction of the bytes in each window that each subflow carries
# yrange: -0.02:1.05
# drawn: steps
# thin: column

plot for [i=1:count('data')] data index block('data',i) using 1:2 with @drawn ls line('data',i) title name('data',i)
