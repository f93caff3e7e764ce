/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "export.h"

#include "recording.h"
#include "tracker.h"
#include "tshark.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct mptcp_export {
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
	if (path)
		mptcp_recording_begin(&exporter->recording, path, options);
	if (exporter->recording.other) {
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
		mptcp_tshark_progress(exporter->tshark, read, total);
}

void mptcp_export_close(struct mptcp_export *exporter)
{
	if (!exporter)
		return;
	mptcp_recording_clear(&exporter->recording);
	mptcp_tshark_close(exporter->tshark);
	mptcp_tracker_free(exporter->tracker);
	mptcp_buffer_clear(&exporter->notes);
	free(exporter->name);
	free(exporter);
}
