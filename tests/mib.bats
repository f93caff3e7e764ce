#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-mib: the kernel's counters, predicted and compared. mib/ has what the hosts of our own captures counted, in the forms
# in which Linux gives it.
load lib

setup() {
	setup_common
	corpus_cache
}

# sums COLUMN...: of each counter, from rows of CSV on standard input; open where a cell is empty.
sums() {
	awk -F, -v wanted="$*" '
		NR == 1 { n = split(wanted, name, " "); for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ for (i = 1; i <= n; i++) { cell = $at[name[i]]; key = $at["counter"] SUBSEP i; sum[key] = cell == "" || sum[key] == "open" ? "open" : sum[key] + cell }; seen[$at["counter"]] }
		END { for (c in seen) { line = c; for (i = 1; i <= n; i++) line = line " " sum[c, i]; print line } }' | sort
}

@test "what the hosts of six captures counted: nstat, nstat -j, /proc/net/netstat" {
	local x file host

	for x in join_refused.client.nstat port_reuse_rst_2sf.client.nstat add_addr_v6.client.netstat \
		fallback_plain_server.client.nstat pathfail_heals.client.nstat reset_by_server.server.json; do
		file=${x%.*}
		host=${file##*.}
		run_ok mptcp-mib --host "$host" --kernel 6.18 --against "$ROOT/tests/mib/$x" "$(capture "$file.pcap")"
		golden "mib/$file.csv"
	done
}

@test "--host both: a connection on the loopback interface" {
	run_ok mptcp-mib --host both --kernel 6.18 --against "$ROOT/tests/mib/loopback.client.nstat" "$(capture loopback.client.pcap)"
	golden mib/loopback.csv
	# one host alone has counted less
	run_status 1 mptcp-mib --host client --kernel 6.18 --against "$ROOT/tests/mib/loopback.client.nstat" "$(capture loopback.client.pcap)"
	mptcp-mib --host client "$(capture loopback.client.pcap)" >one
	mptcp-mib --host server "$(capture loopback.client.pcap)" >>one
	diff <(grep -v ^counter one | cut -d, -f 1,2 | awk -F, '{ n[$1] += $2 } END { for (c in n) print c, n[c] }' | sort) \
		<(mptcp-mib --host both "$(capture loopback.client.pcap)" | sums predicted)
}

@test "every capture of ../shared against what its host counted" {
	local truth file host judged=0

	need_file "$SHARED/captures/MANIFEST.md"
	need_program python3
	mptcp-mib --no-header -z --kernel 6.18 --columns counter --host client "$(capture join_refused.client.pcap)" >list
	[ "$(wc -l <list)" = 76 ]
	for truth in "$SHARED"/captures/*.truth.json; do
		case $truth in
		*/partial_* | */dsn_wrap_*) continue ;; # they have a part of what was counted
		esac
		for file in "${truth%.truth.json}".{client,server}.pcap*; do
			[ -e "$file" ] || continue
			[[ $file == *.client.pcap* ]] && host=client || host=server
			python3 "$ROOT/tests/mib.py" "$truth" "$host" list >counters
			[[ $file == */loopback* ]] && host=both
			run -0 --separate-stderr mptcp-mib --host "$host" --kernel 6.18 --against counters "$file"
			[[ $output != *,differs,* ]] || fail_run "$file"
			judged=$((judged + $(grep -cE ',(equal|within),' <<<"$output" || true)))
		done
	done
	[ "$judged" -gt 1000 ]
}

@test "the rows of --per connection, and those of --per SECONDS, add up to the total" {
	local x

	for x in "$(capture port_reuse_rst_2sf.client.pcap)" "$(capture pathfail_heals.client.pcap)" \
		"$(capture keys/token_collision.pcap)" "$DEMO"; do
		mptcp-export -o packets.csv "$x"
		mptcp-mib --host both packets.csv | sums predicted low high >total
		[ -s total ]
		mptcp-mib --host both --per connection packets.csv >rows
		[[ $(head -n 1 rows) == mptcpstream,counter,* ]]
		diff total <(sums predicted low high <rows)
		mptcp-mib --host both --per 0.001 packets.csv >rows
		[[ $(head -n 1 rows) == start,counter,* ]]
		[ "$(cut -d, -f 1 rows | sort -u | wc -l)" -gt 2 ]
		diff total <(sums predicted low high <rows)
	done
}

@test "what one connection, one TCP connection, one direction and one period have" {
	local x
	x=$(capture port_reuse_rst_2sf.client.pcap)
	mptcp-export -o packets.csv "$x"
	mptcp-mib --host client 1 packets.csv >one
	diff one <(mptcp-mib --host client --per connection packets.csv | sed -n 's/^1,//p' | cat <(head -n 1 one) -)
	[ "$(mptcp-mib --host client --to 0 packets.csv 2>&1 | grep -c MPCapable)" = 0 ]
	[ "$(mptcp-mib --host client -d server packets.csv | grep -c 'Rx,')" = 0 ]
	run_ok mptcp-mib --host client -t 0 packets.csv
	[[ $output == *MPCapableSYNTX,1,1,1,exact,* && $output != *MPJoinSynTx* ]]
}

@test "a host by its address has the role of that address in each connection" {
	local x client server
	x=$(capture port_reuse_rst_2sf.client.pcap)
	mptcp-export -o packets.csv "$x"
	IFS=, read -r client server < <(mptcp-lc --no-header --columns client,server packets.csv | head -n 1)
	diff <(mptcp-mib --host client packets.csv) <(mptcp-mib --host "$client" packets.csv)
	diff <(mptcp-mib --host server packets.csv) <(mptcp-mib --host "$server" packets.csv)
	run_status 1 mptcp-mib --host 192.0.2.77 packets.csv
	says "no MPTCP connection of the host"
	run_status 2 mptcp-mib --host somebody packets.csv
	says "option --host: 'somebody' is not client, server, both or an address"
}

@test "without --host, the end at which the capture was taken; a capture that does not tell is refused" {
	diff <(mptcp-mib "$(capture multi2_paced.client.pcap)") <(mptcp-mib --host client "$(capture multi2_paced.client.pcap)")
	diff <(mptcp-mib "$(capture multi2_paced.server.pcap)") <(mptcp-mib --host server "$(capture multi2_paced.server.pcap)")
	run_status 2 mptcp-mib "$(capture dsn_wrap_dl.client.pcap)"
	says "--host says whose counters are meant"
	[ -z "$output" ]
}

@test "both ends of a path that loses nothing say the same" {
	local role
	for role in client server; do
		diff <(mptcp-mib --host $role --columns counter,predicted,class "$(capture multi2_paced.client.pcap)" | grep exact) \
			<(mptcp-mib --host $role --columns counter,predicted,class "$(capture multi2_paced.server.pcap)" | grep exact)
	done
}

@test "a counter that differs is status 1, with the packets that were expected to count" {
	sed 's/\(MPFastcloseTx  *\)[0-9]*/\10/' "$ROOT/tests/mib/port_reuse_rst_2sf.client.nstat" >counters
	run_status 1 mptcp-mib --host client --kernel 6.18 --against counters "$(capture port_reuse_rst_2sf.client.pcap)"
	[ "$(grep -c ',differs,' <<<"$output")" = 1 ]
	row=$(grep ',differs,' <<<"$output")
	[[ $row == MPFastcloseTx,*,exact,0,-* ]]
	# the packets are those that mptcp-le lists
	diff <(cut -d, -f 9 <<<"$row" | tr ';' '\n') \
		<(mptcp-le --columns event,packetid,mptcpdest "$(capture port_reuse_rst_2sf.client.pcap)" | sed -n 's/^MP_FASTCLOSE,\(.*\),server$/\1/p')
	[ "$(mptcp-mib --host client --kernel 6.18 --against - "$(capture port_reuse_rst_2sf.client.pcap)" <counters)" = "$output" ]
}

@test "what FILE has and the rules have not, and the other way round" {
	local x
	x=$(capture reset_by_server.server.pcap)
	printf 'MPTcpExtOfTomorrow 3 0.0\nMPTcpExtMPRstTx 1 0.0\nTcpExtSomething 99 0.0\n' >counters
	run_ok mptcp-mib --host server --against counters "$x"
	[[ $output == *$'\nOfTomorrow,,,,unpredictable,3,,unpredictable,,'* ]]
	[[ $output == *$'\nMPJoinSynRx,1,1,1,exact,,,,'* ]]
	[[ $output != *Something* ]]
	printf 'MPTcpExtMPRstTx 1 0.5\n' | run_ok mptcp-mib --host server --against - "$x"
	printf 'MPTcpExtMPRstTx 1 0.5\n' >counters
	run_ok mptcp-mib --host server --against counters "$x"
	says "counters: an nstat daemon runs"
}

@test "files that are no counters are refused: status 3" {
	local x
	x=$(capture reset_by_server.server.pcap)
	refused() {
		run_status 3 mptcp-mib --host server --against counters "$x"
		says "counters: $1"
		[ -z "$output" ]
	}
	printf 'TcpExtSomething 99 0.0\n' >counters
	refused "no counter MPTcpExt"
	printf 'MPTcpExtMPRstTx 1\nMPTcpExtMPRstTx 1\n' >counters
	refused "counter MPRstTx is there twice"
	printf 'MPTcpExtMPRstTx 1\n' | cat - <(yes '#' | head -c 2000000) >counters
	refused "too long for counters"
	printf 'MPTcpExtMPRstTx many\n' >counters
	refused "'many' is not the value of a counter"
	printf 'MPTcpExt: MPRstTx MPRstRx\n' >counters
	refused "no line of numbers after that of MPTcpExt"
	printf 'MPTcpExt: MPRstTx MPRstRx\nMPTcpExt: 1\n' >counters
	refused "'' is not the value of a counter"
	run_status 5 mptcp-mib --host server --against nowhere "$x"
	run_status 2 mptcp-mib --host server --per connection --against counters "$x"
}

@test "nothing to judge is status 0, and said" {
	printf 'MPTcpExtMPRstTx 0 0.0\n' >counters
	run_ok mptcp-mib --host client --against counters "$(capture fallback_plain_tcp.client.pcap)"
	says "nothing to judge: no MPTCP connection, and the host counted nothing"
	printf 'MPTcpExtSndWndShared 7 0.0\n' >counters
	run_ok mptcp-mib --host client --against counters "$(capture multi2_paced.client.pcap)"
	says "nothing to judge: no counter that can be predicted"
	printf 'MPTcpExtSndWndShared 0 0.0\n' >counters
	run_ok mptcp-mib --host client --against counters "$(capture multi2_paced.client.pcap)"
	says "nothing to judge: no counter that can be predicted"
	# what the capture does not have at all is a difference, no matter to be passed over
	printf 'MPTcpExtMPRstTx 1 0.0\n' >counters
	run_status 1 mptcp-mib --host client --against counters "$(capture fallback_plain_tcp.client.pcap)"
	run_status 1 mptcp-mib --host client "$(capture fallback_plain_tcp.client.pcap)"
	says "no MPTCP connection"
}

@test "a capture that began late has no upper bounds" {
	local x
	x=$(capture partial_midstream_then_join.client.pcap)
	printf 'MPTcpExtMPCapableSYNTX 1 0.0\nMPTcpExtMPJoinSynTx 0 0.0\n' >counters
	run_ok mptcp-mib --host client --against counters "$x"
	says "1 of 1 connections were captured in part: no upper bounds; hyg-midstream: the handshake of a subflow is not in the capture"
	[[ $output == *$'\nMPCapableSYNTX,0,0,,bounded,1,1,unpredictable,'* ]]
	[[ $output == *$'\nMPJoinSynTx,1,0,,bounded,0,-1,within,'* ]]
	# which end is the client is known of an address
	run_status 1 mptcp-mib --host "$(mptcp-lc --no-header --columns client "$x")" --against counters "$x"
	[[ $output == *$'\nMPJoinSynTx,1,1,,bounded,0,-1,differs,'* ]]
}

@test "of what a part of a capture lacks, no number is guessed" {
	local x file host part judged=0 syn

	need_program python3
	for x in join_refused.client.nstat port_reuse_rst_2sf.client.nstat add_addr_v6.client.netstat reset_by_server.server.json; do
		file=${x%.*}
		host=${file##*.}
		mptcp-export --columns packetid,tcpstream,mptcpdest "$(capture "$file.pcap")" >packets
		syn=$(sed -n '2s/,.*//p' packets)
		for part in to_client to_server from=$((syn + 1)) from=$((syn + 2)) from=$((syn + 3)) from=$((syn + 12)) \
			from=$(($(wc -l <packets) / 2)) without=0 snap=70 snap=82 snap=90 every=3; do
			# of a join that was refused, without its connection, the host may be anybody's
			[[ $part$file != without=0join* ]] || continue
			python3 "$ROOT/tests/mib_part.py" "$(capture "$file.pcap")" packets "$part" part.pcap
			run -0 --separate-stderr mptcp-mib --no-cache --host "$host" --kernel 6.18 --against "$ROOT/tests/mib/$x" part.pcap
			says "no upper bounds"
			[[ $output != *,exact,* ]] || fail_run "$file $part"
			judged=$((judged + $(grep -cE ',(equal|within),' <<<"$output" || true)))
		done
	done
	[ "$judged" -gt 200 ]
}

@test "of each connection, what it lacks; the others are exact" {
	local x
	x=$(capture port_reuse_rst_2sf.client.pcap)
	mptcp-export --columns packetid,tcpstream,mptcpdest "$x" >packets
	mptcp-mib --host client --per connection "$x" >whole
	python3 "$ROOT/tests/mib_part.py" "$x" packets from=4 part.pcap # without the first SYN
	run_ok mptcp-mib --no-cache --host client --per connection part.pcap
	says "1 of 3 connections were captured in part"
	diff <(grep '^[12],' whole | cut -d, -f 1-6) <(grep '^[12],' <<<"$output" | cut -d, -f 1-6)
	run -1 grep '^0,.*,exact,' <<<"$output"
}

@test "--payload: what each host counted of wrong checksums, where every payload was captured" {
	local truth file host exact=0

	need_file "$SHARED/captures/MANIFEST.md"
	for truth in "$SHARED"/captures/checksum*.truth.json; do
		for host in client server; do
			file=${truth%.truth.json}.$host.pcap
			row=$(mptcp-mib -q --payload -z --host "$host" --columns counter,predicted,low,high,class "$file" | grep ^DataCsumErr,)
			n=$(jq -r ".mib_change.${host}[\"MPTcpExt.DataCsumErr\"] // 0" "$truth")
			case $row in
			"DataCsumErr,$n,$n,$n,exact") exact=$((exact + 1)) ;;
			"DataCsumErr,$n,,,hint") ;; # payload was cut off
			*) fail_run "$file: $row, counted $n" ;;
			esac
		done
	done
	[ "$exact" -gt 4 ]
	file=$SHARED/captures/checksum_fail_infinite_map.client.pcap
	[ "$(mptcp-mib --payload --host client --columns counter,packetids "$file" | grep ^DataCsumErr)" = \
		"DataCsumErr,$(mptcp-check --payload --no-header --only csum-wrong --columns packetid "$file")" ]
}

@test "the rules of older kernels" {
	local x
	x=$(capture join_refused.client.pcap)
	mptcp-mib --host server --kernel 6.18 "$x" >new
	mptcp-mib --host server --kernel 6.12.117-amd64 "$x" >old
	grep -q ^MPJoinRejected, new
	run -1 grep ^MPJoinAckHMacFailure, new
	run -1 grep ^MPJoinRejected, old
	grep -q ^MPJoinAckHMacFailure,0,0,1,bounded, old # it depends on the release
	mptcp-mib -z --host server --kernel 6.7 "$x" >older
	run -1 grep -E '^(MPCurrEstab|Blackhole|WinProbe),' older
	# a listener of an older kernel counts regular TCP as a fallback
	run_ok mptcp-mib --host server --kernel 6.8 --per connection -z "$(capture fallback_plain_tcp.client.pcap)"
	# a stable release has more than the first of its version: what FILE has is compared
	printf 'MPTcpExtMPJoinRejected 1\n' >counters
	run_ok mptcp-mib --host server --kernel 6.12 --against counters "$x"
	[[ $output == *$'\nMPJoinRejected,1,1,1,exact,1,0,equal,'* ]]
	printf 'MPTcpExtMPJoinRejected 2\n' >counters
	run_status 1 mptcp-mib --host server --kernel 6.12 --against counters "$x"
	run_status 2 mptcp-mib --kernel six "$x"
	says "option --kernel: 'six' is not a version of Linux, such as 6.12"
}

@test "the counters of the Linux that runs here are those of its version" {
	[[ $(uname -r) == 6.18.* ]] || skip "Linux 6.18 is known, this is $(uname -r)"
	awk '/^MPTcpExt:/ { for (i = 2; i <= NF; i++) print $i; exit }' /proc/net/netstat >running
	[ -s running ] || skip "no MPTCP"
	mptcp-mib --no-header -z --host client --kernel 6.18 --columns counter "$(capture join_refused.client.pcap)" | diff running -
}

@test "a join that asks for a token nobody has" {
	run_ok mptcp-mib --host server "$(capture keys/join_unknown_token.pcap)"
	golden mib/join_unknown_token.csv
}

@test "--list and --explain have every counter; a slip is pointed out" {
	mptcp-mib --list >list
	[ "$(wc -l <list)" -gt 80 ]
	[ "$(grep -c '^COUNTER(' "$ROOT/lib/mib/counters.def")" = "$(wc -l <list)" ]
	while read -r name class; do
		run_ok mptcp-mib --explain "$name"
		[[ $output == "MPTcpExt$name"$'\n'"class   $class"$'\n'"rule    "*$'\n'"kernel  net/mptcp/"* ]] || fail_run "$name"
	done <list
	run_ok mptcp-mib --explain MPTcpExtMPRstTx
	run_status 2 mptcp-mib --explain MPRstTy
	says "option --explain: unknown counter 'MPRstTy'; did you mean 'MPRstTx'?"
	run_status 2 mptcp-mib --explain Nonsense
	says "option --explain: unknown counter 'Nonsense'; --list lists them"
}

@test "-z has the counters that are 0; a table; JSON" {
	local x
	x=$(capture reset_by_server.server.pcap)
	[ "$(mptcp-mib --no-header -z --host server "$x" | wc -l)" = "$(mptcp-mib --list | wc -l)" ]
	run_ok mptcp-mib -f table --host server "$x"
	golden mib/reset_by_server.txt
	# of each connection
	mptcp-mib --no-header -z --host client --per connection "$(capture port_reuse_rst_2sf.client.pcap)" >rows
	n=$(mptcp-mib --list | wc -l)
	[ "$(cut -d, -f 1 rows | uniq -c | tr -s ' \n' ' ')" = " $n 0 $n 1 $n 2 " ]
	mptcp-mib -f json --host server "$x" | jq -e 'select(.counter == "MPRstTx") | .predicted == 1 and .low == 1 and .high == 1' >answers
	[ "$(cat answers)" = true ]
}

@test "mptcp-mib(1) has the rules as they are" {
	awk -f "$ROOT/man/counters.awk" -f "$ROOT/man/page.awk" "$ROOT/lib/mib/counters.def" "$ROOT/man/mptcp-mib.1" | diff -u "$ROOT/man/mptcp-mib.1" -
}
