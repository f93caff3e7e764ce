# series: limits
# title: What limited the sender
# xlabel: time
# xunit: s
# ylabel: share of the time
# options: --window --destination --mptcpstream --from --to
# meaning: shares of each window in which the sender was limited by what, as layers
# yrange: -0.02:1.05
# drawn: steps
# thin: column

# a layer is a row of boxes, each from one window to the next; where it has no height there is none
left = top = bottom = from = y0 = y1 = 0
plot for [i=1:count('stack')] data index block('stack',i) using (from=(int($0) && top>bottom ? left : NaN), y0=bottom, y1=top, left=$1, top=$2, bottom=$3, from):(y1):(from):(left):(y0):(y1) with boxxyerror ls line('stack',i) lw 0.5 fs solid 0.6 noborder title name('stack',i)
