/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * anon: a capture anonymised: surveyed, then written, then proved (proof.h).
 *
 *	mptcp_anon_learn(&anon, &packet, ...);     all packets, as mptcp-export has them
 *	mptcp_anon_survey(&anon, capture, ...);    what can be anonymised, which addresses there are
 *	mptcp_anon_seed(&anon, seed, length)       until one fits
 *	mptcp_anon_prepare(&anon, capture, ...);   the packets that need keys that are not known
 *	mptcp_anon_write(&anon, capture, ...);
 *
 * Each takes the capture from its beginning: it is opened anew.
 */
#ifndef MPTCP_ANON_H
#define MPTCP_ANON_H

#include "capture.h"
#include "layers.h"
#include "learned.h"
#include "output.h"
#include "rewrite.h"

#define MPTCP_ANON_COLUMNS MPTCP_LEARNED_COLUMNS

/* Zeroed, with what is to be done set, it is ready. */
struct mptcp_anon {
	struct mptcp_rewrite
		how; /* addresses.mode, payload, change_keys, keep_macs: the caller's */
	bool keep_ports, keep_time, keep_ticks, metadata;
	struct mptcp_learned learned;
	int64_t began; /* time of the first packet; nanoseconds */
	bool has_began;
	int64_t seconds;   /* added to all times */
	uint8_t *refusals; /* of each packet: enum mptcp_refusal */
	size_t count, capacity;
	uint64_t refused[MPTCP_REFUSALS]; /* how many */
	uint64_t written;
};

/* Before the first packet: it has the sum of its payload, at this place (mptcp_check.payload), so
 * that DSS checksums that were wrong stay wrong where there are zeros instead. */
void mptcp_anon_with_payload(struct mptcp_anon *anon, size_t place);
int mptcp_anon_learn(struct mptcp_anon *anon, const struct mptcp_packet *packet,
	struct mptcp_error *error);
int mptcp_anon_survey(struct mptcp_anon *anon, struct mptcp_capture *from,
	struct mptcp_error *error);
/* False: with this seed an address would become one that is in the capture, too. */
bool mptcp_anon_seed(struct mptcp_anon *anon, const char *seed, size_t length);
int mptcp_anon_prepare(struct mptcp_anon *anon, struct mptcp_capture *from,
	struct mptcp_error *error);
/*
 * Writes what can be anonymised to `to`, and, where `originals` is not NULL, the same packets as
 * they are to that. 0, or -1: MPTCP_DATA where the capture is damaged, after its whole packets were
 * written.
 */
int mptcp_anon_write(struct mptcp_anon *anon, struct mptcp_capture *from, struct mptcp_output *to,
	struct mptcp_output *originals, struct mptcp_error *error);
/* Packets that are left out. */
uint64_t mptcp_anon_refused(const struct mptcp_anon *anon);
void mptcp_anon_clear(struct mptcp_anon *anon);

#endif
