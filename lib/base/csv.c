/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row without a quote is split in place, eight bytes at a time; a row with one is
 * handed to libcsv whole, with its trimming of spaces and its own idea of line ends switched off,
 * so that both ways give the same cells.
 */
#include "csv.h"

#include <csv.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK ((size_t)256 * 1024)
#define ROW_MAX ((size_t)16 * 1024 * 1024)
#define WORD \
	sizeof(uint64_t) /* split reads whole ones, so the last may go this far past the input */

struct mptcp_csv {
	int fd;
	char *name;
	char delimiter;
	bool at_end; /* of the input: what is buffered is all there is */
	bool started;
	struct mptcp_buffer input;
	size_t start;                 /* of the next row in input */
	unsigned long long line;      /* of the current row */
	unsigned long long next_line; /* of what is at start */
	struct mptcp_text *cells;
	size_t count, room;
	struct mptcp_buffer unquoted; /* the cells of a row that went through libcsv */
	bool no_memory;               /* in a callback, which cannot stop libcsv */
	struct csv_parser parser;
};

int mptcp_csv_check_delimiter(char delimiter, struct mptcp_error *error)
{
	if (delimiter == '"' || delimiter == '\n' || delimiter == '\r' || delimiter == '\0' ||
		(unsigned char)delimiter >= 0x80)
		return mptcp_error_set(error, MPTCP_USAGE,
			"delimiter: must be one character, not a quote or line end");
	return 0;
}

/* No byte is a space to be trimmed, or a line end: rows are cut before libcsv sees them. */
static int never(unsigned char byte)
{
	(void)byte;
	return 0;
}

struct mptcp_csv *mptcp_csv_open(const struct mptcp_opened *from, char delimiter,
	struct mptcp_error *error)
{
	if (mptcp_csv_check_delimiter(delimiter, error))
		return NULL;
	struct mptcp_csv *csv = calloc(1, sizeof(*csv));
	if (!csv) {
		mptcp_error_memory(error);
		return NULL;
	}
	csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_space_func(&csv->parser, never);
	csv_set_term_func(&csv->parser, never);
	csv_set_delim(&csv->parser, (unsigned char)delimiter);
	csv_set_blk_size(&csv->parser,
		64 * 1024); /* by which its buffer grows: 128 bytes unless set */
	csv->fd = from->fd;
	csv->delimiter = delimiter;
	csv->next_line = 1;
	csv->name = strdup(from->name);
	if (!csv->name || mptcp_buffer_reserve(&csv->input, BLOCK + WORD) ||
		mptcp_buffer_add(&csv->input, from->start, from->length) ||
		mptcp_buffer_reserve(&csv->input, WORD)) {
		mptcp_csv_close(csv);
		mptcp_error_memory(error);
		return NULL;
	}
	memset(csv->input.bytes + csv->input.length, 0, WORD);
	return csv;
}

void mptcp_csv_close(struct mptcp_csv *csv)
{
	if (!csv)
		return;
	csv_free(&csv->parser);
	mptcp_buffer_clear(&csv->input);
	mptcp_buffer_clear(&csv->unquoted);
	free(csv->cells);
	free(csv->name);
	free(csv);
}

unsigned long long mptcp_csv_line(const struct mptcp_csv *csv)
{
	return csv->line;
}

void mptcp_csv_set_line(struct mptcp_csv *csv, unsigned long long line)
{
	csv->next_line = line;
}

bool mptcp_csv_buffered(const struct mptcp_csv *csv)
{
	return csv->at_end ||
		memchr(csv->input.bytes + csv->start, '\n', csv->input.length - csv->start);
}

static int fail(const struct mptcp_csv *csv, unsigned long long line, const char *what,
	struct mptcp_error *error)
{
	return mptcp_error_set(error, MPTCP_DATA, "%s: line %llu: %s", csv->name, line, what);
}

/* Appends what one read gives; moves the row that has begun to the front of the buffer. Sets
 * at_end. */
static int fill(struct mptcp_csv *csv, struct mptcp_error *error)
{
	if (csv->input.length - csv->start > ROW_MAX)
		return fail(csv, csv->line, "the row is longer than 16 MiB", error);
	mptcp_buffer_consume(&csv->input, csv->start);
	csv->start = 0;
	if (mptcp_buffer_reserve(&csv->input, BLOCK + WORD))
		return mptcp_error_memory(error);
	ssize_t got;
	do
		got = read(csv->fd, csv->input.bytes + csv->input.length, BLOCK);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return mptcp_error_system(error, MPTCP_IO, "%s", csv->name);
	csv->at_end = got == 0;
	csv->input.length += (size_t)got;
	memset(csv->input.bytes + csv->input.length, 0, WORD);
	return 0;
}

/* A UTF-8 byte order mark, as spreadsheets put one. */
static int skip_mark(struct mptcp_csv *csv, struct mptcp_error *error)
{
	csv->started = true;
	while (csv->input.length < 3 && !csv->at_end)
		if (fill(csv, error))
			return -1;
	if (csv->input.length >= 3 && !memcmp(csv->input.bytes, "\xef\xbb\xbf", 3))
		csv->start = 3;
	return 0;
}

/*
 * The length of the line at `offset` from start, without its newline; *ended says whether it has
 * one. Reads on as needed: pointers into the buffer are invalid afterwards.
 */
static int find_line(struct mptcp_csv *csv, size_t offset, size_t *length, bool *ended,
	struct mptcp_error *error)
{
	size_t seen = offset;

	for (;;) {
		size_t there = csv->input.length - csv->start;
		const char *bytes = csv->input.bytes + csv->start;
		const char *end = there > seen ? memchr(bytes + seen, '\n', there - seen) : NULL;
		*ended = end != NULL;
		*length = (end ? (size_t)(end - bytes) : there) - offset;
		if (end || csv->at_end)
			return 0;
		seen = there;
		if (fill(csv, error))
			return -1;
	}
}

/* Makes room for `more` cells. */
static int reserve_cells(struct mptcp_csv *csv, size_t more)
{
	if (csv->room - csv->count >= more)
		return 0;
	size_t room = 2 * csv->room + more + 64;
	struct mptcp_text *cells = realloc(csv->cells, room * sizeof(*cells));
	if (!cells)
		return -1;
	csv->cells = cells;
	csv->room = room;
	return 0;
}

/* Bit 7 of each byte of `word` that is `pattern`'s byte, of no other (so no carry may leave a
 * byte). */
static uint64_t equal_bytes(uint64_t word, uint64_t pattern)
{
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t difference = word ^ pattern;

	return ~(((difference & low) + low) | difference | low);
}

/* A row without quotes. The last word may reach past its end, where the input has room for one. */
static int split(struct mptcp_csv *csv, const char *row, size_t length)
{
	const uint64_t pattern = UINT64_C(0x0101010101010101) * (unsigned char)csv->delimiter;
	const char *cell = row, *end = row + length;
	size_t count = 0;

	for (const char *at = row; at < end; at += WORD) {
		uint64_t word;
		memcpy(&word, at, WORD);
		uint64_t found = equal_bytes(le64toh(word), pattern);
		if ((size_t)(end - at) < WORD)
			found &= (UINT64_C(1) << 8 * (end - at)) - 1;
		csv->count = count;
		if (reserve_cells(csv, WORD + 1))
			return -1;
		struct mptcp_text *cells = csv->cells;
		for (; found; found &= found - 1) {
			const char *stop = at + __builtin_ctzll(found) / 8;
			cells[count++] = (struct mptcp_text){cell, (size_t)(stop - cell)};
			cell = stop + 1;
		}
	}
	csv->cells[count++] = (struct mptcp_text){cell, (size_t)(end - cell)};
	csv->count = count;
	return 0;
}

/* Called by libcsv at the end of a cell. Only lengths for now: the buffer may still move. */
static void take_cell(void *bytes, size_t length, void *context)
{
	struct mptcp_csv *csv = context;

	if (csv->no_memory || reserve_cells(csv, 1) ||
		mptcp_buffer_add(&csv->unquoted, bytes, length)) {
		csv->no_memory = true;
		return;
	}
	csv->cells[csv->count++] = (struct mptcp_text){NULL, length};
}

static size_t count_quotes(const char *bytes, size_t length)
{
	const char *end = bytes + length;
	size_t quotes = 0;

	while ((bytes = memchr(bytes, '"', (size_t)(end - bytes))) != NULL) {
		quotes++;
		bytes++;
	}
	return quotes;
}

static size_t without_cr(const char *bytes, size_t length)
{
	return length && bytes[length - 1] == '\r' ? length - 1 : length;
}

static int parser_failed(struct mptcp_csv *csv, unsigned long long line, struct mptcp_error *error)
{
	int reason = csv_error(&csv->parser);

	if (reason == CSV_ENOMEM || reason == CSV_ETOOBIG)
		return mptcp_error_memory(error);
	return fail(csv, line,
		"stray quote (a cell with a quote must be quoted, its quotes doubled)", error);
}

/*
 * A row with quotes goes to libcsv line by line, so that a stray quote is reported where it is,
 * before the whole file is searched for the quote that would match it. A line end while quotes are
 * open belongs to the cell. *taken and *ended come in for the first line and go out for the whole
 * row.
 */
static int parse_quoted(struct mptcp_csv *csv, size_t *taken, bool *ended,
	struct mptcp_error *error)
{
	size_t offset = 0, length = *taken;
	bool open = false;

	for (;;) {
		const char *line = csv->input.bytes + csv->start + offset;
		if (memchr(line, '\0', length))
			return fail(csv, csv->next_line, "a NUL byte", error);
		open ^= count_quotes(line, length) & 1;
		size_t feed = open ? length + *ended : without_cr(line, length);
		if (csv_parse(&csv->parser, line, feed, take_cell, NULL, csv) != feed)
			return parser_failed(csv, csv->next_line, error);
		offset += length;
		if (!open)
			break;
		if (!*ended)
			return fail(csv, csv->line, "unterminated quoted cell", error);
		offset++;
		csv->next_line++;
		if (find_line(csv, offset, &length, ended, error))
			return -1;
	}
	if (csv_fini(&csv->parser, take_cell, NULL, csv))
		return parser_failed(csv, csv->next_line, error);
	if (csv->no_memory)
		return mptcp_error_memory(error);
	const char *bytes = csv->unquoted.bytes;
	for (size_t i = 0; i < csv->count; bytes += csv->cells[i++].length)
		csv->cells[i].bytes = bytes;
	*taken = offset;
	return 0;
}

enum mptcp_result mptcp_csv_next(struct mptcp_csv *csv, const struct mptcp_text **cells,
	size_t *count, struct mptcp_error *error)
{
	size_t length, content;
	bool ended;

	if (!csv->started && skip_mark(csv, error))
		return MPTCP_FAILED;
	do { /* skips empty lines */
		csv->line = csv->next_line;
		if (find_line(csv, 0, &length, &ended, error))
			return MPTCP_FAILED;
		if (!ended && length == 0)
			return MPTCP_END;
		content = without_cr(csv->input.bytes + csv->start, length);
		if (content == 0) {
			csv->start += length + ended;
			csv->next_line++;
		}
	} while (content == 0);

	const char *row = csv->input.bytes + csv->start;
	csv->count = 0;
	if (memchr(row, '"', content)) {
		mptcp_buffer_reset(&csv->unquoted);
		if (parse_quoted(csv, &length, &ended, error))
			return MPTCP_FAILED;
	} else if (memchr(row, '\0', content)) {
		return fail(csv, csv->line, "a NUL byte", error);
	} else if (split(csv, row, content)) {
		return mptcp_error_memory(error);
	}
	csv->start += length + ended;
	csv->next_line++;
	*cells = csv->cells;
	*count = csv->count;
	return MPTCP_ROW;
}

int mptcp_csv_add_cell(struct mptcp_buffer *out, const char *bytes, size_t length, char delimiter)
{
	size_t i = 0;

	while (i < length && bytes[i] != delimiter && bytes[i] != '"' && bytes[i] != '\r' &&
		bytes[i] != '\n')
		i++;
	if (i == length)
		return mptcp_buffer_add(out, bytes, length);
	mptcp_buffer_add_char(out, '"');
	for (const char *end = bytes + length; bytes < end;) {
		const char *quote = memchr(bytes, '"', (size_t)(end - bytes));
		const char *stop = quote ? quote + 1 : end;
		mptcp_buffer_add(out, bytes, (size_t)(stop - bytes));
		if (quote)
			mptcp_buffer_add_char(out, '"');
		bytes = stop;
	}
	return mptcp_buffer_add_char(out, '"');
}
