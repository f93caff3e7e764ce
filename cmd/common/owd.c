/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "owd.h"

#include "series_owd.h"
#include "peer.h"

struct owd {
	struct peer peer;
	struct mptcp_series_owd points;
	struct mptcp_series *series;
};

static int put(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	struct owd *owd = context;

	return mptcp_series_owd_row(&owd->points, owd->series, &owd->peer.evidence[0], pair, error);
}

static int read_both(struct tool_run *run, struct owd *owd)
{
	if (peer_open(run, &owd->peer, MPTCP_HAS(reltime), 0))
		return -1;
	if (peer_match(run, &owd->peer) || peer_clock(run, &owd->peer, MPTCP_CLOCK_SKEW))
		return -1;
	owd->series->options.start = run->origin;
	if (mptcp_series_owd_init(&owd->points, &owd->peer.evidence[0], &run->error))
		return tool_report(run);
	return peer_pair(run, &owd->peer, false, put, owd);
}

int owd_read(struct tool_run *run, struct mptcp_series *series)
{
	struct owd owd = {.series = series};
	int result = read_both(run, &owd);

	mptcp_series_owd_clear(&owd.points);
	peer_close(run, &owd.peer);
	return result;
}
