/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events: the signalling of MPTCP connections as a timeline: handshakes, announced and removed
 * addresses, priorities, failures, ends; and what went wrong first where a connection fell back to
 * regular TCP or a subflow could not join.
 *
 * A packet may make several events. Those that only a later packet (or the end) tells belong to the
 * packet at which they happened, so the timeline is in order only after mptcp_events_end. Memory
 * grows with events, connections and subflows.
 */
#ifndef MPTCP_EVENTS_H
#define MPTCP_EVENTS_H

#include "address.h"
#include "error.h"
#include "numbers.h"
#include "packet.h"
#include "signals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The columns that mptcp_events_add reads. */
#define MPTCP_EVENTS_COLUMNS \
	(MPTCP_SIGNALS_COLUMNS | MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(reltime) | \
		MPTCP_HAS(ipsrc) | MPTCP_HAS(sport) | MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) | \
		MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest) | MPTCP_HAS(mptcpversion) | \
		MPTCP_HAS(tcplen) | MPTCP_HAS(expected_token) | MPTCP_HAS(datafin) | \
		MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_length) | MPTCP_HAS(dsn) | MPTCP_HAS(dsn_raw) | \
		MPTCP_HAS(dack) | MPTCP_HAS(dack_raw))

#define MPTCP_EVENTS_NEEDED MPTCP_EVENTS_COLUMNS

enum mptcp_event_kind {
	MPTCP_EVENT_CAPABLE_SYN, /* the first of each step of a handshake */
	MPTCP_EVENT_CAPABLE_SYNACK,
	MPTCP_EVENT_CAPABLE_ACK,
	MPTCP_EVENT_JOIN_SYN,
	MPTCP_EVENT_JOIN_SYNACK,
	MPTCP_EVENT_JOIN_ACK,
	MPTCP_EVENT_ADD_ADDR,    /* each option; echo or not */
	MPTCP_EVENT_REMOVE_ADDR, /* one an address identifier */
	MPTCP_EVENT_PRIO,
	MPTCP_EVENT_FAIL,
	MPTCP_EVENT_FASTCLOSE,
	MPTCP_EVENT_TCPRST,
	MPTCP_EVENT_DATA_FIN,         /* the first of a direction */
	MPTCP_EVENT_INFINITE_MAPPING, /* the first of a direction */
	MPTCP_EVENT_FALLBACK,         /* of the connection, once; reason */
	MPTCP_EVENT_CONNECT_FAILED,   /* the initial handshake came to nothing; reason */
	MPTCP_EVENT_JOIN_FAILED,      /* once a subflow; reason */
	MPTCP_EVENT_SUBFLOW_FAILED,   /* lost its options while others work; reason */
	MPTCP_EVENT_SUBFLOW_RESET,    /* the first RST */
	MPTCP_EVENT_SUBFLOW_CLOSED,   /* FIN in both directions */
	MPTCP_EVENT_CONNECTION_CLOSED
};
/* "MP_CAPABLE_SYN", ..., "CONNECTION_CLOSED". */
const char *mptcp_event_name(enum mptcp_event_kind kind);

/* What the Linux kernel reports, as `ip mptcp monitor` prints it. */
enum mptcp_kernel_event {
	MPTCP_KERNEL_NONE,
	MPTCP_KERNEL_CREATED,
	MPTCP_KERNEL_ESTABLISHED,
	MPTCP_KERNEL_CLOSED,
	MPTCP_KERNEL_ANNOUNCED,
	MPTCP_KERNEL_REMOVED,
	MPTCP_KERNEL_SUB_ESTABLISHED,
	MPTCP_KERNEL_SUB_CLOSED,
	MPTCP_KERNEL_SUB_PRIORITY
};
/* "" for none. */
const char *mptcp_kernel_event_name(enum mptcp_kernel_event event);

/* A yes or no that need not be there. */
enum mptcp_tristate { MPTCP_ABSENT, MPTCP_NO, MPTCP_YES };

#define MPTCP_REASON_TEXT 48

struct mptcp_event {
	uint64_t packetid;
	int64_t abstime, reltime; /* nanoseconds */
	uint32_t mptcpstream, tcpstream;
	enum mptcp_role mptcpdest; /* where the packet goes */
	enum mptcp_event_kind kind;
	enum mptcp_kernel_event kernel;
	bool has_addrid, has_port, has_token, has_dsn, has_key;
	uint8_t addrid;
	uint16_t port;
	uint32_t token;
	struct mptcp_address address; /* family 0: none */
	enum mptcp_tristate backup, echo, transient;
	char reason[MPTCP_REASON_TEXT]; /* "" for none */
	uint64_t dsn;                   /* relative */
	uint64_t key;
};

/* Opaque to the caller. */
struct mptcp_events_subflow;
struct mptcp_events_connection;

/* A zeroed struct is empty. */
struct mptcp_events {
	struct mptcp_event *list; /* after mptcp_events_end in order of packetid */
	size_t count, capacity;
	int64_t last; /* time of the last packet */
	struct mptcp_events_subflow *subflows;
	size_t subflow_count, subflow_capacity;
	struct mptcp_numbers subflow_index; /* by tcpstream */
	struct mptcp_events_connection *connections;
	size_t connection_count, connection_capacity;
	struct mptcp_numbers connection_index; /* by mptcpstream */
};

/* Takes the next packet of the stream; those without mptcpstream are ignored. 0, or -1 when memory
 * ran out. */
int mptcp_events_add(struct mptcp_events *events, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* After the last packet: what never got an answer, and the order. */
int mptcp_events_end(struct mptcp_events *events, struct mptcp_error *error);
void mptcp_events_release(struct mptcp_events *events);

#endif
