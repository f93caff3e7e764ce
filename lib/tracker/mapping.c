/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mapping.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

/* Fewer than this are never pruned. */
#define PRUNE_FROM 1024

void mptcp_mappings_clear(struct mptcp_mappings *mappings)
{
	free(mappings->list);
	*mappings = (struct mptcp_mappings){0};
}

/* The index of the first mapping that ends after `position`, or count. */
static size_t find(const struct mptcp_mappings *mappings, uint64_t position)
{
	size_t low = 0, high = mappings->count;

	if (high && mappings->list[high - 1].end <= position)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (mappings->list[middle].end > position)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct mptcp_mapping *mptcp_mappings_find(const struct mptcp_mappings *mappings,
	uint64_t position)
{
	size_t at = find(mappings, position);

	return at < mappings->count ? &mappings->list[at] : NULL;
}

static int insert(struct mptcp_mappings *mappings, size_t at, struct mptcp_mapping new)
{
	struct mptcp_mapping *list = mptcp_array_reserve(mappings->list, mappings->count,
		&mappings->capacity, sizeof(*list));

	if (!list)
		return -1;
	mappings->list = list;
	memmove(mappings->list + at + 1, mappings->list + at, (mappings->count - at) * sizeof(new));
	mappings->list[at] = new;
	mappings->count++;
	return 0;
}

static int continues(const struct mptcp_mapping *before, const struct mptcp_mapping *after)
{
	return before->end == after->start &&
		before->dsn + (before->end - before->start) == after->dsn;
}

/* Adds a piece that lies in the gap before mapping `at`; joins it with its neighbours where both
 * levels go on. */
static int add_piece(struct mptcp_mappings *mappings, size_t at, struct mptcp_mapping piece)
{
	struct mptcp_mapping *list = mappings->list;

	if (at && continues(&list[at - 1], &piece)) {
		list[at - 1].end = piece.end;
		list[at - 1].row = piece.row;
		if (at < mappings->count && continues(&list[at - 1], &list[at])) {
			list[at - 1].end = list[at].end;
			memmove(list + at, list + at + 1,
				(mappings->count - at - 1) * sizeof(*list));
			mappings->count--;
		}
		return 0;
	}
	if (at < mappings->count && continues(&piece, &list[at])) {
		list[at].start = piece.start;
		list[at].dsn = piece.dsn;
		list[at].row = piece.row;
		return 0;
	}
	return insert(mappings, at, piece);
}

int mptcp_mappings_add(struct mptcp_mappings *mappings, uint64_t start, uint64_t end, uint64_t dsn,
	uint64_t row)
{
	while (start < end) {
		size_t at = find(mappings, start);
		uint64_t gap_end = at < mappings->count && mappings->list[at].start < end
			? mappings->list[at].start
			: end;

		if (gap_end <= start) { /* known already */
			uint64_t known_end =
				mappings->list[at].end < end ? mappings->list[at].end : end;

			mappings->list[at].row = row;
			dsn += known_end - start;
			start = known_end;
			continue;
		}
		if (add_piece(mappings, at, (struct mptcp_mapping){start, gap_end, dsn, row}))
			return -1;
		dsn += gap_end - start;
		start = gap_end;
	}
	return 0;
}

void mptcp_mappings_prune(struct mptcp_mappings *mappings, uint64_t position, uint64_t row)
{
	size_t kept = 0;

	if (mappings->count < PRUNE_FROM || mappings->count < 2 * mappings->kept)
		return;
	for (size_t i = 0; i < mappings->count; i++)
		if (mappings->list[i].end > position || mappings->list[i].row >= row)
			mappings->list[kept++] = mappings->list[i];
	mappings->count = mappings->kept = kept;
}
