/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "roster.h"

#include "array.h"

#include <stdlib.h>

const char *mptcp_state_name(enum mptcp_state state)
{
	static const char *const names[] = {
		[MPTCP_STATE_OPEN] = "open",
		[MPTCP_STATE_CLOSED] = "closed",
		[MPTCP_STATE_FASTCLOSE] = "fastclose",
		[MPTCP_STATE_RESET] = "reset",
		[MPTCP_STATE_FALLBACK] = "fallback",
		[MPTCP_STATE_PARTIAL] = "partial",
		[MPTCP_STATE_FAILED] = "failed",
		[MPTCP_STATE_OPENING] = "opening",
	};

	return names[state];
}

const char *mptcp_kind_name(enum mptcp_kind kind)
{
	static const char *const names[] = {"", "initial", "join"};

	return names[kind];
}

static void free_subflow(struct mptcp_roster *roster, struct mptcp_story_subflow *subflow)
{
	if (roster->free_subflow_own && subflow->own)
		roster->free_subflow_own(subflow->own);
	free(subflow->held[0]);
	free(subflow->held[1]);
	free(subflow);
}

static void free_connection(struct mptcp_roster *roster, struct mptcp_story_connection *connection)
{
	if (roster->free_connection_own && connection->own)
		roster->free_connection_own(connection->own);
	mptcp_keys_clear(&connection->keys);
	free(connection);
}

void mptcp_roster_clear(struct mptcp_roster *roster)
{
	for (size_t i = 0; i < roster->subflow_count; i++)
		free_subflow(roster, roster->subflows[i]);
	for (size_t i = 0; i < roster->connection_count; i++)
		free_connection(roster, roster->connections[i]);
	mptcp_numbers_clear(&roster->connection_index);
	mptcp_numbers_clear(&roster->subflow_index);
	free(roster->subflows);
	free(roster->connections);
	*roster = (struct mptcp_roster){0};
}

struct mptcp_story_connection *mptcp_roster_connection(const struct mptcp_roster *roster,
	uint32_t mptcpstream)
{
	uint32_t index = mptcp_numbers_get(&roster->connection_index, mptcpstream);

	return index == MPTCP_NUMBERS_NONE ? NULL : roster->connections[index];
}

struct mptcp_story_subflow *mptcp_roster_subflow(const struct mptcp_roster *roster,
	uint32_t tcpstream)
{
	uint32_t index = mptcp_numbers_get(&roster->subflow_index, tcpstream);

	return index == MPTCP_NUMBERS_NONE ? NULL : roster->subflows[index];
}

static struct mptcp_story_subflow *new_subflow(struct mptcp_roster *roster,
	const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->tcpdest;
	struct mptcp_story_subflow **list =
		mptcp_array_append(roster->subflows, &roster->subflow_count,
			&roster->subflow_capacity, sizeof(struct mptcp_story_subflow *));

	if (!list)
		return NULL;
	roster->subflows = list;
	list += roster->subflow_count - 1;
	*list = calloc(1, sizeof(**list));
	if (!*list ||
		mptcp_numbers_set(&roster->subflow_index, packet->tcpstream,
			(uint32_t)roster->subflow_count - 1)) {
		free(*list);
		roster->subflow_count--;
		return NULL;
	}
	(*list)->tcpstream = packet->tcpstream;
	(*list)->ends[to].host = (struct mptcp_endpoint){packet->ipdst, packet->dport};
	(*list)->ends[!to].host = (struct mptcp_endpoint){packet->ipsrc, packet->sport};
	(*list)->client_role = MPTCP_CLIENT;
	return *list;
}

static struct mptcp_story_connection *new_connection(struct mptcp_roster *roster,
	const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_story_connection **list =
		mptcp_array_append(roster->connections, &roster->connection_count,
			&roster->connection_capacity, sizeof(struct mptcp_story_connection *));

	if (!list)
		return NULL;
	roster->connections = list;
	list += roster->connection_count - 1;
	*list = calloc(1, sizeof(**list));
	if (!*list ||
		mptcp_numbers_set(&roster->connection_index, packet->mptcpstream,
			(uint32_t)roster->connection_count - 1)) {
		free(*list);
		roster->connection_count--;
		return NULL;
	}
	(*list)->mptcpstream = packet->mptcpstream;
	(*list)->ends[to] = (struct mptcp_endpoint){packet->ipdst, packet->dport};
	(*list)->ends[!to] = (struct mptcp_endpoint){packet->ipsrc, packet->sport};
	(*list)->last = packet->abstime;
	return *list;
}

static int join_connection(struct mptcp_roster *roster, struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct mptcp_story_connection *connection =
		mptcp_roster_connection(roster, packet->mptcpstream);

	if (!connection)
		connection = new_connection(roster, packet);
	if (!connection)
		return -1;
	subflow->connection = connection;
	subflow->client_role = packet->tcpdest == MPTCP_SERVER ? mptcp_role_peer(packet->mptcpdest)
							       : packet->mptcpdest;
	connection->unknown += subflow->kind == MPTCP_KIND_UNKNOWN;
	subflow->previous = connection->last_subflow;
	if (connection->last_subflow)
		connection->last_subflow->next = subflow;
	else
		connection->subflows = subflow;
	connection->last_subflow = subflow;
	return 0;
}

struct mptcp_story_subflow *mptcp_roster_place(struct mptcp_roster *roster,
	const struct mptcp_packet *packet)
{
	struct mptcp_story_subflow *subflow = mptcp_roster_subflow(roster, packet->tcpstream);

	if (!subflow)
		subflow = new_subflow(roster, packet);
	if (subflow && !subflow->connection && mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream) &&
		join_connection(roster, subflow, packet))
		return NULL;
	return subflow;
}

static int forget_subflows(struct mptcp_roster *roster)
{
	size_t kept = 0;
	int failed = 0;

	mptcp_numbers_clear(&roster->subflow_index);
	for (size_t i = 0; i < roster->subflow_count; i++) {
		struct mptcp_story_subflow *subflow = roster->subflows[i];

		if (subflow->over) {
			free_subflow(roster, subflow);
			continue;
		}
		failed |= mptcp_numbers_set(&roster->subflow_index, subflow->tcpstream,
			(uint32_t)kept);
		roster->subflows[kept++] = subflow;
	}
	roster->subflow_count = kept;
	return failed;
}

bool mptcp_roster_mark(struct mptcp_roster *roster, const struct mptcp_roster_over *over,
	int64_t now)
{
	bool any = false;

	for (size_t i = 0; i < roster->connection_count; i++)
		roster->connections[i]->over = over->connection(roster->connections[i], now);
	for (size_t i = 0; i < roster->subflow_count; i++) {
		struct mptcp_story_subflow *subflow = roster->subflows[i];

		subflow->over =
			subflow->connection ? subflow->connection->over : over->tcp(subflow, now);
		any |= subflow->over;
	}
	return any;
}

int mptcp_roster_forget(struct mptcp_roster *roster)
{
	size_t kept = 0;
	int failed = forget_subflows(roster);

	mptcp_numbers_clear(&roster->connection_index);
	for (size_t i = 0; i < roster->connection_count; i++) {
		struct mptcp_story_connection *connection = roster->connections[i];

		if (connection->over) {
			free_connection(roster, connection);
			continue;
		}
		failed |= mptcp_numbers_set(&roster->connection_index, connection->mptcpstream,
			(uint32_t)kept);
		roster->connections[kept++] = connection;
	}
	roster->connection_count = kept;
	return failed ? -1 : 0;
}

static int by_stream(const void *a, const void *b)
{
	const struct mptcp_story_subflow *first = *(const struct mptcp_story_subflow *const *)a;
	const struct mptcp_story_subflow *second = *(const struct mptcp_story_subflow *const *)b;
	uint64_t left = first->connection ? first->connection->mptcpstream : UINT64_MAX;
	uint64_t right = second->connection ? second->connection->mptcpstream : UINT64_MAX;

	if (left != right)
		return left < right ? -1 : 1;
	return first->tcpstream < second->tcpstream ? -1 : first->tcpstream > second->tcpstream;
}

const struct mptcp_story_subflow **mptcp_roster_sorted(const struct mptcp_roster *roster)
{
	const struct mptcp_story_subflow **sorted =
		malloc((roster->subflow_count + 1) * sizeof(*sorted));

	if (!sorted)
		return NULL;
	for (size_t i = 0; i < roster->subflow_count; i++)
		sorted[i] = roster->subflows[i];
	qsort(sorted, roster->subflow_count, sizeof(*sorted), by_stream);
	return sorted;
}
