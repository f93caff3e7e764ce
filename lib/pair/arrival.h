/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arrival: what reinjections were worth: whether their bytes reached the receiver by them or by
 * another copy first, seen in captures of both ends.
 *
 * Reinjections come from the sender's capture (reinjection.h), arrivals from the rows of a pairing
 * (pairing.h) that keeps packets. Arrivals at one host are compared by its own clock. Exact to the
 * byte. Memory grows with reinjections, not with packets. A zeroed struct is empty.
 */
#ifndef MPTCP_ARRIVAL_H
#define MPTCP_ARRIVAL_H

#include "pairing.h"
#include "interval.h"
#include "reinjection.h"

/* The columns that mptcp_arrivals_row reads, besides MPTCP_PAIRING_COLUMNS. */
#define MPTCP_ARRIVALS_COLUMNS \
	(MPTCP_HAS(tcpseq) | MPTCP_HAS(tcpflags) | MPTCP_HAS(tcplen) | MPTCP_HAS(dsn) | \
		MPTCP_HAS(dsn_split) | MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest))

enum mptcp_worth {
	MPTCP_WORTH_UNKNOWN,       /* a capture does not show it */
	MPTCP_WORTH_GAIN,          /* its bytes arrived first by it */
	MPTCP_WORTH_REDUNDANT,     /* they had all arrived by other copies */
	MPTCP_WORTH_ORIGINAL_LOST, /* they arrived by it, and never whole by other copies */
	MPTCP_WORTH_LOST           /* it did not arrive itself */
};
/* "unknown", "gain", ... */
const char *mptcp_worth_name(enum mptcp_worth worth);

struct mptcp_arrival {
	int sender;           /* capture that the reinjection was listed from */
	uint32_t mptcpstream; /* numbers as in that capture */
	uint32_t tcpstream;
	enum mptcp_role mptcpdest;
	uint64_t packetid;
	uint64_t dsn, length;
	uint32_t tcpseq; /* of the first byte: what has it is this very copy */
	size_t number;   /* in order of mptcp_arrivals_want */
	bool arrived, lost;
	int64_t time;                  /* of its arrival */
	struct mptcp_intervals others; /* bytes that arrived by other copies */
	bool complete;                 /* all of them did, at: */
	int64_t complete_at;
};

struct mptcp_arrivals {
	struct mptcp_arrival *list;
	size_t count, capacity;
	bool sorted;
	uint64_t longest; /* length */
};

/* Before the first row: a reinjection of the capture of its sender. */
int mptcp_arrivals_want(struct mptcp_arrivals *arrivals, int sender,
	const struct mptcp_reinjection *reinjection, struct mptcp_error *error);
int mptcp_arrivals_row(struct mptcp_arrivals *arrivals, const struct mptcp_pair *pair,
	struct mptcp_error *error);
/* After the last row: in order of mptcp_arrivals_want again. */
void mptcp_arrivals_end(struct mptcp_arrivals *arrivals);
/* *gain: how much earlier its bytes were there (negative: later), of GAIN and REDUNDANT. */
enum mptcp_worth mptcp_arrival_worth(const struct mptcp_arrival *arrival, int64_t *gain);
void mptcp_arrivals_clear(struct mptcp_arrivals *arrivals);

#endif
