/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines and their names. */
#include "array.h"
#include "series_module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mptcp_series_lines_clear(struct mptcp_series *series)
{
	for (size_t i = 0; i < series->line_count; i++)
		free(series->lines[i].name);
	for (int role = 0; role < 2; role++) {
		mptcp_numbers_clear(&series->subflow_lines[role]);
		mptcp_numbers_clear(&series->total_lines[role]);
	}
	free(series->lines);
}

static uint32_t fail(struct mptcp_series *series)
{
	series->failed = true;
	return MPTCP_SERIES_NO_LINE;
}

static uint32_t add_line(struct mptcp_series *series, struct mptcp_numbers *index, uint32_t number,
	struct mptcp_series_line line)
{
	void *lines = mptcp_array_append(series->lines, &series->line_count, &series->line_capacity,
		sizeof(*series->lines));

	if (!lines) {
		free(line.name);
		return fail(series);
	}
	series->lines = lines;
	uint32_t added = (uint32_t)series->line_count - 1;
	series->lines[added] = line;
	/* of several lines of a subflow only the first can be looked up */
	if (index && mptcp_numbers_get(index, number) == MPTCP_NUMBERS_NONE &&
		mptcp_numbers_set(index, number, added))
		return fail(series);
	return added;
}

static void add_end(struct mptcp_buffer *name, const struct mptcp_address *address, uint16_t port)
{
	char text[MPTCP_ENDPOINT_TEXT];

	mptcp_endpoint_format(address, port, text);
	mptcp_buffer_add_string(name, text);
}

/* "10.0.0.1:4000 > 10.0.0.2:80", to be freed; NULL when memory ran out. */
static char *subflow_name(const struct mptcp_packet *packet, bool forward, const char *suffix)
{
	struct mptcp_buffer name = MPTCP_BUFFER_INIT;

	add_end(&name, forward ? &packet->ipsrc : &packet->ipdst,
		forward ? packet->sport : packet->dport);
	mptcp_buffer_add_string(&name, " > ");
	add_end(&name, forward ? &packet->ipdst : &packet->ipsrc,
		forward ? packet->dport : packet->sport);
	if (suffix)
		mptcp_buffer_format(&name, " %s", suffix);
	return mptcp_buffer_take(&name);
}

uint32_t mptcp_series_subflow_line(struct mptcp_series *series, const struct mptcp_packet *packet,
	enum mptcp_role to)
{
	struct mptcp_numbers *index = &series->subflow_lines[to];
	uint32_t line = mptcp_numbers_get(index, packet->tcpstream);
	size_t columns = series->options.column_count;

	if (line != MPTCP_NUMBERS_NONE)
		return line;
	for (size_t i = 0; i < (columns ? columns : 1); i++) {
		const char *suffix =
			columns > 1 ? mptcp_columns[series->options.columns[i]].name : NULL;
		struct mptcp_series_line made = {
			.name = subflow_name(packet, packet->mptcpdest == to, suffix),
			.mptcpstream = packet->mptcpstream,
			.tcpstream = packet->tcpstream,
			.to = to,
			.plain = series->plain};

		if (!made.name)
			return fail(series);
		uint32_t added = add_line(series, index, packet->tcpstream, made);
		if (i == 0)
			line = added;
	}
	return line;
}

uint32_t mptcp_series_total_line(struct mptcp_series *series, const struct mptcp_packet *packet,
	enum mptcp_role to)
{
	struct mptcp_numbers *index = &series->total_lines[to];

	if (series->plain)
		return mptcp_series_subflow_line(series, packet, to);
	uint32_t line = mptcp_numbers_get(index, packet->mptcpstream);
	if (line != MPTCP_NUMBERS_NONE)
		return line;
	return add_line(series, index, packet->mptcpstream,
		(struct mptcp_series_line){.mptcpstream = packet->mptcpstream,
			.to = to,
			.total = true});
}

uint32_t mptcp_series_named_line(struct mptcp_series *series, const char *name)
{
	uint32_t line = add_line(series, NULL, 0, (struct mptcp_series_line){0});

	if (line == MPTCP_SERIES_NO_LINE)
		return line;
	series->lines[line].name = strdup(name);
	return series->lines[line].name ? line : fail(series);
}

static int by_name(const void *a, const void *b)
{
	const struct mptcp_series_line *first = *(struct mptcp_series_line *const *)a;
	const struct mptcp_series_line *second = *(struct mptcp_series_line *const *)b;
	int order = strcmp(first->name, second->name);

	return order ? order : first < second ? -1 : first > second;
}

/* A 4-tuple may be used again by a later connection. */
static int add_stream(struct mptcp_series_line *line)
{
	char *longer;

	if (asprintf(&longer, "%s (TCP stream %u)", line->name, line->tcpstream) < 0)
		return -1;
	free(line->name);
	line->name = longer;
	return 0;
}

static int make_unique(struct mptcp_series *series)
{
	size_t count = series->line_count, first = 0;
	struct mptcp_series_line **sorted = malloc((count + 1) * sizeof(*sorted));
	int result = sorted ? 0 : -1;

	for (size_t i = 0; !result && i < count; i++)
		sorted[i] = &series->lines[i];
	if (!result)
		qsort(sorted, count, sizeof(*sorted), by_name);
	/* the first of a name keeps it */
	for (size_t i = 1; !result && i < count; i++) {
		if (strcmp(sorted[first]->name, sorted[i]->name))
			first = i;
		else
			result = add_stream(sorted[i]);
	}
	free(sorted);
	return result;
}

/* Totals are told apart by the connection's number only where there are several. */
static int name_total(struct mptcp_series_line *line, bool several)
{
	const char *to = line->to == MPTCP_SERVER ? "server" : "client";
	int length = several ? asprintf(&line->name, "connection %u > %s", line->mptcpstream, to)
			     : asprintf(&line->name, "total > %s", to);

	if (length >= 0)
		return 0;
	line->name = NULL;
	return -1;
}

int mptcp_series_lines_name(struct mptcp_series *series)
{
	const struct mptcp_series_line *first = NULL;
	bool several = false;

	for (size_t i = 0; i < series->line_count; i++) {
		const struct mptcp_series_line *line = &series->lines[i];

		if (line->plain)
			continue;
		several |= first && line->mptcpstream != first->mptcpstream;
		first = line;
	}
	for (size_t i = 0; i < series->line_count; i++)
		if (series->lines[i].total && name_total(&series->lines[i], several))
			return -1;
	return make_unique(series);
}

const char *mptcp_series_line_name(const struct mptcp_series *series, uint32_t line)
{
	return series->lines[line].name;
}
