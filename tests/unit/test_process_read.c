/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process_read: what programs print, and how they end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "process_read.h"

static struct mptcp_error failure;
static struct mptcp_buffer text;

static int run(const char *script)
{
	const char *argv[] = {"sh", "-c", script, NULL};

	return mptcp_process_read(argv, 0, &text, &failure);
}

static void the_whole_output_is_there(void **state)
{
	(void)state;
	assert_int_equal(run("printf 'a\\nb'; echo no >&2"), 0);
	assert_string_equal(text.bytes, "a\nb");
	assert_int_equal(run(":"), 0);
	assert_string_equal(text.bytes, "");
	assert_int_equal(run("head -c 1000000 /dev/zero | tr '\\0' x"), 0);
	assert_int_equal(text.length, 1000000);
	mptcp_buffer_clear(&text);
}

static void standard_input_is_empty(void **state)
{
	(void)state;
	assert_int_equal(run("cat"), 0);
	assert_int_equal(text.length, 0);
	mptcp_buffer_clear(&text);
}

static void the_status_is_that_of_the_program(void **state)
{
	(void)state;
	assert_int_equal(run("exit 3"), 3);
	assert_int_equal(run("kill -TERM $$"), 143);
	mptcp_buffer_clear(&text);
}

static void a_program_that_is_not_there(void **state)
{
	const char *argv[] = {"/no/such/program", NULL};

	(void)state;
	assert_int_equal(mptcp_process_read(argv, 0, &text, &failure), -1);
	assert_int_equal(failure.status, MPTCP_PROGRAM);
	mptcp_buffer_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_output_is_there),
		cmocka_unit_test(standard_input_is_empty),
		cmocka_unit_test(the_status_is_that_of_the_program),
		cmocka_unit_test(a_program_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
