/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plot_write: a finished picture into a file, or its parts into a folder. */
#ifndef MPTCP_PLOT_WRITE_H
#define MPTCP_PLOT_WRITE_H

#include "chart.h"
#include "error.h"
#include "output.h"
#include "plot.h"
#include "plot_script.h"
#include "protect.h"

/*
 * The format that the ending of a file name asks for: "svg", "png", ... ; NULL for an unknown one.
 */
const char *mptcp_plot_format(const char *file);
/*
 * Draws into `picture`, a descriptor of a new file in memory, which the caller closes: so a gnuplot
 * that fails leaves nothing half done. Formats that show something themselves leave it empty.
 */
int mptcp_plot_draw(const struct mptcp_plot_picture *parts, const char *gnuplot, int *picture,
	struct mptcp_error *error);
/* Copies the picture; html gets its page around it. Errors of the output show when it is closed. */
int mptcp_plot_copy(const struct mptcp_plot_picture *parts, int picture,
	struct mptcp_output *output, struct mptcp_error *error);
/*
 * Leaves NAME.gp, NAME.dat and a Makefile that draws with `gnuplot` in the folder, which is made if
 * it is not there. Old files are replaced once all of the new ones are written; MPTCP_USAGE where
 * one of them is protected.
 */
int mptcp_plot_write_folder(const struct mptcp_plot_picture *parts, const char *gnuplot,
	const char *folder, const struct protect *protect, struct mptcp_error *error);

#endif
