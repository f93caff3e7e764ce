/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker.h"

#include "argv.h"
#include "frame.h"
#include "noise.h"
#include "plugin_frame.h"
#include "plugin_row.h"
#include "wireshark.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_SIZE (1 << 20) /* bytes; the default of 64 KiB makes tshark and us take turns */
#define READ_SIZE (256U << 10)
#define HEADERS_WHOLE ((size_t)64 << 10) /* bytes of headers that tshark gets in one piece */

/* With these off tshark treats every packet alone. */
static const char *const stateless[] = {"-o", "tcp.relative_sequence_numbers:FALSE", "-o",
	"tcp.analyze_sequence_numbers:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE", "-o",
	"tcp.calculate_timestamps:FALSE", "-o", "tcp.track_bytes_in_flight:FALSE", "-o",
	"ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "--disable-protocol", "mptcp", NULL};
/* These only save time. tshark 3.6 and older reject the first. */
static const char *const quick[] = {"-d", "tcp.port==0-65535,data", "-o",
	"tcp.summary_in_tree:FALSE", "-o", "ip.summary_in_tree:FALSE", "-o",
	"frame.generate_bits_field:FALSE", "-o", "ip.use_geoip:FALSE", "-o",
	"ipv6.summary_in_tree:FALSE", "-o", "ipv6.use_geoip:FALSE", NULL};
static const char *const output_form[] = {"-T", "fields", "-E", "separator=\x1f", "-E",
	"aggregator=;", "-E", "quote=n", "-E", "occurrence=a", NULL};

/* Rows that the plugin may hold back, so that it need not write each by itself; fewer than
 * distribute.c lets a worker owe. */
#define HELD_BACK ",200"

static void add_pair(struct mptcp_argv *argv, const char *option, const char *value)
{
	if (value) {
		mptcp_argv_add(argv, option);
		mptcp_argv_add(argv, value);
	}
}

static void add_arguments(struct mptcp_argv *argv, const struct mptcp_worker_call *call)
{
	mptcp_argv_add(argv, call->program);
	mptcp_argv_add(argv, "-n");
	add_pair(argv, "-C", call->profile);
	add_pair(argv, "-r", "-");
	if (call->at_once)
		mptcp_argv_add(argv, "-l");
	if (!call->state)
		mptcp_argv_add_all(argv, stateless);
	if (!call->state && !call->lean)
		mptcp_argv_add_all(argv, quick);
	if (call->plugins) {
		mptcp_argv_add(argv, "-q");
		add_pair(argv, "-z", call->at_once ? MPTCP_PLUGIN_TAP : MPTCP_PLUGIN_TAP HELD_BACK);
		return;
	}
	mptcp_argv_add_all(argv, output_form);
	for (size_t i = 0; i < mptcp_frame_field_count; i++)
		add_pair(argv, "-e", mptcp_frame_fields[i]);
	for (size_t i = 0; i < call->field_count; i++)
		add_pair(argv, "-e", call->fields[i]);
}

static void widen(int fd)
{
	if (fd < 0)
		return;
	fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE); /* where a limit forbids it, it works with less */
	fcntl(fd, F_SETFL, O_NONBLOCK);
}

static int start_process(struct mptcp_worker *worker, const struct mptcp_argv *argv,
	const char *const *environment, struct mptcp_error *error)
{
	const struct mptcp_process_options options = {
		.in = MPTCP_PROCESS_PIPE,
		.out = MPTCP_PROCESS_PIPE,
		.log = worker->call->told ? NULL : worker->call->log,
		.environment = environment,
		.own_group = true,
		/* root's own profile cannot be read by nobody */
		.unprivileged = !worker->call->profile,
	};

	if (argv->failed)
		return mptcp_error_memory(error);
	return mptcp_process_start(&worker->process, (const char *const *)argv->items, &options,
		error);
}

static int start(struct mptcp_worker *worker, struct mptcp_error *error)
{
	struct mptcp_worker_call *call = worker->call;
	struct mptcp_argv argv = {0}, environment = {0};

	worker->process = MPTCP_PROCESS_NONE;
	worker->lean = call->lean;
	worker->rows = call->plugins;
	add_arguments(&argv, call);
	mptcp_argv_add_all(&environment,
		call->profile ? mptcp_wireshark_of_user : mptcp_wireshark_secluded);
	if (call->plugins)
		mptcp_argv_format(&environment, "WIRESHARK_PLUGIN_DIR=%s", call->plugins);
	int failed = environment.failed
		? mptcp_error_memory(error)
		: start_process(worker, &argv, (const char *const *)environment.items, error);
	mptcp_argv_clear(&argv);
	mptcp_argv_clear(&environment);
	call->told = true;
	if (failed)
		return -1;
	widen(worker->process.in);
	widen(worker->process.out);
	return 0;
}

struct mptcp_worker *mptcp_worker_new(struct mptcp_worker_call *call, struct mptcp_error *error)
{
	struct mptcp_worker *worker = calloc(1, sizeof(*worker));

	if (!worker) {
		mptcp_error_memory(error);
		return NULL;
	}
	worker->call = call;
	if (start(worker, error)) {
		free(worker);
		return NULL;
	}
	return worker;
}

/* The length of a pcapng block in headers that are longer than it, in their byte order. */
static size_t block_length(const struct mptcp_buffer *headers, size_t at, bool swapped)
{
	uint32_t length;

	memcpy(&length, headers->bytes + at + 4, sizeof(length));
	return swapped ? __builtin_bswap32(length) : length;
}

/*
 * tshark reads all interfaces before the first packet in one go, and loses its way in a pipe where
 * they are very many: an empty packet on the first one makes it go on block by block.
 */
static void add_headers(struct mptcp_worker *worker, const struct mptcp_buffer *headers)
{
	static const uint32_t magic = 0x1a2b3c4d, section = 0x0a0d0d0a;
	uint32_t packet[8] = {6, sizeof(packet), 0, 0, 0, 0, 0, sizeof(packet)};
	size_t begin = 0;

	if (!worker->headers && headers->length > HEADERS_WHOLE &&
		!memcmp(headers->bytes, &section, sizeof(section))) {
		bool swapped = memcmp(headers->bytes + 8, &magic, sizeof(magic)) != 0;

		begin = block_length(headers, 0, swapped);
		if (begin < headers->length - 8)
			begin += block_length(headers, begin, swapped);
		for (size_t i = 0; swapped && i < sizeof(packet) / sizeof(*packet); i++)
			packet[i] = __builtin_bswap32(packet[i]);
		if (begin <= headers->length) {
			mptcp_buffer_add(&worker->input, headers->bytes, begin);
			mptcp_buffer_add(&worker->input, packet, sizeof(packet));
			worker->parted = true;
			worker->headers = begin;
		}
	}
	mptcp_buffer_add(&worker->input, headers->bytes + worker->headers,
		headers->length - worker->headers);
	worker->headers = headers->length;
}

int mptcp_worker_feed(struct mptcp_worker *worker, const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record, uint32_t limit)
{
	const struct mptcp_buffer *headers = mptcp_capture_headers(capture);

	if (worker->headers < headers->length)
		add_headers(worker, headers);
	if (record && mptcp_capture_copy(capture, record, limit, &worker->input))
		return -1;
	worker->fed += record != NULL;
	return worker->input.failed ? -1 : 0;
}

void mptcp_worker_write(struct mptcp_worker *worker)
{
	while (mptcp_worker_pending(worker)) {
		ssize_t written =
			mptcp_process_write(&worker->process, worker->input.bytes + worker->written,
				worker->input.length - worker->written);
		if (written < 0 && errno == EAGAIN)
			break;
		if (written < 0 && errno == EINTR)
			continue;
		if (written <
			0) { /* it is gone: what it has to say is on its output and in its status */
			close(worker->process.in);
			worker->process.in = -1;
			return;
		}
		worker->written += (size_t)written;
	}
	if (worker->process.in >= 0 && worker->last && worker->written == worker->input.length) {
		close(worker->process.in);
		worker->process.in = -1;
	}
	/* Before its first line everything is kept, in case it has to be started again. */
	if (worker->heard && worker->written > worker->input.length / 2) {
		mptcp_buffer_consume(&worker->input, worker->written);
		worker->written = 0;
	}
}

/* True if it ended at once because it does not know one of the options that only save time. */
static bool too_old(struct mptcp_worker *worker)
{
	struct mptcp_buffer message = MPTCP_BUFFER_INIT;
	bool found = false;

	if (worker->heard || worker->call->state || worker->lean ||
		mptcp_process_wait(&worker->process) != 1)
		return false;
	mptcp_process_message(&worker->process, mptcp_noise, &message);
	if (message.length)
		found = strstr(message.bytes, "tcp.port") || strstr(message.bytes, "preference") ||
			strstr(message.bytes, "selector");
	mptcp_buffer_clear(&message);
	return found;
}

/* Starts it again as the call is now, with the same input. */
static int start_again(struct mptcp_worker *worker, struct mptcp_error *error)
{
	mptcp_process_clear(&worker->process);
	worker->call->told = false;
	worker->written = 0;
	return start(worker, error);
}

/* True if it ended before its first row for whatever reason: it may not have the plugin, since it
 * is of another version or runs as root, or the plugin may be at fault. */
static bool without_plugin(struct mptcp_worker *worker)
{
	int status;

	if (worker->heard || !worker->rows || !(status = mptcp_process_wait(&worker->process)))
		return false;
	worker->call->plugins = NULL;
	mptcp_log_say(worker->call->log, MPTCP_LOG_INFO,
		"%s: the plugin did not start (status %d): using -T fields", worker->call->program,
		status);
	return true;
}

int mptcp_worker_read(struct mptcp_worker *worker, struct mptcp_error *error)
{
	if (worker->taken > worker->output.length / 2) {
		mptcp_buffer_consume(&worker->output, worker->taken);
		worker->searched -= worker->taken;
		worker->taken = 0;
	}
	if (mptcp_buffer_reserve(&worker->output, READ_SIZE))
		return mptcp_error_memory(error);
	ssize_t got =
		read(worker->process.out, worker->output.bytes + worker->output.length, READ_SIZE);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got > 0) {
		worker->output.length += (size_t)got;
		worker->heard = true;
		mptcp_process_trim(&worker->process);
		return 0;
	}
	if (without_plugin(worker))
		return start_again(worker, error);
	if (too_old(worker)) {
		worker->call->lean = true;
		return start_again(worker, error);
	}
	worker->ended = true;
	return 0;
}

/* mptcp_worker_line for rows; one that is none, or of another frame, is handed on as it is. */
static const char *next_row(struct mptcp_worker *worker, size_t *length)
{
	const char *row = worker->output.bytes + worker->taken;

	*length = mptcp_plugin_frame_length(row, worker->output.length - worker->taken,
		worker->numbered + 1);
	if (!*length) {
		worker->searched = worker->output.length;
		return NULL;
	}
	worker->taken = worker->searched = worker->taken + *length;
	worker->numbered++;
	return row;
}

static const char *next_line(struct mptcp_worker *worker, size_t *length)
{
	const char *line = worker->output.bytes + worker->taken;
	const char *from = worker->output.bytes + worker->searched;
	const char *stop = memchr(from, '\n', worker->output.length - worker->searched);

	if (!stop) {
		worker->searched = worker->output.length;
		return NULL;
	}
	*length = (size_t)(stop - line);
	worker->taken = worker->searched = (size_t)(stop + 1 - worker->output.bytes);
	return line;
}

const char *mptcp_worker_line(struct mptcp_worker *worker, size_t *length)
{
	const char *line = NULL;

	if (worker->searched != worker->output.length)
		line = worker->rows ? next_row(worker, length) : next_line(worker, length);
	if (line && worker->parted) {
		worker->parted = false;
		return mptcp_worker_line(worker, length);
	}
	worker->answered += line != NULL;
	return line;
}

/* What tshark says of a capture that it cannot read, as opposed to a call that it does not
 * understand. */
static bool blames_capture(const char *message)
{
	static const char *const words[] = {"cut short", "damaged", "corrupt", "isn't a capture",
		"upported"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(message, words[i]))
			return true;
	return false;
}

int mptcp_worker_verdict(struct mptcp_worker *worker, const char *name, struct mptcp_error *error)
{
	const char *program = worker->call->program;
	struct mptcp_buffer message = MPTCP_BUFFER_INIT;
	int status = mptcp_process_wait(&worker->process);
	int result = 0;

	mptcp_process_message(&worker->process, mptcp_noise, &message);
	const char *text = message.bytes;
	if (!strncmp(text, "tshark: ", 8))
		text += 8;
	if (WIFSIGNALED(worker->process.status))
		result = mptcp_error_set(error, MPTCP_PROGRAM, "%s: killed by signal %d (%s)",
			program, WTERMSIG(worker->process.status),
			strsignal(WTERMSIG(worker->process.status)));
	else if (status == 2 && blames_capture(text))
		result = mptcp_error_set(error, MPTCP_DATA, "%s: %s", name, text);
	else if (status)
		result = mptcp_error_set(error, MPTCP_PROGRAM, "%s: %s (status %d)", program,
			*text ? text : "failed", status);
	else if (worker->answered < worker->fed)
		result = mptcp_error_set(error, MPTCP_PROGRAM,
			"%s: ended after %" PRIu64 " of %" PRIu64 " packets%s%s", program,
			worker->answered, worker->fed, *text ? ": " : "", text);
	else if (worker->taken < worker->output.length && !worker->parted)
		result = mptcp_error_set(error, MPTCP_PROGRAM,
			"%s: wrote more lines than it received packets", program);
	mptcp_buffer_clear(&message);
	return result;
}

void mptcp_worker_free(struct mptcp_worker *worker)
{
	if (!worker)
		return;
	mptcp_process_clear(&worker->process);
	mptcp_buffer_clear(&worker->input);
	mptcp_buffer_clear(&worker->output);
	free(worker);
}
