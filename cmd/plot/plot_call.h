/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plot_call: the call of mptcp-series that makes a plot's rows. */
#ifndef MPTCP_PLOT_CALL_H
#define MPTCP_PLOT_CALL_H

#include "argv.h"
#include "opt.h"

/* Appends mptcp-series: the one beside this program if there is one, else the one in PATH. */
void mptcp_plot_call_program(struct mptcp_argv *call);
/* The common options, which both tools have, in their long forms. */
void mptcp_plot_call_settings(struct mptcp_argv *call, const struct mptcp_settings *settings);
/*
 * Appends the configuration in force as "VARIABLE=value", for the environment of the program: it
 * works with the same configuration, whichever file that was read from.
 */
void mptcp_plot_call_environment(struct mptcp_argv *call, const struct mptcp_config *config);

#endif
