/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story: what happened to every connection and subflow of a packet stream: the one judgement that
 * all analyses rely on.
 *
 * Packets are added one by one. The roster then has every connection and subflow with its state so
 * far, and `events` what happened, in order of settlement. A judgement that needs what follows is
 * settled after MPTCP_STORY_PATIENCE of capture time or at the end of the subflow, a handshake
 * without an answer after MPTCP_STORY_HANDSHAKE, everything by mptcp_story_end; it is dated back to
 * the packet that began it, and later proof does not revise it. The words are those of mptcp(7):
 *
 *	established  initial: the third ACK followed a SYN/ACK with MP_CAPABLE. Join: the third ACK
 *	             arrived at the host that received the SYN: that host answered it, or the
 *	             capture was taken there.
 *	ended        only by FIN, RST, DATA_FIN and MP_FASTCLOSE that are believed. A RST is, if its
 *	             sequence number is exactly the next one expected (RFC 5961 section 3.2), or its
 *	             sender does not go on. MP_FASTCLOSE needs the receiver's key, where that is
 *	             known.
 *	fallback     the connection goes on without MPTCP (RFC 8684 section 3.7). Never one that
 *	             had a second established subflow: there the subflow fails.
 *
 * Options that were cut off by the capture are unknown, not absent. Memory grows with connections
 * that are not forgotten, not with packets; events are the caller's to take out of the list.
 */
#ifndef MPTCP_STORY_H
#define MPTCP_STORY_H

#include "error.h"
#include "event.h"
#include "roster.h"
#include "signals.h"
#include "units.h"

#define MPTCP_STORY_PATIENCE (10 * MPTCP_SECOND)
#define MPTCP_STORY_HANDSHAKE (70 * MPTCP_SECOND)

/* mptcp_story_forget: a connection, MPTCP or not, that ended is forgotten this many nanoseconds
 * after its last packet ... */
#define MPTCP_STORY_FORGET_ENDED (60 * MPTCP_SECOND)
/* ... and any other after this many. */
#define MPTCP_STORY_FORGET_SILENT (3600 * MPTCP_SECOND)

/* The columns that mptcp_story_add reads. */
#define MPTCP_STORY_COLUMNS \
	(MPTCP_SIGNALS_COLUMNS | MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(reltime) | \
		MPTCP_HAS(ipsrc) | MPTCP_HAS(ipdst) | MPTCP_HAS(sport) | MPTCP_HAS(dport) | \
		MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) | MPTCP_HAS(mptcpstream) | \
		MPTCP_HAS(mptcpdest) | MPTCP_HAS(mptcpversion) | MPTCP_HAS(tcpseq) | \
		MPTCP_HAS(tcpack) | MPTCP_HAS(tcplen) | MPTCP_HAS(rwnd) | MPTCP_HAS(tsval) | \
		MPTCP_HAS(tsecr) | MPTCP_HAS(sendkey) | MPTCP_HAS(recvkey) | MPTCP_HAS(recvtok) | \
		MPTCP_HAS(expected_token) | MPTCP_HAS(addrid) | MPTCP_HAS(backup) | \
		MPTCP_HAS(datafin) | MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_ssn) | \
		MPTCP_HAS(dss_length) | MPTCP_HAS(dsn) | MPTCP_HAS(dsn_raw) | MPTCP_HAS(dack) | \
		MPTCP_HAS(dack_raw) | MPTCP_HAS(dsn_split) | MPTCP_HAS(duplicate_of) | \
		MPTCP_HAS(options_cut) | MPTCP_HAS(malformed) | MPTCP_HAS(direction))

/* Those without which its results would be wrong. */
#define MPTCP_STORY_NEEDED \
	(MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(reltime) | MPTCP_HAS(ipsrc) | \
		MPTCP_HAS(ipdst) | MPTCP_HAS(sport) | MPTCP_HAS(dport) | MPTCP_HAS(tcpstream) | \
		MPTCP_HAS(tcpdest) | MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest) | \
		MPTCP_HAS(mptcpversion) | MPTCP_HAS(tcpflags) | MPTCP_HAS(tcpseq) | \
		MPTCP_HAS(tcpack) | MPTCP_HAS(tcplen) | MPTCP_HAS(subtype) | MPTCP_HAS(options) | \
		MPTCP_HAS(recvkey) | MPTCP_HAS(recvtok) | MPTCP_HAS(expected_token) | \
		MPTCP_HAS(datafin) | MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_length) | MPTCP_HAS(dsn) | \
		MPTCP_HAS(dsn_raw) | MPTCP_HAS(dack) | MPTCP_HAS(dack_raw))

#define MPTCP_STORY_RECENT 8

struct mptcp_story {
	struct mptcp_roster roster;
	bool with_tcp;       /* also regular TCP connections; set before the first packet */
	bool without_events; /* `events` stays empty; set before the first packet */
	struct mptcp_events events;
	/* that the last packets belong to, by tcpstream modulo their number */
	struct mptcp_story_subflow *recent[MPTCP_STORY_RECENT];
	int64_t now;      /* time of the newest packet */
	bool plain;       /* the newest packet of a stream only goes on with what runs: it has no
			   * event, nor part in one */
	bool beyond_syns; /* a packet that is neither SYN nor RST: the capture has more than those
			   */
	bool one_way;     /* somebody acknowledges what nobody was seen to send ... */
	bool two_ways;    /* ... or what somebody was: both directions were captured */
	/* subflows that have something to settle, and when the first of them has to be looked at */
	struct mptcp_story_subflow **waiting;
	size_t waiting_count, waiting_capacity;
	int64_t due;
};

/* A zeroed struct is an empty story. */
void mptcp_story_clear(struct mptcp_story *story);
/*
 * Takes the next packet. *subflow, if not NULL, becomes where it belongs; NULL for a packet that
 * belongs to no stream (a copy of another one), and without with_tcp for regular TCP. 0, or -1
 * when memory ran out.
 */
int mptcp_story_add(struct mptcp_story *story, const struct mptcp_packet *packet,
	struct mptcp_story_subflow **subflow, struct mptcp_error *error);
/* Time has passed without a packet, up to `time` (nanoseconds since the epoch): settles what is
 * due. Nothing where it is before the newest packet. */
int mptcp_story_pass(struct mptcp_story *story, int64_t time, struct mptcp_error *error);
/* The capture ends: settles everything. Once. */
int mptcp_story_end(struct mptcp_story *story, struct mptcp_error *error);
/* Forgets connections that ended long ago, as seen from the newest packet. On failure the story is
 * only to be cleared. */
int mptcp_story_forget(struct mptcp_story *story, struct mptcp_error *error);
/* The same in two steps, for a caller that has something to do between them: settles what ended
 * long ago, and marks it as `over`; *any: there is something. Then it is forgotten. */
int mptcp_story_find_over(struct mptcp_story *story, bool *any, struct mptcp_error *error);
int mptcp_story_forget_over(struct mptcp_story *story, struct mptcp_error *error);

/* The states as they are now; after mptcp_story_end, as the capture leaves them. */
enum mptcp_state mptcp_story_connection_state(const struct mptcp_story_connection *connection);
enum mptcp_state mptcp_story_subflow_state(const struct mptcp_story_subflow *subflow);
/* The same of the TCP connection alone: open, closed, reset, failed or opening. */
enum mptcp_state mptcp_story_tcp_state(const struct mptcp_story_subflow *subflow);
/* initial, join or unknown; the only subflow of a connection without a captured handshake counts as
 * initial. */
enum mptcp_kind mptcp_story_kind(const struct mptcp_story_subflow *subflow);
/* The token of a role; false where it is not known. */
bool mptcp_story_token(const struct mptcp_story_connection *connection, enum mptcp_role role,
	uint32_t *token);
/*
 * Payload without a DSN that is data after all, because the connection has fallen back. Whether it
 * has is settled later than the bytes are counted: so they are added up from the first bare packet
 * of their sender on, and mptcp_bare_bytes_data says what of them is data. A zeroed struct is
 * empty.
 */
struct mptcp_bare_bytes {
	uint64_t since; /* the bare packet from which on it counts */
	uint64_t bytes;
};

/* Such bytes of a packet that was just added to the story. */
void mptcp_bare_bytes_add(struct mptcp_bare_bytes *bare, const struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet, uint64_t bytes);
uint64_t mptcp_bare_bytes_data(const struct mptcp_bare_bytes *bare,
	const struct mptcp_story_connection *connection);
/* Nanoseconds from the SYN to the ACK of the SYN/ACK: a whole round trip wherever it was captured.
 * -1 where one of the three was not captured, or SYN or SYN/ACK was captured twice. */
int64_t mptcp_story_handshake_rtt(const struct mptcp_story_subflow *subflow);

#endif
