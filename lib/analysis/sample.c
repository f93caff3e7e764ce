/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sample.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

void mptcp_sample_sort(double *values, size_t count)
{
	if (count)
		qsort(values, count, sizeof(*values), compare);
}

double mptcp_sample_quantile(const struct mptcp_sample *sample, double share)
{
	if (!sample->count)
		return NAN;
	double place = share * (double)(sample->count - 1);
	size_t below = (size_t)place;
	double part = place - (double)below;

	if (part == 0)
		return sample->values[below];
	return (1 - part) * sample->values[below] + part * sample->values[below + 1];
}

/* The probability of exactly k heads of n. */
static double heads(size_t n, size_t k)
{
	double whole = (double)n, part = (double)k;
	int sign;

	return exp(lgamma_r(whole + 1, &sign) - lgamma_r(part + 1, &sign) -
		lgamma_r(whole - part + 1, &sign) - whole * M_LN2);
}

/*
 * The interval of the median begins at the order statistic of this rank, counted from 1, and ends
 * as far from the other end: so that at most MPTCP_SAMPLE_TAIL of all samples have so few values
 * below the median. 0: even the whole range is too short.
 */
static size_t median_rank(size_t count)
{
	/* what lies 40 standard deviations below the mean adds nothing that a double could hold */
	double start = (double)count / 2 - 20 * sqrt((double)count);
	size_t rank = start > 0 ? (size_t)start : 0;

	for (double below = 0; rank < count; rank++) {
		below += heads(count, rank);
		/* so that rounding does not decide where a sum is exactly a half of 5 % */
		if (below > MPTCP_SAMPLE_TAIL * (1 + 1e-9))
			break;
	}
	return rank;
}

static void describe_spread(const struct mptcp_sample *sample, struct mptcp_sample_summary *summary)
{
	double count = (double)sample->count, sum = 0, rest = 0, squares = 0;

	for (size_t i = 0; i < sample->count; i++)
		sum += sample->values[i];
	summary->mean = sum / count;
	for (size_t i = 0; i < sample->count; i++)
		rest += sample->values[i] - summary->mean;
	summary->mean += rest / count; /* what rounding has lost */
	for (size_t i = 0; i < sample->count; i++) {
		double distance = sample->values[i] - summary->mean;

		squares += distance * distance;
	}
	summary->sd = sample->count > 1 ? sqrt(squares / (count - 1)) : NAN;
}

void mptcp_sample_summarize(const struct mptcp_sample *sample, struct mptcp_sample_summary *summary)
{
	*summary = (struct mptcp_sample_summary){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
	if (!sample->count)
		return;
	summary->min = sample->values[0];
	summary->q1 = mptcp_sample_quantile(sample, 0.25);
	summary->median = mptcp_sample_quantile(sample, 0.5);
	summary->q3 = mptcp_sample_quantile(sample, 0.75);
	summary->max = sample->values[sample->count - 1];
	describe_spread(sample, summary);
	size_t rank = median_rank(sample->count);
	if (rank) {
		summary->low = sample->values[rank - 1];
		summary->high = sample->values[sample->count - rank];
	}
}

struct place {
	double *p;
	size_t index; /* equal ones keep their order */
};

static int compare_places(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	int order = compare(left->p, right->p);

	return order ? order : (left->index > right->index) - (left->index < right->index);
}

int mptcp_sample_holm(double *p, size_t count, struct mptcp_error *error)
{
	struct place *places = calloc(count + 1, sizeof(*places));
	size_t known = 0;
	double largest = 0;

	if (!places)
		return mptcp_error_memory(error);
	for (size_t i = 0; i < count; i++)
		if (!isnan(p[i]))
			places[known++] = (struct place){&p[i], i};
	if (known)
		qsort(places, known, sizeof(*places), compare_places);
	for (size_t i = 0; i < known; i++) {
		double adjusted = fmin(1, *places[i].p * (double)(known - i));

		largest = fmax(largest, adjusted);
		*places[i].p = largest;
	}
	free(places);
	return 0;
}
