/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opt_result: the options about what a table looks like; see opt_table.h. */
#include "decimal.h"
#include "opt_table.h"

#include <string.h>

/* The place of a word in a list ended by NULL. 0 or -1. */
static int find_word(const char *const words[], const char *word, int *place)
{
	for (*place = 0; words[*place]; ++*place)
		if (!strcmp(words[*place], word))
			return 0;
	return -1;
}

int mptcp_opt_take_format(struct mptcp_settings *settings, const char *value,
	struct mptcp_error *error)
{
	static const char *const words[] = {[MPTCP_FORMAT_CSV] = "csv",
		[MPTCP_FORMAT_TABLE] = "table",
		[MPTCP_FORMAT_JSON] = "json",
		NULL};
	int place;

	if (find_word(words, value, &place))
		return mptcp_opt_bad_value("format", value, "csv, table or json", error);
	settings->format_given = true;
	settings->table.format = (enum mptcp_format)place;
	return 0;
}

static int take_time(struct mptcp_settings *settings, const char *value, struct mptcp_error *error)
{
	static const char *const words[] = {[MPTCP_TIME_CAPTURE] = "capture",
		[MPTCP_TIME_CONNECTION] = "connection",
		[MPTCP_TIME_UTC] = "utc",
		[MPTCP_TIME_EPOCH] = "epoch",
		NULL};
	int place;

	if (find_word(words, value, &place))
		return mptcp_opt_bad_value("time", value, "connection, capture, utc or epoch",
			error);
	settings->time = value;
	settings->table.time = (enum mptcp_time)place;
	return 0;
}

int mptcp_opt_take_result(struct mptcp_settings *settings, int letter, const char *value,
	struct mptcp_error *error)
{
	struct mptcp_table_options *table = &settings->table;

	switch (letter) {
	case 'f':
		return mptcp_opt_take_format(settings, value, error);
	case 'H':
		table->human = true;
		return 0;
	case MPTCP_LETTER_HEAD:
		if (mptcp_decimal_read(&table->head, value, strlen(value), UINT64_MAX) ||
			!table->head)
			return mptcp_opt_bad_value("head", value, "a number of rows", error);
		return 0;
	case MPTCP_LETTER_NO_HEADER:
		table->header = false;
		return 0;
	case MPTCP_LETTER_NO_PAGER:
		settings->no_pager = true;
		return 0;
	case MPTCP_LETTER_SCHEMA:
		settings->schema = true;
		return 0;
	case MPTCP_LETTER_SORT:
		settings->sort = value;
		return 0;
	case MPTCP_LETTER_TIME:
		return take_time(settings, value, error);
	default:
		return 1;
	}
}

int mptcp_opt_take_sort(struct mptcp_settings *settings, struct mptcp_error *error)
{
	struct mptcp_table_options *table = &settings->table;
	struct mptcp_error unknown;

	if (!settings->sort)
		return 0;
	size_t length = strcspn(settings->sort, ":");
	const char *order = settings->sort + length;

	if (*order && strcmp(order, ":desc") && strcmp(order, ":asc"))
		return mptcp_opt_bad_value("sort", settings->sort, "COLUMN or COLUMN:desc", error);
	if (mptcp_layout_find(&settings->layout, settings->sort, length, &table->sort_column,
		    &unknown))
		return mptcp_error_set(error, unknown.status, "option --sort: %s", unknown.text);
	table->sorted = true;
	table->descending = !strcmp(order, ":desc");
	return 0;
}
