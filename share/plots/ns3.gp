# series: ns3
# title: Trace of ns-3
# xlabel: time
# xunit: s
# ylabel: value
# meaning: attributes of a node and its subflows, as traced by ns-3 (mptcp-plot ns3 FOLDER NODE ATTRIBUTE...)
# drawn: steps
# thin: column

plot for [i=1:count('value')] data index block('value',i) using 1:2 with @drawn ls line('value',i) title name('value',i)
