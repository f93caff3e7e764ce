/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_source.h"

#include "chart.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define LOOK 4096 /* bytes of a header line that identify a series */

/* The first bytes, up to the end of the first line; a pipe may give them in pieces. */
static ssize_t read_start(int fd, char *bytes, size_t size)
{
	size_t length = 0;
	bool ended = false;

	while (length < size && !ended) {
		ssize_t got = read(fd, bytes + length, size - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		ended = got == 0 || memchr(bytes + length, '\n', (size_t)got);
		length += (size_t)got;
	}
	return (ssize_t)length;
}

/* Starts mptcp-series with `in` as its standard input; its rows are then those of the source. */
static int start_series(struct mptcp_plot_source *source, const struct mptcp_plot_request *request,
	int in, struct mptcp_error *error)
{
	struct mptcp_process_options options = {.in = in,
		.out = MPTCP_PROCESS_PIPE,
		.keep_err = true,
		.log = request->log,
		.environment = request->environment};

	source->computed = true;
	source->name = "mptcp-series";
	if (mptcp_process_start(&source->series, request->argv, &options, error))
		return -1;
	source->csv =
		mptcp_csv_open(&(struct mptcp_opened){source->series.out, source->name, NULL, 0},
			request->delimiter, error);
	return source->csv ? 0 : -1;
}

/* Standard input that is not a series: mptcp-series gets all of it, including what was read
 * already. */
static int hand_on(struct mptcp_plot_source *source, const struct mptcp_plot_request *request,
	const char *start, size_t length, struct mptcp_error *error)
{
	if (lseek(source->fd, -(off_t)length, SEEK_CUR) != -1)
		return start_series(source, request, source->fd, error);
	if (mptcp_process_feed(&source->feeder, start, length, source->fd, error))
		return -1;
	return start_series(source, request, source->feeder.out, error);
}

static int look(struct mptcp_plot_source *source, const struct mptcp_plot_request *request,
	struct mptcp_error *error)
{
	char start[LOOK];

	source->name = request->file ? request->file : "standard input";
	source->fd = request->file ? open(request->file, O_RDONLY | O_CLOEXEC)
				   : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	ssize_t length = source->fd == -1 ? -1 : read_start(source->fd, start, sizeof(start));
	if (length < 0)
		return mptcp_error_system(error, MPTCP_IO, "%s", source->name);
	if (mptcp_chart_is_series(start, (size_t)length, request->delimiter)) {
		const struct mptcp_opened from = {source->fd, source->name, start, (size_t)length};

		source->csv = mptcp_csv_open(&from, request->delimiter, error);
		return source->csv ? 0 : -1;
	}
	if (!request->file)
		return hand_on(source, request, start, (size_t)length, error);
	return start_series(source, request, -1, error); /* it opens the file by its name */
}

int mptcp_plot_source_open(struct mptcp_plot_source *source,
	const struct mptcp_plot_request *request, struct mptcp_error *error)
{
	*source = (struct mptcp_plot_source){.fd = -1,
		.series = MPTCP_PROCESS_NONE,
		.feeder = MPTCP_PROCESS_NONE};
	if (request->look ? look(source, request, error)
			  : start_series(source, request, STDIN_FILENO, error)) {
		mptcp_plot_source_close(source);
		return -1;
	}
	return 0;
}

int mptcp_plot_source_close(struct mptcp_plot_source *source)
{
	int status = 0;

	if (source->csv)
		mptcp_csv_close(source->csv);
	if (source->csv && source->computed)
		status = mptcp_process_wait(&source->series);
	mptcp_process_clear(&source->series);
	mptcp_process_clear(&source->feeder);
	if (source->fd != -1)
		close(source->fd);
	source->csv = NULL;
	source->fd = -1;
	return status;
}
