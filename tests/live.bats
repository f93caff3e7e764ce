#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Live: --follow and --interval on pipes and on a terminal, and real MPTCP traffic between two network namespaces of our
# own. Nothing outside them is touched; where the machine does not allow them, the tests say so.
# shellcheck disable=SC2317 # functions that only one test calls are called
load lib
load network

setup() {
	setup_common
	need_file "$DEMO"
	mptcp-export -o all.csv "$DEMO"
	network_setup
	screen=
}

teardown() {
	[ -z "$screen" ] || tmux -S "$screen" kill-server 2>/dev/null || true
	network_teardown
}

# The packets of the demo in two parts, with time between them.
in_two_parts() {
	head -n 301 all.csv
	sleep "$1"
	tail -n +302 all.csv
}

followers() {
	tools_with follow interval
}

# The packets that a table of mptcp-lc on standard input counts, one table per line.
packets_of_tables() {
	awk -F, '/^mptcpstream/ { for (i = 1; i <= NF; i++) if ($i == "packets") column = i; next } NF > 1 { print $column }'
}

@test "lc, ls and stat can follow" {
	for tool in mptcp-lc mptcp-ls mptcp-stat; do
		[ -x "$BIN/$tool" ] || continue
		followers | grep -qx "$tool" || { echo "$tool"; return 1; }
	done
}

@test "without a terminal there is a table every interval, an empty line between two" {
	in_two_parts 2.5 | mptcp-lc --interval 0.5 >tables
	packets_of_tables <tables | sort -nu >counts
	[ "$(head -n 1 counts)" = 300 ]
	[ "$(tail -n 1 counts)" = 850 ]
	[ "$(grep -c '^mptcpstream' tables)" -ge 2 ]
	[ "$(grep -c '^$' tables)" = "$(($(grep -c '^mptcpstream' tables) - 1))" ]
}

@test "a table comes while the packets still do" {
	mkfifo pipe
	mptcp-lc --follow <pipe >tables &
	servers=$!
	exec 4>pipe
	head -n 301 all.csv >&4
	for _ in {1..80}; do
		[ ! -s tables ] || break
		sleep 0.1
	done
	[ "$(packets_of_tables <tables | head -n 1)" = 300 ]
	exec 4>&-
	wait "$servers"
	servers=
}

@test "the last table is the one that there is without --follow" {
	for tool in $(followers); do
		"$tool" all.csv >once
		in_two_parts 1.5 | "$tool" --follow | awk 'BEGIN { RS = ""; ORS = "\n" } { last = $0 } END { print last }' |
			diff -u --label "$tool" once --label "$tool --follow" -
		"$tool" --follow all.csv | cmp - once
	done
}

@test "--follow has the statuses of the tool: nothing found, bad data, a full device" {
	for tool in $(followers); do
		run_status 1 "$tool" --follow -m 99 all.csv
		run_status 5 bash -c '"$1" --follow all.csv >/dev/full' - "$tool"
		(cat all.csv; echo 1,2,3) >bad.csv
		run_status 3 "$tool" --follow bad.csv
		[ -n "$output" ]
	done
}

@test "an interval that is none is refused" {
	for tool in $(followers); do
		for value in 0 0.01 -1 1s '' nan inf 86401; do
			run_status 2 "$tool" --interval "$value" all.csv
			says "option --interval: '$value' is not a number of seconds"
		done
	done
}

@test "connections that ended long ago are forgotten, with --follow only" {
	# the same connection again and again, each an hour of capture time later
	head -n 1 all.csv >long.csv
	for i in 0 1 2; do
		tail -n +2 all.csv | awk -F, -v OFS=, -v i="$i" -v head="$(head -n 1 all.csv)" '
			BEGIN { count = split(head, names, ","); for (n = 1; n <= count; n++) at[names[n]] = n }
			{
				$(at["mptcpstream"]) = i
				$(at["tcpstream"]) += 2 * i
				split($(at["abstime"]), time, ".")
				$(at["abstime"]) = time[1] + 4000 * i "." time[2]
				print
			}' >>long.csv
	done
	for tool in $(followers); do
		all=$("$tool" --no-header long.csv | wc -l)
		(cat long.csv; sleep 1.2; tail -n 1 long.csv; sleep 1.2; tail -n 1 long.csv) |
			"$tool" --follow --no-header >tables
		# the first table has all three, the last one only the one that has just ended
		awk 'BEGIN { RS = "" } { print split($0, lines, "\n") }' tables >rows
		[ "$(head -n 1 rows)" = "$all" ]
		[ "$(tail -n 1 rows)" = "$((all / 3))" ]
	done
}

@test "a connection that was refused is forgotten too" {
	mptcp-export "$(capture story/refused.pcap)" >long.csv
	tail -n +2 all.csv | awk -F, -v OFS=, -v head="$(head -n 1 all.csv)" '
		BEGIN { count = split(head, names, ","); for (n = 1; n <= count; n++) at[names[n]] = n }
		{
			$(at["mptcpstream"])++
			$(at["tcpstream"])++
			split($(at["abstime"]), time, ".")
			$(at["abstime"]) = time[1] + 100000000 "." time[2] # after it
			print
		}' >>long.csv
	for tool in $(followers); do
		all=$("$tool" --no-header long.csv | cut -d, -f 1 | sort -u | tr '\n' ' ')
		(cat long.csv; sleep 1.2; tail -n 1 long.csv; sleep 1.2; tail -n 1 long.csv) |
			"$tool" --follow --no-header >tables
		[[ $(awk 'BEGIN { RS = ""; ORS = "\n" } { last = $0 } END { print last }' tables |
			cut -d, -f 1 | sort -u | tr '\n' ' ') == '1 ' ]]
		[ "$tool" = mptcp-stat ] || [ "$all" = '0 1 ' ]
	done
}

@test "on a terminal the table is drawn in place" {
	need_program tmux
	screen=$BATS_TEST_TMPDIR/tmux
	tmux -f /dev/null -S "$screen" new-session -d -s live -x 220 -y 12 \
		"env TERM=screen PS1='sh$ ' PATH='$PATH' bash --norc --noprofile"
	tmux -S "$screen" send-keys -t live \
		"(head -n 301 all.csv; sleep 3; tail -n +302 all.csv; sleep 2.5; tail -n 1 all.csv; sleep 30) | mptcp-lc --follow" Enter
	for count in 300 850; do
		for _ in {1..100}; do
			tmux -S "$screen" capture-pane -p -t live >look
			! grep -qE "^ +0 .* $count " look || break
			sleep 0.1
		done
		grep -qE "^ +0 .* $count " look || { cat look; return 1; }
		[ "$(grep -c mptcpstream look)" = 1 ] # once, in the first line
		head -n 1 look | grep -q '^mptcpstream'
		[ "$(grep -c . look)" = 2 ]
	done
	tmux -S "$screen" send-keys -t live C-c
	for _ in {1..50}; do
		tmux -S "$screen" capture-pane -p -t live | grep -q '^sh\$ *$' && return
		sleep 0.1
	done
	tmux -S "$screen" capture-pane -p -t live
	return 1
}

@test "mptcp-export -i | mptcp-lc --follow with real traffic: the table grows, and counts every byte" {
	make_network
	# bounded in time: --duration ends the capture
	# shellcheck disable=SC2154 # of make_network
	ip netns exec "$client" timeout 60 sh -c '
		mptcp-export -i veth0 --duration 12 2>export.errors | tee packets.csv | mptcp-lc --follow --interval 1 >tables' &
	captured=$!
	servers=$captured
	for _ in {1..100}; do # until dumpcap is running
		ip netns pids "$client" | xargs -r ps -o comm= -p | grep -q dumpcap && break
		sleep 0.1
	done
	sleep 1.5
	serve
	send
	wait "$captured"
	cat export.errors
	[ "$(cat received)" = 300000 ]
	cut -d , -f 1 <(mptcp-lc --no-header packets.csv) | grep -qx 0
	run_ok mptcp-lc -f json packets.csv
	[ "$(jq .bytes_to_server <<<"$output")" = 300000 ]
	[ "$(jq -r .server <<<"$output")" = 10.99.0.1 ]
	[ "$(jq .subflows <<<"$output")" = 2 ]
	[ "$(jq -r .status <<<"$output")" = closed ]
	# intermediate tables, with more and more packets, and the last one has all
	packets_of_tables <tables >counts
	[ "$(sort -nu counts | wc -l)" -ge 3 ]
	sort -nc counts
	[ "$(tail -n 1 counts)" = "$(jq .packets <<<"$output")" ]
}
