/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of ranges: against a plain bitmap, and the edges. */
#include "interval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SPAN 256

static void assert_ordered(const struct mptcp_intervals *set)
{
	struct mptcp_place place = mptcp_ordered_begin(&set->ranges);
	const struct mptcp_interval *range;

	for (; (range = mptcp_intervals_at(set, place));
		place = mptcp_ordered_next(&set->ranges, place)) {
		const struct mptcp_interval *before = mptcp_intervals_before(set, place);

		assert_true(range->start < range->end);
		if (before)
			assert_true(before->end < range->start);
	}
}

static void ranges_that_touch_or_overlap_are_one(void **state)
{
	struct mptcp_intervals set = {0};
	uint64_t added;

	(void)state;
	assert_int_equal(mptcp_intervals_add(&set, 10, 20, &added), 0);
	assert_int_equal(added, 10);
	assert_int_equal(mptcp_intervals_add(&set, 30, 40, &added), 0);
	assert_int_equal(set.ranges.count, 2);
	assert_int_equal(mptcp_intervals_add(&set, 20, 30, &added), 0);
	assert_int_equal(added, 10);
	assert_int_equal(set.ranges.count, 1);
	assert_int_equal(mptcp_intervals_add(&set, 5, 45, &added), 0);
	assert_int_equal(added, 10);
	assert_int_equal(mptcp_intervals_add(&set, 6, 44, NULL), 0);
	assert_int_equal(set.ranges.count, 1);
	assert_int_equal(mptcp_intervals_total(&set), 40);
	mptcp_intervals_clear(&set);
	assert_null(set.ranges.last.items);
	assert_int_equal(set.ranges.count, 0);
}

static void random_ranges_agree_with_a_bitmap(void **state)
{
	(void)state;
	srand(1);
	for (int run = 0; run < 300; run++) {
		struct mptcp_intervals set = {0};
		bool map[SPAN] = {false};

		for (int i = 0; i < 60; i++) {
			uint64_t start = (uint64_t)rand() % (SPAN - 1), added, total = 0;
			uint64_t end = start + 1 + (uint64_t)rand() % 12, fresh = 0, known = 0;

			if (end > SPAN)
				end = SPAN;
			for (uint64_t at = start; at < end; at++)
				known += map[at];
			assert_int_equal(mptcp_intervals_overlap(&set, start, end), known);
			for (uint64_t at = start; at < end; at++) {
				fresh += !map[at];
				map[at] = true;
			}
			assert_int_equal(mptcp_intervals_add(&set, start, end, &added), 0);
			assert_int_equal(added, fresh);
			for (size_t at = 0; at < SPAN; at++)
				total += map[at];
			assert_int_equal(mptcp_intervals_total(&set), total);
			assert_ordered(&set);
		}
		mptcp_intervals_clear(&set);
	}
}

static void a_transfer_without_holes_is_one_range(void **state)
{
	struct mptcp_intervals set = {0};

	(void)state;
	for (uint64_t i = 0; i < 100000; i++)
		assert_int_equal(mptcp_intervals_add(&set, i * 1400, (i + 1) * 1400, NULL), 0);
	assert_int_equal(set.ranges.count, 1);
	assert_true(set.ranges.last.capacity < 16);
	mptcp_intervals_clear(&set);
}

static void numbers_up_to_the_largest_can_be_in_a_set(void **state)
{
	struct mptcp_intervals set = {0};
	uint64_t added;

	(void)state;
	assert_int_equal(mptcp_intervals_add(&set, UINT64_MAX - 10, UINT64_MAX, &added), 0);
	assert_int_equal(added, 10);
	assert_int_equal(mptcp_intervals_add(&set, 0, 1, NULL), 0);
	assert_int_equal(set.ranges.count, 2);
	assert_int_equal(mptcp_intervals_overlap(&set, 0, UINT64_MAX), 11);
	mptcp_intervals_clear(&set);
}

/* The place of the first range that ends after a number: how many ranges come before it. */
static size_t find(const struct mptcp_intervals *set, uint64_t start)
{
	struct mptcp_place place = mptcp_intervals_find(set, start);
	size_t before = 0;

	while (mptcp_ordered_back(&set->ranges, &place))
		before++;
	return before;
}

static void find_gives_the_first_range_that_ends_behind(void **state)
{
	struct mptcp_intervals set = {0};

	(void)state;
	assert_int_equal(find(&set, 0), 0);
	for (uint64_t i = 1; i <= 3; i++)
		assert_int_equal(mptcp_intervals_add(&set, i * 10, i * 10 + 5, NULL), 0);
	assert_int_equal(find(&set, 0), 0);
	assert_int_equal(find(&set, 14), 0);
	assert_int_equal(find(&set, 15), 1);
	assert_int_equal(find(&set, 20), 1);
	assert_int_equal(find(&set, 30), 2);
	assert_int_equal(find(&set, 35), 3);
	mptcp_intervals_clear(&set);
}

static void the_first_gap_in_a_range_is_found(void **state)
{
	struct mptcp_intervals set = {0};
	struct mptcp_interval gap;

	(void)state;
	assert_true(mptcp_intervals_gap(&set, 5, 10, &gap));
	assert_true(gap.start == 5 && gap.end == 10);
	mptcp_intervals_add(&set, 10, 20, NULL);
	mptcp_intervals_add(&set, 30, 40, NULL);
	assert_true(mptcp_intervals_gap(&set, 5, 35, &gap));
	assert_true(gap.start == 5 && gap.end == 10);
	assert_true(mptcp_intervals_gap(&set, 10, 35, &gap));
	assert_true(gap.start == 20 && gap.end == 30);
	assert_true(mptcp_intervals_gap(&set, 35, 45, &gap));
	assert_true(gap.start == 40 && gap.end == 45);
	assert_false(mptcp_intervals_gap(&set, 12, 20, &gap));
	assert_false(mptcp_intervals_gap(&set, 12, 15, &gap));
	mptcp_intervals_clear(&set);
}

static void forgetting_closes_only_gaps_before_the_bound(void **state)
{
	struct mptcp_intervals set = {0};

	(void)state;
	for (uint64_t i = 0; i < 10; i++)
		assert_int_equal(mptcp_intervals_add(&set, i * 10, i * 10 + 5, NULL), 0);
	mptcp_intervals_forget(&set, 1000, 10);
	assert_int_equal(set.ranges.count, 10);
	mptcp_intervals_forget(&set, 58, 4);
	assert_ordered(&set);
	assert_int_equal(set.ranges.count, 5);
	struct mptcp_interval *first = mptcp_intervals_at(&set, mptcp_ordered_begin(&set.ranges));

	assert_int_equal(first->start, 0);
	assert_int_equal(first->end, 55);
	assert_int_equal(mptcp_intervals_at(&set, mptcp_intervals_find(&set, 58))->start, 60);
	mptcp_intervals_forget(&set, 58, 4);
	assert_int_equal(set.ranges.count, 5);
	mptcp_intervals_clear(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_that_touch_or_overlap_are_one),
		cmocka_unit_test(random_ranges_agree_with_a_bitmap),
		cmocka_unit_test(a_transfer_without_holes_is_one_range),
		cmocka_unit_test(numbers_up_to_the_largest_can_be_in_a_set),
		cmocka_unit_test(find_gives_the_first_range_that_ends_behind),
		cmocka_unit_test(the_first_gap_in_a_range_is_found),
		cmocka_unit_test(forgetting_closes_only_gaps_before_the_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
