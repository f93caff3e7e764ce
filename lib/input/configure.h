/* SPDX-License-Identifier: GPL-2.0-or-later */
/* configure: what the configuration says about reading captures and CSV, for whoever opens an
 * input. */
#ifndef MPTCP_CONFIGURE_H
#define MPTCP_CONFIGURE_H

#include "config.h"
#include "error.h"
#include "input.h"

#define MPTCP_JOBS_MAX 1024

/* Sets what is not set in `options` (0, NULL); texts belong to the configuration. MPTCP_DATA names
 * the key whose value cannot be used, and where it stands. */
int mptcp_input_configure(struct mptcp_input_options *options, const struct mptcp_config *config,
	struct mptcp_error *error);
/* One character, or "tab" or "\t". -1 for anything else, and for quotes and line ends, which have
 * a meaning of their own in CSV. */
int mptcp_input_delimiter(const char *text, char *delimiter);

#endif
