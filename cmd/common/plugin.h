/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plugin: runs a program of the user's, found as commands.h says, in place of this one. */
#ifndef PLUGIN_H
#define PLUGIN_H

/* Becomes the program mptcp-KIND-NAME, with these arguments; returns if there is none. */
void plugin_run(const char *kind, const char *name, char **argv);

#endif
