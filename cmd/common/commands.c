/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include "array.h"
#include "xdg.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "mptcp-"

static int add_folder(struct mptcp_commands *commands, const char *folder, size_t length)
{
	/* an empty item of PATH is the current folder */
	mptcp_argv_add_part(&commands->folders, length ? folder : ".", length ? length : 1);
	return commands->folders.failed ? -1 : 0;
}

static int add_own(struct mptcp_commands *commands)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (length <= 0)
		return 0; /* no /proc: commands in PATH are still found */
	program[length] = '\0';
	char *slash = strrchr(program, '/');
	if (!slash)
		return 0;
	commands->has_own = true;
	return add_folder(commands, program, slash == program ? 1 : (size_t)(slash - program));
}

static int add_data(struct mptcp_commands *commands)
{
	struct mptcp_buffer folder = MPTCP_BUFFER_INIT;
	int result = mptcp_xdg_data(&folder);

	if (!result && folder.length) {
		mptcp_buffer_add_string(&folder, "/commands");
		result = folder.failed ? -1 : add_folder(commands, folder.bytes, folder.length);
	}
	mptcp_buffer_clear(&folder);
	return result;
}

int mptcp_commands_init(struct mptcp_commands *commands, const char *path,
	struct mptcp_error *error)
{
	*commands = (struct mptcp_commands){0};
	int failed = add_own(commands) || add_data(commands);

	while (path && !failed) {
		size_t length = strcspn(path, ":");

		failed = add_folder(commands, path, length);
		path = path[length] ? path + length + 1 : NULL;
	}
	return failed ? mptcp_error_memory(error) : 0;
}

void mptcp_commands_clear(struct mptcp_commands *commands)
{
	mptcp_argv_clear(&commands->folders);
	*commands = (struct mptcp_commands){0};
}

static bool is_program(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISREG(status.st_mode) && !access(path, X_OK);
}

int mptcp_commands_find(const struct mptcp_commands *commands, const char *name,
	struct mptcp_buffer *path, bool *own)
{
	if (!*name || strchr(name, '/'))
		return -1;
	for (size_t i = 0; i < commands->folders.count; i++) {
		mptcp_buffer_reset(path);
		mptcp_buffer_format(path, "%s/" PREFIX "%s", commands->folders.items[i], name);
		if (path->failed || !is_program(path->bytes))
			continue;
		*own = commands->has_own && i == 0;
		return 0;
	}
	return -1;
}

/* A list being built. */
struct list {
	struct mptcp_command *items;
	size_t count, capacity;
};

static bool has(const struct list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i].name, name))
			return true;
	return false;
}

static int add_command(struct list *list, const char *name, const char *path, bool own)
{
	struct mptcp_command *grown =
		mptcp_array_reserve(list->items, list->count, &list->capacity, sizeof(*grown));

	if (!grown)
		return -1;
	list->items = grown;
	struct mptcp_command *item = &list->items[list->count++];
	*item = (struct mptcp_command){strdup(name), strdup(path), own};
	return item->name && item->path ? 0 : -1;
}

static int add_commands(struct list *list, const char *folder, bool own)
{
	DIR *stream = opendir(folder);
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	struct dirent *entry;
	int result = 0;

	while (stream && !result && (entry = readdir(stream))) {
		const char *name = entry->d_name + strlen(PREFIX);

		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) || !*name || has(list, name))
			continue;
		mptcp_buffer_reset(&path);
		result = mptcp_buffer_format(&path, "%s/%s", folder, entry->d_name);
		if (!result && is_program(path.bytes))
			result = add_command(list, name, path.bytes, own);
	}
	mptcp_buffer_clear(&path);
	if (stream)
		closedir(stream);
	return result;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct mptcp_command *)a)->name,
		((const struct mptcp_command *)b)->name);
}

int mptcp_commands_list(const struct mptcp_commands *commands, struct mptcp_command **items,
	size_t *count, struct mptcp_error *error)
{
	struct list list = {0};
	int failed = 0;

	for (size_t i = 0; i < commands->folders.count && !failed; i++)
		failed = add_commands(&list, commands->folders.items[i],
			commands->has_own && i == 0);
	if (failed) {
		mptcp_commands_list_free(list.items, list.count);
		return mptcp_error_memory(error);
	}
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), by_name);
	*items = list.items;
	*count = list.count;
	return 0;
}

void mptcp_commands_list_free(struct mptcp_command *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(items[i].name);
		free(items[i].path);
	}
	free(items);
}
