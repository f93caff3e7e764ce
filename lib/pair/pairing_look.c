/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pairing_look: which packets of the two captures are the same, whole or in part. */
#include "pairing_parts.h"

static uint64_t payload_start(const struct mptcp_content *content)
{
	return content->seq + (content->flags & MPTCP_SYN ? 1U : 0U);
}

static bool complete(const struct mptcp_waiting *waiting)
{
	return mptcp_intervals_total(&waiting->matched) == waiting->content.length;
}

/* Pairs the bytes that two packets share unless some found a partner before. 0 or -1. */
static int share(struct mptcp_pairing *pairing, struct mptcp_waiting *first,
	struct mptcp_waiting *second, struct mptcp_error *error)
{
	uint32_t first_start = (uint32_t)payload_start(&first->content);
	int64_t ahead =
		mptcp_sequence_ahead32((uint32_t)payload_start(&second->content), first_start);
	int64_t start = ahead > 0 ? ahead : 0, end = ahead + second->content.length;

	if (end > first->content.length)
		end = first->content.length;
	if (start >= end || first->content.has_timestamps != second->content.has_timestamps ||
		first->content.tsval != second->content.tsval)
		return 0;
	uint64_t from[2] = {(uint64_t)start, (uint64_t)(start - ahead)};
	uint64_t bytes = (uint64_t)(end - start);
	if (mptcp_intervals_overlap(&first->matched, from[0], from[0] + bytes) ||
		mptcp_intervals_overlap(&second->matched, from[1], from[1] + bytes))
		return 0;
	if (mptcp_intervals_add(&first->matched, from[0], from[0] + bytes, NULL) ||
		mptcp_intervals_add(&second->matched, from[1], from[1] + bytes, NULL))
		return mptcp_error_memory(error);
	return mptcp_pairing_pair_up(pairing, first, second, (uint32_t)bytes, error);
}

/* Payload that was cut differently: what waits of the other capture, oldest first. */
static int match_bytes(struct mptcp_pairing *pairing, struct mptcp_waiting *fresh,
	struct mptcp_error *error)
{
	struct mptcp_waiting_list *list =
		&pairing->flows[fresh->content.stream][fresh->content.to].waiting[!fresh->capture];

	for (struct mptcp_waiting *next, *old = list->oldest; old; old = next) {
		next = old->flow_newer;
		if (share(pairing, fresh, old, error))
			return -1;
		if (complete(old)) {
			mptcp_waiting_take(&pairing->waiting, old, list);
			mptcp_waiting_free(old);
		}
		if (complete(fresh))
			break;
	}
	return 0;
}

int mptcp_pairing_look(struct mptcp_pairing *pairing, struct mptcp_waiting *fresh,
	struct mptcp_error *error)
{
	struct mptcp_pairing_flow *flow = &pairing->flows[fresh->content.stream][fresh->content.to];
	struct mptcp_waiting *partner = mptcp_waiting_find(&pairing->waiting, !fresh->capture,
		&fresh->content, fresh->hash, &fresh->options);
	int result = 0;

	if (partner) {
		mptcp_waiting_take(&pairing->waiting, partner, &flow->waiting[partner->capture]);
		result = mptcp_pairing_pair_up(pairing, fresh, partner, fresh->content.length,
			error);
		mptcp_waiting_free(partner);
		mptcp_waiting_free(fresh);
		return result;
	}
	if (fresh->content.length)
		result = match_bytes(pairing, fresh, error);
	if (result || (fresh->content.length && complete(fresh))) {
		mptcp_waiting_free(fresh);
		return result;
	}
	if (!mptcp_waiting_put(&pairing->waiting, fresh, &flow->waiting[fresh->capture]))
		return 0;
	mptcp_waiting_free(fresh);
	return mptcp_error_memory(error);
}
