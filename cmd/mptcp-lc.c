/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-lc: lists the MPTCP connections of a packet stream, one a row. See mptcp-lc(1). */
#include "list.h"

static const struct mptcp_table_column columns[] = {
	{"mptcpstream", MPTCP_CELL_NUMBER, "", "number of the connection"},
	{"mptcpversion", MPTCP_CELL_NUMBER, "", "MPTCP version"},
	{"client", MPTCP_CELL_TEXT, "", "address of the client on the initial subflow"},
	{"clientport", MPTCP_CELL_NUMBER, "", "port of the client on the initial subflow"},
	{"server", MPTCP_CELL_TEXT, "", "address of the server on the initial subflow"},
	{"serverport", MPTCP_CELL_NUMBER, "", "port of the server on the initial subflow"},
	{"client_token", MPTCP_CELL_TEXT, "", "token of the client"},
	{"server_token", MPTCP_CELL_TEXT, "", "token of the server"},
	{"subflows", MPTCP_CELL_NUMBER, "", "subflows that were established"},
	{"packets", MPTCP_CELL_NUMBER, "", "packets on all its TCP connections"},
	{"bytes_to_server", MPTCP_CELL_NUMBER, "bytes", "distinct application data to the server"},
	{"bytes_to_client", MPTCP_CELL_NUMBER, "bytes", "distinct application data to the client"},
	{"start", MPTCP_CELL_NUMBER, "s", "time of its first packet, since the epoch"},
	{"duration", MPTCP_CELL_NUMBER, "s", "from its first to its last packet"},
	{"status", MPTCP_CELL_TEXT, "",
		"failed, opening, fallback, partial, fastclose, closed, reset or open"},
};

static const struct mptcp_option options[] = {
	FOLLOW_OPTIONS,
	{0},
};

static const struct mptcp_tool tool = {
	.name = "mptcp-lc",
	.purpose = "list the MPTCP connections of a capture",
	.operands = "[CAPTURE|CSV]",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_SELECTION,
	.options = options,
	.take = follow_take,
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(*columns),
};

static void put_token(struct mptcp_table *table, const struct mptcp_story_connection *connection,
	enum mptcp_role role)
{
	uint32_t token;

	if (mptcp_story_token(connection, role, &token))
		mptcp_table_token(table, token);
	else
		mptcp_table_empty(table);
}

static void put_row(struct mptcp_table *table, const struct mptcp_story_connection *connection)
{
	struct mptcp_listed_span span = mptcp_listing_connection_span(connection);

	mptcp_table_unsigned(table, connection->mptcpstream);
	list_put_number(table, connection->has_version, connection->version);
	for (int role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++) {
		mptcp_table_address(table, &connection->ends[role].address);
		mptcp_table_unsigned(table, connection->ends[role].port);
	}
	put_token(table, connection, MPTCP_CLIENT);
	put_token(table, connection, MPTCP_SERVER);
	mptcp_table_unsigned(table, connection->established);
	mptcp_table_unsigned(table, span.packets);
	mptcp_table_unsigned(table, mptcp_listing_bytes(connection, MPTCP_SERVER));
	mptcp_table_unsigned(table, mptcp_listing_bytes(connection, MPTCP_CLIENT));
	mptcp_table_time(table, span.start);
	mptcp_table_time(table, span.last - span.start);
	mptcp_table_string(table, mptcp_state_name(mptcp_story_connection_state(connection)));
	mptcp_table_end_row(table);
}

/* Is it one that the selection takes, with packets in the period asked for? */
static bool is_wanted(const struct mptcp_selection *selection,
	const struct mptcp_story_connection *connection)
{
	bool any = false;

	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow && !any;
		subflow = subflow->next)
		any = mptcp_selection_takes_stream(selection, subflow->tcpstream);
	return any && mptcp_listing_connection_span(connection).packets &&
		mptcp_selection_takes_connection(selection, connection->mptcpstream);
}

static void put_rows(struct tool_run *run, void *context)
{
	const struct mptcp_listing *listing = context;
	const struct mptcp_roster *roster = &listing->story.roster;

	for (size_t i = 0; i < roster->connection_count; i++)
		if (is_wanted(listing->selection, roster->connections[i]))
			put_row(run->table, roster->connections[i]);
}

int main(int argc, char **argv)
{
	struct follow follow = {0};
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, &follow))
		return run.status;
	return list_run(&run, &follow, false, put_rows);
}
