/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table_sort: the order of the rows, and how many of them. */
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "table_output.h"

enum { ID, NUMBER, TEXT };

static const struct mptcp_table_column columns[] = {
	[ID] = {"id", MPTCP_CELL_TEXT, 1, "", ""},
	[NUMBER] = {"number", MPTCP_CELL_NUMBER, 2, "bytes", ""},
	[TEXT] = {"text", MPTCP_CELL_TEXT, 3, "", ""},
};

/* The ids, in the order in which the rows of these cells come out. */
static void expect_order(size_t column, bool descending, uint64_t head, const char *const *cells,
	const char *expected)
{
	for (int format = MPTCP_FORMAT_CSV; format <= MPTCP_FORMAT_JSON; format++) {
		struct mptcp_table_options options = {.format = (enum mptcp_format)format,
			.delimiter = ',',
			.human = true,
			.sorted = true,
			.sort_column = column,
			.descending = descending,
			.head = head};
		struct mptcp_layout layout = {.columns = columns, .count = 3};
		struct mptcp_output output = memory_output();
		char ids[64] = "", id[2] = "a";
		struct mptcp_error error;

		assert_int_equal(mptcp_layout_choose(&layout, "id", &error), 0);
		struct mptcp_table *table = mptcp_table_open(&layout, &options, &output, &error);
		for (size_t i = 0; cells[i]; i++, ++*id) {
			mptcp_table_string(table, ID, id);
			mptcp_table_string(table, column, cells[i]);
			mptcp_table_end_row(table);
		}
		assert_true(mptcp_table_rows(table) == (uint64_t)(*id - 'a'));
		assert_int_equal(mptcp_table_close(table, &error), 0);
		char *text = text_of(&output);
		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
			strncat(ids, line + (format == MPTCP_FORMAT_JSON ? 7 : 0), 1);
		assert_string_equal(ids, expected);
		free(text);
		mptcp_layout_clear(&layout);
	}
}

static void numbers_are_sorted_as_numbers_and_exactly(void **state)
{
	static const char *const cells[] = {"10", "9", "-1", "", "9.5", "18446744073709551615",
		"18446744073709551614", "-20", "9.50", "0", "-0.5", NULL};

	(void)state;
	expect_order(NUMBER, false, 0, cells, "hckjbeiagfd");
	expect_order(NUMBER, true, 0, cells, "fgaeibjkchd");
	expect_order(NUMBER, true, 2, cells, "fg");
}

static void addresses_are_sorted_as_addresses(void **state)
{
	static const char *const cells[] = {"10.0.0.10", "fd00::10", "10.0.0.9", "9.255.0.1", "",
		"fd00::9", "-", NULL};

	(void)state;
	expect_order(TEXT, false, 0, cells, "dcafbge");
	expect_order(TEXT, true, 0, cells, "gbfacde");
}

static void equal_rows_stay_in_their_order(void **state)
{
	static const char *const cells[] = {"open", "closed", "open", "closed", "open", "", "",
		NULL};

	(void)state;
	expect_order(TEXT, false, 0, cells, "bdacefg");
	expect_order(TEXT, true, 0, cells, "acebdfg");
	expect_order(TEXT, true, 1, cells, "a");
	expect_order(TEXT, true, 100, cells, "acebdfg");
}

static void without_an_order_the_first_rows_are_the_head(void **state)
{
	static const char *const expected[] = {[MPTCP_FORMAT_CSV] = "id,number,text\na,,\nb,,\n",
		[MPTCP_FORMAT_TABLE] = "id  number  text\na        -  -\nb        -  -\n",
		[MPTCP_FORMAT_JSON] = "{\"id\":\"a\",\"number\":null,\"text\":null}\n"
				      "{\"id\":\"b\",\"number\":null,\"text\":null}\n"};

	(void)state;
	for (int format = MPTCP_FORMAT_CSV; format <= MPTCP_FORMAT_JSON; format++) {
		struct mptcp_table_options options = {.format = (enum mptcp_format)format,
			.delimiter = ',',
			.header = true,
			.head = 2};
		struct mptcp_layout layout = {.columns = columns, .count = 3};
		struct mptcp_output output = memory_output();
		struct mptcp_error error;

		struct mptcp_table *table = mptcp_table_open(&layout, &options, &output, &error);
		for (char id[2] = "a"; *id < 'f'; ++*id) {
			mptcp_table_string(table, ID, id);
			mptcp_table_end_row(table);
		}
		assert_true(mptcp_table_rows(table) == 5);
		assert_int_equal(mptcp_table_close(table, &error), 0);
		char *text = text_of(&output);
		assert_string_equal(text, expected[format]);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_sorted_as_numbers_and_exactly),
		cmocka_unit_test(addresses_are_sorted_as_addresses),
		cmocka_unit_test(equal_rows_stay_in_their_order),
		cmocka_unit_test(without_an_order_the_first_rows_are_the_head),
	};

	return cmocka_run_group_tests_name("table_sort", tests, NULL, NULL);
}
