/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options: what the parser takes, what it refuses and with which words, and what the configuration
 * adds. */
#include "opt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define LETTER_DEPTH MPTCP_OPT_LONG

static char last_value[64];

static int take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	int *taken = context;

	if (letter == LETTER_DEPTH && !strcmp(value, "bottomless"))
		return mptcp_error_set(error, MPTCP_USAGE, "option --depth: too deep");
	if (taken)
		*taken = letter;
	snprintf(last_value, sizeof(last_value), "%s", value ? value : "");
	return 0;
}

static const struct mptcp_option own_options[] = {
	{'e', "field", "FIELD", "a field", MPTCP_COMPLETE_NONE, NULL},
	{LETTER_DEPTH, "depth", "N",
		"how deep to look, told at such a length that the text does not fit into "
		"one line of eighty columns",
		MPTCP_COMPLETE_WORDS, "1 2 3"},
	{'a', "an-option-with-a-rather-long-name", NULL, "long", MPTCP_COMPLETE_NONE, NULL},
	{LETTER_DEPTH + 1, "columns", "LIST", "an own meaning of a common name",
		MPTCP_COMPLETE_COLUMN, NULL},
	{0},
};

static const struct mptcp_table_column columns[] = {
	{"packets", MPTCP_CELL_NUMBER, 1, "", "how many"},
	{"bytes", MPTCP_CELL_NUMBER, 1, "bytes", "how much"},
	{"gain", MPTCP_CELL_NUMBER | MPTCP_CELL_WITH_PEER, 1, "s", "how good"},
};

static const struct mptcp_table_column other_columns[] = {
	{"folder", MPTCP_CELL_TEXT, 1, "", "where"},
	{"gain", MPTCP_CELL_NUMBER, 1, "", "as before"},
};

static const struct mptcp_tool_result results[] = {{"where", other_columns, 2}, {0}};

#define ALL_GROUPS (MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_SELECTION)

static const struct mptcp_tool filter = {
	.name = "mptcp-xy",
	.purpose = "show x and y",
	.operands = "[ID] [CAPTURE|CSV]",
	.groups = ALL_GROUPS,
	.columns = columns,
	.column_count = 3,
	.results = results,
};

/* One with --peer. */
static const struct mptcp_tool peered = {
	.name = "mptcp-pe",
	.purpose = "compare",
	.operands = "[CAPTURE|CSV]",
	.groups = MPTCP_GROUP_TABLE | MPTCP_GROUP_PEER,
	.columns = columns,
	.column_count = 3,
};

static const struct mptcp_tool exporter = {
	.name = "mptcp-ex",
	.purpose = "export",
	.operands = "[CAPTURE]",
	.groups = MPTCP_GROUP_INPUT,
	.options = own_options,
	.take = take,
};

/* A tool that takes no common options but the general ones. */
static const struct mptcp_tool plain = {.name = "mptcp-pl", .purpose = "plain", .operands = ""};

/* One call of the parser and what it gave; filled by parse(). */
struct fixture {
	char folder[32];
	char config_folder[48];
	char config[64];
	char *argv[32];
	char words[512];
	struct mptcp_settings settings;
	struct mptcp_buffer text;
	struct mptcp_error error;
	int result;
	int taken;
};

static int set_up(void **state)
{
	static struct fixture storage;
	struct fixture *fixture = &storage;

	storage = (struct fixture){0};
	strcpy(fixture->folder, "/tmp/test_opt.XXXXXX");
	if (!mkdtemp(fixture->folder))
		return -1;
	if ((size_t)snprintf(fixture->config_folder, sizeof(fixture->config_folder), "%s/mptcp",
		    fixture->folder) >= sizeof(fixture->config_folder))
		return -1;
	if ((size_t)snprintf(fixture->config, sizeof(fixture->config), "%s/config",
		    fixture->config_folder) >= sizeof(fixture->config))
		return -1;
	if (mkdir(fixture->config_folder, 0700))
		return -1;
	setenv("HOME", fixture->folder, 1);
	setenv("XDG_CONFIG_HOME", fixture->folder, 1);
	setenv("XDG_CONFIG_DIRS", fixture->folder, 1);
	for (size_t i = 0; i < mptcp_config_key_count; i++)
		if (mptcp_config_keys[i].environment)
			unsetenv(mptcp_config_keys[i].environment);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	mptcp_settings_clear(&fixture->settings);
	mptcp_buffer_clear(&fixture->text);
	unlink(fixture->config);
	rmdir(fixture->config_folder);
	rmdir(fixture->folder);
	return 0;
}

/* Parses the words of `line`, separated by single spaces ('_' stands for an empty one), after the
 * tool's name. */
static int parse(struct fixture *fixture, const struct mptcp_tool *tool, const char *line)
{
	char *next = fixture->words, *word;
	int argc = 0;

	mptcp_settings_clear(&fixture->settings);
	mptcp_buffer_reset(&fixture->text);
	memset(&fixture->error, 0, sizeof(fixture->error));
	snprintf(fixture->words, sizeof(fixture->words), "%s%s%s", tool->name, *line ? " " : "",
		line);
	while ((word = strsep(&next, " ")))
		fixture->argv[argc++] = strcmp(word, "_") ? word : "";
	fixture->argv[argc] = NULL;
	fixture->result = mptcp_opt_parse(tool,
		&(struct mptcp_opt_line){argc, fixture->argv, &fixture->taken}, &fixture->settings,
		&fixture->text, &fixture->error);
	return fixture->result;
}

static void assert_runs(struct fixture *fixture, const struct mptcp_tool *tool, const char *line)
{
	if (parse(fixture, tool, line) != MPTCP_OPT_RUN)
		fail_msg("'%s': %s", line, fixture->error.text);
}

static void assert_refused(struct fixture *fixture, const struct mptcp_tool *tool, const char *line,
	const char *text)
{
	assert_int_equal(parse(fixture, tool, line), -1);
	assert_string_equal(fixture->error.text, text);
	assert_int_equal(fixture->error.status, MPTCP_USAGE);
}

static void write_config(struct fixture *fixture, const char *text)
{
	FILE *file = fopen(fixture->config, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void without_options_the_defaults_are_in_force(void **state)
{
	struct fixture *fixture = *state;
	const struct mptcp_settings *settings = &fixture->settings;

	assert_runs(fixture, &filter, "");
	assert_string_equal(settings->input.tshark, "tshark");
	assert_string_equal(settings->input.editcap, "editcap");
	assert_null(settings->input.profile);
	assert_int_equal(settings->input.jobs, 0);
	assert_int_equal(settings->input.chunk, 0);
	assert_int_equal(settings->input.delimiter, ',');
	assert_int_equal(settings->table.delimiter, ',');
	assert_false(settings->input.no_cache);
	assert_true(settings->table.header);
	assert_false(settings->format_given);
	assert_null(settings->output);
	assert_false(mptcp_selection_chooses(&settings->selection));
	assert_int_equal(settings->operand_count, 0);
}

static void every_common_option_reaches_its_setting(void **state)
{
	struct fixture *fixture = *state;
	const struct mptcp_settings *settings = &fixture->settings;

	assert_runs(fixture, &filter,
		"-m 3 -t 4294967295 -d server --skip 7 --from 0.5 --skip 2 --to 20 "
		"-f json -o out.csv --no-header -H -j 4 --chunk 500 "
		"--tshark /opt/tshark");
	const struct mptcp_selection *selection = &settings->selection;
	assert_true(selection->has_mptcpstream && selection->has_tcpstream &&
		selection->has_destination && selection->has_from && selection->has_to);
	assert_int_equal(selection->mptcpstream, 3);
	assert_true(selection->tcpstream == UINT32_MAX);
	assert_int_equal(selection->destination, MPTCP_SERVER);
	assert_int_equal(selection->skip_count, 2);
	assert_int_equal(selection->skip[0], 7);
	assert_int_equal(selection->skip[1], 2);
	assert_int_equal(selection->from, 500000000);
	assert_int_equal(selection->to, INT64_C(20000000000));
	assert_true(settings->format_given);
	assert_int_equal(settings->table.format, MPTCP_FORMAT_JSON);
	assert_string_equal(settings->output, "out.csv");
	assert_false(settings->table.header);
	assert_true(settings->table.human);
	assert_int_equal(settings->input.jobs, 4);
	assert_int_equal(settings->input.chunk, 500);
	assert_string_equal(settings->input.tshark, "/opt/tshark");
	assert_runs(fixture, &filter, "-C lab --no-cache --regen --delimiter ; -vv -q");
	assert_string_equal(settings->input.profile, "lab");
	assert_true(settings->input.no_cache && settings->input.regen && settings->quiet);
	assert_int_equal(settings->input.delimiter, ';');
	assert_int_equal(settings->table.delimiter, ';');
	assert_int_equal(settings->verbose, 2);
}

static void a_tab_can_be_named_as_a_delimiter(void **state)
{
	struct fixture *fixture = *state;

	assert_runs(fixture, &filter, "--delimiter tab");
	assert_int_equal(fixture->settings.input.delimiter, '\t');
	assert_runs(fixture, &filter, "--delimiter \\t");
	assert_int_equal(fixture->settings.table.delimiter, '\t');
}

static void what_is_no_number_in_range_is_refused(void **state)
{
	static const char *const bad[] = {"0", "1025", "-1", "+1", "1.0", "0x1", "1k", "_",
		"18446744073709551617"};
	struct fixture *fixture = *state;
	char line[64], text[128];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(line, sizeof(line), "-j %s", bad[i]);
		snprintf(text, sizeof(text), "option --jobs: '%s' is not a number from 1 to 1024",
			*bad[i] == '_' ? "" : bad[i]);
		assert_refused(fixture, &filter, line, text);
	}
	assert_refused(fixture, &filter, "--chunk 1000001",
		"option --chunk: '1000001' is not a number from 1 to 1000000");
	assert_refused(fixture, &filter, "-m 4294967296",
		"option --mptcpstream: '4294967296' is not the number of a connection");
	assert_runs(fixture, &filter, "-j 1024 --chunk 1000000 -m 4294967295");
}

static void mistakes_are_named_by_their_option(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture, &filter, "--bogus", "unknown option '--bogus'; --help lists them");
	assert_refused(fixture, &filter, "--bogus=1",
		"unknown option '--bogus'; --help lists them");
	assert_refused(fixture, &filter, "--no",
		"option '--no' is ambiguous: --no-header, --no-pager, --no-cache");
	assert_refused(fixture, &filter, "-vZ", "unknown option '-Z'");
	assert_refused(fixture, &filter, "-m", "option --mptcpstream: missing ID");
	assert_refused(fixture, &filter, "--output", "option --output: missing FILE");
	assert_refused(fixture, &filter, "--human=yes", "option --human: takes no value");
	assert_refused(fixture, &filter, "-f xml",
		"option --format: 'xml' is not csv, table or json");
	assert_refused(fixture, &filter, "-d up",
		"option --destination: 'up' is not client or server");
	assert_refused(fixture, &filter, "--skip -1",
		"option --skip: '-1' is not the number of a connection");
	assert_refused(fixture, &filter, "--from soon",
		"option --from: 'soon' is not a number of seconds");
	assert_refused(fixture, &filter, "--to=-1", "option --to: '-1' is not a number of seconds");
	assert_refused(fixture, &filter, "--to 2 --from 2", "option --to: must be after --from");
	assert_refused(fixture, &filter, "--columns packets,byts",
		"unknown column 'byts'; did you mean 'bytes'?");
	assert_refused(fixture, &filter, "--columns bytes where",
		"unknown column 'bytes'; --columns help lists them");
	assert_refused(fixture, &filter, "--columns", "option --columns: missing LIST");
	assert_refused(fixture, &filter,
		"--delimiter ::", "option --delimiter: '::' is not one character (or tab)");
}

static void options_of_groups_not_asked_for_are_not_known(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture, &plain, "-m 1", "unknown option '-m'");
	assert_refused(fixture, &plain, "--columns help",
		"unknown option '--columns'; --help lists them");
	assert_runs(fixture, &plain, "-v");
}

static void operands_and_options_mix_until_two_dashes(void **state)
{
	struct fixture *fixture = *state;

	assert_runs(fixture, &filter, "a -v b -- -q");
	assert_int_equal(fixture->settings.verbose, 1);
	assert_false(fixture->settings.quiet);
	assert_int_equal(fixture->settings.operand_count, 3);
	assert_string_equal(fixture->settings.operands[2], "-q");
}

static void own_options_go_to_the_tool(void **state)
{
	struct fixture *fixture = *state;

	assert_runs(fixture, &exporter, "-e ip.ttl");
	assert_int_equal(fixture->taken, 'e');
	assert_string_equal(last_value, "ip.ttl");
	assert_runs(fixture, &exporter, "--depth=3");
	assert_int_equal(fixture->taken, LETTER_DEPTH);
	assert_refused(fixture, &exporter, "--depth bottomless", "option --depth: too deep");
	assert_refused(fixture, &exporter, "--depth", "option --depth: missing N");
}

static void an_own_option_hides_the_common_one_of_its_name(void **state)
{
	struct fixture *fixture = *state;

	assert_runs(fixture, &exporter, "--columns abstime,dsn");
	assert_string_equal(last_value, "abstime,dsn");
	assert_int_equal(parse(fixture, &exporter, "--help"), MPTCP_OPT_TEXT);
	assert_null(strstr(fixture->text.bytes, "show only these columns"));
	assert_non_null(strstr(fixture->text.bytes, "an own meaning of a common name"));
}

static void help_has_two_columns_within_eighty(void **state)
{
	struct fixture *fixture = *state;
	char *next, *line;

	assert_int_equal(parse(fixture, &exporter, "--help"), MPTCP_OPT_TEXT);
	assert_ptr_equal(
		strstr(fixture->text.bytes, "usage: mptcp-ex [OPTION]... [CAPTURE]\nexport\n"),
		fixture->text.bytes);
	assert_non_null(strstr(fixture->text.bytes, "\n  -e, --field FIELD         a field\n"));
	assert_non_null(
		strstr(fixture->text.bytes, "\n      --depth N             how deep to look, "));
	assert_non_null(strstr(fixture->text.bytes,
		"\n  -a, --an-option-with-a-rather-long-name\n                            long\n"));
	assert_non_null(strstr(fixture->text.bytes, "\nexit status: 0 done, "));
	next = fixture->text.bytes;
	while ((line = strsep(&next, "\n")))
		assert_true(strlen(line) <= 80);
}

static void help_asks_for_no_configuration(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(parse(fixture, &filter, "-c /nowhere -h"), MPTCP_OPT_TEXT);
}

static void version_is_one_line(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(parse(fixture, &plain, "--version"), MPTCP_OPT_TEXT);
	assert_ptr_equal(strstr(fixture->text.bytes, "mptcp-pl "), fixture->text.bytes);
	assert_ptr_equal(strchr(fixture->text.bytes, '\n'),
		fixture->text.bytes + fixture->text.length - 1);
}

static void columns_help_names_column_unit_and_meaning(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(parse(fixture, &filter, "--columns help"), MPTCP_OPT_TEXT);
	assert_string_equal(fixture->text.bytes,
		"packets -      how many\n"
		"bytes   bytes  how much\n"
		"gain    s      with --peer: how good\n");
	assert_int_equal(parse(fixture, &filter, "--columns help where"), MPTCP_OPT_TEXT);
	assert_string_equal(fixture->text.bytes,
		"folder -      where\n"
		"gain   -      as before\n");
}

static void columns_are_laid_out_as_asked_for(void **state)
{
	struct fixture *fixture = *state;
	const struct mptcp_layout *layout = &fixture->settings.layout;

	assert_runs(fixture, &filter, "");
	assert_int_equal(mptcp_layout_shown(layout), 2);
	assert_runs(fixture, &peered, "--peer b.pcap");
	assert_int_equal(mptcp_layout_shown(layout), 3);
	assert_runs(fixture, &filter, "--columns packets --columns bytes,packets");
	assert_int_equal(mptcp_layout_shown(layout), 2);
	assert_int_equal(mptcp_layout_at(layout, 0), 1);
	assert_int_equal(mptcp_layout_at(layout, 1), 0);
	assert_runs(fixture, &filter, "--columns folder where");
	assert_ptr_equal(layout->columns, other_columns);
	assert_int_equal(mptcp_layout_shown(layout), 1);
}

static void a_column_that_needs_the_peer_is_told_where_it_is_named(void **state)
{
	struct fixture *fixture = *state;

	assert_runs(fixture, &peered, "--columns bytes,gain");
	assert_string_equal(fixture->settings.warnings.bytes,
		"column 'gain' is empty without --peer\n");
	assert_runs(fixture, &peered, "--columns gain --peer b.pcap");
	assert_int_equal(fixture->settings.warnings.length, 0);
	assert_runs(fixture, &peered, "--columns all");
	assert_int_equal(fixture->settings.warnings.length, 0);
	assert_int_equal(mptcp_layout_shown(&fixture->settings.layout), 3);
}

static void the_words_of_columns_are_listed(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(parse(fixture, &filter, "--list-options"), MPTCP_OPT_TEXT);
	assert_non_null(strstr(fixture->text.bytes,
		"-\tcolumns\tLIST\tlist\tall help packets bytes gain folder\tshow only"));
}

static void the_list_of_options_has_six_cells_a_line(void **state)
{
	struct fixture *fixture = *state;
	char *next, *line;
	size_t lines = 0;

	assert_int_equal(parse(fixture, &exporter, "--list-options"), MPTCP_OPT_TEXT);
	assert_non_null(strstr(fixture->text.bytes,
		"e\tfield\tFIELD\tnone\t-\ta field\n-\tdepth\tN\twords\t1 2 3\thow deep"));
	assert_non_null(strstr(fixture->text.bytes, "\nq\tquiet\t-\tnone\t-\t"));
	next = fixture->text.bytes;
	while ((line = strsep(&next, "\n")) && *line) {
		size_t tabs = 0;

		for (const char *at = line; (at = strchr(at, '\t')); at++)
			tabs++;
		assert_int_equal(tabs, 5);
		lines++;
	}
	assert_int_equal(lines, 4 + 8 + 5); /* its own, the group of input, the general ones */
}

static void the_configuration_supplies_defaults(void **state)
{
	struct fixture *fixture = *state;
	const struct mptcp_input_options *input = &fixture->settings.input;

	write_config(fixture,
		"jobs = 3\ntshark_binary = /opt/tshark\nwireshark_profile = lab\ndelimiter = tab\n"
		"cache = no\ncache_size = 10M\n");
	assert_runs(fixture, &filter, "");
	assert_int_equal(input->jobs, 3);
	assert_string_equal(input->tshark, "/opt/tshark");
	assert_string_equal(input->profile, "lab");
	assert_int_equal(input->delimiter, '\t');
	assert_int_equal(fixture->settings.table.delimiter, '\t');
	assert_true(input->no_cache);
	assert_true(input->cache_size >= 10 * 1000 * 1000);
}

static void an_option_wins_over_the_configuration(void **state)
{
	struct fixture *fixture = *state;
	const struct mptcp_input_options *input = &fixture->settings.input;

	write_config(fixture,
		"jobs = 3\ntshark_binary = /opt/tshark\n"
		"wireshark_profile = lab\ndelimiter = tab\n");
	assert_runs(fixture, &filter, "-j 2 --tshark other --delimiter ; -C _");
	assert_int_equal(input->jobs, 2);
	assert_string_equal(input->tshark, "other");
	assert_int_equal(input->delimiter, ';');
	assert_null(input->profile); /* the empty name takes the configured one back */
}

static void a_wrong_value_of_the_configuration_is_told_with_its_place(void **state)
{
	static const char *const bad[] = {"jobs = many", "jobs = 1025",
		"delimiter = ::", "cache = perhaps", "cache_size = big"};
	struct fixture *fixture = *state;
	char line[64], place[80];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(line, sizeof(line), "# ours\n%s\n", bad[i]);
		write_config(fixture, line);
		assert_int_equal(parse(fixture, &filter, ""), -1);
		assert_int_equal(fixture->error.status, MPTCP_DATA);
		snprintf(place, sizeof(place), "%s:2: ", fixture->config);
		assert_ptr_equal(strstr(fixture->error.text, place), fixture->error.text);
	}
}

static void a_named_configuration_must_exist(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(parse(fixture, &filter, "-c /nowhere/config"), -1);
	assert_int_equal(fixture->error.status, MPTCP_IO);
}

static void a_leading_number_is_the_connection(void **state)
{
	struct fixture *fixture = *state;
	const char *input;

	assert_runs(fixture, &filter, "7 x.pcap");
	assert_int_equal(mptcp_opt_take_id(&fixture->settings, &fixture->error), 0);
	assert_true(fixture->settings.selection.has_mptcpstream);
	assert_int_equal(fixture->settings.selection.mptcpstream, 7);
	assert_int_equal(mptcp_opt_take_input(&fixture->settings, &input, &fixture->error), 0);
	assert_string_equal(input, "x.pcap");
}

static void an_operand_that_is_no_number_is_the_input(void **state)
{
	static const char *const names[] = {"x.pcap", "0x1", "1.pcap", "./0", "-"};
	struct fixture *fixture = *state;
	const char *input;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_runs(fixture, &filter, names[i]);
		assert_int_equal(mptcp_opt_take_id(&fixture->settings, &fixture->error), 0);
		assert_false(fixture->settings.selection.has_mptcpstream);
		assert_int_equal(mptcp_opt_take_input(&fixture->settings, &input, &fixture->error),
			0);
		assert_string_equal(input, names[i]);
	}
}

static void a_connection_is_not_chosen_twice(void **state)
{
	struct fixture *fixture = *state;

	assert_runs(fixture, &filter, "-m 1 2 x.pcap");
	assert_int_equal(mptcp_opt_take_id(&fixture->settings, &fixture->error), -1);
	assert_int_equal(fixture->error.status, MPTCP_USAGE);
	assert_runs(fixture, &filter, "4294967296");
	assert_int_equal(mptcp_opt_take_id(&fixture->settings, &fixture->error), -1);
	assert_int_equal(fixture->error.status, MPTCP_USAGE);
}

static void input_is_one_operand_or_standard_input(void **state)
{
	struct fixture *fixture = *state;
	const char *input = "unset";

	assert_runs(fixture, &filter, "");
	assert_int_equal(mptcp_opt_take_id(&fixture->settings, &fixture->error), 0);
	assert_int_equal(mptcp_opt_take_input(&fixture->settings, &input, &fixture->error), 0);
	assert_null(input);
	assert_runs(fixture, &filter, "a b");
	assert_int_equal(mptcp_opt_take_input(&fixture->settings, &input, &fixture->error), -1);
	assert_string_equal(fixture->error.text, "unexpected operand 'b'");
	assert_int_equal(fixture->error.status, MPTCP_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_options_the_defaults_are_in_force),
		TEST(every_common_option_reaches_its_setting),
		TEST(a_tab_can_be_named_as_a_delimiter),
		TEST(what_is_no_number_in_range_is_refused),
		TEST(mistakes_are_named_by_their_option),
		TEST(options_of_groups_not_asked_for_are_not_known),
		TEST(operands_and_options_mix_until_two_dashes),
		TEST(own_options_go_to_the_tool),
		TEST(an_own_option_hides_the_common_one_of_its_name),
		TEST(help_has_two_columns_within_eighty),
		TEST(help_asks_for_no_configuration),
		TEST(version_is_one_line),
		TEST(columns_help_names_column_unit_and_meaning),
		TEST(columns_are_laid_out_as_asked_for),
		TEST(a_column_that_needs_the_peer_is_told_where_it_is_named),
		TEST(the_words_of_columns_are_listed),
		TEST(the_list_of_options_has_six_cells_a_line),
		TEST(the_configuration_supplies_defaults),
		TEST(an_option_wins_over_the_configuration),
		TEST(a_wrong_value_of_the_configuration_is_told_with_its_place),
		TEST(a_named_configuration_must_exist),
		TEST(a_leading_number_is_the_connection),
		TEST(an_operand_that_is_no_number_is_the_input),
		TEST(a_connection_is_not_chosen_twice),
		TEST(input_is_one_operand_or_standard_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
