#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-lr: reinjections.
load lib

setup() {
	setup_common
	corpus_cache
}

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

@test "-d and -t choose rows; --first changes nothing" {
	local x
	x=$(capture partial_midstream_then_join.client.pcap)
	run_ok mptcp-lr --no-header -d client "$x"
	[ "$(cut -d, -f2 <<<"$output" | sort -u)" = client ]
	run_ok mptcp-lr --no-header -t 0 "$DEMO"
	[ "$(cut -d, -f5 <<<"$output" | sort -u)" = 0 ]
	run_ok mptcp-lr --first "$DEMO"
	[ "$output" = "$(mptcp-lr "$DEMO")" ]
}

@test "a retransmission of TCP is not a reinjection" {
	mptcp-lr "$DEMO" >rows
	run -1 grep -E '^0,client,(304|478|561|839),' rows # 304: TCP repeats packet 136, the original of 229
}

@test "the rows are about the packets that mptcp-export marks, in our captures" {
	for x in "$DEMO" "$CAPTURES"/*.pcap*; do
		same_packets_as_export "$x"
	done
}

@test "42 packets of client_2 and 41 of server_2 are reinjections, 75684 bytes of connection 1" {
	local public=$SHARED/captures/public/pymptcpanalyzer
	need_file "${public}_client_2.pcap"
	[ "$(mptcp-lr --no-header "${public}_client_2.pcap" | cut -d, -f 3 | sort -u | wc -l)" = 42 ]
	[ "$(mptcp-lr --no-header "${public}_server_2.pcap" | cut -d, -f 3 | sort -u | wc -l)" = 41 ]
	for side in client server; do
		[ "$(mptcp-lr 1 -d server "${public}_${side}_2.pcap" | sum length 1)" = 75684 ]
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
			[ "$(mptcp-lr -d client "$x" | sum length '$7 > 1')" = "$wanted" ] ||
				fail_run "$x: not $wanted bytes"
		done
	done
}

# Fails unless the lengths of the rows of capture $1 sum to the reinjected bytes of mptcp-stat, and all have an original.
same_bytes_as_stat() {
	mptcp-export -q -o packets.csv "$1" || return
	[ "$(mptcp-lr -q packets.csv | sum length '$8 != ""')" = "$(mptcp-stat -q packets.csv | sum reinjected_bytes '$3 != ""')" ] ||
		{ echo "$1"; return 1; }
}

@test "the lengths sum to the reinjected bytes of mptcp-stat, in our captures" {
	for x in "$DEMO" "$CAPTURES"/*.pcap*; do
		same_bytes_as_stat "$x"
	done
}

@test "so they do in every capture of ../shared" {
	need_file "$SHARED/captures/loss.truth.json"
	for x in "$SHARED"/captures/*.pcap* "$SHARED"/captures/public/*.pcap* "$SHARED"/cases/*.pcap; do
		[[ $x == *many1000* || $x == *.txt || $x == *.json ]] || same_bytes_as_stat "$x"
	done
}

@test "the cause is what was done to the subflow" {
	need_file "$SHARED/captures/loss.truth.json"
	while read -r name cause; do
		# over the same subflow it may be a missing DATA_ACK
		run_ok mptcp-lr --no-header "$SHARED/captures/$name.server.pcap"
		[ "$(awk -F, '$5 != $9 || $11 != "data_ack_missing" { print $11 }' <<<"$output" | sort -u)" = "$cause" ] ||
			fail_run "$name: expected $cause"
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

@test "the end of a subflow is the cause for what went over living ones, too" {
	need_file "$SHARED/cases/readd_cause.pcap"
	run_ok mptcp-lr --first --no-header -d client "$SHARED/cases/readd_cause.pcap"
	[ "$(cut -d, -f 11 <<<"$output" | sort -u)" = remove_addr ]
	[ "$(cut -d, -f 9 <<<"$output" | sort -u | paste -sd ' ')" = "0 1 2 3" ]
}

@test "what MPTCP sends again over the same subflow is a reinjection" {
	need_file "$SHARED/cases/same_subflow_retrans.pcap"
	[ "$(mptcp-lr -d client "$SHARED/cases/same_subflow_retrans.pcap" | sum length 1)" = 44892 ]
	[ "$(mptcp-lr "$SHARED/cases/a18_reinject_same_subflow.pcap" | sum length 1)" = 1000 ]
	mptcp-lr --no-header "$SHARED/captures/fallback_strip_midway.server.pcap" >rows
	[ "$(wc -l <rows)" -gt 60 ]
	[ "$(cut -d, -f 5,9 rows | sort -u)" = 0,0 ]
}

@test "what MP_FAIL refused did not arrive: its reinjection was useful" {
	need_file "$SHARED/cases/a28_fail_rst_two.pcap"
	run_ok mptcp-lr --no-header "$SHARED/cases/a28_fail_rst_two.pcap"
	[ "$(cut -d, -f 11,12 <<<"$output")" = mp_fail,yes ]
}

# Packets whose data overlaps as no sender would make it: hostile KIND COUNT; same, descending, ascending or random.
hostile() {
	awk -v kind="$1" -v count="$2" 'BEGIN {
		print "packetid,abstime,reltime,tcpstream,tcpdest,mptcpstream,mptcpdest,tcpflags,tcpseq,tcpack,tcplen,subtype,dsn,dack,options"
		srand(1)
		for (i = 0; i < count; i++) {
			dsn = kind == "same" ? 1 : kind == "descending" ? count - i : kind == "ascending" ? i + 1 : 1 + int(rand() * count)
			printf "%d,%.9f,%.9f,%d,server,0,server,0x0010,%d,1,60000,DSS,%d,1,\n", i + 1, 1000 + i / 100000, i / 100000, i % 2,
				(1 + int(i / 2) * 60000) % 4294967296, dsn
		}
	}'
}

@test "memory and rows per packet are bounded, however the data overlaps" {
	for kind in same descending ascending random; do
		hostile $kind 20000 >hostile.csv
		(
			# the address sanitizer wants more than any limit
			[[ $BUILD == *asan* ]] || ulimit -v 100000
			mptcp-lr --no-header hostile.csv >rows
		)
		[ "$(cut -d, -f 3 rows | uniq -c | awk '$1 > most { most = $1 } END { print (most <= 256) }')" = 1 ]
		[ "$(cut -d, -f 3 rows | uniq | wc -l)" -ge 19000 ]
	done
}

@test "from standard input rows come when they are settled, from a file in order of packets" {
	mptcp-export "$DEMO" >demo.csv
	run_ok mptcp-lr --no-header demo.csv
	[ "$output" = "$(sort -s -n -t, -k 3,3 <<<"$output")" ]
	[ "$(sort <<<"$output")" = "$(mptcp-lr --no-header <demo.csv | sort)" ]
	# the row of packet 229 does not wait for the end of the stream: 10 s of capture time, or the end of its subflow
	mkfifo packets
	mptcp-lr --no-header <packets >rows 3>&- &
	exec 7>packets
	cat demo.csv >&7
	for _ in {1..100}; do
		[ ! -s rows ] || break
		sleep 0.1
	done
	grep -q '^0,client,229,' rows
	exec 7>&-
	wait
}
