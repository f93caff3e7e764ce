/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "copies.h"

/* Fewer ranges than this are never pruned. */
#define PRUNE_FROM 1024

void mptcp_copies_clear(struct mptcp_copies *copies)
{
	mptcp_ordered_clear(&copies->ranges);
	copies->kept = 0;
}

static struct mptcp_copies_range *range_at(const struct mptcp_copies *copies,
	struct mptcp_place place)
{
	return mptcp_ordered_at(&copies->ranges, place, sizeof(struct mptcp_copies_range));
}

static struct mptcp_place next(const struct mptcp_copies *copies, struct mptcp_place place)
{
	return mptcp_ordered_next(&copies->ranges, place);
}

static bool is_below(const void *range, uint64_t start)
{
	return ((const struct mptcp_copies_range *)range)->end <= start;
}

/* The first range that ends after `start`, or the end. */
static struct mptcp_place find(const struct mptcp_copies *copies, uint64_t start)
{
	return mptcp_ordered_find(&copies->ranges, sizeof(struct mptcp_copies_range), is_below,
		start);
}

/* Inserts a range before the one at the place; the place becomes that of the new one. */
static int insert(struct mptcp_copies *copies, struct mptcp_place *place,
	struct mptcp_copies_range range)
{
	struct mptcp_copies_range *new =
		mptcp_ordered_insert(&copies->ranges, place, sizeof(range));

	if (!new)
		return -1;
	*new = range;
	return 0;
}

/* Cuts a range in two; the place is that of the second part, from `dsn` on. */
static int split(struct mptcp_copies *copies, struct mptcp_place *place, uint64_t dsn)
{
	struct mptcp_copies_range left = *range_at(copies, *place), *right;

	left.end = dsn;
	if (insert(copies, place, left))
		return -1;
	*place = next(copies, *place);
	right = range_at(copies, *place);
	right->first.position += dsn - right->start;
	right->start = dsn;
	return 0;
}

/* The range goes on with the one after it. */
static void join(struct mptcp_copies_range *range, const struct mptcp_copies_range *after)
{
	range->end = after->end;
	if (after->last_time > range->last_time) {
		range->last_time = after->last_time;
		range->last_stream = after->last_stream;
	}
}

/* Ranges after this one become part of it as far as they lie before `end` and touch it. */
static void fold(struct mptcp_copies *copies, struct mptcp_place place, uint64_t end)
{
	for (;;) {
		struct mptcp_copies_range *range = range_at(copies, place);
		struct mptcp_place after = next(copies, place);
		const struct mptcp_copies_range *other = range_at(copies, after);

		if (!other || other->start != range->end || other->end > end)
			return;
		if (other->first.packetid < range->first.packetid) {
			range->first = other->first;
			range->first.position -= other->start - range->start;
		}
		join(range, other);
		mptcp_ordered_erase(&copies->ranges, &after, sizeof(*other));
	}
}

/* What a packet adds. */
struct addition {
	uint64_t at, start, end; /* what is left begins at `at` */
	const struct mptcp_copy *copy;
	mptcp_copies_found *found;
	void *context;
	bool any;                         /* there is something to report: */
	struct mptcp_copies_range before; /* neighbours that one packet carried are one */
};

static int report(struct addition *addition)
{
	bool any = addition->any;

	addition->any = false;
	return any && addition->found ? addition->found(addition->context, &addition->before) : 0;
}

/* The packet carries this range again. */
static int repeat(struct addition *addition, struct mptcp_copies_range *range)
{
	struct mptcp_copies_range *before = &addition->before;

	if (addition->any && before->end == range->start &&
		before->first.packetid == range->first.packetid) {
		join(before, range);
	} else {
		if (report(addition))
			return -1;
		*before = *range;
		addition->any = true;
	}
	if (addition->found) {
		range->last_time = addition->copy->time;
		range->last_stream = addition->copy->tcpstream;
	}
	return 0;
}

/* No other packet is known to have carried what lies before the range at the place. */
static int fill(struct mptcp_copies *copies, struct mptcp_place *place, struct addition *addition)
{
	const struct mptcp_copies_range *after = range_at(copies, *place);
	struct mptcp_copies_range range = {.start = addition->at,
		.end = after && after->start < addition->end ? after->start : addition->end,
		.first = *addition->copy,
		.last_time = addition->copy->time,
		.last_stream = addition->copy->tcpstream};

	range.first.position += range.start - addition->start;
	addition->at = range.end;
	if (insert(copies, place, range) || report(addition))
		return -1;
	*place = next(copies, *place);
	range.first.packetid = 0;
	return addition->found ? addition->found(addition->context, &range) : 0;
}

/* The range at the place begins where the addition does, or is cut so. */
static int overlap(struct mptcp_copies *copies, struct mptcp_place *place,
	struct addition *addition, bool last)
{
	if (range_at(copies, *place)->start < addition->at && split(copies, place, addition->at))
		return -1;
	if (last)
		fold(copies, *place, addition->end);
	if (range_at(copies, *place)->end > addition->end) {
		if (split(copies, place, addition->end))
			return -1;
		*place = find(copies, addition->at);
	}
	struct mptcp_copies_range *range = range_at(copies, *place);
	addition->at = range->end;
	*place = next(copies, *place);
	return repeat(addition, range);
}

int mptcp_copies_add(struct mptcp_copies *copies, uint64_t start, uint64_t end,
	const struct mptcp_copy *copy, mptcp_copies_found *found, void *context)
{
	struct addition addition = {start, start, end, copy, found, context, false, {0}};
	struct mptcp_place place = find(copies, start);
	size_t parts = 0;

	for (; addition.at < end; parts++) {
		const struct mptcp_copies_range *range = range_at(copies, place);
		bool gap = !range || range->start > addition.at;

		if (gap ? fill(copies, &place, &addition)
			: overlap(copies, &place, &addition, parts >= MPTCP_COPIES_PARTS - 2))
			return -1;
	}
	return report(&addition);
}

bool mptcp_copies_wants_prune(const struct mptcp_copies *copies)
{
	return copies->ranges.count >= PRUNE_FROM && copies->ranges.count >= 2 * copies->kept;
}

/* What a range must not be before, to be kept. */
struct prune {
	uint64_t acked, recent;
};

static bool is_wanted(const void *item, const void *context)
{
	const struct mptcp_copies_range *range = item;
	const struct prune *prune = context;

	return range->end > prune->acked || range->first.packetid >= prune->recent;
}

static void keep(struct mptcp_copies *copies, uint64_t acked, uint64_t recent)
{
	const struct prune prune = {acked, recent};

	mptcp_ordered_keep(&copies->ranges, sizeof(struct mptcp_copies_range), is_wanted, &prune);
	copies->kept = copies->ranges.count;
}

void mptcp_copies_prune(struct mptcp_copies *copies, uint64_t acked, uint64_t recent, size_t most)
{
	keep(copies, acked, recent);
	if (copies->ranges.count > most)
		keep(copies, UINT64_MAX, recent);
}
