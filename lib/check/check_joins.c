/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_joins: MP_JOIN (RFC 8684 section 3.2), and keys and tokens that have to be unique (section
 * 3.1). See check_parts.h. */
#include "check_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FLAG_C = 0x20 };

/* A connection may have many subflows: this many are compared with a new one. */
#define SUBFLOWS_COMPARED 64

static const struct mptcp_story_end *end_of(const struct mptcp_story_subflow *subflow,
	enum mptcp_role role)
{
	return &subflow->ends[mptcp_check_end_of(subflow, role)];
}

/* The receiver of the SYN asked for no joins to that address and port. */
static void check_c_flag(const struct mptcp_sight *sight)
{
	enum mptcp_role receiver = mptcp_role_peer(sight->role);
	const struct mptcp_endpoint *end = &sight->connection->ends[receiver];
	const struct mptcp_check_stream *initial =
		sight->connection->initial ? sight->connection->initial->own : NULL;
	const struct mptcp_check_capable *asked = !initial ? NULL
		: receiver == MPTCP_SERVER                 ? &initial->synack
							   : &initial->syn;

	if (!asked || !asked->packetid || asked->version != 1 || !(asked->flags & FLAG_C) ||
		sight->packet->dport != end->port ||
		!mptcp_address_equal(&sight->packet->ipdst, &end->address))
		return;
	struct mptcp_proof proof = {.related = {asked->packetid}};

	MPTCP_CHECK_PUT(sight, join_to_c_flag, &proof);
}

/* The host had another address under this identifier. */
static void check_id(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	const struct mptcp_story_connection *connection = sight->connection;
	const struct mptcp_address *own = &sight->packet->ipsrc, *other = NULL;
	unsigned left = SUBFLOWS_COMPARED, id = value->join.address_id;

	if (sight->whole->removed[sight->role][id / 8] >> id % 8 & 1)
		return;
	if (!id && connection->initial)
		other = &connection->ends[sight->role].address;
	for (const struct mptcp_story_subflow *subflow = connection->subflows;
		id && !other && subflow && left; subflow = subflow->next, left--) {
		const struct mptcp_story_end *end = end_of(subflow, sight->role);

		if (subflow != sight->subflow && subflow->kind == MPTCP_KIND_JOIN &&
			end->has_addrid && end->addrid == id &&
			!mptcp_address_equal(&end->host.address, own))
			other = &end->host.address;
	}
	if (!other || mptcp_address_equal(other, own))
		return;
	char texts[2][MPTCP_ADDRESS_TEXT];
	bool here = connection->vantage ==
		(sight->role == MPTCP_CLIENT ? MPTCP_VANTAGE_CLIENT : MPTCP_VANTAGE_SERVER);

	mptcp_address_format(other, texts[0]);
	mptcp_address_format(own, texts[1]);
	struct mptcp_proof proof = mptcp_proof_words(texts[0], texts[1]);

	if (here)
		proof.severity = MPTCP_SEVERITY_ERROR;
	MPTCP_CHECK_PUT(sight, join_id_other_address, &proof);
}

static bool same_path(const struct mptcp_story_subflow *a, const struct mptcp_story_subflow *b)
{
	const struct mptcp_address *ends[2] = {&end_of(a, MPTCP_CLIENT)->host.address,
		&end_of(a, MPTCP_SERVER)->host.address};

	return mptcp_address_equal(ends[0], &end_of(b, MPTCP_CLIENT)->host.address) &&
		mptcp_address_equal(ends[1], &end_of(b, MPTCP_SERVER)->host.address);
}

/* Compared with the other subflows of the connection. */
static void check_others(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	unsigned left = SUBFLOWS_COMPARED;
	bool synack = sight->packet->tcpflags & MPTCP_ACK, repeated = false;

	for (const struct mptcp_story_subflow *subflow = sight->connection->subflows;
		subflow && left; subflow = subflow->next, left--) {
		const struct mptcp_story_end *end = &subflow->ends[sight->from];

		if (subflow == sight->subflow)
			continue;
		if (!synack && subflow->established && !subflow->ended.packetid &&
			same_path(subflow, sight->subflow))
			MPTCP_CHECK_PUT(sight, join_same_path, NULL);
		repeated |= subflow->kind == MPTCP_KIND_JOIN && end->has_nonce &&
			end->nonce == value->join.nonce &&
			mptcp_story_role(subflow, sight->from) == sight->role;
	}
	if (repeated)
		MPTCP_CHECK_PUT(sight, join_nonce_repeated, NULL);
}

/* Anything that its sender had received by then was captured before. */
static void check_dss(const struct mptcp_sight *sight)
{
	const struct mptcp_story_connection *connection = sight->connection;

	if (connection->initial && connection->initial->ack.count && !sight->peer->sent_dss &&
		!connection->fallback.packetid)
		MPTCP_CHECK_PUT(sight, join_before_dss, NULL);
}

static void see_syn(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	bool synack = sight->packet->tcpflags & MPTCP_ACK;
	const struct mptcp_step *step = synack ? &sight->subflow->synack : &sight->subflow->syn;

	if (value->join.backup && !sight->way->backup.at)
		sight->way->backup.at = sight->moment.abstime;
	if (step->count > 1 || !sight->connection)
		return; /* repeated */
	if (!synack) {
		check_c_flag(sight);
		check_dss(sight);
	}
	check_id(sight, value);
	check_others(sight, value);
}

/* The host that found a join wrong has to reset it. */
static void watch_reset(const struct mptcp_sight *sight)
{
	struct mptcp_check_stream *stream = sight->stream;

	if (!stream->join_failed || sight->from != stream->must_reset ||
		sight->moment.packetid <= stream->failed_at.packetid)
		return;
	if (sight->packet->tcpflags & MPTCP_RST) {
		stream->join_failed = false;
	} else if (++sight->way->no_rst == 3) {
		struct mptcp_proof proof = {.related = {stream->failed_at.packetid}};

		MPTCP_CHECK_PUT(sight, join_not_reset, &proof);
	}
}

void mptcp_check_joins(const struct mptcp_sight *sight)
{
	struct mptcp_check_stream *stream = sight->stream;
	const struct mptcp_packet *packet = sight->packet;

	if (sight->subflow->kind != MPTCP_KIND_JOIN)
		return;
	if (sight->signals && packet->tcpflags & MPTCP_SYN) {
		const struct mptcp_option_value *value =
			mptcp_options_find(&sight->signals->options, MPTCP_MP_JOIN);

		if (value)
			see_syn(sight, value);
	}
	watch_reset(sight);
	if (packet->tcpflags & MPTCP_SYN)
		return;
	if (sight->from == MPTCP_SERVER)
		stream->answered = true;
	else if (packet->tcplen && !stream->answered && !(packet->tcpflags & MPTCP_RST) &&
		sight->subflow->synack.count)
		MPTCP_CHECK_PUT(sight, join_data_early, NULL);
}

/* A key, and when its connection was open. */
struct key {
	uint64_t key;
	uint32_t token;
	const struct mptcp_story_connection *connection;
	enum mptcp_role role;
	int64_t start, end;
};

static int compare_keys(const void *left, const void *right)
{
	const struct key *a = left, *b = right;

	if (a->token != b->token)
		return a->token < b->token ? -1 : 1;
	return a->start < b->start ? -1 : a->start > b->start;
}

static size_t collect(struct mptcp_check *check, struct key *keys)
{
	const struct mptcp_roster *roster = &check->story.roster;
	size_t count = 0;

	for (size_t i = 0; i < roster->connection_count; i++) {
		const struct mptcp_story_connection *connection = roster->connections[i];
		const struct mptcp_story_subflow *initial = connection->initial;

		if (!initial || !initial->syn.count || !initial->established)
			continue;
		for (enum mptcp_role role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++) {
			const struct mptcp_key *key = mptcp_keys_chosen(&connection->keys, role);

			if (key)
				keys[count++] = (struct key){key->key, key->token, connection, role,
					initial->syn.first.abstime, connection->last};
		}
	}
	return count;
}

static bool one_host(const struct key *a, const struct key *b)
{
	return mptcp_address_equal(&a->connection->ends[a->role].address,
		&b->connection->ends[b->role].address);
}

static void put_pair(struct mptcp_check *check, const struct key *a, const struct key *b)
{
	struct mptcp_sight sight;
	struct mptcp_proof proof = {.related = {a->connection->initial->syn.first.packetid}};
	struct mptcp_moment moment = b->connection->initial->syn.first;
	bool at_once = b->start < a->end;

	moment.mptcpdest = mptcp_role_peer(b->role);
	mptcp_check_recall(&sight, check, b->connection->initial, &moment);
	if (check->failed)
		return;
	snprintf(proof.got, sizeof(proof.got), a->key == b->key ? "0x%" PRIx64 : "%08" PRIx64,
		a->key == b->key ? a->key : (uint64_t)a->token);
	if (a->key == b->key) {
		if (!at_once)
			proof.severity = MPTCP_SEVERITY_NOTE;
		MPTCP_CHECK_PUT(&sight, key_reused, &proof);
	} else if (at_once) {
		MPTCP_CHECK_PUT(&sight, token_collision, &proof);
	}
}

void mptcp_check_end_keys(struct mptcp_check *check, bool over)
{
	size_t most = 2 * check->story.roster.connection_count;
	struct key *keys = calloc(most + 1, sizeof(*keys));

	if (!keys) {
		check->failed = true;
		return;
	}
	size_t count = collect(check, keys);

	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < count && !check->failed; i++)
		if (keys[i].token == keys[i - 1].token && one_host(&keys[i - 1], &keys[i]) &&
			keys[i].connection != keys[i - 1].connection &&
			(!over || keys[i].connection->over || keys[i - 1].connection->over))
			put_pair(check, &keys[i - 1], &keys[i]);
	free(keys);
}
