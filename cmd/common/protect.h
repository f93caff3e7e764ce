/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * protect: what a result is never written over: what it is made of, and a capture.
 *
 * `mptcp-lc *.pcap -o` or a slip of the finger must not cost a capture: no tool writes one, so that
 * a file which is one was not meant, unless --force says so. Files are known by what they are,
 * never by their names: an input by device and inode, a capture by its first bytes.
 */
#ifndef PROTECT_H
#define PROTECT_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>

/* A zeroed struct protects captures. */
struct protect {
	const char **inputs; /* "-" is standard input; each is borrowed */
	size_t count, capacity;
	bool force; /* a capture may be overwritten; an input never */
};

/* Adds an input. 0, or -1 when memory ran out. */
int protect_add(struct protect *protect, const char *input, struct mptcp_error *error);
void protect_clear(struct protect *protect);
/* Whether there is a file at `path`, and it is a pcap or pcapng. */
bool protect_is_capture(const char *path);
/* Whether a result may be written to `path` (NULL or "-": standard output). 0, or -1 with
 * MPTCP_USAGE. */
int protect_check(const struct protect *protect, const char *path, struct mptcp_error *error);

#endif
