/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events_parts: what the parts of the module events share: events.c keeps connections and subflows
 * and tells their ends, events_options.c makes the events of options, events_failures.c finds out
 * what went wrong.
 */
#ifndef MPTCP_EVENTS_PARTS_H
#define MPTCP_EVENTS_PARTS_H

#include "events.h"

#define MPTCP_OPTION_BIT(name) (1U << MPTCP_##name)

/* Where and when an event happened, to make it later. */
struct mptcp_moment {
	uint64_t packetid;
	int64_t abstime, reltime;
	enum mptcp_role mptcpdest;
};

struct mptcp_events_subflow {
	uint32_t tcpstream, mptcpstream;
	enum mptcp_role client_role; /* MPTCP role of the TCP client */
	bool initial, joined;        /* MP_CAPABLE or MP_JOIN was seen; both false: neither */
	/* handshake: of each step, whether it was captured, and with its option */
	bool syn, syn_option, synack, synack_option, ack, ack_option;
	unsigned syns;
	struct mptcp_moment last_syn;
	uint32_t token;                   /* of the MP_JOIN */
	bool has_nonce[2], has_addrid[2]; /* by TCP role */
	uint32_t nonce[2];
	uint8_t addrid[2];
	bool answered;      /* the server sent something but a RST after the third ACK */
	bool wrong;         /* what makes it fail was told */
	bool fin[2], reset; /* by TCP role of the sender */
	/* packets in a row without any option, by TCP role of the sender, and the first of them */
	unsigned bare[2];
	struct mptcp_moment first_bare[2];
};

struct mptcp_events_connection {
	uint32_t mptcpstream;
	bool has_version;
	uint8_t version;
	bool has_key[2]; /* by MPTCP role */
	uint64_t key[2];
	/* data that goes to this role: the absolute number of relative 0, the last one seen */
	bool has_base[2];
	uint64_t base[2], highest[2];
	/* DATA_FIN sent to this role, its relative number, and whether it was acknowledged */
	bool data_fin[2], has_data_fin_dsn[2], data_fin_acked[2];
	uint64_t data_fin_dsn[2];
	bool infinite[2]; /* a mapping of length 0, sent to this role */
	bool fastclose, fallback, closed;
	uint32_t live; /* subflows whose handshake succeeded (or was not captured) and that have not
			  ended */
	uint32_t subflows;
};

struct mptcp_moment mptcp_moment_of(const struct mptcp_packet *packet);
/* Adds an event of this kind at the moment, zeroed otherwise. NULL when memory ran out. The pointer
 * is valid until the next one. */
struct mptcp_event *mptcp_events_new(struct mptcp_events *events,
	const struct mptcp_events_subflow *subflow, const struct mptcp_moment *moment,
	enum mptcp_event_kind kind);
/* Whether the subflow carries (or may carry) data as part of its connection. */
bool mptcp_events_is_live(const struct mptcp_events_subflow *subflow);

/* events_options.c: the events of the packet's options but DSS. 0, or -1 when memory ran out. */
int mptcp_events_options(struct mptcp_events *events, struct mptcp_events_connection *connection,
	struct mptcp_events_subflow *subflow, const struct mptcp_packet *packet,
	const struct mptcp_signals *signals);

/*
 * events_failures.c: brings the subflow's handshake up to date and makes FALLBACK, CONNECT_FAILED,
 * JOIN_FAILED and SUBFLOW_FAILED. `signals` is NULL where the packet has none. 0, or -1 when memory
 * ran out.
 */
int mptcp_events_diagnose(struct mptcp_events *events, struct mptcp_events_connection *connection,
	struct mptcp_events_subflow *subflow, const struct mptcp_packet *packet,
	const struct mptcp_signals *signals);
/* At the end: a SYN that nobody answered. */
int mptcp_events_diagnose_end(struct mptcp_events *events, struct mptcp_events_subflow *subflow);
/* What makes a subflow fail: told once. */
int mptcp_events_fail(struct mptcp_events *events, struct mptcp_events_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_event_kind kind, const char *reason);
/* `before` and the name of a reason of MP_TCPRST (RFC 8684 section 3.6; reason_N beyond). */
void mptcp_events_reset_reason(char text[MPTCP_REASON_TEXT], const char *before, uint8_t reason);

#endif
