/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracker: frames in, packets out: all TCP and MPTCP state of a capture.
 *
 * What a frame shows is learned at once (flow.h, learn.h), and it is resolved (resolve.h) only
 * MPTCP_TRACKER_WINDOW frames later, so that a packet captured before the one that explains it is
 * still explained. The window counts frames, nothing else, so that the packets depend on the
 * capture alone. From the second capture of a packet nothing is learned, and it belongs to no
 * stream: what most packets of the capture are (duplicates.h) is decided on the first window, or on
 * what there is when it is drained before. Memory grows with connections and with what is
 * unacknowledged, not with packets.
 */
#ifndef MPTCP_TRACKER_H
#define MPTCP_TRACKER_H

#include "buffer.h"
#include "error.h"
#include "frame.h"
#include "packet.h"

#include <stdbool.h>

#define MPTCP_TRACKER_WINDOW 8192

struct mptcp_tracker;

struct mptcp_tracker *mptcp_tracker_new(struct mptcp_error *error);
void mptcp_tracker_free(struct mptcp_tracker *tracker);
/* Before the first frame: copies are to be packets like any other. */
void mptcp_tracker_keep_duplicates(struct mptcp_tracker *tracker);
/* Takes a frame (copied). `start_time` is that of the capture's first packet. Call
 * mptcp_tracker_next until it returns 0 before the next one. */
int mptcp_tracker_take(struct mptcp_tracker *tracker, const struct mptcp_frame *frame,
	int64_t start_time, struct mptcp_error *error);
/* The next packet, valid until the next call, if more than the window is held back, or anything at
 * all with `drain`; otherwise MPTCP_END. */
enum mptcp_result mptcp_tracker_next(struct mptcp_tracker *tracker, bool drain,
	struct mptcp_packet *packet, struct mptcp_error *error);
/* After the last packet: adds what was left out because of an effort that no real packet asks for,
 * a line each with its end. 0, or -1 when memory ran out. */
int mptcp_tracker_notes(const struct mptcp_tracker *tracker, struct mptcp_buffer *text);

#endif
