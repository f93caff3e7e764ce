#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --peer FILE, the capture of the other end, in every tool that takes it.
load lib

setup() {
	setup_common
	corpus_cache
}

pair() {
	a=$SHARED/captures/$1.client.pcap b=$SHARED/captures/$1.server.pcap
	need_file "$a"
	need_file "$b"
}

@test "mptcp-lr with --peer says what each reinjection was worth" {
	pair pathfail_heals
	run_ok mptcp-lr --no-header -f csv --peer "$b" "$a"
	[ "$(cut -d, -f 13 <<<"$output" | sort | uniq -c | tr -s ' ')" = " 19 gain
 19 redundant" ]
	awk -F, '$13 == "gain" && $14 <= 0 || $13 == "redundant" && $14 > 0 { exit 1 }' <<<"$output"
}

@test "mptcp-stat with --peer: shares by first arrival sum to 1" {
	for name in pathfail_heals loss owd_asymmetric; do
		pair "$name"
		run_ok mptcp-stat --no-header -f csv --peer "$b" "$a"
		awk -F, '$3 != "" && $NF != "" { sum[$2] += $NF; bytes[$2] += $(NF - 2) }
			$3 == "" && bytes[$2] != $(NF - 2) { print; exit 1 }
			END { for (d in sum) if (sum[d] < 0.99999 || sum[d] > 1.00001) exit 1 }' <<<"$output"
	done
}

@test "mptcp-series owd has a line for each subflow and direction" {
	pair owd_asymmetric
	run_ok mptcp-series -q --no-header -f csv owd --peer "$b" "$a"
	[ "$(cut -d, -f 3 <<<"$output" | sort -u | wc -l)" -eq 4 ]
	run_ok mptcp-series -q --no-header -f csv -t 0 -d server owd --peer "$b" "$a"
	[ "$(cut -d, -f 3 <<<"$output" | sort -u | wc -l)" -eq 1 ]
}

@test "mptcp-plot hands --peer to mptcp-series, also where the capture is standard input" {
	pair owd_asymmetric
	run_ok mptcp-plot -q --script owd --peer "$b" 0 "$a"
	all=$output
	[[ $all == *"plot "* ]]
	run_ok sh -c 'mptcp-plot -q --script owd --peer "$2" 0 <"$1"' - "$a" "$b"
	[ "$output" = "$all" ]
}

@test "either of the two can be standard input or a pipe, not both" {
	need_file "$DEMO"
	run_ok mptcp-stat --peer "$DEMO" "$DEMO"
	all=$output
	run_ok sh -c 'mptcp-stat --peer "$1" <"$1"' - "$DEMO"
	[ "$output" = "$all" ]
	run_ok sh -c 'cat "$1" | mptcp-stat --peer - "$1"' - "$DEMO"
	[ "$output" = "$all" ]
	run_ok bash -c 'mptcp-stat --peer <(mptcp-export "$1") "$1"' - "$DEMO"
	[ "$output" = "$all" ]
	run_status 2 mptcp-stat --peer - -
	says "option --peer: standard input is one of the two captures, not both"
}

@test "--peer takes one capture" {
	local words
	for command in mptcp-stat mptcp-lr mptcp-check "mptcp-series owd"; do
		read -ra words <<<"$command"
		run_status 2 "${words[@]}" --peer c.pcap a.pcap b.pcap
		says "option --peer: takes one capture"
	done
}

@test "payload that reaches a subflow after its receiver reset it has not arrived" {
	local cases=$SHARED/cases
	need_file "$cases/killed_subflow.client.pcap"
	# 145384 bytes of the first subflow that was killed are acknowledged, by TCP and by DATA_ACK; 166684 came
	run_ok mptcp-stat --no-header -f csv -d client -t 1 --peer "$cases/killed_subflow.client.pcap" \
		"$cases/killed_subflow.server.pcap"
	[ "$(cut -d, -f 6 <<<"$output")" = 166684 ]
	[ "$(rev <<<"$output" | cut -d, -f 3 | rev)" = 145384 ]
	run_ok mptcp-lr -f csv -d client --peer "$cases/killed_subflow.client.pcap" "$cases/killed_subflow.server.pcap"
	[ "$(grep -c ',original_lost,' <<<"$output")" = 82 ]
	# what acknowledgements show of it is what the receiver's capture shows
	[ -z "$(awk -F, '$12 == "yes" && $13 !~ /gain|original_lost/ || $12 == "no" && $13 !~ /redundant|lost/' \
		<<<"$(tail -n +2 <<<"$output")")" ]
}

@test "owd needs --peer, other series do not take it; mptcp-stat --follow neither" {
	run_status 2 mptcp-series owd a.pcap
	says "owd needs the capture of the other end: --peer FILE"
	run_status 2 mptcp-series rtt --peer b.pcap a.pcap
	says "option --peer: not an option of rtt"
	run_status 2 mptcp-stat --follow --peer b.pcap a.pcap
	says "options --follow and --peer exclude each other"
}

@test "--columns help names the columns of --peer with their condition" {
	run_ok mptcp-stat --columns help
	[ "$(grep -c 'with --peer: ' <<<"$output")" = 3 ]
	run_ok mptcp-lr --columns help
	[ "$(grep 'with --peer: ' <<<"$output" | cut -d' ' -f 1 | paste -sd ' ')" = "worth gain" ]
	run_ok mptcp-lr --peer "$DEMO" "$DEMO"
	[ "${lines[0]##*,}" = gain ]
	run_ok mptcp-lr "$DEMO"
	[ "${lines[0]##*,}" = useful ]
}
