/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-config: prints the configuration in force, and where it comes from. See mptcp-config(1). */
#include "tool.h"

#include <string.h>

enum { CONFIG_KEY, CONFIG_VALUE, CONFIG_ORIGIN, CONFIG_VARIABLE, CONFIG_MEANING, CONFIG_COLUMNS };

static const struct mptcp_table_column columns[] = {
	[CONFIG_KEY] = {"key", MPTCP_CELL_TEXT, 1, "", "name in the configuration file"},
	[CONFIG_VALUE] = {"value", MPTCP_CELL_TEXT, 2, "", "the value in force; empty for none"},
	[CONFIG_ORIGIN] = {"origin", MPTCP_CELL_TEXT, 3, "",
		"where it was set: file and line, variable, or default"},
	[CONFIG_VARIABLE] = {"variable", MPTCP_CELL_TEXT, 4, "",
		"environment variable that sets it"},
	[CONFIG_MEANING] = {"meaning", MPTCP_CELL_TEXT, 5, "", "what it is for"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == CONFIG_COLUMNS, "every column described");

static const struct mptcp_tool tool = {
	.name = "mptcp-config",
	.purpose = "print the configuration in force and where each value comes from",
	.operands = "[KEY]...",
	.groups = MPTCP_GROUP_TABLE,
	.columns = columns,
	.column_count = CONFIG_COLUMNS,
};

static void put_row(struct tool_run *run, const struct mptcp_config_key *key)
{
	const struct mptcp_config *config = run->settings.config;

	mptcp_table_string(run->table, CONFIG_KEY, key->name);
	mptcp_table_string(run->table, CONFIG_VALUE, mptcp_config_get(config, key->name));
	mptcp_table_string(run->table, CONFIG_ORIGIN, mptcp_config_origin(config, key->name));
	mptcp_table_string(run->table, CONFIG_VARIABLE, key->environment);
	mptcp_table_string(run->table, CONFIG_MEANING, key->meaning);
	mptcp_table_end_row(run->table);
}

static bool is_key(const char *name)
{
	for (size_t i = 0; i < mptcp_config_key_count; i++)
		if (!strcmp(mptcp_config_keys[i].name, name))
			return true;
	return false;
}

/* Every operand has to be a key. */
static int check_operands(struct tool_run *run)
{
	for (size_t i = 0; i < run->settings.operand_count; i++)
		if (!is_key(run->settings.operands[i])) {
			mptcp_error_set(&run->error, MPTCP_USAGE, "'%s' is not a key",
				run->settings.operands[i]);
			return tool_report(run);
		}
	return 0;
}

static bool is_wanted(const struct mptcp_settings *settings, const char *key)
{
	for (size_t i = 0; i < settings->operand_count; i++)
		if (!strcmp(settings->operands[i], key))
			return true;
	return settings->operand_count == 0;
}

int main(int argc, char **argv)
{
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, NULL))
		return run.status;
	if (!check_operands(&run) && !tool_open_table(&run))
		for (size_t i = 0; i < mptcp_config_key_count; i++)
			if (is_wanted(&run.settings, mptcp_config_keys[i].name))
				put_row(&run, &mptcp_config_keys[i]);
	return tool_finish(&run);
}
