/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plugin: runs a program of the user's, found as commands.h says, in place of this one. */
#ifndef PLUGIN_H
#define PLUGIN_H

#include "error.h"

/* Becomes the program mptcp-KIND-NAME, with these arguments; 0 if there is none, -1 where it may
 * not be run (trusted.h). */
int plugin_run(const char *kind, const char *name, char **argv, struct mptcp_error *error);

#endif
