/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_reinject: how long after its first copy data was sent again on another subflow, as a
 * distribution for each subflow that sent it again. What is a reinjection: reinjection.h. */
#include "reinjection.h"
#include "series_module.h"

static int add(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct mptcp_reinjections *reinjections = series->state;
	size_t before = reinjections->count;
	struct mptcp_error error;

	if (mptcp_reinjections_add(reinjections, packet, &error))
		return -1;
	for (size_t i = before; i < reinjections->count; i++) {
		const struct mptcp_reinjection *row = &reinjections->list[i];

		if (row->repeated || !mptcp_series_wants(series, row->mptcpdest))
			continue;
		uint32_t line = mptcp_series_subflow_line(series, packet, row->mptcpdest);

		if (line == MPTCP_SERIES_NO_LINE)
			return -1;
		mptcp_series_sample(series, line, row->time - row->original_time);
	}
	return 0;
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
	mptcp_reinjections_release(state);
}

const struct mptcp_series_module mptcp_series_reinject = {.state_size =
								  sizeof(struct mptcp_reinjections),
	.add = add,
	.end = end,
	.release = release};
