/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: from a command's words to the program that runs. See shell.h. */
#include "older.h"

#include "escape.h"
#include "names.h"
#include "process.h"
#include "trusted.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Adds folders to PATH so that plugins, and what follows a pipe, find the tools. */
static int extend_path(struct shell *shell, const char *path)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	/* our own folder and that of the user's commands are the first two */
	for (size_t i = 0; i < 2 && i < shell->commands.folders.count; i++) {
		const char *folder = shell->commands.folders.items[i];
		bool there = false;

		for (size_t j = 2; j < shell->commands.folders.count; j++)
			there |= !strcmp(shell->commands.folders.items[j], folder);
		if (!there)
			mptcp_buffer_format(&text, "%s:", folder);
	}
	mptcp_buffer_add_string(&text, path);
	int failed = text.failed || setenv("PATH", text.bytes, 1);
	mptcp_buffer_clear(&text);
	return failed ? -1 : 0;
}

int shell_init(struct shell *shell, struct tool_run *run)
{
	const char *path = getenv("PATH");

	*shell = (struct shell){.run = run};
	if (mptcp_commands_init(&shell->commands, path, &run->error))
		return tool_report(run);
	if (path && extend_path(shell, path)) {
		mptcp_error_memory(&run->error);
		return tool_report(run);
	}
	return 0;
}

void shell_clear(struct shell *shell)
{
	while (shell->abouts) {
		struct tool_help *tool_help = shell->abouts;

		shell->abouts = tool_help->next;
		mptcp_buffer_clear(&tool_help->options);
		mptcp_buffer_clear(&tool_help->purpose);
		mptcp_buffer_clear(&tool_help->operands);
		free(tool_help->name);
		free(tool_help);
	}
	mptcp_commands_clear(&shell->commands);
	mptcp_buffer_clear(&shell->subflows);
	free(shell->capture);
	free(shell->config);
}

int shell_error(struct shell *shell, int status, const char *format, ...)
{
	struct mptcp_error *error = &shell->run->error;
	char text[sizeof(error->text)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	mptcp_error_set(error, MPTCP_IO, "%s", text); /* without control characters */
	shell_report(shell);
	return status;
}

int shell_report(struct shell *shell)
{
	struct mptcp_error *error = &shell->run->error;
	bool quiet = shell->run->settings.quiet;

	shell->reported = true;
	shell->run->settings.quiet = false; /* an error is still reported */
	tool_say(shell->run, MPTCP_LOG_WARNING, "%s%s%s", shell->place ? shell->place : "",
		shell->place ? ": " : "", error->text);
	shell->run->settings.quiet = quiet;
	return (int)error->status;
}

int shell_names(struct shell *shell, struct mptcp_argv *names)
{
	struct mptcp_command *items;
	size_t count;

	if (mptcp_commands_list(&shell->commands, &items, &count, &shell->run->error))
		return -1;
	for (size_t i = 0; i < count; i++)
		mptcp_argv_add(names, items[i].name);
	mptcp_commands_list_free(items, count);
	for (size_t i = 0; shell_builtins[i]; i++)
		mptcp_argv_add(names, shell_builtins[i]);
	return names->failed ? mptcp_error_memory(&shell->run->error) : 0;
}

bool shell_is_command(const struct shell *shell, const char *name)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	bool own;
	bool found = shell_find_builtin(name) ||
		!mptcp_commands_find(&shell->commands, name, &path, &own);

	mptcp_buffer_clear(&path);
	return found;
}

static int unknown(struct shell *shell, const char *name)
{
	struct mptcp_argv names = {0};
	char hint[MPTCP_NAMES_HINT];

	if (strpbrk(name, "./"))
		return shell_error(shell, SHELL_UNKNOWN, "'%s' is neither a command nor a file",
			name);
	if (shell_names(shell, &names)) {
		mptcp_argv_clear(&names);
		return shell_report(shell);
	}
	mptcp_names_hint(hint, &(struct mptcp_names){(const char *const *)names.items, names.count},
		(struct mptcp_text){name, strlen(name)}, "", "try 'mptcp help'");
	shell_error(shell, 0, "'%s' is not a command%s", name, hint);
	mptcp_argv_clear(&names);
	return SHELL_UNKNOWN;
}

/* The options that mptcp itself was given, for our tools. */
static void add_options(const struct shell *shell, const char *name, struct mptcp_argv *arguments)
{
	const struct mptcp_settings *settings = &shell->run->settings;

	if (shell->config) {
		mptcp_argv_add(arguments, "-c");
		mptcp_argv_add(arguments, shell->config);
	}
	/* what is wrong in the configuration was said when we read it */
	if (settings->config)
		mptcp_argv_format(arguments, "--caller=mptcp-%s", name);
	for (int i = 0; i < settings->verbose; i++)
		mptcp_argv_add(arguments, "-v");
	if (settings->quiet)
		mptcp_argv_add(arguments, "-q");
}

/* A plugin is not asked what it takes: it gets the capture unless one of its words is a file. */
static enum capture_use plugin_capture_use(char **words, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (!strcmp(words[i], "-") || !access(words[i], F_OK))
			return CAPTURE_GIVEN;
	return CAPTURE_WANTED;
}

static int add_capture(struct shell *shell, bool own, char **words, size_t count,
	struct mptcp_argv *arguments)
{
	const char *name = words[0];
	const struct tool_help *tool_help = own ? shell_tool_help(shell, name) : NULL;
	enum capture_use use = tool_help ? tool_help_capture_use(tool_help, words, count)
					 : plugin_capture_use(words, count);

	if (use != CAPTURE_WANTED)
		return 0;
	if (shell->capture)
		mptcp_argv_add(arguments, shell->capture);
	else if (tool_help && (shell->interactive || shell->no_input))
		return shell_error(shell, MPTCP_USAGE,
			"%s: no capture: give one, or 'load FILE' first", name);
	return 0;
}

int shell_today(struct shell *shell, char **words, size_t count, struct mptcp_argv *today)
{
	if (!older_words(shell, words, count, today))
		return 0;
	mptcp_error_memory(&shell->run->error);
	return shell_report(shell);
}

int shell_find(struct shell *shell, char **words, size_t count, struct mptcp_argv *arguments,
	bool *own)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;

	if (mptcp_commands_find(&shell->commands, words[0], &path, own)) {
		mptcp_buffer_clear(&path);
		return unknown(shell, words[0]);
	}
	int refused = *own ? 0 : trusted_file(path.bytes, shell->trust_user, &shell->run->error);
	mptcp_argv_add(arguments, path.bytes);
	mptcp_buffer_clear(&path);
	if (refused)
		return shell_report(shell), SHELL_CANNOT_EXECUTE;
	if (*own)
		add_options(shell, words[0], arguments);
	for (size_t i = 1; i < count; i++)
		mptcp_argv_add(arguments, words[i]);
	if (!arguments->failed)
		return 0;
	mptcp_error_memory(&shell->run->error);
	return shell_report(shell);
}

int shell_prepare(struct shell *shell, char **words, size_t count, struct mptcp_argv *arguments)
{
	bool own;
	int status = shell_find(shell, words, count, arguments, &own);

	if (!status)
		status = add_capture(shell, own, words, count, arguments);
	if (!arguments->failed || status)
		return status;
	mptcp_error_memory(&shell->run->error);
	return shell_report(shell);
}

/* Reports what ended it, if nobody else does. */
static void report_signal(struct shell *shell, int status)
{
	int number = status - 128;

	if (number == SIGINT && shell->interactive)
		fputs("\n", stderr); /* after the ^C of the terminal */
	else if (number > 0 && number < NSIG && number != SIGPIPE && number != SIGINT)
		shell_error(shell, 0, "ended by signal %d (%s)", number, strsignal(number));
}

void shell_leave_signals(struct shell *shell, bool leave)
{
	if (!shell->interactive)
		return;
	signal(SIGINT, leave ? SIG_IGN : SIG_DFL);
	signal(SIGQUIT, leave ? SIG_IGN : SIG_DFL);
}

int shell_run_program(struct shell *shell, const char *const argv[])
{
	struct mptcp_process_options options = {
		.in = shell->no_input ? -1 : STDIN_FILENO,
		.out = STDOUT_FILENO,
		.keep_err = true,
		.log = &shell->run->settings.input.log,
	};
	struct mptcp_process process;

	shell_leave_signals(shell, true);
	int status = mptcp_process_start(&process, argv, &options, &shell->run->error);
	if (!status)
		status = mptcp_process_wait(&process);
	else
		status = shell_report(shell);
	mptcp_process_clear(&process);
	shell_leave_signals(shell, false);
	if (status > 128)
		report_signal(shell, status);
	return status;
}

int shell_run_sh(struct shell *shell, const char *script)
{
	const char *argv[] = {"sh", "-c", script, NULL};

	return shell_run_program(shell, argv);
}

/* A pipe or a redirection is for sh: the words are quoted again, what follows them is unchanged. */
static int run_with_sh(struct shell *shell, const struct mptcp_argv *arguments, const char *rest)
{
	struct mptcp_buffer script = MPTCP_BUFFER_INIT;

	for (size_t i = 0; i < arguments->count; i++) {
		mptcp_escape_word(&script, arguments->items[i]);
		mptcp_buffer_add_char(&script, ' ');
	}
	mptcp_buffer_add_string(&script, rest);
	int status;
	if (script.failed) {
		mptcp_error_memory(&shell->run->error);
		status = shell_report(shell);
	} else {
		status = shell_run_sh(shell, script.bytes);
	}
	mptcp_buffer_clear(&script);
	return status;
}

bool shell_is_file(const struct shell *shell, const char *word)
{
	struct stat status;

	return !shell_is_command(shell, word) && !stat(word, &status) && !S_ISDIR(status.st_mode);
}

/* mptcp-summary with `words` as its arguments. */
int shell_show_file(struct shell *shell, char **words, size_t count)
{
	struct mptcp_argv command = {0}, arguments = {0};
	bool own;

	mptcp_argv_add(&command, "summary");
	for (size_t i = 0; i < count; i++)
		mptcp_argv_add(&command, words[i]);
	if (command.failed)
		mptcp_error_memory(&shell->run->error);
	int status = command.failed
		? shell_report(shell)
		: shell_find(shell, command.items, command.count, &arguments, &own);
	if (!status)
		status = shell_run_program(shell, (const char *const *)arguments.items);
	mptcp_argv_clear(&arguments);
	mptcp_argv_clear(&command);
	return status;
}

/* Runs words as a command; `rest` ("" for none) is for sh. Returns its status. */
static int run_today(struct shell *shell, char **words, size_t count, const char *rest)
{
	shell_builtin *builtin = shell_find_builtin(words[0]);
	bool file = !builtin && shell_is_file(shell, words[0]);
	struct mptcp_argv arguments = {0};

	if ((builtin || file) && *rest)
		return shell_error(shell, MPTCP_USAGE, "%s: not allowed in a pipeline: '%.60s'",
			words[0], rest);
	if (file)
		return shell_show_file(shell, words, count);
	if (builtin)
		return builtin(shell, words, count);
	int status = shell_prepare(shell, words, count, &arguments);
	if (!status && *rest)
		status = run_with_sh(shell, &arguments, rest);
	else if (!status)
		status = shell_run_program(shell, (const char *const *)arguments.items);
	mptcp_argv_clear(&arguments);
	return status;
}

static int run_words(struct shell *shell, char **words, size_t count, const char *rest)
{
	struct mptcp_argv today = {0};
	int status = shell_today(shell, words, count, &today);

	if (!status)
		status = run_today(shell, today.items, today.count, rest);
	mptcp_argv_clear(&today);
	return status;
}

int shell_run_line(struct shell *shell, const char *line)
{
	const char *start = line + strspn(line, " \t\n");
	struct shell_words words;
	int status = 0;

	if (*start == '!')
		return start[1 + strspn(start + 1, " \t\n")]
			? shell_run_sh(shell, start + 1)
			: shell_error(shell, MPTCP_USAGE, "no command after '!'");
	if (shell_words_split(&words, line, &shell->run->error))
		return shell_report(shell);
	if (words.argv.count)
		status = run_words(shell, words.argv.items, words.argv.count, words.rest);
	else if (*words.rest)
		status = shell_error(shell, MPTCP_USAGE, "no command before '%.60s'", words.rest);
	shell_words_clear(&words);
	return status;
}
