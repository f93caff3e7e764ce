/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a frame shows about its connection. Section numbers are of RFC 8684. */
#include "learn.h"

#include "join.h"

#include <stdlib.h>

/* A data sequence number of data that the flow's end `of` sends was seen. Comparing it with other
 * connections may turn roles round. */
static int see_dsn(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	unsigned of, uint64_t dsn, bool whole)
{
	if (whole &&
		mptcp_connections_place(connections, subflow, mptcp_subflow_role(subflow, of), dsn))
		return -1;
	enum mptcp_role role = mptcp_subflow_role(subflow, of);
	struct mptcp_connection_sender *sent = &subflow->connection->sent[role];
	if (whole) {
		sent->whole = true;
		mptcp_connections_extend(subflow->connection, role, dsn);
	}
	mptcp_reference_see(&sent->learned, dsn);
	if (!sent->has_lowest || mptcp_sequence_ahead(dsn, sent->lowest) < 0) {
		sent->has_lowest = true;
		sent->lowest = dsn;
	}
	return 0;
}

static struct mptcp_connection_sender *sent_by(const struct mptcp_subflow *subflow, unsigned from)
{
	return &subflow->connection->sent[mptcp_subflow_role(subflow, from)];
}

/* The 64-bit number of one on the wire; false where a 32-bit one has nothing to go by. */
static bool whole_dsn(const struct mptcp_connection_sender *sent, uint64_t wire, bool is_64,
	uint64_t *dsn)
{
	if (!is_64 && !sent->learned.known)
		return false;
	*dsn = is_64 ? wire : mptcp_sequence_extend(sent->learned.highest, (uint32_t)wire);
	return true;
}

uint64_t mptcp_learn_shift(const struct mptcp_subflow *subflow, unsigned from)
{
	const struct mptcp_flow_end *end = &subflow->flow->ends[from];

	if (end->has_syn || !subflow->sent[from].has_origin)
		return 0;
	return (uint32_t)(end->isn - subflow->sent[from].origin);
}

/*
 * Without a SYN the initial sequence number is not known, but mappings name subflow sequence
 * numbers relative to it: a mapping starts at or before the segment that carries it, so the lowest
 * (sequence number - subflow sequence number) is the origin.
 */
static void learn_origin(struct mptcp_subflow *subflow, unsigned from, uint32_t sequence,
	uint32_t ssn)
{
	uint32_t origin = sequence - ssn;

	if (!subflow->sent[from].has_origin ||
		mptcp_sequence_ahead32(origin, subflow->sent[from].origin) < 0) {
		subflow->sent[from].has_origin = true;
		subflow->sent[from].origin = origin;
	}
}

/* That the bytes from subflow sequence number `ssn` on are those from `dsn` on. */
static int learn_mapping(const struct mptcp_learn_segment *segment, uint32_t ssn, uint64_t dsn,
	uint64_t length)
{
	struct mptcp_subflow *subflow = segment->flow->subflow;
	unsigned from = segment->from;
	uint64_t start = subflow->sent[from].mappings.list.count
		? mptcp_sequence_extend(subflow->sent[from].highest, ssn)
		: MPTCP_SEQUENCE_ORIGIN + ssn;
	uint64_t end = length == MPTCP_MAPPING_INFINITE ? length : start + length;

	if (length != MPTCP_MAPPING_INFINITE &&
		(!subflow->sent[from].mappings.list.count || end > subflow->sent[from].highest))
		subflow->sent[from].highest = end;
	int added = mptcp_mappings_add(&subflow->sent[from].mappings, start, end, dsn,
		segment->frame->number);

	if (added > 0)
		mptcp_connections_pass_over(segment->connections);
	return added < 0 ? -1 : 0;
}

/* Section 3.3: DSS. */
static int learn_dss(const struct mptcp_learn_segment *segment,
	const struct mptcp_option_value *value)
{
	struct mptcp_connections *connections = segment->connections;
	struct mptcp_subflow *subflow = segment->flow->subflow;
	unsigned from = segment->from;
	uint64_t dsn;

	if (value->dss.has_ack &&
		whole_dsn(sent_by(subflow, !from), value->dss.ack, value->dss.ack_64, &dsn) &&
		see_dsn(connections, subflow, !from, dsn, value->dss.ack_64))
		return -1;
	if (!value->dss.has_mapping)
		return 0;
	/* the number of a DATA_FIN alone counts on from the IDSN as well */
	enum mptcp_role role = mptcp_subflow_role(subflow, from);
	if (mptcp_keys_see_dsn(&subflow->connection->keys, role, value->dss.dsn,
		    value->dss.dsn_64) &&
		mptcp_connections_choose(connections, subflow->connection, role))
		return -1;
	if (!whole_dsn(sent_by(subflow, from), value->dss.dsn, value->dss.dsn_64, &dsn))
		dsn = value->dss.dsn; /* nothing better is known: as on the wire */
	if (!value->dss.dsn_64 && !sent_by(subflow, from)->learned.known)
		sent_by(subflow, from)->halves = true;
	if (see_dsn(connections, subflow, from, dsn, value->dss.dsn_64))
		return -1;
	if (!value->dss.length) /* section 3.7: an infinite mapping, from here to the end */
		return value->dss.ssn
			? learn_mapping(segment, value->dss.ssn, dsn, MPTCP_MAPPING_INFINITE)
			: 0;
	/* section 3.3.3: the DATA_FIN takes one number and no byte; alone, its subflow sequence
	 * number is 0 */
	uint32_t bytes = value->dss.length - (uint32_t)value->dss.data_fin;
	if (!bytes)
		return 0;
	if (segment->frame->length)
		learn_origin(subflow, from, segment->frame->sequence, value->dss.ssn);
	return learn_mapping(segment, value->dss.ssn, dsn, bytes);
}

/* Section 3.1: MP_CAPABLE. */
static int learn_capable(const struct mptcp_learn_segment *segment,
	const struct mptcp_option_value *value)
{
	struct mptcp_subflow *subflow = segment->flow->subflow;
	const struct mptcp_frame *frame = segment->frame;
	unsigned from = segment->from;

	subflow->joined = true;
	/* the client of the initial subflow is the client of the connection */
	if (subflow->swapped)
		mptcp_connections_turn(subflow->connection);
	enum mptcp_keys_news news = mptcp_keys_capable(&subflow->connection->keys,
		mptcp_subflow_role(subflow, from), frame->flags, value);
	if (news == MPTCP_KEYS_FAILED ||
		(news == MPTCP_KEYS_CHANGED &&
			(mptcp_connections_keys(segment->connections, subflow) ||
				mptcp_join_review(segment->connections, subflow->connection))))
		return -1;
	/*
	 * With data it is a mapping, too, of the first data. It stands on every segment of a large
	 * send. The data of a Fast Open SYN before it has none (appendix B).
	 */
	if (!value->capable.has_length || !value->capable.data_length ||
		subflow->sent[from].mappings.list.count || subflow->sent[from].first_length)
		return 0;
	const struct mptcp_flow_end *end = &subflow->flow->ends[from];
	subflow->sent[from].first_ssn = end->syn_data ? frame->sequence - end->isn : 1;
	subflow->sent[from].first_length = value->capable.data_length;
	subflow->sent[from].first_row = frame->number;
	return 0;
}

int mptcp_learn_first_mapping(struct mptcp_subflow *subflow, unsigned from)
{
	uint16_t length = subflow->sent[from].first_length;
	uint64_t start = MPTCP_SEQUENCE_ORIGIN + subflow->sent[from].first_ssn;

	if (!length)
		return 0;
	subflow->sent[from].first_length = 0;
	if (start + length > subflow->sent[from].highest)
		subflow->sent[from].highest = start + length;
	return mptcp_mappings_add(&subflow->sent[from].mappings, start, start + length,
		       sent_by(subflow, from)->idsn + 1, subflow->sent[from].first_row) < 0
		? -1
		: 0;
}

/* Section 3.4.1: an address of the sender, to which its peer may open subflows. */
static int learn_address(struct mptcp_connection_sender *sent,
	const struct mptcp_option_value *value)
{
	if (value->add.echo || sent->announcements == MPTCP_ANNOUNCED_MAX)
		return 0;
	for (unsigned i = 0; i < sent->announcements; i++)
		if (mptcp_address_equal(&sent->announced[i], &value->add.address))
			return 0;
	struct mptcp_address *announced =
		realloc(sent->announced, (sent->announcements + 1) * sizeof(*announced));
	if (!announced)
		return -1;
	announced[sent->announcements++] = value->add.address;
	sent->announced = announced;
	return 0;
}

/*
 * Section 3: a subflow begins with an MPTCP option in its SYN. Of one whose SYN was captured
 * without, a middlebox may have inserted the others. Only when a host offers its key in the
 * SYN/ACK and the other one repeats it have both seen an option in the SYN, wherever the capture
 * lost it.
 */
static bool began_plain(struct mptcp_flow *flow, const struct mptcp_frame *frame,
	const struct mptcp_option_value *value, unsigned from)
{
	if (!flow->plain || value->subtype != MPTCP_MP_CAPABLE || !value->capable.keys)
		return flow->plain;
	if (from != flow->client) {
		if (frame->flags & MPTCP_SYN) {
			flow->offered = value->capable.sender_key;
			flow->offers = true;
		}
	} else if (flow->offers && value->capable.keys == 2 &&
		value->capable.receiver_key == flow->offered) {
		flow->plain = false;
	}
	return flow->plain;
}

/* Does the option make a subflow of a flow that is not one so far? */
static bool may_begin(struct mptcp_flow *flow, const struct mptcp_frame *frame,
	const struct mptcp_option_value *value, unsigned from)
{
	/* the others prove nothing: a host whose SYN lost its MP_JOIN resets the flow with an
	 * MP_TCPRST */
	if (value->subtype != MPTCP_MP_CAPABLE && value->subtype != MPTCP_DSS)
		return false;
	/* a SYN/ACK that repeats the SYN's option as it was has no key */
	if (value->subtype == MPTCP_MP_CAPABLE && !value->capable.keys && frame->flags & MPTCP_ACK)
		return false;
	return !began_plain(flow, frame, value, from);
}

static int begin(struct mptcp_connections *connections, struct mptcp_flow *flow)
{
	struct mptcp_subflow *subflow = mptcp_connections_begin(connections, flow);

	if (!subflow)
		return -1;
	mptcp_subflow_stand(subflow, true);
	if (!flow->offers)
		return 0;
	return mptcp_keys_offer(&subflow->connection->keys,
		       mptcp_subflow_role(subflow, !flow->client),
		       flow->offered) == MPTCP_KEYS_FAILED
		? -1
		: 0;
}

static int learn_option(const struct mptcp_learn_segment *segment,
	const struct mptcp_option_value *value)
{
	struct mptcp_flow *flow = segment->flow;

	if (value->subtype == MPTCP_MP_JOIN)
		return mptcp_join_learn(segment->connections, flow, segment->from, value);
	if (!flow->subflow && !may_begin(flow, segment->frame, value, segment->from))
		return 0;
	if (!flow->subflow && begin(segment->connections, flow))
		return -1;
	switch (value->subtype) {
	case MPTCP_MP_CAPABLE:
		return learn_capable(segment, value);
	case MPTCP_DSS:
		return learn_dss(segment, value);
	case MPTCP_ADD_ADDR:
		return learn_address(sent_by(flow->subflow, segment->from), value);
	default:
		return 0;
	}
}

int mptcp_learn(const struct mptcp_learn_segment *segment)
{
	const struct mptcp_options *options = segment->options;
	struct mptcp_flow *flow = segment->flow;
	int failed = 0;

	if (flow->turned && flow->subflow) /* its ends keep their roles in the connection */
		flow->subflow->swapped = !flow->subflow->swapped;
	flow->turned = false;
	for (size_t i = 0; i < options->count && !failed; i++)
		failed = learn_option(segment, &options->values[i]);
	if (flow->subflow)
		mptcp_join_see(flow->subflow, segment->from, segment->frame->flags,
			options->subtypes >> MPTCP_DSS & 1);
	return failed;
}
