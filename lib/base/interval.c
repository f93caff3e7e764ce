/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interval.h"

void mptcp_intervals_clear(struct mptcp_intervals *set)
{
	mptcp_ordered_clear(&set->ranges);
}

/* Moves to the next range and gives it, or NULL. */
static struct mptcp_interval *next(const struct mptcp_intervals *set, struct mptcp_place *place)
{
	*place = mptcp_ordered_next(&set->ranges, *place);
	return mptcp_intervals_at(set, *place);
}

static uint64_t common(const struct mptcp_interval *range, uint64_t start, uint64_t end)
{
	uint64_t from = range->start > start ? range->start : start;
	uint64_t to = range->end < end ? range->end : end;

	return to > from ? to - from : 0;
}

/* Adds to the range at the place, which [start, end) touches, that and all others it touches;
 * returns how many of its numbers were known. */
static uint64_t join(struct mptcp_intervals *set, struct mptcp_place place, uint64_t start,
	uint64_t end)
{
	struct mptcp_interval *range = mptcp_intervals_at(set, place);
	struct mptcp_interval joined = {range->start < start ? range->start : start, end};
	uint64_t known = common(range, start, end);
	struct mptcp_place after = mptcp_ordered_next(&set->ranges, place);
	const struct mptcp_interval *other;

	if (range->end > joined.end)
		joined.end = range->end;
	while ((other = mptcp_intervals_at(set, after)) && other->start <= end) {
		known += common(other, start, end);
		if (other->end > joined.end)
			joined.end = other->end;
		mptcp_ordered_erase(&set->ranges, &after, sizeof(*other));
	}
	*mptcp_intervals_at(set, place) = joined;
	return known;
}

/* What does not continue the last range. */
static int insert(struct mptcp_intervals *set, uint64_t start, uint64_t end, uint64_t *added)
{
	struct mptcp_place place = mptcp_intervals_find(set, start);
	const struct mptcp_interval *range = mptcp_intervals_at(set, place);
	struct mptcp_interval *before = mptcp_intervals_before(set, place), *new;
	uint64_t known = 0;

	if (before && before->end != start)
		before = NULL;
	if (before || (range && range->start <= end)) {
		if (before)
			mptcp_ordered_back(&set->ranges, &place);
		known = join(set, place, start, end);
	} else {
		new = mptcp_ordered_insert(&set->ranges, &place, sizeof(*new));
		if (!new)
			return -1;
		*new = (struct mptcp_interval){start, end};
	}
	if (added)
		*added = end - start - known;
	return 0;
}

int mptcp_intervals_add(struct mptcp_intervals *set, uint64_t start, uint64_t end, uint64_t *added)
{
	struct mptcp_interval *last = mptcp_intervals_last(set);

	if (!last || last->end != start)
		return insert(set, start, end, added);
	last->end = end;
	if (added)
		*added = end - start;
	return 0;
}

uint64_t mptcp_intervals_overlap(const struct mptcp_intervals *set, uint64_t start, uint64_t end)
{
	struct mptcp_place place = mptcp_intervals_find(set, start);
	uint64_t known = 0;

	for (const struct mptcp_interval *range = mptcp_intervals_at(set, place);
		range && range->start < end; range = next(set, &place))
		known += common(range, start, end);
	return known;
}

bool mptcp_intervals_gap(const struct mptcp_intervals *set, uint64_t start, uint64_t end,
	struct mptcp_interval *gap)
{
	struct mptcp_place place = mptcp_intervals_find(set, start);
	const struct mptcp_interval *range = mptcp_intervals_at(set, place);

	if (range && range->start <= start) {
		start = range->end;
		range = next(set, &place);
	}
	if (range && range->start < end)
		end = range->start;
	*gap = (struct mptcp_interval){start, end};
	return start < end;
}

uint64_t mptcp_intervals_total(const struct mptcp_intervals *set)
{
	struct mptcp_place place = mptcp_ordered_begin(&set->ranges);
	uint64_t known = 0;

	for (const struct mptcp_interval *range = mptcp_intervals_at(set, place); range;
		range = next(set, &place))
		known += range->end - range->start;
	return known;
}

void mptcp_intervals_forget(struct mptcp_intervals *set, uint64_t bound, size_t most)
{
	struct mptcp_place place = mptcp_ordered_begin(&set->ranges);
	const struct mptcp_interval *range;

	if (set->ranges.count <= most || mptcp_intervals_first(set)->end > bound)
		return;
	place = mptcp_ordered_next(&set->ranges, place);
	while ((range = mptcp_intervals_at(set, place)) && range->end <= bound) {
		mptcp_intervals_first(set)->end = range->end;
		mptcp_ordered_erase(&set->ranges, &place, sizeof(*range));
	}
}
