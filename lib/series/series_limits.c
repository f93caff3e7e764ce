/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_limits: shares of time that a sender was limited by what, window by window, as layers:
 * limit.h. */
#include "limit.h"
#include "series_module.h"

#include <math.h>
#include <stdio.h>

struct state {
	struct mptcp_limits limits;
	struct mptcp_series *series;
	int64_t origin; /* when the capture begins, nanoseconds since the epoch */
	bool any;
	/* the direction that rows are put of */
	bool begun;
	uint32_t mptcpstream;
	enum mptcp_role dest;
	uint32_t lines[MPTCP_LIMITS];
	int64_t end; /* of its last row */
};

static int add(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct state *state = series->state;
	struct mptcp_error error;

	if (!state->any)
		state->origin = packet->abstime - packet->reltime;
	state->any = true;
	state->series = series;
	state->limits.interval = series->options.window;
	return mptcp_limits_add(&state->limits, packet, &error);
}

/* The layers of the direction before end at its end. */
static void close_layers(struct state *state)
{
	struct mptcp_series_segment segment = {.x = mptcp_series_time(state->end),
		.y = mptcp_series_count(0),
		.y2 = mptcp_series_count(0)};

	for (int i = 0; state->begun && i < MPTCP_LIMITS; i++)
		mptcp_series_put_segment(state->series, state->lines[i], MPTCP_POINT_STACK,
			segment);
}

/* Lines of a direction: "0 to client: network". */
static int open_layers(struct state *state, const struct mptcp_limits_row *row)
{
	char name[80];

	close_layers(state);
	state->begun = true;
	state->mptcpstream = row->mptcpstream;
	state->dest = row->dest;
	for (int i = 0; i < MPTCP_LIMITS; i++) {
		snprintf(name, sizeof(name), "%u to %s: %s", row->mptcpstream,
			row->dest == MPTCP_SERVER ? "server" : "client",
			mptcp_limit_name((enum mptcp_limit)i));
		state->lines[i] = mptcp_series_named_line(state->series, name);
		if (state->lines[i] == MPTCP_SERIES_NO_LINE)
			return -1;
	}
	return 0;
}

static int take(void *context, const struct mptcp_limits_row *row, struct mptcp_error *error)
{
	struct state *state = context;
	double bottom = 0;

	if (!mptcp_series_wants(state->series, row->dest) ||
		!mptcp_series_shows(state->series, row->start - state->origin))
		return 0;
	if ((!state->begun || state->mptcpstream != row->mptcpstream || state->dest != row->dest) &&
		open_layers(state, row))
		return mptcp_error_memory(error);
	state->end = row->start + row->length - state->origin;
	for (int i = 0; i < MPTCP_LIMITS; i++) {
		double top = bottom + (isfinite(row->share[i]) ? row->share[i] : 0);
		struct mptcp_series_segment segment = {
			.x = mptcp_series_time(row->start - state->origin),
			.y = mptcp_series_real(top),
			.y2 = mptcp_series_real(bottom)};

		mptcp_series_put_segment(state->series, state->lines[i], MPTCP_POINT_STACK,
			segment);
		segment.x = mptcp_series_time(state->end);
		if (row->intervals > 1) /* the same to its end */
			mptcp_series_put_segment(state->series, state->lines[i], MPTCP_POINT_STACK,
				segment);
		bottom = top;
	}
	return 0;
}

static int end(struct mptcp_series *series)
{
	struct state *state = series->state;
	const struct mptcp_limits_taker taker = {.put = take, .context = state};
	struct mptcp_error error;

	if (!state->any)
		return 0;
	/* of one direction nothing can be said: no rows */
	if (mptcp_limits_end(&state->limits, &error))
		return error.status == MPTCP_DATA ? 0 : -1;
	if (mptcp_limits_rows(&state->limits, &taker, &error))
		return -1;
	close_layers(state);
	return 0;
}

static void release(void *state)
{
	mptcp_limits_clear(&((struct state *)state)->limits);
}

const struct mptcp_series_module mptcp_series_limits = {.state_size = sizeof(struct state),
	.add = add,
	.end = end,
	.release = release};
