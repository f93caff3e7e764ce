/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sample: what a handful of measurements says of what was measured, and two handfuls of each other.
 *
 * No normal distribution is assumed, and no random number is used: the same values give the same
 * bytes. All functions take values that are finite and sorted (mptcp_sample_sort). What cannot be
 * told is NAN.
 *
 * Quantiles are those of type 7 of Hyndman and Fan (1996), the default of R, NumPy and
 * spreadsheets: linear between the order statistics, the smallest value at 0 and the largest at 1.
 * The interval of the median lies between two order statistics, chosen by the binomial
 * distribution, so that it covers the median of any continuous distribution with at least 95 %; of
 * fewer than six values there is none. Two samples are compared by the Mann-Whitney U test and the
 * Hodges-Lehmann estimator that belongs to it, as R's wilcox.test does: U is exact where there are
 * no ties and at most MPTCP_SAMPLE_EXACT pairs, otherwise approximately normal, corrected for ties
 * and continuity.
 */
#ifndef MPTCP_SAMPLE_H
#define MPTCP_SAMPLE_H

#include "error.h"

#include <stddef.h>

#define MPTCP_SAMPLE_EXACT 400
#define MPTCP_SAMPLE_TAIL 0.025 /* on either side of an interval of 95 % */

struct mptcp_sample {
	const double *values; /* ascending; borrowed */
	size_t count;
};

struct mptcp_sample_summary {
	double min, q1, median, q3, max;
	double mean, sd;  /* sd: with count - 1; NAN of one value */
	double low, high; /* the interval of 95 % of the median */
};

/* How the first of two samples differs from the second one. */
struct mptcp_sample_contrast {
	double u; /* pairs in which the first one's value is larger; half of those equal */
	double p; /* of U or one further from its mean, if both came from the same source */
	double difference; /* median of the differences of all pairs */
	/* the median of the ratios of all pairs and its interval of 95 %: NAN where a value is not
	 * positive, and the interval where there are too few values */
	double ratio, low, high;
};

/* Sorts ascending. */
void mptcp_sample_sort(double *values, size_t count);
/* The value that `share` (0 to 1) of the sample lies below. */
double mptcp_sample_quantile(const struct mptcp_sample *sample, double share);
/* Of an empty sample everything is NAN. */
void mptcp_sample_summarize(const struct mptcp_sample *sample,
	struct mptcp_sample_summary *summary);
/* Everything is NAN where a sample is empty. Time: that of reading both some hundred times. */
void mptcp_sample_contrast(const struct mptcp_sample *a, const struct mptcp_sample *b,
	struct mptcp_sample_contrast *contrast);
/* Adjusts p values for their number after Holm (1979); NANs are none. 0, or -1 when memory ran out.
 */
int mptcp_sample_holm(double *p, size_t count, struct mptcp_error *error);

#endif
