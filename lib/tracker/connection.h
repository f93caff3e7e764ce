/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connection: the MPTCP connections of a capture, and which subflow belongs to which.
 *
 * Connections are found by token: the token in the SYN of an MP_JOIN belongs to its receiver (RFC
 * 8684 section 3.2), and every key seen gives a token. A token that no key explains makes a
 * provisional connection; the key that explains it later joins both. Subflows of which no handshake
 * was captured are put together when their 64-bit data sequence numbers are neighbours: two
 * connections share their upper 32 bits with a probability of 2^-32. Addresses and ports never
 * decide.
 */
#ifndef MPTCP_CONNECTION_H
#define MPTCP_CONNECTION_H

#include "carried.h"
#include "flow.h"
#include "mapping.h"
#include "owner.h"
#include "packet.h"
#include "sequence.h"

#include <stdbool.h>
#include <stdint.h>

struct mptcp_subflow {
	struct mptcp_connection *connection;
	struct mptcp_flow *flow;
	struct mptcp_subflow *next; /* of the same connection */
	bool swapped;   /* its TCP client is the connection's server: a join opened by the server */
	bool joined;    /* an MP_JOIN or MP_CAPABLE told where it belongs */
	bool placed[2]; /* by sender's role: its DSNs were compared with other connections' */
	/* by the flow's end that sends */
	struct {
		struct mptcp_mappings mappings;
		bool has_origin;  /* origin is learned from mappings where no SYN was captured */
		uint32_t origin;  /* sequence number of subflow sequence number 0 */
		uint64_t highest; /* subflow sequence number mapped, a position: reference for the
				     next */
	} sent[2];
};

/* One direction of a connection: the data that one role sends. */
struct mptcp_direction {
	bool has_key, has_token, has_idsn;
	uint64_t key;   /* of the sender */
	uint32_t token; /* of the sender */
	uint64_t idsn;
	bool halves;     /* only 32-bit DSNs were seen, and nothing to extend them by: see
			    mptcp_connections_extend */
	uint64_t lowest; /* data sequence number, where there is no IDSN */
	bool has_lowest;
	bool has_base; /* the base of relative numbers is fixed: a row was resolved with it */
	uint64_t base;
	struct mptcp_reference learned;  /* DSNs of mappings and DATA_ACKs of the peer */
	struct mptcp_reference data_ack; /* acknowledged by the peer, in rows resolved */
	struct mptcp_carried carried;
};

struct mptcp_connection {
	bool numbered;
	uint32_t number; /* mptcpstream: given when its first row is resolved */
	bool has_version;
	uint8_t version;
	struct mptcp_direction sent[2]; /* by the role that sends */
	struct mptcp_subflow *subflows;
	struct mptcp_owner *owners;               /* the numbers by which it is found */
	struct mptcp_connection *previous, *next; /* all connections */
};

struct mptcp_connections;

struct mptcp_connections *mptcp_connections_new(void);
void mptcp_connections_release(struct mptcp_connections *connections);

/* The role of the flow's end `from` in the subflow's connection. */
enum mptcp_role mptcp_subflow_role(const struct mptcp_subflow *subflow, unsigned from);

/* Makes the flow a subflow of a new connection. NULL when memory ran out. */
struct mptcp_subflow *mptcp_connections_begin(struct mptcp_connections *connections,
	struct mptcp_flow *flow);
/* A key of that role was seen: computes token and IDSN, and adopts a provisional connection of that
 * token. The connection may become another one: look at subflow->connection afterwards. */
int mptcp_connections_key(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	enum mptcp_role role, uint64_t key);
/*
 * The SYN of an MP_JOIN was seen, sent by end `from` of the flow: its receiver has this token.
 * Makes the flow a subflow of the connection, if need be of a provisional one.
 */
int mptcp_connections_join(struct mptcp_connections *connections, struct mptcp_flow *flow,
	unsigned from, uint32_t token);
/* A 64-bit data sequence number of data that `role` sends was seen: puts subflows without a
 * handshake together. */
int mptcp_connections_place(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	enum mptcp_role role, uint64_t dsn);

/* MP_CAPABLE tells that what was taken for the client of a connection is its server. */
void mptcp_connections_turn(struct mptcp_connection *connection);
/* DSNs of the data that `role` sends, known by their lower halves only so far, get the upper half
 * nearest to a whole number. */
void mptcp_connections_extend(struct mptcp_connection *connection, enum mptcp_role role,
	uint64_t whole);

#endif
