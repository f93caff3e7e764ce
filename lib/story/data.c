/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * data: the data of a connection in each direction: what its numbers count from, and its DATA_FIN.
 * See story_parts.h; sections are of RFC 8684.
 */
#include "story_parts.h"

bool mptcp_story_base(const struct mptcp_story_connection *connection, enum mptcp_role to,
	uint64_t *base)
{
	const struct mptcp_key *key = mptcp_keys_chosen(&connection->keys, mptcp_role_peer(to));

	*base = key ? key->idsn : connection->to[to].base;
	return key || connection->to[to].has_base;
}

/* Section 3.3.3: the DATA_FIN has the last number of its mapping. */
int mptcp_story_data_fin(const struct mptcp_look *look)
{
	const struct mptcp_packet *packet = look->packet;
	struct mptcp_story_data *to = &look->connection->to[packet->mptcpdest];
	struct mptcp_event event;
	uint64_t base;

	if (to->fin.packetid || !mptcp_packet_has(packet, MPTCP_COLUMN_datafin) || !packet->datafin)
		return 0;
	to->fin = look->moment;
	event = mptcp_story_event(look->subflow, &look->moment, MPTCP_EVENT_DATA_FIN);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dss_dsn) &&
		mptcp_packet_has(packet, MPTCP_COLUMN_dss_length) && packet->dss_length &&
		mptcp_story_base(look->connection, packet->mptcpdest, &base)) {
		uint64_t near = to->has_base ? to->highest : base;
		uint64_t dsn = packet->dss_dsn >> 32
			? packet->dss_dsn
			: mptcp_sequence_extend(near, (uint32_t)packet->dss_dsn);

		event.has_dsn = to->has_fin_dsn = true;
		event.dsn = to->fin_dsn = dsn + packet->dss_length - 1 - base;
	}
	return mptcp_story_put(look->story, &event);
}

void mptcp_story_data_ack(const struct mptcp_look *look)
{
	struct mptcp_story_data *data = &look->connection->to[look->role];

	if (data->has_fin_dsn && mptcp_packet_has(look->packet, MPTCP_COLUMN_dack) &&
		mptcp_sequence_ahead(look->packet->dack, data->fin_dsn) > 0)
		data->fin_acked = true;
}
