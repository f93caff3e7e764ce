/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * histogram: a distribution of numbers (times in nanoseconds) in memory that does not grow with
 * them.
 *
 * Log-linear: below 64 a bucket for each number, above 64 buckets for each power of two. So a
 * quantile is off by less than 1 % of its value; count, mean, smallest and largest are exact. The
 * buckets of a power of two are made with its first number: where all lie near one another, a few
 * hundred bytes. The first numbers are kept themselves: most connections are short. A zeroed struct
 * is empty.
 */
#ifndef MPTCP_HISTOGRAM_H
#define MPTCP_HISTOGRAM_H

#include <stdint.h>

#define MPTCP_HISTOGRAM_OCTAVES 59

struct mptcp_histogram {
	uint64_t count;
	uint64_t sum;               /* wraps beyond 2^64: 584 years in nanoseconds */
	uint64_t smallest, largest; /* where count > 0 */
	uint64_t *few;              /* all of them, ascending, while they are few; then NULL */
	struct mptcp_histogram_octave *buckets; /* of the octaves that have any, then */
	/* where each is among them, plus 1; 0: nowhere. First those below 64, then powers of 2 */
	uint8_t places[MPTCP_HISTOGRAM_OCTAVES];
	uint8_t octaves; /* that have buckets */
};

void mptcp_histogram_clear(struct mptcp_histogram *histogram);
/* 0, or -1 when memory ran out. */
int mptcp_histogram_add(struct mptcp_histogram *histogram, uint64_t number);
/* Adds all of `from`. 0, or -1 when memory ran out. */
int mptcp_histogram_merge(struct mptcp_histogram *into, const struct mptcp_histogram *from);
/*
 * The smallest number that at least `percent` (0 to 100) of all do not exceed (nearest rank),
 * within 1 %; never outside of smallest and largest. 0 where there are none.
 */
uint64_t mptcp_histogram_quantile(const struct mptcp_histogram *histogram, unsigned percent);
/* Rounded to the nearest number; 0 where there are none. */
uint64_t mptcp_histogram_mean(const struct mptcp_histogram *histogram);

#endif
