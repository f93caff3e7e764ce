/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --columns: which columns of the result are shown, and what it says of them; see opt_table.h. */
#include "opt_table.h"

#include <string.h>

#define UNIT_WIDTH 6

static const char *condition(const struct mptcp_table_column *column)
{
	return column->cells & MPTCP_CELL_WITH_PEER     ? "with --peer: "
		: column->cells & MPTCP_CELL_ON_REQUEST ? "only where asked for: "
							: "";
}

int mptcp_opt_text_column(struct mptcp_buffer *text, int width,
	const struct mptcp_table_column *column)
{
	return mptcp_buffer_format(text, "%-*s %-*s %s%s\n", width, column->name, UNIT_WIDTH,
		*column->unit ? column->unit : "-", condition(column), column->meaning);
}

static int make_help(const struct mptcp_layout *layout, struct mptcp_buffer *text,
	struct mptcp_error *error)
{
	int width = 0;

	for (size_t i = 0; i < layout->count; i++) {
		int length = (int)strlen(layout->columns[i].name);

		width = length > width ? length : width;
	}
	for (size_t i = 0; i < layout->count; i++)
		mptcp_opt_text_column(text, width, &layout->columns[i]);
	return text->failed ? mptcp_error_memory(error) : MPTCP_OPT_TEXT;
}

int mptcp_opt_take_columns(const struct mptcp_tool *tool, const char *list,
	struct mptcp_settings *settings, struct mptcp_buffer *text, struct mptcp_error *error)
{
	struct mptcp_layout *layout = &settings->layout;
	const char *operand = settings->operand_count ? settings->operands[0] : "";

	*layout = (struct mptcp_layout){.columns = tool->columns, .count = tool->column_count};
	for (const struct mptcp_tool_result *result = tool->results; result && result->operand;
		result++)
		if (!strcmp(result->operand, operand))
			*layout = (struct mptcp_layout){.columns = result->columns,
				.count = result->column_count};
	if (!list)
		return mptcp_layout_default(layout, settings->peer, error);
	if (!strcmp(list, "help"))
		return make_help(layout, text, error);
	return mptcp_error_set(error, MPTCP_USAGE, "option --columns: only 'help' is known here");
}
