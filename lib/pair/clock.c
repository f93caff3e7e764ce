/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_WIDTH 1000000 /* nanoseconds */
#define MOST_SKEW 1e-3      /* no clock in use is worse */
#define SEARCH_STEPS 60

void mptcp_clock_clear(struct mptcp_clock *clock)
{
	free(clock->slices);
	*clock = (struct mptcp_clock){0};
}

static int64_t divide_down(int64_t number, int64_t by)
{
	return number / by - (number % by < 0);
}

/* Takes a sample into a slice if it is nearer to the envelope than what is there. */
static void take(struct mptcp_clock_slice *slice, int way, int64_t time, int64_t difference)
{
	bool nearer = way == 0 ? difference < slice->difference[way]
			       : difference > slice->difference[way];

	if (slice->has[way] && !nearer)
		return;
	slice->has[way] = true;
	slice->time[way] = time;
	slice->difference[way] = difference;
}

/* Lays the slices out again, from slice number `first` and of this width. */
static int lay_out(struct mptcp_clock *clock, int64_t width, int64_t first)
{
	struct mptcp_clock_slice *slices = calloc(MPTCP_CLOCK_SLICES, sizeof(*slices));

	if (!slices)
		return -1;
	for (size_t i = 0; clock->slices && i < MPTCP_CLOCK_SLICES; i++)
		for (int way = 0; way < 2; way++) {
			const struct mptcp_clock_slice *old = &clock->slices[i];

			if (old->has[way])
				take(&slices[divide_down(old->time[way], width) - first], way,
					old->time[way], old->difference[way]);
		}
	free(clock->slices);
	clock->slices = slices;
	clock->width = width;
	clock->first = first;
	return 0;
}

/* The times of the samples there are; false without any. */
static bool range(const struct mptcp_clock *clock, int64_t *low, int64_t *high)
{
	bool any = false;

	for (size_t i = 0; clock->slices && i < MPTCP_CLOCK_SLICES; i++)
		for (int way = 0; way < 2; way++) {
			if (!clock->slices[i].has[way])
				continue;
			int64_t time = clock->slices[i].time[way];

			*low = !any || time < *low ? time : *low;
			*high = !any || time > *high ? time : *high;
			any = true;
		}
	return any;
}

/* Makes the slices cover `time` as well. */
static int reach(struct mptcp_clock *clock, int64_t time)
{
	int64_t low = time, high = time, width = clock->width ? clock->width : FIRST_WIDTH;

	if (range(clock, &low, &high)) {
		low = time < low ? time : low;
		high = time > high ? time : high;
	}
	while (divide_down(high, width) - divide_down(low, width) >= MPTCP_CLOCK_SLICES)
		width *= 2;
	return lay_out(clock, width, divide_down(low, width));
}

int mptcp_clock_add(struct mptcp_clock *clock, bool to_b, int64_t time, int64_t difference,
	struct mptcp_error *error)
{
	int64_t at = clock->slices ? divide_down(time, clock->width) - clock->first : -1;

	if (at < 0 || at >= MPTCP_CLOCK_SLICES) {
		if (reach(clock, time))
			return mptcp_error_memory(error);
		at = divide_down(time, clock->width) - clock->first;
	}
	take(&clock->slices[at], to_b ? 0 : 1, time, difference);
	clock->samples[to_b ? 0 : 1]++;
	return 0;
}

/* The envelopes under a skew: the least of one direction and the most of the other, relative to
 * `origin`. */
struct gap {
	double least, most;
};

struct origin {
	int64_t time, difference;
};

static struct gap gap_at(const struct mptcp_clock *clock, struct origin origin, double skew)
{
	struct gap gap = {INFINITY, -INFINITY};

	for (size_t i = 0; i < MPTCP_CLOCK_SLICES; i++) {
		const struct mptcp_clock_slice *slice = &clock->slices[i];
		double left[2];

		for (int way = 0; way < 2; way++)
			left[way] = (double)(slice->difference[way] - origin.difference) -
				skew * (double)(slice->time[way] - origin.time);
		if (slice->has[0] && left[0] < gap.least)
			gap.least = left[0];
		if (slice->has[1] && left[1] > gap.most)
			gap.most = left[1];
	}
	return gap;
}

static double width_at(const struct mptcp_clock *clock, struct origin origin, double skew)
{
	struct gap gap = gap_at(clock, origin, skew);

	return gap.least - gap.most;
}

/* The width is concave in the skew: the widest is found by ternary search. */
static double widest(const struct mptcp_clock *clock, struct origin origin)
{
	double low = -MOST_SKEW, high = MOST_SKEW;

	for (int i = 0; i < SEARCH_STEPS; i++) {
		double third = (high - low) / 3;

		if (width_at(clock, origin, low + third) < width_at(clock, origin, high - third))
			low += third;
		else
			high -= third;
	}
	return (low + high) / 2;
}

/* Between a skew that is wide enough and `bound`: the last that is, by bisection. */
static double wide_until(const struct mptcp_clock *clock, struct origin origin, double skew,
	double bound, double enough)
{
	if (width_at(clock, origin, bound) >= enough)
		return bound;
	for (int i = 0; i < SEARCH_STEPS; i++) {
		double middle = (skew + bound) / 2;

		if (width_at(clock, origin, middle) >= enough)
			skew = middle;
		else
			bound = middle;
	}
	return skew;
}

static void fit_skew(const struct mptcp_clock *clock, struct origin origin,
	struct mptcp_clock_fit *fit)
{
	double best = widest(clock, origin);
	double enough = width_at(clock, origin, best) - MPTCP_CLOCK_NOISE;
	double low = wide_until(clock, origin, best, -MOST_SKEW, enough);
	double high = wide_until(clock, origin, best, MOST_SKEW, enough);

	fit->skew = low > 0 ? low : high < 0 ? high : 0;
	fit->skew_uncertainty = fmax(high - fit->skew, fit->skew - low);
}

void mptcp_clock_fit(const struct mptcp_clock *clock, enum mptcp_clock_mode mode,
	struct mptcp_clock_fit *fit)
{
	int64_t low = 0, high = 0;

	*fit = (struct mptcp_clock_fit){0};
	if (mode == MPTCP_CLOCK_NONE || !clock->samples[0] || !clock->samples[1] ||
		!range(clock, &low, &high))
		return;
	struct origin origin = {low + (high - low) / 2, 0};
	for (size_t i = 0; i < MPTCP_CLOCK_SLICES; i++) /* keeps the doubles small, hence exact */
		if (clock->slices[i].has[0])
			origin.difference = clock->slices[i].difference[0];
	if (mode == MPTCP_CLOCK_SKEW)
		fit_skew(clock, origin, fit);
	struct gap gap = gap_at(clock, origin, fit->skew);

	fit->known = true;
	fit->reference = origin.time;
	fit->offset = (double)origin.difference + (gap.least + gap.most) / 2;
	fit->offset_uncertainty = fabs(gap.least - gap.most) / 2;
}

int64_t mptcp_clock_ahead(const struct mptcp_clock_fit *fit, int64_t time)
{
	if (!fit->known)
		return 0;
	return llround(fit->offset + fit->skew * (double)(time - fit->reference));
}

void mptcp_clock_text(const struct mptcp_clock_fit *fit, char *text, size_t size)
{
	if (!fit->known)
		snprintf(text, size, "unknown, not corrected");
	else
		snprintf(text, size, "offset %.6f s +- %.6f s, skew %.2f ppm +- %.2f ppm",
			fit->offset / 1e9, fit->offset_uncertainty / 1e9, fit->skew * 1e6,
			fit->skew_uncertainty * 1e6);
}
