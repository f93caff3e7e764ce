/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "error.h"

#include "escape.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int mptcp_error_set(struct mptcp_error *error, enum mptcp_status status, const char *format, ...)
{
	va_list arguments;

	error->status = status;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	mptcp_escape_line(error->text); /* one line, whatever a file name has in it */
	return -1;
}

int mptcp_error_system(struct mptcp_error *error, enum mptcp_status status, const char *format, ...)
{
	int cause = errno;
	va_list arguments;

	error->status = status;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	size_t length = strlen(error->text);
	snprintf(error->text + length, sizeof(error->text) - length, ": %s", strerror(cause));
	mptcp_escape_line(error->text);
	errno = cause;
	return -1;
}

int mptcp_error_memory(struct mptcp_error *error)
{
	return mptcp_error_set(error, MPTCP_IO, "out of memory");
}

int mptcp_error_prefix(struct mptcp_error *error, const char *prefix)
{
	char text[sizeof(error->text)];

	memcpy(text, error->text, sizeof(text));
	snprintf(error->text, sizeof(error->text), "%.500s: %.*s", prefix,
		(int)(sizeof(text) - 503), text);
	mptcp_escape_line(error->text);
	return -1;
}
