/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool_parts.h"

#include "marks.h"
#include "stop.h"
#include "tty.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_PACKETS 256 /* packets between two looks at the clock */

bool tool_failed(const struct tool_run *run)
{
	return run->status > MPTCP_NOTHING && run->status != MPTCP_DATA;
}

/*
 * A caller may have closed standard input, output or error; the next file opened would then take
 * that place, and messages would end up in it. What takes it here instead refuses the use it is
 * meant for, so that the loss is noticed.
 */
static void guard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) == -1 &&
			open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) == -1)
			return;
}

int tool_print_text(struct tool_run *run)
{
	struct mptcp_output output;

	if (mptcp_output_open(&output, NULL, &run->error))
		return tool_report(run);
	mptcp_output_string(&output, run->text.bytes);
	return mptcp_output_close(&output, &run->error) ? tool_report(run) : 0;
}

static void release(struct tool_run *run)
{
	census_clear(&run->census);
	page_close(&run->page);
	mptcp_beginnings_clear(&run->beginnings);
	protect_clear(&run->protect);
	mptcp_settings_clear(&run->settings);
	mptcp_buffer_clear(&run->text);
}

bool tool_start(struct tool_run *run, const struct mptcp_tool *tool, int argc, char **argv,
	void *context)
{
	*run = (struct tool_run){.tool = tool};
	guard_descriptors();
	signal(SIGPIPE, SIG_DFL); /* a parent may have left it ignored */
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like a full disk */
	/* large buffers come and go: they must not fragment the heap */
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
	const struct mptcp_opt_line line = {argc, argv, context};
	int result = mptcp_opt_parse(tool, &line, &run->settings, &run->text, &run->error);
	if (result >= 0)
		tool_say_warnings(run);
	if (result == MPTCP_OPT_RUN) {
		run->protect.force = run->settings.force;
		run->settings.input.log = (struct mptcp_log){tool_say_for_library, run};
		run->begins = run->settings.time ? run->settings.table.time == MPTCP_TIME_CONNECTION
						 : tool->time == MPTCP_TIME_CONNECTION &&
				(run->settings.output || isatty(STDOUT_FILENO));
		run->began = tool_now();
		if (!run->settings.caller) /* which has said it */
			tool_say_configuration(run);
		return true;
	}
	if (result < 0)
		tool_report(run);
	else
		tool_print_text(run);
	release(run);
	return false;
}

int tool_protect(struct tool_run *run, const char *input)
{
	if (protect_add(&run->protect, input ? input : "-", &run->error) ||
		protect_check(&run->protect, run->settings.output, &run->error))
		return tool_report(run);
	return 0;
}

int tool_check_columns(struct tool_run *run)
{
	const char *list = run->settings.columns;

	if (list && mptcp_layout_choose(&run->settings.layout, list, &run->error))
		return tool_report(run);
	return mptcp_opt_take_sort(&run->settings, &run->error) ? tool_report(run) : 0;
}

int tool_open_input(struct tool_run *run, uint64_t needed, uint64_t wanted)
{
	uint64_t selected = mptcp_selection_columns(&run->settings.selection);
	const char *operand;

	if (mptcp_opt_check_live(&run->settings, &run->error) ||
		mptcp_opt_take_input(&run->settings, &operand, &run->error))
		return tool_report(run);
	if (run->settings.input.interface)
		run->settings.input.stop = stop_catch();
	else if (tool_protect(run, operand))
		return -1;
	run->input = mptcp_input_open(operand, &run->settings.input, needed | selected,
		wanted | selected, &run->error);
	if (!run->input)
		return tool_report(run);
	run->divided = mptcp_input_captures(run->input) != NULL;
	if (run->divided || tool_check_columns(run))
		return -1;
	run->input_name = mptcp_input_name(run->input);
	run->progress_wanted = !run->settings.quiet && isatty(STDERR_FILENO);
	run->progress_at = tool_now() + MPTCP_SECOND;
	return 0;
}

int tool_open_output(struct tool_run *run)
{
	const char *path = run->settings.output;
	int failed = protect_check(&run->protect, path, &run->error);

	if (run->outcome)
		run->output = (struct mptcp_output){.fd = run->outcome->rows_to,
			.name = "temporary file"};
	else if (!failed)
		failed = run->output_direct ? mptcp_output_open(&run->output, path, &run->error)
					    : mptcp_output_replace(&run->output, path, &run->error);
	if (failed)
		return tool_report(run);
	run->output_open = true;
	run->output.shown = isatty(run->output.fd);
	if (run->output.shown) /* rows and progress would overwrite each other */
		run->progress_wanted = false;
	return 0;
}

void tool_choose_format(struct tool_run *run)
{
	const struct mptcp_tty tty = mptcp_tty_look(run->output.fd);
	struct mptcp_settings *settings = &run->settings;
	struct mptcp_table_options *options = &settings->table;

	if (!settings->format_given)
		options->format = tty.terminal ? MPTCP_FORMAT_TABLE : MPTCP_FORMAT_CSV;
	if (!tty.terminal || options->format != MPTCP_FORMAT_TABLE)
		return;
	run->output.shown = false; /* its cells are made harmless, and it has colours of its own */
	options->color = tty.color;
	options->marks = marks;
	options->short_times = true;
	options->width = settings->columns_given ? 0 : tty.columns;
	if (!settings->time)
		options->time = run->tool->time;
}

/* Where the table is written to: a terminal shows it when it is whole. */
static struct mptcp_output *table_output(struct tool_run *run)
{
	if (run->settings.table.format != MPTCP_FORMAT_TABLE || !isatty(run->output.fd))
		return &run->output;
	return page_begin(&run->page, &run->error) ? NULL : &run->page.output;
}

int tool_open_table(struct tool_run *run)
{
	bool progress_wanted = run->progress_wanted;

	if (tool_open_output(run))
		return -1;
	tool_choose_format(run);
	if (run->settings.table.format == MPTCP_FORMAT_TABLE)
		run->progress_wanted = progress_wanted; /* a table is held back until the end */
	struct mptcp_output *output = table_output(run);
	if (output)
		run->table = mptcp_table_open(&run->settings.layout, &run->settings.table, output,
			&run->error);
	return run->table ? 0 : tool_report(run);
}

/* When the capture began; 0 on the clock of reltime alone. */
static int64_t origin_of(const struct mptcp_packet *packet)
{
	int64_t since = mptcp_packet_has(packet, MPTCP_COLUMN_reltime) ? packet->reltime : 0;

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_abstime))
		return 0;
	return (int64_t)((uint64_t)packet->abstime - (uint64_t)since);
}

static inline enum mptcp_result next(struct tool_run *run, struct mptcp_packet *packet)
{
	if (run->output_open && mptcp_output_failed(&run->output))
		return MPTCP_END;
	enum mptcp_result got = mptcp_input_next(run->input, packet, &run->error);
	if (got == MPTCP_FAILED)
		return tool_report(run);
	if (got == MPTCP_ROW) {
		if (!run->packets_read++)
			run->origin = origin_of(packet);
		if (run->begins && mptcp_beginnings_add(&run->beginnings, packet, &run->error))
			return tool_report(run);
		if (run->census.whole || !mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream))
			census_add(&run->census, &run->settings.selection, packet);
		if (run->progress_wanted && !(run->packets_read % PROGRESS_PACKETS))
			tool_progress(run);
	}
	return got;
}

void tool_about_connection(struct tool_run *run, uint32_t mptcpstream)
{
	mptcp_table_origins(run->table, run->origin,
		mptcp_beginnings_connection(&run->beginnings, mptcpstream));
}

void tool_about_stream(struct tool_run *run, uint32_t tcpstream)
{
	mptcp_table_origins(run->table, run->origin,
		mptcp_beginnings_stream(&run->beginnings, tcpstream));
}

enum mptcp_result tool_next_or_idle(struct tool_run *run, struct mptcp_packet *packet)
{
	return next(run, packet);
}

/* What is captured live comes this much later at most, or is late. */
#define DELAY (2 * MPTCP_SECOND)

int64_t tool_live_time(const struct tool_run *run)
{
	struct timespec now;

	if (!run->settings.input.interface)
		return 0;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * MPTCP_SECOND + now.tv_nsec - DELAY;
}

enum mptcp_result tool_next(struct tool_run *run, struct mptcp_packet *packet)
{
	enum mptcp_result got;

	while ((got = next(run, packet)) == MPTCP_IDLE)
		if (run->output_open)
			mptcp_output_flush(&run->output);
	return got;
}

/* A header without rows is not a result where the tool has failed: it is not printed. */
static void drop_header(struct tool_run *run, bool empty)
{
	if (empty && tool_failed(run))
		run->output.length = 0;
}

void tool_nothing(struct tool_run *run)
{
	const char *what = run->nothing ? run->nothing : run->tool->nothing;
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	if (run->tool->groups & MPTCP_GROUP_TCP) {
		run->census.offers_tcp = !run->census.series;
		run->census.with_tcp = mptcp_selection_with_tcp(&run->settings.selection);
	}
	if (run->input_name)
		mptcp_buffer_format(&text, "%s: ", run->input_name);
	if (run->nothing || !run->input_name)
		mptcp_buffer_add_string(&text, what);
	else
		census_text(&run->census, &run->settings.selection, what, &text);
	/* an error's text has no control characters of a file's name */
	mptcp_error_set(&run->error, MPTCP_NOTHING, "%s", text.failed ? what : text.bytes);
	tool_say(run, MPTCP_LOG_WARNING, "%s", run->error.text);
	mptcp_buffer_clear(&text);
	if (!run->settings.allow_empty)
		tool_raise_status(run);
}

static void show_page(struct tool_run *run)
{
	const struct mptcp_tty tty = mptcp_tty_look(run->output.fd);

	if (page_end(&run->page, &run->error))
		tool_report(run);
	else
		page_show(&run->page, &run->output, tty.rows, !run->settings.no_pager);
}

static void close_table(struct tool_run *run)
{
	run->rows = mptcp_table_rows(run->table);
	bool empty = run->rows == 0;

	if (mptcp_table_close(run->table, &run->error))
		tool_report(run);
	drop_header(run, empty);
	if (run->page.open && !(empty && tool_failed(run)))
		show_page(run);
	if (empty && run->status == MPTCP_DONE && !run->nothing_said && run->tool->nothing)
		tool_nothing(run);
}

int tool_finish(struct tool_run *run)
{
	tool_erase_progress(run);
	if (run->table)
		close_table(run);
	else if (run->input)
		drop_header(run, run->packets_read == 0);
	if (run->output_open && tool_failed(run) && !run->result_stands)
		mptcp_output_discard(&run->output);
	if (run->output_open && mptcp_output_close(&run->output, &run->error))
		tool_report(run);
	if (run->input)
		mptcp_input_close(run->input);
	if (run->outcome) {
		run->outcome->status = run->status;
		run->outcome->rows = run->rows;
		run->outcome->finished = true;
	}
	tool_say_end(run);
	release(run);
	return run->status;
}
