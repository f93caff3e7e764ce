/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reinjection_state: connections and subflows as far as reinjections need them. See
 * reinjection_parts.h. */
#include "reinjection_parts.h"

#include "array.h"
#include "sequence.h"

#include <stdlib.h>
#include <string.h>

#define OPTION(name) (1U << MPTCP_##name)
/* Subflows that a REMOVE_ADDR is compared with, the newest: more than any host has at once. */
#define REMOVED_MOST 256
/* Fewer connections than this are not searched. */
#define FORGET_FROM 1024

struct mptcp_reinjections_subflow *mptcp_reinjections_find(const struct mptcp_reinjections *all,
	uint32_t tcpstream)
{
	struct mptcp_reinjections_subflow *subflow;

	HASH_FIND(hh, all->subflows, &tcpstream, sizeof(tcpstream), subflow);
	return subflow;
}

static struct mptcp_reinjections_connection *connection_of(struct mptcp_reinjections *all,
	uint32_t mptcpstream)
{
	struct mptcp_reinjections_connection *connection;

	HASH_FIND(hh, all->connections, &mptcpstream, sizeof(mptcpstream), connection);
	if (connection)
		return connection;
	connection = calloc(1, sizeof(*connection));
	if (!connection)
		return NULL;
	connection->mptcpstream = mptcpstream;
	for (int i = 0; i < 2; i++) {
		connection->to[i].timeout_at = MPTCP_REINJECTIONS_NEVER;
		connection->ended[i].time = MPTCP_REINJECTIONS_NEVER;
	}
	HASH_ADD(hh, all->connections, mptcpstream, sizeof(mptcpstream), connection);
	if (!connection->hh.tbl) {
		free(connection);
		return NULL;
	}
	return connection;
}

struct mptcp_reinjections_subflow *mptcp_reinjections_subflow_of(struct mptcp_reinjections *all,
	const struct mptcp_packet *packet)
{
	struct mptcp_reinjections_subflow *subflow =
		mptcp_reinjections_find(all, packet->tcpstream);

	if (subflow)
		return subflow;
	struct mptcp_reinjections_connection *connection = connection_of(all, packet->mptcpstream);
	subflow = connection ? calloc(1, sizeof(*subflow)) : NULL;
	if (!subflow)
		return NULL;
	subflow->tcpstream = packet->tcpstream;
	HASH_ADD(hh, all->subflows, tcpstream, sizeof(subflow->tcpstream), subflow);
	if (!subflow->hh.tbl) {
		free(subflow);
		return NULL;
	}
	subflow->client_role = packet->tcpdest == MPTCP_SERVER ? mptcp_role_peer(packet->mptcpdest)
							       : packet->mptcpdest;
	for (int end = 0; end < 2; end++) {
		subflow->sent[end].highest = subflow->sent[end].fate.acked = MPTCP_SEQUENCE_ORIGIN;
		subflow->sent[end].failed_at = MPTCP_REINJECTIONS_NEVER;
		subflow->ended[end] = MPTCP_REINJECTIONS_NEVER;
	}
	subflow->connection = connection;
	subflow->next = connection->subflows;
	connection->subflows = subflow;
	connection->open++;
	return subflow;
}

static void forget(struct mptcp_reinjections *all, struct mptcp_reinjections_connection *connection)
{
	while (connection->subflows) {
		struct mptcp_reinjections_subflow *subflow = connection->subflows;

		connection->subflows = subflow->next;
		for (int end = 0; end < 2; end++) {
			mptcp_fate_sent_clear(&subflow->sent[end].fate);
			free(subflow->sent[end].acks.list);
		}
		HASH_DELETE(hh, all->subflows, subflow);
		free(subflow);
	}
	for (int role = 0; role < 2; role++) {
		mptcp_copies_clear(&connection->to[role].copies);
		mptcp_fate_data_clear(&connection->to[role].data);
		free(connection->to[role].acks.list);
	}
	HASH_DELETE(hh, all->connections, connection);
	free(connection);
}

void mptcp_reinjections_forget(struct mptcp_reinjections *all, int64_t now)
{
	struct mptcp_reinjections_connection *connection, *next;

	if (HASH_COUNT(all->connections) < FORGET_FROM ||
		HASH_COUNT(all->connections) < 2 * all->kept)
		return;
	for (connection = all->connections; connection; connection = next) {
		next = connection->hh.next;
		if (!connection->open && !connection->waiting &&
			now - connection->last > MPTCP_REINJECTIONS_OVER)
			forget(all, connection);
	}
	all->kept = HASH_COUNT(all->connections);
}

void mptcp_reinjections_forget_all(struct mptcp_reinjections *all)
{
	struct mptcp_reinjections_connection *connection, *next;

	for (connection = all->connections; connection; connection = next) {
		next = connection->hh.next;
		forget(all, connection);
	}
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

/* Only the first time counts: a RST comes for each segment that was under way. */
static void note_end(struct mptcp_reinjections_subflow *subflow, enum mptcp_reinjections_end how,
	int64_t now)
{
	struct mptcp_reinjections_connection *connection = subflow->connection;

	if (subflow->ended[how] != MPTCP_REINJECTIONS_NEVER)
		return;
	subflow->ended[how] = now;
	connection->ended[how] = (struct mptcp_reinjections_ending){now,
		{connection->to[0].highest, connection->to[1].highest}};
}

/* REMOVE_ADDR takes away addresses of its sender: the subflows that use them. */
static void add_removal(struct mptcp_reinjections_connection *connection,
	const struct mptcp_packet *packet, const struct mptcp_option_value *removal)
{
	enum mptcp_role sender = mptcp_role_peer(packet->mptcpdest);
	struct mptcp_reinjections_subflow *subflow = connection->subflows;

	for (unsigned left = REMOVED_MOST; subflow && left; subflow = subflow->next, left--) {
		const struct mptcp_reinjections_sent *end =
			mptcp_reinjections_sent(subflow, sender);

		for (unsigned id = 0; end->has_addrid && id < removal->remove.count; id++)
			if (removal->remove.address_ids[id] == end->addrid)
				note_end(subflow, MPTCP_ENDS_REMOVED, packet->abstime);
	}
}

static void add_options(struct mptcp_reinjections_subflow *subflow,
	const struct mptcp_packet *packet, const struct mptcp_options *options)
{
	struct mptcp_reinjections_connection *connection = subflow->connection;
	/* what the packet's sender refuses was sent by the other end */
	struct mptcp_reinjections_sent *refused = &subflow->sent[packet->tcpdest];
	const struct mptcp_reinjections_direction *data =
		&connection->to[mptcp_role_peer(packet->mptcpdest)];

	for (size_t i = 0; i < options->count; i++) {
		const struct mptcp_option_value *option = &options->values[i];

		if (option->subtype == MPTCP_MP_FASTCLOSE)
			note_end(subflow, MPTCP_ENDS_CLOSED, packet->abstime);
		if (option->subtype == MPTCP_REMOVE_ADDR)
			add_removal(connection, packet, option);
		if (option->subtype == MPTCP_MP_FAIL &&
			refused->failed_at == MPTCP_REINJECTIONS_NEVER) {
			refused->failed_at = packet->abstime;
			refused->failed_dsn =
				data->has_base ? option->fail.dsn - data->base : data->data_ack;
		}
	}
}

void mptcp_reinjections_signals(struct mptcp_reinjections_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct mptcp_reinjections_sent *sent = &subflow->sent[mptcp_role_peer(packet->tcpdest)];
	struct mptcp_signals signals;
	bool any = mptcp_signals_read(&signals, packet);

	add_handshake(subflow, packet, any ? &signals : NULL);
	if (packet->tcpflags & (MPTCP_RST | MPTCP_FIN))
		note_end(subflow, MPTCP_ENDS_CLOSED, packet->abstime);
	sent->fin |= (packet->tcpflags & MPTCP_FIN) != 0;
	if (!subflow->over &&
		(packet->tcpflags & MPTCP_RST || (subflow->sent[0].fin && subflow->sent[1].fin))) {
		subflow->over = true;
		subflow->connection->open--;
	}
	if (any)
		add_options(subflow, packet, &signals.options);
}

/* Notes an advance; what is older than every row that waits is no longer of use. */
static int advance(struct mptcp_reinjections_history *history, uint64_t to, uint64_t packetid,
	uint64_t oldest)
{
	if (oldest == UINT64_MAX)
		history->count = 0;
	if (history->count == history->capacity) {
		size_t old = 0;

		while (old < history->count && history->list[old].packetid < oldest)
			old++;
		history->count -= old;
		if (old)
			memmove(history->list, history->list + old,
				history->count * sizeof(*history->list));
	}
	if (oldest == UINT64_MAX)
		return 0;
	struct mptcp_reinjections_advance *list = mptcp_array_append(history->list, &history->count,
		&history->capacity, sizeof(*list));

	if (!list)
		return -1;
	history->list = list;
	list[history->count - 1] = (struct mptcp_reinjections_advance){to, packetid};
	return 0;
}

int mptcp_reinjections_acknowledge(struct mptcp_reinjections_subflow *subflow,
	const struct mptcp_packet *packet, uint64_t oldest)
{
	struct mptcp_reinjections_sent *peer = &subflow->sent[packet->tcpdest];
	/* the packet's sender acknowledges what it received */
	struct mptcp_reinjections_direction *data =
		&subflow->connection->to[mptcp_role_peer(packet->mptcpdest)];

	/* a RST acknowledges what its sender throws away */
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack) && !(packet->tcpflags & MPTCP_RST)) {
		uint64_t acked = mptcp_sequence_extend(peer->highest, packet->tcpack);

		if (acked > peer->fate.acked) {
			mptcp_fate_acknowledge(&peer->fate, acked);
			if (advance(&peer->acks, acked, packet->packetid, oldest))
				return -1;
		}
	}
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_dack))
		return 0;
	mptcp_fate_data_ack(&data->data, packet->dack);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack_raw)) {
		data->base = packet->dack_raw - packet->dack;
		data->has_base = true;
	}
	if (mptcp_sequence_ahead(data->data.data_ack.highest, data->data_ack) <= 0)
		return 0;
	data->data_ack = data->data.data_ack.highest;
	data->waiting_since = packet->abstime;
	return advance(&data->acks, data->data_ack, packet->packetid, oldest);
}
