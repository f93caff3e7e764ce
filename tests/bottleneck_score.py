#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares mptcp-lb with the truth of the runs of bottleneck.py: bottleneck_score.py FOLDER [NAME...].

The truth of a moment is a sample of `ss -tiM` at the sender: nothing written and not acknowledged is app_idle; a segment
sent again or lost is recovery; all that was written is in flight, app_paced; otherwise what limits the run by construction.
A paced source is app_paced from a second after its begin on; of a run with a small receive buffer only those moments
count whose bytes in flight fill 0.7 of the window. An interval counts where all samples in it, and two round trips
before and after, agree. The last line has the sums.
"""
import csv
import glob
import gzip
import io
import json
import os
import subprocess
import sys

LIMITS = ["app_idle", "app_paced", "mptcp_window", "subflow_window", "send_buffer", "recovery", "network"]


def load(folder, name):
    path = os.path.join(folder, name + ".truth.json")
    return json.load(gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path))


def rows(capture, *options):
    command = ["mptcp-lb", "-f", "csv", "--tcp", "-d", "client", "--time", "epoch", *options, capture]
    return list(csv.DictReader(io.StringIO(subprocess.run(command, capture_output=True, text=True, check=True).stdout)))


def number(socket, key):
    return int(socket.get(key, 0))


def limit_of(sample, expected):
    tcp = [x for x in sample["sockets"] if x["kind"] == "tcp"]
    mptcp = [x for x in sample["sockets"] if x["kind"] == "mptcp"]
    case = expected["case"]
    if not tcp:
        return None
    flight = sum(max(0, number(x, "bytes_sent") - number(x, "bytes_retrans") - number(x, "bytes_acked")) for x in tcp)
    if mptcp:
        backlog = int(mptcp[0]["write_seq"], 16) - int(mptcp[0]["snd_una"], 16)
    else:
        backlog = sum(x["send_q"] for x in tcp)
    if backlog <= 0:
        return "app_idle"
    if any(int(x.get("retrans", "0/0").split("/")[0]) or number(x, "lost") for x in tcp):
        return "recovery"
    if case == "paced":
        return "app_paced"
    if backlog <= flight + max(number(x, "mss") for x in tcp) * len(tcp):
        return "send_buffer" if case == "send_buffer" else "app_paced"
    if case == "window" and flight < 0.7 * max(number(x, "snd_wnd") for x in tcp):
        return "network"
    if case == "window":
        return "mptcp_window" if expected["proto"] == "mptcp" else "subflow_window"
    return "send_buffer" if case == "send_buffer" else "network"


def samples_of(truth):
    expected = truth["expected"]
    samples = [(x["t"], limit_of(x, expected)) for x in truth["samples"]]
    if expected["case"] == "paced":
        begin = next(t for t, limit in samples if limit == "app_paced")
        samples = [(t, limit) for t, limit in samples if t > begin + 1]
    return [(t, limit) for t, limit in samples if limit]


def judge_intervals(table, samples, case, away, shift, wrong):
    """How many rows are right, of those that count."""
    right = counted = 0
    for row in table:
        begin = float(row["start"]) - shift
        near = {limit for t, limit in samples if begin - away <= t < begin + float(row["length"]) + away}
        if case == "paced":  # between two chunks everything may be acknowledged
            if "app_paced" not in near or not near <= {"app_idle", "app_paced"}:
                continue
            near = {"app_paced"}
        if len(near) != 1:
            continue
        counted += 1
        right += row["main"] in near
        if row["main"] not in near:
            key = f"{near.pop()} told as {row['main']}"
            wrong[key] = wrong.get(key, 0) + 1
    return right, counted


def shares_of(capture, samples, case):
    """The largest difference between a share of the samples and of the time that they cover."""
    total = rows(capture, "--total")[0]
    begin, end = float(total["start"]), float(total["start"]) + float(total["length"])
    inside = [(t, limit) for t, limit in samples if begin <= t < end]
    table = [x for x in rows(capture, "--interval", "0.05") if inside[0][0] <= float(x["start"]) <= inside[-1][0]]
    time = sum(float(x["length"]) for x in table)
    true = {x: sum(limit == x for _, limit in inside) / len(inside) for x in LIMITS}
    found = {x: sum(float(row[x] or 0) * float(row["length"]) for row in table) / time for x in LIMITS}
    if case == "paced":
        for table in (true, found):
            table["app_paced"] += table.pop("app_idle")
    return total, max(abs(true[x] - found[x]) for x in true)


def agreement(sender, receiver):
    same = all_ = 0
    for row in sender:
        begin, end = float(row["start"]), float(row["start"]) + float(row["length"])
        other = max(receiver, key=lambda x: min(end, float(x["start"]) + float(x["length"])) - max(begin, float(x["start"])))
        if min(end, float(other["start"]) + float(other["length"])) > max(begin, float(other["start"])):
            all_ += 1
            same += row["main"] == other["main"]
    return same, all_


def drains(samples, begin, end):
    """How long what each subflow was given needs to arrive: what it has not sent and what is in flight, at its rate."""
    found = {}
    for peer in {x["peer"] for sample in samples for x in sample["sockets"] if x["kind"] == "tcp"}:
        seen = [x for sample in samples if begin <= sample["t"] < end for x in sample["sockets"]
                if x["kind"] == "tcp" and x["peer"] == peer]
        acked = number(seen[-1], "bytes_acked") - number(seen[0], "bytes_acked") if len(seen) > 5 else 0
        if acked > 0:
            given = sum(number(x, "notsent") + number(x, "unacked") * number(x, "mss") for x in seen) / len(seen)
            found[peer] = given / (acked / (end - begin)) + float(seen[-1]["rtt"].split("/")[0]) / 2000
    return found


def judge_blockers(truth, capture):
    """Seconds of head-of-line blocking put down to the subflow that needs longest, where that is clear; and in all."""
    right = all_ = 0
    ports = [x["client"][0] for x in truth["connections"][0]["subflows"]]
    for row in rows(capture, "--interval", "1"):
        begin = float(row["start"])
        times = drains(truth["samples"], begin, begin + float(row["length"]))
        order = sorted(times, key=times.get)
        if len(order) == 2 and times[order[1]] > 1.2 * times[order[0]] and float(row["hol_blocked"]) > 0.1:
            all_ += float(row["hol_blocked"])
            slow = ports.index(order[1].rsplit(":", 1)[0])
            right += float(row["hol_blocked"]) * (row["hol_culprit"] == str(slow))
    return right, all_


def main(folder, names):
    names = names or sorted(os.path.basename(x).split(".")[0] for x in glob.glob(folder + "/*.truth.json*"))
    sums = {"server": [0, 0], "client": [0, 0], "shares": [0, 0], "agree": [0, 0], "culprit": [0, 0], "hol": [0, 0]}
    for name in names:
        truth = load(folder, name)
        case, samples = truth["expected"]["case"], samples_of(truth)
        delay = max(x["delay_us"] for x in truth["topology"]["links"]) / 1e6
        tables = {}
        for host in ("server", "client"):
            capture, wrong = os.path.join(folder, f"{name}.{host}.pcapng"), {}
            if not os.path.exists(capture):
                continue
            tables[host] = rows(capture)
            right, counted = judge_intervals(tables[host], samples, case, max(4 * delay, 0.05),
                                             delay if host == "client" else 0, wrong)
            total, difference = shares_of(capture, samples, case)
            sums[host] = [sums[host][0] + right, sums[host][1] + counted]
            print(f"{name:14} {host:6} {right:3} of {counted:3} right, shares within {difference:.2f}, {total['main']}",
                  total["culprit"], *[f"; {k}: {v}" for k, v in wrong.items()])
            if host == "server":
                sums["shares"] = [sums["shares"][0] + (difference <= 0.1), sums["shares"][1] + 1]
                if case == "hol":
                    sums["hol"] = [x + y for x, y in zip(sums["hol"], judge_blockers(truth, capture))]
                if truth["expected"]["path"] is not None:
                    sums["culprit"] = [sums["culprit"][0] + (total["culprit"] == str(truth["expected"]["path"])),
                                       sums["culprit"][1] + 1]
        same, all_ = agreement(*tables.values()) if len(tables) == 2 else (0, 0)
        sums["agree"] = [sums["agree"][0] + same, sums["agree"][1] + all_]
    print("sender {}/{} receiver {}/{} shares {}/{} agree {}/{} culprit {}/{} blocked {:.1f}/{:.1f} s".format(
        *sums["server"], *sums["client"], *sums["shares"], *sums["agree"], *sums["culprit"], *sums["hol"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
