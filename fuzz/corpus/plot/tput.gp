# series: tput
# title: Throughput
# xlabel: time
# xunit: s
# ylabel: throughput
# yunit: bit/s
# options: --window --stacked --destination --mptcpstream --tcpstream --skip --from --to
# meaning: bits per second in each window, per subflow and in total, repeated bytes counted
# yrange: 0:*
# drawn: steps
# thin: column

# a layer is a row of boxes, each from one window to the next; where it has no height there is none
left = top = bottom = from = y0 = y1 = 0
plot for [i=1:count('sum')] data index block('sum',i) using 1:2 with @drawn ls line('sum',i) title name('sum',i), \
     for [i=1:count('data')] data index block('data',i) using 1:2 with @drawn ls line('data',i) title name('data',i), \
     for [i=1:count('stack')] data index block('stack',i) using (from=(int($0) && top>bottom ? left : NaN), y0=bottom, y1=top, left=$1, top=$2, bottom=$3, from):(y1):(from):(left):(y0):(y1) with boxxyerror ls line('stack',i) lw 0.5 fs solid 0.6 noborder title name('stack',i)
