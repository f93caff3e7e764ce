/* SPDX-License-Identifier: GPL-2.0-or-later */
/* role: the two hosts of a connection, the one that opened it and the other one. */
#ifndef MPTCP_ROLE_H
#define MPTCP_ROLE_H

enum mptcp_role { MPTCP_CLIENT = 0, MPTCP_SERVER = 1 };

/* The other one. */
static inline enum mptcp_role mptcp_role_peer(enum mptcp_role role)
{
	return role == MPTCP_CLIENT ? MPTCP_SERVER : MPTCP_CLIENT;
}

#endif
