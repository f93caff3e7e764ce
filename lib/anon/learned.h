/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * learned: what tshark and the tracker make of the packets of a capture: what each is, and to which
 * connection it belongs. So keys are known for packets that come before those that show them, and
 * two readers of a packet can be compared.
 *
 * Memory: 16 bytes a packet, and what the story keeps of a connection (story.h).
 */
#ifndef MPTCP_LEARNED_H
#define MPTCP_LEARNED_H

#include "check.h"
#include "rewrite.h"
#include "story.h"

/* The columns that mptcp_learned_add reads. */
#define MPTCP_LEARNED_COLUMNS (MPTCP_CHECK_COLUMNS | MPTCP_CHECK_NEEDED | MPTCP_HAS(tcpseq_raw))

struct mptcp_learned_packet;
struct mptcp_learned_mapping;

/* A zeroed struct is empty. */
struct mptcp_learned {
	struct mptcp_story story;
	/* Finds DSS checksums that are wrong, where check.payload (check.h) is set. */
	struct mptcp_check check;
	struct mptcp_learned_packet *packets; /* by packetid, from 1 */
	size_t count, capacity;
	struct mptcp_learned_mapping *mappings; /* that have a checksum, by packetid */
	size_t mapping_count, mapping_capacity;
	uint64_t *wrong; /* prints of those whose checksum is wrong, ascending */
	size_t wrong_count, wrong_capacity;
	struct mptcp_numbers keyless, keyless_streams; /* by mptcpstream, by tcpstream */
};

/* The packets of the capture in their order, copies included (input_options.h). 0 or -1. */
int mptcp_learned_add(struct mptcp_learned *learned, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* After the last. 0 or -1. */
int mptcp_learned_end(struct mptcp_learned *learned, struct mptcp_error *error);
/* What the keys of each connection become. 0, or -1 when memory ran out. */
int mptcp_learned_change_keys(struct mptcp_learned *learned, const struct mptcp_rewrite *how);
/* Whether the packet with this number has these ends and this sequence number for tshark, too. */
bool mptcp_learned_agrees(const struct mptcp_learned *learned, uint64_t packetid,
	const uint8_t *bytes, const struct mptcp_layers *layers);
/* What there is to say of it. False: it belongs to no MPTCP connection. */
bool mptcp_learned_side(const struct mptcp_learned *learned, uint64_t packetid,
	struct mptcp_rewrite_side *side);
/* A packet needs keys that are not known: so does all of its MPTCP connection, or, where it belongs
 * to none, its TCP connection. 0, or -1 when memory ran out. */
int mptcp_learned_forget_keys(struct mptcp_learned *learned, uint64_t packetid);
/* Whether a packet belongs to such a one. */
bool mptcp_learned_is_keyless(const struct mptcp_learned *learned, uint64_t packetid);
void mptcp_learned_clear(struct mptcp_learned *learned);

#endif
