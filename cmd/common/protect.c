/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protect.h"

#include "array.h"
#include "capture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define START_SIZE 16 /* enough for mptcp_capture_known */

/* A terminal or /dev/null may be both. */
static bool is_input(const char *input, const struct stat *output)
{
	struct stat file;

	if (strcmp(input, "-") ? stat(input, &file) : fstat(STDIN_FILENO, &file))
		return false;
	return file.st_dev == output->st_dev && file.st_ino == output->st_ino;
}

/* What programs like gzip make, which editcap reads through. */
static bool is_compressed(const void *start, size_t length)
{
	static const char *const magics[] = {"\x1f\x8b", "\x28\xb5\x2f\xfd", "\x04\x22\x4d\x18"};

	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (length >= strlen(magics[i]) && !memcmp(start, magics[i], strlen(magics[i])))
			return true;
	return false;
}

/* The first bytes of a file; -1 where there is none to read. */
static ssize_t read_start(const char *path, char start[START_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t length = fd < 0 ? -1 : read(fd, start, START_SIZE);

	if (fd >= 0)
		close(fd);
	return length;
}

bool protect_is_capture(const char *path)
{
	char start[START_SIZE];
	ssize_t length = read_start(path, start);

	return length > 0 && mptcp_capture_known(start, (size_t)length);
}

/* What makes a file one to keep, NULL for nothing. */
static const char *worth_keeping(const char *path)
{
	char start[START_SIZE];
	ssize_t length = read_start(path, start);

	if (length <= 0)
		return NULL;
	if (mptcp_capture_known(start, (size_t)length))
		return "is a capture";
	return is_compressed(start, (size_t)length) ? "is compressed and may be a capture" : NULL;
}

int protect_add(struct protect *protect, const char *input, struct mptcp_error *error)
{
	const char **inputs = mptcp_array_append(protect->inputs, &protect->count,
		&protect->capacity, sizeof(*inputs));

	if (!inputs)
		return mptcp_error_memory(error);
	protect->inputs = inputs;
	inputs[protect->count - 1] = input;
	return 0;
}

void protect_clear(struct protect *protect)
{
	free(protect->inputs);
	*protect = (struct protect){0};
}

int protect_check(const struct protect *protect, const char *path, struct mptcp_error *error)
{
	struct stat output;

	if (!path || !strcmp(path, "-") || stat(path, &output) || S_ISCHR(output.st_mode))
		return 0;
	for (size_t i = 0; i < protect->count; i++)
		if (is_input(protect->inputs[i], &output))
			return mptcp_error_set(error, MPTCP_USAGE,
				"%s: is the input, which is not overwritten", path);
	const char *what = protect->force || !S_ISREG(output.st_mode) ? NULL : worth_keeping(path);
	if (!what)
		return 0;
	return mptcp_error_set(error, MPTCP_USAGE, "%s: %s; --force overwrites it", path, what);
}
