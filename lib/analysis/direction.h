/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * direction: one direction of a TCP connection: its packets, and its bytes by sequence number.
 *
 * Sequence numbers are 32 bits and wrap; here they are positions: relative to the initial one,
 * extended to 64 bits, plus MPTCP_SEQUENCE_ORIGIN. Memory grows with holes. A zeroed
 * struct has seen nothing.
 */
#ifndef MPTCP_DIRECTION_H
#define MPTCP_DIRECTION_H

#include "fate.h"
#include "packet.h"
#include "sequence.h"

#include <stdbool.h>
#include <stdint.h>

/* The columns that mptcp_direction_add reads. */
#define MPTCP_DIRECTION_COLUMNS \
	(MPTCP_HAS(abstime) | MPTCP_HAS(tcpflags) | MPTCP_HAS(tcpseq) | MPTCP_HAS(tcplen))

struct mptcp_direction {
	/* set by the caller: what follows lies outside of the period asked for; it moves positions,
	 * and is not counted */
	bool outside;
	uint64_t packets, data_packets;
	int64_t start,
		last;    /* of the earliest and the latest packet, nanoseconds; where packets > 0 */
	uint64_t sent;   /* bytes of payload, with retransmissions */
	uint64_t unique; /* distinct ones; sent - unique is what was retransmitted */
	uint64_t out_of_order;       /* distinct ones that came while one before them was missing */
	uint64_t fates[MPTCP_FATES]; /* of the bytes sent */
	/* positions: */
	bool numbered;       /* a packet other than a RST was seen, and these are valid */
	uint64_t lowest;     /* sequence number */
	uint64_t end;        /* highest sequence number + length */
	uint64_t first_byte; /* of payload: after the SYN, else the first one seen */
	struct mptcp_fate_sent payload;
};

void mptcp_direction_clear(struct mptcp_direction *direction);
/*
 * A packet of this direction: begins the walk over its payload, to be continued to its end with
 * mptcp_direction_next, which counts. The position of the payload (that of a SYN begins after the
 * SYN) is in the walk.
 */
void mptcp_direction_begin(struct mptcp_direction *direction, const struct mptcp_packet *packet,
	struct mptcp_fate_walk *walk);
/* The next part of one fate; `data` is what the connection sent, or NULL. As mptcp_fate_walk. */
enum mptcp_result mptcp_direction_next(struct mptcp_direction *direction,
	struct mptcp_fate_walk *walk, struct mptcp_fate_data *data, struct mptcp_fate_part *part);
/*
 * A packet of this direction, on the level of TCP alone. *position, where it has payload, becomes
 * that of its first byte. 0, or -1 when memory ran out.
 */
int mptcp_direction_add(struct mptcp_direction *direction, const struct mptcp_packet *packet,
	uint64_t *position);
/* The peer acknowledged up to `tcpack`. */
static inline void mptcp_direction_acknowledge(struct mptcp_direction *direction, uint32_t tcpack)
{
	uint64_t reference = direction->numbered ? direction->end : MPTCP_SEQUENCE_ORIGIN;

	mptcp_fate_acknowledge(&direction->payload, mptcp_sequence_extend(reference, tcpack));
}
/*
 * How many bytes of sequence space the packets span: highest (sequence number + length) - lowest
 * sequence number - 1, and not below 0. The 1 is the SYN. A packet after the FIN adds another.
 */
uint64_t mptcp_direction_range(const struct mptcp_direction *direction);
/*
 * Whether any number between `known` and `start` is missing from the set: what lies before `known`
 * is not, whether or not it was captured.
 */
bool mptcp_direction_above_hole(const struct mptcp_intervals *set, uint64_t known, uint64_t start);

#endif
