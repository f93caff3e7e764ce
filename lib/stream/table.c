/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table: see table.h. Every cell becomes text first, then goes into the line of its format; only an
 * aligned table is kept, as one long run of text with the length of each cell beside it.
 */
#include "table.h"
#include "csv.h"
#include "escape.h"
#include "packet.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mptcp_table {
	const struct mptcp_table_column *columns;
	size_t count;
	struct mptcp_table_options options;
	struct mptcp_output *output;
	struct mptcp_buffer line; /* csv, json: the row in the making */
	struct mptcp_buffer held; /* table: the cells of all rows, cleaned, one behind the other */
	struct mptcp_buffer ends; /* table: a size_t for each cell, where it ends in held */
	size_t *widths;           /* of each column, in characters */
	size_t cell;              /* the column of the next cell */
	uint64_t rows;
	bool miscounted; /* a row had too few or too many cells */
};

static void add_json_cell(struct mptcp_table *table, const char *text, size_t length)
{
	const struct mptcp_table_column *column = &table->columns[table->cell];

	mptcp_buffer_add_char(&table->line, table->cell ? ',' : '{');
	mptcp_escape_json(&table->line, column->name, strlen(column->name));
	mptcp_buffer_add_char(&table->line, ':');
	if (length == 0)
		mptcp_buffer_add_string(&table->line, "null");
	else if (column->type == MPTCP_CELL_NUMBER && mptcp_escape_is_json_number(text, length))
		mptcp_buffer_add(&table->line, text, length);
	else
		mptcp_escape_json(&table->line, text, length);
}

static void add_held_cell(struct mptcp_table *table, const char *text, size_t length)
{
	size_t width = length ? mptcp_escape_shown(&table->held, text, length)
			      : mptcp_escape_shown(&table->held, "-", 1);

	mptcp_buffer_add(&table->ends, &table->held.length, sizeof(table->held.length));
	if (width > table->widths[table->cell])
		table->widths[table->cell] = width;
}

void mptcp_table_text(struct mptcp_table *table, const char *text, size_t length)
{
	if (table->cell == table->count) {
		table->miscounted = true;
		return;
	}
	switch (table->options.format) {
	case MPTCP_FORMAT_CSV:
		if (table->cell)
			mptcp_buffer_add_char(&table->line, table->options.delimiter);
		mptcp_csv_add_cell(&table->line, text, length, table->options.delimiter);
		break;
	case MPTCP_FORMAT_JSON:
		add_json_cell(table, text, length);
		break;
	case MPTCP_FORMAT_TABLE:
		add_held_cell(table, text, length);
		break;
	}
	table->cell++;
}

void mptcp_table_string(struct mptcp_table *table, const char *string)
{
	mptcp_table_text(table, string ? string : "", string ? strlen(string) : 0);
}

void mptcp_table_empty(struct mptcp_table *table)
{
	mptcp_table_text(table, "", 0);
}

static bool is_human(const struct mptcp_table *table)
{
	if (!table->options.human || table->options.format != MPTCP_FORMAT_TABLE ||
		table->cell == table->count)
		return false;
	const char *unit = table->columns[table->cell].unit;
	return unit && (!strcmp(unit, "bytes") || !strcmp(unit, "bps"));
}

/* 1234567 as 1.2M: powers of 1000, one decimal, rounded (so that 999950 is 1.0M). */
static void put_human(struct mptcp_table *table, bool negative, uint64_t number)
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
	mptcp_table_text(table, text, (size_t)length);
}

static void put_integer(struct mptcp_table *table, bool negative, uint64_t magnitude)
{
	char text[21] = "-";

	if (is_human(table)) {
		put_human(table, negative, magnitude);
		return;
	}
	mptcp_table_text(table, text, negative + mptcp_format_unsigned(text + negative, magnitude));
}

void mptcp_table_unsigned(struct mptcp_table *table, uint64_t number)
{
	put_integer(table, false, number);
}

void mptcp_table_signed(struct mptcp_table *table, int64_t number)
{
	put_integer(table, number < 0, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void mptcp_table_real(struct mptcp_table *table, double number, int decimals)
{
	char text[400]; /* the largest double has 309 digits */

	if (!isfinite(number)) {
		mptcp_table_empty(table);
		return;
	}
	if (is_human(table) && fabs(number) >= 999.5 && fabs(number) < 1e19) {
		put_human(table, number < 0, (uint64_t)(fabs(number) + 0.5));
		return;
	}
	int length = snprintf(text, sizeof(text), "%.*f",
		decimals < 0            ? 0
			: decimals > 60 ? 60
					: decimals,
		number);
	mptcp_table_text(table, text, (size_t)length);
}

void mptcp_table_time(struct mptcp_table *table, int64_t nanoseconds)
{
	char text[MPTCP_TIME_TEXT];

	mptcp_table_text(table, text, mptcp_format_time(text, nanoseconds));
}

void mptcp_table_token(struct mptcp_table *table, uint32_t token)
{
	char text[8];

	mptcp_table_text(table, text, mptcp_format_token(text, token));
}

void mptcp_table_address(struct mptcp_table *table, const struct mptcp_address *address)
{
	char text[MPTCP_ADDRESS_TEXT];

	mptcp_table_text(table, text, mptcp_address_format(address, text));
}

static void write_line(struct mptcp_table *table)
{
	mptcp_buffer_add_char(&table->line, '\n');
	if (table->line.failed)
		return;
	mptcp_output_write(table->output, table->line.bytes, table->line.length);
	mptcp_buffer_clear(&table->line);
}

void mptcp_table_end_row(struct mptcp_table *table)
{
	for (; table->cell < table->count; table->miscounted = true)
		mptcp_table_empty(table);
	/* An empty line would be no row to who reads it back. */
	if (table->options.format == MPTCP_FORMAT_CSV && table->line.length == 0)
		mptcp_buffer_add_string(&table->line, "\"\"");
	if (table->options.format == MPTCP_FORMAT_JSON)
		mptcp_buffer_add_char(&table->line, '}');
	if (table->options.format != MPTCP_FORMAT_TABLE)
		write_line(table);
	table->cell = 0;
	table->rows++;
}

uint64_t mptcp_table_rows(const struct mptcp_table *table)
{
	return table->rows;
}

struct mptcp_table *mptcp_table_open(const struct mptcp_table_column *columns, size_t count,
	const struct mptcp_table_options *options, struct mptcp_output *output,
	struct mptcp_error *error)
{
	if (options->format == MPTCP_FORMAT_CSV &&
		mptcp_csv_check_delimiter(options->delimiter, error))
		return NULL;
	struct mptcp_table *table = calloc(1, sizeof(*table));
	size_t *widths = calloc(count + 1, sizeof(*widths));
	if (!table || !widths) {
		free(table);
		free(widths);
		mptcp_error_memory(error);
		return NULL;
	}
	*table = (struct mptcp_table){.columns = columns,
		.count = count,
		.options = *options,
		.output = output,
		.widths = widths};
	/* The header is a row like others, only that it is text in every format and no object in
	 * JSON. */
	if (options->header && options->format != MPTCP_FORMAT_JSON) {
		for (size_t i = 0; i < count; i++)
			mptcp_table_string(table, columns[i].name);
		mptcp_table_end_row(table);
		table->rows = 0;
	}
	return table;
}

/* Aligns a cell into the line, two spaces after the one before. What is held is valid UTF-8, so
 * counting first bytes counts characters. */
static void put_aligned(struct mptcp_table *table, size_t column, const char *text, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	size_t padding = table->widths[column] - width;
	bool right = table->columns[column].type == MPTCP_CELL_NUMBER;
	if (column)
		mptcp_buffer_add(&table->line, "  ", 2);
	for (size_t i = 0; right && i < padding; i++)
		mptcp_buffer_add_char(&table->line, ' ');
	mptcp_buffer_add(&table->line, text, length);
	for (size_t i = 0; !right && i < padding; i++)
		mptcp_buffer_add_char(&table->line, ' ');
}

static void write_held(struct mptcp_table *table)
{
	size_t cells = table->ends.length / sizeof(size_t), start = 0, end;
	struct mptcp_buffer *line = &table->line;

	for (size_t i = 0; i < cells; i++, start = end) {
		bool bold = i < table->count && table->options.header && table->options.bold;
		memcpy(&end, table->ends.bytes + i * sizeof(end), sizeof(end));
		if (bold && i == 0)
			mptcp_buffer_add_string(line, "\033[1m");
		put_aligned(table, i % table->count, table->held.bytes + start, end - start);
		if ((i + 1) % table->count)
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
	bool miscounted = table->miscounted;

	if (!table->held.failed && !table->ends.failed)
		write_held(table);
	bool failed = table->line.failed || table->held.failed || table->ends.failed;
	mptcp_buffer_release(&table->line);
	mptcp_buffer_release(&table->held);
	mptcp_buffer_release(&table->ends);
	free(table->widths);
	free(table);
	if (failed)
		return mptcp_error_memory(error);
	if (miscounted)
		return mptcp_error_set(error, MPTCP_DATA,
			"a row of the table had not as many cells as the table has columns");
	return 0;
}
