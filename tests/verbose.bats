#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# -vv: what is run, decided, and how long it took.
load lib

setup() {
	setup_common
	cp "$DEMO" x.pcap
}

# A line on standard error matches the expression $1.
tells() {
	# shellcheck disable=SC2154 # set by run
	grep -qE -- "$1" <<<"$stderr" || fail_run "no line on standard error: $1"
}

@test "-vv of every tool: seconds and status; neither -v nor the result has more" {
	for tool in $(tools); do
		case $tool in
		mptcp-anon) operands=(--seed one x.pcap) ;;
		mptcp-cache) operands=(path) ;;
		mptcp-config | mptcp-doctor) operands=() ;;
		mptcp-map | mptcp-merge) operands=(x.pcap x.pcap) ;;
		mptcp-plot | mptcp-series) operands=(tput 0 x.pcap) ;;
		*) operands=(x.pcap) ;;
		esac
		run --separate-stderr "$tool" -v "${operands[@]}"
		# shellcheck disable=SC2154 # set by run
		result=$output expected=$status
		[[ $stderr != *runs:* && $stderr != *', status '* ]] || fail_run "$tool -v"
		run --separate-stderr "$tool" -vv "${operands[@]}"
		[ "$output" = "$result" ] || fail_run "$tool: another result with -vv"
		[ "$status" -eq "$expected" ]
		tells "^$tool: [0-9]+\.[0-9]{3} s, status $status$"
	done
}

@test "-vv: tshark's command, which can be pasted" {
	run_ok mptcp-export -vv --no-cache -j 1 -e frame.len x.pcap # -T fields, not the plugin's rows
	command=$(sed -n 's/^mptcp-export: runs: //p' <<<"$stderr")
	[[ $command == 'tshark -n -r - '* ]]
	[ "$(wc -l <<<"$command")" = 1 ]
	run_ok bash -c "$command" <x.pcap
	[ "${#lines[@]}" = 854 ]
	[[ ${lines[2]} == *$'\x1f172.21.25.237\x1f'* ]]
	# the user's own words in it
	run_status 4 mptcp-lc -vv --no-cache --tshark "./it's" x.pcap
	tells "^mptcp-lc: runs: './it'\\\\''s' -n "
}

@test "-vv: batches, tshark processes, seconds" {
	run_ok mptcp-lc -vv --no-cache -j 2 --chunk 100 x.pcap
	tells '^mptcp-lc: x.pcap: 854 packets in 9 batches of up to 100 to 2 tshark processes \(at most 2 at once\): [0-9.]+ s$'
	[ "$(grep -c ' runs: ' <<<"$stderr")" = 1 ]
}

@test "-vv: from the cache or not, and why" {
	run_ok mptcp-lc -vv x.pcap
	tells "^mptcp-lc: x.pcap: the cache has no entry $XDG_CACHE_HOME/mptcp/entries/[^ ]+, so nothing was exported from: capture $PWD/x.pcap [0-9 ]+[0-9a-f]+; tshark [^/]"
	tells '^mptcp-lc: x.pcap: not in the cache$'
	run_ok mptcp-lc -vv x.pcap
	tells "^mptcp-lc: x.pcap: the cache has the entry $XDG_CACHE_HOME/mptcp/entries/"
	[[ $stderr != *runs:* ]] || fail_run 'nothing is run for what is in the cache'
	touch x.pcap
	run_ok mptcp-lc -vv --keep-duplicates x.pcap
	tells 'the cache has no entry .*; keep-duplicates$'
	run_ok mptcp-lc -vv --regen x.pcap
	tells '^mptcp-lc: x.pcap: the cache is not asked: --regen$'
	run_ok mptcp-lc -vv --no-cache x.pcap
	tells '^mptcp-lc: x.pcap: the cache is not asked: --no-cache'
}

@test "-vv: what the input is taken for, and where the configuration comes from" {
	mptcp-export x.pcap >packets
	run_ok mptcp-lc -vv packets
	tells '^mptcp-lc: packets: packets as CSV$'
	gzip -k x.pcap
	echo 'jobs = 1' >config
	MPTCP_DELIMITER=';' run_ok mptcp-lc -vv -c config x.pcap.gz
	tells '^mptcp-lc: x.pcap.gz: a capture, converted: editcap -F pcapng - -$'
	tells '^mptcp-lc: config:1: jobs = 1$'
	tells '^mptcp-lc: MPTCP_DELIMITER: delimiter = ;$'
	[[ $stderr != *editcap_binary* ]] || fail_run 'defaults are not told'
}

@test "-vv of mptcp-plot: mptcp-series, gnuplot" {
	need_program gnuplot
	run_ok mptcp-plot -vv tput -w 0.5 -o x.svg 0 x.pcap
	tells '^mptcp-plot: runs: .*mptcp-series tput .*--window=0.5 -- 0 x.pcap$'
	tells '^mptcp-plot: mptcp-series: [0-9.]+ s, status 0$'
	tells '^mptcp-plot: runs: gnuplot -d /dev/stdin$'
}

@test "mptcp -dd is -vv, in mptcp and in what it runs" {
	run_ok mptcp -dd lc x.pcap
	tells "^mptcp: runs: $BIN/mptcp-lc .*-v -v x.pcap$"
	tells '^mptcp-lc: [0-9.]+ s, status 0$'
	run_ok mptcp -dddd <<<$'load x.pcap\nlc'
	tells '^mptcp: runs: .*/mptcp-lc '
	tells '^mptcp-lc: [0-9.]+ s, status 0$'
}
