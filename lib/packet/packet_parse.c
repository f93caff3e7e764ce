/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the value of a column is read: see packet.h.
 */
#include "packet.h"

#include "bytes.h"
#include "decimal.h"
#include "options.h"

#include <string.h>

static int read_hexadecimal(uint32_t *number, const char *text, size_t length)
{
	uint32_t value = 0;

	if (length == 0 || length > 8)
		return -1;
	for (size_t i = 0; i < length; i++) {
		int digit = mptcp_hex_value(text[i]);
		if (digit < 0)
			return -1;
		value = value << 4 | (unsigned)digit;
	}
	*number = value;
	return 0;
}

static int parse_role(uint8_t *role, const char *text, size_t length)
{
	if (length != 6)
		return -1;
	if (!memcmp(text, "client", 6))
		*role = MPTCP_CLIENT;
	else if (!memcmp(text, "server", 6))
		*role = MPTCP_SERVER;
	else
		return -1;
	return 0;
}

static int parse_direction(uint8_t *direction, const char *text, size_t length)
{
	if (length == 2 && !memcmp(text, "in", 2))
		*direction = MPTCP_IN;
	else if (length == 3 && !memcmp(text, "out", 3))
		*direction = MPTCP_OUT;
	else
		return -1;
	return 0;
}

/* "0x" and up to eight digits, as different versions of tshark write them. */
static int parse_flags(uint16_t *flags, const char *text, size_t length)
{
	uint32_t value;

	if (length < 3 || memcmp(text, "0x", 2) || read_hexadecimal(&value, text + 2, length - 2) ||
		value > UINT16_MAX)
		return -1;
	*flags = (uint16_t)value;
	return 0;
}

static int parse_subtypes(uint16_t *subtypes, const char *text, size_t length)
{
	const char *end = text + length;
	unsigned bits = 0;

	for (;;) {
		const char *stop = memchr(text, ';', (size_t)(end - text));
		int subtype = mptcp_subtype_find(text, (size_t)((stop ? stop : end) - text));
		if (subtype < 0 || subtype >= MPTCP_SUBTYPES)
			return -1;
		bits |= 1u << subtype;
		if (!stop)
			break;
		text = stop + 1;
	}
	*subtypes = (uint16_t)bits;
	return 0;
}

/* All unsigned decimal types: the largest value by type, the member by its width. */
static int parse_number(void *to, enum mptcp_column_type type, const char *text, size_t length)
{
	static const uint64_t most[] = {[MPTCP_TYPE_U8] = UINT8_MAX,
		[MPTCP_TYPE_U16] = UINT16_MAX,
		[MPTCP_TYPE_U32] = UINT32_MAX,
		[MPTCP_TYPE_U64] = UINT64_MAX};
	uint64_t number;

	if (mptcp_decimal_read(&number, text, length, most[type]))
		return -1;
	if (type == MPTCP_TYPE_U8)
		*(uint8_t *)to = (uint8_t)number;
	else if (type == MPTCP_TYPE_U16)
		*(uint16_t *)to = (uint16_t)number;
	else if (type == MPTCP_TYPE_U32)
		*(uint32_t *)to = (uint32_t)number;
	else
		*(uint64_t *)to = number;
	return 0;
}

static int parse_member(void *to, enum mptcp_column_type type, const char *text, size_t length)
{
	switch (type) {
	case MPTCP_TYPE_U8:
	case MPTCP_TYPE_U16:
	case MPTCP_TYPE_U32:
	case MPTCP_TYPE_U64:
		return parse_number(to, type, text, length);
	case MPTCP_TYPE_TIME:
		return mptcp_time_parse(to, text, length);
	case MPTCP_TYPE_ADDRESS:
		return mptcp_address_parse(to, text, length);
	case MPTCP_TYPE_ROLE:
		return parse_role(to, text, length);
	case MPTCP_TYPE_DIRECTION:
		return parse_direction(to, text, length);
	case MPTCP_TYPE_FLAGS:
		return parse_flags(to, text, length);
	case MPTCP_TYPE_BOOL:
		if (length != 1 || (*text != '0' && *text != '1'))
			return -1;
		*(uint8_t *)to = *text == '1';
		return 0;
	case MPTCP_TYPE_TOKEN:
		return length == 8 ? read_hexadecimal(to, text, length) : -1;
	case MPTCP_TYPE_SUBTYPES:
		return parse_subtypes(to, text, length);
	case MPTCP_TYPE_TEXT:
		*(struct mptcp_text *)to = (struct mptcp_text){text, length};
		return 0;
	}
	return -1;
}

int mptcp_packet_parse(struct mptcp_packet *packet, enum mptcp_column_id id, const char *text,
	size_t length)
{
	packet->present &= ~MPTCP_BIT(id);
	if (length == 0)
		return 0;
	void *to = (char *)packet + mptcp_columns[id].offset;

	if (parse_member(to, mptcp_columns[id].type, text, length))
		return -1;
	if (mptcp_columns[id].type == MPTCP_TYPE_TIME &&
		!mptcp_packet_takes_time(*(int64_t *)to, id == MPTCP_COLUMN_abstime))
		return -1;
	packet->present |= MPTCP_BIT(id);
	return 0;
}
