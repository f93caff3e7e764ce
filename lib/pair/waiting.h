/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * waiting: internal to pairing: packets of one capture whose partner in the other one has not come
 * yet. Found by content, by flow, and by age.
 */
#ifndef MPTCP_WAITING_H
#define MPTCP_WAITING_H

#include "interval.h"
#include "packet.h"

/* What two captures of one packet have in common. Sequence numbers are counted as in capture a. */
struct mptcp_content {
	uint32_t stream; /* index in a */
	uint32_t seq, ack, length;
	uint32_t tsval, tsecr;
	uint16_t flags;
	uint8_t to; /* TCP role in a */
	bool has_timestamps;
};

struct mptcp_waiting {
	struct mptcp_waiting *older, *newer;           /* of both captures, by age */
	struct mptcp_waiting *flow_older, *flow_newer; /* payload of one flow and capture */
	struct mptcp_waiting *chain_older, *chain_newer;
	struct mptcp_content content;
	uint64_t hash;    /* of the content */
	uint64_t options; /* hash of the MPTCP options */
	int capture;
	uint64_t packetid;
	int64_t time;                      /* of its capture */
	int64_t aligned;                   /* the same on the clock of b, roughly */
	struct mptcp_intervals matched;    /* offsets of the payload that found a partner */
	const struct mptcp_packet *packet; /* a copy, or NULL; part of the same block */
};

/* Both ends of a list, oldest first. */
struct mptcp_waiting_list {
	struct mptcp_waiting *oldest, *newest;
};

struct mptcp_waiting_table {
	struct mptcp_waiting_list *chains[2]; /* by capture, then by hash */
	size_t chain_count;                   /* a power of two */
	size_t count;
	struct mptcp_waiting_list all;
};

/* A zeroed struct is empty. 0, or -1 when memory ran out. */
int mptcp_waiting_put(struct mptcp_waiting_table *table, struct mptcp_waiting *waiting,
	struct mptcp_waiting_list *flow);
/* Takes it out; does not free it. `flow` as given to put. */
void mptcp_waiting_take(struct mptcp_waiting_table *table, struct mptcp_waiting *waiting,
	struct mptcp_waiting_list *flow);
/* The oldest packet of a capture with that content; `options` NULL: whatever its MPTCP options. */
struct mptcp_waiting *mptcp_waiting_find(const struct mptcp_waiting_table *table, int capture,
	const struct mptcp_content *content, uint64_t hash, const uint64_t *options);
/* Content alone, and with a copy of the packet where `keep`. NULL when memory ran out. */
struct mptcp_waiting *mptcp_waiting_new(const struct mptcp_packet *packet, bool keep);
void mptcp_waiting_free(struct mptcp_waiting *waiting);
/* Frees the chains, and what is still waiting. */
void mptcp_waiting_clear(struct mptcp_waiting_table *table);

uint64_t mptcp_content_hash(const struct mptcp_content *content);
uint64_t mptcp_content_options(const struct mptcp_packet *packet);

#endif
