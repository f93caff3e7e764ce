/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int temporary_file(struct mptcp_error *error)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];

	snprintf(path, sizeof(path), "%s/mptcp-XXXXXX", folder && *folder ? folder : "/tmp");
	int fd = mkostemp(path, O_CLOEXEC);
	if (fd == -1)
		return mptcp_error_system(error, MPTCP_IO, "%s", path);
	unlink(path);
	return fd;
}

static int copy_all(int from, int to, const char *name, struct mptcp_error *error)
{
	char bytes[65536];

	for (;;) {
		ssize_t length = read(from, bytes, sizeof(bytes));

		if (length == 0)
			return 0;
		if (length < 0 && errno == EINTR)
			continue;
		for (ssize_t done = 0, more; done < length; done += more) {
			more = write(to, bytes + done, (size_t)(length - done));
			if (more < 0)
				return mptcp_error_system(error, MPTCP_IO, "temporary file");
		}
		if (length < 0)
			return mptcp_error_system(error, MPTCP_IO, "%s", name);
	}
}

int temporary_copy(const char *operand, struct mptcp_error *error)
{
	bool standard = !strcmp(operand, "-");
	const char *name = standard ? "standard input" : operand;
	struct stat file;
	int from = standard ? STDIN_FILENO : -1;

	if (standard ? fstat(STDIN_FILENO, &file) : stat(operand, &file))
		return standard ? mptcp_error_system(error, MPTCP_IO, "%s", name) : -2;
	if (!standard && (S_ISREG(file.st_mode) || S_ISDIR(file.st_mode)))
		return -2; /* opening it will report what is wrong */
	if (!standard && (from = open(operand, O_RDONLY | O_CLOEXEC)) == -1)
		return mptcp_error_system(error, MPTCP_IO, "%s", operand);
	int fd = temporary_file(error);
	if (fd >= 0 && copy_all(from, fd, name, error)) {
		close(fd);
		fd = -1;
	}
	if (!standard)
		close(from);
	return fd;
}

void temporary_path(int fd, char path[TEMPORARY_PATH])
{
	/* by the number of this process: children can open it as well */
	snprintf(path, TEMPORARY_PATH, "/proc/%ld/fd/%d", (long)getpid(), fd);
}
