/* SPDX-License-Identifier: GPL-2.0-or-later */
/* payload: see payload.h. */
#include "payload.h"

#include "learn.h"

#include <stdlib.h>

/* Rows for which acknowledged data and mappings are remembered all the same: copies on other paths
 * are under way. */
#define REMEMBERED_ROWS 65536
/* Earlier packets named in one reinjection_of. */
#define REINJECTIONS_MAX 256

bool mptcp_payload_base(struct mptcp_direction *sent, uint64_t *base)
{
	if (!sent->has_base) {
		if (!sent->has_idsn && !sent->has_lowest)
			return false;
		sent->base = sent->has_idsn ? sent->idsn : sent->lowest - 1;
		sent->has_base = true;
	}
	*base = sent->base;
	return true;
}

/* Earlier packets of other subflows that carried the same data. */
struct originals {
	uint64_t packetids[REINJECTIONS_MAX];
	size_t count;
};

/* Those of one piece of payload; then this packet is remembered. */
static int find_originals(struct originals *originals, const struct mptcp_packet *packet,
	struct mptcp_direction *sent, uint64_t dsn, uint32_t length)
{
	size_t room = REINJECTIONS_MAX - originals->count;
	size_t found = mptcp_carried_find(&sent->carried, dsn, length, packet->tcpstream,
		originals->packetids + originals->count, room);

	originals->count += found < room ? found : room;
	return mptcp_carried_add(&sent->carried,
		(struct mptcp_carried_packet){dsn, packet->packetid, length, packet->tcpstream});
}

static int by_number(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return first < second ? -1 : first > second;
}

/* Each once, in order. */
static void put_originals(struct mptcp_buffer *list, struct originals *originals)
{
	uint64_t *packetids = originals->packetids;

	qsort(packetids, originals->count, sizeof(*packetids), by_number);
	for (size_t i = 0; i < originals->count; i++) {
		if (i && packetids[i] == packetids[i - 1])
			continue;
		if (list->length)
			mptcp_buffer_add_char(list, ';');
		mptcp_buffer_add_unsigned(list, packetids[i]);
	}
}

/*
 * What the subflows of a connection have sent and not got acknowledged, as data that may come
 * again: ranges relative to `origin`, a DSN far before all of it.
 */
static int outstanding_data(const struct mptcp_connection *connection, enum mptcp_role role,
	uint64_t origin, struct mptcp_intervals *data)
{
	for (const struct mptcp_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next) {
		unsigned from = mptcp_subflow_role(subflow, 0) == role ? 0 : 1;
		const struct mptcp_flow_end *end = &subflow->flow->ends[from];
		uint64_t shift = mptcp_learn_shift(subflow, from);
		uint64_t acked = mptcp_flow_acknowledged(end) + shift,
			 highest = end->highest + shift;
		const struct mptcp_mappings *mappings = &subflow->sent[from].mappings;

		for (size_t i = 0; i < mappings->count; i++) {
			const struct mptcp_mapping *mapping = &mappings->list[i];
			uint64_t start = mapping->start > acked ? mapping->start : acked;
			uint64_t stop = mapping->end < highest ? mapping->end : highest;
			uint64_t dsn = mapping->dsn - origin + (start - mapping->start);

			if (start < stop &&
				mptcp_intervals_add(data, dsn, dsn + (stop - start), NULL))
				return -1;
		}
	}
	return 0;
}

/* Forgets what cannot matter any more. */
static int prune(struct mptcp_subflow *subflow, unsigned from, enum mptcp_role role,
	uint64_t packetid)
{
	const struct mptcp_flow_end *end = &subflow->flow->ends[from];
	struct mptcp_direction *sent = &subflow->connection->sent[role];
	uint64_t old = packetid > REMEMBERED_ROWS ? packetid - REMEMBERED_ROWS : 0;

	mptcp_mappings_prune(&subflow->sent[from].mappings,
		mptcp_flow_acknowledged(end) + mptcp_learn_shift(subflow, from), old);
	if (!mptcp_carried_wants_prune(&sent->carried))
		return 0;
	struct mptcp_intervals outstanding = {0};
	uint64_t origin = sent->learned.highest - (UINT64_C(1) << 63);
	uint64_t data_ack = sent->learned.highest - MPTCP_FLOW_REACH;
	int failed = outstanding_data(subflow->connection, role, origin, &outstanding);

	if (sent->data_ack.known && mptcp_sequence_ahead(sent->data_ack.highest, data_ack) > 0)
		data_ack = sent->data_ack.highest;
	if (!failed)
		mptcp_carried_prune(&sent->carried, old, data_ack, origin, &outstanding);
	mptcp_intervals_release(&outstanding);
	return failed;
}

static void add_piece(struct mptcp_buffer *list, uint64_t offset, uint64_t dsn, uint64_t length)
{
	if (list->length)
		mptcp_buffer_add_char(list, ';');
	mptcp_buffer_add_unsigned(list, offset);
	mptcp_buffer_add_char(list, ':');
	mptcp_buffer_add_unsigned(list, dsn);
	mptcp_buffer_add_char(list, ':');
	mptcp_buffer_add_unsigned(list, length);
}

/* The payload is at the positions [start, stop): its pieces, mapping by mapping. */
static int resolve_pieces(struct mptcp_packet *packet, const struct mptcp_mappings *mappings,
	struct mptcp_direction *sent, uint64_t base, uint64_t start, struct originals *originals,
	struct mptcp_buffer *dsn_split)
{
	uint64_t stop = start + packet->tcplen;

	for (uint64_t at = start; at < stop;) {
		const struct mptcp_mapping *mapping = mptcp_mappings_find(mappings, at);

		if (!mapping || mapping->start >= stop)
			break;
		uint64_t from = mapping->start > at ? mapping->start : at;
		uint64_t to = mapping->end < stop ? mapping->end : stop;
		uint64_t dsn = mapping->dsn + (from - mapping->start);

		at = to;
		if (mptcp_sequence_ahead(dsn, base) <= 0)
			continue; /* before all data that there can be */
		if (from == start) {
			packet->dsn_raw = dsn;
			packet->dsn = dsn - base;
			packet->present |= MPTCP_HAS(dsn) | MPTCP_HAS(dsn_raw);
		}
		if (from != start || to != stop)
			add_piece(dsn_split, from - start, dsn - base, to - from);
		if (find_originals(originals, packet, sent, dsn, (uint32_t)(to - from)))
			return -1;
	}
	return 0;
}

int mptcp_payload_resolve(struct mptcp_packet *packet, struct mptcp_subflow *subflow, unsigned from,
	struct mptcp_buffer *reinjection_of, struct mptcp_buffer *dsn_split)
{
	enum mptcp_role role = mptcp_subflow_role(subflow, from);
	struct mptcp_direction *sent = &subflow->connection->sent[role];
	const struct mptcp_flow_end *end = &subflow->flow->ends[from];
	uint32_t first = packet->tcpseq_raw + (packet->tcpflags & MPTCP_SYN ? 1 : 0);
	uint64_t start = mptcp_flow_position(end, first) + mptcp_learn_shift(subflow, from);
	struct originals originals;
	uint64_t base;

	originals.count = 0;
	if (!mptcp_payload_base(sent, &base))
		return 0;
	if (resolve_pieces(packet, &subflow->sent[from].mappings, sent, base, start, &originals,
		    dsn_split))
		return -1;
	put_originals(reinjection_of, &originals);
	return reinjection_of->failed || dsn_split->failed
		? -1
		: prune(subflow, from, role, packet->packetid);
}
