/* SPDX-License-Identifier: GPL-2.0-or-later */
/* human: numbers as people read them. */
#include "human.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *unit, const char *number, const char *expected)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	mptcp_human_add(&text, unit, number, strlen(number));
	assert_string_equal(text.bytes, expected);
	mptcp_buffer_clear(&text);
}

static void bytes_and_rates_go_by_powers_of_a_thousand(void **state)
{
	static const char *const cases[][2] = {{"0", "0 B"}, {"5", "5 B"}, {"999", "999 B"},
		{"1000", "1.0 kB"}, {"1049", "1.0 kB"}, {"1050", "1.1 kB"}, {"9949", "9.9 kB"},
		{"9950", "10 kB"}, {"999499", "999 kB"}, {"999500", "1.0 MB"},
		{"1234567", "1.2 MB"}, {"-1234567", "-1.2 MB"}, {"3456000000000", "3.5 TB"},
		{"18446744073709551615", "18 EB"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect("bytes", cases[i][0], cases[i][1]);
	expect("bps", "400000", "400 kbit/s");
	expect("bps", "999.25", "999 bit/s");
	expect("bps", "0.25", "0.3 bit/s");
	expect("bps", "2500000000", "2.5 Gbit/s");
}

static void times_go_from_nanoseconds_to_days(void **state)
{
	static const char *const cases[][2] = {{"0.000000000", "0 s"}, {"0.000000007", "7.0 ns"},
		{"0.000012000", "12 us"}, {"0.000999600", "1.0 ms"}, {"0.012345678", "12 ms"},
		{"1.500000000", "1.5 s"}, {"119.400000000", "119 s"}, {"119.600000000", "2.0 min"},
		{"7100.000000000", "118 min"}, {"18360.000000000", "5.1 h"},
		{"200000.000000000", "2.3 d"}, {"-0.012000000", "-12 ms"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect("s", cases[i][0], cases[i][1]);
}

static void shares_are_percentages(void **state)
{
	(void)state;
	expect("share", "0.353535", "35 %");
	expect("share", "0.004200", "0.4 %");
	expect("share", "1.000000", "100 %");
	expect("share", "1", "100 %");
	expect("share", "0.000000", "0 %");
}

static void what_has_no_such_unit_or_is_no_number_stays(void **state)
{
	(void)state;
	expect("", "1234567", "1234567");
	expect("bit", "1234567", "1234567");
	expect("s", "2023-11-14T22:13:20.123456789Z", "2023-11-14T22:13:20.123456789Z");
	expect("bytes", "", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_and_rates_go_by_powers_of_a_thousand),
		cmocka_unit_test(times_go_from_nanoseconds_to_days),
		cmocka_unit_test(shares_are_percentages),
		cmocka_unit_test(what_has_no_such_unit_or_is_no_number_stays),
	};

	return cmocka_run_group_tests_name("human", tests, NULL, NULL);
}
