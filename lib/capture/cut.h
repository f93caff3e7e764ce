/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cut: TCP headers of which the snap length cut off a part: how many there are, and the snap length
 * that would do. A zeroed struct has seen nothing.
 */
#ifndef MPTCP_CUT_H
#define MPTCP_CUT_H

#include "buffer.h"
#include "frame.h"

#include <stdint.h>

struct mptcp_cut {
	uint64_t headers; /* of TCP, whole or not */
	uint64_t cut; /* those of which a part is missing, frames that end before them included */
	uint32_t captured; /* bytes of the longest frame that was cut in its headers */
	uint32_t enough;   /* bytes that would have had all headers, with 60 for that of TCP */
};

/*
 * Takes note of a frame as mptcp_frame_parse left it (`is_segment`: what it returned was 1), once
 * its `captured` and `original` are set. A header that is too short in a frame that was captured
 * whole is not cut: frame->options_cut is cleared.
 */
void mptcp_cut_see(struct mptcp_cut *cut, struct mptcp_frame *frame, bool is_segment,
	uint32_t linktype);
/* Appends one line for the user, nothing where no header was cut. 0, or -1 when memory ran out. */
int mptcp_cut_text(const struct mptcp_cut *cut, struct mptcp_buffer *text);

#endif
