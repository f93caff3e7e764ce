# series: ooo
# title: Data that waits above a hole
# xlabel: time
# xunit: s
# ylabel: data above a hole
# yunit: bytes
# options: --destination --mptcpstream --tcpstream --skip
# meaning: bytes that arrived out of order by DSN and wait, and how long their head of line blocks
# yrange: 0:*
# drawn: steps
# thin: column

plot for [i=1:count('data')] data index block('data',i) using 1:2 with @drawn ls line('data',i) title name('data',i)
