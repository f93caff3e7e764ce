#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# examples/experiment: captures in, tables and figures out, with make: incremental, in parallel, one capture damaged.
load lib

setup() {
	setup_common
	need_program gnuplot
	cp -r "$ROOT/examples/experiment" .
	cd experiment || return
	rm -rf results
	export MPTCP_PLOTS=$ROOT/share/plots
}

@test "make -j makes every table and figure, and a damaged capture does not stop it" {
	run_ok make -s -j4
	for file in stat.csv subflows.csv goodput.csv status.csv goodput.svg throughput-two-paths.svg \
		throughput-join-refused.svg throughput-plain-server.svg; do
		[ -s "results/$file" ] || fail_run "$file"
	done
	# the tables are those of one call
	diff -u results/stat.csv <(mptcp-stat -q --label '{network}/run-{run:d}.pcap' captures/*/*.pcap)
	diff -u results/subflows.csv <(mptcp-ls -q --label '{network}/run-{run:d}.pcap' captures/*/*.pcap)
	[ "$(cut -d , -f 1,2 results/goodput.csv)" = "network,run
join-refused,1
plain-server,1
plain-server,2
two-paths,1
two-paths,2" ] || { cat results/goodput.csv; false; }
	grep -q '>two-paths 1' results/goodput.svg
	run_ok make -s report
	[[ $output == captures/plain-server/run-2.pcap,3,*"cut short"* ]] || fail_run report
	[ "${#lines[@]}" = 1 ]
}

@test "nothing is done twice, and one new capture costs one capture" {
	make -s -j4
	run_ok make -q
	cp captures/two-paths/run-1.pcap captures/two-paths/run-3.pcap
	run_ok make -j4
	[ "$(grep -c '^mptcp-stat ' <<<"$output")" = 1 ]
	[ "$(grep -c '^mptcp-ls ' <<<"$output")" = 1 ]
	[ "$(grep -c '^mptcp-plot ' <<<"$output")" = 2 ]
	grep -q '^two-paths,3,' results/goodput.csv
	run_ok make -q
}

@test "a tool that fails ends make, and leaves no file that looks complete" {
	run -2 --separate-stderr make -s RESULTS=none LABEL='{network}/wrong-{run:d}.pcap'
	says "does not match from 'wrong-{run:d}.pcap' on"
	[ -z "$(find none -name '*.csv' ! -name '*.status.csv' -o -name '*.svg')" ]
	run -2 --separate-stderr env MPTCP_TSHARK_BINARY=/nowhere/tshark make -s RESULTS=none
	[ -z "$(find none -name '*.csv' ! -name '*.status.csv' -o -name '*.svg')" ]
}
