/* SPDX-License-Identifier: GPL-2.0-or-later */
/* layers_parts: what layers.c and its link layers (layers_link.c), IP headers (layers_ip.c) and
 * tunnels (layers_tunnel.c) share. Internal to these. */
#ifndef MPTCP_LAYERS_PARTS_H
#define MPTCP_LAYERS_PARTS_H

#include "bytes.h"
#include "layers.h"

enum mptcp_layer_next {
	MPTCP_NEXT_ETHERNET, /* a frame */
	MPTCP_NEXT_TYPE,     /* what EtherType `value` says */
	MPTCP_NEXT_PPP,      /* a PPP protocol number */
	MPTCP_NEXT_IP,       /* an IP header of either version */
	MPTCP_NEXT_PROTOCOL, /* what IP protocol `value` says, after the last of layers->ips */
	MPTCP_NEXT_NOTHING
};

struct mptcp_layer_walk {
	struct mptcp_layers *layers;
	const uint8_t *bytes;
	size_t captured, end; /* of this layer, on the wire */
	size_t at;
	enum mptcp_layer_next next;
	unsigned value;
};

/* Whether it has `length` bytes more, and they were captured; if not, *why says so. */
static inline bool mptcp_layer_has(const struct mptcp_layer_walk *walk, size_t length,
	enum mptcp_refusal *why)
{
	if (walk->at > walk->end || length > walk->end - walk->at) {
		*why = MPTCP_REFUSAL_MALFORMED;
		return false;
	}
	*why = MPTCP_REFUSAL_CUT;
	return walk->at <= walk->captured && length <= walk->captured - walk->at;
}

static inline enum mptcp_refusal mptcp_layer_go(struct mptcp_layer_walk *walk, size_t length,
	enum mptcp_layer_next next, unsigned value)
{
	walk->at += length;
	walk->next = next;
	walk->value = value;
	return MPTCP_REFUSAL_NONE;
}

/* Both say MALFORMED where there are more than anybody has. */
enum mptcp_refusal mptcp_layer_blank(struct mptcp_layers *layers, size_t start, size_t end);
enum mptcp_refusal mptcp_layer_mac(struct mptcp_layers *layers, size_t at);
enum mptcp_refusal mptcp_layer_cover(struct mptcp_layers *layers, enum mptcp_cover_kind kind,
	size_t field, size_t start, size_t end);

enum mptcp_refusal mptcp_layer_link(struct mptcp_layer_walk *walk, uint32_t linktype);
enum mptcp_refusal mptcp_layer_ethernet(struct mptcp_layer_walk *walk);
enum mptcp_refusal mptcp_layer_type(struct mptcp_layer_walk *walk);
enum mptcp_refusal mptcp_layer_ppp(struct mptcp_layer_walk *walk);
enum mptcp_refusal mptcp_layer_ip(struct mptcp_layer_walk *walk);
/* IPv6 extension headers; their end is a protocol of another kind. */
bool mptcp_layer_is_extension(unsigned protocol);
enum mptcp_refusal mptcp_layer_extension(struct mptcp_layer_walk *walk);
enum mptcp_refusal mptcp_layer_gre(struct mptcp_layer_walk *walk);
enum mptcp_refusal mptcp_layer_udp(struct mptcp_layer_walk *walk);

#endif
