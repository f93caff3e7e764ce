/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which packets carried which data: the source of reinjection_of. */
#include "data_seen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void add(struct mptcp_data_seen *carried, uint64_t dsn, uint32_t length, uint64_t packetid)
{
	struct mptcp_data_seen_packet packet = {dsn, packetid, length};

	assert_int_equal(mptcp_data_seen_add(carried, packet), 0);
}

static void packets_with_any_of_the_bytes_are_found(void **state)
{
	struct mptcp_data_seen carried = {0};
	uint64_t ids[8];

	(void)state;
	add(&carried, 100, 100, 1);
	add(&carried, 200, 100, 2);
	add(&carried, 300, 10, 3);
	assert_int_equal(mptcp_data_seen_find(&carried, 250, 100, ids, 8), 2);
	assert_int_equal(ids[0] + ids[1], 5);
	assert_int_equal(mptcp_data_seen_find(&carried, 199, 1, ids, 8), 1);
	assert_int_equal(ids[0], 1);
	assert_int_equal(mptcp_data_seen_find(&carried, 310, 100, ids, 8), 0);
	assert_int_equal(mptcp_data_seen_find(&carried, 0, 100, ids, 8), 0);
	assert_int_equal(mptcp_data_seen_find(&carried, 100, 210, ids, 2), 2);
	mptcp_data_seen_clear(&carried);
}

static void data_across_the_64_bit_wrap_is_found(void **state)
{
	struct mptcp_data_seen carried = {0};
	uint64_t ids[8];

	(void)state;
	add(&carried, 40, 60, 2);
	add(&carried, UINT64_MAX - 59, 100, 1);
	assert_int_equal(mptcp_data_seen_find(&carried, 0, 10, ids, 8), 1);
	assert_int_equal(ids[0], 1);
	assert_int_equal(mptcp_data_seen_find(&carried, UINT64_MAX, 100, ids, 8), 2);
	mptcp_data_seen_clear(&carried);
}

static void a_large_packet_far_before_is_not_looked_for(void **state)
{
	struct mptcp_data_seen carried = {0};
	uint64_t ids[8];

	(void)state;
	add(&carried, 1, 60000, 1);
	for (uint64_t i = 0; i < 5000; i++)
		add(&carried, 2 + i, 1, 2 + i);
	assert_int_equal(mptcp_data_seen_find(&carried, 1000, 1, ids, 8), 2); /* 998 lie between */
	assert_int_equal(mptcp_data_seen_find(&carried, 5000, 1, ids, 8), 1);
	assert_int_equal(ids[0], 5000);
	mptcp_data_seen_clear(&carried);
}

static void random_packets_agree_with_comparing_all(void **state)
{
	(void)state;
	srand(1);
	for (int run = 0; run < 100; run++) {
		struct mptcp_data_seen carried = {0};
		struct mptcp_data_seen_packet all[100];
		uint64_t base = UINT64_MAX - 500, ids[100];

		for (uint64_t i = 0; i < 100; i++) {
			uint64_t dsn = base + (uint64_t)rand() % 1000;
			uint32_t length = 1 + (uint32_t)rand() % 50;
			size_t expected = 0;

			for (uint64_t j = 0; j < i; j++)
				expected += all[j].dsn - base < dsn - base + length &&
					dsn - base < all[j].dsn - base + all[j].length;
			assert_int_equal(mptcp_data_seen_find(&carried, dsn, length, ids, 100),
				expected);
			all[i] = (struct mptcp_data_seen_packet){dsn, i, length};
			assert_int_equal(mptcp_data_seen_add(&carried, all[i]), 0);
		}
		mptcp_data_seen_clear(&carried);
	}
}

static void pruning_keeps_late_and_unacknowledged_packets(void **state)
{
	struct mptcp_data_seen carried = {0};
	uint64_t ids[4];

	(void)state;
	for (uint64_t i = 0; i < 2000; i++)
		add(&carried, i * 10, 10, i);
	assert_true(mptcp_data_seen_wants_prune(&carried));
	mptcp_data_seen_prune(&carried, 1500, 10005);
	/* those from 1000 on are not acknowledged (1000 in part) */
	assert_int_equal(carried.list.count, 1000);
	assert_int_equal(mptcp_data_seen_find(&carried, 10000, 10, ids, 4), 1);
	assert_int_equal(mptcp_data_seen_find(&carried, 9990, 10, ids, 4), 0);
	assert_false(mptcp_data_seen_wants_prune(&carried));
	mptcp_data_seen_prune(&carried, 1500, 20000);
	assert_int_equal(carried.list.count, 500);
	mptcp_data_seen_clear(&carried);
}

static void merging_moves_everything(void **state)
{
	struct mptcp_data_seen into = {0}, from = {0};
	uint64_t ids[4];

	(void)state;
	add(&into, 100, 10, 1);
	add(&from, 50, 10, 2);
	add(&from, 150, 40, 3);
	assert_int_equal(mptcp_data_seen_merge(&into, &from), 0);
	assert_int_equal(into.list.count, 3);
	assert_int_equal(from.list.count, 0);
	assert_null(from.list.last.items);
	assert_int_equal(mptcp_data_seen_find(&into, 0, 1000, ids, 4), 3);
	assert_int_equal(mptcp_data_seen_find(&into, 189, 1, ids, 4), 1);
	mptcp_data_seen_clear(&into);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_with_any_of_the_bytes_are_found),
		cmocka_unit_test(data_across_the_64_bit_wrap_is_found),
		cmocka_unit_test(a_large_packet_far_before_is_not_looked_for),
		cmocka_unit_test(random_packets_agree_with_comparing_all),
		cmocka_unit_test(pruning_keeps_late_and_unacknowledged_packets),
		cmocka_unit_test(merging_moves_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
