/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mib_data: what is counted of the data itself: reinjections and probes by their sender; holes,
 * repeated data and what is beyond the window by the receiver. See mib_parts.h.
 *
 * The receiver's kernel moves segments from the subflows when nobody holds the connection's socket,
 * so that what was in order on the wire may be out of order there, and the other way round: only
 * bounds are sure.
 */
#include "mib_parts.h"

#include "sequence.h"

/* Linux sends at most this much with one call, which is what MPTCPRetrans counts. */
#define CALL_BYTES 65536

static enum mptcp_role tcp_of(const struct mptcp_story_subflow *subflow, enum mptcp_role role)
{
	return role == subflow->client_role ? MPTCP_CLIENT : MPTCP_SERVER;
}

int mptcp_mib_reinjected(void *context, const struct mptcp_reinjection *row,
	struct mptcp_error *error)
{
	struct mptcp_mib *mib = context;
	const struct mptcp_story_subflow *subflow =
		mptcp_roster_subflow(&mib->story.roster, row->tcpstream);
	enum mptcp_role sender = mptcp_role_peer(row->mptcpdest);

	if (!subflow || !subflow->own)
		return 0;
	struct mptcp_mib_subflow *own = subflow->own;
	enum mptcp_role tcp = tcp_of(subflow, sender);
	bool goes_on = row->tcpseq == own->ssn[tcp] && own->run[tcp] + row->length <= CALL_BYTES;
	/* after the end of a subflow its data is sent as if it were new */
	bool sure = row->cause != MPTCP_CAUSE_SUBFLOW_CLOSED &&
		row->cause != MPTCP_CAUSE_REMOVE_ADDR && row->cause != MPTCP_CAUSE_REDUNDANT;
	struct mptcp_moment moment = {row->packetid, row->time, 0, row->mptcpdest};
	struct mptcp_mib_place place = {subflow, &moment, sender};

	moment.reltime = row->time - mib->origin;
	own->run[tcp] = goes_on ? own->run[tcp] + (uint32_t)row->length : (uint32_t)row->length;
	own->ssn[tcp] = row->tcpseq + (uint32_t)row->length;
	if (mptcp_mib_count(mib, &place, MPTCP_COUNTER_MPTCPRetrans,
		    (const int[3]){0, !goes_on && sure, 1}))
		return mptcp_error_memory(error);
	return 0;
}

/* What the receiver does with data that is new to its TCP. */
static int receive(struct mptcp_mib *mib, const struct mptcp_mib_place *place,
	const struct mptcp_fate_bytes *bytes, bool repeated)
{
	struct mptcp_mib_connection *connection = place->subflow->connection->own;
	struct mptcp_fate_data *data = &connection->to[place->role];
	/* data that one subflow carries is in order */
	bool several = place->subflow->connection->subflows->next || repeated;
	uint64_t known = data->data_ack.known ? data->data_ack.highest : 1;
	bool hole = mptcp_direction_above_hole(&data->dsns, mptcp_fate_data_key(data, known),
		mptcp_fate_data_key(data, bytes->dsn));
	uint64_t end = bytes->dsn + bytes->length;
	bool beyond = connection->has_window[place->role] &&
		mptcp_sequence_ahead(end, connection->window[place->role]) > 0;

	if (!several && !hole && !beyond)
		return 0;
	return mptcp_mib_count(mib, place, MPTCP_COUNTER_OFOQueue,
		       (const int[3]){0, hole && !beyond, 1}) ||
			mptcp_mib_count(mib, place, MPTCP_COUNTER_OFOQueueTail,
				(const int[3]){0, hole && !beyond, 1}) ||
			mptcp_mib_count(mib, place, MPTCP_COUNTER_OFOMerge,
				(const int[3]){0, 0, 1}) ||
			mptcp_mib_count(mib, place, MPTCP_COUNTER_NoDSSInWindow,
				(const int[3]){0, beyond, 1}) ||
			(repeated &&
				mptcp_mib_count(mib, place, MPTCP_COUNTER_DuplicateData,
					(const int[3]){0, 1, 2}))
		? -1
		: 0;
}

static int carry(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet, const struct mptcp_fate_part *part)
{
	struct mptcp_moment moment = mptcp_moment_of(packet);
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_mib_place sent = {subflow, &moment, mptcp_role_peer(to)};
	struct mptcp_mib_place received = {subflow, &moment, to};

	if (part->fate == MPTCP_FATE_RETRANSMITTED || !part->bytes.mapped)
		return 0;
	if (part->fate == MPTCP_FATE_PROBE && mptcp_mib_one(mib, &sent, MPTCP_COUNTER_WinProbe))
		return -1;
	return receive(mib, &received, &part->bytes, part->fate != MPTCP_FATE_FIRST_COPY);
}

/* DATA_ACK and window, as the peer may use them. */
static void see_window(struct mptcp_mib_connection *connection, const struct mptcp_packet *packet)
{
	enum mptcp_role from = mptcp_role_peer(packet->mptcpdest);
	uint64_t end = packet->dack + packet->rwnd;

	mptcp_fate_data_ack(&connection->to[from], packet->dack);
	if (!connection->has_window[from] ||
		mptcp_sequence_ahead(end, connection->window[from]) > 0)
		connection->window[from] = end;
	connection->has_window[from] = true;
}

int mptcp_mib_data(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct mptcp_mib_subflow *own = subflow->own;
	struct mptcp_mib_connection *connection = subflow->connection->own;
	struct mptcp_direction *direction = &own->to[packet->tcpdest];
	struct mptcp_fate_walk walk;
	struct mptcp_fate_part part;
	enum mptcp_result got;

	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack))
		mptcp_direction_acknowledge(&own->to[mptcp_role_peer(packet->tcpdest)],
			packet->tcpack);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack) &&
		!(packet->tcpflags & (MPTCP_SYN | MPTCP_RST)))
		see_window(connection, packet);
	mptcp_direction_begin(direction, packet, &walk);
	while ((got = mptcp_direction_next(direction, &walk, &connection->to[packet->mptcpdest],
			&part)) == MPTCP_ROW)
		if (carry(mib, subflow, packet, &part))
			return -1;
	return got == MPTCP_FAILED ? -1 : 0;
}
