#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Bits of a cache entry turned over, one at a time: are rows ever other than those of the capture?

    hostile_flips.py ENTRY ROWS COUNT COMMAND...   runs the command COUNT times, each with another bit of the
                                                   entry turned, and prints how often it gave the rows of the
                                                   file ROWS with status 0, others, and a status other than 0

The bits are spread over the whole entry, its head and its end more densely. Before each run the entry is
put back as it was: the command may have made it anew.
"""
import collections
import subprocess
import sys

entry, rows, count, command = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
with open(entry, "rb") as file:
    good = file.read()
with open(rows, "rb") as file:
    wanted = file.read()
size = len(good)
came = collections.Counter()
for i in range(count):
    if i % 4 == 0:
        at = i // 4 * 7 % min(size, 600)
    elif i % 4 == 1:
        at = size - 1 - i // 4 * 3 % min(size, 200)
    else:
        at = i * 2654435761 % size
    with open(entry, "wb") as file:
        file.write(good[:at] + bytes([good[at] ^ 1 << i % 8]) + good[at + 1:])
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    kind = "failed" if done.returncode else "right" if done.stdout == wanted else "wrong"
    came[kind] += 1
    if kind != "right":
        print(f"byte {at} bit {i % 8}: {kind}: {done.stderr.decode(errors='replace')}", file=sys.stderr)
print(f"right {came['right']} wrong {came['wrong']} failed {came['failed']}")
