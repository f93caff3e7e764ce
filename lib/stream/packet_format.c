/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the value of a column is written: see packet.h. Digits are put by hand: a capture of a
 * million packets has twenty million of them, and the C library's conversions are several times
 * slower.
 */
#include "packet.h"

#include "bytes.h"
#include "options.h"
#include "units.h"

#include <string.h>

#define SECOND ((uint64_t)MPTCP_SECOND)

static unsigned count_digits(uint64_t value)
{
	for (unsigned digits = 1;; digits += 4) {
		if (value < 10)
			return digits;
		if (value < 100)
			return digits + 1;
		if (value < 1000)
			return digits + 2;
		if (value < 10000)
			return digits + 3;
		value /= 10000;
	}
}

/* Exactly `digits` digits, two at a time. */
static char *put_digits(char *at, uint64_t value, unsigned digits)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";
	unsigned left = digits;

	for (; left >= 2; value /= 100) {
		left -= 2;
		memcpy(at + left, pairs + 2 * (value % 100), 2);
	}
	if (left)
		*at = (char)('0' + value % 10);
	return at + digits;
}

static char *put_hexadecimal(char *at, uint32_t value, int digits)
{
	for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
		*at++ = MPTCP_HEX_DIGITS[value >> shift & 15];
	return at;
}

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

size_t mptcp_format_unsigned(char text[20], uint64_t number)
{
	return (size_t)(put_digits(text, number, count_digits(number)) - text);
}

size_t mptcp_format_time(char text[MPTCP_TIME_TEXT], int64_t nanoseconds)
{
	uint64_t magnitude = nanoseconds < 0 ? -(uint64_t)nanoseconds : (uint64_t)nanoseconds;
	uint64_t seconds = magnitude / SECOND;
	char *at = text;

	if (nanoseconds < 0)
		*at++ = '-';
	at = put_digits(at, seconds, count_digits(seconds));
	*at++ = '.';
	return (size_t)(put_digits(at, magnitude % SECOND, 9) - text);
}

size_t mptcp_format_token(char text[8], uint32_t token)
{
	return (size_t)(put_hexadecimal(text, token, 8) - text);
}

size_t mptcp_packet_value(char text[MPTCP_VALUE_TEXT], const struct mptcp_packet *packet,
	enum mptcp_column_id id)
{
	const void *from = mptcp_packet_member(packet, id);

	switch (mptcp_columns[id].type) {
	case MPTCP_TYPE_U8:
		return mptcp_format_unsigned(text, *(const uint8_t *)from);
	case MPTCP_TYPE_U16:
		return mptcp_format_unsigned(text, *(const uint16_t *)from);
	case MPTCP_TYPE_U32:
		return mptcp_format_unsigned(text, *(const uint32_t *)from);
	case MPTCP_TYPE_U64:
		return mptcp_format_unsigned(text, *(const uint64_t *)from);
	case MPTCP_TYPE_TIME:
		return mptcp_format_time(text, *(const int64_t *)from);
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
		put_hexadecimal(text + 2, *(const uint16_t *)from, 4);
		return 6;
	case MPTCP_TYPE_BOOL:
		*text = *(const uint8_t *)from ? '1' : '0';
		return 1;
	case MPTCP_TYPE_TOKEN:
		return mptcp_format_token(text, *(const uint32_t *)from);
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
