/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output: bytes to a file or standard output, buffered, every error kept; a file as it is written,
 * or in one piece at the end, so that a file with the name is a whole one.
 *
 * Writing never fails on the spot: the first error is remembered and reported by
 * mptcp_output_close, and later writes do nothing. A tool that writes much asks mptcp_output_failed
 * now and then to stop early.
 */
#ifndef MPTCP_OUTPUT_H
#define MPTCP_OUTPUT_H

#include "error.h"
#include "replacement.h"

#include <stdbool.h>
#include <stddef.h>

struct mptcp_output {
	int fd;
	int failure;      /* errno of the first failed write, 0 for none */
	bool owned;       /* fd is closed by mptcp_output_close */
	bool shown;       /* on a terminal: what it must not get is made harmless (escape.h) */
	const char *name; /* for messages: the path, or "standard output"; borrowed */
	char *bytes;      /* 64 KiB, allocated by the first write */
	size_t length;
	struct mptcp_replacement replacement; /* of mptcp_output_replace */
};

/* For a descriptor that is open already: {.fd = fd, .owned = true, .name = name}. */

/* Opens (creates, truncates) `path`, or takes standard output where path is NULL or "-". `path` is
 * borrowed until close. */
int mptcp_output_open(struct mptcp_output *output, const char *path, struct mptcp_error *error);
/* The same, but a regular file, or one that does not exist yet, is left alone until
 * mptcp_output_close puts in its place what was written; see replacement.h. */
int mptcp_output_replace(struct mptcp_output *output, const char *path, struct mptcp_error *error);
/* What was written for mptcp_output_replace is no result: it is thrown away, and the file stays as
 * it is. Nothing is done where there is nothing to replace. mptcp_output_close has to follow. */
void mptcp_output_discard(struct mptcp_output *output);
void mptcp_output_write(struct mptcp_output *output, const void *bytes, size_t length);
void mptcp_output_string(struct mptcp_output *output, const char *string);
/* Hands what is buffered to the system now. */
void mptcp_output_flush(struct mptcp_output *output);
static inline bool mptcp_output_failed(const struct mptcp_output *output)
{
	return output->failure != 0;
}
/* Flushes, closes (also standard output, so that a late error is seen) and releases. MPTCP_IO if
 * any byte was not written; a file to be replaced is what it was then. */
int mptcp_output_close(struct mptcp_output *output, struct mptcp_error *error);

#endif
