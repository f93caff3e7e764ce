/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reader: see <mptcp/reader.h>. A thin layer over input: the row it is at, and cells as C strings.
 */
#include <mptcp/reader.h>

#include "buffer.h"
#include "configure.h"
#include "input.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct mptcp_reader {
	struct mptcp_config *config; /* holds texts of the input's options */
	char *name;                  /* of the input, which borrows it */
	struct mptcp_input *input;
	const struct mptcp_header *header;
	struct mptcp_packet packet; /* the current row; nothing is present before the first and
				       after the last */
	uint64_t row;               /* its number from 1 on */
	struct cell {
		struct mptcp_buffer text;
		uint64_t row; /* what the text was made for */
	} * cells;            /* one per column */
	bool ended;
	struct mptcp_error ending; /* how; MPTCP_DONE if well */
	void (*say)(void *context, const char *text);
	void *context;
};

static void pass_on(void *context, enum mptcp_log_level level, const char *text)
{
	const struct mptcp_reader *reader = context;

	if (level == MPTCP_LOG_WARNING && reader->say)
		reader->say(reader->context, text);
}

/* fd -1: the name is a path, or stands for standard input. */
static int open_input(struct mptcp_reader *reader, int fd, struct mptcp_error *error)
{
	struct mptcp_input_options options = {.log = {.say = pass_on, .context = reader}};
	struct mptcp_buffer warnings = MPTCP_BUFFER_INIT; /* mptcp-config shows them */

	reader->config = mptcp_config_load(NULL, &warnings, error);
	mptcp_buffer_clear(&warnings);
	if (!reader->config || mptcp_input_configure(&options, reader->config, error))
		return -1;
	if (fd < 0) {
		reader->input =
			mptcp_input_open(reader->name, &options, 0, MPTCP_ALL_COLUMNS, error);
	} else {
		int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

		if (own < 0)
			return mptcp_error_system(error, MPTCP_IO, "%s", reader->name);
		reader->input =
			mptcp_input_open_fd(own, reader->name, &options, MPTCP_ALL_COLUMNS, error);
	}
	return reader->input ? 0 : -1;
}

static struct mptcp_reader *open_reader(const char *name, int fd, struct mptcp_error *error)
{
	struct mptcp_reader *reader = calloc(1, sizeof(*reader));

	if (!reader || !(reader->name = strdup(name))) {
		mptcp_error_memory(error);
		mptcp_reader_close(reader);
		return NULL;
	}
	if (open_input(reader, fd, error)) {
		mptcp_reader_close(reader);
		return NULL;
	}
	reader->header = mptcp_input_header(reader->input);
	reader->cells =
		calloc(reader->header->count + reader->header->extras + 1, sizeof(*reader->cells));
	if (!reader->cells) {
		mptcp_error_memory(error);
		mptcp_reader_close(reader);
		return NULL;
	}
	return reader;
}

struct mptcp_reader *mptcp_reader_open(const char *path, struct mptcp_error *error)
{
	return open_reader(path ? path : "-", -1, error);
}

struct mptcp_reader *mptcp_reader_open_fd(int fd, const char *name, struct mptcp_error *error)
{
	if (fd < 0) {
		mptcp_error_set(error, MPTCP_IO, "%s: %d is not a descriptor", name, fd);
		return NULL;
	}
	return open_reader(name, fd, error);
}

void mptcp_reader_close(struct mptcp_reader *reader)
{
	if (!reader)
		return;
	for (int i = 0; reader->cells && i < mptcp_reader_columns(reader); i++)
		mptcp_buffer_clear(&reader->cells[i].text);
	free(reader->cells);
	mptcp_input_close(reader->input);
	if (reader->config)
		mptcp_config_free(reader->config);
	free(reader->name);
	free(reader);
}

void mptcp_reader_warn(struct mptcp_reader *reader, void (*say)(void *context, const char *text),
	void *context)
{
	reader->say = say;
	reader->context = context;
}

enum mptcp_result mptcp_reader_next(struct mptcp_reader *reader, struct mptcp_error *error)
{
	if (!reader->ended) {
		int got = mptcp_input_next(reader->input, &reader->packet, &reader->ending);

		reader->row++;
		if (got == MPTCP_ROW)
			return MPTCP_ROW;
		reader->packet = (struct mptcp_packet){0};
		if (got == MPTCP_IDLE)
			return MPTCP_IDLE;
		reader->ended = true;
		if (got == MPTCP_END)
			reader->ending.status = MPTCP_DONE;
	}
	if (reader->ending.status == MPTCP_DONE)
		return MPTCP_END;
	*error = reader->ending;
	return MPTCP_FAILED;
}

/* The column of columns.def that it is; NULL for one of another name, or none. */
static const struct mptcp_column *known(const struct mptcp_reader *reader, int column)
{
	return column >= 0 && (size_t)column < reader->header->count
		? &mptcp_columns[reader->header->columns[column]]
		: NULL;
}

/* The number of a column beyond columns.def among those, -1 for others. */
static int extra(const struct mptcp_reader *reader, int column)
{
	int number = column - (int)reader->header->count;

	return number >= 0 && (size_t)number < reader->header->extras ? number : -1;
}

int mptcp_reader_columns(const struct mptcp_reader *reader)
{
	return (int)(reader->header->count + reader->header->extras);
}

int mptcp_reader_column(const struct mptcp_reader *reader, const char *name)
{
	for (int i = 0; i < mptcp_reader_columns(reader); i++)
		if (!strcmp(mptcp_reader_name(reader, i), name))
			return i;
	return -1;
}

const char *mptcp_reader_name(const struct mptcp_reader *reader, int column)
{
	const struct mptcp_column *ours = known(reader, column);
	int other = extra(reader, column);

	if (ours)
		return ours->name;
	return other >= 0 ? reader->header->extra[other] : "";
}

enum mptcp_column_kind mptcp_reader_kind(const struct mptcp_reader *reader, int column)
{
	const struct mptcp_column *ours = known(reader, column);

	if (!ours)
		return MPTCP_COLUMN_TEXT;
	switch (ours->type) {
	case MPTCP_TYPE_U8:
	case MPTCP_TYPE_U16:
	case MPTCP_TYPE_U32:
	case MPTCP_TYPE_U64:
	case MPTCP_TYPE_FLAGS:
	case MPTCP_TYPE_BOOL:
	case MPTCP_TYPE_TOKEN:
		return MPTCP_COLUMN_NUMBER;
	case MPTCP_TYPE_TIME:
		return MPTCP_COLUMN_TIME;
	case MPTCP_TYPE_ADDRESS:
	case MPTCP_TYPE_ROLE:
	case MPTCP_TYPE_DIRECTION:
	case MPTCP_TYPE_SUBTYPES:
	case MPTCP_TYPE_TEXT:
		break;
	}
	return MPTCP_COLUMN_TEXT;
}

const char *mptcp_reader_unit(const struct mptcp_reader *reader, int column)
{
	const struct mptcp_column *ours = known(reader, column);

	return ours ? ours->unit : "";
}

bool mptcp_reader_has(const struct mptcp_reader *reader, int column)
{
	int other = extra(reader, column);

	if (known(reader, column))
		return mptcp_packet_has(&reader->packet, reader->header->columns[column]);
	return other >= 0 && (size_t)other < reader->packet.extras &&
		reader->packet.extra[other].length;
}

const char *mptcp_reader_text(struct mptcp_reader *reader, int column)
{
	int other = extra(reader, column);

	if (!mptcp_reader_has(reader, column))
		return "";
	struct cell *cell = &reader->cells[column];
	if (cell->row != reader->row) {
		mptcp_buffer_reset(&cell->text);
		if (other < 0)
			mptcp_packet_format(&cell->text, &reader->packet,
				reader->header->columns[column]);
		else
			mptcp_buffer_add(&cell->text, reader->packet.extra[other].bytes,
				reader->packet.extra[other].length);
		cell->row = reader->row;
	}
	if (cell->text.failed)
		return NULL;
	return cell->text.length ? cell->text.bytes : "";
}

bool mptcp_reader_number(const struct mptcp_reader *reader, int column, uint64_t *number)
{
	return mptcp_reader_kind(reader, column) == MPTCP_COLUMN_NUMBER &&
		mptcp_packet_unsigned(&reader->packet, reader->header->columns[column], number);
}

bool mptcp_reader_time(const struct mptcp_reader *reader, int column, int64_t *nanoseconds)
{
	if (mptcp_reader_kind(reader, column) != MPTCP_COLUMN_TIME ||
		!mptcp_reader_has(reader, column))
		return false;
	*nanoseconds = *(const int64_t *)mptcp_packet_member(&reader->packet,
		reader->header->columns[column]);
	return true;
}
