/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-series: computes points of lines, such as throughput over time. See mptcp-series(1). */
#include "captures.h"
#include "decimal.h"
#include "names.h"
#include "series_ns3.h"
#include "series_output.h"
#include "owd.h"
#include "plugin.h"

#include <stdlib.h>
#include <string.h>

enum {
	OPTION_BINS = MPTCP_OPT_LONG,
	OPTION_BY,
	OPTION_CDF,
	OPTION_DACK,
	OPTION_DSN,
	OPTION_LIST,
	OPTION_STACKED
};

static const struct mptcp_option options[] = {
	{OPTION_BINS, "bins", "N", "a histogram of N bars of equal width", MPTCP_COMPLETE_NONE,
		NULL},
	{OPTION_BY, "by", "WHAT", "rtt: x is the time of the ack, of the departure, or the dsn",
		MPTCP_COMPLETE_WORDS, "ack departure dsn"},
	{OPTION_CDF, "cdf", NULL, "a cumulative distribution instead of a histogram",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_DACK, "dack", NULL, "dss: DATA_ACKs too; interarrival: DATA_ACKs instead of data",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_DSN, "dsn", NULL, "interarrival: data, the default", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_LIST, "list", NULL, "list the series with their axes, units and options",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_STACKED, "stacked", NULL, "tput, gput, share: stacked layers, without a total",
		MPTCP_COMPLETE_NONE, NULL},
	{'w', "window", "SECONDS", "length of the windows of rates and shares; default: 0.1",
		MPTCP_COMPLETE_NONE, NULL},
	{0},
};

#define BINS_MOST 100000

struct context {
	struct mptcp_series_options series;
	const struct mptcp_series_info *info;
	unsigned given; /* MPTCP_SERIES_TAKES_... */
	enum mptcp_column_id columns[MPTCP_COLUMNS];
	struct mptcp_buffer *text; /* for --list */
};

static int take_bins(const char *value, uint32_t *bins, struct mptcp_error *error)
{
	uint64_t parsed;

	if (mptcp_decimal_read(&parsed, value, strlen(value), BINS_MOST) || !parsed)
		return mptcp_opt_bad_value("bins", value, "a number from 1 to 100000", error);
	*bins = (uint32_t)parsed;
	return 0;
}

static int take_by(const char *value, enum mptcp_series_by *by, struct mptcp_error *error)
{
	static const char *const words[] = {[MPTCP_BY_ACK] = "ack",
		[MPTCP_BY_DEPARTURE] = "departure",
		[MPTCP_BY_DSN] = "dsn"};

	for (*by = MPTCP_BY_ACK; *by <= MPTCP_BY_DSN; ++*by)
		if (!strcmp(value, words[*by]))
			return 0;
	return mptcp_opt_bad_value("by", value, "ack, departure or dsn", error);
}

static int take(int letter, const char *value, void *given, struct mptcp_error *error)
{
	struct context *context = given;
	struct mptcp_series_options *series = &context->series;

	switch (letter) {
	case OPTION_BINS:
		context->given |= MPTCP_SERIES_TAKES_BINS;
		return take_bins(value, &series->bins, error);
	case OPTION_BY:
		context->given |= MPTCP_SERIES_TAKES_BY;
		return take_by(value, &series->by, error);
	case OPTION_CDF:
		context->given |= MPTCP_SERIES_TAKES_CDF;
		series->cdf = true;
		return 0;
	case OPTION_DACK:
	case OPTION_DSN:
		context->given |=
			letter == OPTION_DACK ? MPTCP_SERIES_TAKES_DACK : MPTCP_SERIES_TAKES_DSN;
		series->dack = letter == OPTION_DACK;
		return 0;
	case OPTION_LIST:
		return mptcp_series_list(context->text) ? mptcp_error_memory(error)
							: MPTCP_OPT_TEXT;
	case OPTION_STACKED:
		context->given |= MPTCP_SERIES_TAKES_STACKED;
		series->stacked = true;
		return 0;
	default: /* 'w' */
		context->given |= MPTCP_SERIES_TAKES_WINDOW;
		if (mptcp_time_parse(&series->window, value, strlen(value)) || series->window <= 0)
			return mptcp_opt_bad_value("window", value, "a number of seconds", error);
		return 0;
	}
}

static const struct mptcp_tool tool = {
	.name = "mptcp-series",
	.purpose = "compute lines to draw, such as throughput over time",
	.nothing = "nothing to draw",
	.operands = "NAME [COLUMN...] [ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE | MPTCP_GROUP_TIME |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_PEER | MPTCP_GROUP_TCP,
	.options = options,
	.columns = mptcp_series_columns,
	.column_count = MPTCP_SERIES_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
	.take = take,
};

static const char *shift(struct mptcp_settings *settings)
{
	if (!settings->operand_count)
		return NULL;
	settings->operand_count--;
	return *settings->operands++;
}

/* Operands that are names of columns. What can be the ID or the input is left. */
static int take_columns(struct context *context, struct mptcp_settings *settings,
	struct mptcp_error *error)
{
	struct mptcp_series_options *series = &context->series;

	mptcp_opt_columns_first(settings, 0);
	while (settings->operand_count && series->column_count < MPTCP_COLUMNS) {
		const char *name = settings->operands[0];
		int id = mptcp_column_find(name, strlen(name));

		if (id < 0)
			break;
		enum mptcp_column_type type = mptcp_columns[id].type;
		if (type == MPTCP_TYPE_TEXT || type == MPTCP_TYPE_ADDRESS ||
			type == MPTCP_TYPE_SUBTYPES)
			return mptcp_error_set(error, MPTCP_USAGE, "column '%s' is not numeric",
				name);
		context->columns[series->column_count++] = (enum mptcp_column_id)id;
		shift(settings);
	}
	if (!series->column_count)
		return mptcp_error_set(error, MPTCP_USAGE,
			settings->operand_count ? "operand '%s' is not a column" : "missing COLUMN",
			settings->operand_count ? settings->operands[0] : "");
	return 0;
}

static void refuse_series(const char *name, struct mptcp_error *error)
{
	const char *names[64];
	size_t count = 0;

	while (count < sizeof(names) / sizeof(names[0]) && mptcp_series_table[count].name) {
		names[count] = mptcp_series_table[count].name;
		count++;
	}
	mptcp_names_refuse(&(struct mptcp_names){names, count}, name, "unknown series",
		"'mptcp-series --list' lists them", error);
}

/* The series that the first operand names, NULL after a message. */
static const struct mptcp_series_info *find_series(struct tool_run *run,
	const struct context *context)
{
	const char *name = shift(&run->settings);
	const struct mptcp_series_info *info = name ? mptcp_series_find(name) : NULL;
	struct mptcp_buffer refused = MPTCP_BUFFER_INIT;

	if (!name)
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"missing NAME of a series; 'mptcp-series --list' lists them");
	else if (!info)
		refuse_series(name, &run->error);
	else if (context->given & ~info->takes) {
		mptcp_series_options_text(&refused, context->given & ~info->takes);
		mptcp_error_set(&run->error, MPTCP_USAGE, "option --%.*s: not an option of %s",
			(int)strcspn(refused.bytes, " "), refused.bytes, name);
		mptcp_buffer_clear(&refused);
	} else if (info->inputs == 2 && !run->settings.peer)
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"%s needs the capture of the other end: --peer FILE", name);
	else if (info->inputs != 2 && run->settings.peer)
		mptcp_error_set(&run->error, MPTCP_USAGE, "option --peer: not an option of %s",
			name);
	else
		return info;
	tool_report(run);
	return NULL;
}

static void read_packets(struct tool_run *run, struct mptcp_series *series)
{
	struct mptcp_packet packet;

	run->census.whole = true;
	run->census.series = series->info->tcp ? NULL : series->info->name;
	while (tool_next(run, &packet) == MPTCP_ROW)
		if (mptcp_series_add(series, &packet, &run->error)) {
			tool_report(run);
			return;
		}
}

static void read_traces(struct tool_run *run, struct mptcp_series *series)
{
	struct mptcp_settings *settings = &run->settings;
	const char *folder = shift(settings), *node = shift(settings);

	run->input_name = folder;
	run->nothing = "nothing to draw; the traces of the node have no value of that attribute";
	if (!settings->operand_count)
		mptcp_error_set(&run->error, MPTCP_USAGE, "ns3: missing FOLDER, NODE or ATTRIBUTE");
	else if (!mptcp_series_ns3(series, folder, node, (const char *const *)settings->operands,
			 &run->error))
		return;
	tool_report(run);
}

/* What the series is made of; failures are reported. */
static void read_input(struct tool_run *run, struct mptcp_series *series)
{
	if (series->info->inputs == 2)
		owd_read(run, series);
	else
		(series->info->inputs ? read_packets : read_traces)(run, series);
}

static int open_packets(struct tool_run *run, const struct context *context)
{
	const struct mptcp_series_info *info = context->info;
	enum mptcp_time time = run->settings.table.time;
	uint64_t wanted = info->needed | info->wanted, dates = MPTCP_HAS(abstime);

	if (info->tcp && mptcp_selection_with_tcp(&run->settings.selection))
		wanted |= MPTCP_SERIES_TCP_COLUMNS;
	for (size_t i = 0; i < context->series.column_count; i++)
		wanted |= MPTCP_BIT(context->columns[i]);
	if (time != MPTCP_TIME_UTC && time != MPTCP_TIME_EPOCH)
		dates = 0;
	return tool_open_input(run, (wanted & ~info->wanted) | dates,
		wanted | MPTCP_HAS(abstime) | CENSUS_COLUMNS);
}

static void put_row(struct tool_run *run, const struct mptcp_series *series,
	const struct mptcp_series_row *row)
{
	uint32_t number;

	if (mptcp_series_place(series, row, &number))
		tool_about_connection(run, number);
	else
		tool_about_stream(run, number);
	mptcp_series_write(run->table, series, row);
}

static void compute(struct tool_run *run, struct context *context)
{
	struct mptcp_series series;

	context->series.selection = run->settings.selection;
	context->series.columns = context->columns;
	if (mptcp_series_init(&series, context->info, &context->series, &run->error))
		tool_report(run);
	else
		read_input(run, &series);
	if (!tool_failed(run)) {
		series.options.start = run->origin;
		if (mptcp_series_end(&series, &run->error))
			tool_report(run);
		else if (run->table || !tool_open_table(run))
			for (size_t i = 0; i < series.row_count; i++)
				put_row(run, &series, &series.rows[i]);
	}
	mptcp_series_clear(&series);
}

static void work(struct tool_run *run, void *given)
{
	struct context *context = given;

	if (context->info->inputs != 1 || (!open_packets(run, context) && !tool_open_table(run)))
		compute(run, context);
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct context context = {.text = &run.text};

	if (argc > 1 && argv[1][0] != '-' && !mptcp_series_find(argv[1])) {
		run = (struct tool_run){.tool = &tool};
		if (plugin_run("series", argv[1], argv + 1, &run.error)) {
			tool_report(&run);
			return run.status;
		}
	}
	if (!tool_start(&run, &tool, argc, argv, &context))
		return run.status;
	context.info = find_series(&run, &context);
	if (context.info && context.info->takes & MPTCP_SERIES_TAKES_COLUMNS &&
		take_columns(&context, &run.settings, &run.error)) {
		tool_report(&run);
		context.info = NULL;
	}
	run.alone = run.settings.peer ? "--peer" : NULL;
	if (context.info && context.info->inputs)
		return captures_run(&run, work, &context);
	if (context.info && !tool_check_columns(&run))
		compute(&run, &context);
	return tool_finish(&run);
}
