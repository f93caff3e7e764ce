/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-lt: lists the TCP connections of a capture, MPTCP or not. See mptcp-lt(1). */
#include "tcplist.h"
#include "tool.h"

#include <stdlib.h>

static const struct mptcp_table_column columns[] = {
	{"tcpstream", MPTCP_CELL_NUMBER, "", "number of the TCP connection"},
	{"client", MPTCP_CELL_TEXT, "", "address that sent the SYN"},
	{"clientport", MPTCP_CELL_NUMBER, "", "port that sent the SYN"},
	{"server", MPTCP_CELL_TEXT, "", "address that the SYN went to"},
	{"serverport", MPTCP_CELL_NUMBER, "", "port that the SYN went to"},
	{"mptcpstream", MPTCP_CELL_NUMBER, "",
		"number of the MPTCP connection that it is a subflow of; empty for plain TCP"},
	{"packets", MPTCP_CELL_NUMBER, "", "packets"},
	{"bytes_to_server", MPTCP_CELL_NUMBER, "bytes",
		"payload to the server, retransmissions counted"},
	{"bytes_to_client", MPTCP_CELL_NUMBER, "bytes",
		"payload to the client, retransmissions counted"},
	{"unique_bytes_to_server", MPTCP_CELL_NUMBER, "bytes", "distinct payload to the server"},
	{"unique_bytes_to_client", MPTCP_CELL_NUMBER, "bytes", "distinct payload to the client"},
	{"retransmitted_bytes_to_server", MPTCP_CELL_NUMBER, "bytes",
		"payload to the server that was sent before"},
	{"retransmitted_bytes_to_client", MPTCP_CELL_NUMBER, "bytes",
		"payload to the client that was sent before"},
	{"byte_range_to_server", MPTCP_CELL_NUMBER, "bytes",
		"max(seq + len) - min(seq) - 1 of the packets to the server"},
	{"byte_range_to_client", MPTCP_CELL_NUMBER, "bytes",
		"max(seq + len) - min(seq) - 1 of the packets to the client"},
	{"handshake_rtt", MPTCP_CELL_NUMBER, "s", "from the SYN to the ACK of the SYN/ACK"},
	{"start", MPTCP_CELL_NUMBER, "s", "time of its first packet, since the epoch"},
	{"duration", MPTCP_CELL_NUMBER, "s", "from its first to its last packet"},
	{"status", MPTCP_CELL_TEXT, "", "open, closed, reset or failed"},
};

static const struct mptcp_tool tool = {
	.name = "mptcp-lt",
	.purpose = "list the TCP connections of a capture",
	.operands = "[CAPTURE|CSV]",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_SELECTION,
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(*columns),
};

static void put_bytes(struct mptcp_table *table, const struct mptcp_tcp_stream *stream)
{
	const struct mptcp_direction *up = &stream->to[MPTCP_SERVER];
	const struct mptcp_direction *down = &stream->to[MPTCP_CLIENT];

	mptcp_table_unsigned(table, up->sent);
	mptcp_table_unsigned(table, down->sent);
	mptcp_table_unsigned(table, up->unique);
	mptcp_table_unsigned(table, down->unique);
	mptcp_table_unsigned(table, up->sent - up->unique);
	mptcp_table_unsigned(table, down->sent - down->unique);
	mptcp_table_unsigned(table, mptcp_direction_range(up));
	mptcp_table_unsigned(table, mptcp_direction_range(down));
}

static void put_row(struct mptcp_table *table, const struct mptcp_tcp_stream *stream)
{
	int64_t rtt = mptcp_handshake_rtt(&stream->handshake);

	mptcp_table_unsigned(table, stream->tcpstream);
	for (int role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++) {
		mptcp_table_address(table, &stream->addresses[role]);
		mptcp_table_unsigned(table, stream->ports[role]);
	}
	if (stream->has_mptcpstream)
		mptcp_table_unsigned(table, stream->mptcpstream);
	else
		mptcp_table_empty(table);
	mptcp_table_unsigned(table, mptcp_tcp_packets(stream));
	put_bytes(table, stream);
	if (rtt >= 0)
		mptcp_table_time(table, rtt);
	else
		mptcp_table_empty(table);
	mptcp_table_time(table, mptcp_tcp_start(stream));
	mptcp_table_time(table, mptcp_tcp_duration(stream));
	mptcp_table_string(table, mptcp_tcp_state_name(mptcp_tcp_state(stream)));
	mptcp_table_end_row(table);
}

static int by_number(const void *a, const void *b)
{
	const struct mptcp_tcp_stream *first = a, *second = b;

	return first->tcpstream < second->tcpstream ? -1 : first->tcpstream > second->tcpstream;
}

/* Sorting moves the streams: no packet can be added after this. */
static void put_rows(struct tool_run *run, struct mptcp_tcplist *list)
{
	const struct mptcp_selection *selection = &run->settings.selection;

	if (list->count)
		qsort(list->streams, list->count, sizeof(*list->streams), by_number);
	for (size_t i = 0; i < list->count; i++) {
		const struct mptcp_tcp_stream *stream = &list->streams[i];

		if (stream->has_mptcpstream ? mptcp_selection_takes_subflow(selection,
						      stream->mptcpstream, stream->tcpstream)
					    : !selection->has_mptcpstream &&
					mptcp_selection_takes_stream(selection, stream->tcpstream))
			put_row(run->table, stream);
	}
}

static void list_streams(struct tool_run *run)
{
	struct mptcp_tcplist list = {0};
	struct mptcp_packet packet;

	while (tool_next(run, &packet) > 0)
		if (mptcp_tcplist_add(&list, &packet, &run->error)) {
			tool_report(run);
			break;
		}
	if (!tool_failed(run))
		put_rows(run, &list);
	mptcp_tcplist_release(&list);
}

int main(int argc, char **argv)
{
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, NULL))
		return run.status;
	if (!tool_open_input(&run, MPTCP_TCPLIST_COLUMNS, MPTCP_TCPLIST_COLUMNS) &&
		!tool_open_table(&run))
		list_streams(&run);
	return tool_finish(&run);
}
