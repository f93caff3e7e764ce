/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sketch.h"

#include "hash.h"

#include <stdlib.h>

#define ITEMS 4096 /* at most; half of them are dropped when there are as many */

/* What is the same at both ends also where sequence numbers are rewritten and where the handshake
 * was captured at one end only; without timestamps the number on the wire has to do. */
static uint64_t content(const struct mptcp_packet *packet)
{
	uint64_t hash = mptcp_hash_add(packet->tcpflags, packet->tcplen);

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_tsval))
		return mptcp_hash_add(hash, packet->tcpseq_raw);
	return mptcp_hash_add(mptcp_hash_add(hash, packet->tsval), packet->tsecr);
}

int mptcp_sketch_add(struct mptcp_sketch *sketch, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	uint64_t hash = content(packet);

	if (sketch->below && hash >= sketch->below)
		return 0;
	if (!sketch->items) {
		sketch->items = malloc(ITEMS * sizeof(*sketch->items));
		if (!sketch->items)
			return mptcp_error_memory(error);
	}
	while (sketch->count == ITEMS) { /* copies of one packet have one hash: may take several */
		size_t kept = 0;

		sketch->below = (sketch->below ? sketch->below : UINT64_MAX) / 2;
		for (size_t i = 0; i < sketch->count; i++)
			if (sketch->items[i].hash < sketch->below)
				sketch->items[kept++] = sketch->items[i];
		sketch->count = kept;
	}
	if (!sketch->below || hash < sketch->below)
		sketch->items[sketch->count++] = (struct mptcp_sketch_item){hash, packet->abstime};
	return 0;
}

static int by_hash(const void *a, const void *b)
{
	const struct mptcp_sketch_item *first = a, *second = b;

	if (first->hash != second->hash)
		return first->hash < second->hash ? -1 : 1;
	return first->time < second->time ? -1 : first->time > second->time;
}

static int by_number(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return first < second ? -1 : first > second;
}

/* Sorts, and leaves out what was sampled more than once: which copy is which is not known. */
static void keep_unique(struct mptcp_sketch *sketch)
{
	size_t kept = 0, end;

	if (sketch->count)
		qsort(sketch->items, sketch->count, sizeof(*sketch->items), by_hash);
	for (size_t i = 0; i < sketch->count; i = end) {
		for (end = i + 1; end < sketch->count; end++)
			if (sketch->items[end].hash != sketch->items[i].hash)
				break;
		if (end == i + 1)
			sketch->items[kept++] = sketch->items[i];
	}
	sketch->count = kept;
}

bool mptcp_sketch_difference(struct mptcp_sketch *a, struct mptcp_sketch *b, int64_t *difference)
{
	int64_t differences[ITEMS];
	size_t count = 0, i = 0, k = 0;

	keep_unique(a);
	keep_unique(b);
	while (i < a->count && k < b->count) {
		if (a->items[i].hash == b->items[k].hash)
			differences[count++] = b->items[k++].time - a->items[i++].time;
		else if (a->items[i].hash < b->items[k].hash)
			i++;
		else
			k++;
	}
	if (!count)
		return false;
	qsort(differences, count, sizeof(*differences), by_number);
	*difference = differences[count / 2];
	return true;
}

void mptcp_sketch_clear(struct mptcp_sketch *sketch)
{
	free(sketch->items);
	*sketch = (struct mptcp_sketch){0};
}
