/* SPDX-License-Identifier: GPL-2.0-or-later */
/* layers_link: link layers and what stands between them and IP. See layers_parts.h. */
#include "layers_parts.h"

#include <string.h>

enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_RAW_BSD = 12,
	LINK_RAW_OPENBSD = 14,
	LINK_PPP_HDLC = 50,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_SLL2 = 276
};
enum {
	TYPE_IPV4 = 0x0800,
	TYPE_VLAN = 0x8100,
	TYPE_IPV6 = 0x86dd,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_UPSTREAM = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_QINQ = 0x88a8,
	TYPE_QINQ_OLD = 0x9100,
	TYPE_BRIDGED = 0x6558 /* an Ethernet frame, in a tunnel */
};
enum { PPP_IPV4 = 0x0021, PPP_IPV6 = 0x0057 };
enum { HARDWARE_ETHERNET = 1, MAC = 6 };

/* SLL and SLL2: a field of 8 bytes for a link-layer address, of which `length` are used. */
static enum mptcp_refusal cooked_address(struct mptcp_layers *layers, size_t at, unsigned hardware,
	unsigned length)
{
	enum mptcp_refusal why = MPTCP_REFUSAL_NONE;

	if (hardware != HARDWARE_ETHERNET || length != MAC)
		return mptcp_layer_blank(layers, at, at + 8);
	why = mptcp_layer_mac(layers, at);
	return why ? why : mptcp_layer_blank(layers, at + MAC, at + 8);
}

static enum mptcp_refusal cooked(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, 16, &why) ||
		(why = cooked_address(walk->layers, walk->at + 6, mptcp_be16(at + 2),
			 mptcp_be16(at + 4))))
		return why;
	return mptcp_layer_go(walk, 16, MPTCP_NEXT_TYPE, mptcp_be16(at + 14));
}

static enum mptcp_refusal cooked2(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, 20, &why) ||
		(why = cooked_address(walk->layers, walk->at + 12, mptcp_be16(at + 8), at[11])))
		return why;
	return mptcp_layer_go(walk, 20, MPTCP_NEXT_TYPE, mptcp_be16(at));
}

/* BSD loopback: a number of the address family in the byte order of the host. */
static enum mptcp_refusal loopback(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, 4, &why))
		return why;
	uint32_t family = mptcp_be32(at);

	if (family >> 24)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		return mptcp_layer_go(walk, 4, MPTCP_NEXT_IP, 0);
	default:
		return MPTCP_REFUSAL_NOT_IP;
	}
}

enum mptcp_refusal mptcp_layer_link(struct mptcp_layer_walk *walk, uint32_t linktype)
{
	switch (linktype) {
	case LINK_ETHERNET:
		return mptcp_layer_go(walk, 0, MPTCP_NEXT_ETHERNET, 0);
	case LINK_SLL:
		return cooked(walk);
	case LINK_SLL2:
		return cooked2(walk);
	case LINK_NULL:
	case LINK_LOOP:
		return loopback(walk);
	case LINK_PPP:
	case LINK_PPP_HDLC:
		return mptcp_layer_go(walk, 0, MPTCP_NEXT_PPP, 0);
	case LINK_RAW:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
	case LINK_IPV4:
	case LINK_IPV6:
		return mptcp_layer_go(walk, 0, MPTCP_NEXT_IP, 0);
	default:
		return MPTCP_REFUSAL_LINK;
	}
}

enum mptcp_refusal mptcp_layer_ethernet(struct mptcp_layer_walk *walk)
{
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, 14, &why) || (why = mptcp_layer_mac(walk->layers, walk->at)) ||
		(why = mptcp_layer_mac(walk->layers, walk->at + MAC)))
		return why;
	return mptcp_layer_go(walk, 14, MPTCP_NEXT_TYPE, mptcp_be16(walk->bytes + walk->at + 12));
}

enum mptcp_refusal mptcp_layer_ppp(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;
	size_t length = 0;

	if (!mptcp_layer_has(walk, 4, &why))
		return why;
	if (at[0] == 0xff && at[1] == 0x03) /* address and control, as in HDLC */
		length = 2;
	/* an odd first byte is the whole number: RFC 1661 section 6.5 */
	unsigned protocol = at[length] & 1 ? at[length] : mptcp_be16(at + length);

	if (protocol != PPP_IPV4 && protocol != PPP_IPV6)
		return MPTCP_REFUSAL_NOT_IP;
	return mptcp_layer_go(walk, length + (at[length] & 1 ? 1 : 2), MPTCP_NEXT_IP, 0);
}

/* RFC 3032: labels up to the one that says it is the last. */
static enum mptcp_refusal labels(struct mptcp_layer_walk *walk)
{
	enum mptcp_refusal why;

	do {
		if (!mptcp_layer_has(walk, 4, &why))
			return why;
		walk->at += 4;
	} while (!(walk->bytes[walk->at - 2] & 1));
	return mptcp_layer_go(walk, 0, MPTCP_NEXT_IP, 0);
}

enum mptcp_refusal mptcp_layer_type(struct mptcp_layer_walk *walk)
{
	const uint8_t *at = walk->bytes + walk->at;
	enum mptcp_refusal why;

	switch (walk->value) {
	case TYPE_IPV4:
	case TYPE_IPV6:
		return mptcp_layer_go(walk, 0, MPTCP_NEXT_IP, 0);
	case TYPE_VLAN:
	case TYPE_QINQ:
	case TYPE_QINQ_OLD:
		if (!mptcp_layer_has(walk, 4, &why))
			return why;
		return mptcp_layer_go(walk, 4, MPTCP_NEXT_TYPE, mptcp_be16(at + 2));
	case TYPE_MPLS:
	case TYPE_MPLS_UPSTREAM:
		return labels(walk);
	case TYPE_PPPOE: /* RFC 2516: only of session data, whose code is 0 */
		if (!mptcp_layer_has(walk, 6, &why))
			return why;
		if (at[0] != 0x11 || at[1])
			return MPTCP_REFUSAL_NOT_IP;
		return mptcp_layer_go(walk, 6, MPTCP_NEXT_PPP, 0);
	case TYPE_BRIDGED:
		return mptcp_layer_go(walk, 0, MPTCP_NEXT_ETHERNET, 0);
	default:
		return MPTCP_REFUSAL_NOT_IP;
	}
}
