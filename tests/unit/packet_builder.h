/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet_builder: packets of the stream for tests of what reads them. (scenario.h makes them by way
 * of frames and the tracker.)
 *
 * All are between the client 10.0.0.1, port 40000 + the number of the stream, and the server
 * 10.0.0.2, port 443. What a function sets is present.
 */
#ifndef PACKET_BUILDER_H
#define PACKET_BUILDER_H

#include "packet.h"

#include <string.h>

static inline struct mptcp_address build_host(uint8_t last)
{
	return (struct mptcp_address){.bytes = {10, 0, 0, last}, .family = 4};
}

/* A segment of a TCP connection: the first packet of the capture, at time 0. */
static inline struct mptcp_packet build_tcp(uint32_t tcpstream, enum mptcp_role to, unsigned flags,
	uint32_t sequence, uint32_t length)
{
	uint16_t client = (uint16_t)(40000 + tcpstream);
	bool to_server = to == MPTCP_SERVER;

	return (struct mptcp_packet){.present = MPTCP_HAS(packetid) | MPTCP_HAS(abstime) |
			MPTCP_HAS(reltime) | MPTCP_HAS(ipsrc) | MPTCP_HAS(ipdst) |
			MPTCP_HAS(sport) | MPTCP_HAS(dport) | MPTCP_HAS(tcpstream) |
			MPTCP_HAS(tcpdest) | MPTCP_HAS(tcpflags) | MPTCP_HAS(tcpseq) |
			MPTCP_HAS(tcplen),
		.packetid = 1,
		.ipsrc = build_host(to_server ? 1 : 2),
		.ipdst = build_host(to_server ? 2 : 1),
		.sport = to_server ? client : 443,
		.dport = to_server ? 443 : client,
		.tcpstream = tcpstream,
		.tcpdest = (uint8_t)to,
		.tcpflags = (uint16_t)flags,
		.tcpseq = sequence,
		.tcplen = length};
}

/* The same on a subflow of an MPTCP connection whose client opened it. */
static inline struct mptcp_packet build_mptcp(uint32_t mptcpstream, uint32_t tcpstream,
	enum mptcp_role to, unsigned flags)
{
	struct mptcp_packet packet = build_tcp(tcpstream, to, flags, 0, 0);

	packet.present |= MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest);
	packet.mptcpstream = mptcpstream;
	packet.mptcpdest = (uint8_t)to;
	return packet;
}

/* `length` bytes of payload, whose DSNs are the text of dsn_split. */
static inline struct mptcp_packet build_split(const char *text, uint32_t length)
{
	struct mptcp_packet packet = build_tcp(0, MPTCP_SERVER, MPTCP_ACK, 1, length);

	packet.present |= MPTCP_HAS(dsn_split);
	packet.dsn_split = (struct mptcp_text){text, strlen(text)};
	return packet;
}

static inline void build_options(struct mptcp_packet *packet, const char *text)
{
	packet->present |= MPTCP_HAS(options);
	packet->options = (struct mptcp_text){text, strlen(text)};
}

#endif
