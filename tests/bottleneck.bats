#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-lb on runs whose limit is known by construction: those of the set "quick" of bottleneck.py, captured at the sender,
# with what `ss` said there every 50 ms. They are kept in bottleneck/, since a run on a busy machine has other limits.
load lib

setup() {
	setup_common
	cp "$BATS_TEST_DIRNAME"/bottleneck/* .
	gunzip ./*.pcapng.gz
}

# right RUN: the share in percent of the sender's intervals that are right, and whether the shares of time are within 0.1.
right() {
	python3 "$BATS_TEST_DIRNAME/bottleneck_score.py" . "$1" |
		awk -F'[ /]' 'END { printf "%d %s\n", $3 ? 100 * $2 / $3 : 0, $8 "/" $9 }'
}

@test "runs of the kernel: a small receive buffer, a paced source, loss on a path" {
	local run
	for run in window:90 paced:95 loss:95; do
		read -r percent shares <<<"$(right "${run%:*}")"
		[ "$percent" -ge "${run#*:}" ]
		[ "$shares" = 1/1 ]
	done
}

@test "what a run is limited by for the most part" {
	run_ok mptcp-lb --total --no-header -d client --columns main window.server.pcapng paced.server.pcapng loss.server.pcapng
	[ "$(cut -d, -f 2 <<<"$output" | paste -sd ' ')" = 'mptcp_window app_paced network' ]
}
