/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tracker.h"

#include "connection.h"
#include "duplicates.h"
#include "flow.h"
#include "learn.h"
#include "options.h"
#include "payload.h"
#include "resolve.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A frame that waits in the window. */
struct held {
	struct mptcp_frame frame;
	uint64_t copy_of;        /* number of its original, 0: it is not a copy */
	struct mptcp_flow *flow; /* NULL for copies */
	unsigned from;
	void *extra; /* texts of additional fields, one block */
};

struct mptcp_tracker {
	struct mptcp_flows *flows;
	struct mptcp_connections *connections;
	struct mptcp_resolver resolver;
	struct mptcp_duplicates *duplicates; /* NULL: copies are packets like any other */
	size_t counted;                      /* frames that show what most packets are */
	struct held *window;                 /* a ring */
	size_t first, count;
	/* Of the window, from the first. The others wait for what most packets are, with what was
	 * found of each in a ring beside the window; none wait once enough were counted. */
	size_t learned;
	struct mptcp_duplicate *found;
	void *extra; /* of the packet given last */
};

struct mptcp_tracker *mptcp_tracker_new(struct mptcp_error *error)
{
	struct mptcp_tracker *tracker = calloc(1, sizeof(*tracker));

	if (tracker) {
		tracker->flows = mptcp_flows_new();
		tracker->connections = mptcp_connections_new();
		tracker->duplicates = mptcp_duplicates_new();
		tracker->found = calloc(MPTCP_TRACKER_WINDOW + 1, sizeof(*tracker->found));
		tracker->window = calloc(MPTCP_TRACKER_WINDOW + 1, sizeof(*tracker->window));
	}
	if (!tracker || !tracker->flows || !tracker->connections || !tracker->duplicates ||
		!tracker->found || !tracker->window) {
		mptcp_tracker_free(tracker);
		mptcp_error_memory(error);
		return NULL;
	}
	return tracker;
}

void mptcp_tracker_free(struct mptcp_tracker *tracker)
{
	if (!tracker)
		return;
	for (size_t i = 0; i < tracker->count; i++)
		free(tracker->window[(tracker->first + i) % (MPTCP_TRACKER_WINDOW + 1)].extra);
	free(tracker->extra);
	free(tracker->window);
	mptcp_duplicates_free(tracker->duplicates);
	free(tracker->found);
	mptcp_resolver_clear(&tracker->resolver);
	mptcp_connections_free(tracker->connections);
	mptcp_flows_free(tracker->flows);
	free(tracker);
}

/* Copies the texts of additional fields after their descriptions, in one block. */
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

void mptcp_tracker_keep_duplicates(struct mptcp_tracker *tracker)
{
	mptcp_duplicates_free(tracker->duplicates);
	tracker->duplicates = NULL;
	free(tracker->found);
	tracker->found = NULL;
}

static size_t index_at(const struct mptcp_tracker *tracker, size_t position)
{
	return (tracker->first + position) % (MPTCP_TRACKER_WINDOW + 1);
}

static struct held *held_at(const struct mptcp_tracker *tracker, size_t position)
{
	return &tracker->window[index_at(tracker, position)];
}

/* Is this frame a copy? If so, it shows which ends are the same. */
static int check_copy(struct mptcp_tracker *tracker, struct held *held,
	const struct mptcp_duplicate *found)
{
	held->copy_of = mptcp_duplicates_original(tracker->duplicates, found);
	if (!held->copy_of || !found->translated)
		return 0;
	const struct mptcp_frame original = {
		.source = found->source.address,
		.source_port = found->source.port,
		.destination = found->destination.address,
		.destination_port = found->destination.port,
	};
	return mptcp_flows_translate(tracker->flows, &original, &held->frame);
}

/* Flows and connections learn from the next frame of the window, unless it is a copy. `found` is
 * NULL where there are no copies. */
static int learn_from(struct mptcp_tracker *tracker, const struct mptcp_options *options,
	const struct mptcp_duplicate *found)
{
	struct held *held = held_at(tracker, tracker->learned++);
	const struct mptcp_frame *frame = &held->frame;

	held->flow = NULL;
	held->copy_of = 0;
	if (found && check_copy(tracker, held, found))
		return -1;
	if (held->copy_of)
		return 0;
	held->flow = mptcp_flows_learn(tracker->flows, frame, options, &held->from);
	if (!held->flow)
		return -1;
	if (!options->count && !held->flow->subflow)
		return 0;
	const struct mptcp_learn_segment segment = {tracker->connections, held->flow, held->from,
		frame, options};
	return mptcp_learn(&segment);
}

/*
 * The same for all that wait. Translations come first: where the clocks of two captures differ,
 * the answer may be before the copy of what it answers.
 */
static int learn_from_all(struct mptcp_tracker *tracker)
{
	struct mptcp_options options;

	for (size_t i = tracker->learned; i < tracker->count; i++)
		if (check_copy(tracker, held_at(tracker, i), &tracker->found[index_at(tracker, i)]))
			return -1;
	while (tracker->learned < tracker->count) {
		size_t index = index_at(tracker, tracker->learned);
		const struct mptcp_frame *frame = &tracker->window[index].frame;

		mptcp_frame_options(frame, &options);
		if (learn_from(tracker, &options, &tracker->found[index]))
			return -1;
	}
	return 0;
}

/* The frame taken last, which waits while it counts for what most packets are. */
static int take_last(struct mptcp_tracker *tracker, const struct mptcp_frame *frame)
{
	struct mptcp_duplicate found, *kept = NULL;
	struct mptcp_options options;

	mptcp_frame_options(frame, &options);
	if (!tracker->duplicates)
		return learn_from(tracker, &options, NULL);
	if (tracker->found)
		kept = &tracker->found[index_at(tracker, tracker->count - 1)];
	if (mptcp_duplicates_find(tracker->duplicates, frame, &options, kept, kept ? kept : &found))
		return -1;
	if (!kept)
		return learn_from(tracker, &options, &found);
	if (++tracker->counted < MPTCP_TRACKER_WINDOW)
		return 0;
	int result = learn_from_all(tracker);
	free(tracker->found);
	tracker->found = NULL;
	return result;
}

int mptcp_tracker_take(struct mptcp_tracker *tracker, const struct mptcp_frame *frame,
	int64_t start_time, struct mptcp_error *error)
{
	struct held *held = held_at(tracker, tracker->count);

	tracker->resolver.start_time = start_time;
	held->frame = *frame;
	if (copy_extra(held))
		return mptcp_error_memory(error);
	tracker->count++;
	return take_last(tracker, frame) ? mptcp_error_memory(error) : 0;
}

enum mptcp_result mptcp_tracker_next(struct mptcp_tracker *tracker, bool drain,
	struct mptcp_packet *packet, struct mptcp_error *error)
{
	if (!tracker->count || (!drain && tracker->count <= MPTCP_TRACKER_WINDOW))
		return MPTCP_END;
	if (learn_from_all(tracker))
		return mptcp_error_memory(error);
	struct held *held = held_at(tracker, 0);

	tracker->first = (tracker->first + 1) % (MPTCP_TRACKER_WINDOW + 1);
	tracker->count--;
	tracker->learned--;
	free(tracker->extra);
	tracker->extra = held->extra;
	held->extra = NULL;
	int failed = held->copy_of
		? mptcp_resolve_copy(&tracker->resolver, &held->frame, held->copy_of, packet)
		: mptcp_resolve(&tracker->resolver, &held->frame, held->flow, held->from, packet);
	return failed ? mptcp_error_memory(error) : MPTCP_ROW;
}

int mptcp_tracker_notes(const struct mptcp_tracker *tracker, struct mptcp_buffer *text)
{
	uint64_t mappings = mptcp_connections_passed_over(tracker->connections);

	if (tracker->resolver.in_pieces)
		mptcp_buffer_format(text,
			"%" PRIu64 " packets have payload in more than %d pieces of data: the rest "
			"of it counts as unmapped\n",
			tracker->resolver.in_pieces, MPTCP_PAYLOAD_PIECES);
	if (mappings)
		mptcp_buffer_format(text,
			"%" PRIu64 " mappings lie over more than %d others: only what goes beyond "
			"those is taken of them\n",
			mappings, MPTCP_MAPPING_PARTS);
	return text->failed ? -1 : 0;
}
