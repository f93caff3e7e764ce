#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-doctor(1): what is there, what is missing, and what to do about it.
load lib

# state CHECK: of the last run.
state() {
	awk -F, -v check="$1" '$1 == check { print $2 }' <<<"$output"
}

@test "all is well here: every check says ok, the pipeline with its packets" {
	run_ok mptcp-doctor -f csv
	for check in tshark fields editcap dumpcap gnuplot terminals cache configuration pipeline; do
		[ "$(state $check)" = ok ] || fail_run "$check"
	done
	[[ $output == *"8 packets through tshark: 1 connection, 2 subflows"* ]]
	[[ $output == *"$(tshark --version 2>/dev/null | sed -nE '1s/^[^0-9]*([0-9.]+[0-9]).*/\1/p')"* ]]
}

@test "a tshark that is not there: status 4, and what to install" {
	export MPTCP_TSHARK_BINARY=$PWD/none
	run_status 4 mptcp-doctor -f csv
	[ "$(state tshark)" = failed ]
	[[ $output == *"apt install tshark"* ]]
	[ "$(state editcap)" = ok ]
	[ -z "$(state pipeline)" ]
}

@test "without dumpcap there are no live captures: a note, and what to install" {
	export MPTCP_DUMPCAP_BINARY=$PWD/none
	run_ok mptcp-doctor -f csv
	[ "$(state dumpcap)" = note ]
	[[ $output == *"apt install wireshark-common"* ]]
}

# plugin_tools FOLDER: a copy of mptcp-doctor and mptcp-export beside the plugin, readable to everyone.
plugin_tools() {
	need_file "$(echo "$BUILD"/wireshark/*/epan/mptcp.so)"
	mkdir -p "$1/bin"
	cp -r "$BUILD/wireshark" "$1/wireshark"
	cp "$BIN/mptcp-doctor" "$BIN/mptcp-export" "$1/bin"
	chmod -R a+rX "$1"
}

@test "which way tshark is used, and why" {
	open=$(mktemp -d /tmp/mptcp-doctor.XXXXXX)
	plugin_tools "$open"
	run_ok "$open/bin/mptcp-doctor" -f csv
	[ "$(state plugin)" = ok ]
	[[ $output == *"plugin,ok,\"used, $open/bin/../wireshark\""* ]]
	printf '#!/bin/sh\nunset WIRESHARK_PLUGIN_DIR\nexec %s "$@"\n' "$(command -v tshark)" >"$open/tshark"
	chmod 755 "$open/tshark"
	MPTCP_TSHARK_BINARY=$open/tshark run_ok "$open/bin/mptcp-doctor" -f csv
	[ "$(state plugin)" = note ]
	[[ $output == *"not used, but -T fields: this tshark does not load "* ]]
	if [ "$(id -u)" -eq 0 ]; then # nobody cannot read it
		chmod 700 "$open"
		run_ok "$open/bin/mptcp-doctor" -f csv
		[[ $output == *"not used, but -T fields: $open/bin/../wireshark: as nobody: Permission denied"* ]]
	fi
	rm -r "$open"
}

@test "a program that is no gnuplot: status 4, and what to install" {
	printf '#!/bin/sh\nexit 1\n' >gnuplot
	chmod +x gnuplot
	export MPTCP_GNUPLOT_BINARY=$PWD/gnuplot
	run_status 4 mptcp-doctor -f csv
	[ "$(state gnuplot)" = failed ]
	[[ $output == *"apt install gnuplot-nox"* ]]
	[ "$(state pipeline)" = ok ]
}

@test "a tshark that dissects nothing is noticed" {
	real=$(command -v tshark)
	cat >tshark <<-EOF
		#!/bin/sh
		case \$* in
		*--version*) echo 'TShark 4.0.17' ;;
		*) exec $real "\$@" -Y frame.number==0 ;;
		esac
	EOF
	chmod +x tshark
	export MPTCP_TSHARK_BINARY=$PWD/tshark
	run_status 4 mptcp-doctor -f csv
	[ "$(state pipeline)" = failed ]
}

@test "without a cache, or with a wrong folder for it, the tools do with less: a note, status 0" {
	MPTCP_CACHE=no run_ok mptcp-doctor -f csv
	[ "$(state cache)" = note ]
	touch file
	XDG_CACHE_HOME=$PWD/file run_ok mptcp-doctor -f csv
	[ "$(state cache)" = note ]
	[ "$(state pipeline)" = ok ]
}

@test "the configuration in use is named with its place" {
	echo 'jobs = 2' >file
	run_ok mptcp-doctor -c file -f csv
	[[ $output == *"jobs (file:1)"* ]]
}

@test "one line each" {
	run_ok mptcp-doctor -f table
	[ "${#lines[@]}" = 11 ]
}
