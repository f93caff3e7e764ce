/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * actual: what a host's counters MPTcpExt say: read from the output of `nstat` or `nstat -j`, from
 * /proc/net/netstat, or from any JSON object of such counters.
 *
 * All of these are words with a number after them, but for /proc/net/netstat, which has a line of
 * names and a line of numbers. Counters of other protocols are passed over. Whatever is no such
 * number, a fraction or a number with letters behind it, is refused: a wrong number would be
 * judged.
 */
#ifndef MPTCP_ACTUAL_H
#define MPTCP_ACTUAL_H

#include "counters.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mptcp_actual_value {
	char name[64]; /* without MPTcpExt */
	int counter;   /* enum mptcp_counter, -1: not one that is known */
	int64_t value;
};

struct mptcp_actual {
	struct mptcp_actual_value *values;
	size_t count, capacity;
	bool rates; /* nstat's third column is not 0 somewhere: a daemon keeps its history */
};

/* A zeroed struct is empty. */
void mptcp_actual_clear(struct mptcp_actual *actual);
/* Reads text, with a NUL after it. 0 or -1: MPTCP_DATA where there is no counter MPTcpExt, one
 * twice, a name that is none, or a value that is no whole number of 64 bits. */
int mptcp_actual_read(struct mptcp_actual *actual, const char *text, struct mptcp_error *error);
/* The same of a file, or of standard input ("-"). MPTCP_IO where it cannot be read. */
int mptcp_actual_load(struct mptcp_actual *actual, const char *path, struct mptcp_error *error);
/* The value of a counter; NULL: it is not there. */
const struct mptcp_actual_value *mptcp_actual_find(const struct mptcp_actual *actual,
	enum mptcp_counter counter);

#endif
