/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "histogram.h"

#include <stdlib.h>

#define BITS 6
#define BUCKETS (1U << BITS) /* of an octave */

void mptcp_histogram_clear(struct mptcp_histogram *histogram)
{
	for (unsigned i = 0; histogram->octaves && i < MPTCP_HISTOGRAM_OCTAVES; i++)
		free(histogram->octaves[i]);
	free(histogram->octaves);
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

/* The middle of a bucket. */
static uint64_t middle_of(unsigned octave, unsigned bucket)
{
	unsigned shift = shift_of(octave);
	uint64_t first = ((uint64_t)bucket + (octave ? BUCKETS : 0)) << shift;

	return first + ((UINT64_C(1) << shift) >> 1);
}

static uint32_t *make_octave(struct mptcp_histogram *histogram, unsigned octave)
{
	if (!histogram->octaves)
		histogram->octaves = calloc(MPTCP_HISTOGRAM_OCTAVES, sizeof(*histogram->octaves));
	if (!histogram->octaves)
		return NULL;
	if (!histogram->octaves[octave])
		histogram->octaves[octave] = calloc(BUCKETS, sizeof(**histogram->octaves));
	return histogram->octaves[octave];
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
	unsigned octave = octave_of(number);
	uint32_t *buckets = make_octave(histogram, octave);

	if (!buckets)
		return -1;
	buckets[(number >> shift_of(octave)) & (BUCKETS - 1)]++;
	widen(histogram, number, number);
	histogram->count++;
	histogram->sum += number;
	return 0;
}

int mptcp_histogram_merge(struct mptcp_histogram *into, const struct mptcp_histogram *from)
{
	if (!from->count)
		return 0;
	for (unsigned i = 0; i < MPTCP_HISTOGRAM_OCTAVES; i++) {
		if (!from->octaves[i])
			continue;
		uint32_t *buckets = make_octave(into, i);

		if (!buckets)
			return -1;
		for (unsigned k = 0; k < BUCKETS; k++)
			buckets[k] += from->octaves[i][k];
	}
	widen(into, from->smallest, from->largest);
	into->count += from->count;
	into->sum += from->sum;
	return 0;
}

/* The number of that rank, from 1, as the middle of its bucket. */
static uint64_t find_rank(const struct mptcp_histogram *histogram, uint64_t rank)
{
	for (unsigned i = 0; i < MPTCP_HISTOGRAM_OCTAVES; i++) {
		const uint32_t *buckets = histogram->octaves[i];

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
