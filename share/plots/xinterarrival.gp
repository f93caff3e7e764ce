# series: xinterarrival
# title: Times between packets of different subflows
# xlabel: time between packets
# xunit: s
# ylabel: packets
# options: --dsn --dack --cdf --bins --destination --mptcpstream --skip --from --to
# meaning: the same as interarrival, if the next packet comes over another subflow
# yrange: 0:
# drawn: steps
# thin: row

if (has('cdf')) { set ylabel 'fraction of packets' }
if (!has('cdf')) { set style fill transparent solid 0.4 noborder; set boxwidth 0.9 relative }
plot for [i=1:count('bar')] data index block('bar',i) using 1:2 with boxes ls line('bar',i) title name('bar',i), \
     for [i=1:count('cdf')] data index block('cdf',i) using 1:2 with @drawn ls line('cdf',i) title name('cdf',i)
