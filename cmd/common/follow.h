/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * follow: a table that is shown again and again while packets come (--follow, --interval).
 *
 * On a terminal the table is drawn over the one before, cut to the size of the window; elsewhere
 * tables follow each other, separated by an empty line. After the last packet the table is shown
 * whole. What ended long ago is forgotten after each table, so that memory grows with what is going
 * on, not with how long it is watched; without --follow nothing is forgotten.
 */
#ifndef FOLLOW_H
#define FOLLOW_H

#include "tool.h"

/* What the options said. */
struct follow {
	bool on;
	int64_t interval; /* nanoseconds; 0: the default of a second */
};

enum { FOLLOW_ON = MPTCP_OPT_LONG + 100, FOLLOW_INTERVAL };

/* Lines for a tool's table of own options. */
#define FOLLOW_OPTIONS \
	{FOLLOW_ON, "follow", NULL, \
		"show the table again every second while packets arrive; on a terminal in place", \
		MPTCP_COMPLETE_NONE, NULL}, \
	{ \
		FOLLOW_INTERVAL, "interval", "S", \
			"seconds between two tables, from 0.1 to 86400; implies --follow", \
			MPTCP_COMPLETE_NONE, NULL \
	}

/* As mptcp_tool.take, for these two options; the context is the struct follow. */
int follow_take(int letter, const char *value, void *context, struct mptcp_error *error);

/* What a tool does with its packets. `context` is the tool's own. */
struct follow_work {
	int (*add)(void *context, const struct mptcp_packet *packet, struct mptcp_error *error);
	/* After the last packet, before the last rows. NULL for nothing. */
	int (*end)(void *context, struct mptcp_error *error);
	/* Puts the rows known so far into run->table; may be called again after more packets. */
	void (*rows)(struct tool_run *run, void *context);
	/* Forgets what ended long ago. NULL where there is nothing to forget. */
	int (*forget)(void *context, struct mptcp_error *error);
	/* Where it has its connections: what there is when no row is left. */
	const struct mptcp_story *(*story)(const void *context);
};

/* In place of tool_open_table. 0 or -1 (reported, status set). */
int follow_start(const struct follow *follow, struct tool_run *run);
/* Reads all packets and shows the table: once at the end, or again and again. */
void follow_run(const struct follow *follow, struct tool_run *run, const struct follow_work *work,
	void *context);

#endif
