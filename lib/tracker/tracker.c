/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracker: see tracker.h. */
#include "tracker.h"

#include "connection.h"
#include "flow.h"
#include "learn.h"
#include "options.h"
#include "resolve.h"

#include <stdlib.h>
#include <string.h>

/* A frame that waits in the window. */
struct held {
	struct mptcp_frame frame;
	struct mptcp_flow *flow;
	unsigned from;
	void *extra; /* texts of additional fields, one block */
};

struct mptcp_tracker {
	struct mptcp_flows *flows;
	struct mptcp_connections *connections;
	struct mptcp_resolver resolver;
	struct held *window; /* a ring */
	size_t first, count;
	void *extra; /* of the packet given last */
};

struct mptcp_tracker *mptcp_tracker_new(struct mptcp_error *error)
{
	struct mptcp_tracker *tracker = calloc(1, sizeof(*tracker));

	if (tracker) {
		tracker->flows = mptcp_flows_new();
		tracker->connections = mptcp_connections_new();
		tracker->window = calloc(MPTCP_TRACKER_WINDOW + 1, sizeof(*tracker->window));
	}
	if (!tracker || !tracker->flows || !tracker->connections || !tracker->window) {
		mptcp_tracker_release(tracker);
		mptcp_error_memory(error);
		return NULL;
	}
	return tracker;
}

void mptcp_tracker_release(struct mptcp_tracker *tracker)
{
	if (!tracker)
		return;
	for (size_t i = 0; i < tracker->count; i++)
		free(tracker->window[(tracker->first + i) % (MPTCP_TRACKER_WINDOW + 1)].extra);
	free(tracker->extra);
	free(tracker->window);
	mptcp_resolver_release(&tracker->resolver);
	mptcp_connections_release(tracker->connections);
	mptcp_flows_release(tracker->flows);
	free(tracker);
}

/* Copies the texts of additional fields behind their descriptions, in one block. */
static int copy_extra(struct held *held)
{
	size_t size = held->frame.extras * sizeof(struct mptcp_text);

	held->extra = NULL;
	if (!held->frame.extras)
		return 0;
	for (size_t i = 0; i < held->frame.extras; i++)
		size += held->frame.extra[i].length;
	struct mptcp_text *texts = malloc(size);
	if (!texts)
		return -1;
	char *bytes = (char *)(texts + held->frame.extras);
	for (size_t i = 0; i < held->frame.extras; i++) {
		const struct mptcp_text *text = &held->frame.extra[i];

		if (text->length)
			memcpy(bytes, text->bytes, text->length);
		texts[i] = (struct mptcp_text){bytes, text->length};
		bytes += text->length;
	}
	held->frame.extra = held->extra = texts;
	return 0;
}

int mptcp_tracker_take(struct mptcp_tracker *tracker, const struct mptcp_frame *frame,
	int64_t start_time, struct mptcp_error *error)
{
	struct held *held =
		&tracker->window[(tracker->first + tracker->count) % (MPTCP_TRACKER_WINDOW + 1)];
	struct mptcp_options options;

	tracker->resolver.start_time = start_time;
	mptcp_frame_options(frame, &options);
	held->frame = *frame;
	held->flow = mptcp_flows_learn(tracker->flows, frame, &options, &held->from);
	if (!held->flow || copy_extra(held))
		return mptcp_error_memory(error);
	tracker->count++;
	if ((options.count || held->flow->subflow) &&
		mptcp_learn(tracker->connections, held->flow, frame, &options, held->from,
			frame->number))
		return mptcp_error_memory(error);
	return 0;
}

int mptcp_tracker_next(struct mptcp_tracker *tracker, bool drain, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	if (!tracker->count || (!drain && tracker->count <= MPTCP_TRACKER_WINDOW))
		return 0;
	struct held *held = &tracker->window[tracker->first];

	tracker->first = (tracker->first + 1) % (MPTCP_TRACKER_WINDOW + 1);
	tracker->count--;
	free(tracker->extra);
	tracker->extra = held->extra;
	held->extra = NULL;
	if (mptcp_resolve(&tracker->resolver, &held->frame, held->flow, held->from, packet))
		return mptcp_error_memory(error);
	return 1;
}
