#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --schema: every result has a table in SQLite, whose types are those of the values.
load lib

# import DATABASE TOOL ARGUMENT...: the result of the tool in a table of its own.
import() {
	local base=$1 table=${2#mptcp-} format=(-f csv)
	shift
	[ "$1" != mptcp-export ] || format=() # it writes nothing else

	"$@" --schema >schema.sql
	"$@" -q "${format[@]}" >result.csv || [ $? = 1 ]
	sqlite3 -bail "$base" <schema.sql
	sqlite3 -bail "$base" ".import --csv --skip 1 result.csv $table" 2>messages
	# a row of fewer or more cells is filled up, with a message
	[ ! -s messages ] || { cat messages; return 1; }
}

# Every value of the table $2 in the database $1 has the type of its column.
has_types() {
	local name type wrong

	while IFS='|' read -r _ name type _; do
		case $type in
		INTEGER) wrong="NOT IN ('integer', 'null')" ;;
		REAL) wrong="NOT IN ('real', 'null')" ;;
		*) wrong="NOT IN ('text', 'null')" ;;
		esac
		run -0 sqlite3 "$1" "SELECT \"$name\" FROM \"$2\" WHERE typeof(\"$name\") $wrong OR \"$name\" = '' LIMIT 1"
		[ -z "$output" ] || { echo "$2.$name is $type, not $output"; return 1; }
	done < <(sqlite3 "$1" "PRAGMA table_info(\"$2\")")
}

@test "the result of every tool goes into its table, and its values have the types of the columns" {
	need_program sqlite3
	need_file "$DEMO"
	run_ok mptcp-lc "$DEMO" # so that the cache has an entry
	seen=0
	for tool in $(tools); do
		"$tool" --list-options | cut -f 2 | grep -qx schema || continue
		operands=("$DEMO")
		case $tool in
		mptcp-map | mptcp-merge) operands=("$(capture multi2_paced.client.pcap)" "$(capture multi2_paced.server.pcap)" --columns all) ;;
		mptcp-series) operands=(dss "$DEMO") ;;
		mptcp-cache) operands=(list) ;;
		mptcp-config) operands=() ;;
		mptcp-doctor) continue ;; # it takes seconds; all of its columns are texts
		mptcp-compare) operands=(--by scheduler --base default --value goodput_bps "$BATS_TEST_DIRNAME/compare/runs.csv") ;;
		mptcp-stat | mptcp-lr) operands+=(--columns all) ;;
		esac
		import all.db "$tool" "${operands[@]}" || { echo "$tool"; return 1; }
		has_types all.db "${tool#mptcp-}"
		rows=$(sqlite3 all.db "SELECT count(*) FROM \"${tool#mptcp-}\"")
		[ "$rows" -gt 0 ] || [ "$tool" = mptcp-check ] || { echo "$tool: no row"; return 1; }
		((++seen))
	done
	[ "$seen" -gt 9 ]
}

@test "three questions to SQLite have the answers of the tables" {
	need_program sqlite3
	mkdir blest default
	cp "$(capture multi2_paced.client.pcap)" blest/1.pcap
	cp "$(capture pathfail_heals.client.pcap)" default/1.pcap
	cp "$(capture multi2_paced.client.pcap)" default/2.pcap
	import runs.db mptcp-stat --label '{scheduler}/{run:d}.pcap' blest/1.pcap default/1.pcap default/2.pcap
	has_types runs.db stat
	# how many runs and bytes
	total=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$at["tcpstream"] == "" { sum += $at["first_copy_bytes"] } END { print sum }' result.csv)
	run_ok sqlite3 runs.db "SELECT count(DISTINCT capture), sum(first_copy_bytes) FROM stat WHERE tcpstream IS NULL"
	[ "$output" = "3|$total" ] || fail_run "sum"
	# an empty cell is no zero: the mean of what there is
	mean=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["acked_bytes"] != "" { sum += $at["acked_bytes"]; n++ } END { printf "%d", sum / n }' result.csv)
	run_ok sqlite3 runs.db "SELECT CAST(avg(acked_bytes) AS INTEGER) FROM stat"
	[ "$output" = "$mean" ] || fail_run "mean"
	# the best run of each scheduler, by a number
	run_ok sqlite3 runs.db "SELECT scheduler, run, max(goodput_bps) > 1000000 FROM stat
		WHERE mptcpdest = 'client' GROUP BY scheduler ORDER BY scheduler"
	[ "$output" = $'blest|1|1\ndefault|2|1' ] || fail_run "best"
}

@test "--schema has the columns that are shown, the labels of captures and the time as --time writes it" {
	run_ok mptcp-lc --schema --columns status,start --time utc
	[ "${lines[1]}" = '  "status" TEXT, -- failed, opening, fallback, partial, fastclose, closed, reset or open' ] ||
		fail_run "columns"
	[[ ${lines[2]} == '  "start" TEXT -- s: '* ]] || fail_run "time"
	run_ok mptcp-lc --schema --columns start
	[[ ${lines[1]} == '  "start" REAL -- s: '* ]] || fail_run "seconds"
	run_ok mptcp-lc --schema --label '{order}/{run:d}.pcap' a/1.pcap
	[ "${lines[1]}${lines[2]%% --*}${lines[3]%% --*}" = \
		'  "capture" TEXT, -- capture of which the row is  "order" TEXT,  "run" INTEGER,' ] || fail_run "labels"
	run_ok mptcp-le --schema --columns key
	[[ ${lines[1]} == '  "key" TEXT '* ]] || fail_run "64 bits"
	run_ok mptcp-export --schema --columns dsn,dsn_raw,frame.len -e frame.len --label '{order}/{run:d}.pcap' a/1.pcap
	[ "$(cut -d ' ' -f 3,4 <<<"$output" | head -n 7 | tail -n 6)" = '"capture" TEXT,
"order" TEXT,
"run" INTEGER,
"dsn" INTEGER,
"dsn_raw" TEXT,
"frame.len" TEXT' ] || fail_run "packets"
	run_status 2 mptcp-lc --schema --columns statsu
	says "unknown column 'statsu'; did you mean 'status'?"
	run_status 5 bash -c 'mptcp-lc --schema >/dev/full'
}
