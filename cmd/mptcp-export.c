/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-export: writes the packets of a capture as CSV. See mptcp-export(1) and mptcp-csv(5). */
#include "array.h"
#include "captures.h"
#include "packet_cells.h"

#include <stdlib.h>
#include <string.h>

#define NAME_WIDTH 14 /* of the longest column name */

enum { COLUMNS = MPTCP_OPT_LONG, MPTCP_ONLY, NO_HEADER, SCHEMA };

static const struct mptcp_option options[] = {
	{COLUMNS, "columns", "LIST",
		"write only these columns, separated by commas; 'all' writes every one, 'help' "
		"lists them",
		MPTCP_COMPLETE_COLUMN, NULL},
	{'e', "field", "FIELD", "add a tshark field as a column; may be repeated",
		MPTCP_COMPLETE_NONE, NULL},
	{NO_HEADER, "no-header", NULL, "leave out the header line", MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_ONLY, "mptcp-only", NULL, "leave out TCP connections that never carried MPTCP",
		MPTCP_COMPLETE_NONE, NULL},
	{SCHEMA, "schema", NULL, "print the packets' table for a database (SQL) instead of them",
		MPTCP_COMPLETE_NONE, NULL},
	{0},
};

/* What the options said. */
struct choice {
	const char *columns;
	bool mptcp_only, no_header, schema;
	const char **fields;
	size_t field_count, field_capacity;
};

static int take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	struct choice *choice = context;

	switch (letter) {
	case COLUMNS:
		choice->columns = strcmp(value, "all") ? value : NULL;
		return 0;
	case NO_HEADER:
		choice->no_header = true;
		return 0;
	case MPTCP_ONLY:
		choice->mptcp_only = true;
		return 0;
	case SCHEMA:
		choice->schema = true;
		return 0;
	default: { /* -e */
		if (!*value || strpbrk(value, ", \t\n\""))
			return mptcp_error_set(error, MPTCP_USAGE, "-e: '%s' is not a tshark field",
				value);
		const char **fields = mptcp_array_append(choice->fields, &choice->field_count,
			&choice->field_capacity, sizeof(*fields));
		if (!fields)
			return mptcp_error_memory(error);
		choice->fields = fields;
		fields[choice->field_count - 1] = value;
		return 0;
	}
	}
}

static const struct mptcp_tool tool = {
	.name = "mptcp-export",
	.purpose = "write the packets of a capture as CSV, with all their MPTCP state",
	.nothing = "no packet",
	.operands = "[CAPTURE|CSV]...",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_LIVE | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_OUTPUT,
	.options = options,
	.take = take,
};

static const struct mptcp_table_column columns[] = {
#define COLUMN(name, type, source, unit, label, meaning) \
	[MPTCP_COLUMN_##name] = {#name, PACKET_CELLS(name, type), 1, unit, meaning},
#include "columns.def"
#undef COLUMN
};

static int print_columns(struct tool_run *run)
{
	if (tool_open_output(run))
		return -1;
	mptcp_buffer_reset(&run->text);
	for (int id = 0; id < MPTCP_COLUMNS; id++) {
		if (mptcp_opt_text_column(&run->text, NAME_WIDTH, &columns[id])) {
			mptcp_error_memory(&run->error);
			return tool_report(run);
		}
	}
	mptcp_output_write(&run->output, run->text.bytes, run->text.length);
	return 0;
}

/* Which columns to write: those asked for and the additional fields, or all of them. */
static int choose_columns(struct tool_run *run, const struct choice *choice,
	struct mptcp_header *header)
{
	*header = *mptcp_input_header(run->input);
	if (choice->field_count && header->extra != choice->fields) {
		mptcp_error_set(&run->error, MPTCP_USAGE, "-e: %s is not a capture",
			mptcp_input_name(run->input));
		return tool_report(run);
	}
	if (!choice->columns)
		return 0;
	return mptcp_header_parse(header, choice->columns, &run->error) ? tool_report(run) : 0;
}

static int write_rows(struct tool_run *run, const struct choice *choice)
{
	struct mptcp_rows_writer writer;
	struct mptcp_header header;
	struct mptcp_packet packet;
	char delimiter = run->settings.input.delimiter ? run->settings.input.delimiter : ',';

	if (choose_columns(run, choice, &header))
		return -1;
	/* of several captures, whoever puts them together needs it */
	header.hidden = choice->no_header && !run->outcome;
	if (mptcp_rows_writer_init(&writer, &run->output, &header, delimiter, &run->error))
		return tool_report(run);
	while (tool_next(run, &packet) == MPTCP_ROW) {
		run->rows++;
		if (mptcp_rows_write(&writer, &packet, &run->error)) {
			tool_report(run);
			break;
		}
	}
	mptcp_rows_writer_clear(&writer);
	if (!run->rows && run->status == MPTCP_DONE) {
		run->nothing = choice->mptcp_only
			? "no MPTCP packets (mptcp-lt lists the TCP connections)"
			: "no TCP packets";
		tool_nothing(run);
	}
	return 0;
}

static void export(struct tool_run *run, void *context)
{
	const struct choice *choice = context;
	struct mptcp_input_options *input = &run->settings.input;

	input->mptcp_only = choice->mptcp_only;
	input->copies = true;
	run->output_direct = input->interface != NULL;
	input->fields = choice->fields;
	input->field_count = choice->field_count;
	/* a wrong list is reported before the capture is read */
	struct mptcp_header header = {.extra = choice->fields, .extras = choice->field_count};
	if (choice->columns && mptcp_header_parse(&header, choice->columns, &run->error)) {
		tool_report(run);
		return;
	}
	if (!tool_open_input(run, MPTCP_HAS(packetid), MPTCP_ALL_COLUMNS) && !tool_open_output(run))
		write_rows(run, choice);
}

/*
 * --schema: for once the result is a table as those of the other tools, of which `described` is
 * one, with the columns that would be written. 0 or -1; *own is the caller's to free.
 */
static int describe(struct tool_run *run, const struct choice *choice, struct mptcp_tool *described,
	struct mptcp_table_column **own)
{
	struct mptcp_header header;
	size_t count = 0;

	mptcp_header_default(&header);
	header.extra = choice->fields;
	header.extras = choice->field_count;
	if (choice->columns && mptcp_header_parse(&header, choice->columns, &run->error))
		return tool_report(run);
	*own = calloc(header.count + header.extras, sizeof(**own));
	if (!*own) {
		mptcp_error_memory(&run->error);
		return tool_report(run);
	}
	for (; count < header.count; count++)
		(*own)[count] = columns[header.columns[count]];
	for (size_t i = 0; i < header.extras; i++)
		(*own)[count++] = (struct mptcp_table_column){.name = header.extra[i],
			.cells = MPTCP_CELL_TEXT,
			.unit = "",
			.meaning = "field of tshark"};
	*described = tool;
	described->columns = *own;
	described->column_count = count;
	run->tool = described;
	run->settings.schema = true;
	run->settings.layout = (struct mptcp_layout){.columns = *own, .count = count};
	return 0;
}

int main(int argc, char **argv)
{
	struct mptcp_table_column *own = NULL;
	struct mptcp_tool described;
	struct choice choice = {0};
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, &choice)) {
		free(choice.fields);
		return run.status;
	}
	if (choice.columns && !strcmp(choice.columns, "help")) {
		print_columns(&run);
		tool_finish(&run);
	} else if (choice.schema && describe(&run, &choice, &described, &own)) {
		tool_finish(&run);
	} else {
		run.settings.table.header = !choice.no_header;
		captures_run(&run, export, &choice);
	}
	free(own);
	free(choice.fields);
	return run.status;
}
