/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of strings that grows. */
#include "argv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void items_are_copies_and_null_ends_them(void **state)
{
	static const char *const more[] = {"four", "five", NULL};
	struct mptcp_argv argv = {0};
	char word[] = "one";

	(void)state;
	mptcp_argv_add(&argv, word);
	word[0] = 'x';
	assert_null(argv.items[1]);
	mptcp_argv_add_part(&argv, "two and more", 3);
	mptcp_argv_format(&argv, "%s=%d", "three", 3);
	mptcp_argv_add_all(&argv, more);
	assert_int_equal(argv.count, 5);
	assert_string_equal(argv.items[0], "one");
	assert_string_equal(argv.items[1], "two");
	assert_string_equal(argv.items[2], "three=3");
	assert_string_equal(argv.items[3], "four");
	assert_string_equal(argv.items[4], "five");
	assert_null(argv.items[5]);
	for (int i = 0; i < 1000; i++) {
		mptcp_argv_add(&argv, "many");
		assert_null(argv.items[argv.count]);
	}
	assert_false(argv.failed);
	mptcp_argv_clear(&argv);
	assert_null(argv.items);
	assert_int_equal(argv.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_are_copies_and_null_ends_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
