/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_mappings: data sequence mappings and their checksums as far as they are there (RFC 8684
 * sections 3.3 and 3.3.1). See check_parts.h. */
#include "check_parts.h"

#include "piece.h"

#include <string.h>

#define MAPPINGS_MOST 8192              /* of one direction of a subflow that are remembered */
#define MAPPINGS_COMPARED 16            /* with a new one that overlaps them */
#define LIFETIME (120 * MPTCP_SECOND)   /* of a segment (RFC 9293) */
#define REORDERED (MPTCP_SECOND / 1000) /* by which interfaces of a capture may differ */

static bool ends_before(const void *item, uint64_t position)
{
	const struct mptcp_check_mapping *map = item;

	return map->start + map->length <= position;
}

static bool begins_before(const void *item, uint64_t position)
{
	return ((const struct mptcp_check_mapping *)item)->start < position;
}

int mptcp_check_keep_mapping(struct mptcp_check_way *way, const struct mptcp_check_mapping *map)
{
	struct mptcp_ordered *maps = &way->maps;

	if (maps->count == MAPPINGS_MOST) {
		mptcp_ordered_pop(maps);
		way->forgot = true;
	}
	struct mptcp_check_mapping *item;

	if (map->start >= way->maps_end) {
		item = mptcp_ordered_append(maps, sizeof(*map));
	} else {
		struct mptcp_place place =
			mptcp_ordered_find(maps, sizeof(*map), begins_before, map->start);

		item = mptcp_ordered_insert(maps, &place, sizeof(*map));
	}
	if (!item)
		return -1;
	*item = *map;
	if (map->start + map->length > way->maps_end)
		way->maps_end = map->start + map->length;
	return 0;
}

/* Relative, as people read them. */
static uint64_t relative(uint64_t dsn)
{
	return dsn - MPTCP_DSN_ORIGIN;
}

/* Two mappings that share bytes of the subflow. */
static void compare(const struct mptcp_sight *sight, const struct mptcp_check_mapping *known,
	const struct mptcp_check_mapping *map)
{
	uint64_t says = known->dsn + (map->start - known->start);
	struct mptcp_proof dsn = mptcp_proof_numbers(relative(says), relative(map->dsn));
	struct mptcp_proof length = mptcp_proof_numbers(known->length, map->length);
	bool inside = map->start >= known->start &&
		map->start + map->length <= known->start + known->length;

	dsn.related[0] = length.related[0] = known->packetid;
	if (says != map->dsn && known->start == map->start)
		MPTCP_CHECK_PUT(sight, map_conflict, &dsn);
	else if (says != map->dsn)
		MPTCP_CHECK_PUT(sight, map_overlap, &dsn);
	else if (known->start == map->start)
		MPTCP_CHECK_PUT(sight, map_length_changed, &length);
	else if (inside)
		MPTCP_CHECK_PUT(sight, map_submap, &length);
}

static bool is_same(const struct mptcp_check_mapping *a, const struct mptcp_check_mapping *b)
{
	return a->start == b->start && a->length == b->length && a->dsn == b->dsn;
}

/* Whether the mapping is known. If not, it is compared with some of those that it overlaps. */
static bool is_known(const struct mptcp_sight *sight, const struct mptcp_check_mapping *map)
{
	const struct mptcp_ordered *maps = &sight->way->maps;
	const struct mptcp_place first =
		mptcp_ordered_find(maps, sizeof(*map), ends_before, map->start);
	const struct mptcp_check_mapping *known;
	unsigned left = MAPPINGS_COMPARED;

	for (struct mptcp_place at = first;
		left && (known = mptcp_ordered_at(maps, at, sizeof(*map))) &&
		known->start < map->start + map->length;
		at = mptcp_ordered_next(maps, at), left--)
		if (is_same(known, map))
			return true;
	left = MAPPINGS_COMPARED;
	for (struct mptcp_place at = first;
		left && (known = mptcp_ordered_at(maps, at, sizeof(*map))) &&
		known->start < map->start + map->length;
		at = mptcp_ordered_next(maps, at), left--)
		compare(sight, known, map);
	return false;
}

static void add(const struct mptcp_sight *sight, const struct mptcp_check_mapping *map)
{
	const struct mptcp_check_mapping *last =
		mptcp_ordered_last(&sight->way->maps, sizeof(*map));

	if (last && map->start < last->start + last->length &&
		(is_same(last, map) || is_known(sight, map)))
		return;
	if (mptcp_check_keep_mapping(sight->way, map))
		sight->check->failed = true;
}

/* The whole number of a mapping, counted as the data is; false where nothing is known to count
 * from. */
static bool number(const struct mptcp_sight *sight, uint64_t *dsn)
{
	const struct mptcp_packet *packet = sight->packet;
	const struct mptcp_story_data *to = &sight->connection->to[packet->mptcpdest];

	if (!to->has_base)
		return false;
	*dsn = packet->dss_dsn;
	if (!(packet->dss_flags & MPTCP_DSS_DSN_64))
		*dsn = mptcp_sequence_extend(to->highest, (uint32_t)packet->dss_dsn);
	*dsn = mptcp_check_key(*dsn - to->base);
	return true;
}

static void check_place(const struct mptcp_sight *sight, const struct mptcp_check_mapping *map)
{
	uint64_t start = sight->position, end = start + sight->packet->tcplen;

	if (map->start < end && map->start + map->length > start)
		return;
	struct mptcp_proof proof = mptcp_proof_numbers(start - MPTCP_SEQUENCE_ORIGIN,
		map->start - MPTCP_SEQUENCE_ORIGIN);

	if (!mptcp_check_is_v1(sight))
		proof.severity = MPTCP_SEVERITY_NOTE;
	MPTCP_CHECK_PUT(sight, map_not_at_ssn, &proof);
}

/* Section 3.1: MP_CAPABLE gave the length of the first mapping. False: this is another one. */
static bool check_first(const struct mptcp_sight *sight, const struct mptcp_check_mapping *map)
{
	const struct mptcp_check_stream *stream = sight->stream;

	if (!stream->has_first || sight->from != MPTCP_CLIENT ||
		map->start != MPTCP_SEQUENCE_ORIGIN + 1 || map->length == stream->first_length)
		return true;
	struct mptcp_proof proof = mptcp_proof_numbers(stream->first_length, map->length);

	proof.related[0] = stream->first_packetid;
	MPTCP_CHECK_PUT(sight, mpc_data_length, &proof);
	return false;
}

/* Section 3.1: the key says where the data begins. */
static void check_idsn(const struct mptcp_sight *sight, const struct mptcp_check_mapping *map)
{
	if (map->start != MPTCP_SEQUENCE_ORIGIN + 1 || relative(map->dsn) == 1 ||
		sight->subflow != sight->connection->initial ||
		!mptcp_keys_chosen(&sight->connection->keys, sight->role))
		return;
	struct mptcp_proof proof = mptcp_proof_numbers(1, relative(map->dsn));

	sight->data->displaced = true;
	MPTCP_CHECK_PUT(sight, idsn_mismatch, &proof);
}

static void check_short(const struct mptcp_sight *sight, uint64_t dsn)
{
	struct mptcp_check_data *data = sight->data;
	int64_t now = sight->moment.abstime;

	if (sight->packet->dss_flags & MPTCP_DSS_DSN_64)
		return;
	if (!data->short_time || now - data->short_time > LIFETIME) {
		data->short_dsn = dsn;
		data->short_time = now;
	} else if (mptcp_sequence_ahead(dsn, data->short_dsn) > INT64_C(1) << 32) {
		MPTCP_CHECK_PUT(sight, map_32_bit_dsn, NULL);
	}
}

static void check_checksum(const struct mptcp_sight *sight)
{
	int agreed = mptcp_check_checksums(sight->connection);
	bool has = mptcp_packet_has(sight->packet, MPTCP_COLUMN_dss_checksum);

	if (agreed < 0 || has == (agreed > 0))
		return;
	struct mptcp_proof proof = {0};

	if (!mptcp_check_is_v1(sight) && has)
		proof.severity = MPTCP_SEVERITY_NOTE;
	if (has)
		MPTCP_CHECK_PUT(sight, csum_unasked, &proof);
	else
		MPTCP_CHECK_PUT(sight, csum_missing, &proof);
}

/* Section 3.7: from here on nothing has a mapping. */
static void see_infinite(const struct mptcp_sight *sight)
{
	struct mptcp_check_data *data = sight->data;
	uint32_t live = sight->connection->live;
	struct mptcp_proof proof = mptcp_proof_numbers(1, live);

	if (!sight->packet->tcplen || data->infinite.packetid)
		return;
	data->infinite = sight->moment;
	data->infinite_subflow = sight->subflow;
	data->infinite_position = sight->position;
	if (live > 1)
		MPTCP_CHECK_PUT(sight, map_infinite_multi, &proof);
}

static void see_mapping(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	bool fin = mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin;
	struct mptcp_check_mapping map = {
		.start = mptcp_sequence_extend(sight->position, packet->dss_ssn),
		.length = packet->dss_length - fin,
		.packetid = sight->moment.packetid,
	};

	check_checksum(sight);
	if (!map.length || !number(sight, &map.dsn))
		return;
	if (packet->dss_flags & MPTCP_DSS_DSN_64 && packet->tcplen && !sight->way->dsn64_end)
		sight->way->dsn64_end = sight->position + packet->tcplen;
	check_short(sight, map.dsn);
	if (packet->tcplen)
		check_place(sight, &map);
	check_idsn(sight, &map);
	if (check_first(sight, &map))
		add(sight, &map);
}

/* The mapping that MP_CAPABLE has. */
static void see_capable(const struct mptcp_sight *sight)
{
	const struct mptcp_option_value *value =
		mptcp_options_find(&sight->signals->options, MPTCP_MP_CAPABLE);
	struct mptcp_check_mapping map = {
		.start = MPTCP_SEQUENCE_ORIGIN + 1,
		.dsn = mptcp_check_key(1),
		.packetid = sight->moment.packetid,
	};

	if (!value || !value->capable.has_length || sight->packet->tcpflags & MPTCP_SYN)
		return;
	sight->data->sent_dss = true;
	map.length = value->capable.data_length;
	if (map.length && !sight->way->maps.count)
		add(sight, &map);
	if (mptcp_check_checksums(sight->connection) == 0 && value->capable.has_checksum)
		MPTCP_CHECK_PUT(sight, csum_unasked, NULL);
}

/* Data beyond the window is held back for a moment: the packet that opened it may come later in
 * the capture. */
static void check_window(const struct mptcp_sight *sight, uint64_t end)
{
	struct mptcp_check_data *data = sight->data;
	struct mptcp_check_outside *outside = &data->outside;

	if (!sight->is_new || !data->edge || end <= data->edge || outside->at.packetid)
		return;
	outside->at = sight->moment;
	outside->subflow = sight->subflow;
	outside->end = end;
	outside->edge = data->edge;
}

static void count_data(const struct mptcp_sight *sight, const struct mptcp_piece *piece)
{
	struct mptcp_check_data *data = sight->data;
	uint64_t start = mptcp_check_key(piece->dsn), end = start + piece->length;
	uint64_t after = sight->position + piece->offset + piece->length;

	if (data->fin)
		mptcp_check_fin_order(sight, end);
	if (mptcp_intervals_add(&data->dsns, start, end, NULL))
		sight->check->failed = true;
	if (end > data->end)
		data->end = end;
	if (after > sight->way->mapped_end)
		sight->way->mapped_end = after;
	if (piece->dsn == 1 && !sight->way->first_end)
		sight->way->first_end = after;
	check_window(sight, end);
}

/* Payload that no mapping explains, or that came without one too early. */
static void check_bare(const struct mptcp_sight *sight, bool mapped)
{
	const struct mptcp_packet *packet = sight->packet;
	bool own = mptcp_packet_has(packet, MPTCP_COLUMN_dss_length) ||
		sight->subtypes & MPTCP_CHECK_BIT(MP_CAPABLE);

	if (!sight->subflow->established || sight->data->infinite.packetid ||
		packet->tcpflags & MPTCP_RST)
		return;
	if (!mapped) {
		sight->data->unmapped += sight->is_new ? packet->tcplen : 0;
		/* MP_CAPABLE brings its mapping, whatever the order of the capture */
		if (!(sight->subtypes & MPTCP_CHECK_BIT(MP_CAPABLE)))
			MPTCP_CHECK_PUT(sight, map_missing, NULL);
	} else if (!own && !sight->data->confirmed && sight->is_new)
		MPTCP_CHECK_PUT(sight, map_not_every_segment, NULL);
}

static void see_payload(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	struct mptcp_piece piece;
	uint32_t mapped = 0;
	size_t at = 0;

	while (mptcp_piece_next(packet, &at, &piece)) {
		count_data(sight, &piece);
		mapped += piece.length;
	}
	if (mapped < packet->tcplen ||
		(!sight->data->confirmed && !mptcp_packet_has(packet, MPTCP_COLUMN_dss_length)))
		check_bare(sight, mapped == packet->tcplen);
}

/* A window that opens: data that seemed to be beyond it may have been sent after that. */
void mptcp_check_open_window(const struct mptcp_sight *sight, uint64_t edge)
{
	struct mptcp_check_data *data = sight->peer;

	if (edge <= data->edge)
		return;
	data->edge = edge;
	if (data->outside.at.packetid && edge >= data->outside.end &&
		sight->moment.abstime - data->outside.at.abstime < REORDERED)
		data->outside.at.packetid = 0;
}

static void see_reserved(const struct mptcp_sight *sight)
{
	struct mptcp_proof proof =
		mptcp_proof_hex(0, sight->packet->dss_flags & MPTCP_DSS_RESERVED);

	MPTCP_CHECK_PUT(sight, reserved_bits, &proof);
}

void mptcp_check_mappings(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;

	/* what is malformed may have been one */
	if (mptcp_packet_has(packet, MPTCP_COLUMN_malformed))
		sight->data->sent_dss = true;
	if (sight->subtypes & MPTCP_CHECK_BIT(DSS)) {
		if (packet->dss_flags & MPTCP_DSS_RESERVED)
			see_reserved(sight);
		sight->data->sent_dss = true;
		if (packet->dss_length)
			see_mapping(sight);
		else if (mptcp_packet_has(packet, MPTCP_COLUMN_dss_length))
			see_infinite(sight);
	}
	if (sight->signals && sight->subtypes & MPTCP_CHECK_BIT(MP_CAPABLE))
		see_capable(sight);
	if (packet->tcplen && !(packet->tcpflags & MPTCP_SYN))
		see_payload(sight);
}

void mptcp_check_end_data(struct mptcp_check *check, struct mptcp_story_connection *connection)
{
	struct mptcp_check_connection *whole = connection->own;

	for (int role = 0; role < 2; role++) {
		const struct mptcp_check_outside *outside = &whole->data[role].outside;
		struct mptcp_proof proof =
			mptcp_proof_numbers(relative(outside->edge), relative(outside->end));
		struct mptcp_sight sight;

		if (!outside->at.packetid)
			continue;
		mptcp_check_recall(&sight, check, outside->subflow, &outside->at);
		if (!check->failed)
			MPTCP_CHECK_PUT(&sight, map_beyond_window, &proof);
	}
}
