/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * records: tables of named columns, read from CSV; several files with the same columns are one.
 *
 * A file without a column that is needed, or whose columns are not those of the first file, is an
 * error with the file and the column: nothing is realigned or filled up.
 */
#ifndef MPTCP_RECORDS_H
#define MPTCP_RECORDS_H

#include "argv.h"
#include "csv.h"

/* A zeroed struct has no columns and needs none. */
struct mptcp_records {
	struct mptcp_argv columns; /* of the first file */
	char *first;               /* its name */
	struct mptcp_csv *csv;     /* of the current one; borrowed */
	const char *name;          /* for messages; borrowed */
};

/* Begins a file, by its header; one without is MPTCP_DATA. 0 or -1. */
int mptcp_records_begin(struct mptcp_records *records, struct mptcp_csv *csv, const char *name,
	struct mptcp_error *error);
/* The index of a column. 0, or -1 with MPTCP_DATA, which names the nearest one. */
int mptcp_records_find(const struct mptcp_records *records, const char *column, size_t *index,
	struct mptcp_error *error);
/* The cells of the next row, one for each column, valid until the next call. */
enum mptcp_result mptcp_records_next(struct mptcp_records *records, const struct mptcp_text **cells,
	struct mptcp_error *error);
/* MPTCP_DATA: "FILE: line N: COLUMN: 'CELL' is WRONG". Returns -1. */
int mptcp_records_refuse(const struct mptcp_records *records, size_t column,
	const struct mptcp_text *cell, const char *wrong, struct mptcp_error *error);
void mptcp_records_clear(struct mptcp_records *records);

#endif
