/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rtt.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

void mptcp_rtt_clear(struct mptcp_rtt *rtt)
{
	free(rtt->stretches);
	*rtt = (struct mptcp_rtt){0};
}

/* Room for one more stretch at the end; moves them to the front before the array grows. */
static int make_room(struct mptcp_rtt *rtt)
{
	if (rtt->count - rtt->first >= MPTCP_RTT_MOST)
		rtt->first++;
	if (rtt->count < rtt->capacity)
		return 0;
	if (rtt->first && rtt->first >= rtt->capacity / 2) {
		rtt->count -= rtt->first;
		memmove(rtt->stretches, rtt->stretches + rtt->first,
			rtt->count * sizeof(*rtt->stretches));
		rtt->first = 0;
		return 0;
	}
	struct mptcp_rtt_stretch *stretches =
		mptcp_array_reserve(rtt->stretches, rtt->count, &rtt->capacity, sizeof(*stretches));
	if (!stretches)
		return -1;
	rtt->stretches = stretches;
	return 0;
}

/* The first stretch that ends after `dsn`: its index, or count. */
static size_t find(const struct mptcp_rtt *rtt, uint64_t dsn)
{
	size_t low = rtt->first, high = rtt->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (mptcp_sequence_ahead(rtt->stretches[middle].end, dsn) > 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Inserts a stretch `from_end` places before the end. */
static int insert(struct mptcp_rtt *rtt, size_t from_end, struct mptcp_rtt_stretch stretch)
{
	if (make_room(rtt))
		return -1;
	/* the oldest one was forgotten, and this is older */
	if (from_end > rtt->count - rtt->first)
		from_end = rtt->count - rtt->first;
	struct mptcp_rtt_stretch *place = rtt->stretches + rtt->count - from_end;

	memmove(place + 1, place, from_end * sizeof(stretch));
	*place = stretch;
	rtt->count++;
	return 0;
}

/* Data of which some may have been sent before: marks that, and inserts what lies between. */
static int send_between(struct mptcp_rtt *rtt, struct mptcp_rtt_stretch data)
{
	size_t from_end = rtt->count - find(rtt, data.start);
	uint64_t end = data.end;

	while (mptcp_sequence_ahead(end, data.start) > 0) {
		struct mptcp_rtt_stretch *next =
			from_end ? rtt->stretches + rtt->count - from_end : NULL;

		if (next && mptcp_sequence_ahead(next->start, data.start) <= 0) {
			next->repeated = true;
			data.start = next->end;
			from_end--;
			continue;
		}
		data.end = next && mptcp_sequence_ahead(end, next->start) > 0 ? next->start : end;
		if (insert(rtt, from_end, data))
			return -1;
		data.start = data.end;
	}
	return 0;
}

int mptcp_rtt_send(struct mptcp_rtt *rtt, uint64_t dsn, uint32_t length, int64_t time,
	uint32_t flow)
{
	struct mptcp_rtt_stretch data = {dsn, dsn + length, time, flow, false, false};

	if (!rtt->data_ack.known)
		mptcp_reference_see(&rtt->data_ack, dsn);
	else if (mptcp_sequence_ahead(dsn, rtt->data_ack.highest) < 0)
		data.start = rtt->data_ack.highest;
	if (mptcp_sequence_ahead(data.end, data.start) <= 0)
		return 0;
	if (rtt->first == rtt->count ||
		mptcp_sequence_ahead(data.start, rtt->stretches[rtt->count - 1].end) >= 0)
		return insert(rtt, 0, data);
	return send_between(rtt, data);
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
	if (rtt->first == rtt->count)
		return false;
	struct mptcp_rtt_stretch *stretch = &rtt->stretches[rtt->first];
	uint64_t acked = rtt->data_ack.highest;

	if (mptcp_sequence_ahead(acked, stretch->start) <= 0)
		return false;
	bool whole = mptcp_sequence_ahead(acked, stretch->end) >= 0;
	*sample = (struct mptcp_rtt_sample){
		.dsn = stretch->start,
		.length = (whole ? stretch->end : acked) - stretch->start,
		.sent = stretch->time,
		.rtt = rtt->ack_time - stretch->time,
		.flow = stretch->flow,
		.repeated = stretch->repeated,
		.sacked = stretch->sacked,
		.measured = whole && !stretch->repeated && rtt->ack_time >= stretch->time,
	};
	if (!whole)
		stretch->start = acked;
	else if (++rtt->first == rtt->count)
		rtt->first = rtt->count = 0;
	return true;
}

void mptcp_rtt_sack(struct mptcp_rtt *rtt, uint64_t start, uint64_t end)
{
	for (size_t i = find(rtt, start);
		i < rtt->count && mptcp_sequence_ahead(end, rtt->stretches[i].start) > 0; i++)
		rtt->stretches[i].sacked = true;
}

bool mptcp_rtt_newest(struct mptcp_rtt *rtt, struct mptcp_rtt_sample *newest)
{
	struct mptcp_rtt_sample sample;
	bool repeated = false, any = false;

	while (mptcp_rtt_next(rtt, &sample)) {
		repeated |= sample.repeated;
		if (!sample.measured || sample.sacked || (any && sample.sent < newest->sent))
			continue;
		*newest = sample;
		any = true;
	}
	return any && !repeated;
}
