/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * match: which connection of one capture is which of another capture of the same traffic, by the
 * strongest evidence that both have, in this order:
 *
 *	keys       both keys of MP_CAPABLE                              score 1
 *	token      the token of one of the hosts (32 bits of a hash)    1
 *	nonce      the nonces of MP_JOIN                                1
 *	isn        both initial sequence numbers, or one and the        1
 *	           timestamp of its SYN
 *	           one of them alone                                    0.9
 *	addresses  addresses and ports, and timestamps that were        0.8
 *	           counted on the same clock
 *	           addresses and ports alone                            0.5
 *
 * Addresses count only where nothing contradicts them: initial sequence numbers that differ (unless
 * the timestamps of the SYN are the same: something on the way rewrites the numbers), timestamps
 * of other times. What fits several candidates decides nothing. One to one: a subflow is matched
 * only within connections that are matched to one another; a connection without keys and tokens is
 * matched through its subflows.
 */
#ifndef MPTCP_MATCH_H
#define MPTCP_MATCH_H

#include "evidence.h"

/* Sets `match` of all connections and streams of both, and `flipped`. 0, or -1 when memory ran out.
 */
int mptcp_match(struct mptcp_evidence *a, struct mptcp_evidence *b, struct mptcp_error *error);

/* Numbers of capture b become those of a, after mptcp_match. False where a has no such connection
 * or stream. */
bool mptcp_match_connection(const struct mptcp_evidence *a, const struct mptcp_evidence *b,
	uint32_t *mptcpstream);
bool mptcp_match_stream(const struct mptcp_evidence *a, const struct mptcp_evidence *b,
	uint32_t *tcpstream);

/* A row of the map: indices, MPTCP_NOT_MATCHED for an empty side. */
enum mptcp_map_kind { MPTCP_MAP_CONNECTION, MPTCP_MAP_SUBFLOW, MPTCP_MAP_TCP };

struct mptcp_map_row {
	enum mptcp_map_kind kind;
	uint32_t a, b; /* of connections, or of streams */
};

struct mptcp_map {
	struct mptcp_map_row *rows; /* owned */
	size_t count;
};

/*
 * After mptcp_match: connections of a with their subflows, then those of b alone; or all TCP
 * connections. 0, or -1 when memory ran out.
 */
int mptcp_map_init(struct mptcp_map *map, const struct mptcp_evidence *a,
	const struct mptcp_evidence *b, bool tcp, struct mptcp_error *error);
void mptcp_map_clear(struct mptcp_map *map);

#endif
