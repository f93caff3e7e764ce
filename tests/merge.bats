#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-merge: packets matched across two captures, against what the relay between them logged.
load lib

setup() {
	setup_common
	corpus_cache
}

pair() {
	a=$SHARED/captures/$1.client.pcap b=$SHARED/captures/$1.server.pcap truth=$SHARED/captures/$1.truth.json
	need_file "$a"
	need_file "$b"
}

# Runs mptcp-merge and leaves its rows in merged.csv.
merge() {
	run_ok mptcp-merge -f csv -o merged.csv "$@"
}

# column NAME...: these columns of merged.csv, separated by spaces.
column() {
	awk -F, -v names="$*" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(names, name, " "); next }
		{ line = ""; for (i = 1; i <= n; i++) line = line (i > 1 ? " " : "") $at[name[i]]; print line }' merged.csv
}

# The packets that the relay dropped, and those marked lost, as "role sequence number bytes", sorted.
dropped() {
	jq -r '.relay.log[] | select(.what | IN("lost", "queue_drop", "blackholed", "option_drop")) |
		"\(if .dir == "ab" then "server" else "client" end) \(.seq) \(.plen)"' "$truth" | sort
}
lost() {
	column lost tcpdest tcpseq_raw tcplen | sed -n 's/^lost //p' | sort
}

# Like $1, a copy of CSV packets with another clock: time * (1 + $2 / 10^6) + $3 seconds.
with_clock() {
	python3 -c '
import csv, sys
from decimal import Decimal as D
rows = csv.reader(open(sys.argv[1]))
header = next(rows)
at = header.index("abstime")
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(header)
start = None
for row in rows:
    time = D(row[at])
    start = time if start is None else start
    row[at] = "%.9f" % (start + (time - start) * (1 + D(sys.argv[2]) / 10**6) + D(sys.argv[3]))
    out.writerow(row)' "$@"
}

# medians BELOW: the median delay in microseconds of packets with fewer bytes than that, per stream and direction.
medians() {
	column tcpstream tcpdest tcplen owd | awk -v below="$1" '$4 != "" && $3 < below { print $1, $2, $4 * 1e6 }' |
		sort -k1,1n -k2,2 -k3,3n | awk '{ key = $1 " " $2; n[key]++; value[key, n[key]] = $3 }
		END { for (key in n) print key, value[key, int((n[key] + 1) / 2)] }' | sort
}

@test "what is marked lost is what the relay dropped" {
	need_program jq
	for name in loss owd_jitter_loss multi2_dl multi3_both half_close add_addr_lost backup_prio backup_server \
		pathfail_heals pathfail_oneway_full remove_addr_client reset_by_server late_join duplicates reordering; do
		pair "$name"
		merge -q "$a" "$b"
		diff -u --label "$name: dropped" --label "$name: lost" <(dropped) <(lost)
	done
}

@test "nothing is lost that a NAT, a firewall, a cut or a stripped option only changed" {
	for name in nat_keep_ports nat_random_ports seq_rewrite offload_router_cuts offload_middlebox_cuts offload_on \
		fallback_strip_midway fallback_strip_join_syn checksum_fail_infinite_map single_no_timestamps many50; do
		pair "$name"
		merge -q --clock none "$a" "$b"
		column lost >fates
		run -1 grep -q . fates
	done
}

@test "data cut on the way: each byte of payload is matched once" {
	for name in offload_router_cuts offload_middlebox_cuts; do
		pair "$name"
		merge -q "$a" "$b"
		[ "$(column bytes | awk '{ sum += $1 } END { print sum }')" = \
			"$(mptcp-ls --no-header -f csv "$b" | awk -F, '{ sum += $15 + $16 } END { print sum }')" ]
	done
}

@test "median delays are those of the topology within 0.5 ms" {
	need_program jq
	pair owd_asymmetric
	merge -q --clock none "$a" "$b"
	run_ok medians 100
	echo "$output"
	awk '{ want["0 server"] = 5000; want["0 client"] = 30000; want["1 server"] = 40000; want["1 client"] = 8000
		d = $3 - want[$1 " " $2]; if (d < 0 || d > 500) exit 1 } END { exit NR != 4 }' <<<"$output"
	pair loss
	merge -q --clock none "$a" "$b"
	run_ok medians 100
	awk '$1 $2 == "0server" && ($3 < 20000 || $3 > 20500) { exit 1 }
		$1 $2 == "1server" && ($3 < 12000 || $3 > 12500) { exit 1 }' <<<"$output"
}

@test "a clock 3.7 s ahead that gains 50 ppm changes no delay by more than 0.5 ms" {
	need_program python3
	for name in owd_asymmetric loss multi2_paced seq_wrap; do
		pair "$name"
		run_ok mptcp-export -o a.csv "$a"
		run_ok mptcp-export -o b.csv "$b"
		with_clock b.csv 50 3.7 >shifted.csv
		merge -q a.csv b.csv
		column tcpdest sender_packetid receiver_packetid owd | awk '$4 { print $1 "-" $2 "-" $3, $4 }' | sort >before
		merge -q a.csv shifted.csv
		column tcpdest sender_packetid receiver_packetid owd | awk '$4 { print $1 "-" $2 "-" $3, $4 }' | sort >after
		join before after >joined
		[ "$(wc -l <joined)" -eq "$(wc -l <before)" ]
		awk '{ d = $2 - $3; if (d > 0.0005 || d < -0.0005) { print; exit 1 } }' joined
	done
}

@test "the clock's offset and skew are said with their uncertainty" {
	pair owd_asymmetric
	need_program python3
	run_ok mptcp-export -o b.csv "$b"
	with_clock b.csv 0 3.7 >shifted.csv
	run_ok mptcp-merge -o merged.csv "$a" shifted.csv
	# shellcheck disable=SC2154 # set by run
	[[ $stderr =~ offset\ 3\.69[89][0-9]+\ s\ \+-\ 0\.006[0-9]+\ s,\ skew\ 0\.00\ ppm\ \+- ]]
	merge -q --clock offset "$a" shifted.csv
	column owd | awk '$1 < 0 { exit 1 }'
}

@test "with --clock none a negative delay is printed and counted" {
	pair owd_asymmetric
	need_program python3
	run_ok mptcp-export -o b.csv "$b"
	with_clock b.csv 0 -1 >early.csv
	run_ok mptcp-merge -f csv --clock none -o merged.csv "$a" early.csv
	says "packets have a negative one-way delay"
	# all that goes to the server, whose clock is a second late
	[ "$(column owd | grep -c '^-')" -eq "$(column tcpdest | grep -c server)" ]
}

@test "A and B the other way round: the same senders, the same delays" {
	pair multi2_paced
	merge -q --clock none "$a" "$b"
	column sender_packetid receiver_packetid owd lost | sort >forth
	merge -q --clock none "$b" "$a"
	column sender_packetid receiver_packetid owd lost | sort >back
	diff forth back
}

@test "a capture that stopped early cannot tell what was lost" {
	pair partial_stops_early
	merge -q --clock none --time epoch "$a" "$b"
	last=$(mptcp-export "$a" | tail -n 1 | cut -d, -f 2)
	column lost sender sender_time | awk -v last="$last" '$1 == "lost" && $2 == "b" && $3 > last { exit 1 }'
	column lost | grep -q not_captured
}

@test "a capture is merged with itself: all packets, no delay, nothing lost" {
	need_file "$DEMO"
	merge -q --clock none "$DEMO" "$DEMO"
	column sender_packetid receiver_packetid owd lost | awk '$1 != $2 || $3 != 0 || $4 != "" { exit 1 }'
	[ "$(column packetid | wc -l)" -eq "$(mptcp-export "$DEMO" | tail -n +2 | wc -l)" ]
}

@test "packets that the receiver's capture lacks but the receiver acknowledged are not lost" {
	need_file "$DEMO"
	run_ok mptcp-export -o a.csv "$DEMO"
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
		$at["tcpdest"] == "client" && $at["tcplen"] > 0 && ++n == 20 { next } { print }' a.csv >b.csv
	merge -q --clock none b.csv a.csv
	[ "$(column lost | sort -u | tr -d '\n')" = not_captured ]
	[ "$(column lost | grep -c not_captured)" -eq 1 ]
}

@test "-m, ID, -t and -d choose packets" {
	need_file "$DEMO"
	merge -q -t 1 -d client "$DEMO" "$DEMO"
	[ "$(column tcpstream mptcpdest | sort -u)" = "1 client" ]
	merge -q "$DEMO" "$DEMO" 0
	[ "$(column mptcpstream | sort -u)" = 0 ]
	run_status 1 mptcp-merge -q "$DEMO" "$DEMO" 77
}

@test "a wrong --clock is refused" {
	run_status 2 mptcp-merge --clock fast a.pcap b.pcap
	says "option --clock: 'fast' is not none, offset or skew"
}

@test "JSON has an object for each packet" {
	need_file "$DEMO"
	need_program jq
	run_ok mptcp-merge -q -f json "$DEMO" "$DEMO"
	[ "$(jq -s length <<<"$output")" -eq "$(mptcp-export "$DEMO" | tail -n +2 | wc -l)" ]
}
