/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolve: a frame becomes a packet: everything that is derived, once enough was learned.
 *
 * Frames are resolved in the order of the capture; what "earlier" means for retransmissions and
 * reinjections is that order.
 */
#ifndef MPTCP_RESOLVE_H
#define MPTCP_RESOLVE_H

#include "connection.h"
#include "flow.h"
#include "options.h"
#include "packet.h"

struct mptcp_resolver {
	int64_t start_time;   /* of the capture, for reltime */
	uint32_t connections; /* numbers given to MPTCP connections so far */
	uint64_t in_pieces;   /* packets whose payload has more pieces than are told apart */
	/* texts of the packet made last */
	struct mptcp_buffer sack, addrid, options, reinjection_of, dsn_split, malformed;
};

void mptcp_resolver_clear(struct mptcp_resolver *resolver);
/*
 * Makes the packet of a frame that end `from` of the flow sent. Its text is valid until the next
 * call. 0, or -1 when memory ran out.
 */
int mptcp_resolve(struct mptcp_resolver *resolver, const struct mptcp_frame *frame,
	struct mptcp_flow *flow, unsigned from, struct mptcp_packet *packet);
/* The same for a copy of the frame of number `original`: only what stands in it. */
int mptcp_resolve_copy(struct mptcp_resolver *resolver, const struct mptcp_frame *frame,
	uint64_t original, struct mptcp_packet *packet);

#endif
