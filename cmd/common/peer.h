/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peer: what tools that work from two captures of the same traffic share: operands, reading both,
 * matching the packets of one with those of the other.
 *
 * Both are read several times: for their connections (peer_match), for their clocks (peer_clock),
 * for the result (peer_pair). What can be read only once, standard input or a pipe, is copied into
 * a temporary file first. A tool calls, after tool_start,
 *
 *	if (peer_open(&run, &peer, needed, wanted) == 0 && peer_match(&run, &peer) == 0 &&
 *		tool_open_table(&run) == 0 && peer_clock(&run, &peer, MPTCP_CLOCK_SKEW) == 0)
 *		peer_pair(&run, &peer, row, context);
 *	peer_close(&run, &peer);
 *	return tool_finish(&run);
 */
#ifndef PEER_H
#define PEER_H

#include "match.h"
#include "pairing.h"
#include "received.h"
#include "temporary.h"
#include "tool.h"

struct peer {
	char path[2][TEMPORARY_PATH]; /* of a copy of what can be read only once; "" for none */
	const char *operands[2], *names[2]; /* what to open, what to call it */
	int copies[2];                      /* descriptors of the copies, -1 for none */
	uint64_t needed, wanted;
	/* what else the tool does with each packet in peer_clock; NULL for nothing */
	int (*add)(void *context, int capture, const struct mptcp_packet *packet,
		struct mptcp_error *error);
	void *context;                 /* of add */
	struct mptcp_input *inputs[2]; /* of the current pass */
	struct mptcp_evidence evidence[2];
	struct mptcp_received received[2]; /* after peer_match */
	struct mptcp_pairing_vantage vantage;
	struct mptcp_clock_fit fit;
};

/* Takes what to read from the command line: for a tool with --peer the operand and that option's
 * value, for others the operands A and B; and an ID of digits before them (or after A and B).
 * Standard input where one is missing. The columns are those that `add` and the rows of peer_pair
 * want in addition to MPTCP_PAIRING_COLUMNS; set peer->add afterwards. All functions here return 0,
 * or -1 after they reported the error. */
int peer_open(struct tool_run *run, struct peer *peer, uint64_t needed, uint64_t wanted);
/* The part of peer_open that is the command line: operands, names, path, copies. */
int peer_take_operands(struct tool_run *run, struct peer *peer);
/* Reads both and finds out which connection is which. */
int peer_match(struct tool_run *run, struct peer *peer);
/* Reads both, finds out which capture is nearer to which end and how their clocks run; `add` gets
 * each packet. With MPTCP_CLOCK_NONE they are taken as they are. */
int peer_clock(struct tool_run *run, struct peer *peer, enum mptcp_clock_mode mode);
/* Reads both and hands each packet on with its counterpart. `keep`: whether the row needs
 * pair->packet. */
int peer_pair(struct tool_run *run, struct peer *peer, bool keep, mptcp_pairing_row *row,
	void *context);
void peer_close(struct tool_run *run, struct peer *peer);

#endif
