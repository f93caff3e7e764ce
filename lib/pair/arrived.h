/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arrived: statistics as the receivers of two captures of the same traffic see them: what arrived
 * first, not what was sent first. What a receiver did not take (received.h) has no payload.
 */
#ifndef MPTCP_ARRIVED_H
#define MPTCP_ARRIVED_H

#include "match.h"
#include "pairing.h"
#include "received.h"
#include "stats.h"

struct mptcp_arrived {
	/* borrowed, of both captures; matched before anything is added */
	const struct mptcp_evidence *evidence;
	const struct mptcp_received *received;
	const struct mptcp_pairing_vantage *vantage; /* known when rows are asked for */
	struct mptcp_selection selection; /* only whether TCP connections without MPTCP count */
	struct mptcp_stats stats[2];
};

/* Each packet of either capture. 0, or -1 when memory ran out, as mptcp_arrived_end. */
int mptcp_arrived_add(struct mptcp_arrived *arrived, int capture, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* After the last one. */
int mptcp_arrived_end(struct mptcp_arrived *arrived, struct mptcp_error *error);
/* The row of the capture at the receiver's end that a row of the first capture is about, or NULL.
 * `tcpstream`: of the row or, of a total, of a subflow of it. */
const struct mptcp_stats_row *mptcp_arrived_row(const struct mptcp_arrived *arrived,
	const struct mptcp_stats_row *row, uint32_t tcpstream);
void mptcp_arrived_clear(struct mptcp_arrived *arrived);

#endif
