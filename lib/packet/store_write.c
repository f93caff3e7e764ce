/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store_write: the writer of store.h, and the layout that the reader in store.c shares. */
#include "store_layout.h"
#include "blocks.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

struct mptcp_store_writer {
	struct mptcp_blocks blocks;
	size_t extras;
	uint64_t packets;
	struct mptcp_buffer variable;                     /* texts and extra values of a packet */
	struct mptcp_store_flow flows[MPTCP_STORE_SLOTS]; /* as the reader has them */
};

/* FNV-1a */
static uint64_t hash(uint64_t value, const void *bytes, size_t length)
{
	for (const unsigned char *byte = bytes; length--; byte++)
		value = (value ^ *byte) * UINT64_C(0x100000001b3);
	return value;
}

static uint64_t hash_number(uint64_t value, uint64_t number)
{
	return hash(value, &number, sizeof(number));
}

uint64_t mptcp_store_schema(void)
{
	static const size_t sizes[MPTCP_COLUMNS] = {
#define COLUMN(name, type, source, unit, label, meaning) sizeof(((struct mptcp_packet *)0)->name),
#include "columns.def"
#undef COLUMN
	};
	static const char layout[] =
		"mptcp store 6"; /* to be incremented when the layout changes */
	uint64_t value = hash(UINT64_C(0xcbf29ce484222325), layout, sizeof(layout));

	for (size_t i = 0; i < MPTCP_COLUMNS; i++) {
		value = hash(value, mptcp_columns[i].name, strlen(mptcp_columns[i].name) + 1);
		value = hash_number(value, mptcp_columns[i].type);
		value = hash_number(value, mptcp_columns[i].offset);
		value = hash_number(value, sizes[i]);
	}
	return hash_number(value, sizeof(struct mptcp_packet));
}

static void put_u32(struct mptcp_blocks *blocks, uint32_t number)
{
	mptcp_blocks_write(blocks, &number, sizeof(number));
}

static void put_u64(struct mptcp_blocks *blocks, uint64_t number)
{
	mptcp_blocks_write(blocks, &number, sizeof(number));
}

static void put_string(struct mptcp_blocks *blocks, const char *string)
{
	size_t length = strlen(string);

	put_u32(blocks, (uint32_t)length);
	mptcp_blocks_write(blocks, string, length);
}

struct mptcp_store_writer *mptcp_store_writer_new(struct mptcp_output *output, const char *key,
	const char *const *extra, size_t extras, struct mptcp_error *error)
{
	struct mptcp_store_writer *writer = calloc(1, sizeof(*writer));

	if (!writer) {
		mptcp_error_memory(error);
		return NULL;
	}
	struct mptcp_blocks *blocks = &writer->blocks;

	blocks->output = output;
	writer->extras = extras;
	mptcp_blocks_write(blocks, MPTCP_STORE_MAGIC, MPTCP_STORE_MAGIC_LENGTH);
	put_u64(blocks, mptcp_store_schema());
	put_string(blocks, key);
	put_u32(blocks, (uint32_t)extras);
	for (size_t i = 0; i < extras; i++)
		put_string(blocks, extra[i]);
	return writer;
}

static void add_text(struct mptcp_buffer *to, const struct mptcp_text *text)
{
	uint32_t length = (uint32_t)text->length;

	mptcp_buffer_add(to, &length, sizeof(length));
	mptcp_buffer_add(to, text->bytes, length);
}

static int write_variable(struct mptcp_store_writer *writer, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	static const struct mptcp_text none = {"", 0};
	struct mptcp_buffer *variable = &writer->variable;

	mptcp_buffer_reset(variable);
	for (uint64_t left = packet->present & mptcp_text_columns; left; left &= left - 1)
		add_text(variable,
			(const void *)((const char *)packet +
				mptcp_columns[mptcp_column_first(left)].offset));
	for (size_t i = 0; i < writer->extras; i++)
		add_text(variable, i < packet->extras ? &packet->extra[i] : &none);
	if (variable->failed)
		return mptcp_error_memory(error);
	if (variable->length > UINT32_MAX)
		return mptcp_error_set(error, MPTCP_DATA, "packet %llu: more than 4 GiB of text",
			(unsigned long long)writer->packets + 1);
	put_u32(&writer->blocks, (uint32_t)variable->length);
	mptcp_blocks_write(&writer->blocks, variable->bytes, variable->length);
	return 0;
}

/* Puts the head of a record and its flow, if the slot has another. Returns the length. */
static size_t write_head(struct mptcp_store_writer *writer, char *record,
	const struct mptcp_packet *packet)
{
	const char *flow = (const char *)packet + offsetof(struct mptcp_packet, tcpdest);
	uint16_t slot = (uint16_t)((packet->tcpstream << 1 | packet->tcpdest) % MPTCP_STORE_SLOTS);
	struct mptcp_store_flow *known = &writer->flows[slot];
	size_t length = MPTCP_STORE_HEAD + MPTCP_STORE_FIXED;
	bool new_flow = memcmp(known->bytes, flow, sizeof(known->bytes)) != 0;

	record[0] = (char)(new_flow ? MPTCP_STORE_PACKET_FLOW : MPTCP_STORE_PACKET);
	memcpy(record + 1, &slot, sizeof(slot));
	memcpy(record + MPTCP_STORE_HEAD, packet, MPTCP_STORE_FIXED);
	if (!new_flow)
		return length;
	memcpy(known->bytes, flow, sizeof(known->bytes));
	memcpy(record + length, flow, sizeof(known->bytes));
	return length + sizeof(known->bytes);
}

int mptcp_store_write(struct mptcp_store_writer *writer, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	char record[MPTCP_STORE_RECORD_MOST];
	size_t length = write_head(writer, record, packet);

	for (size_t i = 0; i < MPTCP_STORE_GROUPS; i++) {
		if (!(packet->present & mptcp_store_groups[i].columns))
			continue;
		memcpy(record + length, (const char *)packet + mptcp_store_groups[i].offset,
			mptcp_store_groups[i].length);
		length += mptcp_store_groups[i].length;
	}
	mptcp_blocks_write(&writer->blocks, record, length);
	if (mptcp_store_has_variable(packet->present, writer->extras) &&
		write_variable(writer, packet, error))
		return -1;
	writer->packets++;
	return 0;
}

int mptcp_store_finish(struct mptcp_store_writer *writer, enum mptcp_status status,
	const char *warning, const char *notes, struct mptcp_error *error)
{
	struct mptcp_blocks *blocks = &writer->blocks;
	size_t length = (warning ? strlen(warning) : 0) + (notes ? strlen(notes) : 0);

	if (length > MPTCP_STORE_TRAILER_MOST - MPTCP_STORE_TRAILER_LEAST)
		return mptcp_error_set(error, MPTCP_DATA, "the warning of a store is too long");
	mptcp_blocks_flush(blocks); /* the trailer is a block of its own */
	mptcp_blocks_write(blocks, "", 1);
	put_u64(blocks, writer->packets);
	put_u32(blocks, (uint32_t)status);
	put_string(blocks, warning ? warning : "");
	put_string(blocks, notes ? notes : "");
	put_u64(blocks, MPTCP_STORE_TRAILER_LEAST + length);
	put_u64(blocks, mptcp_store_schema());
	mptcp_blocks_flush(blocks);
	return 0;
}

void mptcp_store_writer_free(struct mptcp_store_writer *writer)
{
	if (!writer)
		return;
	mptcp_buffer_clear(&writer->variable);
	free(writer);
}
