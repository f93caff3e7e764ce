/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * candidates: the words that may stand where the cursor is, by kind: files, columns, streams of the
 * loaded capture, names of plots. complete.c decides which kinds fit. Internal to cmd/shell.
 */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include "shell.h"

/* A list of candidates being made. Strings are borrowed. */
struct candidates {
	struct shell *shell;
	struct mptcp_argv *list;
	const char *typed; /* the word so far, unquoted */
	const char *keep;  /* what precedes `part` in the word: "--format=", "dsn," */
	const char *part;  /* what is to be completed */
	/* another shell asks: a word may have its meaning after a tab, and that shell finds files
	 * itself: "\tfiles" or "\tfolders" stands for them */
	bool elsewhere;
};

/* A word, if it begins as the part does. `meaning` may be NULL. */
void candidates_word(const struct candidates *to, const struct mptcp_text *word,
	const struct mptcp_text *meaning);
void candidates_string(const struct candidates *to, const char *word);
/* Words with one character between them. */
void candidates_words(const struct candidates *to, const char *words, size_t length, char between);
/* The same for the last word of a list with commas; those before it are kept. */
void candidates_list(struct candidates to, const char *words, size_t length);
/* Columns of packets, as such a list. */
void candidates_columns(struct candidates to);
void candidates_files(const struct candidates *to, bool folders_only);
void candidates_interfaces(const struct candidates *to);
/* All commands: tools, plugins, and what mptcp does itself. */
void candidates_commands(const struct candidates *to);
/* Numbers of the loaded capture: of its connections, or of its TCP connections. */
enum candidates_stream { CANDIDATES_MPTCP, CANDIDATES_TCP };
void candidates_streams(const struct candidates *to, enum candidates_stream which);
void candidates_series(const struct candidates *to);
/* Whether a series, or a plot by the series that it draws, has columns as operands. */
void candidates_plots(const struct candidates *to);
bool candidates_takes_columns(const struct candidates *to, const char *tool, const char *name);
/*
 * What a plugin says of itself: `mptcp-NAME --complete WORD...`, the last word being the one at the
 * cursor. False where it does not answer: one without the text --complete in its file is not run at
 * all.
 */
bool candidates_plugin(const struct candidates *to, const char *path, char **words, size_t count);

#endif
