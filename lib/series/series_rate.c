/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series_rate: tput, gput and share: bytes per window, total and of each subflow.
 *
 * Windows begin at multiples of their length. A window is kept only where it or a neighbour has
 * bytes, so that a line falls to zero at either end of a pause of whatever length; and where one
 * line of a connection has a point, all have, so that they can be stacked.
 */
#include "array.h"
#include "direction.h"
#include "series_module.h"
#include "signals.h"

#include <stdlib.h>

struct window {
	int64_t index; /* start / length */
	uint64_t bytes;
};

/* One line's windows, in order. */
struct windows {
	uint32_t line;
	struct window *list;
	size_t count, capacity;
};

/* One direction of a connection: the total first, then its subflows. */
struct rate {
	struct windows *lines;
	size_t count, capacity;
	struct mptcp_numbers subflows; /* tcpstream to line */
	bool plain;                    /* of TCP connections without MPTCP: the total has no line */
	struct mptcp_fate_data data;   /* gput */
};

struct connection {
	struct rate to[2];
};

/* gput: one subflow. */
struct subflow {
	struct mptcp_direction to[2];
};

static int64_t window_of(const struct mptcp_series *series, int64_t time)
{
	int64_t length = series->options.window, index = time / length;

	return time % length < 0 ? index - 1 : index;
}

/* The first window that is not before `index`. */
static size_t find_window(const struct windows *windows, int64_t index)
{
	size_t low = 0, high = windows->count;

	if (high && windows->list[high - 1].index <= index)
		return windows->list[high - 1].index == index ? high - 1 : high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (windows->list[middle].index >= index)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static int count_bytes(struct windows *windows, int64_t index, uint64_t bytes)
{
	size_t at = find_window(windows, index);

	if (at < windows->count && windows->list[at].index == index) {
		windows->list[at].bytes += bytes;
		return 0;
	}
	struct window *list = mptcp_array_append(windows->list, &windows->count, &windows->capacity,
		sizeof(*list));
	if (!list)
		return -1;
	windows->list = list;
	for (size_t i = windows->count - 1; i > at; i--)
		windows->list[i] = windows->list[i - 1];
	windows->list[at] = (struct window){index, bytes};
	return 0;
}

static int add_windows(struct rate *rate, uint32_t line)
{
	if (line == MPTCP_SERIES_NO_LINE)
		return -1;
	struct windows *lines =
		mptcp_array_append(rate->lines, &rate->count, &rate->capacity, sizeof(*lines));
	if (!lines)
		return -1;
	rate->lines = lines;
	rate->lines[rate->count - 1].line = line;
	return 0;
}

static int count_packet(struct mptcp_series *series, const struct mptcp_packet *packet,
	struct rate *rate, uint64_t bytes)
{
	if (!packet->tcplen || !mptcp_series_shows(series, packet->reltime))
		return 0;
	enum mptcp_role to = packet->mptcpdest;
	uint32_t subflow = mptcp_numbers_get(&rate->subflows, packet->tcpstream);
	int64_t index = window_of(series, packet->reltime);

	if (!rate->count) {
		rate->plain = series->plain;
		if (add_windows(rate, mptcp_series_total_line(series, packet, to)))
			return -1;
	}
	if (subflow == MPTCP_NUMBERS_NONE) {
		subflow = (uint32_t)rate->count;
		if (add_windows(rate, mptcp_series_subflow_line(series, packet, to)) ||
			mptcp_numbers_set(&rate->subflows, packet->tcpstream, subflow))
			return -1;
	}
	return count_bytes(&rate->lines[0], index, bytes) ||
			count_bytes(&rate->lines[subflow], index, bytes)
		? -1
		: 0;
}

static int add_payload(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	if (!packet->tcplen || !mptcp_series_wants(series, packet->mptcpdest))
		return 0;
	struct connection *connection = series->connection;

	return count_packet(series, packet, &connection->to[packet->mptcpdest], packet->tcplen);
}

/*
 * First copies. So is payload without a data sequence number, unless a DSS option in its packet
 * shows that MPTCP is on.
 */
static int first_copies(struct mptcp_direction *direction, struct mptcp_fate_data *data,
	const struct mptcp_packet *packet, uint64_t *first)
{
	bool bare = !(mptcp_packet_subtypes(packet) & 1U << MPTCP_DSS);
	struct mptcp_fate_walk walk;
	struct mptcp_fate_part part;
	enum mptcp_result got;

	*first = 0;
	mptcp_direction_begin(direction, packet, &walk);
	while ((got = mptcp_direction_next(direction, &walk, data, &part)) == MPTCP_ROW)
		if (part.fate == MPTCP_FATE_FIRST_COPY ||
			(part.fate == MPTCP_FATE_UNMAPPED && bare))
			*first += part.bytes.length;
	return got == MPTCP_FAILED ? -1 : 0;
}

static int add_first_copies(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct connection *connection = series->connection;
	struct subflow *subflow = series->subflow;
	enum mptcp_role to = packet->mptcpdest;
	struct rate *rate = &connection->to[to];
	uint64_t first;

	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack))
		mptcp_fate_data_ack(&connection->to[mptcp_role_peer(to)].data, packet->dack);
	if (!packet->tcplen || !mptcp_series_wants(series, to))
		return 0;
	if (first_copies(&subflow->to[to], &rate->data, packet, &first))
		return -1;
	return count_packet(series, packet, rate, first);
}

static uint64_t bytes_at(const struct windows *windows, int64_t index)
{
	size_t at = find_window(windows, index);

	return at < windows->count && windows->list[at].index == index ? windows->list[at].bytes
								       : 0;
}

/* What makes a value of bytes; two numbers, so that it is rounded once. */
struct scale {
	double times, by;
};

static struct mptcp_series_value scaled(uint64_t bytes, const struct scale *scale)
{
	return mptcp_series_real(bytes ? (double)bytes * scale->times / scale->by : 0);
}

/* A window of a line. The layers of a stack lie on each other in the order of the lines. */
static void put_window(struct mptcp_series *series, const struct rate *rate, size_t line,
	int64_t index, const struct scale *scale)
{
	const struct mptcp_selection *selection = &series->options.selection;
	const struct windows *windows = &rate->lines[line];
	struct mptcp_series_value x = mptcp_series_time(index * series->options.window);
	uint64_t bytes = bytes_at(windows, index), below = 0;

	/* a neighbour that is not in the period has nothing because nothing was counted */
	if ((selection->has_from && x.time <= selection->from - series->options.window) ||
		(selection->has_to && x.time >= selection->to))
		return;
	if (!series->options.stacked) {
		mptcp_series_put(series, windows->line, line ? MPTCP_POINT_DATA : MPTCP_POINT_SUM,
			x, scaled(bytes, scale));
		return;
	}
	for (size_t lower = 1; lower < line; lower++)
		below += bytes_at(&rate->lines[lower], index);
	mptcp_series_put_segment(series, windows->line, MPTCP_POINT_STACK,
		(struct mptcp_series_segment){x, scaled(below + bytes, scale),
			scaled(below, scale)});
}

/* The windows of a line: those in which the connection's direction has bytes, and their neighbours.
 */
static void put_rates(struct mptcp_series *series, const struct rate *rate, size_t line)
{
	const struct windows *total = &rate->lines[0];
	struct scale scale = {8e9, (double)series->options.window};
	int64_t next = INT64_MIN; /* the first window that has not been put */

	for (size_t i = 0; i < total->count; i++) {
		int64_t index = total->list[i].index;

		/* nothing is captured before the capture begins */
		int64_t from = index > 0 ? index - 1 : index;
		for (from = from > next ? from : next; from <= index + 1; from++)
			put_window(series, rate, line, from, &scale);
		next = index + 2;
	}
}

/* The windows with bytes. The one after them, where the share is 0, shows where they end. */
static void put_shares(struct mptcp_series *series, const struct rate *rate, size_t line)
{
	const struct windows *total = &rate->lines[0];

	for (size_t i = 0; i < total->count; i++) {
		const struct window *window = &total->list[i];
		struct scale scale = {1, (double)window->bytes};

		put_window(series, rate, line, window->index, &scale);
		if (i + 1 == total->count || window[1].index != window->index + 1)
			put_window(series, rate, line, window->index + 1, &scale);
	}
}

/* The line of the total is not in a stack, and has no share. */
static void put_lines(struct mptcp_series *series, size_t first,
	void (*put)(struct mptcp_series *series, const struct rate *rate, size_t line))
{
	for (size_t i = 0; i < series->connections.count; i++) {
		const struct connection *connection = series->connections.items[i];

		for (int to = 0; to < 2; to++) {
			const struct rate *rate = &connection->to[to];

			for (size_t line = rate->plain ? 1 : first; line < rate->count; line++)
				put(series, rate, line);
		}
	}
}

static int end_rates(struct mptcp_series *series)
{
	put_lines(series, series->options.stacked ? 1 : 0, put_rates);
	return 0;
}

static int end_shares(struct mptcp_series *series)
{
	put_lines(series, 1, put_shares);
	return 0;
}

static void release_connection(void *item)
{
	struct connection *connection = item;

	for (int to = 0; to < 2; to++) {
		struct rate *rate = &connection->to[to];

		for (size_t i = 0; i < rate->count; i++)
			free(rate->lines[i].list);
		free(rate->lines);
		mptcp_numbers_clear(&rate->subflows);
		mptcp_fate_data_clear(&rate->data);
	}
}

static void release_subflow(void *item)
{
	struct subflow *subflow = item;

	mptcp_direction_clear(&subflow->to[0]);
	mptcp_direction_clear(&subflow->to[1]);
}

const struct mptcp_series_module mptcp_series_tput = {.add = add_payload,
	.end = end_rates,
	.connection_size = sizeof(struct connection),
	.release_connection = release_connection};
const struct mptcp_series_module mptcp_series_gput = {.add = add_first_copies,
	.end = end_rates,
	.connection_size = sizeof(struct connection),
	.subflow_size = sizeof(struct subflow),
	.release_connection = release_connection,
	.release_subflow = release_subflow};
const struct mptcp_series_module mptcp_series_share = {.add = add_payload,
	.end = end_shares,
	.connection_size = sizeof(struct connection),
	.together = true,
	.release_connection = release_connection};
