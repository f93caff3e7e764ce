/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output: bytes to a file or standard output, buffered, every error kept.
 *
 * Writing never fails on the spot: the first error is remembered and reported by
 * mptcp_output_close, and later writes do nothing. A tool that writes much asks mptcp_output_failed
 * now and then to stop early.
 */
#ifndef MPTCP_OUTPUT_H
#define MPTCP_OUTPUT_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>

struct mptcp_output {
	int fd;
	int failure;      /* errno of the first failed write, 0 for none */
	bool owned;       /* fd is closed by mptcp_output_close */
	const char *name; /* for messages: the path, or "standard output"; borrowed */
	char *bytes;      /* 64 KiB, allocated by the first write */
	size_t length;
};

/* For a descriptor that is open already: {.fd = fd, .owned = true, .name = name}. */

/* Opens (creates, truncates) `path`, or takes standard output where path is NULL or "-". `path` is
 * borrowed until close. */
int mptcp_output_open(struct mptcp_output *output, const char *path, struct mptcp_error *error);
void mptcp_output_write(struct mptcp_output *output, const void *bytes, size_t length);
void mptcp_output_string(struct mptcp_output *output, const char *string);
/* Hands what is buffered to the system now. */
void mptcp_output_flush(struct mptcp_output *output);
static inline bool mptcp_output_failed(const struct mptcp_output *output)
{
	return output->failure != 0;
}
/* Flushes, closes (also standard output, so that a late error is seen) and releases. MPTCP_IO if
 * any byte was not written. */
int mptcp_output_close(struct mptcp_output *output, struct mptcp_error *error);

#endif
