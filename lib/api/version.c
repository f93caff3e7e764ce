/* SPDX-License-Identifier: GPL-2.0-or-later */
/* version: see <mptcp/mptcp.h>. */
#include <mptcp/mptcp.h>

const char *mptcp_version(void)
{
	return MPTCP_VERSION;
}
