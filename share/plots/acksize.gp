# series: acksize
# title: Data that each DATA_ACK acknowledges
# xlabel: time
# xunit: s
# ylabel: newly acknowledged data
# yunit: bytes
# options: --destination --mptcpstream --tcpstream --skip --from --to
# meaning: bytes that each DATA_ACK newly acknowledges
# yrange: 0:*
# drawn: points

plot for [i=1:count('ack')] data index block('ack',i) using 1:2 with @drawn ls line('ack',i) ps 0.7 title name('ack',i)
