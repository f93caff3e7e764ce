/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complete: what may stand where the cursor is. See shell.h. */
#include "candidates.h"

#include "config.h"
#include "older.h"

#include <stdlib.h>
#include <string.h>

static bool is(const struct option_line *option, const char *kind)
{
	return option->cells[OPTION_COMPLETION].length == strlen(kind) &&
		!memcmp(option->cells[OPTION_COMPLETION].bytes, kind, strlen(kind));
}

static void add_values(const struct candidates *to, const struct option_line *option)
{
	const struct mptcp_text *words = &option->cells[OPTION_WORDS];

	if (is(option, "file") || is(option, "program"))
		candidates_files(to, false);
	else if (is(option, "folder"))
		candidates_files(to, true);
	else if (is(option, "role"))
		candidates_words(to, "client server", 13, ' ');
	else if (is(option, "format"))
		candidates_words(to, "csv table json", 14, ' ');
	else if (is(option, "column"))
		candidates_columns(*to);
	else if (is(option, "list"))
		candidates_list(*to, words->bytes, words->length);
	else if (is(option, "mptcpstream"))
		candidates_streams(to, CANDIDATES_MPTCP);
	else if (is(option, "tcpstream"))
		candidates_streams(to, CANDIDATES_TCP);
	else if (is(option, "interface"))
		candidates_interfaces(to);
	else if (is(option, "series"))
		candidates_series(to);
	else if (is(option, "plot"))
		candidates_plots(to);
	else if (is(option, "words"))
		candidates_words(to, words->bytes, words->length, ' ');
}

static void add_options(const struct candidates *to, const struct tool_help *tool_help)
{
	const char *at = tool_help->options.bytes;
	struct option_line option;

	while (shell_next_option(&at, &option)) {
		struct mptcp_buffer text = MPTCP_BUFFER_INIT;

		mptcp_buffer_format(&text, "--%.*s", (int)option.cells[OPTION_NAME].length,
			option.cells[OPTION_NAME].bytes);
		if (!text.failed)
			candidates_word(to, &(struct mptcp_text){text.bytes, text.length},
				&option.cells[OPTION_MEANING]);
		mptcp_buffer_clear(&text);
	}
}

static bool has(const char *word, size_t length, const char *part)
{
	return memmem(word, length, part, strlen(part)) != NULL;
}

/* The first operand, where it is no file: NAME, or a word of "path|list|clean". True if so. */
static bool add_first(const struct candidates *to, const struct tool_help *tool_help)
{
	const char *usage = tool_help->operands.bytes;
	size_t length = strcspn(usage, " ");

	if (*usage >= 'a' && *usage <= 'z')
		candidates_words(to, usage, length, '|');
	else if (length == 4 && !memcmp(usage, "NAME", 4) && !strcmp(tool_help->name, "plot"))
		candidates_plots(to);
	else if (length == 4 && !memcmp(usage, "NAME", 4))
		candidates_series(to);
	else
		return false;
	return true;
}

/* A file is A, B, CAPTURE|CSV or FILE in a usage line. */
static bool is_file(const char *word, size_t length)
{
	return has(word, length, "CAPTURE") || has(word, length, "FILE") ||
		(length == 1 && (*word == 'A' || *word == 'B'));
}

/* By the usage line: "NAME [COLUMN]... [ID] [CAPTURE|CSV]". */
static void add_operands(const struct candidates *to, const struct tool_help *tool_help,
	char **words, size_t count)
{
	struct shell_operands before;

	if (shell_find_operands(tool_help, words, count, &before))
		return;
	const char *usage = tool_help->operands.bytes;
	bool columns =
		before.count && candidates_takes_columns(to, tool_help->name, before.items[0]);
	bool first = !before.count && add_first(to, tool_help);
	for (size_t length; *usage && !first; usage += length, usage += strspn(usage, " ")) {
		length = strcspn(usage, " ");
		if (has(usage, length, "COLUMN") && columns)
			candidates_columns(*to);
		else if (has(usage, length, "ID"))
			candidates_streams(to, CANDIDATES_MPTCP);
		else if (has(usage, length, "KEY"))
			for (size_t i = 0; i < mptcp_config_key_count; i++)
				candidates_string(to, mptcp_config_keys[i].name);
		else if (has(usage, length, "COMMAND"))
			candidates_commands(to);
		else if (is_file(usage, length))
			candidates_files(to, false);
	}
	free(before.items);
}

/* The word after an option or an operand of a tool. */
static void add_of_tool(struct candidates *to, const struct tool_help *tool_help, char **words,
	size_t count)
{
	const char *before = words[count - 1], *equals = strchr(to->typed, '=');
	struct option_line option;

	if (count > 1 && shell_find_option(tool_help, before, &option) &&
		option_takes_value(&option) && !shell_option_has_value(tool_help, before)) {
		add_values(to, &option);
	} else if (!strncmp(to->typed, "--", 2) && equals) {
		char *keep = strndup(to->typed, (size_t)(equals - to->typed) + 1);

		if (keep && shell_find_option(tool_help, to->typed, &option)) {
			to->keep = keep;
			to->part = equals + 1;
			add_values(to, &option);
		}
		free(keep);
	} else if (*to->typed == '-') {
		add_options(to, tool_help);
	} else {
		add_operands(to, tool_help, words, count);
	}
}

/* The word after a command that is no tool of ours. */
static void add_of_other(const struct candidates *to, const char *name, char **words, size_t count)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	bool own;

	if (!strcmp(name, "help"))
		candidates_commands(to);
	else if (!strcmp(name, "load") && *to->typed == '-')
		candidates_string(to, "--regen");
	else if (!strcmp(name, "load") || !strcmp(name, "cd"))
		candidates_files(to, *name == 'c');
	else if (!mptcp_commands_find(&to->shell->commands, name, &path, &own) &&
		!candidates_plugin(to, path.bytes, words, count))
		candidates_files(to, false);
	mptcp_buffer_clear(&path);
}

/* The word after `words`, the first of which is the command. */
static void add_argument(struct candidates *to, char **words, size_t count)
{
	struct mptcp_argv today = {0};

	if (!older_words(to->shell, words, count, &today)) {
		const char *name = today.items[0];
		const struct tool_help *tool_help = shell_tool_help(to->shell, name);

		if (tool_help)
			add_of_tool(to, tool_help, today.items, today.count);
		else
			add_of_other(to, name, today.items, today.count);
	}
	mptcp_argv_clear(&today);
}

static int by_text(const void *a, const void *b)
{
	const char *first = *(char *const *)a, *second = *(char *const *)b;
	size_t length[2] = {strlen(first), strlen(second)};
	bool numbers = strspn(first, "0123456789") == length[0] &&
		strspn(second, "0123456789") == length[1];

	if (numbers && length[0] != length[1])
		return length[0] < length[1] ? -1 : 1;
	return strcmp(first, second);
}

/* Sorts and drops duplicates. */
static void sort_unique(struct mptcp_argv *candidates)
{
	size_t kept = 0;

	if (!candidates->count)
		return;
	qsort(candidates->items, candidates->count, sizeof(*candidates->items), by_text);
	for (size_t i = 1; i < candidates->count; i++) {
		if (strcmp(candidates->items[kept], candidates->items[i]))
			candidates->items[++kept] = candidates->items[i];
		else
			free(candidates->items[i]);
	}
	candidates->count = kept + 1;
	candidates->items[candidates->count] = NULL;
}

/* After a pipe or a redirection: a word for sh. */
static size_t last_blank(const char *line, size_t length)
{
	while (length && !strchr(" \t|&;<>!", line[length - 1]))
		length--;
	return length;
}

int shell_complete(struct shell *shell, const char *line, size_t length, size_t *start,
	struct mptcp_argv *candidates)
{
	struct shell_words words = {0};
	struct shell_words_end end;
	struct mptcp_buffer typed = MPTCP_BUFFER_INIT;
	struct candidates to = {.shell = shell, .keep = "", .list = candidates};

	bool for_sh = line[strspn(line, " \t")] == '!';
	shell_words_look(line, length, &end);
	if (end.comment)
		return 0;
	*start = end.has_operator || for_sh ? last_blank(line, length) : end.word;
	int failed = shell_words_unquote(&typed, line + *start, length - *start);
	char *before = strndup(line, *start);
	if (!failed && before) {
		to.typed = to.part = typed.bytes;
		if (end.has_operator || for_sh)
			candidates_files(&to, false);
		else if (!end.index)
			candidates_commands(&to);
		else if (!shell_words_split(&words, before, &shell->run->error) && words.argv.count)
			add_argument(&to, words.argv.items, words.argv.count);
		sort_unique(candidates);
	}
	free(before);
	shell_words_clear(&words);
	mptcp_buffer_clear(&typed);
	return failed || candidates->failed ? -1 : 0;
}

/* Where the command is among the words after mptcp itself; the last word is the one at the cursor.
 */
static size_t skip_options(const struct tool_help *tool_help, char **words, size_t count)
{
	struct option_line option;
	size_t at = 1;

	while (at + 1 < count && words[at][0] == '-' && words[at][1]) {
		bool value = shell_find_option(tool_help, words[at], &option) &&
			option_takes_value(&option) &&
			!shell_option_has_value(tool_help, words[at]);
		at += value ? 2 : 1;
	}
	return at;
}

int shell_offer(struct shell *shell, char **words, size_t count, struct mptcp_argv *candidates)
{
	static const char prefix[] = "mptcp-";
	char *slash = strrchr(words[0], '/'), *last = words[count - 1];
	struct candidates to = {.shell = shell,
		.keep = "",
		.typed = last,
		.part = last,
		.list = candidates,
		.elsewhere = true};
	const struct tool_help *all = shell_tool_help(shell, shell->run->tool->name);

	if (slash)
		words[0] = slash + 1;
	if (!strncmp(words[0], prefix, strlen(prefix))) {
		words[0] += strlen(prefix);
		add_argument(&to, words, count - 1);
	} else if (all) {
		size_t at = skip_options(all, words, count);

		if (at + 1 < count)
			add_argument(&to, words + at, count - 1 - at);
		else
			add_of_tool(&to, all, words, count - 1);
	}
	sort_unique(candidates);
	return candidates->failed ? -1 : 0;
}
