/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "candidates.h"

#include "packet.h"
#include "process_read.h"
#include "series.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLUGIN_SECONDS "2" /* after which a plugin that was asked is ended */

void candidates_word(const struct candidates *to, const struct mptcp_text *word,
	const struct mptcp_text *meaning)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	size_t typed = strlen(to->part);

	if (word->length < typed || memcmp(word->bytes, to->part, typed))
		return;
	mptcp_buffer_add_string(&text, to->keep);
	mptcp_buffer_add(&text, word->bytes, word->length);
	if (to->elsewhere && meaning && meaning->length) {
		mptcp_buffer_add_char(&text, '\t');
		mptcp_buffer_add(&text, meaning->bytes, meaning->length);
	}
	if (text.failed)
		to->list->failed = true;
	else
		mptcp_argv_add(to->list, text.bytes);
	mptcp_buffer_clear(&text);
}

void candidates_string(const struct candidates *to, const char *word)
{
	candidates_word(to, &(struct mptcp_text){word, strlen(word)}, NULL);
}

void candidates_words(const struct candidates *to, const char *words, size_t length, char between)
{
	for (size_t at = 0; at < length;) {
		size_t end = at;

		while (end < length && words[end] != between)
			end++;
		candidates_word(to, &(struct mptcp_text){words + at, end - at}, NULL);
		at = end + 1;
	}
}

/* Makes the last name of a list the part. What it keeps of the word is the caller's to release. */
static char *begin_list(struct candidates *to)
{
	const char *comma = strrchr(to->part, ',');
	struct mptcp_buffer keep = MPTCP_BUFFER_INIT;

	if (!comma)
		return NULL;
	mptcp_buffer_add_string(&keep, to->keep);
	mptcp_buffer_add(&keep, to->part, (size_t)(comma - to->part) + 1);
	char *kept = mptcp_buffer_take(&keep);
	if (kept) {
		to->keep = kept;
		to->part = comma + 1;
	}
	return kept;
}

/* Whether the name is among those with commas after them, from `list` to `end`. */
static bool is_listed(const char *list, const char *end, const char *name, size_t length)
{
	for (; list < end; list += strcspn(list, ",") + 1)
		if (strcspn(list, ",") == length && !memcmp(list, name, length))
			return true;
	return false;
}

void candidates_list(struct candidates to, const char *words, size_t length)
{
	const char *list = to.part;
	char *kept = begin_list(&to);

	for (size_t at = 0; at < length;) {
		const char *blank = memchr(words + at, ' ', length - at);
		size_t end = blank ? (size_t)(blank - words) : length;
		bool alone = (end - at == 3 && !memcmp(words + at, "all", 3)) ||
			(end - at == 4 && !memcmp(words + at, "help", 4));

		/* each name once; all and help stand alone */
		if (!kept || (!alone && !is_listed(list, to.part, words + at, end - at)))
			candidates_word(&to, &(struct mptcp_text){words + at, end - at}, NULL);
		at = end + 1;
	}
	free(kept);
}

void candidates_columns(struct candidates to)
{
	struct mptcp_buffer names = MPTCP_BUFFER_INIT;

	for (int id = 0; id < MPTCP_COLUMNS; id++)
		mptcp_buffer_format(&names, "%s%s", id ? " " : "", mptcp_columns[id].name);
	if (!names.failed)
		candidates_list(to, names.bytes, names.length);
	mptcp_buffer_clear(&names);
}

static bool is_folder(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

/* The folder that the part names, with ~ replaced. */
static DIR *open_folder(const char *part, size_t length, struct mptcp_buffer *folder)
{
	const char *home = getenv("HOME");

	if (home && !strncmp(part, "~/", 2))
		mptcp_buffer_format(folder, "%s%.*s", home, (int)length - 1, part + 1);
	else
		mptcp_buffer_add(folder, length ? part : "./", length ? length : 2);
	return folder->failed ? NULL : opendir(folder->bytes);
}

void candidates_files(const struct candidates *to, bool folders_only)
{
	const char *slash = strrchr(to->part, '/');
	size_t length = slash ? (size_t)(slash - to->part) + 1 : 0;
	struct mptcp_buffer folder = MPTCP_BUFFER_INIT, path = MPTCP_BUFFER_INIT;
	struct dirent *entry;

	if (to->elsewhere) {
		mptcp_argv_add(to->list, folders_only ? "\tfolders" : "\tfiles");
		return;
	}
	DIR *stream = open_folder(to->part, length, &folder);
	while (stream && (entry = readdir(stream))) {
		const char *name = entry->d_name;

		/* hidden files only where their dot was typed */
		if (!strcmp(name, ".") || !strcmp(name, "..") ||
			(*name == '.' && to->part[length] != '.'))
			continue;
		mptcp_buffer_reset(&path);
		mptcp_buffer_format(&path, "%s/%s", folder.bytes, name);
		bool is_one = !path.failed && is_folder(path.bytes);
		if (folders_only && !is_one)
			continue;
		mptcp_buffer_reset(&path);
		mptcp_buffer_add(&path, to->part, length);
		mptcp_buffer_format(&path, "%s%s", name, is_one ? "/" : "");
		if (!path.failed)
			candidates_string(to, path.bytes);
	}
	if (stream)
		closedir(stream);
	mptcp_buffer_clear(&folder);
	mptcp_buffer_clear(&path);
}

void candidates_interfaces(const struct candidates *to)
{
	struct dirent *entry;
	DIR *stream = opendir("/sys/class/net");

	while (stream && (entry = readdir(stream)))
		if (*entry->d_name != '.')
			candidates_string(to, entry->d_name);
	if (stream)
		closedir(stream);
}

void candidates_commands(const struct candidates *to)
{
	struct mptcp_argv names = {0};

	if (!shell_names(to->shell, &names))
		for (size_t i = 0; i < names.count; i++)
			candidates_string(to, names.items[i]);
	mptcp_argv_clear(&names);
}

/* Lines "mptcpstream,tcpstream,...". */
void candidates_streams(const struct candidates *to, enum candidates_stream which)
{
	const char *line = to->shell->subflows.bytes;

	while (line && *line) {
		const char *at = line;

		if (which == CANDIDATES_TCP)
			at += strcspn(at, ",\n") + 1;
		candidates_word(to, &(struct mptcp_text){at, strcspn(at, ",\n")}, NULL);
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
}

void candidates_series(const struct candidates *to)
{
	for (const struct mptcp_series_info *info = mptcp_series_table; info->name; info++)
		candidates_word(to, &(struct mptcp_text){info->name, strlen(info->name)},
			&(struct mptcp_text){info->meaning, strlen(info->meaning)});
}

/* The lines of `mptcp-plot --list`: name, series, meaning, path. */
static void list_plots(const struct candidates *to, struct mptcp_buffer *text)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	struct mptcp_error ignored;
	bool own;

	if (!mptcp_commands_find(&to->shell->commands, "plot", &path, &own) && own) {
		const char *argv[] = {path.bytes, "--list", NULL};

		mptcp_process_read(argv, 0, text, &ignored);
	}
	mptcp_buffer_clear(&path);
}

/* The next cell of such a line. */
static struct mptcp_text next_cell(const char **at)
{
	struct mptcp_text cell = {*at, strcspn(*at, "\t\n")};

	*at += cell.length + ((*at)[cell.length] == '\t');
	return cell;
}

void candidates_plots(const struct candidates *to)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	list_plots(to, &text);
	for (const char *at = text.bytes; at && *at; at = strchr(at, '\n'), at += at != NULL) {
		struct mptcp_text name = next_cell(&at);

		next_cell(&at);
		struct mptcp_text meaning = next_cell(&at);
		candidates_word(to, &name, &meaning);
	}
	mptcp_buffer_clear(&text);
}

static bool series_takes_columns(const char *name, size_t length)
{
	for (const struct mptcp_series_info *info = mptcp_series_table; info->name; info++)
		if (strlen(info->name) == length && !memcmp(info->name, name, length))
			return info->takes & MPTCP_SERIES_TAKES_COLUMNS;
	return false;
}

bool candidates_takes_columns(const struct candidates *to, const char *tool, const char *name)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	bool takes = false;

	if (strcmp(tool, "plot"))
		return series_takes_columns(name, strlen(name));
	list_plots(to, &text);
	for (const char *at = text.bytes; at && *at; at = strchr(at, '\n'), at += at != NULL) {
		struct mptcp_text plot = next_cell(&at), series = next_cell(&at);

		if (plot.length == strlen(name) && !memcmp(plot.bytes, name, plot.length))
			takes = series_takes_columns(series.bytes, series.length);
	}
	mptcp_buffer_clear(&text);
	return takes;
}

/* Whether the program's file has the text --complete in it. */
static bool can_be_asked(const char *path)
{
	static const char option[] = "--complete";
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = fd >= 0 && !fstat(fd, &status) ? (size_t)status.st_size : 0;
	void *text = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	bool found = text != MAP_FAILED && memmem(text, size, option, sizeof(option) - 1);

	if (text != MAP_FAILED)
		munmap(text, size);
	if (fd >= 0)
		close(fd);
	return found;
}

bool candidates_plugin(const struct candidates *to, const char *path, char **words, size_t count)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_argv call = {0};
	struct mptcp_error ignored;

	if (!can_be_asked(path))
		return false;
	mptcp_argv_add_all(&call,
		(const char *const[]){"timeout", PLUGIN_SECONDS, path, "--complete", NULL});
	for (size_t i = 1; i < count; i++)
		mptcp_argv_add(&call, words[i]);
	mptcp_argv_add(&call, to->typed);
	bool answered = !call.failed &&
		!mptcp_process_read((const char *const *)call.items, 0, &text, &ignored);
	for (const char *at = text.bytes; answered && at && *at;
		at = strchr(at, '\n'), at += at != NULL) {
		struct mptcp_text word = next_cell(&at), meaning = next_cell(&at);

		if (word.length)
			candidates_word(to, &word, &meaning);
	}
	mptcp_argv_clear(&call);
	mptcp_buffer_clear(&text);
	return answered;
}
