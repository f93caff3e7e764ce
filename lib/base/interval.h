/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interval: sets of half-open ranges [start, end) of 64-bit numbers: bytes seen, by sequence number
 * or by DSN.
 *
 * Ranges that touch are one, so that a transfer without holes is a single range however long it is.
 * A zeroed struct is an empty set.
 */
#ifndef MPTCP_INTERVAL_H
#define MPTCP_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mptcp_interval {
	uint64_t start, end;
};

struct mptcp_intervals {
	struct mptcp_interval *ranges; /* ascending, not touching */
	size_t count, capacity;
};

void mptcp_intervals_clear(struct mptcp_intervals *set);
/*
 * Adds a range (start < end). Returns 0, or -1 when memory ran out. *added, if not NULL, becomes
 * how many of its numbers were not yet in the set.
 */
int mptcp_intervals_add(struct mptcp_intervals *set, uint64_t start, uint64_t end, uint64_t *added);
/* How many numbers of the range are in the set. */
uint64_t mptcp_intervals_overlap(const struct mptcp_intervals *set, uint64_t start, uint64_t end);
/* The first range within [start, end) that is not in the set: false where all of it is. */
bool mptcp_intervals_gap(const struct mptcp_intervals *set, uint64_t start, uint64_t end,
	struct mptcp_interval *gap);
/* How many numbers are in the set. */
uint64_t mptcp_intervals_total(const struct mptcp_intervals *set);
/* The first range that ends after `start`: its index, or count; by bisection. */
size_t mptcp_intervals_search(const struct mptcp_intervals *set, uint64_t start);
/* Closes the gaps before `bound` while there are more than `most` ranges: what is no longer known
 * counts as seen. */
void mptcp_intervals_forget(struct mptcp_intervals *set, uint64_t bound, size_t most);

/* The same as mptcp_intervals_search; new data comes at the end, nearly always. */
static inline size_t mptcp_intervals_find(const struct mptcp_intervals *set, uint64_t start)
{
	size_t last = set->count - 1;

	if (!set->count || set->ranges[last].end <= start)
		return set->count;
	return set->ranges[last].start <= start ? last : mptcp_intervals_search(set, start);
}

#endif
