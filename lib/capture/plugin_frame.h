/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plugin_frame: from a row of the plugin inside tshark (plugin_row.h) to a frame. */
#ifndef MPTCP_PLUGIN_FRAME_H
#define MPTCP_PLUGIN_FRAME_H

#include "frame.h"

/*
 * The length of the row at the beginning of `length` bytes: 0 where it is not there as a whole yet,
 * 1 where it is not a row, or not that of frame `number`.
 */
size_t mptcp_plugin_frame_length(const char *bytes, size_t length, uint32_t number);
/* A row as a frame, as mptcp_frame_parse does it for a line. */
enum mptcp_frame_kind mptcp_plugin_frame_parse(struct mptcp_frame *frame, struct mptcp_text text,
	struct mptcp_interned **names);

#endif
