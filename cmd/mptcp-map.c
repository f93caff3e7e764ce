/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-map: matches the connections of two captures. See mptcp-map(1). */
#include "peer.h"

#include <stdlib.h>

enum {
	MAP_KIND,
	MAP_MPTCPSTREAM_A,
	MAP_TCPSTREAM_A,
	MAP_CLIENT_A,
	MAP_CLIENTPORT_A,
	MAP_SERVER_A,
	MAP_SERVERPORT_A,
	MAP_MPTCPSTREAM_B,
	MAP_TCPSTREAM_B,
	MAP_CLIENT_B,
	MAP_CLIENTPORT_B,
	MAP_SERVER_B,
	MAP_SERVERPORT_B,
	MAP_SCORE,
	MAP_EVIDENCE,
	MAP_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[MAP_KIND] = {"kind", MPTCP_CELL_TEXT, 1, "", "connection, subflow or, with --tcp, tcp"},
	[MAP_MPTCPSTREAM_A] = {"mptcpstream_a", MPTCP_CELL_NUMBER, 2, "",
		"number of the MPTCP connection in A"},
	[MAP_TCPSTREAM_A] = {"tcpstream_a", MPTCP_CELL_NUMBER, 2, "",
		"number of the TCP connection in A"},
	[MAP_CLIENT_A] = {"client_a", MPTCP_CELL_TEXT, 5, "", "address of the client in A"},
	[MAP_CLIENTPORT_A] = {"clientport_a", MPTCP_CELL_NUMBER, 6, "", "port of the client in A"},
	[MAP_SERVER_A] = {"server_a", MPTCP_CELL_TEXT, 7, "", "address of the server in A"},
	[MAP_SERVERPORT_A] = {"serverport_a", MPTCP_CELL_NUMBER, 8, "", "port of the server in A"},
	[MAP_MPTCPSTREAM_B] = {"mptcpstream_b", MPTCP_CELL_NUMBER, 3, "",
		"number of the MPTCP connection in B"},
	[MAP_TCPSTREAM_B] = {"tcpstream_b", MPTCP_CELL_NUMBER, 3, "",
		"number of the TCP connection in B"},
	[MAP_CLIENT_B] = {"client_b", MPTCP_CELL_TEXT, 5, "", "address of the client in B"},
	[MAP_CLIENTPORT_B] = {"clientport_b", MPTCP_CELL_NUMBER, 6, "", "port of the client in B"},
	[MAP_SERVER_B] = {"server_b", MPTCP_CELL_TEXT, 7, "", "address of the server in B"},
	[MAP_SERVERPORT_B] = {"serverport_b", MPTCP_CELL_NUMBER, 8, "", "port of the server in B"},
	[MAP_SCORE] = {"score", MPTCP_CELL_REAL, 4, "", "1: certain; 0: no match"},
	[MAP_EVIDENCE] = {"evidence", MPTCP_CELL_TEXT, 3, "",
		"keys, token, nonce, isn or addresses; empty without a match"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == MAP_COLUMNS, "every column described");

struct map {
	bool tcp;
	struct tool_run *run;
	struct peer peer;
};

enum { OPTION_TCP = MPTCP_OPT_LONG };

static const struct mptcp_option options[] = {
	{OPTION_TCP, "tcp", NULL, "map all TCP connections", MPTCP_COMPLETE_NONE, NULL},
	{0},
};

static int take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	struct map *map = context;

	(void)letter;
	(void)value;
	(void)error;
	map->tcp = true;
	return 0;
}

static const struct mptcp_tool tool = {
	.name = "mptcp-map",
	.purpose = "find the connections of one capture in another",
	.nothing = "no connection",
	.operands = "A B [ID]",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_STREAM,
	.options = options,
	.columns = columns,
	.column_count = MAP_COLUMNS,
	.take = take,
};

/* The columns of a capture. */
static const struct side {
	size_t mptcpstream, tcpstream, client, clientport, server, serverport;
} vantage[2] = {
	{MAP_MPTCPSTREAM_A, MAP_TCPSTREAM_A, MAP_CLIENT_A, MAP_CLIENTPORT_A, MAP_SERVER_A,
		MAP_SERVERPORT_A},
	{MAP_MPTCPSTREAM_B, MAP_TCPSTREAM_B, MAP_CLIENT_B, MAP_CLIENTPORT_B, MAP_SERVER_B,
		MAP_SERVERPORT_B},
};

static void put_ends(struct mptcp_table *table, const struct side *side,
	const struct mptcp_endpoint ends[2])
{
	mptcp_table_address(table, side->client, &ends[MPTCP_CLIENT].address);
	mptcp_table_unsigned(table, side->clientport, ends[MPTCP_CLIENT].port);
	mptcp_table_address(table, side->server, &ends[MPTCP_SERVER].address);
	mptcp_table_unsigned(table, side->serverport, ends[MPTCP_SERVER].port);
}

/* What a row says about one capture: the numbers of the connection and the stream, the addresses.
 */
static void put_side(const struct map *map, int capture, enum mptcp_map_kind kind, uint32_t index)
{
	const struct mptcp_evidence *evidence = &map->peer.evidence[capture];
	struct mptcp_table *table = map->run->table;

	if (index == MPTCP_NOT_MATCHED)
		return;
	uint32_t connection =
		kind == MPTCP_MAP_CONNECTION ? index : evidence->streams[index].connection;

	if (connection != MPTCP_NOT_MATCHED)
		mptcp_table_unsigned(table, vantage[capture].mptcpstream,
			evidence->connections[connection].mptcpstream);
	if (kind == MPTCP_MAP_CONNECTION) {
		put_ends(table, &vantage[capture], evidence->connections[index].ends);
		return;
	}
	mptcp_table_unsigned(table, vantage[capture].tcpstream, evidence->streams[index].tcpstream);
	put_ends(table, &vantage[capture], evidence->streams[index].ends);
}

static const struct mptcp_matched *match_of(const struct mptcp_evidence *evidence,
	enum mptcp_map_kind kind, uint32_t index)
{
	return kind == MPTCP_MAP_CONNECTION ? &evidence->connections[index].match
					    : &evidence->streams[index].match;
}

static void put_row(struct map *map, const struct mptcp_map_row *row)
{
	static const char *const kinds[] = {"connection", "subflow", "tcp"};
	struct mptcp_table *table = map->run->table;
	const struct mptcp_matched *match = row->a != MPTCP_NOT_MATCHED
		? match_of(&map->peer.evidence[0], row->kind, row->a)
		: match_of(&map->peer.evidence[1], row->kind, row->b);

	mptcp_table_string(table, MAP_KIND, kinds[row->kind]);
	put_side(map, 0, row->kind, row->a);
	put_side(map, 1, row->kind, row->b);
	mptcp_table_real(table, MAP_SCORE, match->score, 1);
	mptcp_table_string(table, MAP_EVIDENCE, mptcp_evidence_name(match->evidence));
	mptcp_table_end_row(table);
}

/* -m, -t and --skip name connections of A; a subflow seen in B alone belongs to its connection's
 * match. */
static bool wanted(const struct map *map, const struct mptcp_map_row *row)
{
	const struct mptcp_selection *selection = &map->run->settings.selection;
	const struct mptcp_evidence *a = &map->peer.evidence[0], *b = &map->peer.evidence[1];
	bool connections = row->kind == MPTCP_MAP_CONNECTION;
	uint32_t connection = MPTCP_NOT_MATCHED;

	if (row->a != MPTCP_NOT_MATCHED)
		connection = connections ? row->a : a->streams[row->a].connection;
	else if (!connections && b->streams[row->b].connection != MPTCP_NOT_MATCHED)
		connection = b->connections[b->streams[row->b].connection].match.peer;
	if (connection == MPTCP_NOT_MATCHED ? selection->has_mptcpstream
					    : !mptcp_selection_takes_connection(selection,
						      a->connections[connection].mptcpstream))
		return false;
	if (connections || row->a == MPTCP_NOT_MATCHED)
		return !selection->has_tcpstream;
	return mptcp_selection_takes_stream(selection, a->streams[row->a].tcpstream);
}

static void print(struct map *map)
{
	struct mptcp_map found;

	map->run->census.with_tcp = map->tcp;
	if (mptcp_map_init(&found, &map->peer.evidence[0], &map->peer.evidence[1], map->tcp,
		    &map->run->error)) {
		tool_report(map->run);
		return;
	}
	for (size_t i = 0; i < found.count; i++)
		if (wanted(map, &found.rows[i]))
			put_row(map, &found.rows[i]);
	mptcp_map_clear(&found);
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct map map = {.run = &run};

	if (!tool_start(&run, &tool, argc, argv, &map))
		return run.status;
	if (!peer_open(&run, &map.peer, 0, 0) && !peer_match(&run, &map.peer) &&
		!tool_open_table(&run))
		print(&map);
	peer_close(&run, &map.peer);
	return tool_finish(&run);
}
