/* SPDX-License-Identifier: GPL-2.0-or-later */
/* piece: what a packet has several of: the ranges of data in its payload, one nearly always (dsn,
 * tcplen), several where it spans mappings (dsn_split); the blocks that it acknowledges selectively
 * (sack). */
#ifndef MPTCP_PIECE_H
#define MPTCP_PIECE_H

#include "packet.h"

struct mptcp_piece {
	uint32_t offset; /* in the payload */
	uint64_t dsn;    /* relative */
	uint32_t length;
};

/*
 * Gives the pieces of a packet one after another, in order of offset: start with *at = 0. False
 * after the last one. Bytes of the payload that no piece covers have no DSN.
 */
bool mptcp_piece_next(const struct mptcp_packet *packet, size_t *at, struct mptcp_piece *piece);
/* Gives the SACK blocks one after another, in their order: [left, right), numbers as tcpack is. */
bool mptcp_sack_next(const struct mptcp_packet *packet, size_t *at, uint32_t *left,
	uint32_t *right);

#endif
