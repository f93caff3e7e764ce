/* SPDX-License-Identifier: GPL-2.0-or-later */
/* deal: see deal.h. */
#include "deal.h"

#include <stdlib.h>

#define CHUNK_BYTES (1U << 20) /* after which a batch ends early */
/*
 * Packets that a worker may have without having answered, besides a batch. tshark holds up to 4 KiB
 * of lines back, so that fewer could mean to wait for lines that it does not let go of before it
 * gets more.
 */
#define UNANSWERED 1024
#define PENDING (4U << 20) /* bytes that may wait for a worker's pipe */
#define LIFE 500000 /* packets after which a worker is replaced, because it grows with each */
#define CUT 400 /* bytes of a packet that tshark gets: all headers, in tunnels too, no payload */

struct mptcp_worker *mptcp_deal_add_worker(struct mptcp_deal *deal, struct mptcp_error *error)
{
	struct mptcp_worker *worker = mptcp_worker_new(&deal->call, error);

	if (worker) {
		worker->next = deal->workers;
		deal->workers = worker;
	}
	return worker;
}

struct mptcp_batch *mptcp_deal_add_batch(struct mptcp_deal *deal, struct mptcp_worker *worker,
	struct mptcp_error *error)
{
	struct mptcp_batch *batch = calloc(1, sizeof(*batch));

	if (!batch) {
		mptcp_error_memory(error);
		return NULL;
	}
	batch->worker = worker;
	if ((deal->glance && !(batch->numbers = calloc(deal->chunk, sizeof(*batch->numbers)))) ||
		(deal->capture &&
			!(batch->packets = calloc(deal->chunk, sizeof(*batch->packets))))) {
		free(batch->numbers);
		free(batch);
		mptcp_error_memory(error);
		return NULL;
	}
	if (deal->tail)
		deal->tail->next = batch;
	else
		deal->head = batch;
	deal->tail = batch;
	return batch;
}

void mptcp_deal_drop_batch(struct mptcp_deal *deal)
{
	struct mptcp_batch *batch = deal->head;

	deal->head = batch->next;
	if (!deal->head)
		deal->tail = NULL;
	free(batch->numbers);
	free(batch->packets);
	free(batch);
}

/* The link types on which headers come first and one packet is in a frame; on others (802.11)
 * nothing is cut. */
static uint32_t cut(const struct mptcp_deal *deal, uint32_t linktype)
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
		return deal->call.field_count || deal->call.state ? 0 : CUT;
	default:
		return 0;
	}
}

/* The input is over: whoever still has work finishes it. */
static void end_input(struct mptcp_deal *deal, enum mptcp_result got,
	const struct mptcp_error *error)
{
	deal->input_ended = true;
	if (got == MPTCP_FAILED)
		deal->input_error = *error;
	if (deal->tail)
		deal->tail->closed = true;
	for (struct mptcp_worker *worker = deal->workers; worker; worker = worker->next)
		worker->last = true;
}

/* The first workers live shorter, each another time, so that they are not all replaced at once. */
static bool is_old(const struct mptcp_deal *deal, const struct mptcp_worker *worker)
{
	uint64_t life = LIFE;

	if (!deal->replaced[deal->turn])
		life = (uint64_t)LIFE * (deal->turn + 1) / deal->jobs;
	return !deal->call.state && worker->fed >= life;
}

static void close_batch(struct mptcp_deal *deal)
{
	struct mptcp_worker *worker = deal->tail->worker;

	deal->tail->closed = true;
	if (is_old(deal, worker)) {
		worker->last = true;
		deal->slots[deal->turn] = NULL;
		deal->replaced[deal->turn] = true;
	}
	deal->turn = (deal->turn + 1) % deal->jobs;
}

/* Gives one packet to the worker whose turn it is. */
static int deal_one(struct mptcp_deal *deal, const struct mptcp_capture_record *record,
	struct mptcp_error *error)
{
	struct mptcp_worker *worker = deal->slots[deal->turn];
	struct mptcp_batch *batch = deal->tail;

	if (!worker)
		worker = deal->slots[deal->turn] = mptcp_deal_add_worker(deal, error);
	if (!worker)
		return -1;
	if (!batch || batch->closed)
		batch = mptcp_deal_add_batch(deal, worker, error);
	if (batch && batch->numbers)
		batch->numbers[batch->dealt] = deal->seen;
	if (!batch)
		return -1;
	batch->packets[batch->dealt] =
		(struct mptcp_dealt){record->captured, record->original, record->linktype};
	if (mptcp_worker_feed(worker, deal->capture, record, cut(deal, record->linktype)))
		return mptcp_error_memory(error);
	batch->bytes += record->length;
	if (++batch->dealt >= deal->chunk || batch->bytes >= CHUNK_BYTES)
		close_batch(deal);
	return 0;
}

/* True if the worker whose turn it is can take another packet. */
static bool has_room(const struct mptcp_deal *deal)
{
	const struct mptcp_worker *worker = deal->slots[deal->turn];
	uint64_t unanswered = 2 * (uint64_t)deal->chunk;

	if (!worker)
		return true;
	if (worker->input.length - worker->written > PENDING)
		return false;
	return (deal->tail && !deal->tail->closed) ||
		worker->fed - worker->answered <=
		(unanswered > UNANSWERED ? unanswered : UNANSWERED);
}

/* The first packet is never skipped: all times are relative to it. */
static bool is_skipped(struct mptcp_deal *deal, const struct mptcp_capture_record *record)
{
	deal->seen++;
	return deal->glance &&
		mptcp_glance_skip(deal->glance, record->linktype, record->packet,
			record->captured) &&
		deal->seen > 1;
}

int mptcp_deal_packets(struct mptcp_deal *deal, struct mptcp_error *error)
{
	struct mptcp_capture_record record;
	struct mptcp_error why;

	deal->starving = false;
	while (!deal->input_ended && !deal->starving && has_room(deal)) {
		enum mptcp_result got = mptcp_capture_next(deal->capture, &record, &why);
		if (got == MPTCP_IDLE)
			deal->starving = true;
		else if (got != MPTCP_ROW)
			end_input(deal, got, &why);
		else if (!is_skipped(deal, &record) && deal_one(deal, &record, error))
			return -1;
	}
	return 0;
}

/* Those that have answered everything and ended are let go; -1 if one of them was not content. */
int mptcp_deal_dismiss(struct mptcp_deal *deal, struct mptcp_error *error)
{
	for (struct mptcp_worker **link = &deal->workers; *link;) {
		struct mptcp_worker *worker = *link;
		if (!worker->last || !worker->ended || worker->answered != worker->fed) {
			link = &worker->next;
			continue;
		}
		if (mptcp_worker_verdict(worker, deal->name, error))
			return -1;
		*link = worker->next;
		for (unsigned i = 0; i < deal->jobs; i++)
			if (deal->slots[i] == worker)
				deal->slots[i] = NULL;
		mptcp_worker_free(worker);
	}
	return 0;
}
