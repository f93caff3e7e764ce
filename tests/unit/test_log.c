/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log: what a message is when it is handed on. */
#include "log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char said[200];

static void say(void *context, enum mptcp_log_level level, const char *text)
{
	(void)context;
	assert_int_equal(level, MPTCP_LOG_INFO);
	assert_true(strlen(text) < sizeof(said));
	memcpy(said, text, strlen(text) + 1);
}

static void a_message_is_one_line_that_a_terminal_may_get(void **state)
{
	const struct mptcp_log log = {.say = say};

	(void)state;
	mptcp_log_say(&log, MPTCP_LOG_INFO, "%s: %d", "a\nb\033[2J\x7f\xc2\x9b\xe2\x80\xae\xff", 1);
	assert_string_equal(said, "a?b?[2J????: 1");
	mptcp_log_say(&log, MPTCP_LOG_INFO, "\xc3\xa4\xe2\x82\xac");
	assert_string_equal(said, "\xc3\xa4\xe2\x82\xac");
	mptcp_log_say(NULL, MPTCP_LOG_INFO, "nobody");
	mptcp_log_say(&(const struct mptcp_log){0}, MPTCP_LOG_INFO, "nobody");
	assert_string_equal(said, "\xc3\xa4\xe2\x82\xac");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_one_line_that_a_terminal_may_get),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
