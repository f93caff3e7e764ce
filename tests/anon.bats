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

@test "tables are the same but for the map, and no address is left in the result" {
	same one "$x" "$(capture container_dumpcap.client.pcapng)"
}

@test "the payload may stay, and no checksum becomes right or wrong" {
	same one,--payload=keep "$x"
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

@test "the same seed makes the same of two ends: they still fit together" {
	for end in client server; do
		mptcp-anon --seed two "$(capture multi2_paced.$end.pcap)" -o $end.pcap
	done
	echo two >seed
	mptcp-anon --seed-file seed <"$(capture multi2_paced.client.pcap)" | cmp - client.pcap
	mptcp-merge client.pcap server.pcap --columns owd >after
	mptcp-merge "$(capture multi2_paced.client.pcap)" "$(capture multi2_paced.server.pcap)" --columns owd | diff - after
	[ "$(wc -l <after)" -gt 100 ]
}

@test "a seed by lot is printed with -v, and is another one each time" {
	run_ok mptcp-anon -v "$x" -o one.pcap
	# shellcheck disable=SC2154 # set by run_ok
	seed=$(sed -n 's/.*seed: //p' <<<"$stderr")
	mptcp-anon --seed "$seed" "$x" | cmp - one.pcap
	mptcp-anon "$x" -o two.pcap
	run -1 cmp -s one.pcap two.pcap
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

@test "packets that are not understood are left out and counted; --report has numbers only" {
	run_ok mptcp-anon --report report.csv "$x" -o out.pcap
	says '19 of 303 packets left out: 19 not TCP'
	grep -qx 'packets left out: not TCP,19' report.csv
	grep -qx 'packets written,284' report.csv
	grep -qx 'IPv6 addresses,4' report.csv
	run -1 grep -E '[0-9a-f]+:[0-9a-f]+:' report.csv
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
	mptcp-export "$x" >x.csv
	run_status 3 mptcp-anon x.csv -o none.pcap
	[ ! -e none.pcap ]
}
