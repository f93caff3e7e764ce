/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_addresses: ADD_ADDR and REMOVE_ADDR (RFC 8684 sections 3.4.1 and 3.4.2). See
 * check_parts.h. */
#include "check_parts.h"

#include "array.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Announcements of a connection that are remembered. */
#define ADDRESSES_MOST 1024

static void format(char text[MPTCP_FINDING_TEXT], const struct mptcp_address *address,
	bool has_port, uint16_t port)
{
	if (has_port)
		mptcp_endpoint_format(address, port, text);
	else
		mptcp_address_format(address, text);
}

static bool is_same(const struct mptcp_check_address *known, const struct mptcp_option_value *value)
{
	return mptcp_address_equal(&known->address, &value->add.address) &&
		known->has_port == value->add.has_port &&
		(!known->has_port || known->port == value->add.port);
}

/* RFC 1918, 3927, 4193, 4291; loopback. */
static bool is_private(const struct mptcp_address *address)
{
	const uint8_t *at = address->bytes;

	if (address->family == 6)
		return (at[0] & 0xfe) == 0xfc || (at[0] == 0xfe && (at[1] & 0xc0) == 0x80);
	return at[0] == 10 || at[0] == 127 || (at[0] == 172 && (at[1] & 0xf0) == 16) ||
		(at[0] == 192 && at[1] == 168) || (at[0] == 169 && at[1] == 254);
}

static void check_hmac(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	uint8_t digest[MPTCP_HMAC_MAX];
	size_t size = mptcp_keys_add_addr(&sight->connection->keys, sight->role, value, digest);

	if (!size || !memcmp(digest + size - 8, value->add.hmac, 8))
		return;
	struct mptcp_proof proof =
		mptcp_proof_hex(mptcp_be64(digest + size - 8), mptcp_be64(value->add.hmac));

	if (!memcmp(digest, value->add.hmac, 8))
		MPTCP_CHECK_PUT(sight, addaddr_hmac_left_half, &proof);
	else
		MPTCP_CHECK_PUT(sight, addaddr_hmac, &proof);
}

static void put_differs(const struct mptcp_sight *sight, enum mptcp_finding_id id,
	const struct mptcp_check_address *known, const struct mptcp_option_value *value)
{
	struct mptcp_proof proof = {.related = {known->first.packetid}};

	format(proof.expected, &known->address, known->has_port, known->port);
	format(proof.got, &value->add.address, value->add.has_port, value->add.port);
	mptcp_check_put(sight, id, &proof);
}

static void see_echo(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	struct mptcp_check_connection *whole = sight->whole;
	struct mptcp_check_address *other = NULL;

	for (size_t i = whole->address_count; i-- > 0;) {
		struct mptcp_check_address *known = &whole->addresses[i];

		if (known->role == sight->role || known->id != value->add.address_id)
			continue;
		if (is_same(known, value)) {
			known->echoed = true;
			return;
		}
		other = other ? other : known;
	}
	if (other) {
		other->echoed = true; /* not to be reported twice */
		put_differs(sight, MPTCP_FINDING_addaddr_echo_differs, other, value);
	} else if (mptcp_check_is_v1(sight)) {
		struct mptcp_proof proof = {0};

		snprintf(proof.got, sizeof(proof.got), "%u", value->add.address_id);
		MPTCP_CHECK_PUT(sight, addaddr_echo_unasked, &proof);
	}
}

static void remember(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	struct mptcp_check_connection *whole = sight->whole;

	if (whole->address_count >= ADDRESSES_MOST)
		return;
	struct mptcp_check_address *list = mptcp_array_append(whole->addresses,
		&whole->address_count, &whole->address_capacity, sizeof(*list));

	if (!list) {
		sight->check->failed = true;
		return;
	}
	whole->addresses = list;
	list[whole->address_count - 1] = (struct mptcp_check_address){.role = sight->role,
		.id = value->add.address_id,
		.has_port = value->add.has_port,
		.port = value->add.port,
		.address = value->add.address,
		.first = sight->moment,
		.subflow = sight->subflow};
}

static void see_announcement(const struct mptcp_sight *sight,
	const struct mptcp_option_value *value)
{
	struct mptcp_check_connection *whole = sight->whole;
	const struct mptcp_endpoint *initial = &sight->connection->ends[sight->role];
	struct mptcp_proof proof = {0};

	if (value->add.hmac)
		check_hmac(sight, value);
	format(proof.got, &value->add.address, false, 0);
	format(proof.expected, &initial->address, false, 0);
	if (!value->add.address_id && sight->connection->initial &&
		!mptcp_address_equal(&initial->address, &value->add.address))
		MPTCP_CHECK_PUT(sight, addaddr_id0_other_address, &proof);
	proof.expected[0] = '\0';
	if (is_private(&value->add.address))
		MPTCP_CHECK_PUT(sight, addaddr_private, &proof);
	for (size_t i = whole->address_count; i-- > 0;) {
		struct mptcp_check_address *known = &whole->addresses[i];

		if (known->role != sight->role || known->id != value->add.address_id ||
			known->removed)
			continue;
		if (is_same(known, value)) {
			proof.related[0] = known->first.packetid;
			MPTCP_CHECK_PUT(sight, addaddr_resent, &proof);
			return;
		}
		if (!mptcp_address_equal(&known->address, &value->add.address)) {
			put_differs(sight, MPTCP_FINDING_addaddr_id_reused, known, value);
			break;
		}
	}
	remember(sight, value);
}

/* The host closes its subflows of that address; whether anybody used the identifier, or may have.
 */
static bool mark_subflows(const struct mptcp_sight *sight, unsigned id)
{
	struct mptcp_story_subflow *subflow = sight->connection->last_subflow;
	unsigned left = MPTCP_STORY_SUBFLOWS;
	bool used = !id;

	for (; subflow && left; subflow = subflow->previous, left--) {
		enum mptcp_role tcp = mptcp_check_end_of(subflow, sight->role);
		struct mptcp_check_stream *stream = subflow->own;

		if (!subflow->ends[tcp].has_addrid || subflow->ends[tcp].addrid != id)
			continue;
		used = true;
		if (stream && !stream->ways[tcp].removal.at)
			stream->ways[tcp].removal.at = sight->moment.abstime;
	}
	return used || subflow;
}

static void see_removal(const struct mptcp_sight *sight, unsigned id)
{
	struct mptcp_check_connection *whole = sight->whole;
	bool known = mark_subflows(sight, id);
	struct mptcp_proof proof = {0};

	whole->removed[sight->role][id / 8] |= (uint8_t)(1U << id % 8);
	for (size_t i = 0; i < whole->address_count; i++) {
		struct mptcp_check_address *address = &whole->addresses[i];

		if (address->role != sight->role || address->id != id)
			continue;
		known = address->removed = true;
		address->removed_at = sight->moment.abstime;
	}
	snprintf(proof.got, sizeof(proof.got), "%u", id);
	if (!known)
		MPTCP_CHECK_PUT(sight, rmaddr_unknown, &proof);
}

void mptcp_check_addresses(const struct mptcp_sight *sight)
{
	const struct mptcp_options *options = &sight->signals->options;

	for (size_t i = 0; i < options->count; i++) {
		const struct mptcp_option_value *value = &options->values[i];

		if (value->subtype == MPTCP_ADD_ADDR && value->add.echo)
			see_echo(sight, value);
		else if (value->subtype == MPTCP_ADD_ADDR)
			see_announcement(sight, value);
		else if (value->subtype == MPTCP_REMOVE_ADDR)
			for (unsigned k = 0; k < value->remove.count; k++)
				see_removal(sight, value->remove.address_ids[k]);
	}
}

static bool is_used(const struct mptcp_story_connection *connection,
	const struct mptcp_check_address *address)
{
	const struct mptcp_story_subflow *subflow = connection->last_subflow;
	unsigned left = MPTCP_STORY_SUBFLOWS;

	for (; subflow && left; subflow = subflow->previous, left--)
		for (int i = 0; i < 2; i++)
			if (mptcp_address_equal(&subflow->ends[i].host.address, &address->address))
				return true;
	return subflow; /* perhaps an older one */
}

void mptcp_check_end_addresses(struct mptcp_check *check, struct mptcp_story_connection *connection)
{
	const struct mptcp_check_connection *whole = connection->own;

	for (size_t i = 0; i < whole->address_count; i++) {
		const struct mptcp_check_address *address = &whole->addresses[i];
		int64_t wait = 4 * mptcp_check_rtt(address->subflow);
		struct mptcp_sight sight;
		struct mptcp_proof proof = {0};

		if (wait < MPTCP_SECOND)
			wait = MPTCP_SECOND;
		mptcp_check_recall(&sight, check, address->subflow, &address->first);
		if (check->failed)
			return;
		format(proof.got, &address->address, address->has_port, address->port);
		if (!is_used(connection, address))
			MPTCP_CHECK_PUT(&sight, addaddr_unused, &proof);
		int64_t until = mptcp_check_last(connection, mptcp_role_peer(address->role));

		if (address->removed && address->removed_at < until)
			until = address->removed_at;
		if (connection->fallback.packetid && connection->fallback.abstime < until)
			until = connection->fallback.abstime;
		if (!address->echoed && mptcp_check_is_v1(&sight) &&
			until - address->first.abstime >= wait)
			MPTCP_CHECK_PUT(&sight, addaddr_no_echo, &proof);
	}
}
