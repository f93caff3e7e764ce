#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Completions: `mptcp --complete`, which bash, zsh and fish ask; and that completion, --help and manual say the same.
load lib

setup() {
	setup_common
	export MADE=$ROOT/share/completions
	commands=$XDG_DATA_HOME/mptcp/commands
	screen=
}

teardown() {
	[ -z "$screen" ] || tmux -S "$screen" kill-server 2>/dev/null || true
}

all_tools() {
	echo mptcp
	tools
}

# The options of a tool, as --name, one per line.
options() {
	"$1" --list-options | cut -f 2 | sed 's/^/--/' | sort
}

# complete_words WORD...: what bash offers for the last word, one per line.
complete_words() {
	# shellcheck disable=SC2016 # the other bash's
	bash --norc -c '
		. "$MADE/mptcp.bash"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_mptcp
		printf "%s\n" "${COMPREPLY[@]}"
	' - "$@" | sort
}

# offers "EXPECTED..." WORD...
offers() {
	local expected=$1
	shift
	diff -u --label "expected for: $*" <(tr ' ' '\n' <<<"$expected" | sort) --label offered <(complete_words "$@")
}

# The same for fish: fish_offers "EXPECTED..." 'COMMAND LINE'. Its file is that of the command, as it is installed.
fish_offers() {
	local name=${2%% *}
	cp "$MADE/mptcp.fish" "$name.fish"
	# shellcheck disable=SC2016 # of fish
	diff -u --label "expected for: $2" <(tr ' ' '\n' <<<"$1" | sort) --label offered \
		<(fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$name.fish" "$2" | cut -f 1 | grep -vF .fish | sort)
}

# plugin NAME: a third-party command, its text on standard input.
plugin() {
	mkdir -p "$commands"
	cat >"$commands/mptcp-$1"
	chmod +x "$commands/mptcp-$1"
}

@test "man page, --help and completion of every tool have the same options" {
	for tool in $(all_tools); do
		options "$tool" >table
		"$tool" --help | sed -nE 's/^ +(-., )?(--[a-z-]+).*/\2/p' | sort >help
		diff -u --label "$tool: options" --label "$tool --help" table help
		grep -E '^\.It Fl ' "$ROOT/man/$tool.1" | grep -oE ' -[a-z-]{2,}' | sed 's/^ -/--/' | sort >page
		diff -u --label "$tool: options" --label "man $tool" table page
		complete_words "$tool" -- >bash
		diff -u --label "$tool: options" --label "completion of $tool in bash" table bash
	done
}

@test "letters of options are the same in man page, --help and the table" {
	for tool in $(all_tools); do
		"$tool" --list-options | awk -F '\t' '$1 != "-" { print "-" $1 " --" $2 }' | sort >table
		"$tool" --help | sed -nE 's/^ +(-.), (--[a-z-]+).*/\1 \2/p' | sort >help
		diff -u --label "$tool: options" --label "$tool --help" table help
		sed -nE 's/^\.It Fl (.) , -([a-z-]+).*/-\1 --\2/p' "$ROOT/man/$tool.1" | sort >page
		diff -u --label "$tool: options" --label "man $tool" table page
	done
}

@test "bash: what an option takes" {
	touch demo.csv 'two words.csv'
	mkdir folder
	offers 'csv table json' mptcp-lc -f ''
	offers 'table' mptcp-lc --format t
	offers 'json' mptcp-lc --format = j
	offers 'csv table json' mptcp-lc --format =
	offers 'demo.csv' mptcp-lc -o d
	[ "$(complete_words mptcp-lc -o t)" = 'two words.csv' ]
	offers 'all help key value origin variable meaning' mptcp-config --columns ''
	offers 'client clientport client_token' mptcp-lc --columns cl
	offers 'status,client status,clientport status,client_token' mptcp-lc --columns status,cl
	offers 'client,clientport client,client_token' mptcp-lc --columns client,cl
	offers 'dsn,dack dsn,dack_raw' mptcp-export --columns dsn,dac
	[ "$(complete_words mptcp-export -i l)" = lo ]
}

@test "bash: operands" {
	touch demo.csv
	offers 'add clean list path stats' mptcp-cache ''
	offers 'jobs' mptcp-config j
	offers 'demo.csv' mptcp-ls de
	offers 'demo.csv' mptcp-ls -v 0 --skip 1 de
}

@test "map and merge complete files" {
	touch demo.csv
	for tool in mptcp-map mptcp-merge; do
		offers 'demo.csv' "$tool" d
		offers 'demo.csv' "$tool" demo.csv d
	done
}

@test "plot NAME: only what fits its place" {
	touch dss.csv
	mptcp-plot --list | cut -f 1 | sort >names
	complete_words mptcp-plot '' | diff -u names -
	offers 'dss dss_len' mptcp-plot ds
	offers 'dss dss_len' mptcp plot --dack ds
	# no name, and no column, after one that takes none
	offers 'dss.csv' mptcp-plot tput ds
	offers 'dss.csv' mptcp-plot -d client tput ds
	[ "$(complete_words mptcp-plot attr dss_le | paste -sd ' ')" = dss_length ]
	complete_words mptcp-plot attr ds | grep -qx dss.csv
	# a plot of one's own takes what its series takes
	mkdir -p "$XDG_DATA_HOME/mptcp/plots"
	sed 's/^# series:.*/# series: attr/' "$ROOT/share/plots/attr.gp" >"$XDG_DATA_HOME/mptcp/plots/mine.gp"
	offers 'dss_length' mptcp-plot mine dss_le
	mptcp-series --list | cut -f 1 | sort | diff -u - <(complete_words mptcp-series '')
	offers 'dss.csv' mptcp-series tput ds
	offers 'dss_length' mptcp-series attr dss_le
}

@test "bash: behind mptcp NAME it is as behind mptcp-NAME" {
	touch demo.csv
	complete_words mptcp '' | sort >offered
	{ mptcp --list-commands; printf '%s\n' demo.csv home offered; } | sort | diff -u - offered # a file is shown
	offers 'csv' mptcp lc -f c
	offers '--follow --force --format' mptcp lm --fo
	offers 'stats' mptcp cache stats
	offers 'table' mptcp -l demo.csv -q ls -f t
	offers 'demo.csv' mptcp --load d
	offers '--list-commands --load' mptcp --l
	offers 'doctor' mptcp help d
	plugin zebra <<<'#!/bin/sh'
	offers 'zebra' mptcp ze
	offers 'demo.csv' mptcp zebra d
}

@test "a plugin completes its own words: mptcp-NAME --complete WORD..." {
	touch demo.csv
	# shellcheck disable=SC2016 # the plugin's
	plugin zebra <<-'EOF'
		#!/bin/sh
		[ "$1" = --complete ] || exit 9
		shift
		printf '%s\n' "$@" >asked
		printf 'stripes\twhat it has\nstrides\nother\n'
	EOF
	offers 'stripes strides' mptcp zebra 'two words' st
	printf '%s\n' 'two words' st | diff - asked
	# with its meanings
	run_ok mptcp --complete mptcp -q zebra str
	[ "$output" = $'strides\nstripes\twhat it has' ]
	# one that fails, and one that does not know the option, has files; that one is not run
	plugin lion <<<$'#!/bin/sh\nexit 1 # --complete'
	offers 'demo.csv' mptcp lion d
	plugin tiger <<<$'#!/bin/sh\ntouch run'
	offers 'demo.csv' mptcp tiger d
	[ ! -e run ]
	# nor does one that hangs stop anybody
	plugin sloth <<<$'#!/bin/sh\n: --complete\nexec sleep 60'
	SECONDS=0
	offers 'demo.csv' mptcp sloth d
	[ "$SECONDS" -lt 10 ]
}

@test "mptcp --complete: a word per line, its meaning after a tab, a line for what the shell finds itself" {
	run_ok mptcp --complete mptcp-lc --no-h
	[ "$output" = $'--no-header\tleave out the header line' ]
	run_ok mptcp --complete mptcp-lc -o ''
	[ "$output" = $'\tfiles' ]
	run_ok mptcp --complete bin/mptcp lc --format=j
	[ "$output" = --format=json ]
	run_ok mptcp --complete mptcp-nothing ''
	[ -z "$output" ]
	run_ok mptcp --complete
	[ -z "$output" ]
	run_status 5 bash -c 'mptcp --complete mptcp "" >/dev/full'
}

@test "bash: a completion for every tool, and the mptcp beside the program is asked" {
	bash -n "$MADE/mptcp.bash"
	for tool in $(all_tools); do
		# shellcheck disable=SC2016 # the other bash's
		bash --norc -c '. "$MADE/mptcp.bash"; complete -p "$1"' - "$tool"
		# as it is installed
		cp "$MADE/mptcp.bash" "$tool"
		# shellcheck disable=SC2016 # the other bash's
		env PATH=/usr/bin:/bin bash --norc -c '. "./$1"; complete -p "$1"' - "$tool"
	done
	mkdir there
	ln -s "$BIN"/mptcp* there
	PATH=/usr/bin:/bin offers '--no-header' there/mptcp-lc --no-h
}

# Starts an interactive shell in a terminal.
start() {
	need_program tmux
	screen=$BATS_TEST_TMPDIR/tmux
	tmux -f /dev/null -S "$screen" new-session -d -s shell -x 100 -y 30 "env TERM=screen PATH='$PATH' PS1='prompt$ ' $*"
}

keys() {
	tmux -S "$screen" send-keys -t shell "$@"
}

# Waits until a line of the terminal matches.
shows() {
	for _ in {1..100}; do
		tmux -S "$screen" capture-pane -p -J -t shell | sed 's/ *$//' | grep -qE -- "$1" && return
		sleep 0.1
	done
	tmux -S "$screen" capture-pane -p -t shell
	echo "not on the terminal: $1"
	return 1
}

@test "bash, at a terminal: Tab" {
	touch demo.csv 'two words.csv'
	start bash --norc --noprofile
	shows '^prompt\$'
	keys ". $MADE/mptcp.bash; echo rea''dy" Enter
	shows '^ready$'
	keys 'mptcp-lc --format=j' Tab
	shows '^prompt\$ mptcp-lc --format=json$'
	keys C-u 'mptcp map tw' Tab
	shows '^prompt\$ mptcp map two\\ words.csv$'
	keys C-u 'mptcp-plot --output=de' Tab
	shows '^prompt\$ mptcp-plot --output=demo.csv$'
	keys C-u 'mptcp-ls --columns kind,esta' Tab
	shows '^prompt\$ mptcp-ls --columns kind,established$'
}

@test "zsh, at a terminal: Tab, with meanings" {
	need_program zsh
	zsh -n "$MADE/_mptcp"
	touch demo.csv 'two words.csv'
	start zsh -f
	shows '^prompt\$'
	keys "fpath=($MADE \$fpath); autoload -U compinit; compinit -u -D; echo rea''dy" Enter
	shows '^ready$'
	keys 'mptcp-lc --format=j' Tab
	shows '^prompt\$ mptcp-lc --format=json$'
	keys C-u 'mptcp map tw' Tab
	shows '^prompt\$ mptcp map two\\ words.csv$'
	keys C-u 'mptcp-plot --output=de' Tab
	shows '^prompt\$ mptcp-plot --output=demo.csv$'
	keys C-u 'mptcp-ls --columns kind,esta' Tab
	shows '^prompt\$ mptcp-ls --columns kind,established$'
	keys C-u 'mptcp plot ds' Tab Tab
	shows '^dss +-- mappings as segments'
	keys C-u 'mptcp-d' Tab ' --vers' Tab
	shows '^prompt\$ mptcp-doctor --version$'
}

@test "fish: what fits, and it finds its files" {
	need_program fish
	fish -n "$MADE/mptcp.fish"
	touch demo.csv 'two words.csv'
	mkdir folder
	fish_offers 'csv json table' 'mptcp-lc -f '
	fish_offers '--follow' 'mptcp lc --fol'
	fish_offers 'kind,established' 'mptcp-ls --columns kind,esta'
	fish_offers 'dss dss_len' 'mptcp-plot ds'
	fish_offers 'lb lc le load lr ls lt' 'mptcp -l demo.csv l'
	# files: as an operand, with a name before it, as the value of an option in both forms
	fish_offers 'demo.csv' 'mptcp-lc de'
	fish_offers 'demo.csv' 'mptcp lc de'
	fish_offers 'demo.csv' 'mptcp-plot dss de'
	fish_offers 'demo.csv' 'mptcp-map demo.csv de'
	fish_offers 'folder/' 'mptcp-plot -o fo'
	fish_offers '--output=demo.csv' 'mptcp-plot --output=de'
	run_ok fish --no-config -c "source mptcp-lc.fish; complete -C 'mptcp-lc tw'"
	[ "$output" = 'two words.csv' ]
	# with meanings
	run_ok fish --no-config -c "source mptcp-lc.fish; complete -C 'mptcp-lc --no-h'"
	[ "$output" = $'--no-header\tleave out the header line' ]
}
