/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40     /* symbolic links in a row, as the kernel has it */
#define NAMES_MAX 100    /* temporary names to try */
#define OWN_NAME_MAX 200 /* bytes of NAME in ".NAME.XXXXXX": a name has 255 at most */

static size_t folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* What a symbolic link's text means where the link is. */
static char *join(const char *link, const char *text)
{
	size_t folder = *text == '/' ? 0 : folder_length(link);
	char *path = malloc(folder + strlen(text) + 1);

	if (path) {
		memcpy(path, link, folder);
		strcpy(path + folder, text);
	}
	return path;
}

/* The path behind all symbolic links in its last part; the file need not exist. */
static char *follow_links(const char *path)
{
	char text[PATH_MAX];
	char *at = strdup(path);

	for (int i = 0; at && i < LINKS_MAX; i++) {
		ssize_t length = readlink(at, text, sizeof(text) - 1);
		if (length < 0)
			return at;
		text[length] = '\0';
		char *next = join(at, text);
		free(at);
		at = next;
	}
	free(at);
	return NULL;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether the file that `path` leads to can be replaced under the name `target`. Links of /proc
 * lead to files whose names may be gone, and /dev/stdout to what others go on writing to. */
static bool can_replace(const char *path, const char *target, struct stat *old, bool *exists)
{
	struct stat there, standard;

	*exists = !stat(path, old);
	if (!*exists)
		return errno == ENOENT && *target && target[strlen(target) - 1] != '/' &&
			stat(target, &there) && errno == ENOENT;
	return S_ISREG(old->st_mode) && !stat(target, &there) && is_same(old, &there) &&
		(fstat(STDOUT_FILENO, &standard) || !is_same(old, &standard));
}

static char *temporary_name(const char *path, unsigned number)
{
	size_t folder = folder_length(path), room = folder + OWN_NAME_MAX + 16;
	char *name = malloc(room);

	if (name)
		snprintf(name, room, "%.*s.%.*s.%06x", (int)folder, path, OWN_NAME_MAX,
			path + folder, number & 0xffffff);
	return name;
}

/* Makes the file under a name of its own, or gives it one. */
static int take_name(struct mptcp_replacement *replacement)
{
	unsigned number = (unsigned)getpid();

	for (int i = 0; i < NAMES_MAX; i++) {
		char *name = temporary_name(replacement->path, number++);
		if (!name)
			return -1;
		int result;
		if (replacement->fd >= 0)
			result = mptcp_replacement_link(replacement->fd, name);
		else
			result = replacement->fd =
				open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (result >= 0) {
			replacement->temporary = name;
			return 0;
		}
		free(name);
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

/* A file without a name gets one through /proc. */
static int open_unnamed(const char *path)
{
	char *folder = strndup(path, folder_length(path));

	if (!folder)
		return -1;
	int fd = access("/proc/self/fd", X_OK)
		? -1
		: open(*folder ? folder : ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	free(folder);
	return fd;
}

/* The old file's mode, and its owner; without the privilege to give a file away it stays ours. */
static int keep_mode(int fd, const struct stat *old)
{
	struct stat own;

	if (fstat(fd, &own))
		return -1;
	if (own.st_uid != old->st_uid || own.st_gid != old->st_gid)
		(void)!fchown(fd, old->st_uid, old->st_gid);
	return fchmod(fd, old->st_mode & 0777);
}

/* A file that must not be written is not replaced either. */
static int check_writable(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

int mptcp_replacement_open(struct mptcp_replacement *replacement, const char *path)
{
	struct stat old;
	bool exists;

	*replacement = (struct mptcp_replacement){.fd = -1};
	char *target = follow_links(path);
	if (!target || !can_replace(path, target, &old, &exists)) {
		free(target); /* NULL: opening it says why */
		return 0;
	}
	replacement->path = target;
	if (!exists || !check_writable(target)) {
		replacement->fd = open_unnamed(target);
		if ((replacement->fd >= 0 || !take_name(replacement)) &&
			(!exists || !keep_mode(replacement->fd, &old)))
			return 0;
	}
	int cause = errno;
	mptcp_replacement_close(replacement);
	errno = cause;
	return -1;
}

int mptcp_replacement_link(int fd, const char *name)
{
	char self[32];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0)
		return 0;
	/* Without /proc it takes a privilege, so this comes second. */
	return errno == ENOENT ? linkat(fd, "", AT_FDCWD, name, AT_EMPTY_PATH) : -1;
}

/* Only rename replaces a file, and only a file with a name can be renamed. */
static int put_in_place(struct mptcp_replacement *replacement)
{
	if (!replacement->temporary) {
		if (!mptcp_replacement_link(replacement->fd, replacement->path))
			return 0;
		if (errno != EEXIST || take_name(replacement))
			return -1;
	}
	/* A network file system, which is one without O_TMPFILE, may tell only here that there was
	 * no room. After EINTR Linux has closed the file all the same. */
	int fd = replacement->fd;
	replacement->fd = -1;
	if ((close(fd) && errno != EINTR) || rename(replacement->temporary, replacement->path))
		return -1;
	free(replacement->temporary);
	replacement->temporary = NULL;
	return 0;
}

int mptcp_replacement_commit(struct mptcp_replacement *replacement)
{
	int result = put_in_place(replacement), cause = errno;

	mptcp_replacement_close(replacement);
	errno = cause;
	return result;
}

void mptcp_replacement_close(struct mptcp_replacement *replacement)
{
	if (replacement->temporary)
		unlink(replacement->temporary);
	if (replacement->path && replacement->fd >= 0)
		close(replacement->fd);
	free(replacement->temporary);
	free(replacement->path);
	*replacement = (struct mptcp_replacement){.fd = -1};
}
