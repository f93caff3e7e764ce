/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "segments.h"

#include "piece.h"

#define SACKED_MOST 64 /* ranges that may lie below the acknowledgement */

void mptcp_segments_clear(struct mptcp_segments *segments)
{
	mptcp_rtt_clear(&segments->rtt);
	mptcp_intervals_clear(&segments->sacked);
}

/*
 * The blocks that a packet acknowledges selectively. *twice becomes true where the first one says
 * that something came twice (RFC 2883): below the acknowledgement, or within the second block.
 */
static int take_sack(struct mptcp_segments *segments, const struct mptcp_packet *packet,
	uint64_t acked, bool *twice)
{
	struct mptcp_interval first = {0}, gap;
	uint32_t left, right;
	size_t blocks = 0;

	for (size_t at = 0; mptcp_sack_next(packet, &at, &left, &right); blocks++) {
		uint64_t start = mptcp_sequence_extend(acked, left);
		uint64_t end = mptcp_sequence_extend(acked, right);

		if (blocks == 0)
			first = (struct mptcp_interval){start, end};
		*twice |= blocks == 0 ? start < acked
				      : blocks == 1 && start <= first.start && end >= first.end;
		/* each block is repeated many times: only what is new of it is marked */
		while (mptcp_intervals_gap(&segments->sacked, start, end, &gap)) {
			mptcp_rtt_sack(&segments->rtt, gap.start, gap.end);
			if (mptcp_intervals_add(&segments->sacked, gap.start, gap.end, NULL))
				return -1;
		}
	}
	mptcp_intervals_forget(&segments->sacked, acked, SACKED_MOST);
	return 0;
}

int mptcp_segments_acknowledge(struct mptcp_segments *segments, const struct mptcp_direction *sent,
	const struct mptcp_packet *packet, int64_t time, struct mptcp_segments_ack *ack)
{
	struct mptcp_rtt_newest newest = {0};
	struct mptcp_rtt_sample sample;

	*ack = (struct mptcp_segments_ack){0};
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_tcpack) || !sent->numbered ||
		packet->tcpflags & MPTCP_RST)
		return 0;
	uint64_t acked = mptcp_sequence_extend(sent->end, packet->tcpack);

	ack->anew = mptcp_rtt_acknowledge(&segments->rtt, acked, time);
	while (ack->anew && mptcp_rtt_next(&segments->rtt, &sample)) {
		ack->data = true;
		mptcp_rtt_newest_see(&newest, &sample);
		if (segments->all && sample.measured &&
			mptcp_histogram_add(segments->all, (uint64_t)sample.rtt))
			return -1;
	}
	ack->measured = mptcp_rtt_newest_measured(&newest);
	ack->sent = newest.sent;
	ack->rtt = newest.rtt;
	return mptcp_packet_has(packet, MPTCP_COLUMN_sack)
		? take_sack(segments, packet, acked, &ack->twice)
		: 0;
}
