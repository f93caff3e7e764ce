/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error: what went wrong, carried upwards.
 *
 * Every function of the library that can fail takes a struct mptcp_error as its last argument,
 * returns -1 (or NULL) and fills it. Nothing in the library prints or exits: a tool prints the text
 * after its name and ends with the status. Struct and results are public; within the library a
 * function that can only run out of memory may return its result without an error.
 */
#ifndef MPTCP_ERROR_H
#define MPTCP_ERROR_H

#include <mptcp/error.h>

/* Fills error (text cut to its size, control characters replaced by '?') and returns -1, so that
 * callers can write `return mptcp_error_set(...)`. */
int mptcp_error_set(struct mptcp_error *error, enum mptcp_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, followed by ": " and the text of errno. */
int mptcp_error_system(struct mptcp_error *error, enum mptcp_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Out of memory: MPTCP_IO. */
int mptcp_error_memory(struct mptcp_error *error);

/* Puts "prefix: " in front of the text that is there. Returns -1. */
int mptcp_error_prefix(struct mptcp_error *error, const char *prefix);

#endif
