/* SPDX-License-Identifier: GPL-2.0-or-later */
/* connection: see connection.h. */
#include "connection.h"

#include "token.h"

#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* A number (a token, or the upper half of a DSN) and the connection and role it belongs to. The
 * newest one holds. */
struct owner {
	uint32_t number;
	struct mptcp_connection *connection;
	enum mptcp_role role;
	UT_hash_handle hh;
};

struct mptcp_connections {
	struct mptcp_connection *first;
	struct owner *tokens;
	struct owner *places;
};

struct mptcp_connections *mptcp_connections_new(void)
{
	return calloc(1, sizeof(struct mptcp_connections));
}

static void release_owners(struct owner *owners)
{
	struct owner *owner, *next;

	HASH_ITER (hh, owners, owner, next) {
		HASH_DEL(owners, owner);
		free(owner);
	}
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
	release_owners(connections->tokens);
	release_owners(connections->places);
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

static struct owner *find_owner(struct owner *owners, uint32_t number)
{
	struct owner *owner;

	HASH_FIND (hh, owners, &number, sizeof(number), owner)
		;
	return owner;
}

static int set_owner(struct owner **owners, uint32_t number, struct mptcp_connection *connection,
	enum mptcp_role role)
{
	struct owner *owner = find_owner(*owners, number);

	if (!owner) {
		owner = calloc(1, sizeof(*owner));
		if (!owner)
			return -1;
		owner->number = number;
		HASH_ADD(hh, *owners, number, sizeof(owner->number), owner);
		if (!owner->hh.tbl) {
			free(owner);
			return -1;
		}
	}
	owner->connection = connection;
	owner->role = role;
	return 0;
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

/* A number that belonged to `from` belongs to `into` now. */
static void move_owner(struct owner *owners, uint32_t number, struct mptcp_connection *into,
	struct mptcp_connection *from, bool flip)
{
	struct owner *owner = find_owner(owners, number);

	if (owner && owner->connection == from) {
		owner->connection = into;
		owner->role = flip ? mptcp_role_peer(owner->role) : owner->role;
	}
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
	if (from->learned.known)
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

/* Both are one connection. With `flip`, what was thought to be the client in `from` is the server
 * in `into`. */
static int merge(struct mptcp_connections *connections, struct mptcp_connection *into,
	struct mptcp_connection *from, bool flip)
{
	struct mptcp_subflow **end = &into->subflows;

	while (*end)
		end = &(*end)->next;
	*end = from->subflows;
	for (struct mptcp_subflow *subflow = from->subflows; subflow; subflow = subflow->next) {
		subflow->connection = into;
		subflow->swapped = subflow->swapped != flip;
	}
	for (int role = 0; role < 2; role++) {
		if (from->sent[role].has_token)
			move_owner(connections->tokens, from->sent[role].token, into, from, flip);
		if (from->sent[role].has_place)
			move_owner(connections->places, from->sent[role].place, into, from, flip);
	}
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
	if (!sent->learned.known)
		mptcp_reference_see(&sent->learned, token.idsn);

	struct owner *owner = find_owner(connections->tokens, token.token);
	struct mptcp_connection *known = owner ? owner->connection : NULL;
	if (known && known != connection && !known->sent[owner->role].has_key &&
		merge(connections, connection, known, owner->role != role))
		return -1;
	return set_owner(&connections->tokens, token.token, connection, role);
}

int mptcp_connections_join(struct mptcp_connections *connections, struct mptcp_flow *flow,
	unsigned from, uint32_t token)
{
	struct owner *owner = find_owner(connections->tokens, token);
	struct mptcp_subflow *subflow = flow->subflow;

	if (subflow && subflow->joined)
		return 0; /* a duplicate, or a SYN sent again */
	if (!subflow && owner) {
		subflow = new_subflow(owner->connection, flow);
		if (!subflow)
			return -1;
		subflow->joined = true;
		subflow->swapped = mptcp_subflow_role(subflow, !from) != owner->role;
		return 0;
	}
	if (!subflow)
		subflow = mptcp_connections_begin(connections, flow);
	if (!subflow)
		return -1;
	subflow->joined = true;
	/* until a key tells, the receiver of a SYN is taken for the server */
	enum mptcp_role receiver = mptcp_subflow_role(subflow, !from);
	if (owner && owner->connection != subflow->connection)
		return merge(connections, owner->connection, subflow->connection,
			owner->role != receiver);
	struct mptcp_direction *sent = &subflow->connection->sent[receiver];
	if (!sent->has_token) {
		sent->has_token = true;
		sent->token = token;
	}
	return set_owner(&connections->tokens, token, subflow->connection, receiver);
}

int mptcp_connections_place(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	enum mptcp_role role, uint64_t dsn)
{
	struct mptcp_connection *connection = subflow->connection;
	uint32_t upper = (uint32_t)(dsn >> 32);

	if (subflow->placed[role] || connection->sent[role].has_key)
		return 0;
	subflow->placed[role] = true;
	for (uint32_t near = upper - 1; near != upper + 2; near++) {
		struct owner *owner = find_owner(connections->places, near);

		if (!owner || owner->connection == connection)
			continue;
		const struct mptcp_reference *other = &owner->connection->sent[owner->role].learned;
		if (other->known && mptcp_sequence_near(dsn, other->highest))
			return merge(connections, owner->connection, connection,
				owner->role != role);
	}
	connection->sent[role].has_place = true;
	connection->sent[role].place = upper;
	return set_owner(&connections->places, upper, connection, role);
}
