/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_datafin: DATA_FIN, and FINs of subflows (RFC 8684 section 3.3.3). See check_parts.h. */
#include "check_parts.h"

static uint64_t relative(uint64_t dsn)
{
	return dsn - MPTCP_DSN_ORIGIN;
}

/* The number of the DATA_FIN: the last one of its mapping. */
static bool number(const struct mptcp_sight *sight, uint64_t *fin)
{
	const struct mptcp_packet *packet = sight->packet;
	const struct mptcp_story_data *to = &sight->connection->to[packet->mptcpdest];
	const struct mptcp_key *key = mptcp_keys_chosen(&sight->connection->keys, sight->role);
	uint64_t base = key ? key->idsn : to->base, dsn = packet->dss_dsn;

	if (!packet->dss_length || (!key && !to->has_base))
		return false;
	if (!(packet->dss_flags & MPTCP_DSS_DSN_64))
		dsn = mptcp_sequence_extend(to->has_base ? to->highest : base, (uint32_t)dsn);
	*fin = mptcp_check_key(dsn + packet->dss_length - 1 - base);
	return true;
}

static void check_placement(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	uint64_t start = mptcp_sequence_extend(sight->position, packet->dss_ssn);
	uint64_t wanted = sight->position + packet->tcplen + 1;
	uint64_t end = start + packet->dss_length;

	if (!packet->tcplen && (packet->dss_ssn || packet->dss_length != 1)) {
		/* a copy of the last mapping, with its data acknowledged, is as good */
		struct mptcp_proof proof = mptcp_proof_numbers(0, packet->dss_ssn);

		MPTCP_CHECK_PUT(sight, datafin_placement, &proof);
	} else if (packet->tcplen && end < wanted) {
		struct mptcp_proof proof = mptcp_proof_numbers(wanted - MPTCP_SEQUENCE_ORIGIN,
			end - MPTCP_SEQUENCE_ORIGIN);

		MPTCP_CHECK_PUT(sight, datafin_placement, &proof);
	}
}

void mptcp_check_fin_order(const struct mptcp_sight *sight, uint64_t end)
{
	const struct mptcp_check_data *data = sight->data;

	if (end <= data->fin || !sight->is_new)
		return;
	struct mptcp_proof proof = mptcp_proof_numbers(relative(data->fin), relative(end - 1));

	proof.related[0] = data->fin_first.packetid;
	MPTCP_CHECK_PUT(sight, datafin_data_after, &proof);
}

void mptcp_check_data_fin(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	struct mptcp_check_data *data = sight->data;
	uint64_t fin;

	if (!packet->datafin || !mptcp_packet_has(packet, MPTCP_COLUMN_dss_length) ||
		!number(sight, &fin))
		return;
	check_placement(sight);
	if (data->fin && data->fin != fin) {
		struct mptcp_proof proof = mptcp_proof_numbers(relative(data->fin), relative(fin));

		proof.related[0] = data->fin_first.packetid;
		MPTCP_CHECK_PUT(sight, datafin_seq_changed, &proof);
		return;
	}
	if (!data->fin_count++) {
		data->fin = fin;
		data->fin_first = sight->moment;
		data->fin_subflow = sight->subflow;
		if (mptcp_intervals_add(&data->dsns, fin, fin + 1, NULL))
			sight->check->failed = true;
		if (fin + 1 > data->end)
			data->end = fin + 1;
	}
	data->fin_last = sight->moment;
}

static void end_unacked(struct mptcp_check *check, struct mptcp_story_connection *connection,
	enum mptcp_role role)
{
	struct mptcp_check_connection *whole = connection->own;
	const struct mptcp_check_data *data = &whole->data[role];
	struct mptcp_sight sight;
	struct mptcp_proof proof = mptcp_proof_numbers(0, data->fin_count);

	if (data->fin_count <= 3 || data->dack > data->fin || connection->fastclose.packetid ||
		mptcp_check_last(connection, mptcp_role_peer(role)) <
			data->fin_last.abstime + mptcp_check_rtt(data->fin_subflow))
		return;
	proof.expected[0] = '\0';
	mptcp_check_recall(&sight, check, data->fin_subflow, &data->fin_first);
	if (!check->failed)
		MPTCP_CHECK_PUT(&sight, datafin_unacked, &proof);
}

/* The last FIN of a host that closed all its subflows; NULL where one is open or was reset. */
static const struct mptcp_moment *last_fin(const struct mptcp_story_connection *connection,
	enum mptcp_role role, struct mptcp_story_subflow **on)
{
	const struct mptcp_moment *last = NULL;

	for (struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next) {
		const struct mptcp_moment *fin =
			&subflow->ends[mptcp_check_end_of(subflow, role)].fin;

		if (!subflow->established)
			continue;
		if (!fin->packetid || subflow->reset)
			return NULL;
		if (!last || fin->packetid > last->packetid) {
			last = fin;
			*on = subflow;
		}
	}
	return last;
}

static void end_fin(struct mptcp_check *check, struct mptcp_story_connection *connection,
	enum mptcp_role role)
{
	struct mptcp_check_connection *whole = connection->own;
	const struct mptcp_check_data *data = &whole->data[role];
	struct mptcp_story_subflow *subflow = NULL;
	const struct mptcp_moment *fin = last_fin(connection, role, &subflow);
	struct mptcp_proof proof = {0};
	struct mptcp_sight sight;

	if (!fin || data->fin || data->infinite.packetid || data->fail.packetid ||
		whole->data[!role].fail.packetid || connection->fastclose.packetid ||
		connection->fallback.packetid)
		return;
	if (data->end > data->dack && data->end > mptcp_check_key(1))
		proof.severity = MPTCP_SEVERITY_ERROR;
	mptcp_check_recall(&sight, check, subflow, fin);
	if (!check->failed)
		MPTCP_CHECK_PUT(&sight, fin_before_datafin, &proof);
}

void mptcp_check_end_fins(struct mptcp_check *check, struct mptcp_story_connection *connection)
{
	for (enum mptcp_role role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++) {
		end_unacked(check, connection, role);
		end_fin(check, connection, role);
	}
}
