/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * data_seen: which packets carried which data of one direction of an MPTCP connection, to find
 * reinjections.
 *
 * Packets are kept as long as their data may still come again: see mptcp_data_seen_prune. A zeroed
 * struct is empty.
 */
#ifndef MPTCP_DATA_SEEN_H
#define MPTCP_DATA_SEEN_H

#include "ordered.h"

#include <stddef.h>
#include <stdint.h>

struct mptcp_data_seen_packet {
	uint64_t dsn; /* absolute */
	uint64_t packetid;
	uint32_t length;
};

struct mptcp_data_seen {
	struct mptcp_ordered list; /* struct mptcp_data_seen_packet, by dsn, then by arrival */
	size_t kept;               /* how many the last prune left */
	uint32_t longest;          /* length */
};

void mptcp_data_seen_clear(struct mptcp_data_seen *data_seen);
int mptcp_data_seen_add(struct mptcp_data_seen *data_seen, struct mptcp_data_seen_packet packet);
/*
 * The packets that carried any of [dsn, dsn + length), in any order, but no more than `room`:
 * writes their packetids and returns how many. Not one that starts before more than a thousand
 * others which start before `dsn`, too.
 */
size_t mptcp_data_seen_find(const struct mptcp_data_seen *data_seen, uint64_t dsn, uint32_t length,
	uint64_t *packetids, size_t room);
/* True when it has grown enough since the last prune to be worth one. */
int mptcp_data_seen_wants_prune(const struct mptcp_data_seen *data_seen);
/* Forgets packets before `packetid` whose data lies wholly before the DATA_ACK. */
void mptcp_data_seen_prune(struct mptcp_data_seen *data_seen, uint64_t packetid, uint64_t data_ack);
/* Moves all of `from` into `into`; `from` is empty then. */
int mptcp_data_seen_merge(struct mptcp_data_seen *into, struct mptcp_data_seen *from);

#endif
