# series: owd
# title: One-way delay
# xlabel: time sent
# xunit: s
# ylabel: one-way delay
# yunit: s
# options: --destination --mptcpstream --tcpstream --skip --from --to
# meaning: time from sending to arrival, per subflow and direction; needs captures of both ends
# drawn: linespoints
# thin: column

plot for [i=1:count('data')] data index block('data',i) using 1:2 with @drawn ls line('data',i) title name('data',i), \
     for [i=1:count('value')] data index block('value',i) using 1:2 with @drawn ls line('value',i) title name('value',i)
