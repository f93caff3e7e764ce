/* SPDX-License-Identifier: GPL-2.0-or-later */
/* direction: see direction.h. */
#include "direction.h"

#include "sequence.h"

void mptcp_direction_release(struct mptcp_direction *direction)
{
	mptcp_intervals_release(&direction->seen);
	*direction = (struct mptcp_direction){0};
}

bool mptcp_direction_above_hole(const struct mptcp_intervals *set, uint64_t known, uint64_t start)
{
	size_t i = mptcp_intervals_find(set, known);

	if (i < set->count && set->ranges[i].start <= known)
		known = set->ranges[i].end;
	return start > known;
}

/* The positions that a packet takes: moves the bounds, returns that of its first byte. */
static uint64_t place(struct mptcp_direction *direction, const struct mptcp_packet *packet)
{
	uint64_t reference = direction->numbered ? direction->end : MPTCP_DIRECTION_ORIGIN;
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

int mptcp_direction_add(struct mptcp_direction *direction, const struct mptcp_packet *packet,
	uint64_t *position)
{
	uint64_t added;

	if (!direction->packets++)
		direction->start = direction->last = packet->abstime;
	else if (packet->abstime > direction->last)
		direction->last = packet->abstime;
	/* the RST of a host that knows nothing of the connection has any sequence number */
	if (!packet->tcplen && packet->tcpflags & MPTCP_RST)
		return 0;
	*position = place(direction, packet);
	if (!packet->tcplen)
		return 0;
	direction->data_packets++;
	direction->sent += packet->tcplen;
	uint64_t known =
		direction->acked > direction->first_byte ? direction->acked : direction->first_byte;
	bool above = mptcp_direction_above_hole(&direction->seen, known, *position);
	if (mptcp_intervals_add(&direction->seen, *position, *position + packet->tcplen, &added))
		return -1;
	direction->unique += added;
	if (above)
		direction->out_of_order += added;
	return 0;
}

void mptcp_direction_acknowledge(struct mptcp_direction *direction, uint32_t tcpack)
{
	uint64_t reference = direction->numbered ? direction->end : MPTCP_DIRECTION_ORIGIN;
	uint64_t position = mptcp_sequence_extend(reference, tcpack);

	if (position > direction->acked)
		direction->acked = position;
}

uint64_t mptcp_direction_range(const struct mptcp_direction *direction)
{
	return direction->end > direction->lowest ? direction->end - direction->lowest - 1 : 0;
}
