#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-check: findings. check_mutants.py makes a conversation with one fault each.
load lib

setup() {
	setup_common
	corpus_cache
}

# Silent but for the hygiene of the capture.
is_clean() {
	run_ok mptcp-check --no-header --except 'hyg-*' "$1"
	[ -z "$output" ] || fail_run "$1"
}

@test "a conversation without a fault has no finding, not even a note" {
	python3 "$ROOT/tests/check_mutants.py" clean clean.pcap
	run_ok mptcp-check --no-header --severity note --payload clean.pcap
	[ -z "$output" ]
	[ -z "$stderr" ]
}

# One fault and what has to be found of it; prints what goes wrong.
try_mutant() {
	local name=$1 file=${1//[ ,]/_}.pcap
	python3 "$ROOT/tests/check_mutants.py" "$name" "$file" || echo "$name: not made"
	mptcp-check -q --payload --expect "${name% *}" "$file" >/dev/null ||
		{ echo "$name: $?"; mptcp-check --payload --severity note --no-header "$file" | cut -d, -f 1,2,4,6; }
}
export -f try_mutant

@test "each fault that is put into a conversation is found, and nothing else" {
	python3 "$ROOT/tests/check_mutants.py" --list >names
	[ "$(wc -l <names)" -ge 85 ]
	run bash -c "xargs -d '\n' -P 2 -I {} bash -c 'try_mutant \"\$1\"' - {} <names"
	[ -z "$output" ] || fail_run "not found, or found too much"
}

@test "every finding but these is shown by a fault that is put into a conversation" {
	{
		python3 "$ROOT/tests/check_mutants.py" --list | cut -d ' ' -f 1 | tr , '\n'
		python3 "$ROOT/tests/check_mutants.py" --way
	} | sort -u >shown
	mptcp-check --list | sed -nE 's/^  ([^ ]+) .*/\1/p' | sort -u | comm -23 - shown >rest
	# by captures and packets below
	diff -u - rest <<-'END'
		fallback-one-sided
		hyg-cut
		hyg-duplicate
		hyg-snap
		map-32-bit-dsn
		not-evaluated
		token-collision
	END
}

@test "our own captures of Linux are clean but for what their scenario does" {
	for name in add_addr_v6.client dsn_wrap_dl.client multi2_paced.client multi2_paced.server pathfail_heals.client \
		port_reuse_rst_2sf.client reset_by_server.server partial_midstream_then_join.client; do
		is_clean "$(capture $name.pcap)"
	done
	run_ok mptcp-check -q --expect mpc-synack-missing "$(capture fallback_plain_server.client.pcap)"
	run_ok mptcp-check -q --expect join-refused "$(capture join_refused.client.pcap)"
}

@test "captures of Linux are clean but for what their scenario does" {
	need_file "$SHARED/captures/manifest.json"
	for x in "$SHARED"/captures/*.pcap "$SHARED"/captures/*.pcapng "$SHARED"/captures/derived/*.pcap*; do
		case $x in
		*.json) continue ;;
		*/checksum_fail_* | */fallback_* | */join_refused.* | */mixed_population.*) ;;
		*) is_clean "$x" ;;
		esac
	done
}

@test "partial, cut and one-directional captures have findings about the capture only" {
	x=$(capture add_addr_v6.client.pcap)
	editcap -F pcap -s 104 "$x" cut.pcap
	editcap -F pcap "$x" tail.pcap 1-40
	editcap -F pcap "$x" middle.pcap 1-60 200-400
	editcap -F pcap "$x" holes.pcap 70-75 100-110 150
	for file in cut tail middle holes; do
		is_clean $file.pcap
	done
	mptcp-export "$x" >packets.csv
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR == 1 || $at["tcpdest"] == "client"' packets.csv >one.csv
	is_clean one.csv
	run_status 1 mptcp-check --no-header cut.pcap
	[ "$(cut -d, -f 2 <<<"$output" | sort -u)" = hyg-snap ]
	run_status 1 mptcp-check --no-header one.csv
	[ "$(cut -d, -f 2 <<<"$output" | sort -u)" = hyg-direction ]
}

@test "captures of other people have the findings that are true of them, and no others" {
	local x
	need_file "$SHARED/captures/public/tcpdump_mptcp-v1.pcap"
	for x in "$SHARED"/captures/public/*.pcap*; do
		[[ $x == *.txt || $x == *.json ]] ||
			mptcp-check -q --no-header --payload --except 'hyg-*' --columns finding,packetid "$x" |
			sed "s/^/$(basename "$x") /" || true
	done >found
	# a host that refuses joins with a RST; an ADD_ADDR of a development version of Linux, with the
	# wrong half of the HMAC and never confirmed; an option cut short for a test; offload that put
	# the first mapping on the first segment only
	diff -u - found <<-'END'
		pymptcpanalyzer_client_2.pcap join-refused,2774
		pymptcpanalyzer_server_2.pcap join-refused,2810
		tcpdump_mptcp-aa-v1.pcap addaddr-no-echo,13
		tcpdump_mptcp-dss-oobr.pcap option-malformed,1
		tcpdump_mptcp-v1.pcap map-not-every-segment,6
		tcpdump_mptcp-v1.pcap map-not-every-segment,10
	END
}

@test "what the relay of a test network did is found" {
	need_file "$SHARED/captures/manifest.json"
	while read -r name ids; do
		run_ok mptcp-check -q --except 'hyg-*' --expect "$ids" "$SHARED/captures/$name.pcap"
	done <<-'END'
		fallback_blackhole_mpc.client mpc-syn-dropped
		fallback_plain_server.server mpc-synack-missing
		fallback_strip_after_handshake.client mbox-strip-oneway
		fallback_strip_after_handshake.server mpc-ack-missing
		fallback_strip_join_syn.client join-synack-missing
		fallback_strip_midway.client opt-vanished
		fallback_strip_midway.server mbox-strip-oneway,fallback-one-sided
		fallback_strip_synack.client mpc-synack-missing
		fallback_strip_synack.server mpc-ack-missing
		checksum_fail_infinite_map.client fallback
	END
}

@test "--peer finds each change on the way, and nothing else" {
	local name names
	names=$(python3 "$ROOT/tests/check_mutants.py" --way)
	[ "$(wc -l <<<"$names")" -ge 8 ]
	python3 "$ROOT/tests/check_mutants.py" clean clean.pcap
	for name in $names; do
		python3 "$ROOT/tests/check_mutants.py" --way "$name" server.pcap
		run_ok mptcp-check -q --payload --severity note --expect "$name" --peer server.pcap clean.pcap
		run_status 1 mptcp-check -q --payload --severity note --only "$name" --no-header --columns where --peer clean.pcap server.pcap
		[ "$(sort -u <<<"$output")" = network ]
	done
}

@test "--peer counts what the relay of a test network counts" {
	need_file "$SHARED/captures/manifest.json"
	run_ok python3 "$ROOT/tests/check_peer.py" "$SHARED"/captures/*.truth.json
}

@test "--peer tells whether a fault was sent or made on the way" {
	# the third ACK: changed on the way, or sent so
	python3 "$ROOT/tests/check_mutants.py" clean sent.pcap
	python3 "$ROOT/tests/check_mutants.py" --way mbox-option arrived.pcap
	run_status 1 mptcp-check -q --only mpc-csum-bit --no-header --columns where arrived.pcap
	[ "$output" = unknown ]
	run_status 1 mptcp-check -q --only mpc-csum-bit --no-header --columns where --peer sent.pcap arrived.pcap
	[ "$output" = network ]
	python3 "$ROOT/tests/check_mutants.py" "mpc-csum-bit third" sent.pcap
	run_status 1 mptcp-check -q --only mpc-csum-bit --no-header --columns where --peer sent.pcap arrived.pcap
	[ "$output" = host ]
}

@test "checksums are verified where the kernel counted DataCsumErr, and right elsewhere" {
	need_file "$SHARED/captures/manifest.json"
	run_ok mptcp-check -q --payload --expect csum-wrong,fallback "$SHARED/captures/checksum_fail_infinite_map.client.pcap"
	run_ok mptcp-check -q --payload --expect fallback "$SHARED/captures/checksum_fail_infinite_map.server.pcap"
	for side in client server; do
		run_ok mptcp-check --payload "$SHARED/captures/checksum.$side.pcap"
		[ "${#lines[@]}" = 1 ]
	done
}

@test "packets of a running transfer are kept account of like any others" {
	# with --payload none of them takes the short way of check_plain.c
	python3 "$ROOT/tests/check_mutants.py" "backup-carries goes-on" backup.pcap
	python3 "$ROOT/tests/check_mutants.py" "hyg-clock-step hour" step.pcap
	local x names=(backup.pcap step.pcap)
	for x in add_addr_v6 dsn_wrap_dl multi2_paced pathfail_heals partial_midstream_then_join; do
		names+=("$(capture $x.client.pcap)")
	done
	for x in "${names[@]}"; do
		editcap -F pcap -s 110 "$x" plain.pcap
		run mptcp-check -q --severity info --all plain.pcap
		diff -u <(mptcp-check -q --severity info --all --payload plain.pcap) <(printf '%s\n' "$output")
	done
}

@test "what the kernel counted of joins, addresses, fallback, MP_FAIL and checksums is what is found" {
	need_file "$SHARED/captures/manifest.json"
	run_ok python3 "$ROOT/tests/check_counters.py" "$SHARED"/captures/*.truth.json
}

@test "payload_sum is the sum of 16-bit words of a payload that was captured whole" {
	python3 "$ROOT/tests/check_mutants.py" clean clean.pcap
	mptcp-export -e payload_sum -e tcp.payload --columns tcplen,payload_sum,tcp.payload clean.pcap >rows
	python3 - rows <<-'END'
		import csv, sys
		rows = [row for row in csv.DictReader(open(sys.argv[1]))]
		assert len([row for row in rows if row["payload_sum"]]) > 5
		for row in rows:
		    data = bytes.fromhex(row["tcp.payload"])
		    total = sum(data[0::2]) * 256 + sum(data[1::2])
		    while total >> 16:
		        total = (total & 0xffff) + (total >> 16)
		    assert row["payload_sum"] == ("%04x" % total if data else ""), row
	END
	editcap -F pcap -s 200 clean.pcap cut.pcap
	run_ok mptcp-export -e payload_sum --columns tcplen,payload_sum --no-header cut.pcap
	[[ $output == *$'\n1000,\n'* ]]
}

@test "tokens that collide, a handshake that was reflected, copies" {
	need_file "$SHARED/cases/f_token-collision.pcap"
	for id in join-no-fourth-ack mpc-echo-mismatch mpc-mirrored mpc-synack-unasked prio-id token-collision; do
		run_ok mptcp-check -q --except 'hyg-*' --expect $id "$SHARED/cases/f_$id.pcap"
	done
	run_ok mptcp-check -q --expect hyg-duplicate "$SHARED/captures/derived/v_every_packet_twice.pcap"
}

@test "a damaged capture is judged as far as it goes, and keeps status 3" {
	head -c -20 "$(capture add_addr_v6.client.pcap)" >damaged.pcap
	run_status 3 mptcp-check --no-header damaged.pcap
	[ "$(cut -d, -f 2 <<<"$output")" = hyg-cut ]
	run_status 3 mptcp-check --no-header --expect hyg-cut damaged.pcap
}

@test "what the program that captured says it lost is a finding, with and without the cache" {
	editcap -F pcapng "$(capture add_addr_v6.client.pcap)" lost.pcapng
	# an interface statistics block with isb_ifdrop
	python3 - lost.pcapng <<-'END'
		import struct, sys
		body = struct.pack("<III", 0, 0, 0) + struct.pack("<HHQ", 5, 8, 17) + struct.pack("<HH", 0, 0)
		size = len(body) + 12
		with open(sys.argv[1], "ab") as file:
		    file.write(struct.pack("<II", 5, size) + body + struct.pack("<I", size))
	END
	for x in --no-cache --regen -q; do
		run_status 1 mptcp-check $x --no-header --columns finding,tcpstream,got lost.pcapng
		[ "$output" = hyg-drop,,17 ]
	done
}

@test "the status is 0 without findings of the level, 1 with them" {
	x=$(capture join_refused.client.pcap)
	run_status 1 mptcp-check "$x"
	run_ok mptcp-check --severity error "$x"
	[ "${#lines[@]}" = 1 ]
	run_ok mptcp-check --except join-refused "$x"
	run_ok mptcp-check --only 'mpc-*' "$x"
	run_status 1 mptcp-check --only 'join-*' "$x"
}

@test "--expect names what is missing and what is too much" {
	x=$(capture join_refused.client.pcap)
	run_status 1 mptcp-check --expect mpc-key-zero "$x"
	[[ $stderr == *": mpc-key-zero was expected"* ]]
	[[ $stderr == *": join-refused was not expected"* ]]
}

@test "without MPTCP there is nothing to judge; --strict makes that status 1" {
	x=$(capture fallback_plain_tcp.client.pcap)
	run_ok mptcp-check "$x"
	says "no MPTCP connection, so there is nothing to judge"
	run_status 1 mptcp-check --strict "$x"
}

@test "--all prints every occurrence" {
	python3 "$ROOT/tests/check_mutants.py" "mpc-echo-mismatch both" x.pcap
	run_status 1 mptcp-check --no-header --columns finding,packetid,count x.pcap
	[ "$output" = mpc-echo-mismatch,3,2 ]
	run_status 1 mptcp-check --no-header --all --columns finding,packetid,count x.pcap
	[ "$output" = $'mpc-echo-mismatch,3,1\nmpc-echo-mismatch,4,1' ]
}

@test "the columns of a finding, as CSV and as JSON" {
	python3 "$ROOT/tests/check_mutants.py" "mpc-csum-bit third" x.pcap
	run_status 1 mptcp-check x.pcap
	golden check/csum_bit.csv
	run_status 1 mptcp-check -f json x.pcap
	golden check/csum_bit.json
}

@test "--time says what a finding's time counts from, and abstime stays" {
	python3 "$ROOT/tests/check_mutants.py" "mpc-csum-bit third" x.pcap
	for from in capture,0.020100000 connection,0.020100000 epoch,1700000000.020100000 utc,2023-11-14T22:13:20.020100000Z; do
		run_status 1 mptcp-check --no-header --columns time,abstime --time "${from%,*}" x.pcap
		[ "$output" = "${from#*,},1700000000.020100000" ]
	done
}

@test "-v says what could not be evaluated, and why; a row does with --severity info" {
	x=$(capture partial_midstream_then_join.client.pcap)
	run_status 1 mptcp-check -v "$x"
	[[ $stderr == *"subflows lack 'syn', not evaluated there: mpc-version-mismatch "* ]]
	run_status 1 mptcp-check --no-header --severity info --only not-evaluated "$x"
	[[ $output == *",syn;keys"*",capture,-,"* ]]
}

@test "--list and --explain know every finding; a wrong one has a suggestion" {
	run_ok mptcp-check --list
	ids=$(sed -nE 's/^  ([^ ]+) .*/\1/p' <<<"$output")
	[ "$(wc -l <<<"$ids")" -ge 90 ]
	[ -z "$(sort <<<"$ids" | uniq -d)" ]
	for id in mbox-strip-oneway hyg-drop; do
		run_ok mptcp-check --explain $id
		[ "${lines[0]%%:*}" = $id ]
	done
	run_ok mptcp-check --explain '*'
	[ "$(grep -c '^severity ' <<<"$output")" = "$(wc -l <<<"$ids")" ]
	run_status 2 mptcp-check --only mpc-keyzero "$DEMO"
	says "option --only: 'mpc-keyzero' is no finding; did you mean 'mpc-key-zero'?"
	run_status 2 mptcp-check --severity bad "$DEMO"
}

@test "mptcp-check(1) has the findings as they are" {
	awk -f "$ROOT/man/findings.awk" -f "$ROOT/man/page.awk" "$ROOT/lib/check/findings.def" "$ROOT/man/mptcp-check.1" | diff -u "$ROOT/man/mptcp-check.1" -
}

@test "mptcp-export x.pcap | mptcp-check and mptcp-check x.pcap find the same" {
	x=$(capture join_refused.client.pcap)
	mptcp-export "$x" >packets.csv
	run_status 1 mptcp-check --severity info "$x"
	diff -u <(mptcp-check --severity info packets.csv) <(printf '%s\n' "$output")
}

@test "of several captures the status is that of the worst" {
	x=$(capture join_refused.client.pcap)
	y=$(capture multi2_paced.client.pcap)
	run_ok mptcp-check "$y" "$y"
	run_status 1 mptcp-check --columns capture,finding --no-header "$y" "$x"
	[ "$output" = "$x,join-refused" ]
	run_status 3 mptcp-check "$x" <(echo nothing) "$y"
}

# The packets of conversations with a fault each, one after the other, 70 seconds apart: so many.
conversations() {
	python3 "$ROOT/tests/check_mutants.py" "dack-32-bit once" fault.pcap
	mptcp-export fault.pcap | awk -F, -v OFS=, -v count="$1" '
		NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; print; next }
		{ line[NR] = $0 }
		END {
			for (n = 0; n < count; n++)
				for (i = 2; i <= NR; i++) {
					$0 = line[i]
					$column["packetid"] += n * (NR - 1)
					$column["tcpstream"] += 2 * n
					$column["mptcpstream"] = n
					$column["reltime"] = sprintf("%.9f", $column["reltime"] + 70 * n)
					$column["abstime"] = sprintf("%d.%s", $column["abstime"] + 70 * n, substr($column["abstime"], length($column["abstime"]) - 8))
					print
				}
		}'
}

@test "what comes on standard input has its rows when a connection is over, the same as a file" {
	conversations 3 >three.csv
	mptcp-check three.csv >wanted || true
	[ "$(wc -l <wanted)" = 4 ]
	mkfifo pipe
	mptcp-check - <pipe >rows &
	check=$!
	exec 4>pipe
	cat three.csv >&4
	for _ in {1..100}; do
		[ "$(wc -l <rows)" -lt 3 ] || break
		sleep 0.1
	done
	head -n 3 wanted | diff -u - rows
	exec 4>&-
	wait "$check" || [ $? = 1 ]
	diff -u wanted rows
}

@test "memory of what comes on standard input grows with what is open" {
	conversations 4000 >many.csv
	mptcp-check --no-header many.csv >wanted || [ $? = 1 ]
	[ "$(wc -l <wanted)" = 4000 ]
	(
		# a file of them takes 50 MB
		[[ $BUILD == *asan* ]] || ulimit -v 25000
		mptcp-check --no-header - <many.csv >rows || [ $? = 1 ]
	)
	cmp wanted rows
}

@test "data numbered with 32 bits that comes round within two minutes is found, and with 64 bits is not" {
	python3 "$ROOT/tests/check_mutants.py" clean clean.pcap
	mptcp-export clean.pcap >clean.csv
	python3 "$ROOT/tests/check_round.py" 32 clean.csv >short.csv
	run_ok mptcp-check -q --expect map-32-bit-dsn short.csv
	python3 "$ROOT/tests/check_round.py" 64 clean.csv >long.csv
	run_ok mptcp-check -q long.csv
}
