/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables in their three formats, and the output below them. */
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "table_output.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { ID, NAME, SIZE };

static const struct mptcp_table_column columns[] = {
	[ID] = {"id", MPTCP_CELL_NUMBER, 1, "", ""},
	[NAME] = {"name", MPTCP_CELL_TEXT, 1, "", ""},
	[SIZE] = {"size", MPTCP_CELL_NUMBER, 1, "bytes", ""},
};
static const struct mptcp_layout whole = {.columns = columns, .count = COUNT(columns)};

static void row(struct mptcp_table *table, uint64_t id, const char *name, int64_t size)
{
	mptcp_table_unsigned(table, ID, id);
	mptcp_table_string(table, NAME, name);
	mptcp_table_signed(table, SIZE, size);
	mptcp_table_end_row(table);
}

static void expect_rows(struct mptcp_table_options options, const char *expected)
{
	struct mptcp_output output = memory_output();
	struct mptcp_error error;

	struct mptcp_table *table = mptcp_table_open(&whole, &options, &output, &error);
	assert_non_null(table);
	row(table, 0, "a,\"b\"", 5);
	row(table, 18446744073709551615u, "", -1234567);
	mptcp_table_string(table, NAME, "d\xc3\xa9j\xc3\xa0\n\x1b[1m\\");
	mptcp_table_end_row(table);
	assert_true(mptcp_table_rows(table) == 3);
	assert_int_equal(mptcp_table_close(table, &error), 0);
	char *text = text_of(&output);
	assert_string_equal(text, expected);
	free(text);
}

static void csv_has_a_header_and_quotes_where_needed(void **state)
{
	(void)state;
	expect_rows((struct mptcp_table_options){.format = MPTCP_FORMAT_CSV,
			    .delimiter = ',',
			    .header = true,
			    .human = true,
			    .color = true},
		"id,name,size\n0,\"a,\"\"b\"\"\",5\n18446744073709551615,,-1234567\n,\"d\xc3\xa9j\xc3\xa0\n\x1b[1m\\\",\n");
	expect_rows((struct mptcp_table_options){.format = MPTCP_FORMAT_CSV, .delimiter = ';'},
		"0;\"a,\"\"b\"\"\";5\n18446744073709551615;;-1234567\n;\"d\xc3\xa9j\xc3\xa0\n\x1b[1m\\\";\n");
}

static void json_is_one_object_a_line_and_escaped(void **state)
{
	(void)state;
	for (int header = 0; header <= 1; header++)
		expect_rows((struct mptcp_table_options){.format = MPTCP_FORMAT_JSON,
				    .header = header,
				    .human = true},
			"{\"id\":0,\"name\":\"a,\\\"b\\\"\",\"size\":5}\n"
			"{\"id\":18446744073709551615,\"name\":null,\"size\":-1234567}\n"
			"{\"id\":null,\"name\":\"d\xc3\xa9j\xc3\xa0\\u000a\\u001b[1m\\\\\",\"size\":null}\n");
}

static void tables_align_characters_and_show_no_control_ones(void **state)
{
	(void)state;
	expect_rows((struct mptcp_table_options){.format = MPTCP_FORMAT_TABLE, .header = true},
		"                  id  name            size\n"
		"                   0  a,\"b\"              5\n"
		"18446744073709551615  -           -1234567\n"
		"                   -  d\xc3\xa9j\xc3\xa0??[1m\\         -\n");
	expect_rows((struct mptcp_table_options){.format = MPTCP_FORMAT_TABLE,
			    .header = true,
			    .color = true,
			    .human = true},
		"\033[1m                  id  name           size\033[0m\n"
		"                   0  a,\"b\"           5 B\n"
		"18446744073709551615  -           -1.2 MB\n"
		"                   -  d\xc3\xa9j\xc3\xa0??[1m\\        -\n");
	expect_rows((struct mptcp_table_options){.format = MPTCP_FORMAT_TABLE},
		"                   0  a,\"b\"              5\n"
		"18446744073709551615  -           -1234567\n"
		"                   -  d\xc3\xa9j\xc3\xa0??[1m\\         -\n");
}

/* One cell in one column of that type, without a header. */
static char *one_cell(enum mptcp_format format, struct mptcp_table_column column,
	void (*put)(struct mptcp_table *, const void *), const void *value)
{
	struct mptcp_table_options options = {.format = format, .delimiter = ',', .human = true};
	struct mptcp_output output = memory_output();
	struct mptcp_layout layout = {.columns = &column, .count = 1};
	struct mptcp_error error;

	struct mptcp_table *table = mptcp_table_open(&layout, &options, &output, &error);
	assert_non_null(table);
	put(table, value);
	mptcp_table_end_row(table);
	assert_int_equal(mptcp_table_close(table, &error), 0);
	char *text = text_of(&output);
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static void expect_cell(enum mptcp_format format, struct mptcp_table_column column,
	void (*put)(struct mptcp_table *, const void *), const void *value, const char *expected)
{
	char *text = one_cell(format, column, put, value);

	assert_string_equal(text, expected);
	free(text);
}

static void put_number(struct mptcp_table *table, const void *value)
{
	mptcp_table_unsigned(table, 0, *(const uint64_t *)value);
}
static void put_real(struct mptcp_table *table, const void *value)
{
	mptcp_table_real(table, 0, *(const double *)value, 2);
}
static void put_time(struct mptcp_table *table, const void *value)
{
	mptcp_table_time(table, 0, *(const int64_t *)value);
}
static void put_token(struct mptcp_table *table, const void *value)
{
	mptcp_table_token(table, 0, *(const uint32_t *)value);
}
static void put_string(struct mptcp_table *table, const void *value)
{
	mptcp_table_string(table, 0, value);
}
static void put_address(struct mptcp_table *table, const void *value)
{
	mptcp_table_address(table, 0, value);
}

static void numbers_are_shortened_in_tables_only_and_by_their_unit(void **state)
{
	const uint64_t number = 1234567;
	const double real = 2.5e9;
	const struct mptcp_table_column rate = {"rate", MPTCP_CELL_NUMBER, 1, "bps", ""};

	(void)state;
	expect_cell(MPTCP_FORMAT_TABLE, columns[SIZE], put_number, &number, "1.2 MB");
	expect_cell(MPTCP_FORMAT_TABLE, rate, put_real, &real, "2.5 Gbit/s");
	expect_cell(MPTCP_FORMAT_TABLE, columns[ID], put_number, &number, "1234567");
	expect_cell(MPTCP_FORMAT_CSV, columns[SIZE], put_number, &number, "1234567");
	expect_cell(MPTCP_FORMAT_JSON, columns[SIZE], put_number, &number, "{\"size\":1234567}");
}

static void every_kind_of_cell_is_written_in_its_way(void **state)
{
	const double reals[] = {0.125, -3.0, NAN, INFINITY, 1e300};
	const int64_t time = -1500000000;
	const uint32_t token = 0xc0ffee;
	const struct mptcp_address address = {.bytes = {10, 0, 0, 1}, .family = 4}, none = {0};

	(void)state;
	expect_cell(MPTCP_FORMAT_JSON, columns[0], put_real, &reals[0], "{\"id\":0.12}");
	expect_cell(MPTCP_FORMAT_JSON, columns[0], put_real, &reals[1], "{\"id\":-3.00}");
	expect_cell(MPTCP_FORMAT_JSON, columns[0], put_real, &reals[2], "{\"id\":null}");
	expect_cell(MPTCP_FORMAT_TABLE, columns[0], put_real, &reals[3], "-");
	free(one_cell(MPTCP_FORMAT_CSV, columns[0], put_real, &reals[4]));
	expect_cell(MPTCP_FORMAT_JSON, columns[0], put_time, &time, "{\"id\":-1.500000000}");
	expect_cell(MPTCP_FORMAT_JSON, columns[1], put_token, &token, "{\"name\":\"00c0ffee\"}");
	expect_cell(MPTCP_FORMAT_CSV, columns[1], put_address, &address, "10.0.0.1");
	expect_cell(MPTCP_FORMAT_JSON, columns[1], put_address, &none, "{\"name\":null}");
	expect_cell(MPTCP_FORMAT_CSV, columns[1], put_string, NULL,
		"\"\""); /* a lone empty cell is not an empty line */
}

static void what_is_no_json_number_becomes_a_string(void **state)
{
	static const char *const strings[] = {"01", "-", "1.", ".5", "1.2.3", "0x1", "1e5", "NaN",
		"12a"};
	static const char *const numbers[] = {"0", "-0", "0.5", "10", "-1.000000000"};
	char expected[64];

	(void)state;
	for (size_t i = 0; i < COUNT(strings); i++) {
		strcat(strcat(strcpy(expected, "{\"id\":\""), strings[i]), "\"}");
		expect_cell(MPTCP_FORMAT_JSON, columns[0], put_string, strings[i], expected);
	}
	for (size_t i = 0; i < COUNT(numbers); i++) {
		strcat(strcat(strcpy(expected, "{\"id\":"), numbers[i]), "}");
		expect_cell(MPTCP_FORMAT_JSON, columns[0], put_string, numbers[i], expected);
	}
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
	(void)state;
	expect_cell(MPTCP_FORMAT_JSON, columns[1], put_string, "a\xff\xc3",
		"{\"name\":\"a\\ufffd\\ufffd\"}");
	expect_cell(MPTCP_FORMAT_JSON, columns[1], put_string, "\xc2\x9b\xed\xa0\x80",
		"{\"name\":\"\\u009b\\ufffd\\ufffd\\ufffd\"}");
	expect_cell(MPTCP_FORMAT_TABLE, columns[1], put_string, "a\xff\xc2\x9b\xf0\x9f\x98\x80",
		"a??\xf0\x9f\x98\x80");
}

static void a_table_without_rows_is_its_header(void **state)
{
	struct mptcp_table_options options = {.header = true, .delimiter = ','};
	static const char *const expected[] = {[MPTCP_FORMAT_CSV] = "id,name,size\n",
		[MPTCP_FORMAT_TABLE] = "id  name  size\n",
		[MPTCP_FORMAT_JSON] = ""};
	struct mptcp_error error;

	(void)state;
	for (int format = MPTCP_FORMAT_CSV; format <= MPTCP_FORMAT_JSON; format++) {
		struct mptcp_output output = memory_output();
		options.format = (enum mptcp_format)format;
		struct mptcp_table *table = mptcp_table_open(&whole, &options, &output, &error);
		assert_true(mptcp_table_rows(table) == 0);
		assert_int_equal(mptcp_table_close(table, &error), 0);
		char *text = text_of(&output);
		assert_string_equal(text, expected[format]);
		free(text);
	}
}

static void trailing_spaces_are_trimmed(void **state)
{
	struct mptcp_table_options options = {.format = MPTCP_FORMAT_TABLE, .header = true};
	struct mptcp_output output = memory_output();
	struct mptcp_error error;

	(void)state;
	struct mptcp_layout layout = {.columns = columns, .count = 2};
	struct mptcp_table *table = mptcp_table_open(&layout, &options, &output, &error);
	mptcp_table_string(table, ID, "1");
	mptcp_table_string(table, NAME, "long name");
	mptcp_table_end_row(table);
	assert_int_equal(mptcp_table_close(table, &error), 0);
	char *text = text_of(&output);
	assert_string_equal(text, "id  name\n 1  long name\n");
	free(text);
}

static void cells_go_to_their_columns_in_whatever_order_they_are_set(void **state)
{
	struct mptcp_table_options options = {.format = MPTCP_FORMAT_CSV, .delimiter = ','};
	struct mptcp_output output = memory_output();
	struct mptcp_error error;

	(void)state;
	struct mptcp_table *table = mptcp_table_open(&whole, &options, &output, &error);
	mptcp_table_unsigned(table, SIZE, 3);
	mptcp_table_unsigned(table, ID, 1);
	mptcp_table_end_row(table);
	mptcp_table_string(table, NAME, "first");
	mptcp_table_string(table, NAME, "a, b");
	mptcp_table_string(table, ID, "");
	mptcp_table_end_row(table);
	mptcp_table_end_row(table); /* nothing of the rows before is left */
	assert_int_equal(mptcp_table_close(table, &error), 0);
	char *text = text_of(&output);
	assert_string_equal(text, "1,,3\n,\"a, b\",\n,,\n");
	free(text);
}

static const int64_t noon = 1700000000123456789;

/* A moment and a duration. */
static void expect_times(enum mptcp_time time, bool human, const char *expected)
{
	static const struct mptcp_table_column times[] = {
		{"start", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 1, "s", ""},
		{"duration", MPTCP_CELL_NUMBER, 1, "s", ""}};
	struct mptcp_table_options options = {.format =
						      human ? MPTCP_FORMAT_TABLE : MPTCP_FORMAT_CSV,
		.delimiter = ',',
		.time = time,
		.human = human};
	struct mptcp_layout layout = {.columns = times, .count = 2};
	struct mptcp_output output = memory_output();
	struct mptcp_error error;

	struct mptcp_table *table = mptcp_table_open(&layout, &options, &output, &error);
	mptcp_table_origins(table, noon - 2000000000, noon - 1000);
	mptcp_table_time(table, 0, noon);
	mptcp_table_time(table, 1, 5000000);
	mptcp_table_end_row(table);
	assert_int_equal(mptcp_table_close(table, &error), 0);
	char *text = text_of(&output);
	assert_string_equal(text, expected);
	free(text);
}

static void moments_count_from_what_was_asked_for(void **state)
{
	(void)state;
	expect_times(MPTCP_TIME_CAPTURE, false, "2.000000000,0.005000000\n");
	expect_times(MPTCP_TIME_CONNECTION, false, "0.000001000,0.005000000\n");
	expect_times(MPTCP_TIME_EPOCH, false, "1700000000.123456789,0.005000000\n");
	expect_times(MPTCP_TIME_UTC, false, "2023-11-14T22:13:20.123456789Z,0.005000000\n");
	/* a moment keeps its microseconds, to be told from the next one */
	expect_times(MPTCP_TIME_CAPTURE, true, "2.000000 s  5.0 ms\n");
	expect_times(MPTCP_TIME_UTC, true, "2023-11-14T22:13:20.123456Z  5.0 ms\n");
}

/* What a list of columns makes of two rows. */
static void expect_chosen(enum mptcp_format format, const char *list, const char *expected)
{
	struct mptcp_table_options options = {.format = format, .delimiter = ',', .header = true};
	struct mptcp_layout layout = whole;
	struct mptcp_output output = memory_output();
	struct mptcp_error error;

	assert_int_equal(mptcp_layout_choose(&layout, list, &error), 0);
	struct mptcp_table *table = mptcp_table_open(&layout, &options, &output, &error);
	assert_non_null(table);
	row(table, 7, "x", 1);
	row(table, 8, "", 2);
	assert_int_equal(mptcp_table_close(table, &error), 0);
	mptcp_layout_clear(&layout);
	char *text = text_of(&output);
	assert_string_equal(text, expected);
	free(text);
}

static void chosen_columns_are_shown_in_the_order_of_the_list(void **state)
{
	(void)state;
	expect_chosen(MPTCP_FORMAT_CSV, "size,id", "size,id\n1,7\n2,8\n");
	expect_chosen(MPTCP_FORMAT_CSV, "name", "name\nx\n\"\"\n");
	expect_chosen(MPTCP_FORMAT_JSON, "size,name",
		"{\"size\":1,\"name\":\"x\"}\n{\"size\":2,\"name\":null}\n");
	expect_chosen(MPTCP_FORMAT_TABLE, "name,size", "name  size\nx        1\n-        2\n");
	expect_chosen(MPTCP_FORMAT_CSV, "all", "id,name,size\n7,x,1\n8,,2\n");
}

static void a_cell_of_no_column_is_told_at_close(void **state)
{
	struct mptcp_table_options options = {.format = MPTCP_FORMAT_CSV, .delimiter = ','};
	struct mptcp_output output = memory_output();
	struct mptcp_error error;

	(void)state;
	struct mptcp_table *table = mptcp_table_open(&whole, &options, &output, &error);
	mptcp_table_unsigned(table, SIZE + 1, 1);
	mptcp_table_end_row(table);
	assert_int_equal(mptcp_table_close(table, &error), -1);
	assert_int_equal(error.status, MPTCP_DATA);
	free(text_of(&output));
}

static void a_full_disk_is_told_at_close(void **state)
{
	struct mptcp_output output;
	struct mptcp_error error;

	(void)state;
	assert_int_equal(mptcp_output_open(&output, "/dev/full", &error), 0);
	mptcp_output_string(&output, "lost");
	assert_false(mptcp_output_failed(&output));
	mptcp_output_flush(&output);
	assert_true(mptcp_output_failed(&output));
	mptcp_output_string(&output, "more");
	assert_int_equal(mptcp_output_close(&output, &error), -1);
	assert_int_equal(error.status, MPTCP_IO);
	assert_string_equal(error.text, "/dev/full: No space left on device");
}

static void an_output_that_cannot_be_opened_is_told(void **state)
{
	struct mptcp_output output;
	struct mptcp_error error;

	(void)state;
	assert_int_equal(mptcp_output_open(&output, "/nonexistent/x", &error), -1);
	assert_int_equal(error.status, MPTCP_IO);
	assert_string_equal(error.text, "/nonexistent/x: No such file or directory");
}

static void on_alarm(int number)
{
	(void)number;
}

/* A slow reader, a non-blocking pipe and signals: short writes, EAGAIN and EINTR, and yet every
 * byte in order. */
static void every_byte_arrives_through_a_slow_pipe(void **state)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct mptcp_error error;
	const size_t total = 3000000;
	int ends[2], status;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		unsigned char bytes[1000];
		size_t seen = 0;
		ssize_t got;
		close(ends[1]);
		while ((got = read(ends[0], bytes, sizeof(bytes))) > 0)
			for (ssize_t i = 0; i < got; i++, seen++)
				if (bytes[i] != seen % 251)
					_exit(1);
		_exit(seen == total ? 0 : 2);
	}
	close(ends[0]);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	sigaction(SIGALRM, &action, NULL);
	ualarm(500, 500);
	struct mptcp_output output = {.fd = ends[1], .owned = true, .name = "pipe"};
	unsigned char *bytes = malloc(total);
	for (size_t i = 0; i < total; i++)
		bytes[i] = (unsigned char)(i % 251);
	for (size_t at = 0, step = 1; at < total; at += step, step = step * 2 % 199999) {
		if (step > total - at)
			step = total - at;
		mptcp_output_write(&output, bytes + at, step);
	}
	ualarm(0, 0);
	assert_int_equal(mptcp_output_close(&output, &error), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_has_a_header_and_quotes_where_needed),
		cmocka_unit_test(json_is_one_object_a_line_and_escaped),
		cmocka_unit_test(tables_align_characters_and_show_no_control_ones),
		cmocka_unit_test(numbers_are_shortened_in_tables_only_and_by_their_unit),
		cmocka_unit_test(every_kind_of_cell_is_written_in_its_way),
		cmocka_unit_test(what_is_no_json_number_becomes_a_string),
		cmocka_unit_test(bytes_that_are_no_utf8_are_replaced),
		cmocka_unit_test(a_table_without_rows_is_its_header),
		cmocka_unit_test(trailing_spaces_are_trimmed),
		cmocka_unit_test(cells_go_to_their_columns_in_whatever_order_they_are_set),
		cmocka_unit_test(moments_count_from_what_was_asked_for),
		cmocka_unit_test(chosen_columns_are_shown_in_the_order_of_the_list),
		cmocka_unit_test(a_cell_of_no_column_is_told_at_close),
		cmocka_unit_test(a_full_disk_is_told_at_close),
		cmocka_unit_test(an_output_that_cannot_be_opened_is_told),
		cmocka_unit_test(every_byte_arrives_through_a_slow_pipe),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
