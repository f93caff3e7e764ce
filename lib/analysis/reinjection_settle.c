/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reinjection_settle: rows that wait until it is settled whether they were useful. See
 * reinjection_parts.h. */
#include "reinjection_parts.h"

#include <stdlib.h>
#include <string.h>

#define NEVER UINT64_MAX

static struct mptcp_reinjections_waiting *row_at(const struct mptcp_reinjections *all,
	uint64_t number)
{
	return &all->waiting[number & (all->capacity - 1)];
}

/* The packet whose acknowledgement first covered everything before `end`, since the history began.
 */
static uint64_t when(const struct mptcp_reinjections_history *history, uint64_t end)
{
	size_t low = 0, high = history->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (history->list[middle].to < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low < history->count ? history->list[low].packetid : NEVER;
}

/* When TCP acknowledged the original, unless the receiver had thrown it away. */
static uint64_t original_acked(const struct mptcp_reinjections_waiting *waiting,
	enum mptcp_role sender)
{
	if (!waiting->original)
		return NEVER;
	const struct mptcp_reinjections_sent *sent =
		mptcp_reinjections_sent(waiting->original, sender);

	if (sent->failed_at != MPTCP_REINJECTIONS_NEVER && waiting->row.dsn >= sent->failed_dsn)
		return NEVER;
	return waiting->original_acked ? 0 : when(&sent->acks, waiting->original_end);
}

static enum mptcp_useful use_of(const struct mptcp_reinjections_waiting *waiting)
{
	const struct mptcp_reinjection *row = &waiting->row;
	enum mptcp_role sender = mptcp_role_peer(row->mptcpdest);
	uint64_t own = when(&mptcp_reinjections_sent(waiting->own, sender)->acks, waiting->own_end);
	uint64_t data =
		when(&waiting->own->connection->to[row->mptcpdest].acks, row->dsn + row->length);
	uint64_t original = original_acked(waiting, sender);
	uint64_t both = own > data ? own : data;

	/* TCP acknowledged it before: only the DATA_ACK shows it, if no hole before it held that up
	 */
	if (waiting->original == waiting->own)
		return data == NEVER       ? MPTCP_USEFUL_UNKNOWN
			: data < own       ? MPTCP_USEFUL_NO
			: waiting->awaited ? MPTCP_USEFUL_YES
					   : MPTCP_USEFUL_UNKNOWN;
	if (original != NEVER && original <= both)
		return MPTCP_USEFUL_NO;
	return both == NEVER ? MPTCP_USEFUL_UNKNOWN : MPTCP_USEFUL_YES;
}

static int settle(struct mptcp_reinjections *all, struct mptcp_reinjections_waiting *waiting,
	struct mptcp_error *error)
{
	if (waiting->settled)
		return 0;
	waiting->settled = true;
	waiting->own->connection->waiting--;
	if (waiting->row.useful == MPTCP_USEFUL_UNKNOWN)
		waiting->row.useful = use_of(waiting);
	return all->order == MPTCP_REINJECTIONS_WHEN_SETTLED
		? all->row(all->context, &waiting->row, error)
		: 0;
}

/* Settles the oldest row and hands it on. */
static int take_first(struct mptcp_reinjections *all, struct mptcp_error *error)
{
	struct mptcp_reinjections_waiting *waiting = row_at(all, all->first);

	if (settle(all, waiting, error))
		return -1;
	all->first++;
	return all->order == MPTCP_REINJECTIONS_IN_ORDER
		? all->row(all->context, &waiting->row, error)
		: 0;
}

static int grow(struct mptcp_reinjections *all)
{
	size_t capacity = all->capacity ? 2 * all->capacity : 64;
	struct mptcp_reinjections_waiting *ring = malloc(capacity * sizeof(*ring));

	if (!ring)
		return -1;
	for (uint64_t number = all->first; number != all->end; number++)
		ring[number & (capacity - 1)] = *row_at(all, number);
	free(all->waiting);
	all->waiting = ring;
	all->capacity = capacity;
	return 0;
}

int mptcp_reinjections_wait(struct mptcp_reinjections *all,
	const struct mptcp_reinjections_waiting *row, struct mptcp_error *error)
{
	struct mptcp_reinjections_subflow *subflow = row->own;

	if (all->order == MPTCP_REINJECTIONS_AT_ONCE)
		return all->row(all->context, &row->row, error);
	if (all->end - all->first == MPTCP_REINJECTIONS_WAITING && take_first(all, error))
		return -1;
	if (all->end - all->first == all->capacity && grow(all))
		return mptcp_error_memory(error);
	struct mptcp_reinjections_waiting *waiting = row_at(all, all->end++);
	*waiting = *row;
	waiting->before = subflow->last_row;
	subflow->last_row = all->end;
	subflow->connection->waiting++;
	return 0;
}

uint64_t mptcp_reinjections_oldest(const struct mptcp_reinjections *all)
{
	return all->first == all->end ? UINT64_MAX : row_at(all, all->first)->row.packetid;
}

int mptcp_reinjections_settle_subflow(struct mptcp_reinjections *all,
	struct mptcp_reinjections_subflow *subflow, struct mptcp_error *error)
{
	uint64_t after = 0; /* the chain runs from the last row to the first: it is reversed */

	for (uint64_t at = subflow->last_row; at > all->first;) {
		struct mptcp_reinjections_waiting *waiting = row_at(all, at - 1);
		uint64_t before = waiting->before;

		waiting->before = after;
		after = at;
		at = before;
	}
	for (subflow->last_row = 0; after;) {
		struct mptcp_reinjections_waiting *waiting = row_at(all, after - 1);

		after = waiting->before;
		if (settle(all, waiting, error))
			return -1;
	}
	return 0;
}

int mptcp_reinjections_settle(struct mptcp_reinjections *all, int64_t now,
	struct mptcp_error *error)
{
	while (all->first != all->end) {
		const struct mptcp_reinjections_waiting *waiting = row_at(all, all->first);

		if (!waiting->settled && now != INT64_MAX &&
			now - waiting->row.time < MPTCP_REINJECTIONS_SETTLED)
			return 0;
		if (take_first(all, error))
			return -1;
	}
	return 0;
}
