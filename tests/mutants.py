#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Many frames that nobody sends: those of captures, wrapped in other protocols and damaged.

    mutants.py SEED FRAMES OUTPUT CAPTURE...

Writes a pcapng of FRAMES frames, the same for the same arguments, with an interface for each link
type that occurs. A quarter of the frames is as it was, wrapped or not.
"""
import random
import struct
import sys

HEADERS = 140  # bytes, in which most damage is done
OF_A_CAPTURE = 400  # frames taken from each
RAW, NULL, ETHERNET, PPP, SLL, SLL2 = 101, 0, 1, 9, 113, 276
NAMES = (b"eth0", b"", b"unknown", b"wlan0 \xc3\xa9", b"a,b;c", b'x"y', b"tab\tbed\n", b"\x01\x1f\x7f\\n", b"\xff\xc3")


def read_pcap(data):
    """Yields (link type, frame) until the file is damaged."""
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">",
             b"\xa1\xb2\x3c\x4d": ">"}.get(data[:4])
    if not order or len(data) < 24:
        return
    link, at = struct.unpack_from(order + "I", data, 20)[0] & 0xffff, 24
    while at + 16 <= len(data):
        size = struct.unpack_from(order + "I", data, at + 8)[0]
        if size > 70000 or at + 16 + size > len(data):
            return
        yield link, data[at + 16:at + 16 + size]
        at += 16 + size


def read_pcapng(data):
    """Yields (link type, frame) of enhanced packet blocks until the file is damaged."""
    links, at, order = [], 0, "<"
    while at + 12 <= len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            links = []
        kind, size = struct.unpack_from(order + "II", data, at)
        if size < 12 or size % 4 or at + size > len(data):
            return
        if kind == 1:
            links.append(struct.unpack_from(order + "H", data, at + 8)[0])
        elif kind == 6:
            interface, _, _, captured = struct.unpack_from(order + "IIII", data, at + 8)
            if interface >= len(links) or captured > size - 32:
                return
            yield links[interface], data[at + 28:at + 28 + captured]
        at += size


def frames_of(path):
    """Some frames of a capture, spread over it."""
    with open(path, "rb") as file:
        data = file.read()
    read = read_pcapng if data[:4] == b"\x0a\x0d\x0d\x0a" else read_pcap
    frames = list(read(data))
    return frames[::len(frames) // OF_A_CAPTURE + 1]


def datagram(link, frame):
    """The IP packet in a frame; None where it is not plain."""
    at = {RAW: 0, NULL: 4, ETHERNET: 14, SLL: 16, SLL2: 20}.get(link)
    if at is None or len(frame) < at + 40 or frame[at] >> 4 not in (4, 6):
        return None
    return frame[at:]


def ipv4(protocol, payload, options=b"", fragment=0):
    """An IPv4 packet."""
    return struct.pack(">BBHHHBBHII", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload),
                       7, fragment, 63, protocol, 0, 0x0a010101, 0x0a020202) + options + payload


def ipv6(protocol, payload):
    """An IPv6 packet."""
    return struct.pack(">IHBB", 6 << 28, len(payload), protocol, 62) + bytes(15) + b"\x01" + \
        bytes(15) + b"\x02" + payload


def udp(port, payload):
    """A UDP datagram."""
    return struct.pack(">HHHH", 40000, port, 8 + len(payload), 0) + payload


def ethernet(packet):
    """An Ethernet frame."""
    return bytes(12) + (b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00") + packet


def payload_of(packet):
    """What follows the IP header, and its protocol."""
    if packet[0] >> 4 == 6:
        return packet[6], packet[40:]
    return packet[9], packet[(packet[0] & 15) * 4:]


def route(segments):
    """A routing header of IPv6 (type 0) with two addresses."""
    return bytes([6, 4, 0, segments]) + bytes(4) + b"\x20\x01" + bytes(14) + b"\x20\x02" + bytes(14)


def wrap(pick, packet):
    """(link type, frame): the packet in something else."""
    inner = 41 if packet[0] >> 4 == 6 else 4
    ether = 0x86dd if inner == 41 else 0x0800
    protocol, rest = payload_of(packet)
    icmp = b"\x03\x01" + bytes(6) + packet[:pick.choice((28, 36, 60, 200))]
    ways = [
        lambda: (RAW, packet),
        lambda: (NULL, struct.pack("<I", 30 if inner == 41 else 2) + packet),
        lambda: (PPP, b"\xff\x03" + (b"\x00\x57" if inner == 41 else b"\x00\x21") + packet),
        lambda: (SLL, struct.pack(">HHH8sH", pick.randrange(6), 1, 6, bytes(8), ether) + packet),
        lambda: (SLL2, struct.pack(">HHIHBB8s", ether, 0, pick.randrange(9), 1, pick.randrange(6), 6,
                                   bytes(8)) + packet),
        lambda: (ETHERNET, bytes(12) + struct.pack(">HHH", 0x8100, 5, ether) + packet),
        lambda: (ETHERNET, bytes(12) + struct.pack(">HHHHH", 0x88a8, 5, 0x8100, 6, ether) + packet),
        lambda: (ETHERNET, ethernet(ipv4(inner, packet))),
        lambda: (ETHERNET, ethernet(ipv6(inner, packet))),
        lambda: (ETHERNET, ethernet(ipv4(47, struct.pack(">HH", 0, ether) + packet))),
        lambda: (ETHERNET, ethernet(ipv4(17, udp(4789, b"\x08" + bytes(7) + ethernet(packet))))),
        lambda: (ETHERNET, ethernet(ipv4(1, icmp))),
        lambda: (ETHERNET, ethernet(ipv6(58, icmp))),
        lambda: (ETHERNET, ethernet(ipv4(protocol, rest, b"\x83\x07\x04\x0a\x09\x09\x09\0"))),
        lambda: (ETHERNET, ethernet(ipv4(protocol, rest, b"\x83\x07\x08\x0a\x09\x09\x09\0"))),
        lambda: (ETHERNET, ethernet(ipv4(protocol, rest, b"\x89\x08\x04\x0a\x09\x09\x09\0"))),
        lambda: (ETHERNET, ethernet(ipv4(protocol, rest, b"\x01\x89\x0b\x08" + bytes(range(8))))),
        lambda: (ETHERNET, ethernet(ipv4(inner, packet, b"\x83\x07\x04\x0a\x09\x09\x09\0"))),
        lambda: (ETHERNET, ethernet(ipv4(protocol, rest, b"\x01" * 4))),
        lambda: (ETHERNET, ethernet(ipv4(protocol, rest, fragment=0x2000))),
        lambda: (ETHERNET, ethernet(ipv4(protocol, rest, fragment=0x0010))),
        lambda: (ETHERNET, ethernet(ipv4(51, bytes([protocol, 4]) + bytes(22) + rest))),
        lambda: (ETHERNET, ethernet(ipv6(51, bytes([protocol, 4]) + bytes(22) + rest))),
        lambda: (ETHERNET, ethernet(ipv4(108, bytes([protocol]) + bytes(3) + rest))),
        lambda: (ETHERNET, ethernet(ipv6(43, route(pick.randrange(3)) + rest))),
        lambda: (ETHERNET, ethernet(ipv6(43, b"\x29" + route(1)[1:] + ipv6(protocol, rest)))),
        lambda: (ETHERNET, ethernet(ipv6(0, bytes([protocol, 0, 1, 4]) + bytes(4) + rest))),
        lambda: (ETHERNET, ethernet(ipv6(60, bytes([protocol, 0, 1, 4]) + bytes(4) + rest))),
        lambda: (ETHERNET, ethernet(ipv6(44, bytes([protocol, 0, 0, pick.randrange(2)]) + bytes(4) + rest))),
        lambda: (ETHERNET, bytes(12) + b"\x88\x64\x11\x00\x00\x01" + struct.pack(">H", len(packet) + 2) +
                 (b"\x00\x57" if inner == 41 else b"\x00\x21") + packet),
        lambda: (ETHERNET, bytes(12) + b"\x88\x47\x00\x01\x01\x40" + packet),
    ]
    return pick.choice(ways)()


def damage(pick, frame):
    """(captured bytes, original length) of the frame with a fault or several."""
    data, length = bytearray(frame), len(frame)
    for _ in range(pick.choice((1, 1, 1, 2, 5))):
        if not data:
            break
        at = pick.randrange(min(len(data), HEADERS))
        kind = pick.randrange(8)
        if kind < 3:
            data[at] ^= 1 << pick.randrange(8)
        elif kind == 3:
            data[at] = pick.choice((0, 1, 4, 6, 47, 0x45, 0x50, 0x60, 0xff, pick.randrange(256)))
        elif kind == 4:
            del data[at:]
        elif kind == 5:
            data[at:at] = pick.randbytes(pick.randrange(1, 9))
        elif kind == 6:
            del data[at:at + pick.randrange(1, 9)]
        else:
            length = pick.choice((len(data), max(1, len(data) - 20), len(data) + 1400))
    return bytes(data), max(length, len(data)) if pick.randrange(8) else length


class Writer:
    """A pcapng with an interface per link type and name."""

    def __init__(self, file):
        self.file = file
        self.interfaces = {}
        self.block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))

    def block(self, kind, body):
        """Writes a block."""
        body += bytes(-len(body) % 4)
        size = struct.pack("<I", len(body) + 12)
        self.file.write(struct.pack("<I", kind) + size + body + size)

    def frame(self, pick, time, link, data, length):
        """Writes a frame, with flags or without."""
        name = pick.choice(NAMES)
        if (link, name) not in self.interfaces:
            self.interfaces[link, name] = len(self.interfaces)
            option = struct.pack("<HH", 2, len(name)) + name + bytes(-len(name) % 4) if name else b""
            self.block(1, struct.pack("<HHI", link, 0, 0) + option + bytes(4))
        flags = pick.randrange(8)
        options = struct.pack("<HHIHH", 2, 4, flags, 0, 0) if flags < 4 else b""
        self.block(6, struct.pack("<IIIII", self.interfaces[link, name], time >> 32, time & 0xffffffff,
                                  len(data), length) + data + bytes(-len(data) % 4) + options)


def main():
    """As the first lines say."""
    pick = random.Random(int(sys.argv[1]))
    frames = [frame for path in sys.argv[4:] for frame in frames_of(path)]
    with open(sys.argv[3], "wb") as file:
        writer = Writer(file)
        for number in range(int(sys.argv[2])):
            link, data = pick.choice(frames)
            packet = datagram(link, data)
            if packet and pick.randrange(2):
                link, data = wrap(pick, packet)
            data, length = (data, len(data)) if not pick.randrange(4) else damage(pick, data)
            writer.frame(pick, 1795397437_000000 + 100 * number, link, data, length)


main()
