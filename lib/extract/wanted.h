/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wanted: which packets of a capture belong to what is selected.
 *
 * All packets of a TCP connection belong to its MPTCP connection, also those without an option, and
 * those before the one that shows to which it belongs: it is decided when all were seen. A copy of
 * a packet goes where that goes. Memory is 24 bytes a packet.
 */
#ifndef MPTCP_WANTED_H
#define MPTCP_WANTED_H

#include "interval.h"
#include "numbers.h"
#include "selection.h"

/* The columns that mptcp_wanted_add reads. */
#define MPTCP_WANTED_COLUMNS \
	(MPTCP_HAS(packetid) | MPTCP_HAS(reltime) | MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) | \
		MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest) | MPTCP_HAS(recvtok) | \
		MPTCP_HAS(duplicate_of))

struct mptcp_wanted_packet;
struct mptcp_wanted_stream;

struct mptcp_wanted {
	struct mptcp_selection selection; /* borrowed; with `tcp` TCP connections without MPTCP */
	const struct mptcp_intervals *listed; /* packets by number; NULL: all */
	uint64_t most;                        /* packets of each TCP connection, 0: all */
	struct mptcp_wanted_packet *packets;
	size_t packet_count, packet_capacity;
	struct mptcp_wanted_stream *streams; /* TCP connections, in order of appearance */
	size_t stream_count, stream_capacity;
	struct mptcp_numbers index; /* by tcpstream */
};

/* The packets of a capture, in their order. 0, or -1 when memory ran out. */
int mptcp_wanted_add(struct mptcp_wanted *wanted, const struct mptcp_packet *packet);
/* Adds the numbers of the packets that are wanted to a set. 0, or -1 when memory ran out. */
int mptcp_wanted_choose(struct mptcp_wanted *wanted, struct mptcp_intervals *packets);
void mptcp_wanted_clear(struct mptcp_wanted *wanted);

#endif
