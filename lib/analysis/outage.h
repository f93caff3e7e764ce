/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outage: times in which a subflow acknowledges nothing of what was sent on it, and what became of
 * that data, as events of a story: MPTCP_EVENT_SUBFLOW_SILENT, _DATA_MOVED, _SUBFLOW_RESUMED.
 *
 * A subflow is silent when data is outstanding and for half a second, and four round trips at
 * least, none was acknowledged while its connection went on. The event is that of the oldest
 * packet which was not acknowledged; what follows is counted from there. What the capture did not
 * see cannot be told: near a receiver, data that is lost before it.
 *
 * It hangs what it keeps on the `own` of the story's subflows. Memory grows with what is not
 * acknowledged.
 */
#ifndef MPTCP_OUTAGE_H
#define MPTCP_OUTAGE_H

#include "story.h"

/* The columns that it reads; without reinjection_of no DATA_MOVED is told. */
#define MPTCP_OUTAGES_COLUMNS (MPTCP_STORY_COLUMNS | MPTCP_HAS(reinjection_of))

/* Before the first packet. */
void mptcp_outages_begin(struct mptcp_story *story);
/* After mptcp_story_add, with what that said of the packet's subflow (NULL: none). 0, or -1 with an
 * error. */
int mptcp_outages_add(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet, struct mptcp_error *error);
/* After mptcp_story_end: outages that last. 0, or -1 with an error. */
int mptcp_outages_end(struct mptcp_story *story, struct mptcp_error *error);

#endif
