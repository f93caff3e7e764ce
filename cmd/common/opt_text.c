/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opt_text: the texts made from a tool's table of options: --help, --version, --columns help,
 * --list-options, --list-operands. */
#include "opt_table.h"

#include <string.h>

#ifndef MPTCP_VERSION
#define MPTCP_VERSION "unversioned"
#endif

#define WIDTH 80      /* of --help */
#define LEFT_WIDTH 28 /* of its left column; a longer option puts its meaning on the next line */

static void add_spaces(struct mptcp_buffer *text, size_t count)
{
	while (count--)
		mptcp_buffer_add_char(text, ' ');
}

/* Fills lines up to WIDTH with words, the first from column `at`, the following ones indented by
 * `indent`. */
static void add_wrapped(struct mptcp_buffer *text, const char *words, size_t at, size_t indent)
{
	bool first = true;

	while (*words) {
		size_t length = strcspn(words, " ");

		if (!first && at + 1 + length > WIDTH) {
			mptcp_buffer_add_char(text, '\n');
			add_spaces(text, indent);
			at = indent;
		} else if (!first) {
			mptcp_buffer_add_char(text, ' ');
			at++;
		}
		mptcp_buffer_add(text, words, length);
		at += length;
		words += length;
		words += strspn(words, " ");
		first = false;
	}
	mptcp_buffer_add_char(text, '\n');
}

/* "  -o, --output FILE       write the result ..." */
static void add_option(struct mptcp_buffer *text, const struct mptcp_option *option)
{
	size_t start = text->length;

	if (option->letter < MPTCP_OPT_LONG)
		mptcp_buffer_format(text, "  -%c, --%s", option->letter, option->name);
	else
		mptcp_buffer_format(text, "      --%s", option->name);
	if (option->argument)
		mptcp_buffer_format(text, " %s", option->argument);
	size_t at = text->length - start;
	if (at + 2 > LEFT_WIDTH) {
		mptcp_buffer_add_char(text, '\n');
		at = 0;
	}
	add_spaces(text, LEFT_WIDTH - at);
	add_wrapped(text, option->meaning, LEFT_WIDTH, LEFT_WIDTH);
}

static void add_status(struct mptcp_buffer *text, const char *one)
{
	static const char heading[] = "exit status: ";
	struct mptcp_buffer words = MPTCP_BUFFER_INIT;

	mptcp_buffer_format(&words,
		"0 done, 1 %s, 2 usage, 3 bad input data, 4 a program missing or failed, "
		"5 input/output error",
		one);
	mptcp_buffer_format(text, "\n%s", heading);
	add_wrapped(text, words.bytes, strlen(heading), strlen(heading));
	text->failed |= words.failed;
	mptcp_buffer_clear(&words);
}

int mptcp_opt_text_help(const struct mptcp_tool *tool, const struct mptcp_opt_entries *entries,
	struct mptcp_buffer *text)
{
	const char *heading = "";

	mptcp_buffer_format(text, "usage: %s [OPTION]...%s%s\n", tool->name,
		*tool->operands ? " " : "", tool->operands);
	add_wrapped(text, tool->purpose, 0, 0);
	for (size_t i = 0; i < entries->count; i++) {
		if (strcmp(heading, entries->items[i].heading)) {
			heading = entries->items[i].heading;
			mptcp_buffer_format(text, "\n%s:\n", heading);
		}
		add_option(text, &entries->items[i].option);
	}
	add_status(text, tool->status_one ? tool->status_one : "nothing found");
	return mptcp_buffer_format(text, "The manual: man %s\n", tool->name);
}

int mptcp_opt_text_version(const struct mptcp_tool *tool, struct mptcp_buffer *text)
{
	return mptcp_buffer_format(text, "%s %s\n", tool->name, MPTCP_VERSION);
}

static const char *completion_name(enum mptcp_completion completion)
{
	static const char *const names[] = {
		[MPTCP_COMPLETE_NONE] = "none",
		[MPTCP_COMPLETE_FILE] = "file",
		[MPTCP_COMPLETE_FOLDER] = "folder",
		[MPTCP_COMPLETE_PROGRAM] = "program",
		[MPTCP_COMPLETE_ROLE] = "role",
		[MPTCP_COMPLETE_FORMAT] = "format",
		[MPTCP_COMPLETE_COLUMN] = "column",
		[MPTCP_COMPLETE_MPTCP_STREAM] = "mptcpstream",
		[MPTCP_COMPLETE_TCP_STREAM] = "tcpstream",
		[MPTCP_COMPLETE_INTERFACE] = "interface",
		[MPTCP_COMPLETE_SERIES] = "series",
		[MPTCP_COMPLETE_PLOT] = "plot",
		[MPTCP_COMPLETE_LIST] = "list",
		[MPTCP_COMPLETE_WORDS] = "words",
	};

	return names[completion];
}

static void add_words(struct mptcp_buffer *text, const struct mptcp_tool *tool,
	const struct mptcp_option *option)
{
	if (option->words)
		mptcp_buffer_add_string(text, option->words);
	else if (option->completion == MPTCP_COMPLETE_LIST)
		mptcp_opt_text_words(tool, "all help", text);
	else if (option->completion == MPTCP_COMPLETE_WORDS)
		mptcp_opt_text_words(tool, "", text);
	else
		mptcp_buffer_add_char(text, '-');
}

/* A shell that splits at tabs would merge empty cells: they are "-". */
int mptcp_opt_text_list(const struct mptcp_tool *tool, const struct mptcp_opt_entries *entries,
	struct mptcp_buffer *text)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct mptcp_option *option = &entries->items[i].option;

		mptcp_buffer_add_char(text,
			option->letter < MPTCP_OPT_LONG ? (char)option->letter : '-');
		mptcp_buffer_format(text, "\t%s\t%s\t%s\t", option->name,
			option->argument ? option->argument : "-",
			completion_name(option->completion));
		add_words(text, tool, option);
		mptcp_buffer_format(text, "\t%s\n", option->meaning);
	}
	return text->failed ? -1 : 0;
}

int mptcp_opt_text_operands(const struct mptcp_tool *tool, struct mptcp_buffer *text)
{
	return mptcp_buffer_format(text, "%s\n%s\n", tool->operands, tool->purpose);
}
