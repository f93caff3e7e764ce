/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing: what the MPTCP connections, subflows and TCP connections of a packet stream carried, as
 * mptcp-lc(1), mptcp-ls(1) and mptcp-lt(1) list them. What happened to them is in the story.
 *
 * Packets are added one by one; the roster of the story has the connections and TCP connections in
 * order of appearance, and `own` of each is what is counted here. Bytes and times are exact; memory
 * grows with connections and holes, not with packets.
 */
#ifndef MPTCP_LISTING_H
#define MPTCP_LISTING_H

#include "direction.h"
#include "selection.h"
#include "story.h"

/* The columns that mptcp_listing_add reads. */
#define MPTCP_LISTING_COLUMNS (MPTCP_STORY_COLUMNS | MPTCP_DIRECTION_COLUMNS | MPTCP_HAS(interface))

/* Those without which its results would be wrong. */
#define MPTCP_LISTING_NEEDED (MPTCP_STORY_NEEDED | MPTCP_DIRECTION_COLUMNS)

/* `own` of a TCP connection; of packets that the selection takes. */
struct mptcp_listed_stream {
	struct mptcp_direction to[2]; /* by TCP role of the destination */
	struct mptcp_bare_bytes bare[2];
	char interface[64]; /* of its first packet, "" for none */
};

/* `own` of an MPTCP connection. */
struct mptcp_listed_connection {
	struct mptcp_fate_data data[2]; /* by MPTCP role of the destination */
	uint64_t bytes[2];              /* first copies that have a DSN, or stood in a SYN */
};

/* How many packets, and when the first and the last was captured: nanoseconds since the epoch. */
struct mptcp_listed_span {
	uint64_t packets;
	int64_t start, last; /* 0 without packets */
};

struct mptcp_listing {
	struct mptcp_story story;
	const struct mptcp_selection *selection; /* NULL: all */
};

/* An empty listing, of what the selection takes (NULL: of all; it has to live as long). Set
 * story.with_tcp for regular TCP, too. */
void mptcp_listing_init(struct mptcp_listing *listing, const struct mptcp_selection *selection);
/* 0, or -1 when memory ran out. */
int mptcp_listing_add(struct mptcp_listing *listing, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* Application bytes that went to a role, each once: those without a DSN after a fallback, too. */
uint64_t mptcp_listing_bytes(const struct mptcp_story_connection *connection, enum mptcp_role to);
/* The packets of a TCP connection; of all TCP connections of an MPTCP connection. */
struct mptcp_listed_span mptcp_listing_stream_span(const struct mptcp_story_subflow *subflow);
struct mptcp_listed_span mptcp_listing_connection_span(
	const struct mptcp_story_connection *connection);
void mptcp_listing_clear(struct mptcp_listing *listing);

#endif
