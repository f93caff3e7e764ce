/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "direction.h"

void mptcp_direction_clear(struct mptcp_direction *direction)
{
	mptcp_fate_sent_clear(&direction->payload);
	*direction = (struct mptcp_direction){0};
}

bool mptcp_direction_above_hole(const struct mptcp_intervals *set, uint64_t known, uint64_t start)
{
	const struct mptcp_interval *range = mptcp_intervals_last(set);

	/* nearly always there is no hole */
	if (range && range->start > known)
		range = mptcp_intervals_at(set, mptcp_intervals_find(set, known));
	if (range && range->start <= known && range->end > known)
		known = range->end;
	return start > known;
}

/* The positions that a packet takes: moves the bounds, returns that of its first byte. */
static uint64_t place(struct mptcp_direction *direction, const struct mptcp_packet *packet)
{
	uint64_t reference = direction->numbered ? direction->end : MPTCP_SEQUENCE_ORIGIN;
	uint64_t position = mptcp_sequence_extend(reference, packet->tcpseq);
	uint64_t syn = packet->tcpflags & MPTCP_SYN ? 1 : 0;
	uint64_t end = position + syn + packet->tcplen;

	if (!direction->numbered) {
		direction->numbered = true;
		direction->lowest = position;
		direction->end = end;
		direction->first_byte = position + syn;
	}
	if (position < direction->lowest)
		direction->lowest = position;
	if (end > direction->end)
		direction->end = end;
	if (syn) /* it may come after others, in a capture that is out of order */
		direction->first_byte = position + 1;
	return position + syn;
}

static void count_packet(struct mptcp_direction *direction, const struct mptcp_packet *packet)
{
	if (!direction->packets++)
		direction->start = direction->last = packet->abstime;
	else if (packet->abstime > direction->last)
		direction->last = packet->abstime;
	else if (packet->abstime < direction->start) /* a capture that is out of order */
		direction->start = packet->abstime;
	direction->data_packets += packet->tcplen > 0;
	direction->sent += packet->tcplen;
}

void mptcp_direction_begin(struct mptcp_direction *direction, const struct mptcp_packet *packet,
	struct mptcp_fate_walk *walk)
{
	uint64_t position = 0;

	if (!direction->outside)
		count_packet(direction, packet);
	/* the RST of a host that knows nothing of the connection has any sequence number */
	if (packet->tcplen || !(packet->tcpflags & MPTCP_RST))
		position = place(direction, packet);
	mptcp_fate_begin(walk, packet, position);
}

enum mptcp_result mptcp_direction_next(struct mptcp_direction *direction,
	struct mptcp_fate_walk *walk, struct mptcp_fate_data *data, struct mptcp_fate_part *part)
{
	uint64_t known = direction->payload.acked;
	enum mptcp_result got = mptcp_fate_walk(walk, &direction->payload, data, part);

	if (got != MPTCP_ROW || direction->outside)
		return got;
	direction->fates[part->fate] += part->bytes.length;
	if (part->fate == MPTCP_FATE_RETRANSMITTED)
		return got;
	direction->unique += part->bytes.length;
	if (known < direction->first_byte)
		known = direction->first_byte;
	if (mptcp_direction_above_hole(&direction->payload.positions, known, part->bytes.position))
		direction->out_of_order += part->bytes.length;
	return got;
}

int mptcp_direction_add(struct mptcp_direction *direction, const struct mptcp_packet *packet,
	uint64_t *position)
{
	struct mptcp_fate_walk walk;
	struct mptcp_fate_part part;
	enum mptcp_result got;

	mptcp_direction_begin(direction, packet, &walk);
	*position = walk.position;
	while ((got = mptcp_direction_next(direction, &walk, NULL, &part)) == MPTCP_ROW)
		;
	return got == MPTCP_FAILED ? -1 : 0;
}

uint64_t mptcp_direction_range(const struct mptcp_direction *direction)
{
	return direction->end > direction->lowest ? direction->end - direction->lowest - 1 : 0;
}
