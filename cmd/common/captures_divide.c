/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A CSV of several captures is divided: the packets of each become a file of their own. */
#include "captures_parts.h"
#include "hashed.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A capture of a CSV that is over. */
struct captures_seen {
	char *name;
	UT_hash_handle hh;
};

void capture_free(struct capture *capture)
{
	const int open[] = {capture->packets, capture->rows, capture->messages};

	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++)
		if (open[i] >= 0)
			close(open[i]);
	mptcp_argv_clear(&capture->labels);
	free(capture->name);
	free(capture->shown);
	free(capture->path);
	free(capture);
}

struct capture *capture_new(const char *name, size_t length, struct mptcp_error *error)
{
	struct capture *capture = calloc(1, sizeof(*capture));

	if (capture) {
		capture->packets = capture->rows = capture->messages = -1;
		capture->name = strndup(name, length);
	}
	if (capture && capture->name)
		return capture;
	mptcp_error_memory(error);
	if (capture)
		capture_free(capture);
	return NULL;
}

/* Lets a capture open what is in a temporary file. */
int capture_set_path(struct capture *capture, const char *path, const char *shown,
	struct mptcp_error *error)
{
	capture->path = strdup(path);
	capture->shown = shown ? strdup(shown) : NULL;
	return !capture->path || (shown && !capture->shown) ? mptcp_error_memory(error) : 0;
}

/* The labels that a CSV of several has: what is between `capture` and the first column of packets.
 * `cells` NULL: without their values. */
int captures_carried(const struct captures_division *division, struct labels_carried *carried,
	struct mptcp_error *error)
{
	*carried = (struct labels_carried){.names = division->names + division->capture + 1,
		.count = division->labels};
	for (size_t i = 0; division->cells && i < division->labels; i++) {
		const struct mptcp_text *cell = &division->cells[division->capture + 1 + i];

		mptcp_argv_add_part(&carried->cells, cell->bytes, cell->length);
	}
	return carried->cells.failed ? mptcp_error_memory(error) : 0;
}

/* Finds the columns of a CSV of several. */
void captures_divide(struct captures_division *division, struct mptcp_input *input)
{
	size_t at = 0;

	*division = (struct captures_division){.input = input,
		.rows = mptcp_input_captures(input),
		.name = mptcp_input_name(input)};
	division->names = mptcp_rows_names(division->rows, &division->count);
	while (strcmp(division->names[at], MPTCP_INPUT_CAPTURE))
		at++;
	division->capture = at++;
	while (at < division->count &&
		mptcp_column_find(division->names[at], strlen(division->names[at])) < 0)
		at++;
	/* a CSV without a column of packets is refused by whoever reads it */
	if (at < division->count)
		division->labels = at - division->capture - 1;
}

/* Whether the row that was read belongs to the capture. */
static bool is_of(const struct captures_division *division, const struct capture *capture)
{
	const struct mptcp_text *cell = &division->cells[division->capture];

	return cell->length == strlen(capture->name) &&
		!memcmp(cell->bytes, capture->name, cell->length);
}

/* Writes the row that was read, or the header line, as packets of one capture. */
static void write_cells(const struct captures_division *division, struct mptcp_output *output,
	char delimiter, struct mptcp_buffer *line)
{
	size_t after = division->capture + division->labels;
	bool first = true;

	mptcp_buffer_reset(line);
	for (size_t i = 0; i < division->count; i++) {
		const char *name = division->names[i];

		if (i >= division->capture && i <= after)
			continue;
		if (!first)
			mptcp_buffer_add_char(line, delimiter);
		first = false;
		if (division->cells)
			mptcp_csv_add_cell(line, division->cells[i].bytes,
				division->cells[i].length, delimiter);
		else
			mptcp_csv_add_cell(line, name, strlen(name), delimiter);
	}
	mptcp_buffer_add_char(line, '\n');
	mptcp_output_write(output, line->bytes, line->length);
}

/* Copies the packets of a capture up to the first of another one. */
static int copy_packets(struct captures *captures, struct capture *capture)
{
	struct captures_division *division = &captures->division;
	struct mptcp_output output = {.fd = capture->packets, .name = "temporary file"};
	struct mptcp_buffer line = MPTCP_BUFFER_INIT;
	const struct mptcp_text *first = division->cells;
	char delimiter = captures->run->settings.input.delimiter;
	enum mptcp_result got = MPTCP_ROW;

	division->cells = NULL;
	write_cells(division, &output, delimiter ? delimiter : ',', &line);
	division->cells = first;
	while (got == MPTCP_ROW && is_of(division, capture)) {
		write_cells(division, &output, delimiter ? delimiter : ',', &line);
		got = mptcp_rows_next_cells(division->rows, &division->cells, &capture->late);
	}
	if (got != MPTCP_ROW)
		division->cells = NULL;
	if (got == MPTCP_FAILED)
		division->rows = NULL;
	int failed = line.failed;
	mptcp_buffer_clear(&line);
	if (mptcp_output_close(&output, &captures->run->error))
		return -1;
	return failed ? mptcp_error_memory(&captures->run->error) : 0;
}

/* Remembers a capture that is over; one that was over before is an error of the CSV. */
static int see(struct captures_division *division, struct capture *capture, unsigned long long line,
	struct mptcp_error *error)
{
	struct captures_seen *seen;

	HASH_FIND_STR(division->seen, capture->name, seen);
	if (seen) {
		mptcp_error_set(&capture->late, MPTCP_DATA,
			"%s: line %llu: rows of capture '%s' are apart: sort them by capture",
			division->name, line, capture->name);
		division->cells = NULL;
		division->rows = NULL;
		return 0;
	}
	seen = calloc(1, sizeof(*seen));
	if (seen)
		seen->name = strdup(capture->name);
	if (seen && seen->name) {
		HASH_ADD_KEYPTR(hh, division->seen, seen->name, strlen(seen->name), seen);
		if (seen->hh.tbl)
			return 0;
	}
	if (seen)
		free(seen->name);
	free(seen);
	return mptcp_error_memory(error);
}

/* The packets of a capture of the CSV become a file that its process reads. */
static int take_part(struct captures *captures, struct capture *capture)
{
	struct captures_division *division = &captures->division;
	struct mptcp_error *error = &captures->run->error;
	struct mptcp_buffer shown = MPTCP_BUFFER_INIT;
	struct labels_carried carried = {0};
	char path[TEMPORARY_PATH];

	capture->line = mptcp_rows_line(division->rows);
	if (see(division, capture, capture->line, error))
		return -1;
	if (capture->late.status)
		return 0;
	int failed = captures_carried(division, &carried, error);
	if (!failed &&
		labels_of(&captures->labels, capture->name, &carried, &capture->labels,
			&capture->late)) {
		failed = capture->late.status == MPTCP_USAGE ? 0 : -1;
		mptcp_argv_clear(&capture->labels);
	}
	mptcp_argv_clear(&carried.cells);
	capture->packets = failed ? -1 : temporary_file(error);
	if (capture->packets < 0 || copy_packets(captures, capture))
		return -1;
	if (capture->late.status == MPTCP_USAGE) /* it has no labels, and so no rows */
		return 0;
	temporary_path(capture->packets, path);
	mptcp_buffer_format(&shown, "%s: %s", division->name, capture->name);
	failed = shown.failed ? mptcp_error_memory(error)
			      : capture_set_path(capture, path, shown.bytes, error);
	mptcp_buffer_clear(&shown);
	return failed;
}

void captures_end_division(struct captures_division *division)
{
	struct captures_seen *seen, *next;

	HASH_ITER (hh, division->seen, seen, next) {
		HASH_DEL(division->seen, seen);
		free(seen->name);
		free(seen);
	}
	mptcp_input_close(division->input);
	*division = (struct captures_division){0};
}

/* The next capture of the CSV that is being divided; NULL where it has no more. */
struct capture *captures_next_part(struct captures *captures, bool *failed)
{
	struct captures_division *division = &captures->division;
	struct mptcp_error *error = &captures->run->error, wrong = {0};
	enum mptcp_result got = MPTCP_ROW;
	struct capture *capture = NULL;

	if (!division->rows)
		return NULL;
	if (!division->cells)
		got = division->any
			? MPTCP_END
			: mptcp_rows_next_cells(division->rows, &division->cells, &wrong);
	if (got == MPTCP_END && division->any)
		return NULL;
	if (got == MPTCP_END)
		mptcp_error_set(&wrong, MPTCP_NOTHING, "%s: no TCP packets", division->name);
	division->any = true;
	if (got == MPTCP_ROW) {
		const struct mptcp_text *cell = &division->cells[division->capture];

		capture = capture_new(cell->bytes, cell->length, error);
		*failed = !capture || take_part(captures, capture);
	} else {
		division->cells = NULL;
		division->rows = NULL;
		capture = capture_new(division->name, strlen(division->name), error);
		*failed = !capture;
		if (capture)
			capture->late = wrong;
	}
	return capture;
}
