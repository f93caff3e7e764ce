/* SPDX-License-Identifier: GPL-2.0-or-later */
/* layers_tunnel: GRE, and what is carried by UDP. See layers_parts.h. */
#include "layers_parts.h"

enum { GRE_CHECKSUM = 0x8000, GRE_KEY = 0x2000, GRE_SEQUENCE = 0x1000, GRE_OTHERS = 0x4fff };
enum { TYPE_ERSPAN = 0x88be };
enum { UDP_HEADER = 8 };
enum { GTP_U = 2152, VXLAN = 4789, GENEVE = 6081, VXLAN_LINUX = 8472 };

/* RFC 2784 and 2890; version 0 without routing. */
enum mptcp_refusal mptcp_layer_gre(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, 4, &why))
		return why;
	unsigned flags = mptcp_be16(at), type = mptcp_be16(at + 2);
	size_t length = 4;

	if (flags & GRE_OTHERS)
		return MPTCP_REFUSAL_NOT_TCP;
	for (unsigned with = GRE_CHECKSUM; with >= GRE_SEQUENCE; with >>= 1)
		length += flags & with ? 4 : 0;
	/* ERSPAN type II has a header of its own, which has no address; type I has no sequence
	 * number */
	if (type == TYPE_ERSPAN && flags & GRE_SEQUENCE)
		length += 8;
	if (!mptcp_layer_has(walk, length, &why))
		return why;
	if (flags & GRE_CHECKSUM &&
		(why = mptcp_layer_cover(walk->layers, MPTCP_COVER_GRE, walk->at + 4, walk->at,
			 walk->end)))
		return why;
	if (type == TYPE_ERSPAN)
		return mptcp_layer_go(walk, length, MPTCP_NEXT_ETHERNET, 0);
	return mptcp_layer_go(walk, length, MPTCP_NEXT_TYPE, type);
}

/* RFC 8926, without options, whose meaning is anybody's. */
static enum mptcp_refusal geneve(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, 8, &why))
		return why;
	if (at[0])
		return MPTCP_REFUSAL_NOT_TCP;
	return mptcp_layer_go(walk, 8, MPTCP_NEXT_TYPE, mptcp_be16(at + 2));
}

/* 3GPP TS 29.281: user data of version 1, without extension headers. */
static enum mptcp_refusal gtp(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, 12, &why))
		return why;
	if ((at[0] & 0xf4) != 0x30 || at[1] != 0xff)
		return MPTCP_REFUSAL_NOT_TCP;
	return mptcp_layer_go(walk, at[0] & 3 ? 12 : 8, MPTCP_NEXT_IP, 0);
}

enum mptcp_refusal mptcp_layer_udp(struct mptcp_layer_walk *walk)
{
	struct mptcp_layers *layers = walk->layers;
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, UDP_HEADER, &why))
		return why;
	unsigned port = mptcp_be16(at + 2), length = mptcp_be16(at + 4);

	if (length >= UDP_HEADER && length < walk->end - walk->at)
		walk->end = walk->at + length;
	if ((why = mptcp_layer_cover(layers, MPTCP_COVER_UDP, walk->at + 6, walk->at, walk->end)))
		return why;
	if (layers->port_count == MPTCP_LAYERS_MOST)
		return MPTCP_REFUSAL_MALFORMED;
	layers->ports[layers->port_count++] = walk->at;
	walk->at += UDP_HEADER;
	switch (port) {
	case VXLAN:
	case VXLAN_LINUX: /* RFC 7348 */
		if (!mptcp_layer_has(walk, 8, &why))
			return why;
		return mptcp_layer_go(walk, 8, MPTCP_NEXT_ETHERNET, 0);
	case GENEVE:
		return geneve(walk);
	case GTP_U:
		return gtp(walk);
	default:
		return MPTCP_REFUSAL_NOT_TCP;
	}
}
