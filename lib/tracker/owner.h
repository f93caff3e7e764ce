/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * owner: numbers by which connections are found (tokens, upper halves of data sequence numbers),
 * and the connections and roles that each belongs to now.
 *
 * A number may have several owners, in the order in which they got it: two connections may have the
 * same token, by chance on one server or as a matter of course on two. At most MPTCP_OWNERS_MAX are
 * remembered, the newest.
 *
 * An owner is in a table and on the list of its connection, so that a connection that becomes part
 * of another one can hand over all of them. Owners belong to their table.
 */
#ifndef MPTCP_OWNER_H
#define MPTCP_OWNER_H

#include "role.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#define MPTCP_OWNERS_MAX 16

struct mptcp_connection;
struct mptcp_owner;
LIST_HEAD(mptcp_owners, mptcp_owner); /* of a connection (queue(7)); a zeroed one is empty */

/* The first owner of a number, or NULL, and the one after an owner. */
struct mptcp_owner *mptcp_owner_find(struct mptcp_owner *table, uint32_t number);
struct mptcp_owner *mptcp_owner_next(const struct mptcp_owner *owner);
struct mptcp_connection *mptcp_owner_connection(const struct mptcp_owner *owner);
enum mptcp_role mptcp_owner_role(const struct mptcp_owner *owner);
/* The number belongs to this connection and role, too. 0, or -1 when memory ran out. */
int mptcp_owner_add(struct mptcp_owner **table, uint32_t number,
	struct mptcp_connection *connection, enum mptcp_role role);
/* The number belongs to this connection and role from now on, whoever had it before. 0, or -1 when
 * memory ran out. */
int mptcp_owner_set(struct mptcp_owner **table, uint32_t number,
	struct mptcp_connection *connection, enum mptcp_role role);
/* All numbers of `from` belong to `into` from now on; with `flip` to the other role. */
void mptcp_owner_move(struct mptcp_connection *into, struct mptcp_connection *from, bool flip);
/* The roles of a connection are the other way round. */
void mptcp_owner_flip(struct mptcp_connection *connection);
void mptcp_owner_free(struct mptcp_owner *table);

#endif
