/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csv: rows of cells, RFC 4180, read and written.
 *
 * The reader pulls: mptcp_csv_next gives the cells of the next row as pointers into its buffer,
 * valid until the next call. Rows without a quote, the bulk, take a short path of our own; a row
 * with a quote goes through libcsv in strict mode. mptcp-csv(5) has the table of every input that
 * is not RFC 4180 and its treatment (LF and CRLF both end a row, a UTF-8 byte order mark is
 * skipped, a missing last line end is fine, empty lines are skipped (so the only cell of a row must
 * be written "" when it is empty), a NUL or a stray quote is an error, a row may have 16 MiB).
 * Errors are MPTCP_DATA and name the file and the line: "x.csv: line 7: ...".
 */
#ifndef MPTCP_CSV_H
#define MPTCP_CSV_H

#include "buffer.h"
#include "error.h"
#include "opened.h"
#include "text.h"

#include <stdbool.h>

struct mptcp_csv;

/*
 * Reads from a descriptor that it does not close; its start and its name are copied. The delimiter
 * is one character, usually ',': MPTCP_USAGE for one that cannot be (mptcp_csv_check_delimiter).
 */
struct mptcp_csv *mptcp_csv_open(const struct mptcp_opened *from, char delimiter,
	struct mptcp_error *error);
/* The cells of the next row. */
enum mptcp_result mptcp_csv_next(struct mptcp_csv *csv, const struct mptcp_text **cells,
	size_t *count, struct mptcp_error *error);
/* Whether mptcp_csv_next would find a line without waiting for input: for callers that poll the
 * descriptor. */
bool mptcp_csv_buffered(const struct mptcp_csv *csv);
/* The line of the file on which the current row starts, from 1. */
unsigned long long mptcp_csv_line(const struct mptcp_csv *csv);
/* What follows is the line `line` of the file: for a part of one that was written elsewhere. */
void mptcp_csv_set_line(struct mptcp_csv *csv, unsigned long long line);
void mptcp_csv_close(struct mptcp_csv *csv);

/* MPTCP_USAGE for a quote, a line end, NUL, or what is not ASCII. */
int mptcp_csv_check_delimiter(char delimiter, struct mptcp_error *error);

/* Appends one cell, quoted where RFC 4180 asks for it (delimiter, quote, CR, LF in it). Delimiters
 * and line ends are the caller's. */
int mptcp_csv_add_cell(struct mptcp_buffer *out, const char *bytes, size_t length, char delimiter);

#endif
