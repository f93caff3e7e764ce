/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This is run once per packet: it walks the line with pointers and copies nothing but addresses. */
#include "frame.h"

#include "bytes.h"
#include "decimal.h"

#include <string.h>

enum field {
	TIME,
	PROTOCOLS,
	IP_SOURCE,
	IP_DESTINATION,
	IPV6_SOURCE,
	IPV6_DESTINATION,
	IP_ID,
	IP_TTL,
	HOP_LIMIT,
	SOURCE_PORT,
	DESTINATION_PORT,
	FLAGS,
	SEQUENCE,
	ACKNOWLEDGEMENT,
	LENGTH,
	WINDOW,
	HEADER_LENGTH,
	OPTIONS,
	PACKET_TYPE,
	PACKET_DIRECTION,
	INTERFACE_INDEX,
	INTERFACE_ID,
	INTERFACE, /* at the end, since it is the one that may contain a separator */
	FIELDS
};

const char *const mptcp_frame_fields[] = {
	[TIME] = "frame.time_epoch",
	[PROTOCOLS] = "frame.protocols",
	[IP_SOURCE] = "ip.src",
	[IP_DESTINATION] = "ip.dst",
	[IPV6_SOURCE] = "ipv6.src",
	[IPV6_DESTINATION] = "ipv6.dst",
	[IP_ID] = "ip.id",
	[IP_TTL] = "ip.ttl",
	[HOP_LIMIT] = "ipv6.hlim",
	[SOURCE_PORT] = "tcp.srcport",
	[DESTINATION_PORT] = "tcp.dstport",
	[FLAGS] = "tcp.flags",
	[SEQUENCE] = "tcp.seq_raw",
	[ACKNOWLEDGEMENT] = "tcp.ack_raw",
	[LENGTH] = "tcp.len",
	[WINDOW] = "tcp.window_size_value",
	[HEADER_LENGTH] = "tcp.hdr_len",
	[OPTIONS] = "tcp.options",
	[PACKET_TYPE] = "sll.pkttype",
	[PACKET_DIRECTION] = "frame.packet_flags_direction",
	[INTERFACE_INDEX] = "sll.ifindex",
	[INTERFACE_ID] = "frame.interface_id",
	[INTERFACE] = "frame.interface_name",
};
const size_t mptcp_frame_field_count = FIELDS;

#define TCP_HEADER 20U /* bytes without options */

/* LINKTYPE_LINUX_SLL, "packet type"; any other is of a packet that was received. */
enum { SLL_OTHER_HOST = 3, SLL_OUTGOING = 4 };
/* Bits 0 and 1 of a packet's flags in pcapng. */
enum { FLAGS_INBOUND = 1, FLAGS_OUTBOUND = 2 };

/*
 * Cuts the line at its separators; missing fields are empty, and the last field takes what is left
 * over (an interface name may contain any byte). Returns how many there are.
 */
static size_t split(const char *line, size_t length, struct mptcp_text *fields,
	struct mptcp_text *extra, size_t extras)
{
	const char *end = line + length;
	size_t wanted = FIELDS + extras;
	size_t found = 0;

	for (size_t i = 0; i < wanted; i++) {
		struct mptcp_text *field = i < FIELDS ? &fields[i] : &extra[i - FIELDS];
		const char *stop = end;
		*field = (struct mptcp_text){"", 0};
		if (!line)
			continue;
		if (i + 1 < wanted) {
			stop = memchr(line, MPTCP_FRAME_SEPARATOR, (size_t)(end - line));
			stop = stop ? stop : end;
		}
		/* tshark writes no NUL, and CSV cannot have one */
		*field = (struct mptcp_text){line, strnlen(line, (size_t)(stop - line))};
		found++;
		line = stop < end ? stop + 1 : NULL;
	}
	return found;
}

/* A decimal number of at most `most`, for the whole text. */
static bool decimal(struct mptcp_text text, uint32_t most, uint32_t *value)
{
	uint64_t number;

	if (mptcp_decimal_read(&number, text.bytes, text.length, most))
		return false;
	*value = (uint32_t)number;
	return true;
}

/* "0x0012"; 3.4 writes eight digits. */
static bool hexadecimal(struct mptcp_text text, uint16_t *value)
{
	unsigned sum = 0;

	if (text.length < 3 || text.length > 10 || text.bytes[0] != '0' || text.bytes[1] != 'x')
		return false;
	for (size_t i = 2; i < text.length; i++) {
		int digit = mptcp_hex_value(text.bytes[i]);
		if (digit < 0)
			return false;
		sum = sum << 4 | (unsigned)digit;
	}
	*value = (uint16_t)sum;
	return true;
}

/* How many occurrences a field has. */
static size_t occurrences(struct mptcp_text text)
{
	size_t count = text.length > 0;

	for (size_t i = 0; i < text.length; i++)
		count += text.bytes[i] == MPTCP_FRAME_AGGREGATOR;
	return count;
}

static struct mptcp_text last(struct mptcp_text text)
{
	const char *before =
		text.length ? memrchr(text.bytes, MPTCP_FRAME_AGGREGATOR, text.length) : NULL;

	if (!before)
		return text;
	return (struct mptcp_text){before + 1, (size_t)(text.bytes + text.length - before - 1)};
}

/* Occurrence `index`, the last one where there are fewer. */
static struct mptcp_text occurrence(struct mptcp_text text, size_t index)
{
	const char *stop;

	while ((stop = memchr(text.bytes, MPTCP_FRAME_AGGREGATOR, text.length))) {
		size_t length = (size_t)(stop - text.bytes);
		if (!index--)
			return (struct mptcp_text){text.bytes, length};
		text = (struct mptcp_text){stop + 1, text.length - length - 1};
	}
	return text;
}

/* The IP header next to the last TCP header, counted among those of its version. */
struct layer {
	int version; /* 4, 6; 0 for none */
	size_t index;
};

/* From a chain as eth:ethertype:ip:gre:ipv6:tcp. */
static struct layer find_layer(struct mptcp_text protocols)
{
	struct layer inner = {0, 0}, found = {0, 0};
	size_t ip = 0, ipv6 = 0;
	const char *at = protocols.bytes, *end = at + protocols.length;

	while (at < end) {
		const char *stop = memchr(at, ':', (size_t)(end - at));
		size_t length = (size_t)((stop ? stop : end) - at);
		if (length == 2 && !memcmp(at, "ip", 2))
			inner = (struct layer){4, ip++};
		else if (length == 4 && !memcmp(at, "ipv6", 4))
			inner = (struct layer){6, ipv6++};
		else if (length == 3 && !memcmp(at, "tcp", 3))
			found = inner;
		at += length + 1;
	}
	return found;
}

static bool ip_header(struct mptcp_frame *frame, const struct mptcp_text *fields)
{
	struct layer layer = find_layer(fields[PROTOCOLS]);
	bool four = layer.version == 4;
	uint32_t ttl;

	frame->has_ttl = decimal(occurrence(fields[four ? IP_TTL : HOP_LIMIT], layer.index),
		UINT8_MAX, &ttl);
	frame->ttl = frame->has_ttl ? (uint8_t)ttl : 0;
	frame->has_ipid = four && hexadecimal(occurrence(fields[IP_ID], layer.index), &frame->ipid);
	struct mptcp_text source = occurrence(fields[four ? IP_SOURCE : IPV6_SOURCE], layer.index);
	struct mptcp_text destination =
		occurrence(fields[four ? IP_DESTINATION : IPV6_DESTINATION], layer.index);

	return layer.version && !mptcp_address_parse(&frame->source, source.bytes, source.length) &&
		!mptcp_address_parse(&frame->destination, destination.bytes, destination.length);
}

/* The option bytes; half a byte or a character that is not a digit ends them. */
static void options(struct mptcp_frame *frame, struct mptcp_text text)
{
	frame->options_length = 0;
	for (size_t i = 0; i + 1 < text.length && frame->options_length < sizeof(frame->options);
		i += 2) {
		int high = mptcp_hex_value(text.bytes[i]), low = mptcp_hex_value(text.bytes[i + 1]);
		if (high < 0 || low < 0)
			return;
		frame->options[frame->options_length++] = (uint8_t)(high << 4 | low);
	}
}

static bool text_is(struct mptcp_text text, const char *string)
{
	return text.length == strlen(string) && !memcmp(text.bytes, string, text.length);
}

static bool segment(struct mptcp_frame *frame, const struct mptcp_text *fields)
{
	size_t headers = occurrences(fields[SOURCE_PORT]);
	uint32_t source_port, destination_port, window, header;

	if (occurrences(fields[LENGTH]) != headers)
		return false; /* the last TCP header is one quoted in an ICMP error */
	if (!decimal(last(fields[SOURCE_PORT]), UINT16_MAX, &source_port) ||
		!decimal(last(fields[DESTINATION_PORT]), UINT16_MAX, &destination_port) ||
		!hexadecimal(last(fields[FLAGS]), &frame->flags) ||
		!decimal(last(fields[SEQUENCE]), UINT32_MAX, &frame->sequence) ||
		!decimal(last(fields[ACKNOWLEDGEMENT]), UINT32_MAX, &frame->acknowledgement) ||
		!decimal(last(fields[LENGTH]), UINT32_MAX, &frame->length) ||
		!decimal(last(fields[WINDOW]), UINT16_MAX, &window) || !ip_header(frame, fields))
		return false;
	frame->source_port = (uint16_t)source_port;
	frame->destination_port = (uint16_t)destination_port;
	frame->window = (uint16_t)window;
	/* With several TCP headers and fewer options there is no telling whose they are. */
	if (occurrences(fields[OPTIONS]) == headers || headers == 1)
		options(frame, last(fields[OPTIONS]));
	else
		frame->options_length = 0;
	frame->options_cut = decimal(last(fields[HEADER_LENGTH]), UINT8_MAX, &header) &&
		header > TCP_HEADER + frame->options_length;
	return true;
}

void mptcp_frame_set_direction(struct mptcp_frame *frame, int packet_type, int direction)
{
	frame->has_direction = false;
	frame->direction = MPTCP_IN;
	if (packet_type >= 0) {
		frame->has_direction = packet_type != SLL_OTHER_HOST;
		frame->direction = packet_type == SLL_OUTGOING ? MPTCP_OUT : MPTCP_IN;
	} else if (direction >= 0) {
		frame->has_direction = direction == FLAGS_INBOUND || direction == FLAGS_OUTBOUND;
		frame->direction = direction == FLAGS_OUTBOUND ? MPTCP_OUT : MPTCP_IN;
	}
}

int mptcp_frame_set_interface(struct mptcp_frame *frame, struct mptcp_text name,
	struct mptcp_interned **names)
{
	frame->interface = (struct mptcp_text){"", 0};
	/* "unknown" is what tshark calls an interface without a name, such as every pcap has after
	 * editcap. */
	if (!name.length || text_is(name, "unknown"))
		return 0;
	frame->interface = (struct mptcp_text){mptcp_interned_add(names, name), name.length};
	return frame->interface.bytes ? 0 : -1;
}

static void capture_values(struct mptcp_frame *frame, const struct mptcp_text *fields)
{
	uint32_t type;
	uint16_t flags;

	mptcp_frame_set_direction(frame,
		decimal(fields[PACKET_TYPE], UINT16_MAX, &type) ? (int)type : -1,
		hexadecimal(fields[PACKET_DIRECTION], &flags) ? flags : -1);
	if (!decimal(fields[fields[INTERFACE_INDEX].length ? INTERFACE_INDEX : INTERFACE_ID],
		    UINT32_MAX, &frame->interface_id))
		frame->interface_id = 0;
}

void mptcp_frame_options(const struct mptcp_frame *frame, struct mptcp_options *options)
{
	mptcp_options_parse(options, frame->options, frame->options_length, frame->flags);
	if (frame->options_cut)
		mptcp_options_cut(options);
}

enum mptcp_frame_kind mptcp_frame_parse(struct mptcp_frame *frame, struct mptcp_text line,
	struct mptcp_interned **names, struct mptcp_text *extra, size_t extras)
{
	struct mptcp_text fields[FIELDS] = {{NULL, 0}};
	size_t found = split(line.bytes, line.length, fields, extra, extras);

	frame->time = 0;
	frame->protocols = fields[PROTOCOLS];
	if (fields[TIME].length &&
		mptcp_time_parse(&frame->time, fields[TIME].bytes, fields[TIME].length))
		return MPTCP_FRAME_BROKEN;
	if (!mptcp_packet_takes_time(frame->time, true))
		frame->time = 0;
	if (found < FIELDS || !fields[LENGTH].length || !segment(frame, fields))
		return MPTCP_FRAME_OTHER;
	capture_values(frame, fields);
	frame->captured = frame->original = 0;
	if (mptcp_frame_set_interface(frame, fields[INTERFACE], names))
		return MPTCP_FRAME_BROKEN;
	frame->extra = extra;
	frame->extras = extras;
	return MPTCP_FRAME_SEGMENT;
}
