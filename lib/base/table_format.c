/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table_format: a row as a line of CSV or JSON; see table_parts.h. */
#include "csv.h"
#include "escape.h"
#include "table_parts.h"

#include <string.h>

/* Whether no cell of the row needs quotes in CSV. */
static bool is_plain(const struct mptcp_table *table)
{
	const char quoted[] = {table->options.delimiter, '"', '\r', '\n'};

	for (size_t i = 0; i < sizeof(quoted) && table->row.length; i++)
		if (memchr(table->row.bytes, quoted[i], table->row.length))
			return false;
	return true;
}

void mptcp_table_add_csv(struct mptcp_table *table)
{
	struct mptcp_buffer *line = &table->line;
	bool plain = is_plain(table);

	if (mptcp_buffer_reserve(line, table->row.length + table->shown_count))
		return;
	size_t start = line->length;
	for (size_t i = 0; i < table->shown_count; i++) {
		const struct mptcp_table_shown *shown = &table->shown[i];
		const char *text = mptcp_table_cell(table, shown);

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
	if (line->length == start)
		mptcp_buffer_add(line, "\"\"", 2);
}

static void add_json_cell(struct mptcp_table *table, const struct mptcp_table_shown *shown)
{
	const char *text = mptcp_table_cell(table, shown);
	bool number = !(shown->column->cells & MPTCP_CELL_TEXT);

	mptcp_buffer_add(&table->line, shown->key.bytes, shown->key.length);
	if (shown->length == 0)
		mptcp_buffer_add(&table->line, "null", 4);
	else if (number && mptcp_escape_is_json_number(text, shown->length))
		mptcp_buffer_add(&table->line, text, shown->length);
	else
		mptcp_escape_json(&table->line, text, shown->length);
}

void mptcp_table_add_json(struct mptcp_table *table)
{
	for (size_t i = 0; i < table->shown_count; i++)
		add_json_cell(table, &table->shown[i]);
	mptcp_buffer_add_char(&table->line, '}');
}

void mptcp_table_write_line(struct mptcp_table *table)
{
	mptcp_buffer_add_char(&table->line, '\n');
	if (table->line.failed)
		return;
	mptcp_output_write(table->output, table->line.bytes, table->line.length);
	mptcp_buffer_reset(&table->line);
}
