/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * carried: which packets carried which data of one direction of an MPTCP connection, to find
 * reinjections.
 *
 * Packets are kept as long as their data may still come again: see mptcp_carried_prune. A zeroed
 * struct is empty.
 */
#ifndef MPTCP_CARRIED_H
#define MPTCP_CARRIED_H

#include <stddef.h>
#include <stdint.h>

struct mptcp_carried_packet {
	uint64_t dsn; /* absolute */
	uint64_t packetid;
	uint32_t length;
};

struct mptcp_carried {
	struct mptcp_carried_packet *list; /* by dsn, then in order of arrival */
	size_t count, capacity;
	size_t kept;      /* how many the last prune left */
	uint32_t longest; /* length */
};

void mptcp_carried_clear(struct mptcp_carried *carried);
int mptcp_carried_add(struct mptcp_carried *carried, struct mptcp_carried_packet packet);
/*
 * The packets that carried any of [dsn, dsn + length), in no order: writes up to `room` packetids
 * and returns how many there are.
 */
size_t mptcp_carried_find(const struct mptcp_carried *carried, uint64_t dsn, uint32_t length,
	uint64_t *packetids, size_t room);
/* True when it has grown enough since the last prune to be worth one. */
int mptcp_carried_wants_prune(const struct mptcp_carried *carried);
/* Forgets packets before `packetid` whose data lies wholly before the DATA_ACK. */
void mptcp_carried_prune(struct mptcp_carried *carried, uint64_t packetid, uint64_t data_ack);
/* Moves all of `from` into `into`; `from` is empty then. */
int mptcp_carried_merge(struct mptcp_carried *into, struct mptcp_carried *from);

#endif
