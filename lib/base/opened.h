/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * opened: an open descriptor whose first bytes were already read, to see what it is.
 */
#ifndef MPTCP_OPENED_H
#define MPTCP_OPENED_H

#include <stddef.h>

struct mptcp_opened {
	int fd;
	const char *name;  /* for messages */
	const void *start; /* what was read; may be NULL where that is nothing */
	size_t length;
};

#endif
