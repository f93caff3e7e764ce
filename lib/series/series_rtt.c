/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series_rtt: round-trip times. Of data, to its DATA_ACK (total), and of segments on each subflow:
 * to the acknowledgement that covers them (segments.h), both with Karn's rule; and by the TCP
 * timestamps option (RFC 7323 section 4), which needs none.
 */
#include "piece.h"
#include "segments.h"
#include "series_module.h"

struct subflow {
	struct mptcp_direction direction[2];
	struct mptcp_segments segments[2];
	struct mptcp_rtt
		stamps[2]; /* by TSval: a stretch of length 1 for each, from its first segment on */
	struct mptcp_reference newest[2]; /* TSval */
};

struct connection {
	struct mptcp_rtt rtt[2];
};

static void put_sample(struct mptcp_series *series, uint32_t line, enum mptcp_series_kind kind,
	const struct mptcp_rtt_sample *sample)
{
	struct mptcp_series_value x = mptcp_series_position(sample->dsn);

	if (series->options.by == MPTCP_BY_ACK)
		x = mptcp_series_time(sample->sent + sample->rtt);
	else if (series->options.by == MPTCP_BY_DEPARTURE)
		x = mptcp_series_time(sample->sent);
	mptcp_series_put(series, line, kind, x, mptcp_series_time(sample->rtt));
}

static int send_data(struct mptcp_rtt *rtt, const struct mptcp_packet *packet)
{
	struct mptcp_piece piece;

	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece);)
		if (mptcp_rtt_send(rtt, piece.dsn, piece.length, packet->reltime,
			    packet->tcpstream))
			return -1;
	return 0;
}

static int acknowledge_data(struct mptcp_series *series, struct mptcp_rtt *rtt,
	const struct mptcp_packet *packet, enum mptcp_role to)
{
	struct mptcp_rtt_sample sample;

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_dack) ||
		!mptcp_rtt_acknowledge(rtt, packet->dack, packet->reltime))
		return 0;
	while (mptcp_rtt_next(rtt, &sample)) {
		if (!sample.measured)
			continue;
		uint32_t line = mptcp_series_total_line(series, packet, to);

		if (line == MPTCP_SERIES_NO_LINE)
			return -1;
		put_sample(series, line, MPTCP_POINT_DATA, &sample);
	}
	return 0;
}

static int send_stamp(struct subflow *subflow, const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_reference *newest = &subflow->newest[to];
	uint64_t stamp = mptcp_sequence_extend(newest->highest, packet->tsval);

	if (newest->known && mptcp_sequence_ahead(stamp, newest->highest) <= 0)
		return 0;
	mptcp_reference_see(newest, stamp);
	return mptcp_rtt_send(&subflow->stamps[to], stamp, 1, packet->reltime, 0);
}

static int send_segment(struct subflow *subflow, const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest;
	uint64_t position = 0;

	if (mptcp_direction_add(&subflow->direction[to], packet, &position) ||
		mptcp_segments_send(&subflow->segments[to], position, packet->tcplen,
			packet->reltime))
		return -1;
	return packet->tcplen && mptcp_packet_has(packet, MPTCP_COLUMN_tsval)
		? send_stamp(subflow, packet)
		: 0;
}

/* The segment whose time stamp is echoed. */
static bool take_echo(struct mptcp_rtt *stamps, const struct mptcp_packet *packet,
	struct mptcp_rtt_sample *sample)
{
	uint64_t echoed = mptcp_sequence_extend(stamps->data_ack.highest, packet->tsecr);

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_tsecr) ||
		!mptcp_rtt_acknowledge(stamps, echoed + 1, packet->reltime))
		return false;
	while (mptcp_rtt_next(stamps, sample))
		if (sample->measured && sample->dsn == echoed)
			return true;
	return false;
}

static int acknowledge_segments(struct mptcp_series *series, struct subflow *subflow,
	const struct mptcp_packet *packet, enum mptcp_role to)
{
	struct mptcp_segments_ack ack;
	struct mptcp_rtt_sample newest, echoed;
	bool echo = false;

	if (mptcp_segments_acknowledge(&subflow->segments[to], &subflow->direction[to], packet,
		    packet->reltime, &ack))
		return -1;
	/* what came twice was answered, not the segment with the stamp: the earlier answers to
	 * that one are lost */
	if (ack.anew)
		echo = take_echo(&subflow->stamps[to], packet, &echoed) && !ack.twice;
	/* a segment has no DSN of its own */
	if (series->options.by == MPTCP_BY_DSN || (!ack.measured && !echo))
		return 0;
	uint32_t line = mptcp_series_subflow_line(series, packet, to);
	if (line == MPTCP_SERIES_NO_LINE)
		return -1;
	newest = (struct mptcp_rtt_sample){.sent = ack.sent, .rtt = ack.rtt};
	if (ack.measured)
		put_sample(series, line, MPTCP_POINT_ACK, &newest);
	if (echo)
		put_sample(series, line, MPTCP_POINT_TIMESTAMP, &echoed);
	return 0;
}

static int add(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest, from = mptcp_role_peer(to);
	struct connection *connection = series->connection;
	struct subflow *subflow = series->subflow;

	if (mptcp_series_wants(series, to) &&
		(send_data(&connection->rtt[to], packet) || send_segment(subflow, packet)))
		return -1;
	if (mptcp_series_wants(series, from) &&
		(acknowledge_data(series, &connection->rtt[from], packet, from) ||
			acknowledge_segments(series, subflow, packet, from)))
		return -1;
	return 0;
}

static void release_subflow(void *item)
{
	struct subflow *subflow = item;

	for (int to = 0; to < 2; to++) {
		mptcp_direction_clear(&subflow->direction[to]);
		mptcp_segments_clear(&subflow->segments[to]);
		mptcp_rtt_clear(&subflow->stamps[to]);
	}
}

static void release_connection(void *item)
{
	struct connection *connection = item;

	mptcp_rtt_clear(&connection->rtt[0]);
	mptcp_rtt_clear(&connection->rtt[1]);
}

const struct mptcp_series_module mptcp_series_rtt = {.add = add,
	.connection_size = sizeof(struct connection),
	.subflow_size = sizeof(struct subflow),
	.release_connection = release_connection,
	.release_subflow = release_subflow};
