/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * edit: bytes of a packet replaced, and its checksums changed by as much (RFC 1624): what was right
 * is right still, what was wrong is wrong by the same, and what the sender left to its network card
 * (the sum of the pseudo-header alone) is left to it again. Checksums that cover others (tunnels)
 * follow.
 *
 *	mptcp_edit_begin(&edit, &layers, bytes, captured);
 *	mptcp_edit_put(&edit, at, new, length);
 *	...
 *	mptcp_edit_end(&edit);
 */
#ifndef MPTCP_EDIT_H
#define MPTCP_EDIT_H

#include "layers.h"

struct mptcp_edit {
	const struct mptcp_layers *layers;
	uint8_t *bytes;
	size_t captured;
	struct mptcp_edit_sum {
		uint64_t pseudo, rest; /* what is to be added, of the addresses and of all else */
		bool left;             /* by the sender to its network card */
		bool skipped;          /* there is none */
	} sums[2 * MPTCP_LAYERS_MOST]; /* of each of layers->covers */
};

/* The layers are those of these bytes. */
void mptcp_edit_begin(struct mptcp_edit *edit, const struct mptcp_layers *layers, uint8_t *bytes,
	size_t captured);
/* Replaces bytes, which were captured. */
void mptcp_edit_put(struct mptcp_edit *edit, size_t at, const void *bytes, size_t length);
/* Zeroes what was captured of a range. */
void mptcp_edit_blank(struct mptcp_edit *edit, size_t start, size_t end);
/* Zeroes the payload. Where not all of it was captured nobody can tell whether the checksum was
 * right, which becomes the right one of as many zeros. */
void mptcp_edit_blank_payload(struct mptcp_edit *edit);
/* Writes the checksums. */
void mptcp_edit_end(struct mptcp_edit *edit);

#endif
