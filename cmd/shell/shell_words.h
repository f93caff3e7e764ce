/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell_words: a command line as sh reads it: quotes, backslashes, comments, and where the part
 * begins that is for sh itself (pipes, redirections).
 *
 * For the shell of mptcp(1) and its batch files. Only the words of the first command are of
 * interest here; from the first operator on the text is sh's.
 */
#ifndef MPTCP_SHELL_WORDS_H
#define MPTCP_SHELL_WORDS_H

#include "argv.h"
#include "buffer.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>

/* How far a line (or its part before the cursor) got. */
struct shell_words_end {
	size_t command;    /* where the first operator or comment begins, or the length */
	size_t word;       /* where the last word begins; the length where none is begun */
	size_t index;      /* its number, from 0, among those before the operator */
	char quote;        /* the quote that is open at the end: ' or ", 0 for none */
	bool escape;       /* the line ends with a backslash that quotes what is to come */
	bool has_operator; /* there is an operator before the end */
	bool comment;      /* `command` is where a comment begins */
};

/* Looks at the first `length` bytes. */
void shell_words_look(const char *line, size_t length, struct shell_words_end *end);

/*
 * The words before the first operator, with quotes, ~, variables and file name patterns replaced as
 * sh does it (wordexp(3)), but no command run. MPTCP_USAGE for a quote that is open and for what is
 * not allowed unquoted.
 */
struct shell_words {
	struct mptcp_argv argv;
	const char *rest; /* of the line: the operator and all after it; "" for none. Borrowed. */
};
int shell_words_split(struct shell_words *words, const char *line, struct mptcp_error *error);
void shell_words_clear(struct shell_words *words);

/* Appends the `length` bytes of a word, which may be incomplete, without its quotes. */
int shell_words_unquote(struct mptcp_buffer *text, const char *word, size_t length);

#endif
