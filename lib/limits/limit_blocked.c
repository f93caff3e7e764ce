/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit_blocked: head-of-line blocking: data that waits at the receiver for data before it. */
#include "limit_parts.h"

/* Data that came above a hole waits at the receiver: as its host sees it, or as the sender's
 * acknowledgements show it. */
static bool is_blocked(const struct mptcp_limits_side *side)
{
	if (side->plain || !side->acked.known)
		return false;
	if (side->vantage == MPTCP_LIMITS_AT_RECEIVER) {
		const struct mptcp_interval *last = mptcp_intervals_last(&side->data.dsns);

		return last && side->data.data_ack.highest - side->data.origin < last->start &&
			last != mptcp_intervals_first(&side->data.dsns);
	}
	for (size_t i = 0; i < side->path_count; i++)
		if (side->paths[i]->has_top &&
			mptcp_sequence_ahead(side->paths[i]->top, side->acked.highest) > 0)
			return true;
	return false;
}

int mptcp_limits_see_blocked(struct mptcp_limits_side *side, const struct mptcp_limits_path *filler,
	int64_t now)
{
	bool blocked = is_blocked(side), was = side->blocked_since != 0;

	if (now < side->at) /* interfaces are not captured in step */
		now = side->at;
	if (side->blocked_since && (!blocked || filler)) {
		if (filler && side->vantage == MPTCP_LIMITS_AT_RECEIVER) {
			side->blocker = filler->tcpstream;
			side->has_blocker = true;
		}
		if (mptcp_limits_block(side, side->blocked_since, now,
			    side->has_blocker ? &side->blocker : NULL))
			return -1;
		side->blocked_since = 0;
	}
	if (!blocked || side->blocked_since)
		return 0;
	int64_t time;
	const struct mptcp_limits_path *path = mptcp_limits_owner(side, side->acked.highest, &time);

	side->blocked_since = now;
	if (!was)
		side->blocked_run = now;
	side->has_blocker = path != NULL;
	side->blocker = path ? path->tcpstream : 0;
	return 0;
}
