/* SPDX-License-Identifier: GPL-2.0-or-later */
/* owner: see owner.h. */
#include "owner.h"

#include "connection.h"

#include <stdlib.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct mptcp_owner {
	uint32_t number;
	struct mptcp_connection *connection;
	enum mptcp_role role;
	struct mptcp_owner *next; /* of the same connection */
	UT_hash_handle hh;
};

struct mptcp_owner *mptcp_owner_find(struct mptcp_owner *table, uint32_t number)
{
	struct mptcp_owner *owner;

	HASH_FIND(hh, table, &number, sizeof(number), owner);
	return owner;
}

struct mptcp_connection *mptcp_owner_connection(const struct mptcp_owner *owner)
{
	return owner->connection;
}

enum mptcp_role mptcp_owner_role(const struct mptcp_owner *owner)
{
	return owner->role;
}

static struct mptcp_owner *add(struct mptcp_owner **table, uint32_t number)
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

static void take_off(struct mptcp_owner *owner)
{
	struct mptcp_owner **link = &owner->connection->owners;

	while (*link != owner)
		link = &(*link)->next;
	*link = owner->next;
}

int mptcp_owner_set(struct mptcp_owner **table, uint32_t number,
	struct mptcp_connection *connection, enum mptcp_role role)
{
	struct mptcp_owner *owner = mptcp_owner_find(*table, number);

	if (owner)
		take_off(owner);
	else
		owner = add(table, number);
	if (!owner)
		return -1;
	owner->connection = connection;
	owner->role = role;
	owner->next = connection->owners;
	connection->owners = owner;
	return 0;
}

void mptcp_owner_flip(struct mptcp_connection *connection)
{
	for (struct mptcp_owner *owner = connection->owners; owner; owner = owner->next)
		owner->role = mptcp_role_peer(owner->role);
}

void mptcp_owner_move(struct mptcp_connection *into, struct mptcp_connection *from, bool flip)
{
	struct mptcp_owner **end = &into->owners;

	if (flip)
		mptcp_owner_flip(from);
	while (*end)
		end = &(*end)->next;
	*end = from->owners;
	for (struct mptcp_owner *owner = from->owners; owner; owner = owner->next)
		owner->connection = into;
	from->owners = NULL;
}

void mptcp_owner_release(struct mptcp_owner *table)
{
	struct mptcp_owner *owner, *next;

	HASH_ITER (hh, table, owner, next) {
		HASH_DEL(table, owner);
		free(owner);
	}
}
