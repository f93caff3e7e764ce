/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store_layout: what the writer and the reader of a store agree on, in addition to the layout in
 * store.h. Internal to these two. */
#ifndef MPTCP_STORE_LAYOUT_H
#define MPTCP_STORE_LAYOUT_H

#include "packet.h"

/* The byte before each packet: its flow follows, or it is the one of its slot. */
enum { MPTCP_STORE_PACKET = 0x5a, MPTCP_STORE_PACKET_FLOW = 0xa5 };

/* What struct mptcp_packet has from one member to another, both included. */
#define MPTCP_STORE_SPAN(from, to) \
	(offsetof(struct mptcp_packet, to) + sizeof(((struct mptcp_packet *)0)->to) - \
		offsetof(struct mptcp_packet, from))

/* The members that every packet has; before them that byte and the slot of its flow. */
#define MPTCP_STORE_FIXED MPTCP_STORE_SPAN(present, options_cut)
#define MPTCP_STORE_HEAD (1 + sizeof(uint16_t))

/* Flows as they were written last, by the numbers in the file. */
#define MPTCP_STORE_SLOTS 1024
struct mptcp_store_flow {
	char bytes[MPTCP_STORE_SPAN(tcpdest, mptcpstream)];
};

/* Members that stand together in struct mptcp_packet and are written where any of `columns` is
 * present. */
struct mptcp_store_group {
	size_t offset, length;
	uint64_t columns;
};
#define MPTCP_STORE_GROUPS 3
static const struct mptcp_store_group mptcp_store_groups[MPTCP_STORE_GROUPS] = {
	{offsetof(struct mptcp_packet, dss_dsn), MPTCP_STORE_SPAN(dss_dsn, dss_checksum),
		MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_rawack) | MPTCP_HAS(dsn_raw) |
			MPTCP_HAS(dack_raw) | MPTCP_HAS(dss_ssn) | MPTCP_HAS(dss_length) |
			MPTCP_HAS(dss_flags) | MPTCP_HAS(dss_checksum)},
	{offsetof(struct mptcp_packet, sendkey), MPTCP_STORE_SPAN(sendkey, wscale),
		MPTCP_HAS(sendkey) | MPTCP_HAS(recvkey) | MPTCP_HAS(recvtok) |
			MPTCP_HAS(expected_token) | MPTCP_HAS(mss) | MPTCP_HAS(wscale)},
	{offsetof(struct mptcp_packet, duplicate_of), sizeof(uint64_t), MPTCP_HAS(duplicate_of)},
};

/* What comes before the texts of a packet: at most the head, everything up to the texts, and the
 * length of what follows. */
#define MPTCP_STORE_RECORD_MOST \
	(MPTCP_STORE_HEAD + offsetof(struct mptcp_packet, interface) + sizeof(uint32_t))

/* Whether a packet has anything after its groups: texts, or values of extra columns. */
static inline bool mptcp_store_has_variable(uint64_t present, size_t extras)
{
	return present & mptcp_text_columns || extras;
}

/* Bytes of the trailer without its texts, and the most that it may have with them. */
#define MPTCP_STORE_TRAILER_LEAST \
	(1 + sizeof(uint64_t) + 3 * sizeof(uint32_t) + 2 * sizeof(uint64_t))
#define MPTCP_STORE_TRAILER_MOST ((size_t)64 * 1024)

#endif
