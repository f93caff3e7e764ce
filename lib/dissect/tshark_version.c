/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tshark_version: which tshark a program is, for tshark.h. */
#include "process.h"
#include "tshark.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* All of a program's output, to its end. */
static int read_all(int fd, struct mptcp_buffer *text)
{
	ssize_t got;

	do {
		if (mptcp_buffer_reserve(text, 4096))
			return -1;
		got = read(fd, text->bytes + text->length, 4096);
		if (got > 0)
			text->length += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	return mptcp_buffer_add(text, "", 0); /* ends it as a string */
}

/* "TShark (Wireshark) 4.0.17 (Git ...).": the first number, in the first line. */
int mptcp_tshark_version(const char *program, struct mptcp_buffer *version,
	struct mptcp_error *error)
{
	const char *argv[] = {program, "--version", NULL};
	struct mptcp_process_options options = {.in = -1, .out = MPTCP_PROCESS_PIPE};
	struct mptcp_process process;
	struct mptcp_buffer text = {0};
	int result = 0;

	if (mptcp_process_start(&process, argv, &options, error))
		return -1;
	int failed = read_all(process.out, &text);
	int status = mptcp_process_wait(&process);
	mptcp_process_release(&process);
	mptcp_buffer_clear(version);
	if (!failed) {
		const char *from = text.bytes + strcspn(text.bytes, "0123456789\n");
		mptcp_buffer_add(version, from, strspn(from, "0123456789."));
	}
	if (failed || version->failed)
		result = mptcp_error_memory(error);
	else if (status || !version->length)
		result = mptcp_error_set(error, MPTCP_PROGRAM, "%s: does not tell its version",
			program);
	mptcp_buffer_release(&text);
	return result;
}
