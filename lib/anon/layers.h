/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layers: where in a packet everything stands that anonymisation has to know of: link-layer and IP
 * addresses, checksums and what they cover, the TCP header.
 *
 * Ethernet, Linux SLL and SLL2, PPP, BSD loopback and raw IP; VLAN tags, MPLS, PPPoE; IP in IP,
 * GRE, VXLAN, GENEVE and GTP-U, in any order, around one TCP header. Everything else is refused
 * with a reason: what is not understood cannot be anonymised. So are IP options and extension
 * headers that may have addresses, and fragments.
 *
 * Offsets are from the first byte of the packet.
 */
#ifndef MPTCP_LAYERS_H
#define MPTCP_LAYERS_H

#include "address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPTCP_LAYERS_MOST 16 /* of each kind */
#define MPTCP_LAYERS_NONE SIZE_MAX

/* Why a packet is left out. */
enum mptcp_refusal {
	MPTCP_REFUSAL_NONE,
	MPTCP_REFUSAL_LINK,      /* an unknown link type, or not a packet at all */
	MPTCP_REFUSAL_NOT_IP,    /* ARP, LLDP, ... */
	MPTCP_REFUSAL_NOT_TCP,   /* UDP, ICMP, ... */
	MPTCP_REFUSAL_FRAGMENT,  /* of an IP packet, not the first */
	MPTCP_REFUSAL_EXTENSION, /* an IP option or extension header that may have addresses */
	MPTCP_REFUSAL_CUT,       /* the capture has not all of the headers */
	MPTCP_REFUSAL_MALFORMED, /* lengths that cannot be */
	MPTCP_REFUSAL_DISPUTED,  /* tshark reads it otherwise, or not as TCP */
	MPTCP_REFUSAL_KEYS,      /* its keys are to be changed, and were not captured */
	MPTCP_REFUSALS
};
/* "not IP", ... (static text). */
const char *mptcp_refusal_name(enum mptcp_refusal refusal);

enum mptcp_cover_kind { MPTCP_COVER_IP, MPTCP_COVER_TCP, MPTCP_COVER_UDP, MPTCP_COVER_GRE };

/* A checksum, and the bytes that it covers. */
struct mptcp_cover {
	enum mptcp_cover_kind kind;
	size_t field;      /* where it stands */
	size_t start, end; /* the bytes, also those that were not captured; it is among them */
	size_t ip;         /* header whose addresses are covered as well; NONE for none */
};

struct mptcp_layers {
	size_t macs[MPTCP_LAYERS_MOST]; /* of 6 bytes each */
	size_t mac_count;
	size_t ips[MPTCP_LAYERS_MOST]; /* headers, the outermost first */
	size_t ip_count;
	struct mptcp_cover covers[2 * MPTCP_LAYERS_MOST]; /* the outermost first */
	size_t cover_count;
	size_t ports[MPTCP_LAYERS_MOST]; /* source ports of UDP */
	size_t port_count;
	struct {
		size_t start, end;
	} blanks[2 * MPTCP_LAYERS_MOST]; /* bytes without a meaning, which may have one for somebody
					  */
	size_t blank_count;
	size_t tcp;         /* its header, of which 20 bytes are there at least */
	size_t payload;     /* where the header ends, or what was captured of it */
	size_t payload_end; /* on the wire: may be beyond what was captured */
};

/* `captured` bytes of a packet that had `original`, on a LINKTYPE_ of that number. */
enum mptcp_refusal mptcp_layers_find(struct mptcp_layers *layers, uint32_t linktype,
	const uint8_t *bytes, size_t captured, size_t original);
/* Source and destination of the IP header at an offset. */
void mptcp_layers_addresses(const uint8_t *bytes, size_t ip, struct mptcp_address addresses[2]);
/* Where these stand: returns the offset of the source; *size is that of each. */
static inline size_t mptcp_layers_address_at(const uint8_t *bytes, size_t ip, size_t *size)
{
	*size = bytes[ip] >> 4 == 6 ? 16 : 4;
	return ip + (*size == 16 ? 8 : 12);
}

#endif
