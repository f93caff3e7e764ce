/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_time: attr, the columns of packets over time; interarrival and xinterarrival, the times
 * between packets that follow one another by DSN, or between DATA_ACKs. */
#include "array.h"
#include "interval.h"
#include "piece.h"
#include "sequence.h"
#include "series_module.h"

#include <stdlib.h>

static struct mptcp_series_value column_value(const struct mptcp_packet *packet,
	enum mptcp_column_id id)
{
	const struct mptcp_column *column = &mptcp_columns[id];
	const char *member = (const char *)packet + column->offset;
	double number;

	if (id == MPTCP_COLUMN_dsn || id == MPTCP_COLUMN_dack)
		return mptcp_series_position(*(const uint64_t *)(const void *)member);
	/* what a double cannot hold */
	if (column->type == MPTCP_TYPE_U64)
		return mptcp_series_count(*(const uint64_t *)(const void *)member);
	if (column->type == MPTCP_TYPE_TIME)
		return mptcp_series_time(*(const int64_t *)(const void *)member);
	if (!mptcp_packet_number(packet, id, &number))
		return mptcp_series_none();
	return mptcp_series_count((uint64_t)number);
}

static int add_attributes(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest;

	if (!mptcp_series_wants(series, to))
		return 0;
	for (size_t i = 0; i < series->options.column_count; i++) {
		enum mptcp_column_id id = series->options.columns[i];

		if (!mptcp_packet_has(packet, id))
			continue;
		struct mptcp_series_value value = column_value(packet, id);
		uint32_t line = mptcp_series_subflow_line(series, packet, to);

		if (line == MPTCP_SERIES_NO_LINE)
			return -1;
		if (value.type != MPTCP_VALUE_NONE)
			mptcp_series_put(series, line + (uint32_t)i, MPTCP_POINT_VALUE,
				mptcp_series_time(packet->reltime), value);
	}
	return 0;
}

const struct mptcp_series_module mptcp_series_attr = {.add = add_attributes};

/* Data that a packet was the first to carry; or a DATA_ACK. */
struct arrival {
	uint64_t start, end; /* DSNs + MPTCP_DSN_ORIGIN; of a DATA_ACK: both its value */
	int64_t time;
	uint32_t line;
};

struct arrivals {
	struct arrival *list;
	size_t count, capacity;
	struct mptcp_intervals seen;  /* data */
	struct mptcp_reference acked; /* DATA_ACK */
};

struct connection {
	struct arrivals to[2];
};

static int keep(struct mptcp_series *series, struct arrivals *arrivals,
	const struct mptcp_packet *packet, enum mptcp_role to, struct mptcp_interval data)
{
	uint32_t line = mptcp_series_subflow_line(series, packet, to);
	struct arrival *list = line == MPTCP_SERIES_NO_LINE
		? NULL
		: mptcp_array_append(arrivals->list, &arrivals->count, &arrivals->capacity,
			  sizeof(*list));

	if (!list)
		return -1;
	arrivals->list = list;
	list[arrivals->count - 1] = (struct arrival){data.start, data.end, packet->reltime, line};
	return 0;
}

static int add_data_ack(struct mptcp_series *series, struct arrivals *arrivals,
	const struct mptcp_packet *packet, enum mptcp_role to)
{
	bool known = arrivals->acked.known;
	uint64_t before = arrivals->acked.highest;

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_dack))
		return 0;
	mptcp_reference_see(&arrivals->acked, packet->dack);
	if (known && arrivals->acked.highest == before)
		return 0;
	uint64_t dack = arrivals->acked.highest + MPTCP_DSN_ORIGIN;
	return keep(series, arrivals, packet, to, (struct mptcp_interval){dack, dack});
}

static int add_data(struct mptcp_series *series, struct arrivals *arrivals,
	const struct mptcp_packet *packet, enum mptcp_role to)
{
	struct mptcp_piece piece;
	struct mptcp_interval gap;

	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece);) {
		uint64_t start = piece.dsn + MPTCP_DSN_ORIGIN, end = start + piece.length;

		while (mptcp_intervals_gap(&arrivals->seen, start, end, &gap))
			if (keep(series, arrivals, packet, to, gap) ||
				mptcp_intervals_add(&arrivals->seen, gap.start, gap.end, NULL))
				return -1;
	}
	return 0;
}

static int add_arrival(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct connection *connection = series->connection;
	enum mptcp_role to =
		series->options.dack ? mptcp_role_peer(packet->mptcpdest) : packet->mptcpdest;

	if (!mptcp_series_wants(series, to))
		return 0;
	return (series->options.dack ? add_data_ack : add_data)(series, &connection->to[to], packet,
		to);
}

/* By DSN, which no two have in common. They are nearly in that order already, but qsort is good
 * enough. */
static int by_start(const void *a, const void *b)
{
	const struct arrival *first = a, *second = b;

	return first->start < second->start ? -1 : first->start > second->start;
}

/* Data and what begins where it ended; with DATA_ACKs, the next higher one. */
static void sample_arrivals(struct mptcp_series *series, struct arrivals *arrivals)
{
	bool across_only = series->info->module == &mptcp_series_xinterarrival;

	if (arrivals->count)
		qsort(arrivals->list, arrivals->count, sizeof(*arrivals->list), by_start);
	for (size_t i = 1; i < arrivals->count; i++) {
		const struct arrival *before = &arrivals->list[i - 1], *now = &arrivals->list[i];

		if ((series->options.dack || now->start == before->end) &&
			!(across_only && now->line == before->line) &&
			mptcp_series_shows(series, now->time))
			mptcp_series_sample(series, now->line, now->time - before->time);
	}
}

#define TIME_BINS 50

static int end_arrivals(struct mptcp_series *series)
{
	for (size_t i = 0; i < series->connections.count; i++) {
		struct connection *connection = series->connections.items[i];

		for (int to = 0; to < 2; to++)
			sample_arrivals(series, &connection->to[to]);
	}
	if (!series->options.bins)
		series->options.bins = TIME_BINS;
	return mptcp_series_spread(series, MPTCP_VALUE_TIME);
}

static void release_connection(void *item)
{
	struct connection *connection = item;

	for (int to = 0; to < 2; to++) {
		free(connection->to[to].list);
		mptcp_intervals_clear(&connection->to[to].seen);
	}
}

const struct mptcp_series_module mptcp_series_interarrival = {.add = add_arrival,
	.end = end_arrivals,
	.connection_size = sizeof(struct connection),
	.release_connection = release_connection};
const struct mptcp_series_module mptcp_series_xinterarrival = {.add = add_arrival,
	.end = end_arrivals,
	.connection_size = sizeof(struct connection),
	.release_connection = release_connection};
