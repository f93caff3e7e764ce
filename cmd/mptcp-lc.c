/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-lc: lists the MPTCP connections of a packet stream, one per row. See mptcp-lc(1). */
#include "captures.h"
#include "list.h"

enum {
	LC_MPTCPSTREAM,
	LC_MPTCPVERSION,
	LC_CLIENT,
	LC_CLIENTPORT,
	LC_SERVER,
	LC_SERVERPORT,
	LC_CLIENT_TOKEN,
	LC_SERVER_TOKEN,
	LC_SUBFLOWS,
	LC_PACKETS,
	LC_BYTES_TO_SERVER,
	LC_BYTES_TO_CLIENT,
	LC_START,
	LC_DURATION,
	LC_STATUS,
	LC_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[LC_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "", "number of the connection"},
	[LC_MPTCPVERSION] = {"mptcpversion", MPTCP_CELL_NUMBER, 9, "", "MPTCP version"},
	[LC_CLIENT] = {"client", MPTCP_CELL_TEXT, 5, "",
		"address of the client on the initial subflow"},
	[LC_CLIENTPORT] = {"clientport", MPTCP_CELL_NUMBER, 8, "",
		"port of the client on the initial subflow"},
	[LC_SERVER] = {"server", MPTCP_CELL_TEXT, 7, "",
		"address of the server on the initial subflow"},
	[LC_SERVERPORT] = {"serverport", MPTCP_CELL_NUMBER, 8, "",
		"port of the server on the initial subflow"},
	[LC_CLIENT_TOKEN] = {"client_token", MPTCP_CELL_TEXT, 10, "", "token of the client"},
	[LC_SERVER_TOKEN] = {"server_token", MPTCP_CELL_TEXT, 9, "", "token of the server"},
	[LC_SUBFLOWS] = {"subflows", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 3, "",
		"subflows that were established"},
	[LC_PACKETS] = {"packets", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 9, "",
		"packets on all its TCP connections"},
	[LC_BYTES_TO_SERVER] = {"bytes_to_server", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 4,
		"bytes", "distinct application data to the server"},
	[LC_BYTES_TO_CLIENT] = {"bytes_to_client", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 3,
		"bytes", "distinct application data to the client"},
	[LC_START] = {"start", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 7, "s",
		"time of its first packet"},
	[LC_DURATION] = {"duration", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 6, "s",
		"from its first to its last packet"},
	[LC_STATUS] = {"status", MPTCP_CELL_TEXT | MPTCP_CELL_CHANGES | MPTCP_CELL_MARKED, 2, "",
		"failed, opening, fallback, partial, fastclose, closed, reset or open"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == LC_COLUMNS, "every column described");

static const struct mptcp_option options[] = {
	FOLLOW_OPTIONS,
	{0},
};

static const struct mptcp_tool tool = {
	.name = "mptcp-lc",
	.purpose = "list the MPTCP connections of a capture",
	.nothing = "no MPTCP connection",
	.operands = "[CAPTURE|CSV]...",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_LIVE | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME,
	.options = options,
	.take = follow_take,
	.columns = columns,
	.column_count = LC_COLUMNS,
};

static void put_token(struct mptcp_table *table, size_t column,
	const struct mptcp_story_connection *connection, enum mptcp_role role)
{
	uint32_t token;

	if (mptcp_story_token(connection, role, &token))
		mptcp_table_token(table, column, token);
}

static void put_row(struct tool_run *run, const struct mptcp_story_connection *connection)
{
	struct mptcp_table *table = run->table;
	const struct mptcp_listed_span span = mptcp_listing_connection_span(connection);
	const struct mptcp_endpoint *client = &connection->ends[MPTCP_CLIENT],
				    *server = &connection->ends[MPTCP_SERVER];

	tool_about_connection(run, connection->mptcpstream);
	mptcp_table_unsigned(table, LC_MPTCPSTREAM, connection->mptcpstream);
	if (connection->has_version)
		mptcp_table_unsigned(table, LC_MPTCPVERSION, connection->version);
	mptcp_table_address(table, LC_CLIENT, &client->address);
	mptcp_table_unsigned(table, LC_CLIENTPORT, client->port);
	mptcp_table_address(table, LC_SERVER, &server->address);
	mptcp_table_unsigned(table, LC_SERVERPORT, server->port);
	put_token(table, LC_CLIENT_TOKEN, connection, MPTCP_CLIENT);
	put_token(table, LC_SERVER_TOKEN, connection, MPTCP_SERVER);
	mptcp_table_unsigned(table, LC_SUBFLOWS, connection->established);
	mptcp_table_unsigned(table, LC_PACKETS, span.packets);
	mptcp_table_unsigned(table, LC_BYTES_TO_SERVER,
		mptcp_listing_bytes(connection, MPTCP_SERVER));
	mptcp_table_unsigned(table, LC_BYTES_TO_CLIENT,
		mptcp_listing_bytes(connection, MPTCP_CLIENT));
	mptcp_table_time(table, LC_START, span.start);
	mptcp_table_time(table, LC_DURATION, span.last - span.start);
	mptcp_table_string(table, LC_STATUS,
		mptcp_state_name(mptcp_story_connection_state(connection)));
	mptcp_table_end_row(table);
}

/* Whether the selection takes it and it has packets in the period asked for. */
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
			put_row(run, roster->connections[i]);
}

static void list(struct tool_run *run, void *context)
{
	list_run(run, context, false, put_rows);
}

int main(int argc, char **argv)
{
	struct follow follow = {0};
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, &follow))
		return run.status;
	run.alone = follow.on ? "--follow" : NULL;
	return captures_run(&run, list, &follow);
}
