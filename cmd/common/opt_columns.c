/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --columns: which columns of the result are shown, and what it says of them; see opt_table.h. */
#include "opt_table.h"

#include <stdbool.h>
#include <string.h>

#define UNIT_WIDTH 6

static const char *condition(const struct mptcp_table_column *column)
{
	return column->cells & MPTCP_CELL_WITH_PEER     ? "with --peer: "
		: column->cells & MPTCP_CELL_WITH_BASE  ? "with --base: "
		: column->cells & MPTCP_CELL_ON_REQUEST ? "only on request: "
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

/* Warns of a column that needs two captures and was asked for by name where there is only one. */
static void warn_without_peer(struct mptcp_settings *settings)
{
	const struct mptcp_layout *layout = &settings->layout;

	for (size_t i = 0; i < mptcp_layout_shown(layout); i++) {
		const struct mptcp_table_column *column =
			&layout->columns[mptcp_layout_at(layout, i)];

		if (column->cells & MPTCP_CELL_WITH_PEER)
			mptcp_buffer_format(&settings->warnings,
				"column '%s' is empty without --peer\n", column->name);
	}
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
	if (mptcp_layout_choose(layout, list, error))
		return -1;
	settings->columns_given = true;
	if (!settings->peer && strcmp(list, "all"))
		warn_without_peer(settings);
	return MPTCP_OPT_RUN;
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at++)
		if (at > words && at[-1] == ' ' && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

/* Each name once: sub-commands may have columns of the same name. */
static void add_names(struct mptcp_buffer *words, const struct mptcp_table_column *columns,
	size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!words->failed && !has_word(words->bytes, columns[i].name))
			mptcp_buffer_format(words, " %s", columns[i].name);
}

int mptcp_opt_text_words(const struct mptcp_tool *tool, const char *first,
	struct mptcp_buffer *text)
{
	struct mptcp_buffer words = MPTCP_BUFFER_INIT;

	mptcp_buffer_add_string(&words, first);
	add_names(&words, tool->columns, tool->column_count);
	for (const struct mptcp_tool_result *result = tool->results; result && result->operand;
		result++)
		add_names(&words, result->columns, result->column_count);
	/* each name has a space before it */
	int failed =
		words.failed || mptcp_buffer_add_string(text, words.bytes + (*words.bytes == ' '));
	mptcp_buffer_clear(&words);
	return failed ? -1 : 0;
}
