/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * two: what a tool does that works from two captures of the same traffic: operands, reading both,
 * which packets of one are which of the other.
 *
 * Both are read several times: for their connections (two_match), for their clocks (two_clock), for
 * the result (two_pair). What can be read only once, standard input or a pipe, is copied into a
 * temporary file first. A tool calls, after tool_start,
 *
 *	if (two_open(&run, &two, needed, wanted) == 0 && two_match(&run, &two) == 0 &&
 *		tool_open_table(&run) == 0 && two_clock(&run, &two, MPTCP_CLOCK_SKEW) == 0)
 *		two_pair(&run, &two, row, context);
 *	two_close(&run, &two);
 *	return tool_finish(&run);
 */
#ifndef TWO_H
#define TWO_H

#include "match.h"
#include "pairing.h"
#include "tool.h"

struct two {
	char path[2][64]; /* of a copy of what can be read only once; "" for none */
	const char *operands[2], *names[2]; /* what to open, what to call it */
	int copies[2];                      /* descriptors of the copies, -1 for none */
	uint64_t needed, wanted;
	/* what else the tool does with each packet when it is read first; NULL for nothing */
	int (*add)(void *context, int capture, const struct mptcp_packet *packet,
		struct mptcp_error *error);
	void *context;                 /* of add */
	struct mptcp_input *inputs[2]; /* of the pass that is going on */
	struct mptcp_evidence evidence[2];
	struct mptcp_pairing_sides sides;
	struct mptcp_clock_fit fit;
};

/* Whether the operands (but for a leading ID) are two, for tools that take one capture or two. */
bool two_wanted(const struct tool_run *run);
/* Takes A and B off the operands, and an ID of digits behind them or before. Without B, standard
 * input. The columns are those that `add` and the rows of two_pair want besides
 * MPTCP_PAIRING_COLUMNS; two->add is set after it. Everything here returns 0, or -1 when it was
 * reported. */
int two_open(struct tool_run *run, struct two *two, uint64_t needed, uint64_t wanted);
/* Reads both and finds out which connection is which. */
int two_match(struct tool_run *run, struct two *two);
/* Reads both, finds out which capture is nearer to which end and how their clocks run. With
 * MPTCP_CLOCK_NONE they are taken as they are. */
int two_clock(struct tool_run *run, struct two *two, enum mptcp_clock_mode mode);
/* Reads both and hands each packet on, together with its other end. `keep`: whether the row needs
 * pair->packet. */
int two_pair(struct tool_run *run, struct two *two, bool keep, mptcp_pairing_row *row,
	void *context);
/* After two_clock: whose capture is nearer to the sender of data that goes to an MPTCP role over a
 * stream (number as in `capture`). */
int two_sender(const struct two *two, int capture, uint32_t tcpstream, enum mptcp_role mptcpdest);
/* Numbers of a capture become those of the first capture; `tcpstream` and `more`, another TCP
 * stream, may be NULL. False where the first capture has no such connection or stream. */
bool two_rename(const struct two *two, int capture, uint32_t *mptcpstream, uint32_t *tcpstream,
	uint32_t *more);
void two_close(struct tool_run *run, struct two *two);

#endif
