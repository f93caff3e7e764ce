/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence.h"

#include "array.h"
#include "options.h"

#include <stdlib.h>
#include <string.h>

const char *mptcp_evidence_name(enum mptcp_evidence_kind kind)
{
	static const char *const names[] = {"", "keys", "token", "nonce", "isn", "addresses"};

	return names[kind];
}

void mptcp_evidence_clear(struct mptcp_evidence *evidence)
{
	free(evidence->streams);
	free(evidence->connections);
	mptcp_numbers_clear(&evidence->stream_index);
	mptcp_numbers_clear(&evidence->connection_index);
	mptcp_sketch_clear(&evidence->sketch);
	*evidence = (struct mptcp_evidence){0};
}

/* The first value stays: a later one that differs is damage, or the next user of the port. */
static void learn(struct mptcp_known *known, uint64_t value)
{
	if (!known->is)
		*known = (struct mptcp_known){true, value};
}

static void set_ends(struct mptcp_endpoint ends[2], enum mptcp_role to,
	const struct mptcp_packet *packet)
{
	ends[to] = (struct mptcp_endpoint){packet->ipdst, packet->dport};
	ends[!to] = (struct mptcp_endpoint){packet->ipsrc, packet->sport};
}

struct mptcp_evidence_stream *mptcp_evidence_stream(const struct mptcp_evidence *evidence,
	uint32_t tcpstream)
{
	uint32_t index = mptcp_numbers_get(&evidence->stream_index, tcpstream);

	return index == MPTCP_NUMBERS_NONE ? NULL : &evidence->streams[index];
}

/* The index of the packet's connection, MPTCP_NOT_MATCHED for none or when memory ran out. */
static uint32_t find_connection(struct mptcp_evidence *evidence, const struct mptcp_packet *packet)
{
	uint32_t index = mptcp_numbers_get(&evidence->connection_index, packet->mptcpstream);

	if (index != MPTCP_NUMBERS_NONE)
		return index;
	void *array = mptcp_array_append(evidence->connections, &evidence->connection_count,
		&evidence->connection_capacity, sizeof(*evidence->connections));
	if (!array)
		return MPTCP_NOT_MATCHED;
	evidence->connections = array;
	index = (uint32_t)evidence->connection_count - 1;
	struct mptcp_evidence_connection *connection = &evidence->connections[index];
	*connection = (struct mptcp_evidence_connection){.mptcpstream = packet->mptcpstream,
		.match.peer = MPTCP_NOT_MATCHED};
	set_ends(connection->ends, packet->mptcpdest, packet);
	return mptcp_numbers_set(&evidence->connection_index, packet->mptcpstream, index)
		? MPTCP_NOT_MATCHED
		: index;
}

static struct mptcp_evidence_stream *find_stream(struct mptcp_evidence *evidence,
	const struct mptcp_packet *packet)
{
	struct mptcp_evidence_stream *stream = mptcp_evidence_stream(evidence, packet->tcpstream);

	if (stream)
		return stream;
	void *array = mptcp_array_append(evidence->streams, &evidence->stream_count,
		&evidence->stream_capacity, sizeof(*evidence->streams));
	if (!array)
		return NULL;
	evidence->streams = array;
	stream = &evidence->streams[evidence->stream_count - 1];
	*stream = (struct mptcp_evidence_stream){.tcpstream = packet->tcpstream,
		.connection = MPTCP_NOT_MATCHED,
		.match.peer = MPTCP_NOT_MATCHED};
	set_ends(stream->ends, packet->tcpdest, packet);
	return mptcp_numbers_set(&evidence->stream_index, packet->tcpstream,
		       (uint32_t)evidence->stream_count - 1)
		? NULL
		: stream;
}

/* The nonce of a SYN or SYN/ACK with MP_JOIN. */
static void learn_nonce(struct mptcp_known *nonce, const struct mptcp_packet *packet)
{
	uint8_t bytes[40];
	struct mptcp_options options;
	int length = mptcp_options_from_text(bytes, packet->options.bytes, packet->options.length);

	if (length <= 0)
		return;
	mptcp_options_parse(&options, bytes, (size_t)length, packet->tcpflags);
	const struct mptcp_option_value *join = mptcp_options_find(&options, MPTCP_MP_JOIN);
	if (join && join->join.form != MPTCP_JOIN_ACK)
		learn(nonce, join->join.nonce);
}

static void add_handshake(struct mptcp_evidence_stream *stream,
	struct mptcp_evidence_connection *connection, const struct mptcp_packet *packet)
{
	enum mptcp_role tcp = mptcp_role_peer(packet->tcpdest);

	if (packet->tcpflags & MPTCP_SYN) {
		learn(&stream->isn[tcp], packet->tcpseq_raw);
		if (mptcp_packet_has(packet, MPTCP_COLUMN_tsval))
			learn(&stream->syn_tsval[tcp], packet->tsval);
		if (mptcp_packet_subtypes(packet) & 1U << MPTCP_MP_JOIN &&
			mptcp_packet_has(packet, MPTCP_COLUMN_options))
			learn_nonce(&stream->nonce[tcp], packet);
	}
	if (!connection)
		return;
	enum mptcp_role mptcp = mptcp_role_peer(packet->mptcpdest);
	if (mptcp_packet_subtypes(packet) & 1U << MPTCP_MP_CAPABLE) {
		if (mptcp_packet_has(packet, MPTCP_COLUMN_sendkey)) {
			learn(&stream->key[tcp], packet->sendkey);
			learn(&connection->key[mptcp], packet->sendkey);
		}
		if (mptcp_packet_has(packet, MPTCP_COLUMN_recvkey)) {
			learn(&stream->key[!tcp], packet->recvkey);
			learn(&connection->key[!mptcp], packet->recvkey);
		}
	}
	if (mptcp_packet_has(packet, MPTCP_COLUMN_expected_token))
		learn(&connection->token[mptcp], packet->expected_token);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_recvtok))
		learn(&connection->token[!mptcp], packet->recvtok);
}

int mptcp_evidence_add(struct mptcp_evidence *evidence, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_evidence_stream *stream = find_stream(evidence, packet);
	struct mptcp_evidence_connection *connection = NULL;

	if (!stream)
		return mptcp_error_memory(error);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream)) {
		stream->connection = find_connection(evidence, packet);
		if (stream->connection == MPTCP_NOT_MATCHED)
			return mptcp_error_memory(error);
		connection = &evidence->connections[stream->connection];
		stream->client = packet->tcpdest == MPTCP_CLIENT
			? packet->mptcpdest
			: mptcp_role_peer(packet->mptcpdest);
	}
	if (!evidence->packets || packet->abstime < evidence->first)
		evidence->first = packet->abstime;
	if (!evidence->packets || packet->abstime > evidence->last)
		evidence->last = packet->abstime;
	evidence->packets++;
	enum mptcp_role from = mptcp_role_peer(packet->tcpdest);
	if (!stream->base[from].is)
		learn(&stream->base[from], packet->tcpseq_raw - packet->tcpseq);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tsval)) {
		learn(&stream->first_tsval[from], packet->tsval);
		stream->last_tsval[from] = (struct mptcp_known){true, packet->tsval};
	}
	if (packet->tcpflags & MPTCP_SYN || mptcp_packet_subtypes(packet) & ~(1U << MPTCP_DSS))
		add_handshake(stream, connection, packet);
	return mptcp_sketch_add(&evidence->sketch, packet, error);
}
