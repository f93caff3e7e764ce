/* SPDX-License-Identifier: GPL-2.0-or-later */
/* start: the first bytes of an input, which tell what it is. */
#ifndef MPTCP_START_H
#define MPTCP_START_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>

/* How many of them are read at most. */
#define MPTCP_START_SIZE 512

/* Reads them; fewer only where the input is shorter. 0, or -1: MPTCP_IO, or MPTCP_DATA where it is
 * empty. */
int mptcp_start_read(int fd, const char *name, unsigned char *start, size_t *length,
	struct mptcp_error *error);
/* Text has no control characters but those of its lines. What is left over after captures and
 * stores is CSV if it is text. */
bool mptcp_start_is_text(const unsigned char *start, size_t length);

#endif
