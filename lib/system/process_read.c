/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "process_read.h"

#include "process.h"

#include <errno.h>
#include <unistd.h>

static int read_all(int fd, struct mptcp_buffer *text)
{
	char block[4096];
	ssize_t got;

	do {
		got = read(fd, block, sizeof(block));
		if (got > 0)
			mptcp_buffer_add(text, block, (size_t)got);
	} while (!text->failed && (got > 0 || (got < 0 && errno == EINTR)));
	return text->failed ? -1 : 0;
}

int mptcp_process_read(const char *const argv[], unsigned how, struct mptcp_buffer *text,
	struct mptcp_error *error)
{
	struct mptcp_process_options options = {.in = -1,
		.out = MPTCP_PROCESS_PIPE,
		.keep_err = how & MPTCP_READ_KEEP_ERR,
		.unprivileged = how & MPTCP_READ_UNPRIVILEGED};
	struct mptcp_process process;

	mptcp_buffer_reset(text);
	if (mptcp_process_start(&process, argv, &options, error))
		return -1;
	int failed = read_all(process.out, text);
	int status = mptcp_process_wait(&process);
	mptcp_process_clear(&process);
	return failed ? mptcp_error_memory(error) : status;
}
