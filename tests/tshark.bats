#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Our numbers against those of tshark's own state, in one pass, wherever its state is right. Where it is not (mptcp.7,
# "Numbers in Wireshark") a capture is on the list below and the tests with truth files decide.
load lib

# Captures in which tshark is wrong, and in what. The reason is in its MPTCP or TCP state: it finds connections by
# port and SYN, counts from 0 where no handshake was captured, and gives packets of an old connection to a new one.
known_wrong() {
	case $(basename "$1") in
	*tiny_snap* | *snap60*) echo 'mptcp.stream mptcp.ack' ;; # options cut off
	fallback_strip_join_syn.server.*) echo mptcp.stream ;;
	mixed_population.*) echo mptcp.stream ;; # a SYN that was not answered is not a connection for it
	partial_*) echo 'mptcp.stream mptcp.ack mptcp.dsn' ;;
	port_reuse_*) echo 'tcp.stream mptcp.stream tcp.seq tcp.ack tcp.window_size mptcp.ack mptcp.dsn' ;;
	v_both_ends_merged.* | v_every_packet_twice.*) echo 'mptcp.ack mptcp.dsn' ;;    # a second SYN swaps directions
	v_records_out_of_order.*) echo 'tcp.stream mptcp.stream tcp.ack tcp.seq tcp.window_size mptcp.ack mptcp.dsn' ;;
	esac
}

# Compares all packets of capture $1. Prints differences, one per line: field, packet, tshark's value, ours.
# tshark numbers copies like any other packet, so they are kept here.
compare() {
	mptcp-export --no-cache --keep-duplicates --columns packetid,tcpstream,mptcpstream,tcpseq,tcpack,rwnd,dsn,dack "$1" >ours || return
	tshark -n -r "$1" -o tcp.relative_sequence_numbers:TRUE -o tcp.desegment_tcp_streams:FALSE \
		-d tcp.port==0-65535,data -Y tcp.len -T fields -E separator=, -E 'aggregator=;' \
		-e frame.number -e tcp.stream -e mptcp.stream -e tcp.seq -e tcp.ack -e tcp.window_size -e mptcp.dsn -e mptcp.ack \
		2>/dev/null >theirs
	awk -F, -v wrong=" $(known_wrong "$1") " '
		BEGIN { split("- tcp.stream mptcp.stream tcp.seq tcp.ack tcp.window_size mptcp.dsn mptcp.ack", name, " ") }
		NR == FNR { if (FNR > 1) row[$1] = $0; next }
		{
			if (!($1 in row)) { print "missing", $1; next }
			count++
			split(row[$1], our, ",")
			for (i = 2; i <= 8; i++) {
				# tshark says nothing of packets without an MPTCP option, and 0 where there is no ACK flag
				if ($i == "" || (name[i] == "tcp.ack" && our[i] == "") || index(wrong, " " name[i] " "))
					continue
				compared[i]++
				if ($i != our[i])
					print name[i], $1, $i, our[i]
			}
		}
		END {
			if (count != length(row)) print "rows", count, length(row)
			for (i = 2; i <= 8; i++) total += compared[i]
			print total + 0 >"compared"
		}' ours theirs
}

# All captures of the folder $1; tells which differ.
compare_all() {
	local x differ=0 count=0 values=0
	for x in "$1"/*.pcap "$1"/*.pcapng "$1"/*.gz; do
		[[ -e $x && $x != *.json.gz ]] || continue
		compare "$x" >differences
		((count += 1, values += $(cat compared)))
		[ -s differences ] || continue
		echo "$(basename "$x"): $(wc -l <differences) differences, such as: $(head -n 3 differences | tr '\n' ';')"
		differ=1
	done
	echo "$count captures, $values values"
	[ $differ = 0 ] && ((values > 1000 * count))
}

@test "streams, sequence numbers, windows, DSN and DATA_ACK equal tshark's on the captures of the tests" {
	compare_all "$CAPTURES"
}

@test "the same on all captures of ../shared" {
	need_file "$SHARED/captures"
	compare_all "$SHARED/captures"
}

@test "and on the same packets in other containers and link types" {
	need_file "$SHARED/captures/derived"
	compare_all "$SHARED/captures/derived"
}
