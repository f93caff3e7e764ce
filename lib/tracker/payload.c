/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "payload.h"

#include "learn.h"

#include <stdlib.h>

/* Rows for which acknowledged data and mappings are still remembered: copies on other paths are
 * under way. */
#define REMEMBERED_ROWS 65536
/* Earlier packets named in one reinjection_of. */
#define REINJECTIONS_MAX 256

bool mptcp_payload_base(struct mptcp_connection_sender *sent, uint64_t *base)
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

/* Earlier packets that carried the same data. */
struct originals {
	uint64_t packetids[REINJECTIONS_MAX];
	size_t count;
};

static void find_originals(struct originals *originals, const struct mptcp_data_seen *data_seen,
	const struct mptcp_fate_bytes *bytes)
{
	originals->count += mptcp_data_seen_find(data_seen, bytes->dsn, bytes->length,
		originals->packetids + originals->count, REINJECTIONS_MAX - originals->count);
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

/* Forgets what can no longer matter. */
static void prune(struct mptcp_subflow *subflow, unsigned from,
	struct mptcp_connection_sender *sent, uint64_t packetid)
{
	const struct mptcp_reference *acked = &sent->fate.data_ack;
	uint64_t old = packetid > REMEMBERED_ROWS ? packetid - REMEMBERED_ROWS : 0;
	uint64_t data_ack = sent->learned.highest - MPTCP_FATE_REACH;

	mptcp_mappings_prune(&subflow->sent[from].mappings,
		mptcp_flow_acknowledged(&subflow->flow->ends[from]) +
			mptcp_learn_shift(subflow, from),
		old);
	if (!mptcp_data_seen_wants_prune(&sent->data_seen))
		return;
	if (acked->known && mptcp_sequence_ahead(acked->highest, data_ack) > 0)
		data_ack = acked->highest;
	mptcp_data_seen_prune(&sent->data_seen, old, data_ack);
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

static uint32_t first_byte(const struct mptcp_packet *packet)
{
	return packet->tcpseq_raw + (packet->tcpflags & MPTCP_SYN ? 1 : 0);
}

int mptcp_payload_map(struct mptcp_packet *packet, struct mptcp_subflow *subflow, unsigned from,
	struct mptcp_buffer *dsn_split)
{
	uint64_t start = mptcp_flow_position(&subflow->flow->ends[from], first_byte(packet)) +
		mptcp_learn_shift(subflow, from);
	uint64_t stop = start + packet->tcplen, base;

	if (!mptcp_payload_base(&subflow->connection->sent[mptcp_subflow_role(subflow, from)],
		    &base))
		return 0;
	for (uint64_t at = start, parts = 0; at < stop; parts++) {
		const struct mptcp_mapping *mapping =
			mptcp_mappings_find(&subflow->sent[from].mappings, at);

		if (!mapping || mapping->start >= stop)
			break;
		if (parts == MPTCP_PAYLOAD_PIECES)
			return dsn_split->failed ? -1 : 1;
		uint64_t begin = mapping->start > at ? mapping->start : at;
		uint64_t end = mapping->end < stop ? mapping->end : stop;
		uint64_t dsn = mapping->dsn + (begin - mapping->start);

		at = end;
		if (mptcp_sequence_ahead(dsn, base) <= 0)
			continue; /* before all data that there can be */
		if (begin == start) {
			packet->dsn_raw = dsn;
			packet->dsn = dsn - base;
			packet->present |= MPTCP_HAS(dsn) | MPTCP_HAS(dsn_raw);
		}
		if (begin != start || end != stop)
			add_piece(dsn_split, begin - start, dsn - base, end - begin);
	}
	return dsn_split->failed ? -1 : 0;
}

/* This packet carried its pieces. */
static int remember_pieces(struct mptcp_data_seen *data_seen, const struct mptcp_packet *packet,
	uint64_t base)
{
	struct mptcp_piece piece;

	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece);)
		if (mptcp_data_seen_add(data_seen,
			    (struct mptcp_data_seen_packet){base + piece.dsn, packet->packetid,
				    piece.length}))
			return -1;
	return 0;
}

int mptcp_payload_fate(struct mptcp_packet *packet, struct mptcp_flow *flow, unsigned from,
	struct mptcp_buffer *reinjection_of)
{
	struct mptcp_subflow *subflow = flow->subflow;
	struct mptcp_flow_end *end = &flow->ends[from];
	struct mptcp_connection_sender *sent =
		subflow ? &subflow->connection->sent[mptcp_subflow_role(subflow, from)] : NULL;
	struct mptcp_fate_walk walk;
	struct mptcp_fate_part part;
	struct originals originals;
	enum mptcp_result got;

	originals.count = 0;
	mptcp_fate_begin(&walk, packet, mptcp_flow_position(end, first_byte(packet)));
	if (sent)
		mptcp_payload_base(sent, &walk.base);
	packet->retransmission = false;
	packet->present |= MPTCP_HAS(retransmission);
	while ((got = mptcp_fate_walk(&walk, &end->fate, sent ? &sent->fate : NULL, &part)) ==
		MPTCP_ROW)
		if (part.fate == MPTCP_FATE_RETRANSMITTED)
			packet->retransmission = true;
		else if (part.fate == MPTCP_FATE_REINJECTED)
			find_originals(&originals, &sent->data_seen, &part.bytes);
	put_originals(reinjection_of, &originals);
	if (got == MPTCP_FAILED || reinjection_of->failed)
		return -1;
	if (!sent)
		return 0;
	if (remember_pieces(&sent->data_seen, packet, walk.base))
		return -1;
	prune(subflow, from, sent, packet->packetid);
	return 0;
}
