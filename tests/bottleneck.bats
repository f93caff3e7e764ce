#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-lb on runs whose limit is known by construction: the short ones of bottleneck.py. Needs ../shared/lab and what
# that needs.
load lib

# right RUN: the share in percent of the sender's intervals that are right.
right() {
	python3 "$BATS_TEST_DIRNAME/bottleneck_score.py" runs "$1" | awk -F'[ /]' 'END { printf "%d\n", $3 ? 100 * $2 / $3 : 0 }'
}

@test "runs of the kernel: a small receive buffer, a paced source, loss on one path" {
	[ "$(id -u)" = 0 ] || skip 'not root: no network namespaces'
	need_file "$SHARED/lab/mc.py"
	for program in ip ss ethtool dumpcap reordercap python3 gcc; do
		need_program "$program"
	done
	[ "$(cat /proc/sys/net/mptcp/enabled 2>/dev/null)" = 1 ] || skip 'this kernel does not speak MPTCP'
	unshare -n true 2>/dev/null || skip 'no network namespaces here'
	timeout 120 python3 "$BATS_TEST_DIRNAME/bottleneck.py" run "$SHARED/lab" "$PWD/work" "$PWD/runs" quick >log 2>&1 || { cat log; return 1; }
	[ "$(right window)" -ge 80 ]
	[ "$(right paced)" -ge 80 ]
	[ "$(right loss)" -ge 80 ]
	run_ok mptcp-lb --total -f csv -d client runs/loss.server.pcapng
	[ "$(cut -d, -f 9 <<<"${lines[1]}")" = 1 ]
}
