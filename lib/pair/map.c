/* SPDX-License-Identifier: GPL-2.0-or-later */
/* map: the rows of mptcp-map(1), out of what match.h found: see match.h. */
#include "match.h"

#include <stdlib.h>

static void put(struct mptcp_map *map, enum mptcp_map_kind kind, uint32_t a, uint32_t b)
{
	map->rows[map->count++] = (struct mptcp_map_row){kind, a, b};
}

/* The subflows of a connection, in the order of `next`: chains made by link_subflows. */
struct chains {
	uint32_t *first, *next; /* MPTCP_NOT_MATCHED ends one */
};

static int link_subflows(struct chains *chains, const struct mptcp_evidence *evidence)
{
	chains->first = malloc((evidence->connection_count + 1) * sizeof(*chains->first));
	chains->next = malloc((evidence->stream_count + 1) * sizeof(*chains->next));
	if (!chains->first || !chains->next)
		return -1;
	for (size_t i = 0; i < evidence->connection_count; i++)
		chains->first[i] = MPTCP_NOT_MATCHED;
	for (uint32_t i = (uint32_t)evidence->stream_count; i-- > 0;) {
		uint32_t connection = evidence->streams[i].connection;

		if (connection == MPTCP_NOT_MATCHED)
			continue;
		chains->next[i] = chains->first[connection];
		chains->first[connection] = i;
	}
	return 0;
}

static void release_chains(struct chains *chains)
{
	free(chains->first);
	free(chains->next);
}

/* The subflows of b's connection that have no peer in a. */
static void put_alone(struct mptcp_map *map, const struct mptcp_evidence *b,
	const struct chains *chains, uint32_t connection)
{
	for (uint32_t i = chains->first[connection]; i != MPTCP_NOT_MATCHED; i = chains->next[i])
		if (b->streams[i].match.peer == MPTCP_NOT_MATCHED)
			put(map, MPTCP_MAP_SUBFLOW, MPTCP_NOT_MATCHED, i);
}

static void put_connections(struct mptcp_map *map, const struct mptcp_evidence *a,
	const struct mptcp_evidence *b, const struct chains chains[2])
{
	for (uint32_t i = 0; i < a->connection_count; i++) {
		uint32_t peer = a->connections[i].match.peer;

		put(map, MPTCP_MAP_CONNECTION, i, peer);
		for (uint32_t k = chains[0].first[i]; k != MPTCP_NOT_MATCHED; k = chains[0].next[k])
			put(map, MPTCP_MAP_SUBFLOW, k, a->streams[k].match.peer);
		if (peer != MPTCP_NOT_MATCHED)
			put_alone(map, b, &chains[1], peer);
	}
	for (uint32_t i = 0; i < b->connection_count; i++)
		if (b->connections[i].match.peer == MPTCP_NOT_MATCHED) {
			put(map, MPTCP_MAP_CONNECTION, MPTCP_NOT_MATCHED, i);
			put_alone(map, b, &chains[1], i);
		}
}

static void put_tcp(struct mptcp_map *map, const struct mptcp_evidence *a,
	const struct mptcp_evidence *b)
{
	for (uint32_t i = 0; i < a->stream_count; i++)
		put(map, MPTCP_MAP_TCP, i, a->streams[i].match.peer);
	for (uint32_t i = 0; i < b->stream_count; i++)
		if (b->streams[i].match.peer == MPTCP_NOT_MATCHED)
			put(map, MPTCP_MAP_TCP, MPTCP_NOT_MATCHED, i);
}

int mptcp_map_init(struct mptcp_map *map, const struct mptcp_evidence *a,
	const struct mptcp_evidence *b, bool tcp, struct mptcp_error *error)
{
	struct chains chains[2] = {0};
	size_t most = a->connection_count + b->connection_count + a->stream_count + b->stream_count;

	*map = (struct mptcp_map){malloc((most + 1) * sizeof(*map->rows)), 0};
	int failed = !map->rows || link_subflows(&chains[0], a) || link_subflows(&chains[1], b);
	if (!failed && tcp)
		put_tcp(map, a, b);
	else if (!failed)
		put_connections(map, a, b, chains);
	release_chains(&chains[0]);
	release_chains(&chains[1]);
	if (!failed)
		return 0;
	mptcp_map_clear(map);
	return mptcp_error_memory(error);
}

void mptcp_map_clear(struct mptcp_map *map)
{
	free(map->rows);
	*map = (struct mptcp_map){0};
}
