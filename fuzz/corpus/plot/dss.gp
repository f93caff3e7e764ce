# series: dss
# title: Data sequence numbers
# xlabel: time
# xunit: s
# ylabel: data sequence number
# yunit: bytes
# options: --dack --destination --mptcpstream --tcpstream --skip --from --to
# meaning: mappings as segments from DSN to DSN + length, DATA_ACKs, and events
# drawn: lines

plot for [i=1:count('data')] data index block('data',i) using 1:2:(0):($3-$2) with vectors nohead ls line('data',i) lw 3 notitle, \
     for [i=1:count('retransmission')] data index block('retransmission',i) using 1:2:(0):($3-$2) with vectors nohead ls line('retransmission',i) lw 3 notitle, \
     for [i=1:count('reinjection')] data index block('reinjection',i) using 1:2:(0):($3-$2) with vectors nohead ls line('reinjection',i) lw 3 notitle, \
     for [i=1:count('retransmission')] data index block('retransmission',i) using 1:2 with points pt 4 ps 0.8 lw 1.5 lc rgb '#555555' notitle, \
     for [i=1:count('reinjection')] data index block('reinjection',i) using 1:2 with points ls line('reinjection',i) pt 2 ps 0.9 lw 1.5 notitle, \
     for [i=1:count('ack')] data index block('ack',i) using 1:2 with steps ls line('ack',i) lw 1 dt 3 notitle, \
     for [i=1:count('event')] data index block('event',i) using 1:(ymin):(0):(ymax-ymin) with vectors nohead lc rgb '#888888' lw 0.7 dt 2 notitle, \
     for [i=1:count('event')] data index block('event',i) using 1:(ymax):(text($4)) with labels right rotate by 90 offset -0.5,0 textcolor rgb '#444444' noenhanced notitle, \
     for [i=1:lines] keyentry with @drawn ls i lw 3 title names[i], \
     for [i=1:has('retransmission')] keyentry with points pt 4 ps 0.8 lw 1.5 lc rgb '#555555' title 'retransmission', \
     for [i=1:has('reinjection')] keyentry with points pt 2 ps 0.9 lw 1.5 lc rgb '#555555' title 'reinjection', \
     for [i=1:has('ack')] keyentry with lines dt 3 lc rgb '#555555' title 'DATA_ACK'
