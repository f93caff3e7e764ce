/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check: judges the packets of a capture by the rules of RFC 8684 and RFC 6824 and by the habits of
 * Linux, as mptcp-check(1) prints it: see findings.def.
 *
 * What happened is the story's (story.h); check says what of it should not have. Packets are added
 * one by one; after mptcp_check_end, `list` has the findings in order of packets. Of those with one
 * id, severity, subflow and direction only the first is kept, with a count, unless `all` is set. A
 * finding whose needs (finding.h) the capture does not meet is dropped, however it looked: never a
 * guess. Memory grows with connections, and with what is not yet acknowledged.
 */
#ifndef MPTCP_CHECK_H
#define MPTCP_CHECK_H

#include "finding.h"
#include "interval.h"
#include "story.h"

/* The columns that mptcp_check_add reads besides those that it needs. */
#define MPTCP_CHECK_COLUMNS \
	(MPTCP_STORY_COLUMNS | MPTCP_HAS(caplen) | MPTCP_HAS(interface_id) | MPTCP_HAS(mss) | \
		MPTCP_HAS(dss_flags) | MPTCP_HAS(dss_checksum) | MPTCP_HAS(retransmission) | \
		MPTCP_HAS(reinjection_of) | MPTCP_HAS(duplicate_of))

/* Those without which its results would be wrong. */
#define MPTCP_CHECK_NEEDED (MPTCP_STORY_NEEDED | MPTCP_HAS(dss_flags) | MPTCP_HAS(rwnd))

/* What could not be evaluated, and how much of it. */
struct mptcp_check_missing {
	uint64_t subflows; /* that lack it */
	uint64_t of;       /* all subflows */
};

/* Packets of which only how many there are matters. */
struct mptcp_check_run {
	struct mptcp_moment first;
	uint64_t last, count; /* last: packetid */
};

struct mptcp_check {
	struct mptcp_story story;
	struct mptcp_finding_set leave; /* set before the first packet: findings nobody wants */
	size_t payload; /* set before the first packet: the place of payload_sum among the extra
			   columns, plus one; 0 for none */
	bool all;       /* set before the first packet: every occurrence */
	struct mptcp_check_row *rows;   /* the newest first: see check_parts.h */
	struct mptcp_check_row *by_key; /* the first of each kind, for uthash */
	struct mptcp_finding *list;     /* after mptcp_check_end or mptcp_check_settle */
	size_t count, capacity;
	struct mptcp_check_missing missing[MPTCP_NEEDS]; /* after mptcp_check_end */
	uint64_t unverified;      /* mappings whose checksum could not be verified */
	bool mptcp;               /* a packet with an MPTCP option, or of an MPTCP connection */
	struct mptcp_check_seen { /* of the capture so far */
		int64_t last, reltime; /* of the packet before */
		uint64_t packetid;
		uint32_t interface_id;
		bool several; /* interfaces */
		struct mptcp_check_run copies;
	} seen;
	/* packetids that the capture of the other end has, too: those that are the same there, and
	 * those that something on the way changed; see check_peer.h */
	struct mptcp_intervals same, changed;
	bool older; /* a connection whose keys were not captured was forgotten */
	/* when to look again for what is over, and packets since it was looked for */
	int64_t due;
	size_t waited;
	bool begun, failed; /* a packet was added; memory ran out */
};

/* A zeroed struct is an empty check. 0, or -1 when memory ran out. */
int mptcp_check_add(struct mptcp_check *check, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/*
 * For packets that come as they are captured, after each of them: judges connections that ended
 * MPTCP_STORY_FORGET_ENDED before, or are silent for MPTCP_STORY_FORGET_SILENT, and forgets them.
 * `list` has their findings, in order of packets, until the caller sets `count` to 0. Keys are then
 * compared only with those of connections that are not forgotten. 0, or -1 when memory ran out.
 */
int mptcp_check_settle(struct mptcp_check *check, struct mptcp_error *error);
/* The same when time has passed without a packet, up to `time` (nanoseconds since the epoch). */
int mptcp_check_pass(struct mptcp_check *check, int64_t time, struct mptcp_error *error);
/* The program that captured says that it lost so many packets; 0: nothing happens. */
void mptcp_check_lost(struct mptcp_check *check, uint64_t packets);
/* The capture is damaged after the last packet that was added. */
void mptcp_check_cut(struct mptcp_check *check);
/* After the last packet. 0, or -1 when memory ran out. */
int mptcp_check_end(struct mptcp_check *check, struct mptcp_error *error);
void mptcp_check_clear(struct mptcp_check *check);

#endif
