/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "story_parts.h"

#include "array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mptcp_story_clear(struct mptcp_story *story)
{
	mptcp_roster_clear(&story->roster);
	mptcp_events_clear(&story->events);
	free(story->waiting);
	*story = (struct mptcp_story){0};
}

struct mptcp_event mptcp_story_event(const struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_event_kind kind)
{
	return (struct mptcp_event){.moment = *moment,
		.has_mptcpstream = subflow->connection,
		.mptcpstream = subflow->connection ? subflow->connection->mptcpstream : 0,
		.tcpstream = subflow->tcpstream,
		.kind = kind};
}

int mptcp_story_put(struct mptcp_story *story, const struct mptcp_event *event)
{
	return story->without_events ? 0 : mptcp_events_put(&story->events, event);
}

int mptcp_story_tell(struct mptcp_story *story, const struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_event_kind kind, const char *reason)
{
	struct mptcp_event event = mptcp_story_event(subflow, moment, kind);

	snprintf(event.reason, sizeof(event.reason), "%s", reason);
	return mptcp_story_put(story, &event);
}

int mptcp_story_wait(struct mptcp_story *story, struct mptcp_story_subflow *subflow, int64_t time)
{
	if (!story->waiting_count || time < story->due)
		story->due = time;
	if (subflow->waiting)
		return 0;
	struct mptcp_story_subflow **list =
		mptcp_array_append(story->waiting, &story->waiting_count, &story->waiting_capacity,
			sizeof(struct mptcp_story_subflow *));

	if (!list)
		return -1;
	story->waiting = list;
	story->waiting[story->waiting_count - 1] = subflow;
	subflow->waiting = true;
	return 0;
}

static int settle(struct mptcp_story *story, struct mptcp_story_subflow *subflow, bool last)
{
	return mptcp_story_settle_handshake(story, subflow, last) ||
			mptcp_story_settle_fallback(story, subflow, last) ||
			mptcp_story_settle_end(story, subflow, last)
		? -1
		: 0;
}

/* When a subflow has to be looked at again; INT64_MAX: nothing is open. */
static int64_t next_due(const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_story_connection *connection = subflow->connection;
	int64_t due = INT64_MAX;

#define WAIT(condition, since, time) \
	do { \
		if ((condition) && (since) + (time) < due) \
			due = (since) + (time); \
	} while (0)
	for (int end = 0; end < 2; end++) {
		const struct mptcp_story_end *sender = &subflow->ends[end];

		WAIT(sender->doubted.packetid, sender->doubted.abstime, MPTCP_STORY_PATIENCE);
		WAIT(sender->bare.count && !subflow->ended.packetid && connection &&
				!connection->fallback.packetid,
			sender->bare.first.abstime, MPTCP_STORY_PATIENCE);
	}
	if (!subflow->established && !subflow->failed && !subflow->talked) {
		const struct mptcp_step *step =
			subflow->synack.count ? &subflow->synack : &subflow->syn;

		WAIT(step->count, step->last.abstime, MPTCP_STORY_HANDSHAKE);
	}
	WAIT(subflow->held[0] || subflow->held[1] ||
			(subflow->kind == MPTCP_KIND_JOIN && subflow->ack.option &&
				!subflow->established && !subflow->failed),
		subflow->ack.last.abstime, MPTCP_STORY_PATIENCE);
	WAIT(connection && connection->ended.packetid && !connection->closed,
		connection->ended.abstime, MPTCP_STORY_PATIENCE);
#undef WAIT
	return due;
}

/* What is due now. What stays open is looked at again after a second at the earliest, so that the
 * list is not gone through with every packet. */
static int settle_due(struct mptcp_story *story)
{
	size_t kept = 0;
	int64_t due = INT64_MAX;

	for (size_t i = 0; i < story->waiting_count; i++) {
		struct mptcp_story_subflow *subflow = story->waiting[i];

		if (settle(story, subflow, false))
			return -1;
		int64_t next = next_due(subflow);

		subflow->waiting = next != INT64_MAX;
		if (!subflow->waiting)
			continue;
		if (next < due)
			due = next;
		story->waiting[kept++] = subflow;
	}
	story->waiting_count = kept;
	story->due = due < story->now + MPTCP_SECOND ? story->now + MPTCP_SECOND : due;
	return 0;
}

/* What the packet moves on the TCP level, after it was judged; `controls` is how many of SYN and
 * FIN it has. */
static inline void follow_sequence(struct mptcp_story *story, struct mptcp_story_end *sender,
	struct mptcp_story_end *receiver, const struct mptcp_packet *packet, unsigned controls)
{
	uint32_t next = packet->tcpseq + packet->tcplen + controls;

	if (!sender->sent || mptcp_sequence_ahead32(next, sender->next) > 0)
		sender->next = next;
	sender->sent = true;
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_tcpack))
		return;
	if (receiver->sent)
		story->two_ways = true;
	else
		story->one_way = true;
	if (!receiver->acknowledged || mptcp_sequence_ahead32(packet->tcpack, receiver->acked) > 0)
		receiver->acked = packet->tcpack;
	receiver->acknowledged = true;
}

static int add_eventful(const struct mptcp_look *look)
{
	if (mptcp_story_signalling(look) || mptcp_story_handshake(look))
		return -1;
	if (look->connection && (mptcp_story_data_fin(look) || mptcp_story_fallback(look)))
		return -1;
	if (mptcp_story_ends(look))
		return -1;
	if (!look->connection)
		return 0;
	mptcp_story_data_ack(look);
	return mptcp_story_connection_end(look);
}

/* A packet of a running transfer: nothing to report. Members that the packet does not have are 0.
 */
static inline bool is_plain(const struct mptcp_story_subflow *subflow,
	const struct mptcp_story_end *sender, const struct mptcp_packet *packet)
{
	const struct mptcp_story_connection *connection = subflow->connection;

	if (packet->tcpflags & (MPTCP_SYN | MPTCP_FIN | MPTCP_RST) || sender->doubted.packetid ||
		mptcp_packet_has(packet, MPTCP_COLUMN_malformed))
		return false;
	if (!connection)
		return subflow->talked && !packet->subtype;
	return packet->subtype == MPTCP_OPTION_BIT(DSS) && !packet->datafin &&
		(packet->dss_length || !mptcp_packet_has(packet, MPTCP_COLUMN_dss_length)) &&
		subflow->established && !subflow->held[0] && !subflow->held[1] &&
		!connection->to[0].fin.packetid && !connection->to[1].fin.packetid;
}

/* Regular TCP is left out unless it is asked for, or it is a join that belongs nowhere. */
static bool is_wanted(const struct mptcp_story *story, const struct mptcp_packet *packet)
{
	const uint64_t is = packet->present &
		(MPTCP_HAS(tcpstream) | MPTCP_HAS(mptcpstream) | MPTCP_HAS(duplicate_of));

	if (is == (MPTCP_HAS(tcpstream) | MPTCP_HAS(mptcpstream)))
		return true;
	if (is != MPTCP_HAS(tcpstream))
		return false;
	return story->with_tcp || packet->subtype & MPTCP_OPTION_BIT(MP_JOIN) ||
		mptcp_roster_subflow(&story->roster, packet->tcpstream);
}

/* A packet that may matter. */
static int examine(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct mptcp_signals signals;
	enum mptcp_role from = mptcp_role_peer(packet->tcpdest);
	struct mptcp_look look = {
		.story = story,
		.connection = subflow->connection,
		.subflow = subflow,
		.sender = &subflow->ends[from],
		.receiver = &subflow->ends[packet->tcpdest],
		.packet = packet,
		.moment = mptcp_moment_of(packet),
		.subtypes = mptcp_packet_subtypes(packet),
		.from = from,
		.role = mptcp_story_role(subflow, from),
		.unknown_options = mptcp_packet_has(packet, MPTCP_COLUMN_options_cut),
		.malformed = mptcp_packet_has(packet, MPTCP_COLUMN_malformed),
	};

	if (mptcp_signals_read(&signals, packet))
		look.signals = &signals;
	return add_eventful(&look);
}

/* A number that a packet has both ways. */
static inline void see_number(struct mptcp_story_data *data, uint64_t relative, uint64_t absolute)
{
	data->has_base = true;
	data->base = absolute - relative;
	data->highest = absolute;
}

/* What every packet shows of its connection. */
static inline void see_connection(struct mptcp_story_connection *connection,
	const struct mptcp_packet *packet)
{
	const uint64_t dsn = MPTCP_HAS(dsn) | MPTCP_HAS(dsn_raw);
	const uint64_t dack = MPTCP_HAS(dack) | MPTCP_HAS(dack_raw);

	connection->last = packet->abstime;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_mptcpversion)) {
		connection->has_version = true;
		connection->version = packet->mptcpversion;
	}
	if ((packet->present & dsn) == dsn)
		see_number(&connection->to[packet->mptcpdest], packet->dsn, packet->dsn_raw);
	if ((packet->present & dack) == dack)
		see_number(&connection->to[!packet->mptcpdest], packet->dack, packet->dack_raw);
}

static int add(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct mptcp_story_connection *connection = subflow->connection;
	struct mptcp_story_end *sender = subflow->ends + (packet->tcpdest ^ 1);
	struct mptcp_story_end *receiver = subflow->ends + packet->tcpdest;
	uint16_t flags = packet->tcpflags;

	if (connection)
		see_connection(connection, packet);
	else
		subflow->last = packet->abstime;
	story->plain = is_plain(subflow, sender, packet);
	if (story->plain) {
		if (connection)
			mptcp_story_mapping(subflow, sender, receiver, packet);
		follow_sequence(story, sender, receiver, packet, 0);
		return 0;
	}
	if (examine(story, subflow, packet))
		return -1;
	if (!(flags & MPTCP_RST))
		follow_sequence(story, sender, receiver, packet,
			(flags & MPTCP_SYN ? 1U : 0U) + (flags & MPTCP_FIN ? 1U : 0U));
	return 0;
}

/* Most packets belong where one shortly before did. */
static inline struct mptcp_story_subflow *place(struct mptcp_story *story,
	const struct mptcp_packet *packet)
{
	struct mptcp_story_subflow **recent =
		&story->recent[packet->tcpstream % MPTCP_STORY_RECENT];

	if (!*recent || (*recent)->tcpstream != packet->tcpstream || !(*recent)->connection)
		*recent = mptcp_roster_place(&story->roster, packet);
	return *recent;
}

int mptcp_story_add(struct mptcp_story *story, const struct mptcp_packet *packet,
	struct mptcp_story_subflow **subflow, struct mptcp_error *error)
{
	struct mptcp_story_subflow *found = NULL;

	if (subflow)
		*subflow = NULL;
	if (packet->abstime > story->now)
		story->now = packet->abstime;
	story->beyond_syns |= !(packet->tcpflags & (MPTCP_SYN | MPTCP_RST));
	if (story->waiting_count && story->now >= story->due && settle_due(story))
		return mptcp_error_memory(error);
	if (!is_wanted(story, packet))
		return 0;
	found = place(story, packet);
	if (!found || add(story, found, packet))
		return mptcp_error_memory(error);
	if (subflow)
		*subflow = found;
	return 0;
}

int mptcp_story_pass(struct mptcp_story *story, int64_t time, struct mptcp_error *error)
{
	if (time <= story->now)
		return 0;
	story->now = time;
	if (story->waiting_count && time >= story->due && settle_due(story))
		return mptcp_error_memory(error);
	return 0;
}

int mptcp_story_end(struct mptcp_story *story, struct mptcp_error *error)
{
	/* the subflows first: whether one failed decides about its connection */
	for (size_t i = 0; i < story->roster.subflow_count; i++)
		if (settle(story, story->roster.subflows[i], false))
			return mptcp_error_memory(error);
	for (size_t i = 0; i < story->roster.subflow_count; i++)
		if (settle(story, story->roster.subflows[i], true))
			return mptcp_error_memory(error);
	return 0;
}

static bool is_over(const struct mptcp_story_connection *connection, int64_t now)
{
	bool ended = connection->closed ||
		(connection->to[0].fin.packetid && connection->to[1].fin.packetid) ||
		connection->fastclose.packetid ||
		(connection->initial && connection->initial->failed &&
			!connection->initial->established);

	return now - connection->last >
		(ended ? MPTCP_STORY_FORGET_ENDED : MPTCP_STORY_FORGET_SILENT);
}

/* The same of a TCP connection of no MPTCP connection. */
static bool is_tcp_over(const struct mptcp_story_subflow *subflow, int64_t now)
{
	return now - subflow->last > (subflow->ended.packetid || subflow->failed
						     ? MPTCP_STORY_FORGET_ENDED
						     : MPTCP_STORY_FORGET_SILENT);
}

int mptcp_story_find_over(struct mptcp_story *story, bool *any, struct mptcp_error *error)
{
	static const struct mptcp_roster_over over = {is_over, is_tcp_over};
	size_t kept = 0;

	*any = mptcp_roster_mark(&story->roster, &over, story->now);
	for (size_t i = 0; *any && i < story->waiting_count; i++) {
		struct mptcp_story_subflow *subflow = story->waiting[i];

		if (!subflow->over)
			story->waiting[kept++] = subflow;
		else if (settle(story, subflow, true))
			return mptcp_error_memory(error);
	}
	if (*any)
		story->waiting_count = kept;
	return 0;
}

int mptcp_story_forget_over(struct mptcp_story *story, struct mptcp_error *error)
{
	memset(story->recent, 0, sizeof(story->recent));
	return mptcp_roster_forget(&story->roster) ? mptcp_error_memory(error) : 0;
}

int mptcp_story_forget(struct mptcp_story *story, struct mptcp_error *error)
{
	bool any;

	if (mptcp_story_find_over(story, &any, error))
		return -1;
	return any ? mptcp_story_forget_over(story, error) : 0;
}
