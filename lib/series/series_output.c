/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "series_output.h"

#include "decimal.h"
#include "series_module.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { X, Y, SERIES, KIND, Y2, LABEL, COLUMNS };

const struct mptcp_table_column mptcp_series_columns[MPTCP_SERIES_COLUMNS] = {
	[X] = {"x", MPTCP_CELL_REAL | MPTCP_CELL_MOMENT, 1, "",
		"point in time, unless --list says otherwise"},
	[Y] = {"y", MPTCP_CELL_REAL, 1, "", "the value, in the unit that --list says"},
	[SERIES] = {"series", MPTCP_CELL_TEXT, 2, "",
		"name of the line: a subflow, or total, and its direction"},
	[KIND] = {"kind", MPTCP_CELL_TEXT, 3, "",
		"what the point is, such as data, ack, sum or bar"},
	[Y2] = {"y2", MPTCP_CELL_REAL, 4, "",
		"the other end of a vertical segment, which begins at y"},
	[LABEL] = {"label", MPTCP_CELL_TEXT, 3, "", "text of an event"},
};
_Static_assert(COLUMNS == MPTCP_SERIES_COLUMNS, "every column described");

/* With as many decimals as it has, up to nine. */
static void put_real(struct mptcp_table *table, size_t column, double real)
{
	char text[400]; /* the largest double has 309 digits */

	if (!isfinite(real))
		return;
	size_t length = (size_t)snprintf(text, sizeof(text), "%.9f", real);
	while (text[length - 1] == '0')
		length--;
	mptcp_table_text(table, column, text, length - (text[length - 1] == '.'));
}

static void put_value(struct mptcp_table *table, size_t column,
	const struct mptcp_series_value *value)
{
	switch (value->type) {
	case MPTCP_VALUE_COUNT:
		mptcp_table_unsigned(table, column, value->count);
		break;
	case MPTCP_VALUE_POSITION:
		mptcp_table_signed(table, column, value->position);
		break;
	case MPTCP_VALUE_TIME:
		mptcp_table_time(table, column, value->time);
		break;
	case MPTCP_VALUE_REAL:
		put_real(table, column, value->real);
		break;
	default:
		break;
	}
}

bool mptcp_series_is_timed(const struct mptcp_series_info *info)
{
	return info->inputs &&
		(!strcmp(info->x_label, "time") || !strcmp(info->x_label, "time sent"));
}

bool mptcp_series_place(const struct mptcp_series *series, const struct mptcp_series_row *row,
	uint32_t *number)
{
	const struct mptcp_series_line *line = &series->lines[row->line];

	*number = line->plain ? line->tcpstream : line->mptcpstream;
	return !line->plain;
}

/* A time that is none of a clock is a number like any other. */
static void put_x(struct mptcp_table *table, const struct mptcp_series *series, int64_t time)
{
	char text[MPTCP_TIME_TEXT];

	if (mptcp_series_is_timed(series->info))
		mptcp_table_time(table, X,
			(int64_t)((uint64_t)series->options.start + (uint64_t)time));
	else
		mptcp_table_text(table, X, text, mptcp_time_format(text, time));
}

void mptcp_series_write(struct mptcp_table *table, const struct mptcp_series *series,
	const struct mptcp_series_row *row)
{
	if (row->x.type == MPTCP_VALUE_TIME)
		put_x(table, series, row->x.time);
	else
		put_value(table, X, &row->x);
	put_value(table, Y, &row->y);
	mptcp_table_string(table, SERIES, mptcp_series_line_name(series, row->line));
	mptcp_table_string(table, KIND, mptcp_series_kind_name(row->kind));
	put_value(table, Y2, &row->y2);
	mptcp_table_string(table, LABEL, mptcp_series_label(series, row));
	mptcp_table_end_row(table);
}

int mptcp_series_list(struct mptcp_buffer *text)
{
	for (const struct mptcp_series_info *info = mptcp_series_table; info->name; info++) {
		mptcp_buffer_format(text, "%s\t%s\t%s\t%s\t%s\t%s\t", info->name, info->x_label,
			info->x_unit, info->y_label, info->y_unit, info->meaning);
		mptcp_series_options_text(text, info->takes);
		mptcp_buffer_add_char(text, '\n');
	}
	return text->failed ? -1 : 0;
}
