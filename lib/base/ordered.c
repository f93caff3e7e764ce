/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ordered.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

/* Items in a full chunk. */
#define CHUNK 128

void mptcp_ordered_clear(struct mptcp_ordered *set)
{
	for (size_t i = 0; i < set->lower_count; i++)
		free(set->lower[i].items);
	free(set->lower);
	free(set->last.items);
	*set = (struct mptcp_ordered){0};
}

/* The first item of a chunk, from `first` on, that does not lie below the number, or its end. */
static uint32_t search_chunk(const struct mptcp_ordered_chunk *chunk, uint32_t first, size_t size,
	mptcp_ordered_below *below, uint64_t number)
{
	uint32_t low = first, high = chunk->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (below(chunk->items + middle * size, number))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct mptcp_place mptcp_ordered_search(const struct mptcp_ordered *set, size_t size,
	mptcp_ordered_below *below, uint64_t number)
{
	size_t low = 0, high = set->lower_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct mptcp_ordered_chunk *chunk = &set->lower[middle];

		if (below(chunk->items + (chunk->count - 1) * size, number))
			low = middle + 1;
		else
			high = middle;
	}
	const struct mptcp_ordered_chunk *chunk = mptcp_ordered_chunk(set, low);

	return (struct mptcp_place){low,
		search_chunk(chunk, low ? 0 : set->first, size, below, number)};
}

static struct mptcp_ordered_chunk *chunk_at(struct mptcp_ordered *set, size_t index)
{
	return index < set->lower_count ? &set->lower[index] : &set->last;
}

/* Nearly all sets have a single item, and there are several sets for each subflow. */
static int grow(struct mptcp_ordered_chunk *chunk, size_t size)
{
	uint32_t capacity = chunk->capacity ? 2 * chunk->capacity : 1;
	char *items = realloc(chunk->items, capacity * size);

	if (!items)
		return -1;
	chunk->items = items;
	chunk->capacity = capacity;
	return 0;
}

/* Moves the items of a full chunk that come before `from` into a new one below it; what is added at
 * the end finds an empty one. */
static int split(struct mptcp_ordered *set, struct mptcp_place *place, size_t size)
{
	uint32_t from = place->at == CHUNK ? CHUNK : CHUNK / 2;
	char *items = malloc(CHUNK * size);
	struct mptcp_ordered_chunk *lower = items
		? mptcp_array_append(set->lower, &set->lower_count, &set->lower_capacity,
			  sizeof(*lower))
		: NULL;

	if (!lower) {
		free(items);
		return -1;
	}
	set->lower = lower;
	memmove(lower + place->chunk + 1, lower + place->chunk,
		(set->lower_count - 1 - place->chunk) * sizeof(*lower));
	struct mptcp_ordered_chunk *upper = chunk_at(set, place->chunk + 1);

	lower[place->chunk] = (struct mptcp_ordered_chunk){upper->items, from, CHUNK};
	memcpy(items, upper->items + from * size, (CHUNK - from) * size);
	upper->items = items;
	upper->count = CHUNK - from;
	upper->capacity = CHUNK;
	if (place->at >= from)
		*place = (struct mptcp_place){place->chunk + 1, place->at - from};
	return 0;
}

/* Makes use of the room that items at the front of the lowest chunk have left, if it is worthwhile.
 */
static bool close_front(struct mptcp_ordered *set, struct mptcp_place *place, size_t size)
{
	struct mptcp_ordered_chunk *chunk = chunk_at(set, 0);
	uint32_t gone = set->first;

	if (place->chunk || !gone || gone < chunk->count / 2)
		return false;
	chunk->count -= gone;
	memmove(chunk->items, chunk->items + gone * size, chunk->count * size);
	set->first = 0;
	place->at -= gone;
	return true;
}

void *mptcp_ordered_insert(struct mptcp_ordered *set, struct mptcp_place *place, size_t size)
{
	struct mptcp_ordered_chunk *chunk = chunk_at(set, place->chunk);

	if (chunk->count == chunk->capacity && !close_front(set, place, size)) {
		if (chunk->capacity < CHUNK ? grow(chunk, size) : split(set, place, size))
			return NULL;
		chunk = chunk_at(set, place->chunk);
	}
	char *item = chunk->items + place->at * size;

	if (place->at < chunk->count)
		memmove(item + size, item, (chunk->count - place->at) * size);
	chunk->count++;
	set->count++;
	return item;
}

static bool is_empty(const struct mptcp_ordered *set, size_t index)
{
	return mptcp_ordered_chunk(set, index)->count == (index ? 0 : set->first);
}

/* A chunk that has become empty goes; the last one stays where it is the only one. */
static void drop(struct mptcp_ordered *set, size_t index)
{
	if (!index)
		set->first = 0;
	if (index == set->lower_count) {
		set->last.count = 0;
		if (!set->lower_count)
			return;
		free(set->last.items);
		set->last = set->lower[--set->lower_count];
		return;
	}
	free(set->lower[index].items);
	set->lower_count--;
	memmove(set->lower + index, set->lower + index + 1,
		(set->lower_count - index) * sizeof(*set->lower));
}

void mptcp_ordered_erase(struct mptcp_ordered *set, struct mptcp_place *place, size_t size)
{
	struct mptcp_ordered_chunk *chunk = chunk_at(set, place->chunk);
	char *item = chunk->items + place->at * size;
	bool was_last = place->chunk == set->lower_count;

	chunk->count--;
	set->count--;
	memmove(item, item + size, (chunk->count - place->at) * size);
	if (is_empty(set, place->chunk)) {
		drop(set, place->chunk);
		*place = was_last ? mptcp_ordered_end(set) : (struct mptcp_place){place->chunk, 0};
	} else if (place->at == chunk->count && !was_last) {
		*place = (struct mptcp_place){place->chunk + 1, 0};
	}
}

void mptcp_ordered_pop(struct mptcp_ordered *set)
{
	set->first++;
	set->count--;
	if (is_empty(set, 0))
		drop(set, 0);
}

static void keep_in_chunk(struct mptcp_ordered *set, struct mptcp_ordered_chunk *chunk, size_t size,
	mptcp_ordered_wanted *wanted, const void *context)
{
	char *to = chunk->items;
	const char *end = to + chunk->count * size;

	/* the lowest chunk is the first one */
	for (const char *item = to + set->first * size; item < end; item += size) {
		if (!wanted(item, context))
			continue;
		if (to != item)
			memcpy(to, item, size);
		to += size;
	}
	chunk->count = (uint32_t)((size_t)(to - chunk->items) / size);
	set->count += chunk->count;
	set->first = 0;
}

void mptcp_ordered_keep(struct mptcp_ordered *set, size_t size, mptcp_ordered_wanted *wanted,
	const void *context)
{
	size_t chunks = 0;

	if (!set->count)
		return;
	set->count = 0;
	for (size_t i = 0; i < set->lower_count; i++) {
		struct mptcp_ordered_chunk *chunk = &set->lower[i];

		keep_in_chunk(set, chunk, size, wanted, context);
		if (chunk->count)
			set->lower[chunks++] = *chunk;
		else
			free(chunk->items);
	}
	set->lower_count = chunks;
	keep_in_chunk(set, &set->last, size, wanted, context);
	if (!set->last.count)
		drop(set, set->lower_count);
}
