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
#include "hashed.h"
#include "thin.h"

#include <stdbool.h>
#include <stddef.h>

#define MPTCP_CHART_KINDS 16 /* kinds that a series may have at most */

struct mptcp_points {
	struct mptcp_point *items;
	size_t count, capacity;
	size_t thin_at; /* the count at which to thin next */
};

/* One of several captures. */
struct mptcp_chart_capture {
	char *name;
	char *label; /* its labels, separated by blanks; "" for none */
};

struct mptcp_chart_line {
	char *key;      /* of the hash: its capture and what the series calls it */
	char *name;     /* for people */
	size_t capture; /* from 1; 0: the series is of one capture, which it does not name */
	bool total;     /* of a whole connection */
	size_t number;  /* from 0 */
	struct mptcp_points kinds[MPTCP_CHART_KINDS];
	UT_hash_handle hh;
};

struct mptcp_chart {
	enum mptcp_thin thin;
	struct mptcp_grid grid;         /* its range is what was asked for; NaN: of the data */
	struct mptcp_chart_line *lines; /* uthash, in the order of their numbers */
	struct mptcp_chart_capture *captures; /* in order of appearance */
	size_t capture_count, capture_capacity;
	char *kinds[MPTCP_CHART_KINDS];
	size_t kind_count;
	struct mptcp_argv labels; /* texts of events */
	double low[2], high[2];   /* of the data, on the axes x and y (with y2) */
	size_t points;            /* read */
};

/* What a series begins with, "x,y,series" with this delimiter, or that of several captures: the
 * column `capture`, and these three in the same line. */
bool mptcp_chart_is_series(const char *bytes, size_t length, char delimiter);
/*
 * Reads all rows. The columns kind, y2 and label may be missing. With a column `capture`, lines of
 * different captures are different lines, and the columns between it and the first of a series are
 * labels; any others are ignored. An empty x or
 * y is a gap in a line; an empty kind is "data". MPTCP_DATA with file and line for a row of the
 * wrong length, an invalid number, or a kind with other characters than a-z, 0-9, _ and -; the rows
 * before it are kept. `name` is the file's, for messages.
 */
int mptcp_chart_read(struct mptcp_chart *chart, struct mptcp_csv *csv, const char *name,
	struct mptcp_error *error);
/* Puts the lines in order and thins for the range of the whole picture. To be called after reading.
 */
int mptcp_chart_end(struct mptcp_chart *chart, struct mptcp_error *error);
/*
 * The number of the capture whose row this is, from 1, with `count` cells that are its labels. 0
 * when memory ran out. For mptcp_chart_read.
 */
size_t mptcp_chart_add_capture(struct mptcp_chart *chart, const struct mptcp_text *name,
	const struct mptcp_text *labels, size_t count);
/*
 * Names the lines of several captures after them: by labels where these tell them apart, else by
 * path, and by what the series calls them where a capture has more than one. 0, or -1 when memory
 * ran out. For mptcp_chart_end.
 */
int mptcp_chart_name_captures(struct mptcp_chart *chart);
void mptcp_chart_clear(struct mptcp_chart *chart);

#endif
