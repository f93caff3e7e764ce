/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats: see stats.h. This file takes the packets, stats_rows.c makes the rows. */
#include "stats.h"

#include "options.h"
#include "piece.h"
#include "sequence.h"

#include <stdlib.h>
#include <string.h>

#define OPTION(name) (1U << MPTCP_##name)

/*
 * What a subflow carried is a stretch for each time the scheduler turned to it, so it grows with
 * packets. It is needed to tell data that came here before from data that came over another subflow
 * only. Of more than this many stretches, the lower half is forgotten: were such old data to come
 * here once more, it would count as reinjected.
 */
#define STRETCHES_MOST 65536

static void release_half(struct mptcp_stats_half *half)
{
	mptcp_direction_release(&half->bytes);
	mptcp_intervals_release(&half->data);
	mptcp_intervals_release(&half->plain);
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
			mptcp_intervals_release(&stats->connections[i].to[role].data);
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
 * if it covers any subflow sequence number that none did before. An infinite one (length 0) covers
 * none: it is counted once, with the fallback that it is.
 */
static int add_mapping(struct mptcp_stats_half *half, const struct mptcp_packet *packet)
{
	uint32_t length = packet->dss_length;
	uint64_t added;

	if (mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin)
		length--;
	if (!length) /* the DATA_FIN alone: maps no payload */
		return 0;
	if (half->any_mapping && packet->dss_ssn == (uint32_t)half->last_ssn &&
		length == half->last_length)
		return 0;
	uint64_t ssn = mptcp_sequence_extend(
		half->any_mapping ? half->last_ssn : MPTCP_DIRECTION_ORIGIN, packet->dss_ssn);
	half->any_mapping = true;
	half->last_ssn = ssn;
	half->last_length = length;
	if (mptcp_intervals_add(&half->mapped, ssn, ssn + length, &added))
		return -1;
	half->mappings += added > 0;
	return 0;
}

/* The DSS option and MP_CAPABLE: mappings, the DATA_FIN, where data begins. */
static int add_options(struct mptcp_stats_connection *connection,
	struct mptcp_stats_subflow *subflow, const struct mptcp_packet *packet)
{
	struct mptcp_stats_whole *whole = &connection->to[packet->mptcpdest];

	if (packet->subtype & OPTION(MP_CAPABLE)) /* then numbers are relative to the IDSN */
		for (int role = 0; role < 2; role++) {
			connection->to[role].numbered = connection->to[role].from_start = true;
			connection->to[role].first_dsn = 1;
		}
	if (!(packet->subtype & OPTION(DSS)))
		return 0;
	subflow->path = true;
	bool mapping = mptcp_packet_has(packet, MPTCP_COLUMN_dss_length);
	if (mapping && !packet->dss_length) {
		subflow->to[packet->mptcpdest].mappings += !subflow->fell_back;
		subflow->fell_back = true;
		return 0;
	}
	subflow->fell_back = false;
	if (mapping && mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin &&
		mptcp_packet_has(packet, MPTCP_COLUMN_dss_dsn)) {
		whole->has_fin = true;
		whole->fin_raw = (uint32_t)packet->dss_dsn + packet->dss_length - 1;
	}
	return mapping && mptcp_packet_has(packet, MPTCP_COLUMN_dss_ssn)
		? add_mapping(&subflow->to[packet->mptcpdest], packet)
		: 0;
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

	if (!whole->acknowledged)
		see_number(whole, packet->dack);
	whole->acknowledged = true;
	if (!mptcp_rtt_acknowledge(&whole->rtt, packet->dack, packet->abstime))
		return 0;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack_raw))
		whole->last_ack_raw = (uint32_t)packet->dack_raw;
	while (mptcp_rtt_next(&whole->rtt, &sample)) {
		struct mptcp_stats_half *half = &stats->subflows[sample.flow].to[of];

		half->acked += sample.length;
		if (sample.measured && mptcp_histogram_add(&half->rtt, (uint64_t)sample.rtt))
			return -1;
	}
	return 0;
}

/* Keeps the newer half of too many stretches. */
static void forget_stretches(struct mptcp_intervals *data)
{
	size_t old = data->count / 2;

	if (data->count <= STRETCHES_MOST)
		return;
	data->count -= old;
	memmove(data->ranges, data->ranges + old, data->count * sizeof(*data->ranges));
}

uint64_t mptcp_stats_data_acked(const struct mptcp_stats_whole *whole)
{
	int64_t acked = mptcp_sequence_ahead(whole->rtt.data_ack.highest, whole->first_dsn);

	return whole->acknowledged && acked > 0 ? (uint64_t)acked : 0;
}

/* How many numbers of the range are not in the set. */
static uint64_t missing(const struct mptcp_intervals *set, uint64_t start, uint64_t end)
{
	return end - start - mptcp_intervals_overlap(set, start, end);
}

/* A stretch of mapped data: whose first copy is it, and had another subflow carried it before? */
static int add_piece(struct mptcp_stats_whole *whole, struct mptcp_stats_half *half,
	const struct mptcp_piece *piece)
{
	uint64_t start = piece->dsn + MPTCP_STATS_ORIGIN, end = start + piece->length;
	uint64_t new_to_connection, new_here;

	if (end < start) /* damaged beyond sense; what wraps is left out of the sets */
		return 0;
	see_number(whole, piece->dsn);
	uint64_t known = whole->first_dsn + mptcp_stats_data_acked(whole) + MPTCP_STATS_ORIGIN;
	bool above = mptcp_direction_above_hole(&whole->data, known, start);
	if (known > start) /* acknowledged already, as it can be where several interfaces capture */
		half->acked += missing(&whole->data, start, known < end ? known : end);
	if (mptcp_intervals_add(&whole->data, start, end, &new_to_connection) ||
		mptcp_intervals_add(&half->data, start, end, &new_here))
		return -1;
	forget_stretches(&half->data);
	half->first_copy += new_to_connection;
	half->reinjected += new_here - new_to_connection;
	if (above)
		whole->out_of_order += new_to_connection;
	return 0;
}

/* Payload without a DSN counts by its position on the subflow. */
static int add_plain(struct mptcp_stats_half *half, uint64_t start, uint64_t end)
{
	uint64_t added;

	if (start >= end)
		return 0;
	if (mptcp_intervals_add(&half->plain, start, end, &added))
		return -1;
	half->first_copy += added;
	return 0;
}

static int add_payload(struct mptcp_stats *stats, uint32_t index, const struct mptcp_packet *packet,
	uint64_t position)
{
	struct mptcp_stats_subflow *subflow = &stats->subflows[index];
	struct mptcp_stats_half *half = &subflow->to[packet->mptcpdest];
	struct mptcp_stats_whole *whole =
		&stats->connections[subflow->connection].to[packet->mptcpdest];
	uint32_t offset = 0;
	struct mptcp_piece piece;

	if (whole->carried && whole->data_subflow != index)
		whole->switches++;
	whole->carried = true;
	whole->data_subflow = index;
	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece);) {
		if (add_plain(half, position + offset, position + piece.offset) ||
			add_piece(whole, half, &piece) ||
			mptcp_rtt_send(&whole->rtt, piece.dsn, piece.length, packet->abstime,
				index))
			return -1;
		offset = piece.offset + piece.length;
	}
	if (offset >= packet->tcplen)
		return 0;
	if (packet->tcpflags & MPTCP_SYN)
		half->syn_bytes = packet->tcplen;
	else if (!mptcp_packet_has(packet, MPTCP_COLUMN_subtype) ||
		!(packet->subtype & OPTION(DSS)))
		subflow->fell_back = true;
	return add_plain(half, position + offset, position + packet->tcplen);
}

static int add_packet(struct mptcp_stats *stats, uint32_t index, const struct mptcp_packet *packet)
{
	struct mptcp_stats_subflow *subflow = &stats->subflows[index];
	struct mptcp_stats_connection *connection = &stats->connections[subflow->connection];
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_stats_half *half = &subflow->to[to];
	uint64_t position = 0;

	mptcp_handshake_add(&subflow->handshake, packet);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_subtype) && packet->subtype &&
		add_options(connection, subflow, packet))
		return -1;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack))
		mptcp_direction_acknowledge(&subflow->to[mptcp_role_peer(to)].bytes,
			packet->tcpack);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack) && add_data_ack(stats, connection, packet))
		return -1;
	if (mptcp_direction_add(&half->bytes, packet, &position))
		return -1;
	return packet->tcplen ? add_payload(stats, index, packet, position) : 0;
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
