/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-lb: lists what limits connections, interval by interval. See mptcp-lb(1). */
#include "captures.h"
#include "decimal.h"
#include "limit_table.h"
#include "peer.h"

#include <string.h>

enum { OPTION_INTERVAL = MPTCP_OPT_LONG, OPTION_TOTAL };

static const struct mptcp_option options[] = {
	{OPTION_INTERVAL, "interval", "S",
		"length of an interval in seconds; default: 0.1, or two round trips if longer",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_TOTAL, "total", NULL, "one row for the whole time", MPTCP_COMPLETE_NONE, NULL},
	{0},
};

/* What the options said. */
struct asked {
	int64_t interval;
	bool total;
};

static int take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	struct asked *asked = context;

	if (letter == OPTION_TOTAL) {
		asked->total = true;
		return 0;
	}
	if (mptcp_time_parse(&asked->interval, value, strlen(value)) ||
		asked->interval < MPTCP_SECOND / 1000 || asked->interval > 86400 * MPTCP_SECOND)
		return mptcp_opt_bad_value("interval", value, "a number from 0.001 to 86400",
			error);
	return 0;
}

static const struct mptcp_tool tool = {
	.name = "mptcp-lb",
	.purpose = "list what limits connections, interval by interval",
	.nothing = "no data",
	.operands = "[ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_LIVE | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME | MPTCP_GROUP_PEER | MPTCP_GROUP_TCP,
	.options = options,
	.columns = mptcp_limits_table_columns,
	.column_count = MPTCP_LIMITS_TABLE_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
	.take = take,
};

static int put_row(void *context, const struct mptcp_limits_row *row, struct mptcp_error *error)
{
	struct tool_run *run = context;

	(void)error;
	if (row->plain)
		tool_about_stream(run, row->tcpstream);
	else
		tool_about_connection(run, row->mptcpstream);
	mptcp_limits_table_put(run->table, row);
	return 0;
}

/* Says what is wrong with the result. */
static void warn(struct tool_run *run, const struct mptcp_limits *limits)
{
	if (limits->steps)
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: the clock of the capture went back; the intervals in which it did are left out",
			run->input_name);
}

static void list(struct tool_run *run, const struct mptcp_limits *asked)
{
	struct mptcp_limits limits = *asked;
	struct mptcp_packet packet;

	run->census.offers_tcp = true;
	run->census.whole = true;
	while (tool_next(run, &packet) == MPTCP_ROW)
		if (mptcp_limits_add(&limits, &packet, &run->error)) {
			tool_report(run);
			break;
		}
	if (!tool_failed(run)) {
		const struct mptcp_limits_taker taker = {limits.selection, run->origin, put_row,
			run};

		if (mptcp_limits_end(&limits, &run->error) ||
			mptcp_limits_rows(&limits, &taker, &run->error))
			tool_report(run);
		warn(run, &limits);
	}
	mptcp_limits_clear(&limits);
}

/* What two captures need. */
struct both {
	struct tool_run *run;
	struct peer peer;
	struct mptcp_limits limits[2]; /* by capture */
	int capture;                   /* whose rows are put */
};

static int add_both(void *context, int capture, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct both *both = context;

	return mptcp_limits_add(&both->limits[capture], packet, error);
}

static int renumber(const struct both *both, bool known, uint32_t *tcpstream)
{
	return both->capture == 0 || !known ||
		mptcp_match_stream(&both->peer.evidence[0], &both->peer.evidence[1], tcpstream);
}

/* A subflow of the connection as the capture numbers it: by it, it is known who is near the sender.
 */
static bool stream_of(const struct mptcp_limits *limits, const struct mptcp_limits_row *row,
	uint32_t *tcpstream)
{
	const struct mptcp_story_connection *connection =
		mptcp_roster_connection(&limits->story.roster, row->mptcpstream);

	if (!row->plain && (!connection || !connection->subflows))
		return false;
	*tcpstream = row->plain ? row->tcpstream : connection->subflows->tcpstream;
	return true;
}

/* The rows of the capture that is nearer to the sender of the data, with the numbers of the first.
 */
static int choose(void *context, const struct mptcp_limits_row *from, struct mptcp_error *error)
{
	struct both *both = context;
	const struct mptcp_selection *selection = &both->run->settings.selection;
	struct mptcp_limits_row row = *from;
	uint32_t tcpstream;

	if (!stream_of(&both->limits[both->capture], &row, &tcpstream) ||
		mptcp_vantage_sender(&both->peer.vantage, both->peer.evidence, both->capture,
			tcpstream, row.dest) != both->capture)
		return 0;
	if (both->capture == 1 &&
		(row.plain ? !renumber(both, true, &row.tcpstream)
			   : !mptcp_match_connection(&both->peer.evidence[0],
				     &both->peer.evidence[1], &row.mptcpstream)))
		return 0;
	if (!renumber(both, row.has_culprit, &row.culprit))
		row.has_culprit = false;
	if (!renumber(both, row.has_blocker, &row.blocker))
		row.has_blocker = false;
	if (row.plain ? !mptcp_selection_takes_tcp(selection, row.tcpstream)
		      : !mptcp_selection_takes_connection(selection, row.mptcpstream))
		return 0;
	return put_row(both->run, &row, error);
}

static void put_both(struct both *both)
{
	struct tool_run *run = both->run;
	const struct mptcp_selection asked = {
		.has_destination = run->settings.selection.has_destination,
		.destination = run->settings.selection.destination,
	};

	const struct mptcp_limits_taker taker = {&asked, run->origin, choose, both};

	for (both->capture = 0; both->capture < 2; both->capture++) {
		struct mptcp_limits *limits = &both->limits[both->capture];

		if (mptcp_limits_end(limits, &run->error) ||
			mptcp_limits_rows(limits, &taker, &run->error)) {
			tool_report(run);
			return;
		}
		warn(run, limits);
	}
}

static void list_both(struct tool_run *run, const struct mptcp_limits *asked)
{
	const struct mptcp_selection tcp = {.tcp = mptcp_selection_with_tcp(asked->selection)};
	struct both both = {.run = run, .limits = {*asked, *asked}};

	both.limits[0].selection = both.limits[1].selection = &tcp;
	if (!peer_open(run, &both.peer, MPTCP_LIMITS_NEEDED, MPTCP_LIMITS_COLUMNS)) {
		both.peer.add = add_both;
		both.peer.context = &both;
		if (!peer_match(run, &both.peer) && !tool_open_table(run) &&
			!peer_clock(run, &both.peer, MPTCP_CLOCK_NONE))
			put_both(&both);
	}
	mptcp_limits_clear(&both.limits[0]);
	mptcp_limits_clear(&both.limits[1]);
	peer_close(run, &both.peer);
}

static void work(struct tool_run *run, void *context)
{
	const struct asked *asked = context;
	struct mptcp_limits limits = {.selection = &run->settings.selection,
		.interval = asked->total ? -1 : asked->interval};

	if (run->settings.peer)
		list_both(run, &limits);
	else if (!tool_open_input(run, MPTCP_LIMITS_NEEDED,
			 MPTCP_LIMITS_COLUMNS | CENSUS_COLUMNS) &&
		!tool_open_table(run))
		list(run, &limits);
}

int main(int argc, char **argv)
{
	struct asked asked = {0};
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, &asked))
		return run.status;
	run.alone = run.settings.peer ? "--peer" : NULL;
	if (!asked.total || !asked.interval)
		return captures_run(&run, work, &asked);
	mptcp_error_set(&run.error, MPTCP_USAGE,
		"options --interval and --total exclude each other");
	tool_report(&run);
	return tool_finish(&run);
}
