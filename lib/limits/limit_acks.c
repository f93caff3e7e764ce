/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit_acks: when acknowledgements reach the sender, and what they tell it. */
#include "limit_parts.h"

#include "array.h"

/* A round trip of the subflow. */
static void take_rtt(struct mptcp_limits_side *side, struct mptcp_limits_path *path, int64_t rtt)
{
	int64_t tolerance;

	if (rtt > MPTCP_LIMITS_RTT_MOST)
		return;
	if (!path->rtt_min || rtt < path->rtt_min)
		path->rtt_min = rtt;
	path->rtt = path->rtt ? path->rtt + (rtt - path->rtt) / 8 : rtt;
	tolerance = path->rtt_min * 15 / 100;
	if (tolerance < 3 * MPTCP_LIMITS_MILLISECOND)
		tolerance = 3 * MPTCP_LIMITS_MILLISECOND;
	side->queued += ((rtt > path->rtt_min + tolerance) - side->queued) / 16;
}

static void take_window(struct mptcp_limits_side *side, struct mptcp_limits_path *path,
	const struct mptcp_limits_ack *ack)
{
	side->window_known = true;
	if (ack->has_position) {
		uint64_t edge = ack->position + ack->window;

		if (!path->has_edge || mptcp_sequence_ahead(edge, path->edge) > 0)
			path->edge = edge;
		path->has_edge = true;
	}
	if (ack->has_dack)
		mptcp_reference_see(&side->edge, ack->dack + ack->window);
}

/* An acknowledgement reaches the sender. */
static int take_ack(struct mptcp_limits_side *side, const struct mptcp_limits_ack *ack, int64_t now)
{
	struct mptcp_limits_path *path = ack->path;

	if (mptcp_limits_advance(side, now))
		return -1;
	bool open = mptcp_limits_has_room(side), moved = false,
	     waited = mptcp_limits_outstanding(side) > 0;

	if (ack->has_position && ack->position > path->una) {
		moved = path->nxt > path->una;
		path->una = ack->position;
		path->progress = now;
		mptcp_limits_path_acked(path);
		if (path->recovering && path->una >= path->recover) {
			path->recovering = path->hole = false;
			path->settled = now + path->rtt;
		}
	}
	if (ack->has_dack) {
		if (!side->acked.known || mptcp_sequence_ahead(ack->dack, side->acked.highest) > 0)
			side->front = now;
		mptcp_reference_see(&side->acked, ack->dack);
	}
	if (ack->has_window)
		take_window(side, path, ack);
	if (ack->measured)
		take_rtt(side, path, ack->rtt);
	if (side->known && waited && !mptcp_limits_outstanding(side))
		side->last_acked = now;
	if (side->known && (moved || !open) && now >= path->settled &&
		mptcp_limits_has_room(side)) {
		if (!side->free_since)
			side->free_since = now;
		side->freed = now;
	}
	return mptcp_limits_see_blocked(side, NULL, now);
}

int mptcp_limits_expect(struct mptcp_limits_side *side, const struct mptcp_limits_ack *ack,
	int64_t now)
{
	if (ack->due <= now && !side->ack_count)
		return take_ack(side, ack, now);
	struct mptcp_limits_ack *acks = mptcp_array_append(side->acks, &side->ack_count,
		&side->ack_capacity, sizeof(*acks));

	if (!acks)
		return -1;
	side->acks = acks;
	size_t at = side->ack_count - 1;
	for (; at > 0 && acks[at - 1].due > ack->due; at--)
		acks[at] = acks[at - 1];
	acks[at] = *ack;
	return 0;
}

/* Data on `path` that echoes `tsecr` was sent before a later time stamp came, and after it came
 * itself. */
static void sort_by_echo(struct mptcp_limits_side *side, const struct mptcp_limits_path *path,
	uint32_t tsecr, int64_t now)
{
	for (size_t i = 0; i < side->ack_count; i++) {
		struct mptcp_limits_ack *ack = &side->acks[i];

		if (ack->path != path || !ack->has_tsval)
			continue;
		if (mptcp_sequence_ahead32(ack->tsval, tsecr) > 0 && ack->due <= now)
			ack->due = now + 1;
		else if (mptcp_sequence_ahead32(ack->tsval, tsecr) <= 0 && ack->due > now)
			ack->due = now;
	}
}

int mptcp_limits_arrive(struct mptcp_limits_side *side, const struct mptcp_limits_path *path,
	const uint32_t *tsecr, int64_t now)
{
	size_t kept = 0;

	if (!side->ack_count)
		return 0;
	if (tsecr)
		sort_by_echo(side, path, *tsecr, now);
	for (size_t i = 0; i < side->ack_count; i++) {
		struct mptcp_limits_ack ack = side->acks[i];

		if (ack.due > now)
			side->acks[kept++] = ack;
		else if (take_ack(side, &ack, ack.due > side->at ? ack.due : side->at))
			return -1;
	}
	side->ack_count = kept;
	return 0;
}
