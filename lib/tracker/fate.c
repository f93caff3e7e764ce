/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fate: what became of every byte that was sent. */
#include "fate.h"

void mptcp_fate_sent_clear(struct mptcp_fate_sent *sent)
{
	mptcp_intervals_clear(&sent->positions);
	*sent = (struct mptcp_fate_sent){0};
}

void mptcp_fate_data_clear(struct mptcp_fate_data *data)
{
	mptcp_intervals_clear(&data->dsns);
	*data = (struct mptcp_fate_data){0};
}

/* Closes holes before what is acknowledged: `acked`, or where that is not captured, far back. */
static void close_holes(struct mptcp_intervals *set, uint64_t acked)
{
	uint64_t end = mptcp_intervals_last(set)->end;
	uint64_t reach = end > MPTCP_FATE_REACH ? end - MPTCP_FATE_REACH : 0;

	mptcp_intervals_forget(set, acked > reach ? acked : reach, MPTCP_FATE_HOLES);
}

int mptcp_fate_data_merge(struct mptcp_fate_data *into, struct mptcp_fate_data *from)
{
	struct mptcp_place place = mptcp_ordered_begin(&from->dsns.ranges);

	for (const struct mptcp_interval *range; (range = mptcp_intervals_at(&from->dsns, place));
		place = mptcp_ordered_next(&from->dsns.ranges, place)) {
		uint64_t start = mptcp_fate_data_key(into, range->start + from->origin);
		uint64_t end = start + (range->end - range->start);

		if (end > start && mptcp_intervals_add(&into->dsns, start, end, NULL))
			return -1;
	}
	if (from->data_ack.known)
		mptcp_fate_data_ack(into, from->data_ack.highest);
	mptcp_fate_data_clear(from);
	return 0;
}

/* How many numbers from `start` on, up to `length`, are all in the set, or else all not in it. */
static inline uint32_t run(const struct mptcp_intervals *set, uint64_t start, uint32_t length,
	bool *inside)
{
	const struct mptcp_interval *range =
		mptcp_intervals_at(set, mptcp_intervals_find(set, start));
	uint64_t end = UINT64_MAX;

	*inside = range && range->start <= start;
	if (range)
		end = *inside ? range->end : range->start;
	return end - start < length ? (uint32_t)(end - start) : length;
}

static inline int remember(struct mptcp_intervals *set, uint64_t start, uint32_t length,
	uint64_t acked)
{
	if (mptcp_intervals_add(set, start, start + length, NULL))
		return -1;
	if (set->ranges.count > MPTCP_FATE_HOLES)
		close_holes(set, acked);
	return 0;
}

/* New bytes of a subflow that have a DSN: the fate of the first of them, which may be fewer. */
static int add_data(struct mptcp_fate_data *data, struct mptcp_fate_bytes *bytes,
	enum mptcp_fate *fate)
{
	uint64_t start = mptcp_fate_data_key(data, bytes->dsn), acked = 0;
	bool before;

	*fate = MPTCP_FATE_FIRST_COPY;
	if (start + bytes->length < start) /* damaged beyond sense: kept out of the set */
		return 0;
	bytes->length = run(&data->dsns, start, bytes->length, &before);
	if (before)
		*fate = MPTCP_FATE_REINJECTED;
	if (data->data_ack.known) {
		acked = mptcp_fate_data_key(data, data->data_ack.highest);
		if (bytes->single && start == acked - 1)
			*fate = MPTCP_FATE_PROBE;
	}
	return before ? 0 : remember(&data->dsns, start, bytes->length, acked);
}

enum mptcp_result mptcp_fate_next(struct mptcp_fate_sent *sent, struct mptcp_fate_data *data,
	struct mptcp_fate_bytes *bytes, struct mptcp_fate_part *part)
{
	bool before;

	if (!bytes->length)
		return MPTCP_END;
	part->bytes = *bytes;
	part->bytes.length = run(&sent->positions, bytes->position, bytes->length, &before);
	part->fate = MPTCP_FATE_UNMAPPED;
	/* also what is retransmitted: it may have had no DSN before, as in a SYN */
	if (data && bytes->mapped && add_data(data, &part->bytes, &part->fate))
		return MPTCP_FAILED;
	if (before)
		part->fate = MPTCP_FATE_RETRANSMITTED;
	uint32_t length = part->bytes.length;
	if (!before && remember(&sent->positions, bytes->position, length, sent->acked))
		return MPTCP_FAILED;
	bytes->offset += length;
	bytes->length -= length;
	bytes->position += length;
	bytes->dsn += length;
	return MPTCP_ROW;
}

/* Finds the next piece that does not lie before what was walked over already, as damaged ones can.
 */
static void find_piece(struct mptcp_fate_walk *walk)
{
	struct mptcp_piece *piece = &walk->piece;

	while (!walk->ended && !walk->has_piece) {
		if (!mptcp_piece_next(walk->packet, &walk->at, piece)) {
			walk->ended = true;
		} else if (piece->offset + piece->length > walk->offset) {
			uint32_t skip =
				piece->offset < walk->offset ? walk->offset - piece->offset : 0;

			piece->offset += skip;
			piece->dsn += skip;
			piece->length -= skip;
			walk->has_piece = true;
		}
	}
}

/* Begins the next stretch, mapped or not; there is payload left. */
static void begin_stretch(struct mptcp_fate_walk *walk)
{
	const struct mptcp_piece *piece = &walk->piece;
	uint32_t start = walk->offset, end = walk->packet->tcplen;
	bool mapped = false;

	find_piece(walk);
	if (walk->has_piece) {
		mapped = piece->offset == start;
		end = mapped ? start + piece->length : piece->offset;
		walk->has_piece = !mapped;
	}
	walk->bytes = (struct mptcp_fate_bytes){
		.offset = start,
		.length = end - start,
		.position = walk->position + start,
		.dsn = mapped ? piece->dsn + walk->base : 0,
		.mapped = mapped,
		.single = mapped && piece->length == 1,
	};
	walk->offset = end;
}

enum mptcp_result mptcp_fate_step(struct mptcp_fate_walk *walk, struct mptcp_fate_sent *sent,
	struct mptcp_fate_data *data, struct mptcp_fate_part *part)
{
	if (!walk->bytes.length)
		begin_stretch(walk);
	enum mptcp_result got = mptcp_fate_next(sent, data, &walk->bytes, part);

	if (got == MPTCP_ROW && part->fate == MPTCP_FATE_UNMAPPED &&
		walk->packet->tcpflags & MPTCP_SYN)
		part->fate = MPTCP_FATE_FIRST_COPY;
	return got;
}
