#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that an enemy would send, and what the tools spend on them.

    hostile.py make KIND N FILE       writes a capture of the kind, of size N
    hostile.py kinds                  prints the kinds
    hostile.py grow TOOL... KIND N    runs the tools of $BIN on captures of N and of 8N, and prints a
                                      line each: the processor time that is not tshark's of both,
                                      its growth at each of the three doublings on the average, and
                                      the peak memory at 8N

A tool is a command line without the capture: "lr", "series reinject". All but mptcp-export read
the cache, so that their own time is measured.
"""
import hashlib
import hmac
import os
import resource
import shlex
import struct
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
DOUBLINGS = 3  # of the size: what a busy machine adds to one run matters less than with one
GROWTH = 2.2  # of the time, each
LEAST = 0.01  # seconds: of less no growth can be told
TRIES = 5
TSHARK = 1000  # MB of address space that tshark needs by itself
CLIENT, SERVER = (1, 32000), (2, 443)
FIN, SYN, RST, ACK = 1, 2, 4, 16
CLIENT_KEY, SERVER_KEY = 0x1111222233334444, 0x5555666677778888


class Capture:
    """A pcap file of Ethernet frames, a packet each microsecond, or each `step` of them."""

    def __init__(self, path, step=1):
        self.step = step
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        self.now = 1_700_000_000_000_000

    def tcp(self, source, target, seq, ack, flags, options=b"", payload=b"", ip_id=0):
        """A segment between hosts (number, port)."""
        options += b"\x01" * (-len(options) % 4)
        tcp = struct.pack(">HHIIBBHHH", source[1], target[1], seq & 0xFFFFFFFF, ack & 0xFFFFFFFF,
                          (5 + len(options) // 4) << 4, flags, 65535, 0, 0) + options + payload
        ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(tcp), ip_id, 0, 64, 6, 0,
                         0x0A000000 + source[0], 0x0A000000 + target[0])
        frame = b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + ip + tcp
        self.now += self.step
        self.file.write(struct.pack("<IIII", self.now // 1_000_000, self.now % 1_000_000,
                                    len(frame), len(frame)) + frame)

    def close(self):
        self.file.close()


def dss(dsn=None, ssn=0, length=0, dack=None):
    """A DSS option of version 1 without a checksum; 8 bytes each of DSN and DATA_ACK."""
    flags = (0x0C if dsn is not None else 0) | (0x03 if dack is not None else 0)
    body = struct.pack(">BB", 0x20, flags)
    if dack is not None:
        body += struct.pack(">Q", dack & 0xFFFFFFFFFFFFFFFF)
    if dsn is not None:
        body += struct.pack(">QIH", dsn & 0xFFFFFFFFFFFFFFFF, ssn & 0xFFFFFFFF, length)
    return struct.pack(">BB", 30, 2 + len(body)) + body


def hash_of(key):
    return hashlib.sha256(struct.pack(">Q", key)).digest()


CLIENT_IDSN = int.from_bytes(hash_of(CLIENT_KEY)[-8:], "big")
SERVER_IDSN = int.from_bytes(hash_of(SERVER_KEY)[-8:], "big")


def capable(*keys):
    body = struct.pack(f">BB{len(keys)}Q", 0x01, 0x01, *keys)
    return struct.pack(">BB", 30, 2 + len(body)) + body


def connect(capture, client=CLIENT, server=SERVER):
    """The handshake of the first subflow; sequence numbers begin at 1000 and 5000."""
    capture.tcp(client, server, 1000, 0, SYN, capable())
    capture.tcp(server, client, 5000, 1001, SYN | ACK, capable(SERVER_KEY))
    capture.tcp(client, server, 1001, 5001, ACK, capable(CLIENT_KEY, SERVER_KEY))
    capture.tcp(server, client, 5001, 1001, ACK, dss(dack=CLIENT_IDSN + 1))


def join(capture, number, server=SERVER):
    """Another subflow, of the client's host `number`, with the HMACs of RFC 8684 section 3.2."""
    client = (1, 33000 + number)
    nonces = struct.pack(">I", 7 + number), struct.pack(">I", 9 + number)

    def digest(own, other, first, second):
        return hmac.new(struct.pack(">QQ", own, other), first + second, "sha256").digest()
    capture.tcp(client, server, 1000, 0, SYN, b"\x1e\x0c\x10" + bytes([number % 256]) +
                hash_of(SERVER_KEY)[:4] + nonces[0])
    capture.tcp(server, client, 5000, 1001, SYN | ACK, b"\x1e\x10\x10" + bytes([number % 256]) +
                digest(SERVER_KEY, CLIENT_KEY, nonces[1], nonces[0])[:8] + nonces[1])
    capture.tcp(client, server, 1001, 5001, ACK, b"\x1e\x18\x10\x00" +
                digest(CLIENT_KEY, SERVER_KEY, nonces[0], nonces[1])[:20])
    capture.tcp(server, client, 5001, 1001, ACK, dss(dack=CLIENT_IDSN + 1))
    return client


def connect_v0(capture):
    """The handshake of version 0; the client's key is with its SYN (RFC 6824 section 3.1)."""
    capture.tcp(CLIENT, SERVER, 1000, 0, SYN, struct.pack(">BBBBQ", 30, 12, 0, 1, CLIENT_KEY))
    capture.tcp(SERVER, CLIENT, 5000, 1001, SYN | ACK, struct.pack(">BBBBQ", 30, 12, 0, 1, SERVER_KEY))
    capture.tcp(CLIENT, SERVER, 1001, 5001, ACK, struct.pack(">BBBBQQ", 30, 20, 0, 1, CLIENT_KEY, SERVER_KEY))
    capture.tcp(SERVER, CLIENT, 5001, 1001, ACK, struct.pack(">BBBBI", 30, 8, 0x20, 1, 1))


def join_v0(capture, number):
    """Another subflow of version 0, whose HMACs are not looked at."""
    client = (1, 33000 + number)
    token = hashlib.sha1(struct.pack(">Q", SERVER_KEY)).digest()[:4]
    capture.tcp(client, SERVER, 1000, 0, SYN, b"\x1e\x0c\x10" + bytes([number % 256]) + token + bytes(4))
    capture.tcp(SERVER, client, 5000, 1001, SYN | ACK, b"\x1e\x10\x10" + bytes([number % 256]) + bytes(12))
    capture.tcp(client, SERVER, 1001, 5001, ACK, b"\x1e\x18\x10\0" + bytes(20))
    capture.tcp(SERVER, client, 5001, 1001, ACK, struct.pack(">BBBBI", 30, 8, 0x20, 1, 1))
    return client


def send(capture, client, seq, length, dsn, payload=None, server=SERVER):
    """Data of the client with a mapping of its own; seq and dsn count from 1."""
    capture.tcp(client, server, 1000 + seq, 5001, ACK, dss(CLIENT_IDSN + dsn, seq, length, SERVER_IDSN + 1),
                b"x" * (length if payload is None else payload))


def control(capture, n):
    """A plain transfer, acknowledged."""
    connect(capture)
    for i in range(n):
        send(capture, CLIENT, 1 + 100 * i, 100, 1 + 100 * i)
        capture.tcp(SERVER, CLIENT, 5001, 1001 + 100 * (i + 1), ACK, dss(dack=CLIENT_IDSN + 1 + 100 * (i + 1)))


def split(capture, n):
    """Mappings of a byte each, announced ahead, then payloads over all of them."""
    connect(capture)
    for i in range(n):
        send(capture, CLIENT, 1 + i, 1, 1 + 2 * i, payload=0)
    for i in range(n // 8):
        capture.tcp(CLIENT, SERVER, 1001 + i, 5001, ACK, b"", b"x" * min(60_000, n))


def mappings_over_all(capture, n):
    """Mappings of a byte each, then mappings over all of them."""
    connect(capture)
    for i in range(n):
        send(capture, CLIENT, 1 + i, 1, 1 + 2 * i, payload=0)
    for _ in range(n // 8):
        send(capture, CLIENT, 1, n, 1 + 3 * n, payload=0)


def overlapping_mappings(capture, n):
    """Mappings of 64 kB a byte after another, each with another DSN."""
    connect(capture)
    for i in range(n):
        send(capture, CLIENT, 1 + i, 65535, 1 + 70_000 * i, payload=1)


def reinject_all(capture, n):
    """Segments of a byte, all of them again on another subflow in large ones, again and again."""
    connect(capture)
    second = join(capture, 1)
    for i in range(n):
        send(capture, CLIENT, 1 + i, 1, 1 + i)
    size = min(n, 60_000)
    for i in range(n):
        send(capture, second, 1 + size * i, size, 1)


def same_byte(capture, n):
    """One byte of data, on two subflows in turn."""
    connect(capture)
    second = join(capture, 1)
    for i in range(n):
        send(capture, second if i % 2 else CLIENT, 1 + i // 2, 1, 1)


def descending(capture, n):
    """Segments from the last to the first, none next to another."""
    connect(capture)
    for i in range(n, 0, -1):
        send(capture, CLIENT, 200 * i, 100, 200 * i)


def descending_mappings(capture, n):
    """The same without payload: only mappings."""
    connect(capture)
    for i in range(n, 0, -1):
        send(capture, CLIENT, 200 * i, 100, 200 * i, payload=0)


def shuffled(capture, n):
    """Segments in an order without order (a linear congruence), never acknowledged."""
    connect(capture)
    at = 1
    for _ in range(n):
        at = (at * 1103515245 + 12345) % (1 << 31)
        i = at % (4 * n)
        send(capture, CLIENT, 1 + 100 * i, 60, 1 + 100 * i)


def near_dsns(capture, n):
    """Flows without a handshake that carry neighbouring DSNs."""
    for i in range(n):
        host = (100 + i // 50_000, 10_000 + i % 50_000)
        capture.tcp(host, SERVER, 1000, 5001, ACK, dss(CLIENT_IDSN + 10 * i, 1, 10, SERVER_IDSN + i), b"x" * 10)


def long_before(capture, n):
    """A large segment, then small ones behind it, each of them sent again."""
    connect(capture)
    second = join(capture, 1)
    send(capture, CLIENT, 1, 60_000, 1)
    for i in range(n):
        send(capture, CLIENT, 60_001 + i, 1, 60_001 + i)
        send(capture, second, 1 + i, 1, 60_001 + i)


def remove_flood(capture, n):
    """REMOVE_ADDR again and again on many subflows, with data reinjected between."""
    connect(capture)
    subflows = [CLIENT] + [join(capture, i) for i in range(1, 1 + n // 10)]
    for i in range(n):
        client = subflows[i % len(subflows)]
        seq = 1 + 10 * (i // len(subflows))
        send(capture, client, seq, 10, 1 + 10 * (i // 2))
        capture.tcp(client, SERVER, 1000 + seq + 10, 5001, ACK, b"\x1e\x04\x40" + bytes([1 + i % 255]))


def join_flood(capture, n):
    """Subflows without end; each sends data that others sent before, and is reset."""
    connect(capture)
    for i in range(1, 1 + n // 6):
        client = join(capture, i)
        send(capture, client, 1, 100, 1 + 50 * (i // 2))
        capture.tcp(client, SERVER, 1101, 5001, RST | ACK)


def priority_flood(capture, n):
    """Version 0: MP_PRIO for addresses of many subflows (RFC 6824 section 3.3.8)."""
    connect_v0(capture)
    subflows = [CLIENT] + [join_v0(capture, i) for i in range(1, 1 + n // 10)]
    for i in range(n):
        capture.tcp(subflows[i % len(subflows)], SERVER, 1001, 5001, ACK, b"\x1e\x04\x51" + bytes([1 + i % 255]))


def address_flood(capture, n):
    """ADD_ADDR of always other addresses, and their echoes, in any order."""
    connect(capture)
    for i in range(n):
        address = bytes([i % 255]) + struct.pack(">I", 0x0B000000 + i)
        capture.tcp(SERVER, CLIENT, 5001, 1001, ACK, b"\x1e\x10\x30" + address + bytes(8))
        capture.tcp(CLIENT, SERVER, 1001, 5001, ACK, b"\x1e\x08\x31" + bytes([i % 7]) + address[1:])


def fail_flood(capture, n):
    """MP_FAIL and MP_FASTCLOSE with a wrong key, in turn, on many subflows."""
    connect(capture)
    subflows = [CLIENT] + [join(capture, i) for i in range(1, 1 + n // 10)]
    for i in range(n):
        option = b"\x1e\x0c\x60\0" + struct.pack(">Q", CLIENT_IDSN + i) if i % 2 else \
            b"\x1e\x0c\x70\0" + struct.pack(">Q", i)
        capture.tcp(SERVER, subflows[i % len(subflows)], 5001, 1001, ACK, option)


def copies(capture, n):
    """One packet again and again, within the time in which copies come."""
    capture.step = 0
    connect(capture)
    for _ in range(n):
        capture.tcp(CLIENT, SERVER, 1001, 5001, ACK, dss(CLIENT_IDSN + 1, 1, 10, SERVER_IDSN + 1), b"x" * 10, 77)


def syns(capture, n):
    """Connections that are never answered, of one host."""
    for i in range(n):
        capture.tcp((1 + i // 50_000, 10_000 + i % 50_000), SERVER, 1000, 0, SYN, capable())


def unknown_joins(capture, n):
    """Joins to connections that there are not."""
    for i in range(n):
        capture.tcp((1 + i // 50_000, 10_000 + i % 50_000), SERVER, 1000, 0, SYN,
                    b"\x1e\x0c\x10\1" + struct.pack(">II", i * 2654435761 % (1 << 32), i))


def port_reuse(capture, n):
    """Connections of the same two ends, one after another, each with another key."""
    for i in range(n):
        isn = 1000 + 100_000_000 * i
        key = CLIENT_KEY + i
        capture.tcp(CLIENT, SERVER, isn, 0, SYN, capable())
        capture.tcp(SERVER, CLIENT, isn, isn + 1, SYN | ACK, capable(SERVER_KEY + i))
        capture.tcp(CLIENT, SERVER, isn + 1, isn + 1, ACK, capable(key, SERVER_KEY + i))


def random_dsns(capture, n):
    """Data anywhere in the space of 64 bits."""
    connect(capture)
    for i in range(n):
        send(capture, CLIENT, 1 + 100 * i, 100, i * 0x9E3779B97F4A7C15)


def section(capture):
    """Another file, of pcapng, in place of the capture's."""
    path = capture.file.name
    capture.close()
    capture.file = open(path, "wb")
    capture.file.write(struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28))


def block(capture, kind, body):
    capture.file.write(struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body)))


def interface(capture, number):
    name = b"eth%07d" % number
    block(capture, 1, struct.pack("<HHI", 1, 0, 262144) + struct.pack("<HH", 2, len(name)) + name +
          b"\0" * (-len(name) % 4) + struct.pack("<I", 0))


def packet(capture, number):
    """Packet `number`, on the interface of that number."""
    tcp = struct.pack(">HHIIBBHHH", 32000, 443, 1001 + number, 5001, 0x50, ACK, 65535, 0, 0) + b"x"
    ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, 0x0A000001, 0x0A000002)
    frame = b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + ip + tcp
    at = 1_700_000_000_000_000 + number
    block(capture, 6, struct.pack("<IIIII", number, at >> 32, at & 0xFFFFFFFF, len(frame), len(frame)) +
          frame + b"\0" * (-len(frame) % 4))


def interfaces(capture, n):
    """As many interfaces as packets (pcapng)."""
    section(capture)
    for i in range(n):
        interface(capture, i)
        packet(capture, i)


def interfaces_first(capture, n):
    """The same, all interfaces before the first packet."""
    section(capture)
    for i in range(n):
        interface(capture, i)
    for i in range(n):
        packet(capture, i)


KINDS = {kind.__name__: kind for kind in (
    control, split, mappings_over_all, overlapping_mappings, reinject_all, same_byte, descending,
    descending_mappings,
    shuffled, near_dsns, long_before, remove_flood, join_flood, priority_flood, address_flood, fail_flood,
    copies, syns, unknown_joins, port_reuse, random_dsns, interfaces, interfaces_first)}


def make(kind, n, path):
    capture = Capture(path)
    KINDS[kind](capture, n)
    capture.close()


def run(command, limit):
    """Processor time in seconds of the process itself, without its children; its peak memory in MB."""
    def bound():
        resource.setrlimit(resource.RLIMIT_AS, (limit << 20, limit << 20))
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, preexec_fn=bound if limit else None)
    peak = 0
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
            peak = max([peak] + [int(line.split()[1]) / 1024 for line in file
                                 if line.startswith("VmHWM:")])
        time.sleep(0.002)
    with open(f"/proc/{process.pid}/schedstat", encoding="ascii") as file:
        taken = int(file.read().split()[0]) / 1e9
    said = process.communicate()[1].decode(errors="replace")
    # 1: it lists nothing, or finds faults; 3: mptcp-lb, of which one direction is not enough
    if process.returncode not in (0, 1) and (process.returncode != 3 or "one direction" not in said):
        sys.exit(f"{shlex.join(command)}: status {process.returncode}: {said}")
    return taken, peak


def grow(tools, kind, n):
    """Both sizes are run in turn, up to TRIES times, until the growth is no more than GROWTH: what
    others do on the machine makes a run slower, never faster, so that the fastest count."""
    programs = os.environ["BIN"]
    limit = int(os.environ.get("LIMIT", "0"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        paths = {}
        large = n << DOUBLINGS
        for size in (n, large):
            paths[size] = os.path.join(folder, f"{size}.pcap")
            make(kind, size, paths[size])
            run([f"{programs}/mptcp-export", "-q", paths[size]], 0)  # into the cache
        for tool in tools:
            name, *options = shlex.split(tool)
            options += {"export": ["-q", "--no-cache", "-j", "1"], "mib": ["-q", "--host", "10.0.0.2"]}.get(name, ["-q"])
            taken = {n: [], large: []}
            for _ in range(TRIES):
                for size, samples in taken.items():
                    samples.append(run([f"{programs}/mptcp-{name}", *options, paths[size]],
                                       limit if name != "export" else max(limit, TSHARK)))
                (one, _), (two, peak) = min(taken[n]), min(taken[large])
                growth = max(two / max(one, LEAST), 1) ** (1 / DOUBLINGS)
                if growth <= GROWTH:
                    break
            print(f"{tool}: {kind} {n}: {one:.3f} s, {two:.3f} s, {growth:.2f} times, {peak:.0f} MB", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "kinds":
        print("\n".join(KINDS))
    elif sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        grow(sys.argv[2:-2], sys.argv[-2], int(sys.argv[-1]))
