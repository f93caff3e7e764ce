#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# examples/selftest: captures as the kernel's own tests make them, through mptcp-check, mptcp-mib and mptcp-compare.
load lib

setup() {
	setup_common
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
	[ -d "$BATS_FILE_TMPDIR/examples" ] || {
		mkdir -p "$BATS_FILE_TMPDIR/examples/campaign"
		cp -r "$ROOT/examples/selftest" "$BATS_FILE_TMPDIR/examples"
		cp "$ROOT/examples/campaign/together" "$BATS_FILE_TMPDIR/examples/campaign"
		rm -rf "$BATS_FILE_TMPDIR/examples/selftest/results"
	}
	cd "$BATS_FILE_TMPDIR/examples/selftest" || return
}

@test "every capture judged: no finding, each exact counter equal, and the slower kernel found" {
	run_ok make -s -j3
	[ "$(wc -l <results/findings.csv)" = 1 ]
	# six of the kernel's counters in each capture
	[ "$(grep -c ',exact,.*,equal,' results/counters.csv)" = 72 ]
	run ! grep ,differs, results/counters.csv
	[ "$(cut -d , -f 1,2,4,21,22 results/verdict.csv)" = "kernel,test,n,p,verdict
after,02,6,0.0021645,worse
before,02,6,," ] || { cat results/verdict.csv; false; }
	run_ok make -q
	run_ok make -s report
	[ -z "$output" ]
	run -2 --separate-stderr make -s gate
	says 'worse than the base: 1 of 1'
	run_ok make -s gate THRESHOLD=50%
}

@test "a counter that differs, and a finding, are reported, and the gate is closed" {
	make -s -j3
	out=$(echo captures/before/1/*.out)
	sed -i -E 's/^(MPTcpExtMPJoinAckRx +)1/\12/' "$out"
	cp "$(capture join_refused.client.pcap)" captures/after/1/mp_join-03-ns1-abcdef.pcap
	echo 'MPTcpExtMPCapableSYNRX          1                  0.0' >captures/after/1/ns1-abcdef.out
	touch captures/before/1/*.pcap
	run_ok make -s report
	grep -q '^captures/before/1/mp_join-02-.*,MPJoinAckRx,1,1,1,exact,2,1,differs,' <<<"$output"
	grep -q '^captures/after/1/mp_join-03-ns1-abcdef.pcap,after,1,03,.*,join-refused,' <<<"$output"
	run -2 --separate-stderr make -s gate THRESHOLD=50%
	grep -q join-refused <<<"$output"
}
