/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chart.h"

#include "array.h"
#include "input.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_LENGTH 64    /* nobody writes longer numbers */
#define LABELS_MAX 100000   /* texts of events; a picture with more would be black */
#define THIN_FIRST 0x10000u /* points of a line and kind before they are thinned */

enum column {
	COLUMN_X,
	COLUMN_Y,
	COLUMN_SERIES,
	COLUMN_KIND,
	COLUMN_Y2,
	COLUMN_LABEL,
	COLUMN_CAPTURE,
	COLUMNS
};

static const char *const column_names[COLUMNS] = {"x", "y", "series", "kind", "y2", "label",
	MPTCP_INPUT_CAPTURE};
static const struct mptcp_text nothing = {"", 0};

/* A file being read into a chart. */
struct reading {
	struct mptcp_chart *chart;
	struct mptcp_csv *csv;
	const char *name;
	size_t places[COLUMNS];  /* of the columns; SIZE_MAX where there is none */
	size_t cells;            /* of the header, hence of each row */
	size_t labels;           /* how many behind the capture are labels of it */
	struct mptcp_buffer key; /* of the row's line */
	struct mptcp_error *error;
};

static bool text_is(const struct mptcp_text *text, const char *string)
{
	return text->length == strlen(string) && memcmp(text->bytes, string, text->length) == 0;
}

bool mptcp_chart_is_series(const char *bytes, size_t length, char delimiter)
{
	char start[] = "x,y,series", captures[] = MPTCP_INPUT_CAPTURE ",", within[] = ",x,y,series";
	const char *end = memchr(bytes, '\n', length);
	size_t line = end ? (size_t)(end - bytes) : length;

	start[1] = start[3] = within[0] = within[2] = within[4] = delimiter;
	captures[sizeof(captures) - 2] = delimiter;
	if (length >= sizeof(captures) - 1 && !memcmp(bytes, captures, sizeof(captures) - 1))
		return memmem(bytes, line, within, sizeof(within) - 1) != NULL;
	return length >= sizeof(start) - 1 && memcmp(bytes, start, sizeof(start) - 1) == 0;
}

static int wrong(struct reading *reading, const char *what, const struct mptcp_text *cell)
{
	int length = cell->length < NUMBER_LENGTH ? (int)cell->length : NUMBER_LENGTH;

	return mptcp_error_set(reading->error, MPTCP_DATA, "%s: line %llu: %s: '%.*s'",
		reading->name, mptcp_csv_line(reading->csv), what, length, cell->bytes);
}

/* The columns behind the capture, up to the first one of a series. */
static void count_labels(struct reading *reading)
{
	size_t capture = reading->places[COLUMN_CAPTURE], end = reading->cells;

	if (capture == SIZE_MAX)
		return;
	for (size_t c = 0; c < COLUMN_CAPTURE; c++)
		if (reading->places[c] > capture && reading->places[c] < end)
			end = reading->places[c];
	reading->labels = end - capture - 1;
}

static int read_header(struct reading *reading)
{
	const struct mptcp_text *cells;
	enum mptcp_result got =
		mptcp_csv_next(reading->csv, &cells, &reading->cells, reading->error);

	if (got == MPTCP_FAILED)
		return -1;
	for (size_t c = 0; c < COLUMNS; c++) {
		reading->places[c] = SIZE_MAX;
		for (size_t i = 0; got == MPTCP_ROW && i < reading->cells; i++)
			if (text_is(&cells[i], column_names[c]))
				reading->places[c] = i;
		if (c <= COLUMN_SERIES && reading->places[c] == SIZE_MAX)
			return mptcp_error_set(reading->error, MPTCP_DATA,
				"%s: no column '%s': a series has x, y and series", reading->name,
				column_names[c]);
	}
	count_labels(reading);
	return 0;
}

static int get_number(struct reading *reading, const struct mptcp_text *cell, double *number)
{
	char text[NUMBER_LENGTH + 1], *end;

	*number = NAN;
	if (!cell->length)
		return 0;
	if (cell->length > NUMBER_LENGTH)
		return wrong(reading, "not a number", cell);
	memcpy(text, cell->bytes, cell->length);
	text[cell->length] = '\0';
	if (strspn(text, "0123456789+-.eE") != cell->length)
		return wrong(reading, "not a number", cell);
	*number = strtod(text, &end);
	return *end || end == text || !isfinite(*number) ? wrong(reading, "not a number", cell) : 0;
}

static void free_line(struct mptcp_chart_line *line)
{
	for (size_t k = 0; k < MPTCP_CHART_KINDS; k++)
		free(line->kinds[k].items);
	free(line->key);
	free(line->name);
	free(line);
}

/* A line of a capture that is not there yet; NULL when memory ran out. */
static struct mptcp_chart_line *add_line(struct mptcp_chart *chart, const struct mptcp_text *name,
	size_t capture, const char *key)
{
	struct mptcp_chart_line *line = calloc(1, sizeof(*line));

	if (!line)
		return NULL;
	line->name = strndup(name->bytes, name->length);
	line->key = strdup(key);
	line->capture = capture;
	line->number = HASH_COUNT(chart->lines);
	if (line->name && line->key) {
		line->total = !strncmp(line->name, "total", strlen("total"));
		HASH_ADD_KEYPTR(hh, chart->lines, line->key, strlen(line->key), line);
		if (line->hh.tbl)
			return line;
	}
	free_line(line);
	return NULL;
}

static int get_line(struct reading *reading, const struct mptcp_text *name, size_t capture,
	struct mptcp_chart_line **found)
{
	struct mptcp_buffer *key = &reading->key;

	mptcp_buffer_reset(key);
	mptcp_buffer_format(key, "%zu ", capture);
	if (mptcp_buffer_add(key, name->bytes, name->length))
		return mptcp_error_memory(reading->error);
	HASH_FIND(hh, reading->chart->lines, key->bytes, key->length, *found);
	if (!*found)
		*found = add_line(reading->chart, name, capture, key->bytes);
	return *found ? 0 : mptcp_error_memory(reading->error);
}

/* The number of the row's capture, 0 where the series has no such column. */
static int get_capture(struct reading *reading, const struct mptcp_text *cells, size_t *capture)
{
	size_t place = reading->places[COLUMN_CAPTURE];

	*capture = 0;
	if (place == SIZE_MAX)
		return 0;
	*capture = mptcp_chart_add_capture(reading->chart, &cells[place], &cells[place + 1],
		reading->labels);
	return *capture ? 0 : mptcp_error_memory(reading->error);
}

static bool kind_is_word(const struct mptcp_text *kind)
{
	for (size_t i = 0; i < kind->length; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", kind->bytes[i]))
			return false;
	return true;
}

/* The number of a kind, -1 on an error. */
static int get_kind(struct reading *reading, const struct mptcp_text *kind)
{
	static const struct mptcp_text data = {"data", 4};
	struct mptcp_chart *chart = reading->chart;

	if (!kind->length)
		kind = &data;
	for (size_t i = 0; i < chart->kind_count; i++)
		if (text_is(kind, chart->kinds[i]))
			return (int)i;
	if (!kind_is_word(kind))
		return wrong(reading, "not a kind", kind);
	if (chart->kind_count == MPTCP_CHART_KINDS)
		return wrong(reading, "too many kinds", kind);
	chart->kinds[chart->kind_count] = strndup(kind->bytes, kind->length);
	if (!chart->kinds[chart->kind_count])
		return mptcp_error_memory(reading->error);
	return (int)chart->kind_count++;
}

static int get_label(struct reading *reading, const struct mptcp_text *label, uint32_t *number)
{
	struct mptcp_argv *labels = &reading->chart->labels;

	*number = 0;
	if (!label->length || labels->count == LABELS_MAX)
		return 0;
	mptcp_argv_add_part(labels, label->bytes, label->length);
	if (labels->failed)
		return mptcp_error_memory(reading->error);
	*number = (uint32_t)labels->count;
	return 0;
}

static void widen(struct mptcp_chart *chart, int axis, double value)
{
	chart->low[axis] = fmin(chart->low[axis], value); /* NaN gives way to any number */
	chart->high[axis] = fmax(chart->high[axis], value);
}

/* The grid over the range asked for, or of the data as far as they are known. */
static struct mptcp_grid current_grid(const struct mptcp_chart *chart)
{
	struct mptcp_grid grid = chart->grid;

	for (int axis = 0; axis < 2; axis++) {
		if (isnan(grid.low[axis]))
			grid.low[axis] = chart->low[axis];
		if (isnan(grid.high[axis]))
			grid.high[axis] = chart->high[axis];
	}
	return grid;
}

/* What cannot be thinned below half gets twice the room before the next attempt. */
static int thin_when_full(struct mptcp_chart *chart, struct mptcp_points *points,
	struct mptcp_error *error)
{
	struct mptcp_grid grid = current_grid(chart);

	if (points->thin_at == 0)
		points->thin_at = THIN_FIRST;
	if (points->count < points->thin_at)
		return 0;
	if (mptcp_thin(points->items, &points->count, chart->thin, &grid, error))
		return -1;
	if (points->count > points->thin_at / 2)
		points->thin_at *= 2;
	return 0;
}

static int add_point(struct reading *reading, struct mptcp_points *points,
	const struct mptcp_point *point)
{
	struct mptcp_chart *chart = reading->chart;

	if (thin_when_full(chart, points, reading->error))
		return -1;
	struct mptcp_point *grown = mptcp_array_reserve(points->items, points->count,
		&points->capacity, sizeof(*grown));
	if (!grown)
		return mptcp_error_memory(reading->error);
	points->items = grown;
	points->items[points->count++] = *point;
	chart->points++;
	widen(chart, 0, point->x);
	widen(chart, 1, point->y);
	widen(chart, 1, point->y2);
	return 0;
}

static int read_row(struct reading *reading, const struct mptcp_text *cells)
{
	const struct mptcp_text *row[COLUMNS];
	struct mptcp_chart_line *line;
	struct mptcp_point point;
	size_t capture;

	for (size_t c = 0; c < COLUMNS; c++)
		row[c] = reading->places[c] == SIZE_MAX ? &nothing : &cells[reading->places[c]];
	if (get_number(reading, row[COLUMN_X], &point.x) ||
		get_number(reading, row[COLUMN_Y], &point.y) ||
		get_number(reading, row[COLUMN_Y2], &point.y2) ||
		get_label(reading, row[COLUMN_LABEL], &point.label) ||
		get_capture(reading, cells, &capture) ||
		get_line(reading, row[COLUMN_SERIES], capture, &line))
		return -1;
	int kind = get_kind(reading, row[COLUMN_KIND]);
	return kind < 0 ? -1 : add_point(reading, &line->kinds[kind], &point);
}

static int read_rows(struct reading *reading)
{
	const struct mptcp_text *cells;
	size_t count;
	enum mptcp_result got;

	if (read_header(reading))
		return -1;
	while ((got = mptcp_csv_next(reading->csv, &cells, &count, reading->error)) == MPTCP_ROW) {
		if (count != reading->cells)
			return mptcp_error_set(reading->error, MPTCP_DATA,
				"%s: line %llu: row has %zu cells, expected %zu", reading->name,
				mptcp_csv_line(reading->csv), count, reading->cells);
		if (read_row(reading, cells))
			return -1;
	}
	return got == MPTCP_FAILED ? -1 : 0;
}

int mptcp_chart_read(struct mptcp_chart *chart, struct mptcp_csv *csv, const char *name,
	struct mptcp_error *error)
{
	struct reading reading = {.chart = chart,
		.csv = csv,
		.name = name,
		.key = MPTCP_BUFFER_INIT,
		.error = error};

	for (int axis = 0; axis < 2; axis++)
		chart->low[axis] = chart->high[axis] = NAN;
	int result = read_rows(&reading);
	mptcp_buffer_clear(&reading.key);
	return result;
}

/* By capture; totals first, then by name, with numbers in it compared by value. */
static int by_name(const struct mptcp_chart_line *a, const struct mptcp_chart_line *b)
{
	if (a->capture != b->capture)
		return a->capture < b->capture ? -1 : 1;
	return a->total != b->total ? b->total - a->total : strverscmp(a->name, b->name);
}

int mptcp_chart_end(struct mptcp_chart *chart, struct mptcp_error *error)
{
	struct mptcp_grid grid = current_grid(chart);
	size_t number = 0;

	HASH_SORT(chart->lines, by_name);
	if (mptcp_chart_name_captures(chart))
		return mptcp_error_memory(error);
	for (struct mptcp_chart_line *line = chart->lines; line; line = line->hh.next)
		line->number = number++;

	for (struct mptcp_chart_line *line = chart->lines; line; line = line->hh.next)
		for (size_t k = 0; k < chart->kind_count; k++)
			if (mptcp_thin(line->kinds[k].items, &line->kinds[k].count, chart->thin,
				    &grid, error))
				return -1;
	return 0;
}

void mptcp_chart_clear(struct mptcp_chart *chart)
{
	struct mptcp_chart_line *line, *next;

	HASH_ITER (hh, chart->lines, line, next) {
		HASH_DEL(chart->lines, line);
		free_line(line);
	}
	for (size_t i = 0; i < chart->capture_count; i++) {
		free(chart->captures[i].name);
		free(chart->captures[i].label);
	}
	free(chart->captures);
	for (size_t k = 0; k < chart->kind_count; k++)
		free(chart->kinds[k]);
	mptcp_argv_clear(&chart->labels);
	*chart = (struct mptcp_chart){0};
}
