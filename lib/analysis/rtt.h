/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtt: round-trip times: of data, from its first transmission to the DATA_ACK that covers it,
 * and of segments.
 *
 * struct mptcp_rtt holds one direction of an MPTCP connection. Data and DATA_ACKs are reported as
 * they come; each DATA_ACK gives the stretches of data that it acknowledged, in order of DSN:
 *
 *	mptcp_rtt_send(&rtt, piece.dsn, piece.length, packet->abstime, flow);
 *	...
 *	mptcp_rtt_acknowledge(&rtt, packet->dack, packet->abstime);
 *	while (mptcp_rtt_next(&rtt, &sample))
 *		...
 *
 * For the segments of a subflow (segments.h), numbers are positions of payload, and an
 * acknowledgement gives one time at most, as TCP itself measures: each sample goes to a struct
 * mptcp_rtt_newest.
 *
 * Data that was sent twice, on whichever subflows, gives no time, since nobody knows which copy was
 * acknowledged (Karn's rule, RFC 6298 section 3). Data captured only after its DATA_ACK is ignored.
 * Memory grows with what is not acknowledged; of more than MPTCP_RTT_MOST stretches the oldest are
 * forgotten. Zeroed structs have seen nothing.
 */
#ifndef MPTCP_RTT_H
#define MPTCP_RTT_H

#include "ordered.h"
#include "packet.h"
#include "sequence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPTCP_RTT_MOST 65536

/* What some of a stretch may be: sent again; acknowledged selectively. */
enum mptcp_rtt_mark { MPTCP_RTT_REPEATED, MPTCP_RTT_SACKED, MPTCP_RTT_MARKS };

struct mptcp_rtt_stretch {
	uint64_t start, end; /* DSNs not acknowledged yet */
	int64_t time;        /* when it was sent first, nanoseconds */
	uint32_t flow;       /* what the caller named */
	bool marked[MPTCP_RTT_MARKS];
	/* where marked: so many bytes after its end are, too, without a gap; so that what is marked
	 * again and again is not walked over each time */
	uint32_t marked_on[MPTCP_RTT_MARKS];
};

struct mptcp_rtt {
	struct mptcp_ordered stretches;  /* struct mptcp_rtt_stretch, by DSN, not overlapping */
	struct mptcp_reference data_ack; /* the highest; before the first one, the first DSN */
	int64_t ack_time;                /* of the DATA_ACK that moved it last */
};

/* Data that a DATA_ACK acknowledged. */
struct mptcp_rtt_sample {
	uint64_t dsn;
	uint64_t length;
	int64_t sent; /* nanoseconds since the epoch */
	int64_t rtt;  /* nanoseconds; where `measured` */
	uint32_t flow;
	bool repeated, sacked;
	/* false: sent twice; or only its beginning was acknowledged; or the clock went back */
	bool measured;
};

void mptcp_rtt_clear(struct mptcp_rtt *rtt);
/*
 * Data of `length` bytes from `dsn` (relative, may wrap) was seen at `time`; `flow` is a number of
 * the caller's choice for the subflow. 0, or -1 when memory ran out.
 */
int mptcp_rtt_send(struct mptcp_rtt *rtt, uint64_t dsn, uint32_t length, int64_t time,
	uint32_t flow);
/*
 * A DATA_ACK for this data was seen. True if it is a new highest one. One that lies 2^31 or more
 * away from those before counts only once the next confirms it.
 */
bool mptcp_rtt_acknowledge(struct mptcp_rtt *rtt, uint64_t dack, int64_t time);
/* The next stretch that the DATA_ACKs so far acknowledged and that were not given yet. */
bool mptcp_rtt_next(struct mptcp_rtt *rtt, struct mptcp_rtt_sample *sample);
/* Bytes that a selective acknowledgement has (RFC 2018); those below the acknowledgement have no
 * effect. */
void mptcp_rtt_sack(struct mptcp_rtt *rtt, uint64_t start, uint64_t end);
/*
 * Of all that an acknowledgement newly covers, the stretch that was sent last. What was sacked
 * before shows nothing: its acknowledgement came earlier. It is not measured where any stretch was
 * sent twice: the acknowledgement may be the answer to the second copy (RFC 6298 section 3), which
 * filled a hole, whatever came above it. A zeroed struct has seen nothing.
 */
struct mptcp_rtt_newest {
	int64_t sent, rtt; /* nanoseconds; where `any` */
	bool any, repeated;
};

/* Each sample of one acknowledgement; then whether `rtt` is measured. */
void mptcp_rtt_newest_see(struct mptcp_rtt_newest *newest, const struct mptcp_rtt_sample *sample);
static inline bool mptcp_rtt_newest_measured(const struct mptcp_rtt_newest *newest)
{
	return newest->any && !newest->repeated;
}

#endif
