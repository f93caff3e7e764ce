#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-lb: what limits connections. bottleneck.bats has runs whose limit is known by construction.
load lib

setup() {
	setup_common
	corpus_cache
}

# value COLUMN: of the first row on standard input.
value() {
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR == 2 { print $at[name] }'
}

# main_of CAPTURE [OPTION]...: what limited the data to the client most of the time.
main_of() {
	mptcp-lb --total -f csv -d client "${@:2}" "$1" | value main
}

# sums: the sum of the shares in each row of CSV on standard input that differs from 1.
sums() {
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) { at[$i] = i } next }
		{ s = 0; for (i = at["app_idle"]; i <= at["network"]; i++) s += $i } s < 0.995 || s > 1.005 { print NR, s }'
}

@test "a path that fails: recovery, of the subflow that is silent" {
	run_ok mptcp-lb --interval 0.5 "$DEMO"
	golden lb/demo.csv
	run_ok mptcp-lb --total -d client "$DEMO"
	[ "$(value main <<<"$output")" = recovery ]
}

@test "an application that paces in bursts is not taken for the network" {
	for host in client server; do
		run_ok mptcp-lb --total -d client "$(capture multi2_paced.$host.pcap)"
		[ "$(value main <<<"$output")" = app_paced ]
		awk '{ exit !($1 > 0.8) }' <<<"$(value app_paced <<<"$output")"
	done
}

@test "captures of ../shared: what their names say" {
	need_file "$SHARED/captures/MANIFEST.md"
	for host in client server; do
		[ "$(main_of "$SHARED/captures/slow_reader.$host.pcap")" = mptcp_window ]
		[ "$(main_of "$SHARED/captures/idle_reqresp.$host.pcap")" = app_idle ]
		[ "$(main_of "$SHARED/captures/pathfail_blackhole.$host.pcap")" = recovery ]
		[ "$(main_of "$SHARED/captures/multi2_parallel.$host.pcap" 0)" = mptcp_window ]
	done
	# the subflow that was cut
	run_ok mptcp-lb -d client --from 2 --to 3 "$SHARED/captures/pathfail_heals.server.pcap"
	[ "$(value culprit <<<"$output")" = 1 ]
}

@test "the shares of a row have the sum 1, intervals follow each other, and bytes are those of mptcp-lc" {
	for x in "$DEMO" "$CAPTURES"/{multi2_paced.client,pathfail_heals.client,dsn_wrap_dl.client}.pcap; do
		run_ok mptcp-lb --columns app_idle,app_paced,mptcp_window,subflow_window,send_buffer,recovery,network "$x"
		[ -z "$(sums <<<"$output")" ]
		run_ok mptcp-lb --columns mptcpstream,mptcpdest,start,length "$x"
		awk -F, 'NR > 2 && $1 == s && $2 == d { gap = $3 - e; if (gap > 1e-6 || gap < -1e-6) bad = 1 }
			{ s = $1; d = $2; e = $3 + $4 } END { exit bad }' <<<"$output"
		run_ok mptcp-lb --no-header --total -d client --columns bytes "$x"
		[ "$output" = "$(mptcp-lc --no-header --columns bytes_to_client "$x")" ]
	done
}

@test "one row with --total is the sum of the intervals" {
	mptcp-lb -d client --columns length,recovery,hol_blocked "$DEMO" | awk -F, 'NR > 1 { t += $1; r += $1 * $2; h += $3 } END { printf "%.3f %.2f %.3f\n", t, r / t, h }' >sum
	mptcp-lb -d client --total --columns length,recovery,hol_blocked "$DEMO" | awk -F, 'NR > 1 { printf "%.3f %.2f %.3f\n", $1, $2, $3 }' >total
	diff sum total
}

@test "TCP connections without MPTCP: with --tcp and -t, by their own window" {
	x=$(capture fallback_plain_tcp.client.pcap)
	run_status 1 mptcp-lb "$x"
	says '--tcp'
	run_ok mptcp-lb --tcp "$x"
	[ "$(cut -d, -f 1 <<<"${lines[1]}")" = "" ]
	[ "$(value tcpstream <<<"$output")" = 0 ]
	[ "$(value mptcp_window <<<"$output")" = "" ]
	[ "$(value subflow_window <<<"$output")" != "" ]
	[ "$output" = "$(mptcp-lb -t 0 "$x")" ]
	# and after a fallback
	run_ok mptcp-lb "$(capture fallback_plain_server.client.pcap)"
	[ "$(value mptcp_window <<<"$output")" = "" ]
}

@test "--peer: the rows of each direction are those of the capture at its sender" {
	a=$(capture multi2_paced.client.pcap) b=$(capture multi2_paced.server.pcap)
	run_ok mptcp-lb -d client --peer "$b" "$a"
	[ "$(value vantage <<<"$output")" = sender ]
	diff <(cut -d, -f 5- <<<"$output") <(mptcp-lb -d client "$b" | cut -d, -f 5-)
	run_ok mptcp-lb -d server --peer "$b" "$a"
	diff <(cut -d, -f 5- <<<"$output") <(mptcp-lb -d server "$a" | cut -d, -f 5-)
}

@test "what is not known is empty, and the confidence low: a handshake that was not captured" {
	x=$(capture partial_midstream_then_join.client.pcap)
	run_ok mptcp-lb --total "$x"
	[ "$(value mptcp_window <<<"$output")" = "" ]
	[ "$(value confidence <<<"$output")" = low ]
	run_ok mptcp-lb --total -d client "$(capture multi2_paced.server.pcap)"
	[ "$(value confidence <<<"$output")" = high ]
	[ "$(value vantage <<<"$output")" = sender ]
	run_ok mptcp-lb --total -d client "$(capture multi2_paced.client.pcap)"
	[ "$(value confidence <<<"$output")" = low ]
	[ "$(value vantage <<<"$output")" = receiver ]
}

@test "one direction alone: status 3" {
	need_file "$SHARED/captures/partial_client_in.client.pcap"
	run_status 3 mptcp-lb "$SHARED/captures/partial_client_in.client.pcap"
	says 'only one direction was captured'
}

@test "a clock that goes back: its intervals are left out, with a warning" {
	mptcp-export --columns all "$DEMO" >x.csv 2>/dev/null || mptcp-export "$DEMO" >x.csv
	awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 400 { $at["abstime"] = sprintf("%.9f", $at["abstime"] - 3) } { print }' x.csv >back.csv
	run_ok mptcp-lb -d client back.csv
	says 'the clock of the capture went back'
}

@test "years without data are one row" {
	mptcp-export "$DEMO" | awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		NR > 400 { $at["abstime"] = sprintf("%.9f", $at["abstime"] + 1e9) } { print }' >years.csv
	run bash -c 'ulimit -v 500000; mptcp-lb -d client --columns start,length,main years.csv'
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -lt 100 ]
	[ "$(awk -F, '$2 + 0 > 9e8' <<<"$output" | wc -l)" = 1 ]
	run bash -c 'ulimit -v 500000; mptcp-series limits years.csv | wc -l'
	[ "$output" -lt 2000 ]
}

@test "wrong values of the options" {
	for value in 0 0.0001 x 100000; do
		run_status 2 mptcp-lb --interval "$value" "$DEMO"
		says "option --interval: '$value' is not a number from 0.001 to 86400"
	done
	run_status 2 mptcp-lb --interval 1 --total "$DEMO"
	says 'options --interval and --total exclude each other'
}

@test "packets as CSV, from a file or standard input, give the same rows" {
	mptcp-export "$DEMO" | mptcp-lb | cmp - <(mptcp-lb "$DEMO")
}
