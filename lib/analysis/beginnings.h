/* SPDX-License-Identifier: GPL-2.0-or-later */
/* beginnings: when each connection of a packet stream begins: the time of its first packet, from
 * which --time connection counts. Memory grows with connections, not with packets. */
#ifndef MPTCP_BEGINNINGS_H
#define MPTCP_BEGINNINGS_H

#include "error.h"
#include "numbers.h"
#include "packet.h"

/* A zeroed struct has none. */
struct mptcp_beginnings {
	struct mptcp_numbers connections; /* by mptcpstream */
	struct mptcp_numbers streams;     /* by tcpstream, of TCP connections without MPTCP */
	int64_t *times;                   /* abstime; of packets without it, reltime */
	size_t count, capacity;
};

/* 0, or -1 when memory ran out. */
int mptcp_beginnings_add(struct mptcp_beginnings *beginnings, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* Of an MPTCP connection, of a TCP connection without one; 0 where none of its packets came. */
int64_t mptcp_beginnings_connection(const struct mptcp_beginnings *beginnings,
	uint32_t mptcpstream);
int64_t mptcp_beginnings_stream(const struct mptcp_beginnings *beginnings, uint32_t tcpstream);
void mptcp_beginnings_clear(struct mptcp_beginnings *beginnings);

#endif
