/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sequence: arithmetic with numbers that wrap: TCP sequence numbers and 32-bit DSNs (modulo 2^32),
 * 64-bit DSNs.
 *
 * The only place for it. A 32-bit number on the wire becomes the 64-bit number nearest to a
 * reference, which follows the highest number seen (RFC 8684 section 3.3.1).
 */
#ifndef MPTCP_SEQUENCE_H
#define MPTCP_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/* Sequence numbers extended to 64 bits begin here: a position is the distance from the SYN (its
 * initial sequence number) plus this, so that what lies before it is not negative. */
#define MPTCP_SEQUENCE_ORIGIN (UINT64_C(1) << 32)
/* Added to DSNs in sets of intervals, for the same reason. */
#define MPTCP_DSN_ORIGIN (UINT64_C(1) << 63)

/* The number whose lower half is `low` and which is nearest to `reference`. */
static inline uint64_t mptcp_sequence_extend(uint64_t reference, uint32_t low)
{
	return reference + (uint64_t)(int64_t)(int32_t)(low - (uint32_t)reference);
}

/* How far `a` is ahead of `b`, negative if behind. */
static inline int64_t mptcp_sequence_ahead(uint64_t a, uint64_t b)
{
	return (int64_t)(a - b);
}

static inline int32_t mptcp_sequence_ahead32(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

/*
 * A reference for 64-bit numbers: the highest seen, but a number that lies 2^31 or more away moves
 * it only when the next one lies near that one too, so that a single damaged number does no harm. A
 * zeroed struct has seen nothing.
 */
struct mptcp_reference {
	uint64_t highest;
	uint64_t stray; /* the last number far away */
	bool known, has_stray;
};

static inline bool mptcp_sequence_near(uint64_t a, uint64_t b)
{
	int64_t distance = mptcp_sequence_ahead(a, b);

	return distance > -(INT64_C(1) << 31) && distance < INT64_C(1) << 31;
}

static inline void mptcp_reference_see(struct mptcp_reference *reference, uint64_t number)
{
	if (!reference->known) {
		reference->highest = number;
		reference->known = true;
	} else if (mptcp_sequence_near(number, reference->highest)) {
		if (mptcp_sequence_ahead(number, reference->highest) > 0)
			reference->highest = number;
	} else if (reference->has_stray && mptcp_sequence_near(number, reference->stray)) {
		reference->highest = number;
		reference->has_stray = false;
	} else {
		reference->stray = number;
		reference->has_stray = true;
	}
}

#endif
