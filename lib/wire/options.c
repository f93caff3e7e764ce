/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Section numbers are of RFC 8684 unless stated otherwise. */
#include "options.h"

#include "bytes.h"
#include "option_walk.h"

#include <string.h>

enum { SYN = 0x02, ACK = 0x10 };
#define CHECKSUM 0x80 /* flag A of MP_CAPABLE */

static const char *const names[MPTCP_SUBTYPES] = {
	"MP_CAPABLE",
	"MP_JOIN",
	"DSS",
	"ADD_ADDR",
	"REMOVE_ADDR",
	"MP_PRIO",
	"MP_FAIL",
	"MP_FASTCLOSE",
	"MP_TCPRST",
	"MPTCP_9",
	"MPTCP_10",
	"MPTCP_11",
	"MPTCP_12",
	"MPTCP_13",
	"MPTCP_14",
	"MPTCP_15",
};

const char *mptcp_subtype_name(unsigned subtype)
{
	return names[subtype % MPTCP_SUBTYPES];
}

int mptcp_subtype_find(const char *name, size_t length)
{
	for (int i = 0; i < MPTCP_SUBTYPES; i++)
		if (strlen(names[i]) == length && !memcmp(names[i], name, length))
			return i;
	return -1;
}

/*
 * Section 3.1. Version 1: SYN 4 bytes, SYN/ACK 12, third ACK 20, with data 22 or (checksum) 24; one
 * of 4 bytes in a SYN/ACK, as a middlebox mirrors it, is one without a key. Version 0 (RFC 6824):
 * SYN and SYN/ACK 12, third ACK 20.
 */
static bool parse_capable(struct mptcp_option_value *value)
{
	const uint8_t *at = value->bytes;
	unsigned length = value->length;

	value->capable.version = at[2] & 0x0f;
	value->capable.flags = length >= 4 ? at[3] : 0;
	if (length != 4 && length != 12 && length != 20 && length != 22 && length != 24)
		return false;
	if (length >= 12) {
		value->capable.keys = 1;
		value->capable.sender_key = mptcp_be64(at + 4);
	}
	if (length >= 20) {
		value->capable.keys = 2;
		value->capable.receiver_key = mptcp_be64(at + 12);
	}
	if (length >= 22) {
		value->capable.has_length = true;
		value->capable.data_length = mptcp_be16(at + 20);
	}
	if (length == 24) {
		value->capable.has_checksum = true;
		value->capable.checksum = mptcp_be16(at + 22);
	}
	return true;
}

/* Section 3.2: SYN 12 bytes, SYN/ACK 16, third ACK 24. The flags decide which one it has to be. */
static bool parse_join(struct mptcp_option_value *value, unsigned tcp_flags)
{
	const uint8_t *at = value->bytes;
	unsigned expected = !(tcp_flags & SYN) ? 24 : tcp_flags & ACK ? 16 : 12;

	if (value->length != expected)
		return false;
	value->join.backup = at[2] & 1;
	value->join.address_id = at[3];
	if (expected == 12) {
		value->join.form = MPTCP_JOIN_SYN;
		value->join.token = mptcp_be32(at + 4);
		value->join.nonce = mptcp_be32(at + 8);
	} else if (expected == 16) {
		value->join.form = MPTCP_JOIN_SYN_ACK;
		value->join.hmac = at + 4;
		value->join.nonce = mptcp_be32(at + 12);
	} else {
		value->join.form = MPTCP_JOIN_ACK;
		value->join.hmac = at + 4;
	}
	return true;
}

/* Section 3.3: the flags say which fields there are; two more bytes are the checksum. */
static bool parse_dss(struct mptcp_option_value *value)
{
	const uint8_t *at = value->bytes;
	unsigned want = 4;

	if (value->length < 4)
		return false;
	unsigned flags = at[3];
	value->dss.flags = mptcp_be16(at + 2) & 0x0fff;
	value->dss.data_fin = flags & 0x10;
	value->dss.has_ack = flags & 0x01;
	value->dss.ack_64 = flags & 0x02;
	value->dss.has_mapping = flags & 0x04;
	value->dss.dsn_64 = flags & 0x08;
	if (value->dss.has_ack)
		want += value->dss.ack_64 ? 8 : 4;
	if (value->dss.has_mapping)
		want += value->dss.dsn_64 ? 14 : 10;
	if (value->length != want && !(value->dss.has_mapping && value->length == want + 2))
		return false;
	at += 4;
	if (value->dss.has_ack) {
		value->dss.ack = value->dss.ack_64 ? mptcp_be64(at) : mptcp_be32(at);
		at += value->dss.ack_64 ? 8 : 4;
	}
	if (value->dss.has_mapping) {
		value->dss.dsn = value->dss.dsn_64 ? mptcp_be64(at) : mptcp_be32(at);
		at += value->dss.dsn_64 ? 8 : 4;
		value->dss.ssn = mptcp_be32(at);
		value->dss.length = mptcp_be16(at + 4);
		value->dss.has_checksum = value->length == want + 2;
		value->dss.checksum = value->dss.has_checksum ? mptcp_be16(at + 6) : 0;
	}
	return true;
}

/*
 * Section 3.4.1. Version 1 has an echo flag in the low nibble of byte 2 and, without echo, eight
 * bytes of HMAC; version 0 (RFC 6824 section 3.4.1) has the IP version there and no HMAC. The
 * lengths are all different but for one: 16 is an IPv4 address with HMAC. An IP version nibble of 4
 * or 6 identifies version 0.
 */
static bool parse_add(struct mptcp_option_value *value)
{
	const uint8_t *at = value->bytes;
	unsigned nibble = at[2] & 0x0f, length = value->length;
	bool v0 = nibble == 4 || nibble == 6;
	bool hmac = !v0 && !(nibble & 1);
	unsigned rest = length - (hmac ? 8 : 0) - 4;

	if (length < (hmac ? 16U : 8U))
		return false;
	if (rest != 4 && rest != 6 && rest != 16 && rest != 18)
		return false;
	if (v0 && nibble != (rest >= 16 ? 6U : 4U))
		return false;
	value->add.echo = !v0 && (nibble & 1);
	value->add.address_id = at[3];
	value->add.address.family = rest >= 16 ? 6 : 4;
	size_t size = rest >= 16 ? 16 : 4;
	memcpy(value->add.address.bytes, at + 4, size);
	value->add.has_port = rest == size + 2;
	value->add.port = value->add.has_port ? mptcp_be16(at + 4 + size) : 0;
	value->add.hmac = hmac ? at + length - 8 : NULL;
	return true;
}

/* Fills the value from its bytes. False: the option is malformed. */
static bool parse_value(struct mptcp_option_value *value, unsigned tcp_flags)
{
	const uint8_t *at = value->bytes;

	switch (value->subtype) {
	case MPTCP_MP_CAPABLE:
		return parse_capable(value);
	case MPTCP_MP_JOIN:
		return parse_join(value, tcp_flags);
	case MPTCP_DSS:
		return parse_dss(value);
	case MPTCP_ADD_ADDR:
		return parse_add(value);
	case MPTCP_REMOVE_ADDR: /* section 3.4.2 */
		value->remove.address_ids = at + 3;
		value->remove.count = (uint8_t)(value->length - 3);
		return value->length >= 4;
	case MPTCP_MP_PRIO: /* section 3.3.8; RFC 6824 allows an address identifier after it */
		value->prio.backup = at[2] & 1;
		value->prio.has_address_id = value->length == 4;
		value->prio.address_id = value->length == 4 ? at[3] : 0;
		return value->length == 3 || value->length == 4;
	case MPTCP_MP_FAIL: /* section 3.7 */
		if (value->length != 12)
			return false;
		value->fail.dsn = mptcp_be64(at + 4);
		return true;
	case MPTCP_MP_FASTCLOSE: /* section 3.5 */
		if (value->length != 12)
			return false;
		value->fastclose.key = mptcp_be64(at + 4);
		return true;
	case MPTCP_MP_TCPRST: /* section 3.6 */
		if (value->length != 4)
			return false;
		value->reset.flags = at[2] & 0x0f;
		value->reset.transient = at[2] & 1;
		value->reset.reason = at[3];
		return true;
	default:
		return true; /* reserved: there, but nothing is known of it */
	}
}

static void parse_sack(struct mptcp_options *options, const uint8_t *at, size_t size)
{
	options->sack_count = 0;
	for (size_t i = 2; i + 8 <= size && options->sack_count < 4; i += 8) {
		options->sack[options->sack_count].left = mptcp_be32(at + i);
		options->sack[options->sack_count++].right = mptcp_be32(at + i + 4);
	}
}

/* One of RFC 9293's own options and its extensions; those of a strange length are passed over. */
static void parse_tcp(struct mptcp_options *options, const uint8_t *at, size_t size)
{
	if (at[0] == MPTCP_KIND_TIMESTAMPS && size == 10) {
		options->has_timestamps = true;
		options->tsval = mptcp_be32(at + 2);
		options->tsecr = mptcp_be32(at + 6);
	} else if (at[0] == MPTCP_KIND_WINDOW_SCALE && size == 3) {
		options->has_window_scale = true;
		options->window_scale = at[2] > 14 ? 14 : at[2]; /* RFC 7323 section 2.3 */
	} else if (at[0] == MPTCP_KIND_MSS && size == 4) {
		options->has_mss = true;
		options->mss = mptcp_be16(at + 2);
	} else if (at[0] == MPTCP_KIND_SACK) {
		parse_sack(options, at, size);
	}
}

static void name_malformed(struct mptcp_options *options, const uint8_t *at, size_t left,
	enum mptcp_malformed_reason reason)
{
	if (options->malformed_count == MPTCP_MALFORMED_MAX)
		return;
	bool has_subtype = at[0] == MPTCP_KIND_MPTCP && left > 2 && at[1] > 2;
	options->malformed[options->malformed_count++] = (struct mptcp_malformed){
		.kind = at[0],
		.subtype = (int8_t)(has_subtype ? at[2] >> 4 : -1),
		.length = left > 1 ? at[1] : 0,
		.reason = reason,
	};
}

/* An option of kind 30; `size` is its length, all of which is there. */
static void parse_mptcp(struct mptcp_options *options, const uint8_t *at, size_t size,
	unsigned tcp_flags)
{
	if (size < 3) {
		name_malformed(options, at, size, MPTCP_MALFORMED_NO_SUBTYPE);
		return;
	}
	struct mptcp_option_value *value = &options->values[options->count];

	memset(value, 0, sizeof(*value));
	value->bytes = at;
	value->length = (uint8_t)size;
	value->subtype = at[2] >> 4;
	if (!parse_value(value, tcp_flags)) {
		name_malformed(options, at, size, MPTCP_MALFORMED_LENGTH);
		return;
	}
	if (value->subtype == MPTCP_MP_CAPABLE && size == 22 && value->capable.flags & CHECKSUM)
		name_malformed(options, at, size, MPTCP_MALFORMED_NO_CHECKSUM);
	options->subtypes |= (uint16_t)(1U << value->subtype);
	options->count++;
}

void mptcp_options_parse(struct mptcp_options *options, const uint8_t *bytes, size_t length,
	unsigned tcp_flags)
{
	struct mptcp_option_walk walk = {.bytes = bytes, .length = length};
	enum mptcp_result got;

	options->has_timestamps = options->has_window_scale = options->has_mss = false;
	options->cut = false;
	options->sack_count = 0;
	options->subtypes = 0;
	options->count = options->malformed_count = 0;
	while ((got = mptcp_option_walk(&walk)) == MPTCP_ROW)
		if (bytes[walk.at] == MPTCP_KIND_MPTCP && options->count < MPTCP_OPTIONS_MAX)
			parse_mptcp(options, bytes + walk.at, walk.size, tcp_flags);
		else
			parse_tcp(options, bytes + walk.at, walk.size);
	if (got == MPTCP_FAILED)
		name_malformed(options, bytes + walk.at, length - walk.at,
			walk.size < 2 ? MPTCP_MALFORMED_ZERO_LENGTH : MPTCP_MALFORMED_PAST_END);
}

void mptcp_options_cut(struct mptcp_options *options)
{
	options->cut = true;
	if (options->malformed_count &&
		options->malformed[options->malformed_count - 1].reason == MPTCP_MALFORMED_PAST_END)
		options->malformed_count--;
}

const struct mptcp_option_value *mptcp_options_find(const struct mptcp_options *options,
	enum mptcp_subtype subtype)
{
	if (!(options->subtypes >> subtype & 1))
		return NULL;
	for (size_t i = 0; i < options->count; i++)
		if (options->values[i].subtype == subtype)
			return &options->values[i];
	return NULL;
}

int mptcp_options_from_text(uint8_t bytes[40], const char *text, size_t length)
{
	int count = 0;

	for (size_t i = 0; i < length;) {
		if (text[i] == ';') {
			i++;
			continue;
		}
		int high = mptcp_hex_value(text[i]),
		    low = i + 1 < length ? mptcp_hex_value(text[i + 1]) : -1;
		if (high < 0 || low < 0 || count == 40)
			return -1;
		bytes[count++] = (uint8_t)(high << 4 | low);
		i += 2;
	}
	return count;
}
