/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "captures_labels.h"

#include "csv.h"
#include "hashed.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A row of the table. */
struct label_row {
	struct mptcp_argv cells; /* without the capture */
	char *capture;
	UT_hash_handle hh;
};

static int add_name(struct labels *labels, const char *name, size_t length,
	struct mptcp_error *error)
{
	for (size_t i = 0; i < labels->names.count; i++)
		if (strlen(labels->names.items[i]) == length &&
			!memcmp(labels->names.items[i], name, length))
			return mptcp_error_set(error, MPTCP_USAGE, "label '%.*s' is there twice",
				(int)length, name);
	mptcp_argv_add_part(&labels->names, name, length);
	return labels->names.failed ? mptcp_error_memory(error) : 0;
}

/* Puts a name there that may be there already. */
static int join_name(struct labels *labels, const char *name, size_t length,
	struct mptcp_error *error)
{
	struct mptcp_error twice;

	if (add_name(labels, name, length, &twice) && twice.status != MPTCP_USAGE) {
		*error = twice;
		return -1;
	}
	return 0;
}

/* A table that is being read. */
struct reading {
	struct labels *labels;
	struct mptcp_csv *csv;
	const char *path;
	size_t capture, columns; /* where the column `capture` is, and how many there are */
};

/* Finds the column `capture`; the others are labels. */
static int read_header(struct reading *reading, struct mptcp_error *error)
{
	const struct mptcp_text *cells;
	size_t count = 0;
	enum mptcp_result got = mptcp_csv_next(reading->csv, &cells, &count, error);

	if (got == MPTCP_FAILED)
		return -1;
	reading->columns = reading->capture = count;
	for (size_t i = 0; got == MPTCP_ROW && i < count; i++) {
		if (reading->capture == count && cells[i].length == strlen(MPTCP_INPUT_CAPTURE) &&
			!memcmp(cells[i].bytes, MPTCP_INPUT_CAPTURE, cells[i].length))
			reading->capture = i;
		else if (add_name(reading->labels, cells[i].bytes, cells[i].length, error))
			return mptcp_error_prefix(error, reading->path);
	}
	if (got == MPTCP_ROW && reading->capture < count)
		return 0;
	return mptcp_error_set(error, MPTCP_DATA, "%s: no column '%s' to join on", reading->path,
		MPTCP_INPUT_CAPTURE);
}

static void free_row(struct label_row *row)
{
	mptcp_argv_clear(&row->cells);
	free(row->capture);
	free(row);
}

/* A row of cells, the capture at one of them. NULL when memory ran out. */
static struct label_row *new_row(const struct mptcp_text *cells, size_t count, size_t capture)
{
	struct label_row *row = calloc(1, sizeof(*row));

	if (!row)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (i != capture)
			mptcp_argv_add_part(&row->cells, cells[i].bytes, cells[i].length);
	row->capture = strndup(cells[capture].bytes, cells[capture].length);
	if (!row->capture || row->cells.failed) {
		free_row(row);
		return NULL;
	}
	return row;
}

/* Takes the row over; NULL means that memory ran out. */
static int add_row(const struct reading *reading, struct label_row *row, struct mptcp_error *error)
{
	struct labels *labels = reading->labels;
	struct label_row *other;

	if (!row)
		return mptcp_error_memory(error);
	HASH_FIND_STR(labels->rows, row->capture, other);
	if (other) {
		mptcp_error_set(error, MPTCP_DATA, "%s: line %llu: capture '%s' is there twice",
			reading->path, mptcp_csv_line(reading->csv), row->capture);
		free_row(row);
		return -1;
	}
	HASH_ADD_KEYPTR(hh, labels->rows, row->capture, strlen(row->capture), row);
	if (row->hh.tbl)
		return 0;
	free_row(row);
	return mptcp_error_memory(error);
}

static int read_table(struct reading *reading, struct mptcp_error *error)
{
	const struct mptcp_text *cells;
	enum mptcp_result got;
	size_t count;

	if (read_header(reading, error))
		return -1;
	while ((got = mptcp_csv_next(reading->csv, &cells, &count, error)) == MPTCP_ROW) {
		if (count != reading->columns)
			return mptcp_error_set(error, MPTCP_DATA,
				"%s: line %llu: row has %zu cells, expected %zu", reading->path,
				mptcp_csv_line(reading->csv), count, reading->columns);
		if (add_row(reading, new_row(cells, count, reading->capture), error))
			return -1;
	}
	return got == MPTCP_FAILED ? -1 : 0;
}

static int open_table(struct labels *labels, const char *path, char delimiter,
	struct mptcp_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return mptcp_error_system(error, MPTCP_IO, "%s", path);
	struct reading reading = {.labels = labels,
		.csv = mptcp_csv_open(&(struct mptcp_opened){fd, path, NULL, 0},
			delimiter ? delimiter : ',', error),
		.path = path};
	int result = reading.csv ? read_table(&reading, error) : -1;
	if (reading.csv)
		mptcp_csv_close(reading.csv);
	close(fd);
	return result;
}

int labels_init(struct labels *labels, const struct mptcp_opt_captures *options, char delimiter,
	struct mptcp_error *error)
{
	labels->from_options = options->label || options->label_file;
	labels->optional = options->label_optional;
	if (options->label) {
		labels->template = mptcp_label_template_new(options->label, error);
		if (!labels->template)
			return mptcp_error_prefix(error, "option --label");
		for (size_t i = 0; i < mptcp_label_count(labels->template); i++)
			if (join_name(labels, mptcp_label_name(labels->template, i),
				    strlen(mptcp_label_name(labels->template, i)), error))
				return -1;
	}
	return options->label_file ? open_table(labels, options->label_file, delimiter, error) : 0;
}

int labels_add_names(struct labels *labels, const char *path, struct mptcp_error *error)
{
	struct mptcp_text name, value;

	while (!labels->from_options && mptcp_label_next(&path, &name, &value))
		if (join_name(labels, name.bytes, name.length, error))
			return -1;
	return 0;
}

int labels_add_carried(struct labels *labels, const struct labels_carried *carried,
	struct mptcp_error *error)
{
	for (size_t i = 0; !labels->from_options && i < carried->count; i++)
		if (join_name(labels, carried->names[i], strlen(carried->names[i]), error))
			return -1;
	return 0;
}

bool labels_is_number(const struct labels *labels, size_t column)
{
	return labels->template && column < mptcp_label_count(labels->template) &&
		mptcp_label_is_number(labels->template, column);
}

/* The cells that the template takes from the path. */
static int take_from_path(const struct labels *labels, const char *capture,
	struct mptcp_argv *cells, struct mptcp_error *error)
{
	size_t count = mptcp_label_count(labels->template);
	struct mptcp_text *values = calloc(count + 1, sizeof(*values));
	struct mptcp_error refused;

	if (!values)
		return mptcp_error_memory(error);
	bool matched = !mptcp_label_match(labels->template, capture, values, &refused);
	bool fatal = !matched && (!labels->optional || refused.status != MPTCP_USAGE);
	for (size_t i = 0; i < count && !fatal; i++)
		mptcp_argv_add_part(cells, matched ? values[i].bytes : "",
			matched ? values[i].length : 0);
	free(values);
	if (!fatal)
		return 0;
	*error = refused;
	return mptcp_error_prefix(error, "option --label");
}

/* Those of the table, for the columns behind the ones of the template. */
static int take_from_table(const struct labels *labels, const char *capture,
	struct mptcp_argv *cells, struct mptcp_error *error)
{
	size_t count =
		labels->names.count - (labels->template ? mptcp_label_count(labels->template) : 0);
	const struct label_row *row;

	HASH_FIND_STR(labels->rows, capture, row);
	if (!row && count && !labels->optional)
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --label-file: no row for capture '%s'", capture);
	for (size_t i = 0; i < count; i++)
		mptcp_argv_add(cells, row ? row->cells.items[i] : "");
	return 0;
}

/* The cell that a capture brings along, or else the last one of that name in its path. */
static void take_own(const char *name, const char *capture, const struct labels_carried *carried,
	struct mptcp_argv *cells)
{
	struct mptcp_text key, value, found = {"", 0};

	for (size_t i = 0; carried && i < carried->count; i++)
		if (!strcmp(name, carried->names[i])) {
			mptcp_argv_add(cells, carried->cells.items[i]);
			return;
		}
	while (mptcp_label_next(&capture, &key, &value))
		if (key.length == strlen(name) && !memcmp(key.bytes, name, key.length))
			found = value;
	mptcp_argv_add_part(cells, found.bytes, found.length);
}

int labels_of(const struct labels *labels, const char *capture,
	const struct labels_carried *carried, struct mptcp_argv *cells, struct mptcp_error *error)
{
	if (labels->from_options) {
		if ((labels->template && take_from_path(labels, capture, cells, error)) ||
			take_from_table(labels, capture, cells, error))
			return -1;
	} else {
		for (size_t i = 0; i < labels->names.count; i++)
			take_own(labels->names.items[i], capture, carried, cells);
	}
	return cells->failed ? mptcp_error_memory(error) : 0;
}

void labels_clear(struct labels *labels)
{
	struct label_row *row, *next;

	HASH_ITER (hh, labels->rows, row, next) {
		HASH_DEL(labels->rows, row);
		free_row(row);
	}
	mptcp_label_template_free(labels->template);
	mptcp_argv_clear(&labels->names);
	*labels = (struct labels){0};
}
