#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# -o never destroys: what a file is while a tool writes it, and afterwards, however the tool ended; and what is never
# written over.
# shellcheck disable=SC2154,SC2317 # stderr is set by run; what only one test calls is called
load lib

setup() {
	setup_common
	process=
	mptcp-export -o "$HOME/all.csv" "$DEMO"
	mkfifo "$HOME/fifo"
	mkdir results
	cd results || return
}

teardown() {
	[ -z "$process" ] || kill "$process" 2>/dev/null || true
	exec 9>&-
}

# wait_until COMMAND...: up to ten seconds.
wait_until() {
	local i

	for ((i = 0; i < 200; i++)); do
		! "$@" || return 0
		sleep 0.05
	done
	echo "still not: $*"
	return 1
}

# The names in a folder, hidden ones too.
names_in() {
	(cd "$1" && find . -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | paste -sd ' ')
}

writes_here() {
	readlink "/proc/$process/fd"/* 2>/dev/null | grep -qF "$PWD/"
}

# start COMMAND...: it has half of its packets, writes a file in this folder, and waits for more, from descriptor 9.
start() {
	env --default-signal=INT,TERM,HUP "$@" <"$HOME/fifo" 2>"$HOME/errors" 9>&- 3>&- &
	process=$!
	exec 9>"$HOME/fifo"
	head -n 300 "$HOME/all.csv" >&9
	wait_until writes_here
}

@test "a file is left alone until the new one is whole, and nothing else is beside it meanwhile" {
	for tool in $(tools_with jobs output); do
		echo old >result
		start "$tool" -o result
		[ "$(cat result)" = old ]
		[ "$(names_in .)" = result ] || fail_run "$(names_in .)"
		tail -n +301 "$HOME/all.csv" >&9
		exec 9>&-
		wait "$process" || [ $? = 1 ]
		"$tool" "$HOME/all.csv" >"$HOME/expected" || [ $? = 1 ]
		cmp result "$HOME/expected"
		[ "$(names_in .)" = result ]
	done
}

@test "a signal leaves the old file, or none" {
	for signal in INT TERM HUP KILL; do
		for before in old ''; do
			rm -f result
			[ -z "$before" ] || echo "$before" >result
			start mptcp-export -o result
			kill -s "$signal" "$process"
			run wait "$process"
			[ "$(names_in .)" = "${before:+result}" ] || fail_run "$signal: $(names_in .)"
			[ -z "$before" ] || [ "$(cat result)" = old ]
			exec 9>&-
		done
	done
}

@test "an error that leaves no result leaves the old file, or none" {
	sed '300s/^[0-9]*/x/' "$HOME/all.csv" >"$HOME/damaged.csv"
	for before in old ''; do
		rm -f result
		[ -z "$before" ] || echo "$before" >result
		run_status 4 mptcp-export --tshark no-such-tshark --no-cache -o result "$DEMO"
		run_status 2 mptcp-export -e frame.len -o result "$HOME/all.csv"
		run_status 5 mptcp-lc -o result "$HOME"
		[ "$(names_in .)" = "${before:+result}" ]
		[ -z "$before" ] || [ "$(cat result)" = old ]
	done
}

@test "a device without room leaves the old file: status 5" {
	echo old >result
	run_status 5 bash -c 'ulimit -f 8; trap "" XFSZ; mptcp-export -o result "$1"' - "$HOME/all.csv"
	says "mptcp-export: result: "
	[ "$(names_in .)" = result ] && [ "$(cat result)" = old ]
}

@test "what comes before damage in the input is a result, and is put in place" {
	head -c 20000 "$DEMO" >"$HOME/cut.pcap"
	echo old >result
	run_status 3 mptcp-export -o result "$HOME/cut.pcap"
	run_status 3 mptcp-export "$HOME/cut.pcap"
	[ "$(cat result)" = "$output" ] && [ "$(wc -l <result)" -gt 10 ]
}

@test "mptcp-doctor says what is missing in a file, too" {
	run_status 4 env MPTCP_TSHARK_BINARY=no-such-tshark mptcp-doctor -f csv -o result
	grep -q no-such-tshark result
}

@test "symbolic links are followed, and the mode is kept" {
	mkdir elsewhere
	echo old >elsewhere/result
	chmod 640 elsewhere/result
	ln -s elsewhere/result link
	ln -s elsewhere/new to-nothing
	(umask 027 && mptcp-lc -o link "$HOME/all.csv" && mptcp-lc -o to-nothing "$HOME/all.csv" &&
		umask 022 && mptcp-lc -o usual "$HOME/all.csv")
	[ -L link ] && [ -L to-nothing ]
	mptcp-lc "$HOME/all.csv" | tee >(cmp - elsewhere/result) >(cmp - usual) | cmp - elsewhere/new
	[ "$(stat -c %a elsewhere/result elsewhere/new usual | paste -sd ' ')" = '640 640 644' ]
}

@test "a file that must not be written is not replaced" {
	[ "$(id -u)" != 0 ] || skip "root may write every file"
	echo old >result
	chmod 444 result
	run_status 5 mptcp-lc -o result "$HOME/all.csv"
	[ "$(cat result)" = old ]
}

@test "a pipe and a device are opened and written" {
	mptcp-lc "$HOME/all.csv" >"$HOME/expected"
	mkfifo pipe
	mptcp-lc -o pipe "$HOME/all.csv" &
	cmp pipe "$HOME/expected"
	wait
	[ -p pipe ]
	mptcp-lc -o /dev/stdout "$HOME/all.csv" | cmp - "$HOME/expected"
	mptcp-lc -o >(cat >"$HOME/got") "$HOME/all.csv"
	wait_until cmp -s "$HOME/got" "$HOME/expected"
	run_ok mptcp-lc -o /dev/null "$HOME/all.csv"
	[ -c /dev/null ] && [ "$(names_in .)" = pipe ]
	# standard output that is a file has its name from somebody else
	(echo before && mptcp-lc -o /dev/stdout "$HOME/all.csv") >both
	cmp both "$HOME/expected"
}

@test "--follow writes as it goes" {
	for tool in $(tools_with follow interval); do
		rm -f result
		start "$tool" --interval 0.1 -o result
		wait_until test -s result
		kill "$process"
		run wait "$process"
		[ -s result ]
		exec 9>&-
	done
}

@test "mptcp-export -i writes as it goes" {
	printf '#!/bin/sh\nexec sleep 60\n' >"$HOME/tshark" # an interface where nothing goes on
	chmod +x "$HOME/tshark"
	mptcp-export -i lo --tshark "$HOME/tshark" -o result 3>&- &
	process=$!
	wait_until test -e result
	kill "$process"
	run wait "$process"
	[ -e result ]
}

# refuses WHAT COMMAND...: status 2 and one line on standard error, that file $victim WHAT; it stays as it is.
refuses() {
	local what=$1 before

	shift
	before=$(cksum <"$victim")
	run_status 2 "$@"
	says ": $victim: $what"
	[ "$(grep -vc "^try '" <<<"$stderr")" = 1 ] || fail_run "more than a line"
	[ "$(cksum <"$victim")" = "$before" ]
}

# The operands in front of the capture, in `call`.
call_of() {
	case $1 in
	mptcp-series) call=("$1" tput) ;;
	mptcp-plot) call=("$1" tput --script) ;;
	*) call=("$1") ;;
	esac
}

@test "the input is never written over, --force or not: the file, a link to it, standard input" {
	cp "$HOME/all.csv" x.csv
	ln x.csv hard
	ln -s x.csv soft
	for tool in $(tools_with jobs output) mptcp-series mptcp-plot; do
		call_of "$tool"
		for victim in x.csv hard soft ./x.csv; do
			refuses "is the input" "${call[@]}" x.csv -o "$victim"
			refuses "is the input" "${call[@]}" --force x.csv -o "$victim"
			refuses "is the input" bash -c '"$@" <x.csv' - "${call[@]}" -o "$victim"
		done
	done
	victim=x.csv
	refuses "is the input" mptcp-lc --follow -o x.csv x.csv
	refuses "is the input" mptcp-lc -o x.csv soft
	# what is not read is no input
	cp "$HOME/all.csv" y.csv
	run_ok bash -c 'mptcp-lc -o y.csv x.csv <y.csv'
}

@test "the capture of --peer, and each of two captures, is an input" {
	cp "$HOME/all.csv" A
	cp "$HOME/all.csv" B
	for victim in A B; do
		refuses "is the input" mptcp-map A B -o "$victim"
		refuses "is the input" mptcp-merge --force A B -o "$victim"
		refuses "is the input" bash -c 'mptcp-merge - B <A -o "$1"' - "$victim"
		for tool in mptcp-stat mptcp-lr; do
			refuses "is the input" "$tool" --peer B A -o "$victim"
		done
		refuses "is the input" mptcp-series owd --peer B 0 A -o "$victim"
		refuses "is the input" mptcp-plot owd --script --peer B 0 A -o "$victim"
	done
}

@test "a capture is overwritten with --force only, known by its first bytes: pcap, pcapng, compressed" {
	head -c 24 "$DEMO" >pcap
	printf '\012\015\015\012\034\0\0\0\115\074\053\032\001\0\0\0' >pcapng
	gzip -c <"$DEMO" >compressed
	printf '\050\265\057\375more' >zstd
	printf '\004\042\115\030more' >lz4
	for victim in pcap pcapng; do
		refuses "is a capture; --force overwrites it" mptcp-lc -o "$victim" "$HOME/all.csv"
	done
	for victim in compressed zstd lz4; do
		refuses "is compressed and may be a capture; --force overwrites it" mptcp-lc -o "$victim" "$HOME/all.csv"
	done
	mptcp-lc "$HOME/all.csv" >"$HOME/expected"
	for victim in pcap pcapng compressed zstd lz4; do
		run_ok mptcp-lc --force -o "$victim" "$HOME/all.csv"
		cmp "$victim" "$HOME/expected"
		run_ok mptcp-lc -o "$victim" "$HOME/all.csv" # it is none any more
	done
}

@test "-o *.pcap costs no capture, whatever the tool" {
	cp "$DEMO" x.pcap
	cp "$DEMO" y.pcap
	victim=./x.pcap
	for tool in $(tools_with output); do
		call_of "$tool"
		refuses "is a capture" "${call[@]}" -o ./*.pcap
	done
	refuses "is a capture" mptcp-series tput -o ./*.pcap
	refuses "is a capture" mptcp-plot tput --script -o ./*.pcap
	refuses "is a capture" mptcp-lc --follow -o ./*.pcap
	refuses "is a capture" mptcp-merge -o ./x.pcap y.pcap "$HOME/all.csv"
	refuses "is a capture" mptcp-cache stats -o ./x.pcap
	refuses "is a capture" mptcp-config -o ./x.pcap
	refuses "is a capture" mptcp-doctor -o ./x.pcap
}

@test "every tool that has -o has --force" {
	for tool in $(tools); do
		"$tool" --list-options | cut -f 2 | grep -qx output || continue
		"$tool" --list-options | cut -f 2 | grep -qx force || fail_run "$tool"
	done
}

@test "a picture is put in place when it is drawn, and costs neither its input nor a capture" {
	need_program gnuplot
	mptcp-series tput "$HOME/all.csv" >series.svg
	cp "$DEMO" capture.png
	echo old >picture.svg
	victim=series.svg
	refuses "is the input" mptcp-plot tput -o series.svg series.svg
	victim=capture.png
	refuses "is a capture" mptcp-plot tput -o capture.png series.svg
	run_status 4 mptcp-plot tput --gnuplot no-such-gnuplot -o picture.svg series.svg
	[ "$(cat picture.svg)" = old ]
	run_status 5 bash -c 'ulimit -f 1; trap "" XFSZ; mptcp-plot tput --script --no-cache -o picture.svg series.svg'
	[ "$(cat picture.svg)" = old ]
	ln -s picture.svg link.svg
	run_ok mptcp-plot tput -o link.svg series.svg
	[ -L link.svg ] && grep -q '<svg' picture.svg
	run_ok mptcp-plot tput --force -o capture.png series.svg
	[ "$(names_in .)" = 'capture.png link.svg picture.svg series.svg' ]
}

@test "the files of a folder are replaced together, and are neither input nor capture" {
	mptcp-series tput "$HOME/all.csv" >series
	mkdir folder
	cp "$DEMO" folder/tput.dat
	run_status 2 mptcp-plot tput -o folder/ series
	says "tput.dat: is a capture; --force overwrites it"
	[ "$(names_in folder)" = tput.dat ] && cmp folder/tput.dat "$DEMO"
	run_ok mptcp-plot tput --force -o folder/ series
	[ "$(cd folder && echo *)" = "Makefile tput.dat tput.gp" ]
	for name in folder/*; do
		echo old >"$name"
	done
	run_status 5 bash -c 'ulimit -f 1; trap "" XFSZ; mptcp-plot tput -o folder/ series'
	[ "$(cat folder/*)" = $'old\nold\nold' ]
	[ "$(names_in folder)" = "Makefile tput.dat tput.gp" ]
	ln -f series folder/tput.gp
	run_status 2 mptcp-plot tput -o folder/ series
	says "tput.gp: is the input"
}
