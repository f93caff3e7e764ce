/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layers.h"

#include "layers_parts.h"

#include <string.h>

#define TCP_HEADER 20
#define STEPS 64 /* headers one in another: no packet has more */
enum { IPIP = 4, TCP = 6, UDP = 17, IP6_IN_IP = 41, GRE = 47 };

static const char *const names[MPTCP_REFUSALS] = {
	[MPTCP_REFUSAL_NONE] = "",
	[MPTCP_REFUSAL_LINK] = "of an unknown link type",
	[MPTCP_REFUSAL_NOT_IP] = "not IP",
	[MPTCP_REFUSAL_NOT_TCP] = "not TCP",
	[MPTCP_REFUSAL_FRAGMENT] = "fragments",
	[MPTCP_REFUSAL_EXTENSION] = "with IP options or extension headers that may have addresses",
	[MPTCP_REFUSAL_CUT] = "cut before the end of their headers",
	[MPTCP_REFUSAL_MALFORMED] = "malformed",
	[MPTCP_REFUSAL_DISPUTED] = "that tshark reads otherwise",
	[MPTCP_REFUSAL_KEYS] = "of connections whose keys were not captured",
};

const char *mptcp_refusal_name(enum mptcp_refusal refusal)
{
	return names[refusal];
}

enum mptcp_refusal mptcp_layer_blank(struct mptcp_layers *layers, size_t start, size_t end)
{
	if (start >= end)
		return MPTCP_REFUSAL_NONE;
	if (layers->blank_count == 2 * MPTCP_LAYERS_MOST)
		return MPTCP_REFUSAL_MALFORMED;
	layers->blanks[layers->blank_count].start = start;
	layers->blanks[layers->blank_count++].end = end;
	return MPTCP_REFUSAL_NONE;
}

enum mptcp_refusal mptcp_layer_mac(struct mptcp_layers *layers, size_t at)
{
	if (layers->mac_count == MPTCP_LAYERS_MOST)
		return MPTCP_REFUSAL_MALFORMED;
	layers->macs[layers->mac_count++] = at;
	return MPTCP_REFUSAL_NONE;
}

enum mptcp_refusal mptcp_layer_cover(struct mptcp_layers *layers, enum mptcp_cover_kind kind,
	size_t field, size_t start, size_t end)
{
	if (layers->cover_count == 2 * MPTCP_LAYERS_MOST)
		return MPTCP_REFUSAL_MALFORMED;
	bool with_ip = kind == MPTCP_COVER_TCP || kind == MPTCP_COVER_UDP;

	layers->covers[layers->cover_count++] = (struct mptcp_cover){
		.kind = kind,
		.field = field,
		.start = start,
		.end = end,
		.ip = with_ip ? layers->ips[layers->ip_count - 1] : MPTCP_LAYERS_NONE,
	};
	return MPTCP_REFUSAL_NONE;
}

static enum mptcp_refusal find_tcp(struct mptcp_layer_walk *walk)
{
	struct mptcp_layers *layers = walk->layers;
	enum mptcp_refusal why;

	if (!mptcp_layer_has(walk, TCP_HEADER, &why))
		return why;
	size_t header = (size_t)(walk->bytes[walk->at + 12] >> 4) * 4;

	if (header < TCP_HEADER || header > walk->end - walk->at)
		return MPTCP_REFUSAL_MALFORMED;
	layers->tcp = walk->at;
	layers->payload = walk->at + header;
	if (layers->payload > walk->captured)
		layers->payload = walk->captured;
	layers->payload_end = walk->end;
	walk->next = MPTCP_NEXT_NOTHING;
	return mptcp_layer_cover(layers, MPTCP_COVER_TCP, walk->at + 16, walk->at, walk->end);
}

static enum mptcp_refusal find_protocol(struct mptcp_layer_walk *walk)
{
	if (mptcp_layer_is_extension(walk->value))
		return mptcp_layer_extension(walk);
	switch (walk->value) {
	case TCP:
		return find_tcp(walk);
	case UDP:
		return mptcp_layer_udp(walk);
	case GRE:
		return mptcp_layer_gre(walk);
	case IPIP:
	case IP6_IN_IP:
		return mptcp_layer_go(walk, 0, MPTCP_NEXT_IP, 0);
	default:
		return MPTCP_REFUSAL_NOT_TCP;
	}
}

static enum mptcp_refusal step(struct mptcp_layer_walk *walk)
{
	switch (walk->next) {
	case MPTCP_NEXT_ETHERNET:
		return mptcp_layer_ethernet(walk);
	case MPTCP_NEXT_TYPE:
		return mptcp_layer_type(walk);
	case MPTCP_NEXT_PPP:
		return mptcp_layer_ppp(walk);
	case MPTCP_NEXT_IP:
		return mptcp_layer_ip(walk);
	case MPTCP_NEXT_PROTOCOL:
		return find_protocol(walk);
	default:
		return MPTCP_REFUSAL_MALFORMED;
	}
}

enum mptcp_refusal mptcp_layers_find(struct mptcp_layers *layers, uint32_t linktype,
	const uint8_t *bytes, size_t captured, size_t original)
{
	struct mptcp_layer_walk walk = {
		.layers = layers,
		.bytes = bytes,
		.captured = captured,
		.end = original,
	};

	layers->mac_count = layers->ip_count = layers->cover_count = 0;
	layers->port_count = layers->blank_count = 0;
	enum mptcp_refusal why =
		captured > original ? MPTCP_REFUSAL_MALFORMED : mptcp_layer_link(&walk, linktype);

	for (int steps = 0; !why && walk.next != MPTCP_NEXT_NOTHING; steps++)
		why = steps < STEPS ? step(&walk) : MPTCP_REFUSAL_MALFORMED;
	return why ? why : mptcp_layer_blank(layers, layers->payload_end, captured);
}

void mptcp_layers_addresses(const uint8_t *bytes, size_t ip, struct mptcp_address addresses[2])
{
	size_t size, at = mptcp_layers_address_at(bytes, ip, &size);

	for (int i = 0; i < 2; i++) {
		addresses[i] = (struct mptcp_address){.family = size == 16 ? 6 : 4};
		memcpy(addresses[i].bytes, bytes + at + (size_t)i * size, size);
	}
}
