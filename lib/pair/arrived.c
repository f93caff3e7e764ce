/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "arrived.h"

int mptcp_arrived_add(struct mptcp_arrived *arrived, int capture, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_packet taken = *packet;

	arrived->stats[capture].selection = &arrived->selection;
	if (!mptcp_received_has(&arrived->received[capture], packet->tcpstream, packet->tcpdest,
		    packet->packetid)) {
		taken.tcplen = 0;
		taken.present &= ~(MPTCP_HAS(dsn) | MPTCP_HAS(dsn_split));
	}
	return mptcp_stats_add(&arrived->stats[capture], &taken, error);
}

int mptcp_arrived_end(struct mptcp_arrived *arrived, struct mptcp_error *error)
{
	for (int capture = 0; capture < 2; capture++)
		if (mptcp_story_end(&arrived->stats[capture].story, error) ||
			mptcp_stats_rows(&arrived->stats[capture], error))
			return -1;
	return 0;
}

/* Whether a row of the second capture is about the same as one of the first. */
static bool is_same(const struct mptcp_evidence evidence[2], const struct mptcp_stats_row *found,
	const struct mptcp_stats_row *row)
{
	uint32_t connection = found->mptcpstream, stream = found->tcpstream;
	enum mptcp_role dest = found->dest;

	if (!found->plain &&
		(!mptcp_match_connection(&evidence[0], &evidence[1], &connection) ||
			connection != row->mptcpstream))
		return false;
	if (found->plain) { /* TCP roles */
		const struct mptcp_evidence_stream *of =
			mptcp_evidence_stream(&evidence[1], stream);

		if (of && of->flipped)
			dest = mptcp_role_peer(dest);
	}
	return dest == row->dest &&
		(row->total ||
			(mptcp_match_stream(&evidence[0], &evidence[1], &stream) &&
				stream == row->tcpstream));
}

const struct mptcp_stats_row *mptcp_arrived_row(const struct mptcp_arrived *arrived,
	const struct mptcp_stats_row *row, uint32_t tcpstream)
{
	const struct mptcp_evidence *evidence = arrived->evidence;
	int receiver = !mptcp_vantage_sender(arrived->vantage, evidence, 0, tcpstream, row->dest);
	const struct mptcp_stats *stats = &arrived->stats[receiver];

	for (size_t i = 0; i < stats->row_count; i++) {
		const struct mptcp_stats_row *found = &stats->rows[i];

		if (found->total != row->total || found->plain != row->plain)
			continue;
		if (receiver == 1 ? is_same(evidence, found, row)
				  : found->dest == row->dest &&
					(row->plain || found->mptcpstream == row->mptcpstream) &&
					(row->total || found->tcpstream == row->tcpstream))
			return found;
	}
	return NULL;
}

void mptcp_arrived_clear(struct mptcp_arrived *arrived)
{
	mptcp_stats_clear(&arrived->stats[0]);
	mptcp_stats_clear(&arrived->stats[1]);
}
