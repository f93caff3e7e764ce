/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table: results of the filters, written as CSV, as an aligned table or as JSON (one object a
 * line).
 *
 * A filter declares its columns once, then puts the cells of each row in that order. CSV and JSON
 * rows go out at once; a table is held back until its end, because the widths are known only then.
 * An empty cell is empty in CSV, "-" in a table, null in JSON. A table on a terminal has a bold
 * header unless NO_COLOR is set (the caller tells by `bold`).
 */
#ifndef MPTCP_TABLE_H
#define MPTCP_TABLE_H

#include "address.h"
#include "buffer.h"
#include "error.h"
#include "output.h"

#include <stdbool.h>
#include <stdint.h>

enum mptcp_format { MPTCP_FORMAT_CSV, MPTCP_FORMAT_TABLE, MPTCP_FORMAT_JSON };

enum mptcp_cell_type {
	MPTCP_CELL_NUMBER, /* right-aligned, a JSON number */
	MPTCP_CELL_TEXT    /* left-aligned, a JSON string */
};

struct mptcp_table_column {
	const char *name;
	enum mptcp_cell_type type;
	const char *unit;    /* "" for none; "bytes" and "bps" are shortened by human */
	const char *meaning; /* one line, for --columns help and the manual */
};

struct mptcp_table_options {
	enum mptcp_format format;
	char delimiter; /* of CSV */
	bool header;    /* false: no header line in csv and table */
	bool human;     /* tables only: bytes as 1.2M, bits per second as 3.4M */
	bool bold;      /* tables only: escape sequences for the header */
};

struct mptcp_table;

/* `columns` and `output` are borrowed until close. The CSV header is written at once. */
struct mptcp_table *mptcp_table_open(const struct mptcp_table_column *columns, size_t count,
	const struct mptcp_table_options *options, struct mptcp_output *output,
	struct mptcp_error *error);
/* Cells, left to right. Memory failures are remembered and told by mptcp_table_close. */
void mptcp_table_text(struct mptcp_table *table, const char *text, size_t length);
void mptcp_table_string(struct mptcp_table *table,
	const char *string); /* NULL or "" is an empty cell */
void mptcp_table_unsigned(struct mptcp_table *table, uint64_t number);
void mptcp_table_signed(struct mptcp_table *table, int64_t number);
void mptcp_table_real(struct mptcp_table *table, double number,
	int decimals); /* not finite: an empty cell */
void mptcp_table_time(struct mptcp_table *table,
	int64_t nanoseconds);                                      /* seconds with nine decimals */
void mptcp_table_token(struct mptcp_table *table, uint32_t token); /* eight hexadecimal digits */
void mptcp_table_address(struct mptcp_table *table, const struct mptcp_address *address);
void mptcp_table_empty(struct mptcp_table *table);
/* Ends the row: every column must have got its cell. */
void mptcp_table_end_row(struct mptcp_table *table);
/* Rows ended so far. */
uint64_t mptcp_table_rows(const struct mptcp_table *table);
/* Writes out a held-back table, releases. Does not close the output. */
int mptcp_table_close(struct mptcp_table *table, struct mptcp_error *error);

#endif
