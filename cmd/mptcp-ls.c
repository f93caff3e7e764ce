/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-ls: lists the subflows of one MPTCP connection, or of all. See mptcp-ls(1). */
#include "captures.h"
#include "list.h"

#include <stdlib.h>

enum {
	LS_MPTCPSTREAM,
	LS_TCPSTREAM,
	LS_CLIENT,
	LS_CLIENTPORT,
	LS_SERVER,
	LS_SERVERPORT,
	LS_OPENED_BY,
	LS_CLIENT_ADDRID,
	LS_SERVER_ADDRID,
	LS_KIND,
	LS_BACKUP,
	LS_BACKUP_BY,
	LS_ESTABLISHED,
	LS_PACKETS,
	LS_BYTES_TO_SERVER,
	LS_BYTES_TO_CLIENT,
	LS_START,
	LS_DURATION,
	LS_INTERFACE,
	LS_STATUS,
	LS_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[LS_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "", "number of the connection"},
	[LS_TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 1, "", "number of the TCP connection"},
	[LS_CLIENT] = {"client", MPTCP_CELL_TEXT, 3, "", "address of the client"},
	[LS_CLIENTPORT] = {"clientport", MPTCP_CELL_NUMBER, 5, "", "port of the client"},
	[LS_SERVER] = {"server", MPTCP_CELL_TEXT, 5, "", "address of the server"},
	[LS_SERVERPORT] = {"serverport", MPTCP_CELL_NUMBER, 5, "", "port of the server"},
	[LS_OPENED_BY] = {"opened_by", MPTCP_CELL_TEXT, 8, "",
		"host that sent the SYN: client or server"},
	[LS_CLIENT_ADDRID] = {"client_addrid", MPTCP_CELL_NUMBER, 9, "",
		"address identifier of the client's address"},
	[LS_SERVER_ADDRID] = {"server_addrid", MPTCP_CELL_NUMBER, 9, "",
		"address identifier of the server's address"},
	[LS_KIND] = {"kind", MPTCP_CELL_TEXT, 6, "",
		"initial or join; empty where the handshake was not captured"},
	[LS_BACKUP] = {"backup", MPTCP_CELL_TEXT | MPTCP_CELL_CHANGES, 6, "",
		"yes if either host asked for it, in the handshake or with its last MP_PRIO"},
	[LS_BACKUP_BY] = {"backup_by", MPTCP_CELL_TEXT | MPTCP_CELL_CHANGES, 10, "",
		"host that asked for it: client, server or both"},
	[LS_ESTABLISHED] = {"established", MPTCP_CELL_TEXT | MPTCP_CELL_CHANGES, 7, "",
		"yes or no"},
	[LS_PACKETS] = {"packets", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 8, "",
		"packets in both directions"},
	[LS_BYTES_TO_SERVER] = {"bytes_to_server", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 4,
		"bytes", "payload to the server, retransmissions counted"},
	[LS_BYTES_TO_CLIENT] = {"bytes_to_client", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 3,
		"bytes", "payload to the client, retransmissions counted"},
	[LS_START] = {"start", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 8, "s",
		"time of its first packet"},
	[LS_DURATION] = {"duration", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 6, "s",
		"from its first to its last packet"},
	[LS_INTERFACE] = {"interface", MPTCP_CELL_TEXT, 11, "",
		"interface that captured its first packet (pcapng only)"},
	[LS_STATUS] = {"status", MPTCP_CELL_TEXT | MPTCP_CELL_CHANGES | MPTCP_CELL_MARKED, 2, "",
		"failed, opening, fallback, closed, reset or open"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == LS_COLUMNS, "every column described");

static const struct mptcp_option options[] = {
	FOLLOW_OPTIONS,
	{0},
};

static const struct mptcp_tool tool = {
	.name = "mptcp-ls",
	.purpose = "list the subflows of MPTCP connections",
	.nothing = "no subflow",
	.operands = "[ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_LIVE | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME,
	.options = options,
	.take = follow_take,
	.columns = columns,
	.column_count = LS_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
};

static const char *role_name(enum mptcp_role role)
{
	return role == MPTCP_SERVER ? "server" : "client";
}

/* The TCP role of the end that is the connection's client or server. */
static enum mptcp_role tcp_role(const struct mptcp_story_subflow *subflow, enum mptcp_role role)
{
	return mptcp_story_role(subflow, MPTCP_CLIENT) == role ? MPTCP_CLIENT : MPTCP_SERVER;
}

static const char *backup_by(const struct mptcp_story_subflow *subflow)
{
	bool client = subflow->ends[tcp_role(subflow, MPTCP_CLIENT)].backup;
	bool server = subflow->ends[tcp_role(subflow, MPTCP_SERVER)].backup;

	return client && server ? "both" : client ? "client" : server ? "server" : "";
}

static void put_row(struct tool_run *run, const struct mptcp_story_subflow *subflow)
{
	struct mptcp_table *table = run->table;
	const struct mptcp_listed_stream *listed = subflow->own;
	enum mptcp_role client = tcp_role(subflow, MPTCP_CLIENT), server = mptcp_role_peer(client);
	const struct mptcp_listed_span span = mptcp_listing_stream_span(subflow);
	const char *backup = backup_by(subflow);

	tool_about_connection(run, subflow->connection->mptcpstream);
	mptcp_table_unsigned(table, LS_MPTCPSTREAM, subflow->connection->mptcpstream);
	mptcp_table_unsigned(table, LS_TCPSTREAM, subflow->tcpstream);
	mptcp_table_address(table, LS_CLIENT, &subflow->ends[client].host.address);
	mptcp_table_unsigned(table, LS_CLIENTPORT, subflow->ends[client].host.port);
	mptcp_table_address(table, LS_SERVER, &subflow->ends[server].host.address);
	mptcp_table_unsigned(table, LS_SERVERPORT, subflow->ends[server].host.port);
	mptcp_table_string(table, LS_OPENED_BY, role_name(subflow->client_role));
	if (subflow->ends[client].has_addrid)
		mptcp_table_unsigned(table, LS_CLIENT_ADDRID, subflow->ends[client].addrid);
	if (subflow->ends[server].has_addrid)
		mptcp_table_unsigned(table, LS_SERVER_ADDRID, subflow->ends[server].addrid);
	mptcp_table_string(table, LS_KIND, mptcp_kind_name(mptcp_story_kind(subflow)));
	mptcp_table_string(table, LS_BACKUP, *backup ? "yes" : "no");
	mptcp_table_string(table, LS_BACKUP_BY, backup);
	mptcp_table_string(table, LS_ESTABLISHED, subflow->established ? "yes" : "no");
	mptcp_table_unsigned(table, LS_PACKETS, span.packets);
	mptcp_table_unsigned(table, LS_BYTES_TO_SERVER, listed->to[server].sent);
	mptcp_table_unsigned(table, LS_BYTES_TO_CLIENT, listed->to[client].sent);
	mptcp_table_time(table, LS_START, span.start);
	mptcp_table_time(table, LS_DURATION, span.last - span.start);
	mptcp_table_string(table, LS_INTERFACE, listed->interface);
	mptcp_table_string(table, LS_STATUS, mptcp_state_name(mptcp_story_subflow_state(subflow)));
	mptcp_table_end_row(table);
}

static bool is_wanted(const struct mptcp_selection *selection,
	const struct mptcp_story_subflow *subflow)
{
	return subflow->connection && mptcp_listing_stream_span(subflow).packets &&
		mptcp_selection_takes_subflow(selection, subflow->connection->mptcpstream,
			subflow->tcpstream);
}

/* The subflows, grouped by connection. */
static void put_rows(struct tool_run *run, void *context)
{
	const struct mptcp_listing *listing = context;
	const struct mptcp_story_subflow **sorted = mptcp_roster_sorted(&listing->story.roster);

	if (!sorted) {
		mptcp_error_memory(&run->error);
		tool_report(run);
		return;
	}
	for (size_t i = 0; i < listing->story.roster.subflow_count; i++)
		if (is_wanted(listing->selection, sorted[i]))
			put_row(run, sorted[i]);
	free(sorted);
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
