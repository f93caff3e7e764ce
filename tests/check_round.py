#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets of a transfer of more than 4 GiB within two minutes, for check.bats.

    check_round.py BITS FILE    FILE: the packets of a conversation (check_mutants.py clean) as CSV;
                                BITS: of the data sequence numbers, 32 or 64

The data that the server sends on the first subflow goes on from its first segment, in segments of
65,535 bytes, one each millisecond, in a window of 1 GiB.
"""
import csv
import sys

LENGTH, WINDOW = 65535, 1 << 30
# what goes on from packet to packet, and the bits at which it wraps
TIMES = ("abstime", "reltime")
SENT = {"tcpseq": 32, "tcpseq_raw": 32, "dss_ssn": 32, "dss_dsn": 64, "dsn": 64, "dsn_raw": 64}
ACKNOWLEDGED = {"tcpack": 32, "dack": 64, "dack_raw": 64, "dss_rawack": 64}


class Line:
    """The line of a packet like `row`, with other numbers and another time."""

    def __init__(self, row, numbers):
        self.numbers = {column: (int(row[column]), (1 << bits) - 1)
                        for column, bits in (numbers | {"tsval": 32, "packetid": 64}).items()}
        self.times = {column: int(row[column].replace(".", "")) for column in TIMES}
        self.form = ",".join(f"%({column})s" if column in self.numbers or column in TIMES
                             else value for column, value in row.items())

    def text(self, sent, number):
        """After so many bytes, and milliseconds and packets."""
        values = {column: start + (number if column in ("tsval", "packetid") else sent) & most
                  for column, (start, most) in self.numbers.items()}
        for column, start in self.times.items():
            time = start + number * 1_000_000
            values[column] = f"{time // 1_000_000_000}.{time % 1_000_000_000:09}"
        return self.form % values


def lines(first, back, bits):
    """The data, like the packet `first`, and what acknowledges it, like `back`."""
    first["tcplen"] = first["dss_length"] = str(LENGTH)
    back |= {"tcpack": first["tcpseq"], "dack": first["dsn"], "dack_raw": first["dsn_raw"],
             "dss_rawack": first["dsn_raw"]}
    back |= {column: first[column] for column in ("packetid", "tsval", *TIMES)}
    if bits == 32:
        first["dss_flags"] = f"{int(first['dss_flags'], 16) & ~0x08:#06x}"
        first["dss_dsn"] = str(int(first["dss_dsn"]) & 0xFFFFFFFF)
    data = Line(first, SENT | {"dss_dsn": bits})
    acknowledgement = Line(back, ACKNOWLEDGED)
    sent = number = acknowledged = 0
    while sent < (1 << 32) + 2 * LENGTH:
        yield data.text(sent, number)
        sent += LENGTH
        number += 1
        if sent - acknowledged > WINDOW // 2:
            yield acknowledgement.text(sent, number)
            acknowledged = sent
            number += 1


def main():
    bits = int(sys.argv[1])
    with open(sys.argv[2], encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["mptcpdest"] == "server":
            row["rwnd"] = str(WINDOW)
    at = next(i for i, row in enumerate(rows)
              if row["mptcpdest"] == "client" and row["tcplen"] != "0")
    back = next(row for row in rows[at:] if row["mptcpdest"] == "server" and
                row["tcpstream"] == rows[at]["tcpstream"])
    print(",".join(rows[0]))
    for row in rows[:at]:
        print(",".join(row.values()))
    sys.stdout.writelines(f"{line}\n" for line in lines(rows[at], back, bits))


if __name__ == "__main__":
    main()
