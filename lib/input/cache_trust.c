/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cache_trust: what of the cache's files is this user's, and nobody else's to write; see cache.h.
 */
#include "cache.h"
#include "cache_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *fault_of(const struct stat *status)
{
	if (status->st_uid != geteuid())
		return "belongs to another user";
	return status->st_mode & (S_IWGRP | S_IWOTH) ? "can be written by others" : NULL;
}

/* Nothing may be created in what there is above a cache that is not there yet, if that is somebody
 * else's. */
static int trust_above(const char *path, struct mptcp_error *error)
{
	char *parent = strdup(path), *slash;
	struct stat status;
	int result = 0;

	if (!parent)
		return mptcp_error_memory(error);
	while ((slash = strrchr(parent, '/')) && slash != parent) {
		*slash = '\0';
		if (stat(parent, &status))
			continue;
		if (status.st_uid != geteuid() && status.st_uid)
			result = mptcp_error_set(error, MPTCP_IO, "%s: belongs to another user",
				parent);
		break;
	}
	free(parent);
	return result;
}

static int trust_folder(const char *path, struct mptcp_error *error)
{
	struct stat status;

	if (stat(path, &status))
		return errno == ENOENT ? trust_above(path, error) : 0; /* who uses it says why */
	const char *fault = fault_of(&status);

	return fault ? mptcp_error_set(error, MPTCP_IO, "%s: %s", path, fault) : 0;
}

int mptcp_cache_trust(const char *folder, struct mptcp_error *error)
{
	char *entries = mptcp_cache_join(folder, MPTCP_CACHE_ENTRIES);

	if (!entries)
		return mptcp_error_memory(error);
	int result = trust_folder(folder, error) || trust_folder(entries, error) ? -1 : 0;

	free(entries);
	return result;
}

/* The folder HH of an entry. */
static const char *fault_of_folder(const char *path)
{
	char *folder = mptcp_cache_folder_of(path);
	const char *fault = folder ? NULL : "is not looked at: memory ran out";
	struct stat status;

	if (folder && lstat(folder, &status) == 0)
		fault = S_ISDIR(status.st_mode) ? fault_of(&status) : "is not in a folder";
	free(folder);
	return fault;
}

int mptcp_cache_open_entry(const char *path, struct mptcp_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0) {
		if (errno != ENOENT) {
			int cause = errno;

			mptcp_error_system(error, MPTCP_IO, "%s", path);
			errno = cause;
		}
		return -1;
	}
	const char *fault = fault_of_folder(path);
	if (!fault && (fstat(fd, &status) || !S_ISREG(status.st_mode)))
		fault = "is not a regular file";
	if (!fault)
		fault = fault_of(&status);
	if (!fault)
		return fd;
	close(fd);
	mptcp_error_set(error, MPTCP_IO, "%s: %s", path, fault);
	errno = EPERM;
	return -1;
}
