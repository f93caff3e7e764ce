/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "records.h"

#include "names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_same(const char *name, const struct mptcp_text *cell)
{
	return strlen(name) == cell->length && !memcmp(name, cell->bytes, cell->length);
}

static int take_columns(struct mptcp_records *records, const struct mptcp_text *cells, size_t count,
	struct mptcp_error *error)
{
	records->first = strdup(records->name);
	for (size_t i = 0; i < count; i++)
		mptcp_argv_add_part(&records->columns, cells[i].bytes, cells[i].length);
	if (!records->first || records->columns.failed)
		return mptcp_error_memory(error);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (is_same(records->columns.items[j], &cells[i]))
				return mptcp_error_set(error, MPTCP_DATA,
					"%s: column '%s' appears twice", records->name,
					records->columns.items[j]);
	return 0;
}

/* Whether a file has this column, wherever. */
static bool has(const struct mptcp_text *cells, size_t count, const char *column)
{
	for (size_t i = 0; i < count; i++)
		if (is_same(column, &cells[i]))
			return true;
	return false;
}

static int compare_columns(const struct mptcp_records *records, const struct mptcp_text *cells,
	size_t count, struct mptcp_error *error)
{
	const struct mptcp_argv *columns = &records->columns;

	for (size_t i = 0; i < columns->count; i++)
		if (!has(cells, count, columns->items[i]))
			return mptcp_error_set(error, MPTCP_DATA,
				"%s: no column '%s', which %s has", records->name,
				columns->items[i], records->first);
	for (size_t i = 0; i < count; i++)
		if (i >= columns->count || !is_same(columns->items[i], &cells[i]))
			return mptcp_error_set(error, MPTCP_DATA,
				"%s: column '%.*s' is not where it is in %s", records->name,
				(int)cells[i].length, cells[i].bytes, records->first);
	return 0;
}

int mptcp_records_begin(struct mptcp_records *records, struct mptcp_csv *csv, const char *name,
	struct mptcp_error *error)
{
	const struct mptcp_text *cells;
	size_t count;

	records->csv = csv;
	records->name = name;
	enum mptcp_result got = mptcp_csv_next(csv, &cells, &count, error);
	if (got == MPTCP_FAILED)
		return -1;
	if (got != MPTCP_ROW)
		return mptcp_error_set(error, MPTCP_DATA, "%s: empty: no header line", name);
	return records->first ? compare_columns(records, cells, count, error)
			      : take_columns(records, cells, count, error);
}

int mptcp_records_find(const struct mptcp_records *records, const char *column, size_t *index,
	struct mptcp_error *error)
{
	const struct mptcp_argv *columns = &records->columns;
	const struct mptcp_names names = {(const char *const *)columns->items, columns->count};
	char hint[MPTCP_NAMES_HINT];

	for (*index = 0; *index < columns->count; (*index)++)
		if (!strcmp(columns->items[*index], column))
			return 0;
	mptcp_names_hint(hint, &names, (struct mptcp_text){column, strlen(column)}, "", "");
	return mptcp_error_set(error, MPTCP_DATA, "%s: no column '%s'%s", records->name, column,
		hint);
}

/* The header of another file, where somebody has joined two. */
static bool is_header(const struct mptcp_records *records, const struct mptcp_text *cells,
	size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_same(records->columns.items[i], &cells[i]))
			return false;
	return true;
}

enum mptcp_result mptcp_records_next(struct mptcp_records *records, const struct mptcp_text **cells,
	struct mptcp_error *error)
{
	size_t count;
	enum mptcp_result got = mptcp_csv_next(records->csv, cells, &count, error);

	if (got != MPTCP_ROW)
		return got;
	if (count != records->columns.count) {
		mptcp_error_set(error, MPTCP_DATA, "%s: line %llu: %zu cells, the header has %zu",
			records->name, mptcp_csv_line(records->csv), count, records->columns.count);
		return MPTCP_FAILED;
	}
	if (is_header(records, *cells, count)) {
		mptcp_error_set(error, MPTCP_DATA,
			"%s: line %llu: a second header; give two tables as two files",
			records->name, mptcp_csv_line(records->csv));
		return MPTCP_FAILED;
	}
	return MPTCP_ROW;
}

int mptcp_records_refuse(const struct mptcp_records *records, size_t column,
	const struct mptcp_text *cell, const char *wrong, struct mptcp_error *error)
{
	return mptcp_error_set(error, MPTCP_DATA, "%s: line %llu: %s: '%.*s' is %s", records->name,
		mptcp_csv_line(records->csv), records->columns.items[column], (int)cell->length,
		cell->bytes, wrong);
}

void mptcp_records_clear(struct mptcp_records *records)
{
	mptcp_argv_clear(&records->columns);
	free(records->first);
	*records = (struct mptcp_records){0};
}
