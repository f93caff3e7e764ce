#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-export: a capture in, packets out.
load lib

# The packets of $1 as CSV, without a cache.
packets() {
	mptcp-export --no-cache "$@"
}

# The rows with an mptcpstream, and the header.
mptcp_rows() {
	awk -F, 'NR == 1 { for (i = 1; $i != "mptcpstream"; i++); print; next } $i != ""'
}

@test "the packets of a capture, every column" {
	run_ok packets "$(capture multi2_paced.client.pcap)"
	golden export/multi2_paced.csv
}

@test "the packets are the same for every number of jobs and every chunk" {
	local jobs chunk
	packets -j 1 "$(capture multi2_paced.client.pcap)" >one
	for jobs in 1 2 3; do
		for chunk in 1 7 100 2000; do
			packets -j $jobs --chunk $chunk "$(capture multi2_paced.client.pcap)" | cmp - one
		done
	done
}

@test "the container makes no difference: pcap, nanoseconds, pcapng, gzip, zstd, lz4, snoop" {
	local x
	x=$(capture multi2_paced.client.pcap)
	packets "$x" >wanted
	editcap -F nsecpcap "$x" nano.pcap 2>/dev/null
	editcap -F pcapng "$x" x.pcapng 2>/dev/null
	editcap -F snoop "$x" x.snoop 2>/dev/null
	gzip -c "$x" >x.gz
	zstd -qc "$x" >x.zst
	lz4 -qc "$x" >x.lz4
	for x in nano.pcap x.pcapng x.snoop x.gz x.zst x.lz4; do
		packets "$x" | cmp - wanted
		packets - <"$x" | cmp - wanted
		# not seekable, either
		# shellcheck disable=SC2002
		cat "$x" | packets | cmp - wanted
	done
}

@test "a file is known by its first bytes, not by its name" {
	cp "$(capture container_dumpcap.client.pcapng)" x.csv
	packets x.csv | cmp - <(packets "$(capture container_dumpcap.client.pcapng)")
}

@test "pcapng: each packet has the name of its interface" {
	run_ok packets --columns interface "$(capture container_dumpcap.client.pcapng)"
	[ "$(sort -u <<<"$output" | tr '\n' ' ')" = 'c0 c1 interface ' ]
}

@test "the first rows come out before the input has ended" {
	local x first
	x=$(capture multi2_paced.client.pcap)
	mkfifo pipe
	packets pipe >rows &
	exec 7>pipe
	head -c 20000 "$x" >&7
	for _ in $(seq 100); do
		[ "$(wc -l <rows)" -lt 50 ] || break
		sleep 0.1
	done
	first=$(wc -l <rows)
	tail -c +20001 "$x" >&7
	exec 7>&-
	wait $!
	[ "$first" -ge 50 ]
	cmp rows <(packets "$x")
}

@test "--columns chooses columns and their order" {
	run_ok packets --columns tcpstream,packetid "$(capture multi2_paced.client.pcap)"
	[ "${lines[0]}" = tcpstream,packetid ]
	[ "${lines[1]}" = 0,3 ]
}

@test "--columns with a name that is none is told before the capture is read" {
	run_status 2 packets --columns packetid,dns missing.pcap
	says "mptcp-export: unknown column 'dns'; did you mean 'dsn'?"
}

@test "--columns all is every column" {
	x=$(capture multi2_paced.client.pcap)
	[ "$(packets --columns all "$x")" = "$(packets "$x")" ]
}

@test "--columns help lists every column with unit and meaning" {
	run_ok mptcp-export --columns help
	[ "${#lines[@]}" = "$(grep -c '^COLUMN(' "$ROOT/lib/packet/columns.def")" ]
	[[ $output == *"dsn "*" bytes "*"first byte of data is 1"* ]]
}

@test "-e adds fields of tshark as columns" {
	run_ok packets --columns packetid -e ip.ttl -e frame.len -e ip.dsfield.dscp "$(capture multi2_paced.client.pcap)"
	[ "${lines[0]}" = packetid,ip.ttl,frame.len,ip.dsfield.dscp ]
	[ "${lines[1]}" = 3,64,78,0 ]
}

@test "-e with a field that needs state gives what a single tshark gives, and says so at -v" {
	local x
	x=$(capture dsn_wrap_dl.client.pcap)
	run_ok packets -v --columns packetid -e tcp.analysis.initial_rtt "$x"
	says 'tcp.analysis.initial_rtt needs state'
	diff <(tail -n +2 <<<"$output") <(tshark -n -r "$x" -Y tcp.len -T fields -E separator=, \
		-e frame.number -e tcp.analysis.initial_rtt 2>/dev/null)
}

@test "-e with a field that tshark does not know: its name and status 4" {
	run_status 4 packets -e no.such.field "$(capture multi2_paced.client.pcap)"
	says no.such.field
}

@test "-e on packets that are CSV already is refused" {
	packets "$(capture multi2_paced.client.pcap)" >x.csv
	run_status 2 mptcp-export -e ip.ttl x.csv
	says 'x.csv is not a capture'
}

@test "-C with a profile that is not there is told: status 4" {
	run_status 4 packets -C no-such-profile "$(capture multi2_paced.client.pcap)"
	says no-such-profile
}

@test "the user's Wireshark set-up changes nothing" {
	local x
	x=$(capture multi2_paced.client.pcap)
	packets "$x" >wanted
	mkdir -p "$HOME/.config/wireshark"
	echo tcp >"$HOME/.config/wireshark/disabled_protos"
	echo 'tcp.relative_sequence_numbers: FALSE' >"$HOME/.config/wireshark/preferences"
	packets "$x" | cmp - wanted
}

@test "--mptcp-only leaves out TCP connections without MPTCP, and changes no number" {
	local x
	need_file "$SHARED/captures/mixed_population.client.pcap"
	x=$SHARED/captures/mixed_population.client.pcap
	packets "$x" >all
	mptcp_rows <all >wanted
	[ "$(wc -l <wanted)" -lt "$(wc -l <all)" ]
	packets --mptcp-only "$x" | cmp - wanted
	mptcp-export "$x" >/dev/null # and from the cache
	mptcp-export --mptcp-only "$x" | cmp - wanted
}

@test "--mptcp-only gives the rows that it leaves of all, on every capture" {
	local x
	need_file "$SHARED/captures"
	for x in "$CAPTURES"/*.pcap "$SHARED"/captures/{fallback,mixed,container,partial}*.pcap; do
		mptcp-export -q --no-cache "$x" | mptcp_rows >wanted
		mptcp-export -q --no-cache --mptcp-only "$x" >only || [ "$(wc -l <wanted)" = 1 ]
		cmp only wanted || echo "$x" >>different
	done
	[ ! -e different ] || { cat different; false; }
}

@test "a capture without a TCP packet: the header, a message and status 1" {
	head -c 24 "$(capture multi2_paced.client.pcap)" >header.pcap
	run_status 1 packets header.pcap
	[ "${#lines[@]}" = 1 ]
	says 'header.pcap: no TCP packet'
}

@test "no bytes at all: status 3" {
	: >empty.pcap
	run_status 3 packets empty.pcap
	says 'empty.pcap: empty'
}

@test "cut in the middle of a packet: all whole packets, the place, status 3; from the cache the same" {
	head -c 30000 "$(capture multi2_paced.client.pcap)" >cut.pcap
	tshark -n -r cut.pcap -Y tcp.len -T fields -e frame.number 2>/dev/null >wanted || true
	for _ in cold warm; do
		run_status 3 mptcp-export --columns packetid cut.pcap
		diff <(tail -n +2 <<<"$output") wanted
		says 'cut.pcap: packet'
		says 'cut short'
	done
	run_status 3 mptcp-lc cut.pcap
	[ "${#lines[@]}" = 2 ]
}

@test "a corrupt record length: the packets before it, the place, status 3" {
	local x
	x=$(capture multi2_paced.client.pcap)
	cp "$x" bad.pcap
	# the length in the header of the second packet
	printf '\377\377\377\177' | dd of=bad.pcap bs=1 seek=$((24 + 16 + 42 + 8)) conv=notrunc status=none
	run_status 3 packets bad.pcap
	says 'bad.pcap: packet 2: damaged'
}

@test "garbage, and a text file named .pcap: status 3 and the name" {
	printf '\001\002\003%0500d\000\377' 7 >garbage.pcap
	run_status 3 packets garbage.pcap
	says garbage.pcap
	cp "$ROOT/LICENSE" text.pcap
	run_status 3 packets text.pcap
	says text.pcap
}

@test "a tshark that is too old for a field: its name, nothing else, status 4" {
	printf '#!/bin/sh\necho "tshark: Some fields aren'"'"'t valid:\n\ttcp.seq_raw" >&2\nexit 1\n' >old-tshark
	chmod +x old-tshark
	run_status 4 packets --tshark ./old-tshark "$(capture multi2_paced.client.pcap)"
	says tcp.seq_raw
	[ -z "$(tail -n +2 <<<"$output")" ]
}

@test "a tshark that dies in the middle: status 4, no cache entry" {
	cat >dying-tshark <<-'END'
		#!/bin/sh
		"$REAL_TSHARK" "$@" | head -n 50
		kill -9 $$
	END
	chmod +x dying-tshark
	REAL_TSHARK=$(command -v tshark) run_status 4 mptcp-lc --tshark ./dying-tshark "$(capture multi2_paced.client.pcap)"
	[ -z "$output" ]
	run_status 1 mptcp-cache list
}

@test "a tshark that loses rows and says nothing is noticed: status 4" {
	cat >losing-tshark <<-'END'
		#!/bin/sh
		"$REAL_TSHARK" "$@" | sed 77d
	END
	chmod +x losing-tshark
	REAL_TSHARK=$(command -v tshark) run_status 4 mptcp-lc --tshark ./losing-tshark "$(capture multi2_paced.client.pcap)"
}

@test "no cache folder can be made, HOME is read-only or missing: the same packets" {
	local x
	x=$(capture multi2_paced.client.pcap)
	packets "$x" >wanted
	XDG_CACHE_HOME=/proc/none mptcp-export "$x" | cmp - wanted
	XDG_CACHE_HOME=/dev/full mptcp-export "$x" | cmp - wanted
	env -u HOME -u XDG_CACHE_HOME mptcp-export "$x" | cmp - wanted
	XDG_CACHE_HOME=/proc/none run_ok mptcp-export -v -o rows "$x"
	says 'cache'
	cmp rows wanted
}

@test "a refused join of an unknown token belongs to no connection, and carried MPTCP all the same" {
	run_ok mptcp-export --columns mptcpstream,mptcpdest,tcpstream,recvtok "$(capture keys/join_unknown_token.pcap)"
	[ "${lines[1]}" = ,,0,ccad45ac ]
	[ "${lines[2]}" = ,,0, ]
	mptcp-export "$(capture keys/join_unknown_token.pcap)" >all
	mptcp-export --mptcp-only "$(capture keys/join_unknown_token.pcap)" | cmp - all
	mptcp-export --mptcp-only --no-cache "$(capture keys/join_unknown_token.pcap)" | cmp - all
}

@test "headers cut by the snap length: one warning with the length that would do, from the cache too" {
	local x says
	for x in "60 94" "80 94" "50 94"; do
		editcap -s "${x% *}" "$(capture multi2_paced.client.pcap)" cut.pcap
		says="TCP headers are cut by the snap length of ${x% *} bytes: options are unknown; capture with at least ${x#* } bytes (-s ${x#* })"
		for _ in cold warm; do
			run --separate-stderr mptcp-export --columns packetid,options_cut,caplen cut.pcap
			says "mptcp-export: cut.pcap: "
			says "$says"
			[ "$(grep -c 'snap length' <<<"$stderr")" = 1 ]
		done
		[ "${x% *}" = 50 ] || [ "$(grep -c ",1,${x% *}\$" <<<"$output")" -gt 100 ]
	done
	run --separate-stderr mptcp-export -q cut.pcap
	[ -z "$stderr" ]
	# a payload that was cut is not a reason to warn
	editcap -s 120 "$(capture multi2_paced.client.pcap)" cut.pcap
	run_ok mptcp-export --columns options_cut cut.pcap
	[ -z "$stderr" ]
	[ "$(sort -u <<<"$output" | tr -d '\n')" = '""options_cut' ]
}

@test "a SYN whose options were cut does not make its connection one without MPTCP" {
	editcap -r "$(capture multi2_paced.client.pcap)" rest.pcap 5-397
	editcap -r "$(capture multi2_paced.client.pcap)" first.pcap 3-4
	editcap -s 58 first.pcap syn.pcap
	mergecap -a -F pcap -w all.pcap syn.pcap rest.pcap
	run_ok mptcp-export -q --columns mptcpstream,mptcpdest all.pcap
	[ "$(grep -c '^0,' <<<"$output")" -gt 300 ]
}

@test "a damaged file: a hint to pcapfix, or to editcap where it is only cut short" {
	head -c 30000 "$DEMO" >cut.pcap
	run_status 3 mptcp-export cut.pcap
	says 'cut.pcap: packet 242: cut short in the middle of the packet (241 whole packets before it; editcap keeps those alone in a new file)'
	editcap cut.pcap whole.pcap
	[ "$(mptcp-export whole.pcap)" = "$output" ]
	# the length of the first packet
	cp "$DEMO" damaged.pcap
	printf '\377\377\377\177' | dd of=damaged.pcap bs=1 seek=$((24 + 8)) conv=notrunc status=none
	run_status 3 mptcp-export damaged.pcap
	says 'pcapfix may recover what follows)'
}
