/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complete: what may stand where the cursor is. See shell.h. */
#include "shell.h"

#include "config.h"
#include "packet.h"
#include "process_read.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A completion being built. */
struct request {
	struct shell *shell;
	const char *typed; /* the word so far, unquoted */
	const char *keep;  /* what precedes `part` in the word: "--format=", "dsn," */
	const char *part;  /* what is to be completed */
	struct mptcp_argv *candidates;
};

/* Adds a word that begins as the part does. */
static void add_candidate(const struct request *request, const char *word, size_t length)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	size_t typed = strlen(request->part);

	if (length < typed || memcmp(word, request->part, typed))
		return;
	mptcp_buffer_add_string(&text, request->keep);
	mptcp_buffer_add(&text, word, length);
	if (text.failed)
		request->candidates->failed = true;
	else
		mptcp_argv_add(request->candidates, text.bytes);
	mptcp_buffer_clear(&text);
}

static void add_word(const struct request *request, const char *word)
{
	add_candidate(request, word, strlen(word));
}

/* The first word of each line. */
static void add_lines(const struct request *request, const char *text)
{
	while (text && *text) {
		add_candidate(request, text, strcspn(text, " \t,\n"));
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
}

static void add_words(const struct request *request, const char *words, size_t length, char between)
{
	for (size_t at = 0; at < length;) {
		size_t end = at;

		while (end < length && words[end] != between)
			end++;
		add_candidate(request, words + at, end - at);
		at = end + 1;
	}
}

/* What a tool of ours prints, one word per line. */
static void add_answers(const struct request *request, const char *name, const char *option)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT, text = MPTCP_BUFFER_INIT;
	struct mptcp_error ignored;
	bool own;

	if (!mptcp_commands_find(&request->shell->commands, name, &path, &own) && own) {
		const char *argv[] = {path.bytes, option, NULL};

		if (!mptcp_process_read(argv, false, &text, &ignored))
			add_lines(request, text.bytes);
	}
	mptcp_buffer_clear(&path);
	mptcp_buffer_clear(&text);
}

/* Numbers of the loaded capture: cell 0 of its lines are connections, cell 1 TCP connections. */
static void add_streams(const struct request *request, int cell)
{
	const char *line = request->shell->subflows.bytes;

	while (line && *line) {
		const char *at = line;

		for (int i = 0; i < cell; i++)
			at += strcspn(at, ",\n") + 1;
		add_candidate(request, at, strcspn(at, ",\n"));
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
}

static bool is_folder(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

static void add_files(const struct request *request, bool folders_only)
{
	const char *slash = strrchr(request->part, '/'), *home = getenv("HOME");
	size_t length = slash ? (size_t)(slash - request->part) + 1 : 0;
	struct mptcp_buffer folder = MPTCP_BUFFER_INIT, path = MPTCP_BUFFER_INIT;
	struct dirent *entry;

	if (home && !strncmp(request->part, "~/", 2))
		mptcp_buffer_format(&folder, "%s%.*s", home, (int)length - 1, request->part + 1);
	else
		mptcp_buffer_add(&folder, length ? request->part : "./", length ? length : 2);
	DIR *stream = folder.failed ? NULL : opendir(folder.bytes);
	while (stream && (entry = readdir(stream))) {
		const char *name = entry->d_name;

		/* hidden files only where their dot was typed */
		if (!strcmp(name, ".") || !strcmp(name, "..") ||
			(*name == '.' && request->part[length] != '.'))
			continue;
		mptcp_buffer_reset(&path);
		mptcp_buffer_format(&path, "%s/%s", folder.bytes, name);
		bool is_one = !path.failed && is_folder(path.bytes);
		if (folders_only && !is_one)
			continue;
		mptcp_buffer_reset(&path);
		mptcp_buffer_add(&path, request->part, length);
		mptcp_buffer_format(&path, "%s%s", name, is_one ? "/" : "");
		if (!path.failed)
			add_word(request, path.bytes);
	}
	if (stream)
		closedir(stream);
	mptcp_buffer_clear(&folder);
	mptcp_buffer_clear(&path);
}

static void add_interfaces(const struct request *request)
{
	struct dirent *entry;
	DIR *stream = opendir("/sys/class/net");

	while (stream && (entry = readdir(stream)))
		if (*entry->d_name != '.')
			add_word(request, entry->d_name);
	if (stream)
		closedir(stream);
}

/* The last name of a list; those before it are kept. */
static char *begin_list(struct request *request)
{
	const char *comma = strrchr(request->part, ',');
	struct mptcp_buffer keep = MPTCP_BUFFER_INIT;

	if (!comma)
		return NULL;
	mptcp_buffer_add_string(&keep, request->keep);
	mptcp_buffer_add(&keep, request->part, (size_t)(comma - request->part) + 1);
	char *kept = mptcp_buffer_take(&keep);
	if (kept) {
		request->keep = kept;
		request->part = comma + 1;
	}
	return kept;
}

static void add_columns(struct request request)
{
	char *kept = begin_list(&request);

	for (int id = 0; id < MPTCP_COLUMNS; id++)
		add_word(&request, mptcp_columns[id].name);
	free(kept);
}

static void add_list(struct request request, const char *words, size_t length)
{
	char *kept = begin_list(&request);

	add_words(&request, words, length, ' ');
	free(kept);
}

static bool is(const struct option_line *option, const char *kind)
{
	return option->cells[OPTION_COMPLETION].length == strlen(kind) &&
		!memcmp(option->cells[OPTION_COMPLETION].bytes, kind, strlen(kind));
}

static void add_values(struct request *request, const struct option_line *option)
{
	if (is(option, "file") || is(option, "program"))
		add_files(request, false);
	else if (is(option, "folder"))
		add_files(request, true);
	else if (is(option, "role"))
		add_words(request, "client server", 13, ' ');
	else if (is(option, "format"))
		add_words(request, "csv table json", 14, ' ');
	else if (is(option, "column"))
		add_columns(*request);
	else if (is(option, "list"))
		add_list(*request, option->cells[OPTION_WORDS].bytes,
			option->cells[OPTION_WORDS].length);
	else if (is(option, "mptcpstream"))
		add_streams(request, 0);
	else if (is(option, "tcpstream"))
		add_streams(request, 1);
	else if (is(option, "interface"))
		add_interfaces(request);
	else if (is(option, "series"))
		add_answers(request, "series", "--list");
	else if (is(option, "plot"))
		add_answers(request, "plot", "--list");
	else if (is(option, "words"))
		add_words(request, option->cells[OPTION_WORDS].bytes,
			option->cells[OPTION_WORDS].length, ' ');
}

static void add_options(const struct request *request, const struct tool_help *tool_help)
{
	const char *at = tool_help->options.bytes;
	struct option_line option;

	while (shell_next_option(&at, &option)) {
		struct mptcp_buffer text = MPTCP_BUFFER_INIT;

		mptcp_buffer_format(&text, "--%.*s", (int)option.cells[OPTION_NAME].length,
			option.cells[OPTION_NAME].bytes);
		if (!text.failed)
			add_word(request, text.bytes);
		mptcp_buffer_clear(&text);
	}
}

/* By the usage line: "NAME [ID] [CAPTURE|CSV]", "path|list|clean|stats". */
static void add_operands(struct request *request, const struct tool_help *tool_help, bool first)
{
	const char *usage = tool_help->operands.bytes;

	while (*usage) {
		size_t length = strcspn(usage, " ");

		if (*usage >= 'a' && *usage <= 'z' && first)
			add_words(request, usage, length, '|');
		if (memmem(usage, length, "NAME", 4) && first)
			add_answers(request, tool_help->name, "--list");
		if (memmem(usage, length, "COLUMN", 6) && !first)
			add_columns(*request);
		if (memmem(usage, length, "[ID]", 4))
			add_streams(request, 0);
		if (memmem(usage, length, "KEY", 3))
			for (size_t i = 0; i < mptcp_config_key_count; i++)
				add_word(request, mptcp_config_keys[i].name);
		if (memmem(usage, length, "CAPTURE", 7) || memmem(usage, length, "FILE", 4))
			add_files(request, false);
		usage += length;
		usage += strspn(usage, " ");
	}
}

static void add_commands(const struct request *request)
{
	struct mptcp_argv names = {0};

	if (!shell_names(request->shell, &names))
		for (size_t i = 0; i < names.count; i++)
			add_word(request, names.items[i]);
	mptcp_argv_clear(&names);
}

/* The word after `words`, the first of which is the command. */
static void add_argument(struct request *request, char **words, size_t count)
{
	const char *name = mptcp_commands_alias(words[0]);
	const struct tool_help *tool_help = shell_tool_help(request->shell, name);
	const char *before = words[count - 1], *equals = strchr(request->typed, '=');
	struct option_line option;

	if (!strcmp(name, "help")) {
		add_commands(request);
	} else if (!tool_help) { /* load, and plugins */
		if (!strcmp(name, "load") && *request->typed == '-')
			add_word(request, "--regen");
		add_files(request, false);
	} else if (count > 1 && shell_find_option(tool_help, before, &option) &&
		option_takes_value(&option) && !shell_option_has_value(tool_help, before)) {
		add_values(request, &option);
	} else if (!strncmp(request->typed, "--", 2) && equals) {
		char *keep = strndup(request->typed, (size_t)(equals - request->typed) + 1);

		if (keep && shell_find_option(tool_help, request->typed, &option)) {
			request->keep = keep;
			request->part = equals + 1;
			add_values(request, &option);
		}
		free(keep);
	} else if (*request->typed == '-') {
		add_options(request, tool_help);
	} else {
		add_operands(request, tool_help, count == 1);
	}
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
	while (length && !strchr(" \t|&;<>", line[length - 1]))
		length--;
	return length;
}

int shell_complete(struct shell *shell, const char *line, size_t length, size_t *start,
	struct mptcp_argv *candidates)
{
	struct shell_words words = {0};
	struct shell_words_end end;
	struct mptcp_buffer typed = MPTCP_BUFFER_INIT;
	struct request request = {.shell = shell, .keep = "", .candidates = candidates};

	shell_words_look(line, length, &end);
	if (end.comment)
		return 0;
	*start = end.has_operator ? last_blank(line, length) : end.word;
	int failed = shell_words_unquote(&typed, line + *start, length - *start);
	char *before = strndup(line, *start);
	if (!failed && before) {
		request.typed = request.part = typed.bytes;
		if (end.has_operator)
			add_files(&request, false);
		else if (!end.index)
			add_commands(&request);
		else if (!shell_words_split(&words, before, &shell->run->error) && words.argv.count)
			add_argument(&request, words.argv.items, words.argv.count);
		sort_unique(candidates);
	}
	free(before);
	shell_words_clear(&words);
	mptcp_buffer_clear(&typed);
	return failed || candidates->failed ? -1 : 0;
}
