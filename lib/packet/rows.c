/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a value is written and read is packet.c's, what a cell is csv.c's: here
 * they meet. */
#include "rows.h"

#include "names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Which cell of a row is which: a column to convert, or an extra one. */
struct place {
	size_t cell;
	enum mptcp_column_id id; /* MPTCP_COLUMNS: the next extra */
};

struct mptcp_rows_reader {
	struct mptcp_csv *csv;
	char *name;
	size_t cells;         /* in the header, and so in every row */
	struct place *places; /* those that are converted or carried, left to right */
	size_t place_count;
	struct mptcp_header header;
	char **names; /* of all cells */
	const char **extra_names;
	struct mptcp_text *extra;
};

size_t mptcp_header_extra(const struct mptcp_header *header, const char *name)
{
	for (size_t i = 0; i < header->extras; i++)
		if (!strcmp(header->extra[i], name))
			return i + 1;
	return 0;
}

void mptcp_header_default(struct mptcp_header *header)
{
	*header = (struct mptcp_header){.count = MPTCP_COLUMNS};
	for (int id = 0; id < MPTCP_COLUMNS; id++)
		header->columns[id] = (enum mptcp_column_id)id;
}

int mptcp_header_parse(struct mptcp_header *header, const char *list, struct mptcp_error *error)
{
	size_t all = MPTCP_COLUMNS + header->extras;
	const char **names = calloc(all, sizeof(*names));
	size_t *chosen = calloc(all, sizeof(*chosen));
	int count = -1;

	for (size_t i = 0; names && i < all; i++)
		names[i] = i < MPTCP_COLUMNS ? mptcp_columns[i].name
					     : header->extra[i - MPTCP_COLUMNS];
	if (names && chosen)
		count = mptcp_names_choose(&(struct mptcp_names){names, all}, list, chosen, error);
	else
		mptcp_error_memory(error);
	header->count = 0;
	for (int i = 0; i < count; i++)
		if (chosen[i] < MPTCP_COLUMNS)
			header->columns[header->count++] = (enum mptcp_column_id)chosen[i];
	free(names);
	free(chosen);
	return count < 0 ? -1 : 0;
}

/* Writer */

/* A row whose only cell is empty would be an empty line, which readers skip. */
static void put_lone_cell(struct mptcp_rows_writer *writer)
{
	if (writer->line.length == 0 && writer->header.count + writer->header.extras == 1)
		mptcp_buffer_add_string(&writer->line, "\"\"");
}

static int end_line(struct mptcp_rows_writer *writer, struct mptcp_error *error)
{
	put_lone_cell(writer);
	if (mptcp_buffer_add_char(&writer->line, '\n'))
		return mptcp_error_memory(error);
	mptcp_output_write(writer->output, writer->line.bytes, writer->line.length);
	return 0;
}

int mptcp_rows_writer_init(struct mptcp_rows_writer *writer, struct mptcp_output *output,
	const struct mptcp_header *header, char delimiter, struct mptcp_error *error)
{
	const char *name;

	*writer = (struct mptcp_rows_writer){.output = output,
		.header = *header,
		.delimiter = delimiter};
	if (mptcp_csv_check_delimiter(delimiter, error))
		return -1;
	if (header->hidden)
		return 0;
	for (size_t i = 0; i < header->count + header->extras; i++) {
		if (i)
			mptcp_buffer_add_char(&writer->line, delimiter);
		name = i < header->count ? mptcp_columns[header->columns[i]].name
					 : header->extra[i - header->count];
		mptcp_csv_add_cell(&writer->line, name, strlen(name), delimiter);
	}
	return end_line(writer, error);
}

/* Whether a value that is not text could have this character in it, and must be looked at before it
 * goes out unquoted. */
static bool in_numbers(char delimiter)
{
	return isalnum((unsigned char)delimiter) || strchr("-.:", delimiter);
}

static void put_text(struct mptcp_rows_writer *writer, const struct mptcp_packet *packet,
	enum mptcp_column_id id)
{
	char value[MPTCP_VALUE_TEXT];
	struct mptcp_text text;

	if (mptcp_columns[id].type == MPTCP_TYPE_TEXT)
		memcpy(&text, (const char *)packet + mptcp_columns[id].offset, sizeof(text));
	else
		text = (struct mptcp_text){value, mptcp_packet_value(value, packet, id)};
	mptcp_csv_add_cell(&writer->line, text.bytes, text.length, writer->delimiter);
}

int mptcp_rows_write(struct mptcp_rows_writer *writer, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	const struct mptcp_header *header = &writer->header;
	struct mptcp_buffer *line = &writer->line;
	bool careful = in_numbers(writer->delimiter);
	/* Room for all that is not text, so that the loop need not check; texts make more for
	 * themselves and what comes after. */
	const size_t room = (MPTCP_VALUE_TEXT + 1) * MPTCP_COLUMNS;

	mptcp_buffer_reset(line);
	if (mptcp_buffer_reserve(line, room))
		return mptcp_error_memory(error);
	for (size_t i = 0; i < header->count; i++) {
		enum mptcp_column_id id = header->columns[i];
		enum mptcp_column_type type = mptcp_columns[id].type;
		if (i)
			line->bytes[line->length++] = writer->delimiter;
		if (!mptcp_packet_has(packet, id))
			continue;
		if (type != MPTCP_TYPE_TEXT && type != MPTCP_TYPE_SUBTYPES && !careful) {
			line->length += mptcp_packet_value(line->bytes + line->length, packet, id);
			continue;
		}
		put_text(writer, packet, id);
		if (mptcp_buffer_reserve(line, room))
			return mptcp_error_memory(error);
	}
	for (size_t i = 0; i < header->extras; i++) {
		if (header->count || i)
			mptcp_buffer_add_char(line, writer->delimiter);
		if (i < packet->extras)
			mptcp_csv_add_cell(line, packet->extra[i].bytes, packet->extra[i].length,
				writer->delimiter);
	}
	return end_line(writer, error);
}

void mptcp_rows_writer_clear(struct mptcp_rows_writer *writer)
{
	mptcp_buffer_clear(&writer->line);
}

/* Reader */

static int check_needed(const struct mptcp_rows_reader *reader, const struct mptcp_text *cells,
	uint64_t needed, struct mptcp_error *error)
{
	for (size_t i = 0; i < reader->cells; i++) {
		int id = mptcp_column_find(cells[i].bytes, cells[i].length);
		if (id >= 0)
			needed &= ~MPTCP_BIT(id);
	}
	for (int id = 0; id < MPTCP_COLUMNS; id++)
		if (needed & MPTCP_BIT(id))
			return mptcp_error_set(error, MPTCP_DATA,
				"%s: no column '%s' (is this the output of mptcp-export?)",
				reader->name, mptcp_columns[id].name);
	return 0;
}

static int compare_cells(const void *a, const void *b)
{
	const struct mptcp_text *left = a, *right = b;

	if (left->length != right->length)
		return left->length < right->length ? -1 : 1;
	return memcmp(left->bytes, right->bytes, left->length);
}

/* Sorted, so that a header of a million cells, which no good file has, does not take quadratic
 * time. */
static int check_unique(const struct mptcp_rows_reader *reader, const struct mptcp_text *cells,
	struct mptcp_error *error)
{
	struct mptcp_text *sorted = malloc(reader->cells * sizeof(*sorted));
	int result = 0;

	if (!sorted)
		return mptcp_error_memory(error);
	memcpy(sorted, cells, reader->cells * sizeof(*sorted));
	qsort(sorted, reader->cells, sizeof(*sorted), compare_cells);
	for (size_t i = 1; i < reader->cells && !result; i++)
		if (!compare_cells(&sorted[i - 1], &sorted[i]))
			result = mptcp_error_set(error, MPTCP_DATA,
				"%s: line %llu: column '%.*s' appears twice", reader->name,
				mptcp_csv_line(reader->csv),
				(int)(sorted[i].length < 80 ? sorted[i].length : 80),
				sorted[i].bytes);
	free(sorted);
	return result;
}

static int place_cells(struct mptcp_rows_reader *reader, const struct mptcp_text *cells,
	uint64_t wanted)
{
	struct mptcp_header *header = &reader->header;

	reader->places = calloc(reader->cells, sizeof(*reader->places));
	reader->extra = calloc(reader->cells, sizeof(*reader->extra));
	reader->names = calloc(reader->cells, sizeof(*reader->names));
	reader->extra_names = calloc(reader->cells, sizeof(*reader->extra_names));
	if (!reader->places || !reader->extra || !reader->names || !reader->extra_names)
		return -1;
	header->extra = reader->extra_names;
	for (size_t i = 0; i < reader->cells; i++) {
		int id = mptcp_column_find(cells[i].bytes, cells[i].length);
		reader->names[i] = strndup(cells[i].bytes, cells[i].length);
		if (!reader->names[i])
			return -1;
		if (id < 0) {
			reader->extra_names[header->extras++] = reader->names[i];
			reader->places[reader->place_count++] = (struct place){i, MPTCP_COLUMNS};
			continue;
		}
		header->columns[header->count++] = (enum mptcp_column_id)id;
		if (wanted & MPTCP_BIT(id))
			reader->places[reader->place_count++] =
				(struct place){i, (enum mptcp_column_id)id};
	}
	return 0;
}

static int read_header(struct mptcp_rows_reader *reader, uint64_t needed, uint64_t wanted,
	struct mptcp_error *error)
{
	const struct mptcp_text *cells;

	enum mptcp_result got = mptcp_csv_next(reader->csv, &cells, &reader->cells, error);
	if (got == MPTCP_FAILED)
		return -1;
	if (got == MPTCP_END)
		return mptcp_error_set(error, MPTCP_DATA, "%s: empty: no header line",
			reader->name);
	if (check_needed(reader, cells, needed, error) || check_unique(reader, cells, error))
		return -1;
	return place_cells(reader, cells, wanted) ? mptcp_error_memory(error) : 0;
}

struct mptcp_rows_reader *mptcp_rows_open(struct mptcp_csv *csv, const char *name, uint64_t needed,
	uint64_t wanted, struct mptcp_error *error)
{
	struct mptcp_rows_reader *reader = calloc(1, sizeof(*reader));

	if (!reader) {
		mptcp_csv_close(csv);
		mptcp_error_memory(error);
		return NULL;
	}
	reader->csv = csv;
	reader->name = strdup(name);
	if (!reader->name)
		mptcp_error_memory(error);
	if (!reader->name || read_header(reader, needed, needed | wanted, error)) {
		mptcp_rows_close(reader);
		return NULL;
	}
	return reader;
}

static int bad_value(const struct mptcp_rows_reader *reader, enum mptcp_column_id id,
	const struct mptcp_text *cell, struct mptcp_error *error)
{
	return mptcp_error_set(error, MPTCP_DATA,
		"%s: line %llu: invalid value '%.*s' for column '%s'", reader->name,
		mptcp_csv_line(reader->csv), (int)(cell->length < 80 ? cell->length : 80),
		cell->bytes, mptcp_columns[id].name);
}

enum mptcp_result mptcp_rows_next_cells(struct mptcp_rows_reader *reader,
	const struct mptcp_text **cells, struct mptcp_error *error)
{
	size_t count;

	enum mptcp_result got = mptcp_csv_next(reader->csv, cells, &count, error);
	if (got == MPTCP_ROW && count != reader->cells)
		return mptcp_error_set(error, MPTCP_DATA,
			"%s: line %llu: row has %zu cells, expected %zu", reader->name,
			mptcp_csv_line(reader->csv), count, reader->cells);
	return got;
}

const char *const *mptcp_rows_names(const struct mptcp_rows_reader *reader, size_t *count)
{
	*count = reader->cells;
	return (const char *const *)reader->names;
}

void mptcp_rows_set_line(struct mptcp_rows_reader *reader, unsigned long long line)
{
	mptcp_csv_set_line(reader->csv, line);
}

enum mptcp_result mptcp_rows_next(struct mptcp_rows_reader *reader, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	const struct mptcp_text *cells;
	size_t extras = 0;

	enum mptcp_result got = mptcp_rows_next_cells(reader, &cells, error);
	if (got != MPTCP_ROW)
		return got;
	*packet = (struct mptcp_packet){0};
	for (size_t i = 0; i < reader->place_count; i++) {
		const struct mptcp_text *cell = &cells[reader->places[i].cell];
		enum mptcp_column_id id = reader->places[i].id;
		if (id == MPTCP_COLUMNS)
			reader->extra[extras++] = *cell;
		else if (cell->length && mptcp_packet_parse(packet, id, cell->bytes, cell->length))
			return bad_value(reader, id, cell, error);
	}
	packet->extra = reader->extra;
	packet->extras = extras;
	return MPTCP_ROW;
}

unsigned long long mptcp_rows_line(const struct mptcp_rows_reader *reader)
{
	return mptcp_csv_line(reader->csv);
}

const struct mptcp_header *mptcp_rows_header(const struct mptcp_rows_reader *reader)
{
	return &reader->header;
}

bool mptcp_rows_buffered(const struct mptcp_rows_reader *reader)
{
	return mptcp_csv_buffered(reader->csv);
}

void mptcp_rows_close(struct mptcp_rows_reader *reader)
{
	if (!reader)
		return;
	mptcp_csv_close(reader->csv);
	for (size_t i = 0; reader->names && i < reader->cells; i++)
		free(reader->names[i]);
	free(reader->names);
	free(reader->extra_names);
	free(reader->extra);
	free(reader->places);
	free(reader->name);
	free(reader);
}
