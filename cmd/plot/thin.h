/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thin: leaves points out where a picture would not show them.
 *
 * A picture has a grid of pixels. What is drawn with a line keeps the first, lowest, highest and
 * last point of each column: the line covers the same pixels. What is drawn as points keeps one
 * point per pixel. Works in place and keeps the order. Thinning again over a larger range gives
 * what thinning once would have given, to a pixel: a stream can be thinned while it is read.
 */
#ifndef MPTCP_THIN_H
#define MPTCP_THIN_H

#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct mptcp_point {
	double x, y;    /* NaN: none; a line is broken there */
	double y2;      /* other end of a vertical segment, NaN for none */
	uint32_t label; /* of an event: number of its text, from 1; 0 for none */
};

enum mptcp_thin {
	MPTCP_THIN_NO,
	MPTCP_THIN_COLUMN, /* curves: by columns of pixels */
	MPTCP_THIN_ROW,    /* rising curves such as a CDF: by rows */
	MPTCP_THIN_PIXEL   /* points and vertical segments */
};

struct mptcp_grid {
	double low[2],
		high[2]; /* of the axes x and y; points outside count as beside the picture */
	unsigned columns, rows;
};

/*
 * Thins `*count` points. Points with a label and points without x or y stay. 0, or -1 when memory
 * ran out (and nothing has changed).
 */
int mptcp_thin(struct mptcp_point *points, size_t *count, enum mptcp_thin how,
	const struct mptcp_grid *grid, struct mptcp_error *error);

#endif
