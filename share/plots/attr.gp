# series: attr
# title: Values of packet columns
# xlabel: time
# xunit: s
# options: --destination --mptcpstream --tcpstream --skip --from --to
# meaning: any numeric column of the packets, one line per subflow and direction
# drawn: linespoints
# thin: column

plot for [i=1:count('value')] data index block('value',i) using 1:2 with @drawn ls line('value',i) title name('value',i)
