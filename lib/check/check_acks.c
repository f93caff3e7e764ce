/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_acks: DATA_ACKs and windows (RFC 8684 sections 3.3.2 and 3.3.5). See check_parts.h. */
#include "check_parts.h"

static uint64_t relative(uint64_t dsn)
{
	return dsn - MPTCP_DSN_ORIGIN;
}

/* Whether the packet was sent after a DATA_ACK of this end. */
static bool is_later(const struct mptcp_sight *sight)
{
	const struct mptcp_check_way *way = sight->way;
	const struct mptcp_packet *packet = sight->packet;

	if (mptcp_packet_has(packet, MPTCP_COLUMN_tsval))
		return mptcp_sequence_ahead32(packet->tsval, way->dack_tsval) > 0;
	return mptcp_sequence_ahead32(packet->tcpack, way->dack_tcpack) > 0;
}

/* Above all that was captured so far. */
static void see_beyond(const struct mptcp_sight *sight, uint64_t dack)
{
	struct mptcp_check_beyond *beyond = &sight->peer->beyond;

	if (beyond->at.packetid && dack <= beyond->dack)
		return;
	if (beyond->taken_back && beyond->dack > sight->peer->end)
		return; /* the first one that was proven wrong */
	beyond->dack = dack;
	beyond->at = sight->moment;
	beyond->subflow = sight->subflow;
	beyond->has_tsval = mptcp_packet_has(sight->packet, MPTCP_COLUMN_tsval);
	beyond->tsval = sight->packet->tsval;
}

/* A later DATA_ACK of the same host on the same subflow is lower again. */
static void see_return(const struct mptcp_sight *sight, uint64_t dack)
{
	struct mptcp_check_beyond *beyond = &sight->peer->beyond;

	if (!beyond->at.packetid || beyond->subflow != sight->subflow || dack >= beyond->dack)
		return;
	if (!beyond->has_tsval || mptcp_sequence_ahead32(sight->packet->tsval, beyond->tsval) >= 0)
		beyond->taken_back = true;
}

static void check_order(const struct mptcp_sight *sight, uint64_t dack)
{
	struct mptcp_check_way *way = sight->way;

	if (dack < way->dack) {
		if (!is_later(sight))
			return;
		struct mptcp_proof proof = mptcp_proof_numbers(relative(way->dack), relative(dack));

		proof.related[0] = way->dack_packetid;
		MPTCP_CHECK_PUT(sight, dack_back, &proof);
		return;
	}
	way->dack = dack;
	way->dack_packetid = sight->moment.packetid;
	way->dack_tsval = sight->packet->tsval;
	way->dack_tcpack = sight->packet->tcpack;
}

/* Section 3.3.2: data of 64-bit numbers is acknowledged by 64 bits. */
static void check_size(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	uint64_t end = sight->back->dsn64_end;

	if (!end || packet->dss_flags & MPTCP_DSS_ACK_64 || !(packet->dss_flags & MPTCP_DSS_ACK) ||
		mptcp_sequence_extend(sight->back->reference, packet->tcpack) < end)
		return;
	MPTCP_CHECK_PUT(sight, dack_32_bit, NULL);
}

/* Section 3.7: after an infinite mapping its sender goes on without options ... */
static void check_sender(const struct mptcp_sight *sight)
{
	const struct mptcp_check_data *data = sight->data;
	struct mptcp_proof proof = {.related = {data->infinite.packetid}};

	if (!data->infinite.packetid || sight->subflow != data->infinite_subflow ||
		sight->position <= data->infinite_position)
		return;
	if (sight->packet->dss_length && sight->packet->tcplen && sight->is_new)
		proof.severity = MPTCP_SEVERITY_ERROR;
	else if (mptcp_packet_has(sight->packet, MPTCP_COLUMN_dss_length) ||
		sight->moment.abstime - data->infinite.abstime <= mptcp_check_rtt(sight->subflow))
		return;
	MPTCP_CHECK_PUT(sight, opt_after_infinite, &proof);
}

/* ... and its receiver should send no more DATA_ACKs. */
static void check_receiver(const struct mptcp_sight *sight)
{
	const struct mptcp_check_data *peer = sight->peer;
	struct mptcp_proof proof = {.related = {peer->infinite.packetid}};

	if (peer->infinite.packetid && sight->subflow == peer->infinite_subflow &&
		mptcp_packet_has(sight->packet, MPTCP_COLUMN_dack) &&
		mptcp_sequence_extend(sight->back->reference, sight->packet->tcpack) >
			peer->infinite_position &&
		sight->moment.abstime - peer->infinite.abstime > mptcp_check_rtt(sight->subflow))
		MPTCP_CHECK_PUT(sight, opt_after_infinite, &proof);
}

static void see_dack(const struct mptcp_sight *sight)
{
	struct mptcp_check_data *peer = sight->peer;
	uint64_t dack = mptcp_check_key(sight->packet->dack);

	see_return(sight, dack);
	peer->confirmed |= dack > mptcp_check_key(1);
	if (dack > peer->end && dack > mptcp_check_key(1)) {
		see_beyond(sight, dack);
	} else {
		if (dack > peer->dack)
			peer->dack = dack;
		check_order(sight, dack);
	}
	check_size(sight);
}

/* The edge of the window that the packet offers. A SYN has no scale yet. */
static void see_window(const struct mptcp_sight *sight)
{
	const struct mptcp_check_data *peer = sight->peer;
	uint64_t dack = peer->dack ? peer->dack : mptcp_check_key(1);

	if (mptcp_packet_has(sight->packet, MPTCP_COLUMN_dack))
		dack = mptcp_check_key(sight->packet->dack);
	mptcp_check_open_window(sight, dack + sight->packet->rwnd);
}

/* The first byte of data was acknowledged by TCP. */
static void see_first(const struct mptcp_sight *sight)
{
	struct mptcp_check_data *peer = sight->peer;
	uint64_t end = sight->back->first_end;

	if (peer->confirmed || peer->first_acked.packetid || !end ||
		!mptcp_packet_has(sight->packet, MPTCP_COLUMN_tcpack) || sight->back->acked < end)
		return;
	peer->first_acked = sight->moment;
	peer->first_subflow = sight->subflow;
}

/* Whether data that the DATA_ACK leaves out was not captured: it waits for that. */
static bool has_hole(const struct mptcp_sight *sight, uint64_t end)
{
	struct mptcp_check_data *peer = sight->peer;

	for (struct mptcp_story_subflow *subflow = sight->connection->subflows; subflow;
		subflow = subflow->next) {
		struct mptcp_check_stream *stream = subflow->own;
		enum mptcp_role from = mptcp_check_end_of(subflow, mptcp_role_peer(sight->role));

		if (stream && mptcp_check_end_run(&stream->ways[from], peer))
			sight->check->failed = true;
	}
	return mptcp_intervals_overlap(&peer->dsns, peer->dack, end) < end - peer->dack;
}

/* Later DATA_ACKs: a receiver may delay them, but not without need. */
static void see_delay(const struct mptcp_sight *sight)
{
	struct mptcp_check_data *peer = sight->peer;
	struct mptcp_check_delay *delay = &peer->delay;
	uint64_t end = peer->fin ? peer->fin : peer->end;

	if (!peer->confirmed || peer->dack >= end || peer->infinite.packetid || peer->outstanding) {
		delay->since.packetid = 0;
		return;
	}
	if (!delay->since.packetid || delay->end != end) {
		*delay = (struct mptcp_check_delay){.since = sight->moment, .end = end};
		return;
	}
	if (delay->told ||
		sight->moment.abstime - delay->since.abstime <=
			MPTCP_SECOND + mptcp_check_rtt(sight->subflow))
		return;
	delay->told = true;
	if (has_hole(sight, end))
		return;
	struct mptcp_proof proof = mptcp_proof_numbers(relative(end), relative(peer->dack));

	proof.severity = MPTCP_SEVERITY_NOTE;
	proof.at = &delay->since;
	MPTCP_CHECK_PUT(sight, dack_missing, &proof);
}

void mptcp_check_acks(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;

	if (packet->tcpflags & MPTCP_RST)
		return;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack))
		see_dack(sight);
	see_window(sight);
	see_first(sight);
	if (sight->peer->confirmed)
		see_delay(sight);
	if (sight->subtypes & MPTCP_CHECK_BIT(DSS)) {
		check_sender(sight);
		check_receiver(sight);
	}
}

static void end_beyond(struct mptcp_check *check, const struct mptcp_check_data *data)
{
	const struct mptcp_check_beyond *beyond = &data->beyond;
	struct mptcp_proof proof = mptcp_proof_numbers(relative(data->end), relative(beyond->dack));
	struct mptcp_sight sight;

	if (!beyond->at.packetid || beyond->dack <= data->end ||
		!(beyond->taken_back || (data->fin && beyond->dack > data->fin + 1)))
		return;
	mptcp_check_recall(&sight, check, beyond->subflow, &beyond->at);
	if (!check->failed)
		MPTCP_CHECK_PUT(&sight, dack_beyond_sent, &proof);
}

static void end_missing(struct mptcp_check *check, const struct mptcp_story_connection *connection,
	enum mptcp_role role)
{
	const struct mptcp_check_connection *whole = connection->own;
	const struct mptcp_check_data *data = &whole->data[role];
	const struct mptcp_moment *at = &data->first_acked;
	struct mptcp_sight sight;

	if (!at->packetid || data->confirmed || connection->fastclose.packetid ||
		connection->fallback.packetid ||
		mptcp_check_last(connection, mptcp_role_peer(role)) <
			at->abstime + MPTCP_SECOND + mptcp_check_rtt(data->first_subflow))
		return;
	mptcp_check_recall(&sight, check, data->first_subflow, at);
	if (!check->failed)
		MPTCP_CHECK_PUT(&sight, dack_missing, NULL);
}

void mptcp_check_end_acks(struct mptcp_check *check, struct mptcp_story_connection *connection)
{
	struct mptcp_check_connection *whole = connection->own;

	for (enum mptcp_role role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++) {
		end_beyond(check, &whole->data[role]);
		end_missing(check, connection, role);
	}
}
