/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * learn: what a frame shows about its connection: versions, keys, tokens, joins, mappings.
 *
 * The tracker learns from a frame some thousand rows before it resolves it, so that what explains a
 * packet may be captured after it.
 */
#ifndef MPTCP_LEARN_H
#define MPTCP_LEARN_H

#include "connection.h"
#include "flow.h"
#include "options.h"

/* A segment that end `from` of a flow sent, and its options. */
struct mptcp_learn_segment {
	struct mptcp_connections *connections;
	struct mptcp_flow *flow;
	unsigned from;
	const struct mptcp_frame *frame;
	const struct mptcp_options *options;
};

/* Takes in the MPTCP options, if any. 0, or -1 when memory ran out. */
int mptcp_learn(const struct mptcp_learn_segment *segment);

/*
 * Before a row of the subflow's end `from` is resolved: the mapping in an MP_CAPABLE, whose data
 * begins with the IDSN of the key that counts, which later frames may have shown. 0, or -1 when
 * memory ran out.
 */
int mptcp_learn_first_mapping(struct mptcp_subflow *subflow, unsigned from);

/* What to add to a position of flow.h, in the direction that end `from` sends, to get one of
 * mapping.h: 0 where the SYN was captured. */
uint64_t mptcp_learn_shift(const struct mptcp_subflow *subflow, unsigned from);

#endif
