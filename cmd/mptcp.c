/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mptcp: one command for all tools: runs mptcp-NAME once, from a file, or from a terminal. See
 * mptcp(1).
 *
 * `mptcp NAME ...` becomes the program, so that its status and its signals are its own.
 */
#include "shell/shell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	OPTION_COMPLETE = MPTCP_OPT_LONG,
	OPTION_KEEP_GOING,
	OPTION_LIST_COMMANDS,
	OPTION_TRUST_USER
};

static const struct mptcp_option options[] = {
	{'b', "batch", "FILE", "run the commands in FILE, one per line", MPTCP_COMPLETE_FILE, NULL},
	{OPTION_COMPLETE, "complete", NULL,
		"list what the last word of the command line that follows may become",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_KEEP_GOING, "keep-going", NULL, "in a batch: go on after a command that failed",
		MPTCP_COMPLETE_NONE, NULL},
	{'l', "load", "FILE", "load this capture first", MPTCP_COMPLETE_FILE, NULL},
	{OPTION_LIST_COMMANDS, "list-commands", NULL, "list the names of all commands",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_TRUST_USER, "trust-user", NULL, "as root: run commands of other users, too",
		MPTCP_COMPLETE_NONE, NULL},
	{'d', "debug", NULL, "the same as -v", MPTCP_COMPLETE_NONE, NULL},
	{0},
};

/* What the options said. */
struct choice {
	const char *batch, *load;
	bool complete, keep_going, list, trust_user;
	int debug;
};

static int take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	struct choice *choice = context;

	(void)error;
	switch (letter) {
	case 'b':
		choice->batch = value;
		break;
	case OPTION_COMPLETE:
		choice->complete = true;
		break;
	case OPTION_KEEP_GOING:
		choice->keep_going = true;
		break;
	case 'l':
		choice->load = value;
		break;
	case OPTION_LIST_COMMANDS:
		choice->list = true;
		break;
	case OPTION_TRUST_USER:
		choice->trust_user = true;
		break;
	default: /* -d */
		choice->debug++;
	}
	return 0;
}

static const struct mptcp_tool tool = {
	.name = "mptcp",
	.purpose = "analyse Multipath TCP: run one command, a batch, or a shell",
	.operands = "[COMMAND [ARGUMENT]...|FILE]",
	.options = options,
	.take = take,
};

/* Options end at the command; what follows it is its own. False: nothing is left to do. */
static bool start(struct tool_run *run, int argc, char **argv, struct choice *choice)
{
	/* getopt can be told only by this variable, or by a letter that opt.h does not have */
	bool posix = getenv("POSIXLY_CORRECT") != NULL;
	if (!posix)
		setenv("POSIXLY_CORRECT", "1", 1);
	bool started = tool_start(run, &tool, argc, argv, choice);
	if (!posix)
		unsetenv("POSIXLY_CORRECT");
	return started;
}

/* Prints one name per line. */
static int print_lines(struct shell *shell, const struct mptcp_argv *lines)
{
	struct tool_run *run = shell->run;

	if (tool_open_output(run))
		return tool_report(run);
	for (size_t i = 0; i < lines->count; i++) {
		mptcp_output_string(&run->output, lines->items[i]);
		mptcp_output_string(&run->output, "\n");
	}
	return 0;
}

static int list_commands(struct shell *shell)
{
	struct mptcp_argv names = {0};
	int failed =
		shell_names(shell, &names) ? tool_report(shell->run) : print_lines(shell, &names);

	mptcp_argv_clear(&names);
	return failed ? shell->run->status : 0;
}

/* For the completions of other shells. */
static int complete(struct shell *shell, char **words, size_t count)
{
	struct mptcp_argv candidates = {0};
	int failed = count && shell_offer(shell, words, count, &candidates)
		? mptcp_error_memory(&shell->run->error)
		: print_lines(shell, &candidates);

	mptcp_argv_clear(&candidates);
	return failed ? shell->run->status : 0;
}

/* Becomes the program of a command. Returns the status, and only if that is not possible. */
static int become(struct shell *shell, char **words, size_t count)
{
	shell_builtin *builtin = shell_find_builtin(words[0]);
	struct mptcp_argv arguments = {0};

	if (builtin)
		return builtin(shell, words, count);
	if (shell_is_file(shell, words[0]))
		return shell_show_file(shell, words, count);
	int status = shell_prepare(shell, words, count, &arguments);
	if (!status) {
		mptcp_log_command(&shell->run->settings.input.log,
			(const char *const *)arguments.items);
		execv(arguments.items[0], arguments.items);
		status = shell_error(shell, SHELL_CANNOT_EXECUTE, "%s: cannot be executed: %s",
			arguments.items[0], strerror(errno));
	}
	mptcp_argv_clear(&arguments);
	return status;
}

/* One command, as it was typed. */
static int run_once(struct shell *shell, char **words, size_t count)
{
	struct mptcp_argv today = {0};
	int status = shell_today(shell, words, count, &today);

	if (!status)
		status = become(shell, today.items, today.count);
	mptcp_argv_clear(&today);
	return status;
}

static int usage(struct shell *shell, const char *what)
{
	mptcp_error_set(&shell->run->error, MPTCP_USAGE, "%s", what);
	tool_report(shell->run);
	return MPTCP_USAGE;
}

static int work(struct shell *shell, const struct choice *choice)
{
	struct mptcp_settings *settings = &shell->run->settings;
	int status = 0;

	if (choice->list)
		return list_commands(shell);
	if (choice->complete)
		return complete(shell, settings->operands, settings->operand_count);
	if (choice->batch && settings->operand_count)
		return usage(shell, "--batch and a command exclude each other");
	bool standard = !settings->operand_count && !choice->batch;
	shell->interactive = standard && isatty(STDIN_FILENO);
	if (choice->load)
		status = shell_load(shell, choice->load, false);
	/* a capture that was cut short is still loaded, and the commands will report it again */
	if (status && status != MPTCP_DATA && !shell->interactive)
		return status;
	if (settings->operand_count)
		return run_once(shell, settings->operands, settings->operand_count);
	return shell->interactive ? shell_interact(shell)
				  : shell_batch(shell, choice->batch, choice->keep_going);
}

int main(int argc, char **argv)
{
	struct choice choice = {0};
	struct tool_run run;
	struct shell shell;

	if (argc > 1 && argv[1][0] != '-') {
		/* the program will read the configuration and report what is wrong with it */
		run = (struct tool_run){.tool = &tool,
			.settings = {.operands = argv + 1, .operand_count = (size_t)argc - 1}};
	} else if (!start(&run, argc, argv, &choice)) {
		return run.status;
	}
	run.settings.verbose += choice.debug;
	if (shell_init(&shell, &run))
		return tool_finish(&run);
	shell.trust_user = choice.trust_user;
	const char *config = run.settings.config_file;
	shell.config = config ? strdup(config) : NULL;
	int status = work(&shell, &choice);
	shell_clear(&shell);
	int finish = tool_finish(&run);
	return status ? status : finish;
}
