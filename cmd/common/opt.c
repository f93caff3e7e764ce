/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parser, and what the configuration adds. The tables it works from are in
 * opt_table.c, the texts made from the same tables in opt_text.c.
 */
#include "opt.h"

#include "configure.h"
#include "argv.h"
#include "decimal.h"
#include "names.h"
#include "opt_table.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_MAX 1000000

/* One run of the parser. */
struct parse {
	const struct mptcp_tool *tool;
	const struct mptcp_opt_line *line;
	const struct mptcp_opt_entries *entries;
	struct mptcp_settings *settings;
	struct mptcp_buffer *text;
	struct mptcp_error *error;
	const char *columns; /* --columns */
};

/* The result where there is a text to print: an mptcp_opt_result or -1. */
static int print_text(struct parse *parse, int failed)
{
	if (failed || parse->text->failed)
		return mptcp_error_memory(parse->error);
	return MPTCP_OPT_TEXT;
}

/* Options that take a value. */
static int take_value(struct parse *parse, int letter, const char *name, const char *value)
{
	struct mptcp_settings *settings = parse->settings;

	switch (letter) {
	case 'c':
		settings->config_file = value;
		return MPTCP_OPT_RUN;
	case 'o':
		settings->output = value;
		return MPTCP_OPT_RUN;
	case MPTCP_LETTER_PEER:
		settings->peer = value;
		return *value ? MPTCP_OPT_RUN
			      : mptcp_opt_bad_value(name, value, "a file", parse->error);
	case MPTCP_LETTER_CALLER:
		settings->caller = value;
		return MPTCP_OPT_RUN;
	case 'C':
		settings->input.profile = value;
		return MPTCP_OPT_RUN;
	case MPTCP_LETTER_TSHARK:
		settings->input.tshark = value;
		return *value ? MPTCP_OPT_RUN
			      : mptcp_opt_bad_value(name, value, "a program", parse->error);
	case MPTCP_LETTER_COLUMNS:
		parse->columns = value;
		return MPTCP_OPT_RUN;
	case MPTCP_LETTER_DELIMITER:
		if (mptcp_input_delimiter(value, &settings->input.delimiter))
			return mptcp_opt_bad_value(name, value, "one character (or tab)",
				parse->error);
		return MPTCP_OPT_RUN;
	case 'j':
		if (mptcp_opt_number(value, 1, MPTCP_JOBS_MAX, &settings->input.jobs))
			return mptcp_opt_bad_value(name, value, "a number from 1 to 1024",
				parse->error);
		return MPTCP_OPT_RUN;
	case MPTCP_LETTER_CHUNK:
		if (mptcp_opt_number(value, 1, CHUNK_MAX, &settings->input.chunk))
			return mptcp_opt_bad_value(name, value, "a number from 1 to 1000000",
				parse->error);
		return MPTCP_OPT_RUN;
	default:
		if (mptcp_opt_is_live(letter))
			return mptcp_opt_take_live(&settings->input, letter, name, value,
				parse->error);
		return mptcp_opt_take_selection(&settings->selection, letter, name, value,
			parse->error);
	}
}

/* Options without a value; all others are handed on. */
static int take_common(struct parse *parse, int letter, const char *name, const char *value)
{
	struct mptcp_settings *settings = parse->settings;
	int taken = mptcp_opt_take_result(settings, letter, value, parse->error);

	if (taken <= 0)
		return taken;
	taken = mptcp_opt_take_captures(&settings->captures, letter, name, value, parse->error);
	if (taken)
		return taken < 0 ? -1 : MPTCP_OPT_RUN;
	switch (letter) {
	case 'h':
		return print_text(parse,
			mptcp_opt_text_help(parse->tool, parse->entries, parse->text));
	case MPTCP_LETTER_VERSION:
		return print_text(parse, mptcp_opt_text_version(parse->tool, parse->text));
	case MPTCP_LETTER_LIST:
		return print_text(parse,
			mptcp_opt_text_list(parse->tool, parse->entries, parse->text));
	case MPTCP_LETTER_OPERANDS:
		return print_text(parse, mptcp_opt_text_operands(parse->tool, parse->text));
	case 'q':
		settings->quiet = true;
		return MPTCP_OPT_RUN;
	case 'v':
		settings->verbose++;
		return MPTCP_OPT_RUN;
	case MPTCP_LETTER_ALLOW_EMPTY:
		settings->allow_empty = true;
		return MPTCP_OPT_RUN;
	case MPTCP_LETTER_FORCE:
		settings->force = true;
		return MPTCP_OPT_RUN;
	case MPTCP_LETTER_NO_CACHE:
		settings->input.no_cache = true;
		return MPTCP_OPT_RUN;
	case MPTCP_LETTER_KEEP_DUPLICATES:
		settings->input.keep_duplicates = true;
		return MPTCP_OPT_RUN;
	case MPTCP_LETTER_REGEN:
		settings->input.regen = true;
		return MPTCP_OPT_RUN;
	default:
		return take_value(parse, letter, name, value);
	}
}

/* Makes what getopt_long expects from the entries; both are terminated as it requires. */
static void fill_getopt(const struct mptcp_opt_entries *entries, struct option *longs, char *shorts)
{
	*shorts++ = ':'; /* a missing value is told apart from an unknown option */
	for (size_t i = 0; i < entries->count; i++) {
		const struct mptcp_option *option = &entries->items[i].option;
		int has = option->argument ? required_argument : no_argument;

		*longs++ = (struct option){option->name, has, NULL, option->letter};
		if (option->letter < MPTCP_OPT_LONG) {
			*shorts++ = (char)option->letter;
			if (option->argument)
				*shorts++ = ':';
		}
	}
	*longs++ = (struct option){"list-options", no_argument, NULL, MPTCP_LETTER_LIST};
	*longs++ = (struct option){"list-operands", no_argument, NULL, MPTCP_LETTER_OPERANDS};
	*longs++ = (struct option){"caller", required_argument, NULL, MPTCP_LETTER_CALLER};
	*longs = (struct option){0};
	*shorts = '\0';
}

static const struct mptcp_opt_entry *find_entry(const struct mptcp_opt_entries *entries, int letter)
{
	for (size_t i = 0; i < entries->count; i++)
		if (entries->items[i].option.letter == letter)
			return &entries->items[i];
	return NULL;
}

/* A long option that is none, or the beginning of several. */
static int refuse_name(struct parse *parse, const char *at)
{
	struct mptcp_argv names = {0};
	struct mptcp_buffer several = MPTCP_BUFFER_INIT;
	const char *name = at + strspn(at, "-");
	int length = (int)strcspn(name, "=");
	char hint[MPTCP_NAMES_HINT];

	for (size_t i = 0; i < parse->entries->count; i++) {
		const char *other = parse->entries->items[i].option.name;

		mptcp_argv_add(&names, other);
		if (!strncmp(other, name, (size_t)length))
			mptcp_buffer_format(&several, "%s--%s", several.length ? ", " : "", other);
	}
	mptcp_names_hint(hint, &(struct mptcp_names){(const char *const *)names.items, names.count},
		(struct mptcp_text){name, (size_t)length}, "--", "--help lists them");
	if (names.failed || several.failed)
		mptcp_error_memory(parse->error);
	else if (several.length)
		mptcp_error_set(parse->error, MPTCP_USAGE, "option '--%.*s' is ambiguous: %s",
			length, name, several.bytes);
	else
		mptcp_error_set(parse->error, MPTCP_USAGE, "unknown option '--%.*s'%s", length,
			name, hint);
	mptcp_argv_clear(&names);
	mptcp_buffer_clear(&several);
	return -1;
}

/* getopt_long has stopped at something it does not recognise; `at` is the argument it looked at, if
 * that is a long option. */
static int refuse(struct parse *parse, int result, const char *at)
{
	const struct mptcp_opt_entry *entry = optopt ? find_entry(parse->entries, optopt) : NULL;

	if (result == ':' && entry)
		return mptcp_error_set(parse->error, MPTCP_USAGE, "option --%s: missing %s",
			entry->option.name, entry->option.argument);
	if (result == ':' && optopt == MPTCP_LETTER_CALLER)
		return mptcp_error_set(parse->error, MPTCP_USAGE,
			"option --caller: NAME is missing");
	if (entry || optopt == MPTCP_LETTER_LIST || optopt == MPTCP_LETTER_OPERANDS)
		return mptcp_error_set(parse->error, MPTCP_USAGE, "option %.*s: takes no value",
			(int)strcspn(at, "="), at);
	if (optopt)
		return mptcp_error_set(parse->error, MPTCP_USAGE, "unknown option '-%c'", optopt);
	return refuse_name(parse, at);
}

static int parse_arguments(struct parse *parse, const struct option *longs, const char *shorts)
{
	const struct mptcp_opt_line *line = parse->line;

	optind = 0; /* starts over, even after an earlier parse in the same process */
	opterr = 0;
	for (;;) {
		int letter = getopt_long(line->argc, line->argv, shorts, longs, NULL);

		if (letter == -1)
			return MPTCP_OPT_RUN;
		if (letter == '?' || letter == ':')
			return refuse(parse, letter, line->argv[optind - 1]);
		const struct mptcp_opt_entry *entry = find_entry(parse->entries, letter);
		int result = entry && entry->own
			? parse->tool->take(letter, optarg, line->context, parse->error)
			: take_common(parse, letter, entry ? entry->option.name : "", optarg);
		if (result != MPTCP_OPT_RUN)
			return result;
	}
}

static int parse_options(struct parse *parse)
{
	size_t count = parse->entries->count;
	struct option *longs = calloc(count + 4, sizeof(*longs));
	char *shorts = malloc(2 * count + 2);
	int result = -1;

	if (longs && shorts) {
		fill_getopt(parse->entries, longs, shorts);
		result = parse_arguments(parse, longs, shorts);
	} else {
		mptcp_error_memory(parse->error);
	}
	free(longs);
	free(shorts);
	return result;
}

/* The configuration fills in what no option set. */
static int configure(struct mptcp_settings *settings, struct mptcp_error *error)
{
	int result = mptcp_input_configure(&settings->input, settings->config, error);

	settings->table.delimiter = settings->input.delimiter;
	return result;
}

int mptcp_opt_parse(const struct mptcp_tool *tool, const struct mptcp_opt_line *line,
	struct mptcp_settings *settings, struct mptcp_buffer *text, struct mptcp_error *error)
{
	struct mptcp_opt_entries entries;
	struct parse parse = {.tool = tool,
		.line = line,
		.entries = &entries,
		.settings = settings,
		.text = text,
		.error = error};

	*settings = (struct mptcp_settings){.table.header = true};
	if (mptcp_opt_entries(tool, &entries, error))
		return -1;
	int result = parse_options(&parse);
	free(entries.items);
	if (result != MPTCP_OPT_RUN)
		return result;
	settings->operands = line->argv + optind;
	settings->operand_count = (size_t)(line->argc - optind);
	result = mptcp_opt_take_columns(tool, parse.columns, settings, text, error);
	if (result < 0 && tool->groups & MPTCP_GROUP_CAPTURES)
		settings->columns = parse.columns; /* the result may gain columns that it names */
	else if (result != MPTCP_OPT_RUN)
		return result;
	/* the column of --sort may be one that the result gains, too */
	if ((mptcp_opt_take_sort(settings, error) && !(tool->groups & MPTCP_GROUP_CAPTURES)) ||
		mptcp_opt_check_selection(&settings->selection, error))
		return -1;
	if (settings->schema && !(tool->groups & MPTCP_GROUP_CAPTURES))
		return print_text(&parse, mptcp_opt_text_schema(tool, settings, text));
	/* a caller has read the same configuration, and has said what is wrong in it */
	struct mptcp_buffer said = MPTCP_BUFFER_INIT;
	settings->config = mptcp_config_load(settings->config_file,
		settings->caller ? &said : &settings->warnings, error);
	mptcp_buffer_clear(&said);
	return settings->config ? configure(settings, error) : -1;
}

/* Moves operand `from` to `to`, which is before it. */
static void move_forward(char **operands, size_t from, size_t to)
{
	char *moved = operands[from];

	memmove(operands + to + 1, operands + to, (from - to) * sizeof(*operands));
	operands[to] = moved;
}

void mptcp_opt_columns_first(struct mptcp_settings *settings, size_t at)
{
	for (size_t i = at; i < settings->operand_count; i++) {
		const char *operand = settings->operands[i];

		if (mptcp_column_find(operand, strlen(operand)) >= 0 && access(operand, F_OK))
			move_forward(settings->operands, i, at++);
	}
	for (size_t i = at; i < settings->operand_count; i++)
		if (mptcp_decimal_is(settings->operands[i])) {
			move_forward(settings->operands, i, at);
			return;
		}
}

int mptcp_opt_take_id(struct mptcp_settings *settings, struct mptcp_error *error)
{
	size_t at = 0;

	while (at < settings->operand_count && !mptcp_decimal_is(settings->operands[at]))
		at++;
	if (at == settings->operand_count)
		return 0;
	move_forward(settings->operands, at, 0);
	const char *operand = settings->operands[0];
	if (settings->selection.has_mptcpstream)
		return mptcp_error_set(error, MPTCP_USAGE,
			"operand '%s': conflicts with --mptcpstream %u", operand,
			settings->selection.mptcpstream);
	if (mptcp_opt_number(operand, 0, UINT32_MAX, &settings->selection.mptcpstream))
		return mptcp_error_set(error, MPTCP_USAGE,
			"operand '%s' is not the number of a connection", operand);
	settings->selection.has_mptcpstream = true;
	settings->operands++;
	settings->operand_count--;
	for (size_t i = 0; i < settings->operand_count; i++)
		if (mptcp_decimal_is(settings->operands[i]))
			return mptcp_error_set(error, MPTCP_USAGE,
				"operand '%s': connection %s is chosen already; a file of that name "
				"is ./%s",
				settings->operands[i], operand, settings->operands[i]);
	return mptcp_opt_check_selection(&settings->selection, error);
}

int mptcp_opt_unexpected(const char *operand, struct mptcp_error *error)
{
	return mptcp_error_set(error, MPTCP_USAGE, "unexpected operand '%s'", operand);
}

int mptcp_opt_take_input(struct mptcp_settings *settings, const char **operand,
	struct mptcp_error *error)
{
	if (settings->operand_count > 1)
		return mptcp_opt_unexpected(settings->operands[1], error);
	*operand = settings->operand_count ? settings->operands[0] : NULL;
	return 0;
}

void mptcp_settings_clear(struct mptcp_settings *settings)
{
	if (settings->config)
		mptcp_config_free(settings->config);
	mptcp_buffer_clear(&settings->warnings);
	mptcp_selection_clear(&settings->selection);
	mptcp_layout_clear(&settings->layout);
	*settings = (struct mptcp_settings){0};
}
