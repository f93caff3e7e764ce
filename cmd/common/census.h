/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * census: what a tool has read, to say what there was where its result is empty (exit status 1):
 *
 *	no MPTCP connection; 1 TCP connection, no SYN asks for MPTCP (mptcp-lt lists it)
 *	no connection 9; there are 0 to 3
 *	series dss needs MPTCP; TCP connection 3 has none
 *	nothing to draw to the client; 1657 data packets go to the server (-d server)
 *
 * Numbers are those of the packets that were added and of the stories that were looked at; both may
 * have the same connections. A tool with a story adds the packets of regular TCP alone: its other
 * packets cost nothing. Memory grows with connections. Running out of it makes the text less exact,
 * and is no failure of the tool.
 */
#ifndef CENSUS_H
#define CENSUS_H

#include "buffer.h"
#include "numbers.h"
#include "packet.h"
#include "selection.h"
#include "story.h"

#include <stdbool.h>
#include <stdint.h>

/* The columns that census_add reads; none of them is needed. */
#define CENSUS_COLUMNS \
	(MPTCP_HAS(reltime) | MPTCP_HAS(tcpstream) | MPTCP_HAS(mptcpstream) | \
		MPTCP_HAS(mptcpdest) | MPTCP_HAS(tcpdest) | MPTCP_HAS(tcplen) | \
		MPTCP_HAS(tcpflags) | MPTCP_HAS(subtype))

/* Numbers of connections. The index of each one is something to remember of it. */
struct census_numbers {
	struct mptcp_numbers index;
	uint64_t count;
	uint32_t lowest, highest;
};

static inline bool census_has(const struct census_numbers *numbers, uint32_t number)
{
	return mptcp_numbers_get(&numbers->index, number) != MPTCP_NUMBERS_NONE;
}

/* A zeroed struct is empty. */
struct census {
	bool whole;                      /* packets of MPTCP connections are added, too */
	bool with_tcp;                   /* the result is about regular TCP as well */
	bool offers_tcp;                 /* it would be with --tcp */
	const char *series;              /* a series that needs MPTCP; NULL: the result is none */
	struct census_numbers mptcp;     /* MPTCP connections; of each: how many subflows */
	struct census_numbers subflows;  /* TCP connections of those; of each: mptcpstream */
	struct census_numbers plain;     /* all other TCP connections; of each: 0 */
	uint64_t syns, asking;           /* of plain ones: SYNs, and those with an MPTCP option */
	uint64_t packets, data;          /* of the subflows, and regular TCP, that are selected */
	uint64_t data_to[2];             /* by role: those in the period that is selected */
	uint64_t results, results_to[2]; /* refused: in all; in the period, by role */
	int64_t last;                    /* reltime of the last packet, where known */
	bool has_last;
};

void census_clear(struct census *census);
void census_add(struct census *census, const struct mptcp_selection *selection,
	const struct mptcp_packet *packet);
/* The connections and subflows that a story has now, without those of regular TCP, and when its
 * packets end; `origin` is the time of the capture's first packet. */
void census_story(struct census *census, const struct mptcp_story *story, int64_t origin);
/* A result (an event, a reinjection) of the connections asked for that its direction or its time,
 * since the capture's first packet, leaves out. */
void census_refuse(struct census *census, const struct mptcp_selection *selection,
	enum mptcp_role to, int64_t reltime);
/* Appends why there is no result, and what there is; `nothing` is what the tool says of an empty
 * result: "no subflow", "nothing to draw". 0, or -1 when memory ran out. */
int census_text(const struct census *census, const struct mptcp_selection *selection,
	const char *nothing, struct mptcp_buffer *text);

#endif
