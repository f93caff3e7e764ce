/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * duplicates: packets that were captured twice: by `-i any` on a router or a host with VLANs, by a
 * mirror port, before and after NAT, by captures of both ends merged into one.
 *
 * Two captures of one packet agree in sequence number, acknowledgement, flags, length, TSval and
 * IP id, in at least one endpoint (NAT translates the other, address, port or both), and are at
 * most 50 ms apart. Whether they are a packet and its copy depends on where they were captured, by
 * interface and TTL, and on what most packets of the capture are:
 *
 *   IP id      place      a copy
 *   not zero   another    always
 *   none, 0    another    where most packets are paired
 *   not zero   the same   where most packets are paired at the same place (a mirror port):
 *                         otherwise the network duplicated the packet, and both arrived
 *   none, 0    the same   as above, but only segments with payload or SYN: identical
 *                         acknowledgements and resets are sent, too
 *
 * Packets of the same id 0 are those of IPv6, and of hosts that do not number packets that cannot
 * be fragmented. At the same place a translation proves nothing: whoever scans ports sends equal
 * packets to many of them. Of several captures of a packet the first is the original. What most
 * packets are is counted over as many frames as the caller likes; the counts can be frozen.
 *
 * Memory is bounded by the packets of 50 ms, and by MPTCP_DUPLICATES_MOST of them.
 */
#ifndef MPTCP_DUPLICATES_H
#define MPTCP_DUPLICATES_H

#include "frame.h"
#include "options.h"

#include <stdbool.h>
#include <stdint.h>

#define MPTCP_DUPLICATES_REACH INT64_C(50000000) /* nanoseconds */
#define MPTCP_DUPLICATES_MOST 8192

enum mptcp_duplicate_kind {
	MPTCP_DUPLICATE_NONE,
	MPTCP_DUPLICATE_PASSED, /* seen before at another place */
	MPTCP_DUPLICATE_SAME    /* seen before at this very place */
};

/* What was found of a frame, to be decided when the counts are known. */
struct mptcp_duplicate {
	enum mptcp_duplicate_kind kind;
	bool numbered;   /* the IP id is not zero */
	bool counts;     /* numbered, or with payload or SYN */
	uint64_t of;     /* number of the frame that it would be a copy of, */
	uint64_t first;  /* and if those at the same place are copies, too */
	bool translated; /* that one has other endpoints, and only then are they filled: */
	struct mptcp_endpoint source, destination;
};

struct mptcp_duplicates;

/* NULL when memory ran out. */
struct mptcp_duplicates *mptcp_duplicates_new(void);
void mptcp_duplicates_free(struct mptcp_duplicates *duplicates);
/*
 * Looks for a frame, in the order of the capture, among those before it. `options` are those of
 * the frame, `count` whether it counts for what most packets are. 0, or -1 when memory ran out.
 */
int mptcp_duplicates_find(struct mptcp_duplicates *duplicates, const struct mptcp_frame *frame,
	const struct mptcp_options *options, bool count, struct mptcp_duplicate *found);
/* The number of the frame that this one is a copy of, by the counts so far; 0: it is not a copy. */
uint64_t mptcp_duplicates_original(const struct mptcp_duplicates *duplicates,
	const struct mptcp_duplicate *found);

#endif
