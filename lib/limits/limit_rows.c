/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit_rows: the intervals of a direction, and the rows that they make. */
#include "limit_parts.h"

#include "array.h"

#include <math.h>
#include <stdlib.h>

#define CELLS_MOST (1U << 24) /* intervals of a direction: of longer ones the rest is the last */

const char *mptcp_limit_name(enum mptcp_limit limit)
{
	static const char *const names[] = {"app_idle", "app_paced", "mptcp_window",
		"subflow_window", "send_buffer", "recovery", "network"};

	return names[limit];
}

const char *mptcp_limits_vantage_name(enum mptcp_limits_vantage vantage)
{
	static const char *const names[] = {"sender", "receiver", "middle"};

	return names[vantage];
}

/* The number of the interval that a time lies in. */
static size_t number_of(const struct mptcp_limits_side *side, int64_t time)
{
	int64_t number = side->interval > 0 && time > side->begin
		? (time - side->begin) / side->interval
		: 0;

	return number < CELLS_MOST ? (size_t)number : CELLS_MOST - 1;
}

static struct mptcp_limits_cell *numbered(struct mptcp_limits_side *side, size_t number)
{
	while (side->cell_count <= number) {
		struct mptcp_limits_cell *cells = mptcp_array_append(side->cells, &side->cell_count,
			&side->cell_capacity, sizeof(*cells));

		if (!cells)
			return NULL;
		side->cells = cells;
	}
	return &side->cells[number];
}

struct mptcp_limits_cell *mptcp_limits_cell(struct mptcp_limits_side *side, int64_t time)
{
	return numbered(side, number_of(side, time));
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

/* The part of a stretch that lies in one interval. */
struct part {
	struct mptcp_limits_cell *cell;
	struct mptcp_limits_blame *blame; /* of the culprit, NULL without one */
	int64_t length;
};

/* The next one; `from` moves to its end. 0, or -1 when memory ran out. */
static int next_part(struct mptcp_limits_side *side, int64_t *from, int64_t to,
	const uint32_t *culprit, struct part *part)
{
	size_t number = number_of(side, *from);
	int64_t end = to;

	if (side->interval > 0 && number < CELLS_MOST - 1) {
		int64_t edge = side->begin + ((int64_t)number + 1) * side->interval;

		end = edge < to ? edge : to;
	}
	part->length = end - *from;
	part->cell = numbered(side, number);
	part->blame = part->cell && culprit ? blame(part->cell, *culprit) : NULL;
	*from = end;
	return part->cell && (part->blame || !culprit) ? 0 : -1;
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

/* The subflows that most of the time was lost to. */
static void put_culprits(struct mptcp_limits_row *row, const struct mptcp_limits_cell *cell)
{
	int64_t blocked = 0;

	for (size_t i = 0; i < cell->blame_count; i++) {
		const struct mptcp_limits_blame *one = &cell->blames[i];

		if (one->recovery > row->recovery) {
			row->recovery = one->recovery;
			row->has_culprit = true;
			row->culprit = one->tcpstream;
		}
		if (one->blocked > blocked) {
			blocked = one->blocked;
			row->has_blocker = true;
			row->blocker = one->tcpstream;
		}
	}
}

static void put_shares(struct mptcp_limits_row *row, const struct mptcp_limits_side *side,
	const struct mptcp_limits_cell *cell)
{
	int64_t sum = 0, largest = -1;
	bool windows = side->window_known && !side->window_unknown;

	for (int i = 0; i < MPTCP_LIMITS; i++)
		sum += cell->time[i];
	for (int i = 0; i < MPTCP_LIMITS; i++) {
		row->share[i] = sum ? (double)cell->time[i] / (double)sum : NAN;
		if (cell->time[i] > largest) {
			largest = cell->time[i];
			row->main = (enum mptcp_limit)i;
		}
	}
	if (!windows)
		row->share[MPTCP_LIMIT_MPTCP_WINDOW] = row->share[MPTCP_LIMIT_SUBFLOW_WINDOW] = NAN;
	if (side->plain)
		row->share[MPTCP_LIMIT_MPTCP_WINDOW] = NAN;
	row->sure = windows && side->vantage_known && side->vantage == MPTCP_LIMITS_AT_SENDER &&
		row->main != MPTCP_LIMIT_SEND_BUFFER;
}

static int put_side(const struct mptcp_limits_taker *taker, const struct mptcp_limits_row *about,
	const struct mptcp_limits_side *side, struct mptcp_error *error)
{
	int64_t end = side->last_acked > side->last_new ? side->last_acked : side->last_new;

	if (!side->known)
		return 0;
	if (taker->selection && !mptcp_selection_takes_direction(taker->selection, about->dest))
		return 0;
	for (size_t i = 0; i < side->cell_count; i++) {
		const struct mptcp_limits_cell *cell = &side->cells[i];
		struct mptcp_limits_row row = *about;

		row.start = side->begin + (side->interval > 0 ? (int64_t)i * side->interval : 0);
		row.length = side->interval > 0 && i + 1 < side->cell_count ? side->interval
									    : end - row.start;
		if (row.length < 0 || cell->stepped ||
			(taker->selection &&
				!mptcp_selection_takes_moment(taker->selection,
					row.start - taker->origin)))
			continue;
		row.bytes = cell->bytes;
		row.blocked = cell->blocked;
		row.vantage = side->vantage;
		put_shares(&row, side, cell);
		put_culprits(&row, cell);
		if (taker->put(taker->context, &row, error))
			return -1;
	}
	return 0;
}

static int put_connection(const struct mptcp_limits_taker *taker, struct mptcp_limits_row row,
	const struct mptcp_limits_connection *connection, struct mptcp_error *error)
{
	static const enum mptcp_role order[] = {MPTCP_SERVER, MPTCP_CLIENT};

	for (int i = 0; i < 2; i++) {
		row.dest = order[i];
		if (put_side(taker, &row, &connection->to[order[i]], error))
			return -1;
	}
	return 0;
}

/* By -m, -t and --skip: one of its subflows is taken. */
static bool takes(const struct mptcp_selection *selection,
	const struct mptcp_story_connection *connection)
{
	if (!selection)
		return true;
	if (!mptcp_selection_takes_connection(selection, connection->mptcpstream))
		return false;
	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next)
		if (mptcp_selection_takes_stream(selection, subflow->tcpstream))
			return true;
	return false;
}

int mptcp_limits_rows(const struct mptcp_limits *limits, const struct mptcp_limits_taker *taker,
	struct mptcp_error *error)
{
	const struct mptcp_roster *roster = &limits->story.roster;

	for (size_t i = 0; i < roster->connection_count; i++) {
		const struct mptcp_story_connection *connection = roster->connections[i];
		struct mptcp_limits_row row = {.mptcpstream = connection->mptcpstream};

		if (connection->own && takes(taker->selection, connection) &&
			put_connection(taker, row, connection->own, error))
			return -1;
	}
	for (size_t i = 0; i < roster->subflow_count; i++) {
		const struct mptcp_story_subflow *subflow = roster->subflows[i];
		const struct mptcp_limits_flow *flow = subflow->own;
		struct mptcp_limits_row row = {.plain = true, .tcpstream = subflow->tcpstream};

		if (!subflow->connection && flow && flow->plain &&
			put_connection(taker, row, flow->plain, error))
			return -1;
	}
	return 0;
}
