/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows: packets written as CSV and read back, mptcp-csv(5).
 *
 * The reader takes columns by name, in any order; a column that the caller needs and the header
 * lacks is an error that names it; columns of other names are carried as `extra`. A row with more
 * or fewer cells than the header, or a value that is invalid for its column, is an error with file
 * and line.
 */
#ifndef MPTCP_ROWS_H
#define MPTCP_ROWS_H

#include "csv.h"
#include "output.h"
#include "packet.h"

/* Which columns a stream has: those of columns.def in the order to write them, then others by name.
 */
struct mptcp_header {
	enum mptcp_column_id columns[MPTCP_COLUMNS];
	size_t count;
	const char *const *extra; /* names of the columns beyond columns.def; borrowed */
	size_t extras;
	bool hidden; /* a writer writes no header line */
};

/* An extra column that is no field of tshark: the ones' complement sum of the payload (RFC 1071),
 * in hexadecimal. */
#define MPTCP_PAYLOAD_SUM "payload_sum"

/* The place of a column among the extra ones, plus one; 0: it is not there. */
size_t mptcp_header_extra(const struct mptcp_header *header, const char *name);
/* Every column of columns.def, no others. */
void mptcp_header_default(struct mptcp_header *header);
/*
 * From "a,b,c", read and refused as names.h says. header->extra and header->extras are taken as
 * they stand (zero the struct for none): their names are allowed in the list too, and keep their
 * own order after the others.
 */
int mptcp_header_parse(struct mptcp_header *header, const char *list, struct mptcp_error *error);

struct mptcp_rows_writer {
	struct mptcp_output *output;
	struct mptcp_header header;
	char delimiter;
	struct mptcp_buffer line;
};

/*
 * Writes the header line, unless it is hidden. The output is borrowed, and the names of extra
 * columns. Output errors show when the output is closed. The row of a packet with fewer extra
 * values than the header has names is filled up with empty cells.
 */
int mptcp_rows_writer_init(struct mptcp_rows_writer *writer, struct mptcp_output *output,
	const struct mptcp_header *header, char delimiter, struct mptcp_error *error);
int mptcp_rows_write(struct mptcp_rows_writer *writer, const struct mptcp_packet *packet,
	struct mptcp_error *error);
void mptcp_rows_writer_clear(struct mptcp_rows_writer *writer);

struct mptcp_rows_reader;

/*
 * Takes over the csv reader and reads its header line. `needed`: columns without which the caller
 * cannot work; `wanted`: those to convert (includes needed): the others stay absent in the packets.
 * Extra columns are always carried. On an error the csv reader is closed as well.
 */
struct mptcp_rows_reader *mptcp_rows_open(struct mptcp_csv *csv, const char *name, uint64_t needed,
	uint64_t wanted, struct mptcp_error *error);
/* The line of the packet given last. */
unsigned long long mptcp_rows_line(const struct mptcp_rows_reader *reader);
/* The next packet. Text members are valid until the next call. */
enum mptcp_result mptcp_rows_next(struct mptcp_rows_reader *reader, struct mptcp_packet *packet,
	struct mptcp_error *error);
/* The next row as it stands in the file, a text for each of mptcp_rows_names, instead of a packet.
 */
enum mptcp_result mptcp_rows_next_cells(struct mptcp_rows_reader *reader,
	const struct mptcp_text **cells, struct mptcp_error *error);
/* The names in the header line, all of them, in the order of the file. */
const char *const *mptcp_rows_names(const struct mptcp_rows_reader *reader, size_t *count);
/* The next row is the line `line` of the file; see mptcp_csv_set_line. */
void mptcp_rows_set_line(struct mptcp_rows_reader *reader, unsigned long long line);
const struct mptcp_header *mptcp_rows_header(const struct mptcp_rows_reader *reader);
/* Whether mptcp_rows_next would find a line without waiting for input: for callers that poll the
 * descriptor. */
bool mptcp_rows_buffered(const struct mptcp_rows_reader *reader);
void mptcp_rows_close(struct mptcp_rows_reader *reader);

#endif
