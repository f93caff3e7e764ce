/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cache_parts: what cache.c (one entry), cache_items.c (all of them), cache_key.c (what they are
 * of), cache_lock.c (who makes one) and cache_trust.c (whose they are) know of each other. */
#ifndef MPTCP_CACHE_PARTS_H
#define MPTCP_CACHE_PARTS_H

#include "cache.h"

#include <stdint.h>
#include <string.h>

#define MPTCP_CACHE_ENTRIES "entries"
#define MPTCP_CACHE_HASH_LENGTH 64   /* hexadecimal digits of a SHA-256 */
#define MPTCP_CACHE_TEMPORARY "tmp-" /* tmp-PID-RANDOM-HASH */

/* The hash at the end of the path of an entry or of its temporary file. */
static inline const char *mptcp_cache_hash_of(const char *path)
{
	return path + strlen(path) - MPTCP_CACHE_HASH_LENGTH;
}

/* The folder HH of an entry, the caller's to free; NULL when memory ran out. */
static inline char *mptcp_cache_folder_of(const char *path)
{
	return strndup(path, (size_t)(mptcp_cache_hash_of(path) - path - 1));
}

/* "FOLDER/NAME", the caller's to free; NULL when memory ran out. */
char *mptcp_cache_join(const char *folder, const char *name);
/* The SHA-256 of bytes, in hexadecimal digits and without a zero at the end. */
void mptcp_cache_hash(const void *bytes, size_t length, char hash[MPTCP_CACHE_HASH_LENGTH]);
/* Whether a living process holds the lock of a hash. */
bool mptcp_cache_is_locked(const struct mptcp_cache *cache, const char *hash);
/* Takes the lock of a hash on the file `lock`. 0, also where there are no locks; -1 with errno,
 * ETIMEDOUT where its holder does not go on. */
int mptcp_cache_take_lock(const struct mptcp_cache *cache, int lock, const char *hash,
	bool *waited);
/* Whether a folder, or the nearest one above that there is, may be a cache, or have one. 0, or -1
 * with the reason. */
int mptcp_cache_trust(const char *folder, struct mptcp_error *error);
/* Removes the least recently used entries but `keep` until the rest fits, and dead temporary files.
 */
int mptcp_cache_evict(const struct mptcp_cache *cache, const char *keep, struct mptcp_error *error);

#endif
