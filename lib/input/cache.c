/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This file is about one entry at a time, cache_items.c about all of them. */
#include "cache.h"

#include "cache_parts.h"
#include "replacement.h"
#include "xdg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* The signature is that of https://bford.info/cachedir/: backup programs look for it. */
static const char tag[] = "Signature: 8a477f597d28d172789f06886806bc55\n"
			  "# This folder is the cache of mptcp-export(1); see mptcp-cache(1).\n";

/* ---- the folder ---- */

char *mptcp_cache_join(const char *folder, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

/* Makes entries/ and CACHEDIR.TAG. */
static int make_folders(const char *folder, struct mptcp_error *error)
{
	char *entries = mptcp_cache_join(folder, MPTCP_CACHE_ENTRIES);
	char *tag_path = mptcp_cache_join(folder, "CACHEDIR.TAG");
	int result = -1;

	if (!entries || !tag_path) {
		mptcp_error_memory(error);
	} else if (mptcp_xdg_make(entries)) {
		mptcp_error_system(error, MPTCP_IO, "%s: cannot create the cache", folder);
	} else {
		int fd = open(tag_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0 && errno == EEXIST)
			result = 0;
		else if (fd >= 0 && write(fd, tag, sizeof(tag) - 1) == (ssize_t)sizeof(tag) - 1)
			result = 0;
		else
			mptcp_error_system(error, MPTCP_IO, "%s: cannot write", tag_path);
		if (fd >= 0)
			close(fd);
	}
	free(entries);
	free(tag_path);
	return result;
}

int mptcp_cache_look(struct mptcp_cache *cache, const char *folder, uint64_t limit,
	struct mptcp_error *error)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;

	*cache = (struct mptcp_cache){.limit = limit ? limit : MPTCP_CACHE_DEFAULT_SIZE};
	if (folder ? mptcp_buffer_add_string(&path, folder) : mptcp_xdg_cache(&path)) {
		mptcp_buffer_clear(&path);
		return mptcp_error_memory(error);
	}
	if (!path.length) {
		mptcp_buffer_clear(&path);
		return mptcp_error_set(error, MPTCP_IO,
			"no folder for the cache: neither XDG_CACHE_HOME nor HOME is absolute");
	}
	cache->folder = mptcp_buffer_take(&path);
	return 0;
}

int mptcp_cache_open(struct mptcp_cache *cache, const char *folder, uint64_t limit,
	struct mptcp_error *error)
{
	if (mptcp_cache_look(cache, folder, limit, error))
		return -1;
	bool distrusted = mptcp_cache_trust(cache->folder, error) != 0;
	if (distrusted || make_folders(cache->folder, error)) {
		mptcp_cache_close(cache);
		cache->distrusted = distrusted;
		return -1;
	}
	return 0;
}

void mptcp_cache_close(struct mptcp_cache *cache)
{
	free(cache->folder);
	*cache = (struct mptcp_cache){0};
}

/* ---- paths ---- */

int mptcp_cache_path(const struct mptcp_cache *cache, const char *key, struct mptcp_buffer *path,
	struct mptcp_error *error)
{
	char hash[MPTCP_CACHE_HASH_LENGTH];

	mptcp_cache_hash(key, strlen(key), hash);
	mptcp_buffer_reset(path);
	mptcp_buffer_format(path, "%s/" MPTCP_CACHE_ENTRIES "/%.2s/%.*s", cache->folder, hash,
		(int)sizeof(hash), hash);
	return path->failed ? mptcp_error_memory(error) : 0;
}

/* entries/HH/tmp-PID-RANDOM-HASH. The PID is for people; the lock of the hash says whether it is in
 * use. Other machines may have the same PID, and see no lock of ours. */
static char *temporary_path(const char *path)
{
	char *temporary;
	const char *hash = mptcp_cache_hash_of(path);
	uint64_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random) ||
		asprintf(&temporary, "%.*s" MPTCP_CACHE_TEMPORARY "%ld-%016jx-%s",
			(int)(hash - path), path, (long)getpid(), (uintmax_t)random, hash) < 0)
		return NULL;
	return temporary;
}

int mptcp_cache_find(const struct mptcp_cache *cache, const char *key, struct mptcp_error *error)
{
	/* Only the mtime, and a failure does not matter: the entry is still good. */
	const struct timespec now[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_nsec = UTIME_NOW}};
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	int fd = -1, cause = ENOMEM;

	if (mptcp_cache_path(cache, key, &path, error) == 0) {
		fd = mptcp_cache_open_entry(path.bytes, error);
		cause = errno;
		if (fd >= 0)
			futimens(fd, now);
	}
	mptcp_buffer_clear(&path);
	errno = cause;
	return fd;
}

void mptcp_cache_discard(const struct mptcp_cache *cache, const char *key)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	struct mptcp_error ignored;

	if (mptcp_cache_path(cache, key, &path, &ignored) == 0)
		unlink(path.bytes);
	mptcp_buffer_clear(&path);
}

/* ---- making an entry ---- */

int mptcp_cache_lock(const struct mptcp_cache *cache, const char *key,
	struct mptcp_cache_entry *entry, bool *waited, struct mptcp_error *error)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	char *name = mptcp_cache_join(cache->folder, "lock");

	*entry = (struct mptcp_cache_entry){.fd = -1, .lock = -1};
	*waited = false;
	if (!name) {
		mptcp_error_memory(error);
	} else if (mptcp_cache_path(cache, key, &path, error) == 0) {
		entry->path = mptcp_buffer_take(&path);
		entry->lock =
			open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
		if (entry->lock >= 0 &&
			mptcp_cache_take_lock(cache, entry->lock, mptcp_cache_hash_of(entry->path),
				waited) == 0) {
			free(name);
			return 0;
		}
		if (entry->lock >= 0 && errno == ETIMEDOUT)
			mptcp_error_set(error, MPTCP_IO,
				"the process that makes the entry does not go on");
		else
			mptcp_error_system(error, MPTCP_IO, "%s: cannot lock", name);
	}
	mptcp_buffer_clear(&path);
	free(name);
	mptcp_cache_abandon(entry);
	return -1;
}

/* A file with a name, for a file system without O_TMPFILE. */
static int create_named(struct mptcp_cache_entry *entry)
{
	entry->temporary = temporary_path(entry->path);
	if (!entry->temporary)
		return -1;
	entry->fd = open(entry->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return entry->fd < 0 ? -1 : 0;
}

int mptcp_cache_create(const struct mptcp_cache *cache, struct mptcp_cache_entry *entry,
	struct mptcp_error *error)
{
	char *folder = mptcp_cache_folder_of(entry->path);

	if (!folder)
		return mptcp_error_memory(error);
	int result = mkdir(folder, 0700) && errno != EEXIST ? -1 : 0;
	if (result == 0) {
		entry->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
		/* EISDIR: a kernel that does not know the flag at all. */
		if (entry->fd < 0)
			result = errno == EOPNOTSUPP || errno == EISDIR ? create_named(entry) : -1;
	}
	free(folder);
	if (result)
		mptcp_error_system(error, MPTCP_IO, "%s: cannot create an entry", cache->folder);
	return result;
}

static int publish(struct mptcp_cache_entry *entry)
{
	if (!entry->temporary) {
		if (mptcp_replacement_link(entry->fd, entry->path) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
		/* Only rename replaces a file, and only a file with a name can be renamed. */
		entry->temporary = temporary_path(entry->path);
		if (!entry->temporary)
			return -1;
		if (mptcp_replacement_link(entry->fd, entry->temporary))
			return -1;
	} else if (fdatasync(entry->fd)) {
		/* Without it, other machines could see the name before the bytes. */
		return -1;
	}
	if (rename(entry->temporary, entry->path))
		return -1;
	free(entry->temporary);
	entry->temporary = NULL;
	return 0;
}

void mptcp_cache_abandon(struct mptcp_cache_entry *entry)
{
	if (entry->temporary)
		unlink(entry->temporary);
	if (entry->fd >= 0)
		close(entry->fd);
	if (entry->lock >= 0)
		close(entry->lock);
	free(entry->temporary);
	free(entry->path);
	*entry = (struct mptcp_cache_entry){.fd = -1, .lock = -1};
}

int mptcp_cache_commit(const struct mptcp_cache *cache, struct mptcp_cache_entry *entry,
	struct mptcp_error *error)
{
	struct stat status;
	int result = -1;

	if (fstat(entry->fd, &status))
		mptcp_error_system(error, MPTCP_IO, "%s", entry->path);
	else if ((uint64_t)status.st_size > cache->limit)
		mptcp_error_set(error, MPTCP_IO,
			"%s: %jd bytes exceed the limit of the cache (%ju)", cache->folder,
			(intmax_t)status.st_size, (uintmax_t)cache->limit);
	else if (publish(entry))
		mptcp_error_system(error, MPTCP_IO, "%s: cannot name the entry", entry->path);
	else
		result = 0;
	char *path = entry->path;
	entry->path = NULL;
	/* Processes that wait for the entry need not wait for the eviction. */
	mptcp_cache_abandon(entry);
	if (result == 0)
		result = mptcp_cache_evict(cache, path, error);
	free(path);
	return result;
}
