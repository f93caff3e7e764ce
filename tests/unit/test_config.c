/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration: which file wins, what is wrong in one and where; and that the manual page and the
 * example say what the table of keys says. Runs in the top folder of the tree.
 */
#include "cache.h"
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A folder with home/mptcp/config, first/mptcp/config and second/mptcp/config. */
static char top[64];
static char name[256]; /* of the file written last */
static struct mptcp_buffer warnings;
static struct mptcp_error error;
static struct mptcp_config *config;

static void set_variable(const char *variable, const char *folder)
{
	char value[128];

	snprintf(value, sizeof(value), "%s/%s", top, folder);
	setenv(variable, value, 1);
}

static int set_up(void **state)
{
	char folders[256];

	(void)state;
	strcpy(top, "/tmp/mptcp-config-XXXXXX");
	if (!mkdtemp(top))
		return -1;
	for (size_t i = 0; i < mptcp_config_key_count; i++)
		unsetenv(mptcp_config_keys[i].environment);
	set_variable("XDG_CONFIG_HOME", "home");
	snprintf(folders, sizeof(folders), "%s/first:%s/second", top, top);
	setenv("XDG_CONFIG_DIRS", folders, 1);
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	mptcp_config_free(config);
	config = NULL;
	mptcp_buffer_clear(&warnings);
	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	return system(command);
}

static void write_bytes(const char *folder, const char *bytes, size_t length)
{
	snprintf(name, sizeof(name), "%s/%s", top, folder);
	mkdir(name, 0700);
	snprintf(name, sizeof(name), "%s/%s/mptcp", top, folder);
	mkdir(name, 0700);
	snprintf(name, sizeof(name), "%s/%s/mptcp/config", top, folder);
	FILE *file = fopen(name, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void write_config(const char *folder, const char *text)
{
	write_bytes(folder, text, strlen(text));
}

static void load(const char *path)
{
	mptcp_config_free(config);
	mptcp_buffer_reset(&warnings);
	config = mptcp_config_load(path, &warnings, &error);
	if (!config)
		fail_msg("%s", error.text);
}

static void load_fails(const char *path, enum mptcp_status status, const char *text)
{
	mptcp_config_free(config);
	mptcp_buffer_reset(&warnings);
	config = mptcp_config_load(path, &warnings, &error);
	assert_null(config);
	assert_int_equal(error.status, status);
	if (!strstr(error.text, text) || !strstr(error.text, name))
		fail_msg("'%s' does not name '%s' and '%s'", error.text, name, text);
}

static void assert_value(const char *key, const char *value, const char *origin)
{
	assert_string_equal(mptcp_config_get(config, key), value);
	if (!strstr(mptcp_config_origin(config, key), origin))
		fail_msg("'%s' comes from '%s'", key, mptcp_config_origin(config, key));
}

static void assert_warnings(const char *line, const char *text)
{
	char expected[512];

	snprintf(expected, sizeof(expected), "%s:%s: %s\n", name, line, text);
	assert_string_equal(warnings.bytes ? warnings.bytes : "", expected);
}

static void without_files_every_key_has_its_default(void **state)
{
	(void)state;
	load(NULL);
	for (size_t i = 0; i < mptcp_config_key_count; i++)
		assert_value(mptcp_config_keys[i].name, mptcp_config_keys[i].fallback, "default");
	assert_int_equal(warnings.length, 0);
	assert_string_equal(mptcp_config_get(config, "no such key"), "");
	assert_string_equal(mptcp_config_origin(config, "no such key"), "default");
}

static void keys_stand_in_the_section_or_before_any(void **state)
{
	(void)state;
	write_config("home", "jobs = 3\n\n# a comment\n; another\n[mptcp]\ncache=no\n");
	load(NULL);
	assert_value("jobs", "3", "/home/mptcp/config:1");
	assert_value("cache", "no", "/home/mptcp/config:6");
	assert_int_equal(warnings.length, 0);
}

static void the_users_file_wins_over_the_systems_and_the_first_over_the_second(void **state)
{
	(void)state;
	write_config("home", "jobs = 1\n");
	write_config("first", "jobs = 2\ncache_size = 2G\n");
	write_config("second", "jobs = 3\ncache_size = 3G\nterminal = svg\n");
	load(NULL);
	assert_value("jobs", "1", "/home/mptcp/config:1");
	assert_value("cache_size", "2G", "/first/mptcp/config:2");
	assert_value("terminal", "svg", "/second/mptcp/config:3");
}

static void the_environment_wins_over_files_unless_it_is_empty(void **state)
{
	(void)state;
	write_config("home", "jobs = 1\nterminal = svg\n");
	setenv("MPTCP_JOBS", "7", 1);
	setenv("MPTCP_TERMINAL", "", 1);
	load(NULL);
	assert_value("jobs", "7", "MPTCP_JOBS");
	assert_value("terminal", "svg", "config:2");
	load(name);
	assert_value("jobs", "7", "MPTCP_JOBS");
}

static void a_file_that_is_named_is_the_only_one_and_must_exist(void **state)
{
	(void)state;
	write_config("home", "jobs = 1\n");
	write_config("second", "cache = no\n");
	load(name);
	assert_value("jobs", "0", "default");
	assert_value("cache", "no", "second/mptcp/config:1");
	snprintf(name, sizeof(name), "%s/absent", top);
	load_fails(name, MPTCP_IO, "No such file");
}

static void of_two_lines_with_a_key_the_last_wins(void **state)
{
	(void)state;
	write_config("home", "jobs = 1\njobs = 2\n");
	load(NULL);
	assert_value("jobs", "2", "config:2");
}

static void an_unknown_key_or_section_is_a_warning_with_file_and_line(void **state)
{
	(void)state;
	write_config("home", "jobs = 1\n\ncolour = red\ncache = no\n");
	load(NULL);
	assert_warnings("3", "unknown key 'colour'");
	assert_value("cache", "no", "config:4");
	write_config("home", "[plots]\njobs = 1\n");
	load(NULL);
	assert_warnings("2", "unknown section 'plots'");
	assert_value("jobs", "0", "default");
}

static void no_value_behind_a_key_that_needs_one_is_a_warning_and_the_default(void **state)
{
	(void)state;
	write_config("first", "jobs = 5\nwireshark_profile = p\n");
	write_config("home", "wireshark_profile =\ndelimiter =\n");
	load(NULL);
	assert_warnings("2", "no value for 'delimiter'");
	assert_value("delimiter", ",", "default");
	/* Empty is a value where a key needs none: the system's profile is switched off. */
	assert_value("wireshark_profile", "", "home/mptcp/config:1");
}

static void quotes_keep_what_ini_would_drop(void **state)
{
	(void)state;
	write_config("home", "delimiter = \";\"\nstyle0 = \"with lines  \"\nstyle1 = a \"b\" c\n");
	load(NULL);
	assert_value("delimiter", ";", "config:1");
	assert_value("style0", "with lines  ", "config:2");
	assert_value("style1", "a \"b\" c", "config:3");
	/* a semicolon alone is a delimiter, as mptcpanalyzer has it, and no comment */
	write_config("home", "delimiter = ; \njobs = 2 ; two\n");
	load(NULL);
	assert_value("delimiter", ";", "config:1");
	assert_value("jobs", "2", "config:2");
}

static void an_indented_line_is_a_line_of_its_own(void **state)
{
	(void)state;
	write_config("home", "[mptcp]\n\tjobs = 4\n\t  cache = no");
	load(NULL);
	assert_value("jobs", "4", "config:2");
	assert_value("cache", "no", "config:3");
}

static void byte_order_mark_and_carriage_returns_do_no_harm(void **state)
{
	(void)state;
	write_config("home", "\xef\xbb\xbfjobs = 4\r\n\r\ncache = no\r\n");
	load(NULL);
	assert_value("jobs", "4", "config:1");
	assert_value("cache", "no", "config:3");
}

static void a_line_that_is_no_ini_is_bad_data_with_its_line(void **state)
{
	(void)state;
	write_config("home", "jobs = 4\nthis is nothing\ncache = no\n");
	load_fails(NULL, MPTCP_DATA, ":2: neither");
	write_config("home", "jobs = 4\n\n[mptcp\n");
	load_fails(NULL, MPTCP_DATA, ":3: neither");
}

static void a_line_that_is_too_long_or_binary_is_bad_data_unless_a_comment(void **state)
{
	char text[1100];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "jobs = 4\ntshark_binary = ", 25);
	write_bytes("home", text, sizeof(text));
	load_fails(NULL, MPTCP_DATA, ":2: line too long or not text");
	text[9] = '#';
	write_bytes("home", text, sizeof(text));
	load(NULL);
	assert_value("jobs", "4", "config:1");
	write_bytes("home", "jobs = 4\0x\n", 11);
	load_fails(NULL, MPTCP_DATA, ":1: line too long or not text");
}

static void a_file_that_cannot_be_read_is_an_error(void **state)
{
	(void)state;
	write_config("home", "jobs = 4\n");
	assert_int_equal(unlink(name), 0);
	assert_int_equal(mkdir(name, 0700), 0);
	load_fails(NULL, MPTCP_IO, "Is a directory");
}

static void assert_size(const char *text, uint64_t expected)
{
	uint64_t bytes = 0;

	assert_int_equal(mptcp_config_size(text, &bytes), 0);
	assert_true(bytes == expected);
}

static void sizes_are_numbers_with_or_without_a_suffix(void **state)
{
	static const char *const bad[] = {"", "G", "-1", "+1", " 1", "1 G", "1Gi", "1.5G", "4X",
		"18446744073709551616", "18014398509481984k", "16777216T"};
	uint64_t bytes = 42;

	(void)state;
	assert_size("0", 0);
	assert_size("12345", 12345);
	assert_size("100k", UINT64_C(102400));
	assert_size("512M", UINT64_C(536870912));
	assert_size("4g", UINT64_C(4294967296));
	assert_size("2T", UINT64_C(2199023255552));
	assert_size("18446744073709551615", UINT64_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (mptcp_config_size(bad[i], &bytes) != -1)
			fail_msg("'%s' is taken for a size", bad[i]);
	assert_true(bytes == 42);
}

static void the_default_size_of_the_cache_is_that_of_the_cache(void **state)
{
	(void)state;
	load(NULL);
	assert_size(mptcp_config_get(config, "cache_size"), MPTCP_CACHE_DEFAULT_SIZE);
}

static char *read_text(const char *path)
{
	static char text[65536];
	FILE *file = fopen(path, "r");

	if (!file)
		fail_msg("%s is not there", path);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return text;
}

static void the_example_has_every_key_with_its_default_and_no_other(void **state)
{
	char *text = read_text("share/config.example");
	char enabled[65536] = "";
	size_t length = 0, keys = 0;

	(void)state;
	/* The lines "#key = value" become "key = value"; "# text" stays a comment. */
	for (const char *at = text; *at; at++)
		if (!(*at == '#' && at[1] != ' ' && (at == text || at[-1] == '\n')))
			enabled[length++] = *at;
	write_bytes("home", enabled, length);
	load(NULL);
	assert_int_equal(warnings.length, 0);
	for (size_t i = 0; i < mptcp_config_key_count; i++)
		assert_value(mptcp_config_keys[i].name, mptcp_config_keys[i].fallback,
			"home/mptcp/config:");
	for (size_t i = 0; i + 1 < length; i++)
		keys += enabled[i] == '\n' && enabled[i + 1] >= 'a' && enabled[i + 1] <= 'z';
	assert_int_equal(keys, mptcp_config_key_count);
}

static void the_manual_has_every_key_with_its_variable_and_no_other(void **state)
{
	char *text = read_text("man/mptcp-config.5");
	char item[128];
	size_t items = 0;

	(void)state;
	for (size_t i = 0; i < mptcp_config_key_count; i++) {
		const struct mptcp_config_key *key = &mptcp_config_keys[i];
		snprintf(item, sizeof(item), "\n.It Ic %s Pq Ev %s\n", key->name, key->environment);
		if (!strstr(text, item))
			fail_msg("missing: %s", item);
	}
	for (const char *at = text; (at = strstr(at, "\n.It Ic ")); at++)
		items++;
	assert_int_equal(items, mptcp_config_key_count);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_files_every_key_has_its_default),
		TEST(keys_stand_in_the_section_or_before_any),
		TEST(the_users_file_wins_over_the_systems_and_the_first_over_the_second),
		TEST(the_environment_wins_over_files_unless_it_is_empty),
		TEST(a_file_that_is_named_is_the_only_one_and_must_exist),
		TEST(of_two_lines_with_a_key_the_last_wins),
		TEST(an_unknown_key_or_section_is_a_warning_with_file_and_line),
		TEST(no_value_behind_a_key_that_needs_one_is_a_warning_and_the_default),
		TEST(quotes_keep_what_ini_would_drop),
		TEST(an_indented_line_is_a_line_of_its_own),
		TEST(byte_order_mark_and_carriage_returns_do_no_harm),
		TEST(a_line_that_is_no_ini_is_bad_data_with_its_line),
		TEST(a_line_that_is_too_long_or_binary_is_bad_data_unless_a_comment),
		TEST(a_file_that_cannot_be_read_is_an_error),
		TEST(sizes_are_numbers_with_or_without_a_suffix),
		TEST(the_default_size_of_the_cache_is_that_of_the_cache),
		TEST(the_example_has_every_key_with_its_default_and_no_other),
		TEST(the_manual_has_every_key_with_its_variable_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
