/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store_layout: what the writer and the reader of a store agree on, besides the picture in store.h.
 * Of no use to others. */
#ifndef MPTCP_STORE_LAYOUT_H
#define MPTCP_STORE_LAYOUT_H

#include "packet.h"

/* Bits of the byte before each packet. */
enum {
	MPTCP_STORE_ADDRESSES = 0x01,
	MPTCP_STORE_DSS = 0x02,
	MPTCP_STORE_HANDSHAKE = 0x04,
	MPTCP_STORE_TEXT = 0x08,
	MPTCP_STORE_EXTRA = 0x10,
	MPTCP_STORE_CAPTURE = 0x20,
	MPTCP_STORE_PACKET = 0x80
};

/* The members from `present` to `ttl`, that every packet has. */
#define MPTCP_STORE_FIXED (offsetof(struct mptcp_packet, ttl) + sizeof(uint8_t))

/* Members that stand together in struct mptcp_packet and are written where any of `columns` is
 * present. */
struct mptcp_store_group {
	unsigned bit;
	size_t offset, length;
	uint64_t columns;
};
#define MPTCP_STORE_GROUPS 4
extern const struct mptcp_store_group mptcp_store_groups[MPTCP_STORE_GROUPS];

/* What comes before the texts of a packet: at most the byte of bits, everything up to the texts,
 * and the length of what follows. */
#define MPTCP_STORE_RECORD_MOST (1 + offsetof(struct mptcp_packet, interface) + sizeof(uint32_t))

/* Bytes of the trailer without its texts, and the most that it may have with them. */
#define MPTCP_STORE_TRAILER_LEAST \
	(1 + sizeof(uint64_t) + 3 * sizeof(uint32_t) + 2 * sizeof(uint64_t))
#define MPTCP_STORE_TRAILER_MOST ((size_t)64 * 1024)

uint64_t mptcp_store_schema(void);
/* The bits that a packet must have, by its columns and the number of extra ones. */
unsigned mptcp_store_mark(uint64_t present, size_t extras);

#endif
