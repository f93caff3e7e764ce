# SPDX-License-Identifier: GPL-2.0-or-later
"""Both ends of the traffic that bench/capture records; run inside its network namespaces.

    python3 traffic.py serve ADDRESS SECONDS
    python3 traffic.py long ADDRESS SECONDS
    python3 traffic.py short ADDRESS SECONDS CONNECTIONS
    python3 traffic.py mixed ADDRESS SECONDS

A client asks for a number of bytes at a rate, the server sends them; several requests may follow
each other on a connection. Each process ends by itself after SECONDS at the latest.
"""
import asyncio
import errno
import os
import socket
import struct
import sys
import time

IPPROTO_MPTCP = 262
PORTS = range(5001, 5005)  # several, for more connections than one has ephemeral ports
UDP_PORT = 5005
REQUEST = struct.Struct("!QQ")  # bytes wanted, bytes a second (0: as fast as it goes)
BLOCK = bytes(range(256)) * 256
FOR_EVER = 1 << 50
AT_ONCE = 40  # short connections open at the same time
MIXED_RATE = 4_000_000  # bytes a second of each of the flows of `mixed`


async def answer(reader, writer):
    """The server's side of one connection."""
    try:
        while True:
            size, rate = REQUEST.unpack(await reader.readexactly(REQUEST.size))
            start, sent = time.monotonic(), 0
            while sent < size:
                block = BLOCK[: size - sent]
                writer.write(block)
                await writer.drain()
                sent += len(block)
                if rate:
                    await asyncio.sleep(max(0, start + sent / rate - time.monotonic()))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def serve(address):
    """Listens on all ports until it is ended. An MPTCP socket takes plain TCP as well."""
    for port in PORTS:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        await asyncio.start_server(answer, sock=sock, backlog=4096)
    await asyncio.get_running_loop().create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=(address, UDP_PORT))
    print("ready", flush=True)
    await asyncio.Event().wait()


async def connect(address, port, protocol):
    """An open connection: reader and writer. (asyncio's own connect cannot resolve for MPTCP.)"""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    sock.setblocking(False)
    error = sock.connect_ex((address, port))
    if error == errno.EINPROGRESS:
        loop = asyncio.get_running_loop()
        writable = asyncio.Event()
        loop.add_writer(sock, writable.set)
        await writable.wait()
        loop.remove_writer(sock)
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))
    return await asyncio.open_connection(sock=sock, limit=1 << 20)


async def fetch(reader, writer, size, rate=0):
    """Asks for `size` bytes and throws them away."""
    writer.write(REQUEST.pack(size, rate))
    while size > 0:
        got = len(await reader.read(1 << 20))
        if not got:
            raise ConnectionError("the server has closed the connection")
        size -= got


async def long(address):
    """One download that does not end."""
    reader, writer = await connect(address, PORTS[0], IPPROTO_MPTCP)
    await fetch(reader, writer, FOR_EVER)


async def short(address, connections):
    """Connections of two requests each, long enough for a second subflow to be made."""
    numbers = iter(range(connections))

    async def one_after_the_other():
        for number in numbers:
            port = PORTS[number % len(PORTS)]
            reader, writer = await connect(address, port, IPPROTO_MPTCP)
            await fetch(reader, writer, 2000)
            await asyncio.sleep(0.01)
            await fetch(reader, writer, 2000)
            writer.close()
            await writer.wait_closed()

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))


async def mixed(address):
    """One MPTCP flow, eight of plain TCP in connections of 2 MB, one of UDP, each at one rate."""

    async def plain():
        while True:
            reader, writer = await connect(address, PORTS[1], socket.IPPROTO_TCP)
            await fetch(reader, writer, 2_000_000, MIXED_RATE)
            writer.close()

    async def datagrams():
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            asyncio.DatagramProtocol, remote_addr=(address, UDP_PORT))
        start, sent = time.monotonic(), 0
        while True:
            for _ in range(20):
                transport.sendto(BLOCK[:1200])
                sent += 1200
            await asyncio.sleep(max(0, start + sent / MIXED_RATE - time.monotonic()))

    reader, writer = await connect(address, PORTS[0], IPPROTO_MPTCP)
    await asyncio.gather(fetch(reader, writer, FOR_EVER, MIXED_RATE), datagrams(),
                         *(plain() for _ in range(8)))


def main():
    kind, address, seconds, *numbers = sys.argv[1:]
    role = {"serve": serve, "long": long, "short": short, "mixed": mixed}[kind]

    async def bounded():
        await asyncio.wait_for(role(address, *map(int, numbers)), float(seconds))

    try:
        asyncio.run(bounded())
    except (asyncio.TimeoutError, TimeoutError):
        return "the time is up"
    return None


if __name__ == "__main__":
    sys.exit(main())
