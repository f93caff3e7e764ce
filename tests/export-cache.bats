#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-export and its cache: when it is used, when not, and what an interrupted export leaves.
load lib

setup() {
	setup_common
	cp "$(capture multi2_paced.client.pcap)" x.pcap
	mptcp-export --no-cache x.pcap >wanted
}

# How many entries the cache has.
entries() {
	mptcp-cache list --no-header 2>/dev/null | wc -l
}

# A tshark that is slow to answer, so that there is time to disturb it; its version it says at once.
slow_tshark() {
	local real
	real=$(command -v tshark)
	printf '#!/bin/sh\n[ "$1" != --version ] || exec %s --version\n' "$real" >slow-tshark
	printf 'echo $$ >>tsharks\nsleep %s\nexec %s "$@"\n' "$1" "$real" >>slow-tshark
	chmod +x slow-tshark
}

# Waits until every process in the file `tsharks` is gone.
tsharks_gone() {
	local pid left
	for _ in $(seq 50); do
		left=
		while read -r pid; do
			[ ! -e "/proc/$pid" ] || left+=" $pid"
		done <tsharks
		[ "$left" ] || return 0
		sleep 0.1
	done
	return 1
}

@test "the second look comes from the cache and is the same" {
	mptcp-export x.pcap | cmp - wanted
	[ "$(entries)" = 1 ]
	run_ok mptcp-export -v -o rows x.pcap
	says 'from the cache'
	cmp rows wanted
	run_ok mptcp-lc x.pcap
	[ "$output" = "$(mptcp-lc wanted)" ]
}

@test "a warm look starts no tshark" {
	mptcp-lc x.pcap >rows
	# of the same version, as on another machine: asked for it once
	mkdir fake
	printf '#!/bin/sh\necho >>started\n[ "$1" = --version ] && %s --version\n' "$(command -v tshark)" >fake/tshark
	chmod +x fake/tshark
	for _ in 1 2; do
		PATH=$PWD/fake:$PATH run_ok mptcp-lc -v -o fake/rows x.pcap
		says 'from the cache'
		cmp rows fake/rows
	done
	[ "$(wc -l <started)" = 1 ]
	[ "$(entries)" = 1 ]
}

@test "a tshark of another version is another entry" {
	mptcp-lc x.pcap >rows
	printf '#!/bin/sh\n[ "$1" = --version ] && echo TShark 4.0.99 || exec %s "$@"\n' "$(command -v tshark)" >tshark
	chmod +x tshark
	run_ok mptcp-lc -v --tshark ./tshark -o other x.pcap
	says 'not in the cache'
	cmp rows other
	[ "$(entries)" = 2 ]
}

@test "another name, time or content of the capture is another entry" {
	mptcp-export x.pcap >/dev/null
	touch -d '2020-01-01' x.pcap
	run_ok mptcp-export -v -o rows x.pcap
	says 'not in the cache'
	head -c 20000 "$(capture multi2_paced.client.pcap)" >x.pcap
	run_status 3 mptcp-export -v -o rows x.pcap
	says 'not in the cache'
	[ "$(entries)" = 3 ]
}

@test "additional fields are part of the key" {
	mptcp-export x.pcap >/dev/null
	mptcp-export --columns packetid -e ip.ttl x.pcap >first
	mptcp-export --columns packetid -e ip.ttl x.pcap | cmp - first
	[ "$(entries)" = 2 ]
	[ "$(sed -n 2p first)" = 3,64 ]
	mptcp-export x.pcap | cmp - wanted
}

@test "--no-cache neither reads nor writes it, --regen makes the entry anew" {
	mptcp-export --no-cache x.pcap | cmp - wanted
	[ "$(entries)" = 0 ]
	mptcp-export x.pcap >/dev/null
	run_ok mptcp-export -v --regen -o rows x.pcap
	# shellcheck disable=SC2154 # set by run
	[[ $stderr != *'from the cache'* ]]
	cmp rows wanted
	[ "$(entries)" = 1 ]
}

@test "cache = no in the configuration is --no-cache" {
	mkdir -p "$XDG_CONFIG_HOME/mptcp"
	echo 'cache = no' >"$XDG_CONFIG_HOME/mptcp/config"
	mptcp-export x.pcap | cmp - wanted
	[ "$(entries)" = 0 ]
}

@test "standard input is not cached" {
	mptcp-export <x.pcap | cmp - wanted
	[ "$(entries)" = 0 ]
}

@test "a damaged entry is not used: the capture is exported again" {
	local entry
	mptcp-export x.pcap >/dev/null
	entry=$(find "$XDG_CACHE_HOME/mptcp/entries" -type f)
	truncate -s -100 "$entry"
	mptcp-export x.pcap | cmp - wanted
	printf garbage >"$entry"
	mptcp-export x.pcap | cmp - wanted
}

@test "an export that SIGINT or SIGKILL ends leaves no entry, no temporary file and no tshark; the next one is right" {
	local signal
	slow_tshark 20
	for signal in INT KILL; do
		: >tsharks
		# a job in the background ignores SIGINT unless it is told not to
		env --default-signal=INT mptcp-export --tshark ./slow-tshark x.pcap >/dev/null &
		for _ in $(seq 100); do
			[ ! -s tsharks ] || break
			sleep 0.1
		done
		kill -s $signal $!
		wait $! || true
		tsharks_gone
		[ "$(entries)" = 0 ]
		[ -z "$(find "$XDG_CACHE_HOME" -type f ! -name CACHEDIR.TAG ! -name lock)" ]
	done
	mptcp-export x.pcap | cmp - wanted
	[ "$(entries)" = 1 ]
}

@test "two exports of one capture at once: one works, the other waits for its result" {
	local first
	slow_tshark 2
	mptcp-export --tshark ./slow-tshark -v x.pcap >one 2>one.err &
	first=$!
	mptcp-export --tshark ./slow-tshark -v x.pcap >two 2>two.err
	wait $first
	cmp one wanted
	cmp two wanted
	[ "$(wc -l <tsharks)" -le "$(nproc)" ]
	grep -q 'exported by another process' one.err two.err
	[ "$(entries)" = 1 ]
}

@test "a capture that grows while it is read is not cached" {
	slow_tshark 1
	head -c 20056 x.pcap >growing.pcap
	mptcp-export --tshark ./slow-tshark growing.pcap >rows 2>messages &
	for _ in $(seq 100); do
		[ ! -s tsharks ] || break
		sleep 0.1
	done
	tail -c +20057 x.pcap >>growing.pcap
	wait $! || true
	[ "$(entries)" = 0 ]
	mptcp-export --tshark ./slow-tshark growing.pcap | cmp - wanted
}

@test "a reader that leaves early leaves no entry and no process" {
	slow_tshark 0
	mptcp-export --tshark ./slow-tshark -j 1 x.pcap | head -n 1 >/dev/null
	tsharks_gone
	mptcp-export --tshark ./slow-tshark x.pcap | cmp - wanted
}

@test "a full cache evicts what was used longest ago, and the tool does not notice" {
	local i
	for i in 1 2 3; do
		cp x.pcap $i.pcap
		MPTCP_CACHE_SIZE=120k mptcp-export $i.pcap | cmp - wanted
	done
	[ "$(entries)" -lt 3 ]
	run_ok mptcp-export -v -o rows 3.pcap
	says 'from the cache'
}
