/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pairing_parts.h"

#include <stdlib.h>

void mptcp_pairing_close(struct mptcp_pairing *pairing)
{
	if (!pairing)
		return;
	for (size_t i = 0; pairing->flows && i < pairing->evidence[0]->stream_count; i++)
		for (int to = 0; to < 2; to++)
			mptcp_intervals_clear(&pairing->flows[i][to].received);
	free(pairing->flows);
	mptcp_waiting_clear(&pairing->waiting);
	free(pairing);
}

/* Relative numbers are the same in both captures if both have the SYN (also where something on the
 * way rewrites them); else those on the wire are. */
static void set_shifts(struct mptcp_pairing *pairing)
{
	for (size_t i = 0; i < pairing->evidence[0]->stream_count; i++) {
		const struct mptcp_evidence_stream *a = &pairing->evidence[0]->streams[i];

		if (a->match.peer == MPTCP_NOT_MATCHED)
			continue;
		const struct mptcp_evidence_stream *b =
			&pairing->evidence[1]->streams[a->match.peer];
		for (int from = 0; from < 2; from++) {
			int other = from ^ a->flipped;

			if (a->base[from].is && b->base[other].is &&
				!(a->isn[from].is && b->isn[other].is))
				pairing->flows[i][!from].shift =
					(uint32_t)(b->base[other].value - a->base[from].value);
		}
	}
}

struct mptcp_pairing *mptcp_pairing_open(struct mptcp_evidence *a, struct mptcp_evidence *b,
	const struct mptcp_pairing_options *options, struct mptcp_error *error)
{
	struct mptcp_pairing *pairing = calloc(1, sizeof(*pairing));

	if (!pairing) {
		mptcp_error_memory(error);
		return NULL;
	}
	pairing->evidence[0] = a;
	pairing->evidence[1] = b;
	pairing->options = *options;
	pairing->now = INT64_MIN;
	pairing->flows = calloc(a->stream_count + 1, sizeof(*pairing->flows));
	if (!pairing->flows) {
		mptcp_pairing_close(pairing);
		mptcp_error_memory(error);
		return NULL;
	}
	set_shifts(pairing);
	if (!mptcp_sketch_difference(&a->sketch, &b->sketch, &pairing->difference))
		pairing->difference = b->first - a->first;
	return pairing;
}

int mptcp_pairing_next(const struct mptcp_pairing *pairing, int64_t a, int64_t b)
{
	return a + pairing->difference <= b ? 0 : 1;
}

/* The stream of a that a packet belongs to, and the role it goes to there. MPTCP_NOT_MATCHED where
 * the capture is b and a has no such stream. */
static uint32_t stream_of_a(const struct mptcp_pairing *pairing, int capture,
	const struct mptcp_evidence_stream *stream)
{
	if (capture == 1)
		return stream->match.peer;
	return (uint32_t)(stream - pairing->evidence[0]->streams);
}

/* Which capture is nearer to the sender of what goes to `to`. */
static int sender(const struct mptcp_pairing *pairing, uint32_t stream, enum mptcp_role to)
{
	if (!pairing->options.vantage)
		return 0;
	int votes = stream == MPTCP_NOT_MATCHED ? pairing->options.vantage->votes
						: pairing->options.vantage->streams[stream].votes;
	return (to == MPTCP_SERVER) == (votes > 0) ? 0 : 1;
}

static int hand_on(struct mptcp_pairing *pairing, struct mptcp_pair *pair,
	struct mptcp_error *error)
{
	if (pair->fate == MPTCP_ARRIVED) {
		int64_t ahead = pairing->options.fit
			? mptcp_clock_ahead(pairing->options.fit, pair->abstime[0])
			: 0;

		pair->owd = pair->abstime[1] - pair->abstime[0] - ahead;
		if (pair->sender == 1)
			pair->owd = -pair->owd;
	}
	return pairing->options.row(pairing->options.context, pair, error);
}

/* One of the two ends of a pair. */
static void set_end(struct mptcp_pair *pair, const struct mptcp_waiting *end)
{
	pair->seen[end->capture] = true;
	pair->packetid[end->capture] = end->packetid;
	pair->abstime[end->capture] = end->time;
}

int mptcp_pairing_pair_up(struct mptcp_pairing *pairing, const struct mptcp_waiting *first,
	const struct mptcp_waiting *second, uint32_t bytes, struct mptcp_error *error)
{
	uint32_t stream = first->content.stream;
	enum mptcp_role to = first->content.to;
	struct mptcp_pairing_flow *flow = &pairing->flows[stream][to];
	struct mptcp_pair pair = {.sender = sender(pairing, stream, to),
		.stream = {stream, pairing->evidence[0]->streams[stream].match.peer},
		.tcpdest = to,
		.bytes = bytes,
		.fate = MPTCP_ARRIVED};

	set_end(&pair, first);
	set_end(&pair, second);
	pair.packet = first->capture == pair.sender ? first->packet : second->packet;
	pair.other = first->capture == pair.sender ? second->packet : first->packet;
	flow->paired = true;
	flow->difference = pairing->difference = pair.abstime[1] - pair.abstime[0];
	return hand_on(pairing, &pair, error);
}

/* Whether the receiver acknowledged payload that its capture lacks: then that has gaps. */
static bool receiver_has(const struct mptcp_pairing_flow *flow, const struct mptcp_content *content)
{
	uint64_t start = mptcp_sequence_extend(flow->reference.highest, content->seq);
	uint64_t end = start + content->length;

	return flow->has_acked && content->length && mptcp_sequence_ahead(flow->acked, end) >= 0 &&
		mptcp_intervals_overlap(&flow->received, start, end) < content->length;
}

/* What became of a packet that was seen at one end only. */
static enum mptcp_delivery delivery_of(const struct mptcp_pairing *pairing,
	const struct mptcp_waiting *lone, int from)
{
	const struct mptcp_pairing_flow *flow =
		&pairing->flows[lone->content.stream][lone->content.to];
	const struct mptcp_evidence *other = pairing->evidence[!lone->capture];
	int64_t difference = flow->paired ? flow->difference : pairing->difference;
	int64_t expected = lone->capture == 0 ? lone->time + difference : lone->time - difference;

	if (lone->capture != from || expected < other->first || expected > other->last)
		return MPTCP_NOT_CAPTURED;
	return receiver_has(flow, &lone->content) ? MPTCP_NOT_CAPTURED : MPTCP_LOST;
}

/* A packet that waited in vain: without its MPTCP options it may have a partner after all. */
static int give_up(struct mptcp_pairing *pairing, struct mptcp_waiting *lone,
	struct mptcp_error *error)
{
	uint32_t stream = lone->content.stream;
	struct mptcp_pairing_flow *flow = &pairing->flows[stream][lone->content.to];
	struct mptcp_waiting *partner = NULL;
	int result;

	mptcp_waiting_take(&pairing->waiting, lone, &flow->waiting[lone->capture]);
	if (!lone->matched.ranges.count)
		partner = mptcp_waiting_find(&pairing->waiting, !lone->capture, &lone->content,
			lone->hash, NULL);
	if (partner) {
		mptcp_waiting_take(&pairing->waiting, partner, &flow->waiting[partner->capture]);
		result = mptcp_pairing_pair_up(pairing, lone, partner, lone->content.length, error);
		mptcp_waiting_free(partner);
	} else {
		struct mptcp_pair pair = {.sender = sender(pairing, stream, lone->content.to),
			.packet = lone->packet,
			.stream = {stream, pairing->evidence[0]->streams[stream].match.peer},
			.tcpdest = lone->content.to,
			.bytes = lone->content.length -
				(uint32_t)mptcp_intervals_total(&lone->matched)};

		set_end(&pair, lone);
		pair.fate = delivery_of(pairing, lone, pair.sender);
		result = hand_on(pairing, &pair, error);
	}
	mptcp_waiting_free(lone);
	return result;
}

/* A packet of a stream that the other capture lacks. */
static int hand_on_alone(struct mptcp_pairing *pairing, int capture, uint32_t stream,
	const struct mptcp_packet *packet, struct mptcp_error *error)
{
	struct mptcp_pair pair = {.packet = packet,
		.stream = {MPTCP_NOT_MATCHED, MPTCP_NOT_MATCHED},
		.tcpdest = packet->tcpdest,
		.bytes = packet->tcplen,
		.fate = MPTCP_NOT_CAPTURED};

	pair.stream[capture] = stream;
	pair.sender = sender(pairing, pair.stream[0], packet->tcpdest);
	pair.seen[capture] = true;
	pair.packetid[capture] = packet->packetid;
	pair.abstime[capture] = packet->abstime;
	return hand_on(pairing, &pair, error);
}

static void set_content(const struct mptcp_pairing *pairing, struct mptcp_content *content,
	int capture, const struct mptcp_packet *packet)
{
	uint32_t forth = 0, back = 0;

	if (capture == 1) {
		forth = pairing->flows[content->stream][content->to].shift;
		back = pairing->flows[content->stream][!content->to].shift;
	}
	content->flags = packet->tcpflags;
	content->seq = packet->tcpseq + forth;
	content->length = packet->tcplen;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack) && packet->tcpflags & MPTCP_ACK)
		content->ack = packet->tcpack + back;
	content->has_timestamps = mptcp_packet_has(packet, MPTCP_COLUMN_tsval);
	if (content->has_timestamps) {
		content->tsval = packet->tsval;
		content->tsecr = packet->tsecr;
	}
}

/* Notes what tells loss from a gap in the receiver's capture. */
static int note(struct mptcp_pairing *pairing, int capture, const struct mptcp_content *content)
{
	struct mptcp_pairing_flow *flow = &pairing->flows[content->stream][content->to];
	struct mptcp_pairing_flow *back = &pairing->flows[content->stream][!content->to];

	if (content->flags & MPTCP_ACK && back->reference.known) {
		uint64_t ack = mptcp_sequence_extend(back->reference.highest, content->ack);

		if (!back->has_acked || mptcp_sequence_ahead(ack, back->acked) > 0)
			back->acked = ack;
		back->has_acked = true;
	}
	if (!content->length)
		return 0;
	if (!flow->reference.known)
		mptcp_reference_see(&flow->reference, MPTCP_SEQUENCE_ORIGIN + content->seq);
	uint64_t start = mptcp_sequence_extend(flow->reference.highest, content->seq);
	mptcp_reference_see(&flow->reference, start + content->length);
	if (capture == sender(pairing, content->stream, content->to))
		return 0;
	return mptcp_intervals_add(&flow->received, start, start + content->length, NULL);
}

int mptcp_pairing_add(struct mptcp_pairing *pairing, int capture, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	const struct mptcp_evidence *evidence = pairing->evidence[capture];
	const struct mptcp_evidence_stream *stream =
		mptcp_evidence_stream(evidence, packet->tcpstream);

	if (!stream) /* a file that grew since it was read first */
		return 0;
	if (stream->match.peer == MPTCP_NOT_MATCHED)
		return hand_on_alone(pairing, capture, (uint32_t)(stream - evidence->streams),
			packet, error);
	struct mptcp_content content = {.stream = stream_of_a(pairing, capture, stream),
		.to = packet->tcpdest ^ (capture == 1 && stream->flipped)};
	set_content(pairing, &content, capture, packet);
	struct mptcp_waiting *fresh = mptcp_waiting_new(packet, pairing->options.keep);
	if (!fresh || note(pairing, capture, &content)) {
		mptcp_waiting_free(fresh);
		return mptcp_error_memory(error);
	}
	fresh->content = content;
	fresh->hash = mptcp_content_hash(&content);
	fresh->options = mptcp_content_options(packet);
	fresh->capture = capture;
	fresh->packetid = packet->packetid;
	fresh->time = packet->abstime;
	fresh->aligned = packet->abstime + (capture == 0 ? pairing->difference : 0);
	if (fresh->aligned > pairing->now)
		pairing->now = fresh->aligned;
	if (mptcp_pairing_look(pairing, fresh, error))
		return -1;
	while (pairing->waiting.all.oldest &&
		pairing->waiting.all.oldest->aligned < pairing->now - MPTCP_PAIRING_WAIT)
		if (give_up(pairing, pairing->waiting.all.oldest, error))
			return -1;
	return 0;
}

int mptcp_pairing_end(struct mptcp_pairing *pairing, struct mptcp_error *error)
{
	while (pairing->waiting.all.oldest)
		if (give_up(pairing, pairing->waiting.all.oldest, error))
			return -1;
	return 0;
}
