#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether the tools agree, for agreement.bats.

tables CAPTURE...   mptcp-lc, -ls, -lt and -le say the same of every connection and subflow
monitor TRUTH...    the kernel events are those that `ip mptcp monitor` printed on the host where the capture was taken: the
                    files are NAME.truth.json beside the captures

Prints a line for each fault. Captures in which a tool finds nothing, or damage, count as far as they go.
"""
import collections
import json
import os

from checks import main, rows

# What a capture does not show.
#   partial   handshakes, directions, interfaces or options are missing on purpose: it may lack any event, and a subflow ends
#             before the connection does where no DATA_FIN was captured
#   loopback  both hosts are one, and its monitor prints everything twice, once for each end of the connection
#   unsent    the socket is destroyed without another packet
PARTIAL = ("partial_", "container_tiny_snap")
LOOPBACK = ("loopback",)
UNSENT = {"checksum_fail_stall": "CLOSED"}

# Printed by the host that receives the option; all others by each host for itself.
OF_RECEIVER = {"ANNOUNCED", "REMOVED", "SF_PRIO"}


def by(table, column):
    groups = collections.defaultdict(list)
    for row in table:
        groups[row[column]].append(row)
    return groups


def counts(events):
    return collections.Counter(event["event"] for event in events)


def check_connection(row, subflows, events):
    status, count = row["status"], counts(events)
    if int(row["subflows"]) != sum(subflow["established"] == "yes" for subflow in subflows):
        yield f"{row['subflows']} subflows, of which mptcp-ls has not as many established"
    if count["FALLBACK"] != (status == "fallback"):
        yield f"{status}, with {count['FALLBACK']} FALLBACK"
    if count["CONNECT_FAILED"] != (status == "failed"):
        yield f"{status}, with {count['CONNECT_FAILED']} CONNECT_FAILED"
    closed = count["CONNECTION_CLOSED"]
    if closed > 1 or (closed and status not in ("closed", "reset", "fastclose", "fallback", "partial")):
        yield f"{status}, with {closed} CONNECTION_CLOSED"
    # DATA_FINs may lack the last acknowledgement
    if not closed and (status in ("reset", "fastclose") or (status == "closed" and count["DATA_FIN"] != 2)):
        yield f"{status}, without CONNECTION_CLOSED"
    if status == "fastclose" and not count["MP_FASTCLOSE"]:
        yield "fastclose, without MP_FASTCLOSE"
    ended = all(counts(of_subflow)["SUBFLOW_RESET"] + counts(of_subflow)["SUBFLOW_CLOSED"]
                for of_subflow in (by(events, "tcpstream")[subflow["tcpstream"]] for subflow in subflows))
    if status == "fallback" and closed != ended:
        yield f"fallback that has {'' if ended else 'not '}ended, with {closed} CONNECTION_CLOSED"


def check_subflow(row, events):
    status, established, count = row["status"], row["established"], counts(events)
    joins = row["kind"] == "join"
    if count["JOIN_FAILED"] != (joins and status == "failed" and established == "no"):
        yield f"{status}, established {established}, with {count['JOIN_FAILED']} JOIN_FAILED"
    if count["SUBFLOW_FAILED"] != (status == "failed" and established == "yes"):
        yield f"{status}, established {established}, with {count['SUBFLOW_FAILED']} SUBFLOW_FAILED"
    if status == "failed" and established == "no" and not count["JOIN_FAILED"] + count["CONNECT_FAILED"]:
        yield "failed, without JOIN_FAILED or CONNECT_FAILED"
    for end in "SUBFLOW_RESET", "SUBFLOW_CLOSED":
        if count[end] > 1 or (status == {"SUBFLOW_RESET": "reset", "SUBFLOW_CLOSED": "closed"}[end] and not count[end]):
            yield f"{status}, with {count[end]} {end}"
    if count["SUBFLOW_RESET"] and count["SUBFLOW_CLOSED"]:
        yield "two ends"
    if status == "opening" and (established == "yes" or count["SUBFLOW_RESET"] + count["SUBFLOW_CLOSED"]):
        yield f"opening, established {established}"


def check_stream(row, of_tcp):
    """A subflow, and its row of mptcp-lt."""
    if not of_tcp:
        yield "not in mptcp-lt"
        return
    if of_tcp["mptcpstream"] != row["mptcpstream"] or of_tcp["start"] != row["start"]:
        yield "another connection, or another start, in mptcp-lt"
    # what MPTCP adds: lost options, a refused join, a fallback, a join that waits for its fourth ACK
    if row["status"] not in ("failed", "fallback", "opening") and of_tcp["status"] != row["status"]:
        yield f"{row['status']}, in mptcp-lt {of_tcp['status']}"


def check_tables(capture):
    connections, subflows, events = rows("mptcp-lc", capture), rows("mptcp-ls", capture), rows("mptcp-le", capture)
    streams = {row["tcpstream"]: row for row in rows("mptcp-lt", capture)}
    of_connection = by(subflows, "mptcpstream"), by(events, "mptcpstream")
    of_stream = by(events, "tcpstream")
    if {row["mptcpstream"] for row in connections} != {row["mptcpstream"] for row in subflows}:
        yield "mptcp-lc and mptcp-ls have other connections"
    for row in connections:
        for fault in check_connection(row, *(table[row["mptcpstream"]] for table in of_connection)):
            yield f"connection {row['mptcpstream']}: {fault}"
    for row in subflows:
        for fault in check_subflow(row, of_stream[row["tcpstream"]]):
            yield f"subflow {row['tcpstream']}: {fault}"
        for fault in check_stream(row, streams.get(row["tcpstream"])):
            yield f"subflow {row['tcpstream']}: {fault}"
    known = {row["mptcpstream"] for row in connections}
    for event in events:
        if event["mptcpstream"] and event["mptcpstream"] not in known:
            yield f"packet {event['packetid']}: an event of a connection that mptcp-lc does not have"
    numbers = [int(event["packetid"]) for event in events]
    if numbers != sorted(numbers):
        yield "events are not in order of packets"


def kernel_events(capture, host):
    return collections.Counter(row["kernel_event"] for row in rows("mptcp-le", capture)
                               if row["kernel_event"] and
                               (row["kernel_event"] not in OF_RECEIVER or row["mptcpdest"] == host))


def is_explained(name, event, got, wanted):
    if name.startswith(PARTIAL):
        return got <= wanted or event == "SF_CLOSED"
    if name.startswith(LOOPBACK) and event not in OF_RECEIVER:
        return 2 * got == wanted
    return got + (UNSENT.get(name) == event) == wanted


def check_monitor(truth):
    with open(truth, encoding="utf-8") as file:
        told = json.load(file)
    for capture in told.get("captures", []):
        host, path = capture["host"], os.path.join(os.path.dirname(truth), capture["file"])
        printed = told.get("monitor", {}).get(host)
        if not isinstance(printed, list) or not os.path.exists(path):
            continue
        wanted, got = collections.Counter(event["event"] for event in printed), kernel_events(path, host)
        for event in sorted(set(wanted) | set(got)):
            if not is_explained(told["name"], event, got[event], wanted[event]):
                yield f"{capture['file']}: {got[event]} {event}, the monitor printed {wanted[event]}"


if __name__ == "__main__":
    main({"tables": check_tables, "monitor": check_monitor})
