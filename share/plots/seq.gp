# series: seq
# title: TCP sequence numbers
# xlabel: time
# xunit: s
# ylabel: sequence number
# yunit: bytes
# options: --destination --mptcpstream --tcpstream --skip --from --to
# meaning: segments, acknowledgements and window edge of each subflow, retransmissions marked
# drawn: lines

plot for [i=1:count('window')] data index block('window',i) using 1:2 with steps ls line('window',i) lw 0.7 dt 2 notitle, \
     for [i=1:count('ack')] data index block('ack',i) using 1:2 with steps ls line('ack',i) lw 1 dt 3 notitle, \
     for [i=1:count('data')] data index block('data',i) using 1:2:(0):($3-$2) with vectors nohead ls line('data',i) lw 3 notitle, \
     for [i=1:count('retransmission')] data index block('retransmission',i) using 1:2 with points pt 4 ps 0.8 lw 1.5 lc rgb '#555555' notitle, \
     for [i=1:count('reinjection')] data index block('reinjection',i) using 1:2 with points ls line('reinjection',i) pt 2 ps 0.9 lw 1.5 notitle, \
     for [i=1:lines] keyentry with @drawn ls i lw 3 title names[i], \
     for [i=1:has('retransmission')] keyentry with points pt 4 ps 0.8 lw 1.5 lc rgb '#555555' title 'retransmission', \
     for [i=1:has('reinjection')] keyentry with points pt 2 ps 0.9 lw 1.5 lc rgb '#555555' title 'reinjection', \
     for [i=1:has('ack')] keyentry with lines dt 3 lc rgb '#555555' title 'acknowledged', \
     for [i=1:has('window')] keyentry with lines dt 2 lw 0.7 lc rgb '#555555' title 'window edge'
