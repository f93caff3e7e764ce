/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcplist: the TCP connections of a packet stream, MPTCP or not, as mptcp-lt(1) lists them.
 *
 * Packets are added one by one; afterwards the streams are there, in order of first appearance.
 * Memory grows with connections and holes, not with packets.
 */
#ifndef MPTCP_TCPLIST_H
#define MPTCP_TCPLIST_H

#include "direction.h"
#include "error.h"
#include "numbers.h"
#include "packet.h"
#include "rtt.h"

#include <stdbool.h>
#include <stdint.h>

/* The columns that mptcp_tcplist_add reads. */
#define MPTCP_TCPLIST_COLUMNS \
	(MPTCP_DIRECTION_COLUMNS | MPTCP_HAS(ipsrc) | MPTCP_HAS(ipdst) | MPTCP_HAS(sport) | \
		MPTCP_HAS(dport) | MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) | \
		MPTCP_HAS(mptcpstream))

enum mptcp_tcp_state {
	MPTCP_TCP_OPEN,   /* still open where the capture ends */
	MPTCP_TCP_CLOSED, /* FIN in both directions */
	MPTCP_TCP_RESET,  /* RST */
	MPTCP_TCP_FAILED  /* a SYN was captured, and the connection was never established */
};
/* "open", "closed", ... */
const char *mptcp_tcp_state_name(enum mptcp_tcp_state state);

struct mptcp_tcp_stream {
	uint32_t tcpstream;
	bool has_mptcpstream;
	uint32_t mptcpstream;
	struct mptcp_address addresses[2]; /* by TCP role */
	uint16_t ports[2];                 /* by TCP role */
	struct mptcp_direction to[2];      /* by TCP role of the destination */
	struct mptcp_handshake handshake;
	bool established; /* a packet that is neither SYN nor RST, other than in answer to a SYN */
	bool fin[2];      /* by TCP role of the destination */
	bool rst;
};

struct mptcp_tcplist {
	struct mptcp_tcp_stream *streams; /* in order of first appearance */
	size_t count, capacity;
	struct mptcp_numbers index; /* by tcpstream */
};

/* A zeroed struct is an empty list. Packets without tcpstream are ignored. */
int mptcp_tcplist_add(struct mptcp_tcplist *list, const struct mptcp_packet *packet,
	struct mptcp_error *error);
uint64_t mptcp_tcp_packets(const struct mptcp_tcp_stream *stream);
/* Time of its first packet, and from there to its last one. */
int64_t mptcp_tcp_start(const struct mptcp_tcp_stream *stream);
int64_t mptcp_tcp_duration(const struct mptcp_tcp_stream *stream);
enum mptcp_tcp_state mptcp_tcp_state(const struct mptcp_tcp_stream *stream);
void mptcp_tcplist_release(struct mptcp_tcplist *list);

#endif
