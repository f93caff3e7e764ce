#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Properties of whole captures, for properties.bats.

bytes CAPTURE...    every byte has one fate: the sums that mptcp-stat(1) promises hold in each row, and the total is what
                    mptcp-lc gives
kernel TRUTH...     what the sender's kernel says it sent again is reinjected, and its zero-window probes are probes: the
                    files are NAME.truth.json beside the captures

Prints a line for each fault. Captures in which a tool finds nothing, or damage, count as far as they go.
"""
import json
import os

from checks import main, rows

FATES = ["first_copy_bytes", "retransmitted_bytes", "reinjected_bytes", "probe_bytes", "unmapped_bytes"]
COUNTS = ["packets", "data_packets", "sent_bytes", "mappings"] + FATES

# Where the kernel counts something other than was seen on the wire, with the bytes of each difference. Its counter is moved
# by retransmissions after a timeout of the data level (MPTCPRetrans) only.
#   anew    When a subflow goes stale (SubflowStale) or closes, Linux pushes all that was not acknowledged again as if it had
#           never been sent: it is reinjected on the wire and not counted.
#   unsent  What it retransmits may still wait in the queue of the dead subflow: counted, and on the wire a first copy. Its
#           data sequence numbers lie directly after those of the reinjected packets and below what was sent before.
EXCEPTIONS = {
    "checksum_fail_multi.server": {"anew": 145148},
    "initial_removed.server": {"anew": 51200},
    "late_join.server": {"anew": 103080},
    "pathfail_blackhole.server": {"anew": 173260},
    "pathfail_firewall.server": {"anew": 85332},
    "pathfail_initial.client": {"unsent": 19656},
    "pathfail_initial.server": {"anew": 110032, "unsent": 7236},
    "pathfail_linkdown.server": {"anew": 173780},
    "remove_addr_client.server": {"anew": 109568},
    "remove_addr_readd.server": {"anew": 80896},
    "remove_addr_server.server": {"anew": 80896},
    "reset_by_client.server": {"anew": 55664},
    "reset_by_server.server": {"anew": 70096},
}


def number(row, column):
    return int(row[column] or 0)


def check_row(row):
    sent, unique = number(row, "sent_bytes"), number(row, "unique_bytes")
    if sent != sum(number(row, column) for column in FATES):
        yield "sent is not the sum of the fates"
    if row["tcpstream"] and unique != sent - number(row, "retransmitted_bytes"):
        yield "unique is not sent without retransmitted"
    if not (row["tcpstream"] and row["mptcpstream"]) and unique != number(row, "first_copy_bytes"):
        yield "unique is not first copies"


def check_bytes(capture):
    table = rows("mptcp-stat", "--tcp", capture)
    listed = {row["mptcpstream"]: row for row in rows("mptcp-lc", capture)}
    for row in table:
        name = f"connection {row['mptcpstream'] or 'none'} to {row['mptcpdest']}, stream {row['tcpstream'] or 'all'}"
        for fault in check_row(row):
            yield f"{name}: {fault}"
        if row["tcpstream"]:
            continue
        parts = [part for part in table
                 if part["tcpstream"] and all(part[key] == row[key] for key in ("mptcpstream", "mptcpdest"))]
        for column in COUNTS:
            if sum(number(part, column) for part in parts) != number(row, column):
                yield f"{name}: {column} do not sum to the total"
        for column in "throughput_share", "goodput_share":
            if row[column] and abs(sum(float(part[column]) for part in parts) - 1) > 1e-4:
                yield f"{name}: {column} do not sum to 1"
        # mptcp-lc counts what is unmapped, too
        if not number(row, "unmapped_bytes") and \
                number(listed[row["mptcpstream"]], "bytes_to_" + row["mptcpdest"]) != number(row, "unique_bytes"):
            yield f"{name}: not the bytes of mptcp-lc"


def retransmitted_by_kernel(application):
    infos = [(application.get(key) or {}).get("mptcp") or {} for key in ("info", "info_last")]
    return max(info.get("mptcp_bytes_retrans") or 0 for info in infos)


def is_whole(capture):
    """All packets of the host, and their options."""
    name = capture["file"]
    return not name.startswith(("partial_", "container_tiny_snap")) and not capture["direction"] and not capture["filter"]


def check_kernel(truth):
    with open(truth, encoding="utf-8") as file:
        told = json.load(file)
    for capture in told.get("captures", []):
        host, path = capture.get("host"), os.path.join(os.path.dirname(truth), capture["file"])
        applications = told.get("application", {}).get(host)
        if not applications or not os.path.exists(path) or not is_whole(capture):
            continue
        peer = "server" if host == "client" else "client"
        totals = [row for row in rows("mptcp-stat", "-d", peer, path) if not row["tcpstream"]]
        probes = told["mib_change"].get(host, {}).get("MPTcpExt.WinProbe", 0)
        if sum(number(row, "probe_bytes") for row in totals) != probes:
            yield f"{capture['file']}: the kernel sent {probes} probes"
        difference = EXCEPTIONS.get(f"{told['name']}.{host}", {})
        reinjected = sum(number(row, "reinjected_bytes") for row in totals)
        wanted = sum(map(retransmitted_by_kernel, applications)) + difference.get("anew", 0) - difference.get("unsent", 0)
        if reinjected != wanted:
            yield f"{capture['file']}: {reinjected} bytes reinjected, {wanted} by the kernel"


if __name__ == "__main__":
    main({"bytes": check_bytes, "kernel": check_kernel})
