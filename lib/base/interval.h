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

#include "ordered.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mptcp_interval {
	uint64_t start, end;
};

struct mptcp_intervals {
	struct mptcp_ordered ranges; /* struct mptcp_interval, not touching */
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
/* Closes the gaps before `bound` while there are more than `most` ranges: what is no longer known
 * counts as seen. */
void mptcp_intervals_forget(struct mptcp_intervals *set, uint64_t bound, size_t most);

/* Of mptcp_ordered_find: ranges that end at or before a number lie below it. */
static inline bool mptcp_interval_below(const void *range, uint64_t number)
{
	return ((const struct mptcp_interval *)range)->end <= number;
}
/* The place of the first range that ends after `start`, or the end. */
static inline struct mptcp_place mptcp_intervals_find(const struct mptcp_intervals *set,
	uint64_t start)
{
	return mptcp_ordered_find(&set->ranges, sizeof(struct mptcp_interval), mptcp_interval_below,
		start);
}
/* The range at a place, or NULL; whoever changes it keeps the order. */
static inline struct mptcp_interval *mptcp_intervals_at(const struct mptcp_intervals *set,
	struct mptcp_place place)
{
	return mptcp_ordered_at(&set->ranges, place, sizeof(struct mptcp_interval));
}
/* The one before it, or NULL. */
static inline struct mptcp_interval *mptcp_intervals_before(const struct mptcp_intervals *set,
	struct mptcp_place place)
{
	return mptcp_ordered_back(&set->ranges, &place) ? mptcp_intervals_at(set, place) : NULL;
}
/* The lowest and the highest, or NULL. */
static inline struct mptcp_interval *mptcp_intervals_first(const struct mptcp_intervals *set)
{
	return mptcp_intervals_at(set, mptcp_ordered_begin(&set->ranges));
}
static inline struct mptcp_interval *mptcp_intervals_last(const struct mptcp_intervals *set)
{
	return mptcp_ordered_last(&set->ranges, sizeof(struct mptcp_interval));
}

#endif
