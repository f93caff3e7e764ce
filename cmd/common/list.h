/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * list: what mptcp-lc, -ls and -lt do with their packets: a listing (listing.h), shown once or
 * again and again (follow.h).
 */
#ifndef LIST_H
#define LIST_H

#include "follow.h"
#include "listing.h"

/* Reads all packets of a capture and puts rows into run->table with `rows`, whose context is the
 * listing. `with_tcp`: also regular TCP. For the body of captures_run. */
void list_run(struct tool_run *run, const struct follow *follow, bool with_tcp,
	void (*rows)(struct tool_run *run, void *listing));

#endif
