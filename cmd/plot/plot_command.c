/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_command.h"

#include "decimal.h"
#include "gnuplot.h"
#include "plot_write.h"
#include "tty.h"

#include <string.h>
#include <unistd.h>

enum {
	OPTION_DISPLAY = MPTCP_OPT_LONG,
	OPTION_GNUPLOT,
	OPTION_LIST,
	OPTION_SCRIPT,
	OPTION_SIZE,
	OPTION_STYLE,
	OPTION_TERMINAL,
	OPTION_TITLE,
	OPTION_TRUST_USER,
	OPTION_XRANGE,
	OPTION_YRANGE,
	/* of mptcp-series */
	OPTION_BY,
	OPTION_DACK,
	OPTION_DSN,
	OPTION_CDF,
	OPTION_BINS,
	OPTION_STACKED,
	OPTION_PASS,
	OPTION_WINDOW = 'w'
};

const struct mptcp_option mptcp_plot_command_options[] = {
	{'o', "output", "FILE",
		"draw into FILE: .png, .svg, .pdf, .html or .txt; FOLDER/: write script, data and "
		"a Makefile there",
		MPTCP_COMPLETE_FILE, NULL},
	{OPTION_DISPLAY, "display", NULL, "show it in a window, or in the terminal",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_TITLE, "title", "TEXT", "title of the picture", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_STYLE, "style", "STYLE",
		"gnuplot style of a line, or style0 to style9 of the configuration; the n-th is for "
		"the n-th line. Or a file (with a slash, or .gp) of gnuplot commands",
		MPTCP_COMPLETE_FILE, NULL},
	{OPTION_XRANGE, "xrange", "LOW:HIGH", "show only this part of the x axis, such as 0:2.5",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_YRANGE, "yrange", "LOW:HIGH", "show only this part of the y axis, such as 0:10M",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_SIZE, "size", "WIDTHxHEIGHT", "size in pixels, or of text in characters",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_SCRIPT, "script", NULL, "print the gnuplot script instead of running it",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_LIST, "list", NULL, "list the available plots", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_GNUPLOT, "gnuplot", "PROGRAM", "gnuplot program to use", MPTCP_COMPLETE_PROGRAM,
		NULL},
	{OPTION_TERMINAL, "terminal", "TERMINAL", "gnuplot terminal to draw with",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_TRUST_USER, "trust-user", NULL, "as root: run plots of other users, too",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_WINDOW, "window", "SECONDS", "length of the windows of rates and shares",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_BY, "by", "WHAT", "rtt: x is the time of the ack, of the departure, or the dsn",
		MPTCP_COMPLETE_WORDS, "ack departure dsn"},
	{OPTION_DACK, "dack", NULL, "DATA_ACKs as well, or instead of data", MPTCP_COMPLETE_NONE,
		NULL},
	{OPTION_DSN, "dsn", NULL, "data sequence numbers, the default", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_CDF, "cdf", NULL, "a cumulative distribution", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_BINS, "bins", "N", "a histogram of N bars", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_STACKED, "stacked", NULL, "stacked layers instead of lines and a total",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_PASS, "pass", "ARGUMENT", "pass this argument to mptcp-series unchanged",
		MPTCP_COMPLETE_NONE, NULL},
	{0},
};

/* An option of mptcp-series, in its long form. */
static void add_series_option(struct mptcp_argv *series, int letter, const char *value)
{
	const struct mptcp_option *option = mptcp_plot_command_options;

	while (option->letter != letter)
		option++;
	if (letter == OPTION_PASS)
		mptcp_argv_add(series, value);
	else if (value)
		mptcp_argv_format(series, "--%s=%s", option->name, value);
	else
		mptcp_argv_format(series, "--%s", option->name);
}

int mptcp_plot_command_take(int letter, const char *value, void *given, struct mptcp_error *error)
{
	struct mptcp_plot_command *command = given;
	struct mptcp_plot_options *picture = &command->picture;

	switch (letter) {
	case 'o':
		command->output = value;
		return 0;
	case OPTION_DISPLAY:
		command->display = true;
		return 0;
	case OPTION_GNUPLOT:
		command->gnuplot = value;
		return 0;
	case OPTION_LIST:
		command->list = true;
		return 0;
	case OPTION_SCRIPT:
		command->script = true;
		return 0;
	case OPTION_TRUST_USER:
		command->trust_user = true;
		return 0;
	case OPTION_TITLE:
		picture->title = value;
		return 0;
	case OPTION_TERMINAL:
		picture->terminal = value;
		return 0;
	case OPTION_STYLE:
		return mptcp_plot_style(picture, value, error);
	case OPTION_XRANGE:
		return mptcp_plot_range(value, &picture->low[0], &picture->high[0], error);
	case OPTION_YRANGE:
		return mptcp_plot_range(value, &picture->low[1], &picture->high[1], error);
	case OPTION_SIZE:
		return mptcp_plot_size(value, &picture->width, &picture->height, error);
	default:
		add_series_option(&command->series, letter, value);
		return 0;
	}
}

/* Whether the operand is what to read: not an ID, not a column. */
static bool is_file(const char *operand)
{
	return strcmp(operand, "-") && !mptcp_decimal_is(operand) && access(operand, F_OK) == 0;
}

/* The last operand, "-" where there is none. */
static const char *last_operand(const struct mptcp_settings *settings)
{
	return settings->operand_count > 1 ? settings->operands[settings->operand_count - 1] : "-";
}

bool mptcp_plot_command_is_input(const char *operand)
{
	return !strcmp(operand, "-") || is_file(operand);
}

/* Whether there are several captures, or options about them: then the input is no series. */
static bool has_captures(const struct mptcp_settings *settings)
{
	const struct mptcp_opt_captures *options = &settings->captures;
	size_t files = 0;

	for (size_t i = 1; i < settings->operand_count; i++)
		files += mptcp_plot_command_is_input(settings->operands[i]);
	return files > 1 || options->with_capture || options->label || options->label_file ||
		options->files_from || options->status_file;
}

int mptcp_plot_command_source(const struct mptcp_plot_command *command,
	const struct mptcp_settings *settings, const char *series, struct mptcp_plot_source *source,
	struct mptcp_error *error)
{
	const char *last = last_operand(settings);
	struct mptcp_argv call = {0}, environment = {0};
	struct mptcp_plot_request request = {.delimiter = settings->input.delimiter,
		.log = &settings->input.log};

	mptcp_plot_call_program(&call);
	mptcp_argv_add(&call, series);
	mptcp_plot_call_settings(&call, settings);
	for (size_t i = 0; i < command->series.count; i++)
		mptcp_argv_add(&call, command->series.items[i]);
	mptcp_argv_add(&call, "--");
	for (size_t i = 1; i < settings->operand_count; i++)
		mptcp_argv_add(&call, settings->operands[i]);
	if (is_file(last))
		request.file = last;
	/* with --peer, or of several, the input is captures: mptcp-series reads them, even from
	 * standard input */
	request.look = !settings->peer && !has_captures(settings) &&
		(request.file || !strcmp(last, "-") || mptcp_decimal_is(last) ||
			mptcp_column_find(last, strlen(last)) >= 0);
	mptcp_plot_call_environment(&environment, settings->config);
	request.argv = (const char *const *)call.items;
	request.environment = (const char *const *)environment.items;
	int result = call.failed || environment.failed
		? mptcp_error_memory(error)
		: mptcp_plot_source_open(source, &request, error);
	mptcp_argv_clear(&call);
	mptcp_argv_clear(&environment);
	return result;
}

/* A series that exists already cannot be computed differently. */
int mptcp_plot_command_check(const struct mptcp_plot_command *command,
	const struct mptcp_settings *settings, struct mptcp_error *error)
{
	bool id = settings->operand_count > 1 && mptcp_decimal_is(settings->operands[1]);

	if (!command->series.count && !id && !mptcp_selection_chooses(&settings->selection) &&
		!settings->time)
		return 0;
	return mptcp_error_set(error, MPTCP_USAGE,
		"the input is already a series: give %s to mptcp-series",
		command->series.count ? command->series.items[0] : "such options");
}

/* A window where there is a screen, else what the terminal can show. */
static const char *display_format(struct mptcp_plot_options *picture)
{
	const struct mptcp_tty tty = mptcp_tty_look(STDOUT_FILENO);

	if (mptcp_tty_has_screen())
		return "window";
	picture->color = tty.color;
	const enum mptcp_tty_graphics graphics = mptcp_tty_ask_graphics(STDOUT_FILENO);
	if (graphics != MPTCP_TTY_TEXT)
		return graphics == MPTCP_TTY_KITTY ? "kitty" : "sixel";
	if (!picture->width && tty.columns > 1 && tty.rows > 2) {
		picture->width = tty.columns;
		picture->height = tty.rows - 1; /* for the prompt */
	}
	return "dumb";
}

static int choose_format(struct mptcp_plot_command *command, struct mptcp_error *error)
{
	struct mptcp_plot_options *picture = &command->picture;
	const char *output = command->output ? command->output : "-";

	if (command->display && command->output)
		return mptcp_error_set(error, MPTCP_USAGE,
			"options --display and --output exclude each other");
	command->folder = *output && output[strlen(output) - 1] == '/';
	picture->format = mptcp_plot_format(output);
	if (command->display || (!command->output && !command->script && isatty(STDOUT_FILENO)))
		picture->format = display_format(picture);
	else if (!picture->format && strcmp(output, "-") && !command->folder && !command->script &&
		!picture->terminal)
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --output: '%s' does not end in .png, .svg, .pdf, .html or .txt",
			output);
	if (!picture->format)
		picture->format = "svg";
	return 0;
}

/* Options override the configuration, and both are checked before anything is computed. */
int mptcp_plot_command_settle(struct mptcp_plot_command *command,
	const struct mptcp_settings *settings, const struct mptcp_plot *plot,
	struct mptcp_error *error)
{
	const struct mptcp_config *config = settings->config;
	struct mptcp_plot_options *picture = &command->picture;
	const char *terminal = mptcp_config_get(config, "terminal");

	picture->log = &settings->input.log;
	if (!command->gnuplot)
		command->gnuplot = mptcp_config_get(config, "gnuplot_binary");
	if (!picture->terminal && *terminal && (command->display || !command->output))
		picture->terminal = terminal;
	if (picture->terminal &&
		mptcp_gnuplot_check_words("terminal", picture->terminal, true, error))
		return -1;
	if (mptcp_plot_styles(picture, config, error))
		return -1;
	/* with several columns there is no single label */
	const char *column = settings->operand_count > 1 ? settings->operands[1] : NULL;
	mptcp_plot_labels(picture, plot, column);
	/* a span of time on the x axis is no date */
	if (settings->time && !strcmp(plot->xunit, "s") && !strncmp(plot->xlabel, "time", 4)) {
		picture->dates = !strcmp(settings->time, "utc");
		picture->epoch = picture->dates || !strcmp(settings->time, "epoch");
	}
	return choose_format(command, error);
}

void mptcp_plot_command_clear(struct mptcp_plot_command *command)
{
	mptcp_argv_clear(&command->series);
	mptcp_buffer_clear(&command->picture.style_files);
}
