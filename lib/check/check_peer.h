/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_peer: what changed on the way between two captures of the same traffic, packet by packet:
 * options, addresses and ports, sequence numbers, MSS, payload, and how it was cut into segments.
 *
 * Findings are about the first capture. Its packets are added to the check first; then come the
 * rows of a pairing (pairing.h) that keeps packets, and mptcp_check_end.
 */
#ifndef MPTCP_CHECK_PEER_H
#define MPTCP_CHECK_PEER_H

#include "check.h"
#include "pairing.h"

/* The columns that mptcp_check_peer_row reads, besides MPTCP_PAIRING_COLUMNS. */
#define MPTCP_CHECK_PEER_COLUMNS \
	(MPTCP_HAS(tcpseq_raw) | MPTCP_HAS(options) | MPTCP_HAS(options_cut) | \
		MPTCP_HAS(malformed) | MPTCP_HAS(dss_flags) | MPTCP_HAS(dss_checksum) | \
		MPTCP_HAS(mss) | MPTCP_HAS(mptcpstream))

struct mptcp_check_peer {
	struct mptcp_check *check;             /* borrowed */
	const struct mptcp_evidence *evidence; /* borrowed: of both captures */
	/* payload_sum by packetid, plus one; 0 where not known */
	struct mptcp_check_payloads {
		uint32_t *list;
		size_t count, capacity;
	} payloads[2];
};

/* Remembers the sum of a packet's payload, which is the value of its extra column `extra` (counted
 * from 0). 0, or -1 when memory ran out, as below. */
int mptcp_check_peer_payload(struct mptcp_check_peer *peer, int capture,
	const struct mptcp_packet *packet, size_t extra, struct mptcp_error *error);
/* As mptcp_pairing_row; the context is the struct. */
int mptcp_check_peer_row(void *context, const struct mptcp_pair *pair, struct mptcp_error *error);
void mptcp_check_peer_clear(struct mptcp_check_peer *peer);

#endif
