/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow: the TCP connections of a capture.
 *
 * Finds the flow of a frame by addresses and ports, numbers flows as Wireshark numbers tcp.stream
 * (from 0 in order of first appearance; a SYN with another initial sequence number begins a new
 * one), and learns of each end its initial sequence number and window scale. Knows nothing of
 * MPTCP.
 */
#ifndef MPTCP_FLOW_H
#define MPTCP_FLOW_H

#include "fate.h"
#include "frame.h"
#include "sequence.h"

#include <stdbool.h>
#include <stdint.h>

struct mptcp_options;

/* One end of a flow: its address, and what it sends. */
struct mptcp_flow_end {
	struct mptcp_address address;
	uint16_t port;
	bool has_isn;  /* initial sequence number: from its SYN, else Wireshark's convention (first
			  seen - 1) */
	bool has_syn;  /* a SYN of this end was captured */
	bool syn_data; /* with payload (TCP Fast Open) */
	bool has_scale;
	uint8_t scale; /* of the windows it announces */
	uint32_t isn;
	uint32_t lowest; /* sequence number seen, for a SYN that comes late */
	bool sent;       /* anything at all */
	/* while resolving, rows in order: positions are seq - isn, extended to 64 bits, plus
	 * MPTCP_SEQUENCE_ORIGIN */
	uint64_t highest;            /* end of the payload sent, a position */
	struct mptcp_fate_sent fate; /* of the payload sent, by position */
};

struct mptcp_subflow;

struct mptcp_flow {
	uint32_t number;               /* tcpstream */
	struct mptcp_flow_end ends[2]; /* in order of address and port */
	unsigned client;               /* index of the end that opened it */
	bool client_known; /* from a SYN or SYN/ACK; otherwise guessed: the higher port is the
			      client's */
	bool plain;        /* its SYN was captured whole and had no MPTCP option */
	bool offers;       /* for mptcp_learn: its SYN/ACK had a key nevertheless, `offered` */
	uint64_t offered;
	bool turned; /* the guess was wrong: for mptcp_learn, which resets it */
	/* NULL: plain TCP (so far); set and owned by connection.h */
	struct mptcp_subflow *subflow;
	struct mptcp_flow *next; /* all flows, by number */
};

struct mptcp_flows;

struct mptcp_flows *mptcp_flows_new(void);
void mptcp_flows_free(struct mptcp_flows *flows);
/*
 * The flow of a frame, made if it is the first; *from becomes the index of the end that sent it.
 * NULL when memory ran out. Learns initial sequence numbers, window scales and who is the client.
 */
struct mptcp_flow *mptcp_flows_learn(struct mptcp_flows *flows, const struct mptcp_frame *frame,
	const struct mptcp_options *options, unsigned *from);
/*
 * NAT: packets between the ends of `copy` are of the flow between the ends of `original`, of which
 * it is a translated copy. -1 when memory ran out.
 */
int mptcp_flows_translate(struct mptcp_flows *flows, const struct mptcp_frame *original,
	const struct mptcp_frame *copy);

/* The position of a sequence number of that end, nearest to what it sent last. */
uint64_t mptcp_flow_position(const struct mptcp_flow_end *end, uint32_t sequence);

/* The position where acknowledged payload of that end stops; where acknowledgements were not
 * captured, MPTCP_FATE_REACH before the highest sent. */
uint64_t mptcp_flow_acknowledged(const struct mptcp_flow_end *end);

#endif
