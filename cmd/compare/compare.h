/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare: the parts of mptcp-compare: its options, the columns of its result, its judgement. */
#ifndef COMPARE_H
#define COMPARE_H

#include "comparison.h"
#include "tool.h"

/* The columns of the result behind the labels, those from COMPARE_BASE_N on only with --base. */
enum {
	COMPARE_VALUE,
	COMPARE_N,
	COMPARE_MISSING,
	COMPARE_MIN,
	COMPARE_Q1,
	COMPARE_MEDIAN,
	COMPARE_Q3,
	COMPARE_MAX,
	COMPARE_MEAN,
	COMPARE_SD,
	COMPARE_CI_LOW,
	COMPARE_CI_HIGH,
	COMPARE_BASE_N,
	COMPARE_BASE_MEDIAN,
	COMPARE_DIFFERENCE,
	COMPARE_RATIO,
	COMPARE_RATIO_LOW,
	COMPARE_RATIO_HIGH,
	COMPARE_P,
	COMPARE_VERDICT,
	COMPARE_COLUMNS
};

struct compare {
	struct mptcp_tool tool; /* with the columns of this call */
	struct mptcp_table_column *columns;
	struct mptcp_runs_question question;
	size_t where_capacity;
	struct mptcp_comparison_rule rule;
	enum mptcp_better *better; /* of each value */
	const char *base;          /* --base */
	struct mptcp_argv wanted;  /* --better, as it was given */
	bool min_runs_given, strict;
};

extern const struct mptcp_option compare_options[];

/* Fills in what is asked for by default. */
void compare_init(struct compare *compare, const struct mptcp_tool *tool);
void compare_clear(struct compare *compare);
/* mptcp_tool.take; the context is the struct compare. */
int compare_take(int letter, const char *value, void *context, struct mptcp_error *error);
/* After the last option: what is missing, or contradicts, is MPTCP_USAGE. 0 or -1. */
int compare_check(struct compare *compare, struct mptcp_error *error);

/* The columns without labels, for `--columns help` and the completions. */
extern const struct mptcp_table_column compare_columns[COMPARE_COLUMNS];
/* The labels of --by and the columns behind them become those of the tool. 0 or -1. */
int compare_lay_out(struct compare *compare, struct mptcp_error *error);

/* Puts the row into the table. */
void compare_put(struct mptcp_table *table, const struct mptcp_runs *runs,
	const struct mptcp_comparison *row);

/* The base has to be there: 0, or -1 (reported). */
int compare_check_base(struct tool_run *run, const struct compare *compare,
	const struct mptcp_runs *runs);
/* The exit status, from all rows, and what has to be said of them. */
void compare_judge(struct tool_run *run, const struct compare *compare,
	const struct mptcp_runs *runs, const struct mptcp_comparison *rows);

#endif
