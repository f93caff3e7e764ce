#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing of a capture, a file name, CSV or another program reaches a terminal so that it obeys it.

load lib

# Sets a title, erases the screen, C1 as UTF-8 and as a byte, turns the direction of text.
EVIL=$'a\e]0;owned\ab\e[2Jc\302\233d\233e\342\200\256f\342\201\247g'

setup() {
	setup_common
	export TERM=xterm
}

# What was said on standard error, as a file.
# shellcheck disable=SC2154 # set by run
said() {
	printf '%s\n' "$stderr" >messages
}

# harmless FILE: it has neither those characters nor others like them. What we write ourselves (colours, the cursor) is
# taken out first.
harmless() {
	python3 - "$1" <<-'END'
		import re, sys
		raw = open(sys.argv[1], "rb").read()
		raw = re.sub(rb"\x1b\[[0-9;?]*[mKHJhl]", b"", raw.replace(b"\r\n", b"\n").replace(b"\r", b""))
		text = raw.decode()  # all of it is UTF-8
		bad = [hex(ord(c)) for c in text if (ord(c) < 32 and c not in "\n\t") or 0x7f <= ord(c) < 0xa0 or
		       c in "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
		sys.exit(f"{bad} in {text!r}" if bad else "owned" not in text and f"nothing of it in {text!r}")
	END
}

# on_terminal COMMAND: what it writes to a terminal, into the file `seen`.
on_terminal() {
	script -qec "$1" seen.typescript </dev/null >seen || true
	[ -s seen ]
}

@test "names of files in messages" {
	local tool
	for tool in mptcp-export mptcp-lc mptcp-check mptcp-series; do
		if [ $tool = mptcp-series ]; then set -- rtt; else set --; fi
		run --separate-stderr "$tool" "$@" "$EVIL"
		[ "$status" -ne 0 ]
		said
		harmless messages
	done
}

@test "another program's words" {
	printf '#!/bin/sh\nprintf "tshark: %%b\\n" "$EVIL_WORDS" >&2\nexit 1\n' >tshark
	chmod +x tshark
	EVIL_WORDS=$EVIL run --separate-stderr mptcp-export --no-cache --tshark ./tshark "$DEMO"
	[ "$status" -eq 4 ]
	said
	harmless messages
}

@test "warnings, and what -vv tells" {
	cp "$DEMO" "$EVIL.pcap"
	run --separate-stderr mptcp-lc -vv "$EVIL.pcap"
	[ "$status" -eq 0 ]
	said
	harmless messages
}

@test "cells of a table, of CSV and of JSON on a terminal; a file gets them as they are" {
	local format
	mptcp-export "$DEMO" >x.csv
	python3 - "$EVIL" <<-'END'
		import os, sys
		evil = os.fsencode(sys.argv[1])
		lines = open("x.csv", "rb").read().split(b"\n")
		at = lines[0].split(b",").index(b"interface")
		lines[0] += b"," + b"p" * 600  # it is told to be CSV by its beginning
		for i in range(1, len(lines) - 1):
		    cells = lines[i].split(b",")
		    cells[at] = evil
		    lines[i] = b",".join(cells) + b","
		open("evil.csv", "wb").write(b"\n".join(lines))
	END
	for format in table csv json; do
		on_terminal "mptcp-ls -f $format evil.csv"
		harmless seen
	done
	on_terminal "mptcp-export evil.csv"
	harmless seen
	mptcp-ls -f csv evil.csv >file
	grep -qF "$EVIL" file
}

@test "the progress of a capture with such a name" {
	printf '#!/bin/sh\nsleep 2\nexec %s "$@"\n' "$(command -v tshark)" >slow
	chmod +x slow
	cp "$DEMO" "$EVIL.pcap"
	on_terminal "mptcp-lc --no-cache --tshark ./slow '$EVIL.pcap' >rows"
	harmless seen
}
