/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * captures: a tool's work on the captures that its command line names: on one, or on each of
 * several.
 *
 * The work is a function that handles one capture; it opens its input and its table with tool.h.
 * For one capture it is called, and that is all. Where there are several (more than one FILE, a CSV
 * with a column `capture`) or the options ask for it (--with-capture, --label, ...), every capture
 * is the work of a process of its own, some of them at once. What they print goes into temporary
 * files; rows and messages come out in the order of the captures, the rows as one table behind
 * the columns `capture` and labels. So the result is that of one call per capture, put together,
 * and a capture that fails, however it does, costs no other.
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
