#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-le: the signalling as a timeline.
load lib

# count EVENT DESTINATION ECHO FILE: rows of that event to that host; ECHO is yes, no or empty.
count() {
	awk -F, -v event="$1" -v to="$2" -v echo="$3" \
		'$6 == event && $5 == to && (echo == "" || $13 == echo) { n++ } END { print n + 0 }' "$4"
}

@test "a join that the server refuses, with the reason of its reset" {
	run_ok mptcp-le "$(capture join_refused.client.pcap)"
	golden le/join_refused.csv
}

@test "an announced address: ADD_ADDR, its echo and the join, IPv6; as a table and as JSON" {
	run_ok mptcp-le -f table "$(capture add_addr_v6.client.pcap)"
	golden le/add_addr_v6.txt
	run_ok mptcp-le -f json "$(capture add_addr_v6.client.pcap)"
	golden le/add_addr_v6.json
}

@test "MP_FASTCLOSE ends connections" {
	run_ok mptcp-le "$(capture port_reuse_rst_2sf.client.pcap)"
	golden le/port_reuse.csv
}

@test "a fallback names the first step that went wrong; plain TCP has no event" {
	run_ok mptcp-le "$(capture fallback_plain_server.client.pcap)"
	golden le/fallback_plain_server.csv
	run_status 1 mptcp-le "$(capture fallback_plain_tcp.client.pcap)"
	[ "${#lines[@]}" = 1 ]
}

@test "mptcp-export x.pcap | mptcp-le and mptcp-le x.pcap print the same" {
	local x
	x=$(capture port_reuse_rst_2sf.client.pcap)
	mptcp-export "$x" | mptcp-le 1 | cmp - <(mptcp-le -m 1 "$x")
}

@test "rows are in order of packets; ID, -t and -d choose" {
	local x
	x=$(capture port_reuse_rst_2sf.client.pcap)
	mptcp-le --no-header "$x" | sort -s -c -t, -k1,1n
	run_ok mptcp-le --no-header 2 "$x"
	[ "$(cut -d, -f3 <<<"$output" | sort -u)" = 2 ]
	run_ok mptcp-le --no-header -t 2 "$x"
	[ "$(cut -d, -f4 <<<"$output" | sort -u)" = 2 ]
	run_ok mptcp-le --no-header -d client "$x"
	[ "$(cut -d, -f5 <<<"$output" | sort -u)" = client ]
	run_status 1 mptcp-le 99 "$x"
}

@test "every HMAC of a Linux capture is right" {
	for x in "$CAPTURES"/*.pcap*; do
		[[ $x != */partial_* ]] || continue # keys not captured
		mptcp-le "$x" >>all || [ $? = 1 ]
	done
	[ "$(grep -c hmac_valid all)" -ge 12 ]
	run -1 grep hmac_wrong all
	[ -z "$(awk -F, '$6 ~ /^MP_JOIN_(SYNACK|ACK)$/ && $14 == ""' all)" ]
	[ -n "$(awk -F, '$6 == "ADD_ADDR" && $13 == "no" && $14 == "hmac_valid"' all)" ]
}

@test "the options counted are those that the kernel counted" {
	local file=table.csv peer
	need_file "$SHARED/captures/add_addr.truth.json"
	need_program jq
	for name in add_addr_lost add_addr_port backup_prio backup_server remove_addr_readd initial_removed \
		checksum_fail_multi checksum_fail_stall; do
		for host in client server; do
			[ $host = client ] && peer=server || peer=client
			mptcp-le -o $file "$SHARED/captures/$name.$host.pcap"
			while read -r counter event to echo; do
				wanted=$(jq ".mib_change.${host}[\"MPTcpExt.$counter\"] // 0" "$SHARED/captures/$name.truth.json")
				[ "$(count "$event" "$to" "${echo:-}" $file)" = "$wanted" ] ||
					fail_run "$name.$host: $counter: expected $wanted"
			done <<-END
				AddAddrTx ADD_ADDR $peer no
				AddAddr ADD_ADDR $host no
				EchoAddTx ADD_ADDR $peer yes
				EchoAdd ADD_ADDR $host yes
				RmAddrTx REMOVE_ADDR $peer
				RmAddr REMOVE_ADDR $host
				MPPrioTx MP_PRIO $peer
				MPPrioRx MP_PRIO $host
				MPFailTx MP_FAIL $peer
				MPFailRx MP_FAIL $host
			END
		done
	done
}

@test "what was done to a connection on its way is what the failure says" {
	need_file "$SHARED/captures/fallback_strip_syn.truth.json"
	while read -r name wanted; do
		run_ok mptcp-le --no-header "$SHARED/captures/$name.pcap"
		[ "$(awk -F, '$6 ~ /FALLBACK|FAILED/ { print $6 ":" $14 }' <<<"$output" | head -n 1)" = "$wanted" ] ||
			fail_run "$name: expected $wanted"
	done <<-'END'
		fallback_strip_syn.client FALLBACK:no_mp_capable_in_synack
		fallback_strip_synack.client FALLBACK:no_mp_capable_in_synack
		fallback_strip_synack.server FALLBACK:no_mp_capable_in_ack
		fallback_strip_after_handshake.client FALLBACK:options_lost
		fallback_strip_after_handshake.server FALLBACK:no_mp_capable_in_ack
		fallback_strip_midway.client FALLBACK:options_lost
		fallback_strip_midway.server FALLBACK:options_lost
		fallback_strip_join_syn.client JOIN_FAILED:no_mp_join_in_synack
		fallback_blackhole_mpc.client FALLBACK:no_reply
		checksum_fail_infinite_map.client FALLBACK:mp_fail
		checksum_fail_stall.server FALLBACK:mp_fail
		join_refused.server JOIN_FAILED:reset_administratively_prohibited
	END
}

@test "nothing failed where nothing was done" {
	need_file "$SHARED/captures/multi2_dl.client.pcap"
	for name in multi2_dl multi3_both loss reordering duplicates seq_rewrite offload_middlebox_cuts fastopen half_close \
		partial_midstream partial_client_in partial_client_out partial_second_interface; do
		for x in "$SHARED/captures/$name".*.pcap; do
			mptcp-le "$x" >table || [ $? = 1 ]
			run -1 grep -E 'FALLBACK|FAILED' table
		done
	done
}

@test "from standard input the same events, each as soon as it is settled" {
	local x
	x=$(capture multi2_paced.client.pcap)
	mptcp-le "$x" >file
	mptcp-export "$x" | mptcp-le >stream
	diff <(sort file) <(sort stream)
	# the first one is there before the last packet
	mptcp-export "$x" | { sed '/^20,/q'; sleep 2; } | mptcp-le >live 2>errors &
	local le=$!
	for _ in {1..15}; do
		grep -q MP_CAPABLE_SYN live && break
		sleep 0.1
	done
	grep -q MP_CAPABLE_SYN live
	kill -0 "$le"
	wait "$le"
}

@test "-f short: a line for each event, what is bad marked, with its reason" {
	run_ok mptcp-le -f short "$(capture join_refused.client.pcap)"
	golden le/join_refused.short
	[[ $output == *$'\n+0.132426  #0 2634e242  ! JOIN_FAILED  reset_administratively_prohibited\n'* ]]
	run_ok mptcp-le -f short "$(capture add_addr_v6.client.pcap)"
	golden le/add_addr_v6.short
	run_ok mptcp-le -f short "$(capture keys/join_unknown_token.pcap)"
	golden le/join_unknown_token.short
	run_ok mptcp-le -f short "$(capture story/malformed_before_dss.pcap)"
	golden le/malformed.short
}

@test "-f short has the events of the other formats, in their order, and is empty where they are" {
	local x
	for x in "$CAPTURES"/*.pcap "$CAPTURES"/story/*.pcap; do
		mptcp-le -q --allow-empty --no-header --columns event "$x" |
			cmp - <(mptcp-le -q --allow-empty -f short "$x" | sed -E 's/^[+-][0-9.]+  #([0-9]+|-) ([0-9a-f]{8}|-       )  [ !] ([A-Z_]+)(  .*)?$/\3/')
	done
	run_status 1 mptcp-le -f short -m 7 "$DEMO"
	says 'no connection 7'
	[ -z "$output" ]
}

@test "outages: silent, sent again elsewhere, answered again; the same from standard input" {
	run_ok mptcp-le --no-header --event subflow_silent,data_moved,subflow_resumed --columns packetid,tcpstream,mptcpdest,event,bytes,duration,from "$DEMO"
	[ "$output" = $'136,1,client,SUBFLOW_SILENT,28428,,\n229,0,client,DATA_MOVED,,0.942462000,1' ]
	# packet 229 is the first that repeats data of packet 136
	[ "$(mptcp-lr --no-header --columns packetid "$DEMO" | head -n 1)" = 229 ]
	need_file "$SHARED/captures/pathfail_heals.server.pcap"
	run_ok mptcp-le -f short "$SHARED/captures/pathfail_heals.server.pcap"
	[[ $output == *' ! SUBFLOW_SILENT  23716 bytes outstanding'*'DATA_MOVED  of subflow 1 after 1.882 s'*'SUBFLOW_RESUMED  after 2.299 s'* ]]
	mptcp-export "$SHARED/captures/pathfail_heals.server.pcap" | mptcp-le - | sort | diff - <(mptcp-le "$SHARED/captures/pathfail_heals.server.pcap" | sort)
	run_status 1 mptcp-le --event subflow_silent "$(capture reset_by_server.server.pcap)"
	run_status 1 mptcp-le --event subflow_silent "$(capture multi2_paced.server.pcap)"
}

@test "--event: these kinds only, in any case; the nearest name of a misspelt one" {
	x=$(capture pathfail_heals.client.pcap)
	run_ok mptcp-le --no-header --event data_fin,Connection_Closed "$x"
	[ "$(cut -d, -f6 <<<"$output" | sort | uniq -c | xargs)" = '1 CONNECTION_CLOSED 2 DATA_FIN' ]
	diff <(mptcp-le --no-header "$x" | grep -E ',(DATA_FIN|CONNECTION_CLOSED),') - <<<"$output"
	run_ok mptcp-le -f short --event MP_JOIN_SYN "$x"
	[ "$(wc -l <<<"$output")" -eq 1 ]
	run_status 1 mptcp-le --event JOIN_FAILED "$x"
	says "no such event; 11 of other kinds"
	run_status 2 mptcp-le --event join_faild "$x"
	says "unknown event 'JOIN_FAILD'; did you mean 'JOIN_FAILED'?"
	run_status 2 mptcp-le --event DATA_FIN, "$x"
	# completion offers every kind, and nothing else
	names=$(mptcp-le --list-options | awk -F '\t' '$2 == "event" { print $5 }')
	for name in $names; do
		run -0 mptcp-le --allow-empty --event "$name" "$x"
		grep -qE "^.It Cm (.* )?$name( |\$)" "$ROOT/man/mptcp-le.1"
	done
	[ "$(wc -w <<<"$names")" -eq "$(grep -c '\[MPTCP_EVENT_.*\] = "' "$ROOT/lib/story/event.c")" ]
}
