#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The family `bottleneck`: runs of the Linux kernel whose limit is known by construction.

    bottleneck.py run LAB WORK OUT SET     makes the runs of a set ("tuned", "held", "later", "fresh", "last", "quick") into the folder OUT
    bottleneck.py list SET                 their names

LAB is the folder of mc.py (network namespaces, a path emulator), WORK one for its temporary files and for mcbox. Each run
gives the captures of both hosts and a truth file, into which `ss -tiM` at the sender of the data (the server) was
sampled every 50 ms: `samples`. `expected` has the limit. Thresholds were chosen with "tuned", four of them again after
"held" was seen; what a full window explains was changed after "later" and "fresh" were, and "last" was made after that:
nothing was changed since. bottleneck_score.py compares mptcp-lb with the runs.
"""
import os
import re
import subprocess
import sys
import threading
import time

KB = 1000
# name: case, parameters. delay: one way, ms; rate: Mbit/s; queue: ms
TUNED = {
    "idle_1": ("idle", {"delay": [10], "rate": [20], "cc": "cubic"}),
    "idle_2": ("idle", {"delay": [15, 25], "rate": [12, 12], "cc": "reno"}),
    "idle_tcp": ("idle", {"delay": [20], "rate": [12], "cc": "cubic", "proto": "tcp"}),
    "paced_1k": ("paced", {"delay": [10, 20], "rate": [12, 12], "chunk": 1000, "cc": "cubic"}),
    "paced_4k": ("paced", {"delay": [20, 30], "rate": [12, 12], "chunk": 4000, "cc": "reno"}),
    "paced_16k": ("paced", {"delay": [15], "rate": [20], "chunk": 16000, "cc": "cubic"}),
    "paced_64k": ("paced", {"delay": [20, 20], "rate": [12, 8], "chunk": 64000, "cc": "cubic"}),
    "paced_8k_bbr": ("paced", {"delay": [20], "rate": [12], "chunk": 8000, "cc": "bbr"}),
    "paced_tcp": ("paced", {"delay": [20], "rate": [12], "chunk": 6000, "cc": "cubic", "proto": "tcp"}),
    "window_32k": ("window", {"delay": [30], "rate": [20], "rcvbuf": 32, "cc": "cubic"}),
    "window_64k": ("window", {"delay": [50, 60], "rate": [20, 20], "rcvbuf": 64, "cc": "reno"}),
    "window_256k": ("window", {"delay": [100, 110], "rate": [20, 20], "rcvbuf": 256, "cc": "cubic"}),
    "window_tcp": ("window", {"delay": [50], "rate": [20], "rcvbuf": 64, "cc": "cubic", "proto": "tcp"}),
    "sndbuf_64k": ("send_buffer", {"delay": [50], "rate": [20], "sndbuf": 64, "cc": "cubic"}),
    "loss_0": ("loss", {"delay": [15, 15], "rate": [12, 12], "path": 0, "cc": "cubic"}),
    "loss_1": ("loss", {"delay": [10, 20], "rate": [12, 12], "path": 1, "cc": "reno"}),
    "hole_0": ("blackhole", {"delay": [15, 20], "rate": [8, 8], "path": 0, "cc": "cubic"}),
    "hole_1": ("blackhole", {"delay": [20, 15], "rate": [8, 8], "path": 1, "cc": "reno"}),
    "bulk_1": ("network", {"delay": [15], "rate": [12], "cc": "cubic"}),
    "bulk_1_bbr": ("network", {"delay": [20], "rate": [12], "cc": "bbr"}),
    "bulk_2": ("network", {"delay": [15, 20], "rate": [12, 12], "cc": "cubic"}),
    "bulk_2_reno": ("network", {"delay": [25, 15], "rate": [12, 12], "cc": "reno"}),
    "bulk_tcp": ("network", {"delay": [15], "rate": [12], "cc": "cubic", "proto": "tcp"}),
    "hol_slow_1": ("hol", {"delay": [5, 100], "rate": [8, 8], "cc": "cubic"}),
}
HELD = {
    "idle_a": ("idle", {"delay": [25], "rate": [16], "cc": "bbr"}),
    "idle_b": ("idle", {"delay": [8, 35], "rate": [20, 10], "cc": "cubic"}),
    "idle_c": ("idle", {"delay": [12], "rate": [8], "cc": "reno", "proto": "tcp"}),
    "paced_a": ("paced", {"delay": [25, 12], "rate": [16, 10], "chunk": 2000, "cc": "reno"}),
    "paced_b": ("paced", {"delay": [12], "rate": [10], "chunk": 5500, "cc": "cubic"}),
    "paced_c": ("paced", {"delay": [30, 18], "rate": [10, 16], "chunk": 12000, "cc": "cubic"}),
    "paced_d": ("paced", {"delay": [15, 15], "rate": [10, 10], "chunk": 40000, "cc": "reno"}),
    "paced_e": ("paced", {"delay": [30], "rate": [16], "chunk": 3000, "cc": "bbr"}),
    "paced_f": ("paced", {"delay": [12], "rate": [16], "chunk": 20000, "cc": "reno", "proto": "tcp"}),
    "window_a": ("window", {"delay": [40, 40], "rate": [20, 20], "rcvbuf": 32, "cc": "cubic"}),
    "window_b": ("window", {"delay": [60], "rate": [25], "rcvbuf": 64, "cc": "bbr"}),
    "window_c": ("window", {"delay": [120, 90], "rate": [25, 20], "rcvbuf": 256, "cc": "reno"}),
    "window_d": ("window", {"delay": [70], "rate": [16], "rcvbuf": 32, "cc": "reno", "proto": "tcp"}),
    "sndbuf_a": ("send_buffer", {"delay": [60], "rate": [25], "sndbuf": 96, "cc": "reno"}),
    "loss_a": ("loss", {"delay": [20, 12], "rate": [10, 10], "path": 0, "cc": "reno"}),
    "loss_b": ("loss", {"delay": [12, 12], "rate": [16, 16], "path": 1, "cc": "cubic"}),
    "hole_a": ("blackhole", {"delay": [25, 12], "rate": [10, 8], "path": 0, "cc": "reno"}),
    "hole_b": ("blackhole", {"delay": [10, 18], "rate": [8, 10], "path": 1, "cc": "cubic"}),
    "bulk_a": ("network", {"delay": [20], "rate": [10], "cc": "reno"}),
    "bulk_b": ("network", {"delay": [12], "rate": [16], "cc": "bbr"}),
    "bulk_c": ("network", {"delay": [30, 10], "rate": [10, 16], "cc": "cubic"}),
    "bulk_d": ("network", {"delay": [20], "rate": [16], "cc": "reno", "proto": "tcp"}),
    "hol_a": ("hol", {"delay": [100, 5], "rate": [10, 10], "cc": "reno"}),
}
LATER = {
    "idle_k": ("idle", {"delay": [18], "rate": [10], "cc": "cubic"}),
    "idle_l": ("idle", {"delay": [30, 12], "rate": [16, 16], "cc": "reno"}),
    "paced_k": ("paced", {"delay": [18, 8], "rate": [14, 14], "chunk": 1300, "cc": "cubic"}),
    "paced_l": ("paced", {"delay": [35], "rate": [14], "chunk": 7000, "cc": "reno"}),
    "paced_m": ("paced", {"delay": [22, 28], "rate": [14, 8], "chunk": 24000, "cc": "cubic"}),
    "paced_n": ("paced", {"delay": [16], "rate": [18], "chunk": 10000, "cc": "bbr"}),
    "paced_o": ("paced", {"delay": [28], "rate": [14], "chunk": 50000, "cc": "cubic", "proto": "tcp"}),
    "window_k": ("window", {"delay": [55, 45], "rate": [18, 18], "rcvbuf": 32, "cc": "reno"}),
    "window_l": ("window", {"delay": [45], "rate": [18], "rcvbuf": 64, "cc": "cubic"}),
    "window_m": ("window", {"delay": [90], "rate": [24], "rcvbuf": 256, "cc": "cubic"}),
    "window_n": ("window", {"delay": [65], "rate": [20], "rcvbuf": 48, "cc": "cubic", "proto": "tcp"}),
    "sndbuf_k": ("send_buffer", {"delay": [45], "rate": [18], "sndbuf": 48, "cc": "cubic"}),
    "sndbuf_l": ("send_buffer", {"delay": [70], "rate": [22], "sndbuf": 80, "cc": "reno"}),
    "loss_k": ("loss", {"delay": [22, 16], "rate": [14, 10], "path": 0, "cc": "cubic"}),
    "loss_l": ("loss", {"delay": [18, 10], "rate": [10, 14], "path": 1, "cc": "reno"}),
    "hole_k": ("blackhole", {"delay": [22, 22], "rate": [9, 9], "path": 0, "cc": "cubic"}),
    "hole_l": ("blackhole", {"delay": [14, 24], "rate": [9, 9], "path": 1, "cc": "cubic"}),
    "bulk_k": ("network", {"delay": [28], "rate": [14], "cc": "cubic"}),
    "bulk_l": ("network", {"delay": [16], "rate": [14], "cc": "bbr"}),
    "bulk_m": ("network", {"delay": [18, 26], "rate": [14, 9], "cc": "reno"}),
    "bulk_n": ("network", {"delay": [24], "rate": [10], "cc": "cubic", "proto": "tcp"}),
    "hol_k": ("hol", {"delay": [5, 100], "rate": [9, 9], "cc": "cubic"}),
}
FRESH = {
    "idle_p": ("idle", {"delay": [22], "rate": [15], "cc": "reno"}),
    "idle_q": ("idle", {"delay": [12, 28], "rate": [18, 12], "cc": "cubic"}),
    "idle_r": ("idle", {"delay": [35], "rate": [12], "cc": "bbr"}),
    "paced_p": ("paced", {"delay": [14, 24], "rate": [10, 16], "chunk": 1700, "cc": "cubic"}),
    "paced_q": ("paced", {"delay": [26], "rate": [12], "chunk": 9000, "cc": "cubic"}),
    "paced_r": ("paced", {"delay": [32, 20], "rate": [12, 12], "chunk": 30000, "cc": "reno"}),
    "paced_s": ("paced", {"delay": [24], "rate": [14], "chunk": 6000, "cc": "bbr"}),
    "paced_t": ("paced", {"delay": [18], "rate": [10], "chunk": 45000, "cc": "reno", "proto": "tcp"}),
    "window_p": ("window", {"delay": [48, 58], "rate": [22, 22], "rcvbuf": 40, "cc": "cubic"}),
    "window_q": ("window", {"delay": [80], "rate": [22], "rcvbuf": 128, "cc": "reno"}),
    "window_r": ("window", {"delay": [105], "rate": [24], "rcvbuf": 256, "cc": "cubic"}),
    "window_s": ("window", {"delay": [58], "rate": [24], "rcvbuf": 96, "cc": "reno", "proto": "tcp"}),
    "sndbuf_p": ("send_buffer", {"delay": [55], "rate": [20], "sndbuf": 56, "cc": "reno"}),
    "sndbuf_q": ("send_buffer", {"delay": [65], "rate": [24], "sndbuf": 100, "cc": "cubic"}),
    "sndbuf_r": ("send_buffer", {"delay": [40], "rate": [20], "sndbuf": 72, "cc": "cubic"}),
    "loss_p": ("loss", {"delay": [14, 20], "rate": [12, 10], "path": 0, "cc": "reno"}),
    "loss_q": ("loss", {"delay": [24, 14], "rate": [12, 12], "path": 1, "cc": "cubic"}),
    "hole_p": ("blackhole", {"delay": [18, 26], "rate": [8, 10], "path": 0, "cc": "reno"}),
    "hole_q": ("blackhole", {"delay": [26, 18], "rate": [10, 8], "path": 1, "cc": "cubic"}),
    "bulk_p": ("network", {"delay": [22], "rate": [12], "cc": "reno"}),
    "bulk_q": ("network", {"delay": [24], "rate": [16], "cc": "bbr"}),
    "bulk_r": ("network", {"delay": [14, 32], "rate": [12, 8], "cc": "cubic"}),
    "bulk_s": ("network", {"delay": [20], "rate": [12], "cc": "cubic", "proto": "tcp"}),
    "hol_p": ("hol", {"delay": [100, 8], "rate": [8, 8], "cc": "cubic"}),
}
LAST = {
    "idle_u": ("idle", {"delay": [16, 24], "rate": [14, 14], "cc": "cubic"}),
    "paced_u": ("paced", {"delay": [20, 12], "rate": [12, 14], "chunk": 2600, "cc": "reno"}),
    "paced_v": ("paced", {"delay": [24], "rate": [16], "chunk": 15000, "cc": "cubic"}),
    "window_u": ("window", {"delay": [95, 105], "rate": [22, 22], "rcvbuf": 200, "cc": "cubic"}),
    "window_v": ("window", {"delay": [75], "rate": [22], "rcvbuf": 160, "cc": "cubic"}),
    "window_w": ("window", {"delay": [42, 52], "rate": [18, 22], "rcvbuf": 56, "cc": "reno"}),
    "sndbuf_u": ("send_buffer", {"delay": [50], "rate": [22], "sndbuf": 64, "cc": "cubic"}),
    "loss_u": ("loss", {"delay": [16, 18], "rate": [12, 12], "path": 1, "cc": "cubic"}),
    "hole_u": ("blackhole", {"delay": [20, 24], "rate": [9, 8], "path": 0, "cc": "cubic"}),
    "bulk_u": ("network", {"delay": [26], "rate": [14], "cc": "cubic"}),
    "bulk_v": ("network", {"delay": [18, 28], "rate": [10, 10], "cc": "cubic"}),
    "bulk_w": ("network", {"delay": [22], "rate": [14], "cc": "reno", "proto": "tcp"}),
}
QUICK = {  # small ones, at the sender: the captures of bottleneck.bats
    "window": ("window", {"delay": [40, 50], "rate": [20, 20], "rcvbuf": 32, "cc": "cubic", "seconds": 3}),
    "paced": ("paced", {"delay": [20, 30], "rate": [1.2, 1.2], "chunk": 3000, "cc": "cubic", "seconds": 4}),
    "loss": ("loss", {"delay": [12, 12], "rate": [3, 3], "path": 1, "cc": "cubic", "seconds": 4}),
}
SETS = {"tuned": TUNED, "held": HELD, "later": LATER, "fresh": FRESH, "last": LAST, "quick": QUICK}
SEEDS = {"tuned": 1, "held": 1000, "later": 2000, "fresh": 4000, "last": 5000, "quick": 3000}
NAMES = {"idle": "app_idle", "paced": "app_paced", "window": "mptcp_window", "send_buffer": "send_buffer",
         "loss": "recovery", "blackhole": "recovery", "network": "network", "hol": "network"}


class Samples(threading.Thread):
    """`ss -tiM` at a host every 50 ms: per sample its time and a row per socket."""

    WANTED = re.compile(r"\b(mss|cwnd|rto|bytes_sent|bytes_acked|bytes_retrans|unacked|lost|sacked|notsent|"
                        r"write_seq|snd_una|snd_wnd|minrtt):(\w+)|\b(rtt|retrans|rwnd_limited|sndbuf_limited|busy):(\S+)")

    def __init__(self, host):
        super().__init__(daemon=True)
        self.host, self.rows, self.quit = host, [], threading.Event()
        self.start()

    def run(self):
        due = time.time()
        while not self.quit.wait(max(0, due - time.time())):
            due = max(due + 0.05, time.time())
            before = time.time()
            text = self.host.run("ss", "-tiMnOH", "state", "established", check=False)
            row = {"t": round((before + time.time()) / 2, 4), "sockets": []}
            for line in text.splitlines():
                cells = line.split()
                values = {a or c: b or d for a, b, c, d in self.WANTED.findall(line)}
                if "app_limited" in cells:
                    values["app_limited"] = True
                row["sockets"].append({"kind": cells[0], "send_q": int(cells[2]), "peer": cells[4], **values})
            self.rows.append(row)


def prepare(env, case, delay, rate, queue, loss, path):
    links = [{"delay_us": int(d * KB), "rate_bps": int(r * 1e6), "qmax_us": queue * KB} for d, r in zip(delay, rate)]
    if loss:  # of data only: the acknowledgements keep coming
        links[path]["loss_ppm"] = [0, loss]
    client, server = env.box(links)
    env.mptcp(client, server)
    env.truth["congestion_control"] = env.cc
    large = "4096 4194304 16777216"
    for host in (client, server):
        host.sysctl(net__ipv4__tcp_wmem=large)
        if case != "window":
            host.sysctl(net__ipv4__tcp_rmem="4096 6291456 16777216")
    for i in range(1, len(links)):
        env.endpoint(client, client.v4[i], "subflow", dev=client.ifs[i])
    for role in ("client", "server"):
        env.capture(role, mode="dumpcap", snap=128)
    return client, server


def bottleneck(env, case="network", delay=(15,), rate=(12,), proto="mptcp", queue=60, seconds=8, chunk=4000, rcvbuf=None,
               sndbuf=None, path=0):
    """A download whose limit is known: the application, a buffer, or a path."""
    total = sum(rate) * 1e6 / 8  # bytes per second
    rng = env.rng
    client, server = prepare(env, case, delay, rate, queue, 30000 if case == "loss" else 0, path)
    port = rng.randrange(5000, 9000)
    con = {"id": 1, "dst": server.v4[0], "port": port, "proto": proto, "settle": 0.5, "dl": int(total * seconds * 0.8)}
    serve = {}
    if case == "idle":  # 0.2 s of data, 0.8 s of nothing
        con.update(mode="reqresp", rounds=8, ul=100, dl=int(total * 0.2), interval=0.8)
    elif case == "paced":
        serve = {"pace": int(total * 0.5), "chunk": chunk}
        con["dl"] = int(total * 0.5 * seconds)
    elif case == "window":
        con.update(rcvbuf=rcvbuf * KB, dl=int(rcvbuf * KB / (2 * max(delay) / KB) * seconds * 0.7))
    elif case == "send_buffer":
        serve = {"sndbuf": sndbuf * KB}
        con["dl"] = int(sndbuf * KB / (2 * max(delay) / KB) * seconds)
    elif case == "loss":
        con["dl"] = int(total * seconds * 0.35)
    elif case == "blackhole":
        con["dl"] = int(total * 6)
        env.at(3.0, f"link {path} drops everything", lambda: env.box_set(f"set {path} * blackhole 1"))
        env.at(4.0, f"link {path} works again", lambda: env.box_set(f"set {path} * blackhole 0"))
    env.begin()
    env.server(server, port, proto=proto, **serve)
    samples = Samples(server)
    env.client(client, [con], timeout=60)
    samples.quit.set()
    samples.join()
    env.settle()
    env.truth["samples"] = samples.rows
    env.truth["expected"] = {"limit": NAMES[case], "case": case, "path": path if case in ("loss", "blackhole") else None,
                             "buffer": rcvbuf * KB if rcvbuf else None, "subflows": len(delay), "proto": proto,
                             "slow": delay.index(max(delay))}


def sort_capture(path):
    subprocess.run(["reordercap", path, path + ".tmp"], check=True, stdout=subprocess.DEVNULL)
    os.replace(path + ".tmp", path)


def make(lab, work, out, which, only=""):
    os.makedirs(work, exist_ok=True)
    box = os.path.join(work, "mcbox")
    if not os.path.exists(box):
        subprocess.run(["gcc", "-O2", "-o", box, os.path.join(lab, "mcbox.c")], check=True)
    os.environ["MC_WORK"] = work
    sys.path.insert(0, lab)
    import mc
    mc.family(bottleneck)
    good = True
    for seed, (name, (case, params)) in enumerate(SETS[which].items()):
        truth = os.path.join(out, name + ".truth.json")
        if only in name and not os.path.exists(truth) and not os.path.exists(truth + ".gz"):
            made = mc.run("bottleneck", name, out, seed + SEEDS[which], {"case": case, **params})
            for host in ("client", "server"):  # dumpcap takes interfaces one after the other
                sort_capture(os.path.join(out, f"{name}.{host}.pcapng"))
            good = made and good
    return good


if __name__ == "__main__":
    if sys.argv[1] == "list":
        print("\n".join(SETS[sys.argv[2]]))
    else:
        sys.exit(0 if make(*sys.argv[2:]) else 1)
