#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Packets captured twice: the copies belong to no stream.
load lib

setup() {
	setup_common
	once=$(capture multi2_paced.client.pcap)
}

# All packets of $1 and copies of them, $2 seconds later, in $3.
mirrored() {
	editcap -t "$2" "$1" later.pcap
	mergecap -F pcap -w "$3" "$1" later.pcap
}

# The value of column $1 in each row.
cells() {
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; $i != name; i++); next } { print $i }'
}

@test "every packet twice, by a mirror port: one warning with the count, and the results of one" {
	mirrored "$once" 0.00002 twice.pcap
	local tool count
	count=$(mptcp-export --columns packetid "$once" | wc -l)
	count=$((count - 1))
	for tool in lc ls lt lr; do
		"mptcp-$tool" -q "$once" >wanted || [ $? = 1 ]
		run --separate-stderr "mptcp-$tool" twice.pcap
		says "twice.pcap: $count of $((2 * count)) packets are copies of others"
		# shellcheck disable=SC2154 # set by run
		[ "$(grep -c copies <<<"$stderr")" = 1 ] || fail_run "not one warning"
		# shellcheck disable=SC2154 # set by run
		[ "${#stderr_lines[@]}" = $((1 + status)) ] || fail_run "more than the warning, and what there was instead"
		cut -d, -f1-8 wanted | grep -v packetid >a || true
		cut -d, -f1-8 <<<"$output" | grep -v packetid >b || true
		[ "$tool" = lr ] || diff a b
	done
}

@test "the copies keep their rows, without a stream" {
	mirrored "$once" 0.00002 twice.pcap
	mptcp-export -q twice.pcap >rows
	cells duplicate_of <rows >of
	[ "$(grep -c . of)" = "$(($(wc -l <of) / 2))" ]
	paste -d' ' of <(cells tcpstream <rows) <(cells mptcpstream <rows) <(cells tcpdest <rows) |
		awk '(NF == 1) != /^[0-9]+   $/ { exit 1 }'
	# each names an original, which is before it
	paste -d' ' <(cells packetid <rows) of | awk 'NF == 2 { if ($2 >= $1 || $2 in copy) exit 1; copy[$1] }'
}

@test "--keep-duplicates: nothing is a copy, and the cache knows the difference" {
	mirrored "$once" 0.00002 twice.pcap
	mptcp-lt -q twice.pcap >left-out
	mptcp-lt --keep-duplicates twice.pcap >kept 2>said
	[ ! -s said ]
	run -1 cmp -s left-out kept
	mptcp-export --keep-duplicates twice.pcap | cells duplicate_of >of
	run -1 grep -q . of
	mptcp-lt -q twice.pcap | cmp - left-out
}

@test "the warning comes from the cache and from CSV, too; -q is quiet" {
	mirrored "$once" 0.00002 twice.pcap
	run_ok mptcp-lc twice.pcap
	says 'packets are copies'
	run_ok mptcp-lc twice.pcap
	says 'packets are copies'
	mptcp-export -q twice.pcap >twice.csv
	run_ok mptcp-lc twice.csv
	says 'twice.csv: '
	says 'mptcp-export --keep-duplicates keeps them'
	run_ok mptcp-lc -q twice.pcap
	[ -z "$stderr" ]
}

@test "packets of two interfaces are copies even if few are" {
	editcap -r "$once" some.pcap 20-24
	editcap -t 0.00002 some.pcap later.pcap
	mergecap -I none -w some.pcapng "$once" later.pcap
	mptcp-export -q some.pcapng >rows
	[ "$(cells duplicate_of <rows | grep -c .)" = 5 ]
}

@test "a few at the same interface are the network's, and did arrive" {
	editcap -r "$once" some.pcap 20-24
	editcap -t 0.00002 some.pcap later.pcap
	mergecap -F pcap -w some-twice.pcap "$once" later.pcap
	run_ok mptcp-export some-twice.pcap
	[ -z "$stderr" ]
	[ -z "$(cells duplicate_of <<<"$output" | tr -d '\n')" ]
}

@test "copies more than 50 ms apart are none" {
	mirrored "$once" 0.06 late.pcap
	run_ok mptcp-export --columns packetid,duplicate_of late.pcap
	[ -z "$stderr" ]
}

@test "IPv6 has no IP id: payload and SYN tell" {
	mirrored "$(capture add_addr_v6.client.pcap)" 0.00002 twice.pcap
	run_ok mptcp-lc twice.pcap
	says 'packets are copies of others'
	mptcp-ls -q twice.pcap | cut -d, -f1-7 >got
	mptcp-ls "$(capture add_addr_v6.client.pcap)" | cut -d, -f1-7 | diff - got
}

@test "a router with NAT, tcpdump -i any: one connection of two subflows, no reinjection" {
	local file=$SHARED/cases/a19_nat_router_any.pcap
	[ -e "$file" ] || skip "no $file"
	run_status 1 mptcp-lr "$file"
	says '429 of 858 packets are copies of others'
	[ "${#lines[@]}" = 1 ]
	run_ok mptcp-lc "$file"
	[ "${#lines[@]}" = 2 ]
	run_ok mptcp-lt -q "$file"
	[ "${#lines[@]}" = 3 ]
	mptcp-export -q "$file" | mptcp-ls -q >piped
	mptcp-ls -q "$file" | cmp - piped
}

@test "no tool minds rows without a stream" {
	mirrored "$once" 0.00002 twice.pcap
	mptcp-export -q twice.pcap >twice.csv
	local tool
	for tool in lc ls lt le lr stat 'series rtt' 'series reinject' 'map twice.csv' 'merge twice.csv'; do
		# shellcheck disable=SC2086
		run --separate-stderr mptcp-$tool twice.csv
		[ "$status" -le 1 ] || fail_run "mptcp-$tool"
	done
}
