/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ordered: items of one size, in an order that their owner keeps: arrays in chunks, so that a new
 * item moves few others however many there are.
 *
 * The highest chunk is part of the struct: a small set is a plain array, and what is added at the
 * end, as nearly everything is, costs no search. A zeroed struct is empty. Functions take the size
 * of an item, which is the same for all items of a set. Places are valid, and pointers to items,
 * until the next insertion or removal.
 */
#ifndef MPTCP_ORDERED_H
#define MPTCP_ORDERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mptcp_ordered_chunk {
	char *items; /* ascending */
	uint32_t count, capacity;
};

struct mptcp_ordered {
	struct mptcp_ordered_chunk last;   /* the highest items; empty only where all is */
	struct mptcp_ordered_chunk *lower; /* the others, ascending, none empty */
	size_t lower_count, lower_capacity;
	size_t count;   /* of all items */
	uint32_t first; /* items at the front of the lowest chunk that are gone */
};

/* Where an item is; the end, after all items, is a place, too. */
struct mptcp_place {
	size_t chunk; /* lower_count: the last one */
	uint32_t at;
};

void mptcp_ordered_clear(struct mptcp_ordered *set);
/* Inserts an item before the place, which becomes that of the item. The item, to be filled, or NULL
 * when memory ran out: then nothing has changed. */
void *mptcp_ordered_insert(struct mptcp_ordered *set, struct mptcp_place *place, size_t size);
/* Removes the item at the place, which becomes that of the next one. */
void mptcp_ordered_erase(struct mptcp_ordered *set, struct mptcp_place *place, size_t size);
/* Removes the lowest item of a set that has one. */
void mptcp_ordered_pop(struct mptcp_ordered *set);
typedef bool mptcp_ordered_wanted(const void *item, const void *context);
/* Removes all items that are not wanted. */
void mptcp_ordered_keep(struct mptcp_ordered *set, size_t size, mptcp_ordered_wanted *wanted,
	const void *context);

static inline const struct mptcp_ordered_chunk *mptcp_ordered_chunk(const struct mptcp_ordered *set,
	size_t index)
{
	return index < set->lower_count ? &set->lower[index] : &set->last;
}
static inline struct mptcp_place mptcp_ordered_begin(const struct mptcp_ordered *set)
{
	return (struct mptcp_place){0, set->first};
}
static inline struct mptcp_place mptcp_ordered_end(const struct mptcp_ordered *set)
{
	return (struct mptcp_place){set->lower_count, set->last.count};
}
/* The item at a place; NULL at the end. */
static inline void *mptcp_ordered_at(const struct mptcp_ordered *set, struct mptcp_place place,
	size_t size)
{
	const struct mptcp_ordered_chunk *chunk = mptcp_ordered_chunk(set, place.chunk);

	return place.at < chunk->count ? chunk->items + place.at * size : NULL;
}
/* The place after one that is not the end. */
static inline struct mptcp_place mptcp_ordered_next(const struct mptcp_ordered *set,
	struct mptcp_place place)
{
	if (++place.at == mptcp_ordered_chunk(set, place.chunk)->count &&
		place.chunk < set->lower_count)
		place = (struct mptcp_place){place.chunk + 1, 0};
	return place;
}
/* Moves to the place before, if there is one. */
static inline bool mptcp_ordered_back(const struct mptcp_ordered *set, struct mptcp_place *place)
{
	if (place->at > (place->chunk ? 0 : set->first)) {
		place->at--;
		return true;
	}
	if (!place->chunk)
		return false;
	place->chunk--;
	place->at = set->lower[place->chunk].count - 1;
	return true;
}
/* The highest item, or NULL. */
static inline void *mptcp_ordered_last(const struct mptcp_ordered *set, size_t size)
{
	return set->count ? set->last.items + (set->last.count - 1) * size : NULL;
}

/* Inserts an item after all others: the item, to be filled, or NULL when memory ran out. */
static inline void *mptcp_ordered_append(struct mptcp_ordered *set, size_t size)
{
	struct mptcp_place place = mptcp_ordered_end(set);

	if (set->last.count == set->last.capacity)
		return mptcp_ordered_insert(set, &place, size);
	set->count++;
	return set->last.items + set->last.count++ * size;
}

/* Whether an item lies before a number, in the order of the set. */
typedef bool mptcp_ordered_below(const void *item, uint64_t number);

/* The first item that does not lie below the number, or the end. Inline, for what is added at the
 * end, with `below` known to the compiler; the rest is a bisection. */
struct mptcp_place mptcp_ordered_search(const struct mptcp_ordered *set, size_t size,
	mptcp_ordered_below *below, uint64_t number);
static inline struct mptcp_place mptcp_ordered_find(const struct mptcp_ordered *set, size_t size,
	mptcp_ordered_below *below, uint64_t number)
{
	const void *last = mptcp_ordered_last(set, size);

	return !last || below(last, number) ? mptcp_ordered_end(set)
					    : mptcp_ordered_search(set, size, below, number);
}

#endif
