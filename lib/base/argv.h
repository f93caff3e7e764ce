/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * argv: a list of strings that grows, such as the arguments of a program. A zeroed struct is empty.
 *
 * Functions that add do not fail at once: `failed` remembers that memory ran out, and one check
 * after many of them is enough.
 */
#ifndef MPTCP_ARGV_H
#define MPTCP_ARGV_H

#include <stdbool.h>
#include <stddef.h>

struct mptcp_argv {
	char **items; /* owned, ended by NULL; NULL while nothing was added */
	size_t count, capacity;
	bool failed;
};

void mptcp_argv_add(struct mptcp_argv *argv, const char *item);
void mptcp_argv_add_part(struct mptcp_argv *argv, const char *item, size_t length);
void mptcp_argv_format(struct mptcp_argv *argv, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* All items of a list that NULL ends. */
void mptcp_argv_add_all(struct mptcp_argv *argv, const char *const *items);
void mptcp_argv_clear(struct mptcp_argv *argv);

#endif
