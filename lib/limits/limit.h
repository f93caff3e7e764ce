/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit: what limits each connection, interval by interval, as mptcp-lb(1) lists it: MPTCP
 * connections, and of the TCP connections without MPTCP those that the selection takes.
 *
 * Packets are added one by one; after mptcp_limits_end each direction has its cells, one per
 * interval. The time of a direction, from its first new data to the acknowledgement of its last, is
 * cut at every packet, and each stretch belongs to one limit: the first that holds, for what the
 * sender could have done (RFC 8684 section 3.3.5 for the window):
 *
 *	recovery        a subflow waits for the acknowledgement of a retransmission, or of data
 *	                for longer than two round trips, and the DATA_ACK waits for that subflow
 *	mptcp_window    DATA_ACK + window - highest DSN sent is less than a full segment
 *	subflow_window  the same of every subflow that has data in flight, by its own numbers; of a
 *	                connection without MPTCP, its window
 *	app_idle        nothing is in flight, and nothing is sent
 *	app_paced       data is in flight, and an acknowledgement that made room was not answered
 *	                with new data; or no path shows a queue, a loss or a growing flight
 *	send_buffer     the same, but new data leaves as soon as data is acknowledged, and what is
 *	                in flight comes to the same height each time
 *	network         the rest: the congestion window, or the path
 *
 * The sender is ack-clocked unless it has nothing to send: periods limited by the application are
 * told first (Siekkinen et al., "A root cause analysis toolkit for TCP", Computer Networks 52,
 * 2008). Away from the sender, acknowledgements take effect later than they are captured: by the
 * round trip from the capture to the sender, as the handshake and the time stamps show it.
 *
 * Memory grows with connections, intervals and what is not acknowledged, not with packets.
 */
#ifndef MPTCP_LIMITS_H
#define MPTCP_LIMITS_H

#include "direction.h"
#include "error.h"
#include "fate.h"
#include "packet.h"
#include "segments.h"
#include "selection.h"
#include "story.h"

#include <stdbool.h>
#include <stdint.h>

/* The columns that mptcp_limits_add reads. */
#define MPTCP_LIMITS_COLUMNS \
	(MPTCP_STORY_COLUMNS | MPTCP_DIRECTION_COLUMNS | MPTCP_SEGMENTS_COLUMNS | \
		MPTCP_HAS(rwnd) | MPTCP_HAS(mss) | MPTCP_HAS(dsn) | MPTCP_HAS(dack) | \
		MPTCP_HAS(dsn_split) | MPTCP_HAS(tsval) | MPTCP_HAS(tsecr))

/* Those without which its results would be wrong. */
#define MPTCP_LIMITS_NEEDED (MPTCP_STORY_NEEDED | MPTCP_DIRECTION_COLUMNS | MPTCP_HAS(rwnd))

enum mptcp_limit {
	MPTCP_LIMIT_APP_IDLE,
	MPTCP_LIMIT_APP_PACED,
	MPTCP_LIMIT_MPTCP_WINDOW,
	MPTCP_LIMIT_SUBFLOW_WINDOW,
	MPTCP_LIMIT_SEND_BUFFER,
	MPTCP_LIMIT_RECOVERY,
	MPTCP_LIMIT_NETWORK,
	MPTCP_LIMITS /* how many there are */
};
/* "app_idle", ... */
const char *mptcp_limit_name(enum mptcp_limit limit);

/* Where the capture was taken, as seen from a direction's data. */
enum mptcp_limits_vantage {
	MPTCP_LIMITS_AT_SENDER,
	MPTCP_LIMITS_AT_RECEIVER,
	MPTCP_LIMITS_BETWEEN /* or not known */
};
/* "sender", "receiver", "middle". */
const char *mptcp_limits_vantage_name(enum mptcp_limits_vantage vantage);

/* What a subflow is to blame for, nanoseconds. */
struct mptcp_limits_blame {
	uint32_t tcpstream;
	int64_t recovery, blocked;
};

/* Intervals of a direction in which all is the same; most often a single one. */
struct mptcp_limits_cell {
	uint64_t number, count; /* of the first; how many */
	/* of each: */
	uint64_t bytes; /* new data */
	int64_t time[MPTCP_LIMITS];
	int64_t blocked; /* data waited at the receiver for data before it */
	struct mptcp_limits_blame *blames;
	size_t blame_count, blame_capacity;
	bool stepped; /* the capture's clock went back: not a result */
};

struct mptcp_limits_side; /* of a connection: the data that goes to one role */

struct mptcp_limits {
	struct mptcp_story story;
	/* chooses the TCP connections without MPTCP; NULL: none */
	const struct mptcp_selection *selection;
	int64_t interval; /* nanoseconds; 0: max(0.1 s, 2 round trips of the handshake); -1: all */
	uint64_t steps;   /* times that the capture's clock went back by more than a second */
};

/* A zeroed struct is empty. 0, or -1 when memory ran out. */
int mptcp_limits_add(struct mptcp_limits *limits, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* After the last packet, once. 0, or -1: memory ran out; MPTCP_DATA: only one direction was
 * captured. */
int mptcp_limits_end(struct mptcp_limits *limits, struct mptcp_error *error);
void mptcp_limits_clear(struct mptcp_limits *limits);

/* A row for each interval; but more than so many in a row in which all is the same, without new
 * data, are one. */
#define MPTCP_LIMITS_ALIKE 1000

/* What a row of the result says; times are nanoseconds. */
struct mptcp_limits_row {
	bool plain; /* of a TCP connection without MPTCP: mptcpstream is not set */
	uint32_t mptcpstream, tcpstream;
	enum mptcp_role dest; /* by MPTCP, of a plain one by TCP */
	int64_t start, length;
	uint64_t intervals; /* more than 1: that they are alike */
	uint64_t bytes;
	double share[MPTCP_LIMITS]; /* NAN: not known */
	enum mptcp_limit main;
	int64_t recovery; /* of the culprit */
	bool has_culprit, has_blocker;
	uint32_t culprit, blocker; /* tcpstreams */
	int64_t blocked;
	bool sure; /* confidence: high */
	enum mptcp_limits_vantage vantage;
};

/* Takes a row. 0, or -1 with an error. */
typedef int mptcp_limits_put(void *context, const struct mptcp_limits_row *row,
	struct mptcp_error *error);
/* What rows are made for. */
struct mptcp_limits_taker {
	const struct mptcp_selection *selection; /* NULL: all */
	int64_t origin; /* when the capture begins, nanoseconds since the epoch */
	mptcp_limits_put *put;
	void *context; /* of put */
};

/* Gives the rows of what the selection takes: by connection, direction (server first) and time; TCP
 * connections without MPTCP last. 0, or -1 when `put` fails. */
int mptcp_limits_rows(const struct mptcp_limits *limits, const struct mptcp_limits_taker *taker,
	struct mptcp_error *error);

#endif
