/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * join: which connection a subflow whose SYN had an MP_JOIN belongs to (RFC 8684 section 3.2).
 *
 * The token in the SYN belongs to its receiver. Where several connections have it, the SYN's
 * addresses choose first: its destination has to be an address that the owner's connection used or
 * announced; then the newest. The HMACs of the SYN/ACK and of the third ACK have the last word:
 * they fit the keys of one connection only, and move the subflow there as long as no row of it was
 * resolved. They also decide which of several keys of a connection counts. They are computed only
 * where one of the two is in doubt.
 *
 * A token that no key explains makes a provisional connection. It exists as soon as one of its
 * joins was not refused: the third ACK came and no RST was the first answer to it, or the listener
 * went on.
 */
#ifndef MPTCP_JOIN_H
#define MPTCP_JOIN_H

#include "connection.h"
#include "flow.h"
#include "options.h"

/* An MP_JOIN that end `from` of the flow sent. 0, or -1 when memory ran out. */
int mptcp_join_learn(struct mptcp_connections *connections, struct mptcp_flow *flow, unsigned from,
	const struct mptcp_option_value *value);
/* Any segment of a subflow, with or without options, after what was learned from them. */
void mptcp_join_see(struct mptcp_subflow *subflow, unsigned from, unsigned tcp_flags, bool dss);
/* A connection has new keys: joins with their tokens that no HMAC has proven are looked at again.
 */
int mptcp_join_review(struct mptcp_connections *connections, struct mptcp_connection *connection);

#endif
