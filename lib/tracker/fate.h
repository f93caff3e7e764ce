/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fate: what became of every byte that was sent: the one definition, for the tracker and for all
 * analyses.
 *
 * The first that holds, for a byte of payload captured on a subflow:
 *
 *	retransmitted  its TCP sequence number was sent before on this subflow
 *	unmapped       it has no data sequence number (DSN)
 *	probe          it is a single byte and its DSN is the last one that the peer acknowledged:
 *	               Linux's zero-window probe at the level of MPTCP
 *	reinjected     its DSN was sent before on any subflow, this one included (Linux does that
 *	               when a DATA_ACK is missing)
 *	first copy     all others
 *
 * So on each subflow sent = first copy + retransmitted + reinjected + probe + unmapped. When a
 * connection has fallen back to regular TCP, nothing has a DSN and what is unmapped is a first
 * copy: whoever counts knows when that is.
 *
 * Positions are TCP sequence numbers that do not wrap (64 bits, from whatever origin); DSNs may be
 * absolute or relative and may wrap. The structs remember what was sent. They grow with holes, not
 * with bytes: of more than MPTCP_FATE_HOLES the acknowledged ones are closed, so that what is no
 * longer known counts as sent before. Where no acknowledgements are captured, what lies
 * MPTCP_FATE_REACH before the newest byte counts as acknowledged. Zeroed structs have seen nothing.
 */
#ifndef MPTCP_FATE_H
#define MPTCP_FATE_H

#include "error.h"
#include "interval.h"
#include "piece.h"
#include "sequence.h"

#include <stdbool.h>
#include <stdint.h>

#define MPTCP_FATE_HOLES 16384
#define MPTCP_FATE_REACH (UINT64_C(64) << 20)

enum mptcp_fate {
	MPTCP_FATE_FIRST_COPY,
	MPTCP_FATE_RETRANSMITTED,
	MPTCP_FATE_REINJECTED,
	MPTCP_FATE_PROBE,
	MPTCP_FATE_UNMAPPED,
	MPTCP_FATES /* how many there are */
};

/* One direction of a subflow. */
struct mptcp_fate_sent {
	struct mptcp_intervals positions;
	uint64_t acked; /* how far the peer's TCP acknowledged, a position; 0: not at all */
};

/* One direction of a connection. */
struct mptcp_fate_data {
	struct mptcp_intervals dsns; /* less `origin`, so that they do not wrap */
	uint64_t origin;
	bool known; /* the origin */
	struct mptcp_reference data_ack;
};

void mptcp_fate_sent_clear(struct mptcp_fate_sent *sent);
void mptcp_fate_data_clear(struct mptcp_fate_data *data);

/* The peer acknowledged up to this position. */
static inline void mptcp_fate_acknowledge(struct mptcp_fate_sent *sent, uint64_t position)
{
	if (position > sent->acked)
		sent->acked = position;
}
/* A DATA_ACK for this data: a highest one that lies 2^31 or more away from those before counts only
 * once the next confirms it. */
static inline void mptcp_fate_data_ack(struct mptcp_fate_data *data, uint64_t dack)
{
	mptcp_reference_see(&data->data_ack, dack);
}
/* The number of a DSN in `dsns`; fixes the origin with the first one. */
static inline uint64_t mptcp_fate_data_key(struct mptcp_fate_data *data, uint64_t dsn)
{
	if (!data->known) {
		data->known = true;
		data->origin = dsn - MPTCP_DSN_ORIGIN;
	}
	return dsn - data->origin;
}
/* Moves all of `from`, of the same numbers, into `into`: two connections turn out to be one. `from`
 * is empty then. 0, or -1 when memory ran out. */
int mptcp_fate_data_merge(struct mptcp_fate_data *into, struct mptcp_fate_data *from);

/* Bytes next to one another on both levels, of one packet. */
struct mptcp_fate_bytes {
	uint32_t offset; /* in the payload, or whatever the caller counts from */
	uint32_t length;
	uint64_t position;
	uint64_t dsn;
	bool mapped; /* they have a DSN */
	bool single; /* one byte, mapped by itself: it may be a probe */
};

struct mptcp_fate_part {
	enum mptcp_fate fate;
	struct mptcp_fate_bytes bytes;
};

/*
 * Takes the next part of one fate off the front of `bytes`, and remembers it as sent: call until
 * nothing is left. MPTCP_END when `bytes` is empty, MPTCP_FAILED when memory ran out.
 */
enum mptcp_result mptcp_fate_next(struct mptcp_fate_sent *sent, struct mptcp_fate_data *data,
	struct mptcp_fate_bytes *bytes, struct mptcp_fate_part *part);

/*
 * The same for the payload of a whole packet, its pieces (piece.h) and what has no DSN between
 * them:
 *
 *	mptcp_fate_begin(&walk, packet, position);
 *	while ((got = mptcp_fate_walk(&walk, &sent, &data, &part)) == MPTCP_ROW)
 *		...
 *
 * `position` is that of the first byte of payload (after the SYN). Without `data` (NULL), nothing
 * has a DSN: so a TCP connection is counted by itself. The payload of a SYN (TCP Fast Open) is data
 * that no mapping ever covers (RFC 8684 appendix B): a first copy.
 */
struct mptcp_fate_walk {
	const struct mptcp_packet *packet;
	uint64_t position;
	struct mptcp_fate_bytes bytes; /* of the stretch begun */
	struct mptcp_piece piece;      /* the next one that has a DSN */
	size_t at;                     /* of mptcp_piece_next */
	uint64_t base;                 /* is added to the DSNs: to be set after the beginning */
	uint32_t offset;               /* where the next stretch begins */
	bool has_piece, ended;
};

static inline void mptcp_fate_begin(struct mptcp_fate_walk *walk, const struct mptcp_packet *packet,
	uint64_t position)
{
	/* member by member: the rest is set before it is read */
	walk->packet = packet;
	walk->position = position;
	walk->base = 0;
	walk->bytes.length = 0;
	walk->at = 0;
	walk->offset = 0;
	walk->has_piece = walk->ended = false;
}
/* Whether any payload is left. */
static inline bool mptcp_fate_left(const struct mptcp_fate_walk *walk)
{
	return walk->bytes.length || walk->offset < walk->packet->tcplen;
}
/* Nearly all payload goes on where something ended, on both levels: a first copy, in one step. */
static inline bool mptcp_fate_goes_on(struct mptcp_fate_walk *walk, struct mptcp_fate_sent *sent,
	struct mptcp_fate_data *data, struct mptcp_fate_part *part)
{
	const struct mptcp_packet *packet = walk->packet;
	uint32_t length = packet->tcplen;

	if (walk->offset || length < 2 || !mptcp_packet_has(packet, MPTCP_COLUMN_dsn) ||
		mptcp_packet_has(packet, MPTCP_COLUMN_dsn_split) || !data)
		return false;
	struct mptcp_interval *newest = mptcp_intervals_last(&sent->positions);
	uint64_t dsn = packet->dsn + walk->base, end = dsn - data->origin + length;

	if (!newest || newest->end != walk->position)
		return false;
	/* of several subflows, each has a stretch of its own, with a hole before the next one */
	struct mptcp_place place = mptcp_intervals_find(&data->dsns, end - length);
	const struct mptcp_interval *after = mptcp_intervals_at(&data->dsns, place);
	struct mptcp_interval *stretch = mptcp_intervals_before(&data->dsns, place);

	if (!stretch || stretch->end != end - length || end < length ||
		(after && after->start <= end))
		return false;
	newest->end += length;
	stretch->end = end;
	walk->offset = length;
	walk->ended = true;
	*part = (struct mptcp_fate_part){MPTCP_FATE_FIRST_COPY,
		{.length = length, .position = walk->position, .dsn = dsn, .mapped = true}};
	return true;
}
/* All other payload. */
enum mptcp_result mptcp_fate_step(struct mptcp_fate_walk *walk, struct mptcp_fate_sent *sent,
	struct mptcp_fate_data *data, struct mptcp_fate_part *part);
static inline enum mptcp_result mptcp_fate_walk(struct mptcp_fate_walk *walk,
	struct mptcp_fate_sent *sent, struct mptcp_fate_data *data, struct mptcp_fate_part *part)
{
	if (!mptcp_fate_left(walk))
		return MPTCP_END;
	return mptcp_fate_goes_on(walk, sent, data, part) ? MPTCP_ROW
							  : mptcp_fate_step(walk, sent, data, part);
}

#endif
