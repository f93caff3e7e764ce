/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ports.h"

#define COUNT (0x10000 - MPTCP_PORTS_FIRST)

void mptcp_ports_keep(struct mptcp_ports *ports)
{
	for (unsigned i = 0; i < COUNT; i++)
		ports->mapped[i] = (uint16_t)(MPTCP_PORTS_FIRST + i);
}

/* Shuffled: Durstenfeld, Algorithm 235, Communications of the ACM 7 (1964). */
void mptcp_ports_draw(struct mptcp_ports *ports, const struct mptcp_secret *secret)
{
	mptcp_ports_keep(ports);
	for (unsigned left = COUNT; left > 1; left--) {
		unsigned other = (unsigned)(mptcp_secret_number(secret, "port", left) % left);
		uint16_t last = ports->mapped[left - 1];

		ports->mapped[left - 1] = ports->mapped[other];
		ports->mapped[other] = last;
	}
}
