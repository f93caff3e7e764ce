#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Operands in any order that has one meaning, and the nearest name for a misspelt one.
load lib

setup() {
	setup_common
	cp "$DEMO" x.pcap
}

@test "the connection's number may stand after the capture" {
	for tool in stat ls le lr; do
		[ "$("mptcp-$tool" x.pcap 0)" = "$("mptcp-$tool" 0 x.pcap)" ]
		[ "$("mptcp-$tool" -f json x.pcap 0)" = "$("mptcp-$tool" -f json -m 0 x.pcap)" ]
	done
	[ "$(mptcp-series tput x.pcap 0)" = "$(mptcp-series tput 0 x.pcap)" ]
	# of several captures, too
	cp x.pcap y.pcap
	[ "$(mptcp-ls x.pcap 0 y.pcap)" = "$(mptcp-ls 0 x.pcap y.pcap)" ]
	run_status 1 mptcp-stat x.pcap 9
	says 'x.pcap: no connection 9'
}

@test "columns, the number and the capture, in any order" {
	expected=$(mptcp-series attr dsn tcplen 0 x.pcap)
	[ "$(mptcp-series attr x.pcap 0 dsn tcplen)" = "$expected" ]
	[ "$(mptcp-series attr 0 dsn tcplen x.pcap)" = "$expected" ]
	[ "$(mptcp-series attr dsn x.pcap tcplen 0)" = "$expected" ]
	need_program gnuplot
	expected=$(mptcp-plot attr --script dsn 0 x.pcap)
	[ "$(mptcp-plot attr --script x.pcap 0 dsn)" = "$expected" ]
	[ "$(mptcp-plot attr --script 0 x.pcap dsn)" = "$expected" ]
	[ "$(mptcp-plot tput --script x.pcap 0)" = "$(mptcp-plot tput --script 0 x.pcap)" ]
	# a file that has a column's name is a file
	cp x.pcap dsn
	[ "$(mptcp-series attr tcplen 0 dsn)" = "$(mptcp-series attr tcplen 0 x.pcap)" ]
}

@test "a file whose name is digits stays reachable as ./0; a second number names the remedy" {
	cp x.pcap 0
	[ "$(mptcp-ls ./0 0)" = "$(mptcp-ls 0 x.pcap)" ]
	[ "$(mptcp-ls ./0)" = "$(mptcp-ls x.pcap)" ]
	run_status 2 mptcp-ls 0 0
	says "operand '0': connection 0 is chosen already; a file of that name is ./0"
	run_status 2 mptcp-ls 0 x.pcap 1
	says "operand '1': connection 0 is chosen already"
	run_status 2 mptcp-ls -m 1 x.pcap 0
	says "operand '0': conflicts with --mptcpstream 1"
}

@test "a misspelt option, column, plot, series or event: the nearest" {
	run_status 2 mptcp-lc --formt csv x.pcap
	says "mptcp-lc: unknown option '--formt'; did you mean '--format'?"
	run_status 2 mptcp-lc --colums=status x.pcap
	says "unknown option '--colums'; did you mean '--columns'?"
	run_status 2 mptcp-lc --zzzzzzzzzz x.pcap
	says "unknown option '--zzzzzzzzzz'; --help lists them"
	run_status 2 mptcp-lc --fo x.pcap
	says "option '--fo' is ambiguous: --follow, "
	run_status 2 mptcp-lc --columns statsu x.pcap
	says "unknown column 'statsu'; did you mean 'status'?"
	run_status 2 mptcp-plot tpu 0 x.pcap
	says "mptcp-plot: unknown plot 'tpu'; did you mean 'tput'?"
	run_status 2 mptcp-plot zzzzzzzz 0 x.pcap
	says "unknown plot 'zzzzzzzz'; --list lists them"
	run_status 2 mptcp-series tputt 0 x.pcap
	says "mptcp-series: unknown series 'tputt'; did you mean 'tput'?"
	run_status 2 mptcp-le --event FALBACK x.pcap
	says "mptcp-le: unknown event 'FALBACK'; did you mean 'FALLBACK'?"
}

@test "mptcp-plot's faults are signed mptcp-plot, whichever program found them" {
	for operands in 'tput -w x 0 x.pcap' 'attr 0 x.pcap' 'tput 0 absent' 'tput --by dsn 0 x.pcap' 'owd 0 x.pcap' \
		'tput --pass --bogus 0 x.pcap' 'tput 9 x.pcap' 'tput -d nobody 0 x.pcap' 'nothing' 'tput --bogus'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr mptcp-plot -o x.svg $operands
		# shellcheck disable=SC2154 # set by run
		[ "$status" -ne 0 ]
		# shellcheck disable=SC2154 # set by run
		! grep -vE "^(mptcp-plot: |try 'mptcp-plot --help'$)" <<<"$stderr" || fail_run "$operands"
	done
}
