/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trusted.h"

#include "trust.h"

#include <stddef.h>

int trusted_file(const char *path, bool trust_user, struct mptcp_error *error)
{
	const char *fault = trust_user ? NULL : mptcp_trust_fault(path);

	return fault ? mptcp_error_set(error, MPTCP_PROGRAM,
			       "%s: %s: not run as root (--trust-user)", path, fault)
		     : 0;
}
