#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-lt: the TCP connections of a capture.
load lib

@test "the subflows of a connection" {
	run_ok mptcp-lt "$(capture multi2_paced.client.pcap)"
	golden lt/multi2_paced.csv
}

@test "as a table and as JSON" {
	run_ok mptcp-lt -f table "$(capture container_dumpcap.client.pcapng)"
	golden lt/container_dumpcap.txt
	run_ok mptcp-lt -f json "$(capture container_dumpcap.client.pcapng)"
	golden lt/container_dumpcap.json
}

@test "plain TCP has no mptcpstream, and is listed" {
	run_ok mptcp-lt "$(capture fallback_plain_tcp.client.pcap)"
	golden lt/plain_tcp.csv
	[ "${#lines[@]}" -gt 1 ]
	[ -z "$(tail -n +2 <<<"$output" | cut -d , -f 6 | tr -d '\n')" ]
}

@test "ports used again make connections of their own; RST is told" {
	run_ok mptcp-lt "$(capture port_reuse_rst_2sf.client.pcap)"
	golden lt/port_reuse.csv
	[[ $output == *,reset* ]]
}

@test "retransmissions: sent and unique bytes differ by what was sent again" {
	run_ok mptcp-lt "$(capture reset_by_server.server.pcap)"
	golden lt/reset_by_server.csv
	run_ok mptcp-lt --no-header "$(capture reset_by_server.server.pcap)"
	awk -F , '{ if ($8 != $10 + $12 || $9 != $11 + $13) bad = 1; again += $12 + $13 } END { exit bad || !again }' <<<"$output"
}

@test "captured after the handshake: no round-trip time of it" {
	run_ok mptcp-lt "$(capture partial_midstream_then_join.client.pcap)"
	golden lt/partial.csv
}

@test "its numbers are those of mptcp-ls" {
	for x in "$CAPTURES"/*.pcap*; do
		[ "${x##*/}" != fallback_plain_tcp.client.pcap ] || continue
		mptcp-ls --no-header "$x" | cut -d , -f 1,2,3-6,14,17,18 | sort >subflows
		mptcp-lt --no-header "$x" | awk -F , -v OFS=, '$6 != "" { print $6, $1, $2, $3, $4, $5, $7, $17, $18 }' | sort >streams
		diff subflows streams
	done
}

@test "-m and -t choose connections" {
	local x
	x=$(capture port_reuse_rst_2sf.client.pcap)
	run_ok mptcp-lt --no-header -m 2 "$x"
	[ "$(cut -d , -f 6 <<<"$output" | sort -u)" = 2 ]
	run_ok mptcp-lt --no-header -t 1 "$x"
	[[ $output == 1,* ]]
	[ "${#lines[@]}" = 1 ]
	run_status 1 mptcp-lt -t 1000 "$x"
	run_status 1 mptcp-lt -m 0 "$(capture fallback_plain_tcp.client.pcap)"
}

@test "the same from a capture, from CSV, from a pipe" {
	local x
	x=$(capture multi2_paced.client.pcap)
	mptcp-export "$x" >x.csv
	mptcp-lt "$x" >wanted
	mptcp-lt x.csv | cmp - wanted
	mptcp-export "$x" | mptcp-lt - | cmp - wanted
}
