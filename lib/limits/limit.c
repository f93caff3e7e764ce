/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This file takes the packets; limit_parts.h has the others. */
#include "limit.h"

#include "array.h"
#include "limit_parts.h"
#include "options.h"
#include "piece.h"

#include <stdlib.h>
#include <string.h>

#define PATHS_MOST 64 /* of a side that are looked at */
#define LEAST_INTERVAL (MPTCP_SECOND / 10)

static void clear_connection(struct mptcp_limits_connection *connection)
{
	for (int role = 0; role < 2; role++)
		mptcp_limits_side_clear(&connection->to[role]);
}

static void free_connection(void *own)
{
	clear_connection(own);
	free(own);
}

static void clear_flow(struct mptcp_limits_flow *flow)
{
	for (int role = 0; role < 2; role++)
		mptcp_limits_path_clear(&flow->to[role]);
	if (flow->plain)
		free_connection(flow->plain);
	*flow = (struct mptcp_limits_flow){0};
}

static void free_flow(void *own)
{
	clear_flow(own);
	free(own);
}

void mptcp_limits_clear(struct mptcp_limits *limits)
{
	mptcp_story_clear(&limits->story);
}

/* A packet and where it belongs. */
struct look {
	struct mptcp_limits *limits;
	const struct mptcp_packet *packet;
	const struct mptcp_story_subflow *subflow;
	struct mptcp_limits_flow *flow;
	struct mptcp_limits_connection *connection;
	enum mptcp_role to;
	bool plain; /* TCP without MPTCP */
};

/* The TCP role of what has this role in the flow. */
static enum mptcp_role tcp_role(const struct look *look, enum mptcp_role role)
{
	return look->plain || look->subflow->client_role == MPTCP_CLIENT ? role
									 : mptcp_role_peer(role);
}

static void see_vantage(const struct look *look, struct mptcp_limits_side *side,
	const struct mptcp_limits_path *path, enum mptcp_role to)
{
	const struct mptcp_story_connection *connection = look->subflow->connection;

	if (side->vantage_known)
		return;
	if (connection) {
		if (connection->vantage == MPTCP_VANTAGE_UNKNOWN)
			return;
		side->vantage =
			(connection->vantage == MPTCP_VANTAGE_SERVER) == (to == MPTCP_SERVER)
			? MPTCP_LIMITS_AT_RECEIVER
			: MPTCP_LIMITS_AT_SENDER;
	} else if (path->shifted) {
		int64_t rest = path->rtt - path->base_shift;

		if (path->base_shift < 2 * rest && rest < 2 * path->base_shift)
			return;
		side->vantage =
			path->base_shift < rest ? MPTCP_LIMITS_AT_SENDER : MPTCP_LIMITS_AT_RECEIVER;
	} else {
		return;
	}
	side->vantage_known = true;
}

/* A path of the side, with what its handshake says, before its first packet after that. */
static int join(const struct look *look, struct mptcp_limits_side *side,
	struct mptcp_limits_path *path, enum mptcp_role to)
{
	size_t at = 0;

	path->tcpstream = look->subflow->tcpstream;
	mptcp_limits_path_shift(path, look->subflow, tcp_role(look, to));
	see_vantage(look, side, path, to);
	if (!look->subflow->syn.count || !look->subflow->synack.count)
		side->window_unknown = true;
	while (at < side->path_count && side->paths[at] != path)
		at++;
	if (at < side->path_count)
		return 0;
	if (side->path_count == PATHS_MOST) { /* the oldest: hosts have few at once */
		at = --side->path_count;
		memmove(side->paths, side->paths + 1, at * sizeof(struct mptcp_limits_path *));
	}
	struct mptcp_limits_path **paths = mptcp_array_append(side->paths, &side->path_count,
		&side->path_capacity, sizeof(*paths));
	if (!paths)
		return -1;
	side->paths = paths;
	paths[at] = path;
	if (!side->interval) {
		side->vantage = side->vantage_known ? side->vantage : MPTCP_LIMITS_BETWEEN;
		side->interval = look->limits->interval;
		if (!side->interval)
			side->interval =
				2 * path->rtt > LEAST_INTERVAL ? 2 * path->rtt : LEAST_INTERVAL;
	}
	return 0;
}

/*
 * Data that was sent before: its subflow waits. Of another subflow, where it has waited for longer
 * than a round trip: what is sent twice within one was meant for both.
 */
static void take_again(struct mptcp_limits_side *side, struct mptcp_limits_path *path,
	const struct mptcp_fate_part *part, int64_t now)
{
	struct mptcp_limits_path *late = path;
	int64_t time = 0;

	if (part->fate == MPTCP_FATE_REINJECTED)
		late = mptcp_limits_owner(side, part->bytes.dsn, &time);
	if (!late || late->recovering || (late != path && now - time <= late->rtt))
		return;
	late->recovering = true;
	late->recover = late->bytes.end;
}

/* New numbers of a subflow. */
static int carry(struct mptcp_limits_side *side, struct mptcp_limits_path *path,
	const struct mptcp_fate_part *part, int64_t now)
{
	struct mptcp_limits_carried carried = {part->bytes.position,
		part->bytes.position + part->bytes.length,
		side->plain ? part->bytes.position : part->bytes.dsn, now,
		part->fate == MPTCP_FATE_REINJECTED};

	mptcp_reference_see(&side->sent, carried.dsn + part->bytes.length);
	return mptcp_limits_path_carry(path, &carried);
}

/* After a fallback, numbers are those of TCP. */
static void turn_plain(struct mptcp_limits_side *side, const struct mptcp_limits_path *path)
{
	side->plain = true;
	side->plain_stream = path->tcpstream;
	side->sent = side->acked = side->edge = (struct mptcp_reference){0};
	if (path->una)
		mptcp_reference_see(&side->acked, path->una);
	if (path->has_edge)
		mptcp_reference_see(&side->edge, path->edge);
}

static int walk_payload(const struct look *look, struct mptcp_limits_side *side,
	struct mptcp_limits_path *path, struct mptcp_fate_walk *walk, uint64_t *fresh)
{
	struct mptcp_fate_part part;
	enum mptcp_result got;

	while ((got = mptcp_direction_next(&path->bytes, walk, look->plain ? NULL : &side->data,
			&part)) == MPTCP_ROW) {
		if (part.fate == MPTCP_FATE_PROBE)
			continue;
		if (part.fate == MPTCP_FATE_RETRANSMITTED || part.fate == MPTCP_FATE_REINJECTED)
			take_again(side, path, &part, look->packet->abstime);
		if (part.fate == MPTCP_FATE_RETRANSMITTED)
			continue;
		if (part.fate == MPTCP_FATE_UNMAPPED && !side->plain &&
			(look->plain ||
				(look->subflow->connection->live <= 1 &&
					!(look->packet->tcpflags & MPTCP_SYN))))
			turn_plain(side, path);
		if (part.fate == MPTCP_FATE_UNMAPPED && !side->plain)
			continue;
		if (part.fate != MPTCP_FATE_REINJECTED)
			*fresh += part.bytes.length;
		if (carry(side, path, &part, look->packet->abstime))
			return -1;
	}
	return got == MPTCP_FAILED ? -1 : 0;
}

/* The payload of a packet, for the side to which it goes. */
static int take_data(const struct look *look)
{
	const struct mptcp_packet *packet = look->packet;
	struct mptcp_limits_side *side = &look->connection->to[look->to];
	struct mptcp_limits_path *path = &look->flow->to[look->to];
	bool stamped = mptcp_packet_has(packet, MPTCP_COLUMN_tsecr);
	struct mptcp_fate_walk walk;
	uint64_t fresh = 0, end = path->bytes.numbered ? path->bytes.end : 0;

	mptcp_direction_begin(&path->bytes, packet, &walk);
	if (!packet->tcplen)
		return 0;
	if (join(look, side, path, look->to))
		return -1;
	mptcp_limits_path_echo(path, packet);
	if (mptcp_limits_arrive(side, path, stamped ? &packet->tsecr : NULL, packet->abstime) ||
		mptcp_limits_advance(side, packet->abstime))
		return -1;
	if (packet->tcplen > side->mss &&
		(!side->mss_option || packet->tcplen <= side->mss_option || !side->mss))
		side->mss = side->mss_option && packet->tcplen > side->mss_option ? side->mss_option
										  : packet->tcplen;
	if (mptcp_segments_send(&path->segments, walk.position, packet->tcplen, packet->abstime) ||
		walk_payload(look, side, path, &walk, &fresh))
		return -1;
	if (end && walk.position > end && !path->recovering) { /* what was before it was lost */
		path->recovering = path->hole = true;
		path->recover = walk.position;
	}
	return mptcp_limits_sent(side, path, packet, fresh);
}

/* What a packet acknowledges of the data that its sender receives. */
static int take_ack(const struct look *look)
{
	const struct mptcp_packet *packet = look->packet;
	enum mptcp_role of = mptcp_role_peer(look->to);
	struct mptcp_limits_side *side = &look->connection->to[of];
	struct mptcp_limits_path *path = &look->flow->to[of];
	struct mptcp_limits_ack ack = {.path = path, .has_tsval = false};
	struct mptcp_segments_ack segments;

	if (packet->tcpflags & MPTCP_SYN) {
		if (mptcp_packet_has(packet, MPTCP_COLUMN_mss))
			side->mss_option = packet->mss;
		return 0;
	}
	if (packet->tcpflags & MPTCP_RST)
		return 0;
	if (join(look, side, path, of) || mptcp_limits_path_stamp(path, packet))
		return -1;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack) && path->bytes.numbered) {
		ack.has_position = true;
		ack.position = mptcp_sequence_extend(path->bytes.end, packet->tcpack);
		if (mptcp_segments_acknowledge(&path->segments, &path->bytes, packet,
			    packet->abstime, &segments))
			return -1;
		ack.measured = segments.measured;
		ack.rtt = segments.rtt + path->shift;
		mptcp_direction_acknowledge(&path->bytes, packet->tcpack);
	}
	if (side->plain && side->plain_stream == path->tcpstream) {
		ack.has_dack = ack.has_position;
		ack.dack = ack.position;
	} else if (!side->plain && mptcp_packet_has(packet, MPTCP_COLUMN_dack)) {
		ack.has_dack = true;
		ack.dack = packet->dack;
		mptcp_fate_data_ack(&side->data, packet->dack);
	}
	ack.has_window = mptcp_packet_has(packet, MPTCP_COLUMN_rwnd);
	ack.window = packet->rwnd;
	ack.has_tsval = path->shift && mptcp_packet_has(packet, MPTCP_COLUMN_tsval);
	ack.tsval = packet->tsval;
	ack.due = packet->abstime + path->shift;
	return mptcp_limits_arrive(side, path, NULL, packet->abstime) ||
			mptcp_limits_expect(side, &ack, packet->abstime)
		? -1
		: 0;
}

/* The clock of the capture went back: what was between is not known. */
static int take_step(struct look *look)
{
	for (int role = 0; role < 2; role++) {
		struct mptcp_limits_side *side = &look->connection->to[role];
		int64_t now = look->packet->abstime;

		if (!side->known || now >= side->at - MPTCP_SECOND)
			continue;
		struct mptcp_limits_cell *before = mptcp_limits_cell(side, side->at);

		if (!before)
			return -1;
		before->stepped = true;
		struct mptcp_limits_cell *after = mptcp_limits_cell(side, now);
		if (!after)
			return -1;
		after->stepped = true;
		look->limits->steps++;
		side->piece_count = side->ack_count = 0;
		side->at = side->last_new = now;
		side->free_since = side->freed = side->blocked_since = 0;
		side->lost = side->grown = now;
	}
	return 0;
}

/* What is kept for the packet's TCP connection, and for its MPTCP connection. */
static int find(struct look *look, struct mptcp_story_subflow *placed)
{
	struct mptcp_limits_flow *flow = placed->own;

	if (!flow)
		flow = placed->own = calloc(1, sizeof(*flow));
	if (!flow)
		return -1;
	if (flow->plain && placed->connection) /* what was counted was of other roles */
		clear_flow(flow);
	look->flow = flow;
	look->plain = !placed->connection;
	void **own = look->plain ? (void **)&flow->plain : &placed->connection->own;
	if (!*own)
		*own = calloc(1, sizeof(struct mptcp_limits_connection));
	look->connection = *own;
	if (look->plain && look->connection)
		for (int role = 0; role < 2; role++) {
			look->connection->to[role].plain = true;
			look->connection->to[role].plain_stream = placed->tcpstream;
		}
	return look->connection ? 0 : -1;
}

int mptcp_limits_add(struct mptcp_limits *limits, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_story_subflow *placed;

	limits->story.without_events = true;
	limits->story.with_tcp = limits->selection && mptcp_selection_with_tcp(limits->selection);
	limits->story.roster.free_subflow_own = free_flow;
	limits->story.roster.free_connection_own = free_connection;
	if (mptcp_story_add(&limits->story, packet, &placed, error))
		return -1;
	if (!placed ||
		(!placed->connection &&
			(!limits->selection ||
				!mptcp_selection_takes_tcp(limits->selection, placed->tcpstream))))
		return 0;
	struct look look = {.limits = limits, .packet = packet, .subflow = placed};

	if (find(&look, placed))
		return mptcp_error_memory(error);
	look.to = look.plain ? packet->tcpdest : packet->mptcpdest;
	return take_step(&look) || take_ack(&look) || take_data(&look) ? mptcp_error_memory(error)
								       : 0;
}

int mptcp_limits_end(struct mptcp_limits *limits, struct mptcp_error *error)
{
	const struct mptcp_roster *roster = &limits->story.roster;

	if (mptcp_story_end(&limits->story, error))
		return -1;
	if (limits->story.one_way && !limits->story.two_ways)
		return mptcp_error_set(error, MPTCP_DATA,
			"only one direction was captured: what limits a sender is seen in what it sends and in what is acknowledged");
	for (size_t i = 0; i < roster->subflow_count; i++) {
		struct mptcp_limits_flow *flow = roster->subflows[i]->own;

		for (int role = 0; flow && flow->plain && role < 2; role++)
			if (mptcp_limits_end_side(&flow->plain->to[role]))
				return mptcp_error_memory(error);
	}
	for (size_t i = 0; i < roster->connection_count; i++) {
		struct mptcp_limits_connection *connection = roster->connections[i]->own;

		for (int role = 0; connection && role < 2; role++)
			if (mptcp_limits_end_side(&connection->to[role]))
				return mptcp_error_memory(error);
	}
	return 0;
}
