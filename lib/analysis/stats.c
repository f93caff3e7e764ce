/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats: see stats.h. This file takes the packets, stats_rows.c makes the rows. */
#include "stats.h"

#include "options.h"
#include "piece.h"
#include "sequence.h"

#include <stdlib.h>
#include <string.h>

#define OPTION(name) (1U << MPTCP_##name)

static void release_half(struct mptcp_stats_half *half)
{
	mptcp_direction_release(&half->bytes);
	mptcp_intervals_release(&half->mapped);
	mptcp_histogram_release(&half->rtt);
}

void mptcp_stats_release(struct mptcp_stats *stats)
{
	for (size_t i = 0; i < stats->subflow_count; i++)
		for (int role = 0; role < 2; role++)
			release_half(&stats->subflows[i].to[role]);
	for (size_t i = 0; i < stats->connection_count; i++)
		for (int role = 0; role < 2; role++) {
			mptcp_fate_data_clear(&stats->connections[i].to[role].data);
			mptcp_rtt_release(&stats->connections[i].to[role].rtt);
		}
	mptcp_numbers_release(&stats->connection_index);
	mptcp_numbers_release(&stats->subflow_index);
	free(stats->connections);
	free(stats->subflows);
	free(stats->rows);
	*stats = (struct mptcp_stats){0};
}

static struct mptcp_stats_connection *new_connection(struct mptcp_stats *stats,
	uint32_t mptcpstream)
{
	if (stats->connection_count == stats->connection_capacity) {
		size_t capacity = stats->connection_capacity ? 2 * stats->connection_capacity : 4;
		struct mptcp_stats_connection *grown =
			realloc(stats->connections, capacity * sizeof(*grown));

		if (!grown)
			return NULL;
		stats->connections = grown;
		stats->connection_capacity = capacity;
	}
	if (mptcp_numbers_set(&stats->connection_index, mptcpstream,
		    (uint32_t)stats->connection_count))
		return NULL;
	struct mptcp_stats_connection *connection = &stats->connections[stats->connection_count++];
	*connection = (struct mptcp_stats_connection){.mptcpstream = mptcpstream};
	return connection;
}

static struct mptcp_stats_subflow *new_subflow(struct mptcp_stats *stats,
	const struct mptcp_packet *packet)
{
	uint32_t connection = mptcp_numbers_get(&stats->connection_index, packet->mptcpstream);

	if (connection == MPTCP_NUMBERS_NONE) {
		connection = (uint32_t)stats->connection_count;
		if (!new_connection(stats, packet->mptcpstream))
			return NULL;
	}
	if (stats->subflow_count == stats->subflow_capacity) {
		size_t capacity = stats->subflow_capacity ? 2 * stats->subflow_capacity : 4;
		struct mptcp_stats_subflow *grown =
			realloc(stats->subflows, capacity * sizeof(*grown));

		if (!grown)
			return NULL;
		stats->subflows = grown;
		stats->subflow_capacity = capacity;
	}
	if (mptcp_numbers_set(&stats->subflow_index, packet->tcpstream,
		    (uint32_t)stats->subflow_count))
		return NULL;
	struct mptcp_stats_subflow *subflow = &stats->subflows[stats->subflow_count++];
	*subflow = (struct mptcp_stats_subflow){.tcpstream = packet->tcpstream,
		.connection = connection};
	return subflow;
}

/*
 * A mapping is announced by each of its segments, and again when they are retransmitted: it is new
 * if it covers any subflow sequence number that none did before.
 */
static int add_mapping(struct mptcp_stats_half *half, const struct mptcp_packet *packet)
{
	uint32_t start, length = mptcp_signals_mapping(packet, &start);
	uint64_t added;

	if (!length ||
		(half->any_mapping && start == (uint32_t)half->last_ssn &&
			length == half->last_length))
		return 0;
	uint64_t ssn = mptcp_sequence_extend(
		half->any_mapping ? half->last_ssn : MPTCP_DIRECTION_ORIGIN, start);
	half->any_mapping = true;
	half->last_ssn = ssn;
	half->last_length = length;
	if (mptcp_intervals_add(&half->mapped, ssn, ssn + length, &added))
		return -1;
	half->mappings += added > 0;
	return 0;
}

/* An infinite mapping covers no subflow sequence number: it is counted once, with the fallback. */
static void fall_back(struct mptcp_stats_subflow *subflow, enum mptcp_role to, bool mapping)
{
	subflow->to[to].mappings += mapping && !subflow->fell_back;
	subflow->fell_back = true;
}

/* A DSS option: MPTCP is still on, and what was unmapped until now was so for another reason. */
static void go_on(struct mptcp_stats_subflow *subflow)
{
	subflow->fell_back = false;
	subflow->to[MPTCP_CLIENT].bare = subflow->to[MPTCP_SERVER].bare = 0;
}

/* The DSS option and MP_CAPABLE: mappings, the DATA_FIN, where data begins. */
static int add_options(struct mptcp_stats_connection *connection,
	struct mptcp_stats_subflow *subflow, const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_stats_whole *whole = &connection->to[to];

	subflow->join |= (packet->subtype & OPTION(MP_JOIN)) != 0;
	if (packet->subtype & OPTION(MP_CAPABLE)) /* then numbers are relative to the IDSN */
		for (int role = 0; role < 2; role++) {
			connection->to[role].numbered = connection->to[role].from_start = true;
			connection->to[role].first_dsn = 1;
		}
	if (packet->subtype & OPTION(DSS)) {
		bool mapping = mptcp_packet_has(packet, MPTCP_COLUMN_dss_length);

		subflow->dss[packet->tcpdest] = true;
		if (mapping && !packet->dss_length) {
			fall_back(subflow, to, true);
			return 0;
		}
		go_on(subflow);
		if (mapping && mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin &&
			mptcp_packet_has(packet, MPTCP_COLUMN_dss_dsn)) {
			whole->has_fin = true;
			whole->fin_raw = (uint32_t)packet->dss_dsn + packet->dss_length - 1;
		}
	}
	return add_mapping(&subflow->to[to], packet);
}

/* Data begins with the lowest number seen, unless the handshake has said so. */
static void see_number(struct mptcp_stats_whole *whole, uint64_t dsn)
{
	if (!whole->numbered ||
		(!whole->from_start && mptcp_sequence_ahead(dsn, whole->first_dsn) < 0))
		whole->first_dsn = dsn;
	whole->numbered = true;
}

/* A DATA_ACK for data of the other direction: round-trip times of what it acknowledges. */
static int add_data_ack(struct mptcp_stats *stats, struct mptcp_stats_connection *connection,
	const struct mptcp_packet *packet)
{
	enum mptcp_role of = mptcp_role_peer(packet->mptcpdest);
	struct mptcp_stats_whole *whole = &connection->to[of];
	struct mptcp_rtt_sample sample;

	see_number(whole, packet->dack);
	whole->acknowledged = true;
	mptcp_fate_data_ack(&whole->data, packet->dack);
	if (!mptcp_rtt_acknowledge(&whole->rtt, packet->dack, packet->abstime))
		return 0;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack_raw))
		whole->last_ack_raw = (uint32_t)packet->dack_raw;
	while (mptcp_rtt_next(&whole->rtt, &sample)) {
		uint32_t index = mptcp_numbers_get(&stats->subflow_index, sample.flow);
		struct mptcp_stats_half *half = &stats->subflows[index].to[of];

		half->acked += sample.length;
		if (sample.measured && mptcp_histogram_add(&half->rtt, (uint64_t)sample.rtt))
			return -1;
	}
	return 0;
}

uint64_t mptcp_stats_data_acked(const struct mptcp_stats_whole *whole)
{
	int64_t acked = mptcp_sequence_ahead(whole->rtt.data_ack.highest, whole->first_dsn);

	return whole->acknowledged && acked > 0 ? (uint64_t)acked : 0;
}

/* Data that was not sent before. */
static void add_first_copy(struct mptcp_stats_whole *whole, struct mptcp_stats_half *half,
	const struct mptcp_fate_bytes *bytes)
{
	uint64_t known = whole->first_dsn + mptcp_stats_data_acked(whole);
	int64_t ahead = mptcp_sequence_ahead(known, bytes->dsn);

	/* acknowledged already, as it can be where several interfaces capture */
	if (ahead > 0)
		half->acked += (uint64_t)ahead < bytes->length ? (uint64_t)ahead : bytes->length;
	if (mptcp_direction_above_hole(&whole->data.dsns, mptcp_fate_data_key(&whole->data, known),
		    mptcp_fate_data_key(&whole->data, bytes->dsn)))
		whole->out_of_order += bytes->length;
}

/* Counts the payload by its fate. */
static int add_payload(struct mptcp_stats_subflow *subflow, struct mptcp_stats_whole *whole,
	struct mptcp_fate_walk *walk)
{
	const struct mptcp_packet *packet = walk->packet;
	struct mptcp_stats_half *half = &subflow->to[packet->mptcpdest];
	struct mptcp_fate_part part;
	int got;

	if (whole->carried && whole->data_subflow != packet->tcpstream)
		whole->switches++;
	whole->carried = true;
	whole->data_subflow = packet->tcpstream;
	while ((got = mptcp_direction_next(&half->bytes, walk, &whole->data, &part)) > 0) {
		if (part.bytes.mapped) {
			if (mptcp_rtt_send(&whole->rtt, part.bytes.dsn, part.bytes.length,
				    packet->abstime, packet->tcpstream))
				return -1;
			see_number(whole, part.bytes.dsn);
			if (part.fate == MPTCP_FATE_FIRST_COPY)
				add_first_copy(whole, half, &part.bytes);
			continue;
		}
		if (packet->tcpflags & MPTCP_SYN) {
			half->syn_bytes = packet->tcplen;
			continue;
		}
		if (!(mptcp_packet_subtypes(packet) & OPTION(DSS)))
			fall_back(subflow, packet->mptcpdest, false);
		if (part.fate == MPTCP_FATE_UNMAPPED && subflow->fell_back)
			half->bare += part.bytes.length;
	}
	return got;
}

static int add_packet(struct mptcp_stats *stats, uint32_t index, const struct mptcp_packet *packet)
{
	struct mptcp_stats_subflow *subflow = &stats->subflows[index];
	struct mptcp_stats_connection *connection = &stats->connections[subflow->connection];
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_fate_walk walk;

	mptcp_handshake_add(&subflow->handshake, packet);
	if (mptcp_packet_subtypes(packet) && add_options(connection, subflow, packet))
		return -1;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack))
		mptcp_direction_acknowledge(&subflow->to[mptcp_role_peer(to)].bytes,
			packet->tcpack);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack) && add_data_ack(stats, connection, packet))
		return -1;
	mptcp_direction_begin(&subflow->to[to].bytes, packet, &walk);
	return packet->tcplen ? add_payload(subflow, &connection->to[to], &walk) : 0;
}

int mptcp_stats_add(struct mptcp_stats *stats, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream))
		return 0;
	uint32_t index = mptcp_numbers_get(&stats->subflow_index, packet->tcpstream);

	if (index == MPTCP_NUMBERS_NONE) {
		index = (uint32_t)stats->subflow_count;
		if (!new_subflow(stats, packet))
			return mptcp_error_memory(error);
	}
	return add_packet(stats, index, packet) ? mptcp_error_memory(error) : 0;
}
