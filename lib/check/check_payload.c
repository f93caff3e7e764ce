/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_payload: DSS checksums (RFC 8684 section 3.3.1), and data that was sent twice, from the
 * sums of payloads (the column payload_sum of mptcp-export). See check_parts.h.
 *
 * Sums are ones' complement sums of 16 bits, which can be added up: a mapping is verified when its
 * payload was captured whole and in order, which takes no memory.
 */
#include "check_parts.h"

#define SUMS_MOST 65536 /* stretches of data that are remembered, per direction */

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static uint64_t words(uint64_t number)
{
	return (number >> 48) + (number >> 32 & 0xffff) + (number >> 16 & 0xffff) +
		(number & 0xffff);
}

bool mptcp_check_payload_sum(const struct mptcp_packet *packet, size_t extra, uint16_t *sum)
{
	unsigned value = 0;

	if (extra >= packet->extras || packet->extra[extra].length != 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		int digit = mptcp_hex_value(packet->extra[extra].bytes[i]);

		if (digit < 0)
			return false;
		value = value << 4 | (unsigned)digit;
	}
	*sum = (uint16_t)value;
	return true;
}

/* All of a mapping is there. */
static void verify(const struct mptcp_sight *sight, const struct mptcp_check_sums *open)
{
	uint64_t sum = words(open->dsn) + words(open->ssn) + open->total + open->sum;
	uint16_t wanted = (uint16_t)~fold(sum);
	struct mptcp_proof proof = mptcp_proof_hex(wanted, open->checksum);

	proof.at = &open->at;
	/* 0 and 0xffff are the same number */
	if (fold(sum + open->checksum) != 0xffff)
		MPTCP_CHECK_PUT(sight, csum_wrong, &proof);
}

/* The mapping that the packet brings, if it is not the one that is being summed up. */
static void begin(const struct mptcp_sight *sight, const struct mptcp_check_sums *found)
{
	struct mptcp_check_sums *open = &sight->way->sums;

	if (open->at.packetid && open->start == found->start && open->total == found->total &&
		open->checksum == found->checksum)
		return;
	sight->check->unverified += open->next < open->end;
	*open = *found;
	open->at = sight->moment;
	open->next = open->start;
	if (open->end == open->start)
		verify(sight, open);
}

static void see_mapping(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	const struct mptcp_story_data *to = &sight->connection->to[packet->mptcpdest];
	bool fin = mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin;
	struct mptcp_check_sums found = {
		.start = mptcp_sequence_extend(sight->position, packet->dss_ssn),
		.dsn = packet->dss_dsn,
		.ssn = packet->dss_ssn,
		.total = packet->dss_length,
		.checksum = packet->dss_checksum,
	};

	if (!packet->dss_length || !mptcp_packet_has(packet, MPTCP_COLUMN_dss_checksum))
		return;
	if (!(packet->dss_flags & MPTCP_DSS_DSN_64)) {
		if (!to->has_base)
			return;
		found.dsn = mptcp_sequence_extend(to->highest, (uint32_t)packet->dss_dsn);
	}
	found.end = found.start + packet->dss_length - fin;
	begin(sight, &found);
}

static void see_capable(const struct mptcp_sight *sight)
{
	const struct mptcp_option_value *value = sight->signals
		? mptcp_options_find(&sight->signals->options, MPTCP_MP_CAPABLE)
		: NULL;
	const struct mptcp_key *key = mptcp_keys_chosen(&sight->connection->keys, sight->role);

	if (!value || !value->capable.has_checksum || !key)
		return;
	const struct mptcp_check_sums found = {
		.start = MPTCP_SEQUENCE_ORIGIN + 1,
		.end = MPTCP_SEQUENCE_ORIGIN + 1 + value->capable.data_length,
		.dsn = key->idsn + 1,
		.ssn = 1,
		.total = value->capable.data_length,
		.checksum = value->capable.checksum,
	};
	begin(sight, &found);
}

/* Adds the payload to the mapping that is open. What does not go on where it stopped, or goes
 * beyond its end, makes it unknown. */
static void sum_up(const struct mptcp_sight *sight, bool known, uint16_t sum)
{
	struct mptcp_check_sums *open = &sight->way->sums;
	uint64_t end = sight->position + sight->packet->tcplen;

	if (!open->at.packetid || open->next >= open->end || end <= open->next)
		return;
	if (!known || sight->position != open->next || end > open->end) {
		sight->check->unverified++;
		open->end = 0;
		return;
	}
	if ((open->next - open->start) % 2)
		sum = (uint16_t)(sum << 8 | sum >> 8);
	open->sum += sum;
	open->next = end;
	if (end == open->end)
		verify(sight, open);
}

static bool is_below(const void *item, uint64_t dsn)
{
	return ((const struct mptcp_check_copy *)item)->dsn < dsn;
}

static void remember(const struct mptcp_sight *sight, struct mptcp_place place,
	const struct mptcp_check_copy *copy)
{
	struct mptcp_ordered *copies = &sight->data->copies;

	if (copies->count == SUMS_MOST) {
		mptcp_ordered_pop(copies);
		place = mptcp_ordered_find(copies, sizeof(*copy), is_below, copy->dsn);
	}
	struct mptcp_check_copy *item = mptcp_ordered_insert(copies, &place, sizeof(*copy));

	if (item)
		*item = *copy;
	else
		sight->check->failed = true;
}

/* Compared with the first copy, if that was one segment, too. */
static void compare(const struct mptcp_sight *sight, uint16_t sum)
{
	const struct mptcp_packet *packet = sight->packet;
	const struct mptcp_check_copy copy = {mptcp_check_key(packet->dsn), packet->tcplen, sum,
		sight->moment.packetid};
	const struct mptcp_ordered *copies = &sight->data->copies;

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_dsn) ||
		mptcp_packet_has(packet, MPTCP_COLUMN_dsn_split))
		return;
	struct mptcp_place place = mptcp_ordered_find(copies, sizeof(copy), is_below, copy.dsn);
	const struct mptcp_check_copy *first = mptcp_ordered_at(copies, place, sizeof(copy));

	if (!first || first->dsn != copy.dsn) {
		remember(sight, place, &copy);
		return;
	}
	struct mptcp_proof proof = mptcp_proof_hex(first->sum, sum);

	proof.related[0] = first->packetid;
	if (first->length == copy.length && first->sum != sum)
		MPTCP_CHECK_PUT(sight, map_overlap_data, &proof);
}

void mptcp_check_payload(const struct mptcp_sight *sight)
{
	uint16_t sum = 0;
	bool known = mptcp_check_payload_sum(sight->packet, sight->check->payload - 1, &sum);

	if (sight->subtypes & MPTCP_CHECK_BIT(DSS))
		see_mapping(sight);
	else if (sight->subtypes & MPTCP_CHECK_BIT(MP_CAPABLE))
		see_capable(sight);
	if (!sight->packet->tcplen || sight->packet->tcpflags & MPTCP_SYN)
		return;
	sum_up(sight, known, sum);
	if (known)
		compare(sight, sum);
}
