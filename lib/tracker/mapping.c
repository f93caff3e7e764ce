/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mapping.h"

#include "sequence.h"

/* Fewer than this are never pruned. */
#define PRUNE_FROM 1024

void mptcp_mappings_clear(struct mptcp_mappings *mappings)
{
	mptcp_ordered_clear(&mappings->list);
	mappings->kept = 0;
}

static bool is_below(const void *mapping, uint64_t position)
{
	return ((const struct mptcp_mapping *)mapping)->end <= position;
}

/* The place of the first mapping that ends after `position`, or the end. */
static struct mptcp_place find(const struct mptcp_mappings *mappings, uint64_t position)
{
	return mptcp_ordered_find(&mappings->list, sizeof(struct mptcp_mapping), is_below,
		position);
}

const struct mptcp_mapping *mptcp_mappings_find(const struct mptcp_mappings *mappings,
	uint64_t position)
{
	return mptcp_mappings_at(mappings, find(mappings, position));
}

void mptcp_mappings_extend(struct mptcp_mappings *mappings, uint64_t whole)
{
	struct mptcp_place place = mptcp_ordered_begin(&mappings->list);

	for (struct mptcp_mapping *mapping; (mapping = mptcp_mappings_at(mappings, place));
		place = mptcp_ordered_next(&mappings->list, place))
		mapping->dsn = mptcp_sequence_extend(whole, (uint32_t)mapping->dsn);
}

static bool continues(const struct mptcp_mapping *before, const struct mptcp_mapping *after)
{
	return before->end == after->start &&
		before->dsn + (before->end - before->start) == after->dsn;
}

/* Adds a piece that lies in the gap before the mapping at a place; joins it with its neighbours
 * where both levels go on. */
static int add_piece(struct mptcp_mappings *mappings, struct mptcp_place place,
	struct mptcp_mapping piece)
{
	struct mptcp_mapping *after = mptcp_mappings_at(mappings, place);
	struct mptcp_place at = place;
	struct mptcp_mapping *before =
		mptcp_ordered_back(&mappings->list, &at) ? mptcp_mappings_at(mappings, at) : NULL;

	if (before && continues(before, &piece)) {
		before->end = piece.end;
		before->row = piece.row;
		if (after && continues(before, after)) {
			before->end = after->end;
			mptcp_ordered_erase(&mappings->list, &place, sizeof(piece));
		}
	} else if (after && continues(&piece, after)) {
		after->start = piece.start;
		after->dsn = piece.dsn;
		after->row = piece.row;
	} else {
		struct mptcp_mapping *new =
			mptcp_ordered_insert(&mappings->list, &place, sizeof(piece));

		if (!new)
			return -1;
		*new = piece;
	}
	return 0;
}

/* Where the last mapping that begins before `end` ends; no less than `start`. */
static uint64_t known_until(const struct mptcp_mappings *mappings, uint64_t start, uint64_t end)
{
	struct mptcp_place place = find(mappings, end - 1);
	const struct mptcp_mapping *mapping = mptcp_mappings_at(mappings, place);

	if ((!mapping || mapping->start >= end) && mptcp_ordered_back(&mappings->list, &place))
		mapping = mptcp_mappings_at(mappings, place);
	return mapping && mapping->start < end && mapping->end > start ? mapping->end : start;
}

int mptcp_mappings_add(struct mptcp_mappings *mappings, uint64_t start, uint64_t end, uint64_t dsn,
	uint64_t row)
{
	unsigned parts = 0;

	for (; start < end; parts++) {
		struct mptcp_place place = find(mappings, start);
		struct mptcp_mapping *after = mptcp_mappings_at(mappings, place);
		uint64_t until = after && after->start < end ? after->start : end;

		if (parts == MPTCP_MAPPING_PARTS) {
			until = known_until(mappings, start, end);
		} else if (until > start) {
			struct mptcp_mapping piece = {start, until, dsn, row};

			if (add_piece(mappings, place, piece))
				return -1;
		} else { /* known already */
			until = after->end < end ? after->end : end;
			after->row = row;
		}
		dsn += until - start;
		start = until;
	}
	return parts > MPTCP_MAPPING_PARTS;
}

/* What a mapping must not be before, to be kept. */
struct prune {
	uint64_t position, row;
};

static bool is_wanted(const void *item, const void *context)
{
	const struct mptcp_mapping *mapping = item;
	const struct prune *prune = context;

	return mapping->end > prune->position || mapping->row >= prune->row;
}

void mptcp_mappings_prune(struct mptcp_mappings *mappings, uint64_t position, uint64_t row)
{
	const struct prune prune = {position, row};

	if (mappings->list.count < PRUNE_FROM || mappings->list.count < 2 * mappings->kept)
		return;
	mptcp_ordered_keep(&mappings->list, sizeof(struct mptcp_mapping), is_wanted, &prune);
	mappings->kept = mappings->list.count;
}
