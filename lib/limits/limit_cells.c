/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit_cells: the intervals of a direction. Those in a row of which all is the same are one cell,
 * so that memory follows the packets, not the time between them.
 */
#include "limit_parts.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

#define SIZE sizeof(struct mptcp_limits_cell)

void mptcp_limits_cells_clear(struct mptcp_ordered *cells)
{
	struct mptcp_place place = mptcp_ordered_begin(cells);

	for (struct mptcp_limits_cell *cell; (cell = mptcp_ordered_at(cells, place, SIZE));
		place = mptcp_ordered_next(cells, place))
		free(cell->blames);
	mptcp_ordered_clear(cells);
}

/* The number of the interval that a time lies in. */
static uint64_t number_of(const struct mptcp_limits_side *side, int64_t time)
{
	return side->interval > 0 && time > side->begin
		? (uint64_t)((time - side->begin) / side->interval)
		: 0;
}

static bool below(const void *cell, uint64_t number)
{
	const struct mptcp_limits_cell *one = cell;

	return one->number + one->count <= number;
}

/* Cuts a run, so that a cell begins at the number, which lies in it; `place` is that of the second
 * part then. */
static int split(struct mptcp_ordered *cells, struct mptcp_place *place, uint64_t number)
{
	struct mptcp_limits_cell *cell = mptcp_ordered_at(cells, *place, SIZE), first = *cell;

	if (cell->blame_count) {
		first.blames = malloc(cell->blame_count * sizeof(*cell->blames));
		if (!first.blames)
			return -1;
		memcpy(first.blames, cell->blames, cell->blame_count * sizeof(*cell->blames));
	} else {
		first.blames = NULL;
	}
	first.blame_capacity = first.blame_count;
	first.count = number - first.number;
	cell->count -= first.count;
	cell->number = number;
	cell = mptcp_ordered_insert(cells, place, SIZE);
	if (!cell) {
		free(first.blames);
		return -1;
	}
	*cell = first;
	*place = mptcp_ordered_next(cells, *place);
	return 0;
}

/* The cell that begins at `number` and ends at `end` or before, made where there is none. */
static struct mptcp_limits_cell *run_from(struct mptcp_ordered *cells, uint64_t number,
	uint64_t end)
{
	struct mptcp_place place = mptcp_ordered_find(cells, SIZE, below, number);
	struct mptcp_limits_cell *cell = mptcp_ordered_at(cells, place, SIZE);

	if (!cell || cell->number > number) {
		uint64_t most = cell && cell->number < end ? cell->number : end;

		cell = mptcp_ordered_insert(cells, &place, SIZE);
		if (cell)
			*cell = (struct mptcp_limits_cell){.number = number,
				.count = most - number};
		return cell;
	}
	if (cell->number < number && split(cells, &place, number))
		return NULL;
	cell = mptcp_ordered_at(cells, place, SIZE);
	if (cell->count > end - number) {
		if (split(cells, &place, end))
			return NULL;
		mptcp_ordered_back(cells, &place);
	}
	return mptcp_ordered_at(cells, place, SIZE);
}

struct mptcp_limits_cell *mptcp_limits_cell(struct mptcp_limits_side *side, int64_t time)
{
	uint64_t number = number_of(side, time);

	return run_from(&side->cells, number, number + 1);
}

static struct mptcp_limits_blame *blame(struct mptcp_limits_cell *cell, uint32_t tcpstream)
{
	for (size_t i = 0; i < cell->blame_count; i++)
		if (cell->blames[i].tcpstream == tcpstream)
			return &cell->blames[i];
	struct mptcp_limits_blame *blames = mptcp_array_append(cell->blames, &cell->blame_count,
		&cell->blame_capacity, sizeof(*blames));

	if (!blames)
		return NULL;
	cell->blames = blames;
	blames[cell->blame_count - 1].tcpstream = tcpstream;
	return &blames[cell->blame_count - 1];
}

/* The part of a stretch that lies in one cell. */
struct part {
	struct mptcp_limits_cell *cell;
	struct mptcp_limits_blame *blame; /* of the culprit, NULL without one */
	int64_t length;                   /* of it in each interval of the cell */
};

/* The next one; `from` moves to its end. 0, or -1 when memory ran out. */
static int next_part(struct mptcp_limits_side *side, int64_t *from, int64_t to,
	const uint32_t *culprit, struct part *part)
{
	uint64_t number = number_of(side, *from), end = number + 1;
	int64_t length = side->interval, before = *from - side->begin;

	part->length = to - *from;
	if (length > 0 && before >= 0 && before % length == 0 && part->length >= length) {
		end = number + (uint64_t)(part->length / length);
		part->length = length;
	} else if (length > 0) { /* the first one begins with whatever is before it */
		int64_t left = before >= 0 ? length - before % length : length - before;

		part->length = left < part->length ? left : part->length;
	}
	part->cell = run_from(&side->cells, number, end);
	part->blame = part->cell && culprit ? blame(part->cell, *culprit) : NULL;
	if (!part->cell || (culprit && !part->blame))
		return -1;
	*from += part->length * (int64_t)part->cell->count;
	return 0;
}

int mptcp_limits_count(struct mptcp_limits_side *side, int64_t from, int64_t to,
	enum mptcp_limit limit, const uint32_t *culprit)
{
	struct part part;

	while (from < to) {
		if (next_part(side, &from, to, culprit, &part))
			return -1;
		part.cell->time[limit] += part.length;
		if (part.blame)
			part.blame->recovery += part.length;
	}
	return 0;
}

int mptcp_limits_block(struct mptcp_limits_side *side, int64_t from, int64_t to,
	const uint32_t *culprit)
{
	struct part part;

	while (from < to) {
		if (next_part(side, &from, to, culprit, &part))
			return -1;
		part.cell->blocked += part.length;
		if (part.blame)
			part.blame->blocked += part.length;
	}
	return 0;
}
