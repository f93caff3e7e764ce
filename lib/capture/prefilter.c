/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prefilter.h"

#include "bytes.h"
#include "hashed.h"
#include "option_walk.h"

#include <stdlib.h>
#include <string.h>

enum { SYN = 0x02, ACK = 0x10 };
enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_ICMPV6 = 58 };
enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_ARP = 0x0806, ETHERTYPE_IPV6 = 0x86dd };

/* Both ends of a TCP connection, in order. */
struct key {
	uint8_t low[18], high[18]; /* address and port */
};

struct flow {
	struct key key;
	uint32_t isn; /* of its last SYN */
	bool plain;   /* that SYN was seen, whole, and no copy of it had an MPTCP option */
	UT_hash_handle hh;
};

struct mptcp_prefilter {
	struct flow *flows;
	bool failed; /* memory ran out */
};

/* What is left of a packet after the headers looked at so far. */
struct rest {
	const uint8_t *bytes;
	size_t length;
};

struct mptcp_prefilter *mptcp_prefilter_new(void)
{
	return calloc(1, sizeof(struct mptcp_prefilter));
}

void mptcp_prefilter_free(struct mptcp_prefilter *prefilter)
{
	struct flow *flow, *next;

	if (!prefilter)
		return;
	HASH_ITER (hh, prefilter->flows, flow, next) {
		HASH_DEL(prefilter->flows, flow);
		free(flow);
	}
	free(prefilter);
}

static bool skip_bytes(struct rest *rest, size_t length)
{
	if (rest->length < length)
		return false;
	rest->bytes += length;
	rest->length -= length;
	return true;
}

/* The EtherType after the link layer's header; 0: not known. */
static unsigned ether_type(uint32_t linktype, struct rest *rest)
{
	unsigned type;

	switch (linktype) {
	case 1: /* Ethernet */
		if (!skip_bytes(rest, 14))
			return 0;
		type = mptcp_be16(rest->bytes - 2);
		for (int tags = 0; (type == 0x8100 || type == 0x88a8) && tags < 2; tags++) {
			if (!skip_bytes(rest, 4))
				return 0;
			type = mptcp_be16(rest->bytes - 2);
		}
		return type;
	case 113: /* Linux SLL */
		return skip_bytes(rest, 16) ? mptcp_be16(rest->bytes - 2) : 0;
	case 276: /* Linux SLL2 */
		return skip_bytes(rest, 20) ? mptcp_be16(rest->bytes - 20) : 0;
	case 101: /* raw IP */
	case 228:
	case 229:
		if (!rest->length)
			return 0;
		return rest->bytes[0] >> 4 == 4    ? ETHERTYPE_IPV4
			: rest->bytes[0] >> 4 == 6 ? ETHERTYPE_IPV6
						   : 0;
	default:
		return 0;
	}
}

/* Skips an IPv4 header without options. Returns the protocol, or -1 where it is better not to
 * guess. */
static int ipv4(struct rest *rest, const uint8_t **addresses)
{
	const uint8_t *header = rest->bytes;

	if (!skip_bytes(rest, 20) || header[0] != 0x45 || mptcp_be16(header + 6) & 0x3fff)
		return -1;
	if (mptcp_be16(header + 2) < 40 &&
		mptcp_be16(header + 2)) /* 0: filled in by the network card */
		return -1;
	*addresses = header + 12;
	return header[9];
}

static int ipv6(struct rest *rest, const uint8_t **addresses)
{
	const uint8_t *header = rest->bytes;

	if (!skip_bytes(rest, 40) || header[0] >> 4 != 6)
		return -1;
	*addresses = header + 8;
	return header[6];
}

static void make_key(struct key *key, const uint8_t *addresses, size_t size, const uint8_t *ports)
{
	uint8_t source[18] = {0}, destination[18] = {0};

	memcpy(source, addresses, size);
	memcpy(source + 16, ports, 2);
	memcpy(destination, addresses + size, size);
	memcpy(destination + 16, ports + 2, 2);
	bool ordered = memcmp(source, destination, sizeof(source)) <= 0;
	memcpy(key->low, ordered ? source : destination, sizeof(source));
	memcpy(key->high, ordered ? destination : source, sizeof(source));
}

enum found { NO_OPTION, OPTION, UNSURE };

/* Is there an MPTCP option among these? */
static enum found find_option(const uint8_t *at, size_t length)
{
	struct mptcp_option_walk walk = {.bytes = at, .length = length};
	enum mptcp_result got;

	while ((got = mptcp_option_walk(&walk)) == MPTCP_ROW)
		if (at[walk.at] == MPTCP_KIND_MPTCP)
			return OPTION;
	return got == MPTCP_FAILED ? UNSURE : NO_OPTION;
}

/* A SYN decides what its connection is. */
static void see_syn(struct mptcp_prefilter *prefilter, struct flow *flow, const struct key *key,
	uint32_t isn, bool plain)
{
	if (!flow) {
		flow = calloc(1, sizeof(*flow));
		if (!flow) {
			prefilter->failed = true;
			return;
		}
		flow->key = *key;
		flow->isn = isn;
		flow->plain = plain;
		HASH_ADD(hh, prefilter->flows, key, sizeof(flow->key), flow);
		if (!flow->hh.tbl) {
			free(flow);
			prefilter->failed = true;
		}
		return;
	}
	/* a SYN sent again may have lost its option on purpose (RFC 8684 section 3.1) */
	flow->plain = plain && (flow->plain || flow->isn != isn);
	flow->isn = isn;
}

static bool skip_tcp(struct mptcp_prefilter *prefilter, const struct rest *rest,
	const uint8_t *addresses, size_t address_size)
{
	const uint8_t *header = rest->bytes;
	struct key key;
	struct flow *flow;

	if (rest->length < 20)
		return false;
	size_t header_size = (size_t)(header[12] >> 4) * 4;
	if (header_size < 20)
		return false;
	enum found found =
		rest->length < header_size ? UNSURE : find_option(header + 20, header_size - 20);
	make_key(&key, addresses, address_size, header);
	HASH_FIND(hh, prefilter->flows, &key, sizeof(key), flow);
	if (header[13] & SYN) {
		if (!(header[13] & ACK))
			see_syn(prefilter, flow, &key, mptcp_be32(header + 4), found == NO_OPTION);
		else if (flow && found != NO_OPTION) /* perhaps the SYN's was not captured */
			flow->plain = false;
		return false;
	}
	return flow && flow->plain;
}

bool mptcp_prefilter_skip(struct mptcp_prefilter *prefilter, uint32_t linktype,
	const uint8_t *bytes, size_t captured)
{
	struct rest rest = {bytes, captured};
	const uint8_t *addresses;
	int protocol;

	if (prefilter->failed)
		return false;
	switch (ether_type(linktype, &rest)) {
	case ETHERTYPE_ARP:
		return true;
	case ETHERTYPE_IPV4:
		protocol = ipv4(&rest, &addresses);
		if (protocol == PROTOCOL_TCP)
			return skip_tcp(prefilter, &rest, addresses, 4);
		return protocol == PROTOCOL_ICMP;
	case ETHERTYPE_IPV6:
		protocol = ipv6(&rest, &addresses);
		if (protocol == PROTOCOL_TCP)
			return skip_tcp(prefilter, &rest, addresses, 16);
		return protocol == PROTOCOL_ICMPV6;
	default:
		return false;
	}
}
