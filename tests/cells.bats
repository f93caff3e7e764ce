#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Every tool that reads packets, on CSV in which any cell may be empty or wrong.
load lib

# with sanitizers, an error is a signal and not the status 1
export ASAN_OPTIONS=abort_on_error=1 UBSAN_OPTIONS=abort_on_error=1:halt_on_error=1

# The CSV x.csv with $2 in the column $1, in every $3rd line (1: all).
with_cell() {
	awk -F, -v OFS=, -v column="$1" -v value="$2" -v step="${3:-1}" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		NR > 1 && NR % step == 0 { $at[column] = value }
		1' x.csv
}

make_csv() {
	mptcp-export --no-cache "$(capture multi2_paced.client.pcap)" | awk 'NR <= 60 || NR > 380' >x.csv
}

# Each tool on the CSV $1. What a tool reports of a cell, with status 3, names the line and the column $2.
every_tool() {
	local call status
	for call in lc ls lt le lr stat "series dss" "series rtt" "series ooo" "series flight" "series seq" "series attr -y rwnd" \
		"merge {} x.csv" "merge x.csv {}" map\ {}\ x.csv export; do
		[[ $call == *{}* ]] || call+=" {}"
		status=0
		# shellcheck disable=SC2086 # words
		mptcp-${call//\{\}/$1} -q >out 2>err || status=$?
		[ "$status" -lt 4 ] || { printf '%s\n' "mptcp-$call, column $2: status $status"; cat "$1" err; return 1; }
		if [ "$status" = 3 ]; then
			grep -q "$1: line [0-9]*: .*$2" err || { echo "mptcp-$call, column $2:"; cat err; return 1; }
		fi
	done
}

@test "a cell may be empty: no tool crashes, and one that needs it names line and column" {
	local column
	make_csv
	for column in $(head -n 1 x.csv | tr , ' '); do
		with_cell "$column" "" 3 >y.csv
		every_tool y.csv "$column"
	done
}

@test "a cell may hold anything: no tool crashes, and one that reads it names line and column" {
	local column
	make_csv
	for column in $(head -n 1 x.csv | tr , ' '); do
		with_cell "$column" '?' 7 >y.csv
		every_tool y.csv "$column"
	done
}

@test "numbers may be as large as their column allows, or contradict each other: no tool crashes" {
	local column value
	make_csv
	for column in $(head -n 1 x.csv | tr , ' '); do
		for value in 18446744073709551615 4294967295 65535 255 client 0xffff 1 in; do
			with_cell "$column" "$value" 5 >y.csv
			mptcp-export -q --columns "$column" y.csv >/dev/null 2>&1 || continue
			every_tool y.csv "$column"
			break
		done
	done
}

@test "what the packet before had is nothing of this one's: two packets without options pair with themselves" {
	need_file "$SHARED/cases/stale_subtype.A.csv"
	run_ok mptcp-merge -q -f csv "$SHARED"/cases/stale_subtype.{A,B}.csv
	[ "$(awk -F, '$2 == $4 && ($2 == 1001 || $2 == 1003)' <<<"$output" | wc -l)" = 2 ]
}

@test "a needed cell that is empty: the line and the column, status 3" {
	make_csv
	with_cell mptcpdest "" 3 >y.csv
	run_status 3 mptcp-stat y.csv
	says "y.csv: line 3: mptcpdest is empty although mptcpstream is 0"
	with_cell tcpdest "" 4 >y.csv
	run_status 3 mptcp-lt y.csv
	says "y.csv: line 4: tcpdest is empty although tcpstream is 0"
}

@test "packets that belong to no TCP connection are left out, and leave no gap in what is said" {
	make_csv
	mptcp-lc x.csv >wanted
	awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } { print } NR > 1 && NR % 5 == 0 {
		$at["tcpstream"] = $at["tcpdest"] = $at["mptcpstream"] = $at["mptcpdest"] = $at["tcpseq"] = $at["tcpack"] = $at["rwnd"] = ""
		print }' x.csv >y.csv
	mptcp-lc y.csv | cmp - wanted
	[ "$(mptcp-export -q y.csv | wc -l)" = "$(wc -l <y.csv)" ]
}

@test "a row without any value: the line and the first column that is missing" {
	make_csv
	sed '2s/[^,]//g' x.csv >y.csv
	run_status 3 mptcp-export y.csv
	says "y.csv: line 2: packetid is empty"
}
