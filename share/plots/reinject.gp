# series: reinject
# title: Delays of reinjections
# xlabel: time from the first copy to its reinjection
# xunit: s
# ylabel: reinjections
# options: --cdf --bins --destination --mptcpstream --skip --from --to
# meaning: CDF of the time from the first copy of data to its reinjection
# yrange: 0:
# drawn: steps
# thin: row

if (has('cdf')) { set ylabel 'fraction of reinjections' }
if (!has('cdf')) { set style fill transparent solid 0.4 noborder; set boxwidth 0.9 relative }
plot for [i=1:count('bar')] data index block('bar',i) using 1:2 with boxes ls line('bar',i) title name('bar',i), \
     for [i=1:count('cdf')] data index block('cdf',i) using 1:2 with @drawn ls line('cdf',i) title name('cdf',i)
