/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connection: the MPTCP connections of a capture, and which subflow belongs to which.
 *
 * Connections are found by token: the token in the SYN of an MP_JOIN belongs to its receiver (RFC
 * 8684 section 3.2), and every key seen gives a token. A token that no key explains makes a
 * provisional connection; the key that explains it later joins both. join.h chooses where a token
 * has several owners. Subflows of which no handshake was captured are put together when their
 * 64-bit data sequence numbers are neighbours: two connections share their upper 32 bits with a
 * probability of 2^-32. Ports never decide.
 */
#ifndef MPTCP_CONNECTION_H
#define MPTCP_CONNECTION_H

#include "data_seen.h"
#include "fate.h"
#include "flow.h"
#include "keys.h"
#include "mapping.h"
#include "owner.h"
#include "packet.h"
#include "sequence.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct mptcp_subflow {
	struct mptcp_connection *connection;
	struct mptcp_flow *flow;
	LIST_ENTRY(mptcp_subflow) others; /* of the same connection */
	bool swapped;   /* its TCP client is the connection's server: a join opened by the server */
	bool joined;    /* an MP_JOIN or MP_CAPABLE showed where it belongs */
	bool placed[2]; /* by sender's role: its DSNs were compared with other connections' */
	bool resolved;  /* a row of it was: it stays in its connection */
	bool stands;    /* counted in the connection's standing */
	struct {        /* where its SYN had an MP_JOIN: see join.h */
		bool opened;      /* it had */
		bool acked;       /* the third ACK had an MP_JOIN, too */
		bool answered;    /* the listener went on with it: established */
		bool refused;     /* the listener's first answer was a RST */
		bool proven;      /* an HMAC of it fits its connection */
		bool has_hmac[2]; /* of the SYN/ACK, of the third ACK; with it the nonces */
		uint32_t token, nonces[2];
		uint8_t hmac[2][8]; /* their first bytes */
	} join;
	/* by the flow's end that sends */
	struct {
		struct mptcp_mappings mappings;
		/* the mapping in an MP_CAPABLE: its data begins with IDSN + 1, of the key that
		   counts when a row needs it */
		uint16_t first_length; /* 0: none waits */
		uint32_t first_ssn;
		uint64_t first_row;
		bool has_origin;  /* origin is learned from mappings where no SYN was captured */
		uint32_t origin;  /* sequence number of subflow sequence number 0 */
		uint64_t highest; /* subflow sequence number mapped, a position: reference for the
				     next */
	} sent[2];
};

/* One direction of a connection: the data that one role sends. */
struct mptcp_connection_sender {
	bool has_idsn;
	uint64_t idsn;   /* of the sender's key that counts */
	bool whole;      /* a 64-bit DSN was seen */
	bool halves;     /* only 32-bit DSNs were seen, and nothing to extend them by: see
			    mptcp_connections_extend */
	uint64_t lowest; /* data sequence number, where there is no IDSN */
	bool has_lowest;
	bool has_base; /* the base of relative numbers is fixed: a row was resolved with it */
	uint64_t base;
	struct mptcp_reference learned; /* DSNs of mappings and DATA_ACKs of the peer */
	struct mptcp_fate_data fate;    /* of the data in rows resolved, by absolute DSN */
	struct mptcp_data_seen data_seen;
	struct mptcp_address *announced; /* by the sender, with ADD_ADDR; or NULL */
	unsigned announcements;          /* at most MPTCP_ANNOUNCED_MAX */
};

#define MPTCP_ANNOUNCED_MAX 8

struct mptcp_connection {
	bool numbered;
	uint32_t number; /* mptcpstream: given when its first row is resolved */
	/*
	 * How many subflows say that it exists. A join that was refused says nothing: while there
	 * are only such, it has no number, and its packets belong to no connection.
	 */
	uint32_t standing;
	struct mptcp_keys keys;
	struct mptcp_connection_sender sent[2]; /* by the role that sends */
	LIST_HEAD(mptcp_subflows, mptcp_subflow) subflows;
	struct mptcp_owners owners;          /* the numbers by which it is found */
	LIST_ENTRY(mptcp_connection) others; /* of the capture */
};

struct mptcp_connections;

struct mptcp_connections *mptcp_connections_new(void);
void mptcp_connections_free(struct mptcp_connections *connections);
/* Counts a mapping over so many others that only its end was taken (mapping.h); how many there
 * were.
 */
void mptcp_connections_pass_over(struct mptcp_connections *connections);
uint64_t mptcp_connections_passed_over(const struct mptcp_connections *connections);

/* The role of the flow's end `from` in the subflow's connection. */
enum mptcp_role mptcp_subflow_role(const struct mptcp_subflow *subflow, unsigned from);

/* Makes the flow a subflow of a new connection. NULL when memory ran out. */
struct mptcp_subflow *mptcp_connections_begin(struct mptcp_connections *connections,
	struct mptcp_flow *flow);
/* Makes the flow a subflow of that connection. NULL when memory ran out. */
struct mptcp_subflow *mptcp_connections_add(struct mptcp_connection *connection,
	struct mptcp_flow *flow);
/* The subflow says, or no longer says, that its connection exists. */
void mptcp_subflow_stand(struct mptcp_subflow *subflow, bool stands);
/* The keys of its connection have new candidates: adopts provisional connections of their tokens.
 * The connection may become another one: look at subflow->connection afterwards. */
int mptcp_connections_keys(struct mptcp_connections *connections, struct mptcp_subflow *subflow);
/* Something spoke for one of the keys: what depends on the one that counts follows. */
int mptcp_connections_choose(struct mptcp_connections *connections,
	struct mptcp_connection *connection, enum mptcp_role role);
/* The first owner of a token (owner.h), or NULL. */
struct mptcp_owner *mptcp_connections_owner(const struct mptcp_connections *connections,
	uint32_t token);
/* The connection has this token, too, in that role. */
int mptcp_connections_own(struct mptcp_connections *connections,
	struct mptcp_connection *connection, enum mptcp_role role, uint32_t token);
/* Both are one connection, `into`. With `flip`, what was taken for the client in `from` is the
 * server in `into`. */
int mptcp_connections_merge(struct mptcp_connections *connections, struct mptcp_connection *into,
	struct mptcp_connection *from, bool flip);
/* The subflow belongs to that other connection; with `flip` its roles are the other way round. */
void mptcp_connections_rehome(struct mptcp_subflow *subflow, struct mptcp_connection *connection,
	bool flip);
/* A 64-bit data sequence number of data that `role` sends was seen: puts subflows without a
 * handshake together. */
int mptcp_connections_place(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	enum mptcp_role role, uint64_t dsn);

/* MP_CAPABLE shows that what was taken for the client of a connection is its server. */
void mptcp_connections_turn(struct mptcp_connection *connection);
/* DSNs of the data that `role` sends, known by their lower halves only so far, get the upper half
 * nearest to a whole number. */
void mptcp_connections_extend(struct mptcp_connection *connection, enum mptcp_role role,
	uint64_t whole);

#endif
