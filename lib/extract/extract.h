/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * extract: records of a capture copied into another one, byte for byte: a pcap of the same magic
 * number, or pcapng with the section headers and interface descriptions of the original. What is
 * neither packet nor description of an interface (statistics, names, secrets) is left out.
 */
#ifndef MPTCP_EXTRACT_H
#define MPTCP_EXTRACT_H

#include "capture.h"
#include "interval.h"
#include "output.h"

struct mptcp_extract {
	struct mptcp_capture *from;
	const struct mptcp_intervals *packets; /* numbers of those to copy; they count from 1 */
	struct mptcp_output *to;
	struct mptcp_output *map; /* a line "packetid,extracted" for each, or NULL */
	/* A capture that may be an older extract, or NULL. It is one if all its packets are packets
	 * of `from`, in their order. */
	struct mptcp_capture *older;
	bool replaces; /* by the end: it is */
	uint64_t copied;
};

/*
 * Copies them all. 0, or -1: MPTCP_DATA where the capture is damaged, after its whole packets were
 * copied.
 */
int mptcp_extract(struct mptcp_extract *extract, struct mptcp_error *error);

#endif
