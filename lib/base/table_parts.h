/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table_parts: internal to table: a table, and what its parts do for each other.
 *
 * table.c makes the row out of cells; table_format.c makes a line of CSV or JSON of it;
 * table_page.c keeps the cells of an aligned table and lays it out at its end; table_sort.c keeps
 * what rows are sorted by. Memory failures are remembered by the buffers.
 */
#ifndef MPTCP_TABLE_PARTS_H
#define MPTCP_TABLE_PARTS_H

#include "table.h"

/* A column that is shown, or by which rows are sorted. */
struct mptcp_table_shown {
	const struct mptcp_table_column *column;
	struct mptcp_buffer key; /* json: what precedes the cell */
	size_t start, length;    /* of its cell in the row being built */
};

struct mptcp_table {
	struct mptcp_table_shown *shown; /* left to right; one more where the rows are sorted by a
					    column that is not shown */
	size_t shown_count;
	struct mptcp_table_shown **by_column; /* NULL: not shown */
	size_t column_count;
	struct mptcp_table_options options;
	struct mptcp_output *output;
	int64_t capture, connection; /* nanoseconds since the epoch: what moments count from */
	struct mptcp_buffer row;     /* the cells of the row being built, as they were set */
	struct mptcp_buffer line;    /* the row as it goes out */
	/* What goes out at the end only: in a table the cells as they are shown, otherwise sorted
	 * lines, one after the other; a size_t for each cell or line, where it ends in held. */
	struct mptcp_buffer held, ends;
	struct mptcp_buffer keys, key_ends; /* the cells to sort by, in the same way */
	size_t held_rows;
	uint64_t rows;
	bool misplaced; /* a cell of a column that does not exist */
};

static inline const char *mptcp_table_cell(const struct mptcp_table *table,
	const struct mptcp_table_shown *shown)
{
	return table->row.bytes + shown->start;
}

/* Where piece `i` of `held`, or of `keys`, begins and ends; i may be the number of pieces, which
 * gives the end of the last one. */
static inline size_t mptcp_table_end_of(const struct mptcp_buffer *ends, size_t i)
{
	return i ? ((const size_t *)(const void *)ends->bytes)[i - 1] : 0;
}

/* The row being built as a line of the format, without its end, into table->line. */
void mptcp_table_add_csv(struct mptcp_table *table);
void mptcp_table_add_json(struct mptcp_table *table);
/* Writes table->line and empties it. */
void mptcp_table_write_line(struct mptcp_table *table);

/* Keeps the cells of the row being built. */
void mptcp_table_hold(struct mptcp_table *table);
/* Writes the rows that were kept, `count` of them in that order. */
int mptcp_table_write_page(struct mptcp_table *table, const size_t *order, size_t count);

/* Keeps the cell of the row being built by which the rows are sorted. */
void mptcp_table_add_key(struct mptcp_table *table);
/* The numbers of the rows that were kept, in the order in which they go out, to be freed; how many
 * go out in `count`. NULL when memory ran out. */
size_t *mptcp_table_order(const struct mptcp_table *table, size_t *count);

#endif
