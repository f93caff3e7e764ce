/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_ends: options that vanish, fallback, MP_FAIL, MP_FASTCLOSE, and data where there should be
 * none (RFC 8684 sections 3.3.8, 3.4.2, 3.5 and 3.7). See check_parts.h. */
#include "check_parts.h"

#include <stdio.h>
#include <string.h>

#define RUN 8  /* packets with options that make a habit */
#define BARE 3 /* packets without that mean something, where none has data */

static bool is_closing(const struct mptcp_sight *sight)
{
	const struct mptcp_story_subflow *subflow = sight->subflow;

	return subflow->ends[0].fin.packetid || subflow->ends[1].fin.packetid ||
		subflow->ended.packetid || sight->connection->fastclose.packetid ||
		sight->connection->closed;
}

/* The host has an option again. */
static void see_option(const struct mptcp_sight *sight)
{
	struct mptcp_check_way *way = sight->way;

	if (way->bare >= 2 && way->before >= RUN && !way->bare_ends) {
		struct mptcp_proof proof = mptcp_proof_numbers(0, way->bare);

		proof.at = &way->bare_first;
		MPTCP_CHECK_PUT(sight, opt_skipped, &proof);
	}
	way->bare = 0;
	way->with_options++;
	if (way->bare_ends || !sight->back->bare || way->repeats.packetid ||
		!mptcp_packet_has(sight->packet, MPTCP_COLUMN_reinjection_of))
		return;
	way->repeats = sight->moment;
}

void mptcp_check_bare(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	struct mptcp_check_way *way = sight->way;
	struct mptcp_check_way *back = sight->back;

	if (packet->tcpflags & (MPTCP_SYN | MPTCP_RST) || !sight->subflow->established)
		return;
	if (sight->subtypes || mptcp_packet_has(packet, MPTCP_COLUMN_malformed) ||
		mptcp_packet_has(packet, MPTCP_COLUMN_options_cut)) {
		if (!way->bare && !back->bare)
			way->with_options++;
		else
			see_option(sight);
		return;
	}
	if (!way->bare++) {
		way->bare_first = sight->moment;
		way->before = way->with_options;
		way->bare_ack = way->bare_data = false;
		way->bare_ends = is_closing(sight);
		way->with_options = 0;
	}
	way->bare_data |= sight->is_new && !mptcp_packet_has(packet, MPTCP_COLUMN_dsn);
	way->bare_ack |= back->acked > sight->acked && back->mapped_end > sight->acked;
}

static bool has_mapping(const struct mptcp_ordered *maps, uint64_t dsn)
{
	const struct mptcp_check_mapping *map;

	for (struct mptcp_place at = mptcp_ordered_begin(maps);
		(map = mptcp_ordered_at(maps, at, sizeof(*map))); at = mptcp_ordered_next(maps, at))
		if (map->dsn == dsn)
			return true;
	return false;
}

/* Mappings that an MP_FAIL is compared with. */
#define MAPPINGS_LOOKED_AT 65536

/* MP_FAIL names the beginning of a mapping of the data that goes to its sender. */
static bool begins_mapping(const struct mptcp_sight *sight, uint64_t dsn)
{
	enum mptcp_role peer = mptcp_role_peer(sight->role);
	const struct mptcp_story_subflow *subflow = sight->connection->last_subflow;
	unsigned left = MPTCP_STORY_SUBFLOWS;
	size_t maps = 0;

	for (; subflow && left && maps < MAPPINGS_LOOKED_AT; subflow = subflow->previous, left--) {
		const struct mptcp_check_stream *stream = subflow->own;
		const struct mptcp_check_way *way =
			stream ? &stream->ways[mptcp_check_end_of(subflow, peer)] : NULL;

		if (way && way->forgot)
			return true; /* perhaps */
		if (way && has_mapping(&way->maps, dsn))
			return true;
		maps += way ? way->maps.count : 0;
	}
	return subflow; /* perhaps of an older one */
}

static void see_fail(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	const struct mptcp_story_data *to = &sight->connection->to[sight->role];
	struct mptcp_check_data *data = sight->data;
	uint64_t dsn = value->fail.dsn - to->base;
	struct mptcp_proof proof = {0};

	data->failed = true;
	if (!(sight->packet->tcpflags & MPTCP_RST) && !data->fail.packetid) {
		data->fail = sight->moment;
		data->fail_subflow = sight->subflow;
	}
	snprintf(proof.got, sizeof(proof.got), "%lld", (long long)dsn);
	if (to->has_base && !begins_mapping(sight, mptcp_check_key(dsn)))
		MPTCP_CHECK_PUT(sight, mpfail_dsn, &proof);
}

static void see_fastclose(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	const struct mptcp_key_list *keys =
		&sight->connection->keys.of[mptcp_role_peer(sight->role)];
	struct mptcp_proof proof;

	if (!keys->count || keys->overflowed)
		return;
	for (unsigned i = 0; i < keys->count; i++)
		if (keys->list[i].key == value->fastclose.key)
			return;
	proof = mptcp_proof_hex(keys->list[0].key, value->fastclose.key);
	MPTCP_CHECK_PUT(sight, fastclose_key, &proof);
}

/*
 * Whether the sender chose this subflow for its data two round trips after the request: what it had
 * chosen before may wait in a queue for long, but does not go beyond the window of then.
 */
static bool is_after(const struct mptcp_sight *sight, struct mptcp_check_request *request)
{
	if (!request->at || !mptcp_packet_has(sight->packet, MPTCP_COLUMN_dsn) ||
		sight->moment.abstime - request->at <= 2 * mptcp_check_rtt(sight->subflow))
		return false;
	if (!request->edge)
		request->edge = sight->data->edge;
	return request->edge && mptcp_check_key(sight->packet->dsn) >= request->edge;
}

/* Data after MP_FASTCLOSE, of the host that got it, seen there. */
static void see_late(const struct mptcp_sight *sight)
{
	const struct mptcp_story_connection *connection = sight->connection;
	bool here = connection->vantage ==
		(sight->role == MPTCP_CLIENT ? MPTCP_VANTAGE_CLIENT : MPTCP_VANTAGE_SERVER);
	struct mptcp_proof proof = {.related = {connection->fastclose.packetid}};

	if (here && connection->fastclose_by != sight->role &&
		sight->moment.abstime - connection->fastclose.abstime >
			2 * mptcp_check_rtt(sight->subflow))
		MPTCP_CHECK_PUT(sight, fastclose_ignored, &proof);
}

/* New data, where its sender should not send any. */
static void see_data(const struct mptcp_sight *sight)
{
	int64_t now = sight->moment.abstime;

	if (sight->way->removal.at && is_after(sight, &sight->way->removal) &&
		!sight->subflow->ended.packetid)
		MPTCP_CHECK_PUT(sight, rmaddr_still_used, NULL);
	if (sight->connection->fastclose.packetid)
		see_late(sight);
	if (!sight->back->backup.at)
		sight->data->regular_time = now;
	else if (is_after(sight, &sight->back->backup) && sight->data->regular_time &&
		now - sight->data->regular_time < mptcp_check_rtt(sight->subflow))
		MPTCP_CHECK_PUT(sight, backup_carries, NULL);
}

void mptcp_check_ends(const struct mptcp_sight *sight)
{
	if (sight->is_new)
		see_data(sight);
	if (!sight->signals)
		return;
	const struct mptcp_options *options = &sight->signals->options;

	for (size_t i = 0; i < options->count; i++)
		if (options->values[i].subtype == MPTCP_MP_FAIL)
			see_fail(sight, &options->values[i]);
		else if (options->values[i].subtype == MPTCP_MP_FASTCLOSE)
			see_fastclose(sight, &options->values[i]);
}

/* Whether the options of one direction of a subflow ended without a word. */
static bool lost_options(const struct mptcp_story_subflow *subflow,
	const struct mptcp_check_way *way)
{
	const struct mptcp_story_connection *connection = subflow->connection;
	const struct mptcp_check_stream *stream = subflow->own;
	const struct mptcp_check_connection *whole = connection->own;

	return subflow->established && way->bare && !way->bare_ends && !stream->refused_fallback &&
		(way->bare_data || (way->bare_ack && way->bare >= BARE)) &&
		(!whole->fallback.packetid || !strcmp(whole->reason, "options_lost")) &&
		!whole->data[0].failed && !whole->data[1].failed &&
		!whole->data[0].infinite.packetid && !whole->data[1].infinite.packetid;
}

/* Returns whether they vanished in both directions. */
static bool end_options(struct mptcp_check *check, struct mptcp_story_subflow *subflow)
{
	struct mptcp_check_stream *stream = subflow->own;
	struct mptcp_check_connection *whole = subflow->connection->own;
	bool lost[2] = {lost_options(subflow, &stream->ways[0]),
		lost_options(subflow, &stream->ways[1])};
	struct mptcp_sight sight;

	for (int from = 0; from < 2; from++) {
		const struct mptcp_check_way *way = &stream->ways[from];
		struct mptcp_proof proof = mptcp_proof_numbers(0, way->bare);

		if (!lost[from])
			continue;
		proof.expected[0] = '\0';
		mptcp_check_recall(&sight, check, subflow, &way->bare_first);
		if (check->failed)
			return false;
		if (lost[!from])
			MPTCP_CHECK_PUT(&sight, opt_vanished, &proof);
		else
			MPTCP_CHECK_PUT(&sight, mbox_strip_oneway, &proof);
		whole->explained = true;
	}
	return lost[0] && lost[1];
}

static void end_fallback(struct mptcp_check *check, struct mptcp_story_connection *connection)
{
	struct mptcp_check_connection *whole = connection->own;
	struct mptcp_proof proof = mptcp_proof_words("", whole->reason);
	struct mptcp_sight sight;

	if (!whole->fallback.packetid || whole->explained)
		return;
	mptcp_check_recall(&sight, check, whole->fallback_subflow, &whole->fallback);
	if (!check->failed)
		MPTCP_CHECK_PUT(&sight, fallback, &proof);
}

/* MP_FAIL on the only subflow, and the peer went on without answering it. */
static void end_fail(struct mptcp_check *check, struct mptcp_story_connection *connection,
	enum mptcp_role role)
{
	const struct mptcp_check_connection *whole = connection->own;
	const struct mptcp_check_data *data = &whole->data[role];
	struct mptcp_sight sight;

	if (!data->fail.packetid || whole->data[!role].failed || connection->established > 1 ||
		mptcp_check_last(connection, mptcp_role_peer(role)) <
			data->fail.abstime + MPTCP_SECOND + mptcp_check_rtt(data->fail_subflow))
		return;
	mptcp_check_recall(&sight, check, data->fail_subflow, &data->fail);
	if (check->failed)
		return;
	if (mptcp_check_is_v1(&sight))
		MPTCP_CHECK_PUT(&sight, mpfail_alone, NULL);
}

/* One host sent data again after the other one had fallen back. */
static void end_one_sided(struct mptcp_check *check, struct mptcp_story_subflow *subflow)
{
	const struct mptcp_story_connection *connection = subflow->connection;
	const struct mptcp_check_stream *stream = subflow->own;
	struct mptcp_sight sight;

	for (enum mptcp_role from = MPTCP_CLIENT; from <= MPTCP_SERVER; from++) {
		const struct mptcp_moment *repeats = &stream->ways[from].repeats;
		enum mptcp_role role = mptcp_story_role(subflow, from);

		if (!repeats->packetid || !connection->fallback.packetid ||
			repeats->packetid < connection->fallback.packetid ||
			!connection->fell_back[mptcp_role_peer(role)])
			continue;
		mptcp_check_recall(&sight, check, subflow, repeats);
		if (!check->failed)
			MPTCP_CHECK_PUT(&sight, fallback_one_sided, NULL);
	}
}

void mptcp_check_end_ends(struct mptcp_check *check, struct mptcp_story_connection *connection)
{
	struct mptcp_story_subflow *last = NULL;
	unsigned lost = 0;

	for (struct mptcp_story_subflow *subflow = connection->subflows; subflow && !check->failed;
		subflow = subflow->next) {
		if (!subflow->own)
			continue;
		if (end_options(check, subflow) && !subflow->reset) {
			last = subflow;
			lost++;
		}
		end_one_sided(check, subflow);
	}
	if (lost > 1 && !check->failed) {
		const struct mptcp_check_stream *stream = last->own;
		struct mptcp_proof proof = mptcp_proof_numbers(1, lost);
		struct mptcp_sight sight;

		mptcp_check_recall(&sight, check, last, &stream->ways[0].bare_first);
		MPTCP_CHECK_PUT(&sight, fallback_multi, &proof);
	}
	end_fallback(check, connection);
	end_fail(check, connection, MPTCP_CLIENT);
	end_fail(check, connection, MPTCP_SERVER);
}
