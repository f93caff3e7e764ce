/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing: the MPTCP connections and subflows of a packet stream, as mptcp-lc(1) and mptcp-ls(1)
 * list them.
 *
 * Packets are added one by one; afterwards the connections and subflows are there, by number. Bytes
 * and times are exact; memory grows with connections and holes, not with packets.
 */
#ifndef MPTCP_LISTING_H
#define MPTCP_LISTING_H

#include "error.h"
#include "interval.h"
#include "numbers.h"
#include "packet.h"

#include <stdbool.h>
#include <stdint.h>

/* The columns that mptcp_listing_add reads. */
#define MPTCP_LISTING_COLUMNS \
	(MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(ipsrc) | MPTCP_HAS(ipdst) | \
		MPTCP_HAS(sport) | MPTCP_HAS(dport) | MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) | \
		MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest) | MPTCP_HAS(tcpflags) | \
		MPTCP_HAS(tcpseq) | MPTCP_HAS(tcplen) | MPTCP_HAS(mptcpversion) | \
		MPTCP_HAS(subtype) | MPTCP_HAS(recvkey) | MPTCP_HAS(recvtok) | \
		MPTCP_HAS(expected_token) | MPTCP_HAS(addrid) | MPTCP_HAS(backup) | \
		MPTCP_HAS(datafin) | MPTCP_HAS(dss_length) | MPTCP_HAS(dsn) | \
		MPTCP_HAS(dsn_split) | MPTCP_HAS(interface))

/* Those without which it would say less than the truth. */
#define MPTCP_LISTING_NEEDED \
	(MPTCP_LISTING_COLUMNS & ~(MPTCP_HAS(dsn_split) | MPTCP_HAS(interface)))

enum mptcp_state {
	MPTCP_STATE_OPEN,      /* still open where the capture ends */
	MPTCP_STATE_CLOSED,    /* DATA_FIN (a subflow: FIN) in both directions */
	MPTCP_STATE_FASTCLOSE, /* MP_FASTCLOSE */
	MPTCP_STATE_RESET,     /* ended by RST */
	MPTCP_STATE_FALLBACK,  /* fell back to regular TCP, or never was more */
	MPTCP_STATE_PARTIAL,   /* the handshake was not captured */
	MPTCP_STATE_FAILED     /* a subflow that was never established */
};
/* "open", "closed", ... */
const char *mptcp_state_name(enum mptcp_state state);

enum mptcp_kind {
	MPTCP_KIND_UNKNOWN, /* the handshake was not captured */
	MPTCP_KIND_INITIAL, /* by MP_CAPABLE; or the only subflow of its connection without a
			       captured handshake */
	MPTCP_KIND_JOIN     /* by MP_JOIN */
};

/* "", "initial", "join". */
const char *mptcp_kind_name(enum mptcp_kind kind);

struct mptcp_end {
	struct mptcp_address address;
	uint16_t port;
};

struct mptcp_listed_subflow {
	uint32_t tcpstream, mptcpstream;
	struct mptcp_end ends[2];    /* by TCP role */
	enum mptcp_role server_role; /* MPTCP role of its TCP server: mptcpdest */
	enum mptcp_kind kind;
	bool backup; /* as the SYN, SYN/ACK or the last MP_PRIO said */
	bool has_addrid[2];
	uint8_t addrid[2]; /* by TCP role */
	uint64_t packets;
	uint64_t bytes[2]; /* payload, retransmissions counted, by MPTCP role of the destination */
	int64_t start, last; /* nanoseconds since the epoch */
	char interface[64];  /* of its first packet, "" for none */
	/* handshake and end, as seen */
	bool syn, syn_option; /* a SYN; with MP_CAPABLE or MP_JOIN */
	bool synack, synack_option;
	bool ack, ack_option; /* anything of the client after the SYN/ACK; with MP_CAPABLE or
				 MP_JOIN */
	bool dss;             /* a DSS option at all */
	bool fin[2];          /* sent by TCP role */
	bool rst;
	/* payload without a DSN, by MPTCP role of the destination: distinct positions */
	struct mptcp_intervals unmapped[2];
	uint64_t highest[2];
	bool unmapped_last; /* the last payload had no DSN */
};

/* Sums of a connection over its subflows, made by mptcp_listing_end for itself. */
struct mptcp_listed_sums {
	bool initial;     /* its initial subflow was captured from the SYN on */
	bool refused;     /* ... and was not established */
	bool plain;       /* ... and its last payload had no DSN */
	bool known;       /* one of its subflows is the initial one */
	uint32_t unknown; /* subflows without a handshake */
	uint32_t subflows, ended, reset;
};

struct mptcp_listed_connection {
	uint32_t mptcpstream;
	bool has_version;
	uint8_t version;
	struct mptcp_end ends[2]; /* by MPTCP role, of its first subflow */
	bool has_token[2];
	uint32_t token[2]; /* by MPTCP role */
	uint64_t packets;
	uint32_t subflows; /* established; after mptcp_listing_end */
	int64_t start, last;
	struct mptcp_intervals data[2]; /* distinct data by relative DSN + 2^63, by MPTCP role of
					   the destination */
	bool data_fin[2];               /* sent to this role */
	bool fastclose, infinite, fail;
	uint32_t first_tcpstream; /* its initial subflow, or the first one seen */
	/* after mptcp_listing_end */
	uint64_t bytes[2]; /* distinct application bytes, by MPTCP role of the destination */
	enum mptcp_state state;
	struct mptcp_listed_sums sums;
};

/* In order of first appearance, which is the order of their numbers in what mptcp-export writes. */
struct mptcp_listing {
	struct mptcp_listed_connection *connections;
	size_t connection_count, connection_capacity;
	struct mptcp_numbers connection_index; /* by mptcpstream */
	struct mptcp_listed_subflow *subflows;
	size_t subflow_count, subflow_capacity;
	struct mptcp_numbers subflow_index; /* by tcpstream */
};

/* A zeroed struct is an empty listing. Packets without mptcpstream are ignored. */
int mptcp_listing_add(struct mptcp_listing *listing, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* After the last packet: states, established subflows and bytes. May be called again after more
 * packets. */
void mptcp_listing_end(struct mptcp_listing *listing);
/* The connection or subflow of a number, or NULL. */
struct mptcp_listed_connection *mptcp_listing_connection(const struct mptcp_listing *listing,
	uint32_t mptcpstream);
struct mptcp_listed_subflow *mptcp_listing_subflow(const struct mptcp_listing *listing,
	uint32_t tcpstream);
bool mptcp_subflow_established(const struct mptcp_listed_subflow *subflow);
enum mptcp_state mptcp_subflow_state(const struct mptcp_listed_subflow *subflow);
void mptcp_listing_release(struct mptcp_listing *listing);

#endif
