# series: ooo
# title: Data that waits above a hole
# xlabel: time
# xunit: s
# ylabel: data above a hole
# yunit: bytes
# options: --destination --mptcpstream --tcpstream --skip --from --to
# meaning: bytes that wait for a hole in the DSNs, and for how long
# yrange: 0:*
# drawn: steps
# thin: column

if (has('blocked')) { set border 11; set y2tics nomirror; set y2range [0:*]; set y2label 'head of line blocked (s)' noenhanced }
plot for [i=1:count('data')] data index block('data',i) using 1:2 with @drawn ls line('data',i) title name('data',i), \
     for [i=1:count('blocked')] data index block('blocked',i) using 1:($2*yscale) axes x1y2 with points ls line('blocked',i) pt 2 ps 0.9 lw 1.5 title name('blocked',i)
