/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs: their groups, their values, several rows of one; and groups judged against a base. */
#include "comparison.h"
#include "runs.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/* A question after the column y of the groups of column g. */
struct fixture {
	struct mptcp_runs_question question;
	struct mptcp_runs runs;
	struct mptcp_error error;
};

static void set_up(struct fixture *fixture)
{
	*fixture = (struct fixture){.question.unit = "capture"};
	mptcp_argv_add(&fixture->question.by, "g");
	mptcp_argv_add(&fixture->question.values, "y");
	mptcp_runs_init(&fixture->runs, &fixture->question);
}

static void tear_down(struct fixture *fixture)
{
	mptcp_runs_clear(&fixture->runs);
	mptcp_argv_clear(&fixture->question.by);
	mptcp_argv_clear(&fixture->question.values);
}

/* 0 or -1. */
static int read_text(struct fixture *fixture, const char *text)
{
	int fd = memfd_create("csv", MFD_CLOEXEC);

	assert_true(fd >= 0);
	struct mptcp_csv *csv = mptcp_csv_open(
		&(struct mptcp_opened){fd, "x.csv", text, strlen(text)}, ',', &fixture->error);
	assert_non_null(csv);
	int result = mptcp_runs_read(&fixture->runs, csv, "x.csv", &fixture->error);
	mptcp_csv_close(csv);
	close(fd);
	return result;
}

/* The values of a group as a text, then what is missing. */
static const char *values_of(struct fixture *fixture, size_t group)
{
	static char text[256];
	struct mptcp_sample sample;
	size_t missing, length = 0;

	mptcp_runs_values(&fixture->runs, group, 0, &sample, &missing);
	for (size_t i = 0; i < sample.count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%g ",
			sample.values[i]);
	snprintf(text + length, sizeof(text) - length, "(%zu)", missing);
	return text;
}

static void groups_are_those_of_the_labels_in_order(void **state)
{
	struct fixture fixture;

	(void)state;
	set_up(&fixture);
	assert_int_equal(read_text(&fixture, "capture,g,y\n1,b,3\n2,a,5\n3,b,1\n"), 0);
	assert_int_equal(read_text(&fixture, "capture,g,y\n4,a,4\n5,\"\",7\n"), 0);
	assert_int_equal(mptcp_runs_end(&fixture.runs, &fixture.error), 0);
	assert_int_equal(fixture.runs.group_count, 3);
	assert_string_equal(mptcp_runs_label(&fixture.runs, 0, 0), "b");
	assert_string_equal(values_of(&fixture, 0), "1 3 (0)");
	assert_string_equal(mptcp_runs_label(&fixture.runs, 1, 0), "a");
	assert_string_equal(values_of(&fixture, 1), "4 5 (0)");
	assert_string_equal(mptcp_runs_label(&fixture.runs, 2, 0), "");
	size_t group;
	assert_int_equal(mptcp_runs_find(&fixture.runs, (const char *[]){"a"}, &group, NULL), 1);
	assert_int_equal(group, 1);
	assert_int_equal(mptcp_runs_find(&fixture.runs, (const char *[]){"c"}, &group, NULL), 0);
	tear_down(&fixture);
}

static void what_is_no_finite_number_is_missing(void **state)
{
	struct fixture fixture;

	(void)state;
	set_up(&fixture);
	assert_int_equal(read_text(&fixture,
				 "capture,g,y\n1,a,\n2,a,NaN\n3,a,NA\n4,a,inf\n5,a,-Inf\n"
				 "6,a,1e999\n7,a,-2.5\n8,a,+1e3\n9,a,-nan\n"),
		0);
	assert_int_equal(mptcp_runs_end(&fixture.runs, &fixture.error), 0);
	assert_string_equal(values_of(&fixture, 0), "-2.5 1000 (7)");
	tear_down(&fixture);
}

static void what_is_no_number_at_all_is_an_error(void **state)
{
	static const char *const bad[] = {"abc", "1 ", " 1", "0x10", "1,5", "1.2.3", "--1", "e",
		"infinity", "12 ms"};
	char text[64], want[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct fixture fixture;

		set_up(&fixture);
		snprintf(text, sizeof(text), "capture,g,y\n1,a,1\n2,a,\"%s\"\n", bad[i]);
		snprintf(want, sizeof(want), "x.csv: line 3: y: '%s' is not a number", bad[i]);
		assert_int_equal(read_text(&fixture, text), -1);
		assert_string_equal(fixture.error.text, want);
		assert_int_equal(fixture.error.status, MPTCP_DATA);
		tear_down(&fixture);
	}
}

#define SEVERAL \
	"capture,g,tcpstream,y\n1.pcap,a,0,5\n1.pcap,a,1,2\n1.pcap,a,2,\n1.pcap,a,3,9\n" \
	"2.pcap,a,0,4\n2.pcap,a,1,\n3.pcap,a,0,\n"

static void several_rows_of_a_run_are_no_repetitions(void **state)
{
	struct fixture fixture;

	(void)state;
	set_up(&fixture);
	assert_int_equal(read_text(&fixture, SEVERAL), 0);
	assert_int_equal(mptcp_runs_end(&fixture.runs, &fixture.error), -1);
	assert_int_equal(fixture.error.status, MPTCP_USAGE);
	assert_string_equal(fixture.error.text,
		"x.csv: capture '1.pcap' has 4 rows, which are no repetitions; they differ in "
		"tcpstream: choose one with --where, or make one of them with --within");
	tear_down(&fixture);
}

static void a_run_far_from_its_first_row_is_found(void **state)
{
	struct fixture fixture;

	(void)state;
	set_up(&fixture);
	assert_int_equal(read_text(&fixture, "capture,g,y\n1,a,5\n2,a,6\n1,b,5\n1,a,7\n"), 0);
	assert_int_equal(mptcp_runs_end(&fixture.runs, &fixture.error), -1);
	assert_string_equal(fixture.error.text,
		"x.csv: capture '1' has 2 rows, which are no repetitions: choose one with --where, "
		"or make one of them with --within");
	tear_down(&fixture);
}

static void several_rows_become_one(void **state)
{
	static const struct {
		enum mptcp_runs_within within;
		const char *values;
	} ways[] = {{MPTCP_RUNS_SUM, "4 16 (1)"}, {MPTCP_RUNS_MEDIAN, "4 5 (1)"},
		{MPTCP_RUNS_MAX, "4 9 (1)"}};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		struct fixture fixture;

		set_up(&fixture);
		fixture.question.within = ways[i].within;
		assert_int_equal(read_text(&fixture, SEVERAL), 0);
		assert_int_equal(mptcp_runs_end(&fixture.runs, &fixture.error), 0);
		assert_string_equal(values_of(&fixture, 0), ways[i].values);
		tear_down(&fixture);
	}
}

static void conditions_choose_rows(void **state)
{
	struct mptcp_runs_condition where[] = {{"tcpstream", "0", false}, {"y", "", true}};
	struct fixture fixture;

	(void)state;
	set_up(&fixture);
	fixture.question.where = where;
	fixture.question.where_count = 2;
	assert_int_equal(read_text(&fixture, SEVERAL), 0);
	assert_int_equal(mptcp_runs_end(&fixture.runs, &fixture.error), 0);
	assert_string_equal(values_of(&fixture, 0), "4 5 (0)");
	tear_down(&fixture);
}

static void a_column_that_is_not_there_is_named(void **state)
{
	struct fixture fixture;

	(void)state;
	set_up(&fixture);
	assert_int_equal(read_text(&fixture, "file,g,y\n1,a,1\n"), -1);
	assert_string_equal(fixture.error.text,
		"x.csv: no column 'capture', which names the run; --unit-of-repetition names another");
	tear_down(&fixture);
	set_up(&fixture);
	assert_int_equal(read_text(&fixture, "capture,g,z\n1,a,1\n"), -1);
	assert_string_equal(fixture.error.text, "x.csv: no column 'y'");
	tear_down(&fixture);
}

/* Rows of eight runs from `from`, a tenth of a percent apart. */
static void add_runs(struct mptcp_buffer *text, const char *group, double from)
{
	for (int i = 0; i < 8; i++)
		mptcp_buffer_format(text, "%s%d,%s,%.6f\n", group, i, group,
			from * (1 + i * 0.001));
}

static enum mptcp_verdict verdict_of(double from, double threshold, enum mptcp_better better)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_comparison *rows;
	struct fixture fixture;
	size_t count;

	set_up(&fixture);
	mptcp_buffer_add_string(&text, "capture,g,y\n");
	add_runs(&text, "base", 100);
	add_runs(&text, "new", from);
	assert_int_equal(read_text(&fixture, text.bytes), 0);
	assert_int_equal(mptcp_runs_end(&fixture.runs, &fixture.error), 0);
	struct mptcp_comparison_rule rule = {.better = &better,
		.threshold = threshold,
		.min_runs = 6};
	mptcp_argv_add(&rule.base, "base");
	assert_int_equal(mptcp_comparison_rows(&fixture.runs, &rule, &rows, &count, &fixture.error),
		0);
	assert_int_equal(count, 2);
	assert_true(rows[0].is_base);
	assert_int_equal(rows[0].verdict, MPTCP_VERDICT_NONE);
	enum mptcp_verdict verdict = rows[1].verdict;
	free(rows);
	mptcp_argv_clear(&rule.base);
	mptcp_buffer_clear(&text);
	tear_down(&fixture);
	return verdict;
}

static void verdicts(void **state)
{
	const enum mptcp_better higher = MPTCP_BETTER_HIGHER, lower = MPTCP_BETTER_LOWER;

	(void)state;
	assert_int_equal(verdict_of(90, 0.05, higher), MPTCP_VERDICT_WORSE);
	assert_int_equal(verdict_of(90, 0.05, lower), MPTCP_VERDICT_BETTER);
	assert_int_equal(verdict_of(110, 0.05, higher), MPTCP_VERDICT_BETTER);
	assert_int_equal(verdict_of(110, 0.05, lower), MPTCP_VERDICT_WORSE);
	assert_int_equal(verdict_of(101, 0.05, higher), MPTCP_VERDICT_SAME);
	/* the interval has the threshold in it */
	assert_int_equal(verdict_of(95, 0.05, higher), MPTCP_VERDICT_UNCLEAR);
	assert_int_equal(verdict_of(90, 0.2, higher), MPTCP_VERDICT_SAME);
	assert_int_equal(verdict_of(100, 0, higher), MPTCP_VERDICT_UNCLEAR);
	assert_int_equal(verdict_of(-100, 0.05, higher), MPTCP_VERDICT_UNCLEAR);
}

static void too_few_runs_are_no_ground_for_a_verdict(void **state)
{
	enum mptcp_better better = MPTCP_BETTER_HIGHER;
	struct mptcp_comparison_rule rule = {.better = &better, .threshold = 0.05, .min_runs = 9};
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_comparison *rows;
	struct fixture fixture;
	size_t count;

	(void)state;
	set_up(&fixture);
	mptcp_buffer_add_string(&text, "capture,g,y\n");
	add_runs(&text, "base", 100);
	add_runs(&text, "new", 50);
	mptcp_buffer_add_string(&text, "9,new,50\n10,base,\n");
	assert_int_equal(read_text(&fixture, text.bytes), 0);
	assert_int_equal(mptcp_runs_end(&fixture.runs, &fixture.error), 0);
	mptcp_argv_add(&rule.base, "base");
	assert_int_equal(mptcp_comparison_rows(&fixture.runs, &rule, &rows, &count, &fixture.error),
		0);
	assert_int_equal(rows[0].missing, 1);
	assert_true(rows[0].too_few && rows[1].too_few);
	assert_int_equal(rows[1].count, 9);
	assert_int_equal(rows[1].base_count, 8);
	assert_int_equal(rows[1].verdict, MPTCP_VERDICT_UNCLEAR);
	free(rows);
	mptcp_argv_clear(&rule.base);
	mptcp_buffer_clear(&text);
	tear_down(&fixture);
}

static void names_say_what_is_better(void **state)
{
	(void)state;
	assert_int_equal(mptcp_better_of("goodput_bps"), MPTCP_BETTER_HIGHER);
	assert_int_equal(mptcp_better_of("arrived_bps"), MPTCP_BETTER_HIGHER);
	assert_int_equal(mptcp_better_of("rtt_p95"), MPTCP_BETTER_LOWER);
	assert_int_equal(mptcp_better_of("handshake_rtt"), MPTCP_BETTER_LOWER);
	assert_int_equal(mptcp_better_of("duration"), MPTCP_BETTER_LOWER);
	assert_int_equal(mptcp_better_of("goodput_share"), MPTCP_BETTER_UNKNOWN);
	assert_int_equal(mptcp_better_of("packets"), MPTCP_BETTER_UNKNOWN);
	assert_int_equal(mptcp_better_of("start"), MPTCP_BETTER_UNKNOWN);
	assert_int_equal(mptcp_better_of("_rttx_"), MPTCP_BETTER_UNKNOWN);
	assert_int_equal(mptcp_better_of(""), MPTCP_BETTER_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_are_those_of_the_labels_in_order),
		cmocka_unit_test(what_is_no_finite_number_is_missing),
		cmocka_unit_test(what_is_no_number_at_all_is_an_error),
		cmocka_unit_test(several_rows_of_a_run_are_no_repetitions),
		cmocka_unit_test(a_run_far_from_its_first_row_is_found),
		cmocka_unit_test(several_rows_become_one),
		cmocka_unit_test(conditions_choose_rows),
		cmocka_unit_test(a_column_that_is_not_there_is_named),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(too_few_runs_are_no_ground_for_a_verdict),
		cmocka_unit_test(names_say_what_is_better),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
