/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mib: what the counters MPTcpExt of a host should say about the packets of a capture.
 *
 * Built on what happened (story.h) and on the fates of bytes (fate.h, reinjection.h): packets are
 * added one by one, and mptcp_mib_end makes the rows. Each count is kept by connection, period,
 * role and counter, so that sums over connections or periods are the total. counters.def has the
 * rules.
 *
 * A count has three numbers: what is predicted, and the lowest and the highest that is possible;
 * where all are the same it is exact. The highest is unknown where the capture lacks something of a
 * connection (check.h knows), and so is the lowest of what follows from something being absent. A
 * host is a role of MPTCP, or an address: then it has the role that the address has in each
 * connection.
 *
 * Memory grows with connections, holes and periods, not with packets.
 */
#ifndef MPTCP_MIB_H
#define MPTCP_MIB_H

#include "check.h"
#include "counters.h"
#include "direction.h"
#include "reinjection.h"
#include "selection.h"
#include "story.h"

/* The columns that mptcp_mib_add reads. */
#define MPTCP_MIB_COLUMNS \
	(MPTCP_STORY_COLUMNS | MPTCP_CHECK_COLUMNS | MPTCP_DIRECTION_COLUMNS | \
		MPTCP_REINJECTIONS_COLUMNS | MPTCP_HAS(tcpseq_raw) | MPTCP_HAS(dsn_split))
/* Those without which its results would be wrong. */
#define MPTCP_MIB_NEEDED (MPTCP_STORY_NEEDED | MPTCP_CHECK_NEEDED | MPTCP_REINJECTIONS_NEEDED)

#define MPTCP_MIB_PACKETS 20 /* so many packets of a count are remembered */
#define MPTCP_MIB_PERIODS (1U << 24)
#define MPTCP_MIB_NOWHERE UINT32_MAX /* group of what belongs to no connection */
#define MPTCP_MIB_OPEN (1 << 30)     /* as highest number, or more: it is not known */

enum mptcp_mib_host {
	MPTCP_MIB_GUESSED, /* the end at which the capture was taken */
	MPTCP_MIB_CLIENT,  /* of every connection */
	MPTCP_MIB_SERVER,
	MPTCP_MIB_BOTH, /* both are in one network namespace */
	MPTCP_MIB_ADDRESS
};

struct mptcp_mib_count {
	int64_t low, predicted, high;
	uint64_t packets[MPTCP_MIB_PACKETS]; /* the first ones, ascending */
	unsigned packet_count;               /* of those */
	bool more;                           /* there are more */
};

struct mptcp_mib_row {
	uint64_t group; /* mptcpstream or MPTCP_MIB_NOWHERE, or number of the period; 0 */
	enum mptcp_counter counter;
	struct mptcp_mib_count count;
};

struct mptcp_mib_cell; /* opaque to callers */

struct mptcp_mib {
	/* set before the first packet */
	enum mptcp_mib_host host;
	struct mptcp_address address; /* of MPTCP_MIB_ADDRESS */
	unsigned kernel;              /* MPTCP_KERNEL, 0: the newest */
	int64_t interval;             /* length of a period, nanoseconds; 0: none */
	bool by_connection;           /* rows are made by connection */
	size_t payload; /* place of payload_sum among the extra columns, plus one; 0: none */
	const struct mptcp_selection *selection; /* what is counted; NULL: all */
	/* the results */
	struct mptcp_mib_row *rows; /* by group and counter, without those that are 0 */
	size_t row_count, row_capacity;
	unsigned connections;           /* in which the host has a role, of those selected */
	unsigned partial;               /* of them: the capture lacks something */
	struct mptcp_finding_set lacks; /* what, as mptcp-check calls it */
	uint64_t cut;    /* packets whose options were cut off, which may have been MPTCP's */
	unsigned unseen; /* joins of connections of which nothing else was captured */
	unsigned older;  /* TCP connections without MPTCP that began before the capture */
	bool one_kind;   /* the capture has SYNs and RSTs alone, or one direction */
	bool verified;   /* the checksums of all mappings */
	/* private */
	struct mptcp_story story;
	struct mptcp_check check;
	uint32_t streams; /* of TCP, so far */
	struct mptcp_reinjections reinjections;
	struct mptcp_mib_cell *cells; /* uthash */
	int64_t origin;               /* time of the capture's first packet */
	bool begun;
};

/* Sets whose counters are meant: "client", "server", "both" or an address. 0, or -1: it is none. */
int mptcp_mib_take_host(struct mptcp_mib *mib, const char *value);
/* A zeroed struct, with the members above set, is empty. */
void mptcp_mib_clear(struct mptcp_mib *mib);
int mptcp_mib_add(struct mptcp_mib *mib, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* After the last packet, once: makes the rows. MPTCP_USAGE where the host has to be guessed and the
 * capture does not tell. */
int mptcp_mib_end(struct mptcp_mib *mib, struct mptcp_error *error);
/* After that: whether the highest numbers of a group of rows are not known. */
bool mptcp_mib_has_no_highest(const struct mptcp_mib *mib, uint64_t group);

#endif
