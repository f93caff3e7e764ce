/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "series_owd.h"

#include "series_module.h"

#include <stdio.h>
#include <stdlib.h>

void mptcp_series_owd_clear(struct mptcp_series_owd *owd)
{
	free(owd->lines);
	*owd = (struct mptcp_series_owd){0};
}

int mptcp_series_owd_init(struct mptcp_series_owd *owd, const struct mptcp_evidence *a,
	struct mptcp_error *error)
{
	owd->lines = malloc((a->stream_count + 1) * sizeof(*owd->lines));
	if (!owd->lines)
		return mptcp_error_memory(error);
	for (size_t i = 0; i < a->stream_count; i++)
		owd->lines[i][0] = owd->lines[i][1] = MPTCP_SERIES_NO_LINE;
	return 0;
}

/* The stream's number tells equal names apart. */
static void place(struct mptcp_series_line *line, const struct mptcp_evidence *a,
	const struct mptcp_evidence_stream *stream)
{
	line->tcpstream = stream->tcpstream;
	line->plain = stream->connection == MPTCP_NOT_MATCHED;
	if (!line->plain)
		line->mptcpstream = a->connections[stream->connection].mptcpstream;
}

static uint32_t line_of(struct mptcp_series_owd *owd, struct mptcp_series *series,
	const struct mptcp_evidence *a, uint32_t index, enum mptcp_role to)
{
	char from_text[MPTCP_ENDPOINT_TEXT], to_text[MPTCP_ENDPOINT_TEXT], name[160];
	const struct mptcp_evidence_stream *stream = &a->streams[index];
	const struct mptcp_endpoint *from = &stream->ends[!to], *dest = &stream->ends[to];
	uint32_t *line = &owd->lines[index][to];

	if (*line != MPTCP_SERIES_NO_LINE)
		return *line;
	mptcp_endpoint_format(&from->address, from->port, from_text);
	mptcp_endpoint_format(&dest->address, dest->port, to_text);
	snprintf(name, sizeof(name), "%s > %s", from_text, to_text);
	*line = mptcp_series_named_line(series, name);
	if (*line != MPTCP_SERIES_NO_LINE)
		place(&series->lines[*line], a, stream);
	return *line;
}

static bool is_wanted(const struct mptcp_selection *selection, const struct mptcp_evidence *a,
	const struct mptcp_evidence_stream *stream, enum mptcp_role to)
{
	if (stream->connection == MPTCP_NOT_MATCHED
			? selection->has_mptcpstream
			: !mptcp_selection_takes_connection(selection,
				  a->connections[stream->connection].mptcpstream))
		return false;
	/* of a subflow, the direction is by MPTCP role */
	if (stream->connection != MPTCP_NOT_MATCHED && stream->client == MPTCP_SERVER)
		to = mptcp_role_peer(to);
	return mptcp_selection_takes_stream(selection, stream->tcpstream) &&
		mptcp_selection_takes_direction(selection, to);
}

int mptcp_series_owd_row(struct mptcp_series_owd *owd, struct mptcp_series *series,
	const struct mptcp_evidence *a, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	if (pair->fate != MPTCP_ARRIVED)
		return 0;
	const struct mptcp_evidence_stream *stream = &a->streams[pair->stream[0]];
	if (!is_wanted(&series->options.selection, a, stream, pair->tcpdest))
		return 0;
	uint32_t line = line_of(owd, series, a, pair->stream[0], pair->tcpdest);
	if (line == MPTCP_SERIES_NO_LINE)
		return mptcp_error_memory(error);
	/* b's clock is not used for the time: what b sent was sent so long before it arrived at a
	 */
	int64_t sent = pair->abstime[0] - (pair->sender == 1 ? pair->owd : 0);
	mptcp_series_put(series, line, MPTCP_POINT_VALUE,
		mptcp_series_time(sent - series->options.start), mptcp_series_time(pair->owd));
	return series->failed ? mptcp_error_memory(error) : 0;
}
