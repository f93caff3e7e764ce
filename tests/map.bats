#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-map: matches the connections of two captures of the same traffic.
load lib

setup() {
	setup_common
	corpus_cache
}

# pair NAME: sets $a and $b, the captures at the client and at the server.
pair() {
	a=$SHARED/captures/$1.client.pcap b=$SHARED/captures/$1.server.pcap
	need_file "$a"
	need_file "$b"
}

# The packets of the demo as CSV in $a, and the same in $b as if captured behind a NAT: other address and port of the
# client, other numbers of packets and streams.
demo_behind_nat() {
	need_file "$DEMO"
	a=a.csv b=b.csv
	run_ok mptcp-export -o "$a" "$DEMO"
	local client port
	client=$(mptcp-lc --no-header -f csv "$a" | cut -d, -f 3) port=$(mptcp-lc --no-header -f csv "$a" | cut -d, -f 4)
	awk -F, -v OFS=, -v client="$client" -v port="$port" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
		{
			$at["packetid"] += 7; $at["tcpstream"] += 5; $at["mptcpstream"] += 3
			for (i in side) if ($at[side[i]] == client) $at[side[i]] = "203.0.113.9"
			if ($at["ipsrc"] == client) $at["ipsrc"] = "203.0.113.9"
			if ($at["ipdst"] == client) $at["ipdst"] = "203.0.113.9"
			if ($at["sport"] == port) $at["sport"] = 1025
			if ($at["dport"] == port) $at["dport"] = 1025
			print
		}' "$a" >"$b"
}

@test "behind a NAT, with other numbers: found by keys and nonces, score 1" {
	demo_behind_nat
	run_ok mptcp-map --no-header -f csv "$a" "$b"
	[[ ${lines[0]} == connection,0,,*,3,,203.0.113.9,1025,*,1.0,keys ]]
	[[ ${lines[1]} == subflow,0,0,*,3,5,203.0.113.9,1025,*,1.0,keys ]]
	[[ ${lines[2]} == subflow,0,1,*,3,6,*,1.0,nonce ]]
}

@test "A mapped to itself: every subflow is itself" {
	need_file "$DEMO"
	run_ok mptcp-map --no-header -f csv "$DEMO" "$DEMO"
	awk -F, '$2 != $8 || $3 != $9 || $14 != 1 { exit 1 }' <<<"$output"
}

@test "what one capture has alone has an empty side and a score of 0" {
	demo_behind_nat
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR == 1 || $at["tcpstream"] == 5' "$b" >first.csv
	run_ok mptcp-map --no-header -f csv "$a" first.csv
	[[ ${lines[2]} == subflow,0,1,*,,,,,,,0.0, ]]
	run_ok mptcp-map --no-header -f csv first.csv "$a"
	[[ ${lines[2]} == subflow,,,,,,,0,1,*,0.0, ]]
}

@test "captures of different traffic have nothing in common, whatever the addresses" {
	a=$(capture dsn_wrap_dl.client.pcap) b=$(capture multi2_paced.client.pcap)
	run_ok mptcp-map --no-header -f csv "$a" "$b"
	run -1 grep -v ',0.0,$' <<<"$output"
}

@test "the same address and port used again is told apart by initial sequence numbers" {
	pair port_reuse_rst_2sf
	run_ok mptcp-map --tcp --no-header -f csv "$a" "$b"
	awk -F, '$3 != $9 || $14 != 1 { exit 1 } END { exit NR < 3 }' <<<"$output"
}

@test "NAT, kept ports and random ones: all connections and subflows with score 1" {
	for name in nat_keep_ports nat_random_ports; do
		pair "$name"
		run_ok mptcp-map --no-header -f csv "$a" "$b"
		run -1 grep -v ',1\.0,\(keys\|nonce\)$' <<<"$output"
		run_ok mptcp-map --tcp --no-header -f csv "$a" "$b"
		run -1 grep -v ',1\.0,' <<<"$output"
	done
}

@test "sequence numbers that a firewall rewrites do no harm" {
	pair seq_rewrite
	run_ok mptcp-map --no-header -f csv "$a" "$b"
	run -1 grep -v ',1\.0,\(keys\|nonce\)$' <<<"$output"
}

@test "captures that began in the middle are matched by addresses" {
	pair partial_midstream
	run_ok mptcp-map --no-header -f csv "$a" "$b"
	[[ ${lines[0]} == connection,0,*,0.8,addresses ]]
}

@test "fifty connections: each is itself by its keys" {
	pair many50
	run_ok mptcp-map --no-header -f csv "$a" "$b"
	[ "$(grep -c '^connection,.*,1.0,keys$' <<<"$output")" -eq 50 ]
	[ "$(mptcp-map --no-header -f csv "$a" "$b" | awk -F, '$8 != "" && !seen[$1,$8,$9]++' | wc -l)" -eq "${#lines[@]}" ]
}

@test "the public pair: 0-0, 1-1, 2-2, 3-3 by keys; subflow 40191 at the client alone" {
	a=$SHARED/captures/public/pymptcpanalyzer_client_2.pcap b=$SHARED/captures/public/pymptcpanalyzer_server_2.pcap
	need_file "$a"
	run_ok mptcp-map --no-header -f csv "$a" "$b"
	[ "$(awk -F, '$1 == "connection" { print $2 "-" $8, $14, $15 }' <<<"$output")" = "0-0 1.0 keys
1-1 1.0 keys
2-2 1.0 keys
3-3 1.0 keys" ]
	[ "$(awk -F, '$14 == 0 { print $5 }' <<<"$output")" = 40191 ]
}

@test "ID, before or behind the captures, and -m are a connection of A; -t a TCP connection" {
	demo_behind_nat
	run_ok mptcp-map --no-header -f csv "$a" "$b"
	all=$output
	run_ok mptcp-map --no-header -f csv "$a" "$b" 0
	[ "$output" = "$all" ]
	run_ok mptcp-map --no-header -f csv 0 "$a" "$b"
	[ "$output" = "$all" ]
	run_status 1 mptcp-map --no-header -f csv -m 3 "$a" "$b"
	run_ok mptcp-map --no-header -f csv -t 1 "$a" "$b"
	[[ $output == subflow,0,1,* ]]
}

@test "standard input and a pipe can be one of the captures" {
	demo_behind_nat
	run_ok mptcp-map -f csv "$a" "$b"
	all=$output
	run_ok sh -c 'mptcp-map -f csv - "$2" <"$1"' - "$a" "$b"
	[ "$output" = "$all" ]
	run_ok sh -c 'cat "$2" | mptcp-map -f csv "$1"' - "$a" "$b"
	[ "$output" = "$all" ]
	run_ok bash -c 'mptcp-map -f csv "$1" <(cat "$2")' - "$a" "$b"
	[ "$output" = "$all" ]
}

@test "no captures, or three, are a usage error" {
	run_status 2 mptcp-map
	says "two captures are needed"
	run_status 2 mptcp-map a.pcap b.pcap c.pcap
	says "unexpected operand 'c.pcap'"
}
