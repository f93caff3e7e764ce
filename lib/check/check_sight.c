/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_sight: what a packet, or a moment that is over, is about, and the parts that look at it.
 * See check_parts.h. */
#include "check_parts.h"

#include <stdlib.h>

static bool recall_own(struct mptcp_sight *sight)
{
	struct mptcp_story_subflow *subflow = sight->subflow;

	if (!subflow->own)
		subflow->own = calloc(1, sizeof(struct mptcp_check_stream));
	sight->stream = subflow->own;
	sight->connection = subflow->connection;
	if (sight->connection && !sight->connection->own)
		sight->connection->own = calloc(1, sizeof(struct mptcp_check_connection));
	sight->whole = sight->connection ? sight->connection->own : NULL;
	if (!sight->stream || (sight->connection && !sight->whole))
		sight->check->failed = true;
	return !sight->check->failed;
}

/* Who sends, and what is known of both ends; `to` is the TCP role of the receiver. */
static void set_ends(struct mptcp_sight *sight, enum mptcp_role to)
{
	sight->from = mptcp_role_peer(to);
	sight->role = mptcp_story_role(sight->subflow, sight->from);
	sight->way = &sight->stream->ways[sight->from];
	sight->back = &sight->stream->ways[to];
	sight->data = sight->whole ? &sight->whole->data[sight->role] : NULL;
	sight->peer = sight->whole ? &sight->whole->data[mptcp_role_peer(sight->role)] : NULL;
}

void mptcp_check_recall(struct mptcp_sight *sight, struct mptcp_check *check,
	struct mptcp_story_subflow *subflow, const struct mptcp_moment *moment)
{
	*sight = (struct mptcp_sight){.check = check, .subflow = subflow, .moment = *moment};
	if (recall_own(sight))
		set_ends(sight, mptcp_check_end_of(subflow, moment->mptcpdest));
}

static void look(const struct mptcp_sight *sight)
{
	mptcp_check_hygiene(sight);
	if (sight->signals || sight->packet->tcpflags & (MPTCP_SYN | MPTCP_RST))
		mptcp_check_options(sight);
	if (sight->packet->tcpflags & MPTCP_SYN || sight->subtypes & MPTCP_CHECK_BIT(MP_CAPABLE))
		mptcp_check_handshake(sight);
	mptcp_check_joins(sight);
	if (!sight->connection)
		return;
	if (sight->signals)
		mptcp_check_addresses(sight);
	mptcp_check_acks(sight);
	mptcp_check_mappings(sight);
	mptcp_check_data_fin(sight);
	mptcp_check_ends(sight);
	mptcp_check_bare(sight);
	if (sight->check->payload)
		mptcp_check_payload(sight);
}

static void set_numbers(struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	struct mptcp_check_way *way = sight->way;

	if (!way->first.packetid)
		way->reference = MPTCP_SEQUENCE_ORIGIN;
	sight->position = mptcp_sequence_extend(way->reference, packet->tcpseq);
	sight->acked = sight->back->acked;
	sight->is_new = packet->tcplen &&
		!(mptcp_packet_has(packet, MPTCP_COLUMN_retransmission) &&
			packet->retransmission) &&
		!mptcp_packet_has(packet, MPTCP_COLUMN_reinjection_of);
}

void mptcp_check_examine(struct mptcp_check *check, const struct mptcp_packet *packet,
	struct mptcp_story_subflow *subflow)
{
	struct mptcp_sight sight = {.check = check,
		.packet = packet,
		.subflow = subflow,
		.subtypes = mptcp_packet_subtypes(packet),
		.moment = mptcp_moment_of(packet)};
	struct mptcp_signals signals;

	check->mptcp |= sight.subtypes || subflow->connection;
	if (!recall_own(&sight))
		return;
	set_ends(&sight, packet->tcpdest);
	if (sight.connection)
		sight.whole->turn++;
	else
		sight.moment.mptcpdest = packet->tcpdest;
	if (mptcp_signals_read(&signals, packet))
		sight.signals = &signals;
	set_numbers(&sight);
	look(&sight);
}
