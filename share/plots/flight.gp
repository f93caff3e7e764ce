# series: flight
# title: Data in flight
# xlabel: time
# xunit: s
# ylabel: data in flight
# yunit: bytes
# options: --destination --mptcpstream --tcpstream --skip --from --to
# meaning: bytes sent but not acknowledged, in total and per subflow, with the receive window
# yrange: 0:*
# drawn: steps
# thin: column

plot for [i=1:count('window')] data index block('window',i) using 1:2 with steps ls line('window',i) dt 2 lw 1 lc rgb '#999999' notitle, \
     for [i=1:count('sum')] data index block('sum',i) using 1:2 with @drawn ls line('sum',i) lc rgb '#888888' notitle, \
     for [i=1:count('data')] data index block('data',i) using 1:2 with @drawn ls line('data',i) title name('data',i), \
     for [i=1:has('sum')] keyentry with lines lc rgb '#888888' title 'sum of the subflows', \
     for [i=1:has('window')] keyentry with lines dt 2 lc rgb '#999999' title 'receive window'
