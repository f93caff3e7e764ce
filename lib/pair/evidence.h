/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * evidence: what tells the connections of a capture apart from all others wherever they are
 * captured: keys, tokens, nonces, initial sequence numbers, addresses. match.h compares that of two
 * captures.
 *
 * Memory grows with connections, not with packets. A zeroed struct is empty.
 */
#ifndef MPTCP_EVIDENCE_H
#define MPTCP_EVIDENCE_H

#include "address.h"
#include "error.h"
#include "numbers.h"
#include "packet.h"
#include "sketch.h"

#include <stdbool.h>

/* The columns that mptcp_evidence_add reads. */
#define MPTCP_EVIDENCE_COLUMNS \
	(MPTCP_SKETCH_COLUMNS | MPTCP_HAS(packetid) | MPTCP_HAS(ipsrc) | MPTCP_HAS(ipdst) | \
		MPTCP_HAS(sport) | MPTCP_HAS(dport) | MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) | \
		MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest) | MPTCP_HAS(tcpseq) | \
		MPTCP_HAS(subtype) | MPTCP_HAS(sendkey) | MPTCP_HAS(recvkey) | \
		MPTCP_HAS(recvtok) | MPTCP_HAS(expected_token) | MPTCP_HAS(options))

#define MPTCP_NOT_MATCHED UINT32_MAX

enum mptcp_evidence_kind {
	MPTCP_EVIDENCE_NONE,
	MPTCP_EVIDENCE_KEYS,
	MPTCP_EVIDENCE_TOKEN,
	MPTCP_EVIDENCE_NONCE,
	MPTCP_EVIDENCE_ISN,
	MPTCP_EVIDENCE_ADDRESSES
};
/* "", "keys", "token", "nonce", "isn", "addresses". */
const char *mptcp_evidence_name(enum mptcp_evidence_kind kind);

/* What is matched with something of the other capture. */
struct mptcp_matched {
	uint32_t peer; /* index in the other capture, or MPTCP_NOT_MATCHED */
	double score;  /* 1: certain; 0: none */
	enum mptcp_evidence_kind evidence;
};

/* A value that one end of a connection chose, if it was captured. */
struct mptcp_known {
	bool is;
	uint64_t value;
};

/* A TCP connection. Pairs are by TCP role of the host that sent it. */
struct mptcp_evidence_stream {
	uint32_t tcpstream;
	uint32_t connection; /* index of its MPTCP connection, or MPTCP_NOT_MATCHED for plain TCP */
	struct mptcp_endpoint ends[2];
	enum mptcp_role client;      /* MPTCP role of its TCP client */
	struct mptcp_known key[2];   /* in MP_CAPABLE */
	struct mptcp_known nonce[2]; /* in MP_JOIN */
	struct mptcp_known isn[2];
	struct mptcp_known syn_tsval[2];
	struct mptcp_known base[2]; /* number on the wire that tcpseq counts from */
	struct mptcp_known first_tsval[2], last_tsval[2];
	struct mptcp_matched match;
	bool flipped; /* TCP roles are the other way round in the other capture */
};

/* An MPTCP connection. Pairs are by MPTCP role. */
struct mptcp_evidence_connection {
	uint32_t mptcpstream;
	struct mptcp_endpoint ends[2]; /* of its first subflow */
	struct mptcp_known key[2], token[2];
	struct mptcp_matched match;
};

/* In order of first appearance. */
struct mptcp_evidence {
	struct mptcp_evidence_stream *streams;
	size_t stream_count, stream_capacity;
	struct mptcp_numbers stream_index; /* by tcpstream */
	struct mptcp_evidence_connection *connections;
	size_t connection_count, connection_capacity;
	struct mptcp_numbers connection_index; /* by mptcpstream */
	int64_t first, last; /* times of packets: of the earliest and the latest */
	uint64_t packets;
	struct mptcp_sketch sketch;
};

int mptcp_evidence_add(struct mptcp_evidence *evidence, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* The stream of a packet, or NULL if none was added. */
struct mptcp_evidence_stream *mptcp_evidence_stream(const struct mptcp_evidence *evidence,
	uint32_t tcpstream);
void mptcp_evidence_clear(struct mptcp_evidence *evidence);

#endif
