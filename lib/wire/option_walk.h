/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * option_walk: the options of a TCP header one after the other (RFC 9293 section 3.1).
 *
 *	struct mptcp_option_walk walk = {.bytes = bytes, .length = length};
 *	while ((got = mptcp_option_walk(&walk)) == MPTCP_ROW)
 *		... walk.bytes[walk.at] is the kind, walk.size the length of the option ...
 */
#ifndef MPTCP_OPTION_WALK_H
#define MPTCP_OPTION_WALK_H

#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum {
	MPTCP_KIND_END = 0,
	MPTCP_KIND_NOP = 1,
	MPTCP_KIND_MSS = 2,
	MPTCP_KIND_WINDOW_SCALE = 3,
	MPTCP_KIND_SACK = 5,
	MPTCP_KIND_TIMESTAMPS = 8,
	MPTCP_KIND_MPTCP = 30
};

struct mptcp_option_walk {
	const uint8_t *bytes;
	size_t length;
	size_t at, size; /* of the option */
};

/*
 * The next option that has a length; all its bytes are there. MPTCP_FAILED: the one at `at` has a
 * length below 2, or runs past the end; one without a byte for its length runs past it too.
 */
static inline enum mptcp_result mptcp_option_walk(struct mptcp_option_walk *walk)
{
	walk->at += walk->size;
	while (walk->at < walk->length && walk->bytes[walk->at] == MPTCP_KIND_NOP)
		walk->at++;
	if (walk->at >= walk->length || walk->bytes[walk->at] == MPTCP_KIND_END)
		return MPTCP_END;
	walk->size = walk->at + 1 < walk->length ? walk->bytes[walk->at + 1] : 2;
	return walk->size < 2 || walk->size > walk->length - walk->at ? MPTCP_FAILED : MPTCP_ROW;
}

#endif
