/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tshark: frames of a capture, dissected by parallel tshark processes.
 *
 * With its state-keeping preferences off, tshark treats each packet alone. So packets are handed
 * out in batches (`chunk` packets) in turn to `jobs` long-lived tsharks that read from pipes, and
 * the answers are taken in the order of the batches: the frames are the same for every number of
 * jobs and every size of batch. Every packet gives exactly one line, so a tshark that died or lost
 * a line is noticed. A tshark is replaced after some hundred thousand packets, because it grows.
 * Fields that need state (mptcp.*, tcp.analysis.*) make it one tshark for the whole capture, with
 * its analysis on.
 */
#ifndef MPTCP_TSHARK_H
#define MPTCP_TSHARK_H

#include "capture.h"
#include "cut.h"
#include "error.h"
#include "frame.h"

#include <stdbool.h>

struct mptcp_tshark_options {
	const char *program;       /* "tshark" */
	const char *profile;       /* Wireshark profile, NULL: the user's set-up is kept out */
	const char *const *fields; /* additional fields, each a column of its own */
	size_t field_count;
	bool mptcp_only;   /* packets that cannot carry MPTCP give no frame: see prefilter.h */
	unsigned jobs;     /* 0: the processors this process may use */
	unsigned chunk;    /* packets in a batch; 0: a good default */
	bool live;         /* somebody is watching: pauses are reported sooner */
	unsigned patience; /* seconds in which a tshark has to answer; 0: 60 */
	const struct mptcp_log *log; /* is told of the command; NULL: nobody */
};

struct mptcp_tshark;

/*
 * Takes the capture over, also on failure; program, profile and fields are borrowed until close.
 * MPTCP_PROGRAM if tshark cannot be started; a field (named then) or a profile that it does not
 * know is reported by the first mptcp_tshark_next.
 */
struct mptcp_tshark *mptcp_tshark_open(struct mptcp_capture *capture, const char *name,
	const struct mptcp_tshark_options *options, struct mptcp_error *error);
/*
 * The next frame, valid until the next call. MPTCP_DATA after the last whole packet of a damaged
 * capture, MPTCP_PROGRAM when tshark failed, was killed or does not answer. MPTCP_IDLE (live and
 * pipes only): no segment came for a second, live for a third of one, or a signal did: a good
 * moment to hand on what is held back.
 */
enum mptcp_result mptcp_tshark_next(struct mptcp_tshark *tshark, struct mptcp_frame *frame,
	struct mptcp_error *error);
/* The time of the capture's first packet, TCP or not, once a frame was given. */
int64_t mptcp_tshark_start_time(const struct mptcp_tshark *tshark);
/* True if all packets that were there have been read, and more are to come. */
bool mptcp_tshark_waits(const struct mptcp_tshark *tshark);
/* The headers that the snap length cut, so far. */
const struct mptcp_cut *mptcp_tshark_cut(const struct mptcp_tshark *tshark);
/* The capture, for its progress and counters. */
const struct mptcp_capture *mptcp_tshark_capture(const struct mptcp_tshark *tshark);
/* How the work was divided, so far. */
struct mptcp_tshark_work {
	uint64_t packets, batches, processes; /* packets of the capture, TCP or not */
	unsigned jobs, chunk;                 /* in force */
};
struct mptcp_tshark_work mptcp_tshark_work(const struct mptcp_tshark *tshark);
/* Ends what still runs, releases. */
void mptcp_tshark_close(struct mptcp_tshark *tshark);

/* True if a field needs state across packets: mptcp.*, tcp.analysis.* and the like. */
bool mptcp_tshark_field_has_state(const char *field);

#endif
