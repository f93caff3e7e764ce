#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What holds for every tool, so that all can be used alike: options, messages, exit status, output. Each test goes
# over all tools.
load lib

# refuses TOOL TEXT ARGUMENT...: a usage error, reported in two lines with the tool's name, TEXT in them, and the hint.
refuses() {
	local tool=$1 text=$2
	shift 2
	run_status 2 "$tool" "$@"
	[ -z "$output" ] || fail_run "$tool $*: nothing belongs on standard output"
	[[ $stderr == "$tool: "*"$text"*$'\n'"try '$tool --help'" ]] || fail_run "$tool $*: expected: $text"
}

# Makes $file, the packets of the demo as CSV, so that a test does not wait for tshark with each tool.
packets() {
	need_file "$DEMO"
	file=packets.csv
	run_ok mptcp-export -o "$file" "$DEMO"
}

@test "there are tools" {
	[ -n "$(tools)" ]
}

@test "--help has usage, purpose, options and exit status, at most 80 columns wide" {
	for tool in $(tools); do
		run_ok "$tool" --help
		[[ ${lines[0]} == "usage: $tool "* ]] || fail_run "$tool: usage line"
		[[ $output == *$'\ngeneral:\n'* ]] || fail_run "$tool: options"
		[[ $output == *$'\nexit status: 0 done, '* ]] || fail_run "$tool: exit status"
		[ -z "$stderr" ] || fail_run "$tool: standard error"
		run -1 grep -E '.{81}' <<<"$output"
	done
}

@test "-h is --help" {
	for tool in $(tools); do
		[ "$("$tool" -h)" = "$("$tool" --help)" ]
	done
}

@test "--version is the name and the version" {
	version=$(sed -n 's/^VERSION = //p' "$ROOT/Makefile")
	for tool in $(tools); do
		run_ok "$tool" --version
		[ "$output" = "$tool $version" ] || fail_run "$tool"
	done
}

@test "--help wins over a configuration that cannot be read" {
	for tool in $(tools); do
		run_ok "$tool" -c nowhere --help
	done
}

@test "an unknown option is named" {
	for tool in $(tools); do
		refuses "$tool" "unknown option '--no-such-option'" --no-such-option
		refuses "$tool" "unknown option '-Z'" -Z
		refuses "$tool" "unknown option '-Z'" -vZ
	done
}

@test "an option without its value, or with one that it does not take, is named" {
	for tool in $(tools); do
		refuses "$tool" "option --config: missing FILE" --config
		refuses "$tool" "option --config: missing FILE" -c
		refuses "$tool" "option --quiet: takes no value" --quiet=yes
	done
}

@test "a number out of its range or none at all is refused" {
	for tool in $(tools_with jobs chunk); do
		for value in 0 1025 -1 +1 1.5 0x10 '' ' 1' 1k 99999999999999999999; do
			refuses "$tool" "option --jobs: '$value' is not a number from 1 to 1024" --jobs="$value"
		done
		for value in 0 1000001 many; do
			refuses "$tool" "option --chunk: '$value' is not a number from 1 to 1000000" --chunk "$value"
		done
	done
	for tool in $(tools_with mptcpstream tcpstream); do
		for value in -1 x 4294967296; do
			refuses "$tool" "option --mptcpstream: '$value' is not" -m "$value"
			refuses "$tool" "option --tcpstream: '$value' is not" --tcpstream="$value"
			refuses "$tool" "option --skip: '$value' is not the number of a connection" --skip 1 --skip="$value"
		done
	done
}

@test "every tool that reads packets takes the same selection" {
	for tool in mptcp-lc mptcp-ls mptcp-lt mptcp-le mptcp-lr mptcp-stat mptcp-series mptcp-plot mptcp-merge; do
		run_ok "$tool" --list-options
		for option in mptcpstream tcpstream destination skip from to; do
			cut -f 2 <<<"$output" | grep -qx "$option" || fail_run "$tool has no --$option"
		done
	done
	run_ok mptcp-map --list-options
	cut -f 2 <<<"$output" | grep -qx skip || fail_run "mptcp-map has no --skip"
}

@test "a period is seconds since the first packet, its end after its beginning" {
	for tool in $(tools_with from to); do
		for value in '' soon -1 1e3 1,5 nan; do
			refuses "$tool" "option --from: '$value' is not a number of seconds" --from="$value"
			refuses "$tool" "option --to: '$value' is not a number of seconds" --to="$value"
		done
		refuses "$tool" "option --to: must be after --from" --to 1 --from 1
		refuses "$tool" "option --to: must be after --from" --from 2.000000001 --to 2
	done
}

@test "a word that is none of those known is refused" {
	for tool in $(tools_with format); do
		refuses "$tool" "option --format: 'xml' is not csv, table" -f xml
	done
	for tool in $(tools_with destination); do
		refuses "$tool" "option --destination: 'both' is not client or server" -d both
	done
	for tool in $(tools_with delimiter); do
		for value in '' '::' '"'; do
			refuses "$tool" "option --delimiter: '$value' is not one character" --delimiter "$value"
		done
	done
}

@test "a third capture is refused where there are two" {
	for tool in mptcp-map mptcp-merge; do
		refuses "$tool" "unexpected operand" a.pcap b.pcap c.pcap
	done
}

@test "an operand behind -- is none of the options" {
	for tool in $(tools_with jobs); do
		run_status 5 "$tool" -- --help
		says "$tool: --help: "
	done
}

@test "a file that is not there, a folder, a file without permission: status 5 and its name" {
	mkdir folder
	for tool in $(tools_with jobs); do
		for path in absent.pcap folder; do
			run_status 5 "$tool" "$path"
			says "$tool: $path: "
			[ -z "$output" ] || fail_run "$tool $path: nothing belongs on standard output"
		done
	done
	[ "$(id -u)" != 0 ] || return 0 # root may read everything
	touch closed.pcap
	chmod 0 closed.pcap
	for tool in $(tools_with jobs); do
		run_status 5 "$tool" closed.pcap
		says "$tool: closed.pcap: "
	done
}

@test "a tshark that is not there is named, and nothing is printed: status 4" {
	need_file "$DEMO"
	for tool in $(tools_with jobs); do
		run_status 4 "$tool" --no-cache --tshark no-such-tshark "$DEMO"
		says "$tool: "
		says no-such-tshark
		[ -z "$output" ] || fail_run "$tool: nothing belongs on standard output"
	done
}

@test "a message is one line whatever the name of the file" {
	for tool in $(tools_with jobs); do
		run_status 5 "$tool" $'two\nlines'
		[ "$(wc -l <<<"$stderr")" = 1 ] || fail_run "$tool"
	done
}

@test "a configuration file that is named must be there" {
	for tool in $(tools); do
		run_status 5 "$tool" -c nowhere
		says "$tool: nowhere: "
	done
}

@test "a wrong value in the configuration is told with file and line: status 3" {
	printf '# ours\njobs = many\n' >config
	for tool in $(tools); do
		run_status 3 "$tool" -c config
		says "config:2: jobs: 'many' is not a number"
	done
}

@test "an unknown key of the configuration is a warning, and -q keeps it quiet" {
	packets
	echo 'jbos = 2' >config
	for tool in $(tools_with jobs); do
		run --separate-stderr "$tool" -c config "$file"
		says "$tool: config:1: "
		run --separate-stderr "$tool" -q -c config "$file"
		[ -z "$stderr" ] || fail_run "$tool -q"
	done
}

@test "a full standard output is told: status 5" {
	[ -e /dev/full ] || skip "/dev/full is not there"
	packets
	for tool in $(tools); do
		run_status 5 bash -c '"$1" --help >/dev/full' - "$tool"
		says "$tool: standard output: "
	done
	for tool in $(tools_with jobs); do
		for format in csv table json; do
			options=()
			[ "$tool" = mptcp-export ] || options=(-f "$format")
			[ "$tool" != mptcp-check ] || options+=(--severity info) # so that it has rows
			run_status 5 bash -c '"$@" >/dev/full' - "$tool" "${options[@]}" "$file"
			says "$tool: standard output: "
		done
	done
}

@test "a closed standard output is told: status 5" {
	for tool in $(tools); do
		run_status 5 bash -c '"$1" --help >&-' - "$tool"
		says "$tool: standard output: "
	done
}

@test "a reader that leaves early is no error worth a word" {
	packets
	for tool in $(tools_with jobs); do
		run --separate-stderr bash -c '"$1" "$2" | true' - "$tool" "$file"
		[ -z "$stderr" ] || fail_run "$tool"
	done
}

@test "-o writes what standard output would have got" {
	packets
	for tool in $(tools_with jobs output); do
		"$tool" -o result "$file" || [ $? = 1 ]
		"$tool" "$file" >expected || [ $? = 1 ]
		cmp result expected
		run_status 5 "$tool" -o nowhere/result "$file"
		says "$tool: nowhere/result: "
	done
}

@test "a file, - and standard input are the same input" {
	packets
	for tool in $(tools_with jobs); do
		"$tool" "$file" >named || [ $? = 1 ]
		"$tool" - <"$file" >dash || [ $? = 1 ]
		"$tool" <"$file" >absent || [ $? = 1 ]
		cmp named dash
		cmp named absent
	done
}

@test "csv is the default where standard output is no terminal" {
	packets
	for tool in $(tools_with jobs format); do
		"$tool" "$file" >by-default || [ $? = 1 ]
		"$tool" -f csv "$file" >as-csv || [ $? = 1 ]
		cmp by-default as-csv
	done
}

@test "--no-header leaves out one line, of column names" {
	packets
	for tool in $(tools_with jobs no-header); do
		"$tool" "$file" >with || [ $? = 1 ]
		"$tool" --no-header "$file" >without || [ $? = 1 ]
		cmp without <(tail -n +2 with)
	done
}

# Calls "$@" for each tool that prints a table, with its name and operands that give it a result.
each_table() {
	local tool

	packets
	for tool in $(tools); do
		"$tool" --list-options | cut -f 2 | grep -qx format || continue
		case $tool in
		mptcp-map | mptcp-merge) "$@" "$tool" "$file" "$file" ;;
		mptcp-series) "$@" "$tool" dss "$file" ;;
		mptcp-cache) "$@" "$tool" stats ;;
		mptcp-compare) "$@" "$tool" --by tcpdest --value tcplen --unit-of-repetition packetid "$file" ;;
		mptcp-config | mptcp-doctor) "$@" "$tool" ;;
		mptcp-check) "$@" "$tool" --severity info "$file" ;;
		*) "$@" "$tool" "$file" ;;
		esac
	done
}

# names_of TOOL OPERAND...: the columns of its result, one per line.
names_of() {
	"$@" --columns help | cut -d ' ' -f 1
}

# table_of TOOL ARGUMENT...: its result as CSV. That nothing was found, or that something is not installed, does not matter.
table_of() {
	"$@" -q -f csv || [[ $? == [14] ]] || fail_run "$*"
}

# The result is the single columns side by side: in their order, and in reverse.
columns_side_by_side() {
	local name reversed='' singles=() names

	[ "$1" != mptcp-doctor ] || return 0 # it takes seconds; the other tests have it
	mapfile -t names < <(names_of "$@")
	[ "${#names[@]}" -gt 1 ] || fail_run "$1: columns"
	for name in "${names[@]}"; do
		# a cell that is empty and alone is quoted
		table_of "$@" --columns "$name" | sed 's/^""$//' >"single.$name"
		singles+=("single.$name")
		reversed=$name${reversed:+,$reversed}
	done
	paste -d , "${singles[@]}" >expected
	table_of "$@" --columns all | diff -u expected -
	[ "$(wc -l <expected)" -gt 1 ] || fail_run "$1: no row to compare"
	mapfile -t singles < <(printf '%s\n' "${singles[@]}" | tac)
	paste -d , "${singles[@]}" >expected
	table_of "$@" --columns "$reversed" | diff -u expected -
}

@test "--columns shows the columns named, in the order of the list" {
	each_table columns_side_by_side
}

# Those that are shown by default are some of them, in the same order.
shown_by_default() {
	local hidden='with --(peer|base): |only on request: '

	table_of "$@" | head -n 1 |
		diff -u <("$@" --columns help | grep -vE "$hidden" | cut -d ' ' -f 1 | paste -sd ,) -
	"$1" --list-options | cut -f 2 | grep -qx peer && [ "$1" != mptcp-series ] || return 0
	table_of "$@" --peer "$file" | head -n 1 | diff -u <(names_of "$@" | paste -sd ,) -
}

@test "--columns help lists the columns of the result in their order" {
	each_table shown_by_default
}

described() {
	run_ok "$@" --columns help
	[ -z "$stderr" ] || fail_run "$1: standard error"
	run -1 grep -vE '^[a-z][a-z0-9_]* +(-|s|bytes|bps|share|ticks) +[^ ].{4,}$' <<<"$output"
}

@test "--columns help has name, unit and meaning of each, a line each" {
	each_table described
}

wrong_lists() {
	local name other

	name=$(names_of "$@" | tail -n 1)
	other=$(names_of "$@" | head -n 1)
	refuses "$1" "unknown column '${name}x'; did you mean '$name'?" --columns "$other,${name}x" "${@:2}"
	refuses "$1" "unknown column 'zzzzzz'; --columns help lists them" --columns zzzzzz "${@:2}"
	refuses "$1" "column '$name' appears twice" --columns "$name,$other,$name" "${@:2}"
	refuses "$1" "missing name of a column" --columns '' "${@:2}"
	refuses "$1" "missing name of a column" --columns "$name," "${@:2}"
	refuses "$1" "unknown column 'all'" --columns "$name,all" "${@:2}"
}

@test "--columns: a name that is unknown, missing or there twice is refused before anything is read" {
	each_table wrong_lists
	refuses mptcp-lc "unknown column 'statsu'" --columns statsu missing.pcap
}

# of_formats TOOL OPERAND...: the first two columns, the second one first.
of_formats() {
	local name other

	{ read -r name && read -r other; } < <(names_of "$@")
	run --separate-stderr "$@" -q -f json --columns "$other,$name"
	run -1 grep -vE "^\{\"$other\":[^:]*(:[^:]*)*,\"$name\":.*\}$" <<<"$output"
	run --separate-stderr "$@" -q -f table --columns "$other,$name"
	[[ ${lines[0]} =~ ^\ *$other\ +$name$ ]] || fail_run "$1: table"
}

@test "--columns holds for json and tables" {
	each_table of_formats
}

@test "--columns and --follow: every table has these columns" {
	packets
	for tool in $(tools_with follow); do
		run_ok "$tool" --follow --columns packets,mptcpstream "$file"
		[ "${lines[0]}" = packets,mptcpstream ] || fail_run "$tool"
	done
}

@test "a column that needs --peer is empty without it, and a warning says so where it is named" {
	packets
	run_ok mptcp-stat --columns arrived_bytes,mptcpstream "$file"
	says "mptcp-stat: column 'arrived_bytes' is empty without --peer"
	[ "${lines[1]}" = ,0 ]
	run_ok mptcp-stat --columns all "$file"
	[ -z "$stderr" ] || fail_run "all"
	run_ok mptcp-stat -q --columns arrived_bytes --peer "$file" "$file"
	[[ ${lines[1]} == [0-9]* ]] || fail_run "with --peer"
}

@test "--delimiter separates the cells of input and output" {
	packets
	run_ok mptcp-export --delimiter ';' -o semicolons "$DEMO"
	for tool in $(tools_with jobs format delimiter); do
		"$tool" "$file" >comma || [ $? = 1 ]
		"$tool" --delimiter ';' semicolons >semicolon || [ $? = 1 ]
		cmp <(head -n 1 comma | tr , ';') <(head -n 1 semicolon)
		[ "$(wc -l <comma)" = "$(wc -l <semicolon)" ]
	done
}

@test "the result of an input without packets is its header alone: status 1" {
	packets
	head -n 1 "$file" >empty.csv
	for tool in $(tools_with jobs format); do
		[ "$tool" != mptcp-check ] || continue # nothing to judge is well: check.bats
		run_status 1 "$tool" -f csv empty.csv
		[ "${#lines[@]}" = 1 ] || fail_run "$tool"
		[ "$stderr" = "$tool: empty.csv: no TCP packets" ] || fail_run "$tool"
	done
}

@test "a column that is needed and missing is named: status 3" {
	echo nothing >wrong.csv
	echo 1 >>wrong.csv
	for tool in $(tools_with jobs format); do
		run_status 3 "$tool" wrong.csv
		says "$tool: wrong.csv: "
		[ "$(wc -l <<<"$stderr")" = 1 ] || fail_run "$tool"
	done
}
