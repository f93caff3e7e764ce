/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Round-trip times of data and of segments. */
#include "rtt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stddef.h>

#include <cmocka.h>

static void send_data(struct mptcp_rtt *rtt, uint64_t dsn, uint32_t length, int64_t time,
	uint32_t flow)
{
	assert_int_equal(mptcp_rtt_send(rtt, dsn, length, time, flow), 0);
}

/* The next sample is this one; rtt < 0: it has no time. */
static void expect(struct mptcp_rtt *rtt, uint64_t dsn, uint64_t length, uint32_t flow,
	int64_t time)
{
	struct mptcp_rtt_sample sample;

	assert_true(mptcp_rtt_next(rtt, &sample));
	assert_true(sample.dsn == dsn);
	assert_int_equal(sample.length, length);
	assert_int_equal(sample.flow, flow);
	assert_int_equal(sample.measured, time >= 0);
	if (time >= 0)
		assert_int_equal(sample.rtt, time);
}

static void expect_none(struct mptcp_rtt *rtt)
{
	struct mptcp_rtt_sample sample;

	assert_false(mptcp_rtt_next(rtt, &sample));
}

static void data_is_timed_from_its_transmission_to_its_data_ack(void **state)
{
	struct mptcp_rtt rtt = {0};

	(void)state;
	send_data(&rtt, 1, 100, 1000, 7);
	send_data(&rtt, 101, 100, 1010, 8);
	expect_none(&rtt);
	assert_true(mptcp_rtt_acknowledge(&rtt, 201, 1500));
	expect(&rtt, 1, 100, 7, 500);
	expect(&rtt, 101, 100, 8, 490);
	expect_none(&rtt);
	assert_false(mptcp_rtt_acknowledge(&rtt, 201, 1600));
	assert_false(mptcp_rtt_acknowledge(&rtt, 101, 1600));
	mptcp_rtt_clear(&rtt);
}

static void data_acknowledged_in_part_is_timed_when_all_of_it_is(void **state)
{
	struct mptcp_rtt rtt = {0};

	(void)state;
	send_data(&rtt, 1, 100, 1000, 0);
	mptcp_rtt_acknowledge(&rtt, 41, 1200);
	expect(&rtt, 1, 40, 0, -1);
	expect_none(&rtt);
	mptcp_rtt_acknowledge(&rtt, 101, 1300);
	expect(&rtt, 41, 60, 0, 300);
	expect_none(&rtt);
	mptcp_rtt_clear(&rtt);
}

static void data_sent_twice_has_no_time(void **state)
{
	struct mptcp_rtt rtt = {0};

	(void)state;
	send_data(&rtt, 1, 100, 1000, 0);
	send_data(&rtt, 101, 100, 1001, 0);
	send_data(&rtt, 201, 100, 1002, 0);
	send_data(&rtt, 101, 100, 1100, 1); /* reinjected */
	mptcp_rtt_acknowledge(&rtt, 301, 2000);
	expect(&rtt, 1, 100, 0, 1000);
	expect(&rtt, 101, 100, 0, -1);
	expect(&rtt, 201, 100, 0, 998);
	expect_none(&rtt);
	mptcp_rtt_clear(&rtt);
}

static void what_is_new_in_data_that_overlaps_is_timed(void **state)
{
	struct mptcp_rtt rtt = {0};

	(void)state;
	send_data(&rtt, 101, 100, 1000, 0);
	send_data(&rtt, 301, 100, 1001, 0);
	send_data(&rtt, 51, 500, 1002, 1); /* before, between and after */
	mptcp_rtt_acknowledge(&rtt, 551, 2000);
	/* the first DSN seen was 101: what is before counts as acknowledged */
	expect(&rtt, 101, 100, 0, -1);
	expect(&rtt, 201, 100, 1, 998);
	expect(&rtt, 301, 100, 0, -1);
	expect(&rtt, 401, 150, 1, 998);
	expect_none(&rtt);
	mptcp_rtt_clear(&rtt);
}

static void data_behind_its_data_ack_is_ignored(void **state)
{
	struct mptcp_rtt rtt = {0};

	(void)state;
	mptcp_rtt_acknowledge(&rtt, 101, 1000);
	send_data(&rtt, 1, 100, 1100, 0);
	expect_none(&rtt);
	send_data(&rtt, 51, 100, 1200, 0); /* half of it is new */
	mptcp_rtt_acknowledge(&rtt, 151, 1300);
	expect(&rtt, 101, 50, 0, 100);
	expect_none(&rtt);
	mptcp_rtt_clear(&rtt);
}

/* The newest segment of an acknowledgement; time < 0: none. */
static void expect_newest(struct mptcp_rtt *rtt, uint64_t acked, int64_t at, int64_t time)
{
	struct mptcp_rtt_newest newest = {0};
	struct mptcp_rtt_sample sample;

	mptcp_rtt_acknowledge(rtt, acked, at);
	while (mptcp_rtt_next(rtt, &sample))
		mptcp_rtt_newest_see(&newest, &sample);
	assert_int_equal(mptcp_rtt_newest_measured(&newest), time >= 0);
	if (time >= 0)
		assert_int_equal(newest.rtt, time);
}

static void an_acknowledgement_times_the_newest_segment_unless_any_was_sent_twice(void **state)
{
	struct mptcp_rtt rtt = {0};

	(void)state;
	send_data(&rtt, 1, 100, 10, 0);
	send_data(&rtt, 101, 100, 20, 0);
	expect_newest(&rtt, 201, 50, 30);
	/* sent in another order */
	send_data(&rtt, 301, 100, 60, 0);
	send_data(&rtt, 201, 100, 70, 0);
	expect_newest(&rtt, 401, 100, 30);
	/* a hole that the second copy filled, and what waited above it */
	send_data(&rtt, 401, 100, 110, 0);
	send_data(&rtt, 501, 100, 120, 0);
	send_data(&rtt, 401, 100, 900, 0);
	expect_newest(&rtt, 601, 950, -1);
	/* also where only a part of it is acknowledged */
	send_data(&rtt, 601, 100, 1000, 0);
	send_data(&rtt, 701, 100, 1010, 0);
	send_data(&rtt, 701, 100, 1100, 0);
	expect_newest(&rtt, 750, 1200, -1);
	mptcp_rtt_clear(&rtt);
}

static void what_was_sacked_before_is_not_timed(void **state)
{
	struct mptcp_rtt rtt = {0};

	(void)state;
	for (uint64_t i = 0; i < 4; i++)
		send_data(&rtt, 1 + 100 * i, 100, (int64_t)(10 + i), 0);
	mptcp_rtt_sack(&rtt, 201, 401);
	/* the newest of those below */
	expect_newest(&rtt, 401, 100, 89);
	send_data(&rtt, 401, 100, 200, 0);
	mptcp_rtt_sack(&rtt, 1, 401); /* below the acknowledgement */
	expect_newest(&rtt, 501, 300, 100);
	send_data(&rtt, 501, 100, 400, 0);
	mptcp_rtt_sack(&rtt, 550, 600);
	expect_newest(&rtt, 601, 500, -1);
	mptcp_rtt_clear(&rtt);
}

static void numbers_wrap(void **state)
{
	struct mptcp_rtt rtt = {0};

	(void)state;
	send_data(&rtt, UINT64_MAX - 49, 100, 1000, 0);
	send_data(&rtt, 50, 1, 1001, 0);
	mptcp_rtt_acknowledge(&rtt, 51, 1100);
	expect(&rtt, UINT64_MAX - 49, 100, 0, 100);
	expect(&rtt, 50, 1, 0, 99);
	expect_none(&rtt);
	mptcp_rtt_clear(&rtt);
}

static void one_damaged_data_ack_does_no_harm(void **state)
{
	struct mptcp_rtt rtt = {0};

	(void)state;
	send_data(&rtt, 1, 100, 1000, 0);
	assert_false(mptcp_rtt_acknowledge(&rtt, UINT64_C(1) << 40, 1100));
	expect_none(&rtt);
	assert_true(mptcp_rtt_acknowledge(&rtt, 101, 1200));
	expect(&rtt, 1, 100, 0, 200);
	mptcp_rtt_clear(&rtt);
}

static void a_clock_that_goes_back_gives_no_time(void **state)
{
	struct mptcp_rtt rtt = {0};

	(void)state;
	send_data(&rtt, 1, 100, 1000, 0);
	mptcp_rtt_acknowledge(&rtt, 101, 900);
	expect(&rtt, 1, 100, 0, -1);
	mptcp_rtt_clear(&rtt);
}

static void without_data_acks_memory_is_bounded_and_the_newest_kept(void **state)
{
	struct mptcp_rtt rtt = {0};
	struct mptcp_rtt_sample sample;
	uint64_t count = 3 * MPTCP_RTT_MOST, samples = 0;

	(void)state;
	for (uint64_t i = 0; i < count; i++)
		send_data(&rtt, 1 + 10 * i, 10, (int64_t)i, 0);
	assert_true(rtt.stretches.count <= MPTCP_RTT_MOST);
	mptcp_rtt_acknowledge(&rtt, 1 + 10 * count, (int64_t)count);
	while (mptcp_rtt_next(&rtt, &sample))
		samples++;
	assert_int_equal(samples, MPTCP_RTT_MOST);
	assert_int_equal(sample.rtt, 1);
	mptcp_rtt_clear(&rtt);
}

/* What was sent again, and what was sacked, byte by byte: stretches of ten bytes, some missing. */
static void marks_agree_with_a_table(void **state)
{
	(void)state;
	srand(4);
	for (int run = 0; run < 200; run++) {
		struct mptcp_rtt rtt = {0};
		struct mptcp_rtt_sample sample;
		bool sent[100] = {false}, repeated[100] = {false}, sacked[100] = {false};

		send_data(&rtt, 1, 1, 0, 0);
		for (int step = 0; step < 60; step++) {
			size_t from = (size_t)rand() % 100, to = from + 1 + (size_t)rand() % 20;
			bool sack = rand() % 3 == 0;

			to = to > 100 ? 100 : to;
			if (sack)
				mptcp_rtt_sack(&rtt, 10 + 10 * from, 10 + 10 * to);
			for (size_t i = from; i < to; i++) {
				sacked[i] |= sack && sent[i];
				if (sack)
					continue;
				repeated[i] |= sent[i];
				sent[i] = true;
			}
			/* one piece at a time where it is new, so that stretches have ten bytes */
			for (size_t i = from; i < to && !sack; i++)
				if (!repeated[i])
					send_data(&rtt, 10 + 10 * i, 10, 1, 0);
			if (!sack)
				for (size_t i = from, end; i < to; i = end + 1) {
					for (end = i; end < to && repeated[end]; end++)
						;
					if (end > i)
						send_data(&rtt, 10 + 10 * i,
							(uint32_t)(10 * (end - i)), 2, 0);
				}
		}
		mptcp_rtt_acknowledge(&rtt, 2000, 3);
		for (size_t i = 0; mptcp_rtt_next(&rtt, &sample);) {
			if (sample.dsn == 1)
				continue;
			while (!sent[i])
				i++;
			assert_int_equal(sample.dsn, 10 + 10 * i);
			assert_int_equal(sample.repeated, repeated[i]);
			assert_int_equal(sample.sacked, sacked[i]);
			i++;
		}
		mptcp_rtt_clear(&rtt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_is_timed_from_its_transmission_to_its_data_ack),
		cmocka_unit_test(data_acknowledged_in_part_is_timed_when_all_of_it_is),
		cmocka_unit_test(data_sent_twice_has_no_time),
		cmocka_unit_test(what_is_new_in_data_that_overlaps_is_timed),
		cmocka_unit_test(data_behind_its_data_ack_is_ignored),
		cmocka_unit_test(
			an_acknowledgement_times_the_newest_segment_unless_any_was_sent_twice),
		cmocka_unit_test(what_was_sacked_before_is_not_timed),
		cmocka_unit_test(marks_agree_with_a_table),
		cmocka_unit_test(numbers_wrap),
		cmocka_unit_test(one_damaged_data_ack_does_no_harm),
		cmocka_unit_test(a_clock_that_goes_back_gives_no_time),
		cmocka_unit_test(without_data_acks_memory_is_bounded_and_the_newest_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
