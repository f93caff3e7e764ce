/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-stat: statistics of MPTCP connections, per direction and subflow. See mptcp-stat(1). */
#include "arrived.h"
#include "stats_table.h"
#include "captures.h"
#include "follow.h"
#include "peer.h"

static const struct mptcp_option options[] = {
	FOLLOW_OPTIONS,
	{0},
};

static const struct mptcp_tool tool = {
	.name = "mptcp-stat",
	.purpose = "statistics of MPTCP connections and their subflows",
	.nothing = "nothing to count",
	.operands = "[ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_LIVE | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME | MPTCP_GROUP_PEER | MPTCP_GROUP_TCP,
	.options = options,
	.take = follow_take,
	.columns = mptcp_stats_table_columns,
	.column_count = MPTCP_STATS_TABLE_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
};

static int add(void *context, const struct mptcp_packet *packet, struct mptcp_error *error)
{
	return mptcp_stats_add(context, packet, error);
}

static int end(void *context, struct mptcp_error *error)
{
	struct mptcp_stats *stats = context;

	return mptcp_story_end(&stats->story, error);
}

static void put_row(struct tool_run *run, const struct mptcp_stats_row *row,
	const struct mptcp_stats_row *arrived)
{
	if (row->plain)
		tool_about_stream(run, row->tcpstream);
	else
		tool_about_connection(run, row->mptcpstream);
	mptcp_stats_table_put(run->table, row, arrived);
}

static void put_rows(struct tool_run *run, void *context)
{
	struct mptcp_stats *stats = context;

	if (mptcp_stats_rows(stats, &run->error)) {
		tool_report(run);
		return;
	}
	for (size_t i = 0; i < stats->row_count; i++)
		if (mptcp_stats_row_wanted(stats->selection, &stats->rows[i]))
			put_row(run, &stats->rows[i], NULL);
}

static int forget(void *context, struct mptcp_error *error)
{
	struct mptcp_stats *stats = context;

	return mptcp_story_forget(&stats->story, error);
}

static const struct mptcp_story *story(const void *context)
{
	const struct mptcp_stats *stats = context;

	return &stats->story;
}

static void count(const struct follow *follow, struct tool_run *run)
{
	static const struct follow_work work = {add, end, put_rows, forget, story};
	struct mptcp_stats stats = {.selection = &run->settings.selection};

	follow_run(follow, run, &work, &stats);
	mptcp_stats_clear(&stats);
}

/* What two captures need. */
struct both {
	struct peer peer;
	struct mptcp_stats stats; /* of the first capture */
	struct mptcp_arrived arrived;
};

static int add_both(void *context, int capture, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct both *both = context;

	return (capture == 0 && mptcp_stats_add(&both->stats, packet, error)) ||
			mptcp_arrived_add(&both->arrived, capture, packet, error)
		? -1
		: 0;
}

static void put_both(struct tool_run *run, struct both *both)
{
	const struct mptcp_stats *stats = &both->stats;
	uint32_t tcpstream = 0;

	if (end(&both->stats, &run->error) || mptcp_stats_rows(&both->stats, &run->error) ||
		mptcp_arrived_end(&both->arrived, &run->error)) {
		tool_report(run);
		return;
	}
	for (size_t i = 0; i < stats->row_count; i++) {
		const struct mptcp_stats_row *row = &stats->rows[i];

		if (!row->total) /* a total comes after its subflows */
			tcpstream = row->tcpstream;
		if (mptcp_stats_row_wanted(stats->selection, row))
			put_row(run, row, mptcp_arrived_row(&both->arrived, row, tcpstream));
	}
}

static void count_both(struct tool_run *run)
{
	const struct mptcp_selection *selection = &run->settings.selection;
	struct both both = {
		.stats.selection = selection,
		.arrived = {.evidence = both.peer.evidence,
			.received = both.peer.received,
			.vantage = &both.peer.vantage,
			.selection.tcp = mptcp_selection_with_tcp(selection)},
	};

	if (!peer_open(run, &both.peer, MPTCP_STATS_NEEDED, MPTCP_STATS_COLUMNS)) {
		both.peer.add = add_both;
		both.peer.context = &both;
		if (!peer_match(run, &both.peer) && !tool_open_table(run) &&
			!peer_clock(run, &both.peer, MPTCP_CLOCK_NONE))
			put_both(run, &both);
	}
	mptcp_stats_clear(&both.stats);
	mptcp_arrived_clear(&both.arrived);
	peer_close(run, &both.peer);
}

static void work(struct tool_run *run, void *context)
{
	const struct follow *follow = context;

	if (run->settings.peer)
		count_both(run);
	else if (!tool_open_input(run, MPTCP_STATS_NEEDED, MPTCP_STATS_COLUMNS) &&
		!follow_start(follow, run))
		count(follow, run);
}

int main(int argc, char **argv)
{
	struct follow follow = {0};
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, &follow))
		return run.status;
	run.alone = run.settings.peer ? "--peer" : follow.on ? "--follow" : NULL;
	if (!run.settings.peer || !follow.on)
		return captures_run(&run, work, &follow);
	mptcp_error_set(&run.error, MPTCP_USAGE, "options --follow and --peer exclude each other");
	tool_report(&run);
	return tool_finish(&run);
}
