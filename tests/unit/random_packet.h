/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * random_packet: packets of every shape for the tests of rows and store: each column there or not,
 * values from the smallest to the largest, texts with everything that needs quoting; and the
 * comparison of two packets over what both say they have.
 */
#ifndef RANDOM_PACKET_H
#define RANDOM_PACKET_H

#include "packet.h"

#include <stdlib.h>
#include <string.h>

static inline uint64_t random_number(void)
{
	uint64_t number = 0;

	for (int i = 0; i < 5; i++)
		number = number << 15 ^ (uint64_t)(rand() & 0x7fff);
	switch (rand() % 8) {
	case 0:
		return 0;
	case 1:
		return UINT64_MAX;
	default:
		return number >> rand() % 64;
	}
}

/* From a static store, so that it outlives the packet. */
static inline struct mptcp_text random_text(void)
{
	static const char alphabet[] = "abc019;:,\"\n\r \t'x\xc3\xa9-_";
	static char store[64 * 1024];
	static size_t at;
	size_t length = 1 + (size_t)(rand() % (rand() % 50 ? 12 : 2000));

	if (at + length > sizeof(store))
		at = 0;
	struct mptcp_text text = {store + at, length};
	for (size_t i = 0; i < length; i++)
		store[at++] =
			(char)(rand() % 4 ? 'a' + rand() % 26
					  : alphabet[(size_t)rand() % (sizeof(alphabet) - 1)]);
	return text;
}

static inline struct mptcp_address random_address(void)
{
	struct mptcp_address address = {.family = rand() % 2 ? 4 : 6};

	for (int i = 0; i < (address.family == 4 ? 4 : 16); i++)
		address.bytes[i] = (uint8_t)(rand() % 3 ? rand() % 256 : 0);
	return address;
}

static inline void random_member(struct mptcp_packet *packet, int id)
{
	void *to = (char *)packet + mptcp_columns[id].offset;

	switch (mptcp_columns[id].type) {
	case MPTCP_TYPE_U8:
		*(uint8_t *)to = (uint8_t)random_number();
		break;
	case MPTCP_TYPE_ROLE:
	case MPTCP_TYPE_DIRECTION:
	case MPTCP_TYPE_BOOL:
		*(uint8_t *)to = (uint8_t)(rand() % 2);
		break;
	case MPTCP_TYPE_U16:
	case MPTCP_TYPE_FLAGS:
		*(uint16_t *)to = (uint16_t)random_number();
		break;
	case MPTCP_TYPE_SUBTYPES: /* none at all is the same as an absent column */
		*(uint16_t *)to = (uint16_t)(1u << rand() % 16 |
			(rand() % 2 ? (unsigned)random_number() : 0));
		break;
	case MPTCP_TYPE_U32:
	case MPTCP_TYPE_TOKEN:
		*(uint32_t *)to = (uint32_t)random_number();
		break;
	case MPTCP_TYPE_U64:
		*(uint64_t *)to = random_number();
		break;
	case MPTCP_TYPE_TIME:
		*(int64_t *)to = (int64_t)random_number() / 9; /* mptcp_packet_takes_time */
		break;
	case MPTCP_TYPE_ADDRESS:
		*(struct mptcp_address *)to = random_address();
		break;
	case MPTCP_TYPE_TEXT:
		*(struct mptcp_text *)to = random_text();
		break;
	}
}

static inline void random_packet(struct mptcp_packet *packet)
{
	*packet = (struct mptcp_packet){.present = random_number() & MPTCP_ALL_COLUMNS};
	for (int id = 0; id < MPTCP_COLUMNS; id++)
		if (packet->present & MPTCP_BIT(id))
			random_member(packet, id);
}

static inline size_t member_size(int id)
{
	static const size_t sizes[] = {
#define COLUMN(name, type, source, unit, label, meaning) sizeof(((struct mptcp_packet *)0)->name),
#include "columns.def"
#undef COLUMN
	};

	return sizes[id];
}

/* The first column of `mask` in which the packets differ; MPTCP_COLUMNS for none. */
static inline int packets_differ(const struct mptcp_packet *a, const struct mptcp_packet *b,
	uint64_t mask)
{
	for (int id = 0; id < MPTCP_COLUMNS; id++) {
		const void *left = (const char *)a + mptcp_columns[id].offset,
			   *right = (const char *)b + mptcp_columns[id].offset;
		if (!(mask & MPTCP_BIT(id)))
			continue;
		if ((a->present ^ b->present) & MPTCP_BIT(id))
			return id;
		if (!(a->present & MPTCP_BIT(id)))
			continue;
		if (mptcp_columns[id].type != MPTCP_TYPE_TEXT) {
			if (memcmp(left, right, member_size(id)))
				return id;
			continue;
		}
		const struct mptcp_text *one = left, *other = right;
		if (one->length != other->length || memcmp(one->bytes, other->bytes, one->length))
			return id;
	}
	return MPTCP_COLUMNS;
}

#endif
