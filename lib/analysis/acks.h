/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * acks: what comes back for the payload that one direction of a TCP connection carries: round-trip
 * times of its segments, duplicate acknowledgements, the window that is granted, the maximum
 * segment size. It all belongs to the direction of the data, and is found in the packets of the
 * other one.
 *
 * Memory grows with what is not acknowledged. A zeroed struct has seen nothing.
 */
#ifndef MPTCP_ACKS_H
#define MPTCP_ACKS_H

#include "histogram.h"
#include "segments.h"

/* The columns that mptcp_acks_add reads. */
#define MPTCP_ACKS_COLUMNS \
	(MPTCP_SEGMENTS_COLUMNS | MPTCP_HAS(abstime) | MPTCP_HAS(tcplen) | MPTCP_HAS(rwnd) | \
		MPTCP_HAS(mss) | MPTCP_HAS(subtype))

struct mptcp_acks {
	struct mptcp_segments segments;
	struct mptcp_histogram rtt; /* of segments, nanoseconds */
	/* when payload was acknowledged first and last, nanoseconds since the epoch */
	bool any;
	int64_t first, last;
	uint64_t duplicates;
	/* windows in all packets but SYN and RST: how many, their sum, those of 0 */
	uint64_t windows, window_sum, zero_windows;
	uint32_t window_min, window_max; /* where windows > 0 */
	bool has_window;
	uint32_t window; /* the newest one */
	bool has_mss;
	uint16_t mss;
};

void mptcp_acks_clear(struct mptcp_acks *acks);
/*
 * A packet of the other direction, before mptcp_direction_acknowledge has it; `sent` is what this
 * one sent before. Not counted where !counts, but remembered. 0, or -1 when memory ran out.
 */
int mptcp_acks_add(struct mptcp_acks *acks, const struct mptcp_direction *sent,
	const struct mptcp_packet *packet, bool counts);

#endif
