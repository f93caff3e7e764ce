/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-lr: lists data that MPTCP sent again. See mptcp-lr(1). */
#include "array.h"
#include "arrival.h"
#include "captures.h"
#include "reinjection.h"
#include "peer.h"

#include <stdlib.h>
#include <string.h>

enum {
	LR_MPTCPSTREAM,
	LR_MPTCPDEST,
	LR_PACKETID,
	LR_TIME,
	LR_TCPSTREAM,
	LR_DSN,
	LR_LENGTH,
	LR_ORIGINAL_PACKETID,
	LR_ORIGINAL_TCPSTREAM,
	LR_DELAY,
	LR_CAUSE,
	LR_USEFUL,
	LR_WORTH,
	LR_GAIN,
	LR_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[LR_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "", "number of the connection"},
	[LR_MPTCPDEST] = {"mptcpdest", MPTCP_CELL_TEXT, 5, "",
		"MPTCP role of the host to which the data goes: client or server"},
	[LR_PACKETID] = {"packetid", MPTCP_CELL_NUMBER, 1, "",
		"packet that carries the data again"},
	[LR_TIME] = {"time", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 2, "s", "its time"},
	[LR_TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 2, "", "number of its TCP connection"},
	[LR_DSN] = {"dsn", MPTCP_CELL_NUMBER, 6, "bytes",
		"first data sequence number of the range, relative"},
	[LR_LENGTH] = {"length", MPTCP_CELL_NUMBER, 2, "bytes",
		"bytes that both packets have in common"},
	[LR_ORIGINAL_PACKETID] = {"original_packetid", MPTCP_CELL_NUMBER, 6, "",
		"earliest packet that carried them before"},
	[LR_ORIGINAL_TCPSTREAM] = {"original_tcpstream", MPTCP_CELL_NUMBER, 4, "",
		"number of its TCP connection"},
	[LR_DELAY] = {"delay", MPTCP_CELL_NUMBER, 3, "s", "from the original to the reinjection"},
	[LR_CAUSE] = {"cause", MPTCP_CELL_TEXT, 2, "",
		"why: mp_fail, remove_addr, subflow_closed, data_ack_missing, timeout, ..."},
	[LR_USEFUL] = {"useful", MPTCP_CELL_TEXT, 3, "",
		"yes, no or unknown: which copy was acknowledged first"},
	[LR_WORTH] = {"worth", MPTCP_CELL_TEXT | MPTCP_CELL_WITH_PEER | MPTCP_CELL_MARKED, 3, "",
		"gain, redundant, original_lost, lost or unknown"},
	[LR_GAIN] = {"gain", MPTCP_CELL_NUMBER | MPTCP_CELL_WITH_PEER, 4, "s",
		"how much earlier its bytes arrived in this packet"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == LR_COLUMNS, "every column described");

enum { OPTION_FIRST = MPTCP_OPT_LONG };

static const struct mptcp_option options[] = {
	{OPTION_FIRST, "first", NULL, "no effect: all reinjections are new on their subflow",
		MPTCP_COMPLETE_NONE, NULL},
	{0},
};

/* --first is kept for scripts: a reinjection is new on its subflow by definition. */
static int take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	(void)letter;
	(void)value;
	(void)context;
	(void)error;
	return 0;
}

static const struct mptcp_tool tool = {
	.name = "mptcp-lr",
	.purpose = "list reinjections: data that MPTCP sent again",
	.nothing = "no reinjection",
	.operands = "[ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_LIVE | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME | MPTCP_GROUP_PEER,
	.options = options,
	.columns = columns,
	.column_count = LR_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
	.take = take,
};

static bool is_wanted(const struct mptcp_reinjection *row, struct tool_run *run)
{
	const struct mptcp_selection *selection = &run->settings.selection;

	if (!mptcp_selection_takes_subflow(selection, row->mptcpstream, row->tcpstream))
		return false;
	if (mptcp_selection_takes_direction(selection, row->mptcpdest) &&
		mptcp_selection_takes_moment(selection, row->time - run->origin))
		return true;
	census_refuse(&run->census, selection, row->mptcpdest, row->time - run->origin);
	return false;
}

/* Sets the cells of a row; the caller sets those after them and ends it. */
static void put_cells(struct tool_run *run, const struct mptcp_reinjection *row)
{
	struct mptcp_table *table = run->table;

	tool_about_connection(run, row->mptcpstream);
	mptcp_table_unsigned(table, LR_MPTCPSTREAM, row->mptcpstream);
	mptcp_table_string(table, LR_MPTCPDEST,
		row->mptcpdest == MPTCP_SERVER ? "server" : "client");
	mptcp_table_unsigned(table, LR_PACKETID, row->packetid);
	mptcp_table_time(table, LR_TIME, row->time);
	mptcp_table_unsigned(table, LR_TCPSTREAM, row->tcpstream);
	mptcp_table_unsigned(table, LR_DSN, row->dsn);
	mptcp_table_unsigned(table, LR_LENGTH, row->length);
	if (row->original_packetid) {
		mptcp_table_unsigned(table, LR_ORIGINAL_PACKETID, row->original_packetid);
		mptcp_table_unsigned(table, LR_ORIGINAL_TCPSTREAM, row->original_tcpstream);
		mptcp_table_time(table, LR_DELAY, row->time - row->original_time);
	}
	mptcp_table_string(table, LR_CAUSE, mptcp_cause_name(row->cause));
	mptcp_table_string(table, LR_USEFUL, mptcp_useful_name(row->useful));
}

static int put_row(void *context, const struct mptcp_reinjection *row, struct mptcp_error *error)
{
	struct tool_run *run = context;

	(void)error;
	if (is_wanted(row, run)) {
		put_cells(run, row);
		mptcp_table_end_row(run->table);
	}
	return 0;
}

static void list(struct tool_run *run)
{
	struct mptcp_reinjections reinjections;
	struct mptcp_packet packet;

	mptcp_reinjections_init(&reinjections,
		mptcp_input_is_stream(run->input) ? MPTCP_REINJECTIONS_WHEN_SETTLED
						  : MPTCP_REINJECTIONS_IN_ORDER,
		put_row, run);
	run->census.whole = true;
	while (tool_next(run, &packet) == MPTCP_ROW)
		if (mptcp_reinjections_add(&reinjections, &packet, &run->error)) {
			tool_report(run);
			break;
		}
	if (!tool_failed(run) && mptcp_reinjections_end(&reinjections, &run->error))
		tool_report(run);
	mptcp_reinjections_clear(&reinjections);
}

/* What two captures need. */
struct both {
	struct tool_run *run;
	struct peer peer;
	struct side {
		struct mptcp_reinjections reinjections;
		struct mptcp_reinjection *rows;
		size_t count, capacity;
	} sides[2]; /* by capture */
	struct mptcp_arrivals arrivals;
};

static int add(void *context, int capture, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct both *both = context;

	return mptcp_reinjections_add(&both->sides[capture].reinjections, packet, error);
}

static int keep(void *context, const struct mptcp_reinjection *row, struct mptcp_error *error)
{
	struct side *side = context;
	struct mptcp_reinjection *rows =
		mptcp_array_append(side->rows, &side->count, &side->capacity, sizeof(*rows));

	if (!rows)
		return mptcp_error_memory(error);
	side->rows = rows;
	rows[side->count - 1] = *row;
	return 0;
}

static int arrive(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	struct both *both = context;
	struct mptcp_pair received = *pair;

	if (!mptcp_received_pair(both->peer.received, both->peer.evidence, pair))
		received.fate = MPTCP_LOST;
	return mptcp_arrivals_row(&both->arrivals, &received, error);
}

/* Gives a row of the second capture the numbers of the first one. */
static bool renumber(struct mptcp_reinjection *row, const struct mptcp_evidence evidence[2])
{
	return mptcp_match_connection(&evidence[0], &evidence[1], &row->mptcpstream) &&
		mptcp_match_stream(&evidence[0], &evidence[1], &row->tcpstream) &&
		(!row->original_packetid ||
			mptcp_match_stream(&evidence[0], &evidence[1], &row->original_tcpstream));
}

/* Keeps the reinjections of a capture that were sent at its end, with the numbers of the first
 * capture. */
static int choose(struct both *both, int capture)
{
	struct tool_run *run = both->run;
	struct side *side = &both->sides[capture];
	size_t kept = 0;

	if (mptcp_reinjections_end(&side->reinjections, &run->error))
		return tool_report(run);
	for (size_t i = 0; i < side->count; i++) {
		struct mptcp_reinjection row = side->rows[i];

		if (mptcp_vantage_sender(&both->peer.vantage, both->peer.evidence, capture,
			    row.tcpstream, row.mptcpdest) != capture ||
			(capture == 1 && !renumber(&row, both->peer.evidence)) ||
			!is_wanted(&row, run))
			continue;
		if (mptcp_arrivals_want(&both->arrivals, capture, &side->rows[i], &run->error))
			return tool_report(run);
		side->rows[kept++] = row;
	}
	side->count = kept;
	return 0;
}

static void put_both(struct tool_run *run, const struct both *both)
{
	const struct mptcp_arrival *arrival = both->arrivals.list;

	for (int capture = 0; capture < 2; capture++)
		for (size_t i = 0; i < both->sides[capture].count; i++, arrival++) {
			int64_t gain;
			enum mptcp_worth worth = mptcp_arrival_worth(arrival, &gain);

			put_cells(run, &both->sides[capture].rows[i]);
			mptcp_table_string(run->table, LR_WORTH, mptcp_worth_name(worth));
			if (worth == MPTCP_WORTH_GAIN || worth == MPTCP_WORTH_REDUNDANT)
				mptcp_table_time(run->table, LR_GAIN, gain);
			mptcp_table_end_row(run->table);
		}
}

static void list_both(struct tool_run *run)
{
	struct both both = {.run = run};

	for (int capture = 0; capture < 2; capture++)
		mptcp_reinjections_init(&both.sides[capture].reinjections,
			MPTCP_REINJECTIONS_IN_ORDER, keep, &both.sides[capture]);
	if (!peer_open(run, &both.peer, MPTCP_REINJECTIONS_NEEDED,
		    MPTCP_REINJECTIONS_COLUMNS | MPTCP_ARRIVALS_COLUMNS)) {
		both.peer.add = add;
		both.peer.context = &both;
		if (!peer_match(run, &both.peer) && !tool_open_table(run) &&
			!peer_clock(run, &both.peer, MPTCP_CLOCK_NONE) && !choose(&both, 0) &&
			!choose(&both, 1) && !peer_pair(run, &both.peer, true, arrive, &both)) {
			mptcp_arrivals_end(&both.arrivals);
			put_both(run, &both);
		}
	}
	for (int capture = 0; capture < 2; capture++) {
		mptcp_reinjections_clear(&both.sides[capture].reinjections);
		free(both.sides[capture].rows);
	}
	mptcp_arrivals_clear(&both.arrivals);
	peer_close(run, &both.peer);
}

static void work(struct tool_run *run, void *context)
{
	(void)context;
	if (run->settings.peer)
		list_both(run);
	else if (!tool_open_input(run, MPTCP_REINJECTIONS_NEEDED,
			 MPTCP_REINJECTIONS_COLUMNS | CENSUS_COLUMNS) &&
		!tool_open_table(run))
		list(run);
}

int main(int argc, char **argv)
{
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, NULL))
		return run.status;
	run.alone = run.settings.peer ? "--peer" : NULL;
	return captures_run(&run, work, NULL);
}
