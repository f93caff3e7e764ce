#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-lr: reinjections.
load lib

# Sums column $1 of the table on standard input, rows for which the awk expression $2 holds.
sum() {
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next } '"$2"' { n += $column[name] } END { print n + 0 }'
}

# Fails unless the rows of capture $1 are about just the packets that mptcp-export marks.
same_packets_as_export() {
	diff -u --label "$1: reinjection_of" --label "$1: mptcp-lr" \
		<(mptcp-export --columns packetid,reinjection_of "$1" | awk -F, 'NR > 1 && $2 != "" { print $1 }') \
		<(mptcp-lr --no-header "$1" | cut -d, -f 3 | uniq)
}

@test "the reinjections of a path that fails: timeouts, and the original comes late" {
	run_ok mptcp-lr "$DEMO"
	golden lr/demo.csv
}

@test "a subflow that was reset: as a table and as JSON" {
	run_ok mptcp-lr -f table "$(capture reset_by_server.server.pcap)"
	golden lr/reset_by_server.txt
	run_ok mptcp-lr -f json "$(capture partial_midstream_then_join.client.pcap)"
	golden lr/partial.json
}

@test "mptcp-export x.pcap | mptcp-lr and mptcp-lr x.pcap print the same" {
	mptcp-export "$DEMO" | mptcp-lr 0 | cmp - <(mptcp-lr 0 "$DEMO")
	mptcp-lr -m 0 "$DEMO" | cmp - <(mptcp-lr "$DEMO")
}

@test "without reinjections the table is empty: status 1" {
	for x in multi2_paced fallback_plain_server fallback_plain_tcp; do
		run_status 1 mptcp-lr "$(capture $x.client.pcap)"
		[ "${#lines[@]}" = 1 ]
	done
	run_status 1 mptcp-lr 7 "$DEMO"
}

@test "-d and -t choose rows, --first leaves out what the subflow had carried before" {
	local x
	x=$(capture partial_midstream_then_join.client.pcap)
	run_ok mptcp-lr --no-header -d client "$x"
	[ "$(cut -d, -f2 <<<"$output" | sort -u)" = client ]
	run_ok mptcp-lr --no-header -t 0 "$DEMO"
	[ "$(cut -d, -f4 <<<"$output" | sort -u)" = 0 ]
	mptcp-lr "$DEMO" | grep -q '^0,client,304,1,' # TCP repeats packet 136, the original of 229
	mptcp-lr --first "$DEMO" >first
	run -1 grep '^0,client,304,1,' first
	[ "$(mptcp-lr "$DEMO" | grep -vxFf first | cut -d, -f 3 | paste -sd ' ')" = "304 478 478 561 839" ]
}

@test "the rows are about the packets that mptcp-export marks, in our captures" {
	for x in "$DEMO" "$CAPTURES"/*.pcap*; do
		same_packets_as_export "$x"
	done
}

@test "49 packets of client_2 and 44 of server_2 are reinjections, 75684 bytes of connection 1" {
	local public=$SHARED/captures/public/pymptcpanalyzer
	need_file "${public}_client_2.pcap"
	[ "$(mptcp-lr --no-header "${public}_client_2.pcap" | cut -d, -f 3 | sort -u | wc -l)" = 49 ]
	[ "$(mptcp-lr --no-header "${public}_server_2.pcap" | cut -d, -f 3 | sort -u | wc -l)" = 44 ]
	for side in client server; do
		[ "$(mptcp-lr --first 1 -d server "${public}_${side}_2.pcap" | sum length 1)" = 75684 ]
		same_packets_as_export "${public}_${side}_2.pcap"
	done
}

@test "the bytes are those that the sender's kernel counted" {
	need_file "$SHARED/captures/loss.truth.json"
	need_program jq
	# a byte that the kernel does not count: its last one, sent together with DATA_FIN on several subflows
	for name in backup_server duplicates loss loss_firewall container_nano container_pcapng offload_router_cuts \
		pathfail_heals seq_rewrite; do
		wanted=$(jq '[.application.server[].info_last.mptcp.mptcp_bytes_retrans] | max' "$SHARED/captures/$name.truth.json")
		for side in client server; do
			x=$(ls "$SHARED/captures/$name.$side".pcap*)
			[ "$(mptcp-lr --first -d client "$x" | sum length '$6 > 1')" = "$wanted" ] ||
				fail_run "$x: not $wanted bytes"
		done
	done
}

@test "the cause is what was done to the subflow" {
	need_file "$SHARED/captures/loss.truth.json"
	while read -r name cause; do
		run_ok mptcp-lr --no-header "$SHARED/captures/$name.server.pcap"
		[ "$(cut -d, -f 10 <<<"$output" | sort -u)" = "$cause" ] || fail_run "$name: expected $cause"
	done <<-'END'
		remove_addr_client remove_addr
		remove_addr_server remove_addr
		remove_addr_readd remove_addr
		initial_removed remove_addr
		reset_by_client subflow_closed
		reset_by_server subflow_closed
		pathfail_blackhole timeout
		pathfail_heals timeout
		pathfail_oneway_full timeout
	END
}
