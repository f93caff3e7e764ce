/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit_rows: the rows that the intervals of a direction make. */
#include "limit_parts.h"

#include <math.h>

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

/* What all rows of a direction are made of. */
struct rows {
	const struct mptcp_limits_taker *taker;
	const struct mptcp_limits_row *about;
	const struct mptcp_limits_side *side;
};

/* So many of its intervals, from a number on; the last one ends with the data. */
static int put_intervals(const struct rows *rows, const struct mptcp_limits_cell *cell,
	uint64_t number, uint64_t count, struct mptcp_error *error)
{
	const struct mptcp_limits_side *side = rows->side;
	const struct mptcp_selection *selection = rows->taker->selection;
	const struct mptcp_limits_cell *last =
		mptcp_ordered_last(&side->cells, sizeof(struct mptcp_limits_cell));
	int64_t end = side->last_acked > side->last_new ? side->last_acked : side->last_new;
	bool is_last = number + count == last->number + last->count;
	struct mptcp_limits_row row = *rows->about;

	row.start = side->begin + (side->interval > 0 ? (int64_t)number * side->interval : 0);
	row.length =
		side->interval > 0 && !is_last ? (int64_t)count * side->interval : end - row.start;
	if (row.length < 0 || cell->stepped ||
		(selection &&
			!mptcp_selection_takes_moment(selection, row.start - rows->taker->origin)))
		return 0;
	row.intervals = count;
	row.bytes = cell->bytes;
	row.blocked = cell->blocked * (int64_t)count;
	row.vantage = side->vantage;
	put_shares(&row, side, cell);
	put_culprits(&row, cell);
	row.recovery *= (int64_t)count;
	return rows->taker->put(rows->taker->context, &row, error);
}

/* A row for each interval, or one for a long run of the same. */
static int put_run(const struct rows *rows, const struct mptcp_limits_cell *cell,
	struct mptcp_error *error)
{
	uint64_t step = cell->count > MPTCP_LIMITS_ALIKE ? cell->count : 1;

	for (uint64_t done = 0; done < cell->count; done += step)
		if (put_intervals(rows, cell, cell->number + done, step, error))
			return -1;
	return 0;
}

static int put_side(const struct mptcp_limits_taker *taker, const struct mptcp_limits_row *about,
	const struct mptcp_limits_side *side, struct mptcp_error *error)
{
	const struct rows rows = {taker, about, side};
	struct mptcp_place place = mptcp_ordered_begin(&side->cells);
	uint64_t number = 0;

	if (!side->known)
		return 0;
	if (taker->selection && !mptcp_selection_takes_direction(taker->selection, about->dest))
		return 0;
	for (const struct mptcp_limits_cell *cell;
		(cell = mptcp_ordered_at(&side->cells, place, sizeof(*cell)));
		place = mptcp_ordered_next(&side->cells, place)) {
		/* of which nothing is known */
		const struct mptcp_limits_cell between = {.number = number,
			.count = cell->number - number};

		if ((between.count && put_run(&rows, &between, error)) ||
			put_run(&rows, cell, error))
			return -1;
		number = cell->number + cell->count;
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
