/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admission: which packets of an input are handed on. Those that were written before, as CSV or in
 * a cache entry, are checked; copies of others are left out, and what carries no MPTCP where only
 * that is wanted.
 */
#ifndef MPTCP_ADMISSION_H
#define MPTCP_ADMISSION_H

#include "error.h"
#include "numbers.h"
#include "packet.h"

#include <stdbool.h>
#include <stdint.h>

/* Zeroed but for its first five members. */
struct mptcp_admission {
	uint64_t needed; /* columns without which a packet is refused; see mptcp_packet_check */
	bool checked;    /* they are what they have to be: the tracker has just made them */
	bool copies;     /* copies of other packets are handed on */
	bool mptcp_only; /* TCP connections that never carried MPTCP are left out */
	/* what the two kinds of packets taken last had: `present`, and the ACK flag; data and
	 * acknowledgements take turns. UINT64_MAX, which no packet has, in the beginning */
	uint64_t taken[2];
	uint64_t packets, copied;     /* how many there were, and how many copies among them */
	struct mptcp_numbers refused; /* tcpstreams of joins that belong to no connection */
};

/* Of a packet that is not as those before. 0, or -1: it is not what its columns have to be
 * (MPTCP_DATA), or memory ran out. */
int mptcp_admission_look(struct mptcp_admission *admission, const struct mptcp_packet *packet,
	bool *leave_out, struct mptcp_error *error);
void mptcp_admission_clear(struct mptcp_admission *admission);

/* Which cells it has, and whether it has to have a tcpack: all that a look depends on. */
static inline uint64_t mptcp_admission_shape(const struct mptcp_packet *packet)
{
	return packet->present << 1 | !!(packet->tcpflags & MPTCP_ACK);
}

/* The next packet: whether it is left out. 0 or -1 as above. */
static inline int mptcp_admission_take(struct mptcp_admission *admission,
	const struct mptcp_packet *packet, bool *leave_out, struct mptcp_error *error)
{
	uint64_t shape = mptcp_admission_shape(packet);

	admission->packets++;
	*leave_out = false;
	return shape == admission->taken[0] || shape == admission->taken[1]
		? 0
		: mptcp_admission_look(admission, packet, leave_out, error);
}

#endif
