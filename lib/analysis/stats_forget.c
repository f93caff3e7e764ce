/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats_forget: see stats_forget.h. */
#include "stats_forget.h"

#include <stdlib.h>

#define GONE UINT32_MAX

/* The times of the last packets by index of the connection; INT64_MIN where no packet has one. */
static int64_t *last_times(const struct mptcp_stats *stats, int64_t *newest)
{
	int64_t *last = malloc((stats->connection_count + 1) * sizeof(*last));

	*newest = INT64_MIN;
	for (size_t i = 0; last && i < stats->connection_count; i++)
		last[i] = INT64_MIN;
	for (size_t i = 0; last && i < stats->row_count; i++) {
		const struct mptcp_stats_row *row = &stats->rows[i];
		uint32_t index = mptcp_numbers_get(&stats->connection_index, row->mptcpstream);

		if (!row->total || row->start < 0 || index == MPTCP_NUMBERS_NONE)
			continue;
		int64_t time = row->start + (row->duration > 0 ? row->duration : 0);
		if (time > last[index])
			last[index] = time;
		if (time > *newest)
			*newest = time;
	}
	return last;
}

static bool is_over(const struct mptcp_stats_connection *connection, int64_t last, int64_t now)
{
	bool ended = connection->to[0].has_fin && connection->to[1].has_fin;

	/* the difference, not a sum: INT64_MIN stands for no time at all */
	return last != INT64_MIN &&
		now - last > (ended ? MPTCP_STATS_FORGET_ENDED : MPTCP_STATS_FORGET_SILENT);
}

/* Moves what is over into `gone`; places[i] becomes the new index of connection i, or GONE. */
static int part_connections(struct mptcp_stats *stats, struct mptcp_stats *gone,
	const int64_t *last, int64_t now, uint32_t *places)
{
	size_t kept = 0;
	int failed = 0;

	mptcp_numbers_release(&stats->connection_index);
	for (size_t i = 0; i < stats->connection_count; i++) {
		struct mptcp_stats_connection *connection = &stats->connections[i];

		if (is_over(connection, last[i], now)) {
			gone->connections[gone->connection_count++] = *connection;
			places[i] = GONE;
			continue;
		}
		failed |= mptcp_numbers_set(&stats->connection_index, connection->mptcpstream,
			(uint32_t)kept);
		places[i] = (uint32_t)kept;
		stats->connections[kept++] = *connection;
	}
	stats->connection_count = kept;
	return failed;
}

static int part_subflows(struct mptcp_stats *stats, struct mptcp_stats *gone,
	const uint32_t *places)
{
	size_t kept = 0;
	int failed = 0;

	mptcp_numbers_release(&stats->subflow_index);
	for (size_t i = 0; i < stats->subflow_count; i++) {
		struct mptcp_stats_subflow *subflow = &stats->subflows[i];
		uint32_t place = places[subflow->connection];

		if (place == GONE) {
			gone->subflows[gone->subflow_count++] = *subflow;
			continue;
		}
		subflow->connection = place;
		failed |= mptcp_numbers_set(&stats->subflow_index, subflow->tcpstream,
			(uint32_t)kept);
		stats->subflows[kept++] = *subflow;
	}
	stats->subflow_count = kept;
	return failed;
}

static size_t count_over(const struct mptcp_stats *stats, const int64_t *last, int64_t now)
{
	size_t count = 0;

	for (size_t i = 0; i < stats->connection_count; i++)
		count += is_over(&stats->connections[i], last[i], now);
	return count;
}

int mptcp_stats_forget(struct mptcp_stats *stats, struct mptcp_error *error)
{
	struct mptcp_stats gone = {0};
	int64_t now, *last = last_times(stats, &now);
	size_t over = last ? count_over(stats, last, now) : 0;
	int failed = !last;

	if (over) {
		uint32_t *places = malloc(stats->connection_count * sizeof(*places));

		gone.connections = malloc(over * sizeof(*gone.connections));
		gone.subflows = malloc((stats->subflow_count + 1) * sizeof(*gone.subflows));
		failed = !places || !gone.connections || !gone.subflows;
		if (!failed) {
			failed = part_connections(stats, &gone, last, now, places);
			failed |= part_subflows(stats, &gone, places);
		}
		free(places);
	}
	free(last);
	mptcp_stats_release(&gone);
	return failed ? mptcp_error_memory(error) : 0;
}
