/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error: the result of a call, and what went wrong.
 *
 * A function that can fail fills the struct mptcp_error that is its last argument. The library
 * never prints and never exits; running out of memory is an error like any other.
 */
#ifndef MPTCP_PUBLIC_ERROR_H
#define MPTCP_PUBLIC_ERROR_H

/* The result of functions that give one thing after another. */
enum mptcp_result {
	MPTCP_FAILED = -1, /* see the error */
	MPTCP_END = 0,     /* there is nothing more */
	MPTCP_ROW = 1,     /* here is the next one */
	MPTCP_IDLE = 2     /* nothing came for a second; more may come */
};

/* The exit statuses of every tool; see mptcp(7). */
enum mptcp_status {
	MPTCP_DONE = 0,
	MPTCP_NOTHING = 1, /* nothing found, as with grep */
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

#endif
