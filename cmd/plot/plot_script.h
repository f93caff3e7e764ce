/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plot_script: the gnuplot program of a picture: what precedes every plot, then the plot itself.
 *
 * The first part has terminal, titles, ranges, line styles of a colour-blind-safe palette, the
 * data, and the names by which a plot reads them (mptcp-plot(1) lists them). The same chart gives
 * the same bytes.
 */
#ifndef MPTCP_PLOT_SCRIPT_H
#define MPTCP_PLOT_SCRIPT_H

#include "buffer.h"
#include "chart.h"
#include "error.h"
#include "plot.h"
#include "plot_options.h"

/* What a picture is made from. All borrowed. */
struct mptcp_plot_picture {
	const struct mptcp_plot *plot;
	const struct mptcp_plot_options *options;
	const struct mptcp_chart *chart;
};

/* Appends the chart's numbers as blocks that gnuplot's `index` selects, in the units of the axes.
 */
int mptcp_plot_data(const struct mptcp_plot_options *options, const struct mptcp_chart *chart,
	struct mptcp_buffer *data, struct mptcp_error *error);
/*
 * Appends the program. Its data are in the program itself, or, where `file` is not NULL, in a file
 * of that name with what mptcp_plot_data gives. Styles have been checked with
 * mptcp_gnuplot_check_words.
 */
int mptcp_plot_script(const struct mptcp_plot_picture *parts, const char *file,
	struct mptcp_buffer *script, struct mptcp_error *error);

#endif
