/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_spread: distributions (histogram, CDF) of samples; see series_module.h. */
#include "series_module.h"

#include <stdlib.h>

static int by_line_and_value(const void *a, const void *b)
{
	const struct mptcp_series_sample *first = a, *second = b;

	if (first->line != second->line)
		return first->line < second->line ? -1 : 1;
	return first->value < second->value ? -1 : first->value > second->value;
}

/* Where the samples of the line end that begin at `start`. */
static size_t line_end(const struct mptcp_series *series, size_t start)
{
	size_t end = start;

	while (end < series->sample_count &&
		series->samples[end].line == series->samples[start].line)
		end++;
	return end;
}

static struct mptcp_series_value make_value(enum mptcp_series_type type, int64_t value)
{
	return type == MPTCP_VALUE_TIME ? mptcp_series_time(value)
					: mptcp_series_count((uint64_t)value);
}

static void put_cdf(struct mptcp_series *series, enum mptcp_series_type type, size_t start,
	size_t end)
{
	const struct mptcp_series_sample *samples = series->samples;

	for (size_t i = start; i < end; i++) {
		if (i + 1 < end && samples[i + 1].value == samples[i].value)
			continue;
		mptcp_series_put(series, samples[i].line, MPTCP_POINT_CDF,
			make_value(type, samples[i].value),
			mptcp_series_real((double)(i + 1 - start) / (double)(end - start)));
	}
}

/* A bar for each value. */
static void put_values(struct mptcp_series *series, enum mptcp_series_type type, size_t start,
	size_t end)
{
	const struct mptcp_series_sample *samples = series->samples;
	uint64_t same = 0;

	for (size_t i = start; i < end; i++) {
		same++;
		if (i + 1 < end && samples[i + 1].value == samples[i].value)
			continue;
		mptcp_series_put(series, samples[i].line, MPTCP_POINT_BAR,
			make_value(type, samples[i].value), mptcp_series_count(same));
		same = 0;
	}
}

/* Bins of whole units, so that each value is in exactly one. */
struct bins {
	int64_t lowest;
	uint64_t width;
	unsigned count;
};

static struct bins make_bins(const struct mptcp_series *series)
{
	struct bins bins = {.lowest = series->samples[0].value, .count = series->options.bins};
	int64_t highest = bins.lowest;

	for (size_t i = 1; i < series->sample_count; i++) {
		if (series->samples[i].value < bins.lowest)
			bins.lowest = series->samples[i].value;
		if (series->samples[i].value > highest)
			highest = series->samples[i].value;
	}
	bins.width = ((uint64_t)highest - (uint64_t)bins.lowest) / bins.count + 1;
	return bins;
}

static void put_bins(struct mptcp_series *series, enum mptcp_series_type type,
	const struct bins *bins, size_t start, size_t end)
{
	uint32_t line = series->samples[start].line;
	size_t at = start;

	for (unsigned i = 0; i < bins->count; i++) {
		uint64_t from = (uint64_t)bins->lowest + i * bins->width, counted = 0;

		for (; at < end && (uint64_t)series->samples[at].value - from < bins->width; at++)
			counted++;
		mptcp_series_put(series, line, MPTCP_POINT_BAR,
			make_value(type, (int64_t)(from + bins->width / 2)),
			mptcp_series_count(counted));
	}
}

int mptcp_series_spread(struct mptcp_series *series, enum mptcp_series_type type)
{
	size_t end;

	if (!series->sample_count)
		return 0;
	qsort(series->samples, series->sample_count, sizeof(*series->samples), by_line_and_value);
	struct bins bins = {0};
	if (series->options.bins)
		bins = make_bins(series);
	/* as many bins as there are values */
	if (bins.width == 1)
		series->options.bins = 0;
	for (size_t start = 0; start < series->sample_count; start = end) {
		end = line_end(series, start);
		if (series->options.cdf)
			put_cdf(series, type, start, end);
		else if (series->options.bins)
			put_bins(series, type, &bins, start, end);
		else
			put_values(series, type, start, end);
	}
	return 0;
}
