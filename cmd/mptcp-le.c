/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-le: lists the signalling of MPTCP connections as a timeline. See mptcp-le(1). */
#include "captures.h"
#include "story.h"

enum {
	LE_PACKETID,
	LE_TIME,
	LE_MPTCPSTREAM,
	LE_TCPSTREAM,
	LE_MPTCPDEST,
	LE_EVENT,
	LE_KERNEL_EVENT,
	LE_ADDRID,
	LE_ADDRESS,
	LE_PORT,
	LE_TOKEN,
	LE_BACKUP,
	LE_ECHO,
	LE_REASON,
	LE_TRANSIENT,
	LE_DSN,
	LE_KEY,
	LE_OPTION,
	LE_LENGTH,
	LE_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[LE_PACKETID] = {"packetid", MPTCP_CELL_NUMBER, 6, "", "packet at which it happened"},
	[LE_TIME] = {"time", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 1, "s", "its time"},
	[LE_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "", "number of the connection"},
	[LE_TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 2, "", "number of the TCP connection"},
	[LE_MPTCPDEST] = {"mptcpdest", MPTCP_CELL_TEXT, 4, "",
		"MPTCP role of the host to which the packet goes: client or server"},
	[LE_EVENT] = {"event", MPTCP_CELL_TEXT | MPTCP_CELL_MARKED, 1, "", "what happened"},
	[LE_KERNEL_EVENT] = {"kernel_event", MPTCP_CELL_TEXT, 9, "",
		"its name in ip mptcp monitor"},
	[LE_ADDRID] = {"addrid", MPTCP_CELL_NUMBER, 5, "", "address identifier"},
	[LE_ADDRESS] = {"address", MPTCP_CELL_TEXT, 5, "",
		"address announced, or the sender's in a handshake"},
	[LE_PORT] = {"port", MPTCP_CELL_NUMBER, 8, "",
		"port announced, or the sender's in a handshake"},
	[LE_TOKEN] = {"token", MPTCP_CELL_TEXT, 9, "",
		"the receiver's in MP_JOIN; the sender's, from its key, in MP_CAPABLE"},
	[LE_BACKUP] = {"backup", MPTCP_CELL_TEXT, 8, "", "backup flag: yes or no"},
	[LE_ECHO] = {"echo", MPTCP_CELL_TEXT, 8, "",
		"yes if the ADD_ADDR confirms a received one, otherwise no"},
	[LE_REASON] = {"reason", MPTCP_CELL_TEXT, 3, "",
		"reason of MP_TCPRST or of a failure; whether an HMAC is valid"},
	[LE_TRANSIENT] = {"transient", MPTCP_CELL_TEXT, 10, "", "T flag of MP_TCPRST: yes or no"},
	[LE_DSN] = {"dsn", MPTCP_CELL_NUMBER, 7, "bytes",
		"relative data sequence number of DATA_FIN or MP_FAIL"},
	[LE_KEY] = {"key", MPTCP_CELL_NUMBER, 12, "",
		"the sender's in MP_CAPABLE, the receiver's in MP_FASTCLOSE"},
	[LE_OPTION] = {"option", MPTCP_CELL_TEXT, 11, "",
		"name of the malformed option; reason says what is wrong"},
	[LE_LENGTH] = {"length", MPTCP_CELL_NUMBER, 12, "bytes", "its length, as on the wire"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == LE_COLUMNS, "every column described");

static const struct mptcp_tool tool = {
	.name = "mptcp-le",
	.purpose = "list the signalling events of MPTCP connections",
	.nothing = "no event",
	.operands = "[ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME,
	.columns = columns,
	.column_count = LE_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
};

static bool is_wanted(struct tool_run *run, const struct mptcp_event *event)
{
	const struct mptcp_selection *selection = &run->settings.selection;
	bool placed = event->has_mptcpstream
		? mptcp_selection_takes_subflow(selection, event->mptcpstream, event->tcpstream)
		: !selection->has_mptcpstream &&
			mptcp_selection_takes_stream(selection, event->tcpstream);

	if (!placed)
		return false;
	if (mptcp_selection_takes_direction(selection, event->moment.mptcpdest) &&
		mptcp_selection_takes_moment(selection, event->moment.reltime))
		return true;
	census_refuse(&run->census, selection, event->moment.mptcpdest, event->moment.reltime);
	return false;
}

static void put_tristate(struct mptcp_table *table, size_t column, enum mptcp_tristate value)
{
	if (value != MPTCP_ABSENT)
		mptcp_table_string(table, column, value == MPTCP_YES ? "yes" : "no");
}

/* When and where it happened. */
static void put_place(struct mptcp_table *table, const struct mptcp_event *event)
{
	mptcp_table_unsigned(table, LE_PACKETID, event->moment.packetid);
	mptcp_table_time(table, LE_TIME, event->moment.abstime);
	mptcp_table_unsigned(table, LE_TCPSTREAM, event->tcpstream);
	if (!event->has_mptcpstream)
		return;
	mptcp_table_unsigned(table, LE_MPTCPSTREAM, event->mptcpstream);
	mptcp_table_string(table, LE_MPTCPDEST,
		event->moment.mptcpdest == MPTCP_SERVER ? "server" : "client");
}

static void put_row(struct tool_run *run, const struct mptcp_event *event)
{
	struct mptcp_table *table = run->table;

	if (event->has_mptcpstream)
		tool_about_connection(run, event->mptcpstream);
	else
		tool_about_stream(run, event->tcpstream);
	put_place(table, event);
	mptcp_table_string(table, LE_EVENT, mptcp_event_name(event->kind));
	mptcp_table_string(table, LE_KERNEL_EVENT, mptcp_kernel_event_name(event->kernel));
	if (event->has_addrid)
		mptcp_table_unsigned(table, LE_ADDRID, event->addrid);
	mptcp_table_address(table, LE_ADDRESS, &event->address);
	if (event->has_port)
		mptcp_table_unsigned(table, LE_PORT, event->port);
	if (event->has_token)
		mptcp_table_token(table, LE_TOKEN, event->token);
	put_tristate(table, LE_BACKUP, event->backup);
	put_tristate(table, LE_ECHO, event->echo);
	mptcp_table_string(table, LE_REASON, event->reason);
	put_tristate(table, LE_TRANSIENT, event->transient);
	if (event->has_dsn)
		mptcp_table_unsigned(table, LE_DSN, event->dsn);
	if (event->has_key)
		mptcp_table_unsigned(table, LE_KEY, event->key);
	mptcp_table_string(table, LE_OPTION, event->option);
	if (*event->option)
		mptcp_table_unsigned(table, LE_LENGTH, event->length);
	mptcp_table_end_row(table);
}

/* The events settled so far; for a file, at its end and in order of packets. */
static void put_rows(struct tool_run *run, struct mptcp_events *events)
{
	for (size_t i = 0; i < events->count && !tool_failed(run); i++)
		if (is_wanted(run, &events->list[i]))
			put_row(run, &events->list[i]);
	events->count = 0;
}

static void list(struct tool_run *run)
{
	struct mptcp_story story = {0};
	struct mptcp_packet packet;
	bool stream = mptcp_input_is_stream(run->input);
	int failed = 0;

	while (!failed && tool_next(run, &packet) == MPTCP_ROW) {
		failed = mptcp_story_add(&story, &packet, NULL, &run->error);
		if (stream && story.events.count)
			put_rows(run, &story.events);
	}
	if (!failed && !tool_failed(run))
		failed = mptcp_story_end(&story, &run->error);
	if (!failed && mptcp_events_sort(&story.events))
		failed = mptcp_error_memory(&run->error);
	if (failed)
		tool_report(run);
	put_rows(run, &story.events);
	if (!mptcp_table_rows(run->table))
		census_story(&run->census, &story, run->origin);
	mptcp_story_clear(&story);
}

static void work(struct tool_run *run, void *context)
{
	(void)context;
	if (!tool_open_input(run, MPTCP_STORY_NEEDED, MPTCP_STORY_COLUMNS) && !tool_open_table(run))
		list(run);
}

int main(int argc, char **argv)
{
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, NULL))
		return run.status;
	return captures_run(&run, work, NULL);
}
