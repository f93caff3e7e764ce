#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A part of a capture: mib_part.py CAPTURE PACKETS PART FILE.

PACKETS is CSV of mptcp-export with packetid, tcpstream and mptcpdest. PART is `to_client` or `to_server`, one direction;
`from=N`, from that packet on; `without=N`, all but that TCP connection; `snap=N`, so many bytes of each packet; or
`every=N`, of so many packets one is missing.
"""
import csv
import struct
import sys

capture, packets, part, target = sys.argv[1:]
name, _, number = part.partition("=")
number = int(number or 0)
rows = {int(row["packetid"]): row for row in csv.DictReader(open(packets))}
data = open(capture, "rb").read()
assert data[:4] == b"\xd4\xc3\xb2\xa1", "no pcap of this byte order"


def wanted(packet):
    row = rows.get(packet, {})
    return {"to_client": row.get("mptcpdest") == "client", "to_server": row.get("mptcpdest") == "server",
            "from": packet >= number, "without": row.get("tcpstream") != str(number), "snap": True,
            "every": packet % (number or 1) != number // 2}[name]


with open(target, "wb") as file:
    file.write(data[:24])
    at, packet = 24, 0
    while at < len(data):
        seconds, fraction, length, whole = struct.unpack_from("<4I", data, at)
        body = data[at + 16:at + 16 + length]
        at, packet = at + 16 + length, packet + 1
        if wanted(packet):
            body = body[:number] if name == "snap" else body
            file.write(struct.pack("<4I", seconds, fraction, len(body), whole) + body)
