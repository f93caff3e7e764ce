/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "census.h"

#include "signals.h"

void census_clear(struct census *census)
{
	mptcp_numbers_clear(&census->mptcp.index);
	mptcp_numbers_clear(&census->subflows.index);
	mptcp_numbers_clear(&census->plain.index);
	*census = (struct census){0};
}

/* A new number. */
static void put(struct census_numbers *numbers, uint32_t number, uint32_t of_it)
{
	if (mptcp_numbers_set(&numbers->index, number, of_it))
		return;
	if (!numbers->count || number < numbers->lowest)
		numbers->lowest = number;
	if (!numbers->count || number > numbers->highest)
		numbers->highest = number;
	numbers->count++;
}

static void put_subflow(struct census *census, uint32_t mptcpstream, uint32_t tcpstream)
{
	uint32_t subflows = mptcp_numbers_get(&census->mptcp.index, mptcpstream);

	if (census_has(&census->subflows, tcpstream))
		return;
	put(&census->subflows, tcpstream, mptcpstream);
	if (subflows == MPTCP_NUMBERS_NONE)
		put(&census->mptcp, mptcpstream, 1);
	else /* cannot fail: the number has its page */
		mptcp_numbers_set(&census->mptcp.index, mptcpstream, subflows + 1);
}

static void add_plain(struct census *census, const struct mptcp_packet *packet)
{
	if (packet->tcpflags & MPTCP_SYN && !(packet->tcpflags & MPTCP_ACK)) {
		census->syns++;
		census->asking += mptcp_packet_subtypes(packet) != 0;
	}
	if (!census_has(&census->plain, packet->tcpstream))
		put(&census->plain, packet->tcpstream, 0);
}

/* A packet of what is selected; `dest`: the column of its direction. */
static void count_packet(struct census *census, const struct mptcp_selection *selection,
	const struct mptcp_packet *packet, enum mptcp_column_id dest)
{
	bool data = mptcp_packet_has(packet, MPTCP_COLUMN_tcplen) && packet->tcplen;

	census->packets++;
	census->data += data;
	if (data && mptcp_packet_has(packet, dest) &&
		mptcp_selection_takes_moment(selection, packet->reltime))
		census->data_to[dest == MPTCP_COLUMN_tcpdest ? packet->tcpdest
							     : packet->mptcpdest]++;
}

void census_add(struct census *census, const struct mptcp_selection *selection,
	const struct mptcp_packet *packet)
{
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_tcpstream))
		return;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_reltime)) {
		census->has_last = true;
		census->last = packet->reltime;
	}
	if (mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream)) {
		put_subflow(census, packet->mptcpstream, packet->tcpstream);
		if (mptcp_selection_takes_subflow(selection, packet->mptcpstream,
			    packet->tcpstream))
			count_packet(census, selection, packet, MPTCP_COLUMN_mptcpdest);
		return;
	}
	add_plain(census, packet);
	if (census->whole && mptcp_selection_takes_tcp(selection, packet->tcpstream))
		count_packet(census, selection, packet, MPTCP_COLUMN_tcpdest);
}

void census_story(struct census *census, const struct mptcp_story *story, int64_t origin)
{
	const struct mptcp_roster *roster = &story->roster;

	census->has_last = story->now != 0;
	census->last = story->now - origin;
	for (size_t i = 0; i < roster->subflow_count; i++) {
		const struct mptcp_story_subflow *subflow = roster->subflows[i];

		if (subflow->connection)
			put_subflow(census, subflow->connection->mptcpstream, subflow->tcpstream);
	}
}

void census_refuse(struct census *census, const struct mptcp_selection *selection,
	enum mptcp_role to, int64_t reltime)
{
	census->results++;
	if (mptcp_selection_takes_moment(selection, reltime))
		census->results_to[to]++;
}
