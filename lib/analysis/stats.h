/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats: what connections carried, per direction and subflow, as mptcp-stat(1) prints it: MPTCP
 * connections, and of the TCP connections without MPTCP those that the selection takes.
 *
 * Packets are added one by one; then mptcp_stats_rows makes the rows. Every byte has one fate
 * (fate.h), and these sums hold whatever the input is:
 *
 *	sent_bytes = first_copy_bytes + retransmitted_bytes + reinjected_bytes + probe_bytes +
 *		     unmapped_bytes
 *	subflow:    unique_bytes = sent_bytes - retransmitted_bytes
 *	connection: unique_bytes = first_copy_bytes; all others are sums of its subflows
 *
 * After a fallback, and without MPTCP, nothing has a data sequence number (DSN): what is unmapped
 * then is a first copy.
 *
 * Memory grows with connections, holes and data that was not acknowledged, not with packets.
 */
#ifndef MPTCP_STATS_H
#define MPTCP_STATS_H

#include "acks.h"
#include "direction.h"
#include "error.h"
#include "fate.h"
#include "histogram.h"
#include "packet.h"
#include "rtt.h"
#include "selection.h"
#include "signals.h"
#include "story.h"

#include <stdbool.h>
#include <stdint.h>

/* The columns that mptcp_stats_add reads. */
#define MPTCP_STATS_COLUMNS \
	(MPTCP_STORY_COLUMNS | MPTCP_DIRECTION_COLUMNS | MPTCP_SIGNALS_MAPPING_COLUMNS | \
		MPTCP_ACKS_COLUMNS | MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) | \
		MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest) | MPTCP_HAS(tcpack) | \
		MPTCP_HAS(dss_dsn) | MPTCP_HAS(dsn) | MPTCP_HAS(dack) | MPTCP_HAS(dack_raw) | \
		MPTCP_HAS(dsn_split))

/* Those without which its results would be wrong. */
#define MPTCP_STATS_NEEDED (MPTCP_STORY_NEEDED | MPTCP_DIRECTION_COLUMNS | MPTCP_HAS(dss_ssn))

/* What a subflow, or a TCP connection, carried to one of its ends. */
struct mptcp_stats_subflow_direction {
	struct mptcp_direction bytes;
	struct mptcp_acks acks; /* what came back for them */
	int64_t idle;           /* the longest time between two of its packets */
	int64_t last_data;      /* time of the last packet with payload; where data_packets > 0 */
	struct mptcp_bare_bytes bare;   /* of the unmapped ones: data after a fallback */
	uint64_t acked;                 /* those of mapped data that were DATA_ACKed */
	uint64_t tcp_before, tcp_acked; /* how far TCP acknowledged before the period asked for,
					   and by its end: positions */
	uint32_t syn_bytes;             /* payload of the SYN, which has no DSN */
	/* nanoseconds, of data of which this subflow sent the only copy; without MPTCP, of all
	 * segments */
	struct mptcp_histogram rtt;
	/* mappings */
	uint64_t mappings;
	struct mptcp_intervals mapped; /* subflow sequence numbers that a mapping covered */
	uint64_t last_ssn;             /* extended */
	bool any_mapping;
	uint32_t last_length;
};

/* `own` of a subflow in the story's roster. */
struct mptcp_stats_subflow {
	/* by MPTCP role of the destination; without MPTCP, by TCP role */
	struct mptcp_stats_subflow_direction to[2];
	bool plain;    /* it has no connection so far */
	bool infinite; /* a mapping without end was counted */
};

/* What a connection carried to one of its ends. */
struct mptcp_stats_connection_direction {
	struct mptcp_fate_data data;
	struct mptcp_rtt rtt; /* its flows are tcpstreams */
	bool numbered;        /* first_dsn is known */
	bool from_start;      /* and is 1: the handshake was captured */
	uint64_t first_dsn;
	uint64_t out_of_order;
	bool acknowledged;     /* a DATA_ACK was seen */
	uint32_t last_ack_raw; /* the highest DATA_ACK, on the wire, its lower 32 bits */
	/* the highest DATA_ACK when the period asked for began, and by its end */
	bool acked_before;
	uint64_t ack_before, ack;
	bool fin_before,
		fin_acked; /* it covered the DATA_FIN, which takes a number and is not a byte */
	bool has_fin;
	uint32_t fin_raw;      /* the DATA_FIN's DSN, on the wire, its lower 32 bits */
	bool carried;          /* data_subflow is known */
	uint32_t data_subflow; /* tcpstream that the last packet with payload came over */
	uint64_t switches;
};

/* `own` of a connection. */
struct mptcp_stats_connection {
	struct mptcp_stats_connection_direction to[2]; /* by MPTCP role of the destination */
};

struct mptcp_stats_times {
	uint64_t count;
	int64_t min, mean, p50, p95, max; /* nanoseconds, where count > 0 */
};

/*
 * A row. Times are nanoseconds, -1 for none; rates and shares NAN for none. mptcp-stat(1) says what
 * the members mean.
 */
struct mptcp_stats_row {
	bool plain; /* of a TCP connection without MPTCP: mptcpstream is not set */
	uint32_t mptcpstream;
	enum mptcp_role dest; /* by MPTCP, of a plain one by TCP */
	bool total;           /* of the connection: tcpstream is not set */
	uint32_t tcpstream;
	uint64_t packets, data_packets;
	uint64_t sent_bytes, unique_bytes, first_copy_bytes;
	bool has_acked; /* a total, or plain, whose other direction was captured */
	uint64_t acked_bytes;
	uint64_t retransmitted_bytes, reinjected_bytes, probe_bytes, unmapped_bytes;
	uint64_t mappings;
	int64_t start, duration;
	double throughput, goodput; /* bits per second */
	double throughput_share, goodput_share;
	struct mptcp_stats_times rtt;
	int64_t handshake_rtt;
	uint64_t out_of_order_bytes;
	/* not of a total: what is 0 there says nothing */
	struct mptcp_stats_times ack_rtt;
	int64_t idle, last_data, first_ack, last_ack;
	bool has_window; /* the scale is known */
	uint64_t window_min, window_mean, window_max;
	uint64_t zero_windows, duplicate_acks;
	bool has_mss;
	uint32_t mss;
	double jain;       /* totals only */
	uint64_t switches; /* totals only */
};

struct mptcp_stats {
	struct mptcp_story story;
	/* its period is what counts, and it chooses the TCP connections without MPTCP; NULL:
	 * everything, and none */
	const struct mptcp_selection *selection;
	bool counts; /* the packet being added lies in it */
	/* after mptcp_stats_rows: by mptcpstream, destination (server first), tcpstream, the total
	 * after its subflows; then those without MPTCP, by tcpstream and destination */
	struct mptcp_stats_row *rows;
	size_t row_count;
};

/* A zeroed struct is empty. 0, or -1 when memory ran out. */
int mptcp_stats_add(struct mptcp_stats *stats, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* Makes the rows of what was added so far; after mptcp_story_end those of the whole capture. */
int mptcp_stats_rows(struct mptcp_stats *stats, struct mptcp_error *error);
/* Whether the selection asks for the row. */
bool mptcp_stats_row_wanted(const struct mptcp_selection *selection,
	const struct mptcp_stats_row *row);
/* Bytes DATA_ACKed in the period. */
uint64_t mptcp_stats_acked(const struct mptcp_stats_connection_direction *direction);
void mptcp_stats_clear(struct mptcp_stats *stats);

#endif
