#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What happened to connections and subflows, in captures of one thing each: the words of mptcp(7).
load lib

setup() {
	setup_common
	corpus_cache
}

# told TOOL NAME COLUMNS [COLUMN=VALUE]: these cells of the rows that mptcp-TOOL gives for story/NAME.pcap, of those rows
# in which the column has the value, one line per row, cells separated by blanks.
told() {
	"mptcp-$1" -q -f csv "$(capture "story/$2.pcap")" | awk -F, -v columns="$3" -v where="${4-}" '
		BEGIN { wanted = split(columns, names, ","); split(where, condition, "=") }
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		where != "" && $at[condition[1]] != condition[2] { next }
		{
			line = ""
			for (i = 1; i <= wanted; i++)
				line = line (i > 1 ? " " : "") $at[names[i]]
			print line
		}'
}

# is EXPECTED TOOL NAME COLUMNS [COLUMN=VALUE]: it is this and nothing else.
is() {
	local expected=$1
	shift
	diff --label expected --label "$*" <(printf '%s' "${expected:+$expected
}") <(told "$@")
}

@test "a refused connection failed, and never was closed" {
	is failed lc refused status
	is 'initial no failed' ls refused kind,established,status
	is 'failed' lt refused status
	is '4 reset CLOSED' le refused packetid,reason,kernel_event event=CONNECT_FAILED
	is '' le refused packetid event=CONNECTION_CLOSED
	is '' le refused packetid event=FALLBACK
}

@test "a handshake that is going on when the capture ends is opening" {
	for name in lone_syn handshake_cut; do
		is opening lc "$name" status
		is 'no opening' ls "$name" established,status
		is opening lt "$name" status
		is '' le "$name" packetid event=CONNECT_FAILED
	done
}

@test "a join whose SYN/ACK is repeated had no third ACK" {
	is no_third_ack le join_no_third_ack reason event=JOIN_FAILED
	is 'no failed' ls join_no_third_ack established,status kind=join
	is 1 lc join_no_third_ack subflows
}

@test "a join whose third ACK is repeated had no fourth" {
	is no_fourth_ack le join_no_fourth_ack reason event=JOIN_FAILED
	is 'no failed' ls join_no_fourth_ack established,status kind=join
}

@test "a join of which no third ACK came through is not established at the server" {
	is 'no failed' ls join_ack_blackhole.server established,status kind=join
	is 1 lc join_ack_blackhole.server subflows
}

@test "a join that comes after MP_FASTCLOSE and is refused failed too" {
	[ "$(told le join_after_fastclose.server packetid event=JOIN_FAILED | wc -l)" = 1 ]
	is fastclose lc join_after_fastclose.server status
}

@test "a fallback closes with its FINs" {
	is 8 le fallback_closed packetid event=CONNECTION_CLOSED
	is fallback lc fallback_closed status
}

@test "a mapping may cover segments that have no option" {
	is '' le mapping_of_several_segments reason event=FALLBACK
	[ "$(told lc mapping_of_several_segments status)" != fallback ]
}

@test "a malformed option is passed over and named, the DSS after it counts" {
	is '' le malformed_before_dss reason event=FALLBACK
	[ -n "$(told le malformed_before_dss option,length,reason event=OPTION_MALFORMED)" ]
	[ "$(mptcp-export -q --columns packetid,dsn "$(capture story/malformed_before_dss.pcap)" | sed -n '/^6,/p')" = 6,1001 ]
}

@test "MP_CAPABLE with data and without the checksum that it asks for is malformed" {
	# what follows by its length are the two bytes of the checksum
	is $'MP_CAPABLE 22 no_checksum\nkind_92 49 past_end' le capable_no_checksum option,length,reason event=OPTION_MALFORMED
}

@test "an MP_CAPABLE without a key in a SYN/ACK is none" {
	is no_mp_capable_in_synack le capable_without_key reason event=FALLBACK
	is '' le capable_without_key packetid kernel_event=CREATED
	is fallback lc capable_without_key status
}

@test "a SYN without the option does not lose the initial subflow" {
	is 2 lc syn_without_option subflows
	is $'initial\njoin' ls syn_without_option kind
}

@test "a third ACK that echoes another key: the HMACs of the join tell which one counts" {
	is '' le echo_mismatch reason event=JOIN_FAILED
	is hmac_valid le echo_mismatch reason event=MP_JOIN_ACK
}

@test "flag B, a simultaneous open and a refused mapping are reasons of their own" {
	is flags le flag_b reason event=FALLBACK
	is simultaneous_open le simultaneous_open.client reason event=FALLBACK
	[ "$(told le simultaneous_open.client packetid event=MP_CAPABLE_SYN | wc -l)" = 2 ]
	is bad_mapping le bad_mapping.client reason event=FALLBACK
	for name in flag_b simultaneous_open.client bad_mapping.client; do
		is fallback lc "$name" status
	done
}

@test "MP_FASTCLOSE with another key closes nothing" {
	is closed lc fastclose_wrong_key status
	is 13 le fastclose_wrong_key packetid event=CONNECTION_CLOSED
}

@test "a RST out of the window, and one after the FINs, end nothing" {
	is closed ls rst_out_of_window status
	is '' le rst_out_of_window packetid event=SUBFLOW_RESET
	is '' le rst_after_fin packetid event=SUBFLOW_RESET
}

@test "an MP_PRIO in the form of version 0 changes nothing in version 1" {
	[ -n "$(told le prio_of_version_0 packetid event=MP_PRIO)" ]
	is '' le prio_of_version_0 packetid kernel_event=SF_PRIO
	is $'no \nno ' ls prio_of_version_0 backup,backup_by
}

@test "mptcp-ls says who opened a subflow and who asked for it as a backup" {
	need_file "$SHARED/cases/backup_syn_only.pcap"
	run_ok mptcp-ls -f json "$SHARED/cases/backup_syn_only.pcap"
	[[ ${lines[1]} == *'"opened_by":"client"'*'"backup":"yes","backup_by":"client"'* ]]
	[[ ${lines[0]} == *'"backup":"no","backup_by":null'* ]]
}
