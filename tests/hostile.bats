#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What an enemy can make the tools spend: twice the packets, twice the work, whatever the packets are
# (hostile.py). A tool whose work grows with the square takes four times as long; between that and
# 2 there is room for a machine that is busy with other things.

load lib

# grows MOST MEGABYTES KIND N TOOL...
grows() {
	local most=$1 megabytes=$2 kind=$3 n=$4
	shift 4
	run_ok env BIN="$BIN" python3 "$ROOT/tests/hostile.py" grow "$@" "$kind" "$n"
	[ "$(wc -l <<<"$output")" -eq $# ]
	awk -v most="$most" -v megabytes="$megabytes" '
		{ if ($(NF - 3) > most || $(NF - 1) > megabytes) { print; bad = 1 } }
		END { exit bad }' <<<"$output"
}

ALL=(export lc le lr stat check "series rtt" "series seq" "series reinject" "series flight" "series ooo")

@test "segments from the last to the first" {
	grows 3 40 descending 60000 "${ALL[@]}"
}

@test "segments in no order, never acknowledged" {
	grows 3 40 shuffled 40000 "${ALL[@]}"
}

@test "mappings from the last to the first" {
	grows 3 40 descending_mappings 60000 "${ALL[@]}"
}

@test "mappings over one another, each with other data" {
	grows 3 40 overlapping_mappings 15000 "${ALL[@]}"
}

@test "mappings of a byte and payloads over all of them" {
	grows 3 40 split 3000 "${ALL[@]}"
}

@test "one byte of data again and again" {
	grows 3 60 same_byte 40000 "${ALL[@]}"
}

@test "all data again in large segments" {
	grows 3 100 reinject_all 3000 "${ALL[@]}"
}

@test "flows without a handshake that are all one connection" {
	grows 3 300 near_dsns 30000 export lc le stat
}

@test "REMOVE_ADDR on many subflows" {
	grows 3 60 remove_flood 15000 "${ALL[@]}"
}

@test "as many interfaces as packets" {
	grows 3 60 interfaces 15000 export
}
