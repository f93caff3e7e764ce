/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-lc: lists the MPTCP connections of a packet stream, one a row. See mptcp-lc(1). */
#include "listing.h"
#include "listing_forget.h"
#include "follow.h"

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
	{"status", MPTCP_CELL_TEXT, "", "open, closed, fastclose, reset, fallback or partial"},
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

static void put_token(struct mptcp_table *table, const struct mptcp_listed_connection *connection,
	enum mptcp_role role)
{
	if (connection->has_token[role])
		mptcp_table_token(table, connection->token[role]);
	else
		mptcp_table_empty(table);
}

static void put_row(struct mptcp_table *table, const struct mptcp_listed_connection *connection)
{
	mptcp_table_unsigned(table, connection->mptcpstream);
	if (connection->has_version)
		mptcp_table_unsigned(table, connection->version);
	else
		mptcp_table_empty(table);
	for (int role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++) {
		mptcp_table_address(table, &connection->ends[role].address);
		mptcp_table_unsigned(table, connection->ends[role].port);
	}
	put_token(table, connection, MPTCP_CLIENT);
	put_token(table, connection, MPTCP_SERVER);
	mptcp_table_unsigned(table, connection->subflows);
	mptcp_table_unsigned(table, connection->packets);
	mptcp_table_unsigned(table, connection->bytes[MPTCP_SERVER]);
	mptcp_table_unsigned(table, connection->bytes[MPTCP_CLIENT]);
	mptcp_table_time(table, connection->start);
	mptcp_table_time(table, connection->last - connection->start);
	mptcp_table_string(table, mptcp_state_name(connection->state));
	mptcp_table_end_row(table);
}

/* Is it one that -m, -t and --skip leave? */
static bool wanted(const struct tool_run *run, const struct mptcp_listing *listing,
	const struct mptcp_listed_connection *connection)
{
	const struct mptcp_selection *selection = &run->settings.selection;

	if (!mptcp_selection_takes_connection(selection, connection->mptcpstream))
		return false;
	if (!selection->has_tcpstream && !selection->skip_count)
		return true;
	for (size_t i = 0; i < listing->subflow_count; i++)
		if (listing->subflows[i].mptcpstream == connection->mptcpstream &&
			mptcp_selection_takes_subflow(selection, connection->mptcpstream,
				listing->subflows[i].tcpstream))
			return true;
	return false;
}

static int add(void *context, const struct mptcp_packet *packet, struct mptcp_error *error)
{
	return mptcp_listing_add(context, packet, error);
}

static void put_rows(struct tool_run *run, void *context)
{
	struct mptcp_listing *listing = context;

	mptcp_listing_end(listing);
	for (size_t i = 0; i < listing->connection_count; i++)
		if (wanted(run, listing, &listing->connections[i]))
			put_row(run->table, &listing->connections[i]);
}

static int forget(void *context, struct mptcp_error *error)
{
	return mptcp_listing_forget(context, error);
}

int main(int argc, char **argv)
{
	static const struct follow_work work = {add, put_rows, forget};
	struct mptcp_listing listing = {0};
	struct follow follow = {0};
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, &follow))
		return run.status;
	if (!tool_open_input(&run, MPTCP_LISTING_NEEDED, MPTCP_LISTING_COLUMNS) &&
		!follow_open(&follow, &run))
		follow_run(&follow, &run, &work, &listing);
	mptcp_listing_release(&listing);
	return tool_finish(&run);
}
