/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout: the columns that a table has, and which of them are shown in which order.
 *
 * A filter names its columns by an enum and describes each of them in a constant array:
 *
 *	enum { LC_MPTCPSTREAM, LC_STATUS, LC_COLUMNS };
 *	static const struct mptcp_table_column columns[] = {
 *		[LC_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "", "its number"},
 *		[LC_STATUS] = {"status", MPTCP_CELL_TEXT, 2, "", "closed, reset or open"},
 *	};
 *	_Static_assert(sizeof(columns) / sizeof(*columns) == LC_COLUMNS, "every column described");
 *
 * The array never changes; what differs from call to call is the layout.
 */
#ifndef MPTCP_LAYOUT_H
#define MPTCP_LAYOUT_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>

/* What the cells of a column are: a number or a text; what else is known about them. */
enum {
	MPTCP_CELL_NUMBER = 0,      /* right-aligned, a JSON number */
	MPTCP_CELL_TEXT = 1,        /* left-aligned, a JSON string */
	MPTCP_CELL_WITH_PEER = 2,   /* shown with --peer, or where asked for */
	MPTCP_CELL_ON_REQUEST = 4,  /* shown only where asked for */
	MPTCP_CELL_MOMENT = 8,      /* a point in time: written as --time says */
	MPTCP_CELL_CHANGES = 16,    /* while packets come: further left with --follow */
	MPTCP_CELL_MARKED = 32,     /* one of some words, that may be coloured */
	MPTCP_CELL_REAL = 64,       /* a number that may have a fraction; without it, a whole one */
	MPTCP_CELL_WITH_BASE = 128, /* shown with --base, or where asked for */
	MPTCP_CELL_WIDE = 256       /* a whole number of up to 64 bits, without sign */
};

struct mptcp_table_column {
	const char *name;
	unsigned cells; /* MPTCP_CELL_... */
	/* What people want to know first: 1 for what names the row, then 2, 3, ... Where not every
	 * column fits a terminal, those with the lowest numbers are shown. */
	unsigned priority;
	const char *unit;    /* "" for none; human.h has those that are shortened */
	const char *meaning; /* one line, for --columns help and the manual */
};

struct mptcp_layout {
	const struct mptcp_table_column *columns; /* borrowed */
	size_t count;
	size_t *shown; /* indices, left to right; owned. NULL: all columns in their order */
	size_t shown_count;
};

/* The columns that are shown by default. 0, or -1 when memory ran out. */
int mptcp_layout_default(struct mptcp_layout *layout, bool peer, struct mptcp_error *error);
/* Those of a list "a,b,c", or "all". 0 or -1; errors in the list are reported as names.h says. */
int mptcp_layout_choose(struct mptcp_layout *layout, const char *list, struct mptcp_error *error);
/* The column of that name into `column`. 0 or -1, as mptcp_layout_choose. */
int mptcp_layout_find(const struct mptcp_layout *layout, const char *name, size_t length,
	size_t *column, struct mptcp_error *error);
void mptcp_layout_clear(struct mptcp_layout *layout);

/* How many are shown, and which one is at a place, counted from the left. */
static inline size_t mptcp_layout_shown(const struct mptcp_layout *layout)
{
	return layout->shown ? layout->shown_count : layout->count;
}

static inline size_t mptcp_layout_at(const struct mptcp_layout *layout, size_t place)
{
	return layout->shown ? layout->shown[place] : place;
}

#endif
