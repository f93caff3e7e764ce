/* SPDX-License-Identifier: GPL-2.0-or-later */
/* XDG folders: variables, their defaults, and what the specification says to ignore. */
#include "xdg.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct mptcp_buffer path;

static int set_up(void **state)
{
	(void)state;
	setenv("HOME", "/home/me", 1);
	unsetenv("XDG_CACHE_HOME");
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("XDG_CONFIG_DIRS");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mptcp_buffer_clear(&path);
	return 0;
}

static void without_variables_the_folders_are_below_home(void **state)
{
	(void)state;
	assert_int_equal(mptcp_xdg_cache(&path), 0);
	assert_string_equal(path.bytes, "/home/me/.cache/mptcp");
	assert_int_equal(mptcp_xdg_config(&path), 0);
	assert_string_equal(path.bytes, "/home/me/.config/mptcp");
	assert_int_equal(mptcp_xdg_data(&path), 0);
	assert_string_equal(path.bytes, "/home/me/.local/share/mptcp");
	assert_int_equal(mptcp_xdg_state(&path), 0);
	assert_string_equal(path.bytes, "/home/me/.local/state/mptcp");
}

static void a_variable_replaces_the_folder_below_home(void **state)
{
	(void)state;
	setenv("XDG_CACHE_HOME", "/a", 1);
	setenv("XDG_CONFIG_HOME", "/b", 1);
	setenv("XDG_DATA_HOME", "/c", 1);
	setenv("XDG_STATE_HOME", "/d", 1);
	mptcp_xdg_cache(&path);
	assert_string_equal(path.bytes, "/a/mptcp");
	mptcp_xdg_config(&path);
	assert_string_equal(path.bytes, "/b/mptcp");
	mptcp_xdg_data(&path);
	assert_string_equal(path.bytes, "/c/mptcp");
	mptcp_xdg_state(&path);
	assert_string_equal(path.bytes, "/d/mptcp");
}

static void a_relative_or_empty_variable_is_ignored(void **state)
{
	(void)state;
	setenv("XDG_CACHE_HOME", "relative/cache", 1);
	mptcp_xdg_cache(&path);
	assert_string_equal(path.bytes, "/home/me/.cache/mptcp");
	setenv("XDG_CACHE_HOME", "", 1);
	mptcp_xdg_cache(&path);
	assert_string_equal(path.bytes, "/home/me/.cache/mptcp");
}

static void without_variable_and_home_the_path_is_empty(void **state)
{
	(void)state;
	unsetenv("HOME");
	mptcp_buffer_add_string(&path, "left from before");
	assert_int_equal(mptcp_xdg_cache(&path), 0);
	assert_string_equal(path.bytes, "");
	setenv("HOME", "nowhere", 1);
	assert_int_equal(mptcp_xdg_cache(&path), 0);
	assert_string_equal(path.bytes, "");
}

static void system_configuration_is_in_etc_xdg_by_default(void **state)
{
	(void)state;
	assert_int_equal(mptcp_xdg_config_dir(0, &path), 0);
	assert_string_equal(path.bytes, "/etc/xdg/mptcp");
	assert_int_equal(mptcp_xdg_config_dir(1, &path), -1);
	setenv("XDG_CONFIG_DIRS", "", 1);
	assert_int_equal(mptcp_xdg_config_dir(0, &path), 0);
	assert_string_equal(path.bytes, "/etc/xdg/mptcp");
}

static void configuration_folders_are_taken_in_order_without_relative_ones(void **state)
{
	(void)state;
	setenv("XDG_CONFIG_DIRS", "/one:two::/three:", 1);
	assert_int_equal(mptcp_xdg_config_dir(0, &path), 0);
	assert_string_equal(path.bytes, "/one/mptcp");
	assert_int_equal(mptcp_xdg_config_dir(1, &path), 0);
	assert_string_equal(path.bytes, "/three/mptcp");
	assert_int_equal(mptcp_xdg_config_dir(2, &path), -1);
}

static void making_a_folder_makes_its_parents_with_mode_0700(void **state)
{
	char top[] = "/tmp/mptcp-xdg-XXXXXX", deep[64], parent[64], file[64], below[80];
	struct stat status;

	(void)state;
	assert_non_null(mkdtemp(top));
	snprintf(parent, sizeof(parent), "%s/a", top);
	snprintf(deep, sizeof(deep), "%s/a/b", top);
	assert_int_equal(mptcp_xdg_make(deep), 0);
	assert_int_equal(stat(parent, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	assert_int_equal(stat(deep, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	/* It is there: fine. */
	assert_int_equal(mptcp_xdg_make(deep), 0);
	/* A file is in the way. */
	snprintf(file, sizeof(file), "%s/file", top);
	fclose(fopen(file, "w"));
	snprintf(below, sizeof(below), "%s/below", file);
	assert_int_equal(mptcp_xdg_make(file), -1);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(mptcp_xdg_make(below), -1);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(deep), 0);
	assert_int_equal(rmdir(parent), 0);
	assert_int_equal(rmdir(top), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_variables_the_folders_are_below_home),
		TEST(a_variable_replaces_the_folder_below_home),
		TEST(a_relative_or_empty_variable_is_ignored),
		TEST(without_variable_and_home_the_path_is_empty),
		TEST(system_configuration_is_in_etc_xdg_by_default),
		TEST(configuration_folders_are_taken_in_order_without_relative_ones),
		TEST(making_a_folder_makes_its_parents_with_mode_0700),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
