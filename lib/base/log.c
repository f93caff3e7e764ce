/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

void mptcp_log_say(const struct mptcp_log *log, enum mptcp_log_level level, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	if (!log || !log->say)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* One line, whatever a file name or another program put into it. */
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	log->say(log->context, level, text);
}
