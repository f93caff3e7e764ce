/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plugin: gives way to a program of the user's that is found as commands.h says. */
#ifndef PLUGIN_H
#define PLUGIN_H

/* Becomes the program mptcp-KIND-NAME, with these arguments; returns where there is none. */
void plugin_run(const char *kind, const char *name, char **argv);

#endif
