/* SPDX-License-Identifier: GPL-2.0-or-later */
/* line: commands from a terminal, with libedit: prompt, history, completion. See shell.h. */
#include "shell.h"

#include "escape.h"
#include "xdg.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HISTORY_LINES 1000
#define PROMPT_LONGEST 40 /* of the capture's name */

/* What libedit hands back to its callbacks. */
struct terminal {
	struct shell *shell;
	EditLine *edit;
	History *history;
	struct mptcp_buffer history_file; /* empty: none is kept */
	struct mptcp_buffer prompt;
	struct mptcp_buffer command; /* several lines where a quote spans them */
};

static struct terminal *terminal_of(EditLine *edit)
{
	void *data = NULL;

	el_get(edit, EL_CLIENTDATA, &data);
	return data;
}

static char *prompt(EditLine *edit)
{
	struct terminal *terminal = terminal_of(edit);
	const char *capture = terminal->shell->capture;
	const char *slash = capture ? strrchr(capture, '/') : NULL;
	static char none[] = "> ";

	if (terminal->command.length)
		return none; /* more of the same command */
	mptcp_buffer_reset(&terminal->prompt);
	mptcp_buffer_format(&terminal->prompt, "%.*s> ", PROMPT_LONGEST,
		slash             ? slash + 1
			: capture ? capture
				  : "mptcp");
	if (terminal->prompt.failed)
		return none;
	mptcp_escape_line(terminal->prompt.bytes);
	return terminal->prompt.bytes;
}

/* libedit counts characters, we count bytes. */
static int characters(const char *bytes, size_t length)
{
	char *text = strndup(bytes, length);
	size_t count = text ? mbstowcs(NULL, text, 0) : (size_t)-1;

	free(text);
	return (int)(count == (size_t)-1 ? length : count);
}

static size_t common_length(const struct mptcp_argv *candidates)
{
	size_t length = strlen(candidates->items[0]);

	for (size_t i = 1; i < candidates->count; i++)
		for (size_t at = 0; at < length; at++)
			if (candidates->items[i][at] != candidates->items[0][at])
				length = at;
	return length;
}

/* A complete word gets its closing quote and a blank; one that may go on keeps its quote open. */
static int quote(struct mptcp_buffer *text, const char *word, bool whole)
{
	/* the shell replaces ~ only where it is not quoted */
	if (!strncmp(word, "~/", 2)) {
		mptcp_buffer_add_string(text, "~/");
		word += 2;
	}
	if (!*word)
		return text->failed ? -1 : 0;
	mptcp_escape_word(text, word);
	if (!text->failed && whole)
		mptcp_buffer_add_char(text, ' ');
	else if (!text->failed && text->bytes[text->length - 1] == '\'')
		text->bytes[--text->length] = '\0';
	return text->failed ? -1 : 0;
}

/* The last parts of paths, without what a terminal would obey. */
static void list_candidates(const struct mptcp_argv *candidates)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	mptcp_buffer_add_char(&text, '\n');
	for (size_t i = 0; i < candidates->count; i++) {
		const char *word = candidates->items[i];
		size_t length = strlen(word), end = length;

		while (end && word[end - 1] == '/')
			end--;
		while (end && word[end - 1] != '/')
			end--;
		mptcp_escape_shown(&text, word + end, length - end);
		mptcp_buffer_add_string(&text, i + 1 < candidates->count ? "  " : "\n");
	}
	if (!text.failed)
		fputs(text.bytes, stdout);
	fflush(stdout);
	mptcp_buffer_clear(&text);
}

/* Inserts what all candidates have in common; shows them where that adds nothing. */
static unsigned char put_in(struct terminal *terminal, const char *typed, size_t length,
	const struct mptcp_argv *candidates)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	char *common;

	common = strndup(candidates->items[0], common_length(candidates));
	bool whole = candidates->count == 1 && common && *common &&
		!strchr("/=", common[strlen(common) - 1]);
	unsigned char result = CC_REFRESH;

	if (!common || quote(&text, common, whole)) {
		result = CC_ERROR;
	} else if (candidates->count > 1 && text.length == length &&
		!memcmp(text.bytes, typed, length)) {
		list_candidates(candidates);
		result = CC_REDISPLAY;
	} else if (text.length) {
		el_deletestr(terminal->edit, characters(typed, length));
		el_insertstr(terminal->edit, text.bytes);
	}
	free(common);
	mptcp_buffer_clear(&text);
	return result;
}

static unsigned char complete(EditLine *edit, int key)
{
	struct terminal *terminal = terminal_of(edit);
	const LineInfo *info = el_line(edit);
	size_t length = (size_t)(info->cursor - info->buffer), start;
	char *line = strndup(info->buffer, length);
	struct mptcp_argv candidates = {0};
	unsigned char result = CC_ERROR;

	(void)key;
	if (line && !shell_complete(terminal->shell, line, length, &start, &candidates) &&
		candidates.count)
		result = put_in(terminal, line + start, length - start, &candidates);
	mptcp_argv_clear(&candidates);
	free(line);
	return result;
}

static void interrupted(int number)
{
	(void)number; /* making read(2) return is all it does */
}

/* While a line is edited, Ctrl-C discards it. */
static void take_interrupts(void)
{
	struct sigaction action = {.sa_handler = interrupted};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
}

static void open_history(struct terminal *terminal)
{
	struct mptcp_buffer *file = &terminal->history_file;
	HistEvent event;

	history(terminal->history, &event, H_SETSIZE, HISTORY_LINES);
	history(terminal->history, &event, H_SETUNIQUE, 1);
	if (mptcp_xdg_state(file) || !file->length || mptcp_xdg_make(file->bytes) ||
		mptcp_buffer_add_string(file, "/history")) {
		mptcp_buffer_reset(file);
		return;
	}
	history(terminal->history, &event, H_LOAD, file->bytes);
}

static void remember(struct terminal *terminal)
{
	HistEvent event;

	if (terminal->command.bytes[strspn(terminal->command.bytes, " \t\n")] == '\0')
		return;
	history(terminal->history, &event, H_ENTER, terminal->command.bytes);
	if (terminal->history_file.length)
		history(terminal->history, &event, H_SAVE, terminal->history_file.bytes);
}

/* Reads a command into terminal->command. 1; 0: a line that was discarded; -1: the end. */
static int read_command(struct terminal *terminal)
{
	struct mptcp_buffer *command = &terminal->command;
	struct shell_words_end end;
	int count;

	mptcp_buffer_reset(command);
	do {
		if (command->length)
			mptcp_buffer_add_char(command, '\n');
		errno = 0;
		const char *line = el_gets(terminal->edit, &count);
		if (!line || count <= 0) {
			bool thrown = count < 0 && errno == EINTR;

			fputc('\n', stdout);
			fflush(stdout);
			return thrown || command->length ? 0 : -1;
		}
		size_t length = (size_t)count - (line[count - 1] == '\n');
		if (mptcp_buffer_add(command, line, length))
			return -1;
		shell_words_look(command->bytes, command->length, &end);
	} while (end.quote || end.escape);
	return 1;
}

static int read_and_run(struct terminal *terminal)
{
	struct shell *shell = terminal->shell;

	while (!shell->quit) {
		take_interrupts();
		int got = read_command(terminal);
		if (got < 0)
			break;
		if (!got)
			continue;
		remember(terminal);
		shell_run_line(shell, terminal->command.bytes);
	}
	return 0;
}

int shell_interact(struct shell *shell)
{
	struct terminal terminal = {.shell = shell};
	int status = MPTCP_IO;

	setlocale(LC_CTYPE, ""); /* what is typed; data stays in the C locale */
	shell->interactive = true;
	terminal.edit = el_init("mptcp", stdin, stdout, stderr);
	terminal.history = history_init();
	if (terminal.edit && terminal.history) {
		open_history(&terminal);
		el_set(terminal.edit, EL_CLIENTDATA, &terminal);
		el_set(terminal.edit, EL_PROMPT, prompt);
		el_set(terminal.edit, EL_EDITOR, "emacs");
		el_set(terminal.edit, EL_HIST, history, terminal.history);
		/* the narrow el_set would leak copies of these two */
		el_wset(terminal.edit, EL_ADDFN, L"complete", L"complete the word", complete);
		el_set(terminal.edit, EL_BIND, "^I", "complete", NULL);
		el_source(terminal.edit, NULL);
		status = read_and_run(&terminal);
	} else {
		shell_error(shell, 0, "cannot use the terminal");
	}
	if (terminal.history)
		history_end(terminal.history);
	if (terminal.edit)
		el_end(terminal.edit);
	mptcp_buffer_clear(&terminal.history_file);
	mptcp_buffer_clear(&terminal.prompt);
	mptcp_buffer_clear(&terminal.command);
	return status;
}
