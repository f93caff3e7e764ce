/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mappings from subflow to data sequence numbers. */
#include "mapping.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void add(struct mptcp_mappings *mappings, uint64_t start, uint64_t end, uint64_t dsn,
	uint64_t row)
{
	assert_int_equal(mptcp_mappings_add(mappings, start, end, dsn, row), 0);
}

/* The DSN of a position, 0 for none. */
static uint64_t dsn_of(const struct mptcp_mappings *mappings, uint64_t position)
{
	const struct mptcp_mapping *mapping = mptcp_mappings_find(mappings, position);

	return mapping && mapping->start <= position ? mapping->dsn + (position - mapping->start)
						     : 0;
}

static void assert_ordered(const struct mptcp_mappings *mappings)
{
	struct mptcp_place place = mptcp_ordered_begin(&mappings->list);
	const struct mptcp_mapping *mapping;
	uint64_t end = 0;

	for (; (mapping = mptcp_mappings_at(mappings, place));
		place = mptcp_ordered_next(&mappings->list, place)) {
		assert_true(end <= mapping->start && mapping->start < mapping->end);
		end = mapping->end;
	}
}

static void a_mapping_that_goes_on_makes_the_last_one_longer(void **state)
{
	struct mptcp_mappings mappings = {0};

	(void)state;
	for (uint64_t i = 0; i < 100000; i++)
		add(&mappings, i * 1400, (i + 1) * 1400, 5000 + i * 1400, i);
	assert_int_equal(mappings.list.count, 1);
	assert_true(dsn_of(&mappings, 1400 * 100000 - 1) == 5000 + 1400 * 100000 - 1);
	assert_null(mptcp_mappings_find(&mappings, 1400 * 100000));
	mptcp_mappings_clear(&mappings);
}

static void a_repeated_mapping_changes_nothing(void **state)
{
	struct mptcp_mappings mappings = {0};

	(void)state;
	for (uint64_t i = 0; i < 30; i++)
		add(&mappings, 1, 41921, 1000, i);
	assert_int_equal(mappings.list.count, 1);
	const struct mptcp_mapping *only =
		mptcp_mappings_at(&mappings, mptcp_ordered_begin(&mappings.list));

	assert_int_equal(only->row, 29);
	assert_true(only->start == 1 && only->end == 41921);
	mptcp_mappings_clear(&mappings);
}

static void the_gap_between_two_is_filled_and_joins_them(void **state)
{
	struct mptcp_mappings mappings = {0};

	(void)state;
	add(&mappings, 0, 100, 1000, 1);
	add(&mappings, 200, 300, 1200, 2);
	add(&mappings, 400, 500, 9000, 3);
	assert_int_equal(mappings.list.count, 3);
	assert_true(dsn_of(&mappings, 150) == 0);
	add(&mappings, 50, 250, 1050, 4);
	assert_int_equal(mappings.list.count, 2);
	assert_true(dsn_of(&mappings, 299) == 1299);
	assert_true(dsn_of(&mappings, 400) == 9000);
	/* goes on at the subflow level only */
	add(&mappings, 300, 400, 5000, 5);
	assert_int_equal(mappings.list.count, 3);
	assert_true(dsn_of(&mappings, 300) == 5000);
	mptcp_mappings_clear(&mappings);
}

static void where_two_contradict_the_first_holds(void **state)
{
	struct mptcp_mappings mappings = {0};

	(void)state;
	add(&mappings, 100, 200, 1000, 1);
	add(&mappings, 50, 250, 7000, 2);
	assert_true(dsn_of(&mappings, 50) == 7000);
	assert_true(dsn_of(&mappings, 150) == 1050);
	assert_true(dsn_of(&mappings, 200) == 7150);
	assert_true(dsn_of(&mappings, 249) == 7199);
	assert_null(mptcp_mappings_find(&mappings, 250));
	mptcp_mappings_clear(&mappings);
}

static void an_infinite_mapping_has_no_end(void **state)
{
	struct mptcp_mappings mappings = {0};

	(void)state;
	add(&mappings, 100, 200, 1000, 1);
	add(&mappings, 200, MPTCP_MAPPING_INFINITE, 1100, 2);
	add(&mappings, 200, MPTCP_MAPPING_INFINITE, 1100, 3);
	assert_int_equal(mappings.list.count, 1);
	assert_true(dsn_of(&mappings, 200 + (UINT64_C(1) << 40)) == 1100 + (UINT64_C(1) << 40));
	mptcp_mappings_clear(&mappings);
}

static void random_mappings_agree_with_a_table(void **state)
{
	(void)state;
	srand(1);
	for (int run = 0; run < 300; run++) {
		struct mptcp_mappings mappings = {0};
		uint64_t table[256] = {0};

		for (uint64_t i = 0; i < 60; i++) {
			uint64_t start = (uint64_t)rand() % 240,
				 end = start + 1 + (uint64_t)rand() % 16;
			uint64_t dsn = start + 1000 * (uint64_t)(1 + rand() % 2);

			add(&mappings, start, end, dsn, i);
			for (uint64_t at = start; at < end; at++)
				if (!table[at])
					table[at] = dsn + (at - start);
			for (uint64_t at = 0; at < 256; at++)
				assert_true(dsn_of(&mappings, at) == table[at]);
			assert_ordered(&mappings);
		}
		mptcp_mappings_clear(&mappings);
	}
}

static void a_mapping_over_very_many_adds_what_goes_beyond_them(void **state)
{
	struct mptcp_mappings mappings = {0};

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		add(&mappings, 10 * i, 10 * i + 5, 100000 + 100 * i, i);
	assert_int_equal(mptcp_mappings_add(&mappings, 0, 20000, 900000, 1000), 1);
	/* parts are gaps and known ones */
	for (uint64_t i = 0; i < 999; i++) {
		assert_true(dsn_of(&mappings, 10 * i) == 100000 + 100 * i);
		assert_true(dsn_of(&mappings, 10 * i + 5) ==
			(2 * i + 1 < MPTCP_MAPPING_PARTS ? 900000 + 10 * i + 5 : 0));
	}
	assert_true(dsn_of(&mappings, 9995) == 909995);
	assert_true(dsn_of(&mappings, 19999) == 919999);
	assert_ordered(&mappings);
	/* nothing goes beyond */
	assert_int_equal(mptcp_mappings_add(&mappings, 0, 9993, 900000, 1001), 1);
	assert_true(dsn_of(&mappings, 9989) == 0);
	mptcp_mappings_clear(&mappings);
}

static void pruning_keeps_what_is_not_acknowledged_or_was_told_lately(void **state)
{
	struct mptcp_mappings mappings = {0};

	(void)state;
	for (uint64_t i = 0; i < 4000; i++)
		add(&mappings, i * 100, (i + 1) * 100, i * 1000, i);
	assert_int_equal(mappings.list.count, 4000);
	mptcp_mappings_prune(&mappings, 300000, 2000);
	assert_int_equal(mappings.list.count, 2000);
	assert_true(dsn_of(&mappings, 200000) == 2000000);
	assert_true(dsn_of(&mappings, 199999) == 0);
	/* not worth while again so soon */
	mptcp_mappings_prune(&mappings, 400000, 4000);
	assert_int_equal(mappings.list.count, 2000);
	mptcp_mappings_clear(&mappings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mapping_that_goes_on_makes_the_last_one_longer),
		cmocka_unit_test(a_repeated_mapping_changes_nothing),
		cmocka_unit_test(the_gap_between_two_is_filled_and_joins_them),
		cmocka_unit_test(where_two_contradict_the_first_holds),
		cmocka_unit_test(an_infinite_mapping_has_no_end),
		cmocka_unit_test(random_mappings_agree_with_a_table),
		cmocka_unit_test(a_mapping_over_very_many_adds_what_goes_beyond_them),
		cmocka_unit_test(pruning_keeps_what_is_not_acknowledged_or_was_told_lately),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
