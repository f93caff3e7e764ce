/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process_read: runs a program and takes what it prints. For answers that fit into memory. */
#ifndef MPTCP_PROCESS_READ_H
#define MPTCP_PROCESS_READ_H

#include "buffer.h"
#include "error.h"

enum mptcp_process_read {
	MPTCP_READ_KEEP_ERR = 1,    /* its standard error is ours */
	MPTCP_READ_UNPRIVILEGED = 2 /* see unprivileged.h */
};

/*
 * Puts the standard output of argv[0], which reads from /dev/null, into `text`. Its standard error
 * is dropped, or goes where ours goes. Returns its exit status (128 + signal), or -1:
 * MPTCP_PROGRAM where it cannot be started, MPTCP_IO where memory ran out.
 */
int mptcp_process_read(const char *const argv[], unsigned how, struct mptcp_buffer *text,
	struct mptcp_error *error);

#endif
