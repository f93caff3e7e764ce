/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table_output: for tests of tables: an output in memory, and what went to it. */
#ifndef TABLE_OUTPUT_H
#define TABLE_OUTPUT_H

#include "output.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static inline struct mptcp_output memory_output(void)
{
	return (struct mptcp_output){.fd = memfd_create("table", MFD_CLOEXEC),
		.owned = true,
		.name = "memory"};
}

/* Everything that went to the output, to be freed; the output is closed. */
static inline char *text_of(struct mptcp_output *output)
{
	struct mptcp_error error;

	mptcp_output_flush(output);
	off_t length = lseek(output->fd, 0, SEEK_END);
	char *text = calloc(1, (size_t)length + 1);
	assert_non_null(text);
	assert_int_equal(pread(output->fd, text, (size_t)length, 0), length);
	assert_int_equal(mptcp_output_close(output, &error), 0);
	return text;
}

#endif
