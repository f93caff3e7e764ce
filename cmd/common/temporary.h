/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * temporary: files without a name, in $TMPDIR or /tmp: whatever ends the process, nothing is left.
 */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include "error.h"

#define TEMPORARY_PATH 64

/* An empty one: its descriptor, or -1. */
int temporary_file(struct mptcp_error *error);
/*
 * What can be read only once, standard input ("-") or a pipe, is read into a temporary file, which
 * can be read again: its descriptor, -1 on an error. Anything else is left alone: -2.
 */
int temporary_copy(const char *operand, struct mptcp_error *error);
/* A path by which this process, and its children while it lives, open the file from its start. */
void temporary_path(int fd, char path[TEMPORARY_PATH]);

#endif
