/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "export.h"

#include "cache.h"
#include "process.h"
#include "tracker.h"
#include "tshark.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct mptcp_export {
	char *path; /* NULL: nothing to cache */
	char *name; /* for messages */
	struct mptcp_log log;
	struct mptcp_tshark *tshark;
	struct mptcp_tracker *tracker;
	bool live;                 /* from an interface: somebody is watching */
	int64_t handed_on;         /* when it was idle last, nanoseconds of the monotonic clock */
	bool idle;                 /* hand on what the tracker holds back */
	bool ended;                /* no more frames */
	struct mptcp_error ending; /* how they ended, status MPTCP_DONE if well */
	const struct mptcp_input_options *options;
	/* the cache entry being made */
	bool caching;
	struct mptcp_cache cache;
	struct mptcp_cache_entry entry;
	struct mptcp_output file;
	struct mptcp_store_writer *writer;
	struct mptcp_buffer key;
	struct mptcp_buffer notes; /* lines for the user; kept with the entry */
	struct mptcp_store *other; /* made by another process while we waited for it */
};

/* Appends what the export of a file depends on: the cache's key. */
static int add_key(struct mptcp_buffer *key, const char *path,
	const struct mptcp_input_options *options, struct mptcp_error *error)
{
	struct mptcp_buffer program = MPTCP_BUFFER_INIT;
	int failed = mptcp_cache_key_file(key, "capture", path, error);

	if (!failed)
		failed = mptcp_process_find(options->tshark, &program, error);
	if (!failed)
		failed = mptcp_cache_key_file(key, "tshark", program.bytes, error);
	mptcp_buffer_clear(&program);
	if (failed)
		return -1;
	if (options->profile)
		mptcp_buffer_format(key, "profile %s\n", options->profile);
	if (options->mptcp_only)
		mptcp_buffer_add_string(key, "mptcp-only\n");
	if (options->keep_duplicates)
		mptcp_buffer_add_string(key, "keep-duplicates\n");
	for (size_t i = 0; i < options->field_count; i++)
		mptcp_buffer_format(key, "field %s\n", options->fields[i]);
	return key->failed ? mptcp_error_memory(error) : 0;
}

/* The entry of a key as a store; NULL where there is none, or none that is whole and of this very
 * key. */
static struct mptcp_store *find_store(const struct mptcp_cache *cache, const char *key)
{
	struct mptcp_error error;
	int fd = mptcp_cache_find(cache, key, &error);
	struct mptcp_store *store = fd < 0 ? NULL : mptcp_store_open(fd, "cache", &error);

	if (store && strcmp(mptcp_store_key(store), key)) {
		mptcp_store_close(store);
		return NULL;
	}
	return store;
}

static struct mptcp_store *find_export(const struct mptcp_cache *cache, const char *path,
	const struct mptcp_input_options *options)
{
	struct mptcp_buffer key = MPTCP_BUFFER_INIT;
	struct mptcp_error error;
	struct mptcp_store *store = NULL;

	if (!add_key(&key, path, options, &error))
		store = find_store(cache, key.bytes);
	mptcp_buffer_clear(&key);
	return store;
}

struct mptcp_store *mptcp_export_cached(const char *path, const struct mptcp_input_options *options)
{
	struct mptcp_input_options whole = *options;
	struct mptcp_cache cache;
	struct mptcp_error error;

	if (options->no_cache || options->regen ||
		mptcp_cache_open(&cache, NULL, options->cache_size, &error))
		return NULL;
	whole.mptcp_only = false; /* an export of all packets has those of MPTCP in it */
	struct mptcp_store *store = find_export(&cache, path, &whole);
	if (!store && options->mptcp_only)
		store = find_export(&cache, path, options);
	mptcp_log_say(&options->log, MPTCP_LOG_INFO, "%s: %s the cache", path,
		store ? "from" : "not in");
	mptcp_cache_close(&cache);
	return store;
}

/* Gives the cache up for this export. */
static void abandon(struct mptcp_export *exporter)
{
	if (!exporter->caching)
		return;
	exporter->caching = false;
	mptcp_store_writer_free(exporter->writer);
	exporter->writer = NULL;
	struct mptcp_error ignored;
	mptcp_output_close(&exporter->file, &ignored);
	mptcp_cache_abandon(&exporter->entry);
	mptcp_cache_close(&exporter->cache);
}

static void say_without_cache(const struct mptcp_export *exporter, const struct mptcp_error *error)
{
	mptcp_log_say(&exporter->log, MPTCP_LOG_INFO, "working without the cache: %s", error->text);
}

/* Begins an entry, or finds that another process just made it. */
static void begin_cache(struct mptcp_export *exporter)
{
	struct mptcp_error error;
	bool waited = false;

	if (!exporter->path || exporter->options->no_cache)
		return;
	if (mptcp_cache_open(&exporter->cache, NULL, exporter->options->cache_size, &error)) {
		say_without_cache(exporter, &error);
		return;
	}
	if (add_key(&exporter->key, exporter->path, exporter->options, &error) ||
		mptcp_cache_lock(&exporter->cache, exporter->key.bytes, &exporter->entry, &waited,
			&error)) {
		say_without_cache(exporter, &error);
		mptcp_cache_close(&exporter->cache);
		return;
	}
	exporter->caching = true;
	exporter->file = (struct mptcp_output){.fd = -1, .name = "cache entry"};
	if (waited) {
		exporter->other = find_store(&exporter->cache, exporter->key.bytes);
		if (exporter->other) {
			mptcp_log_say(&exporter->log, MPTCP_LOG_INFO,
				"%s: exported by another process", exporter->path);
			abandon(exporter);
			return;
		}
	}
	if (mptcp_cache_create(&exporter->cache, &exporter->entry, &error)) {
		say_without_cache(exporter, &error);
		abandon(exporter);
		return;
	}
	exporter->file.fd = exporter->entry.fd;
	exporter->writer = mptcp_store_writer_new(&exporter->file, exporter->key.bytes,
		exporter->options->fields, exporter->options->field_count, &error);
	if (!exporter->writer)
		abandon(exporter);
}

/* The export ended: the entry is committed, unless it is incomplete or the capture changed
 * meanwhile. */
static void commit(struct mptcp_export *exporter)
{
	struct mptcp_buffer key = MPTCP_BUFFER_INIT;
	struct mptcp_error error = {0};
	enum mptcp_status status = exporter->ending.status;

	if (!exporter->caching)
		return;
	bool unchanged = !add_key(&key, exporter->path, exporter->options, &error) &&
		!strcmp(key.bytes, exporter->key.bytes);
	mptcp_buffer_clear(&key);
	if (!unchanged || (status != MPTCP_DONE && status != MPTCP_DATA)) {
		mptcp_log_say(&exporter->log, MPTCP_LOG_INFO, "%s: not cached: %s", exporter->path,
			unchanged ? exporter->ending.text : "it changed meanwhile");
		abandon(exporter);
		return;
	}
	if (mptcp_store_finish(exporter->writer, status,
		    status == MPTCP_DATA ? exporter->ending.text : NULL, exporter->notes.bytes,
		    &error)) {
		say_without_cache(exporter, &error);
		abandon(exporter);
		return;
	}
	mptcp_store_writer_free(exporter->writer);
	exporter->writer = NULL;
	exporter->caching = false;
	if (mptcp_output_close(&exporter->file, &error)) {
		say_without_cache(exporter, &error);
		mptcp_cache_abandon(&exporter->entry);
	} else if (mptcp_cache_commit(&exporter->cache, &exporter->entry, &error)) {
		say_without_cache(exporter, &error);
	}
	mptcp_cache_close(&exporter->cache);
}

static struct mptcp_tshark_options tshark_options(const struct mptcp_input_options *options)
{
	return (struct mptcp_tshark_options){
		.program = options->tshark,
		.profile = options->profile,
		.fields = options->fields,
		.field_count = options->field_count,
		.mptcp_only = options->mptcp_only,
		.jobs = options->jobs,
		.chunk = options->chunk,
	};
}

static void say_about_state(const struct mptcp_input_options *options)
{
	for (size_t i = 0; i < options->field_count; i++)
		if (mptcp_tshark_field_has_state(options->fields[i])) {
			mptcp_log_say(&options->log, MPTCP_LOG_INFO,
				"%s needs state across packets: using one tshark with its analysis on",
				options->fields[i]);
			return;
		}
}

static struct mptcp_export *new_export(const char *name, const struct mptcp_input_options *options,
	struct mptcp_error *error)
{
	struct mptcp_export *exporter = calloc(1, sizeof(*exporter));

	if (!exporter) {
		mptcp_error_memory(error);
		return NULL;
	}
	exporter->options = options;
	exporter->log = options->log;
	say_about_state(options);
	exporter->name = strdup(name);
	if (!exporter->name)
		mptcp_error_memory(error);
	exporter->tracker = exporter->name ? mptcp_tracker_new(error) : NULL;
	if (!exporter->tracker) {
		free(exporter->name);
		free(exporter);
		return NULL;
	}
	if (options->keep_duplicates)
		mptcp_tracker_keep_duplicates(exporter->tracker);
	return exporter;
}

struct mptcp_export *mptcp_export_open(struct mptcp_capture *capture, const char *name,
	const char *path, const struct mptcp_input_options *options, struct mptcp_error *error)
{
	struct mptcp_tshark_options how = tshark_options(options);
	struct mptcp_export *exporter = new_export(name, options, error);

	if (!exporter) {
		mptcp_capture_close(capture);
		return NULL;
	}
	if (path) {
		exporter->path = strdup(path);
		begin_cache(exporter);
	}
	if (exporter->other) {
		mptcp_capture_close(capture);
		return exporter;
	}
	exporter->tshark = mptcp_tshark_open(capture, name, &how, error);
	if (!exporter->tshark) {
		mptcp_export_close(exporter);
		return NULL;
	}
	return exporter;
}

struct mptcp_export *mptcp_export_live(const struct mptcp_input_options *options,
	struct mptcp_error *error)
{
	struct mptcp_tshark_options how = tshark_options(options);
	struct mptcp_export *exporter = new_export(options->interface, options, error);

	if (!exporter)
		return NULL;
	exporter->live = true;
	exporter->tshark = mptcp_tshark_live(options->interface, options->filter, options->duration,
		&how, error);
	if (!exporter->tshark) {
		mptcp_export_close(exporter);
		return NULL;
	}
	return exporter;
}

/* A packet of the tracker goes into the cache, too. */
static void keep(struct mptcp_export *exporter, const struct mptcp_packet *packet)
{
	struct mptcp_error error;

	if (!exporter->caching)
		return;
	if (!mptcp_store_write(exporter->writer, packet, &error) &&
		!mptcp_output_failed(&exporter->file))
		return;
	mptcp_log_say(&exporter->log, MPTCP_LOG_INFO, "%s: not cached: writing the entry failed",
		exporter->path);
	abandon(exporter);
}

/* Of a live capture everything is handed on once a second, even if it never pauses. */
static bool is_due(struct mptcp_export *exporter)
{
	struct timespec time;

	if (!exporter->live)
		return false;
	clock_gettime(CLOCK_MONOTONIC, &time);
	int64_t now = time.tv_sec * MPTCP_SECOND + time.tv_nsec;
	if (now - exporter->handed_on < MPTCP_SECOND)
		return false;
	exporter->handed_on = now;
	return true;
}

/* One more frame for the tracker. */
static int take_frame(struct mptcp_export *exporter, struct mptcp_error *error)
{
	struct mptcp_frame frame;
	enum mptcp_result got = mptcp_tshark_next(exporter->tshark, &frame, error);

	if (got == MPTCP_ROW) {
		exporter->idle = is_due(exporter);
		return mptcp_tracker_take(exporter->tracker, &frame,
			mptcp_tshark_start_time(exporter->tshark), error);
	}
	if (got == MPTCP_IDLE) {
		exporter->idle = true;
		return 0;
	}
	if (got == MPTCP_FAILED) {
		if (error->status != MPTCP_DATA)
			return -1;
		exporter->ending = *error;
	}
	exporter->ended = true;
	return 0;
}

void mptcp_export_say_notes(const struct mptcp_log *log, const char *name, const char *notes)
{
	while (notes && *notes) {
		size_t length = strcspn(notes, "\n");

		mptcp_log_say(log, MPTCP_LOG_WARNING, "%s: %.*s", name, (int)length, notes);
		notes += length + (notes[length] != '\0');
	}
}

/* All frames are there: reports what has to be said of them. */
static int end_frames(struct mptcp_export *exporter, struct mptcp_error *error)
{
	if (mptcp_cut_text(mptcp_tshark_cut(exporter->tshark), &exporter->notes))
		return mptcp_error_memory(error);
	mptcp_export_say_notes(&exporter->log, exporter->name, exporter->notes.bytes);
	return 0;
}

/* From what another process exported. */
static enum mptcp_result next_of_other(struct mptcp_export *exporter, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	enum mptcp_result got = mptcp_store_next(exporter->other, packet, error);
	const char *warning;
	enum mptcp_status status = mptcp_store_status(exporter->other, &warning);

	if (got != MPTCP_END)
		return got;
	mptcp_export_say_notes(&exporter->log, exporter->name, mptcp_store_notes(exporter->other));
	if (status == MPTCP_DONE)
		return MPTCP_END;
	return mptcp_error_set(error, status, "%s", warning);
}

enum mptcp_result mptcp_export_next(struct mptcp_export *exporter, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	if (exporter->other)
		return next_of_other(exporter, packet, error);
	for (;;) {
		enum mptcp_result got = mptcp_tracker_next(exporter->tracker,
			exporter->ended || exporter->idle, packet, error);

		if (got == MPTCP_ROW)
			keep(exporter, packet);
		if (got != MPTCP_END)
			return got;
		if (exporter->idle) {
			exporter->idle = false;
			return MPTCP_IDLE;
		}
		if (exporter->ended)
			break;
		if (take_frame(exporter, error)) {
			abandon(exporter);
			return MPTCP_FAILED;
		}
	}
	if (end_frames(exporter, error)) {
		abandon(exporter);
		return MPTCP_FAILED;
	}
	commit(exporter);
	if (exporter->ending.status == MPTCP_DONE)
		return MPTCP_END;
	*error = exporter->ending;
	return MPTCP_FAILED;
}

void mptcp_export_progress(const struct mptcp_export *exporter, uint64_t *read, uint64_t *total)
{
	*read = *total = 0;
	if (exporter->tshark)
		mptcp_tshark_progress(exporter->tshark, read, total);
}

void mptcp_export_close(struct mptcp_export *exporter)
{
	if (!exporter)
		return;
	abandon(exporter);
	mptcp_tshark_close(exporter->tshark);
	mptcp_store_close(exporter->other);
	mptcp_tracker_free(exporter->tracker);
	mptcp_buffer_clear(&exporter->key);
	mptcp_buffer_clear(&exporter->notes);
	free(exporter->path);
	free(exporter->name);
	free(exporter);
}
