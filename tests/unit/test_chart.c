/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chart: the rows of a series by line and kind. */
#include "chart.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const struct mptcp_grid open_grid = {{NAN, NAN}, {NAN, NAN}, 100, 100};

static int read_chart(struct mptcp_chart *chart, enum mptcp_thin how, const char *text,
	struct mptcp_error *error)
{
	struct mptcp_csv *csv;
	int nothing[2], result;

	*chart = (struct mptcp_chart){.thin = how, .grid = open_grid};
	assert_int_equal(pipe(nothing), 0);
	close(nothing[1]);
	csv = mptcp_csv_open(&(struct mptcp_opened){nothing[0], "s.csv", text, strlen(text)}, ',',
		error);
	assert_non_null(csv);
	result = mptcp_chart_read(chart, csv, "s.csv", error);
	mptcp_csv_close(csv);
	close(nothing[0]);
	assert_int_equal(mptcp_chart_end(chart, error), 0);
	return result;
}

static void a_series_is_known_by_its_first_bytes(void **state)
{
	(void)state;
	assert_true(mptcp_chart_is_series("x,y,series,kind", 15, ','));
	assert_true(mptcp_chart_is_series("x;y;series", 10, ';'));
	assert_false(mptcp_chart_is_series("x,y,serie", 9, ','));
	assert_false(mptcp_chart_is_series("x,y,series", 10, ';'));
	assert_false(mptcp_chart_is_series("packetid,abstime", 16, ','));
	assert_true(mptcp_chart_is_series("capture,x,y,series", 18, ','));
	assert_true(mptcp_chart_is_series("capture;run;x;y;series\n1", 24, ';'));
	assert_false(mptcp_chart_is_series("capture,packetid\na,x,y,series", 29, ','));
}

static void rows_go_to_their_line_and_kind(void **state)
{
	struct mptcp_chart chart;
	struct mptcp_error error;

	(void)state;
	assert_int_equal(read_chart(&chart, MPTCP_THIN_NO,
				 "x,y,series,kind,y2,label\n"
				 "1,2,b,data,5,\n2,-3,b,ack,,\n3,4,a,,,\n4,,a,event,,\"x,y\"\n",
				 &error),
		0);
	assert_int_equal(HASH_COUNT(chart.lines), 2);
	assert_string_equal(chart.lines->name, "a"); /* by name */
	assert_int_equal(chart.kind_count, 3);
	assert_int_equal(chart.lines->kinds[0].count, 1); /* an empty kind is data */
	assert_true(isnan(chart.lines->kinds[2].items[0].y));
	assert_int_equal(chart.lines->kinds[2].items[0].label, 1);
	assert_string_equal(chart.labels.items[0], "x,y");
	assert_true(chart.low[0] == 1 && chart.high[0] == 4);
	assert_true(chart.low[1] == -3 && chart.high[1] == 5); /* with y2 */
	mptcp_chart_clear(&chart);
}

/* The names of the lines, in order. */
static void assert_names(const char *text, const char *const *names)
{
	struct mptcp_chart chart;
	struct mptcp_error error;
	size_t i = 0;

	assert_int_equal(read_chart(&chart, MPTCP_THIN_NO, text, &error), 0);
	for (const struct mptcp_chart_line *line = chart.lines; line; line = line->hh.next)
		assert_string_equal(line->name, names[i++]);
	assert_null(names[i]);
	mptcp_chart_clear(&chart);
}

static void lines_of_several_captures_are_named_after_them(void **state)
{
	(void)state;
	assert_names("capture,x,y,series\nb,1,1,s\na,1,1,s\nb,2,2,s\n",
		(const char *const[]){"b", "a", NULL});
	assert_names("capture,x,y,series\nb,1,1,s\nb,1,1,total\na,1,1,s\n",
		(const char *const[]){"b: total", "b: s", "a", NULL});
	assert_names("capture,cc,run,x,y,series\na,lia,1,1,1,s\nb,lia,2,1,1,s\n",
		(const char *const[]){"lia 1", "lia 2", NULL});
	assert_names("capture,cc,x,y,series\na,lia,1,1,s\nb,lia,1,1,s\n",
		(const char *const[]){"a", "b", NULL});
	assert_names("capture,cc,x,y,series\na,lia,1,1,s\nb,,1,1,s\n",
		(const char *const[]){"a", "b", NULL});
}

static void totals_come_first_and_numbers_in_names_count(void **state)
{
	static const char *const order[] = {"total > server", "10.0.2.1:1", "10.0.10.1:1"};
	struct mptcp_chart chart;
	struct mptcp_error error;
	size_t i = 0;

	(void)state;
	assert_int_equal(
		read_chart(&chart, MPTCP_THIN_NO,
			"x,y,series\n1,1,10.0.10.1:1\n1,1,total > server\n1,1,10.0.2.1:1\n",
			&error),
		0);
	for (struct mptcp_chart_line *line = chart.lines; line; line = line->hh.next, i++) {
		assert_string_equal(line->name, order[i]);
		assert_int_equal(line->number, i);
	}
	mptcp_chart_clear(&chart);
}

static void columns_are_found_by_name(void **state)
{
	struct mptcp_chart chart;
	struct mptcp_error error = {0};

	(void)state;
	assert_int_equal(read_chart(&chart, MPTCP_THIN_NO, "series,more,y,x\na,?,2,1\n", &error),
		0);
	assert_true(chart.lines->kinds[0].items[0].x == 1 && chart.lines->kinds[0].items[0].y == 2);
	mptcp_chart_clear(&chart);
	assert_int_equal(read_chart(&chart, MPTCP_THIN_NO, "x,series\n1,a\n", &error), -1);
	assert_string_equal(error.text, "s.csv: no column 'y': a series has x, y and series");
	mptcp_chart_clear(&chart);
}

static void a_row_that_is_wrong_is_told_and_those_before_it_stay(void **state)
{
	static const char *const rows[] = {"x,1,a,k", "1,0x1,a,k", "1,1e999,a,k", "1,nan,a,k",
		"1,-,a,k", "1,1,a,K", "1,1,a,a'b", "1,1,a", "1,1,a,k,"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mptcp_chart chart;
		struct mptcp_error error = {0};
		char text[128] = "x,y,series,kind\n1,1,a,k\n";

		strcat(strcat(text, rows[i]), "\n");
		assert_int_equal(read_chart(&chart, MPTCP_THIN_NO, text, &error), -1);
		assert_int_equal(error.status, MPTCP_DATA);
		assert_non_null(strstr(error.text, "s.csv: line 3: "));
		assert_int_equal(chart.points, 1);
		mptcp_chart_clear(&chart);
	}
}

static void a_long_series_is_thinned_while_it_is_read(void **state)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_chart chart;
	struct mptcp_error error;

	(void)state;
	mptcp_buffer_add_string(&text, "x,y,series\n");
	for (unsigned i = 0; i < 200000; i++)
		mptcp_buffer_format(&text, "%u,%u,a\n", i, i == 99999 ? 1000 : i % 10);
	assert_int_equal(read_chart(&chart, MPTCP_THIN_COLUMN, text.bytes, &error), 0);
	mptcp_buffer_clear(&text);
	const struct mptcp_points *points = &chart.lines->kinds[0];
	assert_in_range(points->capacity, 1, 1 << 17);
	assert_in_range(points->count, 100, 400);
	assert_int_equal(chart.points, 200000);
	double highest = 0;
	for (size_t i = 0; i < points->count; i++)
		highest = fmax(highest, points->items[i].y);
	assert_true(highest == 1000);
	mptcp_chart_clear(&chart);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_series_is_known_by_its_first_bytes),
		cmocka_unit_test(rows_go_to_their_line_and_kind),
		cmocka_unit_test(lines_of_several_captures_are_named_after_them),
		cmocka_unit_test(totals_come_first_and_numbers_in_names_count),
		cmocka_unit_test(columns_are_found_by_name),
		cmocka_unit_test(a_row_that_is_wrong_is_told_and_those_before_it_stay),
		cmocka_unit_test(a_long_series_is_thinned_while_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
