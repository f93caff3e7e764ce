#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a host of a truth file counted, as nstat -az prints it: mib.py TRUTH HOST LIST.

A truth file has the counters that changed; LIST has the names of all, one per line: the others are 0.
"""
import json
import sys

truth, host, names = sys.argv[1:]
changed = json.load(open(truth))["mib_change"][host]
counters = {line.strip(): 0 for line in open(names)}
counters.update((name[len("MPTcpExt."):], value) for name, value in changed.items() if name.startswith("MPTcpExt."))
print("#kernel")
for name, value in counters.items():
    print(f"MPTcpExt{name:32}{value:<16} 0.0")
