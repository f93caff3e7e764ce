/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_reinject: how long after its first copy data was sent again, as a distribution for each
 * subflow that sent it again. What is a reinjection: reinjection.h. */
#include "reinjection.h"
#include "series_module.h"

struct state {
	struct mptcp_reinjections reinjections;
	struct mptcp_series *series;
	const struct mptcp_packet *packet; /* the one that is added */
};

static int take(void *context, const struct mptcp_reinjection *row, struct mptcp_error *error)
{
	struct state *state = context;
	struct mptcp_series *series = state->series;

	if (!row->original_packetid || !mptcp_series_wants(series, row->mptcpdest))
		return 0;
	uint32_t line = mptcp_series_subflow_line(series, state->packet, row->mptcpdest);

	if (line == MPTCP_SERIES_NO_LINE)
		return mptcp_error_memory(error);
	mptcp_series_sample(series, line, row->time - row->original_time);
	return 0;
}

static int add(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct state *state = series->state;
	struct mptcp_error error;

	if (!state->series)
		mptcp_reinjections_init(&state->reinjections, MPTCP_REINJECTIONS_AT_ONCE, take,
			state);
	state->series = series;
	state->packet = packet;
	return mptcp_reinjections_add(&state->reinjections, packet, &error);
}

static int end(struct mptcp_series *series)
{
	/* a distribution of few values in bars is of no use */
	if (!series->options.bins)
		series->options.cdf = true;
	return mptcp_series_spread(series, MPTCP_VALUE_TIME);
}

static void release(void *state)
{
	mptcp_reinjections_clear(&((struct state *)state)->reinjections);
}

const struct mptcp_series_module mptcp_series_reinject = {.state_size = sizeof(struct state),
	.add = add,
	.end = end,
	.release = release};
