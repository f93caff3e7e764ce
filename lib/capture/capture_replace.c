/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture_replace: records of a capture with other packets in them, and headers that tell nothing
 * but what is needed to read these. See capture.h. */
#include "capture_parts.h"

#include <stdio.h>

#define SIMPLE_HEADER 12 /* of a simple packet block, up to the packet */
enum { SECTION = 28, INTERFACE = 20, BLOCK_END = 4, OPTION = 4 };
enum { IF_NAME = 2, IF_TSRESOL = 9, IF_FCSLEN = 13, IF_TSOFFSET = 14 };
enum { PACKET_FLAGS = 2, PACKET_HASH = 3, PACKET_DROPCOUNT = 4 };
enum { PCAP_HEADER = 24 };

static void add16(const struct mptcp_capture *capture, struct mptcp_buffer *out, uint16_t value)
{
	value = capture->swapped ? __builtin_bswap16(value) : value;
	mptcp_buffer_add(out, &value, sizeof(value));
}

static void add32(const struct mptcp_capture *capture, struct mptcp_buffer *out, uint32_t value)
{
	value = mptcp_capture_order32(capture, value);
	mptcp_buffer_add(out, &value, sizeof(value));
}

static void add_padding(struct mptcp_buffer *out, uint32_t length)
{
	static const char padding[4];

	mptcp_buffer_add(out, padding, mptcp_ng_padded(length) - length);
}

static void add_option(const struct mptcp_capture *capture, struct mptcp_buffer *out, uint16_t code,
	const void *value, uint16_t size)
{
	add16(capture, out, code);
	add16(capture, out, size);
	mptcp_buffer_add(out, value, size);
	add_padding(out, size);
}

/* The end of a block that began at `start`: its length, there and here. */
static int end_block(const struct mptcp_capture *capture, struct mptcp_buffer *out, size_t start)
{
	uint32_t length = (uint32_t)(out->length - start) + BLOCK_END;

	add32(capture, out, length);
	if (out->failed)
		return -1;
	mptcp_capture_put32(capture, out->bytes + start + 4, length);
	return 0;
}

/* --- headers --- */

/* The options that packets of this interface need; NULL: all but the offset of times, which is
 * added to them. */
static void add_header_options(const struct mptcp_capture *capture, const uint8_t *at,
	const uint8_t *end, const unsigned *interface, struct mptcp_buffer *out)
{
	struct mptcp_ng_option option;
	size_t before = out->length;
	char name[24];

	while (mptcp_ng_option(capture, &at, end, &option))
		if (interface && option.code == IF_NAME) {
			int size = snprintf(name, sizeof(name), "eth%u", *interface);

			add_option(capture, out, IF_NAME, name, (uint16_t)size);
		} else if (interface ? option.code == IF_TSRESOL || option.code == IF_FCSLEN
				     : option.code != IF_TSOFFSET) {
			add_option(capture, out, option.code, option.value, option.size);
		}
	if (out->length > before)
		add32(capture, out, 0);
}

/* A section header, or the description of interface number `interface`. */
static int add_header(const struct mptcp_capture *capture, const uint8_t *block, unsigned interface,
	bool metadata, struct mptcp_buffer *out)
{
	bool section = mptcp_capture_get32(capture, block) == MPTCP_NG_SECTION;
	const uint8_t *options = block + (section ? SECTION : INTERFACE) - BLOCK_END;
	const uint8_t *end = block + mptcp_capture_get32(capture, block + 4) - BLOCK_END;
	size_t start = out->length;

	mptcp_buffer_add(out, block, (size_t)(options - block));
	if (metadata)
		add_header_options(capture, options, end, NULL, out);
	else if (!section)
		add_header_options(capture, options, end, &interface, out);
	return end_block(capture, out, start);
}

static int add_pcap_header(const struct mptcp_buffer *headers, struct mptcp_buffer *out)
{
	static const char zero[8]; /* time zone and accuracy */

	mptcp_buffer_add(out, headers->bytes, 8);
	mptcp_buffer_add(out, zero, sizeof(zero));
	return mptcp_buffer_add(out, headers->bytes + 16, PCAP_HEADER - 16);
}

int mptcp_capture_replace_headers(const struct mptcp_capture *capture, size_t known, bool metadata,
	struct mptcp_buffer *out)
{
	const struct mptcp_buffer *headers = &capture->headers;
	struct mptcp_capture order = {0}; /* the byte order of the section that is looked at */
	unsigned interfaces = 0;

	if (!capture->is_ng)
		return known < headers->length ? add_pcap_header(headers, out) : 0;
	for (size_t at = 0; at < headers->length;) {
		const uint8_t *block = (const uint8_t *)headers->bytes + at;
		bool section = mptcp_capture_get32(&order, block) == MPTCP_NG_SECTION;

		if (section)
			mptcp_capture_magic(&order, block + 8, MPTCP_NG_MAGIC, MPTCP_NG_MAGIC);
		if (at >= known && add_header(&order, block, interfaces, metadata, out))
			return -1;
		interfaces += !section;
		at += mptcp_capture_get32(&order, block + 4);
	}
	return 0;
}

/* --- packets --- */

static int replace_pcap(const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record,
	const struct mptcp_capture_replacement *replacement, struct mptcp_buffer *out)
{
	add32(capture, out,
		mptcp_capture_get32(capture, record->bytes) + (uint32_t)replacement->seconds);
	mptcp_buffer_add(out, record->bytes + 4, 4);
	add32(capture, out, replacement->captured);
	mptcp_buffer_add(out, record->bytes + 12, 4);
	return mptcp_buffer_add(out, replacement->packet, replacement->captured);
}

static int replace_simple(const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record,
	const struct mptcp_capture_replacement *replacement, struct mptcp_buffer *out)
{
	size_t start = out->length;

	mptcp_buffer_add(out, record->bytes, SIMPLE_HEADER);
	mptcp_buffer_add(out, replacement->packet, replacement->captured);
	for (uint32_t i = replacement->captured; i < mptcp_ng_padded(record->captured); i++)
		mptcp_buffer_add_char(out, '\0');
	return end_block(capture, out, start);
}

static void add_packet_options(const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record, bool metadata, struct mptcp_buffer *out)
{
	bool enhanced = mptcp_capture_get32(capture, record->bytes) == MPTCP_NG_ENHANCED_PACKET;
	const uint8_t *at = record->packet + mptcp_ng_padded(record->captured);
	const uint8_t *end = record->bytes + record->length - BLOCK_END;
	struct mptcp_ng_option option;
	size_t before = out->length;

	while (mptcp_ng_option(capture, &at, end, &option))
		if ((metadata && option.code != PACKET_HASH) || option.code == PACKET_FLAGS ||
			(enhanced && option.code == PACKET_DROPCOUNT))
			add_option(capture, out, option.code, option.value, option.size);
	if (out->length > before)
		add32(capture, out, 0);
}

/* An enhanced or obsolete packet block. */
static int replace_packet(const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record,
	const struct mptcp_capture_replacement *replacement, struct mptcp_buffer *out)
{
	const uint8_t *bytes = record->bytes;
	size_t start = out->length;
	bool enhanced = mptcp_capture_get32(capture, bytes) == MPTCP_NG_ENHANCED_PACKET;
	const struct mptcp_capture_interface *interface =
		&capture->interfaces[enhanced ? mptcp_capture_get32(capture, bytes + 8)
					      : mptcp_capture_get16(capture, bytes + 8)];
	uint64_t time = (uint64_t)mptcp_capture_get32(capture, bytes + 12) << 32 |
		mptcp_capture_get32(capture, bytes + 16);

	/* the header that is written has no offset */
	time += (uint64_t)(interface->offset + replacement->seconds) * interface->units;
	mptcp_buffer_add(out, bytes, 12);
	add32(capture, out, (uint32_t)(time >> 32));
	add32(capture, out, (uint32_t)time);
	add32(capture, out, replacement->captured);
	mptcp_buffer_add(out, bytes + 24, 4);
	mptcp_buffer_add(out, replacement->packet, replacement->captured);
	add_padding(out, replacement->captured);
	add_packet_options(capture, record, replacement->metadata, out);
	return end_block(capture, out, start);
}

int mptcp_capture_replace(const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record,
	const struct mptcp_capture_replacement *replacement, struct mptcp_buffer *out)
{
	if (!capture->is_ng)
		return replace_pcap(capture, record, replacement, out);
	if (mptcp_capture_get32(capture, record->bytes) == MPTCP_NG_SIMPLE_PACKET)
		return replace_simple(capture, record, replacement, out);
	return replace_packet(capture, record, replacement, out);
}
