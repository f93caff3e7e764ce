#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Several captures in one call: the result is that of single calls put together, and one that fails costs no other.
load lib

# The captures are dissected once for all tests.
setup_file() {
	local runs=$BATS_FILE_TMPDIR/runs

	mkdir -p "$runs/blest" "$runs/lia" "$runs/odd"
	cp "$CAPTURES/port_reuse_rst_2sf.client.pcap" "$runs/blest/0.5pct-1.pcap"
	cp "$CAPTURES/join_refused.client.pcap" "$runs/blest/2pct-2.pcap"
	cp "$CAPTURES/reset_by_server.server.pcap" "$runs/lia/0.5pct-1.pcap"
	cp "$CAPTURES/fallback_plain_tcp.client.pcap" "$runs/lia/plain.pcap"
	head -c 3000 "$CAPTURES/port_reuse_rst_2sf.client.pcap" >"$runs/lia/cut.pcap"
	: >"$runs/lia/empty.pcap"
}

setup() {
	setup_common
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
	cd "$BATS_FILE_TMPDIR/runs" || return
	work=$BATS_TEST_TMPDIR
	good=(blest/0.5pct-1.pcap lia/0.5pct-1.pcap blest/2pct-2.pcap)
	bad=(lia/cut.pcap lia/plain.pcap lia/missing.pcap lia/empty.pcap)
}

# Calls "$@" with each tool that takes several captures, and the words before its files.
each_tool() {
	local tool

	for tool in $(tools); do
		"$tool" --list-options | cut -f 2 | grep -qx with-capture || continue
		case $tool in
		mptcp-plot) ;; # tests/plot.bats
		mptcp-series) "$@" "$tool" tput ;;
		*) "$@" "$tool" ;;
		esac
	done
}

# put_together OPTIONS TOOL WORD... -- FILE...: the calls for each file, put together, are those for all of them: results
# in $work/single and $work/all, messages in .messages.
put_together() {
	local options=$1 words=() file status=0 worst=0 rows
	shift
	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	shift
	: >"$work/single"
	: >"$work/single.messages"
	rows=0
	for file; do
		status=0
		# shellcheck disable=SC2086 # several words
		"${words[@]}" $options --with-capture --no-header "$file" >"$work/one" 2>>"$work/single.messages" || status=$?
		cat "$work/one" >>"$work/single"
		[ ! -s "$work/one" ] || rows=1
		# status 1 of a tool that judges is its judgement, with rows
		[ "$status" -le 1 ] && [ "${words[0]}" != mptcp-check ] || [ "$status" -le "$worst" ] || worst=$status
	done
	[ "$worst" != 0 ] || [ "${words[0]}" = mptcp-check ] || [ "$rows" = 1 ] || worst=1
	for at_once in 1 3; do
		# shellcheck disable=SC2086
		run --separate-stderr "${words[@]}" $options --no-header -J $at_once "$@"
		printf '%s' "$output" | diff -u "$work/single" <(cat; [ -z "$output" ] || echo) || fail_run "${words[*]}"
		diff -u "$work/single.messages" <([ -z "$stderr" ] || printf '%s\n' "$stderr")
		[ "$status" = "$worst" ] || fail_run "${words[*]}: expected status $worst"
	done
	[[ $options != *json* ]] || return 0
	# the header line is that of one
	# shellcheck disable=SC2086
	"${words[@]}" $options -q --with-capture "${good[0]}" 2>/dev/null | head -n 1 >"$work/header"
	# shellcheck disable=SC2086
	"${words[@]}" $options -q "$@" 2>/dev/null | head -n 1 | diff -u "$work/header" -
}

of_good_files() {
	put_together "" "$@" -- "${good[@]}"
	[ -s "$work/single" ] || [ "$1" = mptcp-lr ] || fail_run "$*: no row to compare"
	grep -q "^${good[0]}," "$work/header" || grep -q ^capture, "$work/header"
}

@test "several files in one call are the single calls put together, in the order given, with any -J" {
	each_tool of_good_files
}

of_bad_files() {
	put_together "" "$@" -- "${good[0]}" "${bad[@]}" "${good[1]}"
}

@test "a damaged, an empty and a missing file among good ones: each reported, in order, the others as they are" {
	each_tool of_bad_files
}

as_json() {
	"$1" --list-options | cut -f 2 | grep -qx format || return 0
	put_together "-f json" "$@" -- "${good[@]}" "${bad[0]}"
}

@test "the same as JSON" {
	each_tool as_json
}

as_table() {
	"$1" --list-options | cut -f 2 | grep -qx format || return 0
	"$@" -q "${good[@]}" | wc -l >"$work/lines"
	"$@" -q -H -f table "${good[@]}" >"$work/table" || true
	[ "$(wc -l <"$work/table")" = "$(cat "$work/lines")" ] || fail_run "$*: lines"
	[[ $(head -n 1 "$work/table") == capture\ * ]] || fail_run "$*: header"
}

@test "a table has one header and common widths" {
	each_tool as_table
	run_ok mptcp-lc -f table --columns capture,status "${good[@]}" -m 0
	[ "$output" = "capture              status
blest/0.5pct-1.pcap  fastclose
lia/0.5pct-1.pcap    closed
blest/2pct-2.pcap    closed" ] || fail_run table
}

@test "--time, --sort and --head hold for the table of all" {
	put_together "--time connection" mptcp-lc -- "${good[@]}"
	put_together "--time utc" mptcp-le -- "${good[@]}"
	run_ok mptcp-lc --columns capture,packets --sort packets:desc --head 2 "${good[@]}"
	[ "$output" = "$(mptcp-lc --columns capture,packets "${good[@]}" | { read -r header; echo "$header"; sort -t , -k 2nr; } | head -n 3)" ]
	run_ok mptcp-lc --columns status --sort capture:desc -m 0 "${good[@]}"
	[ "$output" = $'status\nclosed\nclosed\nfastclose' ] || fail_run sort
	run_ok mptcp-lc --label '{s}/{l}-{run:d}.pcap' --columns run --sort run:desc -m 0 "${good[@]}"
	[ "$output" = $'run\n2\n1\n1' ]
	run_status 2 mptcp-lc --sort nothing "${good[@]}"
	says "option --sort: unknown column 'nothing'"
	run_status 2 mptcp-lc --sort nothing missing.pcap
	says "option --sort: unknown column 'nothing'"
}

@test "-H shortens in a table of several what it shortens in that of one" {
	mptcp-lc -H -f table --columns bytes_to_client "${good[0]}" >"$work/one"
	mptcp-lc -H -f table --columns bytes_to_client "${good[0]}" "${good[0]}" >"$work/two"
	diff <(tail -n +2 "$work/one" "$work/one" -q) <(tail -n +2 "$work/two")
	grep -q k "$work/one"
}

@test "exit status: 0 with rows, 1 without any, else the highest of those that failed" {
	run_ok mptcp-lc "${good[@]}" lia/plain.pcap
	says "mptcp-lc: lia/plain.pcap: no MPTCP connection; 1 TCP connection"
	run_status 1 mptcp-lc lia/plain.pcap lia/plain.pcap
	[ "${#lines[@]}" = 1 ]
	[ "$(wc -l <<<"$stderr")" = 2 ]
	run_ok mptcp-lc --allow-empty lia/plain.pcap lia/plain.pcap
	run_status 1 mptcp-lc -q lia/plain.pcap lia/plain.pcap
	[ -z "$stderr" ]
	run_status 3 mptcp-lc lia/cut.pcap lia/plain.pcap "${good[0]}"
	run_status 5 mptcp-lc lia/cut.pcap lia/missing.pcap "${good[0]}"
	run_status 4 mptcp-lc --no-cache --tshark ./no-tshark "${good[@]}"
	[ "$(wc -l <<<"$stderr")" = 3 ]
}

@test "--label takes columns from the paths; numbers are numbers" {
	run_ok mptcp-lc --label '{scheduler}/{loss}pct-{run:d}.pcap' -m 0 --columns capture,scheduler,loss,run,status "${good[@]}"
	[ "$output" = "capture,scheduler,loss,run,status
blest/0.5pct-1.pcap,blest,0.5,1,fastclose
lia/0.5pct-1.pcap,lia,0.5,1,closed
blest/2pct-2.pcap,blest,2,2,closed" ] || fail_run labels
	run_ok mptcp-lc --label '{s}/{l}-{run:d}.pcap' -f json --columns all "${good[0]}" -m 0
	[[ $output == '{"capture":"blest/0.5pct-1.pcap","s":"blest","l":"0.5pct","run":1,"mptcpstream":0,'* ]] || fail_run json
}

@test "a path that --label does not match is named before anything is read; --label-optional leaves its cells empty" {
	run_status 2 mptcp-lc --label '{s}/{loss}pct-{run:d}.pcap' "${good[@]}" lia/cut.pcap
	says "mptcp-lc: option --label: 'lia/cut.pcap' does not match from 'pct-{run:d}.pcap' on"
	[ -z "$output" ]
	run_status 3 mptcp-lc --label '{s}/{loss}pct-{run:d}.pcap' --label-optional --no-header --columns capture,s,run "${good[@]}" -m 0 lia/cut.pcap
	[ "${lines[3]}" = lia/cut.pcap,, ]
	run_status 2 mptcp-lc --label '{s' "${good[@]}"
	says "mptcp-lc: option --label: '{s' lacks its '}'"
}

@test "--label-file joins a table on its column capture, and names a capture that it lacks" {
	printf 'loss,capture,cc\n1,%s,cubic\n"2,5",%s,lia\n' "${good[0]}" "${good[1]}" >"$work/labels.csv"
	run_ok mptcp-lc --label-file "$work/labels.csv" --label '{s}/{f}' -m 0 --columns capture,s,loss,cc "${good[@]:0:2}"
	[ "${lines[1]}" = "${good[0]},blest,1,cubic" ]
	[ "${lines[2]}" = "${good[1]},lia,\"2,5\",lia" ]
	run_status 2 mptcp-lc --label-file "$work/labels.csv" "${good[@]}"
	says "mptcp-lc: option --label-file: no row for capture '${good[2]}'"
	run_ok mptcp-lc --label-file "$work/labels.csv" --label-optional -m 0 --columns cc "${good[@]}"
	[ "${lines[3]}" = '""' ]
	run_status 2 mptcp-lc --label-file "$work/labels.csv" --label '{cc}/{f}' "${good[@]:0:2}"
	says "label 'cc' is there twice"
	echo a,b >"$work/wrong.csv"
	run_status 3 mptcp-lc --label-file "$work/wrong.csv" "${good[@]}"
	says "mptcp-lc: $work/wrong.csv: no column 'capture' to join on"
	run_status 5 mptcp-lc --label-file nowhere.csv "${good[@]}"
}

@test "paths of NAME=VALUE need no template; --label '' takes nothing from them" {
	mkdir -p "$work/sched=blest"
	cp "${good[0]}" "$work/sched=blest/rtt=20,run=3.pcap"
	cp "${good[1]}" "$work/run=4.pcap"
	cd "$work"
	run_ok mptcp-lc -m 0 --columns capture,sched,rtt,run sched=blest/rtt=20,run=3.pcap run=4.pcap
	[ "${lines[1]}" = '"sched=blest/rtt=20,run=3.pcap",blest,20,3' ]
	[ "${lines[2]}" = 'run=4.pcap,,,4' ]
	run_ok mptcp-lc --label '' run=4.pcap
	[[ $output == capture,mptcpstream,* ]]
	run_ok mptcp-lc run=4.pcap
	[[ $output == mptcpstream,* ]]
	cp run=4.pcap status=4.pcap
	run_status 2 mptcp-lc run=4.pcap status=4.pcap
	says "mptcp-lc: label 'status': mptcp-lc has a column of this name; --label '' takes none from the paths"
}

no_collision() {
	local column

	column=$("$@" --columns help | head -n 1 | cut -d ' ' -f 1)
	run_status 2 "$@" --label "{$column}" "${good[0]}"
	says "label '$column': $1 has a column of this name"
	run_status 2 "$@" --label "{capture}" "${good[0]}"
	says "label 'capture': $1 has a column of this name"
}

@test "a label with the name of a column of the tool is refused" {
	each_tool no_collision
}

@test "--status-file has a row for each capture" {
	run_status 5 mptcp-lc --status-file "$work/status.csv" "${good[0]}" "${bad[@]}" -o /dev/null
	[ "$(cut -d , -f 1-3 "$work/status.csv")" = "capture,status,rows
blest/0.5pct-1.pcap,0,3
lia/cut.pcap,3,1
lia/plain.pcap,1,0
lia/missing.pcap,5,0
lia/empty.pcap,3,0" ] || { cat "$work/status.csv"; false; }
	# the messages are those on standard error
	diff <(printf '%s\n' "${stderr//mptcp-lc: /}") <(cut -d , -f 5- "$work/status.csv" | sed '1,2d; s/^"//; s/"$//')
	# one capture alone stays as it is
	run_ok mptcp-lc --status-file "$work/status.csv" "${good[0]}"
	[[ $output == mptcpstream,* ]]
	[ "$output" = "$(mptcp-lc "${good[0]}")" ]
	run_ok mptcp-export --status-file "$work/status.csv" "${good[0]}"
	[ "$output" = "$(mptcp-export "${good[0]}")" ]
}

@test "--fail-fast: nothing after the first capture that fails" {
	for at_once in 1 4; do
		run_status 3 mptcp-lc -J $at_once --fail-fast --columns capture --status-file "$work/status.csv" \
			"${good[0]}" lia/plain.pcap lia/cut.pcap "${good[1]}" lia/missing.pcap
		[ "$(uniq <<<"$output")" = "capture"$'\n'"${good[0]}"$'\n'lia/cut.pcap ]
		[ "$(tail -n 2 "$work/status.csv")" = "${good[1]},,,,not begun (--fail-fast)
lia/missing.pcap,,,,not begun (--fail-fast)" ] || { cat "$work/status.csv"; false; }
	done
}

@test "a capture whose process is killed is named, and costs no other" {
	printf '#!/bin/sh\nkill -9 $PPID\n' >"$work/tshark"
	chmod +x "$work/tshark"
	mptcp-export "${good[1]}" >"$work/packets.csv"
	run_status 4 mptcp-lc --no-cache --tshark "$work/tshark" --columns capture,status --status-file "$work/status.csv" \
		"${good[0]}" "$work/packets.csv"
	says "mptcp-lc: ${good[0]}: ended by signal 9 (Killed)"
	[ "$output" = "capture,status"$'\n'"$work/packets.csv,closed" ] || fail_run
	grep -q "^${good[0]},4,0,.*ended by signal 9 (Killed)" "$work/status.csv"
}

@test "-o is none of the inputs, and neither is the status file" {
	work+=/inputs
	mkdir "$work"
	cp "${good[0]}" "$work/a.pcap"
	cp "${good[1]}" "$work/b.pcap"
	printf '%s\n' "$work/a.pcap" >"$work/list"
	printf 'capture,x\n%s,1\n' "$work/a.pcap" >"$work/labels.csv"
	cksum "$work"/* >"$work.sums"
	for option in -o --status-file; do
		for file in a.pcap b.pcap; do
			run_status 2 mptcp-lc --force "$option" "$work/$file" "${good[2]}" "$work/a.pcap" "$work/b.pcap"
			says "$work/$file: is the input"
		done
		run_status 2 mptcp-lc "$option" "$work/list" --files-from "$work/list"
		run_status 2 mptcp-lc "$option" "$work/labels.csv" --label-file "$work/labels.csv" "$work/a.pcap"
		run_status 2 mptcp-lc "$option" "$work/b.pcap" "${good[@]}"
		says "$work/b.pcap: is a capture"
	done
	run_status 2 mptcp-lc -o "$work/new" --status-file "$work/new" "${good[@]}"
	says "option --status-file: is the output, too"
	cksum "$work"/* | diff "$work.sums" -
}

@test "--files-from reads names, -0 with any character in them" {
	cp "${good[0]}" "odd/ a b.pcap"
	cp "${good[1]}" $'odd/line\nend.pcap'
	cp "${good[2]}" odd/-x.pcap
	run_ok mptcp-lc --columns capture,status --files-from - <<<"odd/ a b.pcap"$'\n\n'"odd/-x.pcap"
	[ "$(uniq <<<"$output")" = "capture,status
odd/ a b.pcap,fastclose
odd/-x.pcap,closed" ] || fail_run
	cd odd
	printf '%s\0' ' a b.pcap' $'line\nend.pcap' -x.pcap >"$work/list"
	run_ok mptcp-lc --columns capture,status -m 0 -0 --files-from "$work/list"
	[ "$output" = 'capture,status
 a b.pcap,fastclose
"line
end.pcap",closed
-x.pcap,closed' ] || fail_run
	run_ok mptcp-lc -f json --columns capture,x -m 0 --label '{x}.pcap' -- ' a b.pcap' $'line\nend.pcap' -x.pcap
	[ "$output" = '{"capture":" a b.pcap","x":" a b"}
{"capture":"line\u000aend.pcap","x":"line\u000aend"}
{"capture":"-x.pcap","x":"-x"}' ] || fail_run
	run_status 5 mptcp-lc --files-from nowhere
	run_status 1 mptcp-lc --files-from /dev/null
	says "mptcp-lc: /dev/null: names no capture"
}

through_export() {
	[ "$1" != mptcp-export ] || return 0
	[ "$1" != mptcp-summary ] || return 0 # it names the file in its commands
	"$@" -q --label '{s}/{l}-{run:d}.pcap' "${good[@]}" >"$work/direct" || [ $? = 1 ]
	mptcp-export --label '{s}/{l}-{run:d}.pcap' "${good[@]}" >"$work/packets.csv"
	"$@" -q "$work/packets.csv" >"$work/file" || [ $? = 1 ]
	"$@" -q <"$work/packets.csv" >"$work/redirected" || [ $? = 1 ]
	# shellcheck disable=SC2002 # a pipe is the point
	cat "$work/packets.csv" | "$@" -q >"$work/pipe" || [ $? = 1 ]
	cmp "$work/direct" "$work/file"
	cmp "$work/direct" "$work/redirected"
	cmp "$work/direct" "$work/pipe"
	"$@" -q "$work/packets.csv" lia/0.5pct-1.pcap --columns all >/dev/null || [ $? = 1 ]
}

@test "packets of several captures as CSV are as many captures, with their labels" {
	each_tool through_export
	mptcp-export "${good[@]}" >"$work/packets.csv"
	[ "$(mptcp-export "$work/packets.csv")" = "$(cat "$work/packets.csv")" ]
	run_ok mptcp-lc -m 0 --columns capture,status "$work/packets.csv"
	[ "${#lines[@]}" = 4 ]
	run_ok mptcp-lc -m 0 --columns status "$work/packets.csv" "${good[0]}"
	[ "$output" = "status"$'\nfastclose\nclosed\nclosed\nfastclose' ]
	run_ok mptcp-lc -m 0 --columns status,capture - <"$work/packets.csv"
	[ "${lines[1]}" = fastclose,blest/0.5pct-1.pcap ]
	head -n 1 "$work/packets.csv" >"$work/none.csv"
	run_status 1 mptcp-lc "$work/none.csv"
	says "mptcp-lc: $work/none.csv: no TCP packets"
	run_status 3 mptcp-map "$work/packets.csv" "${good[0]}"
	says "mptcp-map: $work/packets.csv: is of several captures, one is needed"
}

@test "an error in packets of several captures names the file, the capture and the line" {
	mptcp-export "${good[@]:0:2}" >"$work/packets.csv"
	last=$(wc -l <"$work/packets.csv")
	sed "${last}s/,[^,]*\$//" "$work/packets.csv" >"$work/short.csv"
	run_status 3 mptcp-lc "$work/short.csv"
	says "mptcp-lc: $work/short.csv: line $last: row has"
	[ "${#lines[@]}" -ge 4 ] # what came before it
	sed "${last}s/,[0-9]*,/,x,/" "$work/packets.csv" >"$work/value.csv"
	run_status 3 mptcp-lc "$work/value.csv"
	says "mptcp-lc: $work/value.csv: ${good[1]}: line $last: invalid value 'x' for column 'packetid'"
	{ cat "$work/packets.csv"; sed -n 2p "$work/packets.csv"; } >"$work/apart.csv"
	run_status 3 mptcp-lc --columns capture,mptcpstream "$work/apart.csv"
	says "mptcp-lc: $work/apart.csv: line $((last + 1)): rows of capture '${good[0]}' are apart: sort them by capture"
	[ "$(sort -u <<<"$output")" = "$(sort <<<"$output")" ]
}

@test "packets with other columns than those of the captures before are an error, not another order" {
	mptcp-export --columns packetid,abstime,tcpstream "${good[0]}" >"$work/a.csv"
	mptcp-export --columns packetid,tcpstream,abstime "${good[1]}" >"$work/b.csv"
	run_status 3 mptcp-export "$work/a.csv" "$work/b.csv" "$work/a.csv"
	says "mptcp-export: $work/b.csv: has other columns than the captures before it"
	[ "$(cut -d , -f 1 <<<"$output" | sort | uniq | wc -l)" = 2 ]
	[[ ${lines[0]} == capture,packetid,abstime,tcpstream ]]
}

@test "options that take one capture refuse several" {
	run_status 2 mptcp-lc --follow "${good[@]}"
	says "mptcp-lc: option --follow: takes one capture"
	run_status 2 mptcp-stat --peer "${good[0]}" "${good[@]}"
	says "mptcp-stat: option --peer: takes one capture"
	mptcp-export "${good[@]}" >"$work/packets.csv"
	run_status 2 mptcp-lc --follow <"$work/packets.csv"
	says "mptcp-lc: option --follow: takes one capture"
	run_status 3 mptcp-stat --peer "${good[0]}" "$work/packets.csv"
	run_status 2 mptcp-export -i lo --with-capture
	says "mptcp-export: option -i: takes one capture"
}

@test "an unknown column is refused before anything is read; capture is known where it is asked for" {
	run_status 2 mptcp-lc --columns statsu missing.pcap
	says "unknown column 'statsu'"
	run_status 2 mptcp-lc --columns statsu a.pcap b.pcap
	says "unknown column 'statsu'"
	run_status 2 mptcp-lc --columns loss --label '{loss_}' "${good[@]}"
	says "unknown column 'loss'; did you mean 'loss_'?"
	run_ok mptcp-lc --columns capture,status -m 0 "${good[0]}"
	[ "${lines[1]}" = "${good[0]},fastclose" ]
	run_ok mptcp-lc --columns capture "${good[@]}"
	[ "$(sort -u <<<"$output" | wc -l)" = 4 ]
}

@test "a connection's number chooses in each capture" {
	run_ok mptcp-ls 1 --columns capture,mptcpstream "${good[@]}"
	[ "$(sort -u <<<"$output")" = "${good[0]},1"$'\n'capture,mptcpstream ]
	[ "$(wc -l <<<"$stderr")" = 2 ]
	says "mptcp-ls: ${good[1]}: no connection 1; there is only 0"
}

# A tshark that sleeps instead, and says by which process.
slow_tshark() {
	# shellcheck disable=SC2016
	printf '#!/bin/sh\ncase $1 in -v|--version|-G) exec tshark "$@" ;; esac\necho $$ $PPID >>%s/pids\nexec sleep 60\n' "$work" >"$work/slow"
	chmod +x "$work/slow"
	: >"$work/pids"
}

# Whether a process is there, and not only its status for a parent that does not ask.
runs() {
	grep -q '^State:[[:space:]]*[^ZX]' "/proc/$1/status" 2>/dev/null
}

@test "a signal ends the processes, and leaves neither them nor a file" {
	slow_tshark
	mkdir "$work/tmp"
	for signal in INT TERM KILL; do
		: >"$work/pids"
		TMPDIR=$work/tmp setsid env --default-signal=INT mptcp-lc --no-cache --tshark "$work/slow" -J 2 -o "$work/result" "${good[@]}" >/dev/null 2>&1 3>&- &
		parent=$!
		for _ in {1..100}; do
			[ "$(wc -l <"$work/pids")" -lt 2 ] || break
			sleep 0.1
		done
		[ "$(wc -l <"$work/pids")" -ge 2 ]
		kill -s "$signal" "$parent"
		wait "$parent" || true
		for _ in {1..50}; do
			alive=
			while read -r tshark process; do
				! runs "$tshark" || alive=$tshark
				! runs "$process" || alive=$process
			done <"$work/pids"
			[ -n "$alive" ] || break
			sleep 0.1
		done
		[ -z "$alive" ] || { ps -p "$alive"; false; }
		[ ! -e "$work/result" ]
		[ -z "$(ls -A "$work/tmp")" ]
	done
}

@test "more captures than may be open at once" {
	mptcp-export "${good[0]}" >"$work/packets.csv"
	yes "$work/packets.csv" | head -n 600 >"$work/list"
	(
		ulimit -n 600
		run_ok mptcp-lc -J 8 --columns capture,mptcpstream --files-from "$work/list"
		[ "${#lines[@]}" = 1801 ]
	)
}
