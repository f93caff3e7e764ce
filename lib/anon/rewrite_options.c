/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rewrite_options: the TCP options of a packet, for rewrite.c. What is not known, or is malformed,
 * becomes zeros: only its kind, length, subtype and flags stay. Section numbers are of RFC 8684. */
#include "rewrite.h"

#include "bytes.h"
#include "option_walk.h"
#include "options.h"

#include <string.h>

enum { TCP_HEADER = 20, OPTIONS_MOST = 40, HMAC_ADD_ADDR = 8 };
enum { KIND_SACK_PERMITTED = 4, PSEUDO = 14 /* bytes: DSN, SSN, length */ };

/* One packet's. */
struct work {
	const struct mptcp_rewrite *how;
	const struct mptcp_rewrite_side *side;
	struct mptcp_edit *edit;
	size_t start;                /* where the options stand in the packet */
	uint8_t bytes[OPTIONS_MOST]; /* as they were */
	struct mptcp_options options;
};

static size_t place(const struct work *work, const uint8_t *at)
{
	return work->start + (size_t)(at - work->bytes);
}

static void put(struct work *work, const uint8_t *at, const void *bytes, size_t length)
{
	mptcp_edit_put(work->edit, place(work, at), bytes, length);
}

static void put_number(struct work *work, const uint8_t *at, uint64_t number, size_t size)
{
	uint8_t bytes[8];

	mptcp_be64_put(bytes, number);
	put(work, at, bytes + sizeof(bytes) - size, size);
}

static void blank(struct work *work, const uint8_t *from, const uint8_t *to)
{
	mptcp_edit_blank(work->edit, place(work, from), place(work, to));
}

/* An HMAC that nobody can verify, or that is wrong, says something about an address, or a key, to
 * who knows the rest: others of the same length. */
static void put_chance(struct work *work, const uint8_t *hmac, size_t length)
{
	uint8_t drawn[MPTCP_SECRET_SIZE];

	mptcp_secret_draw(&work->how->secret, "hmac", hmac, length, drawn);
	put(work, hmac, drawn, length);
}

/* --- MP_CAPABLE, MP_JOIN --- */

/* Section 3.3.1: the checksum over the pseudo-header, of a payload that is all zeros. */
static uint16_t pseudo_checksum(uint64_t dsn, uint32_t ssn, uint16_t length)
{
	uint8_t bytes[PSEUDO + 2];
	uint32_t sum = 0;

	mptcp_be64_put(bytes, dsn);
	mptcp_be64_put(bytes + 8, (uint64_t)ssn << 32 | (uint32_t)length << 16);
	for (size_t i = 0; i < PSEUDO; i += 2)
		sum += mptcp_be16(bytes + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* The checksum of a mapping that `from` was of, and is of `to` now. */
static void put_checksum(struct work *work, const uint8_t *at, const uint64_t dsn[2], uint32_t ssn,
	uint16_t length)
{
	uint16_t checksum = pseudo_checksum(dsn[1], ssn, length);

	if (work->how->payload == MPTCP_PAYLOAD_KEEP) {
		/* by as much as the pseudo-header changed */
		uint32_t sum = (uint16_t)~mptcp_be16(at) +
			(uint32_t)pseudo_checksum(dsn[0], ssn, length) + (uint16_t)~checksum;

		while (sum >> 16)
			sum = (sum & 0xffff) + (sum >> 16);
		checksum = (uint16_t)~sum;
	} else if (work->side->checksum_wrong) {
		checksum ^= 1;
	}
	if (work->how->payload != MPTCP_PAYLOAD_KEEP || dsn[0] != dsn[1])
		put_number(work, at, checksum, 2);
}

static int rewrite_capable(struct work *work, const struct mptcp_option_value *value)
{
	const struct mptcp_rewrite_side *side = work->side;
	const uint8_t *at = value->bytes;

	if (value->capable.keys >= 1)
		put_number(work, at + 4, mptcp_rewrite_key(work->how, value->capable.sender_key),
			8);
	if (value->capable.keys >= 2)
		put_number(work, at + 12, mptcp_rewrite_key(work->how, value->capable.receiver_key),
			8);
	if (value->capable.has_checksum && side->keys) {
		struct mptcp_token token;
		uint64_t moved = work->how->change_keys ? side->keys->moved[side->sender] : 0;

		mptcp_token_compute(&token, side->keys->keys[side->sender], side->keys->version);
		const uint64_t dsn[2] = {token.idsn + 1, token.idsn + 1 + moved};
		put_checksum(work, at + 22, dsn, 1, value->capable.data_length);
	} else if (value->capable.has_checksum && work->how->payload != MPTCP_PAYLOAD_KEEP) {
		put_number(work, at + 22, 0, 2);
	}
	return 0;
}

/* The HMAC of a join, if it was right: under the keys that are there now. */
static int rewrite_join_hmac(struct work *work, const struct mptcp_option_value *value,
	size_t length)
{
	const struct mptcp_rewrite_side *side = work->side;
	const struct mptcp_join *join = &side->join;
	uint8_t digest[MPTCP_HMAC_MAX];
	bool by_opener = value->join.form == MPTCP_JOIN_ACK;

	if (!side->keys || !side->has_join)
		return -1;
	enum mptcp_role listener = mptcp_role_peer(join->opener);
	const uint64_t before[2] = {side->keys->keys[join->opener], side->keys->keys[listener]};
	const uint64_t after[2] = {side->keys->changed[join->opener],
		side->keys->changed[listener]};

	if (mptcp_hmac_join(digest, join, by_opener, before, side->keys->version) < length ||
		memcmp(digest, value->join.hmac, length) != 0) {
		put_chance(work, value->join.hmac, length);
		return 0;
	}
	mptcp_hmac_join(digest, join, by_opener, after, side->keys->version);
	put(work, value->join.hmac, digest, length);
	return 0;
}

static int rewrite_join(struct work *work, const struct mptcp_option_value *value)
{
	const struct mptcp_rewrite_side *side = work->side;
	struct mptcp_token token;

	if (!work->how->change_keys)
		return 0;
	if (value->join.form != MPTCP_JOIN_SYN)
		return rewrite_join_hmac(work, value, value->join.form == MPTCP_JOIN_ACK ? 20 : 8);
	if (!side->keys)
		return -1;
	enum mptcp_role receiver = mptcp_role_peer(side->sender);

	mptcp_token_compute(&token, side->keys->keys[receiver], side->keys->version);
	if (token.token != value->join.token)
		return -1;
	mptcp_token_compute(&token, side->keys->changed[receiver], side->keys->version);
	put_number(work, value->bytes + 4, token.token, 4);
	return 0;
}

/* --- DSS --- */

static int rewrite_dss(struct work *work, const struct mptcp_option_value *value)
{
	const struct mptcp_rewrite_side *side = work->side;
	bool change = work->how->change_keys;
	const uint8_t *at = value->bytes + 4;

	if (change && !side->keys)
		return -1;
	uint64_t moved = change ? side->keys->moved[side->sender] : 0;

	if (value->dss.has_ack) {
		size_t size = value->dss.ack_64 ? 8 : 4;

		if (change)
			put_number(work, at,
				value->dss.ack + side->keys->moved[mptcp_role_peer(side->sender)],
				size);
		at += size;
	}
	if (!value->dss.has_mapping)
		return 0;
	size_t size = value->dss.dsn_64 ? 8 : 4;
	uint64_t dsn = value->dss.dsn_64 || !side->has_dsn ? value->dss.dsn : side->dsn;
	const uint64_t both[2] = {dsn, dsn + moved};

	if (change)
		put_number(work, at, both[1], size);
	if (value->dss.has_checksum)
		put_checksum(work, at + size + 6, both, value->dss.ssn, value->dss.length);
	return 0;
}

/* --- ADD_ADDR --- */

/* Section 3.4.1: its right half; there are hosts that send the left one. */
static void rewrite_address_hmac(struct work *work, const struct mptcp_option_value *value,
	const struct mptcp_option_value *changed)
{
	const struct mptcp_rewrite_side *side = work->side;
	uint8_t digest[MPTCP_HMAC_MAX];
	size_t length = 0, half = 0;

	if (side->keys) {
		const struct mptcp_rewrite_keys *keys = side->keys;
		enum mptcp_role own = side->sender, peer = mptcp_role_peer(own);
		const uint64_t before[2] = {keys->keys[own], keys->keys[peer]};
		const uint64_t after[2] = {keys->changed[own], keys->changed[peer]};

		length = mptcp_hmac_add_addr(digest, value, before, keys->version);
		half = memcmp(digest, value->add.hmac, HMAC_ADD_ADDR) ? length - HMAC_ADD_ADDR : 0;
		if (memcmp(digest + half, value->add.hmac, HMAC_ADD_ADDR) != 0)
			length = 0;
		else
			mptcp_hmac_add_addr(digest, changed, after, keys->version);
	}
	if (length)
		put(work, value->add.hmac, digest + half, HMAC_ADD_ADDR);
	else
		put_chance(work, value->add.hmac, HMAC_ADD_ADDR);
}

static int rewrite_address(struct work *work, const struct mptcp_option_value *value)
{
	const struct mptcp_address *mapped =
		mptcp_addresses_map(&work->how->addresses, &value->add.address);
	size_t size = value->add.address.family == 6 ? 16 : 4;
	struct mptcp_option_value changed = *value;

	if (!mapped)
		return -1;
	changed.add.address = *mapped;
	changed.add.port = mptcp_ports_map(&work->how->ports, value->add.port);
	put(work, value->bytes + 4, mapped->bytes, size);
	if (value->add.has_port)
		put_number(work, value->bytes + 4 + size, changed.add.port, 2);
	if (value->add.hmac)
		rewrite_address_hmac(work, value, &changed);
	return 0;
}

/* --- all --- */

static int rewrite_value(struct work *work, const struct mptcp_option_value *value)
{
	const struct mptcp_rewrite_side *side = work->side;

	switch (value->subtype) {
	case MPTCP_MP_CAPABLE:
		return rewrite_capable(work, value);
	case MPTCP_MP_JOIN:
		return rewrite_join(work, value);
	case MPTCP_DSS:
		return rewrite_dss(work, value);
	case MPTCP_ADD_ADDR:
		return rewrite_address(work, value);
	case MPTCP_MP_FAIL: /* about data of the peer */
		if (work->how->change_keys && !side->keys)
			return -1;
		if (work->how->change_keys)
			put_number(work, value->bytes + 4,
				value->fail.dsn + side->keys->moved[mptcp_role_peer(side->sender)],
				8);
		return 0;
	case MPTCP_MP_FASTCLOSE:
		put_number(work, value->bytes + 4,
			mptcp_rewrite_key(work->how, value->fastclose.key), 8);
		return 0;
	case MPTCP_REMOVE_ADDR:
	case MPTCP_MP_PRIO:
	case MPTCP_MP_TCPRST:
		return 0;
	default:
		blank(work, value->bytes + 3, value->bytes + value->length);
		put_number(work, value->bytes + 2, (uint64_t)value->subtype << 4, 1);
		return 0;
	}
}

/* Of what is malformed, `left` bytes from its kind on: what decides that it is, stays. */
static void blank_malformed(struct work *work, const uint8_t *at, size_t left)
{
	size_t kept = 2;

	if (at[0] == MPTCP_KIND_MPTCP && left > 2)
		kept = at[2] >> 4 == MPTCP_DSS ? 4 : 3; /* the flags say how long it has to be */
	blank(work, at + (kept < left ? kept : left), at + left);
}

static int rewrite_option(struct work *work, const uint8_t *at, size_t size)
{
	switch (at[0]) {
	case MPTCP_KIND_MPTCP:
		for (size_t i = 0; i < work->options.count; i++)
			if (work->options.values[i].bytes == at)
				return rewrite_value(work, &work->options.values[i]);
		blank_malformed(work, at, size);
		return 0;
	case MPTCP_KIND_TIMESTAMPS:
		if (size != 10)
			break;
		put_number(work, at + 2, mptcp_rewrite_ticks(work->how, mptcp_be32(at + 2)), 4);
		put_number(work, at + 6, mptcp_rewrite_ticks(work->how, mptcp_be32(at + 6)), 4);
		return 0;
	case MPTCP_KIND_SACK:
		blank(work, at + 2 + (size - 2) / 8 * 8, at + size);
		return 0;
	case MPTCP_KIND_MSS:
		if (size != 4)
			break;
		return 0;
	case MPTCP_KIND_WINDOW_SCALE:
		if (size != 3)
			break;
		return 0;
	case KIND_SACK_PERMITTED:
		break;
	}
	blank(work, at + 2, at + size);
	return 0;
}

/* What was captured of the options of a packet. */
static void parse(struct mptcp_options *options, const uint8_t *bytes,
	const struct mptcp_layers *layers)
{
	size_t start = layers->tcp + TCP_HEADER;

	mptcp_options_parse(options, bytes + start, layers->payload - start,
		bytes[layers->tcp + 13]);
}

size_t mptcp_rewrite_announced(const uint8_t *bytes, const struct mptcp_layers *layers,
	struct mptcp_address addresses[MPTCP_REWRITE_ANNOUNCED])
{
	struct mptcp_options options;
	size_t count = 0;

	parse(&options, bytes, layers);
	for (size_t i = 0; i < options.count && count < MPTCP_REWRITE_ANNOUNCED; i++)
		if (options.values[i].subtype == MPTCP_ADD_ADDR)
			addresses[count++] = options.values[i].add.address;
	return count;
}

int mptcp_rewrite_options(const struct mptcp_rewrite *how, const struct mptcp_rewrite_side *side,
	struct mptcp_edit *edit)
{
	struct work work = {.how = how, .side = side, .edit = edit};
	const struct mptcp_layers *layers = edit->layers;
	enum mptcp_result got;

	work.start = layers->tcp + TCP_HEADER;
	size_t length = layers->payload - work.start;

	memcpy(work.bytes, edit->bytes + work.start, length);
	mptcp_options_parse(&work.options, work.bytes, length, edit->bytes[layers->tcp + 13]);
	struct mptcp_option_walk walk = {.bytes = work.bytes, .length = length};

	while ((got = mptcp_option_walk(&walk)) == MPTCP_ROW)
		if (rewrite_option(&work, work.bytes + walk.at, walk.size))
			return -1;
	if (got == MPTCP_FAILED)
		blank_malformed(&work, work.bytes + walk.at, length - walk.at);
	else if (walk.at < length) /* after the end of the list */
		blank(&work, work.bytes + walk.at, work.bytes + length);
	return 0;
}
