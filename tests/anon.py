#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Anonymises captures, and compares what the tools make of both, but for the map.

    anon.py SEED[,OPTION]... CAPTURE...

The tables of lc, ls, stat, le and lr: addresses, ports, times and, with --keys change, keys and
tokens may differ, but always in the same way; nothing else may. The checksums of tshark, with
--payload keep. No address of the original is anywhere in the result, in bytes or as a text.
Status 1: something is not so.
"""
import csv
import io
import ipaddress
import os
import subprocess
import sys

TOOLS = ("lc", "ls", "stat", "le", "lr")
OF_KEYS = {"client_token", "server_token", "token", "key"}
NOBODY = {"0.0.0.0", "255.255.255.255", "::", "::1"}
CLASSES = [ipaddress.ip_network(text) for text in (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
    "224.0.0.0/4", "fc00::/7", "fe80::/10", "ff00::/8")]


def run(tool, *arguments):
    """The result of a tool."""
    return subprocess.run([f"mptcp-{tool}", "-q", *arguments], capture_output=True, text=True,
                          check=False)


def rows(tool, *arguments):
    """The rows of its table."""
    return list(csv.DictReader(io.StringIO(run(tool, *arguments).stdout)))


def address(text):
    """What it says as an address, or None."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def of_class(one):
    """The classes that an address belongs to."""
    return [net for net in CLASSES if net.version == one.version and one in net]


class Map:
    """One to one, as far as it was seen."""

    def __init__(self):
        self.there, self.back = {}, {}

    def fits(self, one, other):
        """Whether it goes on being a map."""
        return self.there.setdefault(one, other) == other and self.back.setdefault(other, one) == one


class Comparison:
    """Of a capture and what was made of it."""

    def __init__(self, keys):
        self.keys, self.shift = keys, None
        self.addresses, self.ports, self.interfaces = Map(), Map(), Map()

    def same(self, name, one, other):
        """Whether the cells of a column agree."""
        if name.endswith("abstime") and one:
            shift = int(other.split(".")[0]) - int(one.split(".")[0])
            self.shift = shift if self.shift is None else self.shift
            return shift == self.shift and one.split(".")[1] == other.split(".")[1]
        if address(one) and address(other) and "." + one != one:
            a, b = address(one), address(other)
            return a.version == b.version and of_class(a) == of_class(b) and self.addresses.fits(a, b)
        if "port" in name and one.isdigit() and other.isdigit():
            return (one == other or int(one) >= 32768 <= int(other)) and self.ports.fits(one, other)
        if name == "interface" and one:
            return other.startswith("eth") and self.interfaces.fits(one, other)
        return one == other or (self.keys and name in OF_KEYS and bool(one) == bool(other))

    def tables(self, original, result):
        """What is not the same."""
        for tool in TOOLS:
            before, after = rows(tool, original), rows(tool, result)
            if len(before) != len(after):
                yield f"{tool}: {len(after)} rows instead of {len(before)}"
            for number, (a, b) in enumerate(zip(before, after)):
                for name in a:
                    if not self.same(name, a[name], b[name]):
                        yield f"{tool}: row {number}: {name}: {b[name]} for {a[name]}"
                        return


def checksums(capture):
    """What tshark says of those of each packet."""
    return subprocess.run(["tshark", "-r", capture, "-o", "ip.check_checksum:TRUE", "-o",
                           "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-T", "fields", "-e",
                           "ip.checksum.status", "-e", "tcp.checksum.status", "-e", "udp.checksum.status"],
                          capture_output=True, text=True, check=False).stdout


def originals(capture):
    """The addresses of a capture: of headers, and announced."""
    found = {row[name] for row in rows("export", "--columns", "ipsrc,ipdst", capture) for name in row}
    found |= {row["address"] for row in rows("le", capture)}
    return {one for one in found if address(one)} - NOBODY


def leaks(found, result):
    """Those that the bytes of a file have."""
    with open(result, "rb") as file:
        content = file.read()
    for one in found:
        if address(one).packed in content or one.encode() in content:
            yield one


def differences(capture, options):
    """What is wrong with the result for one capture; None where there is none to be."""
    suffix = os.path.splitext(capture)[1]
    plain, result = "plain" + suffix, "anonymised" + suffix
    for name in (plain, result):
        if os.path.exists(name):
            os.unlink(name)
    kept = run("extract", "--tcp", capture, "-o", plain)
    if kept.returncode not in (0, 3):
        return None
    done = run("anon", "--seed", options[0], *options[1:], capture, "-o", result)
    if done.returncode not in (0, 3) or not os.path.exists(result):
        return [f"status {done.returncode}: {done.stderr.strip()}"]
    wrong = list(Comparison("change" in options).tables(plain, result))
    if not wrong and "--payload=keep" in options and checksums(plain) != checksums(result):
        wrong.append("checksums")
    if "keep" not in options:
        wrong += [f"{one} is in the result" for one in leaks(originals(plain), result)]
    return wrong


def main():
    options, captures = sys.argv[1].split(","), sys.argv[2:]
    compared, wrong = 0, []
    for capture in captures:
        found = differences(capture, options)
        compared += found is not None
        wrong += [f"{capture}: {what}" for what in found or []]
    print(*wrong, f"{compared} captures, {len(wrong)} differences", sep="\n")
    return bool(wrong) or not compared


if __name__ == "__main__":
    sys.exit(main())
