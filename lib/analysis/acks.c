/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "acks.h"

#include "options.h"

void mptcp_acks_clear(struct mptcp_acks *acks)
{
	mptcp_segments_clear(&acks->segments);
	mptcp_histogram_clear(&acks->rtt);
}

/*
 * RFC 5681 section 2: no payload, the same acknowledgement and the same window as before, while
 * there is payload to acknowledge. One that signals anything but DSS is none (RFC 8684 section 4);
 * nor is the answer to a probe of a closed window.
 */
static bool is_duplicate(const struct mptcp_acks *acks, const struct mptcp_direction *sent,
	const struct mptcp_packet *packet)
{
	const struct mptcp_interval *last = mptcp_intervals_last(&sent->payload.positions);
	uint64_t acked = mptcp_sequence_extend(sent->end, packet->tcpack);

	return !packet->tcplen && !(packet->tcpflags & MPTCP_FIN) && last &&
		acked == sent->payload.acked && last->end > acked && acks->has_window &&
		packet->rwnd == acks->window && packet->rwnd &&
		!(mptcp_packet_subtypes(packet) & ~(1U << MPTCP_DSS));
}

static void take_window(struct mptcp_acks *acks, uint32_t window, bool counts)
{
	acks->has_window = true;
	acks->window = window;
	if (!counts)
		return;
	if (!acks->windows || window < acks->window_min)
		acks->window_min = window;
	if (window > acks->window_max)
		acks->window_max = window;
	acks->windows++;
	acks->window_sum += window;
	acks->zero_windows += !window;
}

static int take_segments(struct mptcp_acks *acks, const struct mptcp_direction *sent,
	const struct mptcp_packet *packet, bool counts)
{
	struct mptcp_segments_ack ack;

	if (mptcp_segments_acknowledge(&acks->segments, sent, packet, packet->abstime, &ack))
		return -1;
	if (!counts)
		return 0;
	if (ack.data) {
		if (!acks->any)
			acks->first = packet->abstime;
		acks->any = true;
		acks->last = packet->abstime;
	}
	return ack.measured ? mptcp_histogram_add(&acks->rtt, (uint64_t)ack.rtt) : 0;
}

int mptcp_acks_add(struct mptcp_acks *acks, const struct mptcp_direction *sent,
	const struct mptcp_packet *packet, bool counts)
{
	bool acknowledges = mptcp_packet_has(packet, MPTCP_COLUMN_tcpack);

	if (packet->tcpflags & MPTCP_RST)
		return 0;
	if (packet->tcpflags & MPTCP_SYN) { /* its window is not scaled */
		if (mptcp_packet_has(packet, MPTCP_COLUMN_mss)) {
			acks->has_mss = true;
			acks->mss = packet->mss;
		}
	} else if (mptcp_packet_has(packet, MPTCP_COLUMN_rwnd)) {
		acks->duplicates += counts && acknowledges && is_duplicate(acks, sent, packet);
		take_window(acks, packet->rwnd, counts);
	}
	return acknowledges ? take_segments(acks, sent, packet, counts) : 0;
}
