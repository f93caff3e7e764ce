/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fields: see fields.h; and which fields need state, for tshark.h. */
#include "fields.h"

#include "bytes.h"
#include "rows.h"
#include "tshark.h"

#include <stdlib.h>
#include <string.h>

#define PAYLOAD "tcp.payload" /* what MPTCP_PAYLOAD_SUM is made of */

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/*
 * Only what lies at or below TCP and comes from the packet itself needs none. Everything above TCP
 * does: which dissector a payload gets depends on packets before it.
 */
bool mptcp_tshark_field_has_state(const char *field)
{
	static const char *const without[] = {"frame.", "eth.", "sll.", "vlan.", "ip.", "ipv6.",
		"tcp."};
	static const char *const with[] = {"frame.number", "frame.time_delta",
		"frame.time_relative", "frame.ref_time", "frame.offset_shift", "frame.protocols",
		"frame.coloring_rule", "frame.file_off", "ip.fragment", "ip.reassembled",
		"ipv6.fragment", "ipv6.reassembled", "tcp.analysis", "tcp.stream", "tcp.time_",
		"tcp.completeness", "tcp.options.mptcp", "tcp.options.sack", "tcp.segment",
		"tcp.reassembled", "tcp.pdu", "tcp.window_size_scalefactor", "tcp.nxtseq",
		"tcp.syncookie", "tcp.connection", "tcp.port_reused", "tcp.fin_retransmission"};
	static const char *const exactly[] = {"tcp.seq", "tcp.ack", "tcp.window_size"};

	if (!strcmp(field, MPTCP_PAYLOAD_SUM))
		return false;
	for (size_t i = 0; i < sizeof(exactly) / sizeof(*exactly); i++)
		if (!strcmp(field, exactly[i]))
			return true;
	for (size_t i = 0; i < sizeof(with) / sizeof(*with); i++)
		if (begins(field, with[i]))
			return true;
	for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++)
		if (begins(field, without[i]))
			return false;
	return true;
}

/* Which column of a line has this field, among those already asked for; their number if none has.
 */
static size_t find_column(const struct mptcp_fields *fields, const char *name)
{
	for (size_t i = 0; i < mptcp_frame_field_count; i++)
		if (!strcmp(mptcp_frame_fields[i], name))
			return i;
	for (size_t i = 0; i < fields->asked_count; i++)
		if (!strcmp(fields->asked[i], name))
			return mptcp_frame_field_count + i;
	return mptcp_frame_field_count + fields->asked_count;
}

int mptcp_fields_init(struct mptcp_fields *fields, const char *const *names, size_t count,
	struct mptcp_error *error)
{
	size_t room = count ? count : 1;

	*fields = (struct mptcp_fields){
		.asked = calloc(room, sizeof(*fields->asked)),
		.count = count,
		.columns = calloc(room, sizeof(*fields->columns)),
		.line = calloc(room, sizeof(*fields->line)),
		.values = calloc(room, sizeof(*fields->values)),
	};
	if (!fields->asked || !fields->columns || !fields->line || !fields->values)
		return mptcp_error_memory(error);
	for (size_t i = 0; i < count; i++) {
		bool sum = !strcmp(names[i], MPTCP_PAYLOAD_SUM);
		const char *name = sum ? PAYLOAD : names[i];

		if (sum)
			fields->sum = i + 1;
		fields->columns[i] = find_column(fields, name);
		if (fields->columns[i] == mptcp_frame_field_count + fields->asked_count)
			fields->asked[fields->asked_count++] = name;
		fields->state = fields->state || mptcp_tshark_field_has_state(names[i]);
	}
	return 0;
}

void mptcp_fields_clear(struct mptcp_fields *fields)
{
	free(fields->asked);
	free(fields->columns);
	free(fields->line);
	free(fields->values);
	*fields = (struct mptcp_fields){0};
}

/* A column of a line by its number. */
static struct mptcp_text column(const char *line, size_t length, size_t number)
{
	const char *end = line + length, *stop;

	while ((stop = memchr(line, MPTCP_FRAME_SEPARATOR, (size_t)(end - line))) && number--)
		line = stop + 1;
	return (struct mptcp_text){line, (size_t)((stop ? stop : end) - line)};
}

/* The ones' complement sum of 16-bit words (RFC 1071) of a payload in hexadecimal digits, in four
 * of them; nothing where it was not captured whole. Older tsharks put colons between the bytes. */
static struct mptcp_text sum_payload(struct mptcp_fields *fields, struct mptcp_text text,
	uint32_t length)
{
	uint32_t sum = 0, bytes = 0;

	for (size_t i = 0; i + 1 < text.length; i += 2) {
		i += text.bytes[i] == ':';
		int high = mptcp_hex_value(text.bytes[i]);
		int low = i + 1 < text.length ? mptcp_hex_value(text.bytes[i + 1]) : -1;

		if (high < 0 || low < 0) /* several payloads: of a tunnel */
			return (struct mptcp_text){"", 0};
		uint32_t byte = (uint32_t)(high << 4 | low);

		sum += bytes++ % 2 ? byte : byte << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	if (!length || bytes != length)
		return (struct mptcp_text){"", 0};
	mptcp_hex_format(fields->digits, sum, sizeof(fields->digits));
	return (struct mptcp_text){fields->digits, sizeof(fields->digits)};
}

enum mptcp_frame_kind mptcp_fields_parse(struct mptcp_fields *fields, struct mptcp_frame *frame,
	const char *line, size_t length, struct mptcp_interned **names)
{
	enum mptcp_frame_kind kind = mptcp_frame_parse(frame, (struct mptcp_text){line, length},
		names, fields->line, fields->asked_count);

	for (size_t i = 0; kind == MPTCP_FRAME_SEGMENT && i < fields->count; i++) {
		size_t at = fields->columns[i];
		fields->values[i] = at < mptcp_frame_field_count
			? column(line, length, at)
			: fields->line[at - mptcp_frame_field_count];
	}
	if (kind == MPTCP_FRAME_SEGMENT && fields->sum)
		fields->values[fields->sum - 1] =
			sum_payload(fields, fields->values[fields->sum - 1], frame->length);
	frame->extra = fields->values;
	frame->extras = fields->count;
	return kind;
}
