/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of mptcp-compare: its columns and what is in them. */
#include "compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct mptcp_table_column compare_columns[COMPARE_COLUMNS] = {
	[COMPARE_VALUE] = {"value", MPTCP_CELL_TEXT, 1, "", "column that the row is about"},
	[COMPARE_N] = {"n", MPTCP_CELL_NUMBER, 3, "", "runs that have the value"},
	[COMPARE_MISSING] = {"missing", MPTCP_CELL_NUMBER, 8, "", "runs that do not have it"},
	[COMPARE_MIN] = {"min", MPTCP_CELL_REAL, 7, "", "smallest value"},
	[COMPARE_Q1] = {"q1", MPTCP_CELL_REAL, 6, "", "a quarter of the values lies below"},
	[COMPARE_MEDIAN] = {"median", MPTCP_CELL_REAL, 2, "", "half of the values lies below"},
	[COMPARE_Q3] = {"q3", MPTCP_CELL_REAL, 6, "", "three quarters of the values lie below"},
	[COMPARE_MAX] = {"max", MPTCP_CELL_REAL, 7, "", "largest value"},
	[COMPARE_MEAN] = {"mean", MPTCP_CELL_REAL, 8, "", "arithmetic mean"},
	[COMPARE_SD] = {"sd", MPTCP_CELL_REAL, 8, "", "standard deviation"},
	[COMPARE_CI_LOW] = {"ci_low", MPTCP_CELL_REAL, 4, "",
		"beginning of the 95 % interval of the median"},
	[COMPARE_CI_HIGH] = {"ci_high", MPTCP_CELL_REAL, 4, "",
		"end of the 95 % interval of the median"},
	[COMPARE_BASE_N] = {"base_n", MPTCP_CELL_NUMBER | MPTCP_CELL_WITH_BASE, 7, "",
		"runs of the base that have the value"},
	[COMPARE_BASE_MEDIAN] = {"base_median", MPTCP_CELL_REAL | MPTCP_CELL_WITH_BASE, 5, "",
		"median of the base"},
	[COMPARE_DIFFERENCE] = {"difference", MPTCP_CELL_REAL | MPTCP_CELL_WITH_BASE, 6, "",
		"to the base: median over all pairs of runs"},
	[COMPARE_RATIO] = {"ratio", MPTCP_CELL_REAL | MPTCP_CELL_WITH_BASE, 2, "",
		"to the base: median over all pairs of runs"},
	[COMPARE_RATIO_LOW] = {"ratio_low", MPTCP_CELL_REAL | MPTCP_CELL_WITH_BASE, 3, "",
		"beginning of the 95 % interval of the ratio"},
	[COMPARE_RATIO_HIGH] = {"ratio_high", MPTCP_CELL_REAL | MPTCP_CELL_WITH_BASE, 3, "",
		"end of the 95 % interval of the ratio"},
	[COMPARE_P] = {"p", MPTCP_CELL_REAL | MPTCP_CELL_WITH_BASE, 4, "",
		"of the Mann-Whitney U test, adjusted for the number of rows (Holm)"},
	[COMPARE_VERDICT] = {"verdict", MPTCP_CELL_TEXT | MPTCP_CELL_WITH_BASE | MPTCP_CELL_MARKED,
		1, "", "better, worse, same or unclear; empty for the base"},
};

/* A label of the name of another column could not be told from it. */
static int check_label(const char *label, struct mptcp_error *error)
{
	for (size_t i = 0; i < COMPARE_COLUMNS; i++)
		if (!strcmp(label, compare_columns[i].name))
			return mptcp_error_set(error, MPTCP_USAGE,
				"option --by: '%s' is a column of the result; call it otherwise in "
				"the input",
				label);
	return 0;
}

int compare_lay_out(struct compare *compare, struct mptcp_error *error)
{
	const struct mptcp_argv *by = &compare->question.by;

	free(compare->columns);
	compare->columns = calloc(by->count + COMPARE_COLUMNS, sizeof(*compare->columns));
	if (!compare->columns)
		return mptcp_error_memory(error);
	for (size_t i = 0; i < by->count; i++) {
		if (check_label(by->items[i], error))
			return -1;
		compare->columns[i] = (struct mptcp_table_column){by->items[i], MPTCP_CELL_TEXT, 1,
			"", "label of the group"};
	}
	for (size_t i = 0; i < COMPARE_COLUMNS; i++) {
		compare->columns[by->count + i] = compare_columns[i];
		if (compare->base)
			compare->columns[by->count + i].cells &= ~(unsigned)MPTCP_CELL_WITH_BASE;
	}
	compare->tool.columns = compare->columns;
	compare->tool.column_count = by->count + COMPARE_COLUMNS;
	return 0;
}

#define DIGITS 12  /* that count, of a value: more than were measured */
#define P_DIGITS 6 /* of a probability */
#define DECIMALS_MAX 20

/* As a decimal number of so many digits that count, without zeros at the end. */
static void put_number(struct mptcp_table *table, size_t column, double number, int digits)
{
	char text[400];

	if (!isfinite(number))
		return;
	int whole = number == 0 ? 1 : (int)floor(log10(fabs(number))) + 1,
	    decimals = whole > digits ? 0 : digits - whole;
	int length = snprintf(text, sizeof(text), "%.*f",
		decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals, number);
	if (memchr(text, '.', (size_t)length))
		while (text[length - 1] == '0')
			length--;
	if (text[length - 1] == '.')
		length--;
	mptcp_table_text(table, column, text, (size_t)length);
}

static void put_summary(struct mptcp_table *table, size_t first,
	const struct mptcp_sample_summary *summary)
{
	const struct {
		size_t column;
		double number;
	} cells[] = {
		{COMPARE_MIN, summary->min},
		{COMPARE_Q1, summary->q1},
		{COMPARE_MEDIAN, summary->median},
		{COMPARE_Q3, summary->q3},
		{COMPARE_MAX, summary->max},
		{COMPARE_MEAN, summary->mean},
		{COMPARE_SD, summary->sd},
		{COMPARE_CI_LOW, summary->low},
		{COMPARE_CI_HIGH, summary->high},
	};

	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++)
		put_number(table, first + cells[i].column, cells[i].number, DIGITS);
}

static void put_contrast(struct mptcp_table *table, size_t first,
	const struct mptcp_comparison *row)
{
	mptcp_table_unsigned(table, first + COMPARE_BASE_N, row->base_count);
	put_number(table, first + COMPARE_BASE_MEDIAN, row->base_median, DIGITS);
	put_number(table, first + COMPARE_DIFFERENCE, row->contrast.difference, DIGITS);
	put_number(table, first + COMPARE_RATIO, row->contrast.ratio, DIGITS);
	put_number(table, first + COMPARE_RATIO_LOW, row->contrast.low, DIGITS);
	put_number(table, first + COMPARE_RATIO_HIGH, row->contrast.high, DIGITS);
	put_number(table, first + COMPARE_P, row->contrast.p, P_DIGITS);
	mptcp_table_string(table, first + COMPARE_VERDICT, mptcp_verdict_name(row->verdict));
}

void compare_put(struct mptcp_table *table, const struct mptcp_runs *runs,
	const struct mptcp_comparison *row)
{
	size_t first = runs->question->by.count;

	for (size_t i = 0; i < first; i++)
		mptcp_table_string(table, i, mptcp_runs_label(runs, row->group, i));
	mptcp_table_string(table, first + COMPARE_VALUE, runs->question->values.items[row->value]);
	mptcp_table_unsigned(table, first + COMPARE_N, row->count);
	mptcp_table_unsigned(table, first + COMPARE_MISSING, row->missing);
	put_summary(table, first, &row->summary);
	if (row->verdict != MPTCP_VERDICT_NONE)
		put_contrast(table, first, row);
	mptcp_table_end_row(table);
}
