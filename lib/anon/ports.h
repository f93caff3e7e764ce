/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ports: ports to ports. Those up to 32767 say which service it is, and stay; those above, which
 * hosts choose for themselves, are exchanged for each other. So a port stays on its side of a
 * service's, and what becomes of it depends on the seed alone, not on what else a capture has: both
 * ends of a connection, captured apart, get the same.
 */
#ifndef MPTCP_PORTS_H
#define MPTCP_PORTS_H

#include "secret.h"

#define MPTCP_PORTS_FIRST 0x8000 /* the first that is exchanged */

struct mptcp_ports {
	uint16_t mapped[0x10000 - MPTCP_PORTS_FIRST];
};

void mptcp_ports_draw(struct mptcp_ports *ports, const struct mptcp_secret *secret);
/* Every port stays as it is. */
void mptcp_ports_keep(struct mptcp_ports *ports);
static inline uint16_t mptcp_ports_map(const struct mptcp_ports *ports, uint16_t port)
{
	return port < MPTCP_PORTS_FIRST ? port : ports->mapped[port - MPTCP_PORTS_FIRST];
}

#endif
