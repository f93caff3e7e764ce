/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output.h"

#include "buffer.h"
#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CAPACITY ((size_t)64 * 1024)

int mptcp_output_open(struct mptcp_output *output, const char *path, struct mptcp_error *error)
{
	*output = (struct mptcp_output){.fd = STDOUT_FILENO,
		.owned = true,
		.name = "standard output"};
	if (path && strcmp(path, "-") != 0) {
		output->name = path;
		output->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (output->fd < 0) {
			output->owned = false;
			return mptcp_error_system(error, MPTCP_IO, "%s", path);
		}
	}
	return 0;
}

int mptcp_output_replace(struct mptcp_output *output, const char *path, struct mptcp_error *error)
{
	struct mptcp_replacement replacement;

	if (!path || strcmp(path, "-") == 0)
		return mptcp_output_open(output, path, error);
	if (mptcp_replacement_open(&replacement, path)) {
		*output = (struct mptcp_output){.fd = -1, .name = path};
		return mptcp_error_system(error, MPTCP_IO, "%s", path);
	}
	if (!replacement.path)
		return mptcp_output_open(output, path, error);
	*output = (struct mptcp_output){.fd = replacement.fd,
		.name = path,
		.replacement = replacement};
	return 0;
}

void mptcp_output_discard(struct mptcp_output *output)
{
	if (!output->replacement.path)
		return;
	mptcp_replacement_close(&output->replacement);
	output->length = 0;
}

/* Everything or a failure. Standard output may be non-blocking because another process that shares
 * it made it so. */
static void write_all(struct mptcp_output *output, const char *bytes, size_t length)
{
	while (length && !output->failure) {
		ssize_t written = write(output->fd, bytes, length);
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		} else if (written == 0) {
			output->failure = EIO;
		} else if (errno == EAGAIN) {
			poll(&(struct pollfd){.fd = output->fd, .events = POLLOUT}, 1, -1);
		} else if (errno != EINTR) {
			output->failure = errno;
		}
	}
}

static void store(struct mptcp_output *output, const void *bytes, size_t length)
{
	if (output->failure || length == 0)
		return;
	if (!output->bytes && !(output->bytes = malloc(CAPACITY))) {
		output->failure = ENOMEM;
		return;
	}
	if (length > CAPACITY - output->length)
		mptcp_output_flush(output);
	if (length > CAPACITY) {
		write_all(output, bytes, length);
		return;
	}
	memcpy(output->bytes + output->length, bytes, length);
	output->length += length;
}

/* Line by line, and cell by cell where tabs divide them. */
static void show(struct mptcp_output *output, const char *text, size_t length)
{
	struct mptcp_buffer shown = MPTCP_BUFFER_INIT;

	for (size_t i = 0; i < length; i++) {
		size_t begin = i;

		while (i < length && text[i] != '\n' && text[i] != '\t')
			i++;
		mptcp_escape_shown(&shown, text + begin, i - begin);
		if (i < length)
			mptcp_buffer_add_char(&shown, text[i]);
	}
	if (shown.failed && !output->failure)
		output->failure = ENOMEM;
	store(output, shown.bytes, shown.length);
	mptcp_buffer_clear(&shown);
}

void mptcp_output_write(struct mptcp_output *output, const void *bytes, size_t length)
{
	if (output->shown)
		show(output, bytes, length);
	else
		store(output, bytes, length);
}

void mptcp_output_string(struct mptcp_output *output, const char *string)
{
	mptcp_output_write(output, string, strlen(string));
}

void mptcp_output_flush(struct mptcp_output *output)
{
	write_all(output, output->bytes, output->length);
	output->length = 0;
}

int mptcp_output_close(struct mptcp_output *output, struct mptcp_error *error)
{
	mptcp_output_flush(output);
	/* A network file system may report only here that there was no room. After EINTR Linux has
	 * closed the file nevertheless. */
	if (output->owned && close(output->fd) && !output->failure && errno != EINTR)
		output->failure = errno;
	if (output->replacement.path && !output->failure &&
		mptcp_replacement_commit(&output->replacement))
		output->failure = errno;
	mptcp_replacement_close(&output->replacement);
	int failure = output->failure;
	free(output->bytes);
	*output = (struct mptcp_output){.fd = -1, .name = output->name};
	if (!failure)
		return 0;
	errno = failure;
	return mptcp_error_system(error, MPTCP_IO, "%s", output->name);
}
