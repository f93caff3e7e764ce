/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mapping: which data sequence numbers the bytes of one direction of a subflow have (RFC 8684
 * section 3.3.1).
 *
 * A mapping says: the payload at positions [start, end) of the subflow is data from `dsn` on.
 * Positions are subflow sequence numbers (the SYN is 0) extended to 64 bits. A mapping that goes on
 * where another one ends, on both levels, makes it longer, so that a connection of one subflow has
 * a single mapping however many were sent. Where two contradict each other the first one holds. A
 * zeroed struct is empty.
 */
#ifndef MPTCP_MAPPING_H
#define MPTCP_MAPPING_H

#include "ordered.h"

#include <stddef.h>
#include <stdint.h>

struct mptcp_mapping {
	uint64_t start, end; /* positions */
	uint64_t dsn;        /* of start, absolute */
	uint64_t row;        /* the last row that announced it */
};

struct mptcp_mappings {
	struct mptcp_ordered list; /* struct mptcp_mapping, not overlapping */
	size_t kept;               /* how many the last prune left */
};

#define MPTCP_MAPPING_PARTS 256
#define MPTCP_MAPPING_INFINITE UINT64_MAX /* the end of an infinite mapping (section 3.7) */

void mptcp_mappings_clear(struct mptcp_mappings *mappings);
/* Adds what is new in a mapping; of one that covers more than MPTCP_MAPPING_PARTS known ones and
 * gaps, only what goes beyond all known ones: then 1. Otherwise 0, or -1 when memory ran out. */
int mptcp_mappings_add(struct mptcp_mappings *mappings, uint64_t start, uint64_t end, uint64_t dsn,
	uint64_t row);
/* The first mapping that ends after `position`, or NULL. */
const struct mptcp_mapping *mptcp_mappings_find(const struct mptcp_mappings *mappings,
	uint64_t position);
/* The mapping at a place of the list, to go through all of them; NULL at the end. */
static inline struct mptcp_mapping *mptcp_mappings_at(const struct mptcp_mappings *mappings,
	struct mptcp_place place)
{
	return mptcp_ordered_at(&mappings->list, place, sizeof(struct mptcp_mapping));
}
/* The lower halves of all DSNs get the upper half nearest to `whole`. */
void mptcp_mappings_extend(struct mptcp_mappings *mappings, uint64_t whole);
/* Forgets mappings that end at or before `position` and that no row from `row` on announced, if it
 * is worthwhile. */
void mptcp_mappings_prune(struct mptcp_mappings *mappings, uint64_t position, uint64_t row);

#endif
