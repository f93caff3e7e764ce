/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch: whether the tsharks still do what they are there for. Internal to tshark.c. */
#ifndef MPTCP_WATCH_H
#define MPTCP_WATCH_H

#include "distribute.h"

#define MPTCP_WATCH_PATIENCE 60 /* seconds */

struct mptcp_watch {
	unsigned patience; /* seconds; 0: MPTCP_WATCH_PATIENCE */
	unsigned silent;   /* milliseconds in which no tshark read or wrote anything */
};

/*
 * After waiting so many milliseconds; `heard`: a tshark read or wrote something meanwhile. -1,
 * MPTCP_PROGRAM: one that owes lines has been silent for too long, or one wrote more than it was
 * asked for. Time in which this process was stopped does not count.
 */
int mptcp_watch_look(struct mptcp_watch *watch, const struct mptcp_distribution *distribution,
	unsigned milliseconds, bool heard, struct mptcp_error *error);

#endif
