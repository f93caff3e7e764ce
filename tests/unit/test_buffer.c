/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes that grow. */
#include "buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void an_empty_buffer_is_an_empty_string(void **state)
{
	struct mptcp_buffer buffer = MPTCP_BUFFER_INIT, zeroed = {0}, cleared = {0};

	(void)state;
	assert_string_equal(buffer.bytes, "");
	mptcp_buffer_reset(&buffer);
	assert_string_equal(buffer.bytes, "");
	assert_int_equal(mptcp_buffer_add(&zeroed, "", 0), 0);
	assert_string_equal(zeroed.bytes, "");
	mptcp_buffer_reset(&cleared);
	assert_string_equal(cleared.bytes, "");
	mptcp_buffer_clear(&zeroed);
	assert_string_equal(zeroed.bytes, "");
	mptcp_buffer_clear(&zeroed);
	mptcp_buffer_clear(&buffer);
}

static void room_that_is_reserved_is_a_string_too(void **state)
{
	struct mptcp_buffer buffer = MPTCP_BUFFER_INIT;

	(void)state;
	assert_int_equal(mptcp_buffer_reserve(&buffer, 1000), 0);
	assert_string_equal(buffer.bytes, "");
	mptcp_buffer_add_string(&buffer, "x");
	assert_int_equal(mptcp_buffer_reserve(&buffer, 100000), 0);
	assert_string_equal(buffer.bytes, "x");
	mptcp_buffer_clear(&buffer);
}

static void memory_that_ran_out_is_remembered_until_the_buffer_is_cleared(void **state)
{
	struct mptcp_buffer buffer = {0};

	(void)state;
	assert_int_equal(mptcp_buffer_reserve(&buffer, SIZE_MAX - 1), -1);
	assert_true(buffer.failed);
	assert_string_equal(buffer.bytes, "");
	assert_int_equal(mptcp_buffer_add_string(&buffer, "x"), -1);
	assert_null(mptcp_buffer_take(&buffer));
	mptcp_buffer_reset(&buffer);
	assert_int_equal(mptcp_buffer_add_string(&buffer, "x"), 0);
	assert_string_equal(buffer.bytes, "x");
	mptcp_buffer_clear(&buffer);
}

static void what_is_taken_is_the_callers(void **state)
{
	struct mptcp_buffer buffer = MPTCP_BUFFER_INIT;

	(void)state;
	char *nothing = mptcp_buffer_take(&buffer);
	assert_string_equal(nothing, "");
	mptcp_buffer_add_unsigned(&buffer, 1234);
	mptcp_buffer_add_char(&buffer, '!');
	char *text = mptcp_buffer_take(&buffer);
	assert_string_equal(buffer.bytes, "");
	mptcp_buffer_add_string(&buffer, "other");
	assert_string_equal(text, "1234!");
	mptcp_buffer_consume(&buffer, 2);
	assert_string_equal(buffer.bytes, "her");
	mptcp_buffer_clear(&buffer);
	free(nothing);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_buffer_is_an_empty_string),
		cmocka_unit_test(room_that_is_reserved_is_a_string_too),
		cmocka_unit_test(memory_that_ran_out_is_remembered_until_the_buffer_is_cleared),
		cmocka_unit_test(what_is_taken_is_the_callers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
