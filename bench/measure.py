# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command and says what it took: time, processor time, memory. For bench/run."""
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

TICK = os.sysconf("SC_CLK_TCK")
EVERY = 0.05  # seconds between two looks at the memory


@dataclass
class Sample:
    """One run of a command."""

    wall: float  # seconds
    cpu_self: float  # seconds, user and system, of the process itself
    cpu_children: float  # of those it has started and waited for
    cpu: float = 0  # seconds, of all, not rounded to ticks of the clock
    peak_self: int = 0  # bytes, VmHWM of the process itself
    peak_tree: int = 0  # bytes, highest sum of PSS over it and all its descendants


def processor_time(pid):
    """Seconds that a process, which may have ended and not been waited for, has used itself."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def read_kilobytes(path, name):
    """The value of a line such as "VmHWM:  1234 kB" in bytes; 0 if the process has gone."""
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith(name):
                    return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def descendants(pid):
    """The process and all below it."""
    found = [pid]
    for parent in found:
        try:
            with open(f"/proc/{parent}/task/{parent}/children", encoding="utf-8") as file:
                found += map(int, file.read().split())
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def watch_memory(pid, sample):
    """
    Looks every 50 ms until the process ends. VmHWM is kept by the kernel and only grows, so no peak
    of the tool itself is missed but one in its last 50 ms. (ru_maxrss is of no use: it counts what
    Python had before exec, and takes in the largest of the children.)
    """
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        sample.peak_self = max(sample.peak_self, read_kilobytes(f"/proc/{pid}/status", "VmHWM:"))
        tree = sum(read_kilobytes(f"/proc/{one}/smaps_rollup", "Pss:") for one in descendants(pid))
        sample.peak_tree = max(sample.peak_tree, tree)
        time.sleep(EVERY)


def measure(command, environment, memory=False):
    """Runs the command, its output thrown away. A failure ends the benchmark."""
    sample = Sample(0, 0, 0)
    with tempfile.TemporaryFile() as messages:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=messages, env=environment)
        try:
            if memory:
                watch_memory(process.pid, sample)
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            sample.wall = time.monotonic() - start
            sample.cpu_self = processor_time(process.pid)
        except BaseException:
            process.kill()
            raise
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        sample.cpu = usage.ru_utime + usage.ru_stime
        sample.cpu_children = max(0, sample.cpu - sample.cpu_self)
        if process.returncode:
            messages.seek(0)
            sys.exit(f"bench/run: {shlex.join(command)}: status {process.returncode}:\n"
                     + messages.read().decode(errors="replace"))
    return sample


def side_by_side(commands, environment, runs):
    """Runs the commands in turn, A B A B, `runs` times each; returns a list of samples for each."""
    samples = [[] for _ in commands]
    for _ in range(runs):
        for command, taken in zip(commands, samples):
            taken.append(measure(command, environment))
    return samples


def median(samples, value=lambda sample: sample.wall):
    """The median of wall times, or of another value."""
    return statistics.median(map(value, samples))
