/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_event: what a packet is in a picture: the kind of its data, and its MPTCP signalling as
 * the label of a point. */
#ifndef MPTCP_SERIES_EVENT_H
#define MPTCP_SERIES_EVENT_H

#include "series.h"

#define MPTCP_SERIES_EVENT_TEXT 128

/*
 * "MP_JOIN 2", "ADD_ADDR 1", "REMOVE_ADDR 1;2", "MP_PRIO", "MP_FAIL", "MP_FASTCLOSE", "MP_TCPRST",
 * "DATA_FIN"; several separated by ", ". Only what is news: the SYN of a join, ADD_ADDR without its
 * echo, a DATA_FIN where `fin_before` does not say that there was one in this direction. Returns
 * the length, 0 for none.
 */
size_t mptcp_series_event(char text[MPTCP_SERIES_EVENT_TEXT], const struct mptcp_packet *packet,
	bool fin_before);

/* Retransmission, reinjection, or data that is new. */
enum mptcp_series_kind mptcp_series_kind_of(const struct mptcp_packet *packet);

#endif
