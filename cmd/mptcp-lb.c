/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-lb: lists what limits connections, interval by interval. See mptcp-lb(1). */
#include "captures.h"
#include "decimal.h"
#include "limit.h"
#include "peer.h"

#include <math.h>
#include <string.h>

enum {
	LB_MPTCPSTREAM,
	LB_TCPSTREAM,
	LB_MPTCPDEST,
	LB_START,
	LB_LENGTH,
	LB_BYTES,
	LB_GOODPUT_BPS,
	LB_MAIN,
	LB_CULPRIT,
	LB_APP_IDLE,
	LB_APP_PACED,
	LB_MPTCP_WINDOW,
	LB_SUBFLOW_WINDOW,
	LB_SEND_BUFFER,
	LB_RECOVERY,
	LB_NETWORK,
	LB_HOL_BLOCKED,
	LB_HOL_CULPRIT,
	LB_CONFIDENCE,
	LB_VANTAGE,
	LB_COLUMNS
};
_Static_assert(LB_NETWORK - LB_APP_IDLE == MPTCP_LIMIT_NETWORK - MPTCP_LIMIT_APP_IDLE,
	"the shares in the order of the limits");

static const struct mptcp_table_column columns[] = {
	[LB_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "", "number of the connection"},
	[LB_TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 6, "",
		"of a TCP connection without MPTCP: its number"},
	[LB_MPTCPDEST] = {"mptcpdest", MPTCP_CELL_TEXT, 1, "",
		"MPTCP role of the host to which the data goes; without MPTCP its TCP role"},
	[LB_START] = {"start", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 1, "s",
		"when the interval begins"},
	[LB_LENGTH] = {"length", MPTCP_CELL_REAL, 4, "s", "how long it is"},
	[LB_BYTES] = {"bytes", MPTCP_CELL_NUMBER, 5, "bytes", "new data sent in it"},
	[LB_GOODPUT_BPS] = {"goodput_bps", MPTCP_CELL_NUMBER, 2, "bps", "bytes * 8 / length"},
	[LB_MAIN] = {"main", MPTCP_CELL_TEXT, 1, "", "the largest of the shares that follow"},
	[LB_CULPRIT] = {"culprit", MPTCP_CELL_NUMBER, 3, "",
		"tcpstream that was waited for most of the time of recovery"},
	[LB_APP_IDLE] = {"app_idle", MPTCP_CELL_REAL, 3, "share",
		"of the time: nothing in flight, and the application sends nothing"},
	[LB_APP_PACED] = {"app_paced", MPTCP_CELL_REAL, 3, "share",
		"the application sends less than it could"},
	[LB_MPTCP_WINDOW] = {"mptcp_window", MPTCP_CELL_REAL, 3, "share",
		"the receive window of the connection is full"},
	[LB_SUBFLOW_WINDOW] = {"subflow_window", MPTCP_CELL_REAL, 4, "share",
		"the windows of the subflows are; without MPTCP, the window"},
	[LB_SEND_BUFFER] = {"send_buffer", MPTCP_CELL_REAL, 4, "share",
		"the sender's buffer is full"},
	[LB_RECOVERY] = {"recovery", MPTCP_CELL_REAL, 3, "share",
		"data that was lost, or is late, is waited for"},
	[LB_NETWORK] = {"network", MPTCP_CELL_REAL, 3, "share",
		"the rest: the congestion window, or the path"},
	[LB_HOL_BLOCKED] = {"hol_blocked", MPTCP_CELL_REAL, 5, "s",
		"how long data waited at the receiver for data before it"},
	[LB_HOL_CULPRIT] = {"hol_culprit", MPTCP_CELL_NUMBER, 5, "",
		"tcpstream that it waited for most of that time"},
	[LB_CONFIDENCE] = {"confidence", MPTCP_CELL_TEXT, 4, "",
		"high or low: away from the sender, without the window scale, send_buffer"},
	[LB_VANTAGE] = {"vantage", MPTCP_CELL_TEXT, 6, "",
		"where the capture was taken: sender, receiver or middle (or unknown)"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == LB_COLUMNS, "every column described");

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
	.columns = columns,
	.column_count = LB_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
	.take = take,
};

static void put_numbers(struct tool_run *run, const struct mptcp_limits_row *row)
{
	struct mptcp_table *table = run->table;

	if (row->plain) {
		tool_about_stream(run, row->tcpstream);
		mptcp_table_unsigned(table, LB_TCPSTREAM, row->tcpstream);
	} else {
		tool_about_connection(run, row->mptcpstream);
		mptcp_table_unsigned(table, LB_MPTCPSTREAM, row->mptcpstream);
	}
	mptcp_table_string(table, LB_MPTCPDEST, row->dest == MPTCP_SERVER ? "server" : "client");
	mptcp_table_time(table, LB_START, row->start);
	mptcp_table_time(table, LB_LENGTH, row->length);
	mptcp_table_unsigned(table, LB_BYTES, row->bytes);
	if (row->length > 0)
		mptcp_table_unsigned(table, LB_GOODPUT_BPS,
			(uint64_t)((double)row->bytes * 8e9 / (double)row->length));
}

static int put_row(void *context, const struct mptcp_limits_row *row, struct mptcp_error *error)
{
	struct tool_run *run = context;
	struct mptcp_table *table = run->table;

	(void)error;
	put_numbers(run, row);
	if (isfinite(row->share[row->main]))
		mptcp_table_string(table, LB_MAIN, mptcp_limit_name(row->main));
	for (size_t i = 0; i < MPTCP_LIMITS; i++)
		mptcp_table_real(table, LB_APP_IDLE + i, row->share[i], 3);
	if (row->has_culprit)
		mptcp_table_unsigned(table, LB_CULPRIT, row->culprit);
	mptcp_table_time(table, LB_HOL_BLOCKED, row->blocked);
	if (row->has_blocker)
		mptcp_table_unsigned(table, LB_HOL_CULPRIT, row->blocker);
	mptcp_table_string(table, LB_CONFIDENCE, row->sure ? "high" : "low");
	mptcp_table_string(table, LB_VANTAGE, mptcp_limits_vantage_name(row->vantage));
	mptcp_table_end_row(table);
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
