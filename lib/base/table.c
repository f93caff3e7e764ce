/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every cell becomes text in the buffer of its row first; at the end of the row the texts go into
 * the line of the format, in the order of the layout, or are kept until the end of the table.
 */
#include "csv.h"
#include "bytes.h"
#include "decimal.h"
#include "escape.h"
#include "table_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NULL where the column is not shown. */
static struct mptcp_table_shown *find(struct mptcp_table *table, size_t column)
{
	if (column < table->column_count)
		return table->by_column[column];
	table->misplaced = true;
	return NULL;
}

static void set(struct mptcp_table *table, struct mptcp_table_shown *shown, const char *text,
	size_t length)
{
	shown->start = table->row.length;
	if (!mptcp_buffer_add(&table->row, text, length))
		shown->length = length;
}

void mptcp_table_text(struct mptcp_table *table, size_t column, const char *text, size_t length)
{
	struct mptcp_table_shown *shown = find(table, column);

	if (shown)
		set(table, shown, text, length);
}

void mptcp_table_string(struct mptcp_table *table, size_t column, const char *string)
{
	mptcp_table_text(table, column, string ? string : "", string ? strlen(string) : 0);
}

/* Room for a cell of so many bytes at most, to be written in place; NULL when memory ran out. */
static char *begin(struct mptcp_table *table, struct mptcp_table_shown *shown, size_t most)
{
	if (mptcp_buffer_reserve(&table->row, most))
		return NULL;
	shown->start = table->row.length;
	return table->row.bytes + shown->start;
}

static void end(struct mptcp_table *table, struct mptcp_table_shown *shown, size_t length)
{
	shown->length = length;
	table->row.length += length;
	table->row.bytes[table->row.length] = '\0';
}

static void set_integer(struct mptcp_table *table, size_t column, bool negative, uint64_t magnitude)
{
	struct mptcp_table_shown *shown = find(table, column);
	char *text = shown ? begin(table, shown, 21) : NULL;

	if (!text)
		return;
	*text = '-';
	end(table, shown, negative + mptcp_decimal_format(text + negative, magnitude));
}

void mptcp_table_unsigned(struct mptcp_table *table, size_t column, uint64_t number)
{
	set_integer(table, column, false, number);
}

void mptcp_table_signed(struct mptcp_table *table, size_t column, int64_t number)
{
	set_integer(table, column, number < 0, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

/* Those that mptcp_fixed_format does not take. */
static void set_any_real(struct mptcp_table *table, struct mptcp_table_shown *shown, double number,
	int decimals)
{
	char text[400]; /* the largest double has 309 digits */
	int length = snprintf(text, sizeof(text), "%.*f", decimals > 60 ? 60 : decimals, number);

	set(table, shown, text, (size_t)length);
}

void mptcp_table_real(struct mptcp_table *table, size_t column, double number, int decimals)
{
	struct mptcp_table_shown *shown = find(table, column);
	char *text = shown ? begin(table, shown, MPTCP_FIXED_TEXT) : NULL;

	if (!text)
		return;
	if (decimals < 0)
		decimals = 0;
	size_t length = mptcp_fixed_format(text, number, (unsigned)decimals);

	if (!length && isfinite(number))
		set_any_real(table, shown, number, decimals);
	else
		end(table, shown, length);
}

void mptcp_table_origins(struct mptcp_table *table, int64_t capture, int64_t connection)
{
	table->capture = capture;
	table->connection = connection;
}

/* A damaged capture may have any times: their difference wraps. */
static int64_t since(const struct mptcp_table *table, int64_t moment)
{
	int64_t origin = table->options.time == MPTCP_TIME_CAPTURE ? table->capture
		: table->options.time == MPTCP_TIME_CONNECTION     ? table->connection
								   : 0;

	return (int64_t)((uint64_t)moment - (uint64_t)origin);
}

void mptcp_table_time(struct mptcp_table *table, size_t column, int64_t nanoseconds)
{
	struct mptcp_table_shown *shown = find(table, column);
	char *text = shown ? begin(table, shown, MPTCP_UTC_TEXT) : NULL;

	if (!text)
		return;
	if (shown->column->cells & MPTCP_CELL_MOMENT) {
		if (table->options.time == MPTCP_TIME_UTC) {
			end(table, shown, mptcp_utc_format(text, nanoseconds));
			return;
		}
		nanoseconds = since(table, nanoseconds);
	}
	end(table, shown, mptcp_time_format(text, nanoseconds));
}

void mptcp_table_token(struct mptcp_table *table, size_t column, uint32_t token)
{
	struct mptcp_table_shown *shown = find(table, column);
	char text[8];

	if (shown)
		set(table, shown, text, mptcp_hex_format(text, token, 8));
}

void mptcp_table_address(struct mptcp_table *table, size_t column,
	const struct mptcp_address *address)
{
	struct mptcp_table_shown *shown = find(table, column);
	char text[MPTCP_ADDRESS_TEXT];

	if (shown)
		set(table, shown, text, mptcp_address_format(address, text));
}

/* The row is kept until the end: a table for the widths, the others because they are sorted. */
static void keep(struct mptcp_table *table)
{
	if (table->options.format == MPTCP_FORMAT_TABLE) {
		mptcp_table_hold(table);
	} else {
		mptcp_buffer_add(&table->held, table->line.bytes, table->line.length);
		mptcp_buffer_add(&table->ends, &table->held.length, sizeof(table->held.length));
		mptcp_buffer_reset(&table->line);
	}
	if (table->options.sorted)
		mptcp_table_add_key(table);
	table->held_rows++;
}

static void put_row(struct mptcp_table *table)
{
	if (table->options.format == MPTCP_FORMAT_CSV)
		mptcp_table_add_csv(table);
	else if (table->options.format == MPTCP_FORMAT_JSON)
		mptcp_table_add_json(table);
	if (table->options.format == MPTCP_FORMAT_TABLE || table->options.sorted)
		keep(table);
	else
		mptcp_table_write_line(table);
}

static void empty_row(struct mptcp_table *table)
{
	for (size_t i = 0; i < table->shown_count; i++)
		table->shown[i].start = table->shown[i].length = 0;
	if (table->options.sorted) {
		struct mptcp_table_shown *key = table->by_column[table->options.sort_column];

		key->start = key->length = 0;
	}
	table->row.length = 0;
}

void mptcp_table_end_row(struct mptcp_table *table)
{
	const struct mptcp_table_options *options = &table->options;

	table->rows++;
	if (table->row.failed || table->line.failed || mptcp_buffer_reserve(&table->row, 0))
		return;
	if (!options->head || options->sorted || table->rows <= options->head)
		put_row(table);
	empty_row(table);
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
	mptcp_buffer_clear(&table->keys);
	mptcp_buffer_clear(&table->key_ends);
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
	table->by_column = calloc(layout->count + 1, sizeof(struct mptcp_table_shown *));
	if (!table->shown || !table->by_column)
		return -1;
	for (size_t i = 0; i < table->shown_count; i++) {
		size_t column = mptcp_layout_at(layout, i);
		struct mptcp_table_shown *shown = &table->shown[i];
		const char *name = layout->columns[column].name;

		table->by_column[column] = shown;
		shown->column = &layout->columns[column];
		mptcp_buffer_add_char(&shown->key, i ? ',' : '{');
		mptcp_escape_json(&shown->key, name, strlen(name));
		if (mptcp_buffer_add_char(&shown->key, ':'))
			return -1;
	}
	if (table->options.sorted && !table->by_column[table->options.sort_column]) {
		struct mptcp_table_shown *key = &table->shown[table->shown_count];

		table->by_column[table->options.sort_column] = key;
		key->column = &layout->columns[table->options.sort_column];
	}
	return 0;
}

static void write_csv_header(struct mptcp_table *table)
{
	for (size_t i = 0; i < table->shown_count; i++) {
		const char *name = table->shown[i].column->name;

		set(table, &table->shown[i], name, strlen(name));
	}
	mptcp_table_add_csv(table);
	mptcp_table_write_line(table);
	empty_row(table);
}

struct mptcp_table *mptcp_table_open(const struct mptcp_layout *layout,
	const struct mptcp_table_options *options, struct mptcp_output *output,
	struct mptcp_error *error)
{
	if (options->format == MPTCP_FORMAT_CSV &&
		mptcp_csv_check_delimiter(options->delimiter, error))
		return NULL;
	struct mptcp_table *table = calloc(1, sizeof(*table));
	if (table)
		table->options = *options;
	if (!table || lay_out(table, layout)) {
		if (table)
			release(table);
		mptcp_error_memory(error);
		return NULL;
	}
	table->output = output;
	if (options->header && options->format == MPTCP_FORMAT_CSV)
		write_csv_header(table);
	return table;
}

/* The lines that were kept. */
static void write_sorted(struct mptcp_table *table, const size_t *order, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t start = mptcp_table_end_of(&table->ends, order[i]),
		       end = mptcp_table_end_of(&table->ends, order[i] + 1);

		mptcp_buffer_add(&table->line, table->held.bytes + start, end - start);
		mptcp_table_write_line(table);
	}
}

static int write_kept(struct mptcp_table *table)
{
	size_t count, *order = mptcp_table_order(table, &count);
	int result = order ? 0 : -1;

	if (order && table->options.format == MPTCP_FORMAT_TABLE)
		result = mptcp_table_write_page(table, order, count);
	else if (order)
		write_sorted(table, order, count);
	free(order);
	return result;
}

int mptcp_table_close(struct mptcp_table *table, struct mptcp_error *error)
{
	bool kept = table->options.format == MPTCP_FORMAT_TABLE || table->options.sorted,
	     failed = table->row.failed || table->line.failed || table->held.failed ||
		table->ends.failed || table->keys.failed || table->key_ends.failed,
	     misplaced = table->misplaced;

	if (!failed && kept)
		failed = write_kept(table);
	failed |= table->line.failed;
	release(table);
	if (failed)
		return mptcp_error_memory(error);
	if (misplaced)
		return mptcp_error_set(error, MPTCP_DATA, "a cell does not belong to a column");
	return 0;
}
