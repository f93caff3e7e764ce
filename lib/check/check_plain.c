/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_plain: the packets of a running transfer, nearly all there are: DATA_ACKs, and data that
 * goes on where the subflow stopped, with a mapping that is new or that of the segment before. The
 * other parts have nothing to find about them; what they would keep of them is kept here, at a
 * fraction of the work. tests/check.bats compares both ways. See check_parts.h.
 */
#include "check_parts.h"

#define JUMP MPTCP_SECOND /* as in check_hygiene.c */

/* Of a packet that is not plain. */
#define UNUSUAL \
	(MPTCP_HAS(malformed) | MPTCP_HAS(options_cut) | MPTCP_HAS(duplicate_of) | \
		MPTCP_HAS(reinjection_of) | MPTCP_HAS(dsn_split) | MPTCP_HAS(dss_checksum) | \
		MPTCP_HAS(options))
#define USUAL (MPTCP_HAS(mptcpstream) | MPTCP_HAS(tcpack) | MPTCP_HAS(dack) | MPTCP_HAS(subtype))

/* The packet, where it belongs, and its numbers extended. */
struct plain {
	const struct mptcp_packet *packet;
	struct mptcp_check_way *way, *back;
	struct mptcp_check_data *data, *peer;
	uint64_t acked, dack, end; /* end: position after the payload */
	uint64_t dsn, dsn_end;
	struct mptcp_check_mapping map; /* length 0: none that has to be added */
};

static inline bool is_plain(const struct mptcp_packet *packet)
{
	return packet->subtype == MPTCP_CHECK_BIT(DSS) &&
		(packet->present & (UNUSUAL | USUAL)) == USUAL &&
		!(packet->tcpflags & (MPTCP_SYN | MPTCP_FIN | MPTCP_RST)) && !packet->datafin &&
		!packet->retransmission && !(packet->dss_flags & MPTCP_DSS_RESERVED);
}

/* Whether nothing is the matter with the subflow, as the packets that were not plain left it. */
static bool is_calm(const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_check_stream *stream = subflow->own;
	const struct mptcp_story_connection *connection = subflow->connection;
	const struct mptcp_check_connection *whole = connection ? connection->own : NULL;

	if (!stream || !whole || !subflow->established || connection->fastclose.packetid ||
		(subflow->kind == MPTCP_KIND_JOIN && (!stream->answered || stream->join_failed)) ||
		mptcp_check_checksums(connection) > 0)
		return false;
	for (int i = 0; i < 2; i++) {
		const struct mptcp_check_way *way = &stream->ways[i];
		const struct mptcp_check_data *data = &whole->data[i];

		if (!way->packets || way->bare || way->removal.at || way->backup.at || data->fin ||
			data->infinite.packetid)
			return false;
	}
	return true;
}

static inline bool takes_ack(const struct plain *plain)
{
	const struct mptcp_packet *packet = plain->packet;
	const struct mptcp_check_way *way = plain->way, *back = plain->back;
	const struct mptcp_check_data *peer = plain->peer;
	int64_t now = packet->abstime;

	if (plain->dack > peer->end && plain->dack > mptcp_check_key(1))
		return false;
	if ((way->has_dack && plain->dack < way->dack) ||
		(peer->beyond.at.packetid && plain->dack < peer->beyond.dack))
		return false;
	if (back->dsn64_end && !(packet->dss_flags & MPTCP_DSS_ACK_64))
		return false;
	if (!peer->confirmed && back->first_end && !peer->first_acked.packetid)
		return false;
	if (peer->delay.since.packetid ||
		(plain->dack < peer->end && plain->acked >= back->reference))
		return false;
	if (peer->outside.at.packetid && now - peer->outside.at.abstime < JUMP)
		return false;
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_tsval))
		return true;
	return way->has_tsval && now - way->time <= JUMP && now >= way->time;
}

/* The same of the payload and its mapping. */
static inline bool takes_data(struct plain *plain, const struct mptcp_story_data *to)
{
	const struct mptcp_packet *packet = plain->packet;
	const struct mptcp_check_way *way = plain->way;
	uint64_t position = mptcp_sequence_extend(way->reference, packet->tcpseq);
	const struct mptcp_check_mapping *last =
		mptcp_ordered_last(&way->maps, sizeof(struct mptcp_check_mapping));

	if (position != way->reference || !last || !way->sent.ranges.count || !way->dsn64_end ||
		!to->has_base || !(packet->dss_flags & MPTCP_DSS_DSN_64) || !packet->dss_length ||
		!mptcp_packet_has(packet, MPTCP_COLUMN_dsn) || packet->dsn == 1)
		return false;
	plain->map = (struct mptcp_check_mapping){
		.start = mptcp_sequence_extend(position, packet->dss_ssn),
		.dsn = mptcp_check_key(packet->dss_dsn - to->base),
		.length = packet->dss_length,
		.packetid = packet->packetid,
	};
	plain->end = position + packet->tcplen;
	plain->dsn = mptcp_check_key(packet->dsn);
	plain->dsn_end = plain->dsn + packet->tcplen;
	if (plain->map.start == MPTCP_SEQUENCE_ORIGIN + 1 || plain->map.start >= plain->end ||
		plain->map.start + plain->map.length <= position ||
		(plain->data->edge && plain->dsn_end > plain->data->edge &&
			!plain->data->outside.at.packetid))
		return false;
	if (plain->map.start >= last->start + last->length)
		return true;
	if (plain->map.start != last->start || plain->map.length != last->length ||
		plain->map.dsn != last->dsn)
		return false;
	plain->map.length = 0;
	return true;
}

/* Only how many there are matters, after the first one. */
static inline bool takes_runs(const struct plain *plain)
{
	const struct mptcp_packet *packet = plain->packet;
	const struct mptcp_check_way *way = plain->way;

	return (!mptcp_packet_has(packet, MPTCP_COLUMN_caplen) || way->snapped.count) &&
		(packet->tcplen <= plain->back->mss || !plain->back->mss || way->super.count);
}

static inline void keep_ack(const struct plain *plain)
{
	const struct mptcp_packet *packet = plain->packet;
	struct mptcp_check_way *way = plain->way, *back = plain->back;
	struct mptcp_check_data *peer = plain->peer;

	if (plain->acked > back->acked) {
		back->acked = plain->acked;
		back->acked_at = (struct mptcp_moment){packet->packetid, packet->abstime,
			packet->reltime, packet->mptcpdest};
	}
	way->has_dack = true;
	way->dack = plain->dack;
	way->dack_packetid = packet->packetid;
	way->dack_tsval = packet->tsval;
	way->dack_tcpack = packet->tcpack;
	peer->confirmed |= plain->dack > mptcp_check_key(1);
	if (plain->dack > peer->dack)
		peer->dack = plain->dack;
	if (plain->dack + packet->rwnd > peer->edge)
		peer->edge = plain->dack + packet->rwnd;
	plain->data->sent_dss = true;
	way->packets++;
	way->with_options++;
	way->last = packet->abstime;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tsval)) {
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
static inline int keep_data(const struct plain *plain)
{
	const struct mptcp_packet *packet = plain->packet;
	struct mptcp_check_way *way = plain->way;
	struct mptcp_check_data *data = plain->data;

	/* it begins where the highest range ends */
	mptcp_intervals_last(&way->sent)->end = plain->end;
	way->reference = way->mapped_end = plain->end;
	if (packet->tcplen > plain->back->mss && plain->back->mss) {
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
	return plain->map.length ? mptcp_check_keep_mapping(way, &plain->map) : 0;
}

bool mptcp_check_plain(struct mptcp_check *check, const struct mptcp_packet *packet,
	struct mptcp_story_subflow *subflow)
{
	struct mptcp_check_stream *stream = subflow->own;

	if (!is_plain(packet) || !stream)
		return false;
	if (stream->turn != check->turn) {
		stream->calm = is_calm(subflow);
		stream->turn = check->turn;
	}
	if (!stream->calm)
		return false;
	struct mptcp_check_connection *whole = subflow->connection->own;
	struct plain plain = {
		.packet = packet,
		.way = &stream->ways[!packet->tcpdest],
		.back = &stream->ways[packet->tcpdest],
		.data = &whole->data[!packet->mptcpdest],
		.peer = &whole->data[packet->mptcpdest],
		.dack = mptcp_check_key(packet->dack),
	};

	plain.acked = mptcp_sequence_extend(plain.back->reference, packet->tcpack);
	if (!takes_ack(&plain) || !takes_runs(&plain))
		return false;
	if (packet->tcplen ? !takes_data(&plain, &subflow->connection->to[packet->mptcpdest])
			   : mptcp_packet_has(packet, MPTCP_COLUMN_dss_length))
		return false;
	keep_ack(&plain);
	if (packet->tcplen && keep_data(&plain))
		check->failed = true;
	return true;
}
