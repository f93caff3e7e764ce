/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart: what a picture shows: the rows of a series (x,y,series,kind,y2,label; mptcp-series(1)) by
 * line and kind.
 *
 * Lines are in order of their names, so that a subflow has the same colour in each plot of a
 * connection; kinds are in order of first appearance. Points are thinned while they are
 * read, so that memory follows the size of the picture, not the length of the series. A zeroed
 * struct with `thin` and `grid` set is an empty chart.
 */
#ifndef MPTCP_CHART_H
#define MPTCP_CHART_H

#include "argv.h"
#include "csv.h"
#include "error.h"
#include "thin.h"

#include <stdbool.h>
#include <stddef.h>
/* uthash reports a failed allocation through this, instead of exit() */
#ifndef HASH_NONFATAL_OOM
#define HASH_NONFATAL_OOM 1
#endif
#include <uthash.h>

#define MPTCP_CHART_KINDS 16 /* kinds that a series may have at most */

struct mptcp_points {
	struct mptcp_point *items;
	size_t count, capacity;
	size_t thin_at; /* the count at which to thin next */
};

struct mptcp_chart_line {
	char *name;
	size_t number; /* from 0 */
	struct mptcp_points kinds[MPTCP_CHART_KINDS];
	UT_hash_handle hh;
};

struct mptcp_chart {
	enum mptcp_thin thin;
	struct mptcp_grid grid;         /* its range is what was asked for; NaN: of the data */
	struct mptcp_chart_line *lines; /* uthash, in the order of their numbers */
	char *kinds[MPTCP_CHART_KINDS];
	size_t kind_count;
	struct mptcp_argv labels; /* texts of events */
	double low[2], high[2];   /* of the data, on the axes x and y (with y2) */
	size_t points;            /* read */
};

/* The columns that a series begins with: "x,y,series" with this delimiter. */
bool mptcp_chart_is_series(const char *bytes, size_t length, char delimiter);
/*
 * Reads all rows. The columns kind, y2 and label may be missing; others are ignored. An empty x or
 * y is a gap in a line; an empty kind is "data". MPTCP_DATA with file and line for a row of the
 * wrong length, an invalid number, or a kind with other characters than a-z, 0-9, _ and -; the rows
 * before it are kept. `name` is the file's, for messages.
 */
int mptcp_chart_read(struct mptcp_chart *chart, struct mptcp_csv *csv, const char *name,
	struct mptcp_error *error);
/* Puts the lines in order and thins for the range of the whole picture. To be called after reading.
 */
int mptcp_chart_end(struct mptcp_chart *chart, struct mptcp_error *error);
/* Whether the line is of a whole connection: its name begins with "total". */
bool mptcp_chart_is_total(const struct mptcp_chart_line *line);
void mptcp_chart_clear(struct mptcp_chart *chart);

#endif
