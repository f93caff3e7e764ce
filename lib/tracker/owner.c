/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "owner.h"

#include "connection.h"
#include "hashed.h"

#include <stdlib.h>

struct mptcp_owner {
	uint32_t number;
	enum mptcp_role role;
	struct mptcp_connection *connection;
	LIST_ENTRY(mptcp_owner) others; /* of the same connection */
	struct mptcp_owner *newer;      /* of the same number */
	UT_hash_handle hh;              /* of the oldest of a number only */
};

struct mptcp_owner *mptcp_owner_find(struct mptcp_owner *table, uint32_t number)
{
	struct mptcp_owner *owner;

	HASH_FIND(hh, table, &number, sizeof(number), owner);
	return owner;
}

struct mptcp_owner *mptcp_owner_next(const struct mptcp_owner *owner)
{
	return owner->newer;
}

struct mptcp_connection *mptcp_owner_connection(const struct mptcp_owner *owner)
{
	return owner->connection;
}

enum mptcp_role mptcp_owner_role(const struct mptcp_owner *owner)
{
	return owner->role;
}

static struct mptcp_owner *new_number(struct mptcp_owner **table, uint32_t number)
{
	struct mptcp_owner *owner = calloc(1, sizeof(*owner));

	if (!owner)
		return NULL;
	owner->number = number;
	HASH_ADD(hh, *table, number, sizeof(owner->number), owner);
	if (!owner->hh.tbl) {
		free(owner);
		return NULL;
	}
	return owner;
}

static void give(struct mptcp_owner *owner, struct mptcp_connection *connection,
	enum mptcp_role role)
{
	owner->connection = connection;
	owner->role = role;
	LIST_INSERT_HEAD(&connection->owners, owner, others);
}

int mptcp_owner_set(struct mptcp_owner **table, uint32_t number,
	struct mptcp_connection *connection, enum mptcp_role role)
{
	struct mptcp_owner *owner = mptcp_owner_find(*table, number);

	if (owner)
		LIST_REMOVE(owner, others);
	else
		owner = new_number(table, number);
	if (!owner)
		return -1;
	give(owner, connection, role);
	return 0;
}

/* Every owner from `owner` on gets what the next one has: the first is dropped, and the last is
 * free. */
static struct mptcp_owner *shift(struct mptcp_owner *owner)
{
	for (; owner->newer; owner = owner->newer) {
		struct mptcp_owner *newer = owner->newer;

		LIST_REMOVE(owner, others);
		give(owner, newer->connection, newer->role);
	}
	LIST_REMOVE(owner, others);
	return owner;
}

int mptcp_owner_add(struct mptcp_owner **table, uint32_t number,
	struct mptcp_connection *connection, enum mptcp_role role)
{
	struct mptcp_owner *first = mptcp_owner_find(*table, number), *last = NULL;
	unsigned count = 0;

	if (!first)
		return mptcp_owner_set(table, number, connection, role);
	for (struct mptcp_owner *owner = first; owner; owner = owner->newer, count++) {
		if (owner->connection == connection && owner->role == role)
			return 0;
		last = owner;
	}
	if (count == MPTCP_OWNERS_MAX) {
		give(shift(first), connection, role);
		return 0;
	}
	struct mptcp_owner *owner = calloc(1, sizeof(*owner));
	if (!owner)
		return -1;
	owner->number = number;
	last->newer = owner;
	give(owner, connection, role);
	return 0;
}

void mptcp_owner_flip(struct mptcp_connection *connection)
{
	struct mptcp_owner *owner;

	for (owner = LIST_FIRST(&connection->owners); owner; owner = LIST_NEXT(owner, others))
		owner->role = mptcp_role_peer(owner->role);
}

void mptcp_owner_move(struct mptcp_connection *into, struct mptcp_connection *from, bool flip)
{
	struct mptcp_owner *owner;

	while ((owner = LIST_FIRST(&from->owners))) {
		LIST_REMOVE(owner, others);
		give(owner, into, flip ? mptcp_role_peer(owner->role) : owner->role);
	}
}

void mptcp_owner_free(struct mptcp_owner *table)
{
	struct mptcp_owner *owner, *next;

	HASH_ITER (hh, table, owner, next) {
		HASH_DEL(table, owner);
		for (struct mptcp_owner *newer; owner; owner = newer) {
			newer = owner->newer;
			free(owner);
		}
	}
}
