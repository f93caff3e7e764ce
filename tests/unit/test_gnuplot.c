/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gnuplot: texts stay texts; a program that fails says why. */
#include "gnuplot.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

static void assert_quoted(const char *text, const char *wanted)
{
	struct mptcp_buffer script = MPTCP_BUFFER_INIT;

	mptcp_gnuplot_quote(&script, text, strlen(text));
	assert_string_equal(script.bytes, wanted);
	mptcp_buffer_clear(&script);
}

static void a_text_is_quoted_so_that_nothing_in_it_ends_it(void **state)
{
	(void)state;
	assert_quoted("", "''");
	assert_quoted("a b", "'a b'");
	assert_quoted("`id` $(id) @x \"y\" \\", "'`id` $(id) @x \"y\" \\'");
	assert_quoted("it's", "'it'.\"\\047\".'s'");
	assert_quoted("';", "''.\"\\047\".';'");
	assert_quoted("two\nlines\r\t\x1b[m\x7f", "'two lines   [m '");
}

static void what_is_no_utf8_becomes_a_question_mark(void **state)
{
	(void)state;
	assert_quoted("\xc3\xa9 \xe2\x86\x92 \xf0\x9f\x98\x80",
		"'\xc3\xa9 \xe2\x86\x92 \xf0\x9f\x98\x80'");
	assert_quoted("\xff\xfe", "'\?\?'");
	assert_quoted("\xc3", "'\?'");
	assert_quoted("\xc0\x80", "'\?\?'");             /* longer than it need be */
	assert_quoted("\xed\xa0\x80", "'\?\?\?'");       /* half of a pair of UTF-16 */
	assert_quoted("\xe2\x82", "'\?\?'");             /* cut short */
	assert_quoted("\xf4\x90\x80\x80", "'\?\?\?\?'"); /* beyond the last character */
}

static void only_harmless_words_pass(void **state)
{
	static const char *const bad[] = {"a;b", "`id`", "$x", "f(x)", "@m", "a\nb", "a\\", "a|b",
		"<a", "{a}", "a'b", "a\"", "[0]", "a,b"};
	struct mptcp_error error;

	(void)state;
	assert_int_equal(mptcp_gnuplot_check_words("style",
				 "lines lw 2.5 lc rgb '#aa00ff' dt \"-.\"", false, &error),
		0);
	assert_int_equal(mptcp_gnuplot_check_words("terminal", "png size 1,2", true, &error), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error.status = MPTCP_DONE;
		assert_int_equal(mptcp_gnuplot_check_words("style", bad[i], false, &error), -1);
		assert_int_equal(error.status, MPTCP_USAGE);
	}
}

static int run(const char *gnuplot, const char *program, int out, struct mptcp_error *error)
{
	struct mptcp_buffer script = MPTCP_BUFFER_INIT;

	mptcp_buffer_add_string(&script, program);
	int result = mptcp_gnuplot_run(gnuplot, &script, out, NULL, error);
	mptcp_buffer_clear(&script);
	return result;
}

static void need_gnuplot(void)
{
	struct mptcp_error error;

	if (run("gnuplot", "", -1, &error))
		skip();
}

static void a_quoted_text_is_the_same_text_in_gnuplot(void **state)
{
	static const char text[] = "'; system('touch evil') # `id` \"$(id)\" \\n it''s \\";
	struct mptcp_buffer script = MPTCP_BUFFER_INIT;
	struct mptcp_error error;
	char got[256] = "";
	int out = memfd_create("out", 0);

	(void)state;
	need_gnuplot();
	mptcp_buffer_add_string(&script, "set print '-'\ntext = ");
	mptcp_gnuplot_quote(&script, text, strlen(text));
	mptcp_buffer_add_string(&script, "\nprint text\n");
	assert_int_equal(mptcp_gnuplot_run("gnuplot", &script, out, NULL, &error), 0);
	assert_int_equal(pread(out, got, sizeof(got) - 1, 0), sizeof(text));
	got[sizeof(text) - 1] = '\0';
	assert_string_equal(got, text);
	close(out);
	mptcp_buffer_clear(&script);
}

static void a_program_that_fails_ends_there_and_says_why(void **state)
{
	struct mptcp_error error = {0};

	(void)state;
	need_gnuplot();
	assert_int_equal(run("gnuplot", "plot cuont(1)\nexit status 0\n", -1, &error), -1);
	assert_int_equal(error.status, MPTCP_PROGRAM);
	assert_non_null(strstr(error.text, "undefined function: cuont"));
}

static void a_gnuplot_that_is_missing_is_named(void **state)
{
	struct mptcp_error error = {0};

	(void)state;
	assert_int_equal(run("no-such-gnuplot", "", -1, &error), -1);
	assert_int_equal(error.status, MPTCP_PROGRAM);
	assert_non_null(strstr(error.text, "no-such-gnuplot"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_quoted_so_that_nothing_in_it_ends_it),
		cmocka_unit_test(what_is_no_utf8_becomes_a_question_mark),
		cmocka_unit_test(only_harmless_words_pass),
		cmocka_unit_test(a_quoted_text_is_the_same_text_in_gnuplot),
		cmocka_unit_test(a_program_that_fails_ends_there_and_says_why),
		cmocka_unit_test(a_gnuplot_that_is_missing_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
