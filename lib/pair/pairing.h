/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pairing: which packet of one capture is which packet of another capture of the same traffic.
 *
 * After mptcp_match. Packets are the same if they are of matched connections, go the same way and
 * have the same content: flags, sequence numbers, length, timestamps, MPTCP options; never because
 * of their addresses. Of several with the same content the first of one capture is the first of
 * the other, and so on. Data that was cut differently on the way (by segmentation offload, by a
 * middlebox) is matched by its bytes: a row for each two packets that share some. What finds no
 * partner that way is tried without its MPTCP options, which a middlebox may have removed, before
 * it counts as seen at one end only.
 *
 * A packet waits for its partner at most MPTCP_PAIRING_WAIT; memory follows what waits. Rows come
 * in the order in which it is known what became of a packet.
 */
#ifndef MPTCP_PAIRING_H
#define MPTCP_PAIRING_H

#include "clock.h"
#include "evidence.h"
#include "units.h"

#define MPTCP_PAIRING_WAIT (10 * MPTCP_SECOND)

/* The columns that mptcp_pairing_add reads. */
#define MPTCP_PAIRING_COLUMNS \
	(MPTCP_EVIDENCE_COLUMNS | MPTCP_HAS(tcpack) | MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_ssn) | \
		MPTCP_HAS(dss_length) | MPTCP_HAS(dss_rawack))

enum mptcp_delivery {
	MPTCP_ARRIVED,
	MPTCP_LOST,
	MPTCP_NOT_CAPTURED /* seen at one end, and the capture of the other cannot tell */
};

struct mptcp_pair {
	/* as the sender's capture has it, or the receiver's where that one does not; NULL if
	 * packets are not kept */
	const struct mptcp_packet *packet;
	/* the same as the receiver's capture has it; NULL where not both do, or packets are not
	 * kept */
	const struct mptcp_packet *other;
	int sender; /* whose capture is nearer to the sender: 0 (a) or 1 (b) */
	bool seen[2];
	uint64_t packetid[2]; /* where seen */
	int64_t abstime[2];
	uint32_t stream[2];      /* index in the evidence, MPTCP_NOT_MATCHED where there is none */
	enum mptcp_role tcpdest; /* as capture a says; b where a has no such stream */
	uint32_t bytes;          /* of payload that both have, or that found no partner */
	enum mptcp_delivery fate;
	int64_t owd; /* of what arrived; the clocks' difference is taken out. May be negative */
};

/* 0 or -1. */
typedef int mptcp_pairing_row(void *context, const struct mptcp_pair *pair,
	struct mptcp_error *error);

/* What a stream of a says about which capture is nearer to its client. */
struct mptcp_pairing_side {
	bool has[2];
	int64_t difference[2]; /* time(b) - time(a) of the last packet to a role */
	int votes;             /* positive: a is nearer to the client */
};

/* Which capture is nearer to the client, by stream of a. Learned from the rows of one pass, used in
 * the next. A zeroed struct has learned nothing. */
struct mptcp_pairing_vantage {
	struct mptcp_pairing_side *streams;
	int votes; /* of all streams together */
	struct mptcp_clock clock;
};

struct mptcp_pairing;

/* Everything is borrowed until close. */
struct mptcp_pairing_options {
	/* of an earlier pass; or NULL: the sender of all pairs is 0, and they have no delay */
	const struct mptcp_pairing_vantage *vantage;
	const struct mptcp_clock_fit *fit; /* NULL: clocks as they are */
	bool keep;                         /* rows need pair->packet */
	mptcp_pairing_row *row;
	void *context; /* of row */
};

struct mptcp_pairing *mptcp_pairing_open(struct mptcp_evidence *a, struct mptcp_evidence *b,
	const struct mptcp_pairing_options *options, struct mptcp_error *error);
/* Which capture to read next, given the times of the next packets: 0 or 1. Reading in this order
 * keeps both captures in step whatever their clocks say. */
int mptcp_pairing_next(const struct mptcp_pairing *pairing, int64_t a, int64_t b);
int mptcp_pairing_add(struct mptcp_pairing *pairing, int capture, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* After the last packet: nothing waits any more. */
int mptcp_pairing_end(struct mptcp_pairing *pairing, struct mptcp_error *error);
void mptcp_pairing_close(struct mptcp_pairing *pairing);

/* Learns from a row; its streams are made for `a`. */
int mptcp_vantage_init(struct mptcp_pairing_vantage *vantage, const struct mptcp_evidence *a,
	struct mptcp_error *error);
int mptcp_vantage_add(struct mptcp_pairing_vantage *vantage, const struct mptcp_pair *pair,
	struct mptcp_error *error);
/* After the last row: streams without a vote get what the others say. */
void mptcp_vantage_end(struct mptcp_pairing_vantage *vantage, const struct mptcp_evidence *a);
/* After it: which capture is nearer to the sender of data that goes to an MPTCP role over a stream
 * (a number of `capture`). `evidence`: of a and b. */
int mptcp_vantage_sender(const struct mptcp_pairing_vantage *vantage,
	const struct mptcp_evidence evidence[2], int capture, uint32_t tcpstream,
	enum mptcp_role mptcpdest);
void mptcp_vantage_clear(struct mptcp_pairing_vantage *vantage);

#endif
