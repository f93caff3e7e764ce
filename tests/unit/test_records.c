/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of named columns: several files are one, and what makes them not be. */
#include "records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static struct mptcp_csv *csv_of(const char *text)
{
	struct mptcp_error error;
	int fd = memfd_create("csv", MFD_CLOEXEC);

	assert_true(fd >= 0);
	struct mptcp_csv *csv = mptcp_csv_open(
		&(struct mptcp_opened){fd, "x.csv", text, strlen(text)}, ',', &error);
	assert_non_null(csv);
	return csv;
}

/* Begins a file and closes it again; the error's text, or "". */
static const char *begin(struct mptcp_records *records, const char *text, const char *name)
{
	static struct mptcp_error error;
	struct mptcp_csv *csv = csv_of(text);
	int failed = mptcp_records_begin(records, csv, name, &error);

	mptcp_csv_close(csv);
	if (!failed)
		return "";
	assert_int_equal(error.status, MPTCP_DATA);
	return error.text;
}

static void files_with_the_same_columns_are_one_table(void **state)
{
	struct mptcp_records records = {0};
	const struct mptcp_text *cells;
	struct mptcp_error error;

	(void)state;
	assert_string_equal(begin(&records, "a,b\n1,2\n", "x.csv"), "");
	struct mptcp_csv *csv = csv_of("a,b\n3,\"4\"\"\"\n");
	assert_int_equal(mptcp_records_begin(&records, csv, "y.csv", &error), 0);
	assert_int_equal(mptcp_records_next(&records, &cells, &error), MPTCP_ROW);
	assert_int_equal(cells[1].length, 2);
	assert_memory_equal(cells[1].bytes, "4\"", 2);
	assert_int_equal(mptcp_records_next(&records, &cells, &error), MPTCP_END);
	mptcp_csv_close(csv);
	mptcp_records_clear(&records);
}

static void other_columns_are_an_error_with_file_and_column(void **state)
{
	struct mptcp_records records = {0};

	(void)state;
	assert_string_equal(begin(&records, "a,b\n", "x.csv"), "");
	assert_string_equal(begin(&records, "a\n", "y.csv"),
		"y.csv: no column 'b', which x.csv has");
	assert_string_equal(begin(&records, "a,c,b\n", "y.csv"),
		"y.csv: column 'c' is not where it is in x.csv");
	assert_string_equal(begin(&records, "b,a\n", "y.csv"),
		"y.csv: column 'b' is not where it is in x.csv");
	assert_string_equal(begin(&records, "a,b,c\n", "y.csv"),
		"y.csv: column 'c' is not where it is in x.csv");
	assert_string_equal(begin(&records, "", "y.csv"), "y.csv: empty: no header line");
	mptcp_records_clear(&records);
	assert_string_equal(begin(&records, "a,b,a\n", "x.csv"), "x.csv: column 'a' appears twice");
	mptcp_records_clear(&records);
}

static void columns_are_found_by_name(void **state)
{
	struct mptcp_records records = {0};
	struct mptcp_error error;
	size_t index;

	(void)state;
	assert_string_equal(begin(&records, "capture,rtt_p50\n", "x.csv"), "");
	assert_int_equal(mptcp_records_find(&records, "rtt_p50", &index, &error), 0);
	assert_int_equal(index, 1);
	assert_int_equal(mptcp_records_find(&records, "rtt_p5", &index, &error), -1);
	assert_string_equal(error.text, "x.csv: no column 'rtt_p5'; did you mean 'rtt_p50'?");
	assert_int_equal(mptcp_records_find(&records, "zzz", &index, &error), -1);
	assert_string_equal(error.text, "x.csv: no column 'zzz'");
	mptcp_records_clear(&records);
}

static void rows_that_do_not_fit_are_an_error_with_their_line(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{"a,b\n1\n", "x.csv: line 2: 1 cells, the header has 2"},
		{"a,b\n\n1,2,3\n", "x.csv: line 3: 3 cells, the header has 2"},
		{"a,b\na,b\n", "x.csv: line 2: a second header; give two tables as two files"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct mptcp_records records = {0};
		struct mptcp_csv *csv = csv_of(bad[i].text);
		const struct mptcp_text *cells;
		struct mptcp_error error;

		assert_int_equal(mptcp_records_begin(&records, csv, "x.csv", &error), 0);
		assert_int_equal(mptcp_records_next(&records, &cells, &error), MPTCP_FAILED);
		assert_string_equal(error.text, bad[i].error);
		mptcp_csv_close(csv);
		mptcp_records_clear(&records);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_with_the_same_columns_are_one_table),
		cmocka_unit_test(other_columns_are_an_error_with_file_and_column),
		cmocka_unit_test(columns_are_found_by_name),
		cmocka_unit_test(rows_that_do_not_fit_are_an_error_with_their_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
