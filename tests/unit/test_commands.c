/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands: where programs are found, and what they were called earlier. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "commands.h"

static struct mptcp_error failure;
static char folder[] = "/tmp/mptcp-commands-XXXXXX";

static void make_folder(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void make_file(const char *name, mode_t mode)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	make_folder("mptcp");
	make_folder("mptcp/commands");
	make_folder("path");
	make_folder("path/mptcp-folder");
	make_file("mptcp/commands/mptcp-mine", 0755);
	make_file("mptcp/commands/mptcp-both", 0755);
	make_file("path/mptcp-both", 0755);
	make_file("path/mptcp-theirs", 0755);
	make_file("path/mptcp-text", 0644);
	make_file("path/mptcp-", 0755);
	return setenv("XDG_DATA_HOME", folder, 1);
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static void open_commands(struct mptcp_commands *commands)
{
	char path[128];

	snprintf(path, sizeof(path), "/nowhere:%s/path", folder);
	assert_int_equal(mptcp_commands_init(commands, path, &failure), 0);
}

static void finds(const struct mptcp_commands *commands, const char *name, const char *where)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	char expected[256];
	bool own = true;
	int found = mptcp_commands_find(commands, name, &path, &own);

	assert_int_equal(found, where ? 0 : -1);
	if (where) {
		snprintf(expected, sizeof(expected), "%s/%s/mptcp-%s", folder, where, name);
		assert_string_equal(path.bytes, expected);
		assert_false(own);
	}
	mptcp_buffer_clear(&path);
}

static void the_users_folder_is_searched_before_path(void **state)
{
	struct mptcp_commands commands;

	(void)state;
	open_commands(&commands);
	finds(&commands, "mine", "mptcp/commands");
	finds(&commands, "both", "mptcp/commands");
	finds(&commands, "theirs", "path");
	mptcp_commands_clear(&commands);
}

static void what_cannot_be_run_is_no_command(void **state)
{
	struct mptcp_commands commands;

	(void)state;
	open_commands(&commands);
	finds(&commands, "text", NULL);
	finds(&commands, "folder", NULL);
	finds(&commands, "absent", NULL);
	finds(&commands, "", NULL);
	finds(&commands, "x/../mine", NULL);
	mptcp_commands_clear(&commands);
}

static void the_list_has_each_name_once_in_order(void **state)
{
	struct mptcp_commands commands;
	struct mptcp_command *items;
	struct mptcp_buffer names = MPTCP_BUFFER_INIT;
	size_t count;

	(void)state;
	open_commands(&commands);
	assert_int_equal(mptcp_commands_list(&commands, &items, &count, &failure), 0);
	for (size_t i = 0; i < count; i++)
		if (!items[i].own)
			mptcp_buffer_format(&names, "%s ", items[i].name);
	assert_string_equal(names.bytes, "both mine theirs ");
	mptcp_commands_list_free(items, count);
	mptcp_buffer_clear(&names);
	mptcp_commands_clear(&commands);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_users_folder_is_searched_before_path),
		cmocka_unit_test(what_cannot_be_run_is_no_command),
		cmocka_unit_test(the_list_has_each_name_once_in_order),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
