/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows and their order; series_lines.c has their lines. */
#include "array.h"
#include "series_module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void release_states(struct mptcp_series_states *states, void (*release)(void *item))
{
	for (size_t i = 0; i < states->count; i++) {
		if (release && states->items[i])
			release(states->items[i]);
		free(states->items[i]);
	}
	free(states->items);
	mptcp_numbers_clear(&states->index);
	mptcp_numbers_clear(&states->plain);
}

void mptcp_series_clear(struct mptcp_series *series)
{
	const struct mptcp_series_module *module = series->info ? series->info->module : NULL;

	if (module) {
		if (module->release && series->state)
			module->release(series->state);
		release_states(&series->connections, module->release_connection);
		release_states(&series->subflows, module->release_subflow);
	}
	release_states(&series->positions, NULL);
	free(series->state);
	mptcp_series_lines_clear(series);
	free(series->rows);
	free(series->samples);
	mptcp_buffer_clear(&series->labels);
	*series = (struct mptcp_series){0};
}

int mptcp_series_init(struct mptcp_series *series, const struct mptcp_series_info *info,
	const struct mptcp_series_options *options, struct mptcp_error *error)
{
	*series = (struct mptcp_series){.info = info, .options = *options};
	if (!series->options.window)
		series->options.window = MPTCP_SERIES_WINDOW;
	series->state = calloc(1, (info->module ? info->module->state_size : 0) + 1);
	return series->state ? 0 : mptcp_error_memory(error);
}

/* The state of a number in one of the two indices; `size` 0: NULL, there is none. -1 when memory
 * ran out. */
static int find_state(struct mptcp_series_states *states, bool plain, uint32_t number, size_t size,
	void **state)
{
	struct mptcp_numbers *index = plain ? &states->plain : &states->index;
	uint32_t found = size ? mptcp_numbers_get(index, number) : 0;

	if (!size || found != MPTCP_NUMBERS_NONE) {
		*state = size ? states->items[found] : NULL;
		return 0;
	}
	void **items = mptcp_array_append(states->items, &states->count, &states->capacity,
		sizeof(*items));
	if (!items)
		return -1;
	states->items = items;
	uint32_t added = (uint32_t)states->count - 1;
	*state = items[added] = calloc(1, size);
	return *state ? mptcp_numbers_set(index, number, added) : -1;
}

/* Where the numbers of a TCP connection are, after the last byte: positions, by role of the
 * receiver. */
struct positions {
	uint64_t end[2];
};

/* TCP's numbers as those of data: the first byte has 1 in both. */
static int add_numbers(struct mptcp_series *series, struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->tcpdest;
	void *state;

	if (find_state(&series->positions, true, packet->tcpstream, sizeof(struct positions),
		    &state))
		return -1;
	struct positions *positions = state;
	uint64_t *sent = &positions->end[to], *acked = &positions->end[mptcp_role_peer(to)];

	if (packet->tcpflags & MPTCP_RST) /* of a host that knows nothing of the connection */
		return 0;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack)) {
		uint64_t from = *acked ? *acked : MPTCP_SEQUENCE_ORIGIN;

		packet->dack = mptcp_sequence_extend(from, packet->tcpack) - MPTCP_SEQUENCE_ORIGIN;
		packet->present |= MPTCP_HAS(dack);
	}
	uint64_t position =
		mptcp_sequence_extend(*sent ? *sent : MPTCP_SEQUENCE_ORIGIN, packet->tcpseq) +
		(packet->tcpflags & MPTCP_SYN ? 1 : 0);
	if (position + packet->tcplen > *sent)
		*sent = position + packet->tcplen;
	packet->dsn = position - MPTCP_SEQUENCE_ORIGIN;
	packet->present |= packet->tcplen ? MPTCP_HAS(dsn) : 0;
	return 0;
}

static int add_packet(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	const struct mptcp_series_module *module = series->info->module;
	bool plain = series->plain, together = module->together || series->options.stacked;
	uint32_t connection = !plain ? packet->mptcpstream : together ? 0 : packet->tcpstream;

	series->now = packet->reltime;
	return find_state(&series->connections, plain, connection, module->connection_size,
		       &series->connection) ||
			find_state(&series->subflows, false, packet->tcpstream,
				module->subflow_size, &series->subflow) ||
			module->add(series, packet) || series->failed
		? -1
		: 0;
}

static int add_plain(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct mptcp_packet subflow = *packet;

	subflow.mptcpdest = packet->tcpdest;
	if (series->info->tcp == MPTCP_SERIES_TCP_DATA && add_numbers(series, &subflow))
		return -1;
	return add_packet(series, &subflow);
}

int mptcp_series_add(struct mptcp_series *series, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	const struct mptcp_selection *selection = &series->options.selection;
	int result = 0;

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_tcpstream))
		return 0;
	series->plain = !mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream);
	if (series->plain) {
		if (series->info->tcp && mptcp_selection_takes_tcp(selection, packet->tcpstream))
			result = add_plain(series, packet);
	} else if (mptcp_selection_takes_subflow(selection, packet->mptcpstream,
			   packet->tcpstream)) {
		result = add_packet(series, packet);
	}
	return result ? mptcp_error_memory(error) : 0;
}

bool mptcp_series_wants(const struct mptcp_series *series, enum mptcp_role to)
{
	return mptcp_selection_takes_direction(&series->options.selection, to);
}

bool mptcp_series_shows(const struct mptcp_series *series, int64_t time)
{
	return mptcp_selection_takes_moment(&series->options.selection, time);
}

static void add_row(struct mptcp_series *series, struct mptcp_series_row row)
{
	int64_t time = row.x.type == MPTCP_VALUE_TIME ? row.x.time : series->now;

	if (!series->ending && !mptcp_series_shows(series, time))
		return;
	void *rows = mptcp_array_append(series->rows, &series->row_count, &series->row_capacity,
		sizeof(*series->rows));
	if (!rows) {
		series->failed = true;
		return;
	}
	series->rows = rows;
	row.order = (uint32_t)series->row_count - 1;
	series->rows[series->row_count - 1] = row;
}

void mptcp_series_put_segment(struct mptcp_series *series, uint32_t line,
	enum mptcp_series_kind kind, struct mptcp_series_segment segment)
{
	add_row(series,
		(struct mptcp_series_row){segment.x, segment.y, segment.y2, line, 0, kind, 0});
}

void mptcp_series_put(struct mptcp_series *series, uint32_t line, enum mptcp_series_kind kind,
	struct mptcp_series_value x, struct mptcp_series_value y)
{
	mptcp_series_put_segment(series, line, kind,
		(struct mptcp_series_segment){x, y, mptcp_series_none()});
}

void mptcp_series_put_label(struct mptcp_series *series, uint32_t line, struct mptcp_series_value x,
	struct mptcp_series_value y, struct mptcp_text label)
{
	uint32_t at = (uint32_t)series->labels.length + 1;

	series->failed |= mptcp_buffer_add(&series->labels, label.bytes, label.length) ||
		mptcp_buffer_add_char(&series->labels, '\0');
	add_row(series,
		(struct mptcp_series_row){x, y, mptcp_series_none(), line, at, MPTCP_POINT_EVENT,
			0});
}

void mptcp_series_sample(struct mptcp_series *series, uint32_t line, int64_t value)
{
	if (!series->ending && !mptcp_series_shows(series, series->now))
		return;
	void *samples = mptcp_array_append(series->samples, &series->sample_count,
		&series->sample_capacity, sizeof(*series->samples));

	if (!samples) {
		series->failed = true;
		return;
	}
	series->samples = samples;
	series->samples[series->sample_count - 1] = (struct mptcp_series_sample){value, line};
}

static double as_real(const struct mptcp_series_value *value)
{
	switch (value->type) {
	case MPTCP_VALUE_COUNT:
		return (double)value->count;
	case MPTCP_VALUE_POSITION:
		return (double)value->position;
	case MPTCP_VALUE_TIME:
		return (double)value->time / 1e9;
	case MPTCP_VALUE_REAL:
		return value->real;
	default:
		return 0;
	}
}

/* -1, 0, 1; numbers of different types by their value. */
static int compare_values(const struct mptcp_series_value *a, const struct mptcp_series_value *b)
{
	/* as integers where they are, which a double cannot hold */
	if (a->type == MPTCP_VALUE_COUNT && b->type == MPTCP_VALUE_COUNT)
		return a->count < b->count ? -1 : a->count > b->count;
	if (a->type == MPTCP_VALUE_TIME && b->type == MPTCP_VALUE_TIME)
		return a->time < b->time ? -1 : a->time > b->time;
	if (a->type == MPTCP_VALUE_POSITION && b->type == MPTCP_VALUE_POSITION)
		return a->position < b->position ? -1 : a->position > b->position;
	double first = as_real(a), second = as_real(b);

	return first < second ? -1 : first > second;
}

static int by_line_and_x(const void *a, const void *b)
{
	const struct mptcp_series_row *first = a, *second = b;

	if (first->line != second->line)
		return first->line < second->line ? -1 : 1;
	int order = compare_values(&first->x, &second->x);

	return order ? order : first->order < second->order ? -1 : 1;
}

int mptcp_series_end(struct mptcp_series *series, struct mptcp_error *error)
{
	const struct mptcp_series_module *module = series->info->module;

	series->ending = true;
	if ((module && module->end && module->end(series)) || series->failed ||
		mptcp_series_lines_name(series))
		return mptcp_error_memory(error);
	if (series->row_count)
		qsort(series->rows, series->row_count, sizeof(*series->rows), by_line_and_x);
	return 0;
}

const char *mptcp_series_label(const struct mptcp_series *series,
	const struct mptcp_series_row *row)
{
	return row->label ? series->labels.bytes + row->label - 1 : "";
}
