/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * captures: a tool's work on the captures that its command line names.
 *
 * The work is a function that handles one capture; it opens its input and its table with tool.h.
 */
#ifndef CAPTURES_H
#define CAPTURES_H

#include "tool.h"

/* What a tool does with one capture. Errors are reported and in run->status. `context` is the
 * tool's own. */
typedef void captures_body(struct tool_run *run, void *context);

/* Takes the ID from the operands of a tool that has one, does the work, and finishes the run.
 * Returns the exit status. */
int captures_run(struct tool_run *run, captures_body *body, void *context);

#endif
