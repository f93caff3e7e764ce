/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event: one thing that happened to an MPTCP connection, as mptcp-le(1) lists it, and lists of
 * them.
 *
 * An event belongs to the packet at which it happened, which may lie before the packet that showed
 * it. Lists are in the order in which events were settled; mptcp_events_sort puts them in order of
 * packets.
 */
#ifndef MPTCP_EVENT_H
#define MPTCP_EVENT_H

#include "address.h"
#include "buffer.h"
#include "malformed.h"
#include "packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mptcp_event_kind {
	MPTCP_EVENT_CAPABLE_SYN, /* the first of each step of a handshake */
	MPTCP_EVENT_CAPABLE_SYNACK,
	MPTCP_EVENT_CAPABLE_ACK,
	MPTCP_EVENT_JOIN_SYN,
	MPTCP_EVENT_JOIN_SYNACK,
	MPTCP_EVENT_JOIN_ACK,
	MPTCP_EVENT_ADD_ADDR,    /* each option; echo or not */
	MPTCP_EVENT_REMOVE_ADDR, /* one per address identifier */
	MPTCP_EVENT_PRIO,
	MPTCP_EVENT_FAIL,
	MPTCP_EVENT_FASTCLOSE, /* each option, whether it is believed or not */
	MPTCP_EVENT_TCPRST,
	MPTCP_EVENT_MALFORMED,        /* an option that breaks its rules: option, length, reason */
	MPTCP_EVENT_DATA_FIN,         /* the first of a direction */
	MPTCP_EVENT_INFINITE_MAPPING, /* the first of a direction */
	MPTCP_EVENT_FALLBACK,         /* of the connection, once; reason */
	MPTCP_EVENT_CONNECT_FAILED,   /* the initial handshake came to nothing; reason */
	MPTCP_EVENT_JOIN_FAILED,      /* once per subflow; reason */
	MPTCP_EVENT_SUBFLOW_FAILED,   /* lost its options while others work; reason */
	MPTCP_EVENT_SUBFLOW_RESET,    /* the first RST that is believed */
	MPTCP_EVENT_SUBFLOW_CLOSED,   /* FIN in both directions */
	MPTCP_EVENT_CONNECTION_CLOSED,
	/* by mptcp_outages, of data to mptcpdest (SUBFLOW_RESUMED: from there) */
	MPTCP_EVENT_SUBFLOW_SILENT,  /* nothing from here on is acknowledged: bytes */
	MPTCP_EVENT_DATA_MOVED,      /* that data is sent again elsewhere: from, duration */
	MPTCP_EVENT_SUBFLOW_RESUMED, /* it is acknowledged: duration */
	MPTCP_EVENTS                 /* how many there are */
};
/* "MP_CAPABLE_SYN", ..., "CONNECTION_CLOSED". */
const char *mptcp_event_name(enum mptcp_event_kind kind);
/* Reads a list "JOIN_FAILED,fallback", in any case: a bit for each kind (1 << kind). 0, or -1:
 * MPTCP_USAGE naming what is unknown, with the nearest name. */
int mptcp_event_choose(const char *list, uint64_t *kinds, struct mptcp_error *error);

struct mptcp_event;
/* Whether it tells of something that went wrong: a failure, a fallback, a reset, an option that
 * breaks its rules, a wrong HMAC. */
bool mptcp_event_is_bad(const struct mptcp_event *event);

/* What the Linux kernel of a host reports, spelt as `ip mptcp monitor` prints it. */
enum mptcp_kernel_event {
	MPTCP_KERNEL_NONE,
	MPTCP_KERNEL_CREATED,
	MPTCP_KERNEL_ESTABLISHED,
	MPTCP_KERNEL_CLOSED,
	MPTCP_KERNEL_ANNOUNCED,
	MPTCP_KERNEL_REMOVED,
	MPTCP_KERNEL_SF_ESTABLISHED,
	MPTCP_KERNEL_SF_CLOSED,
	MPTCP_KERNEL_SF_PRIO
};
/* "" for none. */
const char *mptcp_kernel_event_name(enum mptcp_kernel_event event);

/* A yes or no that may be missing. */
enum mptcp_tristate { MPTCP_ABSENT, MPTCP_NO, MPTCP_YES };

/* Where and when something happened. */
struct mptcp_moment {
	uint64_t packetid;         /* 0: it has not happened */
	int64_t abstime, reltime;  /* nanoseconds */
	enum mptcp_role mptcpdest; /* where the packet goes */
};
struct mptcp_moment mptcp_moment_of(const struct mptcp_packet *packet);

#define MPTCP_REASON_TEXT 48

struct mptcp_event {
	struct mptcp_moment moment;
	bool has_mptcpstream; /* false: a join that belongs to no connection; mptcpdest then is that
				 of TCP */
	uint32_t mptcpstream, tcpstream;
	enum mptcp_event_kind kind;
	enum mptcp_kernel_event kernel;
	bool has_addrid, has_port, has_token, has_dsn, has_key, has_bytes, has_duration, has_from;
	uint8_t addrid;
	uint16_t port;
	uint32_t token;
	struct mptcp_address address; /* family 0: none */
	enum mptcp_tristate backup, echo, transient;
	char reason[MPTCP_REASON_TEXT]; /* "" for none */
	uint64_t dsn;                   /* relative */
	uint64_t key;
	uint64_t bytes;                    /* outstanding */
	int64_t duration;                  /* since SUBFLOW_SILENT, nanoseconds */
	uint32_t from;                     /* the silent subflow: its tcpstream */
	char option[MPTCP_MALFORMED_NAME]; /* of MPTCP_EVENT_MALFORMED: its name */
	uint8_t length;                    /* of MPTCP_EVENT_MALFORMED */
};

/* Appends an event in one line for people, as mptcp-le(1) describes it, with its newline. `token`
 * is that of the connection, NULL for unknown. 0, or -1 when memory ran out. */
int mptcp_event_line(const struct mptcp_event *event, const uint32_t *token,
	struct mptcp_buffer *text);

/* A list that owns its events. A zeroed struct is empty. */
struct mptcp_events {
	struct mptcp_event *list;
	size_t count, capacity;
};

void mptcp_events_clear(struct mptcp_events *events);
/* Appends a copy. 0, or -1 when memory ran out. */
int mptcp_events_put(struct mptcp_events *events, const struct mptcp_event *event);
/* In order of packets; those of one packet stay in order. 0, or -1 when memory ran out. */
int mptcp_events_sort(struct mptcp_events *events);

#endif
