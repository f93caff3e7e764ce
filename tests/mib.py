#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a host of a truth file counted, as nstat -az prints it: mib.py TRUTH HOST LIST.

A truth file has the counters that changed; LIST is the output of mptcp-mib --list, whose other counters are 0. Those that
Linux 6.18 does not have are left out.
"""
import json
import sys

MISSING = {"MPJoinNoIdFound", "MPJoinSynAckNoMPJoin", "MPJoinAckNoMPJoin", "MPJoinAckNoCtx", "MPJoinNotEstablished",
           "RcvPruned", "MD5SigReset", "DssReset", "BacklogDrop", "OFOPruned"}
truth, host, names = sys.argv[1:]
changed = json.load(open(truth))["mib_change"][host]
counters = {line.split()[0]: 0 for line in open(names)}
counters.update((name[len("MPTcpExt."):], value) for name, value in changed.items() if name.startswith("MPTcpExt."))
print("#kernel")
for name, value in counters.items():
    if name not in MISSING:
        print(f"MPTcpExt{name:32}{value:<16} 0.0")
