/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "again.h"

#include "capture.h"
#include "recording.h"

struct mptcp_export *mptcp_again_export(struct mptcp_store **store, const char *path,
	const char *name, struct mptcp_input_options *options, struct mptcp_error *error)
{
	uint64_t given = mptcp_store_given(*store);
	struct mptcp_packet packet;

	options->mptcp_only = mptcp_recording_is_part(*store);
	mptcp_recording_discard(*store, path, options);
	mptcp_store_close(*store);
	*store = NULL;
	struct mptcp_capture *capture =
		mptcp_capture_open_file(path, name, options->editcap, error);
	struct mptcp_export *exporter =
		capture ? mptcp_export_open(capture, name, path, options, error) : NULL;

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
