/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "input.h"

#include "admission.h"
#include "again.h"
#include "capture.h"
#include "export.h"
#include "recording.h"
#include "start.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IDLE 1000 /* milliseconds */

struct mptcp_input {
	const char *name;
	char *path; /* of the capture whose entry in the cache `store` is; NULL otherwise */
	struct mptcp_input_options options;
	struct mptcp_store *store;
	struct mptcp_rows_reader *rows;
	struct mptcp_export *exporter;
	struct mptcp_header header;
	struct mptcp_admission admission;
	struct stat file;
	int fd;
	bool stream; /* standard input */
	bool waits;  /* for rows: there were none to read */
};

static int open_rows(struct mptcp_input *input, const struct mptcp_opened *from, uint64_t wanted,
	struct mptcp_error *error)
{
	char delimiter = input->options.delimiter ? input->options.delimiter : ',';
	struct mptcp_csv *csv = mptcp_csv_open(from, delimiter, error);

	mptcp_log_say(&input->options.log, MPTCP_LOG_DEBUG, "%s: packets as CSV", input->name);
	input->fd = from->fd;
	if (!csv)
		return -1;
	input->rows = mptcp_rows_open(csv, input->name, input->admission.needed,
		wanted | MPTCP_HAS(duplicate_of), error);
	if (!input->rows)
		return -1;
	if (input->options.line)
		mptcp_rows_set_line(input->rows, input->options.line);
	input->header = *mptcp_rows_header(input->rows);
	return 0;
}

static void default_header(struct mptcp_input *input)
{
	mptcp_header_default(&input->header);
	input->header.extra = input->options.fields;
	input->header.extras = input->options.field_count;
}

/* `path`: its file, NULL for none. */
static int open_capture(struct mptcp_input *input, const struct mptcp_opened *from,
	const char *path, struct mptcp_error *error)
{
	default_header(input);
	if (path) {
		input->store = mptcp_recording_find(path, &input->options);
		if (input->store) {
			close(from->fd);
			input->path = strdup(path); /* NULL: damage is then the end */
			return 0;
		}
	}
	struct mptcp_capture *capture = mptcp_capture_open(from, input->options.editcap, error);
	if (!capture)
		return -1;
	mptcp_log_say(&input->options.log, MPTCP_LOG_DEBUG, "%s: a capture%s%s%s", input->name,
		mptcp_capture_is_converted(capture) ? ", converted: " : "",
		mptcp_capture_is_converted(capture) ? input->options.editcap : "",
		mptcp_capture_is_converted(capture) ? " -F pcapng - -" : "");
	input->admission.checked = true;
	input->exporter = mptcp_export_open(capture, input->name, path, &input->options, error);
	return input->exporter ? 0 : -1;
}

static int open_store(struct mptcp_input *input, int fd, struct mptcp_error *error)
{
	if (lseek(fd, 0, SEEK_SET)) {
		close(fd);
		return mptcp_error_set(error, MPTCP_DATA,
			"%s: a cache entry can only be read from a file", input->name);
	}
	mptcp_log_say(&input->options.log, MPTCP_LOG_DEBUG, "%s: an entry of the cache",
		input->name);
	input->store = mptcp_store_open(fd, input->name, error);
	if (!input->store)
		return -1;
	input->header = *mptcp_store_header(input->store);
	return 0;
}

/* Takes fd over. `path` is its file for the cache, NULL where it is not known. */
static int open_fd(struct mptcp_input *input, int fd, const char *path, uint64_t wanted,
	struct mptcp_error *error)
{
	unsigned char start[MPTCP_START_SIZE];
	size_t length;

	if (!fstat(fd, &input->file) && S_ISDIR(input->file.st_mode)) {
		close(fd);
		return mptcp_error_set(error, MPTCP_IO, "%s: is a folder, not a capture",
			input->name);
	}
	if (mptcp_start_read(fd, input->name, start, &length, error)) {
		close(fd);
		return -1;
	}
	if (length >= MPTCP_STORE_MAGIC_LENGTH &&
		!memcmp(start, MPTCP_STORE_MAGIC, MPTCP_STORE_MAGIC_LENGTH))
		return open_store(input, fd, error);
	const struct mptcp_opened from = {fd, input->name, start, length};
	if (!mptcp_capture_known(start, length) && mptcp_start_is_text(start, length))
		return open_rows(input, &from, wanted, error);
	return open_capture(input, &from, S_ISREG(input->file.st_mode) ? path : NULL, error);
}

static int open_operand(struct mptcp_input *input, const char *operand, uint64_t wanted,
	struct mptcp_error *error)
{
	bool standard = !operand || !strcmp(operand, "-");

	input->name = input->options.name ? input->options.name
		: standard                ? "standard input"
					  : operand;
	input->stream = standard;
	int fd = standard ? dup(STDIN_FILENO) : open(operand, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return mptcp_error_system(error, MPTCP_IO, "%s", input->name);
	return open_fd(input, fd, standard ? NULL : operand, wanted, error);
}

/* An input that is not open yet. */
static struct mptcp_input *new_input(const struct mptcp_input_options *options, uint64_t needed,
	struct mptcp_error *error)
{
	struct mptcp_input *input = calloc(1, sizeof(*input));

	if (!input) {
		mptcp_error_memory(error);
		return NULL;
	}
	input->options = *options;
	input->admission = (struct mptcp_admission){
		.needed = needed,
		.copies = options->copies,
		.mptcp_only = options->mptcp_only,
		.taken = {UINT64_MAX, UINT64_MAX},
	};
	input->fd = -1;
	return input;
}

struct mptcp_input *mptcp_input_open(const char *operand, const struct mptcp_input_options *options,
	uint64_t needed, uint64_t wanted, struct mptcp_error *error)
{
	struct mptcp_input *input = new_input(options, needed, error);
	int failed;

	if (!input)
		return NULL;
	if (options->interface) {
		input->name = options->interface;
		default_header(input);
		input->admission.checked = true;
		input->exporter = mptcp_export_live(&input->options, error);
		failed = !input->exporter;
	} else {
		failed = open_operand(input, operand, wanted, error);
	}
	if (failed) {
		mptcp_input_close(input);
		return NULL;
	}
	return input;
}

struct mptcp_input *mptcp_input_open_captures(const char *path,
	const struct mptcp_input_options *options)
{
	unsigned char start[MPTCP_START_SIZE];
	struct mptcp_input *input = NULL;
	struct mptcp_error unreadable; /* whoever reads it as one capture says why */
	struct stat file;
	int fd =
		stat(path, &file) || !S_ISREG(file.st_mode) ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, start, sizeof(start));

	if (fd >= 0)
		close(fd);
	if (length > 0 && !mptcp_capture_known(start, (size_t)length) &&
		mptcp_start_is_text(start, (size_t)length))
		input = mptcp_input_open(path, options, 0, 0, &unreadable);
	if (!input || mptcp_input_captures(input))
		return input;
	mptcp_input_close(input);
	return NULL;
}

struct mptcp_rows_reader *mptcp_input_captures(const struct mptcp_input *input)
{
	return mptcp_header_extra(&input->header, MPTCP_INPUT_CAPTURE) ? input->rows : NULL;
}

struct mptcp_input *mptcp_input_open_fd(int fd, const char *name,
	const struct mptcp_input_options *options, uint64_t wanted, struct mptcp_error *error)
{
	struct mptcp_input *input = new_input(options, 0, error);

	if (!input) {
		close(fd);
		return NULL;
	}
	input->name = name;
	input->stream = true;
	if (open_fd(input, fd, NULL, wanted, error)) {
		mptcp_input_close(input);
		return NULL;
	}
	return input;
}

/* The end of a store is the end of the export that made it. */
static enum mptcp_result end_of_store(const struct mptcp_input *input, struct mptcp_error *error)
{
	const char *warning;
	enum mptcp_status status = mptcp_store_status(input->store, &warning);

	mptcp_export_say_notes(&input->options.log, input->name, mptcp_store_notes(input->store));
	return status == MPTCP_DONE ? MPTCP_END : mptcp_error_set(error, status, "%s", warning);
}

uint64_t mptcp_input_lost(const struct mptcp_input *input)
{
	if (input->exporter)
		return mptcp_export_lost(input->exporter);
	return input->store ? mptcp_export_lost_of(mptcp_store_notes(input->store)) : 0;
}

/* Whether there is nothing to read; when that was said before, whether a second passes so, or a
 * signal comes. A file is always ready. */
static bool is_idle(struct mptcp_input *input)
{
	struct pollfd ready = {.fd = input->fd, .events = POLLIN};

	if (mptcp_rows_buffered(input->rows))
		return false;
	int events = poll(&ready, 1, input->waits ? IDLE : 0);
	input->waits = events == 0 || (events < 0 && errno == EINTR);
	return input->waits;
}

/* Says of a packet that was refused where it is. */
static int refuse(const struct mptcp_input *input, struct mptcp_error *error)
{
	const struct mptcp_error what = *error;

	if (what.status != MPTCP_DATA)
		return -1;
	if (input->rows)
		return mptcp_error_set(error, what.status, "%s: line %llu: %s", input->name,
			mptcp_rows_line(input->rows), what.text);
	return mptcp_error_set(error, what.status, "%s: damaged cache entry: %s", input->name,
		what.text);
}

static enum mptcp_result read_packet(struct mptcp_input *input, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	if (input->store) {
		enum mptcp_result got = mptcp_store_next(input->store, packet, error);

		if (got != MPTCP_FAILED || error->status != MPTCP_DATA || !input->path)
			return got == MPTCP_END ? end_of_store(input, error) : got;
		input->exporter = mptcp_again_export(&input->store, input->path, input->name,
			&input->options, error);
		if (!input->exporter)
			return MPTCP_FAILED;
	}
	if (!input->rows)
		return mptcp_export_next(input->exporter, packet, error);
	return is_idle(input) ? MPTCP_IDLE : mptcp_rows_next(input->rows, packet, error);
}

/* Once, when all were read. */
static void warn_of_copies(struct mptcp_input *input)
{
	struct mptcp_admission *admission = &input->admission;

	if (admission->copied)
		mptcp_log_say(&input->options.log, MPTCP_LOG_WARNING,
			"%s: %llu of %llu packets are copies of others (captured twice: -i any on "
			"a router, a mirror port or before and after NAT) and %s; "
			"%s--keep-duplicates keeps them",
			input->name, (unsigned long long)admission->copied,
			(unsigned long long)admission->packets,
			admission->copies ? "have no TCP connection" : "are left out",
			input->rows ? "mptcp-export " : "");
	admission->copied = 0;
}

enum mptcp_result mptcp_input_next(struct mptcp_input *input, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	enum mptcp_result got;
	bool leave_out = false;

	do {
		got = read_packet(input, packet, error);
		if (got == MPTCP_ROW &&
			mptcp_admission_take(&input->admission, packet, &leave_out, error))
			got = refuse(input, error);
	} while (got == MPTCP_ROW && leave_out);
	if (got == MPTCP_END || got == MPTCP_FAILED)
		warn_of_copies(input);
	return got;
}

bool mptcp_input_is_stream(const struct mptcp_input *input)
{
	return input->stream || input->options.interface;
}

const struct mptcp_header *mptcp_input_header(const struct mptcp_input *input)
{
	return &input->header;
}

void mptcp_input_progress(const struct mptcp_input *input, uint64_t *read, uint64_t *total)
{
	*read = *total = 0;
	if (input->exporter) {
		mptcp_export_progress(input->exporter, read, total);
	} else if (input->rows && S_ISREG(input->file.st_mode)) {
		off_t at = lseek(input->fd, 0, SEEK_CUR);

		*read = at > 0 ? (uint64_t)at : 0;
		*total = (uint64_t)input->file.st_size;
	}
}

const char *mptcp_input_name(const struct mptcp_input *input)
{
	return input->name;
}

void mptcp_input_close(struct mptcp_input *input)
{
	if (!input)
		return;
	mptcp_rows_close(input->rows);
	if (input->fd >= 0)
		close(input->fd);
	mptcp_store_close(input->store);
	mptcp_export_close(input->exporter);
	mptcp_admission_clear(&input->admission);
	free(input->path);
	free(input);
}
