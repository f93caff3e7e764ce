/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "live.h"

#include "argv.h"
#include "noise.h"
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIPE_SIZE \
	(1 << 20)     /* bytes: what can wait for us while the kernel's buffer is not full \
		       */
#define HEADERS "400" /* bytes of a packet: all its headers, in tunnels too */

struct mptcp_live {
	const struct mptcp_live_options *options;
	struct mptcp_process dumpcap;
	uint8_t start[512]; /* of what it wrote */
	size_t length;
};

static void add_pair(struct mptcp_argv *argv, const char *option, const char *value)
{
	if (value) {
		mptcp_argv_add(argv, option);
		mptcp_argv_add(argv, value);
	}
}

static int start(struct mptcp_live *live, struct mptcp_error *error)
{
	const struct mptcp_live_options *options = live->options;
	const struct mptcp_process_options how = {.in = -1,
		.out = MPTCP_PROCESS_PIPE,
		.own_group = true,
		.log = options->log};
	struct mptcp_argv argv = {0};
	char duration[40];

	snprintf(duration, sizeof(duration), "duration:%.3f", options->duration);
	mptcp_argv_add(&argv, options->program);
	mptcp_argv_add(&argv, "-q");
	add_pair(&argv, "-i", options->interface);
	add_pair(&argv, "-f", options->filter);
	add_pair(&argv, "-s", options->whole ? NULL : HEADERS);
	add_pair(&argv, "-a", options->duration > 0 ? duration : NULL);
	add_pair(&argv, "-w", "-");
	int failed = argv.failed
		? mptcp_error_memory(error)
		: mptcp_process_start(&live->dumpcap, (const char *const *)argv.items, &how, error);
	mptcp_argv_clear(&argv);
	if (!failed) /* where a limit forbids it, it works with less */
		fcntl(live->dumpcap.out, F_SETPIPE_SZ, PIPE_SIZE);
	return failed;
}

/* The headers come as soon as the interface is open. False: it ended without them. */
static bool read_start(struct mptcp_live *live)
{
	ssize_t got;

	do
		got = read(live->dumpcap.out, live->start, sizeof(live->start));
	while (got < 0 && errno == EINTR);
	live->length = got > 0 ? (size_t)got : 0;
	return got > 0;
}

/* How dumpcap ended, once it has: 0 if well. What it said first is the message, without its name;
 * its whole text explains at length. */
static int judge(struct mptcp_live *live, enum mptcp_status fault, struct mptcp_error *error)
{
	const struct mptcp_live_options *options = live->options;
	struct mptcp_buffer message = MPTCP_BUFFER_INIT;
	int status = mptcp_process_wait(&live->dumpcap);
	int result = -1;

	mptcp_process_first_line(&live->dumpcap, mptcp_noise, &message);
	if (message.length && message.bytes[message.length - 1] == '.')
		message.bytes[--message.length] = '\0';
	const char *text = message.bytes;
	if (!strncmp(text, "dumpcap: ", 9))
		text += 9;
	if (status > 128)
		mptcp_error_set(error, MPTCP_PROGRAM, "%s: %s: killed by signal %d",
			options->interface, options->program, status - 128);
	else if (*text)
		mptcp_error_set(error, fault, "%s: %s: %s", options->interface, options->program,
			text);
	else if (status)
		mptcp_error_set(error, MPTCP_PROGRAM, "%s: %s: failed (status %d)",
			options->interface, options->program, status);
	else
		result = 0;
	mptcp_buffer_clear(&message);
	return result;
}

struct mptcp_live *mptcp_live_open(const struct mptcp_live_options *options,
	struct mptcp_error *error)
{
	struct mptcp_live *live = calloc(1, sizeof(*live));

	if (!live) {
		mptcp_error_memory(error);
		return NULL;
	}
	live->options = options;
	live->dumpcap = MPTCP_PROCESS_NONE;
	if (start(live, error)) {
		free(live);
		return NULL;
	}
	if (read_start(live))
		return live;
	if (!judge(live, MPTCP_PROGRAM, error))
		mptcp_error_set(error, MPTCP_PROGRAM, "%s: %s: ended before it began",
			options->interface, options->program);
	mptcp_live_close(live);
	return NULL;
}

struct mptcp_capture *mptcp_live_capture(struct mptcp_live *live, struct mptcp_error *error)
{
	const struct mptcp_opened from = {live->dumpcap.out, live->options->interface, live->start,
		live->length};

	live->dumpcap.out = -1;
	return mptcp_capture_open(&from, "", error);
}

void mptcp_live_end(struct mptcp_live *live)
{
	mptcp_process_end(&live->dumpcap);
}

int mptcp_live_verdict(struct mptcp_live *live, struct mptcp_error *error)
{
	return judge(live, MPTCP_DATA, error);
}

void mptcp_live_close(struct mptcp_live *live)
{
	if (!live)
		return;
	mptcp_process_clear(&live->dumpcap);
	free(live);
}
