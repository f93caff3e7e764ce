/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plot_source: the rows that a picture is made of: a series as it is, or what mptcp-series makes of
 * anything else.
 *
 * Which of the two is detected from the first bytes. A series goes the same way in both cases, so
 * that `mptcp-series rtt 0 x.pcap | mptcp-plot rtt` and `mptcp-plot rtt 0 x.pcap` draw the same.
 */
#ifndef MPTCP_PLOT_SOURCE_H
#define MPTCP_PLOT_SOURCE_H

#include "csv.h"
#include "error.h"
#include "process.h"

#include <stdbool.h>

struct mptcp_plot_source {
	struct mptcp_csv *csv;       /* the rows */
	const char *name;            /* where they come from, for messages; borrowed */
	bool computed;               /* by mptcp-series */
	int fd;                      /* -1 for none */
	struct mptcp_process series; /* mptcp-series */
	struct mptcp_process feeder; /* gives it what we have read already */
};

struct mptcp_plot_request {
	const char *file; /* what to look into; NULL for standard input */
	bool look; /* false: there is nothing to look into, mptcp-series gets our input as it is */
	const char *const *argv; /* the call of mptcp-series, with the file if there is one */
	const char *const *environment; /* for it; see process.h */
	char delimiter;
	const struct mptcp_log *log; /* is told the call */
};

/* MPTCP_IO for a file that cannot be read, MPTCP_PROGRAM where mptcp-series cannot be run. */
int mptcp_plot_source_open(struct mptcp_plot_source *source,
	const struct mptcp_plot_request *request, struct mptcp_error *error);
/* Closes and releases. Returns the exit status of mptcp-series, 0 where none ran. */
int mptcp_plot_source_close(struct mptcp_plot_source *source);

#endif
