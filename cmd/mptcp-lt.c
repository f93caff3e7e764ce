/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-lt: lists the TCP connections of a capture, MPTCP or not. See mptcp-lt(1). */
#include "captures.h"
#include "list.h"

#include <stdlib.h>

enum {
	LT_TCPSTREAM,
	LT_CLIENT,
	LT_CLIENTPORT,
	LT_SERVER,
	LT_SERVERPORT,
	LT_MPTCPSTREAM,
	LT_PACKETS,
	LT_BYTES_TO_SERVER,
	LT_BYTES_TO_CLIENT,
	LT_UNIQUE_BYTES_TO_SERVER,
	LT_UNIQUE_BYTES_TO_CLIENT,
	LT_RETRANSMITTED_BYTES_TO_SERVER,
	LT_RETRANSMITTED_BYTES_TO_CLIENT,
	LT_BYTE_RANGE_TO_SERVER,
	LT_BYTE_RANGE_TO_CLIENT,
	LT_HANDSHAKE_RTT,
	LT_START,
	LT_DURATION,
	LT_STATUS,
	LT_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[LT_TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 1, "", "number of the TCP connection"},
	[LT_CLIENT] = {"client", MPTCP_CELL_TEXT, 4, "", "address from which the SYN came"},
	[LT_CLIENTPORT] = {"clientport", MPTCP_CELL_NUMBER, 5, "", "port from which the SYN came"},
	[LT_SERVER] = {"server", MPTCP_CELL_TEXT, 4, "", "address to which the SYN went"},
	[LT_SERVERPORT] = {"serverport", MPTCP_CELL_NUMBER, 5, "", "port to which the SYN went"},
	[LT_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 2, "",
		"number of its MPTCP connection; empty for plain TCP"},
	[LT_PACKETS] = {"packets", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 7, "",
		"packets in both directions"},
	[LT_BYTES_TO_SERVER] = {"bytes_to_server", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 3,
		"bytes", "payload to the server, retransmissions counted"},
	[LT_BYTES_TO_CLIENT] = {"bytes_to_client", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 3,
		"bytes", "payload to the client, retransmissions counted"},
	[LT_UNIQUE_BYTES_TO_SERVER] = {"unique_bytes_to_server",
		MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 10, "bytes",
		"distinct payload to the server"},
	[LT_UNIQUE_BYTES_TO_CLIENT] = {"unique_bytes_to_client",
		MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 10, "bytes",
		"distinct payload to the client"},
	[LT_RETRANSMITTED_BYTES_TO_SERVER] = {"retransmitted_bytes_to_server",
		MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 9, "bytes",
		"payload to the server that was sent before"},
	[LT_RETRANSMITTED_BYTES_TO_CLIENT] = {"retransmitted_bytes_to_client",
		MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 9, "bytes",
		"payload to the client that was sent before"},
	[LT_BYTE_RANGE_TO_SERVER] = {"byte_range_to_server", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES,
		11, "bytes", "max(seq + len) - min(seq) - 1 of the packets to the server"},
	[LT_BYTE_RANGE_TO_CLIENT] = {"byte_range_to_client", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES,
		11, "bytes", "max(seq + len) - min(seq) - 1 of the packets to the client"},
	[LT_HANDSHAKE_RTT] = {"handshake_rtt", MPTCP_CELL_NUMBER, 8, "s",
		"from the SYN to the ACK of the SYN/ACK"},
	[LT_START] = {"start", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 6, "s",
		"time of its first packet"},
	[LT_DURATION] = {"duration", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 6, "s",
		"from its first to its last packet"},
	[LT_STATUS] = {"status", MPTCP_CELL_TEXT | MPTCP_CELL_CHANGES | MPTCP_CELL_MARKED, 2, "",
		"failed, opening, closed, reset or open"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == LT_COLUMNS, "every column described");

static const struct mptcp_tool tool = {
	.name = "mptcp-lt",
	.purpose = "list the TCP connections of a capture",
	.nothing = "no TCP connection",
	.operands = "[CAPTURE|CSV]...",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_LIVE | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME,
	.columns = columns,
	.column_count = LT_COLUMNS,
};

static void put_bytes(struct mptcp_table *table, const struct mptcp_listed_stream *stream)
{
	const struct mptcp_direction *up = &stream->to[MPTCP_SERVER];
	const struct mptcp_direction *down = &stream->to[MPTCP_CLIENT];

	mptcp_table_unsigned(table, LT_BYTES_TO_SERVER, up->sent);
	mptcp_table_unsigned(table, LT_BYTES_TO_CLIENT, down->sent);
	mptcp_table_unsigned(table, LT_UNIQUE_BYTES_TO_SERVER, up->unique);
	mptcp_table_unsigned(table, LT_UNIQUE_BYTES_TO_CLIENT, down->unique);
	mptcp_table_unsigned(table, LT_RETRANSMITTED_BYTES_TO_SERVER, up->sent - up->unique);
	mptcp_table_unsigned(table, LT_RETRANSMITTED_BYTES_TO_CLIENT, down->sent - down->unique);
	mptcp_table_unsigned(table, LT_BYTE_RANGE_TO_SERVER, mptcp_direction_range(up));
	mptcp_table_unsigned(table, LT_BYTE_RANGE_TO_CLIENT, mptcp_direction_range(down));
}

static void put_row(struct tool_run *run, const struct mptcp_story_subflow *subflow)
{
	struct mptcp_table *table = run->table;
	const struct mptcp_listed_stream *stream = subflow->own;
	const struct mptcp_listed_span span = mptcp_listing_stream_span(subflow);
	const struct mptcp_endpoint *client = &subflow->ends[MPTCP_CLIENT].host,
				    *server = &subflow->ends[MPTCP_SERVER].host;
	int64_t rtt = mptcp_story_handshake_rtt(subflow);

	if (subflow->connection)
		tool_about_connection(run, subflow->connection->mptcpstream);
	else
		tool_about_stream(run, subflow->tcpstream);
	mptcp_table_unsigned(table, LT_TCPSTREAM, subflow->tcpstream);
	mptcp_table_address(table, LT_CLIENT, &client->address);
	mptcp_table_unsigned(table, LT_CLIENTPORT, client->port);
	mptcp_table_address(table, LT_SERVER, &server->address);
	mptcp_table_unsigned(table, LT_SERVERPORT, server->port);
	if (subflow->connection)
		mptcp_table_unsigned(table, LT_MPTCPSTREAM, subflow->connection->mptcpstream);
	mptcp_table_unsigned(table, LT_PACKETS, span.packets);
	put_bytes(table, stream);
	if (rtt >= 0)
		mptcp_table_time(table, LT_HANDSHAKE_RTT, rtt);
	mptcp_table_time(table, LT_START, span.start);
	mptcp_table_time(table, LT_DURATION, span.last - span.start);
	mptcp_table_string(table, LT_STATUS, mptcp_state_name(mptcp_story_tcp_state(subflow)));
	mptcp_table_end_row(table);
}

static bool is_wanted(const struct mptcp_selection *selection,
	const struct mptcp_story_subflow *subflow)
{
	if (!mptcp_listing_stream_span(subflow).packets ||
		!mptcp_selection_takes_stream(selection, subflow->tcpstream))
		return false;
	return subflow->connection
		? mptcp_selection_takes_connection(selection, subflow->connection->mptcpstream)
		: !selection->has_mptcpstream;
}

static int by_number(const void *a, const void *b)
{
	const struct mptcp_story_subflow *first = *(struct mptcp_story_subflow *const *)a;
	const struct mptcp_story_subflow *second = *(struct mptcp_story_subflow *const *)b;

	return first->tcpstream < second->tcpstream ? -1 : first->tcpstream > second->tcpstream;
}

static void put_rows(struct tool_run *run, void *context)
{
	const struct mptcp_listing *listing = context;
	size_t count = listing->story.roster.subflow_count;
	const struct mptcp_story_subflow **sorted = mptcp_roster_sorted(&listing->story.roster);

	if (!sorted) {
		mptcp_error_memory(&run->error);
		tool_report(run);
		return;
	}
	qsort(sorted, count, sizeof(*sorted), by_number);
	for (size_t i = 0; i < count; i++)
		if (is_wanted(listing->selection, sorted[i]))
			put_row(run, sorted[i]);
	free(sorted);
}

static void list(struct tool_run *run, void *context)
{
	static const struct follow once = {0};

	(void)context;
	list_run(run, &once, true, put_rows);
}

int main(int argc, char **argv)
{
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, NULL))
		return run.status;
	return captures_run(&run, list, NULL);
}
