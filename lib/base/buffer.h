/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * buffer: bytes that grow.
 *
 * MPTCP_BUFFER_INIT is an empty buffer; so is a zeroed struct, which serves as a member of another
 * zeroed one. The bytes belong to the buffer and are always a C string, "" where it is empty or
 * memory ran out at once (of a zeroed struct from the first call on); the pointer is valid until
 * the next append. Appending returns 0, or -1 when memory ran out (the buffer then remembers:
 * `failed` is set, later appends do nothing, so one check after many appends is enough).
 */
#ifndef MPTCP_BUFFER_H
#define MPTCP_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mptcp_buffer {
	char *bytes;
	size_t length;
	size_t capacity; /* 0: the bytes are mptcp_buffer_nothing */
	bool failed;
};

/* "", and never anything else. */
extern char mptcp_buffer_nothing[1];
#define MPTCP_BUFFER_INIT \
	{ \
		.bytes = mptcp_buffer_nothing \
	}

void mptcp_buffer_clear(struct mptcp_buffer *buffer);
/* Empties it, keeps the memory, forgets a failure. */
void mptcp_buffer_reset(struct mptcp_buffer *buffer);
/* Makes room for `more` bytes after the length. */
int mptcp_buffer_reserve(struct mptcp_buffer *buffer, size_t more);
int mptcp_buffer_add(struct mptcp_buffer *buffer, const void *bytes, size_t length);
int mptcp_buffer_add_string(struct mptcp_buffer *buffer, const char *string);
int mptcp_buffer_add_char(struct mptcp_buffer *buffer, char c);
int mptcp_buffer_add_unsigned(struct mptcp_buffer *buffer, uint64_t value); /* decimal */
int mptcp_buffer_format(struct mptcp_buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The bytes as a string of the caller's own, to be freed, and leaves the buffer empty. NULL when
 * memory ran out, now or before. */
char *mptcp_buffer_take(struct mptcp_buffer *buffer);
/* Drops the first `length` bytes. */
void mptcp_buffer_consume(struct mptcp_buffer *buffer, size_t length);

#endif
