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

/* A completion in the making. */
struct wish {
	struct shell *shell;
	const char *typed; /* the word so far, unquoted */
	const char *keep;  /* what stands in front of `part` in the word: "--format=", "dsn," */
	const char *part;  /* what is to be completed */
	struct mptcp_argv *candidates;
};

/* Adds a word that begins as the part does. */
static void offer(const struct wish *wish, const char *word, size_t length)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	size_t typed = strlen(wish->part);

	if (length < typed || memcmp(word, wish->part, typed))
		return;
	mptcp_buffer_add_string(&text, wish->keep);
	mptcp_buffer_add(&text, word, length);
	if (text.failed)
		wish->candidates->failed = true;
	else
		mptcp_argv_add(wish->candidates, text.bytes);
	mptcp_buffer_clear(&text);
}

static void offer_word(const struct wish *wish, const char *word)
{
	offer(wish, word, strlen(word));
}

/* The first word of each line. */
static void offer_lines(const struct wish *wish, const char *text)
{
	while (text && *text) {
		offer(wish, text, strcspn(text, " \t,\n"));
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
}

static void offer_words(const struct wish *wish, const char *words, size_t length, char between)
{
	for (size_t at = 0; at < length;) {
		size_t end = at;

		while (end < length && words[end] != between)
			end++;
		offer(wish, words + at, end - at);
		at = end + 1;
	}
}

/* What a tool of ours prints, a word a line. */
static void offer_answers(const struct wish *wish, const char *name, const char *option)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT, text = MPTCP_BUFFER_INIT;
	struct mptcp_error ignored;
	bool own;

	if (!mptcp_commands_find(&wish->shell->commands, name, &path, &own) && own) {
		const char *argv[] = {path.bytes, option, NULL};

		if (!mptcp_process_read(argv, false, &text, &ignored))
			offer_lines(wish, text.bytes);
	}
	mptcp_buffer_clear(&path);
	mptcp_buffer_clear(&text);
}

/* Numbers of the loaded capture: cell 0 of its lines are connections, cell 1 TCP connections. */
static void offer_streams(const struct wish *wish, int cell)
{
	const char *line = wish->shell->subflows.bytes;

	while (line && *line) {
		const char *at = line;

		for (int i = 0; i < cell; i++)
			at += strcspn(at, ",\n") + 1;
		offer(wish, at, strcspn(at, ",\n"));
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
}

static bool is_folder(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

static void offer_files(const struct wish *wish, bool folders_only)
{
	const char *slash = strrchr(wish->part, '/'), *home = getenv("HOME");
	size_t length = slash ? (size_t)(slash - wish->part) + 1 : 0;
	struct mptcp_buffer folder = MPTCP_BUFFER_INIT, path = MPTCP_BUFFER_INIT;
	struct dirent *entry;

	if (home && !strncmp(wish->part, "~/", 2))
		mptcp_buffer_format(&folder, "%s%.*s", home, (int)length - 1, wish->part + 1);
	else
		mptcp_buffer_add(&folder, length ? wish->part : "./", length ? length : 2);
	DIR *stream = folder.failed ? NULL : opendir(folder.bytes);
	while (stream && (entry = readdir(stream))) {
		const char *name = entry->d_name;

		/* hidden files only where their dot was typed */
		if (!strcmp(name, ".") || !strcmp(name, "..") ||
			(*name == '.' && wish->part[length] != '.'))
			continue;
		mptcp_buffer_reset(&path);
		mptcp_buffer_format(&path, "%s/%s", folder.bytes, name);
		bool is_one = !path.failed && is_folder(path.bytes);
		if (folders_only && !is_one)
			continue;
		mptcp_buffer_reset(&path);
		mptcp_buffer_add(&path, wish->part, length);
		mptcp_buffer_format(&path, "%s%s", name, is_one ? "/" : "");
		if (!path.failed)
			offer_word(wish, path.bytes);
	}
	if (stream)
		closedir(stream);
	mptcp_buffer_clear(&folder);
	mptcp_buffer_clear(&path);
}

static void offer_interfaces(const struct wish *wish)
{
	struct dirent *entry;
	DIR *stream = opendir("/sys/class/net");

	while (stream && (entry = readdir(stream)))
		if (*entry->d_name != '.')
			offer_word(wish, entry->d_name);
	if (stream)
		closedir(stream);
}

/* The last name of a list; those before it are kept. */
static char *begin_list(struct wish *wish)
{
	const char *comma = strrchr(wish->part, ',');
	struct mptcp_buffer keep = MPTCP_BUFFER_INIT;

	if (!comma)
		return NULL;
	mptcp_buffer_add_string(&keep, wish->keep);
	mptcp_buffer_add(&keep, wish->part, (size_t)(comma - wish->part) + 1);
	char *kept = mptcp_buffer_take(&keep);
	if (kept) {
		wish->keep = kept;
		wish->part = comma + 1;
	}
	return kept;
}

static void offer_columns(struct wish wish)
{
	char *kept = begin_list(&wish);

	for (int id = 0; id < MPTCP_COLUMNS; id++)
		offer_word(&wish, mptcp_columns[id].name);
	free(kept);
}

static void offer_list(struct wish wish, const char *words, size_t length)
{
	char *kept = begin_list(&wish);

	offer_words(&wish, words, length, ' ');
	free(kept);
}

static bool is(const struct option_line *option, const char *kind)
{
	return option->cells[OPTION_COMPLETION].length == strlen(kind) &&
		!memcmp(option->cells[OPTION_COMPLETION].bytes, kind, strlen(kind));
}

static void offer_values(struct wish *wish, const struct option_line *option)
{
	if (is(option, "file") || is(option, "program"))
		offer_files(wish, false);
	else if (is(option, "folder"))
		offer_files(wish, true);
	else if (is(option, "role"))
		offer_words(wish, "client server", 13, ' ');
	else if (is(option, "format"))
		offer_words(wish, "csv table json", 14, ' ');
	else if (is(option, "column"))
		offer_columns(*wish);
	else if (is(option, "list"))
		offer_list(*wish, option->cells[OPTION_WORDS].bytes,
			option->cells[OPTION_WORDS].length);
	else if (is(option, "mptcpstream"))
		offer_streams(wish, 0);
	else if (is(option, "tcpstream"))
		offer_streams(wish, 1);
	else if (is(option, "interface"))
		offer_interfaces(wish);
	else if (is(option, "series"))
		offer_answers(wish, "series", "--list");
	else if (is(option, "plot"))
		offer_answers(wish, "plot", "--list");
	else if (is(option, "words"))
		offer_words(wish, option->cells[OPTION_WORDS].bytes,
			option->cells[OPTION_WORDS].length, ' ');
}

static void offer_options(const struct wish *wish, const struct about *about)
{
	const char *at = about->options.bytes;
	struct option_line option;

	while (about_next_option(&at, &option)) {
		struct mptcp_buffer text = MPTCP_BUFFER_INIT;

		mptcp_buffer_format(&text, "--%.*s", (int)option.cells[OPTION_NAME].length,
			option.cells[OPTION_NAME].bytes);
		if (!text.failed)
			offer_word(wish, text.bytes);
		mptcp_buffer_clear(&text);
	}
}

/* By the usage line: "NAME [ID] [CAPTURE|CSV]", "path|list|clean|stats". */
static void offer_operands(struct wish *wish, const struct about *about, bool first)
{
	const char *usage = about->operands.bytes;

	while (*usage) {
		size_t length = strcspn(usage, " ");

		if (*usage >= 'a' && *usage <= 'z' && first)
			offer_words(wish, usage, length, '|');
		if (memmem(usage, length, "NAME", 4) && first)
			offer_answers(wish, about->name, "--list");
		if (memmem(usage, length, "COLUMN", 6) && !first)
			offer_columns(*wish);
		if (memmem(usage, length, "[ID]", 4))
			offer_streams(wish, 0);
		if (memmem(usage, length, "KEY", 3))
			for (size_t i = 0; i < mptcp_config_key_count; i++)
				offer_word(wish, mptcp_config_keys[i].name);
		if (memmem(usage, length, "CAPTURE", 7) || memmem(usage, length, "FILE", 4))
			offer_files(wish, false);
		usage += length;
		usage += strspn(usage, " ");
	}
}

static void offer_commands(const struct wish *wish)
{
	struct mptcp_argv names = {0};

	if (!shell_names(wish->shell, &names))
		for (size_t i = 0; i < names.count; i++)
			offer_word(wish, names.items[i]);
	mptcp_argv_clear(&names);
}

/* The word behind `words`, of which the first is the command. */
static void offer_argument(struct wish *wish, char **words, size_t count)
{
	const char *name = mptcp_commands_alias(words[0]);
	const struct about *about = shell_about(wish->shell, name);
	const char *before = words[count - 1], *equals = strchr(wish->typed, '=');
	struct option_line option;

	if (!strcmp(name, "help")) {
		offer_commands(wish);
	} else if (!about) { /* load, and plugins */
		if (!strcmp(name, "load") && *wish->typed == '-')
			offer_word(wish, "--regen");
		offer_files(wish, false);
	} else if (count > 1 && about_find_option(about, before, &option) &&
		option_takes_value(&option) && !option_has_value(about, before)) {
		offer_values(wish, &option);
	} else if (!strncmp(wish->typed, "--", 2) && equals) {
		char *keep = strndup(wish->typed, (size_t)(equals - wish->typed) + 1);

		if (keep && about_find_option(about, wish->typed, &option)) {
			wish->keep = keep;
			wish->part = equals + 1;
			offer_values(wish, &option);
		}
		free(keep);
	} else if (*wish->typed == '-') {
		offer_options(wish, about);
	} else {
		offer_operands(wish, about, count == 1);
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

/* Sorts, each once. */
static void tidy(struct mptcp_argv *candidates)
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

/* Behind a pipe or a redirection: a word of sh's. */
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
	struct wish wish = {.shell = shell, .keep = "", .candidates = candidates};

	shell_words_look(line, length, &end);
	if (end.comment)
		return 0;
	*start = end.has_operator ? last_blank(line, length) : end.word;
	int failed = shell_words_unquote(&typed, line + *start, length - *start);
	char *before = strndup(line, *start);
	if (!failed && before) {
		wish.typed = wish.part = typed.bytes;
		if (end.has_operator)
			offer_files(&wish, false);
		else if (!end.index)
			offer_commands(&wish);
		else if (!shell_words_split(&words, before, &shell->run->error) && words.argv.count)
			offer_argument(&wish, words.argv.items, words.argv.count);
		tidy(candidates);
	}
	free(before);
	shell_words_clear(&words);
	mptcp_buffer_clear(&typed);
	return failed || candidates->failed ? -1 : 0;
}
