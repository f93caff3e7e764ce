#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the scripts that check many captures share: the rows of a tool, and a check run on each."""
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


def check_each(check, paths):
    """Applies a check, a function that yields faults, to each file. Prints a line for each fault; the status is whether
    there was one."""
    faults = 0
    for path in paths:
        for fault in check(path):
            print(f"{os.path.basename(path)}: {fault}")
            faults += 1
    sys.exit(faults > 0)


def main(checks):
    """NAME FILE...: the check of that name."""
    check_each(checks[sys.argv[1]], sys.argv[2:])
