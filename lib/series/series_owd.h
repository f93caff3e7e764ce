/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series_owd: the series `owd`: one-way delays of each subflow, or plain TCP connection, and
 * direction, from captures of both ends (pairing.h). x is the time of sending in seconds since the
 * start of capture a (reltime of its packets), on its clock; y the delay. Lost packets have no
 * point.
 */
#ifndef MPTCP_SERIES_OWD_H
#define MPTCP_SERIES_OWD_H

#include "pairing.h"
#include "series.h"

/* Lines, by stream of a and direction. A zeroed struct is empty. */
struct mptcp_series_owd {
	uint32_t (*lines)[2];
};

/* For a series that was started with the info of `owd`. */
int mptcp_series_owd_init(struct mptcp_series_owd *owd, const struct mptcp_evidence *a,
	struct mptcp_error *error);
/* The point of a row, which need not keep its packet. */
int mptcp_series_owd_row(struct mptcp_series_owd *owd, struct mptcp_series *series,
	const struct mptcp_evidence *a, const struct mptcp_pair *pair, struct mptcp_error *error);
void mptcp_series_owd_clear(struct mptcp_series_owd *owd);

#endif
