/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prefilter: a cheap look at a packet's headers, to keep from tshark what cannot carry MPTCP.
 *
 * For --mptcp-only. Skips ARP and ICMP, and the packets of TCP connections whose SYN was seen,
 * whole, without an MPTCP option, and no SYN/ACK with one; never a SYN, which the numbers of TCP
 * connections depend on, and never anything that it is not sure of: other link types, fragments, IP
 * options and extension headers, tunnels, UDP (it may be a tunnel), cut headers. learn.h takes such
 * a connection for plain TCP as well, so that what comes out does not depend on whether this was
 * used.
 */
#ifndef MPTCP_PREFILTER_H
#define MPTCP_PREFILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mptcp_prefilter;

/* NULL when memory ran out. */
struct mptcp_prefilter *mptcp_prefilter_new(void);
void mptcp_prefilter_free(struct mptcp_prefilter *prefilter);
/*
 * True if the packet cannot carry MPTCP: `captured` bytes of it, on a LINKTYPE_ of that number.
 * Every packet of the capture has to be shown, in order. When memory runs out nothing is skipped
 * any more.
 */
bool mptcp_prefilter_skip(struct mptcp_prefilter *prefilter, uint32_t linktype,
	const uint8_t *bytes, size_t captured);

#endif
