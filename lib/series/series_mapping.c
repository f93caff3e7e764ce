/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series_mapping: dss, mappings as vertical segments, with events (series_event.c) and DATA_ACKs;
 * dss_len, how long they are.
 *
 * A mapping is announced by each of its segments, and again by retransmissions; it is put once.
 */
#include "interval.h"
#include "piece.h"
#include "sequence.h"
#include "series_event.h"
#include "series_module.h"
#include "signals.h"

struct subflow {
	struct mptcp_intervals mapped[2]; /* dss: by DSN + MPTCP_DSN_ORIGIN; dss_len: by SSN */
	struct mptcp_reference ssn[2];
};

struct connection {
	struct mptcp_reference sent[2]; /* after the last byte */
	struct mptcp_reference acked[2];
	bool fin[2];
};

/* The range of data to draw: the packet's mapping, where the payload lies in it, or else the
 * payload itself. */
static void widen_to_mapping(const struct mptcp_packet *packet, uint64_t *start, uint64_t *end)
{
	uint32_t ssn, length = mptcp_signals_mapping(packet, &ssn);

	if (mptcp_packet_has(packet, MPTCP_COLUMN_dsn_split) ||
		!mptcp_packet_has(packet, MPTCP_COLUMN_dsn_raw))
		return;
	/* that of an MP_CAPABLE begins at DSN 1; on the wire one may have but 32 bits */
	int64_t into = mptcp_packet_has(packet, MPTCP_COLUMN_dss_dsn)
		? mptcp_sequence_ahead32((uint32_t)packet->dsn_raw, (uint32_t)packet->dss_dsn)
		: mptcp_sequence_ahead(*start, 1);
	if (into < 0 || into >= length || (uint64_t)(length - into) < *end - *start)
		return;
	*start -= (uint64_t)into;
	*end = *start + length;
}

static int put_mapping(struct mptcp_series *series, struct subflow *subflow,
	const struct mptcp_packet *packet, const struct mptcp_piece *piece)
{
	enum mptcp_role to = packet->mptcpdest;
	enum mptcp_series_kind kind = mptcp_series_kind_of(packet);
	uint64_t start = piece->dsn, end = piece->dsn + piece->length, added;

	/* of what was sent before, only what is sent again is put */
	if (kind == MPTCP_POINT_DATA)
		widen_to_mapping(packet, &start, &end);
	if (mptcp_intervals_add(&subflow->mapped[to], start + MPTCP_DSN_ORIGIN,
		    end + MPTCP_DSN_ORIGIN, &added))
		return -1;
	if (!added && kind == MPTCP_POINT_DATA)
		return 0;
	uint32_t line = mptcp_series_subflow_line(series, packet, to);
	if (line == MPTCP_SERIES_NO_LINE)
		return -1;
	mptcp_series_put_segment(series, line, kind,
		(struct mptcp_series_segment){mptcp_series_time(packet->reltime),
			mptcp_series_position(start), mptcp_series_position(end)});
	return 0;
}

/* The direction in which an event is drawn: where one is asked for, that one. */
static int put_event(struct mptcp_series *series, struct connection *connection,
	const struct mptcp_packet *packet)
{
	char text[MPTCP_SERIES_EVENT_TEXT];
	const struct mptcp_selection *selection = &series->options.selection;
	enum mptcp_role to =
		selection->has_destination ? selection->destination : packet->mptcpdest;
	bool *fin = &connection->fin[packet->mptcpdest];
	size_t length = mptcp_series_event(text, packet, *fin);

	*fin |= mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin;
	if (!length)
		return 0;
	uint32_t line = mptcp_series_subflow_line(series, packet, to);
	if (line == MPTCP_SERIES_NO_LINE)
		return -1;
	mptcp_series_put_label(series, line, mptcp_series_time(packet->reltime),
		mptcp_series_position(
			connection->sent[to].known ? connection->sent[to].highest : 1),
		(struct mptcp_text){text, length});
	return 0;
}

static int put_data_ack(struct mptcp_series *series, struct connection *connection,
	const struct mptcp_packet *packet)
{
	enum mptcp_role from = mptcp_role_peer(packet->mptcpdest);
	struct mptcp_reference *acked = &connection->acked[from];
	bool known = acked->known;
	uint64_t before = acked->highest;

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_dack) || !mptcp_series_wants(series, from))
		return 0;
	mptcp_reference_see(acked, packet->dack);
	if (known && acked->highest == before)
		return 0;
	uint32_t line = mptcp_series_subflow_line(series, packet, from);
	if (line == MPTCP_SERIES_NO_LINE)
		return -1;
	mptcp_series_put(series, line, MPTCP_POINT_ACK, mptcp_series_time(packet->reltime),
		mptcp_series_position(packet->dack));
	return 0;
}

static int add_dss(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct connection *connection = series->connection;
	struct subflow *subflow = series->subflow;
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_piece piece;

	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece);) {
		mptcp_reference_see(&connection->sent[to], piece.dsn + piece.length);
		if (mptcp_series_wants(series, to) && put_mapping(series, subflow, packet, &piece))
			return -1;
	}
	if (put_event(series, connection, packet))
		return -1;
	return series->options.dack ? put_data_ack(series, connection, packet) : 0;
}

static int add_dss_len(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest;
	uint32_t wire_ssn, length = mptcp_signals_mapping(packet, &wire_ssn);
	uint64_t added;

	if (!mptcp_series_wants(series, to) || !length)
		return 0;
	struct subflow *subflow = series->subflow;
	struct mptcp_reference *reference = &subflow->ssn[to];
	uint64_t from = reference->known ? reference->highest : MPTCP_SEQUENCE_ORIGIN;
	uint64_t ssn = mptcp_sequence_extend(from, wire_ssn);
	mptcp_reference_see(reference, ssn);
	if (mptcp_intervals_add(&subflow->mapped[to], ssn, ssn + length, &added))
		return -1;
	uint32_t line =
		added ? mptcp_series_subflow_line(series, packet, to) : MPTCP_SERIES_NO_LINE;
	if (line != MPTCP_SERIES_NO_LINE)
		mptcp_series_sample(series, line, length);
	return 0;
}

static int end_dss_len(struct mptcp_series *series)
{
	return mptcp_series_spread(series, MPTCP_VALUE_COUNT);
}

static void release_subflow(void *item)
{
	struct subflow *subflow = item;

	mptcp_intervals_clear(&subflow->mapped[0]);
	mptcp_intervals_clear(&subflow->mapped[1]);
}

const struct mptcp_series_module mptcp_series_dss = {.add = add_dss,
	.connection_size = sizeof(struct connection),
	.subflow_size = sizeof(struct subflow),
	.release_subflow = release_subflow};
const struct mptcp_series_module mptcp_series_dss_len = {.add = add_dss_len,
	.end = end_dss_len,
	.subflow_size = sizeof(struct subflow),
	.release_subflow = release_subflow};
