/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pairing_parts: what pairing.c and pairing_look.c share. Internal to these two. */
#ifndef MPTCP_PAIRING_PARTS_H
#define MPTCP_PAIRING_PARTS_H

#include "pairing.h"
#include "sequence.h"
#include "waiting.h"

/* One direction of a stream. */
struct mptcp_pairing_flow {
	struct mptcp_waiting_list waiting[2]; /* payload, by capture */
	uint32_t shift; /* to add to sequence numbers of b so that they count as those of a */
	bool paired;
	int64_t difference; /* time(b) - time(a) of the last pair */
	/* to tell loss from a gap in the receiver's capture */
	struct mptcp_reference reference;
	struct mptcp_intervals received; /* payload in the receiver's capture */
	bool has_acked;
	uint64_t acked; /* highest acknowledgement, from either capture */
};

struct mptcp_pairing {
	struct mptcp_evidence *evidence[2];
	struct mptcp_pairing_options options;
	/* by stream of a, by TCP role in a of the receiver */
	struct mptcp_pairing_flow (*flows)[2];
	struct mptcp_waiting_table waiting;
	int64_t difference; /* time(b) - time(a), roughly */
	int64_t now;        /* of what was read last, on the clock of b */
};

/* Hands on the pair of two packets that share so many bytes. 0 or -1. */
int mptcp_pairing_pair_up(struct mptcp_pairing *pairing, const struct mptcp_waiting *first,
	const struct mptcp_waiting *second, uint32_t bytes, struct mptcp_error *error);
/* Looks for the partner of a packet; one without, or with only part of one, waits. Takes over
 * `fresh`. */
int mptcp_pairing_look(struct mptcp_pairing *pairing, struct mptcp_waiting *fresh,
	struct mptcp_error *error);

#endif
