/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reader: packets, one after another, from a capture or from CSV.
 *
 * The columns are those of mptcp-csv(5): all of them for a capture, those of its header line for
 * CSV, with columns of other names after them. A column is known by its number from 0 on, which
 * mptcp_reader_column finds by name; a number that is not a column's, such as the -1 for none,
 * reads as a column without values.
 *
 * Text that is handed out belongs to the reader: names and units until it is closed, cells until
 * its next packet. Readers are independent of one another; one reader is for one thread at a time,
 * and the thread that opened it has to live as long (its tsharks end with that thread).
 */
#ifndef MPTCP_PUBLIC_READER_H
#define MPTCP_PUBLIC_READER_H

#include <mptcp/api.h>
#include <mptcp/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mptcp_reader;

/*
 * What `path` is (a capture, CSV, an entry of the cache) is detected from its first bytes; NULL or
 * "-" is standard input. Captures are dissected by tshark, through the cache, as mptcp-config(5)
 * says. NULL on an error.
 */
MPTCP_API struct mptcp_reader *mptcp_reader_open(const char *path, struct mptcp_error *error);
/* The same from an open descriptor, which is duplicated: close it whenever you like. `name` is for
 * messages. */
MPTCP_API struct mptcp_reader *mptcp_reader_open_fd(int fd, const char *name,
	struct mptcp_error *error);
/* Takes NULL as well. */
MPTCP_API void mptcp_reader_close(struct mptcp_reader *reader);

/* Where to send warnings, one line each: about packets that are missing in the capture, about
 * copies that are left out. Without this they are dropped. */
MPTCP_API void mptcp_reader_warn(struct mptcp_reader *reader,
	void (*say)(void *context, const char *text), void *context);

/*
 * Goes to the next packet. MPTCP_IDLE is for input that arrives slowly (pipes): call again. After
 * MPTCP_FAILED with MPTCP_DATA what was read before is valid. The end and an error are final.
 */
MPTCP_API enum mptcp_result mptcp_reader_next(struct mptcp_reader *reader,
	struct mptcp_error *error);

enum mptcp_column_kind {
	MPTCP_COLUMN_TEXT = 0,
	MPTCP_COLUMN_NUMBER = 1, /* see mptcp_reader_number */
	MPTCP_COLUMN_TIME = 2    /* see mptcp_reader_time */
};

/* How many columns there are. */
MPTCP_API int mptcp_reader_columns(const struct mptcp_reader *reader);
/* The number of the column of that name, -1 for none. */
MPTCP_API int mptcp_reader_column(const struct mptcp_reader *reader, const char *name);
MPTCP_API const char *mptcp_reader_name(const struct mptcp_reader *reader, int column);
MPTCP_API enum mptcp_column_kind mptcp_reader_kind(const struct mptcp_reader *reader, int column);
/* "bytes", "s", ...; "" for none. */
MPTCP_API const char *mptcp_reader_unit(const struct mptcp_reader *reader, int column);

/* Whether the packet has a value there: an empty cell is "unknown" or "does not apply". */
MPTCP_API bool mptcp_reader_has(const struct mptcp_reader *reader, int column);
/* The cell of any column as mptcp-csv(5) writes it, unquoted; "" where there is no value, NULL when
 * memory ran out. */
MPTCP_API const char *mptcp_reader_text(struct mptcp_reader *reader, int column);
/* The value of a column of that kind. False, and the variable is left alone, where there is none.
 */
MPTCP_API bool mptcp_reader_number(const struct mptcp_reader *reader, int column, uint64_t *number);
/* In nanoseconds: since the epoch, or since the first packet. */
MPTCP_API bool mptcp_reader_time(const struct mptcp_reader *reader, int column,
	int64_t *nanoseconds);

#ifdef __cplusplus
}
#endif

#endif
