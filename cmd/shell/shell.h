/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: what `mptcp` does with a command: finds its program, gives it the loaded capture, runs it.
 *
 * shell.c runs commands, tool_help.c knows what a tool takes, builtin.c has the commands that are
 * not programs, batch.c reads commands from a file, line.c from a terminal with the help of
 * complete.c, which also answers bash, zsh and fish (--complete). Linked into mptcp only.
 */
#ifndef SHELL_H
#define SHELL_H

#include "argv.h"
#include "commands.h"
#include "shell_words.h"
#include "text.h"
#include "tool.h"

#define SHELL_UNKNOWN 127 /* status of a command that is not found, as in sh */
#define SHELL_CANNOT_EXECUTE 126

/* What a tool says about itself; shell_tool_help keeps it. */
struct tool_help {
	char *name;
	struct mptcp_buffer options;  /* of --list-options, see opt.h */
	struct mptcp_buffer purpose;  /* one line */
	struct mptcp_buffer operands; /* "[ID] [CAPTURE|CSV]" */
	struct tool_help *next;
};

struct shell {
	struct tool_run *run; /* for messages and settings */
	struct mptcp_commands commands;
	char *config;                 /* --config, handed on to our tools; NULL for none */
	char *capture;                /* the loaded one, NULL for none */
	struct mptcp_buffer subflows; /* of it: lines "mptcpstream,tcpstream,..." */
	struct tool_help *abouts;
	bool interactive;
	bool trust_user;   /* as root: commands of other users are run, too */
	bool no_input;     /* standard input holds our commands, not theirs */
	bool quit;         /* `quit` was entered */
	bool reported;     /* what is wrong with the current command */
	const char *place; /* "FILE:LINE" in a batch, for messages; NULL for none */
};

/* 0 or -1 (reported). */
int shell_init(struct shell *shell, struct tool_run *run);
void shell_clear(struct shell *shell);
/* Reports what is wrong, after the place in a batch. Returns `status`. */
int shell_error(struct shell *shell, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* run->error, likewise. */
int shell_report(struct shell *shell);

/* Whether it is the name of a builtin or of a program. */
bool shell_is_command(const struct shell *shell, const char *name);
/*
 * The words of a command as they would be written today (older.h), to be cleared by the caller. 0,
 * or a status (reported).
 */
int shell_today(struct shell *shell, char **words, size_t count, struct mptcp_argv *today);
/*
 * The program and its arguments for a command and its words, with the options that were given to
 * mptcp itself. *own tells a tool of ours from a plugin. 0, or a status (reported).
 */
int shell_find(struct shell *shell, char **words, size_t count, struct mptcp_argv *arguments,
	bool *own);
/* The same, with the loaded capture as last operand where none is given. */
int shell_prepare(struct shell *shell, char **words, size_t count, struct mptcp_argv *arguments);
/* Whether a file stands where the command should be, and what is shown then: its summary. */
bool shell_is_file(const struct shell *shell, const char *word);
int shell_show_file(struct shell *shell, char **words, size_t count);
/* Runs a line. Its status; 0 where it has no command. */
int shell_run_line(struct shell *shell, const char *line);
/* Runs a script of sh, or a program, in the foreground: its status, 128 + signal. */
int shell_run_sh(struct shell *shell, const char *script);
int shell_run_program(struct shell *shell, const char *const argv[]);

/* In an interactive shell: leaves Ctrl-C to the command that runs, or takes it back. */
void shell_leave_signals(struct shell *shell, bool leave);

/* What a tool of ours says about itself, NULL where it cannot be asked; plugins never are. */
const struct tool_help *shell_tool_help(struct shell *shell, const char *name);
/* The lines of tool_help.options. */
enum {
	OPTION_LETTER,
	OPTION_NAME,
	OPTION_ARGUMENT,
	OPTION_COMPLETION,
	OPTION_WORDS,
	OPTION_MEANING,
	OPTION_CELLS
};
struct option_line {
	struct mptcp_text cells[OPTION_CELLS];
};
/* The next line from *at on (NULL at the end). */
bool shell_next_option(const char **at, struct option_line *line);
/* The option that a word (-x, -vx, --name, --na, --name=value) ends with. */
bool shell_find_option(const struct tool_help *tool_help, const char *word,
	struct option_line *line);
bool option_takes_value(const struct option_line *line);
/* The word has its value in it: --name=value, -xvalue. */
bool shell_option_has_value(const struct tool_help *tool_help, const char *word);
/* The operands of a command line, words[0] being the command. */
struct shell_operands {
	char **items; /* release with free(); the words are borrowed */
	size_t count;
	bool unused; /* an option is among them with which the tool reads no capture */
};
/* 0, or -1 when memory ran out. */
int shell_find_operands(const struct tool_help *tool_help, char **words, size_t count,
	struct shell_operands *operands);
/* Is the loaded capture to be appended to these words (words[0] is the command)? */
enum capture_use { CAPTURE_UNUSED, CAPTURE_GIVEN, CAPTURE_WANTED };
enum capture_use tool_help_capture_use(const struct tool_help *tool_help, char **words,
	size_t count);

/* The commands that are not programs: NULL for another name. */
typedef int shell_builtin(struct shell *shell, char **words, size_t count);
shell_builtin *shell_find_builtin(const char *name);
extern const char *const shell_builtins[]; /* their names, ended by NULL */
/* Loads a capture: exports it into the cache and learns which streams are in it. Status. */
int shell_load(struct shell *shell, const char *path, bool regen);
/* All names of commands, builtins included; a NULL-terminated list in `names`. 0 or -1 (memory, in
 * run->error). */
int shell_names(struct shell *shell, struct mptcp_argv *names);

/* Reads commands up to the end of a file (NULL or "-": standard input). Status of the first
 * failure. */
int shell_batch(struct shell *shell, const char *path, bool keep_going);
/* Reads commands from the terminal. */
int shell_interact(struct shell *shell);
/*
 * What may replace the word before the cursor, in the first `length` bytes of the line, as full
 * words without quotes, sorted. *start is where that word begins.
 */
int shell_complete(struct shell *shell, const char *line, size_t length, size_t *start,
	struct mptcp_argv *candidates);
/*
 * For another shell: what may replace the last of `words`, a command line that begins with mptcp or
 * mptcp-NAME. One "word" or "word TAB meaning" per candidate; "TAB files" or "TAB folders" stands
 * for all of those, which that shell finds itself.
 */
int shell_offer(struct shell *shell, char **words, size_t count, struct mptcp_argv *candidates);

#endif
