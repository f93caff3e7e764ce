/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --schema: the table of a database for a result, in the SQL of SQLite; see opt.h.
 *
 * SQLite imports an empty cell of CSV as an empty text, which counts as 0 in a mean: a trigger
 * makes it NULL.
 */
#include "opt_table.h"

#include <string.h>

#define PREFIX "mptcp-" /* of a tool's name; the rest is that of the table */

static const char *type_of(const struct mptcp_table_column *column, enum mptcp_time time)
{
	if (column->cells & (MPTCP_CELL_TEXT | MPTCP_CELL_WIDE) ||
		(column->cells & MPTCP_CELL_MOMENT && time == MPTCP_TIME_UTC))
		return "TEXT";
	return column->cells & MPTCP_CELL_REAL || !strcmp(column->unit, "s") ||
			!strcmp(column->unit, "share")
		? "REAL"
		: "INTEGER";
}

/* A name in quotes: a label may be a word of SQL. */
static void add_name(struct mptcp_buffer *text, const char *name)
{
	mptcp_buffer_add_char(text, '"');
	for (; *name; name++) {
		if (*name == '"')
			mptcp_buffer_add_char(text, '"');
		mptcp_buffer_add_char(text, *name);
	}
	mptcp_buffer_add_char(text, '"');
}

static void add_column(struct mptcp_buffer *text, const struct mptcp_table_column *column,
	enum mptcp_time time, bool last)
{
	mptcp_buffer_add_string(text, "  ");
	add_name(text, column->name);
	mptcp_buffer_format(text, " %s%s -- %s%s%s\n", type_of(column, time), last ? "" : ",",
		column->unit, *column->unit ? ": " : "", column->meaning);
}

static void add_trigger(struct mptcp_buffer *text, const char *table,
	const struct mptcp_layout *layout)
{
	size_t count = mptcp_layout_shown(layout);

	mptcp_buffer_format(text,
		"-- an empty cell of CSV is NULL\n"
		"CREATE TRIGGER \"%s_empty\" AFTER INSERT ON \"%s\" BEGIN\n"
		"  UPDATE \"%s\" SET\n",
		table, table, table);
	for (size_t i = 0; i < count; i++) {
		const char *name = layout->columns[mptcp_layout_at(layout, i)].name;

		mptcp_buffer_add_string(text, "    ");
		add_name(text, name);
		mptcp_buffer_add_string(text, " = nullif(");
		add_name(text, name);
		mptcp_buffer_format(text, ", '')%s\n", i + 1 < count ? "," : "");
	}
	mptcp_buffer_add_string(text, "  WHERE rowid = new.rowid;\nEND;\n");
}

int mptcp_opt_text_schema(const struct mptcp_tool *tool, const struct mptcp_settings *settings,
	struct mptcp_buffer *text)
{
	const struct mptcp_layout *layout = &settings->layout;
	size_t count = mptcp_layout_shown(layout);
	const char *table = tool->name;

	if (!strncmp(table, PREFIX, strlen(PREFIX)))
		table += strlen(PREFIX);
	mptcp_buffer_format(text, "CREATE TABLE \"%s\" (\n", table);
	for (size_t i = 0; i < count; i++)
		add_column(text, &layout->columns[mptcp_layout_at(layout, i)], settings->table.time,
			i + 1 == count);
	mptcp_buffer_add_string(text, ");\n");
	add_trigger(text, table, layout);
	return text->failed ? -1 : 0;
}
