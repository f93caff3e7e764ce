/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series: points (x, y) of named lines, made from packets, as mptcp-series(1) writes them and
 * mptcp-plot(1) draws them.
 *
 * mptcp_series_table has a row for each series: names, axes, units, options. Packets are added one
 * by one; mptcp_series_end then leaves the rows in order: line after line, x ascending within a
 * line. A line is one direction of a subflow ("10.0.0.1:4000 > 10.0.0.2:80"), or of a connection
 * ("total > server"). A TCP connection without MPTCP is like an MPTCP connection with one subflow,
 * and a single line; roles are those of TCP. Direction is always that of the data: what
 * acknowledges data that goes to the server belongs to lines towards the server. Memory grows with
 * the rows, and with what a series has to remember to make them. While packets are added, nothing
 * but running out of memory can go wrong.
 *
 * A series that reads something other than packets has `inputs` other than 1: 0 is ns3 (see
 * series_ns3.h); 2 is for series that need two captures, whose module then has a header of its own.
 */
#ifndef MPTCP_SERIES_H
#define MPTCP_SERIES_H

#include "error.h"
#include "numbers.h"
#include "packet.h"
#include "selection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mptcp_series;

/* What a point is. Which ones a series has is in `kinds` of its row in the table. */
enum mptcp_series_kind {
	MPTCP_POINT_VALUE,
	MPTCP_POINT_DATA,
	MPTCP_POINT_RETRANSMISSION,
	MPTCP_POINT_REINJECTION,
	MPTCP_POINT_CAUSE, /* what was reinjected elsewhere later */
	MPTCP_POINT_ACK,
	MPTCP_POINT_TIMESTAMP,
	MPTCP_POINT_WINDOW,
	MPTCP_POINT_EVENT,
	MPTCP_POINT_BLOCKED,
	MPTCP_POINT_BAR,
	MPTCP_POINT_CDF,
	MPTCP_POINT_STACK, /* a layer: y its top, y2 its bottom */
	MPTCP_POINT_SUM,
};
/* "value", "data", ... */
const char *mptcp_series_kind_name(enum mptcp_series_kind kind);

/* Options of their own that series take: bits of `takes`. */
enum {
	MPTCP_SERIES_TAKES_WINDOW = 1,   /* --window */
	MPTCP_SERIES_TAKES_BY = 2,       /* --by */
	MPTCP_SERIES_TAKES_DACK = 4,     /* --dack */
	MPTCP_SERIES_TAKES_DSN = 8,      /* --dsn */
	MPTCP_SERIES_TAKES_CDF = 16,     /* --cdf */
	MPTCP_SERIES_TAKES_BINS = 32,    /* --bins */
	MPTCP_SERIES_TAKES_STACKED = 64, /* --stacked */
	MPTCP_SERIES_TAKES_COLUMNS = 128
};

/* What a series makes of a TCP connection without MPTCP. */
enum mptcp_series_tcp {
	MPTCP_SERIES_TCP_NONE,    /* nothing: it needs MPTCP */
	MPTCP_SERIES_TCP_SUBFLOW, /* the same as of a subflow */
	MPTCP_SERIES_TCP_DATA     /* TCP's numbers are those of the data, too: DSN and DATA_ACK */
};

struct mptcp_series_info {
	const char *name;
	const char *x_label, *x_unit; /* unit "" for none */
	const char *y_label, *y_unit;
	const char *meaning; /* one line */
	const char *kinds;   /* names, separated by spaces */
	unsigned takes;      /* MPTCP_SERIES_TAKES_... */
	unsigned inputs;
	uint64_t needed;                          /* columns, for inputs of 1 */
	uint64_t wanted;                          /* besides the needed ones */
	const struct mptcp_series_module *module; /* NULL unless inputs is 1 */
	enum mptcp_series_tcp tcp;
};

/* Columns that are needed, too, where the selection takes TCP connections without MPTCP. */
#define MPTCP_SERIES_TCP_COLUMNS \
	(MPTCP_HAS(tcpdest) | MPTCP_HAS(tcpflags) | MPTCP_HAS(tcpseq) | MPTCP_HAS(tcpack) | \
		MPTCP_HAS(tcplen))

/* By name; ended by a row without name. */
extern const struct mptcp_series_info mptcp_series_table[];
/* The series of that name, or NULL. */
const struct mptcp_series_info *mptcp_series_find(const char *name);
/* The long names of the options of `takes`, without dashes, separated by spaces. */
int mptcp_series_options_text(struct mptcp_buffer *text, unsigned takes);

enum mptcp_series_by { MPTCP_BY_ACK, MPTCP_BY_DEPARTURE, MPTCP_BY_DSN };

/* Zeroed is a good default. Arrays are borrowed, those of the selection too. */
struct mptcp_series_options {
	struct mptcp_selection selection;
	int64_t window; /* nanoseconds; 0: MPTCP_SERIES_WINDOW */
	int64_t start;  /* when the capture begins, nanoseconds since the epoch; by the end */
	enum mptcp_series_by by;
	bool dack; /* dss: with DATA_ACKs; interarrival: of DATA_ACKs */
	bool cdf;
	bool stacked;                        /* tput, gput, share: layers instead of lines */
	unsigned bins;                       /* of a histogram; 0: as the series likes it */
	const enum mptcp_column_id *columns; /* attr */
	size_t column_count;
};

#define MPTCP_SERIES_WINDOW INT64_C(100000000)

enum mptcp_series_type {
	MPTCP_VALUE_NONE,
	MPTCP_VALUE_COUNT,
	MPTCP_VALUE_POSITION, /* relative DSNs may be negative */
	MPTCP_VALUE_TIME,
	MPTCP_VALUE_REAL
};

struct mptcp_series_value {
	enum mptcp_series_type type;
	union {
		uint64_t count;
		int64_t position;
		int64_t time; /* nanoseconds */
		double real;
	};
};

static inline struct mptcp_series_value mptcp_series_none(void)
{
	return (struct mptcp_series_value){.type = MPTCP_VALUE_NONE};
}

static inline struct mptcp_series_value mptcp_series_count(uint64_t count)
{
	return (struct mptcp_series_value){.type = MPTCP_VALUE_COUNT, .count = count};
}

static inline struct mptcp_series_value mptcp_series_position(uint64_t position)
{
	return (struct mptcp_series_value){.type = MPTCP_VALUE_POSITION,
		.position = (int64_t)position};
}

static inline struct mptcp_series_value mptcp_series_time(int64_t time)
{
	return (struct mptcp_series_value){.type = MPTCP_VALUE_TIME, .time = time};
}

static inline struct mptcp_series_value mptcp_series_real(double real)
{
	return (struct mptcp_series_value){.type = MPTCP_VALUE_REAL, .real = real};
}

struct mptcp_series_row {
	struct mptcp_series_value x, y;
	struct mptcp_series_value y2; /* the other end of a vertical segment, or none */
	uint32_t line;
	uint32_t label; /* where its text begins in `labels`, plus one; 0 for none */
	enum mptcp_series_kind kind;
	uint32_t order; /* rows of the same line and x stay in the order they were put in */
};

/* For the modules of single series; see series_module.h. */
struct mptcp_series_line;
struct mptcp_series_sample;

/* In order of appearance. */
struct mptcp_series_states {
	struct mptcp_numbers index; /* by number of the connection, or of the subflow */
	struct mptcp_numbers plain; /* by tcpstream: connections without MPTCP */
	void **items;
	size_t count, capacity;
};

struct mptcp_series {
	const struct mptcp_series_info *info;
	struct mptcp_series_options options;
	struct mptcp_series_row *rows;
	size_t row_count, row_capacity;
	struct mptcp_buffer labels; /* NUL-terminated texts */
	struct mptcp_series_line *lines;
	size_t line_count, line_capacity;
	struct mptcp_numbers subflow_lines[2]; /* by tcpstream, for data that goes to this role */
	struct mptcp_numbers total_lines[2];   /* by mptcpstream */
	struct mptcp_series_sample *samples;
	size_t sample_count, sample_capacity;
	int64_t now; /* reltime of the packet that is added */
	bool ending; /* no more packets */
	bool failed; /* memory ran out */
	void *state; /* of the module, as those that follow */
	struct mptcp_series_states connections, subflows;
	void *connection, *subflow;           /* of the packet that is added */
	bool plain;                           /* it belongs to a TCP connection without MPTCP */
	struct mptcp_series_states positions; /* of those: where 32-bit numbers are */
};

/* For info->inputs 1, then packets are added; others are filled by their own module. Has to be
 * released whatever the result. */
int mptcp_series_init(struct mptcp_series *series, const struct mptcp_series_info *info,
	const struct mptcp_series_options *options, struct mptcp_error *error);
/* Packets of what the selection leaves out are ignored: among others TCP connections without MPTCP
 * unless it asks for them, and the series can do with them. Those outside of its period make no
 * point, but count for what later points say. */
int mptcp_series_add(struct mptcp_series *series, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* After the last packet: makes what can be made only now, puts the rows in order. Once. */
int mptcp_series_end(struct mptcp_series *series, struct mptcp_error *error);
/* After the end: the name of a row's line, unique; its label, "" for none. */
const char *mptcp_series_line_name(const struct mptcp_series *series, uint32_t line);
const char *mptcp_series_label(const struct mptcp_series *series,
	const struct mptcp_series_row *row);
void mptcp_series_clear(struct mptcp_series *series);

#endif
