/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reinjection: finds the rows, and why data was sent again. */
#include "reinjection_parts.h"

#include "sequence.h"

#include <stdlib.h>

/* Packets for which copies are remembered though they are acknowledged: the acknowledgement may not
 * have reached the sender yet. */
#define REMEMBERED_PACKETS 65536
/* Most ranges that are remembered, apart from those of the last REMEMBERED_PACKETS. */
#define REMEMBERED_RANGES 262144
/* Nanoseconds without a DATA_ACK after which Linux sends again at the earliest (TCP_RTO_MIN); and
 * what counts as a round trip where no handshake was captured. */
#define TIMEOUT_MIN INT64_C(200000000)

const char *mptcp_cause_name(enum mptcp_cause cause)
{
	static const char *const names[] = {"mp_fail", "remove_addr", "subflow_closed",
		"data_ack_missing", "timeout", "redundant", "unknown"};

	return names[cause];
}

const char *mptcp_useful_name(enum mptcp_useful useful)
{
	static const char *const names[] = {"unknown", "no", "yes"};

	return names[useful];
}

void mptcp_reinjections_init(struct mptcp_reinjections *reinjections,
	enum mptcp_reinjections_order order, mptcp_reinjections_row *row, void *context)
{
	*reinjections = (struct mptcp_reinjections){.order = order, .row = row, .context = context};
}

void mptcp_reinjections_clear(struct mptcp_reinjections *reinjections)
{
	mptcp_reinjections_forget_all(reinjections);
	free(reinjections->waiting);
	*reinjections = (struct mptcp_reinjections){0};
}

int mptcp_reinjections_end(struct mptcp_reinjections *reinjections, struct mptcp_error *error)
{
	return mptcp_reinjections_settle(reinjections, INT64_MAX, error);
}

/* A packet with payload, while the fates of its bytes are examined. */
struct carrier {
	struct mptcp_reinjections *all;
	struct mptcp_reinjections_subflow *subflow;
	struct mptcp_reinjections_direction *direction;
	const struct mptcp_packet *packet;
	uint64_t position; /* of its first byte */
	uint64_t dsn, at;  /* of the bytes looked at, and their position */
	struct mptcp_error *error;
	bool reported; /* a failure, in `error` */
};

/* Whether the end of any subflow counts: Linux then queues again all that is not acknowledged,
 * whichever subflow it went over, and is done with it when what had been sent by then is
 * acknowledged. */
static bool is_queued_anew(const struct carrier *carrier, enum mptcp_reinjections_end how,
	int64_t since)
{
	const struct mptcp_reinjections_ending *ending = &carrier->subflow->connection->ended[how];
	const struct mptcp_reinjections_direction *direction = carrier->direction;

	return ending->time > since ||
		(ending->time != MPTCP_REINJECTIONS_NEVER && direction->data.data_ack.known &&
			direction->data_ack < ending->sent[carrier->packet->mptcpdest]);
}

/* The first that holds; see mptcp-lr(1). What counts is what happened since the data was sent last,
 * on `last`; what lies less than a round trip before that had not yet reached its sender. */
static enum mptcp_cause cause_of(const struct carrier *carrier,
	struct mptcp_reinjections_subflow *last, const struct mptcp_copies_range *before)
{
	const struct mptcp_reinjections_direction *direction = carrier->direction;
	int64_t since = before->last_time - (last->has_rtt ? last->rtt : TIMEOUT_MIN);
	enum mptcp_role sender = mptcp_role_peer(carrier->packet->mptcpdest);

	if (mptcp_reinjections_sent(last, sender)->failed_at > since)
		return MPTCP_CAUSE_MP_FAIL;
	if (last->ended[MPTCP_ENDS_REMOVED] > since)
		return MPTCP_CAUSE_REMOVE_ADDR;
	if (last->ended[MPTCP_ENDS_CLOSED] > since)
		return MPTCP_CAUSE_SUBFLOW_CLOSED;
	if (is_queued_anew(carrier, MPTCP_ENDS_REMOVED, since))
		return MPTCP_CAUSE_REMOVE_ADDR;
	if (is_queued_anew(carrier, MPTCP_ENDS_CLOSED, since))
		return MPTCP_CAUSE_SUBFLOW_CLOSED;
	if (last == carrier->subflow && direction->data.data_ack.known)
		return MPTCP_CAUSE_DATA_ACK_MISSING;
	if (direction->timeout_at > before->last_time ||
		direction->data_ack < direction->timeout_sent)
		return MPTCP_CAUSE_TIMEOUT;
	if (last->has_rtt && carrier->packet->abstime - before->first.time < last->rtt)
		return MPTCP_CAUSE_REDUNDANT;
	return MPTCP_CAUSE_UNKNOWN;
}

/* What goes on where the subflow's last reinjection ended was queued together with it: it has its
 * cause, even if it had to wait long. */
static enum mptcp_cause go_on(struct mptcp_reinjections_sent *sent, enum mptcp_cause cause,
	const struct mptcp_copies_range *before)
{
	if (before->start == sent->again_end && sent->again_cause < cause &&
		sent->again_cause != MPTCP_CAUSE_DATA_ACK_MISSING && cause != MPTCP_CAUSE_REDUNDANT)
		cause = sent->again_cause;
	sent->again_end = before->end;
	sent->again_cause = cause;
	return cause;
}

static struct mptcp_reinjection row_of(const struct carrier *carrier,
	const struct mptcp_copies_range *before)
{
	const struct mptcp_packet *packet = carrier->packet;
	uint64_t offset = carrier->at - carrier->position + (before->start - carrier->dsn);

	return (struct mptcp_reinjection){.packetid = packet->packetid,
		.original_packetid = before->first.packetid,
		.original_tcpstream = before->first.tcpstream,
		.original_time = before->first.time,
		.mptcpstream = packet->mptcpstream,
		.tcpstream = packet->tcpstream,
		.mptcpdest = packet->mptcpdest,
		.dsn = before->start,
		.length = before->end - before->start,
		.tcpseq =
			packet->tcpseq + (packet->tcpflags & MPTCP_SYN ? 1 : 0) + (uint32_t)offset,
		.time = packet->abstime,
		.cause = MPTCP_CAUSE_UNKNOWN};
}

static int found(void *context, const struct mptcp_copies_range *before)
{
	struct carrier *carrier = context;
	struct mptcp_reinjections *all = carrier->all;
	enum mptcp_role sender = mptcp_role_peer(carrier->packet->mptcpdest);
	struct mptcp_reinjections_subflow *last = mptcp_reinjections_find(all, before->last_stream);
	struct mptcp_reinjections_waiting waiting = {.row = row_of(carrier, before),
		.own = carrier->subflow,
		.awaited = carrier->direction->data_ack >= before->start,
		.own_end = carrier->at + (before->end - carrier->dsn),
		.original_end = before->first.position + (before->end - before->start)};

	if (before->first.packetid && last) {
		waiting.original = mptcp_reinjections_find(all, before->first.tcpstream);
		waiting.row.cause = go_on(mptcp_reinjections_sent(carrier->subflow, sender),
			cause_of(carrier, last, before), before);
	}
	if (waiting.original)
		waiting.original_acked =
			mptcp_reinjections_sent(waiting.original, sender)->fate.acked >=
			waiting.original_end;
	if (carrier->direction->data_ack >= before->end) /* the receiver had it all before */
		waiting.row.useful = MPTCP_USEFUL_NO;
	carrier->reported = mptcp_reinjections_wait(all, &waiting, carrier->error) != 0;
	return carrier->reported ? -1 : 0;
}

/* Data is sent again (its first copy may be lost before the capture): has the DATA_ACK not moved
 * for a timeout? */
static void look_for_timeout(struct mptcp_reinjections_direction *direction, int64_t now)
{
	if (!direction->data.data_ack.known || now - direction->waiting_since < TIMEOUT_MIN)
		return;
	direction->timeout_at = now;
	direction->timeout_sent = direction->highest;
}

static int add_part(struct carrier *carrier, const struct mptcp_fate_part *part)
{
	struct mptcp_reinjections_direction *direction = carrier->direction;
	const struct mptcp_packet *packet = carrier->packet;
	uint64_t start = part->bytes.dsn, end = start + part->bytes.length;
	bool again = part->fate == MPTCP_FATE_REINJECTED;
	struct mptcp_copy copy = {.packetid = packet->packetid,
		.time = packet->abstime,
		.position = part->bytes.position,
		.tcpstream = packet->tcpstream};

	if (!part->bytes.mapped || end < start) /* relative numbers do not wrap */
		return 0;
	if (direction->highest <= direction->data_ack)
		direction->waiting_since = packet->abstime;
	if (start < direction->highest)
		look_for_timeout(direction, packet->abstime);
	carrier->dsn = start;
	carrier->at = part->bytes.position;
	if (end > direction->highest)
		direction->highest = end;
	return mptcp_copies_add(&direction->copies, start, end, &copy, again ? found : NULL,
		carrier);
}

static void prune(struct mptcp_reinjections_direction *direction, uint64_t packetid)
{
	uint64_t acked = direction->data_ack;

	if (!mptcp_copies_wants_prune(&direction->copies))
		return;
	if (direction->highest > MPTCP_FATE_REACH && acked < direction->highest - MPTCP_FATE_REACH)
		acked = direction->highest - MPTCP_FATE_REACH;
	mptcp_copies_prune(&direction->copies, acked,
		packetid > REMEMBERED_PACKETS ? packetid - REMEMBERED_PACKETS : 0,
		REMEMBERED_RANGES);
}

static int add_payload(struct mptcp_reinjections *all, struct mptcp_reinjections_subflow *subflow,
	const struct mptcp_packet *packet, struct mptcp_error *error)
{
	struct mptcp_reinjections_sent *sent = &subflow->sent[mptcp_role_peer(packet->tcpdest)];
	uint32_t syn = packet->tcpflags & MPTCP_SYN ? 1 : 0;
	struct carrier carrier = {.all = all,
		.subflow = subflow,
		.direction = &subflow->connection->to[packet->mptcpdest],
		.packet = packet,
		.position = mptcp_sequence_extend(sent->highest, packet->tcpseq + syn),
		.error = error};
	struct mptcp_fate_walk walk;
	struct mptcp_fate_part part;
	enum mptcp_result got;

	if (carrier.position + packet->tcplen > sent->highest)
		sent->highest = carrier.position + packet->tcplen;
	mptcp_fate_begin(&walk, packet, carrier.position);
	while ((got = mptcp_fate_walk(&walk, &sent->fate, &carrier.direction->data, &part)) ==
		MPTCP_ROW)
		if (add_part(&carrier, &part))
			return carrier.reported ? -1 : mptcp_error_memory(error);
	prune(carrier.direction, packet->packetid);
	return got == MPTCP_FAILED ? mptcp_error_memory(error) : 0;
}

int mptcp_reinjections_add(struct mptcp_reinjections *reinjections,
	const struct mptcp_packet *packet, struct mptcp_error *error)
{
	struct mptcp_reinjections_subflow *subflow;

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream))
		return 0;
	mptcp_reinjections_forget(reinjections, packet->abstime);
	subflow = mptcp_reinjections_subflow_of(reinjections, packet);
	if (!subflow)
		return mptcp_error_memory(error);
	subflow->connection->last = packet->abstime;
	if (mptcp_reinjections_acknowledge(subflow, packet,
		    subflow->connection->waiting ? mptcp_reinjections_oldest(reinjections)
						 : UINT64_MAX))
		return mptcp_error_memory(error);
	if (packet->tcpflags & (MPTCP_SYN | MPTCP_RST | MPTCP_FIN) || !subflow->has_rtt ||
		mptcp_packet_has(packet, MPTCP_COLUMN_options))
		mptcp_reinjections_signals(subflow, packet);
	if (packet->tcplen && add_payload(reinjections, subflow, packet, error))
		return -1;
	if (subflow->over && mptcp_reinjections_settle_subflow(reinjections, subflow, error))
		return -1;
	return mptcp_reinjections_settle(reinjections, packet->abstime, error);
}
