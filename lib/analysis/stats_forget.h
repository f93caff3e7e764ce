/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_forget: lets go of connections that ended long ago, so that statistics that follow a live
 * capture for hours keep their size.
 *
 * "Now" is the time of the newest packet that was added: a capture that brings nothing makes
 * nothing grow either.
 */
#ifndef MPTCP_STATS_FORGET_H
#define MPTCP_STATS_FORGET_H

#include "stats.h"

/* A connection with a DATA_FIN in both directions is forgotten so many nanoseconds after its last
 * packet ... */
#define MPTCP_STATS_FORGET_ENDED (INT64_C(60) * 1000000000)
/* ... and any other after so many. */
#define MPTCP_STATS_FORGET_SILENT (INT64_C(3600) * 1000000000)

/*
 * After mptcp_stats_end, whose rows it takes the times from and which it leaves as they are. A
 * connection goes with its subflows; a packet that comes later all the same begins a new one.
 * MPTCP_IO when memory ran out; the statistics are not to be used then, only released.
 */
int mptcp_stats_forget(struct mptcp_stats *stats, struct mptcp_error *error);

#endif
