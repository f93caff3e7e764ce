/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runs_parts: internal to runs: what its files share. runs.c has groups and runs, runs_values.c
 * their numbers, runs_repeated.c what it says of a run with several rows.
 */
#ifndef MPTCP_RUNS_PARTS_H
#define MPTCP_RUNS_PARTS_H

#include "hashed.h"
#include "runs.h"

/* A number of one of several rows of a run. */
struct mptcp_runs_observation {
	size_t run;
	double number;
};

/* The numbers of one column in one group. */
struct mptcp_runs_numbers {
	double *runs; /* a number for each run, NAN where it has none; after the end those that are
			 there, ascending */
	size_t count, capacity, present;
	struct mptcp_runs_observation *observations; /* of MPTCP_RUNS_MEDIAN */
	size_t observation_count, observation_capacity;
};

struct mptcp_runs_group {
	size_t number;
	struct mptcp_argv labels;
	size_t run_count;
	struct mptcp_runs_numbers *numbers; /* one for each value */
	UT_hash_handle hh;
	char *key; /* the labels, each ended by NUL */
	size_t key_length;
};

struct mptcp_runs_run {
	size_t number; /* in its group */
	size_t rows;
	UT_hash_handle hh;
	size_t key_length;
	char key[]; /* the group's number, then the name */
};

/* Reads a cell: 0, 1 where the value is missing, -1 where it is no number. */
int mptcp_runs_number(const struct mptcp_text *cell, double *number);
/* Adds a row's number to that of its run. 0, or -1 when memory ran out. */
int mptcp_runs_numbers_add(struct mptcp_runs_numbers *numbers, enum mptcp_runs_within within,
	size_t run, double number);
/* Makes room for a run, without a number. 0, or -1 when memory ran out. */
int mptcp_runs_numbers_extend(struct mptcp_runs_numbers *numbers);
/* After the last row: what is there, ascending. */
void mptcp_runs_numbers_finish(struct mptcp_runs_numbers *numbers);
void mptcp_runs_numbers_clear(struct mptcp_runs_numbers *numbers);

/* Notes a row of a run that must have only one. 0, or -1 when memory ran out. */
int mptcp_runs_repeated_see(struct mptcp_runs *runs, const struct mptcp_runs_run *run,
	const struct mptcp_text *cells);
/* MPTCP_USAGE where a run has several rows. */
int mptcp_runs_repeated_check(const struct mptcp_runs *runs, struct mptcp_error *error);
void mptcp_runs_repeated_clear(struct mptcp_runs *runs);

#endif
