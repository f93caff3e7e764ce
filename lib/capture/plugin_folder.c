/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plugin_folder.h"

#include "argv.h"
#include "plugin_row.h"
#include "process.h"
#include "unprivileged.h"
#include "wireshark.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* As seen from the folder of the program: a build (also in a folder of its own, or a unit test),
 * and an installation. */
static const char *const relative[] = {"../build/wireshark", "../wireshark",
	"../lib/mptcp/wireshark"};

/* Adds the folder of the running program, with a slash. */
static int add_own_folder(struct mptcp_buffer *path)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program));
	const char *slash = length > 0 ? memrchr(program, '/', (size_t)length) : NULL;

	return slash ? mptcp_buffer_add(path, program, (size_t)(slash + 1 - program)) : -1;
}

/* Whether there is a plugin in the folder, of whatever version. ENOENT: none; else why it cannot be
 * read. */
static int look_into(const struct mptcp_buffer *folder)
{
	struct mptcp_buffer pattern = MPTCP_BUFFER_INIT;
	glob_t found;
	int cause = ENOENT;

	if (!mptcp_buffer_format(&pattern, "%s/*/epan/mptcp.so", folder->bytes) &&
		!glob(pattern.bytes, GLOB_NOSORT, NULL, &found)) {
		cause = mptcp_unprivileged_reads(found.gl_pathv[0]);
		globfree(&found);
	}
	mptcp_buffer_clear(&pattern);
	return cause;
}

bool mptcp_plugin_folder(struct mptcp_buffer *folder, struct mptcp_buffer *why)
{
	const size_t own = sizeof(relative) / sizeof(*relative);

	for (size_t i = 0; i <= own; i++) {
		mptcp_buffer_reset(folder);
		if (i == own)
			mptcp_buffer_add_string(folder, MPTCP_PLUGINS);
		else if (!add_own_folder(folder))
			mptcp_buffer_add_string(folder, relative[i]);
		if (folder->failed || !folder->length)
			continue;
		int cause = look_into(folder);
		if (!cause)
			return true;
		if (cause != ENOENT && why)
			mptcp_buffer_format(why, "%s: as %s: %s", folder->bytes,
				mptcp_unprivileged_needed() ? "nobody" : "this user",
				strerror(cause));
		if (cause != ENOENT)
			return false;
	}
	if (why)
		mptcp_buffer_add_string(why, "it is not installed");
	return false;
}

/* Reads nothing with the plugin. */
static int try_rows(const char *tshark, const char *const *environment,
	struct mptcp_process *process, struct mptcp_error *error)
{
	const char *argv[] = {tshark, "-r", "-", "-q", "-z", MPTCP_PLUGIN_TAP, NULL};
	const struct mptcp_process_options options = {.in = MPTCP_PROCESS_PIPE,
		.out = -1,
		.environment = environment,
		.unprivileged = true};

	return mptcp_process_start(process, argv, &options, error) ? -1
								   : mptcp_process_wait(process);
}

bool mptcp_plugin_works(const char *tshark, const struct mptcp_buffer *folder,
	struct mptcp_buffer *why)
{
	struct mptcp_process process = MPTCP_PROCESS_NONE;
	struct mptcp_argv environment = {0};
	struct mptcp_error error;

	mptcp_argv_add_all(&environment, mptcp_wireshark_secluded);
	mptcp_argv_format(&environment, "WIRESHARK_PLUGIN_DIR=%s", folder->bytes);
	int status = environment.failed
		? mptcp_error_memory(&error)
		: try_rows(tshark, (const char *const *)environment.items, &process, &error);
	if (status < 0)
		mptcp_buffer_add_string(why, error.text);
	else if (status && process.refused)
		mptcp_buffer_format(why, "tshark runs as root: as nobody: %s",
			strerror(process.refused));
	else if (status)
		mptcp_buffer_format(why, "this tshark does not load %s", folder->bytes);
	mptcp_process_clear(&process);
	mptcp_argv_clear(&environment);
	return !status;
}
