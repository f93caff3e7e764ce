/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proof: that a capture is another one, anonymised: read again, as anybody would who gets it.
 *
 * mptcp_proof_bytes compares the two packet by packet: every address in a header, outer or inner,
 * or in an ADD_ADDR has become what the map says, and is none of the original. mptcp_proof_packets
 * compares what the two mean: every column of mptcp-csv(5), and every event. All tables are made
 * from these alone, so they are equal but for the map.
 *
 * MPTCP_DATA: it is not so, and the text says where.
 */
#ifndef MPTCP_PROOF_H
#define MPTCP_PROOF_H

#include "anon.h"
#include "input.h"

/* What equals an original address, or its text, by chance or because it was to be kept. */
struct mptcp_proof_likeness {
	uint64_t count;
	uint64_t packetid; /* of the first one, in the result */
	size_t offset;     /* in its record */
};

int mptcp_proof_bytes(const struct mptcp_anon *anon, struct mptcp_capture *originals,
	struct mptcp_capture *result, struct mptcp_proof_likeness *likeness,
	struct mptcp_error *error);
/* The two have the same packets; copies are among them (input_options.h). */
int mptcp_proof_packets(const struct mptcp_anon *anon, struct mptcp_input *originals,
	struct mptcp_input *result, struct mptcp_error *error);

#endif
