/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process_read: see process_read.h. */
#include "process_read.h"

#include "process.h"

#include <errno.h>
#include <unistd.h>

#define BLOCK 4096

static int read_all(int fd, struct mptcp_buffer *text)
{
	ssize_t got;

	do {
		if (mptcp_buffer_reserve(text, BLOCK))
			return -1;
		got = read(fd, text->bytes + text->length, BLOCK);
		if (got > 0)
			text->length += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	return mptcp_buffer_add(text, "", 0); /* ends it as a string */
}

int mptcp_process_read(const char *const argv[], bool keep_err, struct mptcp_buffer *text,
	struct mptcp_error *error)
{
	struct mptcp_process_options options = {.in = -1,
		.out = MPTCP_PROCESS_PIPE,
		.keep_err = keep_err};
	struct mptcp_process process;

	mptcp_buffer_clear(text);
	if (mptcp_process_start(&process, argv, &options, error))
		return -1;
	int failed = read_all(process.out, text);
	int status = mptcp_process_wait(&process);
	mptcp_process_release(&process);
	return failed ? mptcp_error_memory(error) : status;
}
