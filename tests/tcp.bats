#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# TCP connections without MPTCP in mptcp-stat, mptcp-series and mptcp-plot (-t, --tcp); what mptcp-stat says of the segments
# of any TCP connection. tcp.py computes the same in another way. The kernel's figures are the TCP_INFO of the sender.
load lib

setup() {
	setup_common
	corpus_cache
	plain=$(capture tcp/loss.client.pcap)
	sender=$(capture tcp/loss.server.pcap)
	mptcp=$(capture multi2_paced.client.pcap)
	ln -s "$(capture tcp/three.server.pcap)" three.pcap
}

@test "mptcp-stat: without --tcp and -t no TCP connection; with either, a row per direction after those of MPTCP" {
	run_status 1 mptcp-stat "$plain"
	says "; --tcp shows it"
	run_ok mptcp-stat --tcp "$plain"
	golden stat/tcp_loss.csv
	[ "$output" = "$(mptcp-stat -t 0 "$plain")" ]
	run_ok mptcp-stat -d client -f table --columns mptcpstream,mptcpdest,tcpstream,acked_bytes --tcp "$plain"
	[[ ${lines[1]} =~ ^' '*-' '+client' '+0' '+120000$ ]]
	[ "${#lines[@]}" = 2 ]
	run_ok mptcp-stat "$mptcp"
	[ "$output" = "$(mptcp-stat --tcp "$mptcp")" ]
}

@test "the sender's kernel: bytes sent, retransmitted and acknowledged, the smallest round trip" {
	run_ok mptcp-stat --no-header -t 0 -d client --columns sent_bytes,retransmitted_bytes,acked_bytes,ack_rtt_min "$sender"
	# TCP_INFO: min_rtt 24.467 ms is that of the handshake, which carries no payload
	[ "$output" = 124332,4332,120000,0.025541000 ]
	# bytes_acked counts the SYN, too
	run_ok mptcp-stat --no-header -t 0 -d server --columns sent_bytes,retransmitted_bytes,acked_bytes "$plain"
	[ "$output" = 31437,1436,30001 ]
	run_ok mptcp-stat --no-header --tcp -d client --columns sent_bytes,retransmitted_bytes,acked_bytes three.pcap
	[ "$output" = $'41448,1448,40000\n41448,1448,40000\n40000,0,40000' ]
	run_ok mptcp-stat --no-header --tcp -d client --columns zero_windows,window_min,retransmitted_bytes \
		"$(capture tcp/slow.server.pcap)"
	[ "$output" = 12,0,1448 ]
}

@test "segments and acknowledgements as an independent program has them, subflows too" {
	python3 "$ROOT/tests/tcp.py" segments "$CAPTURES"/tcp/*.pcap "$CAPTURES"/*.pcap* "$CAPTURES"/story/*.pcap "$DEMO"
}

@test "without losses, round trips and duplicate acknowledgements are those of tshark" {
	python3 "$ROOT/tests/tcp.py" tshark "$(capture fallback_plain_tcp.client.pcap)"
}

@test "--tcp has the connections of mptcp-lt without MPTCP, and their bytes" {
	python3 "$ROOT/tests/tcp.py" lt "$CAPTURES"/tcp/*.pcap "$CAPTURES"/*.pcap*
	need_file "$SHARED/captures"
	python3 "$ROOT/tests/tcp.py" lt "$SHARED"/captures/{mixed,fallback}*.pcap
	run_ok mptcp-stat --tcp "$SHARED/captures/mixed_population.client.pcap"
	[ "$(grep -v '^,' <<<"$output")" = "$(mptcp-stat "$SHARED/captures/mixed_population.client.pcap")" ]
}

@test "shares are of all TCP connections that are selected" {
	run_ok mptcp-stat --no-header --tcp -d client --columns goodput_share three.pcap
	[ "$output" = $'0.333333\n0.333333\n0.333333' ]
	run_ok mptcp-stat --no-header --tcp --skip 1 -d client --columns tcpstream,goodput_share three.pcap
	[ "$output" = $'0,0.500000\n2,0.500000' ]
	run_ok mptcp-series share -w 100 --tcp -d client three.pcap
	awk -F, 'NR > 1 && $1 == 0 { sum += $2; lines++ } END { exit !(lines == 3 && sum > 0.999999 && sum < 1.000001) }' <<<"$output"
	run_ok mptcp-series share -w 100 -t 1 -d client three.pcap
	[ "${lines[1]}" = "0.000000000,1,172.31.7.2:5201 > 172.31.7.1:$(mptcp-lt --no-header -t 1 --columns clientport three.pcap),data,," ]
}

@test "--from and --to: what is acknowledged in the periods sums to the whole" {
	local sum=0 bytes
	for period in "--to 0.1" "--from 0.1 --to 0.15" "--from 0.15"; do
		# shellcheck disable=SC2086 # several words
		bytes=$(mptcp-stat --no-header -t 0 -d client --columns acked_bytes,sent_bytes $period "$sender")
		sum=$((sum + ${bytes%,*}))
		[ "${bytes%,*}" != 0 ]
	done
	[ "$sum" = 120000 ]
}

@test "the two ends: what arrived over plain TCP" {
	run_ok mptcp-stat --no-header --tcp -d client --columns sent_bytes,arrived_bytes,arrived_share --peer "$plain" "$sender"
	[ "$output" = 124332,120000,1.000000 ]
	run_status 1 mptcp-stat --peer "$plain" "$sender"
}

@test "mptcp-series: every series that makes sense has lines of TCP connections, the others say why not" {
	local name
	for name in acksize "attr tcplen" flight gput interarrival ooo rtt seq share tput; do
		# shellcheck disable=SC2086 # several words
		run_ok mptcp-series $name -t 0 "$plain"
		[ "${#lines[@]}" -gt 2 ]
		# shellcheck disable=SC2086
		[ "$output" = "$(mptcp-series $name --tcp "$plain")" ]
		[ "$(cut -d , -f 3 <<<"$output" | grep -c '^172.31.7.[12]:[0-9]* > 172.31.7.[12]:[0-9]*$')" = "$((${#lines[@]} - 1))" ]
	done
	for name in dss dss_len reinject seq_sf xinterarrival; do
		run_status 1 mptcp-series "$name" -t 0 "$plain"
		# shellcheck disable=SC2154 # set by run
		[ "$stderr" = "mptcp-series: $plain: series $name needs MPTCP; TCP connection 0 has none" ]
	done
	run_status 1 mptcp-plot dss --tcp -o x.svg three.pcap
	[ "$stderr" = "mptcp-plot: three.pcap: series dss needs MPTCP; none of the 3 TCP connections has it" ]
	run_status 1 mptcp-series dss --tcp "$plain"
	says "series dss needs MPTCP; the only TCP connection has none"
	run_status 1 mptcp-series tput -t 7 "$plain"
	says "no TCP connection 7; there is only 0"
}

@test "series of plain TCP: the figures of mptcp-stat" {
	# goodput: each byte once; throughput: all
	[ "$(mptcp-series gput -w 100 -t 0 -d client "$sender" | awk -F, 'NR > 1 { bytes += $2 * 100 / 8 } END { print bytes }')" = 120000 ]
	[ "$(mptcp-series tput -w 100 -t 0 -d client "$sender" | awk -F, 'NR > 1 { bytes += $2 * 100 / 8 } END { print bytes }')" = 124332 ]
	[ "$(mptcp-series acksize -t 0 -d client "$sender" | awk -F, 'NR > 1 { bytes += $2 } END { print bytes }')" = 120000 ]
	[ "$(mptcp-series seq -t 0 -d client "$sender" | awk -F, '$4 == "retransmission" { bytes += $5 - $2 } END { print bytes }')" = 4332 ]
	wanted=$(mptcp-stat --no-header -t 0 -d client --columns ack_rtt_min,ack_rtt_max "$sender")
	[ "$(mptcp-series rtt -t 0 -d client --no-header --columns y,kind "$sender" | grep ,ack | sort | sed -n '1p;$p' |
		cut -d , -f 1 | paste -sd ,)" = "$wanted" ]
	wanted=$(mptcp-stat --no-header -t 0 -d client --columns rtt_min,rtt_max "$sender")
	[ "$(mptcp-series rtt -t 0 -d client --no-header --columns y,kind "$sender" | grep ,data | sort | sed -n '1p;$p' |
		cut -d , -f 1 | paste -sd ,)" = "$wanted" ]
	# nothing waits, and nothing is in flight, at the end
	[ "$(mptcp-series ooo -t 0 -d client --no-header --columns y,kind "$plain" | grep ,data | tail -n 1)" = 0,data ]
	[ "$(mptcp-series flight -t 0 -d client --no-header --columns y,kind "$sender" | grep ,data | tail -n 1)" = 0,data ]
	# the largest window of the line is that of mptcp-stat
	[ "$(mptcp-series flight -t 0 -d client --no-header --columns y,kind "$sender" | grep ,window | sort -n | tail -n 1)" = \
		"$(mptcp-stat --no-header -t 0 -d client --columns window_max "$sender"),window" ]
}

@test "MPTCP connections keep their lines beside those of TCP" {
	need_file "$SHARED/captures"
	local x=$SHARED/captures/mixed_population.client.pcap name
	for name in tput "tput --stacked" rtt flight; do
		# shellcheck disable=SC2086 # several words
		mptcp-series $name "$x" >mptcp.csv
		# shellcheck disable=SC2086
		mptcp-series $name --tcp "$x" >both.csv
		cut -d , -f 3 mptcp.csv | sort -u >lines
		awk -F, 'NR == FNR { wanted[$1]; next } $3 in wanted' lines both.csv | cmp - mptcp.csv
		[ "$(wc -l <both.csv)" -gt "$(wc -l <mptcp.csv)" ]
	done
}

@test "--tcp and a connection's number exclude each other" {
	run_status 2 mptcp-stat --tcp -m 0 "$plain"
	says "option --tcp: those connections are not part of connection 0; give one of the two"
	run_status 2 mptcp-series tput --tcp 0 "$plain"
	run_status 2 mptcp-plot tput --tcp 0 "$plain"
}

@test "mptcp-plot draws what mptcp-series --tcp has" {
	local name
	for name in tput gput share rtt flight seq ooo acksize; do
		run_ok mptcp-plot "$name" --tcp -o p.svg "$plain"
		mptcp-series "$name" --tcp "$plain" | mptcp-plot "$name" >q.svg
		cmp p.svg q.svg
	done
}

@test "--follow counts TCP connections, too" {
	run_ok mptcp-stat --tcp three.pcap
	mptcp-export three.pcap | mptcp-stat --tcp --follow --interval 3600 >follow
	[ "$output" = "$(cat follow)" ]
}
