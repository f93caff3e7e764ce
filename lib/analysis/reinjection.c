/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reinjection: see reinjection.h. */
#include "reinjection_parts.h"

#include "array.h"
#include "piece.h"
#include "sequence.h"

#include <stdlib.h>

/* Rows for which copies are remembered though both levels have acknowledged them: an acknowledged
 * copy may still be under way on a slower path. */
#define REMEMBERED_ROWS 65536
/* Bytes behind the highest sent from which on data counts as acknowledged where acknowledgements
 * were not captured. */
#define UNACKNOWLEDGED_REACH (UINT64_C(64) << 20)
/* Nanoseconds that an acknowledgement may take on any path (Linux delays them by up to 40 ms), and
 * on one whose handshake was not captured. */
#define PATIENCE_MIN INT64_C(40000000)
#define PATIENCE_UNKNOWN INT64_C(200000000)

const char *mptcp_cause_name(enum mptcp_cause cause)
{
	static const char *const names[] = {"remove_addr", "subflow_closed", "timeout", "redundant",
		"unknown"};

	return names[cause];
}

const char *mptcp_useful_name(enum mptcp_useful useful)
{
	static const char *const names[] = {"unknown", "no", "yes"};

	return names[useful];
}

void mptcp_reinjections_release(struct mptcp_reinjections *reinjections)
{
	for (size_t i = 0; i < reinjections->connection_count; i++)
		for (int role = 0; role < 2; role++) {
			mptcp_copies_release(&reinjections->connections[i].to[role].copies);
			free(reinjections->connections[i].to[role].pending);
		}
	mptcp_numbers_release(&reinjections->subflow_index);
	mptcp_numbers_release(&reinjections->connection_index);
	free(reinjections->subflows);
	free(reinjections->connections);
	free(reinjections->list);
	*reinjections = (struct mptcp_reinjections){0};
}

/* Which copy was acknowledged first, as far as is known now. */
static enum mptcp_useful use_of(const struct mptcp_reinjections *all,
	const struct mptcp_reinjections_direction *direction,
	const struct mptcp_reinjections_pending *pending, enum mptcp_role sender)
{
	const struct mptcp_reinjection *row = &all->list[pending->row];
	const struct mptcp_reinjections_subflow *own = &all->subflows[pending->own];
	const struct mptcp_reinjections_subflow *original = &all->subflows[pending->original];

	if (original->sent[original->client_role == sender ? 0 : 1].acked >= pending->original_end)
		return MPTCP_USEFUL_NO;
	if (own->sent[own->client_role == sender ? 0 : 1].acked >= pending->own_end &&
		direction->data_ack >= row->dsn + row->length)
		return MPTCP_USEFUL_YES;
	return MPTCP_USEFUL_UNKNOWN;
}

/* Settles the use of rows of which an acknowledgement tells; forgets those too old to wait for. */
static void settle(struct mptcp_reinjections *all, struct mptcp_reinjections_direction *direction,
	enum mptcp_role sender, uint64_t packetid)
{
	size_t kept = 0;

	for (size_t i = 0; i < direction->pending_count; i++) {
		const struct mptcp_reinjections_pending *pending = &direction->pending[i];
		struct mptcp_reinjection *row = &all->list[pending->row];

		row->useful = use_of(all, direction, pending, sender);
		if (row->useful == MPTCP_USEFUL_UNKNOWN &&
			(packetid - row->packetid < REMEMBERED_ROWS ||
				direction->data_ack < row->dsn + row->length))
			direction->pending[kept++] = *pending;
	}
	direction->pending_count = kept;
}

/* How long without an acknowledgement means that something is wrong: the probe timeout of RFC 8985
 * section 7.2. */
static int64_t patience(const struct mptcp_reinjections_subflow *subflow)
{
	if (!subflow->has_rtt)
		return PATIENCE_UNKNOWN;
	return 2 * subflow->rtt > PATIENCE_MIN ? 2 * subflow->rtt : PATIENCE_MIN;
}

/* True if the original's subflow has got no acknowledgement of this range, and it or the connection
 * waits for one for too long. */
static bool is_late(const struct mptcp_reinjections_subflow *original,
	struct mptcp_reinjections_direction *direction, const struct mptcp_copy *copy,
	uint64_t length, enum mptcp_role sender, int64_t now)
{
	const struct mptcp_reinjections_sent *sent =
		&original->sent[original->client_role == sender ? 0 : 1];
	int64_t since = sent->progress_at > copy->time ? sent->progress_at : copy->time;

	if (now - direction->waiting_since >= patience(original))
		direction->timeout_at = now;
	if (direction->timeout_at > copy->time)
		return true;
	return sent->acked < copy->position + length &&
		(sent->again_at > copy->time || now - since >= patience(original));
}

/* See mptcp-lr(1): the first that holds. */
static enum mptcp_cause cause_of(const struct mptcp_reinjections_subflow *original, bool late,
	bool repeated, int64_t delay)
{
	if (original->removed)
		return MPTCP_CAUSE_REMOVE_ADDR;
	if (original->closed)
		return MPTCP_CAUSE_SUBFLOW_CLOSED;
	if (late || repeated)
		return MPTCP_CAUSE_TIMEOUT;
	if (original->has_rtt && delay < original->rtt)
		return MPTCP_CAUSE_REDUNDANT;
	return MPTCP_CAUSE_UNKNOWN;
}

/* What mptcp_copies_add hands on to found(). */
struct arrival {
	struct mptcp_reinjections *all;
	struct mptcp_reinjections_direction *direction;
	const struct mptcp_packet *packet;
	size_t subflow;
	uint64_t dsn, position; /* of the piece's first byte */
};

static int wait_for(struct mptcp_reinjections_direction *direction,
	const struct mptcp_reinjections_pending *pending)
{
	struct mptcp_reinjections_pending *list = mptcp_array_append(direction->pending,
		&direction->pending_count, &direction->pending_capacity, sizeof(*list));

	if (!list)
		return -1;
	direction->pending = list;
	list[direction->pending_count - 1] = *pending;
	return 0;
}

static int found(void *context, uint64_t start, uint64_t end, const struct mptcp_copy *copy,
	bool repeated)
{
	struct arrival *arrival = context;
	struct mptcp_reinjections *all = arrival->all;
	struct mptcp_reinjections_direction *direction = arrival->direction;
	const struct mptcp_packet *packet = arrival->packet;
	enum mptcp_role sender = mptcp_role_peer(packet->mptcpdest);
	size_t original = mptcp_numbers_get(&all->subflow_index, copy->tcpstream);
	const struct mptcp_reinjections_subflow *from = &all->subflows[original];
	bool late = is_late(from, direction, copy, end - start, sender, packet->abstime);
	struct mptcp_reinjection *row =
		mptcp_array_append(all->list, &all->count, &all->capacity, sizeof(*row));

	if (!row)
		return -1;
	all->list = row;
	row += all->count - 1;
	*row = (struct mptcp_reinjection){
		.packetid = packet->packetid,
		.original_packetid = copy->packetid,
		.mptcpstream = packet->mptcpstream,
		.tcpstream = packet->tcpstream,
		.original_tcpstream = copy->tcpstream,
		.mptcpdest = packet->mptcpdest,
		.dsn = start,
		.length = end - start,
		.time = packet->abstime,
		.original_time = copy->time,
		.repeated = repeated,
		.cause = cause_of(from, late, repeated, packet->abstime - copy->time),
	};
	if (direction->data_ack >= end) { /* the receiver had it all before */
		row->useful = MPTCP_USEFUL_NO;
		return 0;
	}
	struct mptcp_reinjections_pending pending = {
		.row = all->count - 1,
		.own = arrival->subflow,
		.original = original,
		.own_end = arrival->position + (end - arrival->dsn),
		.original_end = copy->position + (end - start),
	};

	row->useful = use_of(all, direction, &pending, sender);
	return row->useful == MPTCP_USEFUL_UNKNOWN ? wait_for(direction, &pending) : 0;
}

/* What decides whether copies may still come again. */
struct horizon {
	const struct mptcp_reinjections *all;
	enum mptcp_role sender;
	uint64_t packetid, data_ack, reach;
};

static bool is_outstanding(const struct horizon *horizon, const struct mptcp_copy *copy,
	uint64_t length)
{
	const struct mptcp_reinjections *all = horizon->all;
	const struct mptcp_reinjections_subflow *subflow =
		&all->subflows[mptcp_numbers_get(&all->subflow_index, copy->tcpstream)];
	const struct mptcp_reinjections_sent *sent =
		&subflow->sent[subflow->client_role == horizon->sender ? 0 : 1];

	return sent->acked < copy->position + length &&
		copy->position + UNACKNOWLEDGED_REACH > sent->highest;
}

static bool may_come_again(const void *context, const struct mptcp_copies_range *range)
{
	const struct horizon *horizon = context;
	uint64_t length = range->end - range->start;

	return range->first.packetid >= horizon->packetid ||
		(range->end > horizon->data_ack && range->end > horizon->reach) ||
		is_outstanding(horizon, &range->first, length) ||
		(range->has_other && is_outstanding(horizon, &range->other, length));
}

static void prune(const struct mptcp_reinjections *all,
	struct mptcp_reinjections_direction *direction, const struct mptcp_packet *packet)
{
	struct horizon horizon = {
		.all = all,
		.sender = mptcp_role_peer(packet->mptcpdest),
		.packetid =
			packet->packetid > REMEMBERED_ROWS ? packet->packetid - REMEMBERED_ROWS : 0,
		.data_ack = direction->data_ack,
		.reach = direction->highest > UNACKNOWLEDGED_REACH
			? direction->highest - UNACKNOWLEDGED_REACH
			: 0,
	};

	if (mptcp_copies_wants_prune(&direction->copies))
		mptcp_copies_prune(&direction->copies, may_come_again, &horizon);
}

static int add_payload(struct mptcp_reinjections *all,
	struct mptcp_reinjections_direction *direction, size_t index,
	const struct mptcp_packet *packet)
{
	struct mptcp_reinjections_subflow *subflow = &all->subflows[index];
	struct mptcp_reinjections_sent *sent = &subflow->sent[mptcp_role_peer(packet->tcpdest)];
	uint32_t syn = packet->tcpflags & MPTCP_SYN ? 1 : 0;
	uint64_t position = mptcp_sequence_extend(sent->highest, packet->tcpseq + syn);
	struct mptcp_piece piece;

	if (position < sent->highest)
		sent->again_at = packet->abstime;
	if (position + packet->tcplen > sent->highest)
		sent->highest = position + packet->tcplen;
	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece);) {
		struct arrival arrival = {all, direction, packet, index, piece.dsn,
			position + piece.offset};
		struct mptcp_copy copy = {
			.packetid = packet->packetid,
			.time = packet->abstime,
			.position = arrival.position,
			.tcpstream = packet->tcpstream,
			.subflow = subflow->number,
		};

		if (piece.dsn + piece.length < piece.dsn) /* relative numbers do not wrap */
			continue;
		if (direction->highest <= direction->data_ack)
			direction->waiting_since = packet->abstime;
		if (mptcp_copies_add(&direction->copies, piece.dsn, piece.dsn + piece.length, &copy,
			    found, &arrival))
			return -1;
		if (piece.dsn + piece.length > direction->highest)
			direction->highest = piece.dsn + piece.length;
	}
	prune(all, direction, packet);
	return 0;
}

int mptcp_reinjections_add(struct mptcp_reinjections *reinjections,
	const struct mptcp_packet *packet, struct mptcp_error *error)
{
	struct mptcp_reinjections_connection *connection;
	enum mptcp_role sender = mptcp_role_peer(packet->mptcpdest);

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream))
		return 0;
	connection = mptcp_reinjections_connection_of(reinjections, packet->mptcpstream);
	if (!connection)
		return mptcp_error_memory(error);
	size_t index = mptcp_reinjections_subflow_of(reinjections, connection, packet);
	if (index == MPTCP_REINJECTIONS_NONE)
		return mptcp_error_memory(error);

	struct mptcp_reinjections_subflow *subflow = &reinjections->subflows[index];
	if (packet->tcpflags & (MPTCP_SYN | MPTCP_RST | MPTCP_FIN) || !subflow->has_rtt ||
		mptcp_packet_has(packet, MPTCP_COLUMN_options))
		mptcp_reinjections_signals(reinjections, connection, subflow, packet);
	/* the packet's sender acknowledges what it received: data towards it, that the peer sent */
	if (mptcp_reinjections_acknowledgements(subflow, &connection->to[sender], packet))
		settle(reinjections, &connection->to[sender], mptcp_role_peer(sender),
			packet->packetid);
	if (packet->tcplen &&
		add_payload(reinjections, &connection->to[packet->mptcpdest], index, packet))
		return mptcp_error_memory(error);
	return 0;
}
