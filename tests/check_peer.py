#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What mptcp-check --peer says of two captures against what the relay between them did, for check.bats.

    check_peer.py TRUTH...      the truth files of scenarios; prints a line for each difference

The relay counts, per direction, the packets whose options it removed, whose payload it changed and
that it cut; it logs where it shifts sequence numbers. Whether there was NAT is in the truth, too.
"""
import json
import os
import sys

from checks import check_each, rows

TOWARDS = {"ab": "server", "ba": "client"}


def counted(relay, what):
    """Packets per direction."""
    total = {"server": 0, "client": 0}
    for link in relay["stats"]:
        total[TOWARDS[link["dir"]]] += link[what]
    return total


def differences(path):
    with open(path, encoding="utf-8") as file:
        truth = json.load(file)
    stem = path[:-len(".truth.json")]
    ends = [f"{stem}.{end}.pcap" for end in ("client", "server")]
    if not truth.get("relay") or not all(map(os.path.exists, ends)):
        return
    relay = truth["relay"]
    whole = all(not capture.get("snaplen") or capture["snaplen"] > 60000
                for capture in truth["captures"])
    for ours, peer in (ends, ends[::-1]):
        found = rows("mptcp-check", "--payload", "--severity", "note", "--only", "mbox-*",
                     "--except", "mbox-strip-oneway", "--peer", peer, ours)
        if any(row["where"] != "network" for row in found):
            yield f"{ours}: somebody else is blamed"
        for finding, what in (("mbox-strip", "stripped"), ("mbox-split", "split"),
                              ("mbox-payload", "payload_changed")):
            if what == "payload_changed" and not whole:
                continue
            for end, wanted in counted(relay, what).items():
                # a SYN without its option opens a connection without roles
                count = sum(int(row["count"]) for row in found if row["finding"] == finding
                            and (row["mptcpdest"] or "server") == end)
                if count != wanted:
                    yield f"{ours}: {finding} to the {end} {count}, the relay counts {wanted}"
        names = {row["finding"] for row in found}
        shifted = any(event["what"] == "isn_shift" for event in relay.get("log", []))
        translated = bool(truth.get("nat"))
        for finding, wanted in (("mbox-seq-shift", shifted), ("mbox-nat", translated),
                                ("mbox-option", False), ("mbox-mss", False),
                                ("mbox-coalesce", False)):
            if (finding in names) != wanted:
                yield f"{ours}: {finding} is {'missing' if wanted else 'wrong'}"


if __name__ == "__main__":
    check_each(differences, sys.argv[1:])
