/* SPDX-License-Identifier: GPL-2.0-or-later */
/* summary_gather: sorts events, findings and limits by connection, so that each of very many is
 * told from what is its own. */
#include "summary_parts.h"

#include "array.h"

#include <stdlib.h>

static void free_own(void *released)
{
	struct mptcp_summary_own *own = released;

	mptcp_events_clear(&own->events);
	free(own->findings);
	free(own);
}

static struct mptcp_summary_own *own_of(const struct mptcp_roster *roster, uint32_t mptcpstream)
{
	const struct mptcp_story_connection *connection =
		mptcp_roster_connection(roster, mptcpstream);

	return connection ? connection->own : NULL;
}

static int take_limited(void *context, const struct mptcp_limits_row *row,
	struct mptcp_error *error)
{
	struct mptcp_summary_own *own = own_of(context, row->mptcpstream);

	(void)error;
	if (own)
		own->limited[row->dest] = *row;
	return 0;
}

static int take_finding(struct mptcp_summary_own *own, const struct mptcp_finding *finding)
{
	const struct mptcp_finding **findings = mptcp_array_append(own->findings,
		&own->finding_count, &own->finding_capacity, sizeof(*findings));

	if (!findings)
		return -1;
	own->findings = findings;
	findings[own->finding_count - 1] = finding;
	return 0;
}

int mptcp_summary_gather(struct mptcp_summary *summary, struct mptcp_error *error)
{
	struct mptcp_roster *roster = &summary->story.roster;
	const struct mptcp_limits_taker taker = {.origin = summary->origin,
		.put = take_limited,
		.context = roster};

	roster->free_connection_own = free_own;
	for (size_t i = 0; i < roster->connection_count; i++) {
		struct mptcp_summary_own *own = roster->connections[i]->own =
			calloc(1, sizeof(*own));

		if (!own)
			return mptcp_error_memory(error);
		own->limited[MPTCP_CLIENT].length = own->limited[MPTCP_SERVER].length = -1;
	}
	for (size_t i = 0; i < summary->story.events.count; i++) {
		const struct mptcp_event *event = &summary->story.events.list[i];
		struct mptcp_summary_own *own =
			event->has_mptcpstream ? own_of(roster, event->mptcpstream) : NULL;

		if (own && mptcp_events_put(&own->events, event))
			return mptcp_error_memory(error);
	}
	for (size_t i = 0; i < summary->check.count; i++) {
		const struct mptcp_finding *finding = &summary->check.list[i];
		struct mptcp_summary_own *own =
			finding->has_mptcpstream ? own_of(roster, finding->mptcpstream) : NULL;

		if (own && take_finding(own, finding))
			return mptcp_error_memory(error);
	}
	return mptcp_limits_rows(&summary->limits, &taker, error);
}
