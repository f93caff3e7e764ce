#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Completions of bash, zsh and fish, made from the tools' tables of options; and that completion, --help and manual say
# the same.
load lib

# Made once for this file.
setup_file() {
	export MADE=$BATS_FILE_TMPDIR/made
	"$ROOT/share/completions/generate" "$BIN" "$MADE"
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
	bash --norc -c '
		. "$MADE/bash/mptcp"
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

@test "man page, --help and completion of every tool have the same options" {
	for tool in $(all_tools); do
		options "$tool" >table
		"$tool" --help | sed -nE 's/^ +(-., )?(--[a-z-]+).*/\2/p' | sort >help
		diff -u --label "$tool: options" --label "$tool --help" table help
		grep -E '^\.It Fl ' "$ROOT/man/$tool.1" | grep -oE ' -[a-z-]{2,}' | sed 's/^ -/--/' | sort >page
		diff -u --label "$tool: options" --label "man $tool" table page
		complete_words "$tool" -- >bash
		diff -u --label "$tool: options" --label "completion of $tool in bash" table bash
		sed -nE 's/^complete .* -l ([a-z-]+).*/--\1/p' "$MADE/fish/$tool.fish" | sort -u >fish
		[ -z "$(comm -23 table fish)" ] || fail_run "fish: $tool"
		awk -v name="_mptcp_tool_${tool#mptcp-}()" '$1 == name { inside = 1 } inside; /^}/ { inside = 0 }' \
			"$MADE/zsh/_mptcp" | sed -nE "s/^\t\t'\*(--[a-z-]+).*/\1/p" | sort >zsh
		diff -u --label "$tool: options" --label "completion of $tool in zsh" table zsh
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
	offers 'clean list path stats' mptcp-cache ''
	offers 'jobs' mptcp-config j
	offers 'demo.csv' mptcp-ls de
	if [ -x "$BIN/mptcp-series" ]; then
		name=$(mptcp-series --list | head -n 1 | sed 's/[[:blank:],].*//')
		complete_words mptcp-series "$name" | grep -qx "$name"
	fi
}

@test "bash: behind mptcp NAME it is as behind mptcp-NAME" {
	touch demo.csv
	complete_words mptcp '' | sort >offered
	mptcp --list-commands | sort | diff -u - offered
	offers 'csv' mptcp lc -f c
	offers '--follow --force --format' mptcp lm --fo
	offers 'stats' mptcp cache stats
	offers 'table' mptcp -l demo.csv -q ls -f t
	offers 'demo.csv' mptcp --load d
	offers 'doctor' mptcp help d
	mkdir -p "$XDG_DATA_HOME/mptcp/commands"
	printf '#!/bin/sh\n' >"$XDG_DATA_HOME/mptcp/commands/mptcp-zebra"
	chmod +x "$XDG_DATA_HOME/mptcp/commands/mptcp-zebra"
	offers 'zebra' mptcp ze
	offers 'demo.csv' mptcp zebra d
}

@test "bash: no syntax error, and a completion for every tool" {
	bash -n "$MADE/bash/mptcp"
	for tool in $(all_tools); do
		bash --norc -c '. "$MADE/bash/$1"; complete -p "$1"' - "$tool"
	done
}

@test "zsh: no syntax error, and it knows every tool" {
	need_program zsh
	zsh -n "$MADE/zsh/_mptcp"
	for tool in $(all_tools); do
		head -n 1 "$MADE/zsh/_mptcp" | grep -qw -- "$tool"
	done
	grep -q "LIST: _values -s , column all help key value " "$MADE/zsh/_mptcp"
}

@test "fish: no syntax error, and what an option takes is offered" {
	need_program fish
	for tool in $(all_tools); do
		fish -n "$MADE/fish/$tool.fish"
	done
	run_ok fish --no-config -c "source $MADE/fish/mptcp-lc.fish; complete -C 'mptcp-lc -f '"
	[ "$(cut -f 1 <<<"$output" | sort | paste -sd ' ')" = 'csv json table' ]
	run_ok fish --no-config -c "source $MADE/fish/mptcp.fish; complete -C 'mptcp lc --fol'"
	[[ $output == --follow* ]]
	run_ok fish --no-config -c "source $MADE/fish/mptcp-ls.fish; complete -C 'mptcp-ls --columns kind,esta'"
	[ "$(cut -f 1 <<<"$output")" = kind,established ]
}
