/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error: what went wrong, carried upwards.
 *
 * Every function of the library that can fail takes a struct mptcp_error as its last argument,
 * returns -1 (or NULL) and fills it. Nothing in the library prints or exits: a tool prints the text
 * behind its name and ends with the status.
 */
#ifndef MPTCP_ERROR_H
#define MPTCP_ERROR_H

/* What a function says that gives one thing after another. */
enum mptcp_result {
	MPTCP_FAILED = -1, /* its error says why; without one, memory ran out */
	MPTCP_END = 0,     /* there are no more */
	MPTCP_ROW = 1,     /* one more: a packet, frame, line, block or part */
	MPTCP_IDLE = 2     /* not yet: ask again */
};

/* The exit statuses of every tool; see mptcp(7). */
enum mptcp_status {
	MPTCP_DONE = 0,
	MPTCP_NOTHING = 1, /* nothing found, as grep says it */
	MPTCP_USAGE = 2,   /* wrong option or operand */
	MPTCP_DATA = 3,    /* bad input data */
	MPTCP_PROGRAM = 4, /* another program is missing or failed */
	MPTCP_IO = 5       /* reading, writing or allocating failed */
};

struct mptcp_error {
	enum mptcp_status status;
	char text[1024]; /* one line, lower case, no full stop; names the file and the place in it
			    first */
};

/* Fills error (text cut to its size, control characters replaced by '?') and returns -1, so that
 * callers can write `return mptcp_error_set(...)`. */
int mptcp_error_set(struct mptcp_error *error, enum mptcp_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, with ": " and the text of errno behind. */
int mptcp_error_system(struct mptcp_error *error, enum mptcp_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Out of memory: MPTCP_IO. */
int mptcp_error_memory(struct mptcp_error *error);

/* Puts "prefix: " in front of the text that is there. Returns -1. */
int mptcp_error_prefix(struct mptcp_error *error, const char *prefix);

#endif
