/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_plain: the packets of a running transfer, nearly all there are: DATA_ACKs, and data that
 * goes on where the subflow stopped, with a mapping that is new or that of the segment before. The
 * other parts have nothing to find about them; what they would keep of them is kept here, at a
 * fraction of the work. What only packets that are not plain change is looked at once after each of
 * these (is_calm). tests/check.bats compares both ways. See check_parts.h.
 */
#include "check_parts.h"

#define JUMP MPTCP_SECOND /* as in check_hygiene.c */

/* What a plain packet has not, and has. */
#define UNUSUAL \
	(MPTCP_HAS(options_cut) | MPTCP_HAS(duplicate_of) | MPTCP_HAS(reinjection_of) | \
		MPTCP_HAS(dsn_split) | MPTCP_HAS(dss_checksum) | MPTCP_HAS(options))
#define USUAL (MPTCP_HAS(mptcpstream) | MPTCP_HAS(tcpack) | MPTCP_HAS(dack))
/* Of payload. */
#define MAPPED (MPTCP_HAS(dsn) | MPTCP_HAS(dsn_raw))
/* dss_flags of a packet without payload, and of one with it. */
enum {
	ACKNOWLEDGES = MPTCP_DSS_ACK | MPTCP_DSS_ACK_64,
	MAPS = ACKNOWLEDGES | MPTCP_DSS_MAPPING | MPTCP_DSS_DSN_64
};

/* Whether the DATA_ACKs that this end sends are as they should be so far. */
static bool has_calm_acks(const struct mptcp_check_way *way, const struct mptcp_check_way *back,
	const struct mptcp_check_data *peer)
{
	return (peer->confirmed || peer->first_acked.packetid || !back->first_end) &&
		(!peer->beyond.at.packetid || way->dack >= peer->beyond.dack);
}

/* Whether nothing is the matter with the subflow. */
static bool is_calm(const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_check_stream *stream = subflow->own;
	const struct mptcp_story_connection *connection = subflow->connection;
	const struct mptcp_check_connection *whole = connection->own;

	if (connection->fastclose.packetid ||
		(subflow->kind == MPTCP_KIND_JOIN && (!stream->answered || stream->join_failed)) ||
		mptcp_check_checksums(connection) > 0)
		return false;
	for (enum mptcp_role from = MPTCP_CLIENT; from <= MPTCP_SERVER; from++) {
		const struct mptcp_check_way *way = &stream->ways[from];
		enum mptcp_role role = mptcp_story_role(subflow, from);
		const struct mptcp_check_data *data = &whole->data[role];

		if (!way->first.packetid || way->bare || way->removal.at || way->backup.at ||
			!data->sent_dss || data->fin || data->infinite.packetid ||
			!has_calm_acks(way, &stream->ways[mptcp_role_peer(from)],
				&whole->data[mptcp_role_peer(role)]))
			return false;
	}
	return true;
}

/* What its packets have to be like from now on. */
static void set_calm(const struct mptcp_story_subflow *subflow, enum mptcp_role from)
{
	struct mptcp_check_stream *stream = subflow->own;
	struct mptcp_check_connection *whole = subflow->connection->own;
	struct mptcp_check_way *way = &stream->ways[from], *back = &stream->ways[!from];
	enum mptcp_role role = mptcp_story_role(subflow, from);
	struct mptcp_check_calm *calm = &stream->calms[from];

	*calm = (struct mptcp_check_calm){
		.columns = UNUSUAL | USUAL | MPTCP_HAS(tsval),
		.present = USUAL | (way->has_tsval ? MPTCP_HAS(tsval) : 0),
		.segment = back->mss ? back->mss : UINT32_MAX,
		.flags = back->dsn64_end ? 0 : MPTCP_DSS_ACK_64,
		.way = way,
		.back = back,
		.data = &whole->data[role],
		.peer = &whole->data[mptcp_role_peer(role)],
	};
	if (!way->snapped.count)
		calm->columns |= MPTCP_HAS(caplen);
	if (way->dsn64_end && way->maps.count && way->sent.ranges.count)
		calm->longest = way->super.count ? UINT32_MAX : calm->segment;
}

/* The numbers of a packet, extended. */
struct plain {
	uint64_t acked, dack;
	struct mptcp_interval *sent; /* the highest of its way */
	uint64_t end, dsn, dsn_end;  /* end: position after the payload */
	uint64_t start, start_dsn;   /* of the mapping ... */
	bool is_new;                 /* ... which is not known yet */
};

/* The DATA_ACK, and what comes with it. */
static inline bool takes_ack(const struct mptcp_check_calm *calm, const struct mptcp_packet *packet,
	struct plain *plain)
{
	const struct mptcp_check_way *way = calm->way, *back = calm->back;
	const struct mptcp_check_data *peer = calm->peer;

	plain->acked = mptcp_sequence_extend(back->reference, packet->tcpack);
	plain->dack = mptcp_check_key(packet->dack);
	if (plain->dack < way->dack ||
		(plain->dack > peer->end && plain->dack > mptcp_check_key(1)))
		return false;
	/* TCP has acknowledged everything, and no DATA_ACK has: the delay begins (check_acks.c) */
	if (plain->acked >= back->reference && plain->dack < peer->end && peer->dack < peer->end &&
		peer->outstanding == back->outstanding)
		return false;
	if (peer->outside.at.packetid && packet->abstime - peer->outside.at.abstime < JUMP)
		return false;
	return !(calm->present & MPTCP_HAS(tsval)) ||
		(packet->abstime >= way->time && packet->abstime - way->time <= JUMP);
}

/* Payload. */
static inline bool takes_data(const struct mptcp_check_calm *calm,
	const struct mptcp_packet *packet, struct plain *plain)
{
	const struct mptcp_check_data *data = calm->data;

	if (packet->tcplen > calm->longest || (packet->present & MAPPED) != MAPPED ||
		packet->dsn == 1)
		return false;
	plain->sent = mptcp_intervals_last(&calm->way->sent);
	if (packet->tcpseq != (uint32_t)plain->sent->end)
		return false;
	plain->end = plain->sent->end + packet->tcplen;
	plain->dsn = mptcp_check_key(packet->dsn);
	plain->dsn_end = plain->dsn + packet->tcplen;
	return plain->dsn_end <= data->edge || !data->edge || data->outside.at.packetid;
}

/* Its mapping, if that is a new one, or the last one. */
static inline bool takes_mapping(const struct mptcp_check_calm *calm,
	const struct mptcp_packet *packet, struct plain *plain)
{
	const struct mptcp_check_way *way = calm->way;
	uint64_t position = plain->sent->end;

	plain->start = mptcp_sequence_extend(position, packet->dss_ssn);
	/* the base of what the packet itself has both ways */
	plain->start_dsn = mptcp_check_key(packet->dss_dsn - (packet->dsn_raw - packet->dsn));
	plain->is_new = plain->start >= way->maps_end;
	if (plain->start >= plain->end || plain->start + packet->dss_length <= position)
		return false;
	if (plain->is_new)
		return true;
	const struct mptcp_check_mapping *last =
		mptcp_ordered_last(&way->maps, sizeof(struct mptcp_check_mapping));

	return plain->start == last->start && packet->dss_length == last->length &&
		plain->start_dsn == last->dsn && plain->start != MPTCP_SEQUENCE_ORIGIN + 1;
}

static inline void keep_ack(const struct mptcp_check_calm *calm, const struct mptcp_packet *packet,
	const struct plain *plain)
{
	struct mptcp_check_way *way = calm->way, *back = calm->back;
	struct mptcp_check_data *peer = calm->peer;

	if (plain->acked > back->acked) {
		back->acked = plain->acked;
		back->acked_at = (struct mptcp_moment){packet->packetid, packet->abstime,
			packet->reltime, packet->mptcpdest};
		mptcp_check_count_outstanding(peer, back);
	}
	way->dack = plain->dack;
	way->dack_packetid = packet->packetid;
	way->dack_tsval = packet->tsval;
	way->dack_tcpack = packet->tcpack;
	peer->delay.since.packetid = 0;
	if (plain->dack > peer->dack) {
		peer->dack = plain->dack;
		peer->confirmed |= plain->dack > mptcp_check_key(1);
	}
	if (plain->dack + packet->rwnd > peer->edge)
		peer->edge = plain->dack + packet->rwnd;
	way->with_options++;
	way->last = packet->abstime;
	if (calm->present & MPTCP_HAS(tsval)) {
		way->tsval = packet->tsval;
		way->time = packet->abstime;
	}
	if (mptcp_packet_has(packet, MPTCP_COLUMN_caplen)) {
		way->snapped.count++;
		way->snapped.last = packet->packetid;
	}
}

int mptcp_check_end_run(struct mptcp_check_way *way, struct mptcp_check_data *data)
{
	struct mptcp_interval run = way->run;

	way->run = (struct mptcp_interval){0};
	return run.end ? mptcp_intervals_add(&data->dsns, run.start, run.end, NULL) : 0;
}

/* 0, or -1 when memory ran out. */
static inline int keep_data(const struct mptcp_check_calm *calm, const struct mptcp_packet *packet,
	const struct plain *plain)
{
	struct mptcp_check_way *way = calm->way;
	struct mptcp_check_data *data = calm->data;

	plain->sent->end = way->mapped_end = plain->end;
	if (plain->end > way->reference)
		way->reference = plain->end;
	mptcp_check_count_outstanding(data, way);
	if (packet->tcplen > calm->segment) {
		way->super.count++;
		way->super.last = packet->packetid;
	}
	if (plain->dsn_end > data->end)
		data->end = plain->dsn_end;
	data->regular_time = packet->abstime;
	if (way->run.end == plain->dsn) {
		way->run.end = plain->dsn_end;
	} else {
		if (mptcp_check_end_run(way, data))
			return -1;
		way->run = (struct mptcp_interval){plain->dsn, plain->dsn_end};
	}
	return plain->is_new ? mptcp_check_keep_mapping(way,
				       &(struct mptcp_check_mapping){plain->start, plain->start_dsn,
					       packet->dss_length, packet->packetid})
			     : 0;
}

bool mptcp_check_plain(struct mptcp_check *check, const struct mptcp_packet *packet,
	const struct mptcp_story_subflow *subflow)
{
	struct mptcp_check_stream *stream = subflow->own;
	const struct mptcp_check_connection *whole =
		stream && subflow->connection ? subflow->connection->own : NULL;

	if (!whole)
		return false;
	if (stream->turn != whole->turn) {
		if (!is_calm(subflow))
			return false;
		set_calm(subflow, MPTCP_CLIENT);
		set_calm(subflow, MPTCP_SERVER);
		stream->turn = whole->turn;
	}
	const struct mptcp_check_calm *calm = &stream->calms[packet->tcpdest ^ 1];
	struct plain plain;

	if ((packet->present & calm->columns) != calm->present || packet->retransmission ||
		!takes_ack(calm, packet, &plain))
		return false;
	unsigned flags = packet->dss_flags | calm->flags;

	if (!packet->tcplen) {
		if (flags != ACKNOWLEDGES)
			return false;
		keep_ack(calm, packet, &plain);
		return true;
	}
	if (flags != MAPS || !takes_data(calm, packet, &plain) ||
		!takes_mapping(calm, packet, &plain))
		return false;
	keep_ack(calm, packet, &plain);
	check->failed |= keep_data(calm, packet, &plain);
	return true;
}
