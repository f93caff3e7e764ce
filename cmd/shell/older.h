/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * older: commands as earlier tools had them, in today's words.
 *
 * Names: mptcp_summary is stat, clean_cache is `cache clean`. Operands: `plot dss 0 Client` is
 * `plot dss 0 -d client`; of the two captures of qualify_reinjections, the second is the value of
 * --peer. A builtin or a program of that name comes before an older meaning. Internal to cmd/shell.
 */
#ifndef OLDER_H
#define OLDER_H

#include "shell.h"

/* The words of a command, of which there is at least one, as they would be written today. 0, or -1
 * when memory ran out. */
int older_words(struct shell *shell, char **words, size_t count, struct mptcp_argv *today);

#endif
