/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two samples: the U test and the estimator of Hodges and Lehmann.
 *
 * The pairs of two samples are never listed, as there may be 10^11 of them. A difference and a
 * ratio grow with the value of one sample and shrink with that of the other, so that those up to a
 * limit are counted in one pass over both; a limit is found by bisection over all doubles.
 */
#include "sample.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define NORMAL_TAIL 1.959963984540054 /* the quantile of the normal distribution at 97.5 % */

struct pairs {
	const struct mptcp_sample *a, *b;
	bool ratios; /* or differences */
};

static double of_pair(const struct pairs *pairs, size_t i, size_t j)
{
	double a = pairs->a->values[i], b = pairs->b->values[j];

	return pairs->ratios ? a / b : a - b;
}

static uint64_t count_pairs(const struct pairs *pairs)
{
	return (uint64_t)pairs->a->count * pairs->b->count;
}

/* How many are not larger than the limit. */
static uint64_t count_up_to(const struct pairs *pairs, double limit)
{
	uint64_t count = 0;

	for (size_t i = 0, j = 0; i < pairs->a->count; i++) {
		while (j < pairs->b->count && of_pair(pairs, i, j) > limit)
			j++;
		count += pairs->b->count - j;
	}
	return count;
}

/* Integers in the order of doubles, and back. */
static uint64_t to_order(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double from_order(uint64_t order)
{
	uint64_t bits = order >> 63 ? order & ~(UINT64_C(1) << 63) : ~order;
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* The one of that rank, from 1. */
static double of_rank(const struct pairs *pairs, uint64_t rank)
{
	uint64_t low = to_order(of_pair(pairs, 0, pairs->b->count - 1)),
		 high = to_order(of_pair(pairs, pairs->a->count - 1, 0));

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (count_up_to(pairs, from_order(middle)) >= rank)
			high = middle;
		else
			low = middle + 1;
	}
	return from_order(low) + 0.0; /* -0 is 0 */
}

static double middle_of(const struct pairs *pairs)
{
	uint64_t count = count_pairs(pairs);
	double below = of_rank(pairs, (count + 1) / 2);

	if (count % 2)
		return below;
	double above = of_rank(pairs, count / 2 + 1);
	/* the mean of logarithms for ratios */
	return pairs->ratios ? sqrt(below) * sqrt(above) : below / 2 + above / 2;
}

/*
 * How many of the orders of the values of both samples have each U: the coefficients of the
 * Gaussian binomial. With MPTCP_SAMPLE_EXACT pairs they add up to 1.4 * 10^11 at most, so that
 * doubles have them exactly.
 */
static void count_orders(size_t a, size_t b, double orders[MPTCP_SAMPLE_EXACT + 1])
{
	size_t pairs = a * b, few = a < b ? a : b, many = a < b ? b : a;

	memset(orders, 0, (MPTCP_SAMPLE_EXACT + 1) * sizeof(*orders));
	orders[0] = 1;
	for (size_t j = 1; j <= few; j++) {
		for (size_t u = pairs; u >= many + j; u--)
			orders[u] -= orders[u - many - j];
		for (size_t u = j; u <= pairs; u++)
			orders[u] += orders[u - j];
	}
}

/* The probability of at most that U. */
static double probability_up_to(const double orders[MPTCP_SAMPLE_EXACT + 1], size_t pairs, size_t u)
{
	double part = 0, all = 0;

	for (size_t i = 0; i <= pairs; i++) {
		all += orders[i];
		part += i <= u ? orders[i] : 0;
	}
	return part / all;
}

static double cube_term(size_t run)
{
	double length = (double)run;

	return length * length * length - length;
}

/* The sum of t^3 - t over runs of t equal values. */
static double ties_within(const struct mptcp_sample *sample)
{
	double sum = 0;

	for (size_t i = 0, start = 0; i < sample->count; i++)
		if (i + 1 == sample->count || sample->values[i + 1] != sample->values[i]) {
			sum += cube_term(i + 1 - start);
			start = i + 1;
		}
	return sum;
}

/* U, and the same sum of both samples together. */
static double count_larger(const struct mptcp_sample *a, const struct mptcp_sample *b, double *ties)
{
	double u = 0;

	*ties = 0;
	for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
		double value = j == b->count || (i < a->count && a->values[i] <= b->values[j])
			? a->values[i]
			: b->values[j];
		size_t i_start = i, j_start = j;

		while (i < a->count && a->values[i] == value)
			i++;
		while (j < b->count && b->values[j] == value)
			j++;
		u += (double)(i - i_start) * ((double)j_start + (double)(j - j_start) / 2);
		*ties += cube_term(i - i_start + j - j_start);
	}
	return u;
}

/* Of U, for samples with these ties. */
static double deviation(const struct mptcp_sample *a, const struct mptcp_sample *b, double ties)
{
	double n = (double)(a->count + b->count), pairs = (double)a->count * (double)b->count;

	return sqrt(pairs / 12 * (n + 1 - ties / (n * (n - 1))));
}

static double exact_p(const double orders[MPTCP_SAMPLE_EXACT + 1], size_t pairs, double u)
{
	/* the distribution is symmetric */
	size_t nearer = (size_t)fmin(u, (double)pairs - u);

	return fmin(1, 2 * probability_up_to(orders, pairs, nearer));
}

static double normal_p(double distance, double sigma)
{
	if (sigma <= 0)
		return 1; /* all values are the same */
	return erfc(fmax(0, fabs(distance) - 0.5) / sigma * M_SQRT1_2);
}

/* The rank of the pair at which the interval begins; 0: there are too few. */
static uint64_t exact_rank(const double orders[MPTCP_SAMPLE_EXACT + 1], size_t pairs)
{
	const double tail = MPTCP_SAMPLE_TAIL * (1 - 1e-12);
	size_t u = 0;

	while (u < pairs && probability_up_to(orders, pairs, u) < tail)
		u++;
	return u;
}

/* Whether the two samples are so large that one of all their orders is rare enough. */
static bool has_rank(size_t a, size_t b)
{
	double orders = 1;

	for (size_t i = 1; i <= a && orders * MPTCP_SAMPLE_TAIL < 1; i++)
		orders = orders * (double)(b + i) / (double)i;
	return orders * MPTCP_SAMPLE_TAIL > 1 + 1e-9;
}

static uint64_t normal_rank(const struct mptcp_sample *a, const struct mptcp_sample *b)
{
	double sigma = deviation(a, b, ties_within(a) + ties_within(b)),
	       rank = (double)a->count * (double)b->count / 2 - 0.5 - NORMAL_TAIL * sigma;

	return has_rank(a->count, b->count) && rank > 0 ? (uint64_t)ceil(rank) : 0;
}

static void estimate_ratio(const struct mptcp_sample *a, const struct mptcp_sample *b,
	uint64_t rank, struct mptcp_sample_contrast *contrast)
{
	const struct pairs pairs = {a, b, true};

	if (a->values[0] <= 0 || b->values[0] <= 0)
		return;
	contrast->ratio = middle_of(&pairs);
	if (!rank)
		return;
	contrast->low = of_rank(&pairs, rank);
	contrast->high = of_rank(&pairs, count_pairs(&pairs) + 1 - rank);
}

void mptcp_sample_contrast(const struct mptcp_sample *a, const struct mptcp_sample *b,
	struct mptcp_sample_contrast *contrast)
{
	double orders[MPTCP_SAMPLE_EXACT + 1], ties;
	const struct pairs differences = {a, b, false};
	uint64_t pairs = count_pairs(&differences), rank;

	*contrast = (struct mptcp_sample_contrast){NAN, NAN, NAN, NAN, NAN, NAN};
	if (!pairs)
		return;
	contrast->u = count_larger(a, b, &ties);
	if (ties == 0 && pairs <= MPTCP_SAMPLE_EXACT) {
		count_orders(a->count, b->count, orders);
		contrast->p = exact_p(orders, pairs, contrast->u);
		rank = exact_rank(orders, pairs);
	} else {
		contrast->p = normal_p(contrast->u - (double)pairs / 2, deviation(a, b, ties));
		rank = normal_rank(a, b);
	}
	contrast->difference = middle_of(&differences);
	estimate_ratio(a, b, rank, contrast);
}
