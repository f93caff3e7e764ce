/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Offset and skew of two clocks from delays in both directions. */
#include "clock.h"
#include "units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define START (INT64_C(1700000000) * MPTCP_SECOND)
#define MS INT64_C(1000000)

/* A packet each way every 10 ms; now and then a queue. `ppm`: what b gains; `offset`: at START. */
static void feed(struct mptcp_clock *clock, int seconds, int64_t offset, double ppm,
	const int64_t delay[2], bool backwards)
{
	struct mptcp_error error;
	int count = seconds * 100;

	for (int i = 0; i < count; i++) {
		int at = backwards ? count - 1 - i : i;
		int64_t time = START + at * 10 * MS;
		int64_t ahead = offset + llround((double)(time - START) * ppm / 1e6);
		int64_t queue = at % 7 * MS;

		assert_int_equal(
			mptcp_clock_add(clock, true, time, ahead + delay[0] + queue, &error), 0);
		assert_int_equal(
			mptcp_clock_add(clock, false, time, ahead - delay[1] - queue / 2, &error),
			0);
	}
}

static void assert_near(double value, double wanted, double most)
{
	if (fabs(value - wanted) > most)
		fail_msg("%f is not within %f of %f", value, most, wanted);
}

static void offset_and_skew_are_found_at_any_length(void **state)
{
	static const int64_t delay[2] = {20 * MS, 20 * MS};
	static const int lengths[] = {10, 100, 3000};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct mptcp_clock clock = {0};
		struct mptcp_clock_fit fit;
		int64_t end = START + lengths[i] * MPTCP_SECOND;

		feed(&clock, lengths[i], 3700 * MS, 50, delay, i & 1);
		mptcp_clock_fit(&clock, MPTCP_CLOCK_SKEW, &fit);
		assert_true(fit.known);
		assert_near((double)mptcp_clock_ahead(&fit, START), 3700e6, 0.3e6);
		assert_near((double)mptcp_clock_ahead(&fit, end), 3700e6 + lengths[i] * 50e3,
			0.3e6);
		assert_near(fit.skew * 1e6, 50, 50.0 / lengths[i] + 5.1);
		assert_near(fit.offset_uncertainty, 20e6, 0.3e6);
		mptcp_clock_clear(&clock);
	}
}

static void clocks_that_agree_have_no_skew(void **state)
{
	static const int64_t delay[2] = {5 * MS, 5 * MS};
	struct mptcp_clock clock = {0};
	struct mptcp_clock_fit fit;

	(void)state;
	feed(&clock, 20, 0, 0, delay, false);
	mptcp_clock_fit(&clock, MPTCP_CLOCK_SKEW, &fit);
	assert_true(fit.skew == 0);
	assert_near(fit.offset, 0, 10);
	mptcp_clock_clear(&clock);
}

static void an_asymmetric_path_is_within_the_uncertainty(void **state)
{
	static const int64_t delay[2] = {40 * MS, 10 * MS};
	struct mptcp_clock clock = {0};
	struct mptcp_clock_fit fit;

	(void)state;
	feed(&clock, 20, 0, 0, delay, false);
	mptcp_clock_fit(&clock, MPTCP_CLOCK_OFFSET, &fit);
	assert_near(fit.offset, 15e6, 1e3);
	assert_near(fit.offset_uncertainty, 25e6, 1e3);
	mptcp_clock_clear(&clock);
}

static void one_direction_alone_tells_nothing(void **state)
{
	struct mptcp_clock clock = {0};
	struct mptcp_clock_fit fit;
	struct mptcp_error error;
	char text[64];

	(void)state;
	assert_int_equal(mptcp_clock_add(&clock, true, START, 5 * MS, &error), 0);
	mptcp_clock_fit(&clock, MPTCP_CLOCK_SKEW, &fit);
	assert_false(fit.known);
	assert_int_equal(mptcp_clock_ahead(&fit, START), 0);
	mptcp_clock_text(&fit, text, sizeof(text));
	assert_string_equal(text, "unknown, not corrected");
	mptcp_clock_clear(&clock);
}

static void none_takes_nothing_out(void **state)
{
	static const int64_t delay[2] = {5 * MS, 5 * MS};
	struct mptcp_clock clock = {0};
	struct mptcp_clock_fit fit;

	(void)state;
	feed(&clock, 2, MPTCP_SECOND, 0, delay, false);
	mptcp_clock_fit(&clock, MPTCP_CLOCK_NONE, &fit);
	assert_int_equal(mptcp_clock_ahead(&fit, START + MPTCP_SECOND), 0);
	mptcp_clock_clear(&clock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offset_and_skew_are_found_at_any_length),
		cmocka_unit_test(clocks_that_agree_have_no_skew),
		cmocka_unit_test(an_asymmetric_path_is_within_the_uncertainty),
		cmocka_unit_test(one_direction_alone_tells_nothing),
		cmocka_unit_test(none_takes_nothing_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
