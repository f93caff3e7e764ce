/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands: the programs mptcp-NAME that `mptcp NAME` runs, wherever they come from.
 *
 * They are looked for in the folder of mptcp itself, in $XDG_DATA_HOME/mptcp/commands, then in the
 * folders of PATH; the first one wins. So a plugin is a program, and none can take the place of a
 * tool.
 */
#ifndef MPTCP_COMMANDS_H
#define MPTCP_COMMANDS_H

#include "argv.h"
#include "buffer.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>

struct mptcp_commands {
	struct mptcp_argv folders; /* in the order of search */
	bool has_own;              /* the first one is our own */
};

struct mptcp_command {
	char *name; /* "lc" */
	char *path; /* of mptcp-lc */
	bool own;   /* from our own folder: a tool, not a plugin */
};

/* `path` is the value of PATH (NULL for none). A zeroed struct is empty; release also after a
 * failure. */
int mptcp_commands_init(struct mptcp_commands *commands, const char *path,
	struct mptcp_error *error);
void mptcp_commands_clear(struct mptcp_commands *commands);
/* The program of a command. 0, or -1 if there is none (not an error). */
int mptcp_commands_find(const struct mptcp_commands *commands, const char *name,
	struct mptcp_buffer *path, bool *own);
/* All commands, sorted by name, each once; to be released with mptcp_commands_list_free. */
int mptcp_commands_list(const struct mptcp_commands *commands, struct mptcp_command **items,
	size_t *count, struct mptcp_error *error);
void mptcp_commands_list_free(struct mptcp_command *items, size_t count);

#endif
