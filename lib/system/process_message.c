/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process_message: what a program said on standard error; see process.h. */
#include "process.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MESSAGE_ROOM 8192 /* of which a message is taken */
#define MESSAGE_LONGEST 400

static void add_line(struct mptcp_buffer *message, const char *line, size_t length)
{
	bool goes_on = message->length && strchr(" \t(", *line);

	if (!goes_on)
		mptcp_buffer_reset(message);
	else if (message->length >= MESSAGE_LONGEST)
		return;
	else
		mptcp_buffer_add_char(message, ' ');
	while (length && (*line == ' ' || *line == '\t')) {
		line++;
		length--;
	}
	mptcp_buffer_add(message, line, length < MESSAGE_LONGEST ? length : MESSAGE_LONGEST);
}

/* What was written on standard error from an offset on, as much as there is room for. */
static size_t read_text(const struct mptcp_process *process, off_t from, char *text, size_t room)
{
	ssize_t got = process->err < 0 ? 0 : pread(process->err, text, room, from);

	return got > 0 ? (size_t)got : 0;
}

void mptcp_process_first_line(const struct mptcp_process *process, mptcp_process_noise *is_noise,
	struct mptcp_buffer *message)
{
	char text[MESSAGE_ROOM];
	const char *end = text + read_text(process, 0, text, sizeof(text));

	mptcp_buffer_reset(message);
	for (const char *line = text; line < end && !message->length;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((stop ? stop : end) - line);
		if (length && !(is_noise && is_noise(line, length)))
			add_line(message, line, length);
		line += length + 1;
	}
}

void mptcp_process_message(const struct mptcp_process *process, mptcp_process_noise *is_noise,
	struct mptcp_buffer *message)
{
	char text[MESSAGE_ROOM];
	struct stat status;
	off_t from = 0;

	mptcp_buffer_reset(message);
	if (process->err >= 0 && !fstat(process->err, &status) &&
		status.st_size > (off_t)sizeof(text))
		from = status.st_size - (off_t)sizeof(text);
	const char *end = text + read_text(process, from, text, sizeof(text));
	for (const char *line = text; line < end;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((stop ? stop : end) - line);
		if (length && !(is_noise && is_noise(line, length)))
			add_line(message, line, length);
		line += length + 1;
	}
}
