/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "log.h"

#include "buffer.h"
#include "escape.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define LONGEST 4096 /* bytes of a message */

void mptcp_log_say(const struct mptcp_log *log, enum mptcp_log_level level, const char *format, ...)
{
	char text[LONGEST];
	va_list arguments;

	if (!log || !log->say)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* one line, whatever a file name or another program put into it */
	mptcp_escape_line(text);
	log->say(log->context, level, text);
}

/* As it can be pasted; with control characters as bash reads them, so that it stays one line. */
static void add_word(struct mptcp_buffer *text, const char *word)
{
	bool control = false;

	for (const char *c = word; *c; c++)
		control |= (unsigned char)*c < 0x20 || *c == 0x7f;
	if (!control) {
		mptcp_escape_word(text, word);
		return;
	}
	mptcp_buffer_add_string(text, "$'");
	for (const char *c = word; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			mptcp_buffer_format(text, "\\x%02x", (unsigned)(unsigned char)*c);
		else if (*c == '\'' || *c == '\\')
			mptcp_buffer_format(text, "\\%c", *c);
		else
			mptcp_buffer_add_char(text, *c);
	mptcp_buffer_add_char(text, '\'');
}

void mptcp_log_command(const struct mptcp_log *log, const char *const argv[])
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	for (size_t i = 0; log && log->say && argv[i]; i++) {
		if (i)
			mptcp_buffer_add_char(&text, ' ');
		add_word(&text, argv[i]);
	}
	if (text.length && !text.failed)
		mptcp_log_say(log, MPTCP_LOG_DEBUG, "runs: %s", text.bytes);
	mptcp_buffer_clear(&text);
}
