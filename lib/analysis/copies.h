/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copies: which packet of which subflow carried each byte of data first, and which one of another
 * subflow did so next, for one direction of an MPTCP connection.
 *
 * Two packets a range are enough to tell, whatever subflow sends the range again, the earliest
 * packet of another subflow. Ranges are split where packets overlap in part, so that lengths are
 * exact to the byte. Memory grows with data that may still come again: see mptcp_copies_prune. A
 * zeroed struct is empty.
 */
#ifndef MPTCP_COPIES_H
#define MPTCP_COPIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mptcp_copy {
	uint64_t packetid;
	int64_t time;      /* nanoseconds since the epoch */
	uint64_t position; /* on its subflow, of the first byte of the range: 64 bits, no wrap */
	uint32_t tcpstream;
	uint8_t subflow; /* its number within the connection; from 63 on they count as one */
};

struct mptcp_copies_range {
	uint64_t start, end; /* relative DSNs, half-open */
	uint64_t subflows;   /* that carried it: bit N for number N */
	bool has_other;
	struct mptcp_copy first; /* the earliest packet */
	struct mptcp_copy other; /* the earliest one of another subflow than `first` */
};

struct mptcp_copies {
	struct mptcp_copies_range *list; /* ascending, without overlap */
	size_t count, capacity;
	size_t kept; /* how many the last prune left */
};

void mptcp_copies_release(struct mptcp_copies *copies);
/*
 * Tells one range that the packet repeats: `start` to `end` was carried by `original` before, the
 * earliest packet of another subflow; `repeated` if the packet's own subflow had carried it as
 * well. Called in ascending order; `original` is valid during the call. Returns 0, or -1 to give
 * up.
 */
typedef int (*mptcp_copies_found)(void *context, uint64_t start, uint64_t end,
	const struct mptcp_copy *original, bool repeated);
/* Adds the range [start, end) that a packet carries. Returns 0, or -1 when memory ran out or
 * `found` gave up. */
int mptcp_copies_add(struct mptcp_copies *copies, uint64_t start, uint64_t end,
	const struct mptcp_copy *copy, mptcp_copies_found found, void *context);
/* True when there are so many more than after the last prune that another one is worth its time. */
bool mptcp_copies_wants_prune(const struct mptcp_copies *copies);
/* Forgets the ranges for which `keep` is false. */
void mptcp_copies_prune(struct mptcp_copies *copies,
	bool (*keep)(const void *context, const struct mptcp_copies_range *range),
	const void *context);

#endif
