/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * escape: any bytes as text that a terminal and a JSON parser accept: the one place that says what
 * a terminal must not get from a capture, a file name or another program.
 *
 * That is: control characters (C0, DEL, C1, as bytes or as UTF-8), the ends of lines and
 * paragraphs, the marks and overrides that turn the direction of text, and what is not UTF-8.
 */
#ifndef MPTCP_ESCAPE_H
#define MPTCP_ESCAPE_H

#include "buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends text for a terminal, a '?' for each character that it must not get, and returns its width
 * in characters. */
size_t mptcp_escape_shown(struct mptcp_buffer *to, const char *text, size_t length);
/* The same for a string where it is. */
void mptcp_escape_line(char *text);
/* Appends a word as sh reads it: in quotes where it has to be. */
int mptcp_escape_word(struct mptcp_buffer *out, const char *word);
/* Appends text as a JSON string with its quotes; U+FFFD for what is not UTF-8. */
void mptcp_escape_json(struct mptcp_buffer *to, const char *text, size_t length);
/* Whether text is a JSON number: -?(0|[1-9][0-9]*)(.[0-9]+)?, all that the filters write of RFC
 * 8259 section 6. */
bool mptcp_escape_is_json_number(const char *text, size_t length);

#endif
