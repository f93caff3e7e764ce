/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "distribute.h"

#include <stdlib.h>

#define CHUNK_BYTES (1U << 20) /* after which a batch ends early */
/*
 * Packets that a worker may have without having answered, in addition to a batch. tshark holds back
 * up to 4 KiB of lines, so that fewer could mean waiting for lines that it does not release before
 * it gets more.
 */
#define UNANSWERED 1024
#define PENDING (4U << 20) /* bytes that may wait for a worker's pipe */
#define LIFE 500000 /* packets after which a worker is replaced, because it grows with each */
#define CUT 400 /* bytes of a packet that tshark gets: all headers, in tunnels too, no payload */

struct mptcp_worker *mptcp_distribute_add_worker(struct mptcp_distribution *distribution,
	struct mptcp_error *error)
{
	struct mptcp_worker *worker = mptcp_worker_new(&distribution->call, error);

	if (worker) {
		distribution->worker_count++;
		worker->next = distribution->workers;
		distribution->workers = worker;
	}
	return worker;
}

struct mptcp_batch *mptcp_distribute_add_batch(struct mptcp_distribution *distribution,
	struct mptcp_worker *worker, struct mptcp_error *error)
{
	struct mptcp_batch *batch = calloc(1, sizeof(*batch));

	if (!batch) {
		mptcp_error_memory(error);
		return NULL;
	}
	batch->worker = worker;
	distribution->batch_count++;
	if ((distribution->prefilter &&
		    !(batch->numbers = calloc(distribution->chunk, sizeof(*batch->numbers)))) ||
		!(batch->packets = calloc(distribution->chunk, sizeof(*batch->packets)))) {
		free(batch->numbers);
		free(batch);
		mptcp_error_memory(error);
		return NULL;
	}
	if (distribution->tail)
		distribution->tail->next = batch;
	else
		distribution->head = batch;
	distribution->tail = batch;
	return batch;
}

void mptcp_distribute_drop_batch(struct mptcp_distribution *distribution)
{
	struct mptcp_batch *batch = distribution->head;

	distribution->head = batch->next;
	if (!distribution->head)
		distribution->tail = NULL;
	free(batch->numbers);
	free(batch->packets);
	free(batch);
}

/* The link types on which headers come first and one packet is in a frame; on others (802.11)
 * nothing is cut. */
static uint32_t cut(const struct mptcp_distribution *distribution, uint32_t linktype)
{
	switch (linktype) {
	case 0:
	case 1:
	case 101:
	case 108:
	case 113:
	case 228:
	case 229:
	case 276:
		return distribution->call.field_count || distribution->call.state ? 0 : CUT;
	default:
		return 0;
	}
}

/* The input is over: workers that still have work finish it. */
static void end_input(struct mptcp_distribution *distribution, enum mptcp_result got,
	const struct mptcp_error *error)
{
	distribution->input_ended = true;
	if (got == MPTCP_FAILED)
		distribution->input_error = *error;
	if (distribution->tail)
		distribution->tail->closed = true;
	for (struct mptcp_worker *worker = distribution->workers; worker; worker = worker->next)
		worker->last = true;
}

/* The first workers live shorter, each another time, so that they are not all replaced at once. */
static bool is_old(const struct mptcp_distribution *distribution, const struct mptcp_worker *worker)
{
	uint64_t life = LIFE;

	if (!distribution->replaced[distribution->turn])
		life = (uint64_t)LIFE * (distribution->turn + 1) / distribution->jobs;
	return !distribution->call.state && worker->fed >= life;
}

static void close_batch(struct mptcp_distribution *distribution)
{
	struct mptcp_worker *worker = distribution->tail->worker;

	distribution->tail->closed = true;
	if (is_old(distribution, worker)) {
		worker->last = true;
		distribution->slots[distribution->turn] = NULL;
		distribution->replaced[distribution->turn] = true;
	}
	distribution->turn = (distribution->turn + 1) % distribution->jobs;
}

/* Gives one packet to the worker whose turn it is. */
static int give_packet(struct mptcp_distribution *distribution,
	const struct mptcp_capture_record *record, struct mptcp_error *error)
{
	struct mptcp_worker *worker = distribution->slots[distribution->turn];
	struct mptcp_batch *batch = distribution->tail;

	if (!worker)
		worker = distribution->slots[distribution->turn] =
			mptcp_distribute_add_worker(distribution, error);
	if (!worker)
		return -1;
	if (!batch || batch->closed)
		batch = mptcp_distribute_add_batch(distribution, worker, error);
	if (batch && batch->numbers)
		batch->numbers[batch->given] = distribution->seen;
	if (!batch)
		return -1;
	batch->packets[batch->given] =
		(struct mptcp_distributed){record->captured, record->original, record->linktype};
	if (mptcp_worker_feed(worker, distribution->capture, record,
		    cut(distribution, record->linktype)))
		return mptcp_error_memory(error);
	batch->bytes += record->length;
	if (++batch->given >= distribution->chunk || batch->bytes >= CHUNK_BYTES)
		close_batch(distribution);
	return 0;
}

/* True if the worker whose turn it is can take another packet. */
static bool has_room(const struct mptcp_distribution *distribution)
{
	const struct mptcp_worker *worker = distribution->slots[distribution->turn];
	uint64_t unanswered = 2 * (uint64_t)distribution->chunk;

	if (!worker)
		return true;
	if (worker->input.length - worker->written > PENDING)
		return false;
	return (distribution->tail && !distribution->tail->closed) ||
		worker->fed - worker->answered <=
		(unanswered > UNANSWERED ? unanswered : UNANSWERED);
}

/* The first packet is never skipped: all times are relative to it. */
static bool is_skipped(struct mptcp_distribution *distribution,
	const struct mptcp_capture_record *record)
{
	distribution->seen++;
	return distribution->prefilter &&
		mptcp_prefilter_skip(distribution->prefilter, record->linktype, record->packet,
			record->captured) &&
		distribution->seen > 1;
}

int mptcp_distribute_packets(struct mptcp_distribution *distribution, struct mptcp_error *error)
{
	struct mptcp_capture_record record;
	struct mptcp_error why;

	distribution->starving = false;
	while (!distribution->input_ended && !distribution->starving && has_room(distribution)) {
		enum mptcp_result got = mptcp_capture_next(distribution->capture, &record, &why);
		if (got == MPTCP_IDLE)
			distribution->starving = true;
		else if (got != MPTCP_ROW)
			end_input(distribution, got, &why);
		else if (!is_skipped(distribution, &record) &&
			give_packet(distribution, &record, error))
			return -1;
	}
	return 0;
}

/* Dismisses workers that have answered everything and ended; -1 if one of them found fault. */
int mptcp_distribute_dismiss(struct mptcp_distribution *distribution, struct mptcp_error *error)
{
	for (struct mptcp_worker **link = &distribution->workers; *link;) {
		struct mptcp_worker *worker = *link;
		if (!worker->last || !worker->ended || worker->answered != worker->fed) {
			link = &worker->next;
			continue;
		}
		if (mptcp_worker_verdict(worker, distribution->name, error))
			return -1;
		*link = worker->next;
		for (unsigned i = 0; i < distribution->jobs; i++)
			if (distribution->slots[i] == worker)
				distribution->slots[i] = NULL;
		mptcp_worker_free(worker);
	}
	return 0;
}
