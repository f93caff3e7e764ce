/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ends: which FIN, RST and MP_FASTCLOSE end a subflow or connection. See story_parts.h.
 *
 * A RST that its receiver must take (RFC 5961 section 3.2) ends the subflow at once. Any other one
 * may be forged or late: it counts unless its sender goes on with segments other than RST. What the
 * receiver sends proves nothing, as it was under way.
 */
#include "story_parts.h"

bool mptcp_story_expected(const struct mptcp_look *look)
{
	const struct mptcp_packet *packet = look->packet;
	const struct mptcp_story_end *sender = look->sender;
	const struct mptcp_story_subflow *subflow = look->subflow;

	/* in answer to a SYN (RFC 9293 section 3.10.7.3): it acknowledges it */
	if (!sender->sent && look->from == MPTCP_SERVER)
		return !subflow->syn.count ||
			(mptcp_packet_has(packet, MPTCP_COLUMN_tcpack) && packet->tcpack >= 1 &&
				mptcp_sequence_ahead32(packet->tcpack, look->receiver->next) <= 0);
	if (!sender->sent || packet->tcpseq == sender->next)
		return true;
	if (sender->acknowledged && packet->tcpseq == sender->acked)
		return true;
	return sender->fin.packetid && packet->tcpseq == sender->next - 1;
}

static int end_subflow(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_event_kind kind)
{
	struct mptcp_story_connection *connection = subflow->connection;

	if (subflow->ended.packetid)
		return 0;
	/* what the subflow was is settled before it ends */
	if (mptcp_story_settle_handshake(story, subflow, true) ||
		mptcp_story_settle_fallback(story, subflow, true))
		return -1;
	subflow->ended = *moment;
	*(kind == MPTCP_EVENT_SUBFLOW_RESET ? &subflow->reset : &subflow->closed) = true;
	if (subflow->kind == MPTCP_KIND_UNKNOWN && !connection)
		return 0;
	struct mptcp_event event = mptcp_story_event(subflow, moment, kind);

	if (connection) {
		event.kernel = mptcp_story_kernel_subflow_closed(subflow);
		connection->live -= subflow->established && connection->live;
	}
	return mptcp_story_put(story, &event);
}

/* A RST that is believed, of the TCP role `from`. */
static int reset(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_role from, int reason)
{
	if (subflow->ended.packetid)
		return 0;
	if (mptcp_story_refuse(story, subflow, moment, from, reason))
		return -1;
	return end_subflow(story, subflow, moment, MPTCP_EVENT_SUBFLOW_RESET);
}

static int see_reset(const struct mptcp_look *look)
{
	struct mptcp_story_end *sender = look->sender;
	const struct mptcp_option_value *option =
		look->signals ? mptcp_options_find(&look->signals->options, MPTCP_MP_TCPRST) : NULL;
	int16_t reason = option ? option->reset.reason : -1;

	if (mptcp_story_expected(look))
		return reset(look->story, look->subflow, &look->moment, look->from, reason);
	if (look->subflow->ended.packetid || sender->doubted.packetid)
		return 0;
	sender->doubted = look->moment;
	sender->doubted_reason = reason;
	sender->doubted_next = sender->next;
	return mptcp_story_wait(look->story, look->subflow,
		look->packet->abstime + MPTCP_STORY_PATIENCE);
}

/* The sender of a doubtful RST goes on where it was: the RST was not its own. */
static void see_going_on(const struct mptcp_look *look)
{
	struct mptcp_story_end *sender = look->sender;

	if (sender->doubted.packetid &&
		mptcp_sequence_ahead32(look->packet->tcpseq + look->packet->tcplen,
			sender->doubted_next) >= 0)
		sender->doubted.packetid = 0;
}

static int see_fin(const struct mptcp_look *look)
{
	struct mptcp_story_subflow *subflow = look->subflow;

	if (!look->sender->fin.packetid)
		look->sender->fin = look->moment;
	if (!look->receiver->fin.packetid)
		return 0;
	return end_subflow(look->story, subflow, &look->moment, MPTCP_EVENT_SUBFLOW_CLOSED);
}

int mptcp_story_ends(const struct mptcp_look *look)
{
	uint16_t flags = look->packet->tcpflags;

	if (flags & MPTCP_RST)
		return see_reset(look);
	see_going_on(look);
	return flags & MPTCP_FIN ? see_fin(look) : 0;
}

static int put_closed(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment)
{
	struct mptcp_story_connection *connection = subflow->connection;
	struct mptcp_event event =
		mptcp_story_event(subflow, moment, MPTCP_EVENT_CONNECTION_CLOSED);

	/* what never was one does not end */
	if (connection->closed || mptcp_story_connection_state(connection) == MPTCP_STATE_FAILED)
		return 0;
	connection->closed = true;
	event.kernel = mptcp_story_kernel_closed(connection);
	return mptcp_story_put(story, &event);
}

/* Whether all subflows are over: each ended, or never was one. Those that are over stay so: only
 * the others are looked at. */
static bool all_ended(struct mptcp_story_connection *connection)
{
	const struct mptcp_story_subflow *over = connection->over_until;

	for (;;) {
		struct mptcp_story_subflow *subflow = over ? over->next : connection->subflows;

		if (!subflow)
			return connection->any_ended;
		if (!subflow->ended.packetid && !(subflow->failed && !subflow->established))
			return false;
		connection->any_ended |= subflow->ended.packetid &&
			(subflow->established ||
				(subflow == connection->initial && !subflow->failed));
		over = connection->over_until = subflow;
	}
}

/* Whether nothing can join any more, so that the end of the last subflow is the end. */
static bool is_final(const struct mptcp_story_connection *connection)
{
	return connection->fallback.packetid ||
		(connection->to[0].fin.packetid && connection->to[1].fin.packetid);
}

int mptcp_story_connection_end(const struct mptcp_look *look)
{
	struct mptcp_story_connection *connection = look->connection;
	struct mptcp_story_subflow *subflow = look->subflow;

	if (connection->closed)
		return 0;
	if (connection->fastclose.packetid == look->moment.packetid && look->moment.packetid)
		return put_closed(look->story, subflow, &look->moment);
	if (connection->to[0].fin_acked && connection->to[1].fin_acked)
		return put_closed(look->story, subflow, &look->moment);
	/* few packets end a subflow */
	if (subflow->ended.packetid != look->moment.packetid || connection->live ||
		!all_ended(connection))
		return 0;
	connection->ended = look->moment;
	if (is_final(connection))
		return put_closed(look->story, subflow, &look->moment);
	return mptcp_story_wait(look->story, subflow, look->packet->abstime + MPTCP_STORY_PATIENCE);
}

/* No subflow has joined since the last one ended. Where the initial one was not captured, others
 * may be there. */
static int settle_connection(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	bool last)
{
	struct mptcp_story_connection *connection = subflow->connection;

	if (!connection || connection->closed || !connection->ended.packetid ||
		!connection->initial || connection->live || !all_ended(connection))
		return 0;
	if (!last && story->now - connection->ended.abstime < MPTCP_STORY_PATIENCE)
		return 0;
	return put_closed(story, subflow, &connection->ended);
}

int mptcp_story_settle_end(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	bool last)
{
	for (int end = MPTCP_CLIENT; end <= MPTCP_SERVER; end++) {
		struct mptcp_story_end *sender = &subflow->ends[end];

		if (!sender->doubted.packetid ||
			(!last && story->now - sender->doubted.abstime < MPTCP_STORY_PATIENCE))
			continue;
		struct mptcp_moment moment = sender->doubted;

		sender->doubted.packetid = 0;
		if (reset(story, subflow, &moment, (enum mptcp_role)end, sender->doubted_reason))
			return -1;
		if (subflow->connection && !subflow->connection->live &&
			all_ended(subflow->connection))
			subflow->connection->ended = moment;
	}
	return settle_connection(story, subflow, last);
}
