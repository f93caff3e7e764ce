/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * selection: which packets, connections, subflows, directions and moments a result is about: -m,
 * -t, -d, --skip, --from and --to of every tool, --tcp of some.
 *
 * Whoever keeps state (the story, sequence numbers, round trips, first copies) sees all packets;
 * the selection chooses what is counted and shown. The one exception is --skip, whose TCP
 * connections mptcp-series leaves out of its state too.
 *
 * A direction is a role, by MPTCP (of plain TCP: by TCP), and belongs to the data: what
 * acknowledges data that goes to the server belongs to the direction of the server. For results
 * that are packets or events (mptcp-le, mptcp-merge) it is where the packet goes. A moment is a
 * time since the capture's first packet, reltime of mptcp-csv(5); from <= moment < to, so that
 * periods that follow each other share nothing and leave nothing out.
 *
 * A zeroed struct takes everything.
 */
#ifndef MPTCP_SELECTION_H
#define MPTCP_SELECTION_H

#include "packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mptcp_selection {
	bool has_mptcpstream, has_tcpstream, has_destination, has_from, has_to;
	bool tcp; /* --tcp: TCP connections without MPTCP, too */
	uint32_t mptcpstream;
	uint32_t tcpstream;
	enum mptcp_role destination;
	int64_t from, to; /* nanoseconds */
	uint32_t *skip;   /* TCP streams to leave out; owned */
	size_t skip_count, skip_capacity;
};

void mptcp_selection_clear(struct mptcp_selection *selection);
/* Leaves a TCP stream out. 0, or -1 when memory ran out. */
int mptcp_selection_skip(struct mptcp_selection *selection, uint32_t tcpstream);
/* Whether it leaves anything out. */
bool mptcp_selection_chooses(const struct mptcp_selection *selection);
/* The columns that it reads and that a tool may not have asked for. */
uint64_t mptcp_selection_columns(const struct mptcp_selection *selection);

/* By -m. What -t and --skip mean for a connection depends on its subflows; what belongs to no
 * connection is taken unless there is -m (has_mptcpstream). */
bool mptcp_selection_takes_connection(const struct mptcp_selection *selection,
	uint32_t mptcpstream);
/* By -t and --skip. */
bool mptcp_selection_takes_stream(const struct mptcp_selection *selection, uint32_t tcpstream);
/* By --tcp and -t: whether the result is about TCP connections without MPTCP, too. They belong to
 * no connection: -m leaves them out. */
static inline bool mptcp_selection_with_tcp(const struct mptcp_selection *selection)
{
	return (selection->tcp || selection->has_tcpstream) && !selection->has_mptcpstream;
}
/* By --tcp, -m, -t and --skip: a TCP connection without MPTCP. */
bool mptcp_selection_takes_tcp(const struct mptcp_selection *selection, uint32_t tcpstream);
/* By -m, -t and --skip: a subflow. */
bool mptcp_selection_takes_subflow(const struct mptcp_selection *selection, uint32_t mptcpstream,
	uint32_t tcpstream);
/* By -d. */
bool mptcp_selection_takes_direction(const struct mptcp_selection *selection, enum mptcp_role to);
/* By --from and --to. */
static inline bool mptcp_selection_takes_moment(const struct mptcp_selection *selection,
	int64_t reltime)
{
	return !(selection->has_from && reltime < selection->from) &&
		!(selection->has_to && reltime >= selection->to);
}

#endif
