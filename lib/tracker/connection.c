/* SPDX-License-Identifier: GPL-2.0-or-later */
/* connection: see connection.h. */
#include "connection.h"

#include "token.h"

#include <stdlib.h>
#include <string.h>

struct mptcp_connections {
	struct mptcp_connection *first;
	struct mptcp_owner *tokens;
	struct mptcp_owner *places; /* by upper halves of data sequence numbers */
};

struct mptcp_connections *mptcp_connections_new(void)
{
	return calloc(1, sizeof(struct mptcp_connections));
}

static void release_subflow(struct mptcp_subflow *subflow)
{
	mptcp_mappings_release(&subflow->sent[0].mappings);
	mptcp_mappings_release(&subflow->sent[1].mappings);
	free(subflow);
}

void mptcp_connections_release(struct mptcp_connections *connections)
{
	if (!connections)
		return;
	mptcp_owner_release(connections->tokens);
	mptcp_owner_release(connections->places);
	for (struct mptcp_connection *connection = connections->first, *next; connection;
		connection = next) {
		next = connection->next;
		for (struct mptcp_subflow *subflow = connection->subflows, *after; subflow;
			subflow = after) {
			after = subflow->next;
			release_subflow(subflow);
		}
		mptcp_carried_release(&connection->sent[0].carried);
		mptcp_carried_release(&connection->sent[1].carried);
		free(connection);
	}
	free(connections);
}

enum mptcp_role mptcp_subflow_role(const struct mptcp_subflow *subflow, unsigned from)
{
	bool tcp_server = from != subflow->flow->client;

	return tcp_server != subflow->swapped ? MPTCP_SERVER : MPTCP_CLIENT;
}

static struct mptcp_subflow *new_subflow(struct mptcp_connection *connection,
	struct mptcp_flow *flow)
{
	struct mptcp_subflow *subflow = calloc(1, sizeof(*subflow));

	if (!subflow)
		return NULL;
	subflow->connection = connection;
	subflow->flow = flow;
	subflow->sent[0].highest = subflow->sent[1].highest = MPTCP_FLOW_ORIGIN;
	subflow->next = connection->subflows;
	connection->subflows = subflow;
	flow->subflow = subflow;
	return subflow;
}

struct mptcp_subflow *mptcp_connections_begin(struct mptcp_connections *connections,
	struct mptcp_flow *flow)
{
	struct mptcp_connection *connection = calloc(1, sizeof(*connection));

	if (!connection || !new_subflow(connection, flow)) {
		free(connection);
		return NULL;
	}
	connection->next = connections->first;
	if (connections->first)
		connections->first->previous = connection;
	connections->first = connection;
	return flow->subflow;
}

/* Takes over what `into` does not know of the data that one role sends. */
static int merge_direction(struct mptcp_direction *into, struct mptcp_direction *from)
{
	if (!into->has_key && from->has_key) {
		into->has_key = true;
		into->key = from->key;
	}
	if (!into->has_token && from->has_token) {
		into->has_token = true;
		into->token = from->token;
	}
	if (!into->has_idsn && from->has_idsn) {
		into->has_idsn = true;
		into->idsn = from->idsn;
	}
	if (from->has_lowest &&
		(!into->has_lowest || mptcp_sequence_ahead(from->lowest, into->lowest) < 0)) {
		into->has_lowest = true;
		into->lowest = from->lowest;
	}
	if (!into->has_base && from->has_base) {
		into->has_base = true;
		into->base = from->base;
	}
	if (from->learned.known && !into->learned.known)
		into->halves = from->halves;
	if (from->learned.known && from->halves == into->halves)
		mptcp_reference_see(&into->learned, from->learned.highest);
	if (from->data_ack.known)
		mptcp_reference_see(&into->data_ack, from->data_ack.highest);
	return mptcp_carried_merge(&into->carried, &from->carried);
}

static void unlink_connection(struct mptcp_connections *connections,
	struct mptcp_connection *connection)
{
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		connections->first = connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
}

void mptcp_connections_extend(struct mptcp_connection *connection, enum mptcp_role role,
	uint64_t whole)
{
	struct mptcp_direction *sent = &connection->sent[role];

	if (!sent->halves)
		return;
	sent->halves = false;
	sent->lowest = mptcp_sequence_extend(whole, (uint32_t)sent->lowest);
	sent->learned = (struct mptcp_reference){0};
	mptcp_reference_see(&sent->learned, whole);
	for (struct mptcp_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next) {
		unsigned from = mptcp_subflow_role(subflow, 0) == role ? 0 : 1;
		struct mptcp_mappings *mappings = &subflow->sent[from].mappings;

		for (size_t i = 0; i < mappings->count; i++)
			mappings->list[i].dsn =
				mptcp_sequence_extend(whole, (uint32_t)mappings->list[i].dsn);
	}
}

/* Where one of two connections that are one knows whole DSNs, the other one's halves get whole. */
static void complete_halves(struct mptcp_connection *a, struct mptcp_connection *b, bool flip)
{
	for (int role = 0; role < 2; role++) {
		struct mptcp_direction *first = &a->sent[role], *second = &b->sent[role != flip];

		if (first->learned.known && !first->halves)
			mptcp_connections_extend(b, role != flip, first->learned.highest);
		else if (second->learned.known && !second->halves)
			mptcp_connections_extend(a, (enum mptcp_role)role, second->learned.highest);
	}
}

/* Both are one connection. With `flip`, what was thought to be the client in `from` is the server
 * in `into`. */
static int merge(struct mptcp_connections *connections, struct mptcp_connection *into,
	struct mptcp_connection *from, bool flip)
{
	struct mptcp_subflow **end = &into->subflows;

	complete_halves(into, from, flip);
	while (*end)
		end = &(*end)->next;
	*end = from->subflows;
	for (struct mptcp_subflow *subflow = from->subflows; subflow; subflow = subflow->next) {
		subflow->connection = into;
		subflow->swapped = subflow->swapped != flip;
	}
	mptcp_owner_move(into, from, flip);
	for (int role = 0; role < 2; role++)
		if (merge_direction(&into->sent[role], &from->sent[role != flip]))
			return -1;
	if (from->numbered && (!into->numbered || from->number < into->number)) {
		into->numbered = true;
		into->number = from->number;
	}
	if (!into->has_version && from->has_version) {
		into->has_version = true;
		into->version = from->version;
	}
	unlink_connection(connections, from);
	free(from);
	return 0;
}

void mptcp_connections_turn(struct mptcp_connection *connection)
{
	struct mptcp_direction client = connection->sent[MPTCP_CLIENT];

	connection->sent[MPTCP_CLIENT] = connection->sent[MPTCP_SERVER];
	connection->sent[MPTCP_SERVER] = client;
	mptcp_owner_flip(connection);
	for (struct mptcp_subflow *subflow = connection->subflows; subflow; subflow = subflow->next)
		subflow->swapped = !subflow->swapped;
}

/* A DSN near to what is known of another connection's data: that connection, or NULL. */
static struct mptcp_owner *find_place(const struct mptcp_connections *connections,
	const struct mptcp_connection *connection, uint64_t dsn)
{
	uint32_t upper = (uint32_t)(dsn >> 32);

	for (uint32_t near = upper - 1; near != upper + 2; near++) {
		struct mptcp_owner *owner = mptcp_owner_find(connections->places, near);

		if (!owner || mptcp_owner_connection(owner) == connection)
			continue;
		const struct mptcp_reference *other =
			&mptcp_owner_connection(owner)->sent[mptcp_owner_role(owner)].learned;
		if (other->known && mptcp_sequence_near(dsn, other->highest))
			return owner;
	}
	return NULL;
}

int mptcp_connections_key(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	enum mptcp_role role, uint64_t key)
{
	struct mptcp_connection *connection = subflow->connection;
	struct mptcp_direction *sent = &connection->sent[role];
	struct mptcp_token token;

	if (sent->has_key)
		return 0;
	mptcp_token_compute(&token, key, connection->version);
	sent->has_key = sent->has_token = sent->has_idsn = true;
	sent->key = key;
	sent->token = token.token;
	sent->idsn = token.idsn;
	mptcp_connections_extend(connection, role, token.idsn);
	if (!sent->learned.known)
		mptcp_reference_see(&sent->learned, token.idsn);

	struct mptcp_owner *owner = mptcp_owner_find(connections->tokens, token.token);
	struct mptcp_connection *known = owner ? mptcp_owner_connection(owner) : NULL;
	if (known && known != connection && !known->sent[mptcp_owner_role(owner)].has_key &&
		merge(connections, connection, known, mptcp_owner_role(owner) != role))
		return -1;
	if (mptcp_owner_set(&connections->places, (uint32_t)(token.idsn >> 32), connection, role))
		return -1;
	return mptcp_owner_set(&connections->tokens, token.token, connection, role);
}

int mptcp_connections_join(struct mptcp_connections *connections, struct mptcp_flow *flow,
	unsigned from, uint32_t token)
{
	struct mptcp_owner *owner = mptcp_owner_find(connections->tokens, token);
	struct mptcp_connection *known = owner ? mptcp_owner_connection(owner) : NULL;
	struct mptcp_subflow *subflow = flow->subflow;

	if (subflow && subflow->joined)
		return 0; /* a duplicate, or a SYN sent again */
	if (!subflow)
		subflow = known ? new_subflow(known, flow)
				: mptcp_connections_begin(connections, flow);
	if (!subflow)
		return -1;
	subflow->joined = true;
	/* until a key tells, the receiver of a SYN is taken for the server */
	enum mptcp_role receiver = mptcp_subflow_role(subflow, !from);
	if (known && known == subflow->connection) {
		subflow->swapped = subflow->swapped != (receiver != mptcp_owner_role(owner));
		return 0;
	}
	if (known)
		return merge(connections, known, subflow->connection,
			mptcp_owner_role(owner) != receiver);
	struct mptcp_direction *sent = &subflow->connection->sent[receiver];
	if (!sent->has_token) {
		sent->has_token = true;
		sent->token = token;
	}
	return mptcp_owner_set(&connections->tokens, token, subflow->connection, receiver);
}

int mptcp_connections_place(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	enum mptcp_role role, uint64_t dsn)
{
	struct mptcp_connection *connection = subflow->connection;

	if (subflow->placed[role] || connection->sent[role].has_key)
		return 0;
	subflow->placed[role] = true;
	struct mptcp_owner *owner = find_place(connections, connection, dsn);
	if (owner)
		return merge(connections, mptcp_owner_connection(owner), connection,
			mptcp_owner_role(owner) != role);
	return mptcp_owner_set(&connections->places, (uint32_t)(dsn >> 32), connection, role);
}
