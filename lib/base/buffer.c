/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char mptcp_buffer_nothing[1];

void mptcp_buffer_clear(struct mptcp_buffer *buffer)
{
	if (buffer->capacity)
		free(buffer->bytes);
	*buffer = (struct mptcp_buffer)MPTCP_BUFFER_INIT;
}

void mptcp_buffer_reset(struct mptcp_buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
	if (buffer->capacity)
		buffer->bytes[0] = '\0';
	else
		buffer->bytes = mptcp_buffer_nothing;
}

int mptcp_buffer_reserve(struct mptcp_buffer *buffer, size_t more)
{
	if (buffer->failed)
		return -1;
	if (buffer->capacity - buffer->length > more)
		return 0;
	if (!buffer->capacity)
		buffer->bytes = mptcp_buffer_nothing;
	size_t capacity = buffer->capacity ? buffer->capacity : 64;
	while (capacity - buffer->length <= more) {
		if (capacity > SIZE_MAX / 2) {
			buffer->failed = true;
			return -1;
		}
		capacity *= 2;
	}
	char *bytes = realloc(buffer->capacity ? buffer->bytes : NULL, capacity);
	if (!bytes) {
		buffer->failed = true;
		return -1;
	}
	bytes[buffer->length] = '\0';
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return 0;
}

int mptcp_buffer_add(struct mptcp_buffer *buffer, const void *bytes, size_t length)
{
	if (mptcp_buffer_reserve(buffer, length))
		return -1;
	if (length)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
	return 0;
}

int mptcp_buffer_add_string(struct mptcp_buffer *buffer, const char *string)
{
	return mptcp_buffer_add(buffer, string, strlen(string));
}

int mptcp_buffer_add_char(struct mptcp_buffer *buffer, char c)
{
	return mptcp_buffer_add(buffer, &c, 1);
}

int mptcp_buffer_add_unsigned(struct mptcp_buffer *buffer, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	return mptcp_buffer_add(buffer, digits + at, sizeof(digits) - at);
}

int mptcp_buffer_format(struct mptcp_buffer *buffer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 || mptcp_buffer_reserve(buffer, (size_t)length)) {
		buffer->failed = true;
		return -1;
	}
	va_start(arguments, format);
	vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
	return 0;
}

char *mptcp_buffer_take(struct mptcp_buffer *buffer)
{
	char *bytes = mptcp_buffer_reserve(buffer, 0) ? NULL : buffer->bytes;

	if (bytes)
		buffer->capacity = 0; /* it is not freed */
	mptcp_buffer_clear(buffer);
	return bytes;
}

void mptcp_buffer_consume(struct mptcp_buffer *buffer, size_t length)
{
	if (!length)
		return;
	memmove(buffer->bytes, buffer->bytes + length, buffer->length - length);
	buffer->length -= length;
	buffer->bytes[buffer->length] = '\0';
}
