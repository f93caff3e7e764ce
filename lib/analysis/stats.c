/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This file takes the packets, stats_rows.c makes the rows. */
#include "stats.h"

#include "options.h"
#include "piece.h"
#include "sequence.h"

#include <stdlib.h>
#include <string.h>

#define OPTION(name) (1U << MPTCP_##name)

static void clear_subflow(struct mptcp_stats_subflow *subflow)
{
	for (int role = 0; role < 2; role++) {
		mptcp_direction_clear(&subflow->to[role].bytes);
		mptcp_acks_clear(&subflow->to[role].acks);
		mptcp_intervals_clear(&subflow->to[role].mapped);
		mptcp_histogram_clear(&subflow->to[role].rtt);
	}
}

static void free_subflow(void *own)
{
	clear_subflow(own);
	free(own);
}

static void free_connection(void *own)
{
	struct mptcp_stats_connection *connection = own;

	for (int role = 0; role < 2; role++) {
		mptcp_fate_data_clear(&connection->to[role].data);
		mptcp_rtt_clear(&connection->to[role].rtt);
	}
	free(connection);
}

void mptcp_stats_clear(struct mptcp_stats *stats)
{
	mptcp_story_clear(&stats->story);
	free(stats->rows);
	*stats = (struct mptcp_stats){0};
}

/*
 * A mapping is announced by each of its segments, and again when they are retransmitted: it is new
 * if it covers any subflow sequence number that none did before.
 */
static int add_mapping(struct mptcp_stats_subflow_direction *flow,
	const struct mptcp_packet *packet, bool counts)
{
	uint32_t start, length = mptcp_signals_mapping(packet, &start);
	uint64_t added;

	if (!length ||
		(flow->any_mapping && start == (uint32_t)flow->last_ssn &&
			length == flow->last_length))
		return 0;
	uint64_t ssn = mptcp_sequence_extend(
		flow->any_mapping ? flow->last_ssn : MPTCP_SEQUENCE_ORIGIN, start);
	flow->any_mapping = true;
	flow->last_ssn = ssn;
	flow->last_length = length;
	if (mptcp_intervals_add(&flow->mapped, ssn, ssn + length, &added))
		return -1;
	flow->mappings += counts && added > 0;
	return 0;
}

/* The DSS option and MP_CAPABLE: mappings, the DATA_FIN, where data begins. */
static int add_options(struct mptcp_stats_connection *connection,
	struct mptcp_stats_subflow *subflow, const struct mptcp_packet *packet, bool counts)
{
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_stats_connection_direction *direction = &connection->to[to];

	if (packet->subtype & OPTION(MP_CAPABLE)) /* then numbers are relative to the IDSN */
		for (int role = 0; role < 2; role++) {
			connection->to[role].numbered = connection->to[role].from_start = true;
			connection->to[role].first_dsn = 1;
		}
	if (packet->subtype & OPTION(DSS)) {
		bool mapping = mptcp_packet_has(packet, MPTCP_COLUMN_dss_length);

		/* an infinite mapping covers no subflow sequence number: it is counted once */
		if (mapping && !packet->dss_length) {
			subflow->to[to].mappings += counts && !subflow->infinite;
			subflow->infinite = true;
			return 0;
		}
		if (mapping && mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin &&
			mptcp_packet_has(packet, MPTCP_COLUMN_dss_dsn)) {
			direction->has_fin = true;
			direction->fin_raw = (uint32_t)packet->dss_dsn + packet->dss_length - 1;
		}
	}
	return add_mapping(&subflow->to[to], packet, counts);
}

/* Data begins with the lowest number seen, unless the handshake has shown it. */
static void see_number(struct mptcp_stats_connection_direction *direction, uint64_t dsn)
{
	if (!direction->numbered ||
		(!direction->from_start && mptcp_sequence_ahead(dsn, direction->first_dsn) < 0))
		direction->first_dsn = dsn;
	direction->numbered = true;
}

/* How far DATA_ACKs went beyond the first DSN; the DATA_FIN counts one. */
static uint64_t numbers_acked(const struct mptcp_stats_connection_direction *direction)
{
	int64_t acked = mptcp_sequence_ahead(direction->rtt.data_ack.highest, direction->first_dsn);

	return direction->acknowledged && acked > 0 ? (uint64_t)acked : 0;
}

/* For the period: how far DATA_ACKs had come before it, and have by now. */
static void mark_acked(struct mptcp_stats_connection_direction *direction, bool counts)
{
	direction->ack = direction->rtt.data_ack.highest;
	direction->fin_acked = direction->has_fin &&
		mptcp_sequence_ahead32(direction->last_ack_raw, direction->fin_raw) > 0;
	if (counts)
		return;
	direction->acked_before = true;
	direction->ack_before = direction->ack;
	direction->fin_before = direction->fin_acked;
}

uint64_t mptcp_stats_acked(const struct mptcp_stats_connection_direction *direction)
{
	uint64_t from = direction->first_dsn;

	if (direction->acked_before && mptcp_sequence_ahead(direction->ack_before, from) > 0)
		from = direction->ack_before;
	int64_t acked = mptcp_sequence_ahead(direction->ack, from);

	if (!direction->acknowledged || acked <= 0)
		return 0;
	return (uint64_t)acked - (direction->fin_acked && !direction->fin_before);
}

/* What a subflow carried to a role, most often the one that the packet came over. NULL: it went to
 * another connection, and is forgotten. */
static struct mptcp_stats_subflow_direction *direction_of(const struct mptcp_stats *stats,
	const struct mptcp_story_subflow *recent, uint32_t tcpstream, enum mptcp_role to)
{
	const struct mptcp_story_subflow *carrier = recent->tcpstream == tcpstream
		? recent
		: mptcp_roster_subflow(&stats->story.roster, tcpstream);
	struct mptcp_stats_subflow *subflow = carrier ? carrier->own : NULL;

	return subflow ? &subflow->to[to] : NULL;
}

/* A DATA_ACK for data of the other direction: round-trip times of what it acknowledges. */
static int add_data_ack(struct mptcp_stats *stats, const struct mptcp_story_subflow *placed,
	const struct mptcp_packet *packet)
{
	struct mptcp_stats_connection *connection = placed->connection->own;
	enum mptcp_role of = mptcp_role_peer(packet->mptcpdest);
	struct mptcp_stats_connection_direction *direction = &connection->to[of];
	struct mptcp_rtt_sample sample;

	see_number(direction, packet->dack);
	direction->acknowledged = true;
	mptcp_fate_data_ack(&direction->data, packet->dack);
	bool moved = mptcp_rtt_acknowledge(&direction->rtt, packet->dack, packet->abstime);

	if (moved && mptcp_packet_has(packet, MPTCP_COLUMN_dack_raw))
		direction->last_ack_raw = (uint32_t)packet->dack_raw;
	if (stats->counts || packet->reltime < stats->selection->from)
		mark_acked(direction, stats->counts);
	if (!moved)
		return 0;
	while (mptcp_rtt_next(&direction->rtt, &sample)) {
		struct mptcp_stats_subflow_direction *flow =
			direction_of(stats, placed, sample.flow, of);

		if (!flow)
			continue;
		if (!stats->counts)
			continue;
		flow->acked += sample.length;
		if (sample.measured && mptcp_histogram_add(&flow->rtt, (uint64_t)sample.rtt))
			return -1;
	}
	return 0;
}

/* Data that was not sent before. */
static void add_first_copy(struct mptcp_stats_connection_direction *direction,
	struct mptcp_stats_subflow_direction *flow, const struct mptcp_fate_bytes *bytes)
{
	uint64_t known = direction->first_dsn + numbers_acked(direction);
	int64_t ahead = mptcp_sequence_ahead(known, bytes->dsn);

	/* acknowledged already, as it can be where several interfaces capture */
	if (ahead > 0)
		flow->acked += (uint64_t)ahead < bytes->length ? (uint64_t)ahead : bytes->length;
	if (mptcp_direction_above_hole(&direction->data.dsns,
		    mptcp_fate_data_key(&direction->data, known),
		    mptcp_fate_data_key(&direction->data, bytes->dsn)))
		direction->out_of_order += bytes->length;
}

/* Counts the payload by its fate. */
static int add_payload(const struct mptcp_story_subflow *placed,
	struct mptcp_stats_subflow_direction *flow,
	struct mptcp_stats_connection_direction *direction, struct mptcp_fate_walk *walk,
	bool counts)
{
	const struct mptcp_packet *packet = walk->packet;
	struct mptcp_fate_part part;
	enum mptcp_result got;

	if (counts && direction->carried && direction->data_subflow != packet->tcpstream)
		direction->switches++;
	direction->carried = true;
	direction->data_subflow = packet->tcpstream;
	while ((got = mptcp_direction_next(&flow->bytes, walk, &direction->data, &part)) ==
		MPTCP_ROW) {
		if (part.bytes.mapped) {
			if (mptcp_rtt_send(&direction->rtt, part.bytes.dsn, part.bytes.length,
				    packet->abstime, packet->tcpstream))
				return -1;
			see_number(direction, part.bytes.dsn);
			if (counts && part.fate == MPTCP_FATE_FIRST_COPY)
				add_first_copy(direction, flow, &part.bytes);
			continue;
		}
		if (!counts)
			continue;
		if (packet->tcpflags & MPTCP_SYN)
			flow->syn_bytes = packet->tcplen;
		else if (part.fate == MPTCP_FATE_UNMAPPED)
			mptcp_bare_bytes_add(&flow->bare, placed, packet, part.bytes.length);
	}
	return got == MPTCP_FAILED ? -1 : 0;
}

/* What a packet shows of the times of its own direction, and of what the other one carried. */
static int add_segment(const struct mptcp_stats *stats, struct mptcp_stats_subflow *subflow,
	const struct mptcp_packet *packet, enum mptcp_role to)
{
	bool counts = stats->counts;
	struct mptcp_stats_subflow_direction *flow = &subflow->to[to];
	struct mptcp_stats_subflow_direction *other = &subflow->to[mptcp_role_peer(to)];
	int64_t silence = flow->bytes.packets ? packet->abstime - flow->bytes.last : 0;

	flow->bytes.outside = !counts;
	if (counts && silence > flow->idle)
		flow->idle = silence;
	if (counts && packet->tcplen)
		flow->last_data = packet->abstime;
	if (mptcp_acks_add(&other->acks, &other->bytes, packet, counts))
		return -1;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack))
		mptcp_direction_acknowledge(&other->bytes, packet->tcpack);
	if (counts)
		other->tcp_acked = other->bytes.payload.acked;
	else if (packet->reltime < stats->selection->from)
		other->tcp_before = other->bytes.payload.acked;
	return 0;
}

static int add_packet(struct mptcp_stats *stats, const struct mptcp_story_subflow *placed,
	const struct mptcp_packet *packet)
{
	struct mptcp_stats_subflow *subflow = placed->own;
	struct mptcp_stats_connection *connection = placed->connection->own;
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_stats_subflow_direction *flow = &subflow->to[to];
	struct mptcp_fate_walk walk;

	if (mptcp_packet_subtypes(packet) &&
		add_options(connection, subflow, packet, stats->counts))
		return -1;
	if (add_segment(stats, subflow, packet, to))
		return -1;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack) && add_data_ack(stats, placed, packet))
		return -1;
	mptcp_direction_begin(&flow->bytes, packet, &walk);
	if (!packet->tcplen)
		return 0;
	return mptcp_segments_send(&flow->acks.segments, walk.position, packet->tcplen,
		       packet->abstime) ||
			add_payload(placed, flow, &connection->to[to], &walk, stats->counts)
		? -1
		: 0;
}

/* A packet of a TCP connection without MPTCP. */
static int add_plain(struct mptcp_stats *stats, struct mptcp_stats_subflow *subflow,
	const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->tcpdest;
	struct mptcp_stats_subflow_direction *flow = &subflow->to[to];
	struct mptcp_stats_subflow_direction *other = &subflow->to[mptcp_role_peer(to)];
	uint64_t position = 0;

	/* all that acknowledges data is TCP */
	other->acks.segments.all = stats->counts ? &other->rtt : NULL;
	return add_segment(stats, subflow, packet, to) ||
			mptcp_direction_add(&flow->bytes, packet, &position) ||
			mptcp_segments_send(&flow->acks.segments, position, packet->tcplen,
				packet->abstime)
		? -1
		: 0;
}

/* What is counted for a subflow, or NULL when memory ran out. What was counted while it had no
 * connection was of other roles, and is dropped when it has one. */
static struct mptcp_stats_subflow *own_subflow(struct mptcp_story_subflow *placed)
{
	struct mptcp_stats_subflow *subflow = placed->own;

	if (!subflow) {
		subflow = placed->own = calloc(1, sizeof(*subflow));
		if (subflow)
			subflow->plain = !placed->connection;
	} else if (subflow->plain && placed->connection) {
		clear_subflow(subflow);
		*subflow = (struct mptcp_stats_subflow){0};
	}
	return subflow;
}

static int count(struct mptcp_stats *stats, struct mptcp_story_subflow *placed,
	const struct mptcp_packet *packet)
{
	struct mptcp_story_connection *connection = placed->connection;

	if (!connection) {
		if (!stats->selection ||
			!mptcp_selection_takes_tcp(stats->selection, placed->tcpstream))
			return 0;
		return own_subflow(placed) ? add_plain(stats, placed->own, packet) : -1;
	}
	if (!connection->own)
		connection->own = calloc(1, sizeof(struct mptcp_stats_connection));
	return connection->own && own_subflow(placed) ? add_packet(stats, placed, packet) : -1;
}

int mptcp_stats_add(struct mptcp_stats *stats, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_story_subflow *placed;

	stats->counts = !stats->selection ||
		mptcp_selection_takes_moment(stats->selection, packet->reltime);
	stats->story.without_events = true;
	stats->story.with_tcp = stats->selection && mptcp_selection_with_tcp(stats->selection);
	stats->story.roster.free_subflow_own = free_subflow;
	stats->story.roster.free_connection_own = free_connection;
	if (mptcp_story_add(&stats->story, packet, &placed, error))
		return -1;
	return placed && count(stats, placed, packet) ? mptcp_error_memory(error) : 0;
}
