/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * opt_table: internal to opt: the options of a tool in one list, and the texts made from it.
 *
 * The functions that make texts append to `text` and return 0, or -1 when memory ran out.
 */
#ifndef MPTCP_OPT_TABLE_H
#define MPTCP_OPT_TABLE_H

#include "opt.h"

/* Letters of common options without a short form: far above those that tools choose for themselves.
 */
enum {
	MPTCP_LETTER_VERSION = 0x10000,
	MPTCP_LETTER_CHUNK,
	MPTCP_LETTER_TSHARK,
	MPTCP_LETTER_NO_CACHE,
	MPTCP_LETTER_REGEN,
	MPTCP_LETTER_KEEP_DUPLICATES,
	MPTCP_LETTER_DELIMITER,
	MPTCP_LETTER_PEER,
	MPTCP_LETTER_NO_HEADER,
	MPTCP_LETTER_COLUMNS,
	MPTCP_LETTER_SKIP,
	MPTCP_LETTER_TCP,
	MPTCP_LETTER_FROM,
	MPTCP_LETTER_TO,
	MPTCP_LETTER_ALLOW_EMPTY,
	MPTCP_LETTER_CALLER,
	MPTCP_LETTER_FORCE,
	MPTCP_LETTER_HEAD,
	MPTCP_LETTER_NO_PAGER,
	MPTCP_LETTER_SORT,
	MPTCP_LETTER_TIME,
	MPTCP_LETTER_FILES_FROM,
	MPTCP_LETTER_STATUS_FILE,
	MPTCP_LETTER_FAIL_FAST,
	MPTCP_LETTER_WITH_CAPTURE,
	MPTCP_LETTER_LABEL,
	MPTCP_LETTER_LABEL_FILE,
	MPTCP_LETTER_LABEL_OPTIONAL,
	MPTCP_LETTER_FILTER,
	MPTCP_LETTER_DURATION,
	MPTCP_LETTER_SCHEMA,
	MPTCP_LETTER_LIST,
	MPTCP_LETTER_OPERANDS
};

struct mptcp_opt_entry {
	struct mptcp_option option;
	const char *heading; /* under which --help lists it */
	bool own;            /* of the tool's table, not a common one */
};

struct mptcp_opt_entries {
	struct mptcp_opt_entry *items; /* owned; release with free() */
	size_t count;
};

/* The tool's own options, then the common ones of its groups; its own hide common ones of the same
 * name or letter. */
int mptcp_opt_entries(const struct mptcp_tool *tool, struct mptcp_opt_entries *entries,
	struct mptcp_error *error);

/* --help: usage, purpose, options in two columns, exit status; at most 80 columns wide. */
int mptcp_opt_text_help(const struct mptcp_tool *tool, const struct mptcp_opt_entries *entries,
	struct mptcp_buffer *text);
/* --version. */
int mptcp_opt_text_version(const struct mptcp_tool *tool, struct mptcp_buffer *text);
/* --list-options and --list-operands: see mptcp_opt_parse. */
int mptcp_opt_text_list(const struct mptcp_tool *tool, const struct mptcp_opt_entries *entries,
	struct mptcp_buffer *text);
int mptcp_opt_text_operands(const struct mptcp_tool *tool, struct mptcp_buffer *text);

/* A whole decimal number in [low, high]: no sign, no space, nothing after it. 0 or -1. */
int mptcp_opt_number(const char *text, unsigned long low, unsigned long high, uint32_t *number);
/* An option of MPTCP_GROUP_SELECTION or MPTCP_GROUP_TCP, by its letter. 0 or -1. */
int mptcp_opt_take_selection(struct mptcp_selection *selection, int letter, const char *name,
	const char *value, struct mptcp_error *error);
/* An option about what a table looks like, by its letter. 0 or -1; 1: it is none of them. */
int mptcp_opt_take_result(struct mptcp_settings *settings, int letter, const char *value,
	struct mptcp_error *error);
/* An option of MPTCP_GROUP_CAPTURES, by its letter: 1 where it is one, otherwise 0; -1 with
 * MPTCP_USAGE. */
int mptcp_opt_take_captures(struct mptcp_opt_captures *captures, int letter, const char *name,
	const char *value, struct mptcp_error *error);
/*
 * --columns LIST (NULL where it was not given), after all other options: which result the operands
 * ask for and which of its columns are shown, into settings->layout. Returns an mptcp_opt_result
 * (`help` makes a text) or -1.
 */
int mptcp_opt_take_columns(const struct mptcp_tool *tool, const char *list,
	struct mptcp_settings *settings, struct mptcp_buffer *text, struct mptcp_error *error);
/* The names of all columns after the words `first`, separated by spaces. 0, or -1 when memory ran
 * out. */
int mptcp_opt_text_words(const struct mptcp_tool *tool, const char *first,
	struct mptcp_buffer *text);
/* Options of MPTCP_GROUP_LIVE: whether a letter is one of them, and their values. 0 or -1. */
bool mptcp_opt_is_live(int letter);
int mptcp_opt_take_live(struct mptcp_input_options *input, int letter, const char *name,
	const char *value, struct mptcp_error *error);
/* After the last one: contradictions are MPTCP_USAGE. */
int mptcp_opt_check_selection(const struct mptcp_selection *selection, struct mptcp_error *error);

#endif
