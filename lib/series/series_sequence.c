/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series_sequence: seq, segments and acknowledgements by sequence number, for each subflow; seq_sf,
 * which data each subflow carried: what was reinjected, and where.
 */
#include "array.h"
#include "direction.h"
#include "sequence.h"
#include "series_event.h"
#include "series_module.h"

#include <stdlib.h>

/* Subflows in which the cause of a reinjection is looked for, the newest: more than any host has at
 * once. */
#define CAUSES_MOST 256

struct subflow {
	/* seq */
	struct mptcp_direction direction[2];
	uint64_t acked[2], edge[2]; /* the highest so far, of this direction's data */
	/* seq_sf, by DSN + MPTCP_DSN_ORIGIN */
	bool noted;
	uint32_t tcpstream;
	uint32_t line[2];
	struct mptcp_intervals sent[2], drawn[2];
	struct mptcp_intervals cause[2];      /* sent here, and reinjected later */
	struct mptcp_intervals reinjected[2]; /* sent before, and reinjected here */
};

struct connection {
	struct subflow **subflows; /* of series->subflows, in order of appearance */
	size_t count, capacity;
	struct mptcp_fate_data data[2];
	bool shown; /* what the packet does is drawn */
};

/* The acknowledgement, and the edge of the window, of data that goes to `to`. */
static int put_acknowledgement(struct mptcp_series *series, struct subflow *subflow,
	const struct mptcp_packet *packet, enum mptcp_role to)
{
	const struct mptcp_direction *direction = &subflow->direction[to];

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_tcpack) || !direction->numbered ||
		packet->tcpflags & (MPTCP_RST | MPTCP_SYN)) /* in a SYN, it is not scaled */
		return 0;
	uint64_t acked = mptcp_sequence_extend(direction->end, packet->tcpack);
	uint64_t edge = acked + packet->rwnd;
	uint32_t line = mptcp_series_subflow_line(series, packet, to);
	struct mptcp_series_value x = mptcp_series_time(packet->reltime);
	if (line == MPTCP_SERIES_NO_LINE)
		return -1;
	if (acked > subflow->acked[to]) {
		subflow->acked[to] = acked;
		mptcp_series_put(series, line, MPTCP_POINT_ACK, x,
			mptcp_series_position(acked - MPTCP_SEQUENCE_ORIGIN));
	}
	if (edge > subflow->edge[to]) {
		subflow->edge[to] = edge;
		mptcp_series_put(series, line, MPTCP_POINT_WINDOW, x,
			mptcp_series_position(edge - MPTCP_SEQUENCE_ORIGIN));
	}
	return 0;
}

static int add_seq(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct subflow *subflow = series->subflow;
	enum mptcp_role to = packet->mptcpdest, from = mptcp_role_peer(to);
	uint64_t position = 0;

	if (mptcp_direction_add(&subflow->direction[to], packet, &position))
		return -1;
	if (packet->tcplen && mptcp_series_wants(series, to)) {
		uint32_t line = mptcp_series_subflow_line(series, packet, to);

		if (line == MPTCP_SERIES_NO_LINE)
			return -1;
		position -= MPTCP_SEQUENCE_ORIGIN;
		mptcp_series_put_segment(series, line, mptcp_series_kind_of(packet),
			(struct mptcp_series_segment){mptcp_series_time(packet->reltime),
				mptcp_series_position(position),
				mptcp_series_position(position + packet->tcplen)});
	}
	return mptcp_series_wants(series, from) ? put_acknowledgement(series, subflow, packet, from)
						: 0;
}

static int note_subflow(struct connection *connection, struct subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct subflow **subflows = mptcp_array_append(connection->subflows, &connection->count,
		&connection->capacity, sizeof(struct subflow *));

	if (!subflows)
		return -1;
	connection->subflows = subflows;
	connection->subflows[connection->count - 1] = subflow;
	subflow->tcpstream = packet->tcpstream;
	subflow->noted = true;
	return 0;
}

/* What of the data that is reinjected a subflow had sent before. */
static int note_cause(struct subflow *subflow, enum mptcp_role to, struct mptcp_interval data)
{
	const struct mptcp_intervals *sent = &subflow->sent[to];

	struct mptcp_place place = mptcp_intervals_find(sent, data.start);

	for (const struct mptcp_interval *range;
		(range = mptcp_intervals_at(sent, place)) && range->start < data.end;
		place = mptcp_ordered_next(&sent->ranges, place)) {
		struct mptcp_interval both = *range;

		both.start = both.start > data.start ? both.start : data.start;
		both.end = both.end < data.end ? both.end : data.end;
		if (mptcp_intervals_add(&subflow->cause[to], both.start, both.end, NULL))
			return -1;
	}
	return 0;
}

static int note_reinjection(struct connection *connection, struct subflow *subflow,
	enum mptcp_role to, struct mptcp_interval data)
{
	size_t i = connection->count > CAUSES_MOST ? connection->count - CAUSES_MOST : 0;

	for (; i < connection->count; i++)
		if (note_cause(connection->subflows[i], to, data))
			return -1;
	return mptcp_intervals_add(&subflow->reinjected[to], data.start, data.end, NULL);
}

static int note_part(struct connection *connection, struct subflow *subflow, enum mptcp_role to,
	const struct mptcp_fate_part *part)
{
	struct mptcp_interval data = {part->bytes.dsn + MPTCP_DSN_ORIGIN,
		part->bytes.dsn + part->bytes.length + MPTCP_DSN_ORIGIN};
	bool reinjected = part->fate == MPTCP_FATE_REINJECTED;

	if (!part->bytes.mapped || data.end < data.start ||
		(part->fate != MPTCP_FATE_FIRST_COPY && !reinjected))
		return 0;
	if (connection->shown && reinjected && note_reinjection(connection, subflow, to, data))
		return -1;
	if (connection->shown &&
		mptcp_intervals_add(&subflow->drawn[to], data.start, data.end, NULL))
		return -1;
	return mptcp_intervals_add(&subflow->sent[to], data.start, data.end, NULL);
}

static int add_seq_sf(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct connection *connection = series->connection;
	struct subflow *subflow = series->subflow;
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_fate_walk walk;
	struct mptcp_fate_part part;
	enum mptcp_result got;

	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack))
		mptcp_fate_data_ack(&connection->data[mptcp_role_peer(to)], packet->dack);
	if (!packet->tcplen || !mptcp_series_wants(series, to))
		return 0;
	if (!subflow->noted && note_subflow(connection, subflow, packet))
		return -1;
	connection->shown = mptcp_series_shows(series, packet->reltime);
	subflow->line[to] = mptcp_series_subflow_line(series, packet, to);
	if (subflow->line[to] == MPTCP_SERIES_NO_LINE)
		return -1;
	mptcp_direction_begin(&subflow->direction[to], packet, &walk);
	while ((got = mptcp_direction_next(&subflow->direction[to], &walk, &connection->data[to],
			&part)) == MPTCP_ROW)
		if (note_part(connection, subflow, to, &part))
			return -1;
	return got == MPTCP_FAILED ? -1 : 0;
}

static void put_ranges(struct mptcp_series *series, const struct subflow *subflow,
	enum mptcp_role to, enum mptcp_series_kind kind, const struct mptcp_intervals *ranges)
{
	struct mptcp_place place = mptcp_ordered_begin(&ranges->ranges);

	for (const struct mptcp_interval *range; (range = mptcp_intervals_at(ranges, place));
		place = mptcp_ordered_next(&ranges->ranges, place))
		mptcp_series_put_segment(series, subflow->line[to], kind,
			(struct mptcp_series_segment){mptcp_series_count(subflow->tcpstream),
				mptcp_series_position(range->start - MPTCP_DSN_ORIGIN),
				mptcp_series_position(range->end - MPTCP_DSN_ORIGIN)});
}

static int end_seq_sf(struct mptcp_series *series)
{
	for (size_t i = 0; i < series->subflows.count; i++) {
		const struct subflow *subflow = series->subflows.items[i];

		for (enum mptcp_role to = MPTCP_CLIENT; to <= MPTCP_SERVER; to++) {
			put_ranges(series, subflow, to, MPTCP_POINT_DATA, &subflow->drawn[to]);
			put_ranges(series, subflow, to, MPTCP_POINT_CAUSE, &subflow->cause[to]);
			put_ranges(series, subflow, to, MPTCP_POINT_REINJECTION,
				&subflow->reinjected[to]);
		}
	}
	return 0;
}

static void release_subflow(void *item)
{
	struct subflow *subflow = item;

	for (int to = 0; to < 2; to++) {
		mptcp_direction_clear(&subflow->direction[to]);
		mptcp_intervals_clear(&subflow->sent[to]);
		mptcp_intervals_clear(&subflow->drawn[to]);
		mptcp_intervals_clear(&subflow->cause[to]);
		mptcp_intervals_clear(&subflow->reinjected[to]);
	}
}

static void release_connection(void *item)
{
	struct connection *connection = item;

	free(connection->subflows);
	mptcp_fate_data_clear(&connection->data[0]);
	mptcp_fate_data_clear(&connection->data[1]);
}

const struct mptcp_series_module mptcp_series_seq = {.add = add_seq,
	.subflow_size = sizeof(struct subflow),
	.release_subflow = release_subflow};
const struct mptcp_series_module mptcp_series_seq_sf = {.add = add_seq_sf,
	.end = end_seq_sf,
	.connection_size = sizeof(struct connection),
	.subflow_size = sizeof(struct subflow),
	.release_connection = release_connection,
	.release_subflow = release_subflow};
