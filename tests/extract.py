#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Extracts connections of captures, and compares their tables with those of the whole capture.

    extract.py MOST CAPTURE...

Of each capture the first MOST connections. Numbers of packets and streams may differ, and reltime,
which counts from the first packet of a capture; nothing else. Status 1: something did.
"""
import csv
import io
import os
import subprocess
import sys

NUMBERS = {"packetid", "mptcpstream", "tcpstream", "original_packetid", "original_tcpstream", "reltime"}
TOOLS = ("lc", "ls", "stat", "le", "lr")


def run(tool, *arguments):
    """The result of a tool."""
    return subprocess.run([f"mptcp-{tool}", "-q", *arguments], capture_output=True, text=True,
                          check=False)


def table(tool, *arguments):
    """Its rows, without the cells that may differ."""
    rows = csv.DictReader(io.StringIO(run(tool, "--time", "utc", *arguments).stdout))
    return [{name: cell for name, cell in row.items() if name not in NUMBERS} for row in rows]


def differences(capture, connection, extract):
    """What is not the same."""
    if os.path.exists(extract):
        os.unlink(extract)
    done = run("extract", "-m", connection, "-o", extract, capture)
    if done.returncode not in (0, 3):  # 3: the capture is damaged
        return [f"status {done.returncode}: {done.stderr.strip()}"]
    return [tool for tool in TOOLS
            if table(tool, "-m", connection, capture) != table(tool, extract)]


def main():
    most, captures = int(sys.argv[1]), sys.argv[2:]
    compared, wrong = 0, []
    for capture in captures:
        rows = csv.DictReader(io.StringIO(run("lc", capture).stdout))
        for row in list(rows)[:most]:
            connection = row["mptcpstream"]
            compared += 1
            found = differences(capture, connection, "extracted.pcap")
            wrong += [f"{capture}: connection {connection}: {what}" for what in found]
    print(*wrong, f"{compared} connections, {len(wrong)} differences", sep="\n")
    return bool(wrong) or not compared


if __name__ == "__main__":
    sys.exit(main())
