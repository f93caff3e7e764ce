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

@test "a configuration of mptcpanalyzer is understood" {
	cat >older <<-'EOF'
		# mptcpanalyzer
		[DEFAULT]
		tshark_binary = tshark
		wireshark_profile = mine
		delimiter = ;
		style0 = lines lw 2

		[mptcpanalyzer]
		jobs: 2
	EOF
	run_ok mptcp-config -c older -f json
	[ -z "$stderr" ]
	grep -q '"key":"delimiter","value":";","origin":"older:5"' <<<"$output"
	grep -q '"key":"wireshark_profile","value":"mine","origin":"older:4"' <<<"$output"
	grep -q '"key":"style0","value":"lines lw 2"' <<<"$output"
	grep -q '"key":"jobs","value":2,' <<<"$output" || grep -q '"key":"jobs","value":"2",' <<<"$output"
	printf '[DEFAULT]\ndelimiter=;\n' >older
	[[ $(mptcp-lc -c older "$DEMO") == 'mptcpstream;mptcpversion;'* ]]
	printf '[mptcpanalyzer]\ndelimiter = |\ntshark_bin = tshark\n' >older
	[[ $(mptcp-lc -c older "$DEMO") == 'mptcpstream|mptcpversion|'* ]]
	run_ok mptcp-config -c older -f json tshark_binary
	[[ $output == '{"key":"tshark_binary","value":"tshark","origin":"older:3",'* ]]
	# any other section is still unknown
	printf '[other]\njobs = 1\n' >older
	run_ok mptcp-config -c older
	says "unknown section 'other'"
}

@test "what of it cannot be used is told, once, with what to write instead" {
	cat >older <<-'EOF'
		[DEFAULT]
		cache = /home/me/.cache/mptcpanalyzer
		history = ~/.mptcp_history
		style0 = r--
		style1 = lp
	EOF
	run_ok mptcp-lc -c older "$DEMO"
	[ "$(wc -l <<<"$stderr")" = 3 ]
	says 'mptcp-lc: older:2: cache = /home/me/.cache/mptcpanalyzer: not used; write yes or no; the cache is $XDG_CACHE_HOME/mptcp'
	says 'mptcp-lc: older:3: history = ~/.mptcp_history: not used; the history is $XDG_STATE_HOME/mptcp/history, always'
	says 'mptcp-lc: older:4: style0 = r--: not used; write a style of gnuplot, such as "lines lw 2"'
	[ -n "$output" ]
	# by mptcp for all commands that it runs
	cp "$DEMO" x.pcap
	run_ok mptcp -c older <<<$'load x.pcap\nlc\nls 0\nplot tput -o x.svg 0'
	[ "$(wc -l <<<"$stderr")" = 3 ] || fail_run 'told once'
	says 'mptcp: older:2: cache'
	run_ok mptcp -c older lc x.pcap
	[ "$(wc -l <<<"$stderr")" = 3 ]
	# and by mptcp-plot for mptcp-series
	mkdir -p "$XDG_CONFIG_HOME/mptcp"
	cp older "$XDG_CONFIG_HOME/mptcp/config"
	run_ok mptcp-plot tput -o x.svg 0 x.pcap
	[ "$(wc -l <<<"$stderr")" = 3 ]
}
