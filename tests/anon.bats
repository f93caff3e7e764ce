#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-anon: a capture that does not tell whose traffic it is.
load lib

setup() {
	setup_common
	x=$(capture add_addr_v6.client.pcap)
}

# same OPTIONS CAPTURE...: tables are the same but for the map, and no address is left.
same() {
	run -0 "$BATS_TEST_DIRNAME/anon.py" "$@"
	[[ $output == *' captures, 0 differences' ]] || fail_run
}

# frames CAPTURE: how many there are.
frames() {
	capinfos -Mc "$1" | sed -n 's/^Number of packets: *//p'
}

# encapsulated CAPTURE: its packets in all encapsulations, in all.pcapng.
encapsulated() {
	"$BATS_TEST_DIRNAME/encapsulate.py" "$(capture "$1")" all.pcapng all
}

@test "tables are the same but for the map, and no address is left, in every encapsulation" {
	encapsulated add_addr_v6.client.pcap
	same one "$(capture container_dumpcap.client.pcapng)" all.pcapng
	[ "$(frames anonymised.pcapng)" -eq "$(frames all.pcapng)" ] # nothing was left out
	# addresses of the tunnels and of the link layer, and what stands after a packet
	LC_ALL=C run -1 grep -aP '\x00\x16\x3e\x11\x22\x33|\xcb\x00\x71\x07|\xc6\x33\x64\x09|\xaa{2}\x00{7}|leak' anonymised.pcapng
	LC_ALL=C grep -qaP '\xcb\x00\x71\x07' all.pcapng
	grep -qa leak all.pcapng
}

@test "the payload may stay, and no checksum becomes right or wrong, in every encapsulation" {
	encapsulated multi2_paced.client.pcap
	same one,--payload=keep all.pcapng
}

@test "with zeros for the payload, DSS checksums that were right are right, those that were wrong are wrong" {
	need_file "$SHARED/captures/checksum_fail_infinite_map.client.pcap"
	for name in checksum checksum_fail_infinite_map; do
		file=$SHARED/captures/$name.client.pcap
		mptcp-anon -q --seed one --payload zero --keys change "$file" -o zero.pcap
		diff <(mptcp-check --payload --columns finding,mptcpdest,count "$file" | grep csum) \
			<(mptcp-check --payload --columns finding,mptcpdest,count zero.pcap | grep csum)
		rm zero.pcap
	done
}

@test "what is not TCP, or may have addresses where nobody looks, is left out" {
	"$BATS_TEST_DIRNAME/encapsulate.py" "$(capture multi2_paced.client.pcap)" refused.pcapng refused
	run_status 1 mptcp-anon --report report.csv refused.pcapng -o out.pcapng
	grep -qx 'packets left out: not TCP,120' report.csv
	grep -qx 'packets written,0' report.csv
	says '240 of 240 packets left out: 24 of an unknown link type, 24 not IP, 120 not TCP, 24 fragments, 24 with IP options'
}

@test "keys and all that depends on them may change" {
	same one,--keys,change,--addresses,sequential "$x"
	[ "$(mptcp-le anonymised.pcap | grep -c hmac_valid)" -eq 3 ]
	for token in $(mptcp-lc --columns client_token,server_token "$x" | tail -n +2 | tr , ' '); do
		run -1 grep "$token" <(mptcp-export --columns recvtok,expected_token anonymised.pcap)
	done
	[ "$(mptcp-lc --columns client,server anonymised.pcap | tail -1)" = 2001:db8::1,2001:db8::2 ]
	# a connection whose keys were not captured
	partial=$(capture partial_midstream_then_join.client.pcap)
	run_status 1 mptcp-anon --keys change "$partial" -o partial.pcap
	says 'of connections whose keys were not captured'
}

@test "a seed by lot is printed with -v; with the same seed two ends still fit together" {
	run_ok mptcp-anon -v "$(capture multi2_paced.client.pcap)" -o client.pcap
	# shellcheck disable=SC2154 # set by run_ok
	sed -n 's/.*seed: //p' <<<"$stderr" >seed
	[ "$(wc -c <seed)" -eq 33 ]
	mptcp-anon --seed "$(cat seed)" "$(capture multi2_paced.server.pcap)" -o server.pcap
	mptcp-anon --seed-file seed <"$(capture multi2_paced.client.pcap)" | cmp - client.pcap
	mptcp-merge client.pcap server.pcap --columns owd >after
	mptcp-merge "$(capture multi2_paced.client.pcap)" "$(capture multi2_paced.server.pcap)" --columns owd | diff - after
	[ "$(wc -l <after)" -gt 100 ]
}

@test "what pcapng says of machines, programs and people is left out, unless it is to be kept" {
	python3 - "$(capture container_dumpcap.client.pcapng)" named.pcapng <<-'END'
		import struct, sys
		data = open(sys.argv[1], "rb").read()
		def option(code, text):
		    return struct.pack("<HH", code, len(text)) + text + bytes(-len(text) % 4)
		at, out, packets = 0, b"", 0
		while at < len(data):
		    kind, length = struct.unpack_from("<II", data, at)
		    body, fixed = data[at + 8:at + length - 4], {0x0a0d0d0a: 16, 1: 8}.get(kind)
		    if fixed:  # section, interface
		        body = body[:fixed] + option(1, b"secret comment") + option(2, b"secret name") + \
		            option(3, b"secret system") + body[fixed:]
		    if kind == 6:  # packet: a comment, and its hash
		        packets += 1
		        end = 20 + struct.unpack_from("<I", body, 12)[0]
		        body = body[:end + -end % 4] + option(1, b"secret packet") + option(3, b"\2secret hash") + bytes(4)
		    out += struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
		    at += length
		open(sys.argv[2], "wb").write(out)
	END
	grep -qa 'secret hash' named.pcapng
	mptcp-anon --seed one named.pcapng -o out.pcapng
	run -1 grep -a secret out.pcapng
	tshark -r out.pcapng -T fields -e frame.interface_name 2>/dev/null | sort -u | grep -qx 'eth[01]'
	mptcp-anon --seed one --keep-metadata named.pcapng -o kept.pcapng
	grep -qa 'secret packet' kept.pcapng && grep -qa 'secret comment' kept.pcapng
	run -1 grep -a 'secret hash' kept.pcapng
}

@test "the result never replaces the input or another capture, and there is none where it is not proved" {
	cp "$x" in.pcap
	run_status 2 mptcp-anon --force in.pcap -o in.pcap
	cmp in.pcap "$x"
	run_status 2 mptcp-anon in.pcap -o ./in.pcap
	cp "$x" other.pcap
	run_status 2 mptcp-anon in.pcap -o other.pcap
	cmp other.pcap "$x"
	run_status 2 mptcp-anon --seed a --seed-file b in.pcap -o out.pcap
	run_status 2 mptcp-anon --payload none in.pcap -o out.pcap
	says "'none' is not cut, zero or keep"
	run_status 2 mptcp-anon --keys none in.pcap -o out.pcap
	says "'none' is not keep or change"
	run_status 5 mptcp-anon --seed-file absent in.pcap -o out.pcap
	: >empty
	run_status 3 mptcp-anon --seed-file empty in.pcap -o out.pcap
	[ ! -e out.pcap ]
}

@test "a damaged capture: what came before the damage, status 3, said once" {
	head -c 20000 "$x" >cut.pcap
	run_status 3 mptcp-anon --seed one cut.pcap -o out.pcap
	[ "$(grep -c 'cut short' <<<"$stderr")" -eq 1 ]
	diff <(mptcp-lc --columns packets,bytes_to_client,status out.pcap) <(mptcp-lc -q --columns packets,bytes_to_client,status cut.pcap)
}
