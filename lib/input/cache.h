/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cache: the folder of finished exports, $XDG_CACHE_HOME/mptcp.
 *
 * An entry is one file, entries/HH/HASH, named by the SHA-256 of its key (HH: its first two
 * digits). The key is a text that holds everything the result depends on; the entry repeats it
 * (store.h) and a hit compares it whole. A new entry is written to a file without a name
 * (O_TMPFILE; where the file system has none, to entries/HH/tmp-PID-RANDOM-HASH) and gets its name
 * when it is complete, so that a process that dies, however it dies, leaves nothing that could be
 * taken for a result. Making an entry holds a lock on one byte of the file `lock`, so that of two
 * processes that want the same entry one works and the other waits for its result, as long as that
 * grows; the lock goes with its process. On a hit the entry's mtime becomes now: eviction takes the
 * least recently used first when the sum of sizes passes the limit. The folder has a CACHEDIR.TAG.
 *
 * Machines can share the folder over a network file system: nothing in a key is true of one of them
 * only. Locks save work and nothing else. Where there are none, or none that another machine sees,
 * two processes may make one entry, each in a file of its own, and the last to be complete stays.
 *
 * Nothing is believed that others can write, and nothing is followed: a folder of another user or
 * that a group can write is no cache, and an entry that is not a regular file of this user is none.
 * Nothing is created in a folder of another user, as root with that user's HOME.
 *
 * No failure here may fail a tool: functions return -1 and say why in `error` (MPTCP_IO), and
 * callers go on without a cache. Other processes may add and delete entries at any time.
 */
#ifndef MPTCP_CACHE_H
#define MPTCP_CACHE_H

#include "buffer.h"
#include "error.h"
#include "log.h"
#include "units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPTCP_CACHE_DEFAULT_SIZE (UINT64_C(4) << 30) /* bytes */
#define MPTCP_CACHE_PROGRAM "tshark"                 /* of which the cache remembers the version */
#define MPTCP_CACHE_PATIENCE (5 * MPTCP_SECOND)

struct mptcp_cache {
	char *folder;
	uint64_t limit; /* bytes */
	/* the user hears of waiting; NULL: nobody does. Set by the caller, borrowed */
	const struct mptcp_log *log;
	const char *name; /* of what is waited for */
	bool distrusted;  /* opening failed because others can write there, or it is theirs */
};

/*
 * Opens the folder (`folder` NULL: the XDG one), creating it with its CACHEDIR.TAG. `limit` 0: the
 * default. A folder that can only be read opens where it is complete: it gives hits, and locking
 * fails.
 */
int mptcp_cache_open(struct mptcp_cache *cache, const char *folder, uint64_t limit,
	struct mptcp_error *error);
/* The same without creating anything, to look and clean: a folder that is not there has no entry.
 */
int mptcp_cache_look(struct mptcp_cache *cache, const char *folder, uint64_t limit,
	struct mptcp_error *error);
void mptcp_cache_close(struct mptcp_cache *cache);

/*
 * Appends to `key` the line "LABEL PATH SIZE MTIME CTIME HASH", for the regular file `path`: PATH
 * is resolved, with control characters and backslash written as \ooo, times in nanoseconds, HASH
 * is the SHA-256 of its first and last block. The same file touched, replaced or changed gives
 * another line; it is the same line on every machine that has the file at this path.
 */
int mptcp_cache_key_file(struct mptcp_buffer *key, const char *label, const char *path,
	struct mptcp_error *error);
/*
 * Appends to `key` the line "LABEL VERSION", where VERSION is the first line that the program
 * `path` prints with --version; without one, that of mptcp_cache_key_file. The cache remembers the
 * version: the symbolic link FOLDER/LABEL-HASH, by what identifies the program on this machine.
 */
int mptcp_cache_key_program(const struct mptcp_cache *cache, struct mptcp_buffer *key,
	const char *label, const char *path, struct mptcp_error *error);
/* The path of the entry of a key, whether it exists or not, in place of what is in `path`. */
int mptcp_cache_path(const struct mptcp_cache *cache, const char *key, struct mptcp_buffer *path,
	struct mptcp_error *error);
/*
 * Opens the entry for reading and marks it used: its descriptor, or -1 with errno ENOENT when there
 * is none (error is filled for all else).
 */
int mptcp_cache_find(const struct mptcp_cache *cache, const char *key, struct mptcp_error *error);

/* The same for any path of an entry. */
int mptcp_cache_open_entry(const char *path, struct mptcp_error *error);
/* Removes the entry of a key, which turned out to be damaged. */
void mptcp_cache_discard(const struct mptcp_cache *cache, const char *key);

/* An entry being made. Everything in it belongs to it; commit and abandon release it. */
struct mptcp_cache_entry {
	int fd; /* write here; -1 before create */
	int lock;
	char *path;
	char *temporary; /* its name meanwhile, NULL with O_TMPFILE */
};

/*
 * Takes the lock of the key (waits for another process that makes the same entry; `waited` says
 * so). After waiting a caller looks with mptcp_cache_find again first. -1: nothing is held, as
 * where the entry of the other process has not grown for MPTCP_CACHE_PATIENCE. A file system
 * without locks is no failure: others may make the same entry at the same time.
 */
int mptcp_cache_lock(const struct mptcp_cache *cache, const char *key,
	struct mptcp_cache_entry *entry, bool *waited, struct mptcp_error *error);
/* Tells those that wait for the entry that it grows. */
void mptcp_cache_progress(const struct mptcp_cache_entry *entry);
/* Opens the file to write. -1: the lock is still held, for the caller to abandon. */
int mptcp_cache_create(const struct mptcp_cache *cache, struct mptcp_cache_entry *entry,
	struct mptcp_error *error);
/*
 * Gives the file its name, closes it and releases the lock; then evicts down to the limit (never
 * the new entry). -1: the entry was larger than the limit or could not get its name, and is gone;
 * or old entries could not be evicted.
 */
int mptcp_cache_commit(const struct mptcp_cache *cache, struct mptcp_cache_entry *entry,
	struct mptcp_error *error);
/* Discards an unfinished entry and releases the lock. Safe after a failed lock or commit. */
void mptcp_cache_abandon(struct mptcp_cache_entry *entry);

/* An entry as it is listed. */
struct mptcp_cache_item {
	char *path;
	uint64_t size;
	int64_t used; /* nanoseconds since the epoch */
};
/*
 * All entries, most recently used first; *items is the caller's to release with
 * mptcp_cache_items_free.
 */
int mptcp_cache_list(const struct mptcp_cache *cache, struct mptcp_cache_item **items,
	size_t *count, struct mptcp_error *error);
void mptcp_cache_items_free(struct mptcp_cache_item *items, size_t count);
/*
 * Removes every entry, and the temporary files that dead processes left (their lock is free);
 * returns in *removed how many and in *bytes how much. What is remembered of programs goes, too,
 * and is not counted.
 */
int mptcp_cache_clean(const struct mptcp_cache *cache, uint64_t *removed, uint64_t *bytes,
	struct mptcp_error *error);

#endif
