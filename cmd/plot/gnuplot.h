/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gnuplot: running gnuplot, and the one way for a text to get into one of its programs.
 *
 * Whatever comes from a capture, a file name or the command line reaches gnuplot as a number that
 * we print, as a string of mptcp_gnuplot_quote, or, for styles and terminals that a user writes in
 * gnuplot's own words, after mptcp_gnuplot_check_words. Nothing of it can become a command.
 */
#ifndef MPTCP_GNUPLOT_H
#define MPTCP_GNUPLOT_H

#include "buffer.h"
#include "error.h"
#include "log.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Appends the text as an expression of strings in single quotes, in which gnuplot neither
 * substitutes (backquotes, $(), @macros) nor escapes. Control characters become spaces, bytes that
 * are not UTF-8 become '?', so that no line ends inside and every picture is well-formed.
 */
int mptcp_gnuplot_quote(struct mptcp_buffer *script, const char *text, size_t length);
/*
 * Whether `words` can stand in a command as they are: letters, digits, blanks and . # ' " + - _
 * only, with quotes in pairs, and commas where `comma` says so. MPTCP_USAGE "what: ..." if not.
 */
int mptcp_gnuplot_check_words(const char *what, const char *words, bool comma,
	struct mptcp_error *error);
/*
 * Runs a program of gnuplot's language; what it writes on standard output goes to the descriptor
 * `out` (-1: nowhere). `log` (or NULL) is told the call. No start-up file of the user's is read.
 * MPTCP_PROGRAM with gnuplot's own message if it is missing or fails.
 */
int mptcp_gnuplot_run(const char *gnuplot, const struct mptcp_buffer *script, int out,
	const struct mptcp_log *log, struct mptcp_error *error);

#endif
