#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-extract: packets of a capture in a capture of their own.
load lib

setup() {
	setup_common
	corpus_cache
	x=$(capture multi2_paced.client.pcap)
}

# numbers CAPTURE: those of its packets that tshark shows for display filter $2, one per line.
numbers() {
	tshark -r "$1" -Y "$2" -T fields -e frame.number 2>/dev/null
}

# frames CAPTURE: what is in each of its packets, and when.
frames() {
	tshark -r "$1" -T fields -e frame.time_epoch -e frame.len -e frame.interface_name -e frame.comment -e ip.id \
		-e tcp.seq_raw -e tcp.options 2>/dev/null
}

@test "all packets of a connection, also those without an option; its tables are the same" {
	local n=0 file captures
	# shellcheck disable=SC2153 # where the project's own are
	mapfile -t captures < <(find "$CAPTURES" -name '*.pcap*' | sort)
	for file in "$SHARED"/captures/*.pcap; do
		((++n % 16)) || captures+=("$file")
	done
	run -0 "$BATS_TEST_DIRNAME/extract.py" 2 "${captures[@]}"
	[[ $output == *' connections, 0 differences' ]] || fail_run
}

@test "what was captured before and after NAT stays together" {
	need_file "$SHARED/cases/a19_nat_router_any.pcap"
	run -0 "$BATS_TEST_DIRNAME/extract.py" 1 "$SHARED/cases/a19_nat_router_any.pcap"
	mptcp-extract -q 0 "$SHARED/cases/a19_nat_router_any.pcap" -o both.pcap
	[ "$(frames both.pcap | wc -l)" -eq 858 ]
}

@test "all packets of a pcap are the pcap, byte for byte, whatever its byte order and resolution" {
	editcap -F nsecpcap "$x" nano.pcap
	for file in "$x" nano.pcap "$(capture loopback.client.pcap)"; do
		mptcp-extract --packets 1-100000 "$file" | cmp - "$file"
	done
	# the other byte order: 2 headers of numbers around each packet
	python3 - "$x" swapped.pcap <<-'END'
		import struct, sys
		bytes, at = open(sys.argv[1], "rb").read(), 24
		with open(sys.argv[2], "wb") as out:
		    out.write(struct.pack(">IHHIIII", *struct.unpack("<IHHIIII", bytes[:24])))
		    while at < len(bytes):
		        header = struct.unpack("<IIII", bytes[at:at + 16])
		        out.write(struct.pack(">IIII", *header) + bytes[at + 16:at + 16 + header[2]])
		        at += 16 + header[2]
	END
	mptcp-extract --packets 1-100000 swapped.pcap | cmp - swapped.pcap
	mptcp-extract --packets 3-20 swapped.pcap -o part.pcap
	diff <(frames part.pcap) <(frames "$x" | sed -n 3,20p)
}

@test "pcapng keeps interfaces, their names and resolution, and comments of packets" {
	file=$(capture container_dumpcap.client.pcapng)
	editcap -a '3:a comment' "$file" commented.pcapng
	mptcp-extract --packets 2-9 commented.pcapng -o part.pcapng
	[ "$(head -c 4 part.pcapng | od -An -tx1)" = ' 0a 0d 0d 0a' ]
	frames part.pcapng >got
	frames commented.pcapng | sed -n 2,9p | diff - got
	grep -q 'a comment' got
}

@test "several sections and interfaces: each packet has its own" {
	mergecap -w ab.pcapng "$x" "$(capture join_refused.client.pcap)"
	cat ab.pcapng "$(capture container_dumpcap.client.pcapng)" >sections.pcapng
	total=$(frames sections.pcapng | wc -l)
	mptcp-extract --packets "5,$((total - 3))-$total" sections.pcapng -o part.pcapng
	diff <(frames part.pcapng) <(frames sections.pcapng | sed -n "5p;$((total - 3)),${total}p")
}

@test "--packets takes a list, a file, the column packetid of a table, or standard input" {
	mptcp-extract --packets 7,1-3 "$x" | frames - >wanted
	[ "$(wc -l <wanted)" -eq 4 ]
	printf '%s\n' 7 1 2 3 >numbers
	printf 'a,packetid\n9,7\n8,1-3\n' >table.csv
	printf 'a;packetid\n9;7\n8;"1,2,3"\n' >table.ssv
	mptcp-extract --packets numbers "$x" | frames - | diff wanted -
	mptcp-extract --packets - "$x" <numbers | frames - | diff wanted -
	mptcp-extract --packets table.csv "$x" | frames - | diff wanted -
	mptcp-extract --packets table.ssv --delimiter ';' "$x" | frames - | diff wanted -
	# the first column of mptcp-le is none
	mptcp-le --event MP_JOIN_SYN "$x" | mptcp-extract --packets - "$x" | mptcp-export --columns packetid | diff - <(printf 'packetid\n1\n')
}

@test "--packets with a selection: what both ask for; alone: packets that are not TCP, too" {
	mptcp-extract -t 1 --packets 1-60 "$x" | mptcp-export --columns tcpstream,tcpseq_raw | tail -n +2 | sort >got
	mptcp-export --columns packetid,tcpstream,tcpseq_raw "$x" | awk -F, '$2 == 1 && $1 <= 60 { print 0 "," $3 }' | sort | diff - got
	[ -s got ]
	file=$(capture container_dumpcap.client.pcapng)
	other=$(numbers "$file" '!tcp' | head -1)
	if [ "$other" ]; then
		mptcp-extract --packets "$other" "$file" | frames - | diff <(frames "$file" | sed -n "${other}p") -
	fi
}

@test "wrong lists of packets are named" {
	run_status 2 mptcp-extract --packets 0 "$x"
	says "option --packets: '0' is neither the number of a packet nor a range such as 5-9"
	run_status 2 mptcp-extract --packets 9-5 "$x"
	says "'9-5' is neither"
	printf 'packetid\n4\nfive\n' >table.csv
	run_status 3 mptcp-extract --packets table.csv "$x"
	says "table.csv: line 3: 'five' is neither"
	run_status 5 mptcp-extract --packets nothing.csv "$x"
	run_status 2 mptcp-extract --packets - <"$x"
	says 'standard input is the list or the capture, not both'
	run_status 1 mptcp-extract --packets 1000000 "$x" -o none.pcap
	says 'none of the packets of --packets is there'
	[ "$(frames none.pcap | wc -l)" -eq 0 ]
}

@test "--first, -d, --from and --to, --skip, --tcp" {
	mptcp-extract --first 4 "$x" | mptcp-export --columns tcpstream | sort | uniq -c >got
	[ "$(grep -c '^ *4 [0-9]' got)" -eq "$(($(mptcp-lt "$x" | wc -l) - 1))" ]
	mptcp-extract -d server "$x" -o server.pcap
	mptcp-export --columns tcpdest server.pcap | tail -n +2 | sort -u | diff <(echo server) -
	mptcp-extract --from 0.5 --to 0.6 "$x" -o period.pcap
	diff <(mptcp-export --columns abstime period.pcap) <(mptcp-export --columns abstime,reltime "$x" |
		awk -F, 'NR == 1 { print $1 } NR > 1 && $2 >= 0.5 && $2 < 0.6 { print $1 }')
	mptcp-extract --skip 0 "$x" | mptcp-lt | tail -n +2 | wc -l >got
	[ "$(cat got)" -eq "$(($(mptcp-lt "$x" | wc -l) - 2))" ]
	plain=$(capture fallback_plain_tcp.client.pcap)
	run_status 1 mptcp-extract "$plain" -o none.pcap
	mptcp-extract --tcp "$plain" -o plain.pcap
	diff <(mptcp-lt --time utc plain.pcap) <(mptcp-lt --time utc "$plain")
}

@test "a refused join is part of its connection, and of all" {
	file=$(capture join_refused.client.pcap)
	for arguments in '0' ''; do
		# shellcheck disable=SC2086 # none, or one
		mptcp-extract $arguments "$file" | mptcp-le | grep -q JOIN_FAILED
	done
}

@test "--map tells which packet has become which" {
	mptcp-extract -t 1 --map map.csv "$x" -o one.pcap
	[ "$(head -1 map.csv)" = packetid,extracted ]
	mptcp-export --columns packetid,abstime "$x" | sort >all
	tail -n +2 map.csv | while IFS=, read -r old new; do
		[ "$(sed -n "s/^$old,//p" all)" = "$(mptcp-export --columns packetid,abstime one.pcap | sed -n "s/^$new,//p")" ] || echo "$old $new"
	done | head -3 >wrong
	[ ! -s wrong ]
	[ "$(wc -l <map.csv)" -eq "$(mptcp-export one.pcap | wc -l)" ]
	run_status 2 mptcp-extract --map "$x" "$x" -o two.pcap
	[ ! -e two.pcap ]
	run_status 2 mptcp-extract --map - "$x" -o two.pcap
}

@test "-o replaces an older extract, never the input, and no other capture" {
	cp "$x" in.pcap
	mptcp-extract 0 in.pcap -o out.pcap
	mptcp-extract -t 1 in.pcap -o out.pcap
	mptcp-lt out.pcap | tail -n +2 | wc -l >got
	[ "$(cat got)" -eq 1 ]
	for force in '' --force; do
		# shellcheck disable=SC2086 # none, or one
		run_status 2 mptcp-extract $force 0 in.pcap -o in.pcap
		says 'is the input'
	done
	cmp in.pcap "$x"
	cp "$(capture join_refused.client.pcap)" other.pcap
	run_status 2 mptcp-extract 0 in.pcap -o other.pcap
	says 'other.pcap: is a capture, and not one that was extracted from in.pcap; --force overwrites it'
	cmp other.pcap "$(capture join_refused.client.pcap)"
	mptcp-extract --force 0 in.pcap -o other.pcap
	mptcp-lc other.pcap | diff - <(mptcp-extract 0 in.pcap | mptcp-lc)
	head -c 100 "$x" >cut.pcap # not a whole one: nobody knows what it was
	run_status 2 mptcp-extract 0 in.pcap -o cut.pcap
}

@test "standard input and compressed captures" {
	mptcp-extract 0 "$x" >wanted.pcap
	mptcp-extract 0 <"$x" | cmp - wanted.pcap
	# shellcheck disable=SC2002 # a pipe
	cat "$x" | mptcp-extract 0 - | cmp - wanted.pcap
	gzip -c "$x" >x.pcap.gz
	mptcp-extract 0 x.pcap.gz -o z.pcapng
	diff <(frames z.pcapng | cut -f 1,2,4-) <(frames wanted.pcap | cut -f 1,2,4-)
}

@test "a damaged capture: what came before the damage, status 3, said once" {
	head -c 20000 "$x" >cut.pcap
	run_status 3 mptcp-extract 0 cut.pcap -o out.pcap
	# shellcheck disable=SC2154 # set by run_status
	[ "$(grep -c 'cut short' <<<"$stderr")" -eq 1 ]
	diff <(mptcp-lc out.pcap --time utc) <(mptcp-lc -q cut.pcap --time utc)
	run_status 3 mptcp-extract --packets 1-5 cut.pcap -o out.pcap
	[ "$(frames out.pcap | wc -l)" -eq 5 ]
	mptcp-export "$x" >x.csv
	run_status 3 mptcp-extract 0 x.csv
	says 'x.csv'
}

@test "nothing to copy: status 1, and an empty capture" {
	run_status 1 mptcp-extract 7 "$x" -o none.pcap
	says 'no connection 7; there is only 0'
	head -c 24 "$x" | cmp - none.pcap
	run_ok mptcp-extract --allow-empty 7 "$x" -o none.pcap
}

@test "a terminal gets no capture" {
	need_program script
	run script -qec "mptcp-extract 0 '$x'" /dev/null
	[ "$status" -eq 2 ]
	[[ $output == *'a capture is nothing for a terminal'* ]]
}
