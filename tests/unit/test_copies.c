/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first copies of data, range by range, against a table with an entry for each byte. */
#include "copies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BYTES 400
#define SUBFLOWS 4

/* The plain way: for each byte the first packet of each subflow. */
struct table {
	uint64_t first[BYTES][SUBFLOWS]; /* packetid, 0 for none */
};

/* What was told, a byte at a time. */
struct told {
	uint64_t original[BYTES];
	bool repeated[BYTES];
	uint64_t position_offset; /* of a position and its DSN, the same in all packets */
	size_t calls;
	uint64_t last_end;
};

static int note(void *context, uint64_t start, uint64_t end, const struct mptcp_copy *original,
	bool repeated)
{
	struct told *told = context;

	assert_true(start < end);
	assert_true(start >= told->last_end);
	told->last_end = end;
	told->calls++;
	assert_int_equal(original->position, told->position_offset + start);
	for (uint64_t at = start; at < end; at++) {
		told->original[at] = original->packetid;
		told->repeated[at] = repeated;
	}
	return 0;
}

static int add(struct mptcp_copies *copies, struct told *told, uint64_t start, uint64_t end,
	uint64_t packetid, uint32_t subflow)
{
	struct mptcp_copy copy = {.packetid = packetid,
		.position = 5000 + start,
		.tcpstream = 10 + subflow,
		.subflow = (uint8_t)subflow};

	*told = (struct told){.position_offset = 5000};
	return mptcp_copies_add(copies, start, end, &copy, note, told);
}

static uint64_t earliest_other(const struct table *table, uint64_t at, uint32_t subflow)
{
	uint64_t best = 0;

	for (uint32_t i = 0; i < SUBFLOWS; i++)
		if (i != subflow && table->first[at][i] && (!best || table->first[at][i] < best))
			best = table->first[at][i];
	return best;
}

static void every_byte_has_the_earliest_packet_of_another_subflow(void **state)
{
	(void)state;
	srand(3);
	for (int turn = 0; turn < 200; turn++) {
		struct mptcp_copies copies = {0};
		struct table table = {0};
		struct told told;

		for (uint64_t packet = 1; packet <= 60; packet++) {
			uint64_t start = (uint64_t)rand() % (BYTES - 60);
			uint64_t end = start + 1 + (uint64_t)rand() % 60;
			uint32_t subflow = (uint32_t)rand() % SUBFLOWS;

			assert_int_equal(add(&copies, &told, start, end, packet, subflow), 0);
			for (uint64_t at = 0; at < BYTES; at++) {
				bool inside = at >= start && at < end;
				uint64_t want = inside ? earliest_other(&table, at, subflow) : 0;

				assert_int_equal(told.original[at], want);
				if (want)
					assert_int_equal(told.repeated[at],
						table.first[at][subflow] != 0);
				if (inside && !table.first[at][subflow])
					table.first[at][subflow] = packet;
			}
		}
		mptcp_copies_release(&copies);
	}
}

static void ranges_side_by_side_of_one_original_are_told_as_one(void **state)
{
	struct mptcp_copies copies = {0};
	struct told told;

	(void)state;
	add(&copies, &told, 1, 101, 1, 0);
	add(&copies, &told, 30, 40, 2, 1); /* splits the range */
	assert_int_equal(told.calls, 1);
	add(&copies, &told, 1, 101, 3, 2);
	assert_int_equal(told.calls, 1);
	assert_int_equal(told.original[1], 1);
	assert_int_equal(told.original[100], 1);
	mptcp_copies_release(&copies);
}

static bool keep_late(const void *context, const struct mptcp_copies_range *range)
{
	return range->end > *(const uint64_t *)context;
}

static void pruned_ranges_are_forgotten_and_others_stay(void **state)
{
	struct mptcp_copies copies = {0};
	struct told told;
	uint64_t bound = 100;

	(void)state;
	for (uint64_t i = 0; i < 20; i++)
		add(&copies, &told, 10 * i, 10 * i + 10, i + 1, 0);
	assert_false(mptcp_copies_wants_prune(&copies));
	mptcp_copies_prune(&copies, keep_late, &bound);
	assert_int_equal(copies.count, 10);
	add(&copies, &told, 0, 200, 30, 1);
	assert_int_equal(told.calls, 10);
	assert_int_equal(told.original[99], 0);
	assert_int_equal(told.original[100], 11);
	mptcp_copies_release(&copies);
}

static void many_ranges_want_a_prune_once_until_they_have_doubled(void **state)
{
	struct mptcp_copies copies = {0};
	struct mptcp_copy copy = {.packetid = 1};
	uint64_t bound = 0;

	(void)state;
	for (uint64_t i = 0; i < 1024; i++) {
		assert_false(mptcp_copies_wants_prune(&copies));
		assert_int_equal(mptcp_copies_add(&copies, 2 * i, 2 * i + 1, &copy, note, NULL), 0);
	}
	assert_true(mptcp_copies_wants_prune(&copies));
	mptcp_copies_prune(&copies, keep_late, &bound);
	assert_false(mptcp_copies_wants_prune(&copies));
	mptcp_copies_release(&copies);
}

static int give_up(void *context, uint64_t start, uint64_t end, const struct mptcp_copy *original,
	bool repeated)
{
	(void)context;
	(void)start;
	(void)end;
	(void)original;
	(void)repeated;
	return -1;
}

static void an_error_of_the_caller_is_handed_back(void **state)
{
	struct mptcp_copies copies = {0};
	struct mptcp_copy copy = {.packetid = 1, .tcpstream = 1};

	(void)state;
	assert_int_equal(mptcp_copies_add(&copies, 0, 10, &copy, give_up, NULL), 0);
	copy.tcpstream = 2;
	copy.subflow = 1;
	assert_int_equal(mptcp_copies_add(&copies, 5, 6, &copy, give_up, NULL), -1);
	mptcp_copies_release(&copies);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_has_the_earliest_packet_of_another_subflow),
		cmocka_unit_test(ranges_side_by_side_of_one_original_are_told_as_one),
		cmocka_unit_test(pruned_ranges_are_forgotten_and_others_stay),
		cmocka_unit_test(many_ranges_want_a_prune_once_until_they_have_doubled),
		cmocka_unit_test(an_error_of_the_caller_is_handed_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
