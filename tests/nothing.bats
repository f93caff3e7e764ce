#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Exit status 1 is never silent: a line on standard error says what there was instead.

load lib

setup() {
	setup_common
	plain=$(capture fallback_plain_tcp.client.pcap)
	three=$(capture port_reuse_rst_2sf.client.pcap)
	ln -s "$plain" plain.pcap
	ln -s "$three" three.pcap
	ln -s "$DEMO" demo.pcap
}

# empty TEXT TOOL ARGUMENT...: status 1, and one line, of the tool: TEXT.
empty() {
	local text=$1
	shift
	run_status 1 "$@"
	[ "$stderr" = "$1: $text" ] || fail_run "$*: expected: $1: $text"
}

# Those that read a capture, with the words before it.
readers=("mptcp-lc" "mptcp-ls" "mptcp-le" "mptcp-lr" "mptcp-stat" "mptcp-series tput" "mptcp-plot tput -o p.svg")

@test "no MPTCP: how much TCP there is, and who lists it" {
	for tool in "${readers[@]}"; do
		case $tool in
		mptcp-l*) shows= ;;
		*) shows="; --tcp shows it" ;;
		esac
		# shellcheck disable=SC2086 # several words
		empty "plain.pcap: no MPTCP connection; 1 TCP connection, no SYN asks for MPTCP (mptcp-lt lists it)$shows" \
			$tool plain.pcap
	done
	empty "plain.pcap: no MPTCP connection; 1 TCP connection, no SYN asks for MPTCP (without -m it is shown)" \
		mptcp-lt -m 0 plain.pcap
	[ ! -e p.svg ]
	run_status 1 mptcp-export --mptcp-only plain.pcap
	says "mptcp-export: plain.pcap: no MPTCP packets (mptcp-lt lists the TCP connections)"
}

@test "a number that is missing: which there are" {
	for tool in "${readers[@]}" mptcp-lt; do
		# shellcheck disable=SC2086 # several words
		empty "three.pcap: no connection 9; there are 0 to 2" $tool -m 9 three.pcap
		# shellcheck disable=SC2086
		empty "three.pcap: no TCP connection 99; there are 0 to 5" $tool -t 99 three.pcap
	done
	empty "three.pcap: no connection 9; there are 0 to 2" mptcp-ls 9 three.pcap
	empty "three.pcap: TCP connection 2 belongs to connection 1, not 0 (-m 1)" mptcp-ls 0 -t 2 three.pcap
	empty "plain.pcap: no TCP connection 3; there is only 0" mptcp-lt -t 3 plain.pcap
}

@test "two captures: the numbers are those of the first" {
	empty "demo.pcap: no connection 7; there is only 0" mptcp-map demo.pcap three.pcap -m 7
	empty "demo.pcap: no connection 7; there is only 0" mptcp-stat 7 --peer three.pcap demo.pcap
	empty "demo.pcap: no connection 7; there is only 0" mptcp-lr 7 --peer three.pcap demo.pcap
	run_status 1 mptcp-merge demo.pcap demo.pcap 7
	says "mptcp-merge: demo.pcap: no connection 7; there is only 0"
}

@test "--skip leaves out all there is" {
	for tool in mptcp-ls "mptcp-series tput" "mptcp-plot tput"; do
		# shellcheck disable=SC2086 # several words
		run_status 1 $tool -m 1 --skip 2 --skip 3 three.pcap
		says "; --skip leaves out all 2 TCP connections"
	done
	empty "plain.pcap: no TCP connection; --skip leaves out the only TCP connection" mptcp-lt --skip 0 plain.pcap
}

@test "a period with nothing in it: when there is something" {
	empty "three.pcap: no subflow from 1000 s to 1001.5 s; the packets are from 0 s to 0.752807 s" \
		mptcp-ls --from 1000 --to 1001.5 three.pcap
	empty "three.pcap: nothing to draw from 1000 s on; the packets are from 0 s to 0.752807 s" \
		mptcp-plot tput --from 1000 three.pcap
	empty "three.pcap: no event from 1000 s on; at other times there are $(mptcp-le --no-header three.pcap | wc -l)" \
		mptcp-le --from 1000 three.pcap
	empty "demo.pcap: no reinjection from 1000 s on; at other times there are $(mptcp-lr --no-header demo.pcap | wc -l)" \
		mptcp-lr --from 1000 demo.pcap
}

@test "a direction with nothing in it: what goes the other way" {
	empty "demo.pcap: no reinjection to the server; $(mptcp-lr --no-header demo.pcap | wc -l) go to the client (-d client)" \
		mptcp-lr -d server demo.pcap
	# what acknowledges only
	mptcp-export demo.pcap |
		awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
			$at["mptcpdest"] == "client" || !$at["tcplen"]' >to_client.csv
	packets=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["tcplen"] > 0 { n++ } END { print n }' to_client.csv)
	for tool in mptcp-series mptcp-plot; do
		empty "to_client.csv: nothing to draw to the server; $packets data packets go to the client (-d client)" \
			"$tool" tput -d server to_client.csv
	done
}

@test "no part of the selection is to blame: what was read" {
	packets=$(mptcp-export --mptcp-only three.pcap | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ n++; data += $at["tcplen"] > 0 } END { print n " packets in 3 MPTCP connections, " data " with data" }')
	empty "three.pcap: no reinjection; $packets" mptcp-lr three.pcap
}

@test "no packets, and a series without a point" {
	mptcp-export demo.pcap | head -n 1 >empty.csv
	for tool in "${readers[@]}" mptcp-lt; do
		# shellcheck disable=SC2086 # several words
		empty "empty.csv: no TCP packets" $tool empty.csv
	done
	empty "standard input: no TCP packets" mptcp-lc <empty.csv
	echo x,y,series,kind >series.csv
	empty "series.csv: nothing to draw; the series has no point" mptcp-plot tput series.csv
	run_status 1 env XDG_CACHE_HOME=/nowhere mptcp-cache list
	says "mptcp-cache: /nowhere/mptcp: no entry; the export of a capture makes one"
}

@test "--follow says the same" {
	for tool in mptcp-lc mptcp-ls mptcp-stat; do
		empty "three.pcap: no connection 9; there are 0 to 2" "$tool" --follow -m 9 three.pcap
	done
}

@test "-q silences it, --allow-empty makes the status 0; the header is there all the same" {
	for tool in "${readers[@]}"; do
		# shellcheck disable=SC2086 # several words
		run_status 1 $tool -q plain.pcap
		[ -z "$stderr" ] || fail_run "$tool"
		header=$output
		# shellcheck disable=SC2086
		run_ok $tool --allow-empty plain.pcap
		says "no MPTCP connection"
		[ "$output" = "$header" ] || fail_run "$tool"
		# shellcheck disable=SC2086
		run_ok $tool --allow-empty -m 0 -q plain.pcap
		[ -z "$stderr" ] || fail_run "$tool"
	done
	run_ok mptcp-lc --follow --allow-empty plain.pcap
	run_ok mptcp-export --allow-empty --mptcp-only plain.pcap
	run_ok env XDG_CACHE_HOME=/nowhere mptcp-cache --allow-empty list
}

@test "every tool that can end with status 1 takes --allow-empty, the others do not" {
	with=$(for tool in $(tools); do
		"$tool" --list-options | cut -f 2 | grep -qx allow-empty && echo "${tool#mptcp-}"
	done | paste -sd ' ')
	[ "$with" = "anon cache compare export extract lb lc le lr ls lt map merge mib plot series stat summary" ]
}

@test "a batch goes on after status 1, says where that was, and stops at 2 and more" {
	printf 'ls 99 three.pcap\nlc three.pcap\n' >some.batch
	run_status 1 mptcp -b some.batch
	[ "$output" = "$(mptcp-ls -q 99 three.pcap; mptcp-lc three.pcap)" ]
	says "mptcp-ls: three.pcap: no connection 99; there are 0 to 2"
	says "mptcp: some.batch:1: 'ls 99 three.pcap' ended with status 1"
	run_status 1 mptcp -q -b some.batch
	[ -z "$stderr" ]
	printf 'ls 99 three.pcap\nlc absent.pcap\nlc three.pcap\n' >some.batch
	run_status 5 mptcp -b some.batch
	[[ $output != *client_token* ]]
	printf 'ls --allow-empty 99 three.pcap\n' >some.batch
	run_ok mptcp -b some.batch
	run_ok mptcp <<<'load plain.pcap'
	says "mptcp: plain.pcap: no MPTCP connection; 1 TCP connection, no SYN asks for MPTCP (mptcp-lt lists it)"
}
