/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live: the packets of a network interface: a capture that dumpcap writes into a pipe.
 *
 * dumpcap alone needs privileges, and writes no file: what it captured is read as any other pcapng
 * stream, with the names of interfaces and the counters of lost packets.
 */
#ifndef MPTCP_LIVE_H
#define MPTCP_LIVE_H

#include "capture.h"
#include "error.h"
#include "log.h"

#include <stdbool.h>

struct mptcp_live_options {
	const char *program; /* "dumpcap" */
	const char *interface;
	const char *filter;          /* capture filter, NULL for none */
	double duration;             /* seconds; 0: no end */
	const struct mptcp_log *log; /* is told the command; NULL: nobody */
	bool whole;                  /* all bytes of a packet, not only those of its headers */
};

struct mptcp_live;

/*
 * Starts dumpcap and waits until it captures; the options are borrowed until close. MPTCP_PROGRAM:
 * there is no dumpcap, or it refused: the first line of what it said.
 */
struct mptcp_live *mptcp_live_open(const struct mptcp_live_options *options,
	struct mptcp_error *error);
/* What it captures; once, to be closed by the caller. NULL: error is filled. */
struct mptcp_capture *mptcp_live_capture(struct mptcp_live *live, struct mptcp_error *error);
/* Ends it: what was captured until now still comes, and then the end of the capture. */
void mptcp_live_end(struct mptcp_live *live);
/* After the end of the capture: 0 if dumpcap had nothing to say, otherwise -1: MPTCP_DATA with the
 * first line of it (the interface vanished), MPTCP_PROGRAM if it was killed. */
int mptcp_live_verdict(struct mptcp_live *live, struct mptcp_error *error);
void mptcp_live_close(struct mptcp_live *live);

#endif
