/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_tool: the options of mptcp-check, and what it makes of the findings: rows, messages, a
 * status. */
#ifndef CHECK_TOOL_H
#define CHECK_TOOL_H

#include "check.h"
#include "tool.h"

struct check_wanted {
	struct mptcp_buffer *text; /* for --list and --explain */
	struct mptcp_finding_set only, except, expect;
	bool has_only, has_expect, all, payload, strict;
	enum mptcp_severity level;
};

extern const struct mptcp_option check_options[];
/* As mptcp_tool.take; the context is a struct check_wanted. */
int check_take(int letter, const char *value, void *context, struct mptcp_error *error);

/* Before the first packet: sets what the options ask for. */
void check_prepare(struct mptcp_check *check, const struct check_wanted *wanted);
/* Puts the rows that are wanted of those that are there, and takes them out of the list; adds which
 * findings they are to `found`. */
void check_put_rows(struct tool_run *run, const struct check_wanted *wanted,
	struct mptcp_check *check, struct mptcp_finding_set *found);
/* After the last packet: puts the rows that are left, says what could not be judged, sets the
 * status. */
void check_give_verdict(struct tool_run *run, const struct check_wanted *wanted,
	struct mptcp_check *check, struct mptcp_finding_set *found);

#endif
