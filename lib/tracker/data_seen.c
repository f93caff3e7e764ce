/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data_seen.h"

#include "array.h"
#include "sequence.h"

#include <stdlib.h>
#include <string.h>

/* Fewer than this are never pruned. */
#define PRUNE_FROM 1024

void mptcp_data_seen_clear(struct mptcp_data_seen *data_seen)
{
	free(data_seen->list);
	*data_seen = (struct mptcp_data_seen){0};
}

/* The index of the first packet whose data starts at or after `dsn`, or count. */
static size_t find(const struct mptcp_data_seen *data_seen, uint64_t dsn)
{
	size_t low = 0, high = data_seen->count;

	if (high && mptcp_sequence_ahead(data_seen->list[high - 1].dsn, dsn) < 0)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (mptcp_sequence_ahead(data_seen->list[middle].dsn, dsn) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int mptcp_data_seen_add(struct mptcp_data_seen *data_seen, struct mptcp_data_seen_packet packet)
{
	size_t at = find(data_seen, packet.dsn + 1);
	struct mptcp_data_seen_packet *list = mptcp_array_reserve(data_seen->list, data_seen->count,
		&data_seen->capacity, sizeof(*list));

	if (!list)
		return -1;
	data_seen->list = list;
	memmove(data_seen->list + at + 1, data_seen->list + at,
		(data_seen->count - at) * sizeof(packet));
	data_seen->list[at] = packet;
	data_seen->count++;
	if (packet.length > data_seen->longest)
		data_seen->longest = packet.length;
	return 0;
}

size_t mptcp_data_seen_find(const struct mptcp_data_seen *data_seen, uint64_t dsn, uint32_t length,
	uint64_t *packetids, size_t room)
{
	size_t found = 0;

	for (size_t i = find(data_seen, dsn - data_seen->longest); i < data_seen->count; i++) {
		const struct mptcp_data_seen_packet *packet = &data_seen->list[i];

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

int mptcp_data_seen_wants_prune(const struct mptcp_data_seen *data_seen)
{
	return data_seen->count >= PRUNE_FROM && data_seen->count >= 2 * data_seen->kept;
}

void mptcp_data_seen_prune(struct mptcp_data_seen *data_seen, uint64_t packetid, uint64_t data_ack)
{
	size_t kept = 0;

	for (size_t i = 0; i < data_seen->count; i++) {
		const struct mptcp_data_seen_packet *packet = &data_seen->list[i];

		if (packet->packetid >= packetid ||
			mptcp_sequence_ahead(packet->dsn + packet->length, data_ack) > 0)
			data_seen->list[kept++] = *packet;
	}
	data_seen->count = data_seen->kept = kept;
}

int mptcp_data_seen_merge(struct mptcp_data_seen *into, struct mptcp_data_seen *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (mptcp_data_seen_add(into, from->list[i]))
			return -1;
	mptcp_data_seen_clear(from);
	return 0;
}
