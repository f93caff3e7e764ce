#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-lc, -ls, -lt and -le agree on every available capture; agreement.py compares.
load lib

setup() {
	setup_common
	corpus_cache
}

@test "states, established subflows and events are the same in mptcp-lc, -ls, -lt and -le" {
	every_capture
	# shellcheck disable=SC2154 # set by every_capture
	python3 "$ROOT/tests/agreement.py" tables "${captures[@]}"
}

@test "kernel_event names what ip mptcp monitor printed where the capture was taken" {
	need_file "$SHARED/captures"
	python3 "$ROOT/tests/agreement.py" monitor "$SHARED"/captures/*.truth.json
}

@test "the last table of --follow is the one without it" {
	local tool x
	every_capture
	for x in "${captures[@]}"; do
		for tool in mptcp-lc mptcp-ls; do
			"$tool" -q "$x" >plain 2>/dev/null || [ $? = 1 ] || [ $? = 3 ] || continue
			"$tool" -q --follow --interval 3600 "$x" >follow 2>/dev/null || true
			cmp plain follow || { echo "$tool $x"; return 1; }
		done
	done
}

@test "events come in order of settlement from standard input: the same ones" {
	local x
	every_capture
	for x in "${captures[@]}"; do
		mptcp-le -q --no-header "$x" 2>/dev/null | sort >plain
		mptcp-export -q "$x" 2>/dev/null | mptcp-le -q --no-header 2>/dev/null | sort >piped
		cmp plain piped || { echo "$x"; return 1; }
	done
}
