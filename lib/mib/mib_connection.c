/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mib_connection: what is counted for a connection as a whole. See mib_parts.h. */
#include "mib_parts.h"

static enum mptcp_role tcp_of(const struct mptcp_story_subflow *subflow, enum mptcp_role role)
{
	return role == subflow->client_role ? MPTCP_CLIENT : MPTCP_SERVER;
}

/*
 * A host falls back when it receives data that it cannot place: without a mapping, with one that it
 * refuses, or with an infinite one. Bare ACKs do not make it fall back. What it received, or NULL.
 */
static const struct mptcp_moment *find_fallback(const struct mptcp_story_connection *connection,
	enum mptcp_role role)
{
	const struct mptcp_story_subflow *initial = connection->initial;
	enum mptcp_role tcp = tcp_of(initial, role);
	const struct mptcp_story_end *peer = &initial->ends[mptcp_role_peer(tcp)];
	const struct mptcp_moment *infinite = &connection->to[role].infinite;

	if (!connection->fallback.packetid || !initial->synack.option || !initial->ack.option)
		return NULL;
	if (tcp == MPTCP_CLIENT && mptcp_mib_fell_back_at_once(initial->own))
		return NULL;
	if (infinite->packetid)
		return infinite;
	return peer->bare.count && peer->bare.data ? &peer->bare.first : NULL;
}

/* A host that has sent MP_FAIL falls back when it looks at the damaged data again, if it ever does:
 * subflow_check_data_avail. */
static int count_fallback(struct mptcp_mib *mib, const struct mptcp_story_connection *connection,
	enum mptcp_role role)
{
	const struct mptcp_story_subflow *initial = connection->initial;
	const struct mptcp_moment *moment = find_fallback(connection, role);
	struct mptcp_mib_place place = {initial, moment, role};
	bool failed = initial->ends[tcp_of(initial, role)].mp_fail.packetid;

	return moment ? mptcp_mib_count(mib, &place, MPTCP_COUNTER_DssFallback,
				(const int[3]){!failed, 1, 1})
		      : 0;
}

/*
 * Whether the host has closed the connection: it says so with a DATA_FIN; having fallen back, with
 * a FIN. One that does not know of the other's fallback waits for it, or for a subflow, though the
 * last one is closed.
 */
static bool has_closed(const struct mptcp_story_connection *connection, enum mptcp_role role)
{
	const struct mptcp_story_subflow *initial = connection->initial;
	enum mptcp_role tcp = tcp_of(initial, role);
	bool plain = !initial->synack.option ||
		(tcp == MPTCP_CLIENT && mptcp_mib_fell_back_at_once(initial->own)) ||
		find_fallback(connection, role);

	return connection->to[mptcp_role_peer(role)].fin.packetid ||
		connection->fastclose.packetid ||
		(plain && (initial->ends[tcp].fin.packetid || initial->reset));
}

/* The gauge: where the capture ends, each connection that is open. */
static int count_established(struct mptcp_mib *mib, const struct mptcp_story_connection *connection,
	enum mptcp_role role)
{
	const struct mptcp_story_subflow *initial = connection->initial;
	struct mptcp_mib_place place = {initial, &initial->ack.first, role};
	/* of a listener, what has no MP_CAPABLE is regular TCP from the start */
	bool begun = initial->established ||
		(initial->ack.count && initial->synack.count &&
			tcp_of(initial, role) == MPTCP_CLIENT);

	if (!begun || has_closed(connection, role))
		return 0;
	return mptcp_mib_count(mib, &place, MPTCP_COUNTER_MPCurrEstab, (const int[3]){0, 1, 1});
}

/* A mapping that was refused, and led to a fallback or a RST. */
static int count_refused(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow)
{
	for (int tcp = 0; tcp < 2; tcp++) {
		const struct mptcp_story_end *sender = &subflow->ends[tcp];
		struct mptcp_mib_place place = {subflow, &subflow->ended,
			mptcp_story_role(subflow, mptcp_role_peer((enum mptcp_role)tcp))};
		const int maybe[3] = {0, 0, 1};

		if (sender->refused &&
			(mptcp_mib_count(mib, &place, MPTCP_COUNTER_DSSNotMatching, maybe) ||
				mptcp_mib_count(mib, &place, MPTCP_COUNTER_DSSNoMatchTCP, maybe)))
			return -1;
	}
	return 0;
}

/* A probe that the host made may not have left it, where the window of the subflow's TCP is closed,
 * too: one at most, because the next one waits for it (mptcp_sendmsg_frag). */
static int count_kept(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_mib_subflow *own = subflow->own;

	for (int tcp = 0; own && tcp < 2; tcp++) {
		const struct mptcp_story_end *end = &subflow->ends[tcp];
		const struct mptcp_mib_end *peer = &own->ends[!tcp];
		struct mptcp_mib_place place = {subflow, &subflow->ended,
			mptcp_story_role(subflow, (enum mptcp_role)tcp)};

		if (peer->has_edge && end->sent && subflow->established &&
			mptcp_sequence_ahead32(end->next, peer->edge) >= 0 &&
			mptcp_mib_count(mib, &place, MPTCP_COUNTER_WinProbe,
				(const int[3]){0, 0, 1}))
			return -1;
	}
	return 0;
}

/* A path manager in user space may end a subflow without a REMOVE_ADDR, and that is counted like
 * one of the kernel (mptcp_pm_nl_subflow_destroy_doit). Who else ends one cannot be seen. */
static int count_destroyed(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_mib_subflow *own = subflow->own;
	const struct mptcp_story_connection *connection = subflow->connection;

	for (int tcp = 0; own && subflow->established && tcp < 2; tcp++) {
		enum mptcp_role role = mptcp_story_role(subflow, (enum mptcp_role)tcp);
		uint64_t fin = subflow->ends[tcp].fin.packetid, reset = own->ends[tcp].reset;
		uint64_t end = fin && (!reset || fin < reset) ? fin : reset;
		uint64_t data_fin = connection->to[mptcp_role_peer(role)].fin.packetid;
		uint64_t fastclose = connection->fastclose.packetid;
		struct mptcp_mib_place place = {subflow, &subflow->ended, role};

		if (!end || own->ends[tcp].removed || (data_fin && data_fin < end) ||
			(fastclose && fastclose <= end))
			continue;
		if (mptcp_mib_count(mib, &place, MPTCP_COUNTER_RmSubflow, (const int[3]){0, 0, 1}))
			return -1;
	}
	return 0;
}

int mptcp_mib_connection(struct mptcp_mib *mib, const struct mptcp_story_connection *connection)
{
	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next)
		if (count_refused(mib, subflow) || count_kept(mib, subflow) ||
			count_destroyed(mib, subflow))
			return -1;
	if (!connection->initial || !connection->initial->own)
		return 0;
	for (int role = 0; role < 2; role++)
		if (count_established(mib, connection, (enum mptcp_role)role) ||
			count_fallback(mib, connection, (enum mptcp_role)role))
			return -1;
	return 0;
}
