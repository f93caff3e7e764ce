/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of the rows and messages of a capture. */
#include "captures_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_CAPTURE, STATUS_STATUS, STATUS_ROWS, STATUS_SECONDS, STATUS_MESSAGE, STATUS_COLUMNS };

static const struct mptcp_table_column status_columns[] = {
	[STATUS_CAPTURE] = {"capture", MPTCP_CELL_TEXT, 1, "", "the capture"},
	[STATUS_STATUS] = {"status", MPTCP_CELL_NUMBER, 1, "", "exit status; empty: not begun"},
	[STATUS_ROWS] = {"rows", MPTCP_CELL_NUMBER, 1, "", "rows of the result"},
	[STATUS_SECONDS] = {"seconds", MPTCP_CELL_NUMBER, 1, "s", "how long it took"},
	[STATUS_MESSAGE] = {"message", MPTCP_CELL_TEXT, 1, "", "what was wrong"},
};
_Static_assert(sizeof(status_columns) / sizeof(*status_columns) == STATUS_COLUMNS,
	"every column described");

static int open_statuses(struct captures *captures)
{
	static const struct mptcp_layout layout = {.columns = status_columns,
		.count = STATUS_COLUMNS};
	static const struct mptcp_table_options options = {.format = MPTCP_FORMAT_CSV,
		.delimiter = ',',
		.header = true};
	struct tool_run *run = captures->run;
	const char *path = run->settings.captures.status_file;

	if (!path)
		return 0;
	if (run->settings.output && !strcmp(path, run->settings.output))
		return mptcp_error_set(&run->error, MPTCP_USAGE,
			"option --status-file: is the output, too");
	if (protect_check(&run->protect, path, &run->error) ||
		mptcp_output_replace(&captures->status, path, &run->error))
		return -1;
	captures->statuses = mptcp_table_open(&layout, &options, &captures->status, &run->error);
	return captures->statuses ? 0 : -1;
}

int captures_open_result(struct captures *captures)
{
	struct tool_run *run = captures->run;

	if (run->tool->columns ? tool_open_table(run) : tool_open_output(run))
		return -1;
	return open_statuses(captures) ? tool_report(run) : 0;
}

/* Copies what the process has said. */
static void put_messages(const struct capture *capture)
{
	char bytes[4096];
	ssize_t length;

	if (capture->messages < 0 || lseek(capture->messages, 0, SEEK_SET))
		return;
	while ((length = read(capture->messages, bytes, sizeof(bytes))) > 0)
		fwrite(bytes, 1, (size_t)length, stderr);
}

/* The cells of the capture itself. */
static void put_labels(struct captures *captures, const struct capture *capture)
{
	struct mptcp_table *table = captures->run->table;
	size_t column = captures->run->tool->column_count;

	if (!captures->shown)
		return;
	mptcp_table_string(table, column, capture->name);
	for (size_t i = 0; i < capture->labels.count; i++)
		mptcp_table_string(table, ++column, capture->labels.items[i]);
}

/* Takes rows over into the table of all. */
static int put_rows(struct captures *captures, struct capture *capture)
{
	struct tool_run *run = captures->run;
	const struct mptcp_layout *recorded = &captures->recorded;
	const struct mptcp_opened from = {capture->rows, "rows", NULL, 0};
	const struct mptcp_text *cells;
	enum mptcp_result got;
	size_t count;

	struct mptcp_csv *csv = mptcp_csv_open(&from, ',', &run->error);
	if (!csv)
		return -1;
	while ((got = mptcp_csv_next(csv, &cells, &count, &run->error)) == MPTCP_ROW) {
		put_labels(captures, capture);
		for (size_t i = 0; i < count && i < mptcp_layout_shown(recorded); i++)
			mptcp_table_text(run->table, mptcp_layout_at(recorded, i), cells[i].bytes,
				cells[i].length);
		mptcp_table_end_row(run->table);
	}
	mptcp_csv_close(csv);
	return got == MPTCP_FAILED ? -1 : 0;
}

/* What precedes each row of packets: the cells of the capture, or the names of their columns. */
static int add_prefix(const struct captures *captures, const struct capture *capture,
	struct mptcp_buffer *line)
{
	char delimiter = captures->run->settings.input.delimiter;
	const char *first = capture ? capture->name : MPTCP_INPUT_CAPTURE;
	const struct mptcp_argv *others = capture ? &capture->labels : &captures->labels.names;

	if (!delimiter)
		delimiter = ',';
	mptcp_buffer_reset(line);
	if (!captures->shown)
		return 0;
	mptcp_csv_add_cell(line, first, strlen(first), delimiter);
	mptcp_buffer_add_char(line, delimiter);
	for (size_t i = 0; i < others->count; i++) {
		mptcp_csv_add_cell(line, others->items[i], strlen(others->items[i]), delimiter);
		mptcp_buffer_add_char(line, delimiter);
	}
	return line->failed ? mptcp_error_memory(&captures->run->error) : 0;
}

/* The length of the first row of CSV, with its line end; quotes hold line ends together. */
static size_t row_length(const char *bytes, size_t length)
{
	bool open = false;

	for (size_t i = 0; i < length; i++) {
		open ^= bytes[i] == '"';
		if (bytes[i] == '\n' && !open)
			return i + 1;
	}
	return 0;
}

/* The header line is that of the first capture, without which there is none. */
static int put_header(struct captures *captures, const struct capture *capture, const char *bytes,
	size_t length)
{
	struct tool_run *run = captures->run;
	struct mptcp_buffer prefix = MPTCP_BUFFER_INIT;

	if (captures->header.length) {
		if (captures->header.length == length &&
			!memcmp(captures->header.bytes, bytes, length))
			return 0;
		return mptcp_error_set(&run->error, MPTCP_DATA,
			"%s: has other columns than the captures before it", capture->name);
	}
	if (mptcp_buffer_add(&captures->header, bytes, length))
		return mptcp_error_memory(&run->error);
	int result = add_prefix(captures, NULL, &prefix);
	if (!result && run->settings.table.header) {
		mptcp_output_write(&run->output, prefix.bytes, prefix.length);
		mptcp_output_write(&run->output, bytes, length);
	}
	mptcp_buffer_clear(&prefix);
	return result;
}

/* Copies packets, row by row, behind the cells of their capture. */
static int copy_rows(struct captures *captures, const struct capture *capture,
	struct mptcp_buffer *text, const struct mptcp_buffer *prefix)
{
	struct mptcp_output *output = &captures->run->output;
	bool header = true;
	ssize_t got;

	for (;;) {
		size_t at = 0, length;

		if (mptcp_buffer_reserve(text, 65536))
			return mptcp_error_memory(&captures->run->error);
		do
			got = read(capture->rows, text->bytes + text->length, 65536);
		while (got < 0 && errno == EINTR);
		if (got <= 0)
			break;
		text->length += (size_t)got;
		for (; (length = row_length(text->bytes + at, text->length - at)); at += length) {
			const char *row = text->bytes + at;

			if (header && put_header(captures, capture, row, length))
				return -1;
			if (!header) {
				mptcp_output_write(output, prefix->bytes, prefix->length);
				mptcp_output_write(output, row, length);
			}
			header = false;
		}
		mptcp_buffer_consume(text, at);
	}
	return got < 0 ? mptcp_error_system(&captures->run->error, MPTCP_IO, "temporary file") : 0;
}

static int put_packets(struct captures *captures, const struct capture *capture)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT, prefix = MPTCP_BUFFER_INIT;
	int result = add_prefix(captures, capture, &prefix);

	if (!result)
		result = copy_rows(captures, capture, &text, &prefix);
	mptcp_buffer_clear(&text);
	mptcp_buffer_clear(&prefix);
	return result;
}

/* Makes an error of the capture its outcome, if there is none that is worse. */
static void worsen(struct captures *captures, struct capture *capture,
	const struct mptcp_error *error)
{
	struct tool_outcome *outcome = capture->outcome;

	captures->run->error = *error;
	tool_report(captures->run);
	if ((int)error->status > outcome->status) {
		outcome->status = (int)error->status;
		snprintf(outcome->message, sizeof(outcome->message), "%s", error->text);
	}
}

/* What the end of its process means, where it did not come to say it. */
static void judge_end(struct captures *captures, struct capture *capture)
{
	struct mptcp_error error;
	int number = WIFSIGNALED(capture->ended) ? WTERMSIG(capture->ended) : 0;

	if (!capture->path || capture->outcome->finished)
		return;
	if (number)
		mptcp_error_set(&error, MPTCP_PROGRAM, "%s: ended by signal %d (%s)", capture->name,
			number, strsignal(number));
	else
		mptcp_error_set(&error, MPTCP_PROGRAM, "%s: ended with status %d", capture->name,
			WEXITSTATUS(capture->ended));
	worsen(captures, capture, &error);
}

static void put_status(struct captures *captures, const struct capture *capture)
{
	const struct tool_outcome *outcome = capture->outcome;
	struct mptcp_table *table = captures->statuses;

	if (!table)
		return;
	mptcp_table_string(table, STATUS_CAPTURE, capture->name);
	mptcp_table_unsigned(table, STATUS_STATUS, (uint64_t)outcome->status);
	mptcp_table_unsigned(table, STATUS_ROWS, outcome->rows);
	mptcp_table_time(table, STATUS_SECONDS, capture->took);
	mptcp_table_string(table, STATUS_MESSAGE, outcome->message);
	mptcp_table_end_row(table);
}

void captures_put(struct captures *captures, struct capture *capture)
{
	struct tool_run *run = captures->run;
	struct tool_outcome *outcome = capture->outcome;
	bool whole = capture->path && outcome->finished;

	if (whole &&
		(lseek(capture->rows, 0, SEEK_SET) ||
			(run->tool->columns ? put_rows(captures, capture)
					    : put_packets(captures, capture)))) {
		struct mptcp_error error = run->error;

		worsen(captures, capture, &error);
	}
	mptcp_output_flush(&run->output);
	put_messages(capture);
	judge_end(captures, capture);
	if (capture->late.status == MPTCP_NOTHING)
		tool_say(run, MPTCP_LOG_WARNING, "%s", capture->late.text);
	else if (capture->late.status)
		worsen(captures, capture, &capture->late);
	captures->rows += outcome->rows;
	/* of a tool that judges, 1 is a verdict */
	if ((outcome->status > MPTCP_NOTHING || !run->tool->nothing) &&
		outcome->status > captures->worst)
		captures->worst = outcome->status;
	put_status(captures, capture);
}

void captures_put_unread(struct captures *captures, const struct capture *capture)
{
	struct mptcp_table *table = captures->statuses;

	if (!table)
		return;
	mptcp_table_string(table, STATUS_CAPTURE, capture->name);
	mptcp_table_string(table, STATUS_MESSAGE, "not begun (--fail-fast)");
	mptcp_table_end_row(table);
}

int captures_close_result(struct captures *captures)
{
	struct mptcp_error *error = &captures->run->error;
	int result = 0;

	mptcp_buffer_clear(&captures->header);
	if (captures->statuses)
		result = mptcp_table_close(captures->statuses, error);
	captures->statuses = NULL;
	if (captures->status.name && mptcp_output_close(&captures->status, error))
		result = -1;
	return result;
}
