/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit_side: the data of a direction: what the sender knows at each moment, and the stretches of
 * time between. */
#include "limit_parts.h"

#include "array.h"

#include <stdlib.h>

void mptcp_limits_side_clear(struct mptcp_limits_side *side)
{
	mptcp_fate_data_clear(&side->data);
	mptcp_limits_cells_clear(&side->cells);
	free(side->pieces);
	free(side->acks);
	free(side->paths);
	*side = (struct mptcp_limits_side){0};
}

uint64_t mptcp_limits_outstanding(const struct mptcp_limits_side *side)
{
	int64_t data = side->acked.known
		? mptcp_sequence_ahead(side->sent.highest, side->acked.highest)
		: side->sent.known;

	return data > 0 ? (uint64_t)data : 0;
}

/* The window has room for a full segment, as far as it is known. */
static bool window_open(const struct mptcp_limits_side *side)
{
	return !side->window_known || side->window_unknown || !side->edge.known ||
		mptcp_sequence_ahead(side->edge.highest, side->sent.highest) >= (int64_t)side->mss;
}

/* Every subflow with data in flight has used up the window that it was granted itself. */
static bool own_windows_full(const struct mptcp_limits_side *side)
{
	bool any = false;

	if (side->window_unknown || side->plain)
		return false;
	for (size_t i = 0; i < side->path_count; i++) {
		const struct mptcp_limits_path *path = side->paths[i];

		if (!mptcp_limits_flight(path))
			continue;
		if (!path->has_edge ||
			mptcp_sequence_ahead(path->edge, path->nxt) >= (int64_t)side->mss)
			return false;
		any = true;
	}
	return any;
}

/* How long a subflow may wait for an acknowledgement: two round trips, as a tail loss probe does
 * (RFC 8985 section 7.2), and what a receiver may delay. */
static int64_t patience(const struct mptcp_limits_path *path)
{
	int64_t delayed = path->rtt + 50 * MPTCP_LIMITS_MILLISECOND;

	return 2 * path->rtt > delayed ? 2 * path->rtt : delayed;
}

/* When a subflow that holds up the connection began, or begins, to be late; INT64_MAX for one that
 * does not. */
static int64_t late_since(const struct mptcp_limits_side *side,
	const struct mptcp_limits_path *path)
{
	if (!mptcp_limits_flight(path) ||
		!mptcp_limits_path_holds(path, side->acked.known ? side->acked.highest : 0))
		return INT64_MAX;
	return path->recovering ? INT64_MIN : path->progress + patience(path);
}

uint64_t mptcp_limits_sum(const struct mptcp_limits_side *side)
{
	uint64_t flight = 0;

	for (size_t i = 0; i < side->path_count; i++)
		flight += mptcp_limits_flight(side->paths[i]);
	return flight;
}

/*
 * Data below the highest was given to a subflow that has not sent it yet: the window has room for
 * that, and what the others could send is not shown by them. Less than two segments may be what a
 * subflow holds back until it has a full one. Away from the sender such data may be on its way, for
 * a round trip or two.
 */
static bool has_unsent(const struct mptcp_limits_side *side)
{
	const struct mptcp_intervals *dsns = &side->data.dsns;
	const struct mptcp_interval *last = mptcp_intervals_last(dsns);
	uint64_t acked = side->acked.highest - side->data.origin;
	struct mptcp_interval gap;

	if (side->vantage != MPTCP_LIMITS_AT_SENDER &&
		(!side->blocked_since || side->at - side->blocked_run < 2 * mptcp_limits_rtt(side)))
		return false;
	return side->acked.known && last && acked < last->start &&
		mptcp_intervals_gap(dsns, acked, last->start, &gap) &&
		gap.end - gap.start >= 2 * (uint64_t)side->mss;
}

static enum mptcp_limits_kind kind_of(const struct mptcp_limits_side *side)
{
	if (has_unsent(side))
		return MPTCP_LIMITS_UNSENT;
	if (!window_open(side))
		return MPTCP_LIMITS_WINDOW;
	if (!mptcp_limits_sum(side))
		return mptcp_limits_outstanding(side) && !side->plain ? MPTCP_LIMITS_DACK_WAIT
								      : MPTCP_LIMITS_EMPTY;
	return own_windows_full(side) ? MPTCP_LIMITS_OWN_WINDOW : MPTCP_LIMITS_FLYING;
}

static int put_piece(struct mptcp_limits_side *side, const struct mptcp_limits_piece *piece)
{
	struct mptcp_limits_piece *last =
		side->piece_count ? &side->pieces[side->piece_count - 1] : NULL;

	if (piece->to <= piece->from)
		return 0;
	if (last && last->kind == piece->kind && last->has_culprit == piece->has_culprit &&
		last->culprit == piece->culprit && last->to == piece->from) {
		last->to = piece->to;
		return 0;
	}
	struct mptcp_limits_piece *pieces = mptcp_array_append(side->pieces, &side->piece_count,
		&side->piece_capacity, sizeof(*pieces));
	if (!pieces)
		return -1;
	side->pieces = pieces;
	pieces[side->piece_count - 1] = *piece;
	return 0;
}

#define OWNER_REACH 256 /* segments from the oldest on among which a byte is looked for */

struct mptcp_limits_path *mptcp_limits_owner(const struct mptcp_limits_side *side, uint64_t dsn,
	int64_t *time)
{
	struct mptcp_limits_path *again = NULL;

	for (size_t i = 0; i < side->path_count; i++) {
		struct mptcp_limits_path *path = side->paths[i];

		for (size_t k = path->first; k < path->count && k < path->first + OWNER_REACH;
			k++) {
			const struct mptcp_limits_carried *carried = &path->carried[k];
			int64_t before = mptcp_sequence_ahead(dsn, carried->dsn);

			if (before < 0 || (uint64_t)before >= carried->end - carried->position)
				continue;
			*time = carried->time;
			if (!carried->again)
				return path;
			again = path;
		}
	}
	return again;
}

/*
 * The subflow that the connection has waited for longest, and since when; INT64_MAX for none. Where
 * the sender was not captured, data that is late was not seen: but that data waits for it, and on
 * which subflow nothing came for longest.
 */
static const struct mptcp_limits_path *latest(const struct mptcp_limits_side *side, int64_t *since)
{
	const struct mptcp_limits_path *late = NULL, *silent = NULL;

	*since = INT64_MAX;
	for (size_t i = 0; i < side->path_count; i++) {
		const struct mptcp_limits_path *path = side->paths[i];
		int64_t one = late_since(side, path);

		if (one < *since) {
			*since = one;
			late = path;
		}
		if (path->bytes.packets && (!silent || path->bytes.last < silent->bytes.last))
			silent = path;
	}
	if (late || !side->blocked_since || side->vantage == MPTCP_LIMITS_AT_SENDER || !silent)
		return late;
	*since = side->front + 2 * mptcp_limits_rtt(side);
	return silent;
}

int mptcp_limits_advance(struct mptcp_limits_side *side, int64_t now)
{
	int64_t since, time;

	if (!side->known || now <= side->at)
		return 0;
	const struct mptcp_limits_path *late = latest(side, &since);
	int64_t turn = since < side->at ? side->at : since > now ? now : since;
	struct mptcp_limits_piece piece = {side->at, turn, kind_of(side), 0, false};

	if (piece.kind == MPTCP_LIMITS_DACK_WAIT) {
		const struct mptcp_limits_path *path =
			mptcp_limits_owner(side, side->acked.highest, &time);

		piece.has_culprit = path != NULL;
		piece.culprit = path ? path->tcpstream : 0;
	}
	struct mptcp_limits_piece recovery = {turn, now, MPTCP_LIMITS_RECOVERING,
		late ? late->tcpstream : 0, late != NULL};
	side->at = now;
	return put_piece(side, &piece) || put_piece(side, &recovery) ? -1 : 0;
}

bool mptcp_limits_has_room(const struct mptcp_limits_side *side)
{
	if (!window_open(side) || has_unsent(side))
		return false;
	for (size_t i = 0; i < side->path_count; i++)
		if (late_since(side, side->paths[i]) <= side->at)
			return false;
	return true;
}

int mptcp_limits_sent(struct mptcp_limits_side *side, struct mptcp_limits_path *path,
	const struct mptcp_packet *packet, uint64_t fresh)
{
	int64_t now = packet->abstime;
	uint64_t nxt = path->bytes.end;

	/* data that another subflow carried before answers an acknowledgement, too */
	if ((fresh || (side->known && nxt > path->nxt)) && mptcp_limits_judge(side, now, false))
		return -1;
	if (!mptcp_limits_flight(path))
		path->progress = now;
	if (nxt > path->nxt)
		path->nxt = nxt;
	if (!path->una)
		path->una = path->bytes.payload.acked > path->bytes.first_byte
			? path->bytes.payload.acked
			: path->bytes.first_byte;
	if (fresh) {
		struct mptcp_limits_cell *cell = mptcp_limits_cell(side, now);

		if (!cell)
			return -1;
		cell->bytes += fresh;
		if (!window_open(side))
			side->full = now;
		else if (packet->tcplen < side->mss)
			side->last_short = now;
		mptcp_limits_see_height(side, now);
		side->flight_new = mptcp_limits_sum(side);
	}
	return mptcp_limits_see_blocked(side, packet->tcplen ? path : NULL, now);
}

int mptcp_limits_end_side(struct mptcp_limits_side *side)
{
	if (!side->known)
		return 0;
	if (mptcp_limits_arrive(side, NULL, NULL, INT64_MAX))
		return -1;
	int64_t end = side->last_acked > side->last_new ? side->last_acked : side->at;

	for (size_t i = 0; i < side->piece_count; i++) /* what follows the last is no data's time */
		if (side->pieces[i].to > end)
			side->pieces[i].to =
				side->pieces[i].from < end ? end : side->pieces[i].from;
	side->last_acked = end;
	if (side->blocked_since &&
		mptcp_limits_block(side, side->blocked_since, end,
			side->has_blocker ? &side->blocker : NULL))
		return -1;
	return mptcp_limits_judge(side, end, true);
}
