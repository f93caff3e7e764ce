/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * payload: the payload of a segment as data: its data sequence numbers, and which packets carried
 * the same data before.
 *
 * Part of resolve: rows come in the order of the capture. Which packets carried what a reinjection
 * may still repeat is remembered, the rest is forgotten, so that memory does not grow with the
 * capture.
 */
#ifndef MPTCP_PAYLOAD_H
#define MPTCP_PAYLOAD_H

#include "buffer.h"
#include "connection.h"
#include "packet.h"

/*
 * What relative data sequence numbers of a direction count from: the IDSN, or one before the lowest
 * number seen when the first row was resolved. False where nothing is known yet.
 */
bool mptcp_payload_base(struct mptcp_connection_sender *sent, uint64_t *base);

/* Real packets, also those that a network card has put together, have data of few mappings. */
#define MPTCP_PAYLOAD_PIECES 256

/*
 * Sets dsn, dsn_raw and dsn_split of a packet with payload that end `from` of the subflow sent; its
 * TCP members are set already. The text of dsn_split goes into the buffer. Of more than
 * MPTCP_PAYLOAD_PIECES pieces the rest is unmapped: then 1. Otherwise 0, or -1 when memory ran out.
 */
int mptcp_payload_map(struct mptcp_packet *packet, struct mptcp_subflow *subflow, unsigned from,
	struct mptcp_buffer *dsn_split);
/*
 * The fate of the payload, of an MPTCP subflow or plain TCP (fate.h): sets retransmission; the text
 * of reinjection_of, for what is reinjected, goes into the buffer. What mptcp_payload_map sets is
 * set already. 0, or -1 when memory ran out.
 */
int mptcp_payload_fate(struct mptcp_packet *packet, struct mptcp_flow *flow, unsigned from,
	struct mptcp_buffer *reinjection_of);

#endif
