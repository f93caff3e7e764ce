# series: ns3
# title: Trace of ns-3
# xlabel: time
# xunit: s
# ylabel: value
# meaning: attributes that ns-3 traced of a node and its subflows (mptcp-plot ns3 FOLDER NODE ATTRIBUTE...)
# drawn: steps
# thin: column

plot for [i=1:count('value')] data index block('value',i) using 1:2 with @drawn ls line('value',i) title name('value',i)
