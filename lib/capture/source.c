/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source.h"

#include "noise.h"
#include "wireshark.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (256U << 10) /* bytes of a read */

/* Room for `length` bytes from window[start], with what is there moved to the front. */
static int make_room(struct mptcp_source *source, size_t length)
{
	size_t held = source->end - source->start;

	if (held)
		memmove(source->window, source->window + source->start, held);
	source->start = 0;
	source->end = held;
	if (length <= source->capacity)
		return 0;
	size_t capacity = length > 2 * source->capacity ? length : 2 * source->capacity;
	uint8_t *window = realloc(source->window, capacity);
	if (!window)
		return -1;
	source->window = window;
	source->capacity = capacity;
	return 0;
}

int mptcp_source_open(struct mptcp_source *source, const struct mptcp_opened *from,
	struct mptcp_error *error)
{
	struct stat status;

	*source = (struct mptcp_source){.fd = from->fd,
		.may_wait = true,
		.editcap = MPTCP_PROCESS_NONE,
		.feeder = MPTCP_PROCESS_NONE};
	if (!fstat(from->fd, &status) && S_ISREG(status.st_mode)) {
		source->is_file = true;
		source->may_wait = false;
		source->total = (uint64_t)status.st_size;
	}
	if (make_room(source, BLOCK + from->length)) {
		mptcp_source_close(source);
		return mptcp_error_memory(error);
	}
	if (from->length)
		memcpy(source->window, from->start, from->length);
	source->end = source->read = from->length;
	return 0;
}

/* True if a program that gets our descriptor can read the file from its start, in any order. The
 * descriptor, not its name: as nobody it could not open what root may. */
static bool can_rewind(const struct mptcp_source *source)
{
	return source->is_file && lseek(source->fd, 0, SEEK_CUR) == (off_t)source->read &&
		lseek(source->fd, 0, SEEK_SET) == 0;
}

int mptcp_source_convert(struct mptcp_source *source, const char *editcap,
	struct mptcp_error *error)
{
	const char *argv[] = {editcap, "-F", "pcapng", "-", "-", NULL};
	struct mptcp_process_options options = {.in = source->fd,
		.out = MPTCP_PROCESS_PIPE,
		.environment = mptcp_wireshark_secluded,
		.unprivileged = true};
	bool feed = !can_rewind(source);

	if (feed) {
		if (mptcp_process_feed(&source->feeder, mptcp_source_bytes(source),
			    mptcp_source_length(source), source->fd, error))
			return -1;
		options.in = source->feeder.out;
	}
	if (mptcp_process_start(&source->editcap, argv, &options, error))
		return -1;
	if (feed) {
		close(source->feeder.out); /* editcap's alone, so that the feeder notices its end */
		source->feeder.out = -1;
	}
	close(source->fd);
	source->fd = source->editcap.out;
	source->editcap.out = -1;
	source->converted = true;
	source->may_wait = true;
	source->start = source->end = 0;
	source->total = 0;
	return 0;
}

enum mptcp_result mptcp_source_need(struct mptcp_source *source, size_t length)
{
	while (mptcp_source_length(source) < length) {
		struct pollfd ready = {.fd = source->fd, .events = POLLIN};
		if (source->ended)
			return MPTCP_END;
		if (source->start + length > source->capacity ||
			source->capacity - source->end < BLOCK / 2)
			if (make_room(source, length + BLOCK))
				return MPTCP_FAILED;
		if (source->dont_wait && source->may_wait && poll(&ready, 1, 0) == 0)
			return MPTCP_IDLE;
		ssize_t got = read(source->fd, source->window + source->end,
			source->capacity - source->end);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return MPTCP_FAILED;
		source->ended = got == 0;
		source->end += (size_t)got;
		source->read += (size_t)got;
	}
	return MPTCP_ROW;
}

int mptcp_source_finish(struct mptcp_source *source, struct mptcp_buffer *complaint)
{
	mptcp_buffer_reset(complaint);
	if (!source->converted)
		return 0;
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
	int status = mptcp_process_wait(&source->editcap);
	mptcp_process_kill(&source->feeder);
	mptcp_process_message(&source->editcap, mptcp_noise, complaint);
	static const char *const names[] = {"editcap: ", "The standard input "};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(complaint->bytes, names[i], strlen(names[i])))
			mptcp_buffer_consume(complaint, strlen(names[i]));
	while (complaint->length && complaint->bytes[complaint->length - 1] == '.')
		complaint->bytes[--complaint->length] = '\0';
	return status;
}

void mptcp_source_close(struct mptcp_source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
	mptcp_process_clear(&source->editcap);
	mptcp_process_clear(&source->feeder);
	free(source->window);
	source->window = NULL;
}
