#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What mptcp-stat says of single TCP connections, subflows or not, for tcp.bats.

segments CAPTURE...   the columns about segments and their acknowledgements are what this program computes from the packets
tshark CAPTURE...     duplicate acknowledgements and round trips are those of tshark, where both mean the same: no losses
lt CAPTURE...         the rows of --tcp are the connections that mptcp-lt lists without an MPTCP connection, with their bytes

Prints a line for each fault.
"""
import csv
import subprocess

from checks import main, rows

COLUMNS = "packetid,abstime,tcpstream,tcpdest,mptcpstream,mptcpdest,tcpflags,tcpseq,tcpack,tcplen,rwnd,mss,sack,subtype," \
    "duplicate_of,options_cut"
FIN, SYN, RST = 1, 2, 4
PEER = {"client": "server", "server": "client"}


def nanoseconds(text):
    return int(text.replace(".", ""))


def near(reference, low):
    """The number with these lower 32 bits that is nearest to the reference."""
    return reference + (low - reference + (1 << 31)) % (1 << 32) - (1 << 31)


class Direction:
    """The payload that goes one way, and what comes back for it."""

    def __init__(self):
        self.times, self.data_times = [], []
        self.end = self.acked = None     # after the highest number sent; the highest acknowledgement
        self.floor = None                # the first number of payload sent, where nothing was acknowledged before
        self.waiting = []                # [start, end, time, sent twice, sacked]: sent and not acknowledged
        self.rtts, self.ack_times = [], []
        self.windows, self.last_window, self.duplicates, self.mss = [], None, 0, ""
        self.sent = self.again = 0
        self.bytes = []                  # ranges sent, sorted, not overlapping

    def send(self, start, length, time):
        """Payload from a relative sequence number on."""
        end = start + length
        self.sent += length
        covered = sum(max(0, min(end, b) - max(start, a)) for a, b in self.bytes)
        self.again += covered
        touching = [r for r in self.bytes if r[0] <= end and start <= r[1]]
        self.bytes = sorted([r for r in self.bytes if r not in touching] +
                            [(min([start] + [a for a, _ in touching]), max([end] + [b for _, b in touching]))])
        if self.acked is None and self.floor is None:
            self.floor = start           # of a capture begun in the middle: what lies below was sent before
        start = max([start] + [low for low in (self.floor, self.acked) if low is not None])
        for piece in [p for p in self.waiting if p[0] < end and start < p[1]]:
            piece[3] = True
            if start < piece[0]:
                self.waiting.append([start, piece[0], time, False, False])
            start = max(start, piece[1])
        if start < end:
            self.waiting.append([start, end, time, False, False])
        self.waiting.sort()

    def acknowledge(self, packet, time):
        """A packet of the other direction with an acknowledgement."""
        ack = near(self.end, int(packet["tcpack"]))
        if self.acked is None or ack > self.acked:
            covered = [p for p in self.waiting if p[0] < ack]
            self.waiting = [p if p[0] >= ack else [ack] + p[1:] for p in self.waiting if p[1] > ack]
            if covered:
                self.ack_times.append(time)
            whole = [p for p in covered if p[1] <= ack and not p[4] and time >= p[2]]
            if whole and not any(p[3] for p in covered):
                self.rtts.append(time - max(p[2] for p in whole))
            self.acked = ack
        for block in filter(None, packet["sack"].split(";")):
            left, right = (near(ack, int(edge)) for edge in block.split("-"))
            for piece in self.waiting:
                if piece[0] < right and left < piece[1]:
                    piece[4] = True

    def answer(self, packet, flags, time):
        """Any packet of the other direction but a RST."""
        if flags & SYN:
            self.mss = packet["mss"] or self.mss
        elif packet["rwnd"]:
            window = int(packet["rwnd"])
            if packet["tcpack"] and not flags & FIN and packet["tcplen"] == "0" and window and \
                    window == self.last_window and not set(packet["subtype"].split(";")) - {"DSS", ""} and \
                    self.bytes and near(self.end, int(packet["tcpack"])) == self.acked < self.bytes[-1][1]:
                self.duplicates += 1
            self.windows.append(window)
            self.last_window = window
        if packet["tcpack"] and self.end is not None:
            self.acknowledge(packet, time)


def read(capture):
    """Of every TCP connection and role of the receiver: a Direction, and whether window scales are known."""
    done = subprocess.run(["mptcp-export", "-q", "--columns", COLUMNS, capture], capture_output=True, text=True)
    directions, handshakes = {}, {}
    for packet in csv.DictReader(done.stdout.splitlines()):
        if not packet["tcpstream"] or packet["duplicate_of"]:
            continue
        stream, to = packet["tcpstream"], packet["mptcpdest"] or packet["tcpdest"]
        flags, length, time = int(packet["tcpflags"], 16), int(packet["tcplen"]), nanoseconds(packet["abstime"])
        own = directions.setdefault((stream, to), Direction())
        other = directions.setdefault((stream, PEER[to]), Direction())
        if flags & SYN:
            handshakes.setdefault(stream, {})[bool(flags & 16)] = packet["options_cut"] != "1"
        if not flags & RST:
            other.answer(packet, flags, time)
        own.times.append(time)
        if length or not flags & RST:
            start = near(own.end or 0, int(packet["tcpseq"])) + bool(flags & SYN)
            own.end = max(own.end if own.end is not None else start + length, start + length)
            if length:
                own.data_times.append(time)
                own.send(start, length, time)
    return directions, {stream for stream, steps in handshakes.items() if steps == {False: True, True: True}}


def seconds(value):
    return f"{value // 10**9}.{value % 10**9:09d}"


def computed(own, scaled):
    """The columns of a row; None where this program does not know."""
    gaps = [b - a for a, b in zip(own.times, own.times[1:])]
    windows = own.windows if scaled else []
    return {
        "sent_bytes": str(own.sent), "retransmitted_bytes": str(own.again),
        "last_data": seconds(own.data_times[-1]) if own.data_times else "",
        "first_ack": seconds(own.ack_times[0]) if own.ack_times else "",
        "last_ack": seconds(own.ack_times[-1]) if own.ack_times else "",
        "idle_max": seconds(max([0] + gaps)) if own.times else "",
        "ack_rtt_min": seconds(min(own.rtts)) if own.rtts else "",
        "ack_rtt_max": seconds(max(own.rtts)) if own.rtts else "",
        "ack_rtt_mean": seconds((sum(own.rtts) + len(own.rtts) // 2) // len(own.rtts)) if own.rtts else "",
        "duplicate_acks": str(own.duplicates), "zero_windows": str(own.windows.count(0)), "mss": own.mss,
        "window_min": str(min(windows)) if windows else "", "window_max": str(max(windows)) if windows else "",
        "window_mean": str((sum(windows) + len(windows) // 2) // len(windows)) if windows else "",
    }


def quantile(values, percent):
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def check_segments(capture):
    directions, scaled = read(capture)
    for row in rows("mptcp-stat", "--tcp", "--time", "epoch", capture):
        if not row["tcpstream"]:
            continue
        own = directions[row["tcpstream"], row["mptcpdest"]]
        name = f"stream {row['tcpstream']} to {row['mptcpdest']}"
        for column, value in computed(own, row["tcpstream"] in scaled).items():
            if row[column] != value:
                yield f"{name}: {column} {row[column]}, not {value}"
        for column, percent in (("ack_rtt_p50", 50), ("ack_rtt_p95", 95)):
            exact = quantile(own.rtts, percent) if own.rtts else 0
            if abs(nanoseconds(row[column] or "0") - exact) > exact / 100 + 1:
                yield f"{name}: {column} {row[column]}, not {seconds(exact)}"


def check_tshark(capture):
    fields = ["frame.number", "tcp.stream", "tcp.srcport", "tcp.len", "tcp.analysis.ack_rtt", "tcp.analysis.acks_frame",
              "tcp.analysis.duplicate_ack"]
    done = subprocess.run(["tshark", "-n", "-r", capture, "-Y", "tcp", "-T", "fields", "-E", "separator=,"] +
                          [word for field in fields for word in ("-e", field)], capture_output=True, text=True)
    packets = [dict(zip(fields, line.split(","))) for line in done.stdout.splitlines()]
    length = {packet["frame.number"]: int(packet["tcp.len"]) for packet in packets}
    for row in rows("mptcp-lt", capture):
        for role in "client", "server":
            answers = [p for p in packets if p["tcp.stream"] == row["tcpstream"] and p["tcp.srcport"] == row[role + "port"]]
            times = [nanoseconds(p["tcp.analysis.ack_rtt"]) for p in answers
                     if p["tcp.analysis.ack_rtt"] and length[p["tcp.analysis.acks_frame"]]]
            stat = [r for r in rows("mptcp-stat", "-t", row["tcpstream"], "-d", role, capture)]
            name = f"stream {row['tcpstream']} to {role}"
            wanted = [seconds(min(times)), seconds(max(times)), str(sum(bool(p["tcp.analysis.duplicate_ack"]) for p in answers))]
            got = [stat[0][column] for column in ("ack_rtt_min", "ack_rtt_max", "duplicate_acks")]
            if got != wanted:
                yield f"{name}: {got}, not {wanted}"


def check_lt(capture):
    listed = {row["tcpstream"]: row for row in rows("mptcp-lt", capture) if not row["mptcpstream"]}
    plain = [row for row in rows("mptcp-stat", "--tcp", capture) if not row["mptcpstream"]]
    if sorted(row["tcpstream"] for row in plain) != sorted([stream for stream in listed] * 2):
        yield "not the connections of mptcp-lt"
        return
    for row in plain:
        lt, to = listed[row["tcpstream"]], row["mptcpdest"]
        for column, other in (("sent_bytes", "bytes_to_"), ("unique_bytes", "unique_bytes_to_"),
                              ("first_copy_bytes", "unique_bytes_to_"), ("retransmitted_bytes", "retransmitted_bytes_to_")):
            if row[column] != lt[other + to]:
                yield f"stream {row['tcpstream']} to {to}: {column} {row[column]}, not {lt[other + to]}"
        for column in "reinjected_bytes", "probe_bytes", "unmapped_bytes", "mappings":
            if row[column] != "0":
                yield f"stream {row['tcpstream']} to {to}: {column} {row[column]}"
        if row["handshake_rtt"] != lt["handshake_rtt"]:
            yield f"stream {row['tcpstream']}: handshake_rtt"


main({"segments": check_segments, "tshark": check_tshark, "lt": check_lt})
