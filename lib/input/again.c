/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "again.h"

#include "capture.h"
#include "recording.h"

#include <fcntl.h>
#include <unistd.h>

#define START_SIZE 512 /* as much as tells what a capture is */

static struct mptcp_export *open_export(const char *path, const char *name,
	const struct mptcp_input_options *options, struct mptcp_error *error)
{
	unsigned char start[START_SIZE];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, start, sizeof(start));

	if (length < 0) {
		mptcp_error_system(error, MPTCP_IO, "%s", name);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	const struct mptcp_opened from = {fd, name, start, (size_t)length};
	struct mptcp_capture *capture = mptcp_capture_open(&from, options->editcap, error);

	return capture ? mptcp_export_open(capture, name, path, options, error) : NULL;
}

struct mptcp_export *mptcp_again_export(struct mptcp_store **store, const char *path,
	const char *name, struct mptcp_input_options *options, struct mptcp_error *error)
{
	uint64_t given = mptcp_store_given(*store);
	struct mptcp_packet packet;

	options->mptcp_only = mptcp_recording_is_part(*store);
	mptcp_recording_discard(*store, path, options);
	mptcp_store_close(*store);
	*store = NULL;
	struct mptcp_export *exporter = open_export(path, name, options, error);

	while (exporter && given) {
		enum mptcp_result got = mptcp_export_next(exporter, &packet, error);

		if (got == MPTCP_ROW)
			given--;
		if (got == MPTCP_END)
			mptcp_error_set(error, MPTCP_DATA, "%s: changed while it was read", name);
		if (got == MPTCP_END || got == MPTCP_FAILED) {
			mptcp_export_close(exporter);
			exporter = NULL;
		}
	}
	return exporter;
}
