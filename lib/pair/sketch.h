/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sketch: a small sample of the packets of a capture, to learn how far apart the clocks of two
 * captures are before any packet of one is matched with one of the other.
 *
 * Which packets are sampled depends on their content alone (the lowest hashes of what the network
 * leaves as it is), so that two captures of the same traffic sample the same packets. Memory is
 * bounded whatever the length of the capture. A zeroed struct is empty.
 */
#ifndef MPTCP_SKETCH_H
#define MPTCP_SKETCH_H

#include "error.h"
#include "packet.h"

#include <stdbool.h>

struct mptcp_sketch_item {
	uint64_t hash;
	int64_t time; /* nanoseconds since the epoch */
};

struct mptcp_sketch {
	struct mptcp_sketch_item *items;
	size_t count;
	uint64_t below; /* hashes that are sampled; 0: all */
};

/* The columns that mptcp_sketch_add reads. */
#define MPTCP_SKETCH_COLUMNS \
	(MPTCP_HAS(abstime) | MPTCP_HAS(tcpflags) | MPTCP_HAS(tcpseq_raw) | MPTCP_HAS(tcplen) | \
		MPTCP_HAS(tsval) | MPTCP_HAS(tsecr))

int mptcp_sketch_add(struct mptcp_sketch *sketch, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/*
 * The median of the time in b minus the time in a over the packets that both sampled: the
 * difference of the clocks, give or take a one-way delay. Sorts both. False where they have nothing
 * in common.
 */
bool mptcp_sketch_difference(struct mptcp_sketch *a, struct mptcp_sketch *b, int64_t *difference);
void mptcp_sketch_clear(struct mptcp_sketch *sketch);

#endif
