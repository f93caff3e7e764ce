/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cache_items: all entries of the cache at once: list, evict, clean; see cache.h.
 *
 * Nothing is locked here. Another process may delete any file between two steps: a file that is no
 * longer there is as good as one that was removed.
 */
#include "array.h"
#include "bytes.h"
#include "cache.h"
#include "cache_parts.h"
#include "units.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SURELY_SEEN_AFTER (3600 * MPTCP_SECOND)
#define ABANDONED_AFTER (24 * 3600 * MPTCP_SECOND)

struct list {
	struct mptcp_cache_item *items;
	size_t count, capacity;
};

/* Whether a file of this name is one that a walk looks for. */
typedef bool wanted(const struct mptcp_cache *cache, const char *name);

static bool is_hexadecimal(const char *name, size_t length)
{
	return strlen(name) == length && strspn(name, MPTCP_HEX_DIGITS) == length;
}

static bool is_entry(const struct mptcp_cache *cache, const char *name)
{
	(void)cache;
	return is_hexadecimal(name, MPTCP_CACHE_HASH_LENGTH);
}

static bool is_temporary(const struct mptcp_cache *cache, const char *name)
{
	(void)cache;
	return strncmp(name, MPTCP_CACHE_TEMPORARY, strlen(MPTCP_CACHE_TEMPORARY)) == 0 &&
		is_hexadecimal(strrchr(name, '-') + 1, MPTCP_CACHE_HASH_LENGTH);
}

/* What is remembered of a program. */
static bool is_memory(const struct mptcp_cache *cache, const char *name)
{
	(void)cache;
	return strncmp(name, MPTCP_CACHE_PROGRAM "-", strlen(MPTCP_CACHE_PROGRAM "-")) == 0 &&
		is_hexadecimal(name + strlen(MPTCP_CACHE_PROGRAM "-"), MPTCP_CACHE_HASH_LENGTH);
}

/*
 * Whether a temporary file, not written to for `patience`, was left by a dead process: a living one
 * would hold the lock of its hash. Where nobody can tell, what did not grow for long is dead.
 */
static bool is_dead(const struct mptcp_cache *cache, const struct mptcp_cache_item *item,
	int64_t patience)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	int64_t age = time.tv_sec * MPTCP_SECOND + time.tv_nsec - item->used;
	return age > ABANDONED_AFTER ||
		(age >= patience && !mptcp_cache_is_locked(cache, mptcp_cache_hash_of(item->path)));
}

static int add_item(struct list *list, const char *folder, const char *name,
	struct mptcp_error *error)
{
	struct stat status;

	struct mptcp_cache_item *items =
		mptcp_array_reserve(list->items, list->count, &list->capacity, sizeof(*items));
	if (!items)
		return mptcp_error_memory(error);
	list->items = items;
	char *path = mptcp_cache_join(folder, name);
	if (!path)
		return mptcp_error_memory(error);
	if (lstat(path, &status)) {
		int result = errno == ENOENT ? 0 : mptcp_error_system(error, MPTCP_IO, "%s", path);
		free(path);
		return result;
	}
	list->items[list->count++] = (struct mptcp_cache_item){
		.path = path,
		.size = (uint64_t)status.st_size,
		.used = status.st_mtim.tv_sec * MPTCP_SECOND + status.st_mtim.tv_nsec,
	};
	return 0;
}

static int walk_folder(const struct mptcp_cache *cache, const char *folder, wanted *is_wanted,
	struct list *list, struct mptcp_error *error)
{
	DIR *stream = opendir(folder);
	const struct dirent *file;
	int result = 0;

	if (!stream)
		return errno == ENOENT ? 0 : mptcp_error_system(error, MPTCP_IO, "%s", folder);
	while (result == 0 && (errno = 0, file = readdir(stream)))
		if (is_wanted(cache, file->d_name))
			result = add_item(list, folder, file->d_name, error);
	if (result == 0 && errno)
		result = mptcp_error_system(error, MPTCP_IO, "%s", folder);
	closedir(stream);
	return result;
}

/* Adds all files of one kind to the list. */
static int walk(const struct mptcp_cache *cache, wanted *is_wanted, struct list *list,
	struct mptcp_error *error)
{
	char *entries = mptcp_cache_join(cache->folder, MPTCP_CACHE_ENTRIES);
	int result = 0;

	if (!entries)
		return mptcp_error_memory(error);
	for (unsigned i = 0; result == 0 && i < 256; i++) {
		const char name[3] = {MPTCP_HEX_DIGITS[i / 16], MPTCP_HEX_DIGITS[i % 16], 0};
		char *folder = mptcp_cache_join(entries, name);
		result = folder ? walk_folder(cache, folder, is_wanted, list, error)
				: mptcp_error_memory(error);
		free(folder);
	}
	free(entries);
	return result;
}

static int compare(const void *a, const void *b)
{
	const struct mptcp_cache_item *left = a, *right = b;

	if (left->used != right->used)
		return left->used < right->used ? 1 : -1;
	return strcmp(left->path, right->path);
}

int mptcp_cache_list(const struct mptcp_cache *cache, struct mptcp_cache_item **items,
	size_t *count, struct mptcp_error *error)
{
	struct list list = {0};

	*items = NULL;
	*count = 0;
	if (walk(cache, is_entry, &list, error)) {
		mptcp_cache_items_free(list.items, list.count);
		return -1;
	}
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare);
	*items = list.items;
	*count = list.count;
	return 0;
}

void mptcp_cache_items_free(struct mptcp_cache_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(items[i].path);
	free(items);
}

struct counted {
	uint64_t files, bytes;
};

/* Removes one file and counts it. The others are tried whatever happens to this one. */
static int remove_item(const struct mptcp_cache_item *item, struct counted *counted,
	struct mptcp_error *error)
{
	if (unlink(item->path) == 0) {
		counted->files++;
		counted->bytes += item->size;
	} else if (errno != ENOENT) {
		return mptcp_error_system(error, MPTCP_IO, "%s", item->path);
	}
	return 0;
}

/* The temporary files of dead processes. */
static int remove_dead(const struct mptcp_cache *cache, int64_t patience, struct counted *counted,
	struct mptcp_error *error)
{
	struct list list = {0};
	int result = walk(cache, is_temporary, &list, error);

	for (size_t i = 0; i < list.count; i++)
		if (is_dead(cache, &list.items[i], patience) &&
			remove_item(&list.items[i], counted, error))
			result = -1;
	mptcp_cache_items_free(list.items, list.count);
	return result;
}

static int remove_list(struct list *list, struct counted *counted, struct mptcp_error *error)
{
	int result = 0;

	for (size_t i = 0; i < list->count; i++)
		if (remove_item(&list->items[i], counted, error))
			result = -1;
	mptcp_cache_items_free(list->items, list->count);
	return result;
}

int mptcp_cache_clean(const struct mptcp_cache *cache, uint64_t *removed, uint64_t *bytes,
	struct mptcp_error *error)
{
	struct counted counted = {0}, others = {0};
	struct list entries = {0}, memory = {0};

	int result = walk(cache, is_entry, &entries, error);
	if (remove_list(&entries, &counted, error) || remove_dead(cache, 0, &counted, error))
		result = -1;
	if (walk_folder(cache, cache->folder, is_memory, &memory, error) ||
		remove_list(&memory, &others, error))
		result = -1;
	*removed = counted.files;
	*bytes = counted.bytes;
	return result;
}

int mptcp_cache_evict(const struct mptcp_cache *cache, const char *keep, struct mptcp_error *error)
{
	struct mptcp_cache_item *items;
	struct counted counted = {0};
	uint64_t sum = 0;
	size_t count;

	/* Other machines may hold locks that are not seen here. */
	int result = remove_dead(cache, SURELY_SEEN_AFTER, &counted, error);
	if (mptcp_cache_list(cache, &items, &count, error))
		return -1;
	for (size_t i = 0; i < count; i++)
		sum += items[i].size;
	for (size_t i = count; i-- > 0 && sum > cache->limit;) {
		if (strcmp(items[i].path, keep) == 0)
			continue;
		if (remove_item(&items[i], &counted, error))
			result = -1;
		else
			sum -= items[i].size;
	}
	mptcp_cache_items_free(items, count);
	return result;
}
