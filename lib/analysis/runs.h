/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runs: the runs of an experiment, from tables of results: groups of runs with the same labels, and
 * for each the values of some columns, one of each run.
 *
 * A run is what was done once more, usually a capture: rows of one capture are no repetitions, so
 * that several of them in a group are an error unless the caller says how they become one value.
 * Rows are read one by one; of each run the values and its name stay in memory.
 */
#ifndef MPTCP_RUNS_H
#define MPTCP_RUNS_H

#include "argv.h"
#include "records.h"
#include "sample.h"

#include <stdbool.h>
#include <stddef.h>

/* What several rows of a run become. */
enum mptcp_runs_within {
	MPTCP_RUNS_ONE, /* they must not be */
	MPTCP_RUNS_SUM,
	MPTCP_RUNS_MEDIAN,
	MPTCP_RUNS_MAX
};

/* Rows to keep: those with this text in a column, or without it. */
struct mptcp_runs_condition {
	char *column, *text; /* owned by whoever made them */
	bool negated;
};

/* What to read; borrowed. */
struct mptcp_runs_question {
	struct mptcp_argv by;     /* columns whose cells are the labels of a group */
	struct mptcp_argv values; /* columns with numbers */
	const char *unit;         /* column that names the run */
	struct mptcp_runs_condition *where;
	size_t where_count;
	enum mptcp_runs_within within;
};

struct mptcp_runs_group;

/* Call mptcp_runs_clear also after a failure. */
struct mptcp_runs {
	const struct mptcp_runs_question *question;
	struct mptcp_records records;
	size_t *columns;                  /* of the question, in its order, in the records */
	struct mptcp_runs_group **groups; /* in the order of their first rows */
	size_t group_count, group_capacity;
	struct mptcp_runs_group *by_labels; /* uthash */
	struct mptcp_runs_run *runs;        /* uthash, by group and name */
	struct mptcp_buffer key;            /* of the row at hand */
	struct mptcp_runs_repeated *repeated;
	struct mptcp_runs_last *last;
	size_t rows; /* that were kept */
};

void mptcp_runs_init(struct mptcp_runs *runs, const struct mptcp_runs_question *question);
void mptcp_runs_clear(struct mptcp_runs *runs);
/* Adds a table; to be closed by the caller. An empty cell, NaN, NA or a number that is not finite
 * is a missing value; MPTCP_DATA names a cell that is no number. 0 or -1. */
int mptcp_runs_read(struct mptcp_runs *runs, struct mptcp_csv *csv, const char *name,
	struct mptcp_error *error);
/* After the last one. MPTCP_USAGE: a run has several rows; says how many, in which columns they
 * differ, and what to do. 0 or -1. */
int mptcp_runs_end(struct mptcp_runs *runs, struct mptcp_error *error);

/* The number of the group with these labels: 1, 0 where there is none, or -1. */
int mptcp_runs_find(struct mptcp_runs *runs, const char *const *labels, size_t *group,
	struct mptcp_error *error);
/* Of a group, by its number: its label in a column of `by`, ... */
const char *mptcp_runs_label(const struct mptcp_runs *runs, size_t group, size_t by);
/* ... and the values of a column of `values`: those that are there, ascending, and how many runs
 * have none. After mptcp_runs_end. */
void mptcp_runs_values(const struct mptcp_runs *runs, size_t group, size_t value,
	struct mptcp_sample *sample, size_t *missing);

#endif
