/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_verdict: which findings stand: what the capture has to have for them, and has not. See
 * check_parts.h. */
#include "check_parts.h"

#include "array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the capture lacks of a subflow: MPTCP_NEEDS_... */
static unsigned lacks(const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_story_connection *connection = subflow->connection;
	const struct mptcp_check_stream *stream = subflow->own;
	const struct mptcp_check_connection *whole = connection ? connection->own : NULL;
	const struct mptcp_keys *keys = connection ? &connection->keys : NULL;
	unsigned lacking = 0;

	if (!mptcp_check_has_syn(subflow) ||
		(connection && !(connection->initial && mptcp_check_has_syn(connection->initial))))
		lacking |= MPTCP_NEEDS_SYN;
	if (keys &&
		!(mptcp_keys_chosen(keys, MPTCP_CLIENT) && mptcp_keys_chosen(keys, MPTCP_SERVER)))
		lacking |= MPTCP_NEEDS_KEYS;
	if (whole && !whole->both)
		lacking |= MPTCP_NEEDS_BOTH;
	if (stream && (stream->ways[0].cut || stream->ways[1].cut))
		lacking |= MPTCP_NEEDS_UNCUT;
	/* what was lost at the end may have had the mapping of what follows */
	if ((whole && !whole->whole) ||
		(stream &&
			(stream->ways[0].sent.ranges.count > 1 ||
				stream->ways[1].sent.ranges.count > 1)))
		lacking |= MPTCP_NEEDS_WHOLE;
	return lacking;
}

/* Whether the connection had fallen back, or the subflow had failed, when it happened. */
static bool is_over(const struct mptcp_check_row *row)
{
	const struct mptcp_story_subflow *subflow = row->subflow;
	const struct mptcp_story_connection *connection = subflow->connection;
	const struct mptcp_check_stream *stream = subflow->own;
	uint64_t packetid = row->finding.packetid;

	if (!connection)
		return true;
	if (connection->fallback.packetid && packetid >= connection->fallback.packetid)
		return true;
	if (subflow->failed)
		return true;
	for (int i = 0; i < 2; i++)
		if (stream->ways[i].bare &&
			(stream->ways[i].bare_data || stream->ways[i].bare_ack) &&
			packetid >= stream->ways[i].bare_first.packetid)
			return true;
	return false;
}

static bool stands(const struct mptcp_check_row *row)
{
	unsigned needs = mptcp_findings[row->finding.id].needs;

	if (!row->subflow)
		return true;
	if (needs & lacks(row->subflow))
		return false;
	return !(needs & MPTCP_NEEDS_MPTCP) || !is_over(row);
}

/* At the host at which the capture was taken, where that is known; what came from the other one as
 * its capture says. */
static enum mptcp_where where(const struct mptcp_check *check, const struct mptcp_check_row *row)
{
	uint64_t packetid = row->finding.packetid;
	const struct mptcp_story_connection *connection =
		row->subflow ? row->subflow->connection : NULL;
	bool to_client = row->finding.mptcpdest == MPTCP_CLIENT;

	if (!strncmp(mptcp_findings[row->finding.id].id, "hyg-", 4) ||
		row->finding.id == MPTCP_FINDING_not_evaluated)
		return MPTCP_WHERE_CAPTURE;
	if (mptcp_findings[row->finding.id].needs & MPTCP_NEEDS_PEER ||
		mptcp_intervals_overlap(&check->changed, packetid, packetid + 1))
		return MPTCP_WHERE_NETWORK;
	if (mptcp_intervals_overlap(&check->same, packetid, packetid + 1))
		return MPTCP_WHERE_HOST;
	if (!connection || connection->vantage == MPTCP_VANTAGE_UNKNOWN)
		return MPTCP_WHERE_UNKNOWN;
	return (connection->vantage == MPTCP_VANTAGE_SERVER) == to_client ? MPTCP_WHERE_HOST
									  : MPTCP_WHERE_UNKNOWN;
}

/* A row for what could not be judged. */
static void put_lacking(struct mptcp_check *check, struct mptcp_story_subflow *subflow,
	unsigned lacking)
{
	const struct mptcp_check_stream *stream = subflow->own;
	int first = stream->ways[0].first.packetid ? 0 : 1;
	struct mptcp_proof proof = {0};
	struct mptcp_sight sight;
	size_t length = 0;
	unsigned hidden = 0;

	for (unsigned bit = 0; bit < MPTCP_NEEDS; bit++)
		if (lacking >> bit & 1)
			length += (size_t)snprintf(proof.expected + length,
				sizeof(proof.expected) - length, "%s%s", length ? ";" : "",
				mptcp_need_name(bit));
	for (int id = 0; id < MPTCP_FINDINGS; id++)
		hidden += (mptcp_findings[id].needs & lacking) != 0;
	snprintf(proof.got, sizeof(proof.got), "%u", hidden);
	mptcp_check_recall(&sight, check, subflow, &stream->ways[first].first);
	if (!check->failed)
		MPTCP_CHECK_PUT(&sight, not_evaluated, &proof);
}

static void count_missing(struct mptcp_check *check, bool over)
{
	const struct mptcp_roster *roster = &check->story.roster;

	for (size_t i = 0; i < roster->subflow_count && !check->failed; i++) {
		struct mptcp_story_subflow *subflow = roster->subflows[i];

		if (!subflow->connection || !subflow->own || (over && !subflow->over))
			continue;
		unsigned lacking = lacks(subflow);

		for (unsigned bit = 0; bit < MPTCP_NEEDS; bit++) {
			check->missing[bit].of++;
			check->missing[bit].subflows += lacking >> bit & 1;
		}
		if (lacking)
			put_lacking(check, subflow, lacking);
	}
}

static int compare(const void *left, const void *right)
{
	const struct mptcp_finding *a = left, *b = right;

	if (a->packetid != b->packetid)
		return a->packetid < b->packetid ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->tcpstream != b->tcpstream)
		return a->tcpstream < b->tcpstream ? -1 : 1;
	if (a->mptcpdest != b->mptcpdest)
		return a->mptcpdest < b->mptcpdest ? -1 : 1;
	return (int)a->severity - (int)b->severity;
}

static int keep(struct mptcp_check *check, const struct mptcp_check_row *row)
{
	struct mptcp_finding *list =
		mptcp_array_append(check->list, &check->count, &check->capacity, sizeof(*list));

	if (!list)
		return -1;
	check->list = list;
	list[check->count - 1] = row->finding;
	list[check->count - 1].where = where(check, row);
	return 0;
}

int mptcp_check_verdict(struct mptcp_check *check, bool over)
{
	const size_t before = check->count;
	struct mptcp_check_row **at = &check->rows, *row;

	count_missing(check, over);
	while (!check->failed && (row = *at)) {
		if (over && !(row->subflow && row->subflow->over)) {
			at = &row->next;
			continue;
		}
		if (stands(row) && keep(check, row))
			return -1;
		*at = row->next;
		if (!check->all)
			HASH_DEL(check->by_key, row);
		free(row);
	}
	if (check->count > before)
		qsort(check->list + before, check->count - before, sizeof(*check->list), compare);
	return check->failed ? -1 : 0;
}
