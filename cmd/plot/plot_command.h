/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plot_command: the command line of mptcp-plot: its options, and what follows from them for the
 * picture and for the call of mptcp-series.
 */
#ifndef MPTCP_PLOT_COMMAND_H
#define MPTCP_PLOT_COMMAND_H

#include "opt.h"
#include "plot.h"
#include "plot_call.h"
#include "plot_options.h"
#include "plot_source.h"

#include <stdbool.h>

/* Its own options, for struct mptcp_tool. */
extern const struct mptcp_option mptcp_plot_command_options[];

/* Strings are borrowed. */
struct mptcp_plot_command {
	struct mptcp_plot_options picture; /* with ranges of NaN at the start */
	struct mptcp_argv series;          /* options of mptcp-series */
	const char *output, *gnuplot;
	bool display, list, script, trust_user;
	bool folder; /* `output` is a folder */
};

/* Takes an option; `given` is a struct mptcp_plot_command. See struct mptcp_tool. */
int mptcp_plot_command_take(int letter, const char *value, void *given, struct mptcp_error *error);
/*
 * Options override the configuration, which overrides the plot: terminal, styles, labels, format.
 * Checked before anything is computed. MPTCP_USAGE.
 */
int mptcp_plot_command_settle(struct mptcp_plot_command *command,
	const struct mptcp_settings *settings, const struct mptcp_plot *plot,
	struct mptcp_error *error);
/* Whether an operand behind the plot's name is a file to read, or "-" for standard input. */
bool mptcp_plot_command_is_input(const char *operand);
/* Opens the last operand, or what mptcp-series makes of it. */
int mptcp_plot_command_source(const struct mptcp_plot_command *command,
	const struct mptcp_settings *settings, const char *series, struct mptcp_plot_source *source,
	struct mptcp_error *error);
/* MPTCP_USAGE for options that come too late because the input is a series already. */
int mptcp_plot_command_check(const struct mptcp_plot_command *command,
	const struct mptcp_settings *settings, struct mptcp_error *error);
void mptcp_plot_command_clear(struct mptcp_plot_command *command);

#endif
