#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts the packets of a capture into every encapsulation that there is.

    encapsulate.py CAPTURE RESULT KIND...

CAPTURE is a pcap of Ethernet, RESULT becomes pcapng. Each KIND, a name of those below or `all` or
`refused` for all of a group, gets the first packets of TCP with an interface of their own, ten
seconds after those of the one before.
"""
import struct
import sys

A4, B4 = bytes([203, 0, 113, 7]), bytes([198, 51, 100, 9])
A6, B6 = bytes.fromhex("20010db8aaaa000000000000000000a1"), bytes.fromhex("20010db8bbbb000000000000000000b2")
MACS = bytes.fromhex("00163e112233" "00163e445566")
PACKETS = 24


def add_up(data):
    """The Internet checksum."""
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def ipv4(protocol, inner, options=b""):
    """A header around something."""
    header = struct.pack(">BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(options) + len(inner), 7, 0, 64,
                         protocol, 0) + A4 + B4 + options
    return header[:10] + struct.pack(">H", add_up(header)) + header[12:] + inner


def ipv6(protocol, inner):
    """The same of IPv6."""
    return struct.pack(">IHBB", 6 << 28, len(inner), protocol, 64) + A6 + B6 + inner


def udp(port, inner, pseudo=None):
    """In UDP, with a checksum where there is a pseudo-header."""
    data = struct.pack(">HHHH", 49999, port, 8 + len(inner), 0) + inner
    if pseudo:
        data = data[:6] + struct.pack(">H", add_up(pseudo + struct.pack(">IHBB", len(data), 0, 0, 17) + data)) + data[8:]
    return data


def eth(inner, kind=None):
    """In an Ethernet frame."""
    return MACS + struct.pack(">H", kind or (0x800 if inner[0] >> 4 == 4 else 0x86dd)) + inner


def etype(inner):
    """Its EtherType."""
    return 0x800 if inner[0] >> 4 == 4 else 0x86dd


def gre(inner, kind, flags=0):
    """In GRE; with a checksum, a key, a sequence number as the flags say."""
    rest = bytes(4) if flags & 0x8000 else b""
    rest += struct.pack(">I", 77) if flags & 0x2000 else b""
    rest += struct.pack(">I", 3) if flags & 0x1000 else b""
    data = struct.pack(">HH", flags, kind) + rest + inner
    return data[:4] + struct.pack(">H", add_up(data)) + data[6:] if flags & 0x8000 else data


def vlan(inner):
    """With a tag."""
    return eth(struct.pack(">HH", 5, etype(inner)) + inner, 0x8100)


def router_alert(inner):
    """With an option of IPv4, or of the hop-by-hop header of IPv6."""
    return with_option(inner, b"\x94\x04\0\0", b"\x05\x02\0\0\x01\x00")


def with_option(inner, four, six):
    """With these options."""
    if inner[0] >> 4 == 6:
        inner = inner[:4] + struct.pack(">HB", len(inner) - 32, 0) + inner[7:40] + inner[6:7] + b"\0" + six + inner[40:]
        return inner
    header = bytes([inner[0] + len(four) // 4]) + inner[1:2] + struct.pack(">H", len(inner) + len(four)) + \
        inner[4:10] + b"\0\0" + inner[12:20] + four
    return header[:10] + struct.pack(">H", add_up(header)) + header[12:] + inner[20:]


def proto(inner):
    """The protocol number of IP in IP."""
    return 4 if inner[0] >> 4 == 4 else 41


ALL = {
    "vlan": (1, vlan),
    "qinq": (1, lambda p: eth(struct.pack(">HHHH", 9, 0x8100, 5, etype(p)) + p, 0x88a8)),
    "mpls": (1, lambda p: eth(struct.pack(">II", 100 << 12 | 64, 200 << 12 | 0x100 | 64) + p, 0x8847)),
    "pppoe": (1, lambda p: eth(struct.pack(">BBHHH", 0x11, 0, 1, len(p) + 2, 0x21 if p[0] >> 4 == 4 else 0x57) + p,
                               0x8864)),
    "trailer": (1, lambda p: eth(p) + b"leak"),
    "alert": (1, lambda p: eth(router_alert(p))),
    "ip4ip": (1, lambda p: eth(ipv4(proto(p), p))),
    "ip6ip": (1, lambda p: eth(ipv6(proto(p), p))),
    "gre": (1, lambda p: eth(ipv4(47, gre(p, etype(p))))),
    "gresum": (1, lambda p: eth(ipv4(47, gre(p, etype(p), 0xb000)))),
    "gretap": (1, lambda p: eth(ipv4(47, gre(eth(p), 0x6558, 0x2000)))),
    "erspan": (1, lambda p: eth(ipv4(47, gre(struct.pack(">II", 0x10050000, 0) + eth(p), 0x88be, 0x1000)))),
    "vxlan": (1, lambda p: eth(ipv4(17, udp(4789, struct.pack(">II", 8 << 24, 42 << 8) + eth(p))))),
    "vxlan6": (1, lambda p: eth(ipv6(17, udp(4789, struct.pack(">II", 8 << 24, 42 << 8) + vlan(p), A6 + B6)))),
    "geneve": (1, lambda p: eth(ipv4(17, udp(6081, struct.pack(">HHI", 0, 0x6558, 42 << 8) + eth(p))))),
    "gtp": (1, lambda p: eth(ipv4(17, udp(2152, struct.pack(">BBHI", 0x30, 255, len(p), 9) + p)))),
    "gtpseq": (1, lambda p: eth(ipv4(17, udp(2152, struct.pack(">BBHII", 0x32, 255, len(p) + 4, 9, 1 << 16) + p)))),
    "sll": (113, lambda p: struct.pack(">HHH", 0, 1, 6) + MACS[:6] + b"\x7f\x45" + struct.pack(">H", etype(p)) + p),
    "sll2": (276, lambda p: struct.pack(">HHIHBB", etype(p), 0, 2, 1, 4, 6) + MACS[:6] + b"\x7f\x45" + p),
    "null": (0, lambda p: struct.pack("<I", 2 if p[0] >> 4 == 4 else 30) + p),
    "loop": (108, lambda p: struct.pack(">I", 2 if p[0] >> 4 == 4 else 24) + p),
    "ppp": (9, lambda p: b"\xff\x03" + (b"\0\x21" if p[0] >> 4 == 4 else b"\0\x57") + p),
    "raw": (101, lambda p: p),
}
REFUSED = {
    "arp": (1, lambda p: eth(struct.pack(">HHBBH", 1, 0x800, 6, 4, 1) + MACS[:6] + A4 + MACS[6:] + B4, 0x806)),
    "dns": (1, lambda p: eth(ipv4(17, udp(53, b"\0\1\1\0\0\1\0\0\0\0\0\0\3lan\0\0\1\0\1")))),
    "icmp": (1, lambda p: eth(ipv4(1, b"\3\4\0\0\0\0\5\0" + p[:48]))),
    "fragment": (1, lambda p: eth(p[:6] + b"\0\7" + p[8:])),
    "route": (1, lambda p: eth(with_option(p, b"\x07\x07\x04" + A4 + b"\0", b""))),
    "ah": (1, lambda p: eth(ipv4(51, bytes([6, 4, 0, 0]) + bytes(20) + p[20:]))),
    "l2tp": (1, lambda p: eth(ipv4(115, bytes(8) + p))),
    "geneveopt": (1, lambda p: eth(ipv4(17, udp(6081, struct.pack(">HHI", 0x100, 0x6558, 42 << 8) + b"\0\1\0\0" + eth(p))))),
    "short": (1, lambda p: eth(p)[:40]),
    "wlan": (105, lambda p: b"\x08\1\0\0" + MACS + MACS[:8] + p),
}
GROUPS = {"all": list(ALL), "refused": list(REFUSED)}


def packets(name):
    """Time, bytes from the IP header on, and how many there were, of the first ones of TCP."""
    with open(name, "rb") as file:
        data = file.read()
    at = 24
    while at < len(data):
        seconds, micro, captured, original = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16:at + 16 + captured]
        at += 16 + captured
        if frame[12:14] == b"\x08\0" and frame[23] == 6 or frame[12:14] == b"\x86\xdd" and frame[20] == 6:
            yield seconds * 1000000 + micro, frame[14:], original - 14


def block(kind, body):
    """A block of pcapng."""
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def main():
    source, result, kinds = sys.argv[1], sys.argv[2], sys.argv[3:]
    kinds = [kind for name in kinds for kind in GROUPS.get(name, [name])]
    chosen = list(packets(source))[:PACKETS]
    with open(result, "wb") as out:
        out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
        for kind in kinds:
            out.write(block(1, struct.pack("<HHI", {**ALL, **REFUSED}[kind][0], 0, 0)))
        for number, kind in enumerate(kinds):
            for time, packet, length in chosen:
                frame = {**ALL, **REFUSED}[kind][1](packet + bytes(length - len(packet)))
                missing = length - len(packet) if kind not in REFUSED else 0
                time += number * 10000000
                kept = frame[:len(frame) - missing]
                out.write(block(6, struct.pack("<IIIII", number, time >> 32, time & 0xffffffff, len(kept),
                                               len(frame)) + kept))


if __name__ == "__main__":
    main()
