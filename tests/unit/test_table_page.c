/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table_page: what a table looks like on a terminal. */
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "table_output.h"

enum { ID, BYTES, START, STATUS, COLUMNS };

static const struct mptcp_table_column columns[] = {
	[ID] = {"id", MPTCP_CELL_NUMBER, 1, "", ""},
	[BYTES] = {"bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 3, "bytes", ""},
	[START] = {"start", MPTCP_CELL_NUMBER, 4, "s", ""},
	[STATUS] = {"status", MPTCP_CELL_TEXT | MPTCP_CELL_MARKED | MPTCP_CELL_CHANGES, 2, "", ""},
};
static const struct mptcp_table_mark marks[] = {{"failed", true}, {"fallback", false}, {0}};

static void expect_states(struct mptcp_table_options options, const char *const states[3],
	const char *expected)
{
	struct mptcp_layout layout = {.columns = columns, .count = COLUMNS};
	struct mptcp_output output = memory_output();
	struct mptcp_error error;

	options.format = MPTCP_FORMAT_TABLE;
	options.header = true;
	options.marks = marks;
	struct mptcp_table *table = mptcp_table_open(&layout, &options, &output, &error);
	for (unsigned i = 0; i < 3; i++) {
		mptcp_table_unsigned(table, ID, i);
		mptcp_table_unsigned(table, BYTES, 1000 * i);
		if (i)
			mptcp_table_time(table, START, i * INT64_C(1500000000));
		mptcp_table_string(table, STATUS, states[i]);
		mptcp_table_end_row(table);
	}
	assert_int_equal(mptcp_table_close(table, &error), 0);
	char *text = text_of(&output);
	assert_string_equal(text, expected);
	free(text);
}

static void expect(struct mptcp_table_options options, const char *expected)
{
	expect_states(options, (const char *const[]){"failed", "fallback", "open"}, expected);
}

static void a_table_without_a_width_is_whole(void **state)
{
	(void)state;
	expect((struct mptcp_table_options){.format = MPTCP_FORMAT_TABLE},
		"id  bytes        start  status\n"
		" 0      0            -  failed\n"
		" 1   1000  1.500000000  fallback\n"
		" 2   2000  3.000000000  open\n");
}

static void columns_that_do_not_fit_are_hidden_the_least_important_first(void **state)
{
	(void)state;
	/* 2 + 2 + 5 + 2 + 5 + 2 + 8 characters */
	expect((struct mptcp_table_options){.short_times = true, .width = 26},
		"id  bytes  start  status\n"
		" 0      0      -  failed\n"
		" 1   1000  1.500  fallback\n"
		" 2   2000  3.000  open\n");
	expect((struct mptcp_table_options){.short_times = true, .width = 25},
		"id  bytes  status\n"
		" 0      0  failed\n"
		" 1   1000  fallback\n"
		" 2   2000  open\n"
		"1 of 4 columns hidden: --columns all, or -f csv\n");
	/* where status does not fit, what is narrower may */
	expect((struct mptcp_table_options){.short_times = true, .width = 9},
		"id  bytes\n"
		" 0      0\n"
		" 1   1000\n"
		" 2   2000\n"
		"2 of 4 columns hidden: --columns all, or -f csv\n");
	/* one is always there */
	expect((struct mptcp_table_options){.short_times = true, .width = 1, .head = 1},
		"id\n"
		" 0\n"
		"3 of 4 columns hidden: --columns all, or -f csv\n");
}

static void a_column_without_anything_to_show_makes_room_for_others(void **state)
{
	(void)state;
	expect_states((struct mptcp_table_options){.short_times = true, .width = 18},
		(const char *const[]){"", "", ""},
		"id  bytes  start\n"
		" 0      0      -\n"
		" 1   1000  1.500\n"
		" 2   2000  3.000\n"
		"1 of 4 columns hidden: --columns all, or -f csv\n");
}

static void only_the_rows_that_are_shown_need_room(void **state)
{
	(void)state;
	expect((struct mptcp_table_options){.short_times = true, .width = 24, .head = 1},
		"id  bytes  start  status\n"
		" 0      0      -  failed\n");
}

static void what_changes_is_further_left_on_request(void **state)
{
	(void)state;
	expect((struct mptcp_table_options){.short_times = true,
		       .width = 26,
		       .changing_first = true},
		"id  bytes  status    start\n"
		" 0      0  failed        -\n"
		" 1   1000  fallback  1.500\n"
		" 2   2000  open      3.000\n");
}

static void words_have_the_color_of_what_they_mean(void **state)
{
	(void)state;
	expect((struct mptcp_table_options){.short_times = true, .width = 25, .color = true},
		"\033[1mid  bytes  status\033[0m\n"
		" 0      0  \033[31mfailed\033[0m\n"
		" 1   1000  \033[33mfallback\033[0m\n"
		" 2   2000  open\n"
		"\033[2m1 of 4 columns hidden: --columns all, or -f csv\033[0m\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_without_a_width_is_whole),
		cmocka_unit_test(columns_that_do_not_fit_are_hidden_the_least_important_first),
		cmocka_unit_test(a_column_without_anything_to_show_makes_room_for_others),
		cmocka_unit_test(only_the_rows_that_are_shown_need_room),
		cmocka_unit_test(what_changes_is_further_left_on_request),
		cmocka_unit_test(words_have_the_color_of_what_they_mean),
	};

	return cmocka_run_group_tests_name("table_page", tests, NULL, NULL);
}
