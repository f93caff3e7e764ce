#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-cache by itself: what it prints of a cache, and what it removes. The files it looks at are not exports here: only their
# names and sizes count, and that an entry which cannot be read is listed all the same.
load lib

setup() {
	setup_common
	CACHE=$XDG_CACHE_HOME/mptcp
}

# entry DIGIT SIZE TIME: an entry called DIGIT 64 times, of SIZE bytes, last used at TIME (UTC).
entry() {
	local name
	name=$(printf "$1%.0s" {1..64})
	mkdir -p "$CACHE/entries/$1$1"
	head -c "$2" /dev/zero >"$CACHE/entries/$1$1/$name"
	TZ=UTC touch -d "$3" "$CACHE/entries/$1$1/$name"
	echo "$CACHE/entries/$1$1/$name"
}

# The files below entries/.
files() {
	find "$CACHE/entries" -type f | wc -l
}

@test "path prints the folder and does not make it" {
	run_ok mptcp-cache path
	[ "$output" = "$CACHE" ]
	[ -z "$stderr" ]
	[ ! -e "$CACHE" ]
}

@test "path follows HOME where XDG_CACHE_HOME is missing or relative" {
	unset XDG_CACHE_HOME
	run_ok mptcp-cache path
	[ "$output" = "$HOME/.cache/mptcp" ]
	XDG_CACHE_HOME=relative run_ok mptcp-cache path
	[ "$output" = "$HOME/.cache/mptcp" ]
}

@test "without HOME and XDG_CACHE_HOME every sub-command ends with 5 and says so" {
	unset XDG_CACHE_HOME HOME
	for command in path list stats clean; do
		run_status 5 mptcp-cache "$command"
		says "neither XDG_CACHE_HOME nor HOME"
		[ -z "$output" ]
	done
}

@test "nothing to list is status 1, with or without a folder" {
	run_status 1 mptcp-cache list
	says "no entry"
	[ ! -e "$CACHE" ]
	mkdir -p "$CACHE/entries/ab"
	run_status 1 mptcp-cache list
	[ "$output" = capture,packets,size,used,file ]
	says "no entry"
}

@test "list begins with what was used last, and looking is no use" {
	one=$(entry 1 100 '2026-01-02 03:04:05')
	two=$(entry 2 200 '2026-02-02 03:04:05')
	three=$(entry 3 300 '2025-03-02 03:04:05')
	for _ in 1 2; do
		run_ok mptcp-cache list
		[ "$output" = "capture,packets,size,used,file
,,200,2026-02-02T03:04:05Z,$two
,,100,2026-01-02T03:04:05Z,$one
,,300,2025-03-02T03:04:05Z,$three" ]
		[ -z "$stderr" ]
	done
}

@test "list in the other formats and to a file" {
	one=$(entry 1 100 '2026-01-02 03:04:05')
	run_ok mptcp-cache -f json list
	[ "$output" = '{"capture":null,"packets":null,"size":100,"used":"2026-01-02T03:04:05Z","file":"'"$one"'"}' ]
	run_ok mptcp-cache -f table list
	[[ ${lines[1]} == *" 100 "*2026-01-02T03:04:05Z*"$one" ]]
	run_ok mptcp-cache --no-header -f csv -o out list
	[ -z "$output" ]
	[ "$(cat out)" = ",,100,2026-01-02T03:04:05Z,$one" ]
}

@test "stats counts entries and nothing else" {
	run_ok mptcp-cache stats
	[ "${lines[1]}" = "$CACHE,0,0,$((4 << 30))" ]
	[ ! -e "$CACHE" ]
	entry 1 100 '2026-01-02 03:04:05'
	entry a 50 '2026-01-02 03:04:05'
	touch "$CACHE/lock" "$CACHE/entries/11/README" "$CACHE/entries/tmp-1"
	run_ok mptcp-cache stats
	[ "$output" = "folder,entries,bytes,limit
$CACHE,2,150,$((4 << 30))" ]
}

@test "the limit in stats comes from the configuration or its variable" {
	echo 'cache_size = 5k' >config
	run_ok mptcp-cache -c config stats
	[ "${lines[1]}" = "$CACHE,0,0,5120" ]
	MPTCP_CACHE_SIZE=1M run_ok mptcp-cache -c config stats
	[ "${lines[1]}" = "$CACHE,0,0,1048576" ]
}

@test "clean removes every entry and says how many and how much" {
	entry 1 100 '2026-01-02 03:04:05'
	entry 2 50 '2026-01-02 03:04:05'
	run_ok mptcp-cache clean
	[ "$output" = "removed,bytes
2,150" ]
	[ "$(files)" = 0 ]
	run_ok mptcp-cache clean
	[ "${lines[1]}" = 0,0 ]
}

@test "clean removes what a dead process left, and keeps files that are none of the cache's" {
	entry 1 100 '2026-01-02 03:04:05'
	hash=$(printf '1%.0s' {1..64})
	head -c 7 /dev/zero >"$CACHE/entries/11/tmp-12345-$hash"
	touch "$CACHE/entries/11/README" "$CACHE/entries/11/tmp-" "$CACHE/entries/11/tmp-1"
	run_ok mptcp-cache clean
	[ "${lines[1]}" = 2,107 ]
	[ "$(files)" = 3 ]
}

@test "clean without a folder removes nothing and makes none" {
	run_ok mptcp-cache clean
	[ "${lines[1]}" = 0,0 ]
	[ ! -e "$CACHE" ]
}

@test "an entry that cannot be removed is an error that names it, and the others go" {
	entry 1 100 '2026-01-02 03:04:05'
	name=$CACHE/entries/22/$(printf '2%.0s' {1..64})
	mkdir -p "$name"
	run_status 5 mptcp-cache clean
	says "$name"
	[ "${lines[1]}" = 1,100 ]
	[ "$(files)" = 0 ]
}

@test "a folder that cannot be read is an error that names it" {
	mkdir -p "$CACHE/entries"
	touch "$CACHE/entries/ab"
	for command in list stats; do
		run_status 5 mptcp-cache "$command"
		says "mptcp-cache: $CACHE/entries/ab: "
		[ -z "$output" ]
	done
}

@test "a missing, unknown or second sub-command is usage, 2" {
	run_status 2 mptcp-cache
	says "add, clean, list, path or stats"
	says "try 'mptcp-cache --help'"
	run_status 2 mptcp-cache dance
	says "unknown action 'dance': add, clean, list, path or stats"
	run_status 2 mptcp-cache list clean
	says "unexpected operand 'clean'"
	[ -z "$output" ]
}

@test "a usage error removes nothing" {
	entry 1 100 '2026-01-02 03:04:05'
	run_status 2 mptcp-cache clean everything
	[ "$(files)" = 1 ]
}

@test "a full disk is told, 5" {
	for command in path list stats clean; do
		entry 1 100 '2026-01-02 03:04:05'
		run --separate-stderr bash -c "mptcp-cache $command >/dev/full"
		[ "$status" = 5 ]
		says "standard output"
	done
}

@test "each sub-command has columns of its own; without one --columns help is about list" {
	run_ok mptcp-cache --columns help
	[ "$(cut -d ' ' -f 1 <<<"$output" | paste -sd ,)" = capture,packets,size,used,file ]
	run_ok mptcp-cache stats --columns help
	[ "$(cut -d ' ' -f 1 <<<"$output" | paste -sd ,)" = folder,entries,bytes,limit ]
	run_ok mptcp-cache --columns bytes,removed clean
	[ "$output" = $'bytes,removed\n0,0' ]
	run_status 2 mptcp-cache --columns removed stats
	says "unknown column 'removed'"
}

@test "add fills the cache with several captures at once; what fails is reported, and the rest is done" {
	cp "$(capture join_refused.client.pcap)" a.pcap
	cp "$(capture reset_by_server.server.pcap)" b.pcap
	run_status 5 mptcp-cache add a.pcap missing.pcap b.pcap
	[ "$output" = "capture,packets
a.pcap,$(mptcp-export --no-header a.pcap | wc -l)
b.pcap,$(mptcp-export --no-header b.pcap | wc -l)" ] || fail_run rows
	says "mptcp-cache: missing.pcap: "
	# other tools find it
	run_ok mptcp-lc -v a.pcap
	says "a.pcap: from the cache"
	[ "$(mptcp-cache list --columns capture --no-header | sort)" = "$PWD/a.pcap"$'\n'"$PWD/b.pcap" ]
	# nor is it added again
	cp -r "$CACHE/entries" before
	run_ok mptcp-cache add -q a.pcap b.pcap
	diff -r before "$CACHE/entries"
	run_ok mptcp-cache add --files-from - --status-file status.csv <<<a.pcap
	grep -q '^a.pcap,0,1,' status.csv
}

@test "add: what cannot be kept is an error" {
	cp "$(capture join_refused.client.pcap)" a.pcap
	mptcp-export --no-cache a.pcap >a.csv
	run_status 5 mptcp-cache add a.csv
	says "mptcp-cache: a.csv: was not kept"
	run_status 5 env XDG_CACHE_HOME=/dev/null mptcp-cache add a.pcap
	says "mptcp-cache: a.pcap: was not kept"
	run_status 2 mptcp-cache add --no-cache a.pcap
	run_status 2 mptcp-cache add
	says "mptcp-cache: add: missing FILE"
}
