/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "list.h"

static int add(void *context, const struct mptcp_packet *packet, struct mptcp_error *error)
{
	return mptcp_listing_add(context, packet, error);
}

static int end(void *context, struct mptcp_error *error)
{
	struct mptcp_listing *listing = context;

	return mptcp_story_end(&listing->story, error);
}

static int forget(void *context, struct mptcp_error *error)
{
	struct mptcp_listing *listing = context;

	return mptcp_story_forget(&listing->story, error);
}

static const struct mptcp_story *story(const void *context)
{
	const struct mptcp_listing *listing = context;

	return &listing->story;
}

void list_run(struct tool_run *run, const struct follow *follow, bool with_tcp,
	void (*rows)(struct tool_run *run, void *listing))
{
	const struct follow_work work = {add, end, rows, forget, story};
	struct mptcp_listing listing;

	mptcp_listing_init(&listing, &run->settings.selection);
	listing.story.with_tcp = run->census.with_tcp = with_tcp;
	if (!tool_open_input(run, MPTCP_LISTING_NEEDED, MPTCP_LISTING_COLUMNS) &&
		!follow_start(follow, run))
		follow_run(follow, run, &work, &listing);
	mptcp_listing_clear(&listing);
}
