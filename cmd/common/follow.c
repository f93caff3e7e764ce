/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "follow.h"

#include "stop.h"
#include "tty.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROWS 24 /* of a terminal that does not say how many it has */
#define INTERVAL_MIN 0.1
#define INTERVAL_MAX 86400.0

/* Escape sequences that every current terminal understands (ECMA-48). */
#define HOME "\033[H"
#define CLEAR "\033[2J"
#define CLEAR_LINE "\033[K"
#define CLEAR_BELOW "\033[J"
#define NO_WRAP "\033[?7l" /* a long line is cut at the edge of the window */
#define WRAP "\033[?7h"

int follow_take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	struct follow *follow = context;
	char *end;

	follow->on = true;
	if (letter == FOLLOW_ON)
		return 0;
	double seconds = strtod(value, &end);
	if (end == value || *end || !(seconds >= INTERVAL_MIN && seconds <= INTERVAL_MAX))
		return mptcp_opt_bad_value("interval", value,
			"a number of seconds from 0.1 to 86400", error);
	follow->interval = (int64_t)llround(seconds * (double)MPTCP_SECOND);
	return 0;
}

int follow_start(const struct follow *follow, struct tool_run *run)
{
	if (!follow->on)
		return tool_open_table(run);
	run->output_direct = true;
	if (tool_open_output(run))
		return -1;
	run->progress_wanted = false; /* the table shows it */
	tool_choose_format(run);
	run->settings.table.changing_first = mptcp_tty_look(run->output.fd).terminal;
	return 0;
}

/* Tables that are drawn one after the other. */
struct drawing {
	struct tool_run *run;
	const struct follow_work *work;
	void *context;
	bool terminal; /* draw in place */
	bool drawn;    /* one is on the screen */
	bool empty;    /* the last one has no rows */
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * MPTCP_SECOND + time.tv_nsec;
}

/* Makes the table in run->page. */
static int make_page(struct drawing *drawing)
{
	struct tool_run *run = drawing->run;
	struct page *page = &run->page;

	if (page_begin(page, &run->error))
		return -1;
	run->table = mptcp_table_open(&run->settings.layout, &run->settings.table, &page->output,
		&run->error);
	if (!run->table)
		return -1;
	drawing->work->rows(run, drawing->context);
	drawing->empty = mptcp_table_rows(run->table) == 0;
	int result = mptcp_table_close(run->table, &run->error);
	run->table = NULL;
	if (result) {
		struct mptcp_error ignored;
		mptcp_output_close(&page->output, &ignored);
		return -1;
	}
	return page_end(page, &run->error);
}

/* Writes lines over those on the screen, as many as fit in the window. */
static void draw_in_place(struct drawing *drawing, unsigned lines)
{
	struct mptcp_output *output = &drawing->run->output;
	const char *bytes = drawing->run->page.bytes;
	size_t length = drawing->run->page.length;

	mptcp_output_string(output, drawing->drawn ? HOME NO_WRAP : CLEAR HOME NO_WRAP);
	for (unsigned line = 1; length && line < lines; line++) {
		const char *end = memchr(bytes, '\n', length);
		size_t size = end ? (size_t)(end - bytes) : length;

		mptcp_output_write(output, bytes, size);
		mptcp_output_string(output, CLEAR_LINE "\n");
		bytes += size + (end ? 1 : 0);
		length -= size + (end ? 1 : 0);
	}
	mptcp_output_string(output, CLEAR_BELOW WRAP);
}

static void draw(struct drawing *drawing, bool last)
{
	struct tool_run *run = drawing->run;
	struct mptcp_output *output = &run->output;
	const struct mptcp_tty tty = mptcp_tty_look(output->fd);

	if (run->settings.table.width) /* the window may have another size now */
		run->settings.table.width = tty.columns;
	if (make_page(drawing)) {
		tool_report(run);
		return;
	}
	if (drawing->terminal && !last) {
		draw_in_place(drawing, tty.rows > 1 ? tty.rows : ROWS);
	} else {
		if (drawing->drawn)
			mptcp_output_string(output, drawing->terminal ? HOME CLEAR_BELOW : "\n");
		page_show(&run->page, output, tty.rows, false);
	}
	mptcp_output_flush(output);
	drawing->drawn = true;
}

/* Which connections there are: those that are forgotten were there. */
static void look_around(struct tool_run *run, const struct follow_work *work, const void *context)
{
	census_story(&run->census, work->story(context), run->origin);
}

static void forget(struct drawing *drawing)
{
	struct tool_run *run = drawing->run;

	look_around(run, drawing->work, drawing->context);
	if (drawing->work->forget && drawing->work->forget(drawing->context, &run->error))
		tool_report(run);
}

static void end(struct tool_run *run, const struct follow_work *work, void *context)
{
	if (work->end && work->end(context, &run->error))
		tool_report(run);
}

static void draw_until_end(struct drawing *drawing, int64_t interval)
{
	struct tool_run *run = drawing->run;
	struct mptcp_packet packet;
	int64_t due = now() + interval;
	const volatile sig_atomic_t *stopped = stop_catch();
	enum mptcp_result got;
	bool live = run->settings.input.interface; /* which ends itself then */

	while ((live || !*stopped) &&
		((got = tool_next_or_idle(run, &packet)) == MPTCP_ROW || got == MPTCP_IDLE)) {
		if (got == MPTCP_ROW &&
			drawing->work->add(drawing->context, &packet, &run->error)) {
			tool_report(run);
			return;
		}
		if (now() < due)
			continue;
		draw(drawing, false);
		forget(drawing);
		if (tool_failed(run))
			return;
		due = now() + interval;
	}
	if (!tool_failed(run))
		end(run, drawing->work, drawing->context);
	if (tool_failed(run))
		return;
	draw(drawing, true);
	if (drawing->empty)
		look_around(run, drawing->work, drawing->context);
	if (drawing->empty && run->status == MPTCP_DONE)
		tool_nothing(run);
}

static void show_once(struct tool_run *run, const struct follow_work *work, void *context)
{
	struct mptcp_packet packet;

	while (tool_next(run, &packet) == MPTCP_ROW)
		if (work->add(context, &packet, &run->error)) {
			tool_report(run);
			break;
		}
	if (!tool_failed(run))
		end(run, work, context);
	if (tool_failed(run))
		return;
	work->rows(run, context);
	if (!mptcp_table_rows(run->table))
		look_around(run, work, context);
}

void follow_run(const struct follow *follow, struct tool_run *run, const struct follow_work *work,
	void *context)
{
	struct drawing drawing = {.run = run, .work = work, .context = context};

	if (!follow->on) {
		show_once(run, work, context);
		return;
	}
	drawing.terminal = mptcp_tty_look(run->output.fd).terminal;
	draw_until_end(&drawing, follow->interval ? follow->interval : MPTCP_SECOND);
}
