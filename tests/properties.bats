#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What holds in every available capture; properties.py compares.
load lib

setup() {
	setup_common
	corpus_cache
}

@test "every byte that was sent has one fate, and the fates of the subflows sum to those of the connection" {
	every_capture
	# shellcheck disable=SC2154 # set by every_capture
	python3 "$ROOT/tests/properties.py" bytes "${captures[@]}"
}

@test "what the sender's kernel sent again is reinjected, and its zero-window probes are probes" {
	need_file "$SHARED/captures"
	python3 "$ROOT/tests/properties.py" kernel "$SHARED"/captures/*.truth.json
}

@test "the last table of mptcp-stat --follow is the one without it" {
	every_capture
	for x in "${captures[@]}"; do
		mptcp-stat -q "$x" >plain 2>/dev/null || [ $? = 1 ] || [ $? = 3 ] || continue
		mptcp-export -q "$x" 2>/dev/null | mptcp-stat -q --follow --interval 3600 >follow 2>/dev/null || true
		cmp plain follow || { echo "$x"; return 1; }
	done
}
