# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures without a network, for machines on which bench/capture may not make namespaces.

What a lossless path would show: handshakes with keys, tokens and HMACs that fit each other, data
whose mappings are right, acknowledgements, the closing. Packets are cut to 128 bytes as a capture
with -s 128 has them; checksums are left 0, as with offloading.
"""
import hashlib
import hmac
import itertools
import random
import struct

SNAP = 128
SEGMENT = 1400
SYN, ACK, FIN, PUSH = 0x02, 0x10, 0x01, 0x08
CLIENT, SERVER = 0, 1  # ends of a connection

HEADERS = struct.Struct("!12sH" "BBHHHBBH4s4s" "HHIIBBHHH")
RECORD = struct.Struct("<IIII")
MAC = b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02"
PADDING = bytes(SNAP)


def packet(source, destination, ports, sequence, acknowledgement, flags, options, length):
    """The bytes of a TCP segment on Ethernet, cut, and its length on the wire."""
    options += b"\1" * (-len(options) % 4)
    total = 40 + len(options) + length
    head = HEADERS.pack(MAC, 0x0800, 0x45, 0, total, 0, 0x4000, 64, 6, 0, source, destination,
                        *ports, sequence & 0xFFFFFFFF, acknowledgement & 0xFFFFFFFF,
                        (20 + len(options)) << 2, flags, 65535, 0, 0)
    return (head + options + PADDING)[: min(SNAP, 14 + total)], 14 + total


def datagram(length):
    """The same for UDP."""
    head = struct.pack("!12sHBBHHHBBH4s4sHHHH", MAC, 0x0800, 0x45, 0, 28 + length, 0, 0x4000, 64,
                       17, 0, bytes((10, 7, 1, 1)), bytes((10, 7, 1, 2)), 40000, 5005,
                       8 + length, 0)
    return (head + PADDING)[: min(SNAP, 42 + length)], 42 + length


class Subflow:
    """One TCP connection; keeps the next sequence number of both ends."""

    def __init__(self, address, port, rng):
        self.addresses = (bytes((10, 7)) + address, bytes((10, 7, 1, 2)))
        self.ports = (port, 5001)
        self.next = [rng.getrandbits(32), rng.getrandbits(32)]
        self.first = [self.next[0] + 1, self.next[1] + 1]  # of the data

    def send(self, end, flags, options=b"", length=0):
        """A segment from this end."""
        ack = self.next[1 - end] if flags & ACK else 0
        made = packet(self.addresses[end], self.addresses[1 - end],
                      self.ports if end == CLIENT else self.ports[::-1],
                      self.next[end], ack, flags, options, length)
        self.next[end] += length + (1 if flags & (SYN | FIN) else 0)
        return made


class Connection:
    """An MPTCP v1 connection of two subflows, as a series of packets."""

    def __init__(self, number, rng):
        self.rng = rng
        self.keys = [rng.randbytes(8), rng.randbytes(8)]
        digests = [hashlib.sha256(key).digest() for key in self.keys]
        self.token = digests[SERVER][:4]
        self.data = [int.from_bytes(digest[-8:], "big") + 1 for digest in digests]  # next DSN
        port = 10000 + number % 50000
        net = 1 + 2 * (number // 50000)  # other addresses when the ports are used up
        self.subflows = [Subflow(bytes(host), port, rng) for host in ((net, 1), (net + 1, 1))]

    def handshake(self):
        """MP_CAPABLE on the first subflow, MP_JOIN on the second."""
        first, second = self.subflows
        client, server = self.keys
        yield first.send(CLIENT, SYN, bytes((2, 4, 5, 0xB4, 30, 4, 1, 1)))
        yield first.send(SERVER, SYN | ACK, bytes((2, 4, 5, 0xB4, 30, 12, 1, 1)) + server)
        yield first.send(CLIENT, ACK, bytes((30, 20, 1, 1)) + client + server)
        length = 100
        options = bytes((30, 22, 1, 1)) + client + server + struct.pack("!H", length)
        yield first.send(CLIENT, ACK | PUSH, options, length)
        self.data[CLIENT] += length
        yield first.send(SERVER, ACK, self.dss(SERVER, first))
        nonces = self.rng.randbytes(4), self.rng.randbytes(4)
        options = bytes((2, 4, 5, 0xB4, 30, 12, 0x10, 1)) + self.token + nonces[0]
        yield second.send(CLIENT, SYN, options)
        code = hmac.digest(server + client, nonces[1] + nonces[0], "sha256")
        options = bytes((2, 4, 5, 0xB4, 30, 16, 0x10, 0)) + code[:8] + nonces[1]
        yield second.send(SERVER, SYN | ACK, options)
        code = hmac.digest(client + server, nonces[0] + nonces[1], "sha256")
        yield second.send(CLIENT, ACK, bytes((30, 24, 0x10, 0)) + code[:20])
        yield second.send(SERVER, ACK, self.dss(SERVER, second))

    def dss(self, end, subflow, length=0, fin=False):
        """A DSS option: the acknowledgement, and the mapping of `length` bytes or a DATA_FIN."""
        ack = struct.pack("!Q", self.data[1 - end])
        if not length and not fin:
            return bytes((30, 12, 0x20, 0x03)) + ack
        place = (subflow.next[end] - subflow.first[end] + 1) & 0xFFFFFFFF if length else 0
        mapping = struct.pack("!QIH", self.data[end], place, length or 1)
        return bytes((30, 26, 0x20, 0x1F if fin else 0x0F)) + ack + mapping

    def download(self):
        """Data from the server for ever, an acknowledgement every other segment."""
        for burst in itertools.count():
            subflow = self.subflows[burst % 2]
            for segment in range(10):
                options = self.dss(SERVER, subflow, SEGMENT)
                self.data[SERVER] += SEGMENT
                yield subflow.send(SERVER, ACK, options, SEGMENT)
                if segment % 2:
                    yield subflow.send(CLIENT, ACK, self.dss(CLIENT, subflow))

    def close(self):
        """DATA_FIN from both ends, then FINs on both subflows."""
        first = self.subflows[0]
        for end in (CLIENT, SERVER):
            options = self.dss(end, first, fin=True)
            self.data[end] += 1
            yield first.send(end, ACK, options)
            yield first.send(1 - end, ACK, self.dss(1 - end, first))
        for subflow in self.subflows:
            yield subflow.send(CLIENT, ACK | FIN)
            yield subflow.send(SERVER, ACK | FIN)
            yield subflow.send(CLIENT, ACK)


def plain(number, rng):
    """A TCP connection of 1,400 segments."""
    flow = Subflow(bytes((1, 1)), 10000 + number % 50000, rng)
    yield flow.send(CLIENT, SYN, bytes((2, 4, 5, 0xB4)))
    yield flow.send(SERVER, SYN | ACK, bytes((2, 4, 5, 0xB4)))
    yield flow.send(CLIENT, ACK)
    for segment in range(1400):
        yield flow.send(SERVER, ACK, b"", SEGMENT)
        if segment % 2:
            yield flow.send(CLIENT, ACK)
    yield flow.send(SERVER, ACK | FIN)
    yield flow.send(CLIENT, ACK | FIN)
    yield flow.send(SERVER, ACK)


def long(count, rng):
    """The first `count` packets of a download."""
    connection = Connection(0, rng)
    return itertools.islice(itertools.chain(connection.handshake(), connection.download()), count)


def short(count, rng):
    """`count` connections of some 35 packets, 40 of them at a time."""

    def one(number):
        connection = Connection(number, rng)
        yield from connection.handshake()
        yield from itertools.islice(connection.download(), 8)
        yield from connection.close()

    for group in range(0, count, 40):
        numbers = range(group, min(group + 40, count))
        for packets in itertools.zip_longest(*(one(number) for number in numbers)):
            yield from filter(None, packets)


def mixed(count, rng):
    """`count` packets: of ten one MPTCP, eight plain TCP, one UDP."""
    connection = Connection(0, rng)
    flows = [itertools.chain(connection.handshake(), connection.download())]
    for lane in range(8):
        flows.append(itertools.chain.from_iterable(
            plain(number, rng) for number in itertools.count(lane + 1, 8)))
    flows.append(itertools.repeat(datagram(1200)))
    turns = itertools.cycle(flows)
    return (next(next(turns)) for _ in range(count))


def write(kind, count, path):
    """Writes a capture of this kind, a packet every 10 microseconds; the same one every time."""
    packets = {"long": long, "short": short, "mixed": mixed}[kind](count, random.Random(kind))
    with open(path, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAP, 1))
        time = 1_700_000_000_000_000  # microseconds since the epoch
        for data, length in packets:
            time += 10
            file.write(RECORD.pack(time // 1_000_000, time % 1_000_000, len(data), length) + data)
