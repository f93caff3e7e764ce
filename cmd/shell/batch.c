/* SPDX-License-Identifier: GPL-2.0-or-later */
/* batch: commands from a file, one per line. See shell.h. */
#include "shell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines being joined into commands. */
struct batch {
	struct shell *shell;
	FILE *file;
	const char *name;
	unsigned long line;          /* read last */
	struct mptcp_buffer command; /* several lines where a quote spans them */
	struct mptcp_buffer place;   /* "FILE:LINE" of its first line */
};

/* The next command: 1; 0 at the end; -1 for a failure (in run->error). */
static int read_command(struct batch *batch)
{
	struct mptcp_error *error = &batch->shell->run->error;
	struct shell_words_end end = {0};
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	mptcp_buffer_reset(&batch->command);
	mptcp_buffer_reset(&batch->place);
	mptcp_buffer_format(&batch->place, "%s:%lu", batch->name, batch->line + 1);
	while ((length = getline(&line, &size, batch->file)) > 0) {
		batch->line++;
		mptcp_buffer_add(&batch->command, line, (size_t)length);
		if (line[length - 1] == '\n' && !batch->command.failed)
			batch->command.bytes[--batch->command.length] = '\0';
		if (batch->command.failed)
			break;
		shell_words_look(batch->command.bytes, batch->command.length, &end);
		if (!end.quote && !end.escape)
			break;
		mptcp_buffer_add_char(&batch->command, '\n');
	}
	free(line);
	if (ferror(batch->file))
		return mptcp_error_system(error, MPTCP_IO, "%s", batch->name);
	if (batch->command.failed || batch->place.failed)
		return mptcp_error_memory(error);
	return batch->command.length || length > 0;
}

/* Says what a command ended with; one that found nothing has not failed. */
static void report_status(struct batch *batch, int status)
{
	struct shell *shell = batch->shell;

	if (status == MPTCP_NOTHING)
		tool_say(shell->run, MPTCP_LOG_WARNING, "%s: '%s' ended with status %d",
			batch->place.bytes, batch->command.bytes, status);
	else if (status && !shell->reported)
		shell_error(shell, 0, "'%s' failed with status %d", batch->command.bytes, status);
}

/* Runs commands up to the end, or to the first that fails (status 2 and more). Returns the status
 * of the first that failed; else MPTCP_NOTHING if one found nothing. */
static int run_commands(struct batch *batch, bool keep_going)
{
	struct shell *shell = batch->shell;
	int first = 0, nothing = 0, got;

	while (!shell->quit && (got = read_command(batch)) != 0) {
		if (got < 0) {
			int status = shell_report(shell);
			return first ? first : status;
		}
		shell->place = batch->place.bytes;
		shell->reported = false;
		int status = shell_run_line(shell, batch->command.bytes);
		report_status(batch, status);
		shell->place = NULL;
		if (status == MPTCP_NOTHING)
			nothing = status;
		else if (!first)
			first = status;
		if (first && !keep_going)
			break;
	}
	return first ? first : nothing;
}

int shell_batch(struct shell *shell, const char *path, bool keep_going)
{
	bool standard = !path || !strcmp(path, "-");
	struct batch batch = {.shell = shell,
		.name = standard ? "standard input" : path,
		.file = standard ? stdin : fopen(path, "re")};

	if (!batch.file) {
		mptcp_error_system(&shell->run->error, MPTCP_IO, "%s", path);
		return shell_report(shell);
	}
	shell->no_input = standard;
	int status = run_commands(&batch, keep_going);
	mptcp_buffer_clear(&batch.command);
	mptcp_buffer_clear(&batch.place);
	if (!standard)
		fclose(batch.file);
	return status;
}
