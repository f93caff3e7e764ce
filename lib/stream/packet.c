/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet: see packet.h. The one place that knows how the value of a column is written. Digits are
 * put and read by hand: a capture of a million packets has twenty million of them, and the C
 * library's conversions are several times slower.
 */
#include "packet.h"
#include "options.h"

#include <string.h>

const struct mptcp_column mptcp_columns[MPTCP_COLUMNS] = {
#define COLUMN(name, type, source, unit, label, meaning) \
	{#name, MPTCP_TYPE_##type, offsetof(struct mptcp_packet, name), source, unit, label, \
		meaning},
#include "columns.def"
#undef COLUMN
};

/* The member that a type needs; a column whose member is another does not compile. */
typedef uint8_t held_U8, held_ROLE, held_DIRECTION, held_BOOL;
typedef uint16_t held_U16, held_FLAGS, held_SUBTYPES;
typedef uint32_t held_U32, held_TOKEN;
typedef uint64_t held_U64;
typedef int64_t held_TIME;
typedef struct mptcp_address held_ADDRESS;
typedef struct mptcp_text held_TEXT;
#define COLUMN(name, type, source, unit, label, meaning) \
	_Static_assert(_Generic(((struct mptcp_packet *)0)->name, held_##type : 1, default : 0), \
		#name);
#include "columns.def"
#undef COLUMN
_Static_assert(MPTCP_COLUMNS < 64, "a bit of `present` for each column");

#define BILLION UINT64_C(1000000000)

static const char hexadecimal[] = "0123456789abcdef";

int mptcp_column_find(const char *name, size_t length)
{
	for (int id = 0; id < MPTCP_COLUMNS; id++)
		if (strlen(mptcp_columns[id].name) == length &&
			!memcmp(mptcp_columns[id].name, name, length))
			return id;
	return -1;
}

/* Where the member of a column is; the cast back to its type is checked above. */
static const void *member(const struct mptcp_packet *packet, enum mptcp_column_id id)
{
	return (const char *)packet + mptcp_columns[id].offset;
}

size_t mptcp_packet_text_length(const struct mptcp_packet *packet)
{
	size_t length = 0;

	for (uint64_t left = packet->present & mptcp_text_columns; left; left &= left - 1) {
		const struct mptcp_text *text = member(packet, mptcp_column_first(left));

		length += text->length;
	}
	return length;
}

void mptcp_packet_copy(struct mptcp_packet *to, const struct mptcp_packet *from, char *room)
{
	*to = *from;
	to->extra = NULL;
	to->extras = 0;
	for (uint64_t left = from->present & mptcp_text_columns; left; left &= left - 1) {
		struct mptcp_text *text = mptcp_packet_text(to, mptcp_column_first(left));

		memcpy(room, text->bytes, text->length);
		text->bytes = room;
		room += text->length;
	}
}

#define EVERY \
	(MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(reltime) | MPTCP_HAS(ipsrc) | \
		MPTCP_HAS(ipdst) | MPTCP_HAS(sport) | MPTCP_HAS(dport) | MPTCP_HAS(tcpflags) | \
		MPTCP_HAS(tcpseq_raw) | MPTCP_HAS(tcplen))

/* What a value must not come without. */
static const struct rule {
	enum mptcp_column_id cause;
	uint64_t columns;
} rules[] = {
	{MPTCP_COLUMN_tcpstream, MPTCP_HAS(tcpdest) | MPTCP_HAS(tcpseq) | MPTCP_HAS(rwnd)},
	{MPTCP_COLUMN_mptcpstream, MPTCP_HAS(tcpstream) | MPTCP_HAS(mptcpdest)},
	{MPTCP_COLUMN_tsval, MPTCP_HAS(tsecr)},
	{MPTCP_COLUMN_tsecr, MPTCP_HAS(tsval)},
	{MPTCP_COLUMN_dss_dsn, MPTCP_HAS(dss_ssn) | MPTCP_HAS(dss_length)},
	{MPTCP_COLUMN_dss_ssn, MPTCP_HAS(dss_dsn)},
	{MPTCP_COLUMN_dss_length, MPTCP_HAS(dss_dsn)},
	{MPTCP_COLUMN_dsn, MPTCP_HAS(dsn_raw)},
	{MPTCP_COLUMN_dack, MPTCP_HAS(dack_raw)},
};
#define RULES (sizeof(rules) / sizeof(*rules))

/* The ACK flag asks for the number, which is relative to a stream. */
static uint64_t with_ack(const struct mptcp_packet *packet)
{
	const uint64_t both = MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpflags);

	return (packet->present & both) == both && packet->tcpflags & MPTCP_ACK ? MPTCP_HAS(tcpack)
										: 0;
}

static int is_missing(const struct mptcp_packet *packet, uint64_t columns,
	enum mptcp_column_id cause, struct mptcp_error *error)
{
	const char *name = mptcp_columns[mptcp_column_first(columns)].name;
	char value[MPTCP_VALUE_TEXT];

	if (cause == MPTCP_COLUMNS)
		return mptcp_error_set(error, MPTCP_DATA, "%s is empty", name);
	size_t length = mptcp_packet_value(value, packet, cause);
	return mptcp_error_set(error, MPTCP_DATA, "%s is empty although %s is %.*s", name,
		mptcp_columns[cause].name, (int)length, value);
}

int mptcp_packet_check(const struct mptcp_packet *packet, uint64_t needed,
	struct mptcp_error *error)
{
	uint64_t missing = needed & ~packet->present, must = EVERY | with_ack(packet);

	for (size_t i = 0; i < RULES; i++) /* without a branch: once a packet */
		must |= (0 - (packet->present >> rules[i].cause & 1)) & rules[i].columns;
	if (!(must & missing))
		return 0;
	if (EVERY & missing)
		return is_missing(packet, EVERY & missing, MPTCP_COLUMNS, error);
	for (size_t i = 0; i < RULES; i++)
		if (mptcp_packet_has(packet, rules[i].cause) && rules[i].columns & missing)
			return is_missing(packet, rules[i].columns & missing, rules[i].cause,
				error);
	return is_missing(packet, MPTCP_HAS(tcpack), MPTCP_COLUMN_tcpflags, error);
}

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
		*at++ = hexadecimal[value >> shift & 15];
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
	uint64_t seconds = magnitude / BILLION;
	char *at = text;

	if (nanoseconds < 0)
		*at++ = '-';
	at = put_digits(at, seconds, count_digits(seconds));
	*at++ = '.';
	return (size_t)(put_digits(at, magnitude % BILLION, 9) - text);
}

size_t mptcp_format_token(char text[8], uint32_t token)
{
	return (size_t)(put_hexadecimal(text, token, 8) - text);
}

size_t mptcp_packet_value(char text[MPTCP_VALUE_TEXT], const struct mptcp_packet *packet,
	enum mptcp_column_id id)
{
	const void *from = member(packet, id);

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
		const struct mptcp_text *text = member(packet, id);
		mptcp_buffer_add(out, text->bytes, text->length);
	} else if (mptcp_buffer_reserve(out, MPTCP_VALUE_TEXT) == 0) {
		out->length += mptcp_packet_value(out->bytes + out->length, packet, id);
		out->bytes[out->length] = '\0';
	}
}

/* A decimal number up to `most`. */
static int read_unsigned(uint64_t *number, const char *text, size_t length, uint64_t most)
{
	size_t safe = length < 19 ? length : 19; /* so many digits cannot overflow */
	uint64_t value = 0;

	if (length == 0 || length > 20)
		return -1;
	for (size_t i = 0; i < safe; i++) {
		unsigned digit = (unsigned)(unsigned char)text[i] - '0';
		if (digit > 9)
			return -1;
		value = value * 10 + digit;
	}
	if (length == 20) {
		unsigned digit = (unsigned)(unsigned char)text[19] - '0';
		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return -1;
		value = value * 10 + digit;
	}
	*number = value;
	return value <= most ? 0 : -1;
}

static int read_hexadecimal(uint32_t *number, const char *text, size_t length)
{
	uint32_t value = 0;

	if (length == 0 || length > 8)
		return -1;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		unsigned digit = c - '0';
		if (digit > 9) {
			digit = (c | 0x20u) - 'a';
			if (digit > 5)
				return -1;
			digit += 10;
		}
		value = value << 4 | digit;
	}
	*number = value;
	return 0;
}

int mptcp_parse_time(int64_t *nanoseconds, const char *text, size_t length)
{
	bool negative = length && *text == '-';
	const char *start = text + negative, *end = text + length;
	uint64_t seconds, fraction = 0;

	const char *point = memchr(start, '.', (size_t)(end - start));
	if (read_unsigned(&seconds, start, (size_t)((point ? point : end) - start),
		    INT64_MAX / BILLION))
		return -1;
	if (point) {
		size_t decimals = (size_t)(end - point - 1);
		if (decimals > 9 || read_unsigned(&fraction, point + 1, decimals, BILLION))
			return -1;
		for (; decimals < 9; decimals++)
			fraction *= 10;
	}
	uint64_t magnitude = seconds * BILLION + fraction;
	if (magnitude > (uint64_t)INT64_MAX + negative)
		return -1;
	*nanoseconds = (int64_t)(negative ? -magnitude : magnitude);
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

/* "0x" and up to eight digits, as tshark writes them in its versions too. */
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

	if (read_unsigned(&number, text, length, most[type]))
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
		return mptcp_parse_time(to, text, length);
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
	if (parse_member((char *)packet + mptcp_columns[id].offset, mptcp_columns[id].type, text,
		    length))
		return -1;
	packet->present |= MPTCP_BIT(id);
	return 0;
}

bool mptcp_packet_number(const struct mptcp_packet *packet, enum mptcp_column_id id, double *number)
{
	const void *from = member(packet, id);

	if (!mptcp_packet_has(packet, id))
		return false;
	switch (mptcp_columns[id].type) {
	case MPTCP_TYPE_U8:
	case MPTCP_TYPE_ROLE:
	case MPTCP_TYPE_DIRECTION:
	case MPTCP_TYPE_BOOL:
		*number = *(const uint8_t *)from;
		return true;
	case MPTCP_TYPE_U16:
	case MPTCP_TYPE_FLAGS:
		*number = *(const uint16_t *)from;
		return true;
	case MPTCP_TYPE_U32:
	case MPTCP_TYPE_TOKEN:
		*number = *(const uint32_t *)from;
		return true;
	case MPTCP_TYPE_U64:
		*number = (double)*(const uint64_t *)from;
		return true;
	case MPTCP_TYPE_TIME:
		*number = (double)*(const int64_t *)from / 1e9;
		return true;
	case MPTCP_TYPE_ADDRESS:
	case MPTCP_TYPE_SUBTYPES:
	case MPTCP_TYPE_TEXT:
		break;
	}
	return false;
}
