/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source: the bytes of a capture, from a descriptor or, converted, from editcap.
 *
 * A window over a stream: a reader asks for so many bytes in one piece, looks at them, and takes
 * them. Internal to capture.c.
 */
#ifndef MPTCP_SOURCE_H
#define MPTCP_SOURCE_H

#include "buffer.h"
#include "error.h"
#include "opened.h"
#include "process.h"

#include <stdbool.h>
#include <stdint.h>

struct mptcp_source {
	int fd;
	bool is_file;   /* what the user gave is a regular file */
	bool may_wait;  /* what is read from is not, so that a read may have to wait */
	bool dont_wait; /* mptcp_source_need returns MPTCP_IDLE instead of waiting */
	bool ended;
	bool converted; /* the bytes come from editcap */
	uint8_t *window;
	size_t start, end,
		capacity;     /* the bytes that are there: window[start] to window[end - 1] */
	uint64_t read, total; /* bytes of the user's file; total 0 where not known */
	struct mptcp_process editcap, feeder;
};

/* Takes the descriptor over, also on failure; its start is copied. */
int mptcp_source_open(struct mptcp_source *source, const struct mptcp_opened *from,
	struct mptcp_error *error);
/* Puts `editcap -F pcapng` in front; the bytes start over. Nothing may have been taken yet. */
int mptcp_source_convert(struct mptcp_source *source, const char *editcap,
	struct mptcp_error *error);
/* `length` bytes in one piece; MPTCP_END: the input ended before; MPTCP_IDLE: not yet (dont_wait);
 * MPTCP_FAILED: errno says why. */
enum mptcp_result mptcp_source_need(struct mptcp_source *source, size_t length);
static inline const uint8_t *mptcp_source_bytes(const struct mptcp_source *source)
{
	return source->window + source->start;
}
static inline size_t mptcp_source_length(const struct mptcp_source *source)
{
	return source->end - source->start;
}
/* Drops the first `length` bytes, which must be there. */
static inline void mptcp_source_take(struct mptcp_source *source, size_t length)
{
	source->start += length;
}
/*
 * After the end: waits for editcap. Returns its exit status, or 128 + signal; what it complained
 * about is in `complaint` ("" for nothing), without its name and the name that it knows the file
 * by. editcap ends with 0 also after a file that was cut short.
 */
int mptcp_source_finish(struct mptcp_source *source, struct mptcp_buffer *complaint);
void mptcp_source_close(struct mptcp_source *source);

#endif
