#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A download over MPTCP.

    transfer.py serve BYTES             waits for one connection and sends so many bytes
    transfer.py get BYTES ADDRESS       receives them; fails if there are more or fewer, or after a minute
"""
import socket
import sys

IPPROTO_MPTCP = 262
PORT = 5001


def main():
    action, size = sys.argv[1], int(sys.argv[2])
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP) as end:
        end.settimeout(60)
        if action == "serve":
            end.bind(("", PORT))  # subflows go to the other addresses of the host
            end.listen()
            print("listening", flush=True)
            connection, _ = end.accept()
            with connection:
                connection.settimeout(60)
                connection.sendall(bytes(size))
                connection.recv(1)  # until the client has everything and closes: subflows can join to the end
        else:
            end.connect((sys.argv[3], PORT))
            while size > 0 and (data := end.recv(1 << 16)):
                size -= len(data)
            end.shutdown(socket.SHUT_WR)
            if size or end.recv(1):
                sys.exit("transfer.py: bytes are missing, or too many")


main()
