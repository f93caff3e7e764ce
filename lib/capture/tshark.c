/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This file moves packets and lines and takes the lines in order;
 * distribute.h hands the packets out. */
#include "tshark.h"

#include "cut.h"
#include "distribute.h"
#include "fields.h"
#include "plugin_folder.h"
#include "plugin_frame.h"
#include "process.h"
#include "watch.h"
#include "worker.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHUNK 2000 /* packets in a batch */
#define IDLE 1000  /* milliseconds */
#define IDLE_LIVE 300
#define LOOK 1000 /* after which a tshark that is silent is looked at */
/*
 * tshark hands out its lines 4 KiB at a time; to take each at once would cost a context switch for
 * every twenty packets or so. The pipes hold a hundred times as much as comes in this time.
 */
#define GATHER 4000000          /* nanoseconds */
#define AHEAD ((size_t)1 << 20) /* bytes of lines that a worker may be ahead of those before it */

struct mptcp_tshark {
	struct mptcp_distribution distribution;
	int capture_fd; /* to poll; -1: reading never waits */
	int idle;       /* milliseconds without a segment that are reported; 0: none ever */
	struct pollfd *polls;
	size_t poll_room;
	struct mptcp_interned *names; /* of interfaces, for mptcp_frame_parse */
	struct mptcp_fields fields;
	uint64_t number;
	const struct mptcp_distributed *packet; /* of the line taken last ... */
	bool rows;                              /* ... which is a row of the plugin */
	struct mptcp_buffer plugins;            /* its folder */
	struct mptcp_cut cut;
	struct mptcp_watch watch;
	int64_t start_time;
};

/* --- waiting --- */

static int make_polls(struct mptcp_tshark *tshark, size_t *count, struct mptcp_error *error)
{
	size_t needed = 1;

	for (struct mptcp_worker *worker = tshark->distribution.workers; worker;
		worker = worker->next)
		needed += 2;
	if (needed > tshark->poll_room) {
		struct pollfd *polls = realloc(tshark->polls, needed * sizeof(*polls));
		if (!polls)
			return mptcp_error_memory(error);
		tshark->polls = polls;
		tshark->poll_room = needed;
	}
	struct pollfd *at = tshark->polls;
	*at++ = (struct pollfd){.fd = tshark->distribution.starving ? tshark->capture_fd : -1,
		.events = POLLIN};
	for (struct mptcp_worker *worker = tshark->distribution.workers; worker;
		worker = worker->next) {
		*at++ = (struct pollfd){.fd = mptcp_worker_pending(worker) ? worker->process.in
									   : -1,
			.events = POLLOUT};
		bool ahead = tshark->distribution.head &&
			tshark->distribution.head->worker != worker &&
			worker->output.length - worker->taken > AHEAD;
		*at++ = (struct pollfd){.fd = worker->ended || ahead ? -1 : worker->process.out,
			.events = POLLIN};
	}
	*count = needed;
	return 0;
}

/* Hands packets out and takes lines in, waiting where nothing can be done. MPTCP_IDLE: nothing
 * happened for that long. */
static enum mptcp_result move(struct mptcp_tshark *tshark, struct mptcp_error *error)
{
	size_t count = 0;

	if (mptcp_distribute_packets(&tshark->distribution, error))
		return MPTCP_FAILED;
	for (struct mptcp_worker *worker = tshark->distribution.workers; worker;
		worker = worker->next)
		mptcp_worker_write(worker);
	if (make_polls(tshark, &count, error))
		return MPTCP_FAILED;
	int wait = tshark->idle ? tshark->idle : LOOK;
	int ready = poll(tshark->polls, count, wait);
	if (ready < 0 && errno != EINTR)
		return mptcp_error_system(error, MPTCP_IO, "%s", tshark->distribution.name);
	int of_capture = tshark->polls->revents ? 1 : 0;
	bool heard = ready > of_capture;
	if (mptcp_watch_look(&tshark->watch, &tshark->distribution, ready ? 0 : (unsigned)wait,
		    heard, error))
		return MPTCP_FAILED;
	if (ready <= 0)
		return tshark->idle ? MPTCP_IDLE : MPTCP_ROW;
	if (!tshark->idle)
		nanosleep(&(struct timespec){.tv_nsec = GATHER}, NULL);
	const struct pollfd *at = tshark->polls + 1;
	for (struct mptcp_worker *worker = tshark->distribution.workers; worker;
		worker = worker->next, at += 2)
		if (at[1].revents && mptcp_worker_read(worker, error))
			return MPTCP_FAILED;
	return MPTCP_ROW;
}

/* --- the interface --- */

static unsigned processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	int count = CPU_COUNT(&set);
	return count > 0 ? (unsigned)count : 1;
}

/* The plugin writes the rows of what a frame is made from; all else is for -T fields. */
static void find_plugin(struct mptcp_tshark *tshark, const struct mptcp_log *log)
{
	struct mptcp_worker_call *call = &tshark->distribution.call;
	struct mptcp_buffer why = MPTCP_BUFFER_INIT;

	/* also of a field that is asked for anyway: its text is wanted */
	if (call->state || call->profile || tshark->fields.count)
		return;
	if (mptcp_plugin_folder(&tshark->plugins, &why)) {
		call->plugins = tshark->plugins.bytes;
		mptcp_log_say(log, MPTCP_LOG_DEBUG, "with WIRESHARK_PLUGIN_DIR=%s:", call->plugins);
	} else
		mptcp_log_say(log, MPTCP_LOG_INFO, "%s: without the plugin (%s): using -T fields",
			call->program, why.bytes);
	mptcp_buffer_clear(&why);
}

static struct mptcp_tshark *new_tshark(const char *name, const struct mptcp_tshark_options *options,
	struct mptcp_error *error)
{
	struct mptcp_tshark *tshark = calloc(1, sizeof(*tshark));

	if (!tshark) {
		mptcp_error_memory(error);
		return NULL;
	}
	tshark->plugins = (struct mptcp_buffer)MPTCP_BUFFER_INIT;
	tshark->distribution.call = (struct mptcp_worker_call){
		.program = options->program,
		.profile = options->profile,
		.log = options->log,
	};
	if (mptcp_fields_init(&tshark->fields, options->fields, options->field_count, error)) {
		mptcp_tshark_close(tshark);
		return NULL;
	}
	tshark->distribution.call.fields = tshark->fields.asked;
	tshark->distribution.call.field_count = tshark->fields.asked_count;
	tshark->distribution.call.state = tshark->fields.state;
	find_plugin(tshark, options->log);
	tshark->distribution.jobs = tshark->distribution.call.state ? 1
		: options->jobs                                     ? options->jobs
								    : processors();
	tshark->distribution.chunk = options->chunk ? options->chunk : CHUNK;
	tshark->capture_fd = -1;
	tshark->watch.patience = options->patience;
	tshark->distribution.name = strdup(name);
	tshark->distribution.slots =
		calloc(tshark->distribution.jobs, sizeof(*tshark->distribution.slots));
	tshark->distribution.replaced =
		calloc(tshark->distribution.jobs, sizeof(*tshark->distribution.replaced));
	if (!tshark->distribution.name || !tshark->distribution.slots ||
		!tshark->distribution.replaced) {
		mptcp_error_memory(error);
		mptcp_tshark_close(tshark);
		return NULL;
	}
	return tshark;
}

struct mptcp_tshark *mptcp_tshark_open(struct mptcp_capture *capture, const char *name,
	const struct mptcp_tshark_options *options, struct mptcp_error *error)
{
	struct mptcp_tshark *tshark = new_tshark(name, options, error);

	if (!tshark) {
		mptcp_capture_close(capture);
		return NULL;
	}
	tshark->distribution.capture = capture;
	if (options->mptcp_only && !tshark->distribution.call.state &&
		!(tshark->distribution.prefilter = mptcp_prefilter_new())) {
		mptcp_error_memory(error);
		mptcp_tshark_close(tshark);
		return NULL;
	}
	tshark->capture_fd = mptcp_capture_dont_wait(capture);
	if (!mptcp_capture_is_file(capture))
		tshark->idle = options->live ? IDLE_LIVE : IDLE;
	tshark->distribution.call.at_once = tshark->idle > 0;
	/* One is started at once: to find out whether there is a tshark, and because starting takes
	 * time. */
	tshark->distribution.slots[0] = mptcp_distribute_add_worker(&tshark->distribution, error);
	if (!tshark->distribution.slots[0] ||
		mptcp_worker_feed(tshark->distribution.slots[0], capture, NULL, 0)) {
		if (tshark->distribution.slots[0])
			mptcp_error_memory(error);
		mptcp_tshark_close(tshark);
		return NULL;
	}
	return tshark;
}

/* The next line in the order of the capture; MPTCP_FAILED if its worker will not give it any more.
 */
static enum mptcp_result next_line(struct mptcp_tshark *tshark, const char **line, size_t *length,
	struct mptcp_error *error)
{
	struct mptcp_batch *batch;

	while ((batch = tshark->distribution.head) && batch->closed && batch->taken == batch->given)
		mptcp_distribute_drop_batch(&tshark->distribution);
	if (!batch || batch->taken == batch->given)
		return MPTCP_IDLE;
	*line = mptcp_worker_line(batch->worker, length);
	if (*line) {
		if (batch->numbers)
			tshark->number = batch->numbers[batch->taken];
		else
			tshark->number++;
		tshark->packet = &batch->packets[batch->taken];
		tshark->rows = batch->worker->rows;
		batch->taken++;
		return MPTCP_ROW;
	}
	if (!batch->worker->ended)
		return MPTCP_IDLE;
	if (!mptcp_worker_verdict(batch->worker, tshark->distribution.name, error))
		return mptcp_error_set(error, MPTCP_PROGRAM, "%s: ended too early",
			tshark->distribution.call.program);
	return MPTCP_FAILED;
}

/* The frame of a line; MPTCP_IDLE for one that is not a TCP segment. */
static enum mptcp_result take(struct mptcp_tshark *tshark, struct mptcp_frame *frame,
	const char *line, size_t length, struct mptcp_error *error)
{
	enum mptcp_frame_kind kind = tshark->rows
		? mptcp_plugin_frame_parse(frame, (struct mptcp_text){line, length}, &tshark->names)
		: mptcp_fields_parse(&tshark->fields, frame, line, length, &tshark->names);

	frame->number = tshark->number;
	frame->captured = tshark->packet->captured;
	frame->original = tshark->packet->original;
	if (kind != MPTCP_FRAME_BROKEN)
		mptcp_cut_see(&tshark->cut, frame, kind == MPTCP_FRAME_SEGMENT,
			tshark->packet->linktype);
	if (tshark->number == 1)
		tshark->start_time = frame->time;
	if (kind == MPTCP_FRAME_BROKEN && tshark->rows)
		return mptcp_error_set(error, MPTCP_PROGRAM,
			"%s: unexpected output of packet %" PRIu64,
			tshark->distribution.call.program, tshark->number);
	if (kind == MPTCP_FRAME_BROKEN)
		return mptcp_error_set(error, MPTCP_PROGRAM, "%s: unexpected output: %.*s",
			tshark->distribution.call.program, length < 200 ? (int)length : 200, line);
	return kind == MPTCP_FRAME_SEGMENT ? MPTCP_ROW : MPTCP_IDLE;
}

static int64_t milliseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

enum mptcp_result mptcp_tshark_next(struct mptcp_tshark *tshark, struct mptcp_frame *frame,
	struct mptcp_error *error)
{
	const char *line;
	size_t length;
	int64_t due = 0; /* when to report that no segment came: others may come without end */

	for (;;) {
		enum mptcp_result got = next_line(tshark, &line, &length, error);

		if (got == MPTCP_ROW) {
			got = take(tshark, frame, line, length, error);
			if (got == MPTCP_IDLE)
				continue;
			return got;
		}
		if (got == MPTCP_FAILED || mptcp_distribute_dismiss(&tshark->distribution, error))
			return MPTCP_FAILED;
		if (tshark->distribution.input_ended && !tshark->distribution.workers) {
			*error = tshark->distribution.input_error;
			return tshark->distribution.input_error.status == MPTCP_DONE ? MPTCP_END
										     : MPTCP_FAILED;
		}
		got = move(tshark, error);
		if (got != MPTCP_ROW)
			return got;
		if (tshark->idle && !due)
			due = milliseconds() + tshark->idle;
		else if (tshark->idle && milliseconds() >= due)
			return MPTCP_IDLE;
	}
}

int64_t mptcp_tshark_start_time(const struct mptcp_tshark *tshark)
{
	return tshark->start_time;
}

bool mptcp_tshark_waits(const struct mptcp_tshark *tshark)
{
	return tshark->distribution.starving;
}

const struct mptcp_cut *mptcp_tshark_cut(const struct mptcp_tshark *tshark)
{
	return &tshark->cut;
}

struct mptcp_tshark_work mptcp_tshark_work(const struct mptcp_tshark *tshark)
{
	const struct mptcp_distribution *distribution = &tshark->distribution;

	return (struct mptcp_tshark_work){distribution->seen, distribution->batch_count,
		distribution->worker_count, distribution->jobs, distribution->chunk};
}

const struct mptcp_capture *mptcp_tshark_capture(const struct mptcp_tshark *tshark)
{
	return tshark->distribution.capture;
}

void mptcp_tshark_close(struct mptcp_tshark *tshark)
{
	if (!tshark)
		return;
	while (tshark->distribution.head)
		mptcp_distribute_drop_batch(&tshark->distribution);
	while (tshark->distribution.workers) {
		struct mptcp_worker *worker = tshark->distribution.workers;
		tshark->distribution.workers = worker->next;
		mptcp_worker_free(worker);
	}
	mptcp_capture_close(tshark->distribution.capture);
	mptcp_prefilter_free(tshark->distribution.prefilter);
	mptcp_interned_free(tshark->names);
	mptcp_buffer_clear(&tshark->plugins);
	free(tshark->polls);
	free(tshark->distribution.slots);
	free(tshark->distribution.replaced);
	mptcp_fields_clear(&tshark->fields);
	free(tshark->distribution.name);
	free(tshark);
}
