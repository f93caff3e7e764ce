/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reinjection: data that was sent on one subflow and comes again on another one: from which packet,
 * how much later, why, and whether it was of use.
 *
 * A row is one range of one packet which one earlier packet of another subflow carried: the
 * earliest such packet is its original. Exact to the byte, whatever the packets' borders. Memory
 * grows with the rows and with data that may still come again, not with packets.
 */
#ifndef MPTCP_REINJECTION_H
#define MPTCP_REINJECTION_H

#include "copies.h"
#include "error.h"
#include "numbers.h"
#include "packet.h"
#include "signals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The columns that mptcp_reinjections_add reads. */
#define MPTCP_REINJECTIONS_COLUMNS \
	(MPTCP_SIGNALS_COLUMNS | MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(tcpstream) | \
		MPTCP_HAS(tcpdest) | MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest) | \
		MPTCP_HAS(tcpseq) | MPTCP_HAS(tcpack) | MPTCP_HAS(tcplen) | MPTCP_HAS(dsn) | \
		MPTCP_HAS(dsn_split) | MPTCP_HAS(dack))

/* Those without which it would say less than the truth. */
#define MPTCP_REINJECTIONS_NEEDED (MPTCP_REINJECTIONS_COLUMNS & ~MPTCP_HAS(dsn_split))

/* Why data was sent again. The first one that holds; mptcp-lr(1) has the rules in full. */
enum mptcp_cause {
	MPTCP_CAUSE_REMOVE_ADDR,    /* REMOVE_ADDR took away an address of the original's subflow */
	MPTCP_CAUSE_SUBFLOW_CLOSED, /* RST, FIN or MP_FASTCLOSE on the original's subflow */
	MPTCP_CAUSE_TIMEOUT,   /* it was retransmitted in vain, or nothing was acknowledged for a
				  retransmission timeout */
	MPTCP_CAUSE_REDUNDANT, /* sent again before an acknowledgement could have come back */
	MPTCP_CAUSE_UNKNOWN
};
/* "remove_addr", ... */
const char *mptcp_cause_name(enum mptcp_cause cause);

/* Which copy the receiver had first, as its acknowledgements tell. */
enum mptcp_useful {
	MPTCP_USEFUL_UNKNOWN, /* the capture does not show it */
	MPTCP_USEFUL_NO,      /* the original */
	MPTCP_USEFUL_YES      /* the reinjection */
};
/* "unknown", "no", "yes". */
const char *mptcp_useful_name(enum mptcp_useful useful);

struct mptcp_reinjection {
	uint64_t packetid, original_packetid;
	uint32_t mptcpstream, tcpstream, original_tcpstream;
	enum mptcp_role mptcpdest;   /* where the data goes */
	uint64_t dsn;                /* relative, of the range's first byte */
	uint64_t length;             /* of the range */
	int64_t time, original_time; /* nanoseconds since the epoch */
	bool repeated; /* the packet's subflow had carried the range before: not its first copy */
	enum mptcp_cause cause;
	enum mptcp_useful useful; /* settled by later packets */
};

/* Opaque to the caller. */
struct mptcp_reinjections_subflow;
struct mptcp_reinjections_connection;

/* A zeroed struct is empty. */
struct mptcp_reinjections {
	struct mptcp_reinjection *list; /* in order of packetid, then of dsn as in the packet */
	size_t count, capacity;
	struct mptcp_reinjections_subflow *subflows;
	size_t subflow_count, subflow_capacity;
	struct mptcp_numbers subflow_index; /* by tcpstream */
	struct mptcp_reinjections_connection *connections;
	size_t connection_count, connection_capacity;
	struct mptcp_numbers connection_index; /* by mptcpstream */
};

/*
 * Takes the next packet of the stream; those without mptcpstream are ignored. Whether a row was
 * useful may change until the last packet. 0, or -1 when memory ran out.
 */
int mptcp_reinjections_add(struct mptcp_reinjections *reinjections,
	const struct mptcp_packet *packet, struct mptcp_error *error);
void mptcp_reinjections_release(struct mptcp_reinjections *reinjections);

#endif
