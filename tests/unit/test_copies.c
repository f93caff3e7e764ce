/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first copies of data, range by range, against a table with an entry for each byte. */
#include "copies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define BYTES 2000

/* What was reported, for each byte. */
struct reported {
	bool any[BYTES];
	uint64_t original[BYTES]; /* 0: not known */
	int64_t last_time[BYTES];
	uint64_t position_offset; /* of a position and its DSN, the same in all packets */
	size_t calls;
	uint64_t last_end;
};

static int note(void *context, const struct mptcp_copies_range *before)
{
	struct reported *reported = context;

	assert_true(before->start < before->end);
	assert_true(before->start >= reported->last_end);
	reported->last_end = before->end;
	reported->calls++;
	assert_int_equal(before->first.position, reported->position_offset + before->start);
	for (uint64_t at = before->start; at < before->end; at++) {
		reported->any[at] = true;
		reported->original[at] = before->first.packetid;
		reported->last_time[at] = before->last_time;
	}
	return 0;
}

/* A packet whose time is its number. */
static int add(struct mptcp_copies *copies, struct reported *reported, uint64_t start, uint64_t end,
	uint64_t packetid)
{
	struct mptcp_copy copy = {.packetid = packetid,
		.time = (int64_t)packetid,
		.position = 5000 + start,
		.tcpstream = 10 + (uint32_t)packetid % 3};

	*reported = (struct reported){.position_offset = 5000};
	return mptcp_copies_add(copies, start, end, &copy, note, reported);
}

static void fill(struct mptcp_copies *copies, uint64_t start, uint64_t end, uint64_t packetid)
{
	struct mptcp_copy copy = {.packetid = packetid,
		.time = (int64_t)packetid,
		.position = 5000 + start,
		.tcpstream = 10 + (uint32_t)packetid % 3};

	assert_int_equal(mptcp_copies_add(copies, start, end, &copy, NULL, NULL), 0);
}

static void every_byte_has_its_earliest_packet(void **state)
{
	(void)state;
	srand(3);
	for (int turn = 0; turn < 50; turn++) {
		struct mptcp_copies copies = {0};
		uint64_t first[BYTES] = {0};
		struct reported reported;

		for (uint64_t packet = 1; packet <= 600; packet++) {
			uint64_t start = (uint64_t)rand() % (BYTES - 30);
			uint64_t end = start + 1 + (uint64_t)rand() % 30;
			bool again = rand() % 2;

			if (again)
				assert_int_equal(add(&copies, &reported, start, end, packet), 0);
			else
				fill(&copies, start, end, packet);
			for (uint64_t at = start; at < end; at++) {
				if (again) {
					assert_true(reported.any[at]);
					assert_int_equal(reported.original[at], first[at]);
				}
				if (!first[at])
					first[at] = packet;
			}
		}
		mptcp_copies_clear(&copies);
	}
}

static void ranges_side_by_side_of_one_original_are_told_as_one(void **state)
{
	struct mptcp_copies copies = {0};
	struct reported reported;

	(void)state;
	fill(&copies, 1, 101, 1);
	add(&copies, &reported, 30, 40, 2); /* splits the range */
	assert_int_equal(reported.calls, 1);
	assert_int_equal(reported.last_time[30], 1);
	add(&copies, &reported, 1, 101, 3);
	assert_int_equal(reported.calls, 1);
	assert_int_equal(reported.original[1], 1);
	assert_int_equal(reported.original[100], 1);
	assert_int_equal(reported.last_time[1], 2);
	mptcp_copies_clear(&copies);
}

static void in_any_order_the_ranges_stay_sorted(void **state)
{
	struct mptcp_copies copies = {0};
	struct reported reported;
	size_t calls = 0;

	(void)state;
	for (uint64_t i = 1000; i-- > 0;) /* descending, then the gaps */
		fill(&copies, 2 * i, 2 * i + 1, 1 + i);
	assert_int_equal(copies.ranges.count, 1000);
	for (uint64_t at = 0; at < BYTES; at += 100) {
		add(&copies, &reported, at, at + 100, 3000);
		calls += reported.calls;
		for (uint64_t byte = at; byte < at + 100; byte++)
			assert_int_equal(reported.original[byte], byte % 2 ? 0 : 1 + byte / 2);
	}
	assert_int_equal(calls, BYTES);
	assert_int_equal(copies.ranges.count, BYTES);
	mptcp_copies_clear(&copies);
}

static void what_repeats_hundreds_of_packets_names_the_earliest_of_the_rest(void **state)
{
	struct mptcp_copies copies = {0};
	struct reported reported;

	(void)state;
	for (uint64_t i = 0; i < BYTES; i++)
		fill(&copies, i, i + 1, 1 + (i + BYTES / 2) % BYTES);
	add(&copies, &reported, 0, BYTES, 9000);
	assert_int_equal(reported.calls, MPTCP_COPIES_PARTS - 1);
	assert_int_equal(reported.original[0], 1 + BYTES / 2);
	assert_int_equal(reported.original[BYTES - 1], 1);
	assert_int_equal(copies.ranges.count, MPTCP_COPIES_PARTS - 1);
	mptcp_copies_clear(&copies);
}

static void pruned_ranges_are_forgotten_and_others_stay(void **state)
{
	struct mptcp_copies copies = {0};
	struct reported reported;

	(void)state;
	for (uint64_t i = 0; i < 20; i++)
		fill(&copies, 10 * i, 10 * i + 10, i + 1);
	assert_false(mptcp_copies_wants_prune(&copies));
	mptcp_copies_prune(&copies, 100, 5, 1000); /* packets from 5 on are recent */
	assert_int_equal(copies.ranges.count, 16);
	mptcp_copies_prune(&copies, 100, 100, 1000);
	assert_int_equal(copies.ranges.count, 10);
	add(&copies, &reported, 0, 200, 30);
	assert_int_equal(reported.calls, 11);
	assert_true(reported.any[99]);
	assert_int_equal(reported.original[99], 0);
	assert_int_equal(reported.original[100], 11);
	mptcp_copies_prune(&copies, 0, 15, 5); /* too many: only recent ones */
	assert_int_equal(copies.ranges.count, 7);
	mptcp_copies_clear(&copies);
}

static void many_ranges_want_a_prune_once_until_they_have_doubled(void **state)
{
	struct mptcp_copies copies = {0};

	(void)state;
	for (uint64_t i = 0; i < 1024; i++) {
		assert_false(mptcp_copies_wants_prune(&copies));
		fill(&copies, 2 * i, 2 * i + 1, 1);
	}
	assert_true(mptcp_copies_wants_prune(&copies));
	mptcp_copies_prune(&copies, 0, 0, 10000);
	assert_false(mptcp_copies_wants_prune(&copies));
	mptcp_copies_clear(&copies);
}

static int give_up(void *context, const struct mptcp_copies_range *before)
{
	(void)context;
	(void)before;
	return -1;
}

static void an_error_of_the_caller_is_handed_back(void **state)
{
	struct mptcp_copies copies = {0};
	struct mptcp_copy copy = {.packetid = 2, .tcpstream = 1};

	(void)state;
	fill(&copies, 0, 10, 1);
	assert_int_equal(mptcp_copies_add(&copies, 5, 6, &copy, give_up, NULL), -1);
	mptcp_copies_clear(&copies);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_has_its_earliest_packet),
		cmocka_unit_test(ranges_side_by_side_of_one_original_are_told_as_one),
		cmocka_unit_test(in_any_order_the_ranges_stay_sorted),
		cmocka_unit_test(what_repeats_hundreds_of_packets_names_the_earliest_of_the_rest),
		cmocka_unit_test(pruned_ranges_are_forgotten_and_others_stay),
		cmocka_unit_test(many_ranges_want_a_prune_once_until_they_have_doubled),
		cmocka_unit_test(an_error_of_the_caller_is_handed_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
