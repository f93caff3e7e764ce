/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers as decimal text: the same as the C library writes, digit by digit. */
#include "decimal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect_as_printf(double number, unsigned decimals)
{
	char text[MPTCP_FIXED_TEXT], expected[400];
	size_t length = mptcp_fixed_format(text, number, decimals);

	snprintf(expected, sizeof(expected), "%.*f", (int)decimals, number);
	if (length != strlen(expected) || memcmp(text, expected, length))
		fail_msg("%a with %u decimals: %.*s instead of %s", number, decimals, (int)length,
			text, expected);
}

static void expect_with_all_decimals(double number)
{
	for (unsigned decimals = 0; decimals <= MPTCP_FIXED_DECIMALS; decimals++)
		expect_as_printf(number, decimals);
}

static void halves_go_to_the_even_digit(void **state)
{
	static const double numbers[] = {0.5, 1.5, 2.5, 0.25, 0.75, 0.125, 0.375, 0.0625, 2.675,
		1.005, 0.3, 0.05, 0.015, 1e-9 / 2, 1.0 / 1024, 3.0 / 1024, 5.0 / 65536, 0x1p-10,
		0x1.8p-31};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		expect_with_all_decimals(numbers[i]);
		expect_with_all_decimals(nextafter(numbers[i], 0));
		expect_with_all_decimals(nextafter(numbers[i], 1e9));
	}
}

static void nines_are_carried(void **state)
{
	(void)state;
	expect_with_all_decimals(0.9999999999);
	expect_with_all_decimals(9.9999996);
	expect_with_all_decimals(99.5);
	expect_with_all_decimals(999999999.9999999);
	expect_with_all_decimals(0x1p53 - 1);
	expect_with_all_decimals(0x1p52 + 0.5);
	expect_with_all_decimals(0x1p52 + 1.5);
}

static void small_ones_vanish(void **state)
{
	(void)state;
	expect_with_all_decimals(0);
	expect_with_all_decimals(0x1p-1074);
	expect_with_all_decimals(1e-300);
	expect_with_all_decimals(1e-20);
	expect_with_all_decimals(4.9e-10);
}

static void any_others_are_as_printf_writes_them(void **state)
{
	(void)state;
	srand48(1);
	for (int i = 0; i < 100000; i++) {
		double fraction = drand48();

		expect_as_printf(ldexp(fraction, i % 70 - 17), (unsigned)i % 10);
		/* in steps of a power of two, many of which are halves in decimal */
		expect_as_printf(floor(fraction * 4096) / (1 << i % 13), (unsigned)(i / 13) % 10);
	}
}

static void others_are_left_to_the_caller(void **state)
{
	static const double numbers[] = {-1, -0.0, 0x1p53, 1e300, (double)INFINITY, (double)NAN};
	char text[MPTCP_FIXED_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		assert_int_equal(mptcp_fixed_format(text, numbers[i], 3), 0);
	assert_int_equal(mptcp_fixed_format(text, 1, MPTCP_FIXED_DECIMALS + 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(halves_go_to_the_even_digit),
		cmocka_unit_test(nines_are_carried),
		cmocka_unit_test(small_ones_vanish),
		cmocka_unit_test(any_others_are_as_printf_writes_them),
		cmocka_unit_test(others_are_left_to_the_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
