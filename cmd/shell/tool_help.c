/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool_help: what a tool takes, as it reports itself with --list-options and --list-operands. See
 * shell.h. */
#include "shell.h"

#include "decimal.h"
#include "process_read.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int ask(struct tool_help *tool_help, const char *path, struct mptcp_error *error)
{
	const char *options[] = {path, "--list-options", NULL};
	const char *operands[] = {path, "--list-operands", NULL};
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	int failed = mptcp_process_read(options, 0, &tool_help->options, error) ||
		mptcp_process_read(operands, 0, &text, error);
	const char *end = strchr(text.bytes, '\n');

	if (!failed && end) {
		mptcp_buffer_add(&tool_help->operands, text.bytes, (size_t)(end - text.bytes));
		mptcp_buffer_add(&tool_help->purpose, end + 1, strcspn(end + 1, "\n"));
	}
	mptcp_buffer_clear(&text);
	return failed || tool_help->operands.failed || tool_help->purpose.failed ? -1 : 0;
}

static void tool_help_free(struct tool_help *tool_help)
{
	mptcp_buffer_clear(&tool_help->options);
	mptcp_buffer_clear(&tool_help->purpose);
	mptcp_buffer_clear(&tool_help->operands);
	free(tool_help->name);
	free(tool_help);
}

static struct tool_help *tool_help_new(const char *name, const char *path)
{
	struct tool_help *tool_help = calloc(1, sizeof(*tool_help));
	struct mptcp_error ignored;

	if (!tool_help)
		return NULL;
	*tool_help = (struct tool_help){.options = MPTCP_BUFFER_INIT,
		.purpose = MPTCP_BUFFER_INIT,
		.operands = MPTCP_BUFFER_INIT,
		.name = strdup(name)};
	if (tool_help->name && !ask(tool_help, path, &ignored))
		return tool_help;
	tool_help_free(tool_help);
	return NULL;
}

const struct tool_help *shell_tool_help(struct shell *shell, const char *name)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	struct tool_help *tool_help;
	bool own;

	for (tool_help = shell->abouts; tool_help; tool_help = tool_help->next)
		if (!strcmp(tool_help->name, name))
			return tool_help;
	if (!strcmp(name, shell->run->tool->name))
		tool_help = tool_help_new(name, "/proc/self/exe");
	else if (!mptcp_commands_find(&shell->commands, name, &path, &own) && own)
		tool_help = tool_help_new(name, path.bytes);
	mptcp_buffer_clear(&path);
	if (tool_help) {
		tool_help->next = shell->abouts;
		shell->abouts = tool_help;
	}
	return tool_help;
}

bool shell_next_option(const char **at, struct option_line *line)
{
	const char *from = *at;

	if (!from || !*from)
		return false;
	for (int cell = 0; cell < OPTION_CELLS; cell++) {
		size_t length = strcspn(from, "\t\n");

		line->cells[cell].bytes = from;
		line->cells[cell].length = length;
		from += length + (from[length] == '\t');
	}
	from = strchr(from, '\n');
	*at = from ? from + 1 : NULL;
	return true;
}

static bool cell_is(const struct option_line *line, int cell, const char *text)
{
	return line->cells[cell].length == strlen(text) &&
		!memcmp(line->cells[cell].bytes, text, strlen(text));
}

bool option_takes_value(const struct option_line *line)
{
	return !cell_is(line, OPTION_ARGUMENT, "-");
}

/* A long option may be abbreviated; the first that begins so is meant. */
static bool find_long(const struct tool_help *tool_help, const char *name, struct option_line *line)
{
	const char *at = tool_help->options.bytes;
	size_t length = strcspn(name, "=");

	while (shell_next_option(&at, line))
		if (line->cells[OPTION_NAME].length >= length &&
			!memcmp(line->cells[OPTION_NAME].bytes, name, length))
			return true;
	return false;
}

static bool find_letter(const struct tool_help *tool_help, char letter, struct option_line *line)
{
	const char *at = tool_help->options.bytes;

	while (shell_next_option(&at, line))
		if (*line->cells[OPTION_LETTER].bytes == letter && letter != '-')
			return true;
	return false;
}

bool shell_find_option(const struct tool_help *tool_help, const char *word,
	struct option_line *line)
{
	if (word[0] != '-' || !word[1])
		return false;
	if (word[1] == '-')
		return word[2] && find_long(tool_help, word + 2, line);
	bool found = false;
	for (word++; *word; word++) {
		found = find_letter(tool_help, *word, line);
		if (!found || option_takes_value(line))
			break;
	}
	return found;
}

bool shell_option_has_value(const struct tool_help *tool_help, const char *word)
{
	struct option_line line;

	if (word[1] == '-')
		return strchr(word, '=') != NULL;
	for (word++; *word; word++)
		if (find_letter(tool_help, *word, &line) && option_takes_value(&line))
			return word[1] != '\0';
	return false;
}

/* Options with which a tool reads no capture. */
static bool is_without_input(const struct option_line *option, const char *value)
{
	return cell_is(option, OPTION_NAME, "help") || cell_is(option, OPTION_NAME, "version") ||
		cell_is(option, OPTION_NAME, "list") || cell_is(option, OPTION_NAME, "interface") ||
		(cell_is(option, OPTION_NAME, "columns") && value && !strcmp(value, "help"));
}

/* The operands of a command line, told apart as the tool's usage line says. */
struct operands {
	size_t names;    /* leading operands that are required and are not captures: NAME */
	size_t captures; /* captures at most */
	bool several;    /* other operands may come any number of times */
};

static struct operands read_usage(const char *usage)
{
	struct operands operands = {0};

	while (*usage) {
		size_t length = strcspn(usage, " ");

		if (memmem(usage, length, "CAPTURE", 7)) {
			operands.captures++;
		} else {
			operands.names += *usage != '[';
			operands.several |= memmem(usage, length, "...", 3) != NULL;
		}
		usage += length;
		usage += strspn(usage, " ");
	}
	return operands;
}

static bool is_file(const char *word)
{
	return !strcmp(word, "-") || strchr(word, '/') || !access(word, F_OK);
}

static size_t count_captures(const struct operands *operands, char **words, size_t count)
{
	size_t captures = 0;

	for (size_t i = 0; i < count; i++)
		if (i >= operands->names && !mptcp_decimal_is(words[i]) &&
			(!operands->several || is_file(words[i])))
			captures++;
	return captures;
}

int shell_find_operands(const struct tool_help *tool_help, char **words, size_t count,
	struct shell_operands *operands)
{
	struct option_line option;
	bool all = false;

	*operands = (struct shell_operands){.items = calloc(count + 1, sizeof(*operands->items))};
	for (size_t i = 1; i < count && operands->items; i++) {
		if (all || words[i][0] != '-' || !words[i][1]) {
			operands->items[operands->count++] = words[i];
		} else if (!strcmp(words[i], "--")) {
			all = true;
		} else if (shell_find_option(tool_help, words[i], &option)) {
			const char *value = strchr(words[i], '=');

			value = value ? value + 1 : NULL;
			if (option_takes_value(&option) &&
				!shell_option_has_value(tool_help, words[i]))
				value = words[++i];
			operands->unused |= is_without_input(&option, value);
		}
	}
	return operands->items ? 0 : -1;
}

enum capture_use tool_help_capture_use(const struct tool_help *tool_help, char **words,
	size_t count)
{
	struct operands wanted = read_usage(tool_help->operands.bytes);
	struct shell_operands found;

	if (!wanted.captures || shell_find_operands(tool_help, words, count, &found))
		return CAPTURE_UNUSED;
	size_t captures = count_captures(&wanted, found.items, found.count);
	free(found.items);
	if (found.unused)
		return CAPTURE_UNUSED;
	return captures < wanted.captures ? CAPTURE_WANTED : CAPTURE_GIVEN;
}
