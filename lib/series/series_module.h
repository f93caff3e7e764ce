/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series_module: what the module of a series is made of, and what it puts its points into.
 *
 * A module gets each packet that the options let through, and puts rows in any order. Those of a
 * TCP connection without MPTCP (series->plain) come with mptcpdest, their TCP role, and where the
 * series says MPTCP_SERIES_TCP_DATA with dsn and dack. It has a state of its own, and for each
 * connection and subflow one that is series->connection or series->subflow while a packet of it is
 * added; all are zeroed at the start and do not move. Functions that put do not fail on the spot:
 * series->failed remembers that memory ran out, and mptcp_series_add reports it.
 */
#ifndef MPTCP_SERIES_MODULE_H
#define MPTCP_SERIES_MODULE_H

#include "sequence.h"
#include "series.h"

struct mptcp_series_module {
	size_t state_size;
	/* 0, or -1 when memory ran out */
	int (*add)(struct mptcp_series *series, const struct mptcp_packet *packet);
	int (*end)(struct mptcp_series *series); /* NULL for none */
	void (*release)(void *state);            /* NULL for none, as those that follow */
	size_t connection_size, subflow_size;    /* 0: no state */
	bool together; /* all TCP connections without MPTCP have one state as a connection */
	void (*release_connection)(void *connection);
	void (*release_subflow)(void *subflow);
};

/* The modules; each is in the file of its family. */
extern const struct mptcp_series_module mptcp_series_attr, mptcp_series_interarrival,
	mptcp_series_xinterarrival, mptcp_series_dss, mptcp_series_dss_len, mptcp_series_seq,
	mptcp_series_seq_sf, mptcp_series_tput, mptcp_series_gput, mptcp_series_share,
	mptcp_series_rtt, mptcp_series_flight, mptcp_series_acksize, mptcp_series_ooo,
	mptcp_series_reinject, mptcp_series_limits;

#define MPTCP_SERIES_NO_LINE UINT32_MAX

struct mptcp_series_line {
	char *name; /* NULL until the end for totals */
	uint32_t mptcpstream;
	uint32_t tcpstream; /* of a subflow */
	enum mptcp_role to;
	bool total;
	bool plain; /* of a TCP connection without MPTCP; there is no mptcpstream */
};

/*
 * The line of data that goes to `to` on the packet's subflow, or connection (of a TCP connection
 * without MPTCP the same); MPTCP_SERIES_NO_LINE when memory ran out. With attr, a subflow has as
 * many lines as there are columns, this is the first of them.
 */
uint32_t mptcp_series_subflow_line(struct mptcp_series *series, const struct mptcp_packet *packet,
	enum mptcp_role to);
uint32_t mptcp_series_total_line(struct mptcp_series *series, const struct mptcp_packet *packet,
	enum mptcp_role to);
/* A line of any other name; the caller sees to it that it is unique. */
uint32_t mptcp_series_named_line(struct mptcp_series *series, const char *name);
/* For series.c: names them all, when all are there; and releases them. */
int mptcp_series_lines_name(struct mptcp_series *series);
void mptcp_series_lines_clear(struct mptcp_series *series);
/* Whether data that goes to this role is asked for. */
bool mptcp_series_wants(const struct mptcp_series *series, enum mptcp_role to);
/* Whether what happens at this time is shown. While packets are added, functions that put look at
 * the time of the packet (of a point whose x is a time: at that) themselves; what a module puts at
 * its end it has chosen itself. */
bool mptcp_series_shows(const struct mptcp_series *series, int64_t time);

void mptcp_series_put(struct mptcp_series *series, uint32_t line, enum mptcp_series_kind kind,
	struct mptcp_series_value x, struct mptcp_series_value y);
/* A vertical segment, or a point with a text. */
struct mptcp_series_segment {
	struct mptcp_series_value x, y, y2;
};
void mptcp_series_put_segment(struct mptcp_series *series, uint32_t line,
	enum mptcp_series_kind kind, struct mptcp_series_segment segment);
void mptcp_series_put_label(struct mptcp_series *series, uint32_t line, struct mptcp_series_value x,
	struct mptcp_series_value y, struct mptcp_text label);

/* A distribution is made of samples, of one type (TIME or COUNT) throughout. */
struct mptcp_series_sample {
	int64_t value;
	uint32_t line;
};

void mptcp_series_sample(struct mptcp_series *series, uint32_t line, int64_t value);
/*
 * Makes rows of the samples: with options.cdf, for each value the fraction of the line's samples
 * that do not exceed it; else a histogram in options.bins bins of equal width (0: a bar for each
 * value), the same for all lines, x the middle of the bin, empty ones included. Where a bin would
 * have room for one value only, there is a bar for each value.
 */
int mptcp_series_spread(struct mptcp_series *series, enum mptcp_series_type type);

#endif
