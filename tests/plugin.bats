#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The plugin inside tshark: the rows of -T fields to the byte, whatever the frame; and what happens where it is missing,
# another one, crashes or hangs.
load lib

setup() {
	setup_common
	need_file "$(echo "$BUILD"/wireshark/*/epan/mptcp.so)"
	# where everybody can read it, so that it is used by root, too
	open=$(mktemp -d /tmp/mptcp-plugin.XXXXXX)
	mkdir "$open/bin"
	cp -r "$BUILD/wireshark" "$open/wireshark"
	cp "$BIN/mptcp-export" "$open/bin"
	# a tshark that does not have it
	mkdir "$open/fields"
	printf '#!/bin/sh\nunset WIRESHARK_PLUGIN_DIR\nexec %s "$@"\n' "$(command -v tshark)" >"$open/fields/tshark"
	chmod -R a+rX "$open"
	chmod a+x "$open/fields/tshark"
}

teardown() {
	[ -z "${open:-}" ] || rm -r "$open"
}

# tshark_is SCRIPT: what comes before the real one in PATH.
tshark_is() {
	mkdir -p "$open/other"
	printf '#!/bin/bash\nreal=%s\n%s\n' "$(command -v tshark)" "$1" >"$open/other/tshark"
	chmod -R a+rx "$open/other"
}

# with_plugin CAPTURE and with_fields CAPTURE: all rows, then all messages and the status.
with_plugin() {
	"$open/bin/mptcp-export" -q --no-cache --keep-duplicates --allow-empty "$@" 2>messages || echo "status $?"
	cat messages
}

with_fields() {
	PATH=$open/fields:$PATH with_plugin "$@"
}

@test "100,000 frames, wrapped in other protocols and damaged: the rows are those of -T fields" {
	need_program python3
	every_capture
	# shellcheck disable=SC2154 # set by every_capture
	python3 "$ROOT/tests/mutants.py" 20261201 100000 mutants.pcapng "${captures[@]}"
	with_plugin -vv "$DEMO" >plugin
	grep -q -- '-z mptcp,rows1,' plugin # it is used
	with_plugin mutants.pcapng >plugin &
	with_fields mutants.pcapng >fields
	wait $!
	cmp plugin fields
	[ "$(wc -l <plugin)" -gt 50000 ]
}

@test "whole captures of many kinds: rows, messages and status are those of -T fields" {
	for x in "$DEMO" "$CAPTURES"/{add_addr_v6.client.pcap,container_dumpcap.client.pcapng} \
		"$SHARED"/captures/derived/v_{extras.pcapng,mixed_link_types.pcapng,sll.pcap,sll2.pcap,snap60.pcap,two_sections.pcapng} \
		"$SHARED"/captures/damaged/x_{caplen_over_origlen,garbage_after_header,ip_length,linktype_unknown,truncated_packet}.pcap; do
		[ -e "$x" ] || continue
		diff <(with_plugin "$x") <(with_fields "$x") || fail_run "$x"
	done
}

@test "fields of the user's, payload_sum and a profile go through -T fields" {
	mkdir -p "$HOME/.config/wireshark/profiles/mine"
	for options in '-e frame.len' '-e payload_sum' '-C mine'; do
		# shellcheck disable=SC2086 # two words
		run_ok "$open/bin/mptcp-export" -vv --no-cache $options "$DEMO"
		[[ $stderr == *' -T fields '* && $stderr != *mptcp,rows* ]] || fail_run "$options"
	done
}

@test "a tshark without the plugin, or an older one: the same rows, and a line with -v only" {
	"$open/bin/mptcp-export" --no-cache "$DEMO" >wanted
	PATH=$open/fields:$PATH run_ok "$open/bin/mptcp-export" --no-cache "$DEMO"
	[ -z "$stderr" ]
	diff <(printf '%s\n' "$output") wanted
	PATH=$open/fields:$PATH run_ok "$open/bin/mptcp-export" -v --no-cache "$DEMO"
	[ "$stderr" = 'mptcp-export: tshark: the plugin did not start (status 1): using -T fields' ]
	# 3.6 knows neither the plugin nor one of the options
	tshark_is 'unset WIRESHARK_PLUGIN_DIR
		[[ $* != *tcp.port==0-65535* ]] || { echo "tshark: Parameter \"tcp.port==0-65535,data\" is no selector" >&2; exit 1; }
		exec "$real" "$@"'
	PATH=$open/other:$PATH run_ok "$open/bin/mptcp-export" --no-cache "$DEMO"
	diff <(printf '%s\n' "$output") wanted
}

@test "a plugin that crashes before its first row: the same rows; later: status 4 and the signal" {
	"$open/bin/mptcp-export" --no-cache "$DEMO" >wanted
	tshark_is '[[ $* != *mptcp,rows* ]] || { ulimit -c 0; kill -SEGV $$; }
		exec "$real" "$@"'
	PATH=$open/other:$PATH run_ok "$open/bin/mptcp-export" --no-cache "$DEMO"
	diff <(printf '%s\n' "$output") wanted
	tshark_is '[[ $* != *mptcp,rows* ]] || { ulimit -c 0; "$real" "$@" | head -c 1000; kill -SEGV $$; }
		exec "$real" "$@"'
	PATH=$open/other:$PATH run_status 4 "$open/bin/mptcp-export" --no-cache "$DEMO"
	says 'tshark: killed by signal 11'
	# rows that are none, and rows of another frame
	tshark_is '[[ $* != *mptcp,rows* ]] || { cat >/dev/null; head -c 1000 /dev/zero; exit 0; }
		exec "$real" "$@"'
	PATH=$open/other:$PATH run_status 4 "$open/bin/mptcp-export" --no-cache "$DEMO"
	says 'tshark: unexpected output of packet 1'
}

@test "rows of a stream leave at once, though nothing more comes" {
	mkfifo stream
	"$open/bin/mptcp-export" -vv <stream >rows 2>messages &
	exec 9>stream
	cat "$DEMO" >&9
	for _ in {1..100}; do
		[ "$(wc -l <rows)" -lt 851 ] || break
		sleep 0.1
	done
	grep -q -- '-z mptcp,rows1' messages
	[ "$(wc -l <rows)" = 851 ]
	exec 9>&-
	wait
}
