#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-summary: one page in words.
load lib

setup() {
	setup_common
	corpus_cache
}

# facts CAPTURE [OPTION]...: which sentences there are.
facts() {
	mptcp-summary --all -f csv --no-header --columns fact "${@:2}" "$1"
}

# tells CAPTURE FACT: this sentence is among them.
tells() {
	facts "$1" | grep -qx -- "$2" || { echo "$1: no $2"; mptcp-summary "$1"; return 1; }
}

# first_lines CAPTURE WORDS: they are in the first ten lines, wherever those are broken.
first_lines() {
	mptcp-summary "$1" | head -n 10 | tr -s ' \n' ' ' | grep -qF -- "$2" || { echo "$1: not in ten lines: $2"; mptcp-summary "$1"; return 1; }
}

@test "a path that fails, a refused join, a fallback" {
	cp "$DEMO" demo.pcap
	run_ok mptcp-summary demo.pcap
	golden summary/demo.txt
	for x in join_refused.client fallback_plain_server.client reset_by_server.server pathfail_heals.client; do
		cp "$(capture $x.pcap)" .
		run_ok mptcp-summary $x.pcap
		golden summary/$x.txt
	done
}

@test "three walks: the answer is in the first ten lines" {
	first_lines "$(capture join_refused.client.pcap)" 'refused by the peer: administratively prohibited; Linux: ip mptcp limits'
	need_file "$SHARED/captures/MANIFEST.md"
	run_status 1 mptcp-summary "$SHARED/captures/fallback_strip_syn.server.pcap"
	[[ $(head -n 10 <<<"$output" | tr -s ' \n' ' ') == *'no SYN carries MP_CAPABLE'*'a capture at the client tells'* ]]
	first_lines "$SHARED/captures/slow_reader.server.pcap" 'limited by mptcp_window'
	first_lines "$SHARED/captures/slow_reader.server.pcap" 'the receive window was 24 kB on average'
}

@test "at most 25 lines a connection, of 80 characters but for commands" {
	captures=("$CAPTURES"/*.pcap* "$DEMO")
	for x in cases/{readd_cause,killed_subflow.server,interarrival,a15_only_syn} \
		captures/{public/pymptcpanalyzer_server_2,damaged/x_bitflips_anywhere}; do # the longest pages of ../shared
		[ ! -e "$SHARED/$x.pcap" ] || captures+=("$SHARED/$x.pcap")
	done
	long=
	for x in "${captures[@]}"; do
		long+=$(mptcp-summary --all -q "$x" 2>/dev/null | awk -v x="$x" '/^connection / { n = 0 }
			++n > 25 { print x ": line " n } length > 80 && !/^look at|mptcp-/ { print x ": " $0 }' | head -n 3)
	done
	[ -z "$long" ] || { echo "$long"; return 1; }
}

@test "why only one path was used" {
	need_file "$SHARED/captures/MANIFEST.md"
	tells "$SHARED/captures/single_dl.client.pcap" one_path_nobody
	tells "$SHARED/captures/partial_first_interface.client.pcap" one_path_interface
	tells "$SHARED/captures/add_addr_refused.client.pcap" announced_unused
	tells "$SHARED/captures/join_refused.client.pcap" join_failed
	tells "$SHARED/captures/many50.client.pcap" one_path_little
	tells "$SHARED/captures/backup_prio.server.pcap" backup_used
	run_ok mptcp-summary --width 10000 "$SHARED/captures/backup_prio.server.pcap"
	[[ $output == *'its bytes sent before: MP_PRIO changed its priority meanwhile'* ]]
	tells "$SHARED/captures/fallback_strip_join_syn.client.pcap" join_failed
}

@test "each answer has a capture" {
	need_file "$SHARED/cases/a12_join_only_reason3.pcap"
	need_file "$SHARED/captures/MANIFEST.md"
	while read -r file fact; do
		tells "$SHARED/$file" "$fact"
	done <<-'EOF'
		cases/n_rst-after-fin.pcap one_path_late
		cases/a25_mpc_data_csum22.pcap one_path_short
		cases/backup_syn_only.pcap one_path_backup
		cases/snap96_any.pcap one_path_reinjected
		cases/initial_lost_options.pcap subflow_failed
		captures/idle_reqresp.server.pcap one_path_application
		captures/container_qinq.span.pcap one_path_window
		captures/port_reuse_rst_2sf.server.pcap one_path_unused
	EOF
	# the server's SYN/ACK with flag C
	mptcp-export "$SHARED/captures/single_dl.client.pcap" | sed 's/,1e0c0101/,1e0c0121/' >forbids.csv
	tells forbids.csv one_path_forbidden
	run_status 1 mptcp-summary -f csv --columns fact "$SHARED/cases/a12_join_only_reason3.pcap"
	[ "${lines[1]}" = no_mptcp_joins ]
}

@test "why it fell back" {
	need_file "$SHARED/captures/MANIFEST.md"
	for x in fallback_plain_server fallback_strip_synack fallback_strip_midway; do
		tells "$SHARED/captures/$x.client.pcap" fell_back
	done
	run_ok mptcp-summary "$SHARED/captures/fallback_strip_midway.client.pcap"
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'segments came without their MPTCP options; something on the path takes them away'* ]]
}

@test "outages: silent, sent again elsewhere, answered again; none where the subflow was reset" {
	tells "$DEMO" path_lost
	tells "$DEMO" path_moved
	need_file "$SHARED/captures/pathfail_heals.server.pcap"
	run_ok mptcp-summary -f csv --no-header --columns tcpstream,fact "$SHARED/captures/pathfail_heals.server.pcap"
	for fact in path_silent path_moved path_resumed; do
		grep -qx "1,$fact" <<<"$output" # the subflow that was silent
	done
	run -1 grep -q path_ <<<"$(facts "$(capture reset_by_server.server.pcap)")"
	run -1 grep -q path_ <<<"$(facts "$(capture multi2_paced.server.pcap)" | grep -vx path)"
}

@test "no MPTCP: the page says why it looks so, status 1" {
	run_status 1 mptcp-summary "$(capture fallback_plain_tcp.client.pcap)"
	[[ $output == *'no SYN carries MP_CAPABLE'* ]]
	says 'no MPTCP connection; 1 TCP connection'
	run_ok mptcp-summary --allow-empty "$(capture fallback_plain_tcp.client.pcap)"
	need_file "$SHARED/cases/a12_join_only_reason3.pcap"
	run_status 1 mptcp-summary 7 "$DEMO"
	says 'no connection 7; there is only 0'
}

@test "many connections: the largest in full, the others grouped with an example" {
	need_file "$SHARED/captures/many50.client.pcap"
	run_ok mptcp-summary "$SHARED/captures/many50.client.pcap"
	[ "$(grep -c '^connection ' <<<"$output")" = 3 ]
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'47 connections'*'for example connection'*'47 other connections, '* ]]
	run_ok mptcp-summary --all "$SHARED/captures/many50.client.pcap"
	[ "$(grep -c '^connection ' <<<"$output")" = 50 ]
	run_ok mptcp-summary 9 "$SHARED/captures/many50.client.pcap"
	[ "$(grep -c '^connection ' <<<"$output")" = 1 ]
	[[ $output == *'connection 9 '* ]]
}

@test "each path has a row, also where the page has no line for it, and says so" {
	# seven more subflows, each a copy of the second
	mptcp-export "$(capture multi2_paced.client.pcap)" | awk -F, -v OFS=, '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
		{ $1 = ++n; print }
		$at["tcpstream"] == 1 { p = at[$at["tcpdest"] == "server" ? "sport" : "dport"]; port = $p
			for (k = 2; k < 9; k++) { $1 = ++n; $at["tcpstream"] = k; $p = port + k; print } }' >many.csv
	[ "$(facts many.csv | grep -cx path)" = 9 ]
	run_ok mptcp-summary many.csv
	[ "${#lines[@]}" -le 25 ]
	[[ $output == *'more: mptcp-summary -f table 0 many.csv' ]]
}

@test "rows have the same sentences as the page, at the same times" {
	cp "$DEMO" demo.pcap
	[[ $(mptcp-summary demo.pcap) == *' 0.637 s subflow 1 went silent'* ]]
	mptcp-summary -f csv --no-header --columns time,fact demo.pcap | grep -qx '0.636509000,path_lost'
	mptcp-summary --width 10000 demo.pcap | cut -c 16- | sed -E 's/^[0-9]+\.[0-9]{3} s //; s/ \(packet [0-9]+\)$//' >page
	mptcp-summary -f json demo.pcap | jq -r .text >rows
	diff page rows
	run_ok mptcp-summary demo.pcap "$(capture join_refused.client.pcap)"
	[ "$(cut -d, -f 1 <<<"$output" | sort -u | wc -l)" = 3 ]
}

@test "--width: from 40; commands are not broken" {
	run_ok mptcp-summary --width 40 "$DEMO"
	[[ $output == *"mptcp-plot dss --dack -d client 0 $DEMO"* ]]
	run -1 grep -vE '^.{0,40}$|mptcp-' <<<"$output"
	for width in 40 57 80 83; do # a number and its unit are on one line
		run_ok mptcp-summary --width $width "$DEMO"
		awk 'number && /^               [a-zA-Z%]/ { print; bad = 1 } { number = /[0-9]$/ } END { exit bad }' <<<"$output"
	done
	for width in 39 x 10001; do
		run_status 2 mptcp-summary --width $width "$DEMO"
		says "option --width: '$width' is not a number from 40 to 10000"
	done
	run_status 2 mptcp-summary -f short "$DEMO"
	says "option --format: 'short' is not csv, table, json or text"
}

@test "the commands that it names work" {
	cp "$DEMO" demo.pcap
	cp "$(capture join_refused.client.pcap)" "it's refused.pcap"
	for x in demo "it's refused"; do
		command=$(mptcp-summary -f json "$x.pcap" | jq -r 'select(.section == "look") | .text')
		[[ $command != mptcp-plot* ]] || command+=" -o x.svg"
		run_ok bash -c "$command"
	done
}
