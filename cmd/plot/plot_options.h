/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plot_options: what the user wants of a picture. */
#ifndef MPTCP_PLOT_OPTIONS_H
#define MPTCP_PLOT_OPTIONS_H

#include "config.h"
#include "error.h"
#include "plot.h"
#include "thin.h"

#include <stdbool.h>

#define MPTCP_PLOT_STYLES 64  /* --style options at most */
#define MPTCP_PLOT_WIDTH 1000 /* pixels, by default */
#define MPTCP_PLOT_HEIGHT 600

/* Strings are borrowed. */
struct mptcp_plot_options {
	const char *format;   /* png, svg, html, pdf, txt, dumb, sixel, kitty or window */
	const char *terminal; /* of gnuplot, instead of the one of the format; NULL for none */
	const char *title;    /* instead of the plot's; NULL for none */
	const char *xlabel, *ylabel, *xunit, *yunit; /* by mptcp_plot_labels */
	const char *styles[MPTCP_PLOT_STYLES];       /* of the lines; NULL: the plot's */
	struct mptcp_buffer style_files;             /* their commands; owned */
	double low[2], high[2]; /* of the axes, in the units of the series; NaN: from the data */
	unsigned width, height; /* 0: the default of the format */
	bool color;             /* in a terminal */
	const struct mptcp_log *log; /* is told how gnuplot is run; NULL: nobody */
	bool epoch;                  /* x is seconds since 1970 ... */
	bool dates;                  /* ... and has the time of day as labels */
};

/* "WIDTHxHEIGHT" or "WIDTH,HEIGHT", each from 1 to 20000. MPTCP_USAGE. */
int mptcp_plot_size(const char *text, unsigned *width, unsigned *height, struct mptcp_error *error);
/* Sets the style of the next line that has none, or reads a style file: what has a slash or ends in
 * .gp. MPTCP_USAGE if there are too many; as mptcp_plot_read. */
int mptcp_plot_style(struct mptcp_plot_options *options, const char *style,
	struct mptcp_error *error);
/*
 * Replaces the names style0 to style9 with the configuration's styles, appends these to the styles
 * given, and checks all. MPTCP_USAGE.
 */
int mptcp_plot_styles(struct mptcp_plot_options *options, const struct mptcp_config *config,
	struct mptcp_error *error);
/*
 * Labels and units of the axes: the plot's; where it leaves those of y open, as attr does, the ones
 * of the packet column `column` (NULL for none).
 */
void mptcp_plot_labels(struct mptcp_plot_options *options, const struct mptcp_plot *plot,
	const char *column);
/* Whether the size is in characters, not pixels. */
bool mptcp_plot_in_characters(const struct mptcp_plot_options *options);
/* The grid to thin a chart for: the ranges, and as many pixels as a picture of that size has. */
struct mptcp_grid mptcp_plot_grid(const struct mptcp_plot_options *options);

#endif
