/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "thin.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* The cell of a value on an axis: 0 below the picture, 1 to `cells` in it, cells + 1 above. */
static uint32_t cell(const struct mptcp_grid *grid, int axis, double value)
{
	unsigned cells = axis ? grid->rows : grid->columns;
	double low = grid->low[axis], high = grid->high[axis];

	if (value < low)
		return 0;
	if (value > high)
		return cells + 1;
	if (!(high > low))
		return 1;
	double at = (value - low) / (high - low) * cells;
	return at < cells ? 1 + (uint32_t)at : cells;
}

static bool stays(const struct mptcp_point *point)
{
	return point->label || isnan(point->x) || isnan(point->y);
}

/* Consecutive points in one column (or row), and which of them count: indices. */
struct run {
	size_t first, lowest, highest, last;
	bool open;
};

/* Moves the points of a run down to `kept`; those are distinct and in order. */
static size_t close_run(struct mptcp_point *points, size_t kept, struct run *run)
{
	size_t low = run->lowest < run->highest ? run->lowest : run->highest,
	       high = run->lowest < run->highest ? run->highest : run->lowest;
	const size_t order[] = {run->first, low, high, run->last};

	if (!run->open)
		return kept;
	for (size_t i = 0; i < 4; i++)
		if (i == 0 || order[i] > order[i - 1])
			points[kept++] = points[order[i]];
	run->open = false;
	return kept;
}

/* What a point reaches down and up to on the axis across the run. */
static double reach(const struct mptcp_point *point, int axis, bool up)
{
	if (axis == 0)
		return point->x;
	if (isnan(point->y2))
		return point->y;
	return up ? fmax(point->y, point->y2) : fmin(point->y, point->y2);
}

static size_t thin_runs(struct mptcp_point *points, size_t count, int along,
	const struct mptcp_grid *grid)
{
	struct run run = {0};
	uint32_t at = 0;
	size_t kept = 0;
	int across = !along;

	for (size_t i = 0; i < count; i++) {
		if (stays(&points[i])) {
			kept = close_run(points, kept, &run);
			points[kept++] = points[i];
			continue;
		}
		uint32_t here = cell(grid, along, along ? points[i].y : points[i].x);
		if (!run.open || here != at) {
			kept = close_run(points, kept, &run);
			run = (struct run){i, i, i, i, true};
			at = here;
		}
		if (reach(&points[i], across, false) < reach(&points[run.lowest], across, false))
			run.lowest = i;
		if (reach(&points[i], across, true) > reach(&points[run.highest], across, true))
			run.highest = i;
		run.last = i;
	}
	return close_run(points, kept, &run);
}

/* A set of numbers other than 0: open addressing in a table of a power of two. */
static bool insert(uint64_t *table, size_t mask, uint64_t key)
{
	size_t at = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & mask;

	while (table[at] && table[at] != key)
		at = (at + 1) & mask;
	if (table[at])
		return false;
	table[at] = key;
	return true;
}

/* A cell takes 21 bits at most: pictures are smaller than two million pixels per side. */
static uint64_t pixel(const struct mptcp_grid *grid, const struct mptcp_point *point)
{
	uint64_t row2 = isnan(point->y2) ? 0 : 1 + (uint64_t)cell(grid, 1, point->y2);

	return UINT64_C(1) << 63 | row2 << 42 | (uint64_t)cell(grid, 1, point->y) << 21 |
		cell(grid, 0, point->x);
}

static int thin_pixels(struct mptcp_point *points, size_t *count, const struct mptcp_grid *grid,
	struct mptcp_error *error)
{
	size_t size = 16, kept = 0;

	while (size < 2 * *count)
		size *= 2;
	uint64_t *table = calloc(size, sizeof(*table));
	if (!table)
		return mptcp_error_memory(error);
	for (size_t i = 0; i < *count; i++)
		if (stays(&points[i]) || insert(table, size - 1, pixel(grid, &points[i])))
			points[kept++] = points[i];
	free(table);
	*count = kept;
	return 0;
}

int mptcp_thin(struct mptcp_point *points, size_t *count, enum mptcp_thin how,
	const struct mptcp_grid *grid, struct mptcp_error *error)
{
	if (how == MPTCP_THIN_PIXEL)
		return thin_pixels(points, count, grid, error);
	if (how != MPTCP_THIN_NO)
		*count = thin_runs(points, *count, how == MPTCP_THIN_ROW, grid);
	return 0;
}
