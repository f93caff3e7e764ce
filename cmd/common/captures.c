/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One capture or several: whether there are several, the columns of their result, their order. */
#include "captures_parts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Whether --columns names the column `capture`, which is there only where it is asked for. */
static bool names_capture(const char *columns)
{
	size_t length = strlen(MPTCP_INPUT_CAPTURE);

	for (const char *at = columns; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, MPTCP_INPUT_CAPTURE, length) && (!at[length] || at[length] == ','))
			return true;
	}
	return false;
}

/* Whether there are several captures, or one that is treated as if there were. */
static bool is_batch(const struct mptcp_settings *settings)
{
	const struct mptcp_opt_captures *options = &settings->captures;

	return settings->operand_count > 1 || options->with_capture || options->label ||
		options->label_file || options->files_from || options->status_file ||
		names_capture(settings->columns);
}

/* The rows of one capture that nobody asked to name say nothing of it. */
static bool shows_capture(const struct captures *captures)
{
	const struct mptcp_settings *settings = &captures->run->settings;
	const struct mptcp_opt_captures *options = &settings->captures;

	return captures->file_count != 1 || captures->files[0].divided || options->with_capture ||
		options->label || options->label_file || options->files_from ||
		names_capture(settings->columns);
}

static int check_name(const struct captures *captures, const char *name)
{
	const struct mptcp_tool *tool = captures->run->tool;
	const char *remedy =
		captures->labels.from_options ? "" : "; --label '' takes none from the paths";
	bool taken = !strcmp(name, MPTCP_INPUT_CAPTURE);

	for (size_t i = 0; i < tool->column_count; i++)
		taken |= !strcmp(tool->columns[i].name, name);
	if (!tool->columns)
		taken |= mptcp_column_find(name, strlen(name)) >= 0;
	if (!taken && *name)
		return 0;
	return mptcp_error_set(&captures->run->error, MPTCP_USAGE,
		"label '%s': %s has a column of this name%s", name, tool->name, remedy);
}

/* The tool's columns and those of the capture behind them, which are shown in front. */
static int make_columns(struct captures *captures)
{
	struct tool_run *run = captures->run;
	size_t own = run->tool->column_count, labels = captures->labels.names.count;

	for (size_t i = 0; i < labels; i++)
		if (check_name(captures, captures->labels.names.items[i]))
			return -1;
	captures->columns = calloc(own + 1 + labels, sizeof(*captures->columns));
	if (!captures->columns)
		return mptcp_error_memory(&run->error);
	if (own)
		memcpy(captures->columns, run->tool->columns, own * sizeof(*captures->columns));
	captures->columns[own] = (struct mptcp_table_column){.name = MPTCP_INPUT_CAPTURE,
		.cells = MPTCP_CELL_TEXT,
		.priority = labels ? UINT_MAX : 1, /* labels name the row as well, and shorter */
		.unit = "",
		.meaning = "capture of which the row is"};
	for (size_t i = 0; i < labels; i++)
		captures->columns[own + 1 + i] =
			(struct mptcp_table_column){.name = captures->labels.names.items[i],
				.cells = labels_is_number(&captures->labels, i) ? MPTCP_CELL_NUMBER
										: MPTCP_CELL_TEXT,
				.priority = 1,
				.unit = "",
				.meaning = "label of the capture"};
	return 0;
}

/* Which columns are shown, in front those of the capture. */
static int lay_out(struct captures *captures)
{
	struct tool_run *run = captures->run;
	struct mptcp_layout *layout = &run->settings.layout;
	size_t own = run->tool->column_count, more = 1 + captures->labels.names.count, count = 0;
	const char *list = run->settings.columns;

	captures->shown = shows_capture(captures);
	if (!captures->shown)
		return 0;
	if (list || (run->settings.columns_given && layout->shown)) {
		layout->columns = captures->columns;
		layout->count = own + more;
		run->settings.columns_given = true;
		return list ? mptcp_layout_choose(layout, list, &run->error) : 0;
	}
	size_t *shown = calloc(own + more, sizeof(*shown));
	if (!shown)
		return mptcp_error_memory(&run->error);
	while (count < more) {
		shown[count] = own + count;
		count++;
	}
	for (size_t i = 0; i < mptcp_layout_shown(layout); i++)
		shown[count++] = mptcp_layout_at(layout, i);
	free(layout->shown);
	*layout = (struct mptcp_layout){captures->columns, own + more, shown, count};
	return 0;
}

/* The columns that the processes write: those of the tool that are shown or sorted by. One at
 * least, since a row has to be seen. */
static int lay_out_parts(struct captures *captures)
{
	const struct tool_run *run = captures->run;
	struct mptcp_layout *recorded = &captures->recorded;

	*recorded = (struct mptcp_layout){.columns = run->tool->columns,
		.count = run->tool->column_count};
	recorded->shown = calloc(recorded->count + 2, sizeof(*recorded->shown));
	if (!recorded->shown)
		return mptcp_error_memory(&captures->run->error);
	for (size_t i = 0; i < mptcp_layout_shown(&run->settings.layout); i++) {
		size_t column = mptcp_layout_at(&run->settings.layout, i);

		if (column < recorded->count)
			recorded->shown[recorded->shown_count++] = column;
	}
	if (run->settings.table.sorted && run->settings.table.sort_column < recorded->count)
		recorded->shown[recorded->shown_count++] = run->settings.table.sort_column;
	if (!recorded->shown_count)
		recorded->shown_count = 1;
	return 0;
}

/* What the result must not be. */
static int protect_all(struct captures *captures)
{
	struct tool_run *run = captures->run;
	const struct mptcp_opt_captures *options = &run->settings.captures;
	const char *const lists[] = {options->files_from, options->label_file};

	for (size_t i = 0; i < captures->file_count; i++)
		if (protect_add(&run->protect, captures->files[i].name, &run->error))
			return -1;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (lists[i] && protect_add(&run->protect, lists[i], &run->error))
			return -1;
	return protect_check(&run->protect, run->settings.output, &run->error);
}

static void append(struct captures *captures, struct capture *capture)
{
	if (captures->last)
		captures->last->next = capture;
	else
		captures->first = capture;
	captures->last = capture;
}

/* Begins as many captures as there may be at once. 0 or -1. */
static int begin_some(struct captures *captures)
{
	bool failed;

	while (!captures->stopped && captures->running < captures_at_once(captures) &&
		captures->waiting < CAPTURES_AHEAD) {
		struct capture *capture = captures_next(captures, &failed);

		if (!capture)
			return failed ? -1 : 0;
		append(captures, capture);
		captures->waiting++;
		if (captures_begin(captures, capture))
			return -1;
	}
	return 0;
}

static void drop_first(struct captures *captures)
{
	struct capture *capture = captures->first;

	captures->first = capture->next;
	if (!captures->first)
		captures->last = NULL;
	captures->waiting--;
	capture_free(capture);
}

/* After --fail-fast: what was begun behind the capture that failed is ended, and nothing of it, or
 * of those that were not begun, counts. */
static int leave_out_rest(struct captures *captures)
{
	bool failed = false;

	for (struct capture *capture = captures->first; capture; capture = capture->next)
		captures_kill(captures, capture);
	for (; captures->first; drop_first(captures))
		captures_put_unread(captures, captures->first);
	for (struct capture *capture; (capture = captures_next(captures, &failed));) {
		captures_put_unread(captures, capture);
		capture_free(capture);
	}
	return failed ? -1 : 0;
}

/* Works on all of them; -1: an error that ends the whole. */
static int work_on_all(struct captures *captures)
{
	struct tool_run *run = captures->run;

	for (;;) {
		if (begin_some(captures))
			return -1;
		if (!captures->first)
			return 0;
		if (captures->first->pid) {
			if (captures_wait(captures))
				return -1;
			continue;
		}
		captures_put(captures, captures->first);
		drop_first(captures);
		if (mptcp_output_failed(&run->output))
			return 0; /* closing it tells */
		if (captures->worst && run->settings.captures.fail_fast)
			return leave_out_rest(captures);
	}
}

/* What the captures together are. */
static void judge(struct captures *captures)
{
	struct tool_run *run = captures->run;
	bool nothing = !captures->rows && !run->settings.allow_empty;

	run->result_stands = captures->rows || !captures->worst;
	if (captures->worst > run->status)
		run->status = captures->worst;
	if (run->status <= MPTCP_NOTHING && run->tool->nothing)
		run->status = nothing ? MPTCP_NOTHING : MPTCP_DONE;
	run->nothing_said = true;
}

/* --schema: instead of a result. */
static void print_schema(struct tool_run *run)
{
	mptcp_buffer_reset(&run->text);
	if (!mptcp_opt_text_schema(run->tool, &run->settings, &run->text)) {
		tool_print_text(run);
		return;
	}
	mptcp_error_memory(&run->error);
	tool_report(run);
}

static void work(struct captures *captures)
{
	struct tool_run *run = captures->run;

	if (protect_all(captures) || make_columns(captures) || lay_out(captures) ||
		mptcp_opt_take_sort(&run->settings, &run->error) || lay_out_parts(captures)) {
		tool_report(run);
		return;
	}
	if (run->settings.schema) {
		print_schema(run);
		return;
	}
	if (captures_open_result(captures))
		return;
	bool failed = work_on_all(captures) != 0;
	if (failed)
		tool_report(run);
	for (struct capture *capture = captures->first; capture; capture = capture->next)
		captures_kill(captures, capture);
	while (captures->first)
		drop_first(captures);
	if (captures_close_result(captures))
		failed = tool_report(run);
	if (!failed)
		judge(captures);
}

/* An option does not go with several. */
static int refuse(struct tool_run *run)
{
	mptcp_error_set(&run->error, MPTCP_USAGE, "option %s: takes one capture", run->alone);
	tool_report(run);
	return tool_finish(run);
}

/* `input`: the captures of standard input, or NULL for those of the operands. */
static int run_several(struct captures *captures, struct mptcp_input *input)
{
	struct tool_run *run = captures->run;

	if (input ? captures_list_open(captures, input) : captures_list(captures))
		tool_report(run);
	else
		work(captures);
	int status = tool_finish(run);
	captures_list_clear(captures);
	free(captures->columns);
	free(captures->recorded.shown);
	if (captures->outcomes)
		munmap(captures->outcomes, CAPTURES_AHEAD * sizeof(*captures->outcomes));
	return status;
}

/* A column that only a CSV of several captures can have is refused before anything is
 * read, unless that comes from standard input. Returns such a CSV, or NULL. */
static struct mptcp_input *look_for_columns(struct tool_run *run)
{
	struct mptcp_settings *settings = &run->settings;
	const char *operand = settings->operand_count ? settings->operands[0] : "-";

	if ((!settings->columns && (!settings->sort || settings->table.sorted)) ||
		!strcmp(operand, "-"))
		return NULL;
	struct mptcp_input *input = mptcp_input_open_captures(operand, &settings->input);
	if (!input)
		tool_check_columns(run);
	return input;
}

static int run_one(struct captures *captures)
{
	struct tool_run *run = captures->run;
	struct mptcp_input *input = look_for_columns(run);

	if (!input && !run->status) {
		captures->body(run, captures->context);
		if (run->divided)
			input = run->input;
	}
	if (!input)
		return tool_finish(run);
	run->input = NULL;
	if (!run->alone)
		return run_several(captures, input);
	mptcp_input_close(input);
	return refuse(run);
}

int captures_run(struct tool_run *run, captures_body *body, void *context)
{
	struct captures captures = {.run = run, .body = body, .context = context};

	if (run->settings.input.interface)
		run->alone = "-i";
	if (run->tool->takes_id && mptcp_opt_take_id(&run->settings, &run->error)) {
		tool_report(run);
		return tool_finish(run);
	}
	if (!is_batch(&run->settings)) {
		if (!run->settings.schema)
			return run_one(&captures);
		if (!tool_check_columns(run))
			print_schema(run);
		return tool_finish(run);
	}
	return run->alone ? refuse(run) : run_several(&captures, NULL);
}
