/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reinjection_state: connections and subflows as far as reinjections need them. See
 * reinjection_parts.h. */
#include "reinjection_parts.h"

#include "array.h"
#include "sequence.h"

#define OPTION(name) (1U << MPTCP_##name)
/* Positions begin here, so that what was captured before the first packet is not negative. */
#define POSITION_START (UINT64_C(1) << 32)

struct mptcp_reinjections_connection *mptcp_reinjections_connection_of(
	struct mptcp_reinjections *all, uint32_t mptcpstream)
{
	uint32_t index = mptcp_numbers_get(&all->connection_index, mptcpstream);
	struct mptcp_reinjections_connection *grown;

	if (index != MPTCP_NUMBERS_NONE)
		return &all->connections[index];
	grown = mptcp_array_append(all->connections, &all->connection_count,
		&all->connection_capacity, sizeof(*grown));
	if (!grown)
		return NULL;
	all->connections = grown;
	index = (uint32_t)all->connection_count - 1;
	grown[index].subflows = MPTCP_REINJECTIONS_NONE;
	return mptcp_numbers_set(&all->connection_index, mptcpstream, index) ? NULL : &grown[index];
}

size_t mptcp_reinjections_subflow_of(struct mptcp_reinjections *all,
	struct mptcp_reinjections_connection *connection, const struct mptcp_packet *packet)
{
	uint32_t index = mptcp_numbers_get(&all->subflow_index, packet->tcpstream);
	struct mptcp_reinjections_subflow *subflow;

	if (index != MPTCP_NUMBERS_NONE)
		return index;
	subflow = mptcp_array_append(all->subflows, &all->subflow_count, &all->subflow_capacity,
		sizeof(*subflow));
	if (!subflow)
		return MPTCP_REINJECTIONS_NONE;
	all->subflows = subflow;
	index = (uint32_t)all->subflow_count - 1;
	subflow += index;
	subflow->client_role = packet->tcpdest == MPTCP_SERVER ? mptcp_role_peer(packet->mptcpdest)
							       : packet->mptcpdest;
	subflow->number = connection->subflow_count;
	for (int end = 0; end < 2; end++)
		subflow->sent[end].highest = subflow->sent[end].acked = POSITION_START;
	subflow->next = connection->subflows;
	connection->subflows = index;
	if (connection->subflow_count < 63)
		connection->subflow_count++;
	return mptcp_numbers_set(&all->subflow_index, packet->tcpstream, index)
		? MPTCP_REINJECTIONS_NONE
		: index;
}

/* The handshake: its round-trip time, from SYN to third ACK wherever it was captured, and the
 * identifiers of the addresses (RFC 8684 section 3.2; the initial subflow's are 0). */
static void add_handshake(struct mptcp_reinjections_subflow *subflow,
	const struct mptcp_packet *packet, const struct mptcp_signals *signals)
{
	enum mptcp_role from = mptcp_role_peer(packet->tcpdest);
	const struct mptcp_option_value *join =
		signals ? mptcp_options_find(&signals->options, MPTCP_MP_JOIN) : NULL;

	if (!(packet->tcpflags & MPTCP_SYN)) {
		if (from == MPTCP_CLIENT && subflow->has_syn_time && !subflow->has_rtt) {
			subflow->rtt = packet->abstime - subflow->syn_time;
			subflow->has_rtt = true;
		}
		return;
	}
	if (!(packet->tcpflags & MPTCP_ACK)) {
		subflow->syn_time = packet->abstime; /* of the last one, if it had to be repeated */
		subflow->has_syn_time = true;
	}
	if (join) {
		subflow->sent[from].addrid = join->join.address_id;
		subflow->sent[from].has_addrid = true;
	} else if (mptcp_packet_subtypes(packet) & OPTION(MP_CAPABLE)) {
		subflow->sent[0].has_addrid = subflow->sent[1].has_addrid = true;
	}
}

/* REMOVE_ADDR takes away addresses of its sender: the subflows that use them. */
static void add_removal(struct mptcp_reinjections *all,
	const struct mptcp_reinjections_connection *connection, enum mptcp_role sender,
	const struct mptcp_option_value *removal)
{
	for (size_t i = connection->subflows; i != MPTCP_REINJECTIONS_NONE;
		i = all->subflows[i].next) {
		struct mptcp_reinjections_subflow *subflow = &all->subflows[i];
		const struct mptcp_reinjections_sent *end =
			&subflow->sent[subflow->client_role == sender ? MPTCP_CLIENT
								      : MPTCP_SERVER];

		for (unsigned id = 0; end->has_addrid && id < removal->remove.count; id++)
			if (removal->remove.address_ids[id] == end->addrid)
				subflow->removed = true;
	}
}

void mptcp_reinjections_signals(struct mptcp_reinjections *all,
	const struct mptcp_reinjections_connection *connection,
	struct mptcp_reinjections_subflow *subflow, const struct mptcp_packet *packet)
{
	struct mptcp_signals signals;
	bool any = mptcp_signals_read(&signals, packet);

	add_handshake(subflow, packet, any ? &signals : NULL);
	if (packet->tcpflags & (MPTCP_RST | MPTCP_FIN))
		subflow->closed = true;
	for (size_t i = 0; any && i < signals.options.count; i++) {
		if (signals.options.values[i].subtype == MPTCP_MP_FASTCLOSE)
			subflow->closed = true;
		if (signals.options.values[i].subtype == MPTCP_REMOVE_ADDR)
			add_removal(all, connection, mptcp_role_peer(packet->mptcpdest),
				&signals.options.values[i]);
	}
}

bool mptcp_reinjections_acknowledgements(struct mptcp_reinjections_subflow *subflow,
	struct mptcp_reinjections_direction *acknowledged, const struct mptcp_packet *packet)
{
	struct mptcp_reinjections_sent *peer = &subflow->sent[packet->tcpdest];
	bool advanced = false;

	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack)) {
		uint64_t acked = mptcp_sequence_extend(peer->highest, packet->tcpack);

		if (acked > peer->acked) {
			peer->acked = acked;
			peer->progress_at = packet->abstime;
			advanced = true;
		}
	}
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack) &&
		mptcp_sequence_ahead(packet->dack, acknowledged->data_ack) > 0) {
		acknowledged->data_ack = packet->dack;
		acknowledged->waiting_since = packet->abstime;
		advanced = true;
	}
	return advanced;
}
