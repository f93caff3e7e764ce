/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-plot: draws a series with gnuplot. See mptcp-plot(1). */
#include "plot_command.h"
#include "plot_write.h"
#include "tool.h"
#include "trusted.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct context {
	struct mptcp_plot_command command; /* first: the options are taken into it */
	struct mptcp_plot plot;
	struct mptcp_chart chart;
};

static const struct mptcp_tool tool = {
	.name = "mptcp-plot",
	.purpose = "draw a series",
	.nothing = "nothing to draw",
	.operands = "NAME [COLUMN]... [ID] [CAPTURE|CSV]...",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_OUTPUT | MPTCP_GROUP_SELECTION |
		MPTCP_GROUP_TIME | MPTCP_GROUP_PEER | MPTCP_GROUP_TCP | MPTCP_GROUP_CAPTURES,
	.options = mptcp_plot_command_options,
	.take = mptcp_plot_command_take,
};

static bool can_draw(const struct tool_run *run)
{
	return !tool_failed(run) || run->result_stands;
}

static void read_chart(struct tool_run *run, struct context *context)
{
	struct mptcp_plot_source source;

	context->chart.thin = context->plot.thin;
	context->chart.grid = mptcp_plot_grid(&context->command.picture);
	if (mptcp_plot_command_source(&context->command, &run->settings, context->plot.series,
		    &source, &run->error)) {
		tool_report(run);
		return;
	}
	if (!source.computed &&
		mptcp_plot_command_check(&context->command, &run->settings, &run->error)) {
		tool_report(run);
	} else {
		bool failed = mptcp_chart_read(&context->chart, source.csv, source.name,
				      &run->error) != 0;
		int status = mptcp_plot_source_close(&source);
		if (status != 0 && (!failed || !context->chart.points)) /* it has reported why */
			run->status = status <= MPTCP_IO ? status : MPTCP_PROGRAM;
		else if (failed)
			tool_report(run);
	}
	run->input_name = source.name;
	run->nothing = "nothing to draw; the series has no point";
	mptcp_plot_source_close(&source);
	/* a capture that failed is reported; the others are drawn */
	run->result_stands = context->chart.capture_count && context->chart.points;
	if (can_draw(run) && mptcp_chart_end(&context->chart, &run->error))
		tool_report(run);
}

static void print_picture(struct tool_run *run, const struct mptcp_plot_picture *parts,
	const char *gnuplot)
{
	int picture;

	if (mptcp_plot_draw(parts, gnuplot, &picture, &run->error)) {
		tool_report(run);
		return;
	}
	if (tool_open_output(run) == 0 &&
		mptcp_plot_copy(parts, picture, &run->output, &run->error))
		tool_report(run);
	close(picture);
}

static void print_script(struct tool_run *run, const struct mptcp_plot_picture *parts)
{
	mptcp_buffer_reset(&run->text);
	if (mptcp_plot_script(parts, NULL, &run->text, &run->error))
		tool_report(run);
	else if (tool_open_output(run) == 0)
		mptcp_output_write(&run->output, run->text.bytes, run->text.length);
}

static void draw(struct tool_run *run, struct context *context)
{
	struct mptcp_plot_command *command = &context->command;
	struct mptcp_plot_picture parts = {&context->plot, &command->picture, &context->chart};

	read_chart(run, context);
	if (!can_draw(run))
		return;
	if (context->chart.points == 0) {
		if (run->status == MPTCP_NOTHING && run->settings.allow_empty)
			run->status = MPTCP_DONE; /* mptcp-series has said what there is */
		else if (run->status == MPTCP_DONE)
			tool_nothing(run);
		return;
	}
	if (command->script)
		print_script(run, &parts);
	else if (!command->folder)
		print_picture(run, &parts, command->gnuplot);
	else if (mptcp_plot_write_folder(&parts, command->gnuplot, command->output, &run->protect,
			 &run->error))
		tool_report(run);
}

static int print_list(struct tool_run *run, const struct mptcp_plot_places *places)
{
	mptcp_buffer_reset(&run->text);
	if (mptcp_plot_list(places, &run->text, &run->error) || tool_open_output(run))
		return tool_report(run);
	mptcp_output_string(&run->output, run->text.length ? run->text.bytes : "");
	return 0;
}

/* The result is none of what it is made of. 0 or -1 (reported). */
static int protect_inputs(struct tool_run *run)
{
	const struct mptcp_settings *settings = &run->settings;
	const char *const others[] = {settings->peer, settings->captures.files_from,
		settings->captures.label_file};

	if (tool_protect(run, "-"))
		return -1;
	for (size_t i = 1; i < settings->operand_count; i++)
		if (mptcp_plot_command_is_input(settings->operands[i]) &&
			tool_protect(run, settings->operands[i]))
			return -1;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (others[i] && tool_protect(run, others[i]))
			return -1;
	return 0;
}

static void work(struct tool_run *run, struct context *context)
{
	const struct mptcp_settings *settings = &run->settings;
	struct mptcp_plot_places places = {0};
	int result = mptcp_plot_places(&places, getenv("MPTCP_PLOTS"), &run->error);

	if (!result && context->command.list) {
		print_list(run, &places);
	} else if (!result) {
		if (!settings->operand_count)
			result = mptcp_error_set(&run->error, MPTCP_USAGE,
				"missing NAME of a plot; --list lists them");
		else
			result = mptcp_plot_load(&context->plot, &places, settings->operands[0],
				&run->error);
		if (!result)
			result = trusted_file(context->plot.path, context->command.trust_user,
				&run->error);
		if (!result && strcmp(context->plot.series, "ns3") != 0)
			mptcp_opt_columns_first(&run->settings, 1);
		if (!result)
			result = mptcp_plot_command_settle(&context->command, settings,
				&context->plot, &run->error);
		if (!context->command.folder)
			run->settings.output = context->command.output;
		if (!result && !protect_inputs(run))
			draw(run, context);
	}
	if (result)
		tool_report(run);
	mptcp_plot_places_clear(&places);
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct context context = {.command.picture = {.low = {NAN, NAN}, .high = {NAN, NAN}}};

	if (tool_start(&run, &tool, argc, argv, &context)) {
		work(&run, &context);
		tool_finish(&run);
	}
	mptcp_plot_command_clear(&context.command);
	mptcp_chart_clear(&context.chart);
	mptcp_plot_clear(&context.plot);
	return run.status;
}
