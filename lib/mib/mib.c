/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mib_parts.h"

#include <stdlib.h>
#include <string.h>

static void free_subflow(void *own)
{
	struct mptcp_mib_subflow *subflow = own;

	mptcp_direction_clear(&subflow->to[0]);
	mptcp_direction_clear(&subflow->to[1]);
	free(subflow);
}

static void free_connection(void *own)
{
	struct mptcp_mib_connection *connection = own;

	mptcp_fate_data_clear(&connection->to[0]);
	mptcp_fate_data_clear(&connection->to[1]);
	free(connection);
}

void mptcp_mib_clear(struct mptcp_mib *mib)
{
	mptcp_story_clear(&mib->story);
	mptcp_check_clear(&mib->check);
	mptcp_reinjections_clear(&mib->reinjections);
	mptcp_mib_cells_clear(mib);
	free(mib->rows);
	*mib = (struct mptcp_mib){0};
}

/* Linux takes a subflow that it opened for fully established with the first of these; one that it
 * accepted, with the third ACK (net/mptcp/options.c check_fully_established). */
static bool confirms(const struct mptcp_packet *packet)
{
	uint16_t subtypes = mptcp_packet_subtypes(packet);

	return (subtypes & 1U << MPTCP_DSS && mptcp_packet_has(packet, MPTCP_COLUMN_dack)) ||
		subtypes & (1U << MPTCP_MP_CAPABLE | 1U << MPTCP_ADD_ADDR);
}

/* What the receiver learns of the subflow. */
static void see_receiver(const struct mptcp_story_subflow *subflow, struct mptcp_mib_end *receiver,
	const struct mptcp_packet *packet)
{
	bool opened = packet->tcpdest == MPTCP_CLIENT;
	bool join = mptcp_packet_subtypes(packet) & 1U << MPTCP_MP_JOIN;

	if (packet->tcpflags & MPTCP_SYN || !subflow->synack.count)
		return;
	if (!receiver->answered.packetid) {
		receiver->answered = mptcp_moment_of(packet);
		receiver->first_option = confirms(packet);
		receiver->first_sequence = packet->tcpseq == 1;
	}
	if (!receiver->confirmed && !(packet->tcpflags & MPTCP_RST) &&
		(confirms(packet) || (!opened && join)) && (packet->tcpseq == 1 || !opened))
		receiver->confirmed = packet->packetid;
}

static int look(struct mptcp_mib *mib, struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct mptcp_mib_subflow *own = subflow->own;
	struct mptcp_mib_end *sender = &own->ends[mptcp_role_peer(packet->tcpdest)];
	struct mptcp_mib_end *receiver = &own->ends[packet->tcpdest];

	if (packet->tcpflags & MPTCP_RST && mptcp_mib_reset(mib, subflow, packet))
		return -1;
	if (!receiver->answered.packetid || !receiver->confirmed)
		see_receiver(subflow, receiver, packet);
	sender->backup |= packet->tcpflags & MPTCP_SYN && packet->backup; /* 0 if it has none */
	sender->spoke |= packet->tcplen || packet->tcpflags & MPTCP_FIN;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack) && !(packet->tcpflags & MPTCP_RST)) {
		sender->edge = packet->tcpack + packet->rwnd;
		sender->has_edge = true;
	}
	return subflow->connection ? mptcp_mib_data(mib, subflow, packet) : 0;
}

int mptcp_mib_add(struct mptcp_mib *mib, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_story_subflow *subflow;

	if (mptcp_mib_hygiene_add(mib, packet, error))
		return -1;
	if (!mib->begun)
		mib->origin = packet->abstime - packet->reltime;
	mib->begun = true;
	if (!mib->reinjections.row)
		mptcp_reinjections_init(&mib->reinjections, MPTCP_REINJECTIONS_AT_ONCE,
			mptcp_mib_reinjected, mib);
	mib->story.with_tcp = mib->kernel && mib->kernel < MPTCP_KERNEL(6, 9);
	mib->story.roster.free_subflow_own = free_subflow;
	mib->story.roster.free_connection_own = free_connection;
	if (mptcp_story_add(&mib->story, packet, &subflow, error))
		return -1;
	if (!subflow)
		return 0;
	if (!subflow->own)
		subflow->own = calloc(1, sizeof(struct mptcp_mib_subflow));
	if (subflow->connection && !subflow->connection->own)
		subflow->connection->own = calloc(1, sizeof(struct mptcp_mib_connection));
	if (!subflow->own || (subflow->connection && !subflow->connection->own) ||
		look(mib, subflow, packet))
		return mptcp_error_memory(error);
	return mptcp_reinjections_add(&mib->reinjections, packet, error);
}

static int compare_endpoints(const struct mptcp_endpoint *a, const struct mptcp_endpoint *b)
{
	int order = memcmp(&a->address, &b->address, sizeof(a->address));

	return order ? order : (int)a->port - (int)b->port;
}

/* By ports and addresses, then by time. */
static int compare_ends(const void *left, const void *right)
{
	const struct mptcp_story_subflow *a = *(struct mptcp_story_subflow *const *)left;
	const struct mptcp_story_subflow *b = *(struct mptcp_story_subflow *const *)right;
	int order = compare_endpoints(&a->ends[0].host, &b->ends[0].host);

	if (!order)
		order = compare_endpoints(&a->ends[1].host, &b->ends[1].host);
	return order ? order : a->tcpstream < b->tcpstream ? -1 : 1;
}

/* Marks subflows that use the ports of earlier ones. */
static int find_reused(struct mptcp_mib *mib)
{
	const struct mptcp_roster *roster = &mib->story.roster;
	size_t count = roster->subflow_count;
	struct mptcp_story_subflow **sorted =
		calloc(count + 1, sizeof(struct mptcp_story_subflow *));

	if (!sorted)
		return -1;
	if (count)
		memcpy(sorted, roster->subflows, count * sizeof(struct mptcp_story_subflow *));
	qsort(sorted, count, sizeof(struct mptcp_story_subflow *), compare_ends);
	for (size_t i = 1; i < count; i++) {
		struct mptcp_mib_subflow *own = sorted[i]->own;

		if (own &&
			!compare_endpoints(&sorted[i - 1]->ends[0].host,
				&sorted[i]->ends[0].host) &&
			!compare_endpoints(&sorted[i - 1]->ends[1].host, &sorted[i]->ends[1].host))
			own->reused = true;
	}
	free(sorted);
	return 0;
}

static int count_all(struct mptcp_mib *mib)
{
	const struct mptcp_roster *roster = &mib->story.roster;

	if (find_reused(mib))
		return -1;
	if (mptcp_events_sort(&mib->story.events) || mptcp_mib_events(mib))
		return -1;
	for (size_t i = 0; i < roster->subflow_count; i++)
		if (mptcp_mib_handshake(mib, roster->subflows[i]))
			return -1;
	for (size_t i = 0; i < roster->connection_count; i++)
		if (mptcp_mib_connection(mib, roster->connections[i]))
			return -1;
	return 0;
}

int mptcp_mib_end(struct mptcp_mib *mib, struct mptcp_error *error)
{
	if (mptcp_story_end(&mib->story, error) || mptcp_mib_hygiene_end(mib, error))
		return -1;
	if (mib->host == MPTCP_MIB_GUESSED && mptcp_mib_guess(mib, error))
		return -1;
	if (count_all(mib))
		return mptcp_error_memory(error);
	mptcp_mib_survey(mib);
	return mptcp_mib_fold(mib, error);
}
