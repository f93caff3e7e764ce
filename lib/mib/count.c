/* SPDX-License-Identifier: GPL-2.0-or-later */
/* count: the counts of the module mib, and the rows made of them. */
#include "mib_parts.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

#define uthash_nonfatal_oom(cell) (cell)->lost = true
#include "hashed.h"

struct mptcp_mib_cell {
	struct cell_key {
		uint32_t connection; /* mptcpstream, or MPTCP_MIB_NOWHERE */
		uint32_t period;
		uint32_t counter, role;
	} key;
	struct mptcp_mib_count count;
	bool lost; /* memory ran out */
	UT_hash_handle hh;
};

void mptcp_mib_cells_clear(struct mptcp_mib *mib)
{
	struct mptcp_mib_cell *cell, *next;

	HASH_ITER (hh, mib->cells, cell, next) {
		HASH_DEL(mib->cells, cell);
		free(cell);
	}
}

static struct mptcp_mib_cell *find(struct mptcp_mib *mib, const struct cell_key *key)
{
	struct mptcp_mib_cell *cell;

	HASH_FIND(hh, mib->cells, key, sizeof(*key), cell);
	if (cell)
		return cell;
	cell = calloc(1, sizeof(*cell));
	if (!cell)
		return NULL;
	cell->key = *key;
	HASH_ADD(hh, mib->cells, key, sizeof(cell->key), cell);
	if (!cell->lost)
		return cell;
	free(cell);
	return NULL;
}

/* Keeps the lowest numbers, ascending. */
static void remember(struct mptcp_mib_count *count, uint64_t packet)
{
	unsigned at = count->packet_count;

	while (at && count->packets[at - 1] > packet)
		at--;
	if (!packet || (at && count->packets[at - 1] == packet))
		return;
	count->more |= count->packet_count == MPTCP_MIB_PACKETS;
	if (at == MPTCP_MIB_PACKETS)
		return;
	unsigned left = count->packet_count < MPTCP_MIB_PACKETS ? count->packet_count++
								: MPTCP_MIB_PACKETS - 1;
	memmove(&count->packets[at + 1], &count->packets[at],
		(left - at) * sizeof(*count->packets));
	count->packets[at] = packet;
}

static uint32_t period(const struct mptcp_mib *mib, int64_t reltime)
{
	if (!mib->interval || reltime < 0)
		return 0;
	int64_t number = reltime / mib->interval;

	return number < MPTCP_MIB_PERIODS ? (uint32_t)number : MPTCP_MIB_PERIODS - 1;
}

static bool is_wanted(const struct mptcp_selection *selection, const struct mptcp_mib_place *place)
{
	const struct mptcp_story_subflow *subflow = place->subflow;
	const struct mptcp_story_connection *connection = subflow->connection;

	if (!selection)
		return true;
	return (connection ? mptcp_selection_takes_subflow(selection, connection->mptcpstream,
				     subflow->tcpstream)
			   : !selection->has_mptcpstream &&
				       mptcp_selection_takes_stream(selection,
					       subflow->tcpstream)) &&
		mptcp_selection_takes_direction(selection, place->moment->mptcpdest) &&
		mptcp_selection_takes_moment(selection, place->moment->reltime);
}

int mptcp_mib_count(struct mptcp_mib *mib, const struct mptcp_mib_place *place,
	enum mptcp_counter counter, const int range[3])
{
	const struct mptcp_story_connection *connection = place->subflow->connection;
	struct cell_key key = {connection ? connection->mptcpstream : MPTCP_MIB_NOWHERE,
		period(mib, place->moment->reltime), (uint32_t)counter, (uint32_t)place->role};

	if (!mptcp_mib_is_here(mib, place) || !is_wanted(mib->selection, place))
		return 0;
	struct mptcp_mib_cell *cell = find(mib, &key);

	if (!cell)
		return -1;
	cell->count.low += range[0];
	cell->count.predicted += range[1];
	cell->count.high += range[2];
	if (range[1])
		remember(&cell->count, place->moment->packetid);
	return 0;
}

int mptcp_mib_one(struct mptcp_mib *mib, const struct mptcp_mib_place *place,
	enum mptcp_counter counter)
{
	return mptcp_mib_count(mib, place, counter, (const int[3]){1, 1, 1});
}

static void add_count(struct mptcp_mib_count *into, const struct mptcp_mib_count *count)
{
	into->low += count->low;
	into->predicted += count->predicted;
	into->high += count->high;
	for (unsigned i = 0; i < count->packet_count; i++)
		remember(into, count->packets[i]);
	into->more |= count->more;
}

static int compare(const void *left, const void *right)
{
	const struct mptcp_mib_row *a = left, *b = right;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return a->counter < b->counter ? -1 : a->counter > b->counter;
}

/* Rows of the same group and counter become one. */
static void merge(struct mptcp_mib *mib)
{
	size_t kept = 0;

	if (mib->row_count)
		qsort(mib->rows, mib->row_count, sizeof(*mib->rows), compare);
	for (size_t i = 0; i < mib->row_count; i++)
		if (kept && !compare(&mib->rows[kept - 1], &mib->rows[i]))
			add_count(&mib->rows[kept - 1].count, &mib->rows[i].count);
		else
			mib->rows[kept++] = mib->rows[i];
	mib->row_count = kept;
}

int mptcp_mib_fold(struct mptcp_mib *mib, struct mptcp_error *error)
{
	for (const struct mptcp_mib_cell *cell = mib->cells; cell; cell = cell->hh.next) {
		const struct mptcp_story_connection *connection =
			cell->key.connection == MPTCP_MIB_NOWHERE
			? NULL
			: mptcp_roster_connection(&mib->story.roster, cell->key.connection);

		if (!mptcp_mib_has_role(mib, connection, (enum mptcp_role)cell->key.role))
			continue;
		struct mptcp_mib_row *rows = mptcp_array_append(mib->rows, &mib->row_count,
			&mib->row_capacity, sizeof(*rows));

		if (!rows)
			return mptcp_error_memory(error);
		mib->rows = rows;
		rows[mib->row_count - 1] = (struct mptcp_mib_row){
			mib->by_connection ? cell->key.connection : cell->key.period,
			(enum mptcp_counter)cell->key.counter, cell->count};
		if (!mptcp_mib_has_lowest(mib, connection, (enum mptcp_counter)cell->key.counter))
			rows[mib->row_count - 1].count.low = 0;
	}
	merge(mib);
	return 0;
}
