/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * received: whether payload that is in the capture of its receiver was received: not on a subflow
 * that the receiver had reset before (RFC 9293 section 3.10.7.1: its TCP is closed and throws
 * segments away), and not if the RST was the answer to it: where the receiver had sent a FIN, all
 * that came after its last segment before the RST.
 *
 * A RST of a host that goes on with other segments ended nothing. Memory follows the streams. A
 * zeroed struct has seen nothing.
 */
#ifndef MPTCP_RECEIVED_H
#define MPTCP_RECEIVED_H

#include "error.h"
#include "numbers.h"
#include "packet.h"
#include "pairing.h"

/* The columns that mptcp_received_add reads. */
#define MPTCP_RECEIVED_COLUMNS \
	(MPTCP_HAS(packetid) | MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) | MPTCP_HAS(tcpflags))

struct mptcp_received_end {
	uint64_t last;  /* packetid of its last segment that is not a RST; 0 for none */
	uint64_t reset; /* from this packetid on nothing was received; 0: it was not reset */
	bool fin;
};

struct mptcp_received {
	struct mptcp_received_end *ends; /* two per stream: by TCP role of the receiver */
	size_t count, capacity;
	struct mptcp_numbers index; /* by tcpstream */
};

/* Each packet of a capture in order, before anything is asked. 0, or -1 when memory ran out. */
int mptcp_received_add(struct mptcp_received *received, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* Whether a packet to that TCP role of the stream was received. */
bool mptcp_received_has(const struct mptcp_received *received, uint32_t tcpstream,
	enum mptcp_role tcpdest, uint64_t packetid);
/* Whether what a pair has at the receiver's end was received there. `received`, `evidence`: of a
 * and b. */
bool mptcp_received_pair(const struct mptcp_received received[2],
	const struct mptcp_evidence evidence[2], const struct mptcp_pair *pair);
void mptcp_received_clear(struct mptcp_received *received);

#endif
