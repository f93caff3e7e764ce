/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interval.h"

#include <stdlib.h>
#include <string.h>

void mptcp_intervals_clear(struct mptcp_intervals *set)
{
	free(set->ranges);
	*set = (struct mptcp_intervals){0};
}

size_t mptcp_intervals_search(const struct mptcp_intervals *set, uint64_t start)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->ranges[middle].end > start)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static int make_room(struct mptcp_intervals *set)
{
	if (set->count < set->capacity)
		return 0;
	/* nearly all sets are a single range, and there are several for each subflow */
	size_t capacity = set->capacity ? set->capacity * 2 : 1;
	struct mptcp_interval *ranges = realloc(set->ranges, capacity * sizeof(*ranges));
	if (!ranges)
		return -1;
	set->ranges = ranges;
	set->capacity = capacity;
	return 0;
}

int mptcp_intervals_add(struct mptcp_intervals *set, uint64_t start, uint64_t end, uint64_t *added)
{
	size_t first = mptcp_intervals_find(set, start);
	uint64_t known = 0;

	/* the last range becomes longer */
	if (first && first == set->count && set->ranges[first - 1].end == start) {
		set->ranges[first - 1].end = end;
		if (added)
			*added = end - start;
		return 0;
	}
	/* a range that ends exactly where this one starts is joined, too */
	if (first && set->ranges[first - 1].end == start)
		first--;
	size_t last = first;
	struct mptcp_interval joined = {start, end};
	for (; last < set->count && set->ranges[last].start <= end; last++) {
		const struct mptcp_interval *range = &set->ranges[last];
		uint64_t from = range->start > start ? range->start : start;
		uint64_t to = range->end < end ? range->end : end;

		if (to > from)
			known += to - from;
		if (range->start < joined.start)
			joined.start = range->start;
		if (range->end > joined.end)
			joined.end = range->end;
	}
	if (added)
		*added = end - start - known;
	if (first == last) {
		if (make_room(set))
			return -1;
		memmove(set->ranges + first + 1, set->ranges + first,
			(set->count - first) * sizeof(joined));
		set->count++;
	} else if (last - first > 1) {
		memmove(set->ranges + first + 1, set->ranges + last,
			(set->count - last) * sizeof(joined));
		set->count -= last - first - 1;
	}
	set->ranges[first] = joined;
	return 0;
}

uint64_t mptcp_intervals_overlap(const struct mptcp_intervals *set, uint64_t start, uint64_t end)
{
	uint64_t known = 0;

	for (size_t i = mptcp_intervals_find(set, start);
		i < set->count && set->ranges[i].start < end; i++) {
		uint64_t from = set->ranges[i].start > start ? set->ranges[i].start : start;
		uint64_t to = set->ranges[i].end < end ? set->ranges[i].end : end;

		known += to - from;
	}
	return known;
}

bool mptcp_intervals_gap(const struct mptcp_intervals *set, uint64_t start, uint64_t end,
	struct mptcp_interval *gap)
{
	size_t next = mptcp_intervals_find(set, start);

	if (next < set->count && set->ranges[next].start <= start)
		start = set->ranges[next++].end;
	if (next < set->count && set->ranges[next].start < end)
		end = set->ranges[next].start;
	*gap = (struct mptcp_interval){start, end};
	return start < end;
}

uint64_t mptcp_intervals_total(const struct mptcp_intervals *set)
{
	uint64_t total = 0;

	for (size_t i = 0; i < set->count; i++)
		total += set->ranges[i].end - set->ranges[i].start;
	return total;
}

void mptcp_intervals_forget(struct mptcp_intervals *set, uint64_t bound, size_t most)
{
	if (set->count <= most)
		return;
	size_t old = 0; /* ranges that end before the bound */
	while (old < set->count && set->ranges[old].end <= bound)
		old++;
	if (old < 2)
		return;
	set->ranges[0].end = set->ranges[old - 1].end;
	memmove(set->ranges + 1, set->ranges + old, (set->count - old) * sizeof(*set->ranges));
	set->count -= old - 1;
}
