/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plugin_frame.h"

#include "plugin_row.h"
#include "units.h"

#include <string.h>

#define TCP_HEADER 20U
#define ROW_MOST (sizeof(struct mptcp_plugin_row) + 2U * UINT16_MAX)

size_t mptcp_plugin_frame_length(const char *bytes, size_t length, uint32_t number)
{
	struct mptcp_plugin_row row;

	if (length < sizeof(row))
		return 0;
	memcpy(&row, bytes, sizeof(row));
	if (row.number != number || row.length > ROW_MOST ||
		row.length != sizeof(row) + row.protocols_length + row.interface_length)
		return 1;
	return row.length <= length ? row.length : 0;
}

/* What the text of a time would be: a whole second and nine decimals. */
static bool put_time(struct mptcp_frame *frame, const struct mptcp_plugin_row *row)
{
	frame->time = 0;
	if (!(row->has & MPTCP_ROW_TIME))
		return true;
	return row->nanoseconds >= 0 && row->nanoseconds < MPTCP_SECOND &&
		!__builtin_mul_overflow(row->seconds, (int64_t)MPTCP_SECOND, &frame->time) &&
		!__builtin_add_overflow(frame->time, (int64_t)row->nanoseconds, &frame->time);
}

static void put_addresses(struct mptcp_frame *frame, const struct mptcp_plugin_row *row)
{
	frame->source.family = frame->destination.family = row->version;
	memcpy(frame->source.bytes, row->source, sizeof(row->source));
	memcpy(frame->destination.bytes, row->destination, sizeof(row->destination));
	frame->has_ttl = true;
	frame->ttl = row->ttl;
	frame->has_ipid = row->version == 4;
	frame->ipid = row->ipid;
}

static void put_segment(struct mptcp_frame *frame, const struct mptcp_plugin_row *row)
{
	frame->source_port = row->source_port;
	frame->destination_port = row->destination_port;
	frame->sequence = row->sequence;
	frame->acknowledgement = row->acknowledgement;
	frame->length = row->payload_length;
	frame->flags = row->flags;
	frame->window = row->window;
	frame->options_length = row->options_length;
	memcpy(frame->options, row->options, row->options_length);
	frame->options_cut = row->header_length > TCP_HEADER + row->options_length;
	frame->interface_id = row->interface_id;
}

enum mptcp_frame_kind mptcp_plugin_frame_parse(struct mptcp_frame *frame, struct mptcp_text text,
	struct mptcp_interned **names)
{
	struct mptcp_plugin_row row;

	if (text.length < sizeof(row))
		return MPTCP_FRAME_BROKEN;
	memcpy(&row, text.bytes, sizeof(row));
	frame->protocols = (struct mptcp_text){text.bytes + sizeof(row), row.protocols_length};
	if (!put_time(frame, &row) || row.options_length > sizeof(row.options))
		return MPTCP_FRAME_BROKEN;
	if (!mptcp_packet_takes_time(frame->time, true))
		frame->time = 0;
	if (!(row.has & MPTCP_ROW_SEGMENT))
		return MPTCP_FRAME_OTHER;
	put_addresses(frame, &row);
	put_segment(frame, &row);
	mptcp_frame_set_direction(frame,
		row.has & MPTCP_ROW_PACKET_TYPE ? (int)row.packet_type : -1,
		row.has & MPTCP_ROW_DIRECTION ? (int)row.direction : -1);
	frame->captured = frame->original = 0;
	frame->extra = NULL;
	frame->extras = 0;
	return mptcp_frame_set_interface(frame,
		       (struct mptcp_text){frame->protocols.bytes + row.protocols_length,
			       row.interface_length},
		       names)
		? MPTCP_FRAME_BROKEN
		: MPTCP_FRAME_SEGMENT;
}
