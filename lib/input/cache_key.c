/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cache_key: what an entry is the result of, in words that are the same on every machine; see
 * cache.h.
 */
#include "cache.h"
#include "cache_parts.h"
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 4096
/* How long a program may take to say its version. */
#define PATIENCE_MS 10000
#define VERSION_LENGTH 256

void mptcp_cache_hash(const void *bytes, size_t length, char hash[MPTCP_CACHE_HASH_LENGTH])
{
	struct sha256_ctx context;
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_init(&context);
	sha256_update(&context, length, bytes);
	sha256_digest(&context, sizeof(digest), digest);
	base16_encode_update(hash, sizeof(digest), digest);
}

/* A key is lines of text, whatever a capture is called. */
static void add_escaped(struct mptcp_buffer *key, const char *path)
{
	for (; *path; path++)
		if ((unsigned char)*path < 0x20 || *path == 0x7f || *path == '\\')
			mptcp_buffer_format(key, "\\%03o", (unsigned char)*path);
		else
			mptcp_buffer_add_char(key, *path);
}

static intmax_t nanoseconds(struct timespec time)
{
	return (intmax_t)(time.tv_sec * MPTCP_SECOND + time.tv_nsec);
}

/* The hash of the first and the last block of a file. 0, or -1 with errno. */
static int hash_ends(const char *path, off_t size, char hash[MPTCP_CACHE_HASH_LENGTH])
{
	char ends[2 * BLOCK];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -1;
	ssize_t first = pread(fd, ends, BLOCK, 0);
	/* of a short file, what is left */
	off_t from = size - BLOCK > first ? size - BLOCK : first;
	ssize_t last = first < 0 ? -1 : pread(fd, ends + first, BLOCK, from);
	int cause = errno;
	close(fd);
	errno = cause;
	if (last < 0)
		return -1;
	mptcp_cache_hash(ends, (size_t)(first + last), hash);
	return 0;
}

int mptcp_cache_key_file(struct mptcp_buffer *key, const char *label, const char *path,
	struct mptcp_error *error)
{
	struct stat status;
	char hash[MPTCP_CACHE_HASH_LENGTH];
	char *resolved = realpath(path, NULL);
	bool found = resolved && stat(resolved, &status) == 0;

	if (found && !S_ISREG(status.st_mode)) {
		free(resolved);
		return mptcp_error_set(error, MPTCP_IO, "%s: not a regular file", path);
	}
	if (!found || hash_ends(resolved, status.st_size, hash)) {
		mptcp_error_system(error, MPTCP_IO, "%s", path);
		free(resolved);
		return -1;
	}
	mptcp_buffer_format(key, "%s ", label);
	add_escaped(key, resolved);
	free(resolved);
	mptcp_buffer_format(key, " %jd %jd %jd %.*s\n", (intmax_t)status.st_size,
		nanoseconds(status.st_mtim), nanoseconds(status.st_ctim), (int)sizeof(hash), hash);
	return key->failed ? mptcp_error_memory(error) : 0;
}

/* FOLDER/LABEL-HASH, of what identifies a program here. The caller frees it; NULL: there is none.
 */
static char *memory_path(const struct mptcp_cache *cache, const char *label, const char *path)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct stat status;
	char hash[MPTCP_CACHE_HASH_LENGTH];

	if (stat(path, &status))
		return NULL;
	mptcp_buffer_format(&text, "%s %ju %ju %jd %jd %jd", path, (uintmax_t)status.st_dev,
		(uintmax_t)status.st_ino, (intmax_t)status.st_size, nanoseconds(status.st_mtim),
		nanoseconds(status.st_ctim));
	mptcp_cache_hash(text.bytes, text.length, hash);
	mptcp_buffer_reset(&text);
	mptcp_buffer_format(&text, "%s/%s-%.*s", cache->folder, label, (int)sizeof(hash), hash);
	if (!text.failed)
		return mptcp_buffer_take(&text);
	mptcp_buffer_clear(&text);
	return NULL;
}

/* Reads a line, without its end: its length, 0 for none, or one that is too long or does not come.
 */
static size_t read_line(int fd, char line[VERSION_LENGTH])
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	const char *end;
	size_t length = 0;

	while (length < VERSION_LENGTH && poll(&wait, 1, PATIENCE_MS) > 0) {
		ssize_t got = read(fd, line + length, VERSION_LENGTH - length);
		if (got <= 0)
			break;
		length += (size_t)got;
		end = memchr(line, '\n', length);
		if (end)
			return (size_t)(end - line);
	}
	return 0;
}

/* The first line of what the program prints with --version; false where that is not one of text. */
static bool ask(const char *path, char version[VERSION_LENGTH])
{
	const char *argv[] = {path, "--version", NULL};
	const struct mptcp_process_options options = {.in = -1,
		.out = MPTCP_PROCESS_PIPE,
		.unprivileged = true};
	struct mptcp_process process = MPTCP_PROCESS_NONE;
	struct mptcp_error ignored;

	if (mptcp_process_start(&process, argv, &options, &ignored))
		return false;
	size_t length = read_line(process.out, version);
	mptcp_process_clear(&process);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)version[i] < 0x20 || version[i] == 0x7f)
			return false;
	version[length] = '\0';
	return length > 0;
}

int mptcp_cache_key_program(const struct mptcp_cache *cache, struct mptcp_buffer *key,
	const char *label, const char *path, struct mptcp_error *error)
{
	char version[VERSION_LENGTH];
	char *memory = memory_path(cache, label, path);
	ssize_t length = memory ? readlink(memory, version, sizeof(version)) : -1;
	int result = 0;

	if (length > 0 && length < VERSION_LENGTH) {
		mptcp_buffer_format(key, "%s %.*s\n", label, (int)length, version);
	} else if (ask(path, version)) {
		mptcp_buffer_format(key, "%s %s\n", label, version);
		/* A link is there or not, on every file system; without it the next one asks. */
		int ignored = memory ? symlink(version, memory) : 0;
		(void)ignored;
	} else {
		result = mptcp_cache_key_file(key, label, path, error);
	}
	free(memory);
	return result || !key->failed ? result : mptcp_error_memory(error);
}
