/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data_seen.h"

#include "sequence.h"

/* Fewer than this are never pruned. */
#define PRUNE_FROM 1024
/* Packets before a DSN among which those that reach into it are looked for: of small packets behind
 * a large one there may be as many as it has bytes. */
#define LOOKED_AT 1024

void mptcp_data_seen_clear(struct mptcp_data_seen *data_seen)
{
	mptcp_ordered_clear(&data_seen->list);
	*data_seen = (struct mptcp_data_seen){0};
}

static bool is_below(const void *packet, uint64_t dsn)
{
	return mptcp_sequence_ahead(((const struct mptcp_data_seen_packet *)packet)->dsn, dsn) < 0;
}

/* The place of the first packet whose data starts at or after `dsn`, or the end. */
static struct mptcp_place find(const struct mptcp_data_seen *data_seen, uint64_t dsn)
{
	return mptcp_ordered_find(&data_seen->list, sizeof(struct mptcp_data_seen_packet), is_below,
		dsn);
}

static struct mptcp_data_seen_packet *packet_at(const struct mptcp_data_seen *data_seen,
	struct mptcp_place place)
{
	return mptcp_ordered_at(&data_seen->list, place, sizeof(struct mptcp_data_seen_packet));
}

int mptcp_data_seen_add(struct mptcp_data_seen *data_seen, struct mptcp_data_seen_packet packet)
{
	struct mptcp_place place = find(data_seen, packet.dsn + 1);
	struct mptcp_data_seen_packet *new =
		mptcp_ordered_insert(&data_seen->list, &place, sizeof(packet));

	if (!new)
		return -1;
	*new = packet;
	if (packet.length > data_seen->longest)
		data_seen->longest = packet.length;
	return 0;
}

/* The place of the first packet that may reach into `dsn`: no more than LOOKED_AT before those that
 * start there. */
static struct mptcp_place find_reaching(const struct mptcp_data_seen *data_seen, uint64_t dsn)
{
	struct mptcp_place place = find(data_seen, dsn), at = place;

	for (unsigned i = 0; i < LOOKED_AT && mptcp_ordered_back(&data_seen->list, &at); i++) {
		if (is_below(packet_at(data_seen, at), dsn - data_seen->longest))
			break;
		place = at;
	}
	return place;
}

size_t mptcp_data_seen_find(const struct mptcp_data_seen *data_seen, uint64_t dsn, uint32_t length,
	uint64_t *packetids, size_t room)
{
	struct mptcp_place place = find_reaching(data_seen, dsn);
	const struct mptcp_data_seen_packet *packet;
	size_t found = 0;

	for (; found < room && (packet = packet_at(data_seen, place)) &&
		mptcp_sequence_ahead(packet->dsn, dsn + length) < 0;
		place = mptcp_ordered_next(&data_seen->list, place))
		if (mptcp_sequence_ahead(packet->dsn + packet->length, dsn) > 0)
			packetids[found++] = packet->packetid;
	return found;
}

int mptcp_data_seen_wants_prune(const struct mptcp_data_seen *data_seen)
{
	return data_seen->list.count >= PRUNE_FROM && data_seen->list.count >= 2 * data_seen->kept;
}

/* What a packet must not be before, to be kept. */
struct prune {
	uint64_t packetid, data_ack;
};

static bool is_wanted(const void *item, const void *context)
{
	const struct mptcp_data_seen_packet *packet = item;
	const struct prune *prune = context;

	return packet->packetid >= prune->packetid ||
		mptcp_sequence_ahead(packet->dsn + packet->length, prune->data_ack) > 0;
}

void mptcp_data_seen_prune(struct mptcp_data_seen *data_seen, uint64_t packetid, uint64_t data_ack)
{
	const struct prune prune = {packetid, data_ack};

	mptcp_ordered_keep(&data_seen->list, sizeof(struct mptcp_data_seen_packet), is_wanted,
		&prune);
	data_seen->kept = data_seen->list.count;
}

int mptcp_data_seen_merge(struct mptcp_data_seen *into, struct mptcp_data_seen *from)
{
	struct mptcp_place place = mptcp_ordered_begin(&from->list);
	const struct mptcp_data_seen_packet *packet;

	for (; (packet = packet_at(from, place)); place = mptcp_ordered_next(&from->list, place))
		if (mptcp_data_seen_add(into, *packet))
			return -1;
	mptcp_data_seen_clear(from);
	return 0;
}
