/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reread: the capture of a tool that reads it several times, be it standard input or a pipe. */
#ifndef REREAD_H
#define REREAD_H

#include "capture.h"
#include "temporary.h"
#include "tool.h"

struct reread {
	const char *path;  /* by which it can be opened again and again */
	char *operands[1]; /* the same, for tool_open_input */
	char copied[TEMPORARY_PATH];
	int copy; /* of what can be read only once; -1 for none */
};
#define REREAD_NONE ((struct reread){.copy = -1})

/* Takes this operand (NULL: standard input), which is not to be written over, as the tool's. 0, or
 * -1, reported. */
int reread_take(struct tool_run *run, struct reread *reread, const char *operand);
/* Its container, from the start, the caller's to close; NULL with the run's error. */
struct mptcp_capture *reread_open(struct tool_run *run, const struct reread *reread);
void reread_clear(struct reread *reread);

#endif
