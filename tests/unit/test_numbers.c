/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From stream numbers to indices: dense, sparse and extreme numbers. */
#include "numbers.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void nothing_is_in_an_empty_one(void **state)
{
	struct mptcp_numbers numbers = {0};

	(void)state;
	assert_int_equal(mptcp_numbers_get(&numbers, 0), MPTCP_NUMBERS_NONE);
	assert_int_equal(mptcp_numbers_get(&numbers, UINT32_MAX), MPTCP_NUMBERS_NONE);
	mptcp_numbers_clear(&numbers);
}

static void dense_and_sparse_numbers_are_found_and_others_are_not(void **state)
{
	static const uint32_t given[] = {0, 1, 4095, 4096, 4097, 1000000, UINT32_MAX - 1,
		UINT32_MAX};
	struct mptcp_numbers numbers = {0};

	(void)state;
	for (uint32_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		assert_int_equal(mptcp_numbers_set(&numbers, given[i], i), 0);
	for (uint32_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		assert_int_equal(mptcp_numbers_get(&numbers, given[i]), i);
	assert_int_equal(mptcp_numbers_get(&numbers, 2), MPTCP_NUMBERS_NONE);
	assert_int_equal(mptcp_numbers_get(&numbers, 999999), MPTCP_NUMBERS_NONE);
	assert_int_equal(mptcp_numbers_get(&numbers, 2000000), MPTCP_NUMBERS_NONE);
	assert_int_equal(mptcp_numbers_set(&numbers, 1, 77), 0);
	assert_int_equal(mptcp_numbers_get(&numbers, 1), 77);
	mptcp_numbers_clear(&numbers);
	assert_int_equal(mptcp_numbers_get(&numbers, 1), MPTCP_NUMBERS_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_in_an_empty_one),
		cmocka_unit_test(dense_and_sparse_numbers_are_found_and_others_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
