#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-stat: statistics per connection, direction and subflow.
load lib

setup() {
	setup_common
	corpus_cache
}

# column NAME: that column of the CSV in $output, without its header, one line per row; NAME=VALUE arguments after it choose rows.
column() {
	# shellcheck disable=SC2154 # set by run
	python3 -c '
import csv, sys
wanted = [argument.split("=", 1) for argument in sys.argv[2:]]
for row in csv.DictReader(sys.stdin):
    if all(row[name] == value for name, value in wanted):
        print(row[sys.argv[1]])' "$@" <<<"$output"
}

# is VALUE NAME CONDITION...: the column has that value in the one row chosen.
is() {
	local wanted=$1
	shift
	[ "$(column "$@")" = "$wanted" ] || fail_run "$*: expected $wanted, got $(column "$@")"
}

@test "a connection of two subflows" {
	run_ok mptcp-stat "$(capture multi2_paced.client.pcap)"
	golden stat/multi2_paced.csv
}

@test "as a table, with short numbers, and as JSON" {
	run_ok mptcp-stat -f table "$(capture container_dumpcap.client.pcapng)"
	golden stat/container_dumpcap.txt
	run_ok mptcp-stat -H -f table "$(capture container_dumpcap.client.pcapng)"
	golden stat/container_dumpcap-human.txt
	run_ok mptcp-stat -f json "$(capture container_dumpcap.client.pcapng)"
	golden stat/container_dumpcap.json
}

@test "a subflow that the server resets: what it had sent is reinjected on the other" {
	run_ok mptcp-stat "$(capture reset_by_server.server.pcap)"
	golden stat/reset_by_server.csv
}

@test "data sequence numbers that wrap are counted right" {
	run_ok mptcp-stat "$(capture dsn_wrap_dl.client.pcap)"
	golden stat/dsn_wrap.csv
}

@test "after a fallback bytes count by sequence number, and TCP acknowledges them" {
	run_ok mptcp-stat "$(capture fallback_plain_server.client.pcap)"
	golden stat/fallback.csv
	is "$(column unique_bytes mptcpdest=client tcpstream=)" acked_bytes mptcpdest=client tcpstream=
}

@test "captured after the handshake: bytes from there on, no time of the handshake" {
	run_ok mptcp-stat "$(capture partial_midstream_then_join.client.pcap)"
	golden stat/partial.csv
	is "" handshake_rtt mptcpdest=client tcpstream=0
	is "$(column unique_bytes mptcpdest=client tcpstream=)" acked_bytes mptcpdest=client tcpstream=
}

@test "the total has the bytes of mptcp-lc, the subflows those of mptcp-ls" {
	local x
	for x in "$CAPTURES"/*.pcap*; do
		[ "${x##*/}" != fallback_plain_tcp.client.pcap ] || continue
		run_ok mptcp-lc "$x"
		wanted=$(column bytes_to_server)
		run_ok mptcp-stat -d server "$x"
		[ "$(column unique_bytes tcpstream=)" = "$wanted" ] || fail_run "$x: bytes of the connections"
		run_ok mptcp-ls "$x"
		wanted=$(column bytes_to_client | sort)
		run_ok mptcp-stat -d client "$x"
		[ "$(column sent_bytes | paste - - | wc -l)" -gt 0 ]
		for bytes in $wanted; do
			column sent_bytes | grep -qx "$bytes" || fail_run "$x: $bytes bytes of a subflow"
		done
	done
}

@test "plain TCP: nothing but the header, status 1" {
	run_status 1 mptcp-stat "$(capture fallback_plain_tcp.client.pcap)"
	[ "${#lines[@]}" = 1 ]
}

@test "-d, -m, -t and an operand of digits choose rows" {
	local x
	x=$(capture port_reuse_rst_2sf.client.pcap)
	run_ok mptcp-stat "$x"
	all=${#lines[@]}
	run_ok mptcp-stat --no-header -d server "$x"
	[ "$(((all - 1) / 2))" = "${#lines[@]}" ]
	[ "$(cut -d , -f 2 <<<"$output" | sort -u)" = server ]
	run_ok mptcp-stat --no-header 2 "$x"
	[ "$(cut -d , -f 1 <<<"$output" | sort -u)" = 2 ]
	[ "$output" = "$(mptcp-stat --no-header -m 2 "$x")" ]
	run_ok mptcp-stat --no-header -t 1 "$x"
	[ "$(cut -d , -f 3 <<<"$output" | sort -u)" = 1 ]
	[ "${#lines[@]}" = 2 ]
	run_status 1 mptcp-stat 3 "$x"
}

@test "the same from a capture, from CSV, from a pipe" {
	local x
	x=$(capture multi2_paced.client.pcap)
	mptcp-export "$x" >x.csv
	mptcp-stat "$x" >wanted
	mptcp-stat x.csv | cmp - wanted
	mptcp-export "$x" | mptcp-stat - | cmp - wanted
}

@test "rows before a damaged one count: status 3" {
	mptcp-export "$(capture multi2_paced.client.pcap)" >x.csv
	sed '20s/,/,,/' x.csv >bad.csv
	run_status 3 mptcp-stat bad.csv
	says "mptcp-stat: bad.csv: line 20: "
	[ "$output" = "$(head -n 19 x.csv | mptcp-stat)" ]
	[ "${#lines[@]}" -gt 1 ]
}

@test "client_2.pcap of pymptcpanalyzer, connection 1 to the server: figures that were checked by hand" {
	local x=$SHARED/captures/public/pymptcpanalyzer_client_2.pcap subflow
	need_file "$x"
	run_ok mptcp-stat -d server 1 "$x"
	is 2461249 sent_bytes tcpstream=
	is 931 data_packets tcpstream=
	is 2352721 unique_bytes tcpstream=
	is 1846245 acked_bytes tcpstream=
	is 1100001 sent_bytes tcpstream=3
	is 1322692 sent_bytes tcpstream=4
	is 38556 sent_bytes tcpstream=5
	is 32844 retransmitted_bytes tcpstream=
	is 75684 reinjected_bytes tcpstream=
	for subflow in "3 1091433 1090005 8568 1428" "4 1304128 1231300 18564 72828" "5 32844 31416 5712 1428"; do
		read -r id unique first again reinjected <<<"$subflow"
		is "$unique" unique_bytes "tcpstream=$id"
		is "$first" first_copy_bytes "tcpstream=$id"
		is "$again" retransmitted_bytes "tcpstream=$id"
		is "$reinjected" reinjected_bytes "tcpstream=$id"
	done
}

@test "client_2.pcap of pymptcpanalyzer, connection 3 to the server: a packet whose mapping was not captured is unmapped" {
	local x=$SHARED/captures/public/pymptcpanalyzer_client_2.pcap
	need_file "$x"
	run_ok mptcp-stat -d server 3 "$x"
	is 933178 sent_bytes tcpstream=
	is 880305 first_copy_bytes tcpstream=
	is 30025 retransmitted_bytes tcpstream=
	is 21420 reinjected_bytes tcpstream=
	is 1428 unmapped_bytes tcpstream=
}

@test "data under new TCP sequence numbers is reinjected, on the same subflow too" {
	need_file "$SHARED/cases"
	run_ok mptcp-stat -d client "$SHARED/cases/same_subflow_retrans.pcap"
	is 44892 reinjected_bytes tcpstream=
	is 43856 reinjected_bytes tcpstream=1
	run_ok mptcp-stat -d server "$SHARED/cases/a18_reinject_same_subflow.pcap"
	is 1000 reinjected_bytes tcpstream=0
	run_ok mptcp-stat -d client "$SHARED/captures/fallback_strip_midway.server.pcap"
	is 174896 sent_bytes tcpstream=
	is 76024 first_copy_bytes tcpstream=
	is 98872 reinjected_bytes tcpstream=
}

@test "a zero-window probe is no data" {
	run_ok mptcp-stat -d client "$(capture container_dumpcap.client.pcapng)"
	is 1 probe_bytes tcpstream=
	is 124000 unique_bytes tcpstream=
}

@test "Jain's index is over the subflows that were established" {
	need_file "$SHARED/cases"
	run_ok mptcp-stat "$SHARED/cases/jain_failed_join.pcap"
	is 1.0000 jain_index tcpstream= mptcpdest=client
}
