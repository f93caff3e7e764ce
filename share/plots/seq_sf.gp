# series: seq_sf
# title: Data by subflow
# xlabel: TCP stream
# ylabel: data sequence number
# yunit: bytes
# options: --destination --mptcpstream --skip --from --to
# meaning: the data that each subflow carried, and what was reinjected where

set xtics 1
set offsets 0.5, 0.5, graph 0.02, 0
plot for [i=1:count('data')] data index block('data',i) using 1:2:(0):($3-$2) with vectors nohead lw 12 lc rgb '#bbbbbb' notitle, \
     for [i=1:count('cause')] data index block('cause',i) using ($1-0.12):2:(0):($3-$2) with vectors nohead lw 12 lc rgb '#D55E00' notitle, \
     for [i=1:count('reinjection')] data index block('reinjection',i) using ($1+0.12):2:(0):($3-$2) with vectors nohead lw 12 lc rgb '#0072B2' notitle, \
     for [i=1:has('data')] keyentry with lines lw 6 lc rgb '#bbbbbb' title 'carried', \
     for [i=1:has('cause')] keyentry with lines lw 6 lc rgb '#D55E00' title 'reinjected elsewhere later', \
     for [i=1:has('reinjection')] keyentry with lines lw 6 lc rgb '#0072B2' title 'reinjection of data of another subflow'
