/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xdg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SUBFOLDER "/mptcp"
#define DEFAULT_CONFIG_DIRS "/etc/xdg"

static int set(struct mptcp_buffer *path, const char *base, const char *below)
{
	mptcp_buffer_reset(path);
	mptcp_buffer_add_string(path, base);
	mptcp_buffer_add_string(path, below);
	mptcp_buffer_add_string(path, SUBFOLDER);
	return path->failed ? -1 : 0;
}

static int home_folder(struct mptcp_buffer *path, const char *variable, const char *below_home)
{
	const char *base = getenv(variable);

	if (base && base[0] == '/')
		return set(path, base, "");
	const char *home = getenv("HOME");
	if (home && home[0] == '/')
		return set(path, home, below_home);
	mptcp_buffer_reset(path);
	/* Not even a byte was appended so far: make it a string. */
	return mptcp_buffer_add_string(path, "");
}

int mptcp_xdg_cache(struct mptcp_buffer *path)
{
	return home_folder(path, "XDG_CACHE_HOME", "/.cache");
}

int mptcp_xdg_config(struct mptcp_buffer *path)
{
	return home_folder(path, "XDG_CONFIG_HOME", "/.config");
}

int mptcp_xdg_data(struct mptcp_buffer *path)
{
	return home_folder(path, "XDG_DATA_HOME", "/.local/share");
}

int mptcp_xdg_state(struct mptcp_buffer *path)
{
	return home_folder(path, "XDG_STATE_HOME", "/.local/state");
}

int mptcp_xdg_config_dir(unsigned n, struct mptcp_buffer *path)
{
	const char *folders = getenv("XDG_CONFIG_DIRS");

	mptcp_buffer_reset(path);
	if (!folders || !folders[0])
		folders = DEFAULT_CONFIG_DIRS;
	while (*folders) {
		size_t length = strcspn(folders, ":");
		if (folders[0] == '/' && n-- == 0) {
			mptcp_buffer_add(path, folders, length);
			return mptcp_buffer_add_string(path, SUBFOLDER);
		}
		folders += length;
		if (*folders == ':')
			folders++;
	}
	return -1;
}

static int make_one(const char *path)
{
	struct stat status;

	if (mkdir(path, 0700) == 0)
		return 0;
	if (errno != EEXIST)
		return -1;
	if (stat(path, &status))
		return -1;
	if (S_ISDIR(status.st_mode))
		return 0;
	errno = ENOTDIR;
	return -1;
}

int mptcp_xdg_make(const char *path)
{
	/* From the far end: usually only the last folder is missing, and parents may not be ours to
	 * look at. */
	if (make_one(path) == 0)
		return 0;
	if (errno != ENOENT)
		return -1;
	const char *slash = strrchr(path, '/');
	if (!slash || slash == path) {
		errno = ENOENT;
		return -1;
	}
	char *parent = strndup(path, (size_t)(slash - path));
	if (!parent)
		return -1;
	int made = mptcp_xdg_make(parent);
	free(parent);
	return made ? -1 : make_one(path);
}
