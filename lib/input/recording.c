/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "recording.h"

#include "process.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MPTCP_ONLY "mptcp-only\n" /* a line of a key */
/* Packets after which those that wait for the entry are told that it grows. */
#define PROGRESS 1024

/* Appends what the export of a file depends on: the cache's key. Whether tshark had the plugin is
 * no part of it: the rows are the same. */
static int add_key(const struct mptcp_cache *cache, struct mptcp_buffer *key, const char *path,
	const struct mptcp_input_options *options, struct mptcp_error *error)
{
	struct mptcp_buffer program = MPTCP_BUFFER_INIT;
	int failed = mptcp_cache_key_file(key, "capture", path, error);

	if (!failed)
		failed = mptcp_process_find(options->tshark, &program, error);
	if (!failed)
		failed = mptcp_cache_key_program(cache, key, MPTCP_CACHE_PROGRAM, program.bytes,
			error);
	mptcp_buffer_clear(&program);
	if (failed)
		return -1;
	if (options->profile)
		mptcp_buffer_format(key, "profile %s\n", options->profile);
	if (options->mptcp_only)
		mptcp_buffer_add_string(key, MPTCP_ONLY);
	if (options->keep_duplicates)
		mptcp_buffer_add_string(key, "keep-duplicates\n");
	for (size_t i = 0; i < options->field_count; i++)
		mptcp_buffer_format(key, "field %s\n", options->fields[i]);
	return key->failed ? mptcp_error_memory(error) : 0;
}

/* What keeps the cache or an entry from being used. */
static void warn(const struct mptcp_input_options *options, const char *path, const char *what)
{
	mptcp_log_say(&options->log, MPTCP_LOG_WARNING, "%s: %s", path, what);
}

/* Whether a file that is no store is one of another version, which is nobody's fault. */
static bool is_outdated(int fd)
{
	char start[MPTCP_STORE_MAGIC_LENGTH + sizeof(uint64_t)];
	uint64_t schema;

	if (pread(fd, start, sizeof(start), 0) != sizeof(start) ||
		memcmp(start, MPTCP_STORE_MAGIC, MPTCP_STORE_MAGIC_LENGTH) != 0)
		return false;
	memcpy(&schema, start + MPTCP_STORE_MAGIC_LENGTH, sizeof(schema));
	return schema != mptcp_store_schema();
}

/* The entry of a key as a store; NULL where there is none, or none that is whole and of this very
 * key. */
static struct mptcp_store *find_store(const struct mptcp_cache *cache, const char *key,
	const char *path, const struct mptcp_input_options *options)
{
	struct mptcp_error error;
	int fd = mptcp_cache_find(cache, key, &error);
	bool outdated = fd >= 0 && is_outdated(fd);

	if (fd < 0) {
		if (errno != ENOENT)
			warn(options, path, error.text);
		return NULL;
	}
	struct mptcp_store *store = mptcp_store_open(fd, "cache", &error);
	if (!store && !outdated && error.status == MPTCP_DATA)
		warn(options, path, "its entry in the cache is damaged: exported anew");
	if (store && strcmp(mptcp_store_key(store), key)) {
		mptcp_store_close(store);
		return NULL;
	}
	return store;
}

/* Which entry was looked for, and, where there is none, what it would be the entry of. */
static void say_entry(const struct mptcp_cache *cache, const char *path,
	const struct mptcp_input_options *options, const struct mptcp_store *store, const char *key)
{
	struct mptcp_buffer entry = MPTCP_BUFFER_INIT, text = MPTCP_BUFFER_INIT;
	struct mptcp_error ignored;

	if (!options->log.say || mptcp_cache_path(cache, key, &entry, &ignored))
		return;
	for (; !store && *key; key += strcspn(key, "\n"), key += *key == '\n')
		mptcp_buffer_format(&text, "%s%.*s",
			text.length ? "; " : ", so nothing was exported from: ",
			(int)strcspn(key, "\n"), key);
	if (!entry.failed && !text.failed)
		mptcp_log_say(&options->log, MPTCP_LOG_DEBUG, "%s: the cache has %s %s%s", path,
			store ? "the entry" : "no entry", entry.bytes,
			text.length ? text.bytes : "");
	mptcp_buffer_clear(&entry);
	mptcp_buffer_clear(&text);
}

static struct mptcp_store *find_export(const struct mptcp_cache *cache, const char *path,
	const struct mptcp_input_options *options)
{
	struct mptcp_buffer key = MPTCP_BUFFER_INIT;
	struct mptcp_error error;
	struct mptcp_store *store = NULL;

	if (!add_key(cache, &key, path, options, &error)) {
		store = find_store(cache, key.bytes, path, options);
		say_entry(cache, path, options, store, key.bytes);
	}
	mptcp_buffer_clear(&key);
	return store;
}

struct mptcp_store *mptcp_recording_find(const char *path,
	const struct mptcp_input_options *options)
{
	struct mptcp_input_options whole = *options;
	struct mptcp_cache cache;
	struct mptcp_error error;

	if (options->no_cache || options->regen) {
		mptcp_log_say(&options->log, MPTCP_LOG_DEBUG, "%s: the cache is not asked: %s",
			path, options->no_cache ? "--no-cache, or 'cache = no'" : "--regen");
		return NULL;
	}
	if (mptcp_cache_open(&cache, NULL, options->cache_size, &error)) {
		if (cache.distrusted)
			warn(options, path, error.text);
		return NULL;
	}
	whole.mptcp_only = false; /* an export of all packets has those of MPTCP in it */
	struct mptcp_store *store = find_export(&cache, path, &whole);
	if (!store && options->mptcp_only)
		store = find_export(&cache, path, options);
	mptcp_log_say(&options->log, MPTCP_LOG_INFO, "%s: %s the cache", path,
		store ? "from" : "not in");
	mptcp_cache_close(&cache);
	return store;
}

bool mptcp_recording_is_part(const struct mptcp_store *store)
{
	return strstr(mptcp_store_key(store), "\n" MPTCP_ONLY);
}

void mptcp_recording_discard(const struct mptcp_store *store, const char *path,
	const struct mptcp_input_options *options)
{
	struct mptcp_cache cache;
	struct mptcp_error ignored;

	warn(options, path, "its entry in the cache is damaged: exported anew");
	if (mptcp_cache_look(&cache, NULL, options->cache_size, &ignored))
		return;
	mptcp_cache_discard(&cache, mptcp_store_key(store));
	mptcp_cache_close(&cache);
}

void mptcp_recording_abandon(struct mptcp_recording *recording)
{
	if (!recording->on)
		return;
	recording->on = false;
	mptcp_store_writer_free(recording->writer);
	recording->writer = NULL;
	struct mptcp_error ignored;
	mptcp_output_close(&recording->file, &ignored);
	mptcp_cache_abandon(&recording->entry);
	mptcp_cache_close(&recording->cache);
}

static void say_without_cache(const struct mptcp_recording *recording,
	const struct mptcp_error *error)
{
	mptcp_log_say(&recording->options->log, MPTCP_LOG_INFO, "working without the cache: %s",
		error->text);
}

/* The user has been told of the waiting. */
static void say_waited(const struct mptcp_recording *recording, const struct mptcp_error *error)
{
	mptcp_log_say(&recording->options->log, MPTCP_LOG_WARNING,
		"%s: working without the cache: %s", recording->path, error->text);
}

void mptcp_recording_begin(struct mptcp_recording *recording, const char *path,
	const struct mptcp_input_options *options)
{
	struct mptcp_error error;
	bool waited = false;

	recording->options = options;
	if (options->no_cache || !(recording->path = strdup(path)))
		return;
	if (mptcp_cache_open(&recording->cache, NULL, recording->options->cache_size, &error)) {
		say_without_cache(recording, &error);
		return;
	}
	recording->cache.log = &options->log;
	recording->cache.name = path;
	if (add_key(&recording->cache, &recording->key, recording->path, recording->options,
		    &error) ||
		mptcp_cache_lock(&recording->cache, recording->key.bytes, &recording->entry,
			&waited, &error)) {
		(waited ? say_waited : say_without_cache)(recording, &error);
		mptcp_cache_close(&recording->cache);
		return;
	}
	recording->on = true;
	recording->file = (struct mptcp_output){.fd = -1, .name = "cache entry"};
	if (waited) {
		recording->other =
			find_store(&recording->cache, recording->key.bytes, path, options);
		if (recording->other) {
			mptcp_log_say(&recording->options->log, MPTCP_LOG_INFO,
				"%s: exported by another process", recording->path);
			mptcp_recording_abandon(recording);
			return;
		}
	}
	if (mptcp_cache_create(&recording->cache, &recording->entry, &error)) {
		say_without_cache(recording, &error);
		mptcp_recording_abandon(recording);
		return;
	}
	recording->file.fd = recording->entry.fd;
	recording->writer = mptcp_store_writer_new(&recording->file, recording->key.bytes,
		recording->options->fields, recording->options->field_count, &error);
	if (!recording->writer)
		mptcp_recording_abandon(recording);
}

void mptcp_recording_commit(struct mptcp_recording *recording, const struct mptcp_error *ending,
	const char *notes)
{
	struct mptcp_buffer key = MPTCP_BUFFER_INIT;
	struct mptcp_error error = {0};
	enum mptcp_status status = ending->status;

	if (!recording->on)
		return;
	bool unchanged =
		!add_key(&recording->cache, &key, recording->path, recording->options, &error) &&
		!strcmp(key.bytes, recording->key.bytes);
	mptcp_buffer_clear(&key);
	if (!unchanged || (status != MPTCP_DONE && status != MPTCP_DATA)) {
		mptcp_log_say(&recording->options->log, MPTCP_LOG_INFO, "%s: not cached: %s",
			recording->path, unchanged ? ending->text : "it changed meanwhile");
		mptcp_recording_abandon(recording);
		return;
	}
	if (mptcp_store_finish(recording->writer, status,
		    status == MPTCP_DATA ? ending->text : NULL, notes, &error)) {
		say_without_cache(recording, &error);
		mptcp_recording_abandon(recording);
		return;
	}
	mptcp_store_writer_free(recording->writer);
	recording->writer = NULL;
	recording->on = false;
	if (mptcp_output_close(&recording->file, &error)) {
		say_without_cache(recording, &error);
		mptcp_cache_abandon(&recording->entry);
	} else if (mptcp_cache_commit(&recording->cache, &recording->entry, &error)) {
		say_without_cache(recording, &error);
	}
	mptcp_cache_close(&recording->cache);
}

void mptcp_recording_add(struct mptcp_recording *recording, const struct mptcp_packet *packet)
{
	struct mptcp_error error;

	if (!recording->on)
		return;
	if (recording->packets++ % PROGRESS == 0)
		mptcp_cache_progress(&recording->entry);
	if (!mptcp_store_write(recording->writer, packet, &error) &&
		!mptcp_output_failed(&recording->file))
		return;
	mptcp_log_say(&recording->options->log, MPTCP_LOG_INFO,
		"%s: not cached: writing the entry failed", recording->path);
	mptcp_recording_abandon(recording);
}

void mptcp_recording_clear(struct mptcp_recording *recording)
{
	mptcp_recording_abandon(recording);
	mptcp_store_close(recording->other);
	mptcp_buffer_clear(&recording->key);
	free(recording->path);
	*recording = (struct mptcp_recording){0};
}
