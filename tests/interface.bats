#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Live captures: what -i does with dumpcap, how it begins and ends, and what it leaves behind. Most tests have a
# dumpcap of their own, which needs no privileges; the last ones capture real traffic.
# shellcheck disable=SC2154 # set by network_setup
load lib
load network

setup() {
	setup_common
	network_setup
	need_file "$DEMO"
	editcap -F pcapng "$DEMO" demo.pcapng
	export MPTCP_DUMPCAP_BINARY=$PWD/dumpcap
	export TMPDIR=$PWD/temporary
	mkdir temporary
}

teardown() {
	network_teardown
}

# fake SCRIPT: the dumpcap of the test.
fake() {
	printf '#!/bin/bash\necho "$*" >>calls\necho "Capturing on '"'eth7'"'" >&2\necho "File: -" >&2\n%s\n' "$1" >dumpcap
	chmod +x dumpcap
}

# until_true COMMAND...: within five seconds.
until_true() {
	for _ in {1..50}; do
		! "$@" || return 0
		sleep 0.1
	done
	return 1
}

has_lines() {
	[ "$(wc -l <"$2")" -ge "$1" ]
}

# A pcapng block of interface statistics: $1 packets dropped, at most 9.
statistics() {
	printf '\x05\0\0\0\x28\0\0\0'
	head -c 12 /dev/zero
	printf '%b' "\\x05\\0\\x08\\0\\x0$1"
	head -c 11 /dev/zero
	printf '\x28\0\0\0'
}

# What captures leave in the temporary folders.
capture_files() {
	find /tmp /var/tmp -maxdepth 1 '(' -name 'wireshark*' -o -name '*pcap*' ')' | sort
}

@test "-i gives the rows that the same packets have in a file, for any number of processes" {
	fake 'cat demo.pcapng'
	mptcp-export --no-cache demo.pcapng >wanted
	for jobs in 1 3; do
		mptcp-export -i eth7 -j "$jobs" --chunk 50 >rows
		cmp rows wanted
	done
	mptcp-export -i eth7 --mptcp-only | cmp - <(mptcp-export --no-cache --mptcp-only demo.pcapng)
}

@test "dumpcap writes pcapng to its standard output: headers only, everything where a field is added" {
	fake 'cat demo.pcapng'
	run_ok mptcp-export -i eth7
	run_ok mptcp-export -i eth7 --filter 'tcp port 80' --duration 2.5
	run_ok mptcp-export -i eth7 -e frame.len
	cat calls
	[ "$(sed -n 1p calls)" = '-q -i eth7 -s 400 -w -' ]
	[ "$(sed -n 2p calls)" = '-q -i eth7 -f tcp port 80 -s 400 -a duration:2.500 -w -' ]
	[ "$(sed -n 3p calls)" = '-q -i eth7 -w -' ]
}

@test "the beginning and the end are said on standard error, with packets and drops; not with -q" {
	fake 'cat demo.pcapng; cat dropped; echo -e "\rPackets captured: 854" >&2'
	statistics 7 >dropped
	run_ok mptcp-export -i eth7
	[ "$stderr" = 'mptcp-export: eth7: capturing
mptcp-export: eth7: 854 packets captured, 7 dropped' ]
	run_ok mptcp-export -q -i eth7
	[ -z "$stderr" ]
}

@test "packets that a file says were lost are a warning, from the cache too" {
	(cat demo.pcapng; statistics 2; statistics 7) >lost.pcapng # the later ones have all of them
	for _ in 1 2; do
		run_ok mptcp-lc lost.pcapng
		says 'mptcp-lc: lost.pcapng: 7 packets were lost while it was captured'
	done
	run_ok mptcp-lc demo.pcapng
	[ -z "$stderr" ]
}

@test "a dumpcap that refuses: the first line of what it says, and status 4" {
	fake 'cat refusal >&2; exit 2'
	cat >refusal <<-'EOF'
		dumpcap: You do not have permission to capture on device "eth7".
		(socket: Operation not permitted)
		Please check to make sure you have sufficient permissions.

		    sudo dpkg-reconfigure wireshark-common
	EOF
	run_status 4 mptcp-export -i eth7
	[ "$stderr" = "mptcp-export: eth7: $PWD/dumpcap: You do not have permission to capture on device \"eth7\"" ]
	[ -z "$output" ]
	fake 'kill -9 $$'
	run_status 4 mptcp-export -i eth7
	says 'killed by signal 9'
	fake 'exit 0'
	run_status 4 mptcp-export -i eth7
	says 'ended before it began'
	rm dumpcap
	run_status 4 mptcp-export -i eth7
	says 'dumpcap: not found: is it installed, and in PATH?'
}

@test "what makes dumpcap stop is told after its packets" {
	fake 'cat demo.pcapng; echo "dumpcap: The network adapter is no longer attached." >&2'
	run_status 3 mptcp-export -i eth7
	says "mptcp-export: eth7: $PWD/dumpcap: The network adapter is no longer attached"
	[ "${#lines[@]}" = 851 ]
	fake 'cat demo.pcapng; kill -9 $$'
	run_status 4 mptcp-export -i eth7
	says 'killed by signal 9'
	[ "${#lines[@]}" = 851 ]
	fake 'head -c -10 demo.pcapng; exit 0'
	run_status 3 mptcp-export -i eth7
	says 'cut short'
}

@test "rows leave within a second though nothing more comes" {
	fake 'trap "exit 0" TERM; cat demo.pcapng; sleep 30 & wait'
	mptcp-export -i eth7 >rows 2>errors &
	servers=$!
	until_true has_lines 1 rows # tshark has started
	until_true has_lines 851 rows
	kill "$servers"
	wait "$servers"
	servers=
	[ "$(tail -n 1 errors)" = 'mptcp-export: eth7: 854 packets captured, 0 dropped' ]
}

# A pcapng stream: some packets of the demo, then UDP without end.
write_stream() {
	cat >stream.py <<-'EOF'
		import struct, sys, time
		out = sys.stdout.buffer
		out.write(open("few.pcapng", "rb").read())
		udp = bytes(12) + b"\x08\x00" + bytes.fromhex("45000024000100004011000001010101020202021388138800100000") + bytes(8)
		udp += bytes(-len(udp) % 4)
		for number in range(100):
		    length = 32 + len(udp)
		    out.write(struct.pack("<IIIIIII", 6, length, 0, 0, number, len(udp), len(udp)) + udp + struct.pack("<I", length))
		    out.flush()
		    time.sleep(0.1)
	EOF
}

@test "rows leave within a second though packets without TCP come all the time" {
	need_program python3
	editcap -F pcapng -r "$DEMO" few.pcapng 1-20
	write_stream
	fake 'trap "kill %1; exit 0" TERM; python3 stream.py & wait'
	mptcp-export -i eth7 >rows 2>errors &
	servers=$!
	until_true has_lines 19 rows # two of the 20 are no TCP
	kill "$servers"
	wait "$servers"
	servers=
	grep -qE 'eth7: [0-9]+ packets captured, 0 dropped' errors
	[ "$(grep -oE '[0-9]+ packets' errors | cut -d ' ' -f 1)" -lt 100 ]
}

@test "SIGINT and SIGTERM end the capture, and what was captured comes whole; a second one ends the tool" {
	fake 'trap "cat demo.pcapng; exit 0" TERM; editcap -F pcapng -r demo.pcapng - 1-10; sleep 30 & wait'
	editcap -F pcapng -r demo.pcapng ten.pcapng 1-10
	mptcp-export --no-cache <(cat ten.pcapng demo.pcapng) >wanted
	for signal in INT TERM; do
		run --separate-stderr timeout --preserve-status -s "$signal" 2 mptcp-export -i eth7
		[ "$status" = 0 ] || fail_run "$signal"
		diff <(printf '%s\n' "$output") wanted
		[[ $stderr == *'eth7: 864 packets captured, 0 dropped' ]]
	done
	fake 'trap "" TERM; cat demo.pcapng; sleep 30'
	mptcp-export -i eth7 >rows 2>errors &
	servers=$!
	until_true has_lines 851 rows
	kill "$servers"
	sleep 0.5
	kill -0 "$servers"
	kill "$servers"
	run wait "$servers"
	servers=
}

@test "the tables too: a table at the end of the capture, or one after the other with --follow" {
	fake 'trap "exit 0" TERM; cat demo.pcapng; sleep 30 & wait'
	for tool in mptcp-lc mptcp-ls mptcp-lt mptcp-stat mptcp-lr; do
		run --separate-stderr timeout --preserve-status -s INT 3 "$tool" -i eth7
		[ "$status" = 0 ] || fail_run "$tool"
		diff <(printf '%s\n' "$output") <("$tool" demo.pcapng)
		[[ $stderr == *'eth7: 854 packets captured, 0 dropped' ]]
	done
	timeout -s INT 3 mptcp-lc -i eth7 --follow >tables || true
	[ "$(grep -c '^mptcpstream' tables)" -ge 2 ]
}

@test "-i and a capture exclude each other; --filter and --duration require -i" {
	for tool in $(tools_with interface); do
		run_status 2 "$tool" -i eth7 "$DEMO"
		says '-i and a capture exclude each other'
		run_status 2 "$tool" --filter tcp "$DEMO"
		says '--filter and --duration require -i'
		run_status 2 "$tool" -i eth7 --duration 0
		says "option --duration: '0' is not a number of seconds"
	done
	[ "$(tools_with interface | wc -l)" -ge 7 ]
}

@test "mptcp-le -i shows an event as soon as it is settled, in a line on a terminal" {
	# of now: in a live capture time passes
	editcap -t $(($(date +%s) - 1795397469)) demo.pcapng now.pcapng
	fake 'trap "exit 0" TERM; cat now.pcapng; sleep 30 & wait'
	mptcp-le -i eth7 -f short >events 2>errors &
	servers=$!
	until_true grep -q CONNECTION_CLOSED events
	kill "$servers"
	wait "$servers"
	servers=
	# when the SYN was seen, no token was known
	diff <(grep -v 'CAPABLE_SYN ' events | sort) <(mptcp-le -f short demo.pcapng | grep -v 'CAPABLE_SYN ' | sort)
	need_program script
	run timeout -s INT 6 script -qec 'mptcp-le -q -i eth7' /dev/null
	[[ $output == *'+0.203225  #0 858c7b22    MP_JOIN_SYN'* ]]
}

@test "in a live capture time passes without packets: an answer that never comes is settled" {
	editcap -F pcapng "$(capture story/lone_syn.pcap)" syn.pcapng
	fake 'trap "exit 0" TERM; cat syn.pcapng; sleep 30 & wait'
	mptcp-le -i eth7 -f short >events 2>errors &
	servers=$!
	until_true grep -q '! CONNECT_FAILED  no_reply' events
	kill "$servers"
	wait "$servers"
	servers=
}

@test "from a pipe too, an event is shown as soon as it is settled" {
	mptcp-export demo.pcapng >all.csv
	{ sed '/^20,/q' all.csv; sleep 5; } | mptcp-le -f short >events &
	servers=$!
	for _ in {1..15}; do
		[ ! -s events ] || break
		sleep 0.1
	done
	grep -q MP_CAPABLE_SYN events
}

# Real traffic: a capture in the client's namespace, until it runs.
capture_live() {
	unset MPTCP_DUMPCAP_BINARY
	ip netns exec "$client" "$@" 2>errors &
	captured=$!
	servers="$servers $captured"
	until_true grep -q ': capturing' errors
}

# Nothing runs in the client's namespace any more, and no file was left.
left_nothing() {
	until_true eval '[ -z "$(ip netns pids "$client")" ]'
	[ -z "$(ls temporary)" ]
	cmp before <(capture_files)
}

@test "whatever ends it, no file and no process is left" {
	make_network
	capture_files >before
	serve_all
	for signal in TERM INT HUP QUIT PIPE KILL; do
		capture_live bash -c 'ulimit -c 0; trap - INT QUIT; exec env --default-signal mptcp-export -i veth0 >rows'
		send 3
		until_true has_lines 10 rows
		kill -s "$signal" "$captured"
		wait "$captured" || true
		left_nothing
	done
	capture_live mptcp-export -i veth0 -o /dev/full
	send 3
	run wait "$captured"
	[ "$status" = 5 ]
	left_nothing
	capture_live sh -c 'mptcp-export -i veth0 | head -n 2 >rows'
	send 3
	wait "$captured"
	[ "$(wc -l <rows)" = 2 ]
	left_nothing
}

@test "the names of interfaces are in the rows, and every packet is in them" {
	make_network
	serve_all
	capture_live mptcp-export -i any --filter 'tcp port 5001' --duration 4 -o rows
	send 3
	wait "$captured"
	run_ok mptcp-export --columns interface,direction rows
	[ "$(sort -u <<<"$output" | tr '\n' ' ')" = 'any,in any,out interface,direction ' ]
	[ "$(mptcp-lc -f json rows | jq -c '[.bytes_to_server, .status, .subflows]')" = '[30000,"closed",2]' ]
}

@test "a filter that is none, an interface that is not there, no privileges: dumpcap's first line" {
	make_network
	unset MPTCP_DUMPCAP_BINARY
	run_status 4 ip netns exec "$client" mptcp-export -i veth0 --filter 'foo bar'
	[ "$stderr" = "mptcp-export: veth0: dumpcap: Invalid capture filter \"foo bar\" for interface 'veth0'" ]
	run_status 4 ip netns exec "$client" mptcp-export -i nothing
	[ "$stderr" = 'mptcp-export: nothing: dumpcap: There is no device named "nothing"' ]
	need_program setpriv
	cp "$(command -v dumpcap)" dumpcap # without the capabilities that an installed one may have
	printf '#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups dumpcap "$@"\n' >unprivileged
	chmod +x unprivileged
	MPTCP_DUMPCAP_BINARY=$PWD/unprivileged run_status 4 ip netns exec "$client" mptcp-export -i veth0
	[[ $stderr == *'You do not have permission to capture on device "veth0"' ]]
	[ "$(wc -l <<<"$stderr")" = 1 ]
}

@test "mptcp-le -i with real traffic: a refused join within two seconds" {
	make_network
	ip -n "$server" mptcp limits set subflow 0 add_addr_accepted 0
	serve_all
	capture_live sh -c 'mptcp-le -i veth0 -f short >events'
	send 1
	for _ in {1..20}; do
		! grep -qE '^\+[0-9.]+  #0 [0-9a-f]{8}  ! JOIN_FAILED  reset_' events || return 0
		sleep 0.1
	done
	cat events
	false
}
