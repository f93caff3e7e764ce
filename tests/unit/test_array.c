/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An array that grows by one zeroed element at a time. */
#include "array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void elements_stay_and_new_ones_are_zero(void **state)
{
	uint64_t *numbers = NULL;
	size_t count = 0, capacity = 0;

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++) {
		numbers = mptcp_array_append(numbers, &count, &capacity, sizeof(*numbers));
		assert_non_null(numbers);
		assert_int_equal(count, i);
		assert_true(capacity >= count);
		assert_int_equal(numbers[i - 1], 0);
		numbers[i - 1] = i;
	}
	for (uint64_t i = 1; i <= 1000; i++)
		assert_int_equal(numbers[i - 1], i);
	free(numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_stay_and_new_ones_are_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
