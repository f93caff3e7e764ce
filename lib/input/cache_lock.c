/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cache_lock: of processes that want one entry, one makes it and the others wait; see cache.h.
 *
 * A lock is one byte of the file `lock`, of 2^60. Its holder writes now and then the time into one
 * of the SLOTS at the beginning of that file, so that others see it go on: it may be stopped, or
 * its output may be a pager that nobody reads.
 */
#include "cache.h"
#include "cache_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The first 15 digits, 60 bits, so that the byte to lock is a positive off_t. */
#define LOCK_DIGITS 15
#define SLOTS 4096
#define PAUSE (MPTCP_SECOND / 50)

static off_t number_of(const char *hash)
{
	char digits[LOCK_DIGITS + 1] = "";

	memcpy(digits, hash, LOCK_DIGITS);
	return (off_t)strtoll(digits, NULL, 16);
}

static struct flock lock_of(const char *hash)
{
	return (struct flock){.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = number_of(hash),
		.l_len = 1};
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * MPTCP_SECOND + time.tv_nsec;
}

static off_t slot_of(const char *hash)
{
	return number_of(hash) % SLOTS * (off_t)sizeof(int64_t);
}

void mptcp_cache_progress(const struct mptcp_cache_entry *entry)
{
	int64_t time = now();
	ssize_t ignored =
		pwrite(entry->lock, &time, sizeof(time), slot_of(mptcp_cache_hash_of(entry->path)));

	(void)ignored; /* others wait less long */
}

bool mptcp_cache_is_locked(const struct mptcp_cache *cache, const char *hash)
{
	struct flock lock = lock_of(hash);
	char *name = mptcp_cache_join(cache->folder, "lock");
	int fd = name ? open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
	/* Without a lock file nobody can hold a lock; whatever else goes wrong, rather keep a file.
	 */
	bool locked = fd >= 0 || !name || errno != ENOENT;

	if (fd >= 0) {
		if (fcntl(fd, F_OFD_GETLK, &lock) == 0)
			locked = lock.l_type != F_UNLCK;
		close(fd);
	}
	free(name);
	return locked;
}

/* Waits a moment; false when its holder has not gone on for too long. `last`: when it did. */
static bool is_going_on(int lock, const char *hash, int64_t *written, int64_t *last)
{
	const struct timespec pause = {.tv_nsec = PAUSE};
	int64_t time = 0;

	nanosleep(&pause, NULL);
	if (pread(lock, &time, sizeof(time), slot_of(hash)) == sizeof(time) && time != *written) {
		*written = time;
		*last = now();
	}
	return now() - *last < MPTCP_CACHE_PATIENCE;
}

static bool is_held(int cause)
{
	return cause == EAGAIN || cause == EACCES;
}

/* A network file system whose lock service is missing, or a file system that never had one. */
static bool has_no_locks(int cause)
{
	return cause == ENOLCK || cause == ENOSYS || cause == EOPNOTSUPP || cause == EIO;
}

int mptcp_cache_take_lock(const struct mptcp_cache *cache, int lock, const char *hash, bool *waited)
{
	int64_t begin = now(), last = begin, written = 0;
	struct flock range = lock_of(hash);
	bool said = !cache->log;

	for (*waited = false;; *waited = true) {
		if (fcntl(lock, F_OFD_SETLK, &range) == 0)
			return 0;
		if (!is_held(errno))
			return has_no_locks(errno) ? 0 : -1;
		if (!is_going_on(lock, hash, &written, &last)) {
			errno = ETIMEDOUT;
			return -1;
		}
		if (!said && now() - begin > MPTCP_SECOND) {
			mptcp_log_say(cache->log, MPTCP_LOG_WARNING,
				"%s: waiting for another process that exports it", cache->name);
			said = true;
		}
	}
}
