/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of runs: read, put together, sorted. */
#include "runs_parts.h"

#include "array.h"
#include "sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NUMBER_MAX 400 /* the longest double written out has 309 digits before the point */

static bool is_missing(const char *text)
{
	static const char *const words[] = {"", "nan", "-nan", "na", "inf", "-inf", "+inf"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(text, words[i]))
			return true;
	return false;
}

int mptcp_runs_number(const struct mptcp_text *cell, double *number)
{
	char text[NUMBER_MAX + 1], *end;

	if (cell->length > NUMBER_MAX)
		return -1;
	memcpy(text, cell->bytes, cell->length);
	text[cell->length] = '\0';
	if (is_missing(text))
		return 1;
	/* strtod reads hexadecimal numbers, words and leading spaces, too */
	if (strspn(text, "0123456789+-.eE") != cell->length)
		return -1;
	*number = strtod(text, &end);
	if (end == text || *end)
		return -1;
	return isfinite(*number) ? 0 : 1;
}

static int observe(struct mptcp_runs_numbers *numbers, size_t run, double number)
{
	struct mptcp_runs_observation *grown = mptcp_array_append(numbers->observations,
		&numbers->observation_count, &numbers->observation_capacity, sizeof(*grown));

	if (!grown)
		return -1;
	numbers->observations = grown;
	grown[numbers->observation_count - 1] = (struct mptcp_runs_observation){run, number};
	return 0;
}

int mptcp_runs_numbers_add(struct mptcp_runs_numbers *numbers, enum mptcp_runs_within within,
	size_t run, double number)
{
	double *value = &numbers->runs[run];

	if (within == MPTCP_RUNS_MEDIAN)
		return observe(numbers, run, number);
	if (isnan(*value))
		*value = number;
	else if (within == MPTCP_RUNS_SUM)
		*value += number;
	else
		*value = fmax(*value, number);
	return 0;
}

int mptcp_runs_numbers_extend(struct mptcp_runs_numbers *numbers)
{
	double *grown = mptcp_array_append(numbers->runs, &numbers->count, &numbers->capacity,
		sizeof(*grown));

	if (!grown)
		return -1;
	numbers->runs = grown;
	grown[numbers->count - 1] = NAN;
	return 0;
}

static int compare_observations(const void *a, const void *b)
{
	const struct mptcp_runs_observation *left = a, *right = b;

	if (left->run != right->run)
		return left->run < right->run ? -1 : 1;
	return (left->number > right->number) - (left->number < right->number);
}

static void take_medians(struct mptcp_runs_numbers *numbers)
{
	const struct mptcp_runs_observation *all = numbers->observations;
	size_t count = numbers->observation_count;

	if (!count)
		return;
	qsort(numbers->observations, count, sizeof(*all), compare_observations);
	for (size_t start = 0, end; start < count; start = end) {
		for (end = start + 1; end < count && all[end].run == all[start].run;)
			end++;
		size_t below = start + (end - start - 1) / 2, above = start + (end - start) / 2;

		numbers->runs[all[start].run] = all[below].number / 2 + all[above].number / 2;
	}
}

void mptcp_runs_numbers_finish(struct mptcp_runs_numbers *numbers)
{
	take_medians(numbers);
	numbers->present = 0;
	for (size_t i = 0; i < numbers->count; i++)
		/* a sum may have become infinite */
		if (isfinite(numbers->runs[i]))
			numbers->runs[numbers->present++] = numbers->runs[i];
	mptcp_sample_sort(numbers->runs, numbers->present);
}

void mptcp_runs_numbers_clear(struct mptcp_runs_numbers *numbers)
{
	free(numbers->runs);
	free(numbers->observations);
	*numbers = (struct mptcp_runs_numbers){0};
}
