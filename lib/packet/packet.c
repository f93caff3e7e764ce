/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet.h"

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

int mptcp_column_find(const char *name, size_t length)
{
	for (int id = 0; id < MPTCP_COLUMNS; id++)
		if (strlen(mptcp_columns[id].name) == length &&
			!memcmp(mptcp_columns[id].name, name, length))
			return id;
	return -1;
}

size_t mptcp_packet_text_length(const struct mptcp_packet *packet)
{
	size_t length = 0;

	for (uint64_t left = packet->present & mptcp_text_columns; left; left &= left - 1) {
		const struct mptcp_text *text =
			mptcp_packet_member(packet, mptcp_column_first(left));

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

/* What has to come with a value. */
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

	for (size_t i = 0; i < RULES; i++) /* without a branch: this runs for every packet */
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

bool mptcp_packet_unsigned(const struct mptcp_packet *packet, enum mptcp_column_id id,
	uint64_t *number)
{
	const void *from = mptcp_packet_member(packet, id);

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
		*number = *(const uint64_t *)from;
		return true;
	case MPTCP_TYPE_TIME:
	case MPTCP_TYPE_ADDRESS:
	case MPTCP_TYPE_SUBTYPES:
	case MPTCP_TYPE_TEXT:
		break;
	}
	return false;
}

bool mptcp_packet_number(const struct mptcp_packet *packet, enum mptcp_column_id id, double *number)
{
	uint64_t whole;

	if (mptcp_columns[id].type == MPTCP_TYPE_TIME && mptcp_packet_has(packet, id)) {
		*number = (double)*(const int64_t *)mptcp_packet_member(packet, id) / 1e9;
		return true;
	}
	if (!mptcp_packet_unsigned(packet, id, &whole))
		return false;
	*number = (double)whole;
	return true;
}
