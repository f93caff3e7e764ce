/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names: what a user wrote, looked up among the names that exist. */
#ifndef MPTCP_NAMES_H
#define MPTCP_NAMES_H

#include "error.h"
#include "text.h"

#include <stddef.h>

struct mptcp_names {
	const char *const *list;
	size_t count;
};

/* The one most like the `length` bytes of `name`, by letters to add, drop, change or swap; NULL
 * where more than half of the letters of the longer one would have to change. */
const char *mptcp_names_nearest(const struct mptcp_names *names, const char *name, size_t length);
#define MPTCP_NAMES_HINT 192
/* What a message about an unknown name ends with: "; did you mean 'PREFIXNEAREST'?", or ";
 * OTHERWISE"
 * ("": nothing) where no name is like it. */
void mptcp_names_hint(char hint[MPTCP_NAMES_HINT], const struct mptcp_names *names,
	struct mptcp_text name, const char *prefix, const char *otherwise);
/*
 * MPTCP_USAGE: "WHAT 'NAME'; did you mean 'NEAREST'?", or "WHAT 'NAME'; OTHERWISE" where no name is
 * like it. Returns -1.
 */
int mptcp_names_refuse(const struct mptcp_names *names, const char *name, const char *what,
	const char *otherwise, struct mptcp_error *error);
/*
 * Reads a list "a,b,c" of columns: their indices in `names` go into `chosen`, which has room for
 * all of them, in the order of the list. Returns how many, or -1: MPTCP_USAGE naming what is
 * unknown (with the nearest name), appears twice or is empty.
 */
int mptcp_names_choose(const struct mptcp_names *names, const char *list, size_t *chosen,
	struct mptcp_error *error);

#endif
