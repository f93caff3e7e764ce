# series: gput
# title: Goodput
# xlabel: time
# xunit: s
# ylabel: goodput
# yunit: bit/s
# options: --window --destination --mptcpstream --tcpstream --skip
# meaning: bits per second in each window, of each subflow and in total, each byte once, at its first copy
# yrange: 0:*
# drawn: steps
# thin: column

plot for [i=1:count('sum')] data index block('sum',i) using 1:2 with @drawn ls line('sum',i) title name('sum',i), \
     for [i=1:count('data')] data index block('data',i) using 1:2 with @drawn ls line('data',i) title name('data',i)
