/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the value of a column is written: see packet.h. */
#include "packet.h"

#include "bytes.h"
#include "decimal.h"
#include "options.h"

#include <string.h>

static char *put_subtypes(char *at, unsigned subtypes)
{
	bool first = true;

	for (unsigned subtype = 0; subtype < MPTCP_SUBTYPES; subtype++) {
		if (!(subtypes >> subtype & 1))
			continue;
		const char *name = mptcp_subtype_name(subtype);
		size_t length = strlen(name);
		if (!first)
			*at++ = ';';
		memcpy(at, name, length);
		at += length;
		first = false;
	}
	return at;
}

size_t mptcp_packet_value(char text[MPTCP_VALUE_TEXT], const struct mptcp_packet *packet,
	enum mptcp_column_id id)
{
	const void *from = mptcp_packet_member(packet, id);

	switch (mptcp_columns[id].type) {
	case MPTCP_TYPE_U8:
		return mptcp_decimal_format(text, *(const uint8_t *)from);
	case MPTCP_TYPE_U16:
		return mptcp_decimal_format(text, *(const uint16_t *)from);
	case MPTCP_TYPE_U32:
		return mptcp_decimal_format(text, *(const uint32_t *)from);
	case MPTCP_TYPE_U64:
		return mptcp_decimal_format(text, *(const uint64_t *)from);
	case MPTCP_TYPE_TIME:
		return mptcp_time_format(text, *(const int64_t *)from);
	case MPTCP_TYPE_ADDRESS:
		return mptcp_address_format(from, text);
	case MPTCP_TYPE_ROLE:
		memcpy(text, *(const uint8_t *)from == MPTCP_CLIENT ? "client" : "server", 6);
		return 6;
	case MPTCP_TYPE_DIRECTION:
		if (*(const uint8_t *)from == MPTCP_IN) {
			memcpy(text, "in", 2);
			return 2;
		}
		memcpy(text, "out", 3);
		return 3;
	case MPTCP_TYPE_FLAGS:
		memcpy(text, "0x", 2);
		return 2 + mptcp_hex_format(text + 2, *(const uint16_t *)from, 4);
	case MPTCP_TYPE_BOOL:
		*text = *(const uint8_t *)from ? '1' : '0';
		return 1;
	case MPTCP_TYPE_TOKEN:
		return mptcp_hex_format(text, *(const uint32_t *)from, 8);
	case MPTCP_TYPE_SUBTYPES:
		return (size_t)(put_subtypes(text, *(const uint16_t *)from) - text);
	case MPTCP_TYPE_TEXT:
		break;
	}
	return 0;
}

void mptcp_packet_format(struct mptcp_buffer *out, const struct mptcp_packet *packet,
	enum mptcp_column_id id)
{
	if (!mptcp_packet_has(packet, id))
		return;
	if (mptcp_columns[id].type == MPTCP_TYPE_TEXT) {
		const struct mptcp_text *text = mptcp_packet_member(packet, id);
		mptcp_buffer_add(out, text->bytes, text->length);
	} else if (mptcp_buffer_reserve(out, MPTCP_VALUE_TEXT) == 0) {
		out->length += mptcp_packet_value(out->bytes + out->length, packet, id);
		out->bytes[out->length] = '\0';
	}
}
