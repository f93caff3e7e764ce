/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reinjection_parts: what the parts of the module reinjection share: reinjection_state.c keeps
 * connections and subflows, reinjection.c finds the rows and decides about them.
 */
#ifndef MPTCP_REINJECTION_PARTS_H
#define MPTCP_REINJECTION_PARTS_H

#include "reinjection.h"

#define MPTCP_REINJECTIONS_NONE SIZE_MAX

/* What one end of a subflow has sent. */
struct mptcp_reinjections_sent {
	uint64_t highest;    /* position behind the last byte */
	uint64_t acked;      /* by the peer: position of the next byte it expects */
	int64_t progress_at; /* when that advanced last */
	int64_t again_at;    /* when it last sent anything below the highest: a retransmission */
	bool has_addrid;
	uint8_t addrid;
};

struct mptcp_reinjections_subflow {
	size_t next; /* of the same connection, or MPTCP_REINJECTIONS_NONE */
	struct mptcp_reinjections_sent sent[2]; /* by TCP role of the sender */
	enum mptcp_role client_role;            /* MPTCP role of the TCP client */
	uint8_t number;                         /* within the connection, at most 63 */
	bool closed, removed;
	bool has_syn_time, has_rtt;
	int64_t syn_time, rtt; /* of the handshake */
};

/* A row whose use is not settled. */
struct mptcp_reinjections_pending {
	size_t row;
	size_t own, original;           /* subflows */
	uint64_t own_end, original_end; /* positions behind the range */
};

/* Data that one role receives. */
struct mptcp_reinjections_direction {
	struct mptcp_copies copies;
	uint64_t highest, data_ack; /* relative DSNs behind the last byte */
	int64_t waiting_since; /* when data_ack advanced last, or, if nothing was outstanding then,
				  when the next data was sent */
	int64_t timeout_at;    /* when it was last found to wait for too long */
	struct mptcp_reinjections_pending *pending;
	size_t pending_count, pending_capacity;
};

struct mptcp_reinjections_connection {
	size_t subflows; /* the last one, or MPTCP_REINJECTIONS_NONE */
	uint8_t subflow_count;
	struct mptcp_reinjections_direction to[2];
};

/* The packet's connection. NULL when memory ran out. */
struct mptcp_reinjections_connection *mptcp_reinjections_connection_of(
	struct mptcp_reinjections *all, uint32_t mptcpstream);
/* The index of the packet's subflow, or MPTCP_REINJECTIONS_NONE when memory ran out. */
size_t mptcp_reinjections_subflow_of(struct mptcp_reinjections *all,
	struct mptcp_reinjections_connection *connection, const struct mptcp_packet *packet);
/* Handshake, REMOVE_ADDR and ends. */
void mptcp_reinjections_signals(struct mptcp_reinjections *all,
	const struct mptcp_reinjections_connection *connection,
	struct mptcp_reinjections_subflow *subflow, const struct mptcp_packet *packet);
/* Acknowledgements of both levels; `acknowledged` is the data that the packet's sender receives.
 * True if one of them advanced. */
bool mptcp_reinjections_acknowledgements(struct mptcp_reinjections_subflow *subflow,
	struct mptcp_reinjections_direction *acknowledged, const struct mptcp_packet *packet);

#endif
