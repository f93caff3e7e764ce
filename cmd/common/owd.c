/* SPDX-License-Identifier: GPL-2.0-or-later */
/* owd: see owd.h. */
#include "owd.h"

#include "series_owd.h"
#include "two.h"

struct owd {
	struct two two;
	struct mptcp_series_owd points;
	struct mptcp_series *series;
};

static int put(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	struct owd *owd = context;

	return mptcp_series_owd_row(&owd->points, owd->series, &owd->two.evidence[0], pair, error);
}

static int read_both(struct tool_run *run, struct owd *owd)
{
	if (two_open(run, &owd->two, MPTCP_HAS(reltime), 0))
		return -1;
	/* an ID is known only now */
	owd->series->options.selection = run->settings.selection;
	if (two_match(run, &owd->two) || two_clock(run, &owd->two, MPTCP_CLOCK_SKEW))
		return -1;
	owd->series->options.start = run->origin;
	if (mptcp_series_owd_init(&owd->points, &owd->two.evidence[0], &run->error))
		return tool_report(run);
	return two_pair(run, &owd->two, false, put, owd);
}

int owd_read(struct tool_run *run, struct mptcp_series *series)
{
	struct owd owd = {.series = series};
	int result = read_both(run, &owd);

	mptcp_series_owd_clear(&owd.points);
	two_close(run, &owd.two);
	return result;
}
