/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * segments: the round-trip times of the segments of one direction of a TCP connection, as TCP
 * itself measures them: an acknowledgement gives one at most, that of the newest segment that it
 * newly covers (rtt.h: Karn's rule, and nothing for what was acknowledged selectively before).
 *
 *	mptcp_direction_begin(&direction, packet, &walk);
 *	mptcp_segments_send(&segments, walk.position, packet->tcplen, time);
 *	...
 *	if (mptcp_segments_acknowledge(&segments, &direction, packet, time, &ack))
 *		...  memory ran out
 *	if (ack.measured)
 *		...  ack.rtt
 *
 * Memory grows with what is not acknowledged. A zeroed struct has seen nothing.
 */
#ifndef MPTCP_SEGMENTS_H
#define MPTCP_SEGMENTS_H

#include "direction.h"
#include "histogram.h"
#include "interval.h"
#include "rtt.h"

/* The columns that mptcp_segments_acknowledge reads. */
#define MPTCP_SEGMENTS_COLUMNS (MPTCP_HAS(tcpflags) | MPTCP_HAS(tcpack) | MPTCP_HAS(sack))

struct mptcp_segments {
	struct mptcp_rtt rtt;          /* by position */
	struct mptcp_intervals sacked; /* by position */
	/* NULL, or where the times of all segments go, not only of the newest one of each
	 * acknowledgement: from transmission to the first acknowledgement that covers them */
	struct mptcp_histogram *all;
};

/* What an acknowledgement shows. */
struct mptcp_segments_ack {
	bool anew;         /* it is higher than all before */
	bool data;         /* and covers payload that was captured */
	bool twice;        /* it reports something that came twice (RFC 2883) */
	bool measured;     /* it gives the time of a segment: */
	int64_t sent, rtt; /* when it was sent, and how long ago, nanoseconds */
};

void mptcp_segments_clear(struct mptcp_segments *segments);
/* Payload from `position` on. 0, or -1 when memory ran out. */
static inline int mptcp_segments_send(struct mptcp_segments *segments, uint64_t position,
	uint32_t length, int64_t time)
{
	return length ? mptcp_rtt_send(&segments->rtt, position, length, time, 0) : 0;
}
/* A packet of the other direction; `sent` is what this direction sent before. *ack is zeroed for
 * one that acknowledges nothing. 0, or -1 when memory ran out. */
int mptcp_segments_acknowledge(struct mptcp_segments *segments, const struct mptcp_direction *sent,
	const struct mptcp_packet *packet, int64_t time, struct mptcp_segments_ack *ack);

#endif
