/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the story says of a connection or subflow when it is asked: see story.h. */
#include "story.h"

enum mptcp_state mptcp_story_subflow_state(const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_story_connection *connection = subflow->connection;
	bool handshake = subflow->syn.count || subflow->synack.count;

	if (subflow->failed)
		return MPTCP_STATE_FAILED;
	if (handshake && !subflow->established && !subflow->talked && !subflow->ended.packetid)
		return MPTCP_STATE_OPENING;
	if (subflow->kind == MPTCP_KIND_JOIN && !subflow->established && !subflow->ended.packetid)
		return MPTCP_STATE_OPENING;
	if (connection && connection->fallback.packetid && subflow->kind != MPTCP_KIND_JOIN)
		return MPTCP_STATE_FALLBACK;
	if (subflow->reset)
		return MPTCP_STATE_RESET;
	return subflow->closed ? MPTCP_STATE_CLOSED : MPTCP_STATE_OPEN;
}

enum mptcp_state mptcp_story_tcp_state(const struct mptcp_story_subflow *subflow)
{
	bool handshake = subflow->syn.count || subflow->synack.count;

	if (handshake && !subflow->talked) {
		if (subflow->failed)
			return MPTCP_STATE_FAILED;
		if (!subflow->ended.packetid)
			return MPTCP_STATE_OPENING;
	}
	if (subflow->reset)
		return MPTCP_STATE_RESET;
	return subflow->closed ? MPTCP_STATE_CLOSED : MPTCP_STATE_OPEN;
}

/* How a connection ended whose last subflow has; one that is being opened keeps it open. */
static enum mptcp_state state_of_ends(const struct mptcp_story_connection *connection)
{
	bool reset = false;

	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next) {
		if (!connection->closed && !subflow->ended.packetid && !subflow->failed)
			return MPTCP_STATE_OPEN;
		reset |= subflow->reset && subflow->established;
	}
	return reset ? MPTCP_STATE_RESET : MPTCP_STATE_CLOSED;
}

enum mptcp_state mptcp_story_connection_state(const struct mptcp_story_connection *connection)
{
	const struct mptcp_story_subflow *initial = connection->initial;

	if (initial && initial->failed && !initial->established)
		return MPTCP_STATE_FAILED;
	if (connection->fallback.packetid)
		return MPTCP_STATE_FALLBACK;
	if (initial && (initial->syn.count || initial->synack.count) && !initial->talked &&
		!initial->ended.packetid && !connection->closed)
		return MPTCP_STATE_OPENING;
	if (!initial || !(initial->syn.option || initial->synack.option || initial->ack.option))
		return MPTCP_STATE_PARTIAL;
	if (connection->fastclose.packetid)
		return MPTCP_STATE_FASTCLOSE;
	if (connection->to[0].fin.packetid && connection->to[1].fin.packetid)
		return MPTCP_STATE_CLOSED;
	if (connection->closed || connection->ended.packetid)
		return state_of_ends(connection);
	return MPTCP_STATE_OPEN;
}

enum mptcp_kind mptcp_story_kind(const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_story_connection *connection = subflow->connection;

	if (subflow->kind != MPTCP_KIND_UNKNOWN || !connection || connection->initial)
		return subflow->kind;
	return connection->unknown == 1 ? MPTCP_KIND_INITIAL : MPTCP_KIND_UNKNOWN;
}

bool mptcp_story_token(const struct mptcp_story_connection *connection, enum mptcp_role role,
	uint32_t *token)
{
	const struct mptcp_key *key = mptcp_keys_chosen(&connection->keys, role);

	if (!key && !connection->has_token[role])
		return false;
	*token = key ? key->token : connection->token[role];
	return true;
}

int64_t mptcp_story_handshake_rtt(const struct mptcp_story_subflow *subflow)
{
	int64_t rtt = subflow->ack.first.abstime - subflow->syn.first.abstime;

	return subflow->timed && rtt >= 0 ? rtt : -1;
}
