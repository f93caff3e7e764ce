/* SPDX-License-Identifier: GPL-2.0-or-later */
/* layers_ip: IPv4 and IPv6 headers, options and extension headers. See layers_parts.h. */
#include "layers_parts.h"

enum { IPV4_HEADER = 20, IPV6_HEADER = 40, EXTENSION = 8 };
enum { MORE_FRAGMENTS = 0x2000, OFFSET = 0x1fff };
enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_ROUTER_ALERT = 148 };
enum { HOP_BY_HOP = 0, FRAGMENT = 44, DESTINATION = 60 };
enum { PAD1 = 0, PADN = 1, ROUTER_ALERT6 = 5, JUMBO = 0xc2 };

static enum mptcp_refusal add_ip(struct mptcp_layers *layers, size_t at)
{
	if (layers->ip_count == MPTCP_LAYERS_MOST)
		return MPTCP_REFUSAL_MALFORMED;
	layers->ips[layers->ip_count++] = at;
	return MPTCP_REFUSAL_NONE;
}

/* RFC 791 section 3.1: only those that have no address and tell nothing. */
static enum mptcp_refusal options4(struct mptcp_layers *layers, const uint8_t *bytes, size_t at,
	size_t end)
{
	while (at < end) {
		switch (bytes[at]) {
		case OPTION_END:
			return mptcp_layer_blank(layers, at + 1, end);
		case OPTION_NOP:
			at++;
			break;
		case OPTION_ROUTER_ALERT:
			at += 4;
			break;
		default:
			return MPTCP_REFUSAL_EXTENSION;
		}
	}
	return at == end ? MPTCP_REFUSAL_NONE : MPTCP_REFUSAL_MALFORMED;
}

static enum mptcp_refusal ipv4(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, IPV4_HEADER, &why))
		return why;
	size_t header = (size_t)(at[0] & 15) * 4, total = mptcp_be16(at + 2);

	if (header < IPV4_HEADER)
		return MPTCP_REFUSAL_MALFORMED;
	if (!mptcp_layer_has(walk, header, &why))
		return why;
	if (total && total < header)
		return MPTCP_REFUSAL_MALFORMED;
	if (mptcp_be16(at + 6) & OFFSET)
		return MPTCP_REFUSAL_FRAGMENT;
	/* 0 where the network card fills it in */
	if (total && total < walk->end - walk->at)
		walk->end = walk->at + total;
	if ((why = options4(walk->layers, walk->bytes, walk->at + IPV4_HEADER,
		     walk->at + header)) ||
		(why = add_ip(walk->layers, walk->at)) ||
		(why = mptcp_layer_cover(walk->layers, MPTCP_COVER_IP, walk->at + 10, walk->at,
			 walk->at + header)))
		return why;
	return mptcp_layer_go(walk, header, MPTCP_NEXT_PROTOCOL, at[9]);
}

static enum mptcp_refusal ipv6(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, IPV6_HEADER, &why) || (why = add_ip(walk->layers, walk->at)))
		return why;
	size_t length = mptcp_be16(at + 4);

	/* 0 of jumbograms and where the network card fills it in */
	if (length && length < walk->end - walk->at - IPV6_HEADER)
		walk->end = walk->at + IPV6_HEADER + length;
	return mptcp_layer_go(walk, IPV6_HEADER, MPTCP_NEXT_PROTOCOL, at[6]);
}

enum mptcp_refusal mptcp_layer_ip(struct mptcp_layer_walk *walk)
{
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, 1, &why))
		return why;
	switch (walk->bytes[walk->at] >> 4) {
	case 4:
		return ipv4(walk);
	case 6:
		return ipv6(walk);
	default:
		return MPTCP_REFUSAL_NOT_IP;
	}
}

bool mptcp_layer_is_extension(unsigned protocol)
{
	return protocol == HOP_BY_HOP || protocol == FRAGMENT || protocol == DESTINATION;
}

/* RFC 8200 section 4.2: only those that have no address. */
static enum mptcp_refusal options6(struct mptcp_layers *layers, const uint8_t *bytes, size_t at,
	size_t end)
{
	while (at < end) {
		enum mptcp_refusal why = MPTCP_REFUSAL_NONE;

		if (bytes[at] == PAD1) {
			at++;
			continue;
		}
		if (end - at < 2 || bytes[at + 1] > end - at - 2)
			return MPTCP_REFUSAL_MALFORMED;
		size_t next = at + 2 + bytes[at + 1];

		if (bytes[at] == PADN)
			why = mptcp_layer_blank(layers, at + 2, next);
		else if (bytes[at] != ROUTER_ALERT6 && bytes[at] != JUMBO)
			return MPTCP_REFUSAL_EXTENSION;
		if (why)
			return why;
		at = next;
	}
	return MPTCP_REFUSAL_NONE;
}

enum mptcp_refusal mptcp_layer_extension(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, EXTENSION, &why))
		return why;
	if (walk->value == FRAGMENT) {
		if (mptcp_be16(at + 2) & 0xfff8)
			return MPTCP_REFUSAL_FRAGMENT;
		return mptcp_layer_go(walk, EXTENSION, MPTCP_NEXT_PROTOCOL, at[0]);
	}
	size_t length = EXTENSION + (size_t)at[1] * 8;

	if (!mptcp_layer_has(walk, length, &why) ||
		(why = options6(walk->layers, walk->bytes, walk->at + 2, walk->at + length)))
		return why;
	return mptcp_layer_go(walk, length, MPTCP_NEXT_PROTOCOL, at[0]);
}
