#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-lc: the connections of a capture.
load lib

@test "a connection of two subflows" {
	run_ok mptcp-lc "$(capture multi2_paced.client.pcap)"
	golden lc/multi2_paced.csv
}

@test "the same from a capture, from CSV, from a pipe" {
	local x
	x=$(capture multi2_paced.client.pcap)
	mptcp-export "$x" >x.csv
	mptcp-lc "$x" >wanted
	mptcp-lc x.csv | cmp - wanted
	mptcp-lc <x.csv | cmp - wanted
	mptcp-export "$x" | mptcp-lc - | cmp - wanted
}

@test "as a table and as JSON" {
	run_ok mptcp-lc -f table "$(capture container_dumpcap.client.pcapng)"
	golden lc/container_dumpcap.txt
	run_ok mptcp-lc -f json "$(capture container_dumpcap.client.pcapng)"
	golden lc/container_dumpcap.json
}

@test "IPv6" {
	run_ok mptcp-lc "$(capture add_addr_v6.client.pcap)"
	golden lc/add_addr_v6.csv
}

@test "ports used again make connections of their own" {
	run_ok mptcp-lc "$(capture port_reuse_rst_2sf.client.pcap)"
	golden lc/port_reuse.csv
	[ "${#lines[@]}" = 4 ]
}

@test "data sequence numbers that wrap are counted right" {
	run_ok mptcp-lc "$(capture dsn_wrap_dl.client.pcap)"
	golden lc/dsn_wrap.csv
}

@test "a server that does not answer MP_CAPABLE: fallback, no server token, bytes all the same" {
	run_ok mptcp-lc "$(capture fallback_plain_server.client.pcap)"
	golden lc/fallback.csv
	[[ ${lines[1]} == *,fallback ]]
}

@test "captured after the handshake: partial, one connection with the subflow that joined later" {
	run_ok mptcp-lc "$(capture partial_midstream_then_join.client.pcap)"
	golden lc/partial.csv
	[ "${#lines[@]}" = 2 ]
	[[ ${lines[1]} == *,partial ]]
}

@test "-m and -t choose a connection" {
	local x
	x=$(capture port_reuse_rst_2sf.client.pcap)
	run_ok mptcp-lc -m 2 --no-header "$x"
	[[ $output == 2,* ]]
	run_ok mptcp-lc -t 0 --no-header "$x"
	[[ $output == 0,* ]]
	run_status 1 mptcp-lc -m 99 "$x"
	[ "${#lines[@]}" = 1 ]
}

@test "plain TCP: an empty table and status 1" {
	mptcp-export --no-cache "$(capture multi2_paced.client.pcap)" |
		awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
			NR > 1 { $at["mptcpstream"] = $at["mptcpdest"] = "" } 1' >plain.csv
	run_status 1 mptcp-lc plain.csv
	[ "${#lines[@]}" = 1 ]
}

@test "columns may come in any order and others may be there" {
	mptcp-export "$(capture multi2_paced.client.pcap)" >x.csv
	awk -F, -v OFS=, '{ for (i = NF; i; i--) printf "%s,", $i; print NR == 1 ? "more" : "\"a, b\"" }' x.csv >turned.csv
	mptcp-lc turned.csv | cmp - <(mptcp-lc x.csv)
}

@test "CSV that is not as it should be: file, line and what is wrong, status 3" {
	mptcp-export "$(capture multi2_paced.client.pcap)" >x.csv
	sed 's/^packetid,//; s/^[0-9]*,//' x.csv >missing.csv
	run_status 3 mptcp-lc missing.csv
	says "missing.csv: no column 'packetid'"
	sed '7s/$/,more/' x.csv >ragged.csv
	run_status 3 mptcp-lc ragged.csv
	says 'ragged.csv: line 7'
	sed '7s/$/"/' x.csv >quote.csv
	run_status 3 mptcp-lc quote.csv
	says 'quote.csv: line 7'
	sed '7s/^[0-9]*,/seven,/' x.csv >number.csv
	run_status 3 mptcp-lc number.csv
	says 'number.csv: line 7'
	says packetid
}

@test "CSV with CRLF, with a byte order mark, without the last line end is read" {
	mptcp-export "$(capture multi2_paced.client.pcap)" >x.csv
	mptcp-lc x.csv >wanted
	sed 's/$/\r/' x.csv | mptcp-lc | cmp - wanted
	{
		printf '\357\273\277'
		cat x.csv
	} | mptcp-lc | cmp - wanted
	head -c -1 x.csv | mptcp-lc | cmp - wanted
}

@test "numbers of streams that somebody made up need no more memory" {
	mptcp-export "$(capture multi2_paced.client.pcap)" >x.csv
	awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; tcp = at["tcpstream"] }
		NR > 1 { $tcp = sprintf("%.0f", 4294967295 - $tcp); $at["mptcpstream"] = sprintf("%.0f", 4294967290) } 1' x.csv >far.csv
	(
		# the address sanitizer wants more than any limit
		[[ $BUILD == *asan* ]] || ulimit -v 400000
		mptcp-lc far.csv
	) >far
	[[ $(sed -n 2p far) == 4294967290,* ]]
}

@test "of several SYN/ACKs the one that the third ACK repeats gives the server's token" {
	run_ok mptcp-lc --no-header "$(capture keys/synack_two_keys.pcap)"
	[ "${#lines[@]}" = 1 ]
	[[ ${lines[0]} == *,a163c446,2,* ]]
}

@test "two connections with the same token: each has its join" {
	run_ok mptcp-lc --no-header "$(capture keys/token_collision.pcap)"
	[ "${#lines[@]}" = 2 ]
	for line in "${lines[@]}"; do
		[[ $line == *,f6a17ecb,2,* ]]
	done
}
