#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp(1): one command, a batch, and the shell in a pseudo-terminal (tmux).
load lib

setup() {
	setup_common
	cp "$DEMO" x.pcap
	commands=$XDG_DATA_HOME/mptcp/commands
	mkdir -p "$commands"
	screen=
}

teardown() {
	[ -z "$screen" ] || tmux -S "$screen" kill-server 2>/dev/null || true
}

# plugin NAME: a third-party command, its text on standard input.
plugin() {
	cat >"$commands/mptcp-$1"
	chmod +x "$commands/mptcp-$1"
}

# Runs a command whose status has to be 127.
not_found() {
	run -127 --separate-stderr "$@"
}

# ---- one command

@test "mptcp NAME is mptcp-NAME: output, arguments, status" {
	run_ok mptcp lc x.pcap
	[ "$output" = "$(mptcp-lc x.pcap)" ]
	run_ok mptcp ls -f json 0 x.pcap
	[ "$output" = "$(mptcp-ls -f json 0 x.pcap)" ]
	run_status 1 mptcp ls 99 x.pcap
	run_status 5 mptcp lc absent.pcap
	says 'mptcp-lc: absent.pcap: '
	run_status 2 mptcp lc --no-such-option
	says 'mptcp-lc: '
}

@test "it becomes the program: the same process, so that signals are exact" {
	# shellcheck disable=SC2016 # the plugin's
	plugin self <<-'EOF'
		#!/bin/sh
		echo $$
	EOF
	# shellcheck disable=SC2016 # the shell that becomes mptcp
	run_ok sh -c 'echo $$; exec mptcp self'
	[ "${lines[0]}" = "${lines[1]}" ]
	plugin killed <<-'EOF'
		#!/bin/sh
		kill -TERM $$
	EOF
	run_status 143 mptcp killed
}

@test "an unknown command: the nearest name, status 127" {
	not_found mptcp lx
	[ "$stderr" = "mptcp: 'lx' is not a command; did you mean 'lb'?" ]
	not_found mptcp exprot x.pcap
	says "did you mean 'export'?"
	not_found mptcp wzzzzzzy
	says "try 'mptcp help'"
	not_found mptcp ../bin/lc
	not_found mptcp ''
}

@test "a plugin: found in the user's folder and in PATH, listed, with its arguments and the environment" {
	plugin hello <<-'EOF'
		#!/bin/sh
		printf '<%s>' "$@"
		echo " $GREETING"
		command -v mptcp-lc >/dev/null || echo 'no tools in PATH'
	EOF
	GREETING=hi run_ok env PATH=/usr/bin:/bin "$BIN/mptcp" hello 'two words' $'line\nend'
	[ "$output" = $'<two words><line\nend> hi' ]
	mkdir other
	printf '#!/bin/sh\necho there\n' >other/mptcp-there
	chmod +x other/mptcp-there
	PATH=$PWD/other:$PATH
	[ "$(mptcp there)" = there ]
	run_ok mptcp help
	[[ $output == *"plugins:"*"hello "*"$commands/mptcp-hello"* ]]
	[[ $output == *"there "*"$PWD/other/mptcp-there"* ]]
	run_ok mptcp --list-commands
	grep -qx hello <<<"$output"
	grep -qx there <<<"$output"
}

@test "a plugin takes no tool's place, and a file that cannot be run is none" {
	printf '#!/bin/sh\necho false\n' | plugin lc
	[ "$(mptcp lc x.pcap)" = "$(mptcp-lc x.pcap)" ]
	echo text >"$commands/mptcp-text"
	mkdir "$commands/mptcp-folder"
	not_found mptcp text
	not_found mptcp folder
	run_ok mptcp --list-commands
	run ! grep -qE '^(text|folder)$' <<<"$output"
}

@test "a plugin without an interpreter: status 126" {
	printf '#!/no/such/interpreter\n' | plugin broken
	run_status 126 mptcp broken
	says 'mptcp-broken: cannot be executed'
}

@test "help lists every tool with its purpose, help NAME is --help" {
	run_ok mptcp help
	for tool in $(tools); do
		[[ $output == *$'\n'"  ${tool#mptcp-} "*"$("$tool" --help | sed -n 2p)"* ]] || fail_run "$tool"
	done
	[ "$(mptcp help lc)" = "$(mptcp-lc --help)" ]
	run_ok mptcp help load
	[[ $output == "usage: load [--regen] FILE"* ]]
	not_found mptcp help lx
}

@test "--list-commands: the tools, and what mptcp does itself" {
	run_ok mptcp --list-commands
	for name in $(tools) mptcp-{cd,help,load,pwd,quit}; do
		grep -qx "${name#mptcp-}" <<<"$output" || fail_run "$name"
	done
}

# What a tool named $1 would be called with: an mptcp whose tools have only their answers about themselves, and echo.
pretend() {
	rm -rf alone
	mkdir alone
	cp "$BIN/mptcp" "$BIN/mptcp-ls" alone
	printf '#!/bin/sh\ncase $1 in --list-*) exec %s/mptcp-%s "$@" ;; esac\necho "$@"\n' "$BIN" "$1" >"alone/mptcp-$1"
	chmod +x "alone/mptcp-$1"
}

@test "names of earlier tools: lm, stats, load, --load, -dddd" {
	[ "$(mptcp lm x.pcap)" = "$(mptcp-lc x.pcap)" ]
	[ "$(mptcp --load x.pcap ls 0)" = "$(mptcp-ls 0 x.pcap)" ]
	[ "$(mptcp help lm)" = "$(mptcp-lc --help)" ]
	[ "$(mptcp stats 0 x.pcap)" = "$(mptcp-stat 0 x.pcap)" ]
	run_ok mptcp load x.pcap
	run_ok mptcp -dddd lc x.pcap
	says 'x.pcap: from the cache'
}

@test "a program mptcp-stats in PATH is run although stats is an older name" {
	mkdir other
	printf '#!/bin/sh\necho mine\n' >other/mptcp-stats
	chmod +x other/mptcp-stats
	PATH=$PWD/other:$PATH
	[ "$(mptcp stats 0 x.pcap)" = mine ]
	[ "$(mptcp stat 0 x.pcap)" = "$(mptcp-stat 0 x.pcap)" ]
}

@test "plot NAME 0 Client is -d client: in any case, for every plot; a file of that name is one" {
	pretend plot
	for name in $(mptcp-plot --list | cut -f 1); do
		[ "$(alone/mptcp plot "$name" 0 Client x.pcap)" = "$name 0 -d client x.pcap" ]
	done
	[ "$(alone/mptcp plot attr 0 Client dsn x.pcap)" = 'attr 0 -d client dsn x.pcap' ]
	[ "$(alone/mptcp plot dss 0 SERVER x.pcap)" = 'dss 0 -d server x.pcap' ]
	[ "$(alone/mptcp plot dss --title client 0 x.pcap)" = 'dss --title client 0 x.pcap' ]
	touch client
	[ "$(alone/mptcp plot dss 0 client)" = 'dss 0 client' ]
	[ "$(mptcp stat 0 Client x.pcap)" = "$(mptcp-stat -d client 0 x.pcap)" ]
	# and as the value of the option
	[ "$(mptcp-stat -d Client 0 x.pcap)" = "$(mptcp-stat -d client 0 x.pcap)" ]
	run_status 2 mptcp-stat -d clientele 0 x.pcap
}

@test "commands of mptcpanalyzer, with their operands" {
	cp x.pcap y.pcap
	while IFS='>' read -r older today; do
		today=${today# }
		pretend "${today%% *}"
		# shellcheck disable=SC2086 # words
		run_ok alone/mptcp $older
		[ "$output" = "${today#* }" ] || fail_run "$older: expected ${today#* }"
	done <<-'EOF'
		list_mptcp_connections x.pcap> lc x.pcap
		list-mptcp x.pcap> lc x.pcap
		list_connections x.pcap> lc x.pcap
		list_subflows 0 x.pcap> ls 0 x.pcap
		list_tcp_connections x.pcap> lt x.pcap
		list_reinjections 0 x.pcap> lr 0 x.pcap
		mptcp_summary 0 Server x.pcap> stat 0 -d server x.pcap
		tcp_summary 1 x.pcap> stat -t 1 x.pcap
		summary_extended x.pcap 0 y.pcap 2> stat x.pcap 0 --peer y.pcap
		qualify_reinjections x.pcap 0 y.pcap 1> lr x.pcap 0 --peer y.pcap
		map_mptcp_connection x.pcap y.pcap 0> map x.pcap y.pcap 0
		map_tcp_connection x.pcap y.pcap 2> map x.pcap y.pcap -t 2
		print_owds x.pcap y.pcap 0 3> merge x.pcap y.pcap -t 0
		clean_cache> cache clean
		list_available_plots> plot --list
		checkhealth -q> doctor -q
		tocsv out.csv x.pcap> export -o out.csv x.pcap
		plot mptcp_attr --dest Server x.pcap 1 dss_dsn> plot attr --dest Server x.pcap 1 dss_dsn
		plot tcp_attr x.pcap 0 tcpseq> plot attr x.pcap -t 0 tcpseq
		plot mptcp_tput x.pcap 0 3> plot tput x.pcap 0
		plot mptcp_gput x.pcap 0 y.pcap 0 --window=1> plot gput x.pcap 0 --window=1
		plot owd tcp x.pcap 0 y.pcap 2> plot owd x.pcap -t 0 --peer y.pcap
		plot owd mptcp x.pcap 0 y.pcap 2> plot owd x.pcap 0 --peer y.pcap
	EOF
	run_ok mptcp <<<$'load_pcap x.pcap\nlist_subflows 0\nexit\nlx'
	[ "$output" = "$(mptcp-ls 0 x.pcap)" ]
}

@test "mptcp FILE: its summary" {
	run_ok mptcp x.pcap
	[ "$output" = "$(mptcp-summary x.pcap)" ]
	run_ok mptcp x.pcap -f json
	[ "$output" = "$(mptcp-summary -f json x.pcap)" ]
	run_ok mptcp <<<x.pcap
	[ "$output" = "$(mptcp-summary x.pcap)" ]
	# a capture that was cut short is shown, and its status kept
	head -c 30000 x.pcap >cut.pcap
	run_status 3 mptcp cut.pcap
	[ "$output" = "$(mptcp-summary cut.pcap)" ]
	run_status 5 bash -c 'mptcp x.pcap >/dev/full'
	# a command comes first, and what is neither is told
	cp x.pcap lc
	[ "$(mptcp lc x.pcap)" = "$(mptcp-lc x.pcap)" ]
	not_found mptcp absent.pcap
	[ "$stderr" = "mptcp: 'absent.pcap' is neither a command nor a file" ]
	not_found mptcp .
}

@test "load tells of an x.pcap.csv of another format beside x.pcap, and does not use it" {
	printf 'packetid|interface|reltime\n1|0|0.5\n' >x.pcap.csv
	run_ok mptcp <<<$'load x.pcap\nlc'
	says 'mptcp: x.pcap.csv: not used, it has no packets as mptcp-export writes them; x.pcap is'
	[ "$output" = "$(mptcp-lc x.pcap)" ]
	mptcp-export x.pcap >x.pcap.csv
	run_ok mptcp load x.pcap
	[ -z "$stderr" ]
	rm x.pcap.csv
	run_ok mptcp load x.pcap
	[ -z "$stderr" ]
}

@test "options of mptcp stand before the command, and are handed on to the tools" {
	echo 'delimiter = ";"' >config
	run_ok mptcp -c config lc x.pcap
	[[ $output == 'mptcpstream;'* ]]
	run_ok mptcp -v lc x.pcap
	says 'mptcp-lc: x.pcap: '
	run_status 2 mptcp --no-such-option lc
	says "unknown option '--no-such-option'"
	run_status 2 mptcp -b file lc
	says '--batch and a command exclude each other'
	run_ok mptcp --help
	[[ $output == 'usage: mptcp '* ]]
}

@test "a capture that is loaded is the last operand, unless one is given" {
	cp "$(capture multi2_paced.client.pcap)" other.pcap
	[ "$(mptcp --load x.pcap lc)" = "$(mptcp-lc x.pcap)" ]
	[ "$(mptcp --load x.pcap lc -o result -f json && cat result)" = "$(mptcp-lc -f json x.pcap)" ]
	[ "$(mptcp --load x.pcap lc other.pcap)" = "$(mptcp-lc other.pcap)" ]
	[ "$(mptcp --load x.pcap lc - <other.pcap)" = "$(mptcp-lc other.pcap)" ]
	[ "$(mptcp --load x.pcap ls --tcpstream 1)" = "$(mptcp-ls -t 1 x.pcap)" ]
	[ "$(mptcp --load x.pcap cache path)" = "$(mptcp-cache path)" ]
	run_status 5 mptcp --load absent.pcap lc
	says absent.pcap
	# shellcheck disable=SC2016 # the plugin's
	printf '#!/bin/sh\necho "$@"\n' | plugin words
	[ "$(mptcp --load x.pcap words a)" = 'a x.pcap' ]
	[ "$(mptcp --load x.pcap words other.pcap)" = other.pcap ]
}

@test "a full standard output is told: status 5" {
	run_status 5 bash -c 'mptcp help >/dev/full'
	says 'mptcp: standard output: '
	run_status 5 bash -c 'mptcp --list-commands >/dev/full'
	run_status 5 bash -c 'mptcp --help >/dev/full'
}

# ---- batches

@test "a batch: one command a line, comments, pipes, quotes, a capture for all" {
	cp x.pcap "it's  x.pcap"
	cat >some.batch <<-'EOF'
		# first the capture
		load "it's  x.pcap"   # with a comment

		lc -f json | wc -l
		ls 0 | cut -d, -f 2 | paste -sd' '
		lc -f csv --no-header > 'out put'
		   # an indented comment
		lt -f json '# no comment' ; echo $?
	EOF
	run --separate-stderr mptcp --batch some.batch
	[ "${lines[0]}" -eq 1 ]
	[ "${lines[1]}" = 'tcpstream 0 1' ]
	[ "$(cat 'out put')" = "$(mptcp-lc --no-header x.pcap)" ]
	says '# no comment'
}

@test "standard input that is no terminal is a batch, and the commands do not read it" {
	run_ok mptcp <<<$'load x.pcap\nls 0 | wc -l\nlc -f json\n'
	[ "${lines[0]}" -eq 3 ]
	[ "${#lines[@]}" = 2 ]
	run_ok mptcp --load x.pcap <<<'lc'
	[ "$output" = "$(mptcp-lc x.pcap)" ]
	run_status 2 mptcp <<<'lc'
	says "standard input:1: lc: no capture: give one, or 'load FILE' first"
	run_ok mptcp </dev/null
	printf '#!/bin/sh\ncat\n' | plugin eat
	run_ok mptcp <<<$'eat -\nlc x.pcap'
	[ "$output" = "$(mptcp-lc x.pcap)" ]
}

@test "a batch ends at the first failure, with its status, and names file and line" {
	printf 'load x.pcap\n\nls absent.pcap\nlc\n' >some.batch
	run_status 5 mptcp -b some.batch
	says "mptcp: some.batch:3: 'ls absent.pcap' failed with status 5"
	[[ $output != *client_token* ]]
	printf 'lc x.pcap\nlx\n' >some.batch
	not_found mptcp -b some.batch
	[ "$stderr" = "mptcp: some.batch:2: 'lx' is not a command; did you mean 'lb'?" ]
	printf 'lc "x.pcap\n\n' >some.batch
	run_status 2 mptcp -b some.batch
	says 'mptcp: some.batch:1: unterminated quote'
	run_status 5 mptcp -b absent
	says 'mptcp: absent: No such file'
}

@test "--keep-going runs all, with the status of the first failure" {
	printf 'ls 99 x.pcap\nlx\nlc x.pcap\nlc absent\n' >some.batch
	not_found mptcp -b some.batch --keep-going
	[ "$output" = "$(mptcp-ls 99 x.pcap; mptcp-lc x.pcap)" ]
	says 'some.batch:1: '
	says 'some.batch:2: '
	says 'some.batch:4: '
}

@test "quit leaves a batch" {
	run_ok mptcp <<<$'quit\nlx'
	[ -z "$stderr" ]
}

@test "a name with spaces, quotes or a line end is just a name, also in front of a pipe" {
	names=('a b.pcap' "it's.pcap" 'two"quotes".pcap' $'line\nend.pcap' 'dollar$HOME.pcap' 'back\slash.pcap' '*.pcap'
		'-v.pcap' '0' 'semi;colon&.pcap' '~.pcap' '#.pcap')
	for name in "${names[@]}"; do
		cp x.pcap "./$name"
		quoted=\'${name//\'/\'\\\'\'}\'
		[[ $name != -* ]] || quoted="-- $quoted"
		run_ok mptcp <<<"load $quoted"$'\nls 0 -f csv | wc -l\nls 0 -f csv'
		[ "${lines[0]}" -eq 3 ] || fail_run "$name"
		[ "${#lines[@]}" = 4 ] || fail_run "$name"
		rm "./$name"
	done
}

@test "no command in a word is run" {
	run --separate-stderr mptcp <<<'lc $(touch made) `touch made`'
	[ ! -e made ]
	[ "$status" = 2 ]
}

@test "load --regen exports anew" {
	run_ok mptcp load x.pcap
	run_ok mptcp -v load x.pcap
	says 'from the cache'
	run_ok mptcp -v load --regen x.pcap
	[[ $stderr != *'from the cache'* ]]
	run_status 2 mptcp load
	run_status 2 mptcp load x.pcap y.pcap
}

@test "a third-party plot is drawn by its name" {
	need_program gnuplot
	[ -x "$BIN/mptcp-plot" ] || skip 'mptcp-plot is not there'
	mkdir -p "$XDG_DATA_HOME/mptcp/plots"
	for shipped in "$ROOT/share/plots/seq.gp" "$ROOT/share/plots/dss.gp"; do
		[ ! -e "$shipped" ] || break
	done
	cp "$shipped" "$XDG_DATA_HOME/mptcp/plots/mine.gp"
	MPTCP_PLOTS="$ROOT/share/plots" run_ok mptcp <<<$'load x.pcap\nplot mine 0 -o mine.svg'
	[ -s mine.svg ]
	grep -q '<svg' mine.svg
}

@test "? is help, also where files have names of one letter" {
	touch a b
	run_ok mptcp <<<'?'
	[ "$output" = "$(mptcp help)" ]
	run_ok mptcp <<<'  ? lc'
	[ "$output" = "$(mptcp-lc --help)" ]
	# elsewhere it is a pattern
	run_ok mptcp <<<'lc ?.pcap'
	[ "$output" = "$(mptcp-lc x.pcap)" ]
}

@test "!command is for sh, all of it" {
	touch 'a b'
	run_ok mptcp <<<$'!ls a* | tr b c; echo "it\'s $((1 + 1))" # comment\n  ! echo next'
	[ "$output" = $'a c\nit\'s 2\nnext' ]
	run_status 7 mptcp <<<$'!exit 7\nlx'
	says "mptcp: standard input:1: '!exit 7' failed with status 7"
	run_status 2 mptcp <<<'!'
	says "no command after '!'"
}

@test "cd and pwd; the loaded capture and the configuration stay what they are" {
	mkdir -p "sub folder/deeper"
	echo 'delimiter = ";"' >config
	run_ok mptcp -c config <<<$'load x.pcap\ncd "sub folder"\npwd\nls 0\ncd deeper\ncd ..\npwd\ncd -\ncd\npwd\n!pwd'
	folder=$PWD
	[ "$output" = "$folder/sub folder
$(mptcp-ls --delimiter=';' 0 x.pcap)
$folder/sub folder
$folder/sub folder/deeper
$HOME
$HOME" ]
	run_status 5 mptcp <<<'cd absent'
	says 'mptcp: standard input:1: cd: absent: No such file or directory'
	run_status 2 mptcp cd a b
	run_status 2 mptcp pwd a
	run_status 5 bash -c 'mptcp pwd >/dev/full'
}

# ---- the shell

# Starts `mptcp ARGUMENT...` in a terminal of its own.
start() {
	need_program tmux
	screen=$BATS_TEST_TMPDIR/tmux
	tmux -f /dev/null -S "$screen" new-session -d -s shell -x 150 -y 50 \
		"env TERM=screen PS1='sh$ ' PATH='$PATH' bash --norc --noprofile"
	keys "mptcp $*" Enter
	shows '>$'
}

keys() {
	tmux -S "$screen" send-keys -t shell "$@"
}

# What is on the terminal.
look() {
	tmux -S "$screen" capture-pane -p -J -t shell | sed -e 's/ *$//' | sed -e '/./,$!d' -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# Waits until a line of the terminal matches $1; fails after ten seconds. With $2: the last line.
shows() {
	for _ in {1..100}; do
		look | grep -qE -- "$1" && return
		sleep 0.1
	done
	look
	echo "not on the terminal: $1"
	return 1
}

# The last line that is not empty matches.
ends() {
	for _ in {1..100}; do
		look | tail -n 1 | grep -qE -- "$1" && return
		sleep 0.1
	done
	look
	echo "not in the last line: $1"
	return 1
}

@test "shell: load, the capture's name in the prompt, commands without it, pipes, quit" {
	start
	ends '^mptcp>'
	keys 'load x.pcap' Enter
	ends '^x.pcap>'
	shows 'x.pcap: 1 connection, 2 subflows'
	keys 'lc' Enter
	shows '^ +0 +(1 +)?172.21.25.237' # a table, since this is a terminal
	keys 'ls 0 -f csv | cut -d, -f 2,3 | tail -n 1' Enter
	shows '^1,172.21.26.237$'
	keys "ls 0 -f csv > 'a b'" Enter
	ends '^x.pcap>'
	keys quit Enter
	ends '^sh\$'
	keys 'echo status $?' Enter
	shows '^status 0$'
	[ "$(cat 'a b')" = "$(mptcp-ls 0 x.pcap)" ]
}

@test "shell: no capture is told, a wrong command too, and the shell goes on" {
	start
	keys 'lc' Enter
	shows "^mptcp: lc: no capture"
	keys 'lx' Enter
	shows "^mptcp: 'lx' is not a command; did you mean 'lb'?"
	keys 'load absent' Enter
	shows 'absent: No such file'
	keys 'help' Enter
	shows '^  load '
	keys '?' Enter
	ends '^mptcp>'
}

@test "shell: Ctrl-C stops the command or throws the line away, Ctrl-D leaves" {
	printf '#!/bin/sh\necho begun\nexec sleep 100\n' | plugin wait
	start
	keys 'wait' Enter
	shows '^begun$'
	keys C-c
	ends '^mptcp>$'
	keys 'wait | cat' Enter
	sleep 0.5
	keys C-c
	ends '^mptcp>$'
	keys 'rubbish' C-c
	ends '^mptcp>$'
	keys 'help quit' Enter
	shows '^usage: quit$'
	keys C-d
	ends '^sh\$'
}

@test "shell: a quote goes over the line's end" {
	cp x.pcap $'two\nlines.pcap'
	start
	keys "load 'two" Enter
	ends '^>$'
	keys "lines.pcap'" Enter
	ends '^two\?lines.pcap>'
	keys 'ls 1 -f csv; echo status $?' Enter
	shows '^status 1$'
	keys 'ls -t 1 -f csv --no-header | cut -d, -f 2,4' Enter
	shows '^1,39227$'
}

@test "shell: history is kept in the state folder, and comes back" {
	start
	keys 'help load' Enter
	shows '^usage: load'
	keys C-d
	ends '^sh\$'
	[ -s "$XDG_STATE_HOME/mptcp/history" ]
	[ "$(stat -c %a "$XDG_STATE_HOME/mptcp")" = 700 ]
	keys 'mptcp' Enter
	ends '^mptcp>'
	keys Up
	ends '^mptcp> help load$'
}

@test "shell: Tab completes commands, options, values, streams of the capture, columns and files" {
	cp x.pcap 'a b.pcap'
	mkdir folder
	start
	keys 'loa' Tab 'a' Tab
	ends "^mptcp> load 'a b.pcap'$"
	keys Enter
	ends '^a b.pcap>'
	keys 'lc --fo' Tab Tab
	shows '^--follow +--force +--format$'
	keys C-u 'ls --form' Tab
	ends 'ls --format$'
	keys 't' Tab
	ends 'ls --format table$'
	keys C-u 'ls --format=j' Tab
	ends 'ls --format=json$'
	keys C-u 'ls -t ' Tab Tab
	shows '^0 +1$'
	keys C-u 'export --columns dsn,dac' Tab Tab
	shows '^dsn,dack +dsn,dack_raw$'
	keys C-u 'ls --columns kind,esta' Tab
	ends 'ls --columns kind,established$'
	keys C-u 'ls --columns=kind,esta' Tab
	ends 'ls --columns=kind,established$'
	# nor is what a file's name has in it obeyed by the terminal
	touch $'esc\e[7mape' escort
	keys C-u 'lc esc' Tab Tab
	shows '^esc\?\[7mape +escort$'
	keys C-u 'lc fol' Tab
	ends 'lc folder/$'
	keys C-u 'cache st' Tab
	ends 'cache stats$'
	keys C-u 'config job' Tab
	ends 'config jobs$'
	keys C-u 'lc | cat > fol' Tab
	ends '> folder/$'
	keys C-u 'load "a ' Tab
	ends "load 'a b.pcap'$"
	keys C-u 'plot tpu' Tab 'fol' Tab
	ends 'plot tput folder/$'
	keys C-u 'map fol' Tab
	ends 'map folder/$'
	printf '#!/bin/sh\necho $2ed # --complete\n' | plugin zebra
	keys C-u 'zeb' Tab 'strip' Tab
	ends 'zebra striped$'
}

@test "shell: a plugin and a plot of somebody else are commands and names like the others" {
	printf '#!/bin/sh\necho "plugin: $@"\n' | plugin zebra
	mkdir -p "$XDG_DATA_HOME/mptcp/plots"
	[ ! -e "$ROOT/share/plots/seq.gp" ] || cp "$ROOT/share/plots/seq.gp" "$XDG_DATA_HOME/mptcp/plots/zebra.gp"
	start --load x.pcap
	ends '^x.pcap>'
	keys 'zeb' Tab 'a' Enter
	shows '^plugin: a x.pcap$'
	[ -x "$BIN/mptcp-plot" ] && [ -e "$XDG_DATA_HOME/mptcp/plots/zebra.gp" ] || return 0
	keys 'plot zeb' Tab
	ends 'plot zebra$'
	keys C-u 'plot zebra 0 -o z.svg' Enter
	ends '^x.pcap>$'
	for _ in {1..50}; do
		[ ! -s z.svg ] || break
		sleep 0.1
	done
	grep -q '<svg' z.svg
}
