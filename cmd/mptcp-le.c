/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-le: lists the signalling of MPTCP connections as a timeline. See mptcp-le(1). */
#include "story.h"
#include "tool.h"

static const struct mptcp_table_column columns[] = {
	{"packetid", MPTCP_CELL_NUMBER, "", "packet at which it happened"},
	{"abstime", MPTCP_CELL_NUMBER, "s", "its time since the epoch"},
	{"reltime", MPTCP_CELL_NUMBER, "s", "its time since the first packet of the capture"},
	{"mptcpstream", MPTCP_CELL_NUMBER, "", "number of the connection"},
	{"tcpstream", MPTCP_CELL_NUMBER, "", "number of the TCP connection"},
	{"mptcpdest", MPTCP_CELL_TEXT, "", "where the packet goes: client or server"},
	{"event", MPTCP_CELL_TEXT, "", "what happened"},
	{"kernel_event", MPTCP_CELL_TEXT, "", "its name in ip mptcp monitor"},
	{"addrid", MPTCP_CELL_NUMBER, "", "address identifier"},
	{"address", MPTCP_CELL_TEXT, "", "address announced, or of the sender of a handshake"},
	{"port", MPTCP_CELL_NUMBER, "", "port announced, or of the sender of a handshake"},
	{"token", MPTCP_CELL_TEXT, "",
		"MP_JOIN: of the receiver; MP_CAPABLE: of the sender, from its key"},
	{"backup", MPTCP_CELL_TEXT, "", "backup flag: yes or no"},
	{"echo", MPTCP_CELL_TEXT, "", "yes if the ADD_ADDR confirms one received, else no"},
	{"reason", MPTCP_CELL_TEXT, "", "of MP_TCPRST or of a failure; whether an HMAC is right"},
	{"transient", MPTCP_CELL_TEXT, "", "T flag of MP_TCPRST: yes or no"},
	{"dsn", MPTCP_CELL_NUMBER, "bytes", "relative data sequence number of DATA_FIN or MP_FAIL"},
	{"key", MPTCP_CELL_NUMBER, "",
		"of the sender in MP_CAPABLE, of the receiver in MP_FASTCLOSE"},
	{"option", MPTCP_CELL_TEXT, "", "name of the malformed option; reason says what is wrong"},
	{"length", MPTCP_CELL_NUMBER, "bytes", "its length, as on the wire"},
};

static const struct mptcp_tool tool = {
	.name = "mptcp-le",
	.purpose = "list the signalling events of MPTCP connections",
	.operands = "[ID] [CAPTURE|CSV]",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_SELECTION,
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(*columns),
};

static bool is_wanted(const struct mptcp_event *event, const struct mptcp_selection *selection)
{
	bool placed = event->has_mptcpstream
		? mptcp_selection_takes_subflow(selection, event->mptcpstream, event->tcpstream)
		: !selection->has_mptcpstream &&
			mptcp_selection_takes_stream(selection, event->tcpstream);

	return placed && mptcp_selection_takes_direction(selection, event->moment.mptcpdest) &&
		mptcp_selection_takes_moment(selection, event->moment.reltime);
}

static void put_number(struct mptcp_table *table, bool has, uint64_t number)
{
	if (has)
		mptcp_table_unsigned(table, number);
	else
		mptcp_table_empty(table);
}

static void put_tristate(struct mptcp_table *table, enum mptcp_tristate value)
{
	mptcp_table_string(table, value == MPTCP_ABSENT ? "" : value == MPTCP_YES ? "yes" : "no");
}

static void put_row(struct mptcp_table *table, const struct mptcp_event *event)
{
	mptcp_table_unsigned(table, event->moment.packetid);
	mptcp_table_time(table, event->moment.abstime);
	mptcp_table_time(table, event->moment.reltime);
	put_number(table, event->has_mptcpstream, event->mptcpstream);
	mptcp_table_unsigned(table, event->tcpstream);
	mptcp_table_string(table,
		!event->has_mptcpstream                           ? ""
			: event->moment.mptcpdest == MPTCP_SERVER ? "server"
								  : "client");
	mptcp_table_string(table, mptcp_event_name(event->kind));
	mptcp_table_string(table, mptcp_kernel_event_name(event->kernel));
	put_number(table, event->has_addrid, event->addrid);
	mptcp_table_address(table, &event->address);
	put_number(table, event->has_port, event->port);
	if (event->has_token)
		mptcp_table_token(table, event->token);
	else
		mptcp_table_empty(table);
	put_tristate(table, event->backup);
	put_tristate(table, event->echo);
	mptcp_table_string(table, event->reason);
	put_tristate(table, event->transient);
	put_number(table, event->has_dsn, event->dsn);
	put_number(table, event->has_key, event->key);
	mptcp_table_string(table, event->option);
	put_number(table, *event->option, event->length);
	mptcp_table_end_row(table);
}

/* The events that are settled so far; of a file, at its end: in order of packets. */
static void put_rows(struct tool_run *run, struct mptcp_events *events)
{
	for (size_t i = 0; i < events->count && !tool_failed(run); i++)
		if (is_wanted(&events->list[i], &run->settings.selection))
			put_row(run->table, &events->list[i]);
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
	mptcp_story_clear(&story);
}

int main(int argc, char **argv)
{
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, NULL))
		return run.status;
	if (mptcp_opt_take_id(&run.settings, &run.error))
		tool_report(&run);
	else if (!tool_open_input(&run, MPTCP_STORY_NEEDED, MPTCP_STORY_COLUMNS) &&
		!tool_open_table(&run))
		list(&run);
	return tool_finish(&run);
}
