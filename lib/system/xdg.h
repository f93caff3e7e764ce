/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xdg: the folders of the XDG Base Directory Specification.
 *
 * A value that is empty or not an absolute path is ignored, as the specification says. Paths
 * replace what is in `path`, which is left empty where there is neither the variable nor HOME. They
 * return 0, or -1 when memory ran out (path->failed is set then).
 */
#ifndef MPTCP_XDG_H
#define MPTCP_XDG_H

#include "buffer.h"

int mptcp_xdg_cache(struct mptcp_buffer *path);  /* $XDG_CACHE_HOME/mptcp, ~/.cache/mptcp */
int mptcp_xdg_config(struct mptcp_buffer *path); /* $XDG_CONFIG_HOME/mptcp, ~/.config/mptcp */
int mptcp_xdg_data(struct mptcp_buffer *path);   /* $XDG_DATA_HOME/mptcp, ~/.local/share/mptcp */
int mptcp_xdg_state(struct mptcp_buffer *path);  /* $XDG_STATE_HOME/mptcp, ~/.local/state/mptcp */
/*
 * The n-th, from 0, of the absolute paths in $XDG_CONFIG_DIRS (default /etc/xdg), with /mptcp; the
 * first is the most important. -1 after the last.
 */
int mptcp_xdg_config_dir(unsigned n, struct mptcp_buffer *path);
/* Creates the folder and its parents, mode 0700 as the specification says. 0, or -1 with errno. */
int mptcp_xdg_make(const char *path);

#endif
