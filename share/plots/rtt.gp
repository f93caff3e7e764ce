# series: rtt
# title: Round-trip time
# xlabel: time
# xunit: s
# ylabel: round-trip time
# yunit: s
# options: --by --destination --mptcpstream --tcpstream --skip --from --to
# meaning: time from data to its DATA_ACK, and on each subflow by acks and timestamps
# yrange: 0:*
# drawn: points
# thin: pixel

plot for [i=1:count('data')] data index block('data',i) using 1:2 with @drawn ls line('data',i) title name('data',i), \
     for [i=1:count('ack')] data index block('ack',i) using 1:2 with @drawn ls line('ack',i) title name('ack',i), \
     for [i=1:count('timestamp')] data index block('timestamp',i) using 1:2 with points ls line('timestamp',i) pt 6 ps 0.8 notitle, \
     for [i=1:has('timestamp')] keyentry with points pt 6 ps 0.8 lc rgb '#555555' title 'by timestamps'
