/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process_find: where a program is; see process.h. */
#include "process.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A program that we may execute, as a path without links. */
static bool resolves(const char *candidate, struct mptcp_buffer *path)
{
	char whole[PATH_MAX];
	struct stat status;

	if (access(candidate, X_OK) || stat(candidate, &status) || !S_ISREG(status.st_mode) ||
		!realpath(candidate, whole))
		return false;
	mptcp_buffer_reset(path);
	return !mptcp_buffer_add_string(path, whole);
}

int mptcp_process_find(const char *program, struct mptcp_buffer *path, struct mptcp_error *error)
{
	struct mptcp_buffer candidate = MPTCP_BUFFER_INIT;
	const char *folder = getenv("PATH");
	bool found = strchr(program, '/') && resolves(program, path);

	if (strchr(program, '/') || !*program)
		folder = NULL;
	while (folder && !found) {
		size_t length = strcspn(folder, ":");
		mptcp_buffer_reset(&candidate);
		mptcp_buffer_add(&candidate, length ? folder : ".", length ? length : 1);
		mptcp_buffer_add_char(&candidate, '/');
		if (!mptcp_buffer_add_string(&candidate, program))
			found = resolves(candidate.bytes, path);
		folder = folder[length] ? folder + length + 1 : NULL;
	}
	mptcp_buffer_clear(&candidate);
	if (!found)
		return mptcp_error_set(error, MPTCP_PROGRAM,
			"%s: not found: is it installed, and in PATH?", program);
	return 0;
}
