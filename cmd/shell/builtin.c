/* SPDX-License-Identifier: GPL-2.0-or-later */
/* builtin: the commands that are not programs: cd, help, load, pwd, quit. See shell.h. */
#include "shell.h"

#include "decimal.h"
#include "escape.h"
#include "process_read.h"
#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_WIDTH 12 /* of the names that help lists */

static shell_builtin cd, help, load, pwd, quit;

const char *const shell_builtins[] = {"cd", "help", "load", "pwd", "quit", NULL};

static const struct {
	shell_builtin *run;
	const char *usage, *purpose;
} builtins[] = {
	{cd, "cd [FOLDER]", "go to another folder; - is the one before"},
	{help, "help [COMMAND]", "list the commands, or describe one"},
	{load, "load [--regen] FILE",
		"export a capture, so that the commands that follow work on it"},
	{pwd, "pwd", "print the current folder"},
	{quit, "quit", "leave"},
};

shell_builtin *shell_find_builtin(const char *name)
{
	for (size_t i = 0; shell_builtins[i]; i++)
		if (!strcmp(shell_builtins[i], name))
			return builtins[i].run;
	return NULL;
}

static void add_line(struct mptcp_buffer *text, const char *name, const char *purpose)
{
	mptcp_buffer_add_string(text, "  ");
	for (size_t at = mptcp_escape_shown(text, name, strlen(name)); at <= NAME_WIDTH; at++)
		mptcp_buffer_add_char(text, ' ');
	mptcp_escape_shown(text, purpose, strlen(purpose));
	mptcp_buffer_add_char(text, '\n');
}

static int list_all(struct shell *shell, struct mptcp_buffer *text)
{
	struct mptcp_command *items;
	size_t count, plugins = 0;

	if (mptcp_commands_list(&shell->commands, &items, &count, &shell->run->error))
		return -1;
	mptcp_buffer_add_string(text, "commands:\n");
	for (size_t i = 0; i < count; i++) {
		const struct tool_help *tool_help =
			items[i].own ? shell_tool_help(shell, items[i].name) : NULL;

		plugins += !items[i].own;
		if (items[i].own)
			add_line(text, items[i].name, tool_help ? tool_help->purpose.bytes : "");
	}
	for (size_t i = 0; shell_builtins[i]; i++)
		add_line(text, shell_builtins[i], builtins[i].purpose);
	if (plugins)
		mptcp_buffer_add_string(text, "\nplugins:\n");
	for (size_t i = 0; i < count; i++)
		if (!items[i].own)
			add_line(text, items[i].name, items[i].path);
	mptcp_commands_list_free(items, count);
	mptcp_buffer_add_string(text, "\n'help COMMAND' describes one. The manual: man mptcp\n");
	return text->failed ? mptcp_error_memory(&shell->run->error) : 0;
}

static int print(struct shell *shell, const struct mptcp_buffer *text)
{
	struct mptcp_output output = {.fd = STDOUT_FILENO, .name = "standard output"};

	mptcp_output_write(&output, text->bytes, text->length);
	return mptcp_output_close(&output, &shell->run->error) ? shell_report(shell) : 0;
}

static int help_about_builtin(struct shell *shell, const char *name)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	size_t i = 0;

	while (strcmp(shell_builtins[i], name) != 0)
		i++;
	mptcp_buffer_format(&text, "usage: %s\n%s\n", builtins[i].usage, builtins[i].purpose);
	int status = print(shell, &text);
	mptcp_buffer_clear(&text);
	return status;
}

static int help_about(struct shell *shell, char *word)
{
	struct mptcp_argv today = {0}, arguments = {0};
	bool own;
	int status = shell_today(shell, &word, 1, &today);

	if (!status && shell_find_builtin(today.items[0])) {
		status = help_about_builtin(shell, today.items[0]);
	} else if (!status) {
		char option[] = "--help", *words[] = {today.items[0], option};

		status = shell_find(shell, words, 2, &arguments, &own);
		if (!status)
			status = shell_run_program(shell, (const char *const *)arguments.items);
	}
	mptcp_argv_clear(&arguments);
	mptcp_argv_clear(&today);
	return status;
}

static int refuse_operand(struct shell *shell, const char *builtin, const char *operand)
{
	return shell_error(shell, MPTCP_USAGE, "%s: unexpected operand '%s'", builtin, operand);
}

static int help(struct shell *shell, char **words, size_t count)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	if (count > 2)
		return refuse_operand(shell, "help", words[2]);
	if (count == 2)
		return help_about(shell, words[1]);
	int status = list_all(shell, &text) ? shell_report(shell) : print(shell, &text);
	mptcp_buffer_clear(&text);
	return status;
}

/* What names a file from the folder that is being left names it from anywhere. */
static int make_absolute(char **path, const char *folder)
{
	char *absolute;

	if (!*path || **path == '/')
		return 0;
	if (asprintf(&absolute, "%s/%s", folder, *path) < 0)
		return -1;
	free(*path);
	*path = absolute;
	return 0;
}

static int change_folder(struct shell *shell, const char *target, const char *before)
{
	if (make_absolute(&shell->capture, before) || make_absolute(&shell->config, before)) {
		mptcp_error_memory(&shell->run->error);
		return shell_report(shell);
	}
	if (chdir(target))
		return shell_error(shell, MPTCP_IO, "cd: %s: %s", target, strerror(errno));
	char *now = getcwd(NULL, 0);
	if (setenv("OLDPWD", before, 1) || (now && setenv("PWD", now, 1)))
		mptcp_error_memory(&shell->run->error);
	free(now);
	return 0;
}

static int cd(struct shell *shell, char **words, size_t count)
{
	bool back = count == 2 && !strcmp(words[1], "-");
	const char *variable = count == 1 ? "HOME" : back ? "OLDPWD" : NULL;
	const char *target = variable ? getenv(variable) : words[1];
	char *before = getcwd(NULL, 0);
	int status;

	if (count > 2)
		status = refuse_operand(shell, "cd", words[2]);
	else if (!target || !*target)
		status = shell_error(shell, MPTCP_USAGE, "cd: %s is not set", variable);
	else
		status = change_folder(shell, target, before ? before : ".");
	free(before);
	return !status && back ? pwd(shell, words, 1) : status;
}

static int pwd(struct shell *shell, char **words, size_t count)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	if (count > 1)
		return refuse_operand(shell, "pwd", words[1]);
	char *now = getcwd(NULL, 0);
	if (!now)
		return shell_error(shell, MPTCP_IO, "pwd: %s", strerror(errno));
	mptcp_buffer_format(&text, "%s\n", now);
	int status = print(shell, &text);
	mptcp_buffer_clear(&text);
	free(now);
	return status;
}

static int quit(struct shell *shell, char **words, size_t count)
{
	if (count > 1)
		return refuse_operand(shell, "quit", words[1]);
	shell->quit = true;
	return 0;
}

/* How many different numbers the lines start with. */
static size_t count_connections(const struct mptcp_buffer *subflows, size_t *lines)
{
	const char *line = subflows->bytes, *before = "";
	size_t connections = 0;

	for (*lines = 0; line && *line; ++*lines) {
		size_t length = strcspn(line, ",\n");

		if (!*lines || strcspn(before, ",\n") != length || memcmp(before, line, length))
			connections++;
		before = line;
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return connections;
}

static void report_loaded(struct shell *shell)
{
	size_t subflows, connections = count_connections(&shell->subflows, &subflows);

	if (subflows && shell->interactive)
		tool_say(shell->run, MPTCP_LOG_WARNING, "%s: %zu connection%s, %zu subflow%s",
			shell->capture, connections, connections == 1 ? "" : "s", subflows,
			subflows == 1 ? "" : "s");
}

/*
 * mptcpanalyzer kept what it had exported in x.pcap.csv, beside x.pcap. Packets of our own columns
 * there are somebody's export; anything else might be expected to be used.
 */
static void say_of_csv(struct shell *shell, const char *capture)
{
	struct mptcp_rows_reader *rows = NULL;
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	struct mptcp_error ignored;

	mptcp_buffer_format(&path, "%s.csv", capture);
	int fd = path.failed ? -1 : open(path.bytes, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		const struct mptcp_opened from = {fd, path.bytes, NULL, 0};
		struct mptcp_csv *csv = mptcp_csv_open(&from, ',', &ignored);

		if (csv)
			rows = mptcp_rows_open(csv, path.bytes, MPTCP_HAS(tcpstream),
				MPTCP_HAS(tcpstream), &ignored);
		close(fd);
		if (!rows)
			tool_say(shell->run, MPTCP_LOG_WARNING,
				"%s: not used, it has no packets as mptcp-export writes them; "
				"%s is",
				path.bytes, capture);
		mptcp_rows_close(rows);
	}
	mptcp_buffer_clear(&path);
}

/* A path that no tool takes for an option, a number, or standard input. */
static char *plain_path(const char *path)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	if (*path != '/' && strncmp(path, "./", 2) && (*path == '-' || mptcp_decimal_is(path)))
		mptcp_buffer_add_string(&text, "./");
	mptcp_buffer_add_string(&text, path);
	return mptcp_buffer_take(&text);
}

/* Asks mptcp-ls for its subflows, which exports it. Status. */
static int read_capture(struct shell *shell, const char *capture, bool regen,
	struct mptcp_buffer *subflows)
{
	char command[] = "ls";
	char *words[] = {command};
	struct mptcp_argv arguments = {0};
	bool own;
	int status = shell_find(shell, words, 1, &arguments, &own);

	if (!status) {
		mptcp_argv_add(&arguments, "--caller=mptcp");
		mptcp_argv_add(&arguments, "--format=csv");
		mptcp_argv_add(&arguments, "--delimiter=,");
		mptcp_argv_add(&arguments, "--no-header");
		if (regen)
			mptcp_argv_add(&arguments, "--regen");
		mptcp_argv_add(&arguments, "--");
		mptcp_argv_add(&arguments, capture);
		status = mptcp_process_read((const char *const *)arguments.items,
			MPTCP_READ_KEEP_ERR, subflows, &shell->run->error);
		if (status < 0)
			status = shell_report(shell);
	}
	mptcp_argv_clear(&arguments);
	return status;
}

int shell_load(struct shell *shell, const char *path, bool regen)
{
	struct mptcp_buffer subflows = MPTCP_BUFFER_INIT;
	char *capture = plain_path(path);

	if (!capture) {
		mptcp_error_memory(&shell->run->error);
		return shell_report(shell);
	}
	shell_leave_signals(shell, true);
	int status = read_capture(shell, capture, regen, &subflows);
	shell_leave_signals(shell, false);
	/* nothing found, or a capture that was cut short: what there is can be used */
	if (status != MPTCP_DONE && status != MPTCP_NOTHING && status != MPTCP_DATA) {
		mptcp_buffer_clear(&subflows);
		free(capture);
		return status;
	}
	mptcp_buffer_clear(&shell->subflows);
	free(shell->capture);
	shell->subflows = subflows;
	shell->capture = capture;
	say_of_csv(shell, capture);
	report_loaded(shell);
	return status == MPTCP_NOTHING ? MPTCP_DONE : status;
}

static int load(struct shell *shell, char **words, size_t count)
{
	bool regen = count > 1 && !strcmp(words[1], "--regen");
	size_t at = regen ? 2 : 1;

	if (count > at && !strcmp(words[at], "--"))
		at++;
	else if (count > at && words[at][0] == '-')
		return shell_error(shell, MPTCP_USAGE,
			"load: unknown option '%s': load [--regen] FILE", words[at]);
	if (count != at + 1)
		return shell_error(shell, MPTCP_USAGE,
			"load: exactly one file: load [--regen] FILE");
	return shell_load(shell, words[at], regen);
}
