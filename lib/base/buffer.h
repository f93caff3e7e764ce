/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * buffer: bytes that grow.
 *
 * A zeroed struct is an empty buffer. The bytes belong to the buffer and are NUL-terminated after
 * every append, so that they can be used as a C string; the pointer is valid until the next append.
 * Appending returns 0, or -1 when memory ran out (the buffer then remembers: `failed` is set, later
 * appends do nothing, so one check after many appends is enough).
 */
#ifndef MPTCP_BUFFER_H
#define MPTCP_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mptcp_buffer {
	char *bytes; /* NULL while nothing was ever appended */
	size_t length;
	size_t capacity;
	bool failed;
};

void mptcp_buffer_release(struct mptcp_buffer *buffer);
/* Empties it, keeps the memory, forgets a failure. */
void mptcp_buffer_clear(struct mptcp_buffer *buffer);
/* Makes room for `more` bytes behind the length. */
int mptcp_buffer_reserve(struct mptcp_buffer *buffer, size_t more);
int mptcp_buffer_add(struct mptcp_buffer *buffer, const void *bytes, size_t length);
int mptcp_buffer_add_string(struct mptcp_buffer *buffer, const char *string);
int mptcp_buffer_add_char(struct mptcp_buffer *buffer, char c);
int mptcp_buffer_add_unsigned(struct mptcp_buffer *buffer, uint64_t value); /* decimal */
int mptcp_buffer_format(struct mptcp_buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Drops the first `length` bytes. */
void mptcp_buffer_consume(struct mptcp_buffer *buffer, size_t length);

#endif
