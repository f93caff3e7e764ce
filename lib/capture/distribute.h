/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * distribute: which packet goes to which tshark, in batches, in turn. Internal to tshark.c.
 *
 * Batches are kept in the order of the capture until all lines of them were taken; a worker that
 * has had its share of packets is given no more, and is dismissed when it has answered them.
 */
#ifndef MPTCP_DISTRIBUTE_H
#define MPTCP_DISTRIBUTE_H

#include "capture.h"
#include "prefilter.h"
#include "worker.h"

/* What the capture says of a packet, but tshark, which gets less of it, cannot. */
struct mptcp_distributed {
	uint32_t captured, original, linktype;
};

/* Consecutive packets that are with one worker. */
struct mptcp_batch {
	struct mptcp_batch *next;
	struct mptcp_worker *worker;
	uint64_t given, taken;
	size_t bytes;
	bool closed;       /* no more packets are added */
	uint64_t *numbers; /* of its packets in the capture; NULL: consecutive */
	struct mptcp_distributed *packets;
};

/* All packets of a capture, and who has them. Set up and read by tshark.c. */
struct mptcp_distribution {
	struct mptcp_worker_call call;
	char *name;
	struct mptcp_prefilter *prefilter;  /* NULL: every packet is handed out */
	uint64_t seen;                      /* packets of the capture */
	uint64_t batch_count, worker_count; /* in all, so far */
	struct mptcp_capture *capture;
	bool starving; /* the next packet is not there yet */
	bool input_ended;
	struct mptcp_error input_error; /* why, MPTCP_DONE at a good end */
	unsigned jobs, chunk, turn;
	struct mptcp_worker **slots;  /* those that get packets, one per job; NULL: to be started */
	bool *replaced;               /* a slot's worker is not the first */
	struct mptcp_worker *workers; /* all that run */
	struct mptcp_batch *head, *tail;
};

/* Starts one more worker; it belongs to distribution->workers. NULL: error is filled. */
struct mptcp_worker *mptcp_distribute_add_worker(struct mptcp_distribution *distribution,
	struct mptcp_error *error);
/* Begins a batch, for this worker, after the others. NULL: error is filled. */
struct mptcp_batch *mptcp_distribute_add_batch(struct mptcp_distribution *distribution,
	struct mptcp_worker *worker, struct mptcp_error *error);
/* Forgets the first batch. */
void mptcp_distribute_drop_batch(struct mptcp_distribution *distribution);
/* Hands out what the workers have room for, and closes the last batch where the input ends. 0 or
 * -1. */
int mptcp_distribute_packets(struct mptcp_distribution *distribution, struct mptcp_error *error);
/* Dismisses workers that have answered everything and ended; -1 if one of them found fault. */
int mptcp_distribute_dismiss(struct mptcp_distribution *distribution, struct mptcp_error *error);

#endif
