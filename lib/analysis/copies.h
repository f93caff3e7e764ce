/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copies: which packet carried each byte of data first, and when it was last sent before, for one
 * direction of an MPTCP connection.
 *
 * Ranges are split where packets overlap in part, so that lengths are exact to the byte. A packet
 * that repeats more than MPTCP_COPIES_PARTS ranges makes one of the rest, of the earliest of their
 * packets; so time is bounded whatever the packets' borders. Memory grows with data that may still
 * come again: see mptcp_copies_prune. A zeroed struct is empty.
 */
#ifndef MPTCP_COPIES_H
#define MPTCP_COPIES_H

#include "ordered.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPTCP_COPIES_PARTS 256

struct mptcp_copy {
	uint64_t packetid;
	int64_t time;      /* nanoseconds since the epoch */
	uint64_t position; /* on its subflow, of the first byte of the range: 64 bits, no wrap */
	uint32_t tcpstream;
};

struct mptcp_copies_range {
	uint64_t start, end;     /* relative DSNs, half-open */
	struct mptcp_copy first; /* the earliest packet */
	int64_t last_time;       /* of the latest */
	uint32_t last_stream;
};

struct mptcp_copies {
	struct mptcp_ordered ranges; /* struct mptcp_copies_range, without overlap */
	size_t kept;                 /* how many the last prune left */
};

void mptcp_copies_clear(struct mptcp_copies *copies);
/*
 * Reports one range that the packet carries again: `before` has its borders, its first packet, and
 * its latest before this one; first.packetid 0 where that is no longer known. Called in ascending
 * order; valid during the call. Returns 0, or -1 to give up.
 */
typedef int mptcp_copies_found(void *context, const struct mptcp_copies_range *before);
/* Adds the range [start, end) that a packet carries; with `found` NULL, only where no other packet
 * has carried it: it is then not a new copy. Returns 0, or -1 when memory ran out or `found` gave
 * up. */
int mptcp_copies_add(struct mptcp_copies *copies, uint64_t start, uint64_t end,
	const struct mptcp_copy *copy, mptcp_copies_found *found, void *context);
/* True when there are so many more than after the last prune that another one is worth its time. */
bool mptcp_copies_wants_prune(const struct mptcp_copies *copies);
/* Forgets what ends at or before `acked` and came first before packet `recent`; where more than
 * `most` ranges are left, all that came before. */
void mptcp_copies_prune(struct mptcp_copies *copies, uint64_t acked, uint64_t recent, size_t most);

#endif
