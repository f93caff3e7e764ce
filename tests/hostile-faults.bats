#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Faults of other programs and of the system: named, and never waited for without end.

load lib

# program NAME LINES...: a program of that name in the folder bin.
program() {
	mkdir -p bin
	printf '%s\n' '#!/bin/sh' "${@:2}" >"bin/$1"
	chmod +x "bin/$1"
}

@test "a file that may not grow: an error, no signal; the cache alone: the rows are whole" {
	mptcp-export --no-cache "$DEMO" >wanted
	run_status 5 bash -c 'ulimit -f 8; mptcp-export --no-cache -o rows "$DEMO"'
	says "rows: File too large"
	cp "$DEMO" x.pcap
	run_ok bash -c 'ulimit -f 8; mptcp-export x.pcap | cat'
	[ "$output" = "$(cat wanted)" ]
	[ -z "$stderr" ]
}

@test "a tshark that writes without end" {
	program tshark 'case "$*" in *mptcp,rows*) exit 1;; esac' \
		'cat >/dev/null & while :; do printf "1.0\037eth\n"; done'
	run_status 4 timeout 60 mptcp-export --no-cache --tshark bin/tshark "$DEMO"
	says "wrote more lines than it received packets"
	# in place of the plugin's rows
	program tshark 'cat >/dev/null & while :; do printf "1.0\037eth\n"; done'
	run_status 4 timeout 60 mptcp-export --no-cache --tshark bin/tshark "$DEMO"
	says "unexpected output of packet 1"
}

@test "more interfaces before the first packet than tshark takes from a pipe" {
	python3 "$ROOT/tests/hostile.py" make interfaces_first 20000 x.pcapng
	run_ok mptcp-export --columns packetid,tcpseq_raw --no-header x.pcapng
	[ "${#lines[@]}" -eq 20000 ]
	[ "${lines[0]}" = 1,1001 ]
	[ "${lines[19999]}" = 20000,21000 ]
	[ -z "$stderr" ]
}

@test "a gnuplot that draws nothing" {
	program gnuplot 'cat >/dev/null'
	run_status 4 mptcp-plot dss --gnuplot bin/gnuplot -o x.svg 0 "$DEMO"
	says "bin/gnuplot: drew nothing"
	[ ! -e x.svg ]
}
