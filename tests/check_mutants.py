#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures with one fault each, for check.bats.

    check_mutants.py --list           the names, one per line: the finding, then what differs
    check_mutants.py NAME FILE        writes the capture
    check_mutants.py clean FILE       the same conversation without a fault
    check_mutants.py --way            the names of changes on the way
    check_mutants.py --way NAME FILE  the conversation without a fault as it arrives at the server
                                      after that change

The conversation has two subflows, an announced address, data in both directions and an orderly
end, as Linux does it, captured at the client; version 1 unless a mutant says otherwise.
"""
import hashlib
import hmac
import struct
import sys

KEY = {"c": 0x1111222233334444, "s": 0x5555666677778888}
NONCE = {"c": 0x0A0B0C0D, "s": 0x1A1B1C1D}
ADDRESS = {(0, "c"): "192.0.2.1", (0, "s"): "198.51.100.1", (1, "c"): "192.0.2.129",
           (1, "s"): "198.51.100.129"}
PORT = {"c": 40000, "s": 5201}
ISN = {(0, "c"): 1000, (0, "s"): 2000, (1, "c"): 3000, (1, "s"): 4000}
SYN, ACK, FIN, RST, PSH = 2, 16, 1, 4, 8
MS = 0.001


def digest(key):
    return hashlib.sha256(struct.pack("!Q", key)).digest()


def token(who):
    return struct.unpack("!I", digest(KEY[who])[:4])[0]


def idsn(who):
    return struct.unpack("!Q", digest(KEY[who])[-8:])[0]


def mac(own, peer, message):
    keys = struct.pack("!QQ", KEY[own], KEY[peer])
    return hmac.new(keys, message, hashlib.sha256).digest()


def ones(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def option(subtype, rest, low=0, tail=b""):
    body = struct.pack("!BB", subtype << 4 | low, rest) + tail
    return struct.pack("!BB", 30, len(body) + 2) + body


def capable(flags, *numbers, version=1, length=None, checksum=None):
    tail = b"".join(struct.pack("!Q", number) for number in numbers)
    if length is not None:
        tail += struct.pack("!H", length)
    if checksum is not None:
        tail += struct.pack("!H", checksum)
    return option(0, flags, version, tail)


class Packet:
    """A segment; numbers are relative."""

    def __init__(self, time, sub, who, flags, seq, ack, options=(), payload=b""):
        self.time, self.sub, self.who, self.flags = time, sub, who, flags
        self.seq, self.ack, self.options, self.payload = seq, ack, list(options), payload
        self.tsval = 1000 + int(time * 1000)
        self.window, self.mss = 65000, 1460
        self.port = dict(PORT)

    def bytes(self):
        peer = "s" if self.who == "c" else "c"
        options = struct.pack("!BBBBII", 1, 1, 8, 10, self.tsval & 0xFFFFFFFF,
                              0 if self.flags == SYN else 1)
        if self.flags & SYN:
            options = b"\x02\x04" + struct.pack("!H", self.mss) + options
        options += b"".join(self.options)
        options += b"\1" * (-len(options) % 4)
        assert len(options) <= 40, (self.options, len(options))
        port = [self.port[self.who] + (self.who == "c") * self.sub,
                self.port[peer] + (peer == "c") * self.sub]
        header = struct.pack(
            "!HHIIBBHHH", *port, (ISN[self.sub, self.who] + self.seq) & 0xFFFFFFFF,
            (ISN[self.sub, peer] + self.ack) & 0xFFFFFFFF if self.flags & ACK else 0,
            (20 + len(options)) // 4 << 4, self.flags, self.window, 0, 0)
        ends = [bytes(map(int, ADDRESS[self.sub, end].split("."))) for end in (self.who, peer)]
        segment = header + options + self.payload
        pseudo = b"".join(ends) + struct.pack("!BBH", 0, 6, len(segment))
        checksum = 0xFFFF - ones(pseudo + segment)
        segment = segment[:16] + struct.pack("!H", checksum) + segment[18:]
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 0, 0x4000, 64, 6, 0)
        ip += b"".join(ends)
        ip = ip[:10] + struct.pack("!H", 0xFFFF - ones(ip)) + ip[12:]
        return ip + segment


class Talk:
    """The conversation, packet by packet; mutants change it."""

    def __init__(self, checksums=False, backup=False, c_flag=False, busy=1):
        self.packets, self.now = [], 0.0
        self.checksums = checksums
        self.flags = 0x81 if checksums else 0x01
        self.seq = {}
        self.dsn = {"c": 1, "s": 1}
        self.handshake(c_flag)
        self.announce()
        self.join(backup)
        for _ in range(busy):
            self.transfer()
        self.end()

    def add(self, after, sub, who, flags, *options, payload=b""):
        self.now += after
        peer = "s" if who == "c" else "c"
        seq = self.seq.setdefault((sub, who), 0)
        packet = Packet(self.now, sub, who, flags, seq, self.seq.get((sub, peer), 0), options,
                        payload)
        self.seq[sub, who] += len(payload) + bool(flags & SYN) + bool(flags & FIN)
        self.packets.append(packet)
        return packet

    def dss(self, who, ack=True, mapping=None, fin=False, ack64=True, dsn64=True):
        """mapping: (dsn, ssn, payload), relative."""
        peer = "s" if who == "c" else "c"
        flags, tail = 0, b""
        if ack:
            flags |= 3 if ack64 else 1
            number = idsn(peer) + self.dsn[peer]
            tail += struct.pack("!Q", number & (1 << 64) - 1)[0 if ack64 else 4:]
        if mapping:
            dsn, ssn, payload = mapping
            flags |= (0x0C if dsn64 else 4) | (0x10 if fin else 0)
            number = idsn(who) + dsn & (1 << 64) - 1
            length = len(payload) + fin
            tail += struct.pack("!Q", number)[0 if dsn64 else 4:] + struct.pack("!IH", ssn, length)
            if self.checksums:
                pseudo = struct.pack("!QIHH", number, ssn, length, 0)
                tail += struct.pack("!H", 0xFFFF - ones(pseudo + payload))
        return option(2, flags, 0, tail)

    def data(self, after, sub, who, size):
        payload = bytes((self.dsn[who] + i) % 251 for i in range(size))
        mapping = (self.dsn[who], self.seq[sub, who], payload)
        packet = self.add(after, sub, who, ACK | PSH, self.dss(who, mapping=mapping),
                          payload=payload)
        self.dsn[who] += size
        return packet

    def ack(self, after, sub, who):
        return self.add(after, sub, who, ACK, self.dss(who))

    def handshake(self, c_flag):
        flags = self.flags | (0x20 if c_flag else 0)
        self.syn = self.add(0, 0, "c", SYN, capable(self.flags))
        self.synack = self.add(20 * MS, 0, "s", SYN | ACK, capable(flags, KEY["s"]))
        self.third = self.add(MS / 10, 0, "c", ACK, capable(self.flags, KEY["c"], KEY["s"]))
        payload = bytes(100)
        number = idsn("c") + 1 & (1 << 64) - 1
        checksum = None
        if self.checksums:
            checksum = 0xFFFF - ones(struct.pack("!QIHH", number, 1, 100, 0) + payload)
        self.first = self.add(MS / 10, 0, "c", ACK | PSH,
                              capable(self.flags, KEY["c"], KEY["s"], length=100,
                                      checksum=checksum), payload=payload)
        self.dsn["c"] = 101
        self.confirmed = self.ack(20 * MS, 0, "s")

    def add_addr(self, who, address_id, address, port=None):
        peer = "s" if who == "c" else "c"
        place = bytes(map(int, address.split(".")))
        tail = struct.pack("!H", port) if port else b""
        message = bytes([address_id]) + place + (tail or b"\0\0")
        return option(3, address_id, 0, place + tail + mac(who, peer, message)[-8:])

    def echo(self, address_id, address):
        return option(3, address_id, 1, bytes(map(int, address.split("."))))

    def announce(self):
        self.added = self.add(MS, 0, "s", ACK, self.add_addr("s", 1, ADDRESS[1, "s"]))
        self.echoed = self.add(MS / 10, 0, "c", ACK, self.echo(1, ADDRESS[1, "s"]))

    def join(self, backup):
        nonces = struct.pack("!II", NONCE["c"], NONCE["s"])
        swapped = nonces[4:] + nonces[:4]
        self.join_syn = self.add(MS, 1, "c", SYN, option(
            1, 2, int(backup), struct.pack("!II", token("s"), NONCE["c"])))
        self.join_synack = self.add(20 * MS, 1, "s", SYN | ACK, option(
            1, 1, 0, mac("s", "c", swapped)[:8] + nonces[4:]))
        self.join_ack = self.add(MS / 10, 1, "c", ACK, option(
            1, 0, 0, mac("c", "s", nonces)[:20]))
        self.fourth = self.ack(20 * MS, 1, "s")

    def transfer(self):
        self.down = [self.data(MS, 0, "s", 1000), self.data(MS, 1, "s", 1000),
                     self.data(MS, 0, "s", 1000)]
        self.down_acks = [self.ack(MS / 10, 0, "c"), self.ack(MS / 10, 1, "c")]
        self.up = [self.data(MS, 0, "c", 200), self.data(MS, 0, "c", 300)]
        self.up_acks = [self.ack(20 * MS, 0, "s")]

    def fin(self, after, sub, who):
        packet = self.add(after, sub, who, ACK, self.dss(who, mapping=(self.dsn[who], 0, b""),
                                                         fin=True))
        packet.options = [self.dss(who, mapping=(self.dsn[who], 0, b""), fin=True)]
        return packet

    def end(self):
        self.fins = [self.fin(MS, 0, "c"), self.fin(MS / 10, 1, "c")]
        self.dsn["c"] += 1
        self.fin_acks = [self.fin(20 * MS, 0, "s"), self.fin(MS / 10, 1, "s")]
        self.dsn["s"] += 1
        self.last = [self.ack(MS / 10, 0, "c"), self.ack(MS / 10, 1, "c")]
        self.tcp_fins = [self.add(MS, sub, "c", ACK | FIN, self.dss("c")) for sub in (0, 1)]
        self.tcp_fins += [self.add(20 * MS, sub, "s", ACK | FIN, self.dss("s")) for sub in (0, 1)]
        self.tail = [self.add(MS / 10, sub, "c", ACK, self.dss("c")) for sub in (0, 1)]

    def insert(self, after, packet, delay=MS / 20):
        packet.time = after.time + delay
        packet.tsval = 1000 + int(packet.time * 1000)
        self.packets.insert(self.packets.index(after) + 1, packet)
        return packet

    def copy(self, packet, **changes):
        made = Packet(packet.time, packet.sub, packet.who, packet.flags, packet.seq, packet.ack,
                      packet.options, packet.payload)
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    def drop(self, *packets):
        self.packets = [packet for packet in self.packets if packet not in packets]

    def write(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 228))
            for packet in self.packets:
                data = packet.bytes()
                micro = round((1700000000 + packet.time) * 1e6)
                file.write(struct.pack("<IIII", micro // 1000000, micro % 1000000, len(data),
                                       len(data)))
                file.write(data)


MUTANTS = {}


def mutant(name, **how):
    def register(function):
        MUTANTS[name] = (how, function)
        return function
    return register


def patch(packet, offset, *values):
    """Changes bytes of the packet's first MPTCP option."""
    data = bytearray(packet.options[0])
    for i, value in enumerate(values):
        data[offset + i] = value
    packet.options[0] = bytes(data)


def flip(packet, offset, bits=0xFF):
    patch(packet, offset, packet.options[0][offset] ^ bits)


# One byte of the first MPTCP option of a packet is another one.
for _name, _packet, _offset, _value, _change in (
    ("mpc-version-mismatch higher", "synack", 2, 2, patch),
    ("mpc-ext-bit syn", "syn", 3, 0x40, flip),
    ("mpc-no-crypto third", "third", 3, 0, patch),
    ("mpc-crypto-unknown syn", "syn", 3, 0x02, flip),
    ("mpc-crypto-choice synack", "synack", 3, 0x02, flip),
    ("mpc-sender-key-changed data", "first", 5, 0xFF, flip),
    ("mpc-csum-bit third", "third", 3, 0x80, flip),
    ("join-not-reset,join-hmac-ack goes-on", "join_ack", 4, 0xFF, flip),
    ("join-id0-other-address syn", "join_syn", 3, 0, patch),
    ("addaddr-hmac wrong", "added", 8, 0xFF, flip),
    ("addaddr-echo-differs address", "echoed", 7, 1, flip),
    ("reserved-bits join", "join_syn", 2, 0x04, flip)):
    mutant(_name)(lambda talk, packet=_packet, offset=_offset, value=_value, change=_change:
                  change(getattr(talk, packet), offset, value))


# Handshake

@mutant("mpc-length syn")
def _(talk):
    talk.syn.options = [capable(1, KEY["c"])]


@mutant("mpc-key-zero synack")
def _(talk):
    KEY["s"] = 0
    talk.__init__()


@mutant("mpc-echo-mismatch both")
def _(talk):
    flip(talk.third, 13)
    flip(talk.first, 13)


@mutant("mpc-data-length copy")
def _(talk):
    copy = talk.insert(talk.first, talk.copy(talk.first))
    patch(copy, 21, 90)


@mutant("mpc-with-other third")
def _(talk):
    talk.third.options = [talk.third.options[0], option(5, 0, 0)[:3]]
    talk.third.options[1] = b"\x1e\x03\x50"


@mutant("mpc-after-established late")
def _(talk):
    talk.ack(0, 0, "c")
    late = talk.packets.pop()
    late.options = talk.third.options
    late.seq, late.ack = talk.down_acks[0].seq, talk.down_acks[0].ack
    talk.insert(talk.down_acks[0], late)


def plain(talk):
    """What follows is regular TCP on the first subflow."""
    talk.packets = [packet for packet in talk.packets
                    if packet.sub == 0 and packet not in (talk.added, talk.echoed)]
    for packet in talk.packets:
        if packet not in (talk.syn, talk.synack, talk.third):
            packet.options = []


@mutant("mpc-synack-missing plain")
def _(talk):
    plain(talk)
    talk.synack.options = talk.third.options = []


@mutant("mpc-ack-missing plain")
def _(talk):
    plain(talk)
    talk.third.options = []


@mutant("mpc-mirrored plain")
def _(talk):
    plain(talk)
    talk.synack.options = talk.syn.options
    talk.third.options = []


@mutant("mpc-syn-dropped plain")
def _(talk):
    plain(talk)
    talk.synack.options = talk.third.options = []
    for packet in talk.packets[1:]:
        packet.time += 7
    again = talk.insert(talk.syn, talk.copy(talk.syn), 1)
    talk.insert(again, talk.copy(talk.syn, options=[]), 2)


@mutant("mpc-synack-unasked syn")
def _(talk):
    talk.syn.options = []


# Keys

@mutant("idsn-mismatch server")
def _(talk):
    for packet in talk.packets:
        if packet.options and packet.options[0][2] == 0x20:
            flags = packet.options[0][3]
            at = 4
            if packet.who == "c" and flags & 1:
                shift(packet, at, 7)
            if flags & 4 and packet.who == "s":
                shift(packet, at + (8 if flags & 1 else 0), 7)


def shift(packet, at, by, size=8):
    data = packet.options[0]
    number = int.from_bytes(data[at:at + size], "big") + by
    patch(packet, at, *(number & (1 << 8 * size) - 1).to_bytes(size, "big"))


# Joins

@mutant("join-hmac-synack failed")
def _(talk):
    flip(talk.join_synack, 4)
    reset_join(talk, "c")


@mutant("join-hmac-ack failed")
def _(talk):
    flip(talk.join_ack, 4)
    reset_join(talk, "s")


def reset_join(talk, who):
    """The subflow is reset by that host, and only the first one is used."""
    last = talk.join_synack if who == "c" else talk.join_ack
    talk.packets = [packet for packet in talk.packets if packet.sub == 0 or
                    packet.time <= last.time]
    move_data(talk)
    talk.insert(last, talk.copy(last, who=who, flags=RST | ACK, seq=1, ack=1, options=[],
                                payload=b""))


def move_data(talk):
    """Takes the data of the second subflow out of the numbers of the first one."""
    for packet in talk.packets:
        if not packet.options or packet.options[0][2] != 0x20 or packet.time < talk.down[0].time:
            continue
        flags = packet.options[0][3]
        if packet.who == "s" and flags & 4 and packet is not talk.down[0]:
            shift(packet, 4 + 8 * (flags & 1), -1000)
        if packet.who == "c" and flags & 1 and packet.time >= talk.down_acks[0].time:
            shift(packet, 4, -1000)


@mutant("join-synack-missing reset")
def _(talk):
    talk.join_synack.options = []
    reset_join(talk, "c")


@mutant("join-ack-missing reset")
def _(talk):
    talk.join_ack.options = []
    reset_join(talk, "s")


@mutant("join-refused reason")
def _(talk):
    reset_join(talk, "s")
    talk.drop(talk.join_synack, talk.join_ack)
    for packet in talk.packets:
        if packet.flags & RST:
            packet.options = [option(8, 3, 0)]
            packet.seq = 0


@mutant("join-no-fourth-ack repeated")
def _(talk):
    reset_join(talk, "s")
    talk.drop(*[packet for packet in talk.packets if packet.flags & RST])
    for wait in (1, 2, 3):
        talk.insert(talk.packets[-1], talk.copy(talk.join_ack), wait)


@mutant("join-data-early first")
def _(talk):
    early = talk.copy(talk.up[0], sub=1, seq=1, ack=1)
    early.options = [option(2, 0x0F, 0, struct.pack(
        "!QQIH", idsn("s") + 1 & (1 << 64) - 1, idsn("c") + 101 & (1 << 64) - 1, 1, 200))]
    talk.insert(talk.join_ack, early)
    for packet in talk.packets:
        if packet.sub == 1 and packet.time > early.time:
            if packet.who == "c":
                packet.seq += 200
            else:
                packet.ack += 200


@mutant("join-to-c-flag same", c_flag=True)
def _(talk):
    ADDRESS[1, "s"] = ADDRESS[0, "s"]
    talk.drop(talk.added, talk.echoed)


@mutant("join-same-path both")
def _(talk):
    ADDRESS[1, "c"], ADDRESS[1, "s"] = ADDRESS[0, "c"], ADDRESS[0, "s"]
    talk.drop(talk.added, talk.echoed)


@mutant("join-before-dss early")
def _(talk):
    talk.drop(talk.added, talk.echoed, talk.confirmed)


@mutant("join-token-unknown reset")
def _(talk):
    flip(talk.join_syn, 4)
    ADDRESS[1, "s"] = ADDRESS[0, "s"]
    talk.drop(talk.added, talk.echoed)
    talk.packets = [packet for packet in talk.packets if packet.sub == 0 or
                    packet is talk.join_syn]
    move_data(talk)
    talk.insert(talk.join_syn, talk.copy(talk.join_syn, who="s", flags=RST | ACK, seq=0, ack=1,
                                         options=[]))


# Addresses

@mutant("addaddr-hmac-left-half left")
def _(talk):
    place = talk.added.options[0][4:8]
    patch(talk.added, 8, *mac("s", "c", bytes([1]) + place + b"\0\0")[:8])


@mutant("addaddr-no-echo dropped", busy=60)
def _(talk):
    talk.drop(talk.echoed)


@mutant("addaddr-echo-unasked other")
def _(talk):
    talk.insert(talk.echoed, talk.copy(talk.echoed, options=[talk.echo(9, "203.0.113.9")]))


@mutant("addaddr-id-reused address")
def _(talk):
    again = talk.copy(talk.added, options=[talk.add_addr("s", 1, "203.0.113.9")])
    talk.insert(talk.echoed, again)
    talk.insert(again, talk.copy(talk.echoed, options=[talk.echo(1, "203.0.113.9")]))


@mutant("addaddr-id0-other-address zero")
def _(talk):
    again = talk.copy(talk.added, options=[talk.add_addr("s", 0, "203.0.113.9")])
    talk.insert(talk.echoed, again)
    talk.insert(again, talk.copy(talk.echoed, options=[talk.echo(0, "203.0.113.9")]))


@mutant("addaddr-resent twice")
def _(talk):
    talk.insert(talk.added, talk.copy(talk.added))


@mutant("addaddr-unused other")
def _(talk):
    again = talk.copy(talk.added, options=[talk.add_addr("s", 7, "203.0.113.9")])
    talk.insert(talk.echoed, again)
    talk.insert(again, talk.copy(talk.echoed, options=[talk.echo(7, "203.0.113.9")]))


@mutant("addaddr-private ten")
def _(talk):
    again = talk.copy(talk.added, options=[talk.add_addr("s", 7, "10.1.2.3")])
    talk.insert(talk.echoed, again)
    talk.insert(again, talk.copy(talk.echoed, options=[talk.echo(7, "10.1.2.3")]))


@mutant("rmaddr-unknown nine")
def _(talk):
    talk.insert(talk.up_acks[0], talk.copy(talk.up_acks[0], options=[option(4, 9)]))


@mutant("rmaddr-still-used goes-on", busy=60)
def _(talk):
    removal = [packet for packet in talk.packets if packet.who == "s"
               and packet.sub == 0 and packet.time > talk.fourth.time][0]
    talk.insert(removal, talk.copy(removal, options=[option(4, 1)], seq=removal.seq + 1000,
                                   payload=b""))
    for packet in talk.packets:
        packet.window = 2000


# Mappings

@mutant("map-missing bare")
def _(talk):
    talk.up[0].options = [option(2, 0x03, 0, talk.up[0].options[0][4:12])]


@mutant("map-not-every-segment long")
def _(talk):
    patch(talk.first, 21, 200)
    talk.first.options[0] = talk.first.options[0][:20] + struct.pack("!H", 200)
    talk.first.payload = bytes(100)
    second = talk.copy(talk.first, seq=101, options=[option(
        2, 0x03, 0, struct.pack("!Q", idsn("s") + 1 & (1 << 64) - 1))])
    talk.insert(talk.first, second)
    for packet in talk.packets:
        if packet.time <= second.time:
            continue
        if packet.sub == 0 and packet.who == "c":
            packet.seq += 100
        if packet.sub == 0 and packet.who == "s":
            packet.ack += 100
        if not packet.options or packet.options[0][2] != 0x20:
            continue
        flags = packet.options[0][3]
        if packet.who == "s" and flags & 1:
            shift(packet, 4, 100)
        if packet.who == "c" and flags & 4:
            shift(packet, 12, 100)
            if packet.payload:
                shift(packet, 20, 100, 4)


@mutant("map-conflict retransmitted")
def _(talk):
    again = talk.insert(talk.up[1], talk.copy(talk.up[1]))
    shift(again, 12, 5)


@mutant("map-overlap later")
def _(talk):
    again = talk.insert(talk.up[1], talk.copy(talk.up[1]))
    shift(again, 20, 5, 4)


@mutant("map-submap inside")
def _(talk):
    again = talk.insert(talk.up[1], talk.copy(talk.up[1]))
    shift(again, 12, 10)
    shift(again, 20, 10, 4)
    shift(again, 24, -20, 2)


@mutant("map-length-changed shorter")
def _(talk):
    again = talk.insert(talk.up[1], talk.copy(talk.up[1]))
    shift(again, 24, -20, 2)


@mutant("map-not-at-ssn before")
def _(talk):
    again = talk.copy(talk.up[1], seq=talk.up[0].seq, payload=talk.up[0].payload)
    talk.insert(talk.up[1], again)


@mutant("map-beyond-window far")
def _(talk):
    for packet in talk.packets:
        packet.window = 1500


@mutant("csum-wrong data", checksums=True)
def _(talk):
    talk.down[2].payload = b"?" + talk.down[2].payload[1:]


@mutant("csum-wrong first", checksums=True)
def _(talk):
    flip(talk.first, 23)


@mutant("map-overlap-data reinjected")
def _(talk):
    again = talk.copy(talk.down[0], seq=talk.down[0].seq)
    again.payload = b"?" + again.payload[1:]
    talk.insert(talk.down[0], again)


@mutant("csum-missing one", checksums=True)
def _(talk):
    data = talk.up[1].options[0]
    talk.up[1].options = [bytes([30, len(data) - 2]) + data[2:-2]]


@mutant("csum-unasked,csum-wrong one")
def _(talk):
    data = talk.up[1].options[0]
    talk.up[1].options = [bytes([30, len(data) + 2]) + data[2:] + b"\1\2"]


@mutant("datafin-seq-changed second")
def _(talk):
    shift(talk.fins[1], 12, 1)


@mutant("datafin-data-after late")
def _(talk):
    late = talk.copy(talk.up[1], seq=talk.fins[0].seq, ack=talk.fins[0].ack)
    late.options = [option(2, 0x0F, 0, talk.up[1].options[0][4:12] + struct.pack(
        "!QIH", idsn("c") + 700 & (1 << 64) - 1, late.seq, 300))]
    talk.insert(talk.fins[1], late)
    for packet in talk.packets:
        if packet.time > late.time and packet.sub == 0:
            if packet.who == "c":
                packet.seq += 300
            else:
                packet.ack += 300


@mutant("datafin-placement ssn")
def _(talk):
    shift(talk.fins[0], 20, 700, 4)


@mutant("datafin-unacked four")
def _(talk):
    before = idsn("c") + 601 & (1 << 64) - 1
    for packet in talk.packets:
        if packet.who == "s" and packet.time > talk.fins[0].time and packet.options:
            patch(packet, 4, *struct.pack("!Q", before))
    for _ in range(3):
        talk.insert(talk.fins[1], talk.copy(talk.fins[1]))


@mutant("fin-before-datafin none")
def _(talk):
    talk.drop(*talk.fins, *talk.fin_acks, *talk.last)
    for packet in talk.packets:
        if packet in talk.tcp_fins + talk.tail:
            shift(packet, 4, -1)


# Acknowledgements

@mutant("dack-beyond-sent once")
def _(talk):
    shift(talk.down_acks[0], 4, 100000)


@mutant("dack-back-subflow once")
def _(talk):
    shift(talk.last[0], 4, -1500)
    for packet in talk.packets:
        packet.tsval = 1000 + int(packet.time * 100000)


@mutant("dack-32-bit once")
def _(talk):
    number = talk.down_acks[0].options[0][8:12]
    talk.down_acks[0].options = [option(2, 0x01, 0, number)]


# Keys

@mutant("key-reused open")
def _(talk):
    """Another connection of the client begins while the first one is open."""
    KEY["s"] ^= 0xFFFF
    for who in "cs":
        ISN[2, who], ADDRESS[2, who] = ISN[0, who] + 4000, ADDRESS[0, who]
    other = object.__new__(Talk)
    other.packets, other.now, other.seq = [], talk.down[0].time, {}
    other.checksums, other.flags, other.dsn = False, 0x01, {"c": 1, "s": 1}
    other.handshake(False)
    other.data(MS, 0, "s", 1000)
    other.ack(MS / 10, 0, "c")
    for packet in other.packets:
        packet.sub = 2
    talk.packets = sorted(talk.packets + other.packets, key=lambda packet: packet.time)


# Fallback, failure and end

@mutant("connect-refused reset")
def _(talk):
    talk.packets = [talk.syn, talk.copy(talk.synack, flags=RST | ACK, options=[], seq=0)]


@mutant("opt-vanished both")
def _(talk):
    for packet in talk.packets:
        if packet.time >= talk.down[0].time and packet.sub == 0:
            packet.options = []


@mutant("mbox-strip-oneway up", busy=4)
def _(talk):
    start = talk.packets.index(talk.down[0]) - 18
    for packet in talk.packets[start:]:
        if packet.sub == 0 and packet.who == "s":
            packet.options = []


@mutant("tcprst-outside-rst ack")
def _(talk):
    talk.up_acks[0].options.append(option(8, 1))


@mutant("tcprst-reserved rst")
def _(talk):
    end_by_reset(talk, option(8, 1, 0x0A))


def end_by_reset(talk, *options):
    rst = talk.copy(talk.tail[0], flags=RST | ACK, options=options)
    talk.drop(*talk.tcp_fins, *talk.tail)
    rst.seq, rst.ack = talk.last[0].seq, talk.last[0].ack
    talk.insert(talk.last[1], rst)


@mutant("tcprst-reason-unknown nine")
def _(talk):
    end_by_reset(talk, option(8, 9))


@mutant("tcprst-reason three")
def _(talk):
    end_by_reset(talk, option(8, 3))


@mutant("fastclose-key wrong")
def _(talk):
    end_by_reset(talk, option(7, 0, 0, struct.pack("!Q", 12345)))


@mutant("fastclose-ignored goes-on", busy=60)
def _(talk):
    early = [packet for packet in talk.packets if packet.who == "s"
             and packet.sub == 0 and packet.payload][3]
    fast = talk.copy(early, options=[option(7, 0, 0, struct.pack("!Q", KEY["c"]))],
                     seq=early.seq + len(early.payload), payload=b"")
    talk.insert(early, fast)


@mutant("prio-id version0")
def _(talk):
    talk.up_acks[0].options.append(option(5, 1, 1))


@mutant("backup-carries goes-on", backup=True, busy=60)
def _(talk):
    for packet in talk.packets:
        packet.window = 2000


@mutant("subtype-unknown ten")
def _(talk):
    talk.up_acks[0].options.append(option(10, 1))


@mutant("option-malformed prio")
def _(talk):
    talk.up_acks[0].options.append(b"\x1e\x05\x50\0\0")


@mutant("reserved-bits dss")
def _(talk):
    flip(talk.up_acks[0], 3, 0x80)


@mutant("mpfail-dsn nowhere")
def _(talk):
    rst = [option(6, 0, 0, struct.pack("!Q", idsn("s") + 77 & (1 << 64) - 1))]
    end_by_reset(talk, *rst)


@mutant("map-infinite-multi two")
def _(talk):
    last = talk.copy(talk.up[1], seq=talk.fins[0].seq, payload=b"x" * 50)
    last.options = [option(2, 0x0F, 0, talk.up[1].options[0][4:12] + struct.pack(
        "!QIH", idsn("c") + 601 & (1 << 64) - 1, last.seq, 0))]
    talk.packets = [packet for packet in talk.packets if packet.time < talk.fins[0].time]
    talk.insert(talk.packets[-1], last)


@mutant("opt-skipped few", busy=6)
def _(talk):
    for packet in [packet for packet in talk.packets if packet.who == "c" and packet.sub == 0
                   and not packet.payload][9:12]:
        packet.options = []


def fail_option(talk):
    return option(6, 0, 0, struct.pack("!Q", idsn("c") + 101 & (1 << 64) - 1))


def one_subflow(talk):
    talk.packets = [packet for packet in talk.packets if packet.sub == 0]
    talk.drop(talk.added, talk.echoed)
    move_data(talk)


@mutant("mpfail-alone alone")
def _(talk):
    one_subflow(talk)
    talk.up_acks[0].options.append(fail_option(talk))
    for packet in talk.packets[talk.packets.index(talk.up_acks[0]) + 1:]:
        packet.time += 3


@mutant("fallback mp_fail")
def _(talk):
    one_subflow(talk)
    talk.up_acks[0].options.append(fail_option(talk))
    at = talk.packets.index(talk.up_acks[0])
    answer = option(6, 0, 0, struct.pack("!Q", idsn("s") + 1 & (1 << 64) - 1))
    talk.packets[at + 1].options = [answer]
    for packet in talk.packets[at + 2:]:
        packet.options = []
        if packet.flags & ACK and not packet.flags & FIN and packet.who == "c":
            packet.payload = b"x" * 10


@mutant("opt-after-infinite,fallback mapping")
def _(talk):
    one_subflow(talk)
    patch(talk.up[0], 24, 0, 0)


@mutant("opt-after-infinite,fallback receiver")
def _(talk):
    one_subflow(talk)
    patch(talk.up[0], 24, 0, 0)
    for packet in talk.packets[talk.packets.index(talk.up[0]) + 1:]:
        if packet.who == "c":
            packet.options = []
        elif packet is not talk.up_acks[0]:
            packet.options = [option(2, 0x03, 0, talk.up_acks[0].options[0][4:12])]


@mutant("fallback-multi,opt-vanished two", busy=3)
def _(talk):
    ack = [packet for packet in talk.packets if packet.who == "c" and packet.sub == 1
           and not packet.payload and packet.time > talk.fourth.time][0]
    for packet in talk.packets[talk.packets.index(ack) - 1:]:
        packet.options = []


@mutant("dack-missing never")
def _(talk):
    one_subflow(talk)
    for packet in talk.packets[talk.packets.index(talk.up_acks[0]):]:
        packet.time += 3
    for packet in talk.packets:
        if packet.who != "s" or not packet.options or packet.options[0][2] != 0x20:
            continue
        data = packet.options[0]
        # MP_PRIO, so that there is an option
        packet.options = [option(2, data[3] & ~3, 0, data[12:])] if data[3] & 4 \
            else [b"\x1e\x03\x50"]


@mutant("dack-missing later")
def _(talk):
    one_subflow(talk)
    talk.packets = [packet for packet in talk.packets if packet.time < talk.fins[0].time]
    at = talk.packets.index(talk.up_acks[0])
    for wait in (0.9, 1.8):
        talk.insert(talk.packets[-1], talk.copy(talk.up_acks[0]), wait)
    for packet in talk.packets[at:]:
        shift(packet, 4, -500)


@mutant("join-nonce-repeated again")
def _(talk):
    again = talk.copy(talk.join_syn)
    again.port = {"c": PORT["c"] + 100, "s": PORT["s"]}
    talk.insert(talk.up_acks[0], again)


# Hygiene

@mutant("hyg-midstream no-handshake")
def _(talk):
    talk.drop(talk.syn, talk.synack, talk.third, talk.first)


@mutant("hyg-direction client")
def _(talk):
    talk.packets = [packet for packet in talk.packets if packet.who == "c"]


@mutant("hyg-interface joins-alone")
def _(talk):
    talk.packets = [packet for packet in talk.packets if packet.sub == 1]


@mutant("hyg-interface second")
def _(talk):
    talk.packets = [packet for packet in talk.packets if packet.sub == 0]


@mutant("hyg-drop one")
def _(talk):
    talk.drop(talk.up[0])


@mutant("hyg-time-back second")
def _(talk):
    talk.down[2].time -= 0.5


@mutant("hyg-clock-step hour", busy=60)
def _(talk):
    middle = len(talk.packets) * 2 // 3
    for i, packet in enumerate(talk.packets):
        packet.time *= 2
        packet.tsval = 1000 + int(packet.time * 1000)
        if i >= middle:
            packet.time += 3600


@mutant("hyg-super large")
def _(talk):
    talk.syn.window = 1
    for packet in (talk.down[2],):
        packet.payload += bytes(1000)
        shift(packet, 24, 1000, 2)


@mutant("hyg-end-open cut-off")
def _(talk):
    talk.packets = [packet for packet in talk.packets if packet.time < talk.fins[0].time]


# Changes on the way, as the server's capture has them.

WAY = {}


def way(function):
    WAY["mbox-" + function.__name__.replace("_", "-").removesuffix("-changed")] = function
    return function


@way
def strip(talk):
    talk.up[1].options = []


@way
def option_changed(talk):
    flip(talk.third, 3, 0x80)


@way
def nat(talk):
    for packet in talk.packets:
        packet.port["c"] = 50000


@way
def seq_shift(_talk):
    ISN[0, "c"] += 12345


@way
def mss(talk):
    talk.syn.mss = 1300


@way
def split(talk):
    rest = talk.insert(talk.up[1], talk.copy(talk.up[1]))
    talk.up[1].payload, rest.payload = rest.payload[:100], rest.payload[100:]
    rest.seq += 100
    rest.tsval = talk.up[1].tsval


@way
def coalesce(talk):
    talk.up[0].payload += talk.up[1].payload
    talk.drop(talk.up[1])


@way
def payload(talk):
    talk.up[0].payload = b"?" + talk.up[0].payload[1:]


def arrive(talk):
    """What the client's capture has becomes what that of the server has."""
    for packet in talk.packets:
        packet.time += 8 * MS if packet.who == "c" else -8 * MS
    talk.packets.sort(key=lambda packet: packet.time)


def main():
    name, path = sys.argv[-2:]
    if sys.argv[1:] in (["--list"], ["--way"]):
        print("\n".join(MUTANTS if sys.argv[1] == "--list" else WAY))
        return
    if sys.argv[1] == "--way":
        talk = Talk()
        WAY[name](talk)
        arrive(talk)
    else:
        how, change = ({}, lambda talk: None) if name == "clean" else MUTANTS[name]
        talk = Talk(**how)
        change(talk)
    talk.write(path)


if __name__ == "__main__":
    main()
