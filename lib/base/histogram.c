/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "histogram.h"

#include <stdbool.h>
#include <stdlib.h>

#define BITS 6
#define BUCKETS (1U << BITS) /* of an octave */
#define FEW 16

struct mptcp_histogram_octave {
	uint32_t of[BUCKETS];
};

void mptcp_histogram_clear(struct mptcp_histogram *histogram)
{
	free(histogram->few);
	free(histogram->buckets);
	*histogram = (struct mptcp_histogram){0};
}

/* The octave of a number: 0 below BUCKETS, then one for each power of two. */
static unsigned octave_of(uint64_t number)
{
	return number < BUCKETS ? 0 : 63U - (unsigned)__builtin_clzll(number) - BITS + 1;
}

/* How far the numbers of an octave are shifted to the right to find their buckets. */
static unsigned shift_of(unsigned octave)
{
	return octave ? octave - 1 : 0;
}

static unsigned bucket_of(uint64_t number, unsigned octave)
{
	return (unsigned)(number >> shift_of(octave)) & (BUCKETS - 1);
}

/* The middle of a bucket. */
static uint64_t middle_of(unsigned octave, unsigned bucket)
{
	unsigned shift = shift_of(octave);
	uint64_t first = ((uint64_t)bucket + (octave ? BUCKETS : 0)) << shift;

	return first + ((UINT64_C(1) << shift) >> 1);
}

/* The buckets of an octave, NULL where it has none. */
static uint32_t *buckets_of(const struct mptcp_histogram *histogram, unsigned octave)
{
	unsigned place = histogram->places[octave];

	return place ? histogram->buckets[place - 1].of : NULL;
}

/* The buckets of an octave, made if there are none; NULL when memory ran out. */
static uint32_t *make_octave(struct mptcp_histogram *histogram, unsigned octave)
{
	struct mptcp_histogram_octave *buckets;

	if (histogram->places[octave])
		return buckets_of(histogram, octave);
	buckets = realloc(histogram->buckets, (histogram->octaves + 1U) * sizeof(*buckets));
	if (!buckets)
		return NULL;
	histogram->buckets = buckets;
	buckets[histogram->octaves] = (struct mptcp_histogram_octave){{0}};
	histogram->places[octave] = ++histogram->octaves;
	return buckets_of(histogram, octave);
}

static int put_in_bucket(struct mptcp_histogram *histogram, uint64_t number)
{
	unsigned octave = octave_of(number);
	uint32_t *buckets = make_octave(histogram, octave);

	if (!buckets)
		return -1;
	buckets[bucket_of(number, octave)]++;
	return 0;
}

/* Puts the few into buckets, as there are more to come. */
static int spread(struct mptcp_histogram *histogram)
{
	for (size_t i = 0; i < histogram->count; i++)
		if (put_in_bucket(histogram, histogram->few[i]))
			return -1;
	free(histogram->few);
	histogram->few = NULL;
	return 0;
}

/* Inserts one where there are few; room for them doubles. */
static int put_among_few(struct mptcp_histogram *histogram, uint64_t number)
{
	size_t at = histogram->count;

	if (!(at & (at - 1))) {
		uint64_t *few = realloc(histogram->few, (at ? 2 * at : 1) * sizeof(*few));

		if (!few)
			return -1;
		histogram->few = few;
	}
	for (; at && histogram->few[at - 1] > number; at--)
		histogram->few[at] = histogram->few[at - 1];
	histogram->few[at] = number;
	return 0;
}

static void widen(struct mptcp_histogram *histogram, uint64_t smallest, uint64_t largest)
{
	if (!histogram->count || smallest < histogram->smallest)
		histogram->smallest = smallest;
	if (!histogram->count || largest > histogram->largest)
		histogram->largest = largest;
}

int mptcp_histogram_add(struct mptcp_histogram *histogram, uint64_t number)
{
	bool few = histogram->few || !histogram->count;

	if (few && histogram->count == FEW) {
		if (spread(histogram))
			return -1;
		few = false;
	}
	if (few ? put_among_few(histogram, number) : put_in_bucket(histogram, number))
		return -1;
	widen(histogram, number, number);
	histogram->count++;
	histogram->sum += number;
	return 0;
}

static int merge_buckets(struct mptcp_histogram *into, const struct mptcp_histogram *from)
{
	if (into->few && spread(into))
		return -1;
	for (unsigned i = 0; i < MPTCP_HISTOGRAM_OCTAVES; i++) {
		const uint32_t *added = buckets_of(from, i);
		uint32_t *buckets = added ? make_octave(into, i) : NULL;

		if (added && !buckets)
			return -1;
		for (unsigned k = 0; added && k < BUCKETS; k++)
			buckets[k] += added[k];
	}
	widen(into, from->smallest, from->largest);
	into->count += from->count;
	into->sum += from->sum;
	return 0;
}

int mptcp_histogram_merge(struct mptcp_histogram *into, const struct mptcp_histogram *from)
{
	if (!from->count)
		return 0;
	if (!from->few)
		return merge_buckets(into, from);
	for (size_t i = 0; i < from->count; i++)
		if (mptcp_histogram_add(into, from->few[i]))
			return -1;
	return 0;
}

/* The number of that rank, from 1, as the middle of its bucket. */
static uint64_t find_rank(const struct mptcp_histogram *histogram, uint64_t rank)
{
	if (histogram->few) {
		uint64_t number = histogram->few[rank - 1];
		unsigned octave = octave_of(number);

		return middle_of(octave, bucket_of(number, octave));
	}
	for (unsigned i = 0; i < MPTCP_HISTOGRAM_OCTAVES; i++) {
		const uint32_t *buckets = buckets_of(histogram, i);

		for (unsigned k = 0; buckets && k < BUCKETS; k++) {
			if (buckets[k] >= rank)
				return middle_of(i, k);
			rank -= buckets[k];
		}
	}
	return histogram->largest;
}

uint64_t mptcp_histogram_quantile(const struct mptcp_histogram *histogram, unsigned percent)
{
	uint64_t count = histogram->count;

	if (!count)
		return 0;
	/* count * percent / 100, rounded up, without overflow */
	uint64_t rank = count / 100 * percent + (count % 100 * percent + 99) / 100;
	if (rank <= 1)
		return histogram->smallest;
	if (rank >= count)
		return histogram->largest;
	uint64_t number = find_rank(histogram, rank);

	if (number < histogram->smallest)
		return histogram->smallest;
	return number > histogram->largest ? histogram->largest : number;
}

uint64_t mptcp_histogram_mean(const struct mptcp_histogram *histogram)
{
	return histogram->count ? (histogram->sum + histogram->count / 2) / histogram->count : 0;
}
