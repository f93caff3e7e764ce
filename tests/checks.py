#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What agreement.py and properties.py share: the rows of a tool, and a check run on many captures."""
import csv
import os
import subprocess
import sys


def rows(tool, *arguments):
    """Of the tool's CSV, a dictionary each; what it says of damage (status 3) counts as far as it goes."""
    done = subprocess.run([tool, "-q", "-f", "csv", *arguments], capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(f"{tool}: status {done.returncode}: {done.stderr.strip()}")
    return list(csv.DictReader(done.stdout.splitlines()))


def main(checks):
    """NAME FILE...: applies a check, a function that yields faults, to each file. Prints a line for each fault; the
    status is whether there was one."""
    check = checks[sys.argv[1]]
    faults = 0
    for path in sys.argv[2:]:
        for fault in check(path):
            print(f"{os.path.basename(path)}: {fault}")
            faults += 1
    sys.exit(faults > 0)
