/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_flight: flight, what is sent and not acknowledged; acksize, how much each DATA_ACK
 * acknowledges; ooo, what waits above a hole, and how long. */
#include "direction.h"
#include "piece.h"
#include "rtt.h"
#include "sequence.h"
#include "series_module.h"
#include "signals.h"

/* A value over time, of which the first that is shown is put, and the changes. */
struct level {
	bool known;
	uint64_t value;
};

/* At the time of the packet. */
static int put_level(struct mptcp_series *series, struct level *level, uint32_t line,
	enum mptcp_series_kind kind, uint64_t value)
{
	int64_t time = series->now;

	if (line == MPTCP_SERIES_NO_LINE)
		return -1;
	if (!mptcp_series_shows(series, time) || (level->known && level->value == value))
		return 0;
	*level = (struct level){true, value};
	mptcp_series_put(series, line, kind, mptcp_series_time(time), mptcp_series_count(value));
	return 0;
}

/* The sequence space of one direction of a connection. */
struct space {
	struct mptcp_reference sent, acked; /* after the last byte */
	struct mptcp_reference edge;        /* of the receive window */
	struct level data, sum, window;
	uint64_t flights; /* sum over the subflows */
	/* acksize, ooo */
	bool from_start; /* the first DSN is 1 */
	bool has_fin;
	uint32_t fin; /* DSN of the DATA_FIN, as on the wire */
	struct mptcp_intervals seen;
	uint64_t next;          /* lowest DSN missing + MPTCP_DSN_ORIGIN; 0: not known yet */
	uint64_t waiting;       /* bytes above it */
	struct mptcp_rtt waits; /* from arrival to release, by DSN + MPTCP_DSN_ORIGIN */
};

struct connection {
	struct space to[2];
};

struct subflow {
	struct mptcp_direction direction[2];
	uint64_t flight[2];
	struct level level[2];
};

/* The first DSN is known to be 1 where the first handshake was captured; TCP's first number, of
 * data that goes to a role, where the SYN that went there was. */
static void note_start(const struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct connection *connection = series->connection;

	if (mptcp_packet_subtypes(packet) & 1U << MPTCP_MP_CAPABLE)
		connection->to[0].from_start = connection->to[1].from_start = true;
	if (series->plain && packet->tcpflags & MPTCP_SYN)
		connection->to[packet->mptcpdest].from_start = true;
}

static uint64_t tcp_flight(const struct mptcp_direction *direction)
{
	/* before the first acknowledgement: the payload */
	uint64_t from = direction->payload.acked > direction->first_byte ? direction->payload.acked
									 : direction->first_byte;

	if (!direction->data_packets)
		return 0;
	return direction->end > from ? direction->end - from : 0;
}

static int put_subflow(struct mptcp_series *series, struct space *space, struct subflow *subflow,
	const struct mptcp_packet *packet, enum mptcp_role to)
{
	uint64_t flight = packet->tcpflags & MPTCP_RST ? 0 : tcp_flight(&subflow->direction[to]);

	space->flights += flight - subflow->flight[to];
	subflow->flight[to] = flight;
	if (!flight && !subflow->level[to].known)
		return 0;
	return put_level(series, &subflow->level[to], mptcp_series_subflow_line(series, packet, to),
		MPTCP_POINT_DATA, flight);
}

static int put_connection(struct mptcp_series *series, struct space *space,
	const struct mptcp_packet *packet, enum mptcp_role to)
{
	uint32_t line = mptcp_series_total_line(series, packet, to);

	if (space->sent.known && !series->plain) {
		uint64_t from = space->acked.known ? space->acked.highest : 1;
		int64_t data = mptcp_sequence_ahead(space->sent.highest, from);

		if (put_level(series, &space->data, line, MPTCP_POINT_DATA,
			    data > 0 ? (uint64_t)data : 0))
			return -1;
	}
	if (space->edge.known &&
		put_level(series, &space->window, line, MPTCP_POINT_WINDOW,
			space->edge.highest - space->acked.highest))
		return -1;
	if (series->plain || (!space->flights && !space->sum.known))
		return 0;
	return put_level(series, &space->sum, line, MPTCP_POINT_SUM, space->flights);
}

static int add_flight(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct connection *connection = series->connection;
	struct subflow *subflow = series->subflow;
	enum mptcp_role to = packet->mptcpdest, from = mptcp_role_peer(to);
	uint64_t position = 0;
	struct mptcp_piece piece;
	bool reset = packet->tcpflags & MPTCP_RST;

	if (mptcp_direction_add(&subflow->direction[to], packet, &position))
		return -1;
	struct space *sent = &connection->to[to], *acked = &connection->to[from];
	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece);)
		mptcp_reference_see(&sent->sent, piece.dsn + piece.length);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack) && !reset)
		mptcp_direction_acknowledge(&subflow->direction[from], packet->tcpack);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack)) {
		mptcp_reference_see(&acked->acked, packet->dack);
		/* RFC 8684 section 3.3.5: the window counts from the DATA_ACK. In a SYN it is not
		 * scaled. */
		if (!(packet->tcpflags & (MPTCP_SYN | MPTCP_RST)))
			mptcp_reference_see(&acked->edge, packet->dack + packet->rwnd);
	}
	if (mptcp_series_wants(series, to) &&
		(put_subflow(series, sent, subflow, packet, to) ||
			put_connection(series, sent, packet, to)))
		return -1;
	if (mptcp_series_wants(series, from) &&
		(put_subflow(series, acked, subflow, packet, from) ||
			put_connection(series, acked, packet, from)))
		return -1;
	return 0;
}

/*
 * Whether a DATA_ACK of data that goes to a role is after its DATA_FIN, which takes a number but is
 * not data. Where that was not captured, it may be what follows the last byte.
 */
static bool covers_fin(const struct space *space, const struct mptcp_packet *packet)
{
	if (space->has_fin)
		return (uint32_t)packet->dss_rawack == space->fin + 1;
	return space->sent.known ? packet->dack == space->sent.highest + 1
				 : space->from_start && packet->dack == 2;
}

static void note_fin(struct space *space, const struct mptcp_packet *packet)
{
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_datafin) || !packet->datafin ||
		!mptcp_packet_has(packet, MPTCP_COLUMN_dss_dsn))
		return;
	space->has_fin = true;
	space->fin = (uint32_t)packet->dss_dsn + packet->dss_length - 1;
}

static int add_acksize(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct connection *connection = series->connection;
	enum mptcp_role to = packet->mptcpdest, from = mptcp_role_peer(to);
	struct mptcp_piece piece;

	note_start(series, packet);
	struct space *sent = &connection->to[to], *acked = &connection->to[from];
	note_fin(sent, packet);
	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece);)
		mptcp_reference_see(&sent->sent, piece.dsn + piece.length);
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_dack) || !mptcp_series_wants(series, from))
		return 0;
	if (!acked->acked.known && acked->from_start)
		mptcp_reference_see(&acked->acked, 1);
	bool known = acked->acked.known;
	uint64_t before = acked->acked.highest, data = packet->dack - covers_fin(acked, packet);
	mptcp_reference_see(&acked->acked, packet->dack);
	if (!known || acked->acked.highest == before || mptcp_sequence_ahead(data, before) <= 0)
		return 0;
	uint32_t line = mptcp_series_subflow_line(series, packet, from);
	if (line == MPTCP_SERIES_NO_LINE)
		return -1;
	mptcp_series_put(series, line, MPTCP_POINT_ACK, mptcp_series_time(packet->reltime),
		mptcp_series_count(data - before));
	return 0;
}

/*
 * Data came: how much waits above the first hole now, and of what a filled hole releases, how long
 * each stretch had waited since it came.
 */
static int note_waiting(struct mptcp_series *series, struct space *space,
	const struct mptcp_packet *packet, const struct mptcp_piece *piece)
{
	uint64_t start = piece->dsn + MPTCP_DSN_ORIGIN, end = start + piece->length, added;
	struct mptcp_rtt_sample stretch;

	if (!space->next) {
		space->next = space->from_start ? 1 + MPTCP_DSN_ORIGIN : start;
		mptcp_rtt_acknowledge(&space->waits, space->next, packet->reltime);
	}
	if (start < space->next)
		start = space->next;
	if (end <= start) /* was there before */
		return 0;
	if (mptcp_intervals_add(&space->seen, start, end, &added) ||
		mptcp_rtt_send(&space->waits, start, (uint32_t)(end - start), packet->reltime, 0))
		return -1;
	space->waiting += added;
	if (start > space->next)
		return 0;
	/* the ranges below are in front of the others, and touch */
	uint64_t next =
		mptcp_intervals_at(&space->seen, mptcp_intervals_find(&space->seen, start))->end;
	space->waiting -= next - space->next; /* to the application */
	space->next = next;
	mptcp_rtt_acknowledge(&space->waits, next, packet->reltime);
	while (mptcp_rtt_next(&space->waits, &stretch)) {
		if (stretch.rtt <= 0)
			continue;
		uint32_t line = mptcp_series_subflow_line(series, packet, packet->mptcpdest);

		if (line == MPTCP_SERIES_NO_LINE)
			return -1;
		mptcp_series_put(series, line, MPTCP_POINT_BLOCKED,
			mptcp_series_time(packet->reltime), mptcp_series_time(stretch.rtt));
	}
	return 0;
}

static int add_ooo(struct mptcp_series *series, const struct mptcp_packet *packet)
{
	struct connection *connection = series->connection;
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_piece piece;
	bool any = false;

	note_start(series, packet);
	if (!packet->tcplen || !mptcp_series_wants(series, to))
		return 0;
	struct space *space = &connection->to[to];
	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece); any = true)
		if (note_waiting(series, space, packet, &piece))
			return -1;
	if (!any)
		return 0;
	return put_level(series, &space->data, mptcp_series_total_line(series, packet, to),
		MPTCP_POINT_DATA, space->waiting);
}

static void release_connection(void *item)
{
	struct connection *connection = item;

	for (int to = 0; to < 2; to++) {
		mptcp_intervals_clear(&connection->to[to].seen);
		mptcp_rtt_clear(&connection->to[to].waits);
	}
}

static void release_subflow(void *item)
{
	struct subflow *subflow = item;

	mptcp_direction_clear(&subflow->direction[0]);
	mptcp_direction_clear(&subflow->direction[1]);
}

const struct mptcp_series_module mptcp_series_flight = {.add = add_flight,
	.connection_size = sizeof(struct connection),
	.subflow_size = sizeof(struct subflow),
	.release_connection = release_connection,
	.release_subflow = release_subflow};
const struct mptcp_series_module mptcp_series_acksize = {.add = add_acksize,
	.connection_size = sizeof(struct connection),
	.release_connection = release_connection};
const struct mptcp_series_module mptcp_series_ooo = {.add = add_ooo,
	.connection_size = sizeof(struct connection),
	.release_connection = release_connection};
