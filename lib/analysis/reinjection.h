/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reinjection: data that MPTCP sent again, over another subflow or the same one: from which packet,
 * how much later, why, and whether it was useful.
 *
 * A row is one range of one packet whose bytes are reinjected (lib/tracker/fate.h: new TCP sequence
 * numbers, DSNs sent before), and the earliest packet that carried them. Exact to the byte, but for
 * packets that repeat hundreds of others (copies.h). Whether a row was useful is settled at the end
 * of its subflow, or after MPTCP_REINJECTIONS_SETTLED, whichever is first.
 *
 * Memory grows with the connections that are open, with their data that may come again and with
 * rows that are not settled, of which there are at most MPTCP_REINJECTIONS_WAITING; not with
 * packets.
 */
#ifndef MPTCP_REINJECTION_H
#define MPTCP_REINJECTION_H

#include "error.h"
#include "packet.h"
#include "signals.h"
#include "units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The columns that mptcp_reinjections_add reads. */
#define MPTCP_REINJECTIONS_COLUMNS \
	(MPTCP_SIGNALS_COLUMNS | MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(tcpstream) | \
		MPTCP_HAS(tcpdest) | MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest) | \
		MPTCP_HAS(tcpseq) | MPTCP_HAS(tcpack) | MPTCP_HAS(tcplen) | MPTCP_HAS(dsn) | \
		MPTCP_HAS(dsn_split) | MPTCP_HAS(dack) | MPTCP_HAS(dack_raw))

/* Those without which its results would be wrong. */
#define MPTCP_REINJECTIONS_NEEDED \
	(MPTCP_REINJECTIONS_COLUMNS & ~(MPTCP_HAS(dsn_split) | MPTCP_HAS(dack_raw)))

#define MPTCP_REINJECTIONS_SETTLED (10 * MPTCP_SECOND)
#define MPTCP_REINJECTIONS_WAITING 65536

/* Why data was sent again. The first one that holds; mptcp-lr(1) has the rules in full. */
enum mptcp_cause {
	MPTCP_CAUSE_MP_FAIL,          /* the receiver refused the data with MP_FAIL */
	MPTCP_CAUSE_REMOVE_ADDR,      /* REMOVE_ADDR took away an address of a subflow */
	MPTCP_CAUSE_SUBFLOW_CLOSED,   /* RST, FIN or MP_FASTCLOSE on a subflow */
	MPTCP_CAUSE_DATA_ACK_MISSING, /* the same subflow had carried it: its DATA_ACK is missing */
	MPTCP_CAUSE_TIMEOUT,          /* the DATA_ACK had not moved for a retransmission timeout */
	MPTCP_CAUSE_REDUNDANT,        /* before an acknowledgement could have come back */
	MPTCP_CAUSE_UNKNOWN
};
/* "mp_fail", "remove_addr", ... */
const char *mptcp_cause_name(enum mptcp_cause cause);

/* Which copy the receiver had first, as its acknowledgements show. */
enum mptcp_useful {
	MPTCP_USEFUL_UNKNOWN, /* the capture does not show it */
	MPTCP_USEFUL_NO,      /* the original */
	MPTCP_USEFUL_YES      /* the reinjection */
};
/* "unknown", "no", "yes". */
const char *mptcp_useful_name(enum mptcp_useful useful);

struct mptcp_reinjection {
	uint64_t packetid;
	uint64_t original_packetid; /* 0: not known (any more), and the other two are not set */
	uint32_t original_tcpstream;
	int64_t original_time;
	uint32_t mptcpstream, tcpstream;
	enum mptcp_role mptcpdest; /* where the data goes */
	uint64_t dsn;              /* relative, of the range's first byte */
	uint64_t length;           /* of the range */
	uint32_t tcpseq;           /* relative, of its first byte */
	int64_t time;              /* nanoseconds since the epoch */
	enum mptcp_cause cause;
	enum mptcp_useful useful;
};

enum mptcp_reinjections_order {
	MPTCP_REINJECTIONS_IN_ORDER,     /* rows come settled, in order of packetid */
	MPTCP_REINJECTIONS_WHEN_SETTLED, /* in order of settlement */
	MPTCP_REINJECTIONS_AT_ONCE       /* with their packet; `useful` is not settled */
};

/* Gets a row. 0, or -1 with an error to give up. */
typedef int mptcp_reinjections_row(void *context, const struct mptcp_reinjection *row,
	struct mptcp_error *error);

/* Opaque to callers. */
struct mptcp_reinjections_connection;
struct mptcp_reinjections_subflow;
struct mptcp_reinjections_waiting;

struct mptcp_reinjections {
	enum mptcp_reinjections_order order;
	mptcp_reinjections_row *row;
	void *context;                                     /* of `row` */
	struct mptcp_reinjections_connection *connections; /* uthash, by mptcpstream */
	struct mptcp_reinjections_subflow *subflows;       /* uthash, by tcpstream */
	size_t kept; /* connections left by the last search for those that are over */
	/* a ring of rows that are not settled, or wait for others that are not */
	struct mptcp_reinjections_waiting *waiting;
	size_t capacity;
	uint64_t first, end; /* numbers of the oldest and of the next row */
};

/* Nothing is allocated. */
void mptcp_reinjections_init(struct mptcp_reinjections *reinjections,
	enum mptcp_reinjections_order order, mptcp_reinjections_row *row, void *context);
/* Takes the next packet of the stream; those without mptcpstream are ignored. 0, or -1 when memory
 * ran out or `row` gave up. */
int mptcp_reinjections_add(struct mptcp_reinjections *reinjections,
	const struct mptcp_packet *packet, struct mptcp_error *error);
/* After the last packet: rows that wait are settled. */
int mptcp_reinjections_end(struct mptcp_reinjections *reinjections, struct mptcp_error *error);
void mptcp_reinjections_clear(struct mptcp_reinjections *reinjections);

#endif
