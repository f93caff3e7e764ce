/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_time: attr, the columns of packets over time; interarrival and xinterarrival, the times
 * between packets that follow one another by DSN, or between DATA_ACKs. */
#include "array.h"
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

/* The first packet that carried data, or brought a DATA_ACK. */
struct arrival {
	uint64_t start, end; /* DSNs; of a DATA_ACK: both its value */
	int64_t time;
	uint32_t line;
};

struct arrivals {
	struct arrival *list;
	size_t count, capacity;
	uint64_t highest; /* DATA_ACK; where count > 0 */
};

struct connection {
	struct arrivals to[2];
};

struct state {
	struct mptcp_series_states connections;
};

static int keep(struct arrivals *arrivals, struct arrival arrival)
{
	if (arrival.line == MPTCP_SERIES_NO_LINE)
		return -1;
	struct arrival *list = mptcp_array_append(arrivals->list, &arrivals->count,
		&arrivals->capacity, sizeof(*list));
	if (!list)
		return -1;
	arrivals->list = list;
	arrivals->list[arrivals->count - 1] = arrival;
	return 0;
}

static int add_arrival(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct state *state = series->state;
	struct connection *connection =
		mptcp_series_state(&state->connections, packet->mptcpstream, sizeof(*connection));
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_piece piece;

	if (!connection)
		return -1;
	if (series->options.dack) {
		to = mptcp_role_peer(to);
		struct arrivals *arrivals = &connection->to[to];
		if (!mptcp_packet_has(packet, MPTCP_COLUMN_dack) ||
			!mptcp_series_wants(series, to) ||
			(arrivals->count &&
				mptcp_sequence_ahead(packet->dack, arrivals->highest) <= 0))
			return 0;
		arrivals->highest = packet->dack;
		return keep(arrivals,
			(struct arrival){packet->dack, packet->dack, packet->reltime,
				mptcp_series_subflow_line(series, packet, to)});
	}
	if (!packet->tcplen || !mptcp_series_wants(series, to))
		return 0;
	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece);)
		if (keep(&connection->to[to],
			    (struct arrival){piece.dsn, piece.dsn + piece.length, packet->reltime,
				    mptcp_series_subflow_line(series, packet, to)}))
			return -1;
	return 0;
}

/* By first DSN; of copies of the same data the earliest first. Few places apart from the order of
 * arrival, but for that qsort is good enough. */
static int by_start(const void *a, const void *b)
{
	const struct arrival *first = a, *second = b;
	int64_t ahead = mptcp_sequence_ahead(first->start, second->start);

	if (ahead)
		return ahead < 0 ? -1 : 1;
	return first->time < second->time ? -1 : first->time > second->time;
}

/* A packet and the next one that begins where it ended; with DATA_ACKs, the next higher one. */
static void sample_arrivals(struct mptcp_series *series, struct arrivals *arrivals)
{
	bool across_only = series->info->module == &mptcp_series_xinterarrival;
	const struct arrival *before = NULL;

	if (!arrivals->count)
		return;
	qsort(arrivals->list, arrivals->count, sizeof(*arrivals->list), by_start);
	for (size_t i = 0; i < arrivals->count; i++) {
		const struct arrival *now = &arrivals->list[i];
		bool dack = series->options.dack;

		/* later copies */
		if (before && !dack && mptcp_sequence_ahead(now->end, before->end) <= 0)
			continue;
		if (before && (dack || now->start == before->end) &&
			!(across_only && now->line == before->line))
			mptcp_series_sample(series, now->line, now->time - before->time);
		before = now;
	}
}

#define TIME_BINS 50

static int end_arrivals(struct mptcp_series *series)
{
	struct state *state = series->state;

	for (size_t i = 0; i < state->connections.count; i++) {
		struct connection *connection = state->connections.items[i];

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

	free(connection->to[0].list);
	free(connection->to[1].list);
}

static void release(void *item)
{
	struct state *state = item;

	mptcp_series_states_release(&state->connections, release_connection);
}

const struct mptcp_series_module mptcp_series_interarrival = {sizeof(struct state), add_arrival,
	end_arrivals, release};
const struct mptcp_series_module mptcp_series_xinterarrival = {sizeof(struct state), add_arrival,
	end_arrivals, release};
