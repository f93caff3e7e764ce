/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table: results of the filters, written as CSV, as an aligned table or as JSON (one object per
 * line).
 *
 * A filter sets the cells of a row by their column, in any order, then ends the row; which columns
 * are shown, and in which order, is not its business but the layout's (layout.h). A cell that is
 * not set is empty; of one that is set twice the last value counts. CSV and JSON rows go out at
 * once; a table is held back until its end, because the widths are known only then. An empty cell
 * is empty in CSV, "-" in a table, null in JSON. A table on a terminal has a bold header unless
 * NO_COLOR is set (the caller decides with `bold`).
 */
#ifndef MPTCP_TABLE_H
#define MPTCP_TABLE_H

#include "address.h"
#include "buffer.h"
#include "error.h"
#include "layout.h"
#include "output.h"

#include <stdbool.h>
#include <stdint.h>

enum mptcp_format { MPTCP_FORMAT_CSV, MPTCP_FORMAT_TABLE, MPTCP_FORMAT_JSON };

struct mptcp_table_options {
	enum mptcp_format format;
	char delimiter; /* of CSV */
	bool header;    /* false: no header line in csv and table */
	bool human;     /* tables only: bytes as 1.2M, bits per second as 3.4M */
	bool bold;      /* tables only: escape sequences for the header */
};

struct mptcp_table;

/* `layout` and `output` are borrowed until close. The CSV header is written at once. */
struct mptcp_table *mptcp_table_open(const struct mptcp_layout *layout,
	const struct mptcp_table_options *options, struct mptcp_output *output,
	struct mptcp_error *error);
/*
 * The cell of a column (its index in layout->columns) in the row being built. Costs next to nothing
 * where the column is not shown. Memory failures, and a column that the table does not have, are
 * remembered and reported by mptcp_table_close.
 */
void mptcp_table_text(struct mptcp_table *table, size_t column, const char *text, size_t length);
/* NULL is an empty cell. */
void mptcp_table_string(struct mptcp_table *table, size_t column, const char *string);
void mptcp_table_unsigned(struct mptcp_table *table, size_t column, uint64_t number);
void mptcp_table_signed(struct mptcp_table *table, size_t column, int64_t number);
/* An empty cell where it is not finite. */
void mptcp_table_real(struct mptcp_table *table, size_t column, double number, int decimals);
/* Seconds with nine decimals. */
void mptcp_table_time(struct mptcp_table *table, size_t column, int64_t nanoseconds);
/* Eight hexadecimal digits. */
void mptcp_table_token(struct mptcp_table *table, size_t column, uint32_t token);
void mptcp_table_address(struct mptcp_table *table, size_t column,
	const struct mptcp_address *address);
/* Ends the row. */
void mptcp_table_end_row(struct mptcp_table *table);
/* Rows ended so far. */
uint64_t mptcp_table_rows(const struct mptcp_table *table);
/* Writes out a held-back table, releases. Does not close the output. */
int mptcp_table_close(struct mptcp_table *table, struct mptcp_error *error);

#endif
