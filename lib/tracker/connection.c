/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connections of a capture, and which subflow belongs to which. */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

struct mptcp_connections {
	LIST_HEAD(mptcp_all, mptcp_connection) all;
	struct mptcp_owner *tokens;
	struct mptcp_owner *places; /* by upper halves of data sequence numbers */
	uint64_t passed_over;
};

struct mptcp_connections *mptcp_connections_new(void)
{
	return calloc(1, sizeof(struct mptcp_connections));
}

void mptcp_connections_pass_over(struct mptcp_connections *connections)
{
	connections->passed_over++;
}

uint64_t mptcp_connections_passed_over(const struct mptcp_connections *connections)
{
	return connections->passed_over;
}

static void release_subflow(struct mptcp_subflow *subflow)
{
	mptcp_mappings_clear(&subflow->sent[0].mappings);
	mptcp_mappings_clear(&subflow->sent[1].mappings);
	free(subflow);
}

static void release_connection(struct mptcp_connection *connection)
{
	for (int role = 0; role < 2; role++) {
		mptcp_data_seen_clear(&connection->sent[role].data_seen);
		mptcp_fate_data_clear(&connection->sent[role].fate);
		free(connection->sent[role].announced);
	}
	mptcp_keys_clear(&connection->keys);
	free(connection);
}

void mptcp_connections_free(struct mptcp_connections *connections)
{
	if (!connections)
		return;
	mptcp_owner_free(connections->tokens);
	mptcp_owner_free(connections->places);
	for (struct mptcp_connection *connection; (connection = LIST_FIRST(&connections->all));) {
		for (struct mptcp_subflow *subflow;
			(subflow = LIST_FIRST(&connection->subflows));) {
			LIST_REMOVE(subflow, others);
			release_subflow(subflow);
		}
		LIST_REMOVE(connection, others);
		release_connection(connection);
	}
	free(connections);
}

enum mptcp_role mptcp_subflow_role(const struct mptcp_subflow *subflow, unsigned from)
{
	bool tcp_server = from != subflow->flow->client;

	return tcp_server != subflow->swapped ? MPTCP_SERVER : MPTCP_CLIENT;
}

struct mptcp_subflow *mptcp_connections_add(struct mptcp_connection *connection,
	struct mptcp_flow *flow)
{
	struct mptcp_subflow *subflow = calloc(1, sizeof(*subflow));

	if (!subflow)
		return NULL;
	subflow->connection = connection;
	subflow->flow = flow;
	subflow->sent[0].highest = subflow->sent[1].highest = MPTCP_SEQUENCE_ORIGIN;
	LIST_INSERT_HEAD(&connection->subflows, subflow, others);
	flow->subflow = subflow;
	return subflow;
}

struct mptcp_subflow *mptcp_connections_begin(struct mptcp_connections *connections,
	struct mptcp_flow *flow)
{
	struct mptcp_connection *connection = calloc(1, sizeof(*connection));

	if (!connection || !mptcp_connections_add(connection, flow)) {
		free(connection);
		return NULL;
	}
	LIST_INSERT_HEAD(&connections->all, connection, others);
	return flow->subflow;
}

void mptcp_subflow_stand(struct mptcp_subflow *subflow, bool stands)
{
	if (stands && !subflow->stands)
		subflow->connection->standing++;
	else if (!stands && subflow->stands)
		subflow->connection->standing--;
	subflow->stands = stands;
}

/* Takes over what `into` does not know of the data that one role sends. */
static int merge_direction(struct mptcp_connection_sender *into,
	struct mptcp_connection_sender *from)
{
	if (!into->announced) {
		into->announced = from->announced;
		into->announcements = from->announcements;
		from->announced = NULL;
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
	into->whole = into->whole || from->whole;
	if (from->learned.known && !into->learned.known)
		into->halves = from->halves;
	if (from->learned.known && from->halves == into->halves)
		mptcp_reference_see(&into->learned, from->learned.highest);
	return mptcp_fate_data_merge(&into->fate, &from->fate) ||
			mptcp_data_seen_merge(&into->data_seen, &from->data_seen)
		? -1
		: 0;
}

void mptcp_connections_extend(struct mptcp_connection *connection, enum mptcp_role role,
	uint64_t whole)
{
	struct mptcp_connection_sender *sent = &connection->sent[role];

	if (!sent->halves)
		return;
	sent->halves = false;
	sent->lowest = mptcp_sequence_extend(whole, (uint32_t)sent->lowest);
	sent->learned = (struct mptcp_reference){0};
	mptcp_reference_see(&sent->learned, whole);
	struct mptcp_subflow *subflow;

	for (subflow = LIST_FIRST(&connection->subflows); subflow;
		subflow = LIST_NEXT(subflow, others)) {
		unsigned from = mptcp_subflow_role(subflow, 0) == role ? 0 : 1;

		mptcp_mappings_extend(&subflow->sent[from].mappings, whole);
	}
}

/* Where one of two connections that are one knows whole DSNs, the other one's halves get whole. */
static void complete_halves(struct mptcp_connection *a, struct mptcp_connection *b, bool flip)
{
	for (int role = 0; role < 2; role++) {
		struct mptcp_connection_sender *first = &a->sent[role],
					       *second = &b->sent[role != flip];

		if (first->learned.known && !first->halves)
			mptcp_connections_extend(b, role != flip, first->learned.highest);
		else if (second->learned.known && !second->halves)
			mptcp_connections_extend(a, (enum mptcp_role)role, second->learned.highest);
	}
}

int mptcp_connections_merge(struct mptcp_connections *connections, struct mptcp_connection *into,
	struct mptcp_connection *from, bool flip)
{
	struct mptcp_subflow *subflow;

	complete_halves(into, from, flip);
	while ((subflow = LIST_FIRST(&from->subflows))) {
		LIST_REMOVE(subflow, others);
		LIST_INSERT_HEAD(&into->subflows, subflow, others);
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
	into->standing += from->standing;
	if (flip)
		mptcp_keys_flip(&from->keys);
	int failed = mptcp_keys_merge(&into->keys, &from->keys);
	LIST_REMOVE(from, others);
	release_connection(from);
	return failed || mptcp_connections_choose(connections, into, MPTCP_CLIENT)
		? -1
		: mptcp_connections_choose(connections, into, MPTCP_SERVER);
}

void mptcp_connections_turn(struct mptcp_connection *connection)
{
	struct mptcp_connection_sender client = connection->sent[MPTCP_CLIENT];
	struct mptcp_subflow *subflow;

	connection->sent[MPTCP_CLIENT] = connection->sent[MPTCP_SERVER];
	connection->sent[MPTCP_SERVER] = client;
	mptcp_keys_flip(&connection->keys);
	mptcp_owner_flip(connection);
	for (subflow = LIST_FIRST(&connection->subflows); subflow;
		subflow = LIST_NEXT(subflow, others))
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

/* The numbers that were taken to count from another IDSN, or from none. */
static void renumber(struct mptcp_connection *connection, enum mptcp_role role, uint64_t idsn)
{
	struct mptcp_connection_sender *sent = &connection->sent[role];

	if (sent->has_idsn && !sent->whole) /* their upper halves came from the other key */
		sent->halves = true;
	if (sent->has_idsn && sent->learned.known && sent->learned.highest == sent->idsn)
		sent->learned = (struct mptcp_reference){0};
	sent->has_idsn = true;
	sent->idsn = idsn;
	mptcp_connections_extend(connection, role, idsn);
	if (!sent->learned.known)
		mptcp_reference_see(&sent->learned, idsn);
}

int mptcp_connections_choose(struct mptcp_connections *connections,
	struct mptcp_connection *connection, enum mptcp_role role)
{
	const struct mptcp_key *key = mptcp_keys_chosen(&connection->keys, role);
	const struct mptcp_connection_sender *sent = &connection->sent[role];

	if (!key || (sent->has_idsn && sent->idsn == key->idsn))
		return 0;
	renumber(connection, role, key->idsn);
	return mptcp_owner_set(&connections->places, (uint32_t)(key->idsn >> 32), connection, role);
}

struct mptcp_owner *mptcp_connections_owner(const struct mptcp_connections *connections,
	uint32_t token)
{
	return mptcp_owner_find(connections->tokens, token);
}

int mptcp_connections_own(struct mptcp_connections *connections,
	struct mptcp_connection *connection, enum mptcp_role role, uint32_t token)
{
	return mptcp_owner_add(&connections->tokens, token, connection, role);
}

/* A provisional connection with that token and no key of that role, or NULL. */
static struct mptcp_owner *find_provisional(const struct mptcp_connections *connections,
	const struct mptcp_connection *connection, uint32_t token)
{
	struct mptcp_owner *owner = mptcp_owner_find(connections->tokens, token);

	for (; owner; owner = mptcp_owner_next(owner)) {
		const struct mptcp_connection *other = mptcp_owner_connection(owner);

		if (other != connection && !other->keys.of[mptcp_owner_role(owner)].count)
			return owner;
	}
	return NULL;
}

int mptcp_connections_keys(struct mptcp_connections *connections, struct mptcp_subflow *subflow)
{
	struct mptcp_connection *connection = subflow->connection;

	for (enum mptcp_role role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++) {
		for (unsigned i = 0; i < connection->keys.of[role].count; i++) {
			uint32_t token = connection->keys.of[role].list[i].token;
			struct mptcp_owner *owner;

			while ((owner = find_provisional(connections, connection, token)))
				if (mptcp_connections_merge(connections, connection,
					    mptcp_owner_connection(owner),
					    mptcp_owner_role(owner) != role))
					return -1;
			if (mptcp_connections_own(connections, connection, role, token))
				return -1;
		}
		if (mptcp_connections_choose(connections, connection, role))
			return -1;
	}
	return 0;
}

void mptcp_connections_rehome(struct mptcp_subflow *subflow, struct mptcp_connection *connection,
	bool flip)
{
	bool stands = subflow->stands;

	mptcp_subflow_stand(subflow, false);
	LIST_REMOVE(subflow, others);
	LIST_INSERT_HEAD(&connection->subflows, subflow, others);
	subflow->connection = connection;
	subflow->swapped = subflow->swapped != flip;
	mptcp_subflow_stand(subflow, stands);
	for (unsigned from = 0; from < 2; from++) {
		const struct mptcp_connection_sender *sent =
			&connection->sent[mptcp_subflow_role(subflow, from)];

		if (sent->learned.known)
			mptcp_mappings_extend(&subflow->sent[from].mappings, sent->learned.highest);
	}
}

int mptcp_connections_place(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	enum mptcp_role role, uint64_t dsn)
{
	struct mptcp_connection *connection = subflow->connection;

	if (subflow->placed[role] || connection->keys.of[role].count)
		return 0;
	subflow->placed[role] = true;
	struct mptcp_owner *owner = find_place(connections, connection, dsn);
	if (owner)
		return mptcp_connections_merge(connections, mptcp_owner_connection(owner),
			connection, mptcp_owner_role(owner) != role);
	return mptcp_owner_set(&connections->places, (uint32_t)(dsn >> 32), connection, role);
}
