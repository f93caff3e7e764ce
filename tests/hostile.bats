#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What an enemy can make the tools spend: at each doubling of the packets at most 2.2 times the processor time, and
# bounded memory, whatever the packets are. The captures are those of hostile.py, which also measures; the address space
# of the tools is bounded, too.

load lib

# grows MEGABYTES KIND N [TOOL...]: those, or all; no more memory than that at 8N. MOST is more than 2.2 only where
# what is remembered, connections or ranges that are searched, outgrows the caches of the processor meanwhile. The most
# memory goes to mptcp-mib, which asks mptcp-check's findings besides its own counting: 8 to 12 kB a connection.
grows() {
	local megabytes=$1 kind=$2 n=$3 most=${MOST:-2.2}
	shift 3
	[ $# -gt 0 ] || set -- export lc ls lt le lr lb stat check mib "series rtt" "series seq" "series reinject" \
		"series flight" "series ooo"
	run_ok env BIN="$BIN" LIMIT=$((megabytes + 100)) python3 "$ROOT/tests/hostile.py" grow "$@" "$kind" "$n"
	[ "$(wc -l <<<"$output")" -eq $# ]
	awk -v megabytes="$megabytes" -v most="$most" '
		{ if ($(NF - 3) > most || $(NF - 1) > megabytes) { print; bad = 1 } }
		END { exit bad }' <<<"$output"
}

@test "a plain transfer" {
	grows 30 control 5000
}

@test "segments from the last to the first" {
	grows 40 descending 10000
}

@test "segments in no order, never acknowledged" {
	MOST=2.5 grows 60 shuffled 20000
}

@test "mappings from the last to the first" {
	grows 40 descending_mappings 10000
}

@test "mappings over one another, each with other data" {
	grows 60 overlapping_mappings 3750
}

@test "mappings of a byte and payloads over all of them" {
	grows 60 split 750
}

@test "what is left out of payloads and mappings over very many others is said, once" {
	python3 "$ROOT/tests/hostile.py" make split 1000 x.pcap
	run_ok mptcp-export -o x.csv x.pcap
	[ "$stderr" = "mptcp-export: x.pcap: 125 packets have payload in more than 256 pieces of data: the rest of it counts as unmapped" ]
	run_ok mptcp-lc x.pcap # from the cache
	[[ $stderr = "mptcp-lc: x.pcap: 125 packets have payload in more than 256 pieces"* ]]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	python3 "$ROOT/tests/hostile.py" make mappings_over_all 1000 y.pcap
	run_ok mptcp-export -o y.csv y.pcap
	[ "$stderr" = "mptcp-export: y.pcap: 125 mappings lie over more than 256 others: only what goes beyond those is taken of them" ]
	run_ok mptcp-export -o z.csv "$DEMO"
	[ -z "$stderr" ]
}

@test "one byte of data again and again" {
	grows 60 same_byte 10000
}

@test "all data again in large segments" {
	grows 100 reinject_all 750
}

@test "small segments behind a large one, all of them again" {
	grows 60 long_before 5000
}

@test "flows without a handshake that are all one connection" {
	MOST=2.5 grows 500 near_dsns 10000
}

@test "joins and resets without end" {
	grows 60 join_flood 5000
}

@test "REMOVE_ADDR on many subflows" {
	grows 60 remove_flood 5000
}

@test "MP_PRIO for the addresses of many subflows" {
	MOST=2.5 grows 60 priority_flood 5000
}

@test "ADD_ADDR of always other addresses, and their echoes" {
	grows 60 address_flood 5000
}

@test "MP_FAIL and MP_FASTCLOSE on many subflows" {
	grows 60 fail_flood 5000
}

@test "one packet again and again" {
	grows 60 copies 7500
}

@test "connections without an answer, and joins to no connection" {
	MOST=2.5 grows 550 syns 7500
	MOST=2.5 grows 300 unknown_joins 7500
}

@test "the same two ports again and again" {
	MOST=2.5 grows 800 port_reuse 7500
}

@test "data anywhere" {
	grows 100 random_dsns 5000
}

@test "as many interfaces as packets" {
	grows 60 interfaces 3750 export
}

# It asks four of the others, and has the memory of all of them.
@test "a page of words" {
	local flood
	grows 30 control 5000 summary
	grows 40 descending 5000 summary
	for flood in join remove address fail; do
		grows 60 ${flood}_flood 3000 summary
	done
	MOST=2.5 grows 60 priority_flood 3000 summary
	MOST=2.5 grows 300 near_dsns 3000 summary
	MOST=2.5 grows 400 syns 3000 summary
	MOST=2.5 grows 450 port_reuse 3000 summary
}
