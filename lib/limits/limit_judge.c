/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit_judge: once it is known when new data came, and whether it had to wait: what limited the
 * time since the last. */
#include "limit_parts.h"

#include <string.h>

#define BURST (MPTCP_SECOND / 5000) /* segments nearer to each other leave together */
#define AT_ONCE MPTCP_LIMITS_MILLISECOND
#define QUIET 8    /* round trips without a sign of the path */
#define QUEUED 0.3 /* share of long round trips that shows a queue */
#define AGAIN 4    /* round trips within which a sender that has nothing to send is met again */
#define REST (MPTCP_SECOND / 5) /* the shortest retransmission timeout of Linux */
#define IDLE (5 * MPTCP_LIMITS_MILLISECOND)
#define ANSWERED 0.75 /* share of bursts set off by an acknowledgement: the buffer's doing */

int64_t mptcp_limits_rtt(const struct mptcp_limits_side *side)
{
	int64_t longest = 10 * MPTCP_LIMITS_MILLISECOND;

	for (size_t i = 0; i < side->path_count; i++)
		if (side->paths[i]->rtt > longest)
			longest = side->paths[i]->rtt;
	return longest;
}

/* The data in flight now; a new round trip begins a new height. */
void mptcp_limits_see_height(struct mptcp_limits_side *side, int64_t now)
{
	struct mptcp_limits_heights *heights = &side->heights;
	uint64_t flight = mptcp_limits_sum(side), before = 0;

	if (now - heights->begun >= mptcp_limits_rtt(side)) {
		memmove(heights->height + 1, heights->height,
			sizeof(heights->height) - sizeof(*heights->height));
		heights->height[0] = 0;
		heights->begun = now;
		if (heights->count < MPTCP_LIMITS_EPOCHS)
			heights->count++;
	}
	if (flight > heights->height[0])
		heights->height[0] = flight;
	for (unsigned i = 1; i < heights->count; i++)
		if (heights->height[i] > before)
			before = heights->height[i];
	if (flight > before + before / 4 + side->mss)
		side->grown = now;
}

/* What is in flight came to the same height in each of the last round trips. */
static bool is_level(const struct mptcp_limits_side *side)
{
	uint64_t low = UINT64_MAX, high = 0;

	for (unsigned i = 1; i < side->heights.count; i++) {
		uint64_t height = side->heights.height[i];

		low = height < low ? height : low;
		high = height > high ? height : high;
	}
	return side->heights.count == MPTCP_LIMITS_EPOCHS && high - low <= high / 8 + side->mss;
}

static bool long_ago(const struct mptcp_limits_side *side, int64_t time, int64_t now)
{
	return now - (time > side->begin ? time : side->begin) > QUIET * mptcp_limits_rtt(side);
}

/* No path shows that it is full: a sender with more to send would have made it so. */
static bool is_quiet(const struct mptcp_limits_side *side, int64_t now)
{
	return side->queued < QUEUED && long_ago(side, side->lost, now) &&
		long_ago(side, side->grown, now);
}

/*
 * Whether the sender had nothing to send: an acknowledgement had made room, and was not answered.
 * What is no longer than the pauses between its bursts may be pacing (a sender that does not send
 * at once what it may): then some segment of these bursts has to be a short one, which is where its
 * data ended, or the path quiet.
 */
static bool is_starved(const struct mptcp_limits_side *side, int64_t now)
{
	int64_t waited = now - side->free_since, limit = mptcp_limits_rtt(side) / 16;

	if (limit < AT_ONCE)
		limit = AT_ONCE;
	if (limit > IDLE)
		limit = IDLE;
	if (!side->free_since || waited <= limit)
		return false;
	return waited > 2 * side->gap || now - side->last_short <= 3 * side->gap ||
		is_quiet(side, now);
}

/*
 * The window was full within the last round trip, and the sender paces out what an acknowledgement
 * freed of it: that no path is full says nothing of the application then. A pause that is longer
 * than those between its bursts is no pacing.
 */
static bool is_held(const struct mptcp_limits_side *side, int64_t now)
{
	return side->full && now - side->full <= mptcp_limits_rtt(side) &&
		(!side->free_since || now - side->free_since <= 2 * side->gap);
}

/* It had more in flight a moment ago, when it ran out of data: it could send more. */
static bool is_below_reach(const struct mptcp_limits_side *side, int64_t now)
{
	return now < side->reach_until && mptcp_limits_sum(side) + side->mss <= side->reach;
}

static enum mptcp_limit sender_limit(const struct mptcp_limits_side *side, int64_t now)
{
	return side->vantage == MPTCP_LIMITS_AT_SENDER && side->answers >= ANSWERED &&
			is_level(side) && long_ago(side, side->lost, now)
		? MPTCP_LIMIT_SEND_BUFFER
		: MPTCP_LIMIT_APP_PACED;
}

static enum mptcp_limit window_limit(const struct mptcp_limits_side *side)
{
	return side->plain ? MPTCP_LIMIT_SUBFLOW_WINDOW : MPTCP_LIMIT_MPTCP_WINDOW;
}

static enum mptcp_limit limit_of(const struct mptcp_limits_side *side,
	const struct mptcp_limits_piece *piece, enum mptcp_limit flying)
{
	int64_t length = piece->to - piece->from, rtt = mptcp_limits_rtt(side);

	switch (piece->kind) {
	case MPTCP_LIMITS_RECOVERING:
		return MPTCP_LIMIT_RECOVERY;
	case MPTCP_LIMITS_WINDOW:
		return window_limit(side);
	case MPTCP_LIMITS_OWN_WINDOW:
		return MPTCP_LIMIT_SUBFLOW_WINDOW;
	case MPTCP_LIMITS_DACK_WAIT:
		if (length > rtt && length > 50 * MPTCP_LIMITS_MILLISECOND)
			return MPTCP_LIMIT_RECOVERY;
		return flying;
	case MPTCP_LIMITS_EMPTY:
		return length > IDLE ? MPTCP_LIMIT_APP_IDLE : flying;
	case MPTCP_LIMITS_UNSENT:
		return MPTCP_LIMIT_NETWORK;
	case MPTCP_LIMITS_FLYING:
		break;
	}
	return flying;
}

/* A new burst: how long after the last; after a wait, whether an acknowledgement set it off. */
static void see_burst(struct mptcp_limits_side *side, int64_t now, bool starved)
{
	int64_t gap = now - side->last_new, wait = now - side->freed;

	if (gap > BURST)
		side->gap = side->gap ? side->gap + (gap - side->gap) / 8 : gap;
	if (!starved)
		return;
	bool answer = mptcp_limits_sum(side) <= side->flight_new * 7 / 8 && wait <= AT_ONCE &&
		wait <= gap / 64;

	if (side->waits < 8)
		side->waits++;
	side->answers += (answer - side->answers) / side->waits;
	if (gap > REST) { /* the congestion window may have shrunk (RFC 2861) */
		side->reach_until = 0;
		side->heights.count = 0;
		side->grown = now;
		return;
	}
	/* once may have been the host that was busy */
	if (now - side->starved < AGAIN * mptcp_limits_rtt(side)) {
		if (now >= side->reach_until || side->flight_new > side->reach)
			side->reach = side->flight_new;
		side->reach_until = now + 2 * mptcp_limits_rtt(side);
	}
	side->starved = now;
}

int mptcp_limits_judge(struct mptcp_limits_side *side, int64_t now, bool end)
{
	enum mptcp_limit flying = MPTCP_LIMIT_NETWORK;

	if (!side->known) {
		side->known = true;
		side->begin = side->at = side->last_new = side->last_acked = now;
		side->heights.begun = now;
		return 0;
	}
	bool starved = !end && is_starved(side, now);

	if (!end && (starved || is_below_reach(side, now) || is_quiet(side, now)))
		flying = is_held(side, now) ? window_limit(side) : sender_limit(side, now);
	for (size_t i = 0; i < side->piece_count; i++) {
		const struct mptcp_limits_piece *piece = &side->pieces[i];
		enum mptcp_limit limit = limit_of(side, piece, flying);
		bool blames = limit == MPTCP_LIMIT_RECOVERY && piece->has_culprit;

		if (limit == MPTCP_LIMIT_RECOVERY) {
			side->lost = piece->to;
			side->reach_until = 0;
		}
		if (mptcp_limits_count(side, piece->from, piece->to, limit,
			    blames ? &piece->culprit : NULL))
			return -1;
	}
	if (!end)
		see_burst(side, now, starved);
	side->piece_count = 0;
	side->free_since = side->freed = 0;
	side->last_new = now;
	return 0;
}
