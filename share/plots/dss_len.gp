# series: dss_len
# title: Lengths of mappings
# xlabel: mapping length
# xunit: bytes
# ylabel: mappings
# options: --cdf --bins --destination --mptcpstream --skip --from --to
# meaning: histogram or CDF of the lengths of DSS mappings, per subflow
# yrange: 0:
# drawn: steps
# thin: row

if (has('cdf')) { set ylabel 'fraction of mappings' }
plot for [i=1:count('bar')] data index block('bar',i) using 1:2 with impulses ls line('bar',i) lw 4 title name('bar',i), \
     for [i=1:count('cdf')] data index block('cdf',i) using 1:2 with @drawn ls line('cdf',i) title name('cdf',i)
