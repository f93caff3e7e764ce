/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"

#include "hashed.h"
#include "options.h"
#include "sequence.h"

#include <stdlib.h>
#include <string.h>

/* A SYN that was captured after data of its flow lies at most this far before it. */
#define LATE_SYN_REACH (1 << 24)

struct key {
	struct mptcp_address low, high;
	uint16_t low_port, high_port;
};

/* The newest flow between two ends, and the one before it. */
struct slot {
	struct key key;
	struct mptcp_flow *flow, *previous;
	/* NULL, or where the flows of these ends are: these are the ends after NAT */
	struct slot *translated;
	bool swapped; /* which sorts the ends the other way round */
	UT_hash_handle hh;
};

struct mptcp_flows {
	struct slot *slots;
	struct slot *recent;
	struct mptcp_flow *first, *last;
	uint32_t count;
};

struct mptcp_flows *mptcp_flows_new(void)
{
	return calloc(1, sizeof(struct mptcp_flows));
}

void mptcp_flows_free(struct mptcp_flows *flows)
{
	struct slot *slot, *next_slot;

	if (!flows)
		return;
	HASH_ITER (hh, flows->slots, slot, next_slot) {
		HASH_DEL(flows->slots, slot);
		free(slot);
	}
	for (struct mptcp_flow *flow = flows->first, *next; flow; flow = next) {
		next = flow->next;
		mptcp_fate_sent_clear(&flow->ends[0].fate);
		mptcp_fate_sent_clear(&flow->ends[1].fate);
		free(flow);
	}
	free(flows);
}

/* Fills the key, padding included, and returns which of both ends the source is. */
static unsigned make_key(struct key *key, const struct mptcp_frame *frame)
{
	int order = memcmp(&frame->source, &frame->destination, sizeof(frame->source));

	if (!order)
		order = (int)frame->source_port - (int)frame->destination_port;
	memset(key, 0, sizeof(*key));
	key->low = order <= 0 ? frame->source : frame->destination;
	key->high = order <= 0 ? frame->destination : frame->source;
	key->low_port = order <= 0 ? frame->source_port : frame->destination_port;
	key->high_port = order <= 0 ? frame->destination_port : frame->source_port;
	return order > 0;
}

static struct slot *find_slot(struct mptcp_flows *flows, const struct key *key)
{
	struct slot *slot = flows->recent;

	if (slot && !memcmp(&slot->key, key, sizeof(*key)))
		return slot;
	HASH_FIND(hh, flows->slots, key, sizeof(*key), slot);
	if (!slot) {
		slot = calloc(1, sizeof(*slot));
		if (!slot)
			return NULL;
		slot->key = *key;
		HASH_ADD(hh, flows->slots, key, sizeof(slot->key), slot);
		if (!slot->hh.tbl) {
			free(slot);
			return NULL;
		}
	}
	flows->recent = slot;
	return slot;
}

/* Where the flows of these ends are; *from becomes the index of the end there. Shortens the path.
 */
static struct slot *translate(struct slot *slot, unsigned *from)
{
	while (slot->translated) {
		struct slot *next = slot->translated;

		if (next->translated) {
			slot->translated = next->translated;
			slot->swapped ^= next->swapped;
		}
		*from ^= slot->swapped;
		slot = slot->translated;
	}
	return slot;
}

int mptcp_flows_translate(struct mptcp_flows *flows, const struct mptcp_frame *original,
	const struct mptcp_frame *copy)
{
	struct key key;
	unsigned from = make_key(&key, original), copy_from;
	struct slot *slot = find_slot(flows, &key);

	if (!slot)
		return -1;
	slot = translate(slot, &from);
	copy_from = make_key(&key, copy);
	struct slot *alias = find_slot(flows, &key);
	if (!alias)
		return -1;
	if (alias == slot) /* the flow was first seen after NAT */
		return 0;
	alias->translated = slot;
	alias->swapped = from != copy_from;
	return 0;
}

static struct mptcp_flow *new_flow(struct mptcp_flows *flows, const struct key *key)
{
	struct mptcp_flow *flow = calloc(1, sizeof(*flow));

	if (!flow)
		return NULL;
	flow->number = flows->count++;
	flow->ends[0].address = key->low;
	flow->ends[0].port = key->low_port;
	flow->ends[1].address = key->high;
	flow->ends[1].port = key->high_port;
	for (int i = 0; i < 2; i++)
		flow->ends[i].highest = flow->ends[i].fate.acked = MPTCP_SEQUENCE_ORIGIN;
	if (flows->last)
		flows->last->next = flow;
	else
		flows->first = flow;
	flows->last = flow;
	return flow;
}

/* Does this SYN begin another connection between the same ends (RFC 9293 section 3.6.1)? */
static bool begins_anew(const struct mptcp_flow *flow, const struct mptcp_frame *frame,
	unsigned from)
{
	const struct mptcp_flow_end *end = &flow->ends[from];

	if ((frame->flags & (MPTCP_SYN | MPTCP_ACK)) != MPTCP_SYN || !end->has_isn)
		return false;
	if (end->has_syn)
		return frame->sequence != end->isn;
	/* captured late, after packets that it precedes? */
	int32_t before = end->sent ? mptcp_sequence_ahead32(end->lowest, frame->sequence)
				   : mptcp_sequence_ahead32(end->isn, frame->sequence);
	return before < 0 || before > LATE_SYN_REACH;
}

static void learn_client(struct mptcp_flow *flow, const struct mptcp_frame *frame, unsigned from)
{
	if (flow->client_known)
		return;
	if (frame->flags & MPTCP_SYN) {
		unsigned client = frame->flags & MPTCP_ACK ? !from : from;

		flow->turned = (flow->ends[0].sent || flow->ends[1].sent) && client != flow->client;
		flow->client = client;
		flow->client_known = true;
	} else if (!flow->ends[0].sent && !flow->ends[1].sent) {
		flow->client = frame->source_port >= frame->destination_port ? from : !from;
	}
}

static void learn_end(struct mptcp_flow *flow, const struct mptcp_frame *frame,
	const struct mptcp_options *options, unsigned from)
{
	struct mptcp_flow_end *end = &flow->ends[from], *peer = &flow->ends[!from];

	if (frame->flags & MPTCP_SYN) {
		if (!(frame->flags & MPTCP_ACK))
			flow->plain = !options->count && !options->malformed_count &&
				!options->cut && (flow->plain || !end->has_syn);
		if (!end->has_syn) {
			end->isn = frame->sequence;
			end->has_isn = end->has_syn = true;
			end->syn_data = frame->length;
		}
		if (options->has_window_scale) {
			end->scale = options->window_scale;
			end->has_scale = true;
		}
	} else if (!end->has_isn) {
		end->isn = frame->sequence - 1;
		end->has_isn = true;
	}
	if (!peer->has_isn && frame->flags & MPTCP_ACK) {
		peer->isn = frame->acknowledgement - 1;
		peer->has_isn = true;
	}
	if (!end->sent || mptcp_sequence_ahead32(frame->sequence, end->lowest) < 0)
		end->lowest = frame->sequence;
	end->sent = true;
}

/*
 * Is this packet one of the flow before, under way when the SYN of this one was sent? It is if it
 * neither goes on where that SYN left off nor acknowledges it.
 */
static bool is_straggler(const struct mptcp_flow *flow, const struct mptcp_frame *frame,
	unsigned from)
{
	const struct mptcp_flow_end *client = &flow->ends[flow->client];

	if (frame->flags & MPTCP_SYN || !client->has_syn || flow->ends[!flow->client].sent)
		return false;
	int32_t ahead = mptcp_sequence_ahead32(
		from == flow->client ? frame->sequence : frame->acknowledgement, client->isn);
	return ahead < 0 || ahead > LATE_SYN_REACH;
}

struct mptcp_flow *mptcp_flows_learn(struct mptcp_flows *flows, const struct mptcp_frame *frame,
	const struct mptcp_options *options, unsigned *from)
{
	struct key key;

	*from = make_key(&key, frame);
	struct slot *slot = find_slot(flows, &key);
	if (!slot)
		return NULL;
	slot = translate(slot, from);
	if (!slot->flow || begins_anew(slot->flow, frame, *from)) {
		struct mptcp_flow *flow = new_flow(flows, &slot->key);
		if (!flow)
			return NULL;
		slot->previous = slot->flow;
		slot->flow = flow;
	}
	if (slot->previous && is_straggler(slot->flow, frame, *from))
		return slot->previous;
	learn_client(slot->flow, frame, *from);
	learn_end(slot->flow, frame, options, *from);
	return slot->flow;
}

uint64_t mptcp_flow_position(const struct mptcp_flow_end *end, uint32_t sequence)
{
	return mptcp_sequence_extend(end->highest, sequence - end->isn);
}

uint64_t mptcp_flow_acknowledged(const struct mptcp_flow_end *end)
{
	uint64_t reach = end->highest - MPTCP_SEQUENCE_ORIGIN > MPTCP_FATE_REACH
		? end->highest - MPTCP_FATE_REACH
		: MPTCP_SEQUENCE_ORIGIN;

	return end->fate.acked > reach ? end->fate.acked : reach;
}
