/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reinjection_parts: what the parts of the module reinjection share: reinjection_state.c keeps
 * connections and subflows, reinjection_settle.c the rows that wait, reinjection.c finds the rows.
 */
#ifndef MPTCP_REINJECTION_PARTS_H
#define MPTCP_REINJECTION_PARTS_H

#include "copies.h"
#include "fate.h"
#include "hashed.h"
#include "reinjection.h"

#define MPTCP_REINJECTIONS_NEVER INT64_MIN
/* How long after the end of its last subflow a connection without packets is forgotten. */
#define MPTCP_REINJECTIONS_OVER (60 * MPTCP_SECOND)

/* An acknowledgement that acknowledged more than those before it. */
struct mptcp_reinjections_advance {
	uint64_t to, packetid;
};

/* When acknowledgements advanced, while rows wait for them. */
struct mptcp_reinjections_history {
	struct mptcp_reinjections_advance *list;
	size_t count, capacity;
};

/* How subflows end. */
enum mptcp_reinjections_end { MPTCP_ENDS_REMOVED, MPTCP_ENDS_CLOSED, MPTCP_ENDS };

/* The subflow of a connection that ended last in one of these ways. */
struct mptcp_reinjections_ending {
	int64_t time;     /* or MPTCP_REINJECTIONS_NEVER */
	uint64_t sent[2]; /* DSN after what had been sent to each role then */
};

/* What one end of a subflow has sent. */
struct mptcp_reinjections_sent {
	struct mptcp_fate_sent fate;
	uint64_t highest; /* position after the last byte */
	struct mptcp_reinjections_history acks;
	int64_t failed_at;   /* when the receiver sent MP_FAIL, */
	uint64_t failed_dsn; /* from which DSN on it threw away what this subflow brought */
	uint64_t again_end;  /* DSN after what it sent again last, and why it did */
	enum mptcp_cause again_cause;
	bool has_addrid, fin;
	uint8_t addrid;
};

struct mptcp_reinjections_subflow {
	UT_hash_handle hh;
	uint32_t tcpstream;
	struct mptcp_reinjections_subflow *next; /* of the same connection */
	struct mptcp_reinjections_connection *connection;
	struct mptcp_reinjections_sent sent[2]; /* by TCP role of the sender */
	enum mptcp_role client_role;            /* MPTCP role of the TCP client */
	int64_t ended[MPTCP_ENDS];              /* first, or MPTCP_REINJECTIONS_NEVER */
	bool has_syn_time, has_rtt, over;
	int64_t syn_time, rtt; /* of the handshake */
	uint64_t last_row;     /* number of its last row that waits, one added; 0: none */
};

/* Data that one role receives. */
struct mptcp_reinjections_direction {
	struct mptcp_copies copies;
	struct mptcp_fate_data data;
	uint64_t highest, data_ack; /* relative DSNs after the last byte */
	struct mptcp_reinjections_history acks;
	bool has_base;
	uint64_t base;         /* what relative DSNs count from */
	int64_t waiting_since; /* when data_ack advanced last, or, if nothing was outstanding then,
				  when the next data was sent */
	int64_t timeout_at;    /* when data was last sent again after a timeout, */
	uint64_t timeout_sent; /* and the DSN after what had been sent then */
};

struct mptcp_reinjections_connection {
	UT_hash_handle hh;
	uint32_t mptcpstream;
	struct mptcp_reinjections_subflow *subflows; /* the last one first */
	struct mptcp_reinjections_direction to[2];
	struct mptcp_reinjections_ending ended[MPTCP_ENDS];
	unsigned open;  /* subflows that are not over */
	size_t waiting; /* rows */
	int64_t last;   /* time of its last packet */
};

/* A row that waits. Positions and DSNs are those after the range. */
struct mptcp_reinjections_waiting {
	struct mptcp_reinjection row;
	struct mptcp_reinjections_subflow *own, *original; /* NULL where not known */
	uint64_t own_end, original_end;
	bool original_acked; /* when the row was found */
	bool awaited;        /* then, the DATA_ACK asked for its first bytes */
	bool settled;
	uint64_t before; /* number of the subflow's row before, one added */
};

/* What `role` (of MPTCP) sent on the subflow. */
static inline struct mptcp_reinjections_sent *mptcp_reinjections_sent(
	struct mptcp_reinjections_subflow *subflow, enum mptcp_role role)
{
	return &subflow->sent[subflow->client_role == role ? MPTCP_CLIENT : MPTCP_SERVER];
}

/* reinjection_state.c */

struct mptcp_reinjections_subflow *mptcp_reinjections_find(const struct mptcp_reinjections *all,
	uint32_t tcpstream);
/* The packet's subflow, made if need be. NULL when memory ran out. */
struct mptcp_reinjections_subflow *mptcp_reinjections_subflow_of(struct mptcp_reinjections *all,
	const struct mptcp_packet *packet);
/* Handshake, REMOVE_ADDR, MP_FAIL and ends. */
void mptcp_reinjections_signals(struct mptcp_reinjections_subflow *subflow,
	const struct mptcp_packet *packet);
/* Acknowledgements of both levels. `oldest`: packetid of the oldest row that waits. 0, or -1 when
 * memory ran out. */
int mptcp_reinjections_acknowledge(struct mptcp_reinjections_subflow *subflow,
	const struct mptcp_packet *packet, uint64_t oldest);
/* Forgets connections that are over. */
void mptcp_reinjections_forget(struct mptcp_reinjections *all, int64_t now);
void mptcp_reinjections_forget_all(struct mptcp_reinjections *all);

/* reinjection_settle.c */

/* A row that was found. 0 or -1. */
int mptcp_reinjections_wait(struct mptcp_reinjections *all,
	const struct mptcp_reinjections_waiting *row, struct mptcp_error *error);
/* Packetid of the oldest row that waits. */
uint64_t mptcp_reinjections_oldest(const struct mptcp_reinjections *all);
/* Nothing can be learned any more about the rows of a subflow. */
int mptcp_reinjections_settle_subflow(struct mptcp_reinjections *all,
	struct mptcp_reinjections_subflow *subflow, struct mptcp_error *error);
/* Settles what is due, hands on what is in turn. `now` INT64_MAX: all. */
int mptcp_reinjections_settle(struct mptcp_reinjections *all, int64_t now,
	struct mptcp_error *error);

#endif
