/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "export.h"

#include "live.h"
#include "recording.h"
#include "tracker.h"
#include "tshark.h"
#include "units.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct mptcp_export {
	char *name; /* for messages */
	struct mptcp_log log;
	struct mptcp_tshark *tshark;
	struct mptcp_tracker *tracker;
	struct mptcp_live_options live_options;
	struct mptcp_live *live; /* NULL: not from an interface */
	bool is_file;
	int64_t began;             /* nanoseconds of the monotonic clock */
	int64_t handed_on;         /* when it was idle last, nanoseconds of the monotonic clock */
	bool idle;                 /* hand on what the tracker holds back */
	bool stopped;              /* the live capture was told to end */
	bool ended;                /* no more frames */
	struct mptcp_error ending; /* how they ended, status MPTCP_DONE if well */
	const struct mptcp_input_options *options;
	struct mptcp_recording recording; /* of a file, for the cache */
	struct mptcp_buffer notes;        /* lines for the user; kept with the entry */
};

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
		.live = options->interface,
		.log = &options->log,
	};
}

static int64_t monotonic_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * MPTCP_SECOND + time.tv_nsec;
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
	exporter->began = monotonic_now();
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
	if (path)
		mptcp_recording_begin(&exporter->recording, path, options);
	if (exporter->recording.other) {
		mptcp_capture_close(capture);
		return exporter;
	}
	exporter->is_file = mptcp_capture_is_file(capture);
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
	struct mptcp_capture *capture = NULL;

	if (!exporter)
		return NULL;
	exporter->live_options = (struct mptcp_live_options){.program = options->dumpcap,
		.log = &options->log,
		.interface = options->interface,
		.filter = options->filter,
		.duration = options->duration,
		.whole = options->field_count > 0};
	exporter->live = mptcp_live_open(&exporter->live_options, error);
	if (exporter->live)
		capture = mptcp_live_capture(exporter->live, error);
	if (capture)
		exporter->tshark = mptcp_tshark_open(capture, options->interface, &how, error);
	if (!exporter->tshark) {
		mptcp_export_close(exporter);
		return NULL;
	}
	mptcp_log_say(&exporter->log, MPTCP_LOG_WARNING, "%s: capturing", exporter->name);
	return exporter;
}

/* Of a live capture everything is handed on twice a second, even if it never pauses; once of a pipe
 * into which no more comes than is read. */
static bool is_due(struct mptcp_export *exporter)
{
	if (exporter->is_file || (!exporter->live && !mptcp_tshark_waits(exporter->tshark)))
		return false;
	int64_t now = monotonic_now();
	if (now - exporter->handed_on < (exporter->live ? MPTCP_SECOND / 2 : MPTCP_SECOND))
		return false;
	exporter->handed_on = now;
	return true;
}

/* Ends a live capture whose user wants it to end: what was captured still comes. */
static void heed_stop(struct mptcp_export *exporter)
{
	const volatile sig_atomic_t *stop = exporter->options->stop;

	if (!exporter->live || exporter->stopped || !stop || !*stop)
		return;
	exporter->stopped = true;
	mptcp_live_end(exporter->live);
}

/* One more frame for the tracker. */
static int take_frame(struct mptcp_export *exporter, struct mptcp_error *error)
{
	struct mptcp_frame frame;

	heed_stop(exporter);
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

/* A line of the notes: how many packets the program that captured says it lost. */
#define LOST " packets were lost while it was captured"

uint64_t mptcp_export_lost_of(const char *notes)
{
	while (notes && *notes) {
		size_t length = strcspn(notes, "\n"), digits = strspn(notes, "0123456789");

		if (length == digits + strlen(LOST) && !strncmp(notes + digits, LOST, strlen(LOST)))
			return strtoull(notes, NULL, 10);
		notes += length + (notes[length] != '\0');
	}
	return 0;
}

uint64_t mptcp_export_lost(const struct mptcp_export *exporter)
{
	return mptcp_export_lost_of(exporter->recording.other
			? mptcp_store_notes(exporter->recording.other)
			: exporter->notes.bytes);
}

void mptcp_export_say_notes(const struct mptcp_log *log, const char *name, const char *notes)
{
	while (notes && *notes) {
		size_t length = strcspn(notes, "\n");

		mptcp_log_say(log, MPTCP_LOG_WARNING, "%s: %.*s", name, (int)length, notes);
		notes += length + (notes[length] != '\0');
	}
}

/* What a capture ended with and lost; of a live one it is said in any case. */
static int end_capture(struct mptcp_export *exporter)
{
	uint64_t packets, dropped;

	mptcp_capture_counts(mptcp_tshark_capture(exporter->tshark), &packets, &dropped);
	if (exporter->live) {
		struct mptcp_error error;

		mptcp_log_say(&exporter->log, MPTCP_LOG_WARNING,
			"%s: %" PRIu64 " packets captured, %" PRIu64 " dropped", exporter->name,
			packets, dropped);
		if (mptcp_live_verdict(exporter->live, &error))
			exporter->ending = error;
		return 0;
	}
	return dropped ? mptcp_buffer_format(&exporter->notes, "%" PRIu64 LOST "\n", dropped) : 0;
}

static void say_work(const struct mptcp_export *exporter)
{
	struct mptcp_tshark_work work = mptcp_tshark_work(exporter->tshark);

	mptcp_log_say(&exporter->log, MPTCP_LOG_DEBUG,
		"%s: %llu packets in %llu batches of up to %u to %llu tshark processes (at most %u "
		"at once): %.3f s",
		exporter->name, (unsigned long long)work.packets, (unsigned long long)work.batches,
		work.chunk, (unsigned long long)work.processes, work.jobs,
		(double)(monotonic_now() - exporter->began) / MPTCP_SECOND);
}

/* All frames are there: reports what has to be said of them. */
static int end_frames(struct mptcp_export *exporter, struct mptcp_error *error)
{
	say_work(exporter);
	if (end_capture(exporter) || mptcp_tracker_notes(exporter->tracker, &exporter->notes) ||
		mptcp_cut_text(mptcp_tshark_cut(exporter->tshark), &exporter->notes))
		return mptcp_error_memory(error);
	mptcp_export_say_notes(&exporter->log, exporter->name, exporter->notes.bytes);
	return 0;
}

/* From what another process exported. */
static enum mptcp_result next_of_other(struct mptcp_export *exporter, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	enum mptcp_result got = mptcp_store_next(exporter->recording.other, packet, error);
	const char *warning;
	enum mptcp_status status = mptcp_store_status(exporter->recording.other, &warning);

	if (got != MPTCP_END)
		return got;
	mptcp_export_say_notes(&exporter->log, exporter->name,
		mptcp_store_notes(exporter->recording.other));
	if (status == MPTCP_DONE)
		return MPTCP_END;
	return mptcp_error_set(error, status, "%s", warning);
}

enum mptcp_result mptcp_export_next(struct mptcp_export *exporter, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	if (exporter->recording.other)
		return next_of_other(exporter, packet, error);
	for (;;) {
		enum mptcp_result got = mptcp_tracker_next(exporter->tracker,
			exporter->ended || exporter->idle, packet, error);

		if (got == MPTCP_ROW)
			mptcp_recording_add(&exporter->recording, packet);
		if (got != MPTCP_END)
			return got;
		if (exporter->idle) {
			exporter->idle = false;
			return MPTCP_IDLE;
		}
		if (exporter->ended)
			break;
		if (take_frame(exporter, error)) {
			mptcp_recording_abandon(&exporter->recording);
			return MPTCP_FAILED;
		}
	}
	if (end_frames(exporter, error)) {
		mptcp_recording_abandon(&exporter->recording);
		return MPTCP_FAILED;
	}
	mptcp_recording_commit(&exporter->recording, &exporter->ending, exporter->notes.bytes);
	if (exporter->ending.status == MPTCP_DONE)
		return MPTCP_END;
	*error = exporter->ending;
	return MPTCP_FAILED;
}

void mptcp_export_progress(const struct mptcp_export *exporter, uint64_t *read, uint64_t *total)
{
	*read = *total = 0;
	if (exporter->tshark)
		mptcp_capture_progress(mptcp_tshark_capture(exporter->tshark), read, total);
}

void mptcp_export_close(struct mptcp_export *exporter)
{
	if (!exporter)
		return;
	mptcp_recording_clear(&exporter->recording);
	mptcp_tshark_close(exporter->tshark);
	mptcp_live_close(exporter->live);
	mptcp_tracker_free(exporter->tracker);
	mptcp_buffer_clear(&exporter->notes);
	free(exporter->name);
	free(exporter);
}
