/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock: how the clock of capture B runs against the clock of capture A, from the packets that both
 * have.
 *
 * A packet from A to B shows time(B) - time(A) = difference + delay, one from B to A difference -
 * delay. Delays are not negative, so the difference lies between the upper envelope of what goes to
 * A and the lower envelope of what goes to B. Assumed: it is a line, offset + skew * time; and the
 * shortest delay is the same in both directions, for no packet can tell a delay from an offset. The
 * skew is the smallest that leaves the shortest round trip (the gap between the envelopes) as long
 * as it can be, give or take MPTCP_CLOCK_NOISE; the offset is the middle of the gap. Half of the
 * gap is its uncertainty: one direction faster by more than that cannot be.
 *
 * Memory is bounded: of each slice of time the least of both directions is kept, and slices get
 * longer as the capture does. A zeroed struct is empty. Samples may come in any order.
 */
#ifndef MPTCP_CLOCK_H
#define MPTCP_CLOCK_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPTCP_CLOCK_SLICES 1024
#define MPTCP_CLOCK_NOISE 50000.0 /* nanoseconds: what time stamps may be wrong by */

enum mptcp_clock_mode { MPTCP_CLOCK_NONE, MPTCP_CLOCK_OFFSET, MPTCP_CLOCK_SKEW };

struct mptcp_clock_slice {
	bool has[2];
	int64_t time[2],
		difference[2]; /* [0]: least of what goes to B; [1]: most of what goes to A */
};

struct mptcp_clock {
	struct mptcp_clock_slice *slices;
	int64_t width; /* of a slice, nanoseconds */
	int64_t first; /* number of the first slice: time / width, rounded down */
	uint64_t samples[2];
};

/* time(B) = time(A) + offset + skew * (time(A) - reference) */
struct mptcp_clock_fit {
	bool known;        /* false: no packets in one of the directions: nothing is taken out */
	int64_t reference; /* on the clock of A */
	double offset, offset_uncertainty; /* nanoseconds; the offset at the reference */
	double skew, skew_uncertainty;     /* B gains so much per second of A */
};

/* `time` on the clock of A; difference = time(B) - time(A). */
int mptcp_clock_add(struct mptcp_clock *clock, bool to_b, int64_t time, int64_t difference,
	struct mptcp_error *error);
void mptcp_clock_fit(const struct mptcp_clock *clock, enum mptcp_clock_mode mode,
	struct mptcp_clock_fit *fit);
/* How far the clock of B is ahead at a time on the clock of A, nanoseconds. */
int64_t mptcp_clock_ahead(const struct mptcp_clock_fit *fit, int64_t time);
/* "offset 3.700000012 s +- 0.000035 s, skew 50.02 ppm +- 1.3 ppm", for a message. */
void mptcp_clock_text(const struct mptcp_clock_fit *fit, char *text, size_t size);
void mptcp_clock_clear(struct mptcp_clock *clock);

#endif
