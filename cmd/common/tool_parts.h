/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool_parts: what tool.c and tool_say.c have in common; nobody else includes it. */
#ifndef TOOL_PARTS_H
#define TOOL_PARTS_H

#include "tool.h"

/* Nanoseconds of the monotonic clock. */
int64_t tool_now(void);
/* Shows how far it is, where a fifth of a second has passed; and takes that off the screen. */
void tool_progress(struct tool_run *run);
void tool_erase_progress(struct tool_run *run);
/* Takes over the status of run->error if it is the highest. */
void tool_raise_status(struct tool_run *run);
/* A message of the library; the context is the run. */
void tool_say_for_library(void *context, enum mptcp_log_level level, const char *text);
/* What the options were told to warn of. */
void tool_say_warnings(struct tool_run *run);
/* Of the configuration, what is not the default; how long it took and the exit status: at -vv. */
void tool_say_configuration(struct tool_run *run);
void tool_say_end(struct tool_run *run);

#endif
