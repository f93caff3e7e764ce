/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture_ng: the blocks of pcapng (draft-ietf-opsawg-pcapng), for capture.c. */
#include "capture_parts.h"

#define LONGEST_BLOCK (16U << 20) /* bytes; Wireshark's limit */
#define NG_BLOCK 12               /* type, length and length again */
#define NG_PACKET 32 /* an enhanced (or obsolete) packet block without packet and options */

#define NG_STATISTICS 20 /* an interface statistics block up to its options */
#define NG_OPTION 4      /* code and length */

/* Options: of interface statistics, packets dropped for lack of resources; of interfaces, the unit
 * of its times, seconds that are added to them. */
enum { NG_IFDROP = 5, NG_IF_TSRESOL = 9, NG_IF_TSOFFSET = 14 };

/* Blocks without a packet for which Wireshark counts a frame: journal entries, sysdig events,
 * custom blocks. */
static const uint32_t ng_events[] = {9, 0x204, 0x216, 0x221, 0xbad, 0x40000bad};

bool mptcp_ng_option(const struct mptcp_capture *capture, const uint8_t **at, const uint8_t *end,
	struct mptcp_ng_option *option)
{
	if (end - *at < NG_OPTION)
		return false;
	option->code = mptcp_capture_get16(capture, *at);
	option->size = mptcp_capture_get16(capture, *at + 2);
	option->value = *at + NG_OPTION;
	if (!option->code || mptcp_ng_padded(option->size) > (size_t)(end - option->value))
		return false;
	*at = option->value + mptcp_ng_padded(option->size);
	return true;
}

/* The next block, whole: its type and length. */
static enum mptcp_result ng_block(struct mptcp_capture *capture, uint32_t *type, uint32_t *length,
	struct mptcp_error *error)
{
	enum mptcp_result got = mptcp_capture_need(capture, NG_BLOCK, error);

	if (got != MPTCP_ROW)
		return got;
	const uint8_t *bytes = mptcp_source_bytes(&capture->source);
	*type = mptcp_capture_get32(capture,
		bytes); /* that of a section reads the same in both orders */
	if (*type == MPTCP_NG_SECTION &&
		!mptcp_capture_magic(capture, bytes + 8, MPTCP_NG_MAGIC, MPTCP_NG_MAGIC))
		return mptcp_capture_fail(capture, "damaged: section without byte order", error);
	*length = mptcp_capture_get32(capture, bytes + 4);
	if (*length < NG_BLOCK || *length % 4 || *length > LONGEST_BLOCK)
		return mptcp_capture_fail(capture, "damaged: impossible block length", error);
	got = mptcp_capture_need(capture, *length, error);
	if (got != MPTCP_ROW)
		return got;
	if (mptcp_capture_get32(capture, mptcp_source_bytes(&capture->source) + *length - 4) !=
		*length)
		return mptcp_capture_fail(capture, "damaged: the two lengths of a block differ",
			error);
	return MPTCP_ROW;
}

/* Units of time in a second, from the option: a power of 10, or of 2 where its first bit is set. */
static uint64_t ng_units(uint8_t resolution)
{
	unsigned power = resolution & 0x7f;
	uint64_t units = 1;

	if (resolution & 0x80)
		return power < 64 ? UINT64_C(1) << power : 0;
	for (; power && units; power--)
		units = units <= UINT64_MAX / 10 ? units * 10 : 0;
	return units;
}

static int ng_interface(struct mptcp_capture *capture, const uint8_t *bytes, uint32_t length,
	struct mptcp_error *error)
{
	struct mptcp_ng_option option;

	if (mptcp_capture_add_interface(capture, mptcp_capture_get16(capture, bytes + 8),
		    mptcp_capture_get32(capture, bytes + 12), error))
		return -1;
	struct mptcp_capture_interface *interface =
		&capture->interfaces[capture->interface_count - 1];

	for (const uint8_t *at = bytes + 16;
		mptcp_ng_option(capture, &at, bytes + length - 4, &option);) {
		if (option.code == NG_IF_TSRESOL && option.size == 1)
			interface->units = ng_units(option.value[0]);
		if (option.code == NG_IF_TSOFFSET && option.size == 8)
			interface->offset = (int64_t)mptcp_capture_get64(capture, option.value);
	}
	return 0;
}

/* A section header or an interface description: kept for copies. */
static int ng_header(struct mptcp_capture *capture, uint32_t type, uint32_t length,
	struct mptcp_error *error)
{
	static const uint8_t unknown[8] = {255, 255, 255, 255, 255, 255, 255, 255};
	const uint8_t *bytes = mptcp_source_bytes(&capture->source);
	size_t before = capture->headers.length;

	if (length < (type == MPTCP_NG_SECTION ? 28U : 20U))
		return mptcp_capture_fail(capture, "damaged: a block is too short for its type",
			error);
	if (type == MPTCP_NG_SECTION && mptcp_capture_get16(capture, bytes + 12) != 1)
		return mptcp_capture_fail(capture, "unsupported version of pcapng", error);
	if (mptcp_buffer_add(&capture->headers, bytes, length))
		return mptcp_error_memory(error);
	if (type == MPTCP_NG_INTERFACE)
		return ng_interface(capture, bytes, length, error);
	memcpy(capture->headers.bytes + before + 16, unknown,
		sizeof(unknown)); /* a copy's section has another length */
	capture->interface_count = 0;
	return 0;
}

/* What is wrong with a packet block, or NULL; fills the record. */
static const char *ng_packet(const struct mptcp_capture *capture, uint32_t type,
	struct mptcp_capture_record *record)
{
	const uint8_t *bytes = record->bytes;
	uint32_t interface = 0;
	uint32_t overhead = 16;

	if (type == MPTCP_NG_SIMPLE_PACKET) {
		if (record->length < overhead)
			return "damaged: a block is too short for its type";
		record->packet = bytes + 12;
		record->captured = record->original = mptcp_capture_get32(capture, bytes + 8);
	} else {
		overhead = NG_PACKET;
		if (record->length < overhead)
			return "damaged: a block is too short for its type";
		interface = type == MPTCP_NG_ENHANCED_PACKET
			? mptcp_capture_get32(capture, bytes + 8)
			: mptcp_capture_get16(capture, bytes + 8);
		record->packet = bytes + MPTCP_NG_PACKET_HEADER;
		record->captured = mptcp_capture_get32(capture, bytes + 20);
		record->original = mptcp_capture_get32(capture, bytes + 24);
	}
	if (interface >= capture->interface_count)
		return "damaged: its interface is not described";
	record->linktype = capture->interfaces[interface].linktype;
	uint32_t snaplen = capture->interfaces[interface].snaplen;
	if (type == MPTCP_NG_SIMPLE_PACKET && snaplen && record->captured > snaplen)
		record->captured = snaplen;
	if (record->captured > MPTCP_CAPTURE_LONGEST)
		return "damaged: claims more bytes than any packet has";
	if (mptcp_ng_padded(record->captured) > record->length - overhead)
		return "damaged: claims more bytes than its block has";
	return NULL;
}

/* Packets lost since the capture began; statistics may come again and again. */
static void ng_statistics(struct mptcp_capture *capture, uint32_t length)
{
	const uint8_t *bytes = mptcp_source_bytes(&capture->source);
	const uint8_t *end = bytes + length - 4; /* where the length comes again */
	uint32_t interface = mptcp_capture_get32(capture, bytes + 8);
	struct mptcp_ng_option option;

	if (length < NG_STATISTICS + 4 || interface >= capture->interface_count)
		return;
	for (const uint8_t *at = bytes + NG_STATISTICS;
		mptcp_ng_option(capture, &at, end, &option);) {
		if (option.code == NG_IFDROP && option.size == 8) {
			uint64_t dropped = mptcp_capture_get64(capture, option.value);

			capture->dropped += dropped - capture->interfaces[interface].dropped;
			capture->interfaces[interface].dropped = dropped;
		}
	}
}

static bool ng_is_event(uint32_t type)
{
	for (size_t i = 0; i < sizeof(ng_events) / sizeof(*ng_events); i++)
		if (ng_events[i] == type)
			return true;
	return false;
}

enum mptcp_result mptcp_capture_ng_next(struct mptcp_capture *capture,
	struct mptcp_capture_record *record, struct mptcp_error *error)
{
	uint32_t type = 0, length = 0;
	const char *wrong = NULL;
	enum mptcp_result got;

	while ((got = ng_block(capture, &type, &length, error)) == MPTCP_ROW) {
		*record =
			(struct mptcp_capture_record){.bytes = mptcp_source_bytes(&capture->source),
				.length = length,
				.linktype = UINT32_MAX};
		switch (type) {
		case MPTCP_NG_SECTION:
		case MPTCP_NG_INTERFACE:
			if (ng_header(capture, type, length, error))
				return MPTCP_FAILED;
			break;
		case MPTCP_NG_ENHANCED_PACKET:
		case MPTCP_NG_OBSOLETE_PACKET:
		case MPTCP_NG_SIMPLE_PACKET:
			wrong = ng_packet(capture, type, record);
			return wrong ? mptcp_capture_fail(capture, wrong, error) : MPTCP_ROW;
		case MPTCP_NG_INTERFACE_STATISTICS:
			ng_statistics(capture, length);
			break;
		default:
			if (ng_is_event(type))
				return MPTCP_ROW;
		}
		mptcp_source_take(&capture->source, length);
	}
	return got;
}

int mptcp_capture_ng_cut(const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record, uint32_t limit, struct mptcp_buffer *out)
{
	static const char padding[4];
	size_t before = out->length;
	uint32_t length = NG_PACKET + mptcp_ng_padded(limit);
	char again[4];

	/* The captured length of a simple packet block stands in its interface: it cannot be cut.
	 */
	if (mptcp_capture_get32(capture, record->bytes) == MPTCP_NG_SIMPLE_PACKET)
		return mptcp_buffer_add(out, record->bytes, record->length);
	/* The options after the packet (comments, hashes) are left out. */
	if (mptcp_buffer_add(out, record->bytes, MPTCP_NG_PACKET_HEADER + (size_t)limit))
		return -1;
	mptcp_capture_put32(capture, out->bytes + before + 4, length);
	mptcp_capture_put32(capture, out->bytes + before + 20, limit);
	mptcp_capture_put32(capture, again, length);
	mptcp_buffer_add(out, padding, mptcp_ng_padded(limit) - limit);
	return mptcp_buffer_add(out, again, sizeof(again));
}
