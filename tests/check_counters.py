#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Findings of mptcp-check against what the kernel counted at the host where a capture was taken, for check.bats.

    check_counters.py TRUTH...      the truth files of scenarios; prints a line for each difference

Where the capture is a part of what happened (partial_*), or its options were cut, it says nothing.
"""
import glob
import json
import os
import sys

from checks import check_each, rows

# As many rows as the kernel counts, at the host that counts it.
COUNTED = (("mpc-ack-missing", "MPCapableFallbackACK", "server"),
           ("mpc-synack-missing", "MPCapableFallbackSYNACK", "client"),
           ("mpc-syn-dropped", "MPCapableSYNTXDrop", "client"),
           ("join-token-unknown", "MPJoinNoTokenFound", "server"),
           ("join-hmac-synack", "MPJoinSynAckHMacFailure", "client"),
           ("join-hmac-ack", "MPJoinAckHMacFailure", "server"))
# What a host counts when it gives MPTCP up, and the findings that say so.
GIVEN_UP = ("MPCapableFallbackACK", "MPCapableFallbackSYNACK", "MPCapableSYNTXDrop", "DssFallback",
            "InfiniteMapRx", "InfiniteMapTx", "MPCapableDataFallback")
FALLBACKS = {"mpc-ack-missing", "mpc-synack-missing", "mpc-syn-dropped", "fallback", "opt-vanished",
             "mbox-strip-oneway", "fallback-one-sided"}


def judge(found, events, count, host, given_up):
    """Yields what the findings and the counters of a host disagree about; given_up: at either."""
    ids = {row["finding"] for row in found}

    for finding, counter, where in COUNTED:
        seen = sum(row["finding"] == finding for row in found)
        if host == where and seen != count(counter):
            yield f"{finding} {seen} times, {counter} is {count(counter)}"
    refused = sum(row["finding"] == "join-refused" and row["got"] == "administratively_prohibited"
                  for row in found)
    if host == "server" and refused != count("MPJoinRejected"):
        yield f"join-refused {refused} times, MPJoinRejected is {count('MPJoinRejected')}"
    arrived = sum(event["event"] == "ADD_ADDR" and event["echo"] == "no" and
                  event["mptcpdest"] == host for event in events)
    wrong = sum(int(row["count"]) for row in found
                if row["finding"] == "addaddr-hmac" and row["mptcpdest"] == host)
    if arrived - wrong != count("AddAddr"):
        yield f"{arrived} ADD_ADDRs, {wrong} with a wrong HMAC, AddAddr is {count('AddAddr')}"
    silent = any(row["finding"] == "addaddr-no-echo" and row["mptcpdest"] != host for row in found)
    if silent != (count("AddAddrTx") > 0 and not count("EchoAdd")):
        yield f"addaddr-no-echo is {silent}, EchoAdd is {count('EchoAdd')}"
    here = sum(map(count, GIVEN_UP))
    if (here and not ids & FALLBACKS) or (ids & FALLBACKS and not given_up):
        yield f"{sorted(ids & FALLBACKS)}, counters of fallback {here}, at both hosts {given_up}"
    if "mpfail-alone" in ids and count("MPFailTx") and count("MPFailRx"):
        yield "mpfail-alone, but MP_FAIL was sent and received"


def checksums(path, count, host):
    """The receiver counts the first wrong one and stops looking."""
    found = [row for row in rows("mptcp-check", "--payload", "--only", "csum-wrong", path)
             if row["mptcpdest"] == host]
    if bool(found) != bool(count("DataCsumErr")):
        yield f"csum-wrong is {bool(found)}, DataCsumErr is {count('DataCsumErr')}"


def differences(truth_path):
    with open(truth_path, encoding="utf-8") as file:
        truth = json.load(file)
    stem = truth_path[:-len(".truth.json")]
    given_up = sum(changed.get(f"MPTcpExt.{name}", 0) for changed in truth["mib_change"].values()
                   for name in GIVEN_UP)
    for host, changed in truth["mib_change"].items():
        paths = [path for path in glob.glob(f"{stem}.{host}.pcap*") if os.path.isfile(path)]
        if not paths or "/partial_" in stem or "tiny_snap" in stem:
            continue

        def count(name, changed=changed):
            return changed.get(f"MPTcpExt.{name}", 0)
        found = rows("mptcp-check", "--severity", "note", paths[0])
        faults = list(judge(found, rows("mptcp-le", "--allow-empty", paths[0]), count, host,
                            given_up))
        if not any(row["finding"] == "hyg-snap"
                   for row in rows("mptcp-check", "--severity", "info", paths[0])):
            faults += checksums(paths[0], count, host)
        for fault in faults:
            yield f"{host}: {fault}"


if __name__ == "__main__":
    check_each(differences, sys.argv[1:])
