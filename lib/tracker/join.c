/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which connection a subflow opened with MP_JOIN belongs to. */
#include "join.h"

#include <string.h>

/* Subflows of a connection that are looked at where tokens collide: more than any host has. */
#define SUBFLOWS_MAX 64

/* Did that role of the connection use the address, or announce it? */
static bool has_address(const struct mptcp_connection *connection, enum mptcp_role role,
	const struct mptcp_address *address)
{
	const struct mptcp_connection_sender *sent = &connection->sent[role];
	const struct mptcp_subflow *subflow = LIST_FIRST(&connection->subflows);

	for (unsigned i = 0; i < sent->announcements; i++)
		if (mptcp_address_equal(&sent->announced[i], address))
			return true;
	for (unsigned i = 0; subflow && i < SUBFLOWS_MAX;
		i++, subflow = LIST_NEXT(subflow, others)) {
		unsigned end = mptcp_subflow_role(subflow, 0) == role ? 0 : 1;

		/* one that nobody answered is here on the strength of its token alone */
		if ((!subflow->join.opened || subflow->join.proven || subflow->join.answered) &&
			mptcp_address_equal(&subflow->flow->ends[end].address, address))
			return true;
	}
	return false;
}

/* The owner of the token that the SYN, sent by end `from`, most likely means; NULL: nobody has it.
 */
static struct mptcp_owner *find_owner(const struct mptcp_connections *connections,
	const struct mptcp_flow *flow, unsigned from, uint32_t token)
{
	struct mptcp_owner *owner = mptcp_connections_owner(connections, token), *best = owner;
	int most = -1;

	if (!owner || !mptcp_owner_next(owner))
		return owner;
	for (; owner; owner = mptcp_owner_next(owner)) {
		const struct mptcp_connection *connection = mptcp_owner_connection(owner);
		enum mptcp_role role = mptcp_owner_role(owner);
		int points = 2 * has_address(connection, role, &flow->ends[!from].address) +
			has_address(connection, mptcp_role_peer(role), &flow->ends[from].address);

		if (points < most)
			continue;
		best = owner;
		most = points;
	}
	return best;
}

/* Does an HMAC of the subflow fit the keys of that owner? Then they count. */
static bool fits(const struct mptcp_subflow *subflow, const struct mptcp_owner *owner)
{
	struct mptcp_join join = {.opener = mptcp_role_peer(mptcp_owner_role(owner)),
		.token = subflow->join.token,
		.nonces = {subflow->join.nonces[0], subflow->join.nonces[1]}};

	for (int by_opener = 0; by_opener < 2; by_opener++)
		if (subflow->join.has_hmac[by_opener] &&
			mptcp_keys_see_hmac(&mptcp_owner_connection(owner)->keys, &join, by_opener,
				subflow->join.hmac[by_opener], sizeof(subflow->join.hmac[0])))
			return true;
	return false;
}

/* The owner, from `first` on, that an HMAC fits, or NULL. Copies of a connection, before and after
 * NAT, have the same keys: the addresses have chosen between them already. */
static struct mptcp_owner *find_fitting(const struct mptcp_subflow *subflow,
	struct mptcp_owner *first)
{
	for (int elsewhere = 0; elsewhere < 2; elsewhere++)
		for (struct mptcp_owner *owner = first; owner; owner = mptcp_owner_next(owner))
			if ((mptcp_owner_connection(owner) != subflow->connection) == elsewhere &&
				fits(subflow, owner))
				return owner;
	return NULL;
}

/* Finds the connection that the HMACs fit, and moves the subflow there. */
static int prove(struct mptcp_connections *connections, struct mptcp_subflow *subflow)
{
	struct mptcp_owner *owner = mptcp_connections_owner(connections, subflow->join.token);

	if (subflow->join.proven || !owner || !subflow->join.has_hmac[0])
		return 0;
	if (!mptcp_owner_next(owner) && !mptcp_keys_in_doubt(&subflow->connection->keys))
		return 0;
	owner = find_fitting(subflow, owner);
	if (!owner)
		return 0;
	struct mptcp_connection *connection = mptcp_owner_connection(owner);
	if (connection != subflow->connection) {
		unsigned listener = !subflow->flow->client;

		if (subflow->resolved)
			return 0;
		mptcp_connections_rehome(subflow, connection,
			mptcp_subflow_role(subflow, listener) != mptcp_owner_role(owner));
	}
	subflow->join.proven = true;
	return mptcp_connections_choose(connections, connection, MPTCP_CLIENT) ||
			mptcp_connections_choose(connections, connection, MPTCP_SERVER)
		? -1
		: 0;
}

/* The subflow, begun with this SYN or known already without it, belongs to the owner. */
static int belong(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	const struct mptcp_owner *owner, enum mptcp_role receiver)
{
	struct mptcp_connection *connection = mptcp_owner_connection(owner);
	enum mptcp_role role = mptcp_owner_role(owner);

	if (connection == subflow->connection)
		subflow->swapped = subflow->swapped != (receiver != role);
	else if (mptcp_connections_merge(connections, connection, subflow->connection,
			 role != receiver))
		return -1;
	mptcp_keys_see_token(&connection->keys, role, subflow->join.token);
	return mptcp_connections_choose(connections, connection, role);
}

static int learn_syn(struct mptcp_connections *connections, struct mptcp_flow *flow, unsigned from,
	const struct mptcp_option_value *value)
{
	struct mptcp_owner *owner = find_owner(connections, flow, from, value->join.token);
	struct mptcp_subflow *subflow = flow->subflow;

	if (subflow && subflow->joined)
		return 0; /* a duplicate, or a SYN sent again */
	if (!subflow)
		subflow = owner ? mptcp_connections_add(mptcp_owner_connection(owner), flow)
				: mptcp_connections_begin(connections, flow);
	if (!subflow)
		return -1;
	subflow->joined = true;
	subflow->join.opened = true;
	subflow->join.token = value->join.token;
	subflow->join.nonces[0] = value->join.nonce;
	/* until a key shows otherwise, the receiver of a SYN is taken for the server */
	enum mptcp_role receiver = mptcp_subflow_role(subflow, !from);
	return owner ? belong(connections, subflow, owner, receiver)
		     : mptcp_connections_own(connections, subflow->connection, receiver,
			       value->join.token);
}

int mptcp_join_learn(struct mptcp_connections *connections, struct mptcp_flow *flow, unsigned from,
	const struct mptcp_option_value *value)
{
	struct mptcp_subflow *subflow = flow->subflow;
	bool by_opener = value->join.form == MPTCP_JOIN_ACK;

	if (value->join.form == MPTCP_JOIN_SYN)
		return learn_syn(connections, flow, from, value);
	/* without the SYN's nonce it proves nothing */
	if (!subflow || !subflow->join.opened || by_opener != (from == flow->client))
		return 0;
	subflow->join.acked = subflow->join.acked || by_opener;
	if (!by_opener)
		subflow->join.nonces[1] = value->join.nonce;
	else if (!subflow->join.has_hmac[0])
		return 0;
	memcpy(subflow->join.hmac[by_opener], value->join.hmac, sizeof(subflow->join.hmac[0]));
	subflow->join.has_hmac[by_opener] = true;
	return prove(connections, subflow);
}

void mptcp_join_see(struct mptcp_subflow *subflow, unsigned from, unsigned tcp_flags, bool dss)
{
	const struct mptcp_flow *flow = subflow->flow;
	bool heard = flow->ends[!flow->client].has_syn;

	if (!subflow->join.opened || subflow->join.answered || subflow->join.refused ||
		tcp_flags & MPTCP_SYN)
		return;
	if (from == flow->client) { /* its third ACK, or its data where that is missing */
		if (!(tcp_flags & MPTCP_RST) && (subflow->join.acked || dss))
			mptcp_subflow_stand(subflow, true);
	} else if (tcp_flags & MPTCP_RST) {
		subflow->join.refused = true;
		mptcp_subflow_stand(subflow, false);
	} else if (dss || heard) {
		subflow->join.answered = true;
		mptcp_subflow_stand(subflow, true);
	}
}

/* Looks at unproven joins with that token, `room` at most in all. */
static int review_token(struct mptcp_connections *connections, uint32_t token, unsigned *room)
{
	struct mptcp_owner *owner = mptcp_connections_owner(connections, token);

	if (!owner || !mptcp_owner_next(owner))
		return 0;
	for (; owner; owner = mptcp_owner_next(owner)) {
		struct mptcp_subflow *subflow =
					     LIST_FIRST(&mptcp_owner_connection(owner)->subflows),
				     *next;

		for (; subflow && *room; subflow = next, --*room) {
			next = LIST_NEXT(subflow, others);
			if (subflow->join.token == token && prove(connections, subflow))
				return -1;
		}
	}
	return 0;
}

int mptcp_join_review(struct mptcp_connections *connections, struct mptcp_connection *connection)
{
	unsigned room = SUBFLOWS_MAX;

	for (int role = 0; role < 2; role++)
		for (unsigned i = 0; i < connection->keys.of[role].count; i++)
			if (review_token(connections, connection->keys.of[role].list[i].token,
				    &room))
				return -1;
	return 0;
}
