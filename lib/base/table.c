/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every cell becomes text in the buffer of its row first; at the end of the row
 * the texts go into the line of the format, in the order of the layout. Only an aligned table is
 * kept, as one long run of text with the end of each cell beside it.
 */
#include "table.h"
#include "csv.h"
#include "escape.h"
#include "bytes.h"
#include "decimal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A column that is shown. */
struct shown {
	const struct mptcp_table_column *column;
	struct mptcp_buffer key; /* json: what precedes the cell */
	size_t start, length;    /* of its cell in the row being built */
	size_t width;            /* table: of the column, in characters */
};

struct mptcp_table {
	struct shown *shown; /* left to right */
	size_t shown_count;
	struct shown **by_column; /* NULL: not shown */
	size_t column_count;
	struct mptcp_table_options options;
	struct mptcp_output *output;
	struct mptcp_buffer row;  /* the cells of the row being built, as they were set */
	struct mptcp_buffer line; /* the row as it goes out */
	struct mptcp_buffer held; /* table: the cells of all rows, cleaned, one after the other */
	struct mptcp_buffer ends; /* table: a size_t for each cell, where it ends in held */
	uint64_t rows;
	bool misplaced; /* a cell of a column that does not exist */
};

static void add_json_cell(struct mptcp_table *table, const struct shown *shown, const char *text)
{
	bool number = !(shown->column->cells & MPTCP_CELL_TEXT);

	mptcp_buffer_add(&table->line, shown->key.bytes, shown->key.length);
	if (shown->length == 0)
		mptcp_buffer_add(&table->line, "null", 4);
	else if (number && mptcp_escape_is_json_number(text, shown->length))
		mptcp_buffer_add(&table->line, text, shown->length);
	else
		mptcp_escape_json(&table->line, text, shown->length);
}

static void add_held_cell(struct mptcp_table *table, struct shown *shown, const char *text)
{
	size_t width = shown->length ? mptcp_escape_shown(&table->held, text, shown->length)
				     : mptcp_escape_shown(&table->held, "-", 1);

	mptcp_buffer_add(&table->ends, &table->held.length, sizeof(table->held.length));
	if (width > shown->width)
		shown->width = width;
}

/* NULL where the column is not shown. */
static struct shown *find(struct mptcp_table *table, size_t column)
{
	if (column < table->column_count)
		return table->by_column[column];
	table->misplaced = true;
	return NULL;
}

static void set(struct mptcp_table *table, struct shown *shown, const char *text, size_t length)
{
	shown->start = table->row.length;
	if (!mptcp_buffer_add(&table->row, text, length))
		shown->length = length;
}

void mptcp_table_text(struct mptcp_table *table, size_t column, const char *text, size_t length)
{
	struct shown *shown = find(table, column);

	if (shown)
		set(table, shown, text, length);
}

void mptcp_table_string(struct mptcp_table *table, size_t column, const char *string)
{
	mptcp_table_text(table, column, string ? string : "", string ? strlen(string) : 0);
}

static bool is_human(const struct mptcp_table *table, const struct shown *shown)
{
	const char *unit = shown->column->unit;

	return table->options.human && table->options.format == MPTCP_FORMAT_TABLE &&
		(!strcmp(unit, "bytes") || !strcmp(unit, "bps"));
}

/* 1234567 as 1.2M: powers of 1000, one decimal, rounded (so that 999950 is 1.0M). */
static void set_human(struct mptcp_table *table, struct shown *shown, bool negative,
	uint64_t number)
{
	uint64_t tenth = 100; /* of the unit */
	const char *unit = "kMGTPE";
	char text[32];

	while (unit[1] && number / tenth + (number % tenth >= tenth / 2) >= 10000) {
		tenth *= 1000;
		unit++;
	}
	uint64_t tenths = number / tenth + (number % tenth >= tenth / 2);
	int length = number < 1000
		? snprintf(text, sizeof(text), "%s%" PRIu64, negative ? "-" : "", number)
		: snprintf(text, sizeof(text), "%s%" PRIu64 ".%u%c", negative ? "-" : "",
			  tenths / 10, (unsigned)(tenths % 10), *unit);
	set(table, shown, text, (size_t)length);
}

static void set_integer(struct mptcp_table *table, size_t column, bool negative, uint64_t magnitude)
{
	struct shown *shown = find(table, column);
	char text[21] = "-";

	if (!shown)
		return;
	if (is_human(table, shown))
		set_human(table, shown, negative, magnitude);
	else
		set(table, shown, text,
			negative + mptcp_decimal_format(text + negative, magnitude));
}

void mptcp_table_unsigned(struct mptcp_table *table, size_t column, uint64_t number)
{
	set_integer(table, column, false, number);
}

void mptcp_table_signed(struct mptcp_table *table, size_t column, int64_t number)
{
	set_integer(table, column, number < 0, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void mptcp_table_real(struct mptcp_table *table, size_t column, double number, int decimals)
{
	struct shown *shown = find(table, column);
	char text[400]; /* the largest double has 309 digits */

	if (!shown)
		return;
	if (!isfinite(number)) {
		set(table, shown, "", 0);
		return;
	}
	if (is_human(table, shown) && fabs(number) >= 999.5 && fabs(number) < 1e19) {
		set_human(table, shown, number < 0, (uint64_t)(fabs(number) + 0.5));
		return;
	}
	int length = snprintf(text, sizeof(text), "%.*f",
		decimals < 0            ? 0
			: decimals > 60 ? 60
					: decimals,
		number);
	set(table, shown, text, (size_t)length);
}

void mptcp_table_time(struct mptcp_table *table, size_t column, int64_t nanoseconds)
{
	struct shown *shown = find(table, column);
	char text[MPTCP_TIME_TEXT];

	if (shown)
		set(table, shown, text, mptcp_time_format(text, nanoseconds));
}

void mptcp_table_token(struct mptcp_table *table, size_t column, uint32_t token)
{
	struct shown *shown = find(table, column);
	char text[8];

	if (shown)
		set(table, shown, text, mptcp_hex_format(text, token, 8));
}

void mptcp_table_address(struct mptcp_table *table, size_t column,
	const struct mptcp_address *address)
{
	struct shown *shown = find(table, column);
	char text[MPTCP_ADDRESS_TEXT];

	if (shown)
		set(table, shown, text, mptcp_address_format(address, text));
}

static void write_line(struct mptcp_table *table)
{
	mptcp_buffer_add_char(&table->line, '\n');
	if (table->line.failed)
		return;
	mptcp_output_write(table->output, table->line.bytes, table->line.length);
	mptcp_buffer_reset(&table->line);
}

/* Whether no cell of the row needs quotes in CSV. */
static bool is_plain(const struct mptcp_table *table)
{
	const char quoted[] = {table->options.delimiter, '"', '\r', '\n'};

	for (size_t i = 0; i < sizeof(quoted) && table->row.length; i++)
		if (memchr(table->row.bytes, quoted[i], table->row.length))
			return false;
	return true;
}

static void add_csv_row(struct mptcp_table *table)
{
	struct mptcp_buffer *line = &table->line;
	bool plain = is_plain(table);

	if (mptcp_buffer_reserve(line, table->row.length + table->shown_count))
		return;
	for (size_t i = 0; i < table->shown_count; i++) {
		const struct shown *shown = &table->shown[i];
		const char *text = table->row.bytes + shown->start;

		if (i)
			line->bytes[line->length++] = table->options.delimiter;
		if (!shown->length)
			continue;
		if (plain) {
			memcpy(line->bytes + line->length, text, shown->length);
			line->length += shown->length;
		} else if (mptcp_csv_add_cell(line, text, shown->length,
				   table->options.delimiter) ||
			mptcp_buffer_reserve(line, table->row.length + table->shown_count)) {
			return;
		}
	}
	/* a reader would not take an empty line for a row */
	if (line->length == 0)
		mptcp_buffer_add(line, "\"\"", 2);
}

static void add_json_row(struct mptcp_table *table)
{
	for (size_t i = 0; i < table->shown_count; i++)
		add_json_cell(table, &table->shown[i], table->row.bytes + table->shown[i].start);
	mptcp_buffer_add_char(&table->line, '}');
}

void mptcp_table_end_row(struct mptcp_table *table)
{
	table->rows++;
	if (table->row.failed || mptcp_buffer_reserve(&table->row, 0))
		return;
	switch (table->options.format) {
	case MPTCP_FORMAT_CSV:
		add_csv_row(table);
		write_line(table);
		break;
	case MPTCP_FORMAT_JSON:
		add_json_row(table);
		write_line(table);
		break;
	case MPTCP_FORMAT_TABLE:
		for (size_t i = 0; i < table->shown_count; i++)
			add_held_cell(table, &table->shown[i],
				table->row.bytes + table->shown[i].start);
		break;
	}
	for (size_t i = 0; i < table->shown_count; i++)
		table->shown[i].start = table->shown[i].length = 0;
	table->row.length = 0;
}

uint64_t mptcp_table_rows(const struct mptcp_table *table)
{
	return table->rows;
}

static void release(struct mptcp_table *table)
{
	mptcp_buffer_clear(&table->row);
	mptcp_buffer_clear(&table->line);
	mptcp_buffer_clear(&table->held);
	mptcp_buffer_clear(&table->ends);
	for (size_t i = 0; table->shown && i < table->shown_count; i++)
		mptcp_buffer_clear(&table->shown[i].key);
	free(table->shown);
	free(table->by_column);
	free(table);
}

/* Which column is shown where. */
static int lay_out(struct mptcp_table *table, const struct mptcp_layout *layout)
{
	table->shown_count = mptcp_layout_shown(layout);
	table->column_count = layout->count;
	table->shown = calloc(table->shown_count + 1, sizeof(*table->shown));
	table->by_column = calloc(layout->count + 1, sizeof(struct shown *));
	if (!table->shown || !table->by_column)
		return -1;
	for (size_t i = 0; i < table->shown_count; i++) {
		size_t column = mptcp_layout_at(layout, i);
		struct shown *shown = &table->shown[i];
		const char *name = layout->columns[column].name;

		table->by_column[column] = shown;
		shown->column = &layout->columns[column];
		mptcp_buffer_add_char(&shown->key, i ? ',' : '{');
		mptcp_escape_json(&shown->key, name, strlen(name));
		if (mptcp_buffer_add_char(&shown->key, ':'))
			return -1;
	}
	return 0;
}

struct mptcp_table *mptcp_table_open(const struct mptcp_layout *layout,
	const struct mptcp_table_options *options, struct mptcp_output *output,
	struct mptcp_error *error)
{
	if (options->format == MPTCP_FORMAT_CSV &&
		mptcp_csv_check_delimiter(options->delimiter, error))
		return NULL;
	struct mptcp_table *table = calloc(1, sizeof(*table));
	if (!table || lay_out(table, layout)) {
		if (table)
			release(table);
		mptcp_error_memory(error);
		return NULL;
	}
	table->options = *options;
	table->output = output;
	/* The header is a row like the others, except that it is text in every format, and that
	 * JSON has none. */
	if (options->header && options->format != MPTCP_FORMAT_JSON) {
		for (size_t i = 0; i < table->shown_count; i++) {
			const char *name = table->shown[i].column->name;

			set(table, &table->shown[i], name, strlen(name));
		}
		mptcp_table_end_row(table);
		table->rows = 0;
	}
	return table;
}

static void add_spaces(struct mptcp_buffer *line, size_t count)
{
	if (mptcp_buffer_reserve(line, count))
		return;
	memset(line->bytes + line->length, ' ', count);
	line->length += count;
}

/* Aligns a cell into the line, two spaces after the one before. What is held is valid UTF-8, so
 * counting first bytes counts characters. */
static void put_aligned(struct mptcp_table *table, size_t column, const char *text, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	size_t padding = table->shown[column].width - width;
	bool right = !(table->shown[column].column->cells & MPTCP_CELL_TEXT);
	if (column)
		mptcp_buffer_add(&table->line, "  ", 2);
	if (right)
		add_spaces(&table->line, padding);
	mptcp_buffer_add(&table->line, text, length);
	if (!right)
		add_spaces(&table->line, padding);
}

static void write_held(struct mptcp_table *table)
{
	size_t cells = table->ends.length / sizeof(size_t), start = 0, end;
	struct mptcp_buffer *line = &table->line;

	for (size_t i = 0; i < cells; i++, start = end) {
		bool bold = i < table->shown_count && table->options.header && table->options.bold;
		memcpy(&end, table->ends.bytes + i * sizeof(end), sizeof(end));
		if (bold && i == 0)
			mptcp_buffer_add_string(line, "\033[1m");
		put_aligned(table, i % table->shown_count, table->held.bytes + start, end - start);
		if ((i + 1) % table->shown_count)
			continue;
		while (line->length && line->bytes[line->length - 1] == ' ')
			line->length--;
		if (bold)
			mptcp_buffer_add_string(line, "\033[0m");
		write_line(table);
	}
}

int mptcp_table_close(struct mptcp_table *table, struct mptcp_error *error)
{
	bool failed = table->row.failed || table->held.failed || table->ends.failed,
	     misplaced = table->misplaced;

	if (!failed)
		write_held(table);
	failed |= table->line.failed;
	release(table);
	if (failed)
		return mptcp_error_memory(error);
	if (misplaced)
		return mptcp_error_set(error, MPTCP_DATA, "a cell does not belong to a column");
	return 0;
}
