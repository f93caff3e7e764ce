/* SPDX-License-Identifier: GPL-2.0-or-later */
/* copies: the ranges are a sorted array in chunks. */
#include "copies.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

/* Ranges in a chunk. */
#define CHUNK 128
/* Fewer ranges than this are never pruned. */
#define PRUNE_FROM 1024

/* Where a range is. */
struct place {
	size_t chunk, at;
};

void mptcp_copies_clear(struct mptcp_copies *copies)
{
	for (size_t i = 0; i < copies->chunk_count; i++)
		free(copies->chunks[i].list);
	free(copies->chunks);
	*copies = (struct mptcp_copies){0};
}

static struct mptcp_copies_range *range_at(const struct mptcp_copies *copies, struct place place)
{
	return place.chunk < copies->chunk_count ? &copies->chunks[place.chunk].list[place.at]
						 : NULL;
}

static struct place next(const struct mptcp_copies *copies, struct place place)
{
	return place.at + 1 < copies->chunks[place.chunk].count
		? (struct place){place.chunk, place.at + 1}
		: (struct place){place.chunk + 1, 0};
}

/* The first range that ends after `start`, or the place after the last. */
static struct place find(const struct mptcp_copies *copies, uint64_t start)
{
	size_t low = 0, high = copies->chunk_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct mptcp_copies_chunk *chunk = &copies->chunks[middle];

		if (chunk->list[chunk->count - 1].end <= start)
			low = middle + 1;
		else
			high = middle;
	}
	struct place place = {low, 0};
	if (low == copies->chunk_count)
		return place;
	for (high = copies->chunks[low].count; place.at < high;) {
		size_t middle = place.at + (high - place.at) / 2;

		if (copies->chunks[low].list[middle].end <= start)
			place.at = middle + 1;
		else
			high = middle;
	}
	return place;
}

/* A new chunk at this index, with room for `capacity` ranges. */
static int add_chunk(struct mptcp_copies *copies, size_t index, size_t capacity)
{
	struct mptcp_copies_range *list = malloc(capacity * sizeof(*list));
	struct mptcp_copies_chunk *chunks = list
		? mptcp_array_append(copies->chunks, &copies->chunk_count, &copies->chunk_capacity,
			  sizeof(*chunks))
		: NULL;

	if (!chunks) {
		free(list);
		return -1;
	}
	memmove(chunks + index + 1, chunks + index,
		(copies->chunk_count - 1 - index) * sizeof(*chunks));
	chunks[index] = (struct mptcp_copies_chunk){.list = list, .capacity = capacity};
	copies->chunks = chunks;
	return 0;
}

/* Makes room in a full chunk; the place may move into another one. */
static int make_room(struct mptcp_copies *copies, struct place *place)
{
	struct mptcp_copies_chunk *chunk = &copies->chunks[place->chunk];

	if (chunk->capacity < CHUNK) {
		struct mptcp_copies_range *list =
			realloc(chunk->list, 2 * chunk->capacity * sizeof(*list));

		if (!list)
			return -1;
		chunk->list = list;
		chunk->capacity *= 2;
		return 0;
	}
	/* data in order needs an empty one after the last */
	size_t from = place->at == CHUNK ? CHUNK : CHUNK / 2;
	if (add_chunk(copies, place->chunk + 1, CHUNK))
		return -1;
	chunk = &copies->chunks[place->chunk];
	chunk[1].count = CHUNK - from;
	chunk->count = from;
	memcpy(chunk[1].list, chunk->list + from, chunk[1].count * sizeof(*chunk->list));
	if (place->at >= from)
		*place = (struct place){place->chunk + 1, place->at - from};
	return 0;
}

/* Inserts a range before the one at the place; the place becomes that of the new one. */
static int insert(struct mptcp_copies *copies, struct place *place, struct mptcp_copies_range range)
{
	if (!copies->chunk_count && add_chunk(copies, 0, CHUNK / 32))
		return -1;
	if (place->chunk == copies->chunk_count) { /* after the last one of the last chunk */
		place->chunk--;
		place->at = copies->chunks[place->chunk].count;
	}
	if (copies->chunks[place->chunk].count == copies->chunks[place->chunk].capacity &&
		make_room(copies, place))
		return -1;
	struct mptcp_copies_chunk *chunk = &copies->chunks[place->chunk];
	memmove(chunk->list + place->at + 1, chunk->list + place->at,
		(chunk->count - place->at) * sizeof(range));
	chunk->list[place->at] = range;
	chunk->count++;
	copies->count++;
	return 0;
}

static void drop_chunk(struct mptcp_copies *copies, size_t index)
{
	free(copies->chunks[index].list);
	copies->chunk_count--;
	memmove(copies->chunks + index, copies->chunks + index + 1,
		(copies->chunk_count - index) * sizeof(*copies->chunks));
}

static void erase(struct mptcp_copies *copies, struct place place)
{
	struct mptcp_copies_chunk *chunk = &copies->chunks[place.chunk];

	chunk->count--;
	copies->count--;
	memmove(chunk->list + place.at, chunk->list + place.at + 1,
		(chunk->count - place.at) * sizeof(*chunk->list));
	if (!chunk->count)
		drop_chunk(copies, place.chunk);
}

/* Cuts a range in two; the place is that of the second part, from `dsn` on. */
static int split(struct mptcp_copies *copies, struct place *place, uint64_t dsn)
{
	struct mptcp_copies_range left = *range_at(copies, *place), *right;

	left.end = dsn;
	if (insert(copies, place, left))
		return -1;
	*place = next(copies, *place);
	right = range_at(copies, *place);
	right->first.position += dsn - right->start;
	right->start = dsn;
	return 0;
}

/* The range goes on with the one after it. */
static void join(struct mptcp_copies_range *range, const struct mptcp_copies_range *after)
{
	range->end = after->end;
	if (after->last_time > range->last_time) {
		range->last_time = after->last_time;
		range->last_stream = after->last_stream;
	}
}

/* Ranges after this one become part of it as far as they lie before `end` and touch it. */
static void fold(struct mptcp_copies *copies, struct place place, uint64_t end)
{
	for (;;) {
		struct mptcp_copies_range *range = range_at(copies, place);
		struct place after = next(copies, place);
		const struct mptcp_copies_range *other = range_at(copies, after);

		if (!other || other->start != range->end || other->end > end)
			return;
		if (other->first.packetid < range->first.packetid) {
			range->first = other->first;
			range->first.position -= other->start - range->start;
		}
		join(range, other);
		erase(copies, after);
	}
}

/* What a packet adds. */
struct addition {
	uint64_t at, start, end; /* what is left begins at `at` */
	const struct mptcp_copy *copy;
	mptcp_copies_found *found;
	void *context;
	bool any;                         /* there is something to report: */
	struct mptcp_copies_range before; /* neighbours that one packet carried are one */
};

static int report(struct addition *addition)
{
	bool any = addition->any;

	addition->any = false;
	return any && addition->found ? addition->found(addition->context, &addition->before) : 0;
}

/* The packet carries this range again. */
static int repeat(struct addition *addition, struct mptcp_copies_range *range)
{
	struct mptcp_copies_range *before = &addition->before;

	if (addition->any && before->end == range->start &&
		before->first.packetid == range->first.packetid) {
		join(before, range);
	} else {
		if (report(addition))
			return -1;
		*before = *range;
		addition->any = true;
	}
	if (addition->found) {
		range->last_time = addition->copy->time;
		range->last_stream = addition->copy->tcpstream;
	}
	return 0;
}

/* No other packet is known to have carried what lies before the range at the place. */
static int fill(struct mptcp_copies *copies, struct place *place, struct addition *addition)
{
	const struct mptcp_copies_range *after = range_at(copies, *place);
	struct mptcp_copies_range range = {.start = addition->at,
		.end = after && after->start < addition->end ? after->start : addition->end,
		.first = *addition->copy,
		.last_time = addition->copy->time,
		.last_stream = addition->copy->tcpstream};

	range.first.position += range.start - addition->start;
	addition->at = range.end;
	if (insert(copies, place, range) || report(addition))
		return -1;
	*place = next(copies, *place);
	range.first.packetid = 0;
	return addition->found ? addition->found(addition->context, &range) : 0;
}

/* The range at the place begins where the addition does, or is cut so. */
static int overlap(struct mptcp_copies *copies, struct place *place, struct addition *addition,
	bool last)
{
	if (range_at(copies, *place)->start < addition->at && split(copies, place, addition->at))
		return -1;
	if (last)
		fold(copies, *place, addition->end);
	if (range_at(copies, *place)->end > addition->end) {
		if (split(copies, place, addition->end))
			return -1;
		*place = find(copies, addition->at);
	}
	struct mptcp_copies_range *range = range_at(copies, *place);
	addition->at = range->end;
	*place = next(copies, *place);
	return repeat(addition, range);
}

int mptcp_copies_add(struct mptcp_copies *copies, uint64_t start, uint64_t end,
	const struct mptcp_copy *copy, mptcp_copies_found *found, void *context)
{
	struct addition addition = {start, start, end, copy, found, context, false, {0}};
	struct place place = find(copies, start);
	size_t parts = 0;

	for (; addition.at < end; parts++) {
		const struct mptcp_copies_range *range = range_at(copies, place);
		bool gap = !range || range->start > addition.at;

		if (gap ? fill(copies, &place, &addition)
			: overlap(copies, &place, &addition, parts >= MPTCP_COPIES_PARTS - 2))
			return -1;
	}
	return report(&addition);
}

bool mptcp_copies_wants_prune(const struct mptcp_copies *copies)
{
	return copies->count >= PRUNE_FROM && copies->count >= 2 * copies->kept;
}

static void keep(struct mptcp_copies *copies, uint64_t acked, uint64_t recent)
{
	size_t chunks = 0;

	copies->count = 0;
	for (size_t i = 0; i < copies->chunk_count; i++) {
		struct mptcp_copies_chunk *chunk = &copies->chunks[i];
		size_t kept = 0;

		for (size_t at = 0; at < chunk->count; at++)
			if (chunk->list[at].end > acked || chunk->list[at].first.packetid >= recent)
				chunk->list[kept++] = chunk->list[at];
		chunk->count = kept;
		copies->count += kept;
		if (kept)
			copies->chunks[chunks++] = *chunk;
		else
			free(chunk->list);
	}
	copies->chunk_count = chunks;
	copies->kept = copies->count;
}

void mptcp_copies_prune(struct mptcp_copies *copies, uint64_t acked, uint64_t recent, size_t most)
{
	keep(copies, acked, recent);
	if (copies->count > most)
		keep(copies, UINT64_MAX, recent);
}
