/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel: which events `ip mptcp monitor` prints, and on which host: net/mptcp/pm_netlink.c and
 * protocol.c of Linux, checked against what the monitors of both hosts printed. Both hosts print
 * CREATED, ESTABLISHED, SF_ESTABLISHED, SF_CLOSED and CLOSED, each for itself: the host concerned
 * is the one at which the capture was taken, where that is known. Version 0 has no such monitor.
 */
#include "story_parts.h"

#include <string.h>

static bool is_here(const struct mptcp_story_connection *connection, enum mptcp_role role)
{
	return connection->vantage == MPTCP_VANTAGE_UNKNOWN ||
		(connection->vantage == MPTCP_VANTAGE_CLIENT) == (role == MPTCP_CLIENT);
}

bool mptcp_story_has_monitor(const struct mptcp_story_connection *connection)
{
	return !connection->has_version || connection->version == 1;
}

/* Whether the host has a token for the connection: a client from the start, a server once the third
 * ACK with MP_CAPABLE has come. */
static bool has_token(const struct mptcp_story_connection *connection, enum mptcp_role role)
{
	const struct mptcp_story_subflow *initial = connection->initial;

	return role == MPTCP_CLIENT || !initial || !initial->syn.count || initial->ack.option;
}

static bool prints_closed(const struct mptcp_story_connection *connection, enum mptcp_role role)
{
	if (!has_token(connection, role))
		return false;
	if (connection->fastclose.packetid) /* the peer's socket is gone without a word */
		return connection->fastclose_by == role;
	/* without a DATA_FIN, and not knowing of a fallback, the host waits for other subflows */
	return connection->fell_back[role] ||
		(connection->to[0].fin.packetid && connection->to[1].fin.packetid);
}

enum mptcp_kernel_event mptcp_story_kernel_closed(const struct mptcp_story_connection *connection)
{
	for (enum mptcp_role role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++)
		if (mptcp_story_has_monitor(connection) && is_here(connection, role) &&
			prints_closed(connection, role))
			return MPTCP_KERNEL_CLOSED;
	return MPTCP_KERNEL_NONE;
}

/* The client closes the socket that it could not connect; the server never had one. */
enum mptcp_kernel_event mptcp_story_kernel_connect_failed(
	const struct mptcp_story_connection *connection)
{
	return connection && mptcp_story_has_monitor(connection) &&
			is_here(connection, MPTCP_CLIENT)
		? MPTCP_KERNEL_CLOSED
		: MPTCP_KERNEL_NONE;
}

/* Linux reports SF_CLOSED only while the connection is not being closed itself. */
static bool prints_subflow_closed(const struct mptcp_story_subflow *subflow, enum mptcp_role tcp)
{
	const struct mptcp_story_connection *connection = subflow->connection;
	enum mptcp_role role = mptcp_story_role(subflow, tcp);

	if (connection->to[0].fin.packetid || connection->to[1].fin.packetid ||
		connection->fastclose.packetid)
		return false;
	if (subflow->kind != MPTCP_KIND_JOIN)
		return subflow->established && has_token(connection, role) &&
			!connection->fell_back[role];
	if (subflow->ends[tcp].mp_fail.packetid) /* it resets the subflow itself */
		return false;
	return tcp == MPTCP_CLIENT ? subflow->synack.count > 0 || !subflow->syn.count
				   : subflow->established;
}

enum mptcp_kernel_event mptcp_story_kernel_subflow_closed(const struct mptcp_story_subflow *subflow)
{
	for (enum mptcp_role tcp = MPTCP_CLIENT; tcp <= MPTCP_SERVER; tcp++)
		if (mptcp_story_has_monitor(subflow->connection) &&
			is_here(subflow->connection, mptcp_story_role(subflow, tcp)) &&
			prints_subflow_closed(subflow, tcp))
			return MPTCP_KERNEL_SF_CLOSED;
	return MPTCP_KERNEL_NONE;
}

static bool prints_established(const struct mptcp_story_subflow *subflow, enum mptcp_role role)
{
	/* the client: when an option of the server confirms the connection */
	return role == MPTCP_SERVER || subflow->ends[MPTCP_SERVER].signalled;
}

enum mptcp_kernel_event mptcp_story_kernel_handshake(const struct mptcp_story_subflow *subflow,
	const struct mptcp_event *event)
{
	const struct mptcp_story_connection *connection = subflow->connection;

	if (!connection || !mptcp_story_has_monitor(connection))
		return MPTCP_KERNEL_NONE;
	if (event->kind == MPTCP_EVENT_JOIN_ACK) {
		/* the host that joins takes it for established with its third ACK */
		bool joiner = is_here(connection, subflow->client_role);

		return subflow->established || (joiner && strcmp(event->reason, "hmac_wrong"))
			? MPTCP_KERNEL_SF_ESTABLISHED
			: MPTCP_KERNEL_NONE;
	}
	if (event->kind == MPTCP_EVENT_CAPABLE_SYNACK)
		return event->has_key &&
				(is_here(connection, MPTCP_CLIENT) ||
					has_token(connection, MPTCP_SERVER))
			? MPTCP_KERNEL_CREATED
			: MPTCP_KERNEL_NONE;
	if (event->kind != MPTCP_EVENT_CAPABLE_ACK)
		return MPTCP_KERNEL_NONE;
	for (enum mptcp_role role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++)
		if (is_here(connection, role) && prints_established(subflow, role))
			return MPTCP_KERNEL_ESTABLISHED;
	return MPTCP_KERNEL_NONE;
}

/* A packet that leaves its sender's host, or comes in at its receiver's, as the interface says.
 * Where both directions come in, the capture was taken between the hosts. */
static void see_direction(const struct mptcp_look *look)
{
	struct mptcp_story_connection *connection = look->connection;
	bool out = look->packet->direction == MPTCP_OUT;
	enum mptcp_role here = out ? look->role : mptcp_role_peer(look->role);
	enum mptcp_vantage vantage =
		here == MPTCP_CLIENT ? MPTCP_VANTAGE_CLIENT : MPTCP_VANTAGE_SERVER;

	connection->between |=
		connection->vantage != MPTCP_VANTAGE_UNKNOWN && connection->vantage != vantage;
	connection->vantage = connection->between ? MPTCP_VANTAGE_UNKNOWN : vantage;
}

/* At the end where the shorter of SYN to SYN/ACK and SYN/ACK to ACK lies; unknown where they differ
 * by less than a factor of two. */
void mptcp_story_see_vantage(const struct mptcp_look *look)
{
	const struct mptcp_story_subflow *subflow = look->subflow;

	if (!look->connection)
		return;
	if (mptcp_packet_has(look->packet, MPTCP_COLUMN_direction)) {
		see_direction(look);
		return;
	}
	if (look->connection->vantage != MPTCP_VANTAGE_UNKNOWN || look->connection->between)
		return;
	if (subflow->syn.count != 1 || subflow->synack.count != 1 || subflow->ack.count != 1 ||
		subflow->ack_late)
		return;
	int64_t server = subflow->synack.first.abstime - subflow->syn.first.abstime;
	int64_t client = subflow->ack.first.abstime - subflow->synack.first.abstime;

	if (server < 0 || client < 0 || (server < 2 * client && client < 2 * server))
		return;
	enum mptcp_role near = server < client ? MPTCP_SERVER : MPTCP_CLIENT;
	look->connection->vantage = mptcp_story_role(subflow, near) == MPTCP_CLIENT
		? MPTCP_VANTAGE_CLIENT
		: MPTCP_VANTAGE_SERVER;
}
