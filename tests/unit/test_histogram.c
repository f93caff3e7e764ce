/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Distributions: quantiles within 1 %, everything else exact. */
#include "histogram.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Whether `got` is within 1 % of `want`. */
static bool is_near(uint64_t got, uint64_t want)
{
	uint64_t distance = got > want ? got - want : want - got;

	return distance <= want / 100;
}

static void an_empty_one_has_no_quantiles(void **state)
{
	struct mptcp_histogram histogram = {0};

	(void)state;
	assert_int_equal(mptcp_histogram_quantile(&histogram, 50), 0);
	assert_int_equal(mptcp_histogram_mean(&histogram), 0);
	mptcp_histogram_clear(&histogram);
}

static void of_one_number_everything_is_that_number(void **state)
{
	static const uint64_t numbers[] = {0, 1, 63, 64, 65, 127, 128, 1000003, INT64_MAX,
		UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct mptcp_histogram histogram = {0};

		assert_int_equal(mptcp_histogram_add(&histogram, numbers[i]), 0);
		for (unsigned percent = 0; percent <= 100; percent += 50)
			assert_true(mptcp_histogram_quantile(&histogram, percent) == numbers[i]);
		assert_true(histogram.smallest == numbers[i] && histogram.largest == numbers[i]);
		mptcp_histogram_clear(&histogram);
	}
}

static void small_numbers_are_exact(void **state)
{
	struct mptcp_histogram histogram = {0};

	(void)state;
	for (unsigned i = 1; i <= 50; i++)
		assert_int_equal(mptcp_histogram_add(&histogram, i), 0);
	assert_int_equal(mptcp_histogram_quantile(&histogram, 50), 25);
	assert_int_equal(mptcp_histogram_quantile(&histogram, 51), 26);
	assert_int_equal(mptcp_histogram_quantile(&histogram, 95), 48);
	assert_int_equal(mptcp_histogram_quantile(&histogram, 100), 50);
	assert_int_equal(mptcp_histogram_mean(&histogram), 26); /* 25.5 */
	mptcp_histogram_clear(&histogram);
}

static int by_size(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return first < second ? -1 : first > second;
}

static void quantiles_of_numbers_of_all_sizes_are_within_a_percent(void **state)
{
	enum { COUNT = 5000 };
	static uint64_t numbers[COUNT];
	struct mptcp_histogram histogram = {0};
	uint64_t random = 42;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407U;
		numbers[i] = random >> (24 + (random >> 59)); /* of 9 to 40 bits */
		assert_int_equal(mptcp_histogram_add(&histogram, numbers[i]), 0);
	}
	qsort(numbers, COUNT, sizeof(*numbers), by_size);
	for (unsigned percent = 1; percent <= 100; percent++) {
		uint64_t want = numbers[COUNT * percent / 100 - 1];

		if (!is_near(mptcp_histogram_quantile(&histogram, percent), want))
			fail_msg("%u %%: %llu, should be near %llu", percent,
				(unsigned long long)mptcp_histogram_quantile(&histogram, percent),
				(unsigned long long)want);
	}
	assert_true(histogram.smallest == numbers[0]);
	assert_true(histogram.largest == numbers[COUNT - 1]);
	mptcp_histogram_clear(&histogram);
}

static void merged_ones_are_as_one(void **state)
{
	struct mptcp_histogram odd = {0}, even = {0}, all = {0}, merged = {0}, none = {0};

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++) {
		assert_int_equal(mptcp_histogram_add(i & 1 ? &odd : &even, i * 1000), 0);
		assert_int_equal(mptcp_histogram_add(&all, i * 1000), 0);
	}
	assert_int_equal(mptcp_histogram_merge(&merged, &none), 0);
	assert_int_equal(mptcp_histogram_merge(&merged, &even), 0);
	assert_int_equal(mptcp_histogram_merge(&merged, &odd), 0);
	assert_int_equal(merged.count, 1000);
	assert_int_equal(merged.smallest, 1000);
	assert_int_equal(merged.largest, 1000000);
	assert_true(mptcp_histogram_mean(&merged) == mptcp_histogram_mean(&all));
	for (unsigned percent = 0; percent <= 100; percent++)
		assert_true(mptcp_histogram_quantile(&merged, percent) ==
			mptcp_histogram_quantile(&all, percent));
	mptcp_histogram_clear(&odd);
	mptcp_histogram_clear(&even);
	mptcp_histogram_clear(&all);
	mptcp_histogram_clear(&merged);
}

/* Whatever the order in which a few and many come together. */
static void a_few_are_merged_as_many(void **state)
{
	enum { MOST = 40 };

	(void)state;
	for (uint64_t first = 0; first <= MOST; first++) {
		struct mptcp_histogram one = {0}, other = {0}, all = {0};

		for (uint64_t i = 0; i < MOST; i++) {
			uint64_t number = i * 7919 % MOST * 1000;

			assert_int_equal(mptcp_histogram_add(i < first ? &one : &other, number), 0);
			assert_int_equal(mptcp_histogram_add(&all, number), 0);
		}
		assert_int_equal(mptcp_histogram_merge(&one, &other), 0);
		assert_int_equal(one.count, MOST);
		for (unsigned percent = 0; percent <= 100; percent++) {
			uint64_t got = mptcp_histogram_quantile(&one, percent);

			assert_true(got == mptcp_histogram_quantile(&all, percent));
			if (percent > 2)
				assert_true(is_near(got, ((MOST * percent + 99) / 100 - 1) * 1000));
		}
		mptcp_histogram_clear(&one);
		mptcp_histogram_clear(&other);
		mptcp_histogram_clear(&all);
	}
}

static void the_first_ones_are_accurate(void **state)
{
	struct mptcp_histogram histogram = {0};

	(void)state;
	for (uint64_t count = 1; count <= 40; count++) {
		assert_int_equal(mptcp_histogram_add(&histogram, (41 - count) * 12345), 0);
		uint64_t middle = (41 - count + (count + 1) / 2 - 1) * 12345;

		assert_true(is_near(mptcp_histogram_quantile(&histogram, 50), middle));
	}
	mptcp_histogram_clear(&histogram);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_one_has_no_quantiles),
		cmocka_unit_test(of_one_number_everything_is_that_number),
		cmocka_unit_test(small_numbers_are_exact),
		cmocka_unit_test(quantiles_of_numbers_of_all_sizes_are_within_a_percent),
		cmocka_unit_test(merged_ones_are_as_one),
		cmocka_unit_test(a_few_are_merged_as_many),
		cmocka_unit_test(the_first_ones_are_accurate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
