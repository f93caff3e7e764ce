/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plot_call: the call of mptcp-series that makes a plot's rows: an argument vector that grows. A
 * zeroed struct is empty.
 */
#ifndef MPTCP_PLOT_CALL_H
#define MPTCP_PLOT_CALL_H

#include "opt.h"

#include <stdbool.h>
#include <stddef.h>

struct mptcp_plot_call {
	char **argv; /* owned, NULL-terminated; NULL while nothing was added */
	size_t count;
	bool failed; /* memory ran out; later calls do nothing */
};

/* Appends mptcp-series: the one beside this program if there is one, else the one in PATH. */
void mptcp_plot_call_program(struct mptcp_plot_call *call);
void mptcp_plot_call_add(struct mptcp_plot_call *call, const char *argument);
void mptcp_plot_call_format(struct mptcp_plot_call *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The common options, which both tools have, in their long forms. */
void mptcp_plot_call_settings(struct mptcp_plot_call *call, const struct mptcp_settings *settings);
/*
 * Appends the configuration in force as "VARIABLE=value", for the environment of the program: it
 * works by the same configuration, whichever file that was read from.
 */
void mptcp_plot_call_environment(struct mptcp_plot_call *call, const struct mptcp_config *config);
void mptcp_plot_call_release(struct mptcp_plot_call *call);

#endif
