/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table: results of the filters, written as CSV, as an aligned table or as JSON (one object per
 * line).
 *
 * A filter sets the cells of a row by their column, in any order, then ends the row; which columns
 * are shown, and in which order, is not its business but the layout's (layout.h). A cell that is
 * not set is empty; of one that is set twice the last value counts. An empty cell is empty in CSV,
 * "-" in a table, null in JSON.
 *
 * CSV and JSON rows go out at once, unless they are sorted; a table is held back until its end,
 * because the widths are known only then. Where the width of the window is given, a table has only
 * the columns that fit, chosen by their priority, and a last line that says how many do not.
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

/* What the moments of a table count from (columns with MPTCP_CELL_MOMENT). */
enum mptcp_time {
	MPTCP_TIME_CAPTURE,    /* the first packet of the capture */
	MPTCP_TIME_CONNECTION, /* the first packet of the row's connection */
	MPTCP_TIME_UTC,        /* as 2026-12-01T05:29:46.123456789Z */
	MPTCP_TIME_EPOCH       /* 1970-01-01T00:00:00Z */
};

/* A word that is coloured in columns with MPTCP_CELL_MARKED. */
struct mptcp_table_mark {
	const char *word;
	bool bad; /* red; otherwise yellow: not bad, but not as it should be */
};

struct mptcp_table_options {
	enum mptcp_format format;
	char delimiter; /* of CSV */
	bool header;    /* false: no header line in csv and table */
	enum mptcp_time time;
	bool sorted;        /* by sort_column, an index of the layout: numbers as numbers, addresses
			       as addresses, empty cells last; equal rows stay in their order */
	size_t sort_column; /* need not be shown */
	bool descending;
	uint64_t head; /* at most so many rows; 0: all */
	/* of tables only */
	bool human;                           /* numbers with a unit as in human.h */
	bool color;                           /* escape sequences: the header, marks */
	const struct mptcp_table_mark *marks; /* ended by a zeroed one; NULL: none; borrowed */
	bool short_times;                     /* without the zeros that all of a column end with */
	unsigned width;                       /* of the window, in characters; 0: no limit */
	bool changing_first;                  /* what changes is further left */
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
/* What moments count from in the rows that follow: when the capture and the row's connection begin,
 * nanoseconds since the epoch. */
void mptcp_table_origins(struct mptcp_table *table, int64_t capture, int64_t connection);
/* Seconds with nine decimals; a moment (MPTCP_CELL_MOMENT), given since the epoch, as options.time
 * says. */
void mptcp_table_time(struct mptcp_table *table, size_t column, int64_t nanoseconds);
/* Eight hexadecimal digits. */
void mptcp_table_token(struct mptcp_table *table, size_t column, uint32_t token);
void mptcp_table_address(struct mptcp_table *table, size_t column,
	const struct mptcp_address *address);
/* Ends the row. */
void mptcp_table_end_row(struct mptcp_table *table);
/* Rows ended so far, those that `head` leaves out too. */
uint64_t mptcp_table_rows(const struct mptcp_table *table);
/* Writes out a held-back table, releases. Does not close the output. */
int mptcp_table_close(struct mptcp_table *table, struct mptcp_error *error);

#endif
