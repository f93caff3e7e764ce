/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Samples: what is known of them from books, by hand, or from R, and what has no answer. */
#include "sample.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SAMPLE(...) \
	sorted((double[]){__VA_ARGS__}, sizeof((double[]){__VA_ARGS__}) / sizeof(double))

/* A sorted copy, which lives as long as the test program. */
static struct mptcp_sample sorted(const double *values, size_t count)
{
	static double room[64][64];
	static size_t used;
	double *copy = room[used++ % 64];

	assert_true(count <= 64);
	memcpy(copy, values, count * sizeof(*values));
	mptcp_sample_sort(copy, count);
	return (struct mptcp_sample){copy, count};
}

static void is_near(double got, double want)
{
	if (!(fabs(got - want) <= 1e-12 * fmax(1, fabs(want))))
		fail_msg("%.17g, not %.17g", got, want);
}

static void quartiles_are_those_of_type_7(void **state)
{
	struct mptcp_sample ten = SAMPLE(7, 2, 9, 4, 1, 10, 3, 8, 5, 6);
	struct mptcp_sample powers = SAMPLE(1, 2, 4, 8, 16, 32);
	struct mptcp_sample_summary summary;

	(void)state;
	mptcp_sample_summarize(&ten, &summary);
	is_near(summary.min, 1);
	is_near(summary.q1, 3.25);
	is_near(summary.median, 5.5);
	is_near(summary.q3, 7.75);
	is_near(summary.max, 10);
	mptcp_sample_summarize(&powers, &summary);
	is_near(summary.q1, 2.5);
	is_near(summary.median, 6);
	is_near(summary.q3, 14);
	is_near(mptcp_sample_quantile(&powers, 0), 1);
	is_near(mptcp_sample_quantile(&powers, 1), 32);
}

static void mean_and_deviation(void **state)
{
	struct mptcp_sample eight = SAMPLE(2, 4, 4, 4, 5, 5, 7, 9);
	struct mptcp_sample far = SAMPLE(1e15 + 1, 1e15 + 2, 1e15 + 3);
	struct mptcp_sample_summary summary;

	(void)state;
	mptcp_sample_summarize(&eight, &summary);
	is_near(summary.mean, 5);
	is_near(summary.sd, sqrt(32.0 / 7));
	mptcp_sample_summarize(&far, &summary);
	is_near(summary.mean, 1e15 + 2);
	is_near(summary.sd, 1);
}

static void of_one_value_everything_is_that_value(void **state)
{
	struct mptcp_sample one = SAMPLE(42);
	struct mptcp_sample_summary summary;

	(void)state;
	mptcp_sample_summarize(&one, &summary);
	is_near(summary.min, 42);
	is_near(summary.q1, 42);
	is_near(summary.median, 42);
	is_near(summary.max, 42);
	is_near(summary.mean, 42);
	assert_true(isnan(summary.sd) && isnan(summary.low) && isnan(summary.high));
}

static void of_none_nothing_is_known(void **state)
{
	struct mptcp_sample none = {NULL, 0}, one = SAMPLE(1);
	struct mptcp_sample_summary summary;
	struct mptcp_sample_contrast contrast;

	(void)state;
	mptcp_sample_sort(NULL, 0);
	mptcp_sample_summarize(&none, &summary);
	assert_true(isnan(summary.min) && isnan(summary.median) && isnan(summary.mean));
	mptcp_sample_contrast(&none, &one, &contrast);
	assert_true(isnan(contrast.u) && isnan(contrast.p) && isnan(contrast.ratio));
	mptcp_sample_contrast(&one, &none, &contrast);
	assert_true(isnan(contrast.u) && isnan(contrast.p) && isnan(contrast.difference));
}

/* Ranks of qbinom(0.025, n, 0.5), as in the tables of books (Conover 1999, A3). */
static void the_interval_of_the_median_is_exact(void **state)
{
	static const struct {
		size_t count, rank;
	} known[] = {{1, 0}, {5, 0}, {6, 1}, {8, 1}, {9, 2}, {11, 2}, {12, 3}, {20, 6}, {25, 8},
		{50, 18}, {100, 40}, {1000, 469}, {1000000, 499020}};
	double *values = calloc(1000000, sizeof(*values));
	struct mptcp_sample_summary summary;

	(void)state;
	assert_non_null(values);
	for (size_t i = 0; i < 1000000; i++)
		values[i] = (double)i + 1;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct mptcp_sample sample = {values, known[i].count};

		mptcp_sample_summarize(&sample, &summary);
		if (known[i].rank) {
			is_near(summary.low, (double)known[i].rank);
			is_near(summary.high, (double)(known[i].count + 1 - known[i].rank));
		} else {
			assert_true(isnan(summary.low) && isnan(summary.high));
		}
	}
	free(values);
}

/* Hollander and Wolfe (1973), page 69: permeability of the placenta; R's example of wilcox.test. */
static void a_published_comparison(void **state)
{
	struct mptcp_sample at_term =
		SAMPLE(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46);
	struct mptcp_sample early = SAMPLE(1.15, 0.88, 0.90, 0.74, 1.21);
	struct mptcp_sample_contrast contrast, back;

	(void)state;
	mptcp_sample_contrast(&at_term, &early, &contrast);
	is_near(contrast.u, 35);
	is_near(contrast.p, 0.254412254412254);
	is_near(contrast.difference, 0.305);
	is_near(contrast.ratio, 1.31176713707837);
	is_near(contrast.low, 0.859504132231405);
	is_near(contrast.high, 1.959459459459459);
	mptcp_sample_contrast(&early, &at_term, &back);
	is_near(back.u, 15);
	is_near(back.p, contrast.p);
	is_near(back.difference, -0.305);
	is_near(back.ratio * contrast.ratio, 1);
	is_near(back.low * contrast.high, 1);
}

/* Of the 70 orders of four and four values 1, 1, 2, 3, 5 have a U of 0, 1, 2, 3, 4. */
static void p_by_hand(void **state)
{
	struct mptcp_sample low = SAMPLE(1, 2, 3, 4), high = SAMPLE(5, 6, 7, 8),
			    nearly = SAMPLE(1, 2, 3, 5), others = SAMPLE(4, 6, 7, 8),
			    two = SAMPLE(1, 2, 3, 6), more = SAMPLE(4, 5, 7, 8), one = SAMPLE(3);
	struct mptcp_sample_contrast contrast;

	(void)state;
	mptcp_sample_contrast(&low, &high, &contrast);
	is_near(contrast.u, 0);
	is_near(contrast.p, 2.0 / 70);
	mptcp_sample_contrast(&nearly, &others, &contrast);
	is_near(contrast.u, 1);
	is_near(contrast.p, 4.0 / 70);
	mptcp_sample_contrast(&two, &more, &contrast);
	is_near(contrast.u, 2);
	is_near(contrast.p, 8.0 / 70);
	mptcp_sample_contrast(&one, &one, &contrast);
	is_near(contrast.u, 0.5);
	is_near(contrast.p, 1);
}

/* Student's data on sleep (1908), with ties; R warns that it cannot be exact. */
static void ties_make_it_approximate(void **state)
{
	struct mptcp_sample first = SAMPLE(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0),
			    second = SAMPLE(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
			    a = SAMPLE(5, 5, 6, 7, 7, 8), b = SAMPLE(5, 6, 6, 9, 9, 10, 11);
	struct mptcp_sample_contrast contrast;

	(void)state;
	mptcp_sample_contrast(&first, &second, &contrast);
	is_near(contrast.u, 25.5);
	is_near(contrast.p, 0.0693275754336266);
	is_near(contrast.difference, -1.35);
	/* no ratio of what is not positive */
	assert_true(isnan(contrast.ratio) && isnan(contrast.low) && isnan(contrast.high));
	mptcp_sample_contrast(&a, &b, &contrast);
	is_near(contrast.u, 12);
	is_near(contrast.p, 0.218204250906738);
	is_near(contrast.low, 5.0 / 9);
	is_near(contrast.high, 7.0 / 6);
}

static void constants_are_compared(void **state)
{
	struct mptcp_sample five = SAMPLE(5, 5, 5, 5, 5, 5), six = SAMPLE(6, 6, 6, 6, 6, 6),
			    pair = SAMPLE(5, 5);
	struct mptcp_sample_contrast contrast;

	(void)state;
	mptcp_sample_contrast(&five, &five, &contrast);
	is_near(contrast.p, 1);
	is_near(contrast.difference, 0);
	is_near(contrast.low, 1);
	is_near(contrast.high, 1);
	mptcp_sample_contrast(&six, &five, &contrast);
	assert_true(contrast.p < 0.01);
	is_near(contrast.low, 1.2);
	is_near(contrast.high, 1.2);
	/* two equal values prove nothing: one of 28 orders is not rare enough */
	mptcp_sample_contrast(&six, &pair, &contrast);
	is_near(contrast.ratio, 1.2);
	assert_true(isnan(contrast.low) && isnan(contrast.high));
}

static int by_value(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* The pairs that are never listed, listed. */
static void estimates_are_those_of_all_pairs(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (size_t round = 0; round < 200; round++) {
		double values[2][40], differences[1600], ratios[1600];
		size_t counts[2], pairs = 0;
		struct mptcp_sample_contrast contrast;

		for (size_t side = 0; side < 2; side++) {
			counts[side] = 1 + (round * 7 + side * 13) % 40;
			for (size_t i = 0; i < counts[side]; i++) {
				seed = seed * 1664525 + 1013904223;
				values[side][i] = 1 + (double)(seed >> 8) / 1e6;
			}
			mptcp_sample_sort(values[side], counts[side]);
		}
		for (size_t i = 0; i < counts[0]; i++)
			for (size_t j = 0; j < counts[1]; j++) {
				differences[pairs] = values[0][i] - values[1][j];
				ratios[pairs++] = values[0][i] / values[1][j];
			}
		qsort(differences, pairs, sizeof(double), by_value);
		qsort(ratios, pairs, sizeof(double), by_value);
		mptcp_sample_contrast(&(struct mptcp_sample){values[0], counts[0]},
			&(struct mptcp_sample){values[1], counts[1]}, &contrast);
		is_near(contrast.difference,
			(differences[(pairs - 1) / 2] + differences[pairs / 2]) / 2);
		is_near(contrast.ratio, sqrt(ratios[(pairs - 1) / 2] * ratios[pairs / 2]));
	}
}

/* 10^10 pairs. */
static void large_samples_take_no_long_time(void **state)
{
	enum { COUNT = 100000 };
	double *values = calloc(2 * COUNT, sizeof(*values));
	struct mptcp_sample_contrast contrast;

	(void)state;
	assert_non_null(values);
	for (size_t i = 0; i < COUNT; i++) {
		values[i] = 1000 + (double)i;
		values[COUNT + i] = 2 * values[i];
	}
	mptcp_sample_contrast(&(struct mptcp_sample){values + COUNT, COUNT},
		&(struct mptcp_sample){values, COUNT}, &contrast);
	assert_true(contrast.p < 1e-9);
	assert_true(contrast.low > 1.98 && contrast.low < contrast.ratio);
	assert_true(contrast.high < 2.02 && contrast.high > contrast.ratio);
	free(values);
}

/* A normally distributed number, after Box and Muller; the same ones in every run. */
static double next_normal(uint64_t *seed)
{
	double uniform[2];

	for (size_t i = 0; i < 2; i++) {
		*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		uniform[i] = ((double)(*seed >> 11) + 0.5) / 9007199254740992.0;
	}
	return sqrt(-2 * log(uniform[0])) * cos(2 * M_PI * uniform[1]);
}

#define ROUNDS 2000
#define RUNS 20

/* Of ROUNDS pairs of samples, with means of 12 and `mean` and a deviation of 2 %: how often the
 * interval of the ratio is below a limit, and above another. */
static void count_beyond(double mean, const double limits[2], size_t counts[2])
{
	uint64_t seed = 1;

	counts[0] = counts[1] = 0;
	for (size_t round = 0; round < ROUNDS; round++) {
		double a[RUNS], b[RUNS];
		struct mptcp_sample_contrast contrast;

		for (size_t i = 0; i < RUNS; i++) {
			a[i] = mean * (1 + 0.02 * next_normal(&seed));
			b[i] = 12 * (1 + 0.02 * next_normal(&seed));
		}
		mptcp_sample_sort(a, RUNS);
		mptcp_sample_sort(b, RUNS);
		mptcp_sample_contrast(&(struct mptcp_sample){a, RUNS},
			&(struct mptcp_sample){b, RUNS}, &contrast);
		counts[0] += contrast.high < limits[0];
		counts[1] += contrast.low > limits[1];
	}
}

static void intervals_hold_what_they_promise(void **state)
{
	size_t counts[2];

	(void)state;
	/* equal sources: beyond 1 in at most 2.5 % on either side, and not in far less; the limits
	 * are three standard deviations from 50 of 2000 */
	count_beyond(12, (double[]){1, 1}, counts);
	assert_in_range(counts[0], 29, 71);
	assert_in_range(counts[1], 29, 71);
	/* and never further than 5 % */
	count_beyond(12, (double[]){0.95, 1.05}, counts);
	assert_int_equal(counts[0] + counts[1], 0);
	/* a tenth less is found to be more than 5 % less nearly always */
	count_beyond(10.8, (double[]){0.95, 1.05}, counts);
	assert_in_range(counts[0], ROUNDS * 95 / 100, ROUNDS);
	assert_int_equal(counts[1], 0);
}

static void holm(void **state)
{
	double p[] = {0.01, 0.02, 0.03, 0.04, NAN, 0.005};
	static const double want[] = {0.04, 0.06, 0.06, 0.06, 0, 0.025};
	struct mptcp_error error;

	(void)state;
	assert_int_equal(mptcp_sample_holm(p, 6, &error), 0);
	for (size_t i = 0; i < 6; i++)
		if (i == 4)
			assert_true(isnan(p[i]));
		else
			is_near(p[i], want[i]);
	double large[] = {0.7, 0.6};
	assert_int_equal(mptcp_sample_holm(large, 2, &error), 0);
	is_near(large[0], 1);
	is_near(large[1], 1);
	assert_int_equal(mptcp_sample_holm(NULL, 0, &error), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quartiles_are_those_of_type_7),
		cmocka_unit_test(mean_and_deviation),
		cmocka_unit_test(of_one_value_everything_is_that_value),
		cmocka_unit_test(of_none_nothing_is_known),
		cmocka_unit_test(the_interval_of_the_median_is_exact),
		cmocka_unit_test(a_published_comparison),
		cmocka_unit_test(p_by_hand),
		cmocka_unit_test(ties_make_it_approximate),
		cmocka_unit_test(constants_are_compared),
		cmocka_unit_test(estimates_are_those_of_all_pairs),
		cmocka_unit_test(large_samples_take_no_long_time),
		cmocka_unit_test(intervals_hold_what_they_promise),
		cmocka_unit_test(holm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
