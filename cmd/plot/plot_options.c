/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_options.h"

#include "gnuplot.h"
#include "packet.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_LIMIT 20000ul

int mptcp_plot_size(const char *text, unsigned *width, unsigned *height, struct mptcp_error *error)
{
	size_t digits = strspn(text, "0123456789");
	const char *second = text + digits + 1;

	if (digits && digits < 6 && (text[digits] == 'x' || text[digits] == ',') && *second &&
		strlen(second) < 6 && strspn(second, "0123456789") == strlen(second)) {
		unsigned long w = strtoul(text, NULL, 10), h = strtoul(second, NULL, 10);
		*width = (unsigned)w;
		*height = (unsigned)h;
		if (w > 0 && h > 0 && w <= SIZE_LIMIT && h <= SIZE_LIMIT)
			return 0;
	}
	return mptcp_error_set(error, MPTCP_USAGE, "'%s' is not a size such as 1000x600", text);
}

bool mptcp_plot_in_characters(const struct mptcp_plot_options *options)
{
	return !strcmp(options->format, "txt") || !strcmp(options->format, "dumb");
}

struct mptcp_grid mptcp_plot_grid(const struct mptcp_plot_options *options)
{
	struct mptcp_grid grid = {{options->low[0], options->low[1]},
		{options->high[0], options->high[1]}, MPTCP_PLOT_WIDTH, MPTCP_PLOT_HEIGHT};

	/* text is not thinned coarser: the same data may be drawn again in another format */
	if (options->width && !mptcp_plot_in_characters(options)) {
		grid.columns = options->width;
		grid.rows = options->height;
	}
	return grid;
}

static bool is_file(const char *style)
{
	size_t length = strlen(style);

	return strchr(style, '/') || (length > 3 && !strcmp(style + length - 3, ".gp"));
}

static int read_file(struct mptcp_plot_options *options, const char *path,
	struct mptcp_error *error)
{
	char *text = NULL;
	enum mptcp_result got = mptcp_plot_read(path, &text, error);

	if (got == MPTCP_END) {
		errno = ENOENT;
		mptcp_error_system(error, MPTCP_IO, "%s", path);
	}
	if (got != MPTCP_ROW)
		return -1;
	mptcp_buffer_add_string(&options->style_files, text);
	free(text);
	return options->style_files.failed ? mptcp_error_memory(error) : 0;
}

int mptcp_plot_style(struct mptcp_plot_options *options, const char *style,
	struct mptcp_error *error)
{
	if (is_file(style))
		return read_file(options, style, error);
	for (size_t i = 0; i < MPTCP_PLOT_STYLES; i++)
		if (!options->styles[i]) {
			options->styles[i] = style;
			return 0;
		}
	return mptcp_error_set(error, MPTCP_USAGE, "more than %d styles", MPTCP_PLOT_STYLES);
}

/* The configuration's style of that name, NULL where it has none. */
static const char *configured(const struct mptcp_config *config, const char *name)
{
	const char *style = strncmp(name, "style", 5) ? "" : mptcp_config_get(config, name);

	return *style ? style : NULL;
}

int mptcp_plot_styles(struct mptcp_plot_options *options, const struct mptcp_config *config,
	struct mptcp_error *error)
{
	for (size_t i = 0; i < MPTCP_PLOT_STYLES; i++) {
		const char **style = &options->styles[i];
		char name[32];

		snprintf(name, sizeof(name), "style%zu", i);
		const char *found = configured(config, *style ? *style : name);
		if (found)
			*style = found;
		if (*style && mptcp_gnuplot_check_words("style", *style, false, error))
			return -1;
	}
	return 0;
}

void mptcp_plot_labels(struct mptcp_plot_options *options, const struct mptcp_plot *plot,
	const char *column)
{
	int id = column ? mptcp_column_find(column, strlen(column)) : -1;

	options->xlabel = plot->xlabel;
	options->xunit = plot->xunit;
	options->ylabel = plot->ylabel;
	options->yunit = plot->yunit;
	if (isnan(options->low[1]) && isnan(options->high[1])) {
		options->low[1] = plot->ylow;
		options->high[1] = plot->yhigh;
	}
	if (id >= 0 && !*plot->ylabel) {
		options->ylabel = mptcp_columns[id].label;
		options->yunit = mptcp_columns[id].unit;
	}
}
