#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-config(1): which value is in force, and why.
load lib

# value KEY: value and origin of it.
value() {
	mptcp-config --no-header -f csv "$1" | cut -d , -f 2,3
}

@test "without a file and variables every key has its default" {
	run_ok mptcp-config -f csv
	[ "${lines[0]}" = key,value,origin,variable,meaning ]
	[ "$(tail -n +2 <<<"$output" | cut -d , -f 3 | grep -vc default)" = 1 ] # the delimiter is a comma
	[ "$(value jobs)" = 0,default ]
}

@test "option, then environment, then the user's file, then the system's" {
	mkdir -p "$XDG_CONFIG_DIRS/mptcp" "$XDG_CONFIG_HOME/mptcp"
	echo 'jobs = 1' >"$XDG_CONFIG_DIRS/mptcp/config"
	[ "$(value jobs)" = "1,$XDG_CONFIG_DIRS/mptcp/config:1" ]
	printf '# mine\njobs = 2\n' >"$XDG_CONFIG_HOME/mptcp/config"
	[ "$(value jobs)" = "2,$XDG_CONFIG_HOME/mptcp/config:2" ]
	[ "$(MPTCP_JOBS=3 value jobs)" = 3,MPTCP_JOBS ]
	echo 'jobs = 4' >other
	run_ok mptcp-config -c other --no-header -f csv jobs
	[[ $output == jobs,4,other:1,* ]]
	# and an option of a tool overrides all of them
	export MPTCP_DELIMITER=';'
	[[ $(mptcp-lc "$DEMO") == 'mptcpstream;'* ]]
	[[ $(mptcp-lc --delimiter : "$DEMO") == 'mptcpstream:'* ]]
}

@test "an operand that is no key is refused" {
	run_status 2 mptcp-config jbos
	says "'jbos' is not a key"
}

@test "every key of mptcp-config(5) is printed with its variable" {
	run_ok mptcp-config -f csv --no-header
	while IFS= read -r key; do
		grep -q "^$key," <<<"$output" || fail_run "$key"
	done < <(sed -nE 's/^\.It Ic ([a-z_0-9]+) Pq Ev .*/\1/p' "$ROOT/man/mptcp-config.5")
	[ "${#lines[@]}" = "$(grep -cE '^\.It Ic [a-z_0-9]+ Pq Ev ' "$ROOT/man/mptcp-config.5")" ]
}

@test "mptcp config is mptcp-config, with the file that mptcp was given" {
	echo 'jobs = 7' >file
	run_ok mptcp --config file config --no-header -f csv jobs
	[[ $output == jobs,7,file:1,* ]]
}
