/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mptcp-cache: shows where the cache of exports is and what is in it, fills and cleans it.
 *
 * All but `add` look only: they neither create the folder nor mark an entry as used.
 */
#include "captures.h"

#include "cache.h"
#include "recording.h"
#include "store.h"
#include "units.h"

#include <string.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CAPTURE_LINE "capture "
#define CAPTURE_NUMBERS 4 /* after the path: size, mtime, ctime, hash; see cache.h */

enum { LIST_CAPTURE, LIST_PACKETS, LIST_SIZE, LIST_USED, LIST_FILE, LIST_COLUMNS };

static const struct mptcp_table_column list_columns[] = {
	[LIST_CAPTURE] = {"capture", MPTCP_CELL_TEXT, 1, "",
		"path of the exported capture; empty for an entry of another version"},
	[LIST_PACKETS] = {"packets", MPTCP_CELL_NUMBER, 3, "", "packets in the entry"},
	[LIST_SIZE] = {"size", MPTCP_CELL_NUMBER, 2, "bytes", "size of the entry"},
	[LIST_USED] = {"used", MPTCP_CELL_TEXT, 3, "", "time when it was made or last used (UTC)"},
	[LIST_FILE] = {"file", MPTCP_CELL_TEXT, 4, "", "path of the entry"},
};
_Static_assert(sizeof(list_columns) / sizeof(*list_columns) == LIST_COLUMNS,
	"every column described");

enum { STATS_FOLDER, STATS_ENTRIES, STATS_BYTES, STATS_LIMIT, STATS_COLUMNS };

static const struct mptcp_table_column stats_columns[] = {
	[STATS_FOLDER] = {"folder", MPTCP_CELL_TEXT, 1, "", "folder of the cache"},
	[STATS_ENTRIES] = {"entries", MPTCP_CELL_NUMBER, 2, "", "number of entries"},
	[STATS_BYTES] = {"bytes", MPTCP_CELL_NUMBER, 2, "bytes", "sum of their sizes"},
	[STATS_LIMIT] = {"limit", MPTCP_CELL_NUMBER, 3, "bytes",
		"limit of that sum; the least recently used entries are removed first"},
};
_Static_assert(sizeof(stats_columns) / sizeof(*stats_columns) == STATS_COLUMNS,
	"every column described");

enum { CLEAN_REMOVED, CLEAN_BYTES, CLEAN_COLUMNS };

static const struct mptcp_table_column clean_columns[] = {
	[CLEAN_REMOVED] = {"removed", MPTCP_CELL_NUMBER, 1, "", "number of files removed"},
	[CLEAN_BYTES] = {"bytes", MPTCP_CELL_NUMBER, 2, "bytes", "sum of their sizes"},
};
_Static_assert(sizeof(clean_columns) / sizeof(*clean_columns) == CLEAN_COLUMNS,
	"every column described");

enum { ADD_PACKETS, ADD_COLUMNS };

static const struct mptcp_table_column add_columns[] = {
	[ADD_PACKETS] = {"packets", MPTCP_CELL_NUMBER, 1, "", "packets in the entry"},
};
_Static_assert(sizeof(add_columns) / sizeof(*add_columns) == ADD_COLUMNS, "every column described");

/* The other sub-commands; without one, --columns is about list. */
static const struct mptcp_tool_result results[] = {
	{"add", add_columns, ADD_COLUMNS},
	{"clean", clean_columns, CLEAN_COLUMNS},
	{"stats", stats_columns, STATS_COLUMNS},
	{0},
};

static const struct mptcp_tool tool = {
	.name = "mptcp-cache",
	.purpose = "show, fill and clean the cache of exported captures",
	.nothing = "no entry",
	.operands = "add|clean|list|path|stats [FILE]...",
	.groups = MPTCP_GROUP_TABLE | MPTCP_GROUP_INPUT | MPTCP_GROUP_BATCH,
	.columns = list_columns,
	.column_count = LIST_COLUMNS,
	.results = results,
};

/* The same, when it works on captures. */
static const struct mptcp_tool adding = {
	.name = "mptcp-cache",
	.nothing = "no TCP packets",
	.columns = add_columns,
	.column_count = ADD_COLUMNS,
};

static int print_path(struct tool_run *run, const struct mptcp_cache *cache)
{
	if (tool_open_output(run))
		return -1;
	mptcp_output_string(&run->output, cache->folder);
	mptcp_output_string(&run->output, "\n");
	return 0;
}

/* The capture's path in the text of a key: the line "capture PATH", three numbers and a hash. */
static const char *find_capture(const char *key, size_t *length)
{
	while (key && strncmp(key, CAPTURE_LINE, strlen(CAPTURE_LINE)) != 0) {
		key = strchr(key, '\n');
		if (key)
			key++;
	}
	if (!key)
		return NULL;
	key += strlen(CAPTURE_LINE);
	*length = strcspn(key, "\n");
	for (int i = 0; i < CAPTURE_NUMBERS; i++) {
		const char *blank = memrchr(key, ' ', *length);
		if (!blank)
			return NULL;
		*length = (size_t)(blank - key);
	}
	return key;
}

/* The cells that only the entry itself can tell; empty where it cannot be read. */
static void put_content(struct mptcp_table *table, const char *path)
{
	struct mptcp_error unreadable;
	int fd = mptcp_cache_open_entry(path, &unreadable);
	struct mptcp_store *store = fd < 0 ? NULL : mptcp_store_open(fd, path, &unreadable);
	size_t length;

	if (!store)
		return;
	const char *capture = find_capture(mptcp_store_key(store), &length);
	if (capture)
		mptcp_table_text(table, LIST_CAPTURE, capture, length);
	mptcp_table_unsigned(table, LIST_PACKETS, mptcp_store_packets(store));
	mptcp_store_close(store);
}

static void put_used(struct mptcp_table *table, int64_t nanoseconds)
{
	const time_t seconds = nanoseconds / MPTCP_SECOND;
	struct tm parts;
	char text[64];

	if (gmtime_r(&seconds, &parts) &&
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts))
		mptcp_table_string(table, LIST_USED, text);
}

static int list(struct tool_run *run, const struct mptcp_cache *cache)
{
	struct mptcp_cache_item *items;
	size_t count;

	if (mptcp_cache_list(cache, &items, &count, &run->error))
		return tool_report(run);
	mptcp_buffer_reset(&run->text);
	mptcp_buffer_add_string(&run->text, cache->folder);
	run->input_name = run->text.bytes; /* the cache is closed before the table is */
	run->nothing = "no entry; the export of a capture makes one";
	int result = tool_open_table(run);
	for (size_t i = 0; result == 0 && i < count; i++) {
		put_content(run->table, items[i].path);
		mptcp_table_unsigned(run->table, LIST_SIZE, items[i].size);
		put_used(run->table, items[i].used);
		mptcp_table_string(run->table, LIST_FILE, items[i].path);
		mptcp_table_end_row(run->table);
	}
	mptcp_cache_items_free(items, count);
	return result;
}

static int print_stats(struct tool_run *run, const struct mptcp_cache *cache)
{
	struct mptcp_cache_item *items;
	size_t count;
	uint64_t sum = 0;

	if (mptcp_cache_list(cache, &items, &count, &run->error))
		return tool_report(run);
	for (size_t i = 0; i < count; i++)
		sum += items[i].size;
	mptcp_cache_items_free(items, count);
	if (tool_open_table(run))
		return -1;
	mptcp_table_string(run->table, STATS_FOLDER, cache->folder);
	mptcp_table_unsigned(run->table, STATS_ENTRIES, count);
	mptcp_table_unsigned(run->table, STATS_BYTES, sum);
	mptcp_table_unsigned(run->table, STATS_LIMIT, cache->limit);
	mptcp_table_end_row(run->table);
	return 0;
}

static int clean(struct tool_run *run, const struct mptcp_cache *cache)
{
	uint64_t removed, bytes;

	/* Reports what was removed even if something could not be. */
	run->result_stands = true;
	if (mptcp_cache_clean(cache, &removed, &bytes, &run->error))
		tool_report(run);
	if (tool_open_table(run))
		return -1;
	mptcp_table_unsigned(run->table, CLEAN_REMOVED, removed);
	mptcp_table_unsigned(run->table, CLEAN_BYTES, bytes);
	mptcp_table_end_row(run->table);
	return 0;
}

/* Exports a capture, which makes its entry, or finds it there. */
static void add(struct tool_run *run, void *context)
{
	const char *path = run->settings.operands[0];
	struct mptcp_packet packet;

	(void)context;
	if (tool_open_input(run, 0, MPTCP_ALL_COLUMNS) || tool_open_table(run))
		return;
	while (tool_next(run, &packet) == MPTCP_ROW)
		continue;
	if (tool_failed(run))
		return;
	struct mptcp_store *entry = mptcp_recording_find(path, &run->settings.input);
	if (!entry) {
		mptcp_error_set(&run->error, MPTCP_IO,
			"%s: was not kept: only captures in files are, and if the cache can be "
			"written",
			mptcp_input_name(run->input));
		tool_report(run);
		return;
	}
	mptcp_table_unsigned(run->table, ADD_PACKETS, mptcp_store_packets(entry));
	mptcp_table_end_row(run->table);
	mptcp_store_close(entry);
}

/* The captures are the operands behind the action. */
static int add_all(struct tool_run *run)
{
	struct mptcp_settings *settings = &run->settings;

	settings->operands++;
	settings->operand_count--;
	settings->captures.with_capture = true;
	run->tool = &adding;
	if (settings->operand_count || settings->captures.files_from) {
		if (!settings->input.no_cache)
			return captures_run(run, add, NULL);
		mptcp_error_set(&run->error, MPTCP_USAGE, "option --no-cache: not with add");
	} else {
		mptcp_error_set(&run->error, MPTCP_USAGE, "add: missing FILE");
	}
	tool_report(run);
	return tool_finish(run);
}

static const struct command {
	const char *name;
	int (*run)(struct tool_run *run, const struct mptcp_cache *cache);
} commands[] = {
	{"path", print_path},
	{"list", list},
	{"clean", clean},
	{"stats", print_stats},
};

/* The sub-command that the operands name, NULL after a message. */
static const struct command *find_command(struct tool_run *run)
{
	const struct mptcp_settings *settings = &run->settings;

	if (settings->operand_count == 0)
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"missing action: add, clean, list, path or stats");
	else if (settings->operand_count > 1)
		mptcp_opt_unexpected(settings->operands[1], &run->error);
	else {
		for (size_t i = 0; i < COUNT(commands); i++)
			if (strcmp(settings->operands[0], commands[i].name) == 0)
				return &commands[i];
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"unknown action '%s': add, clean, list, path or stats",
			settings->operands[0]);
	}
	tool_report(run);
	return NULL;
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct mptcp_cache cache;

	if (!tool_start(&run, &tool, argc, argv, NULL))
		return run.status;
	if (run.settings.operand_count && !strcmp(run.settings.operands[0], "add"))
		return add_all(&run);
	const struct command *command = find_command(&run);
	if (command) {
		if (mptcp_cache_look(&cache, NULL, run.settings.input.cache_size, &run.error)) {
			tool_report(&run);
		} else {
			command->run(&run, &cache);
			mptcp_cache_close(&cache);
		}
	}
	return tool_finish(&run);
}
