/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message is one line whatever a file name or another program put into it. */
static void clean(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

int mptcp_error_set(struct mptcp_error *error, enum mptcp_status status, const char *format, ...)
{
	va_list arguments;

	error->status = status;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	clean(error->text);
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
	clean(error->text);
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
	clean(error->text);
	return -1;
}
