/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rtt.h"

void mptcp_rtt_clear(struct mptcp_rtt *rtt)
{
	mptcp_ordered_clear(&rtt->stretches);
	*rtt = (struct mptcp_rtt){0};
}

static struct mptcp_rtt_stretch *stretch_at(const struct mptcp_rtt *rtt, struct mptcp_place place)
{
	return mptcp_ordered_at(&rtt->stretches, place, sizeof(struct mptcp_rtt_stretch));
}

static bool is_below(const void *stretch, uint64_t dsn)
{
	return mptcp_sequence_ahead(((const struct mptcp_rtt_stretch *)stretch)->end, dsn) <= 0;
}

/* The place of the first stretch that ends after `dsn`, or the end. */
static struct mptcp_place find(const struct mptcp_rtt *rtt, uint64_t dsn)
{
	return mptcp_ordered_find(&rtt->stretches, sizeof(struct mptcp_rtt_stretch), is_below, dsn);
}

/* Data that is sent. */
struct piece {
	uint64_t start, end;
	int64_t time;
	uint32_t flow;
};

/* Fills a stretch that was just made with what `as` is about, from `start` to `end`; of too many
 * the lowest is forgotten. */
static int fill(struct mptcp_rtt *rtt, struct mptcp_rtt_stretch *new, const struct piece *as,
	uint64_t end)
{
	if (!new)
		return -1;
	*new = (struct mptcp_rtt_stretch){
		.start = as->start,
		.end = end,
		.time = as->time,
		.flow = as->flow,
	};
	if (rtt->stretches.count > MPTCP_RTT_MOST)
		mptcp_ordered_pop(&rtt->stretches);
	return 0;
}

/* Marks the stretches from `start` to `end`, up to the first gap, and returns where that is. */
static uint64_t mark(struct mptcp_rtt *rtt, uint64_t start, uint64_t end, enum mptcp_rtt_mark as)
{
	struct mptcp_rtt_stretch *stretch;
	uint64_t to = start, next;

	while (mptcp_sequence_ahead(end, to) > 0 && (stretch = stretch_at(rtt, find(rtt, to))) &&
		mptcp_sequence_ahead(stretch->start, to) <= 0) {
		stretch->marked[as] = true;
		to = stretch->end + stretch->marked_on[as];
	}
	for (; mptcp_sequence_ahead(to, start) > 0; start = next) {
		stretch = stretch_at(rtt, find(rtt, start));
		next = stretch->end + stretch->marked_on[as];
		uint64_t on = to - stretch->end;

		stretch->marked_on[as] = on < UINT32_MAX ? (uint32_t)on : UINT32_MAX;
	}
	return to;
}

/* Data of which some may have been sent before: marks that, and inserts what lies between. */
static int send_between(struct mptcp_rtt *rtt, struct piece data)
{
	while (mptcp_sequence_ahead(data.end, data.start) > 0) {
		struct mptcp_place place = find(rtt, data.start);
		struct mptcp_rtt_stretch *next = stretch_at(rtt, place);

		if (next && mptcp_sequence_ahead(next->start, data.start) <= 0) {
			data.start = mark(rtt, data.start, data.end, MPTCP_RTT_REPEATED);
			continue;
		}
		uint64_t end = next && mptcp_sequence_ahead(data.end, next->start) > 0 ? next->start
										       : data.end;

		next = mptcp_ordered_insert(&rtt->stretches, &place, sizeof(*next));
		if (fill(rtt, next, &data, end))
			return -1;
		data.start = end;
	}
	return 0;
}

int mptcp_rtt_send(struct mptcp_rtt *rtt, uint64_t dsn, uint32_t length, int64_t time,
	uint32_t flow)
{
	struct piece data = {dsn, dsn + length, time, flow};

	if (!rtt->data_ack.known)
		mptcp_reference_see(&rtt->data_ack, dsn);
	else if (mptcp_sequence_ahead(dsn, rtt->data_ack.highest) < 0)
		data.start = rtt->data_ack.highest;
	if (mptcp_sequence_ahead(data.end, data.start) <= 0)
		return 0;
	struct mptcp_rtt_stretch *last = mptcp_ordered_last(&rtt->stretches, sizeof(*last));

	if (last && mptcp_sequence_ahead(last->end, data.start) > 0)
		return send_between(rtt, data);
	last = mptcp_ordered_append(&rtt->stretches, sizeof(*last));
	return fill(rtt, last, &data, data.end);
}

bool mptcp_rtt_acknowledge(struct mptcp_rtt *rtt, uint64_t dack, int64_t time)
{
	bool known = rtt->data_ack.known;
	uint64_t before = rtt->data_ack.highest;

	if (known && dack == before)
		return false;
	mptcp_reference_see(&rtt->data_ack, dack);
	if (known && rtt->data_ack.highest == before)
		return false;
	rtt->ack_time = time;
	return true;
}

bool mptcp_rtt_next(struct mptcp_rtt *rtt, struct mptcp_rtt_sample *sample)
{
	struct mptcp_rtt_stretch *stretch = stretch_at(rtt, mptcp_ordered_begin(&rtt->stretches));
	uint64_t acked = rtt->data_ack.highest;

	if (!stretch || mptcp_sequence_ahead(acked, stretch->start) <= 0)
		return false;
	bool repeated = stretch->marked[MPTCP_RTT_REPEATED];
	bool whole = mptcp_sequence_ahead(acked, stretch->end) >= 0;
	*sample = (struct mptcp_rtt_sample){
		.dsn = stretch->start,
		.length = (whole ? stretch->end : acked) - stretch->start,
		.sent = stretch->time,
		.rtt = rtt->ack_time - stretch->time,
		.flow = stretch->flow,
		.repeated = repeated,
		.sacked = stretch->marked[MPTCP_RTT_SACKED],
		.measured = whole && !repeated && rtt->ack_time >= stretch->time,
	};
	if (!whole)
		stretch->start = acked;
	else
		mptcp_ordered_pop(&rtt->stretches);
	return true;
}

void mptcp_rtt_sack(struct mptcp_rtt *rtt, uint64_t start, uint64_t end)
{
	while (mptcp_sequence_ahead(end, start) > 0) {
		const struct mptcp_rtt_stretch *stretch = stretch_at(rtt, find(rtt, start));

		if (!stretch)
			return;
		if (mptcp_sequence_ahead(stretch->start, start) > 0)
			start = stretch->start;
		start = mark(rtt, start, end, MPTCP_RTT_SACKED);
	}
}

void mptcp_rtt_newest_see(struct mptcp_rtt_newest *newest, const struct mptcp_rtt_sample *sample)
{
	newest->repeated |= sample->repeated;
	if (!sample->measured || sample->sacked || (newest->any && sample->sent < newest->sent))
		return;
	newest->sent = sample->sent;
	newest->rtt = sample->rtt;
	newest->any = true;
}
