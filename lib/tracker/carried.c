/* SPDX-License-Identifier: GPL-2.0-or-later */
/* carried: see carried.h. */
#include "carried.h"

#include "array.h"
#include "sequence.h"

#include <stdlib.h>
#include <string.h>

/* Fewer than this are never pruned. */
#define PRUNE_FROM 1024

void mptcp_carried_clear(struct mptcp_carried *carried)
{
	free(carried->list);
	*carried = (struct mptcp_carried){0};
}

/* The index of the first packet whose data starts at or behind `dsn`, or count. */
static size_t find(const struct mptcp_carried *carried, uint64_t dsn)
{
	size_t low = 0, high = carried->count;

	if (high && mptcp_sequence_ahead(carried->list[high - 1].dsn, dsn) < 0)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (mptcp_sequence_ahead(carried->list[middle].dsn, dsn) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int mptcp_carried_add(struct mptcp_carried *carried, struct mptcp_carried_packet packet)
{
	size_t at = find(carried, packet.dsn + 1);
	struct mptcp_carried_packet *list = mptcp_array_reserve(carried->list, carried->count,
		&carried->capacity, sizeof(*list));

	if (!list)
		return -1;
	carried->list = list;
	memmove(carried->list + at + 1, carried->list + at, (carried->count - at) * sizeof(packet));
	carried->list[at] = packet;
	carried->count++;
	if (packet.length > carried->longest)
		carried->longest = packet.length;
	return 0;
}

size_t mptcp_carried_find(const struct mptcp_carried *carried, uint64_t dsn, uint32_t length,
	uint64_t *packetids, size_t room)
{
	size_t found = 0;

	for (size_t i = find(carried, dsn - carried->longest); i < carried->count; i++) {
		const struct mptcp_carried_packet *packet = &carried->list[i];

		if (mptcp_sequence_ahead(packet->dsn, dsn + length) >= 0)
			break;
		if (mptcp_sequence_ahead(packet->dsn + packet->length, dsn) <= 0)
			continue;
		if (found < room)
			packetids[found] = packet->packetid;
		found++;
	}
	return found;
}

int mptcp_carried_wants_prune(const struct mptcp_carried *carried)
{
	return carried->count >= PRUNE_FROM && carried->count >= 2 * carried->kept;
}

void mptcp_carried_prune(struct mptcp_carried *carried, uint64_t packetid, uint64_t data_ack)
{
	size_t kept = 0;

	for (size_t i = 0; i < carried->count; i++) {
		const struct mptcp_carried_packet *packet = &carried->list[i];

		if (packet->packetid >= packetid ||
			mptcp_sequence_ahead(packet->dsn + packet->length, data_ack) > 0)
			carried->list[kept++] = *packet;
	}
	carried->count = carried->kept = kept;
}

int mptcp_carried_merge(struct mptcp_carried *into, struct mptcp_carried *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (mptcp_carried_add(into, from->list[i]))
			return -1;
	mptcp_carried_clear(from);
	return 0;
}
