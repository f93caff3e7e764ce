#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What root does not run: commands, series and plots of other users, and what their configuration names, which the HOME or
# PATH of another user brings along.

load lib

setup() {
	setup_common
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	DATA=$XDG_DATA_HOME/mptcp
	mkdir -p "$DATA/commands" "$DATA/plots"
	printf '#!/bin/sh\ntouch %q\n' "$PWD/ran" >"$DATA/commands/mptcp-own"
	cp "$DATA/commands/mptcp-own" "$DATA/commands/mptcp-series-own"
	printf '# series: dss\nsystem "touch %s"\n' "$PWD/ran" >"$DATA/plots/own.gp"
	chmod +x "$DATA"/commands/*
}

# refuses STATUS TEXT COMMAND...
refuses() {
	run_status "$1" "${@:3}"
	says "$2: not run as root (--trust-user)"
	[ ! -e ran ]
}

@test "a command of another user, or that others can write" {
	run_ok mptcp own
	[ -e ran ]
	rm ran
	chown 65534 "$DATA/commands/mptcp-own"
	refuses 126 "mptcp-own: belongs to another user" mptcp own
	refuses 126 "mptcp-own: belongs to another user" mptcp -b <(echo own)
	chown 0 "$DATA/commands/mptcp-own"
	chmod g+w "$DATA/commands/mptcp-own"
	refuses 126 "mptcp-own: can be written by others" mptcp own
	chmod 755 "$DATA/commands/mptcp-own"
	chown 65534 "$DATA/commands"
	refuses 126 "mptcp-own: belongs to another user" mptcp own
	run_ok mptcp --trust-user own
	[ -e ran ]
}

@test "a command in a folder of another user in PATH" {
	mkdir there
	mv "$DATA/commands/mptcp-own" there/mptcp-there
	chown 65534 there there/mptcp-there
	PATH=$PWD/there:$PATH refuses 126 "mptcp-there: belongs to another user" mptcp there
}

@test "a series of another user" {
	chown 65534 "$DATA/commands/mptcp-series-own"
	refuses 4 "mptcp-series-own: belongs to another user" mptcp-series own "$DEMO"
}

@test "a plot of another user" {
	need_program gnuplot
	chown 65534 "$DATA/plots/own.gp"
	refuses 4 "own.gp: belongs to another user" mptcp-plot own -o x.svg 0 "$DEMO"
	run mptcp-plot --trust-user own -o x.svg 0 "$DEMO"
	[ -e ran ]
	# those of the installation are nobody else's business
	run_ok mptcp-plot dss -o x.svg 0 "$DEMO"
}

@test "programs that the configuration of another user names" {
	local config=$XDG_CONFIG_HOME/mptcp
	mkdir -p "$config" "$XDG_CONFIG_DIRS/mptcp"
	printf '#!/bin/sh\ntouch %q\nexit 1\n' "$PWD/ran" >program
	chmod +x program
	for key in tshark editcap dumpcap gnuplot; do
		echo "${key}_binary = $PWD/program"
	done >"$config/config"
	# root's own is believed
	run mptcp-export --no-cache "$DEMO"
	[ -e ran ]
	rm ran
	for spoil in "chown 65534 $config/config" "chown 0 $config/config; chmod o+w $config/config" \
		"chmod 644 $config/config; chown 65534 $config" "chown 0 $config; chmod g+w $config"; do
		eval "$spoil"
		rm -f "$XDG_CONFIG_DIRS/mptcp/config"
		run_ok mptcp-export --no-cache --columns packetid "$DEMO"
		says "$config/config: "
		says ": not used as root (-c FILE uses it)"
		[ ! -e ran ]
		[ "$(mptcp-config --no-header -f csv gnuplot_binary 2>/dev/null | cut -d , -f 3)" = default ]
		# each file is looked at by itself
		echo "jobs = 3" >"$XDG_CONFIG_DIRS/mptcp/config"
		[ "$(mptcp-config --no-header -f csv jobs 2>/dev/null | cut -d , -f 2)" = 3 ]
	done
	run mptcp-export --no-cache -c "$config/config" "$DEMO"
	[ -e ran ]
}
