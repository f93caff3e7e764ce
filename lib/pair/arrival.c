/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "arrival.h"

#include "array.h"
#include "piece.h"

#include <stdlib.h>

const char *mptcp_worth_name(enum mptcp_worth worth)
{
	static const char *const names[] = {"unknown", "gain", "redundant", "original_lost",
		"lost"};

	return names[worth];
}

void mptcp_arrivals_clear(struct mptcp_arrivals *arrivals)
{
	for (size_t i = 0; i < arrivals->count; i++)
		mptcp_intervals_clear(&arrivals->list[i].others);
	free(arrivals->list);
	*arrivals = (struct mptcp_arrivals){0};
}

int mptcp_arrivals_want(struct mptcp_arrivals *arrivals, int sender,
	const struct mptcp_reinjection *reinjection, struct mptcp_error *error)
{
	struct mptcp_arrival *list = mptcp_array_append(arrivals->list, &arrivals->count,
		&arrivals->capacity, sizeof(*list));

	if (!list)
		return mptcp_error_memory(error);
	arrivals->list = list;
	list[arrivals->count - 1] = (struct mptcp_arrival){.sender = sender,
		.mptcpstream = reinjection->mptcpstream,
		.tcpstream = reinjection->tcpstream,
		.mptcpdest = reinjection->mptcpdest,
		.packetid = reinjection->packetid,
		.dsn = reinjection->dsn,
		.length = reinjection->length,
		.tcpseq = reinjection->tcpseq,
		.number = arrivals->count - 1};
	if (reinjection->length > arrivals->longest)
		arrivals->longest = reinjection->length;
	return 0;
}

/* By sender, connection and direction; then by DSN. */
static int order(const struct mptcp_arrival *a, const struct mptcp_arrival *b)
{
	if (a->sender != b->sender)
		return a->sender - b->sender;
	if (a->mptcpstream != b->mptcpstream)
		return a->mptcpstream < b->mptcpstream ? -1 : 1;
	if (a->mptcpdest != b->mptcpdest)
		return a->mptcpdest < b->mptcpdest ? -1 : 1;
	return a->dsn < b->dsn ? -1 : a->dsn > b->dsn;
}

static int by_dsn(const void *a, const void *b)
{
	const struct mptcp_arrival *first = a, *second = b;
	int result = order(first, second);

	return result ? result
		      : (first->number > second->number) - (first->number < second->number);
}

static int by_number(const void *a, const void *b)
{
	const struct mptcp_arrival *first = a, *second = b;

	return (first->number > second->number) - (first->number < second->number);
}

/* The first that is not before `key`. */
static size_t lower_bound(const struct mptcp_arrivals *arrivals, const struct mptcp_arrival *key)
{
	size_t low = 0, high = arrivals->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (order(&arrivals->list[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Bytes [start, end) of a reinjected range arrived by another copy. */
static int take_other(struct mptcp_arrival *arrival, uint64_t start, uint64_t end, int64_t time)
{
	if (arrival->complete && time >= arrival->complete_at)
		return 0;
	if (mptcp_intervals_add(&arrival->others, start, end, NULL))
		return -1;
	if (mptcp_intervals_total(&arrival->others) == arrival->length) {
		arrival->complete = true;
		arrival->complete_at = time;
	}
	return 0;
}

/* TCP's own retransmission of the reinjection is not another copy. */
static bool is_same_copy(const struct mptcp_arrival *arrival, const struct mptcp_packet *packet,
	const struct mptcp_piece *piece)
{
	uint32_t first = packet->tcpseq + (packet->tcpflags & MPTCP_SYN ? 1 : 0) + piece->offset;

	return arrival->tcpstream == packet->tcpstream &&
		arrival->tcpseq - first == (uint32_t)(arrival->dsn - piece->dsn);
}

/* What a piece of data that arrived, or was lost, means for the ranges it overlaps. */
static int take_piece(struct mptcp_arrivals *arrivals, const struct mptcp_pair *pair,
	const struct mptcp_piece *piece)
{
	const struct mptcp_packet *packet = pair->packet;
	uint64_t end = piece->dsn + piece->length;
	struct mptcp_arrival key = {.sender = pair->sender,
		.mptcpstream = packet->mptcpstream,
		.mptcpdest = packet->mptcpdest,
		.dsn = piece->dsn < arrivals->longest ? 0 : piece->dsn - arrivals->longest};

	for (size_t i = lower_bound(arrivals, &key); i < arrivals->count; i++) {
		struct mptcp_arrival *arrival = &arrivals->list[i];
		uint64_t start = arrival->dsn > piece->dsn ? arrival->dsn : piece->dsn;
		uint64_t stop = arrival->dsn + arrival->length;

		key.dsn = end;
		if (order(arrival, &key) >= 0)
			break;
		stop = stop < end ? stop : end;
		if (start >= stop)
			continue;
		if (arrival->packetid == packet->packetid) {
			arrival->lost |= pair->fate == MPTCP_LOST;
			if (pair->fate == MPTCP_ARRIVED &&
				(!arrival->arrived || pair->abstime[!pair->sender] > arrival->time))
				arrival->time = pair->abstime[!pair->sender];
			arrival->arrived |= pair->fate == MPTCP_ARRIVED;
		} else if (!is_same_copy(arrival, packet, piece) && pair->fate == MPTCP_ARRIVED &&
			take_other(arrival, start, stop, pair->abstime[!pair->sender])) {
			return -1;
		}
	}
	return 0;
}

int mptcp_arrivals_row(struct mptcp_arrivals *arrivals, const struct mptcp_pair *pair,
	struct mptcp_error *error)
{
	struct mptcp_piece piece;

	if (!arrivals->sorted && arrivals->count)
		qsort(arrivals->list, arrivals->count, sizeof(*arrivals->list), by_dsn);
	arrivals->sorted = true;
	/* a packet that the sender's capture lacks has the receiver's numbers */
	if (!pair->seen[pair->sender] || !mptcp_packet_has(pair->packet, MPTCP_COLUMN_mptcpstream))
		return 0;
	for (size_t at = 0; mptcp_piece_next(pair->packet, &at, &piece);)
		if (take_piece(arrivals, pair, &piece))
			return mptcp_error_memory(error);
	return 0;
}

void mptcp_arrivals_end(struct mptcp_arrivals *arrivals)
{
	if (arrivals->count)
		qsort(arrivals->list, arrivals->count, sizeof(*arrivals->list), by_number);
	arrivals->sorted = false;
}

enum mptcp_worth mptcp_arrival_worth(const struct mptcp_arrival *arrival, int64_t *gain)
{
	*gain = 0;
	if (!arrival->arrived)
		return arrival->lost ? MPTCP_WORTH_LOST : MPTCP_WORTH_UNKNOWN;
	if (!arrival->complete)
		return MPTCP_WORTH_ORIGINAL_LOST;
	*gain = arrival->complete_at - arrival->time;
	return *gain > 0 ? MPTCP_WORTH_GAIN : MPTCP_WORTH_REDUNDANT;
}
