/* SPDX-License-Identifier: GPL-2.0-or-later */
/* copies: see copies.h. */
#include "copies.h"

#include <stdlib.h>
#include <string.h>

/* Fewer than this are never pruned. */
#define PRUNE_FROM 1024

void mptcp_copies_release(struct mptcp_copies *copies)
{
	free(copies->list);
	*copies = (struct mptcp_copies){0};
}

/* The index of the first range that ends behind `start`, or count. */
static size_t find(const struct mptcp_copies *copies, uint64_t start)
{
	size_t low = 0, high = copies->count;

	if (high && copies->list[high - 1].end <= start) /* new data: nearly always */
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (copies->list[middle].end <= start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Makes room for one more range before index `at`, unspecified. */
static int open_gap(struct mptcp_copies *copies, size_t at)
{
	if (copies->count == copies->capacity) {
		size_t capacity = copies->capacity ? 2 * copies->capacity : 16;
		struct mptcp_copies_range *list = realloc(copies->list, capacity * sizeof(*list));

		if (!list)
			return -1;
		copies->list = list;
		copies->capacity = capacity;
	}
	memmove(copies->list + at + 1, copies->list + at,
		(copies->count - at) * sizeof(*copies->list));
	copies->count++;
	return 0;
}

/* Cuts range `at` in two where `dsn` lies inside it; the second part gets index at + 1. */
static int split(struct mptcp_copies *copies, size_t at, uint64_t dsn)
{
	if (open_gap(copies, at))
		return -1;
	struct mptcp_copies_range *left = &copies->list[at], *right = left + 1;

	*left = *right;
	left->end = right->start = dsn;
	right->first.position += dsn - left->start;
	right->other.position += dsn - left->start;
	return 0;
}

static int insert(struct mptcp_copies *copies, size_t at, uint64_t start, uint64_t end,
	const struct mptcp_copy *copy, uint64_t packet_start)
{
	if (open_gap(copies, at))
		return -1;
	struct mptcp_copies_range *range = &copies->list[at];

	*range = (struct mptcp_copies_range){.start = start, .end = end, .first = *copy};
	range->first.position += start - packet_start;
	range->subflows = UINT64_C(1) << copy->subflow;
	return 0;
}

/* The packet carries this whole range once more: notes it. */
static void note(struct mptcp_copies_range *range, const struct mptcp_copy *copy,
	uint64_t packet_start)
{
	range->subflows |= UINT64_C(1) << copy->subflow;
	if (range->has_other || range->first.tcpstream == copy->tcpstream)
		return;
	range->has_other = true;
	range->other = *copy;
	range->other.position += range->start - packet_start;
}

/* What is told to `found`: ranges side by side that one packet carried are one. */
struct run {
	bool any, repeated;
	uint64_t start, end;
	struct mptcp_copy original;
};

static int tell(struct run *run, mptcp_copies_found found, void *context)
{
	bool any = run->any;

	run->any = false;
	return any ? found(context, run->start, run->end, &run->original, run->repeated) : 0;
}

static int extend(struct run *run, const struct mptcp_copies_range *range,
	const struct mptcp_copy *copy, mptcp_copies_found found, void *context)
{
	const struct mptcp_copy *original = range->first.tcpstream != copy->tcpstream
		? &range->first
		: range->has_other ? &range->other
				   : NULL;
	bool repeated = range->subflows >> copy->subflow & 1;

	if (!original)
		return 0;
	if (run->any && run->end == range->start && run->repeated == repeated &&
		run->original.packetid == original->packetid) {
		run->end = range->end;
		return 0;
	}
	if (tell(run, found, context))
		return -1;
	*run = (struct run){true, repeated, range->start, range->end, *original};
	return 0;
}

int mptcp_copies_add(struct mptcp_copies *copies, uint64_t start, uint64_t end,
	const struct mptcp_copy *copy, mptcp_copies_found found, void *context)
{
	struct run run = {0};
	uint64_t at = start;

	for (size_t i = find(copies, start); at < end; i++) {
		if (i == copies->count || copies->list[i].start > at) {
			uint64_t stop = i < copies->count && copies->list[i].start < end
				? copies->list[i].start
				: end;

			if (insert(copies, i, at, stop, copy, start))
				return -1;
			at = stop;
			continue;
		}
		if (copies->list[i].start <
			at) { /* the packet begins inside: the next turn has it */
			if (split(copies, i, at))
				return -1;
			continue;
		}
		if (copies->list[i].end > end && split(copies, i, end))
			return -1;
		if (extend(&run, &copies->list[i], copy, found, context))
			return -1;
		note(&copies->list[i], copy, start);
		at = copies->list[i].end;
	}
	return tell(&run, found, context);
}

bool mptcp_copies_wants_prune(const struct mptcp_copies *copies)
{
	return copies->count >= PRUNE_FROM && copies->count >= 2 * copies->kept;
}

void mptcp_copies_prune(struct mptcp_copies *copies,
	bool (*keep)(const void *context, const struct mptcp_copies_range *range),
	const void *context)
{
	size_t kept = 0;

	for (size_t i = 0; i < copies->count; i++)
		if (keep(context, &copies->list[i]))
			copies->list[kept++] = copies->list[i];
	copies->count = copies->kept = kept;
}
