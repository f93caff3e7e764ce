/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text: bytes that belong to somebody else. */
#ifndef MPTCP_TEXT_H
#define MPTCP_TEXT_H

#include <stddef.h>

struct mptcp_text {
	const char *bytes; /* not NUL-terminated */
	size_t length;
};

#endif
