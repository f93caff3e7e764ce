/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vantage: which of two captures is nearer to the client of a connection, and samples for their
 * clocks; see pairing.h.
 *
 * time(b) - time(a) is the clocks' difference plus the delay for what goes from a to b, and the
 * difference minus the delay for what goes the other way. So whichever direction shows the larger
 * value goes from a to b, whatever the clocks say.
 */
#include "pairing.h"

#include <stdlib.h>

int mptcp_vantage_init(struct mptcp_pairing_vantage *vantage, const struct mptcp_evidence *a,
	struct mptcp_error *error)
{
	vantage->streams = calloc(a->stream_count + 1, sizeof(*vantage->streams));
	return vantage->streams ? 0 : mptcp_error_memory(error);
}

/* A sample of the clocks: what goes to `role`, given which side is which. */
static int sample(struct mptcp_pairing_vantage *vantage, const struct mptcp_pairing_side *side,
	const struct mptcp_pair *pair, struct mptcp_error *error)
{
	bool to_b = (pair->tcpdest == MPTCP_SERVER) == (side->votes > 0);

	return mptcp_clock_add(&vantage->clock, to_b, pair->abstime[0],
		pair->abstime[1] - pair->abstime[0], error);
}

int mptcp_vantage_add(struct mptcp_pairing_vantage *vantage, const struct mptcp_pair *pair,
	struct mptcp_error *error)
{
	if (!pair->seen[0] || !pair->seen[1])
		return 0;
	struct mptcp_pairing_side *side = &vantage->streams[pair->stream[0]];

	side->has[pair->tcpdest] = true;
	side->difference[pair->tcpdest] = pair->abstime[1] - pair->abstime[0];
	if (side->has[0] && side->has[1] && side->difference[0] != side->difference[1])
		side->votes +=
			side->difference[MPTCP_SERVER] > side->difference[MPTCP_CLIENT] ? 1 : -1;
	return side->votes ? sample(vantage, side, pair, error) : 0;
}

void mptcp_vantage_end(struct mptcp_pairing_vantage *vantage, const struct mptcp_evidence *a)
{
	int *votes = calloc(a->connection_count + 1, sizeof(*votes));

	for (size_t i = 0; i < a->stream_count; i++) {
		int vote = vantage->streams[i].votes;

		vote = vote > 0 ? 1 : vote < 0 ? -1 : 0;
		vantage->votes += vote;
		if (votes && a->streams[i].connection != MPTCP_NOT_MATCHED)
			votes[a->streams[i].connection] += vote;
	}
	vantage->votes = vantage->votes < 0 ? -1 : 1;
	for (size_t i = 0; i < a->stream_count; i++) {
		uint32_t connection = a->streams[i].connection;
		int *vote = &vantage->streams[i].votes;

		if (!*vote && votes && connection != MPTCP_NOT_MATCHED)
			*vote = votes[connection];
		if (!*vote)
			*vote = vantage->votes;
	}
	free(votes);
}

int mptcp_vantage_sender(const struct mptcp_pairing_vantage *vantage,
	const struct mptcp_evidence evidence[2], int capture, uint32_t tcpstream,
	enum mptcp_role mptcpdest)
{
	const struct mptcp_evidence_stream *stream =
		mptcp_evidence_stream(&evidence[capture], tcpstream);
	int votes = vantage->votes;

	if (stream && capture == 1)
		stream = stream->match.peer == MPTCP_NOT_MATCHED
			? NULL
			: &evidence[0].streams[stream->match.peer];
	if (stream) {
		votes = vantage->streams[stream - evidence[0].streams].votes;
		if (stream->client == MPTCP_SERVER) /* opened by the server of the connection */
			votes = -votes;
	}
	return (mptcpdest == MPTCP_SERVER) == (votes > 0) ? 0 : 1;
}

void mptcp_vantage_clear(struct mptcp_pairing_vantage *vantage)
{
	free(vantage->streams);
	mptcp_clock_clear(&vantage->clock);
	*vantage = (struct mptcp_pairing_vantage){0};
}
