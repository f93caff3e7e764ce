/* SPDX-License-Identifier: GPL-2.0-or-later */
/* learn: see learn.h. Section numbers are of RFC 8684. */
#include "learn.h"

/* A data sequence number of data that the flow's end `of` sends was seen. Comparing it with other
 * connections may turn roles round. */
static int see_dsn(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	unsigned of, uint64_t dsn, bool whole)
{
	if (whole &&
		mptcp_connections_place(connections, subflow, mptcp_subflow_role(subflow, of), dsn))
		return -1;
	enum mptcp_role role = mptcp_subflow_role(subflow, of);
	struct mptcp_direction *sent = &subflow->connection->sent[role];
	if (whole)
		mptcp_connections_extend(subflow->connection, role, dsn);
	mptcp_reference_see(&sent->learned, dsn);
	if (!sent->has_lowest || mptcp_sequence_ahead(dsn, sent->lowest) < 0) {
		sent->has_lowest = true;
		sent->lowest = dsn;
	}
	return 0;
}

static struct mptcp_direction *sent_by(const struct mptcp_subflow *subflow, unsigned from)
{
	return &subflow->connection->sent[mptcp_subflow_role(subflow, from)];
}

/* The 64-bit number of one on the wire; false where a 32-bit one has nothing to go by. */
static bool whole_dsn(const struct mptcp_direction *sent, uint64_t wire, bool is_64, uint64_t *dsn)
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

static int learn_mapping(struct mptcp_subflow *subflow, unsigned from, uint32_t ssn, uint64_t dsn,
	uint64_t length, uint64_t row)
{
	uint64_t start = subflow->sent[from].mappings.count
		? mptcp_sequence_extend(subflow->sent[from].highest, ssn)
		: MPTCP_FLOW_ORIGIN + ssn;
	uint64_t end = length == MPTCP_MAPPING_INFINITE ? length : start + length;

	if (length != MPTCP_MAPPING_INFINITE &&
		(!subflow->sent[from].mappings.count || end > subflow->sent[from].highest))
		subflow->sent[from].highest = end;
	return mptcp_mappings_add(&subflow->sent[from].mappings, start, end, dsn, row);
}

/* Section 3.3: DSS. */
static int learn_dss(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	const struct mptcp_frame *frame, const struct mptcp_option_value *value, unsigned from,
	uint64_t row)
{
	uint64_t dsn;

	if (value->dss.has_ack &&
		whole_dsn(sent_by(subflow, !from), value->dss.ack, value->dss.ack_64, &dsn) &&
		see_dsn(connections, subflow, !from, dsn, value->dss.ack_64))
		return -1;
	if (!value->dss.has_mapping)
		return 0;
	if (!whole_dsn(sent_by(subflow, from), value->dss.dsn, value->dss.dsn_64, &dsn))
		dsn = value->dss.dsn; /* nothing better is known: as on the wire */
	if (!value->dss.dsn_64 && !sent_by(subflow, from)->learned.known)
		sent_by(subflow, from)->halves = true;
	if (see_dsn(connections, subflow, from, dsn, value->dss.dsn_64))
		return -1;
	if (!value->dss.length) /* section 3.7: an infinite mapping, from here to the end */
		return value->dss.ssn ? learn_mapping(subflow, from, value->dss.ssn, dsn,
						MPTCP_MAPPING_INFINITE, row)
				      : 0;
	/* section 3.3.3: the DATA_FIN takes one number and no byte; alone, its subflow sequence
	 * number is 0 */
	uint32_t bytes = value->dss.length - (uint32_t)value->dss.data_fin;
	if (!bytes)
		return 0;
	if (frame->length)
		learn_origin(subflow, from, frame->sequence, value->dss.ssn);
	return learn_mapping(subflow, from, value->dss.ssn, dsn, bytes, row);
}

/* Section 3.1: MP_CAPABLE. */
static int learn_capable(struct mptcp_connections *connections, struct mptcp_subflow *subflow,
	const struct mptcp_frame *frame, const struct mptcp_option_value *value, unsigned from,
	uint64_t row)
{
	struct mptcp_connection *connection = subflow->connection;

	subflow->joined = true;
	/* the client of the initial subflow is the client of the connection */
	if (subflow->swapped)
		mptcp_connections_turn(connection);
	enum mptcp_role role = mptcp_subflow_role(subflow, from);
	/* the server decides the version, with its SYN/ACK */
	if (!connection->has_version ||
		((frame->flags & (MPTCP_SYN | MPTCP_ACK)) == (MPTCP_SYN | MPTCP_ACK) &&
			!connection->sent[MPTCP_SERVER].has_key)) {
		connection->has_version = true;
		connection->version = value->capable.version;
	}
	if (value->capable.keys >= 1 &&
		mptcp_connections_key(connections, subflow, role, value->capable.sender_key))
		return -1;
	if (value->capable.keys >= 2 &&
		mptcp_connections_key(connections, subflow, mptcp_role_peer(role),
			value->capable.receiver_key))
		return -1;
	/*
	 * With data it is a mapping, too, of the first data. It stands on every segment of a large
	 * send. The data of a Fast Open SYN before it has none (appendix B).
	 */
	if (!value->capable.has_length || !value->capable.data_length ||
		subflow->sent[from].mappings.count)
		return 0;
	const struct mptcp_flow_end *end = &subflow->flow->ends[from];
	uint32_t ssn = end->syn_data ? frame->sequence - end->isn : 1;
	return learn_mapping(subflow, from, ssn, subflow->connection->sent[role].idsn + 1,
		value->capable.data_length, row);
}

int mptcp_learn(struct mptcp_connections *connections, struct mptcp_flow *flow,
	const struct mptcp_frame *frame, const struct mptcp_options *options, unsigned from,
	uint64_t row)
{
	int failed = 0;

	if (flow->turned && flow->subflow) /* its ends keep their roles in the connection */
		flow->subflow->swapped = !flow->subflow->swapped;
	flow->turned = false;
	for (size_t i = 0; i < options->count && !failed; i++) {
		const struct mptcp_option_value *value = &options->values[i];

		if (value->subtype == MPTCP_MP_JOIN && value->join.form == MPTCP_JOIN_SYN) {
			failed = mptcp_connections_join(connections, flow, from, value->join.token);
			continue;
		}
		/* the others prove nothing: a host whose SYN lost its MP_JOIN resets the flow with
		 * an MP_TCPRST */
		if (value->subtype != MPTCP_MP_CAPABLE && value->subtype != MPTCP_DSS)
			continue;
		/* section 3: a subflow begins with an MPTCP option in its SYN */
		if (!flow->subflow && flow->plain)
			continue;
		if (!flow->subflow && !mptcp_connections_begin(connections, flow))
			return -1;
		if (value->subtype == MPTCP_MP_CAPABLE)
			failed = learn_capable(connections, flow->subflow, frame, value, from, row);
		else
			failed = learn_dss(connections, flow->subflow, frame, value, from, row);
	}
	return failed;
}
