/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell_words.h"

#include <stdlib.h>
#include <string.h>
#include <wordexp.h>

/* In double quotes a backslash quotes only these; before others it is itself. */
#define ESCAPED_IN_QUOTES "$`\"\\\n"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* `>` after a word of digits belongs to it: the digits are the number of a descriptor. */
static size_t operator_start(const char *line, size_t at, const struct shell_words_end *end)
{
	size_t digits = end->word < at ? strspn(line + end->word, "0123456789") : 0;

	if ((line[at] == '<' || line[at] == '>') && digits && end->word + digits == at)
		return end->word;
	return at;
}

/* Takes over one character of a word. True if it belongs to one. */
static bool take(struct shell_words_end *end, const char *line, size_t at, size_t length)
{
	char c = line[at];

	if (end->escape) {
		end->escape = false;
	} else if (end->quote == '\'') {
		if (c == '\'')
			end->quote = 0;
	} else if (c == '\\') {
		/* at the very end what it quotes is still to come */
		end->escape =
			!end->quote || at + 1 == length || strchr(ESCAPED_IN_QUOTES, line[at + 1]);
	} else if (end->quote) {
		if (c == '"')
			end->quote = 0;
	} else if (c == '\'' || c == '"') {
		end->quote = c;
	} else {
		return !is_blank(c);
	}
	return true;
}

void shell_words_look(const char *line, size_t length, struct shell_words_end *end)
{
	bool inside = false;

	*end = (struct shell_words_end){.command = length, .word = length};
	for (size_t at = 0; at < length; at++) {
		bool plain = !end->escape && !end->quote;

		if (plain && strchr("|&;<>\n", line[at])) {
			end->has_operator = true;
			end->command = operator_start(line, at, end);
			return;
		}
		if (plain && !inside && line[at] == '#') {
			end->comment = true;
			end->command = at;
			return;
		}
		bool belongs = take(end, line, at, length);
		if (belongs && !inside)
			end->word = at;
		if (!belongs && inside)
			end->index++;
		if (!belongs)
			end->word = length;
		inside = belongs;
	}
}

static int refuse(int reason, struct mptcp_error *error)
{
	switch (reason) {
	case WRDE_NOSPACE:
		return mptcp_error_memory(error);
	case WRDE_CMDSUB:
		return mptcp_error_set(error, MPTCP_USAGE,
			"commands inside a word are not run: use single quotes to take it literally");
	case WRDE_BADCHAR:
		return mptcp_error_set(error, MPTCP_USAGE, "( ) { } must be quoted");
	default:
		return mptcp_error_set(error, MPTCP_USAGE, "unterminated quote");
	}
}

/*
 * What is expanded: the first `length` bytes without the empty quotes that are part of a longer
 * word: the wordexp of glibc makes a word of its own of them.
 */
static char *text_to_expand(const char *line, size_t length)
{
	struct shell_words_end state = {0};
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	size_t start = strspn(line, " \t");
	/* the command `?` is no pattern for files whose names have one letter */
	bool asks = start < length && line[start] == '?' &&
		(start + 1 == length || is_blank(line[start + 1]));
	bool inside = false;

	for (size_t at = 0; at < length; at++) {
		char c = line[at];
		bool pair = !state.quote && !state.escape && (c == '\'' || c == '"') &&
			at + 1 < length && line[at + 1] == c;

		if (pair && (inside || (at + 2 < length && !strchr(" \t", line[at + 2])))) {
			at++;
			continue;
		}
		inside = take(&state, line, at, length);
		if (asks && at == start)
			mptcp_buffer_add_char(&text, '\\');
		mptcp_buffer_add_char(&text, c);
	}
	return mptcp_buffer_take(&text);
}

int shell_words_split(struct shell_words *words, const char *line, struct mptcp_error *error)
{
	struct shell_words_end end;
	wordexp_t expanded = {0};

	*words = (struct shell_words){0};
	shell_words_look(line, strlen(line), &end);
	if (end.quote || end.escape)
		return mptcp_error_set(error, MPTCP_USAGE, "unterminated quote");
	words->rest = end.has_operator ? line + end.command : "";
	char *command = text_to_expand(line, end.command);
	if (!command)
		return mptcp_error_memory(error);
	int reason = wordexp(command, &expanded, WRDE_NOCMD);
	free(command);
	if (reason && reason != WRDE_NOSPACE)
		return refuse(reason, error);
	for (size_t i = 0; !reason && i < expanded.we_wordc; i++)
		mptcp_argv_add(&words->argv, expanded.we_wordv[i]);
	wordfree(&expanded);
	if (!reason && !words->argv.failed)
		return 0;
	shell_words_clear(words);
	return mptcp_error_memory(error);
}

void shell_words_clear(struct shell_words *words)
{
	mptcp_argv_clear(&words->argv);
	*words = (struct shell_words){0};
}

int shell_words_unquote(struct mptcp_buffer *text, const char *word, size_t length)
{
	struct shell_words_end state = {0};

	for (size_t at = 0; at < length; at++) {
		struct shell_words_end before = state;

		take(&state, word, at, length);
		if (state.quote != before.quote || state.escape)
			continue; /* a quote, or the backslash before what it quotes */
		mptcp_buffer_add_char(text, word[at]);
	}
	return text->failed ? -1 : 0;
}
