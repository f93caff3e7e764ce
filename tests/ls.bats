#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-ls: the subflows of connections.
load lib

@test "the subflows of a connection" {
	run_ok mptcp-ls 0 "$(capture multi2_paced.client.pcap)"
	golden ls/multi2_paced.csv
}

@test "as a table and as JSON, with interfaces" {
	run_ok mptcp-ls -f table 0 "$(capture container_dumpcap.client.pcapng)"
	golden ls/container_dumpcap.txt
	run_ok mptcp-ls -f json 0 "$(capture container_dumpcap.client.pcapng)"
	golden ls/container_dumpcap.json
}

@test "mptcp-export x.pcap | mptcp-ls 0 and mptcp-ls 0 x.pcap print the same" {
	local x
	x=$(capture multi2_paced.client.pcap)
	mptcp-export "$x" | mptcp-ls 0 | cmp - <(mptcp-ls 0 "$x")
	mptcp-ls -m 0 "$x" | cmp - <(mptcp-ls 0 "$x")
	mptcp-ls "$x" | cmp - <(mptcp-ls 0 "$x")
}

@test "an address identifier and IPv6: a join to an address that the server announced" {
	run_ok mptcp-ls "$(capture add_addr_v6.client.pcap)"
	golden ls/add_addr_v6.csv
}

@test "all connections, those of one together; ID and -t choose" {
	local x
	x=$(capture port_reuse_rst_2sf.client.pcap)
	run_ok mptcp-ls "$x"
	golden ls/port_reuse.csv
	[ "$(tail -n +2 <<<"$output" | sort -c -t, -k1,1n -k2,2n && echo sorted)" = sorted ]
	run_ok mptcp-ls --no-header 1 "$x"
	[ "$(cut -d, -f1 <<<"$output" | sort -u)" = 1 ]
	run_ok mptcp-ls --no-header -t 2 "$x"
	[ "$(cut -d, -f2 <<<"$output")" = 2 ]
	run_status 1 mptcp-ls 99 "$x"
}

@test "captured after the handshake: which was the initial subflow is known if all others joined" {
	run_ok mptcp-ls "$(capture partial_midstream_then_join.client.pcap)"
	golden ls/partial.csv
}

@test "a file whose name is a number is a file with ./ before it" {
	cp "$(capture multi2_paced.client.pcap)" 0
	mptcp-ls ./0 | cmp - <(mptcp-ls 0 ./0)
}
