/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mib_handshake: what is counted for the handshakes, from the steps that the story has of them, and
 * for connections as a whole. See mib_parts.h.
 */
#include "mib_parts.h"

#include <string.h>

#define PROHIBITED 3 /* reason of MP_TCPRST, RFC 8684 section 3.6 */

/* A subflow, and both hosts by TCP role. */
struct handshake {
	struct mptcp_mib *mib;
	const struct mptcp_story_subflow *subflow;
	const struct mptcp_mib_subflow *own;
};

static int one(const struct handshake *shake, enum mptcp_role tcp,
	const struct mptcp_moment *moment, enum mptcp_counter counter)
{
	struct mptcp_mib_place place = {shake->subflow, moment,
		mptcp_story_role(shake->subflow, tcp)};

	return mptcp_mib_one(shake->mib, &place, counter);
}

static int between(const struct handshake *shake, enum mptcp_role tcp,
	const struct mptcp_moment *moment, enum mptcp_counter counter, const int range[3])
{
	struct mptcp_mib_place place = {shake->subflow, moment,
		mptcp_story_role(shake->subflow, tcp)};

	return mptcp_mib_count(shake->mib, &place, counter, range);
}

bool mptcp_mib_fell_back_at_once(const struct mptcp_mib_subflow *own)
{
	const struct mptcp_mib_end *end = &own->ends[MPTCP_CLIENT];

	return end->answered.packetid && !end->first_option && end->first_sequence;
}

/* The host that opens a connection. */
static int count_opener(const struct handshake *shake)
{
	const struct mptcp_story_subflow *subflow = shake->subflow;
	const struct mptcp_step *synack = &subflow->synack;
	const struct mptcp_mib_end *end = &shake->own->ends[MPTCP_CLIENT];

	/* an earlier connection of the same ports may be in the way: then connect() fails, and
	 * counts, though nothing is sent */
	if (between(shake, MPTCP_CLIENT, &subflow->syn.first, MPTCP_COUNTER_MPCapableSYNTX,
		    (const int[3]){1, 1, shake->own->reused ? MPTCP_MIB_OPEN : 1}))
		return -1;
	if (subflow->plain_syn.packetid) {
		if (one(shake, MPTCP_CLIENT, &subflow->plain_syn, MPTCP_COUNTER_MPCapableSYNTXDrop))
			return -1;
		return synack->count ? between(shake, MPTCP_CLIENT, &synack->first,
					       MPTCP_COUNTER_Blackhole, (const int[3]){0, 1, 1})
				     : 0;
	}
	if (subflow->crossed)
		return 0;
	if (!synack->count || synack->unknown)
		return 0;
	if (!synack->option)
		return one(shake, MPTCP_CLIENT, &synack->first,
			MPTCP_COUNTER_MPCapableFallbackSYNACK);
	if (one(shake, MPTCP_CLIENT, &synack->first, MPTCP_COUNTER_MPCapableSYNACKRX))
		return -1;
	return mptcp_mib_fell_back_at_once(shake->own)
		? one(shake, MPTCP_CLIENT, &end->answered, MPTCP_COUNTER_MPCapableDataFallback)
		: 0;
}

/* The host that accepts it. */
static int count_listener(const struct handshake *shake)
{
	const struct mptcp_story_subflow *subflow = shake->subflow;
	const struct mptcp_mib_end *end = &shake->own->ends[MPTCP_SERVER];

	if (!subflow->synack.option || subflow->crossed)
		return 0;
	if (one(shake, MPTCP_SERVER, &subflow->syn.first, MPTCP_COUNTER_MPCapableSYNRX))
		return -1;
	if (!end->answered.packetid || !subflow->ack.count)
		return 0;
	if (!subflow->ack.option || subflow->ack.first.packetid != end->answered.packetid)
		return 0;
	return between(shake, MPTCP_SERVER, &subflow->ack.first, MPTCP_COUNTER_MPCapableACKRX,
		(const int[3]){end->spoke, 1, 1});
}

static int count_listener_fallback(const struct handshake *shake)
{
	const struct mptcp_story_subflow *subflow = shake->subflow;
	const struct mptcp_mib_end *end = &shake->own->ends[MPTCP_SERVER];

	if (!subflow->synack.option || subflow->crossed || !end->answered.packetid ||
		end->first_option)
		return 0;
	return one(shake, MPTCP_SERVER, &end->answered, MPTCP_COUNTER_MPCapableFallbackACK);
}

static bool is_other_port(const struct handshake *shake, enum mptcp_role of)
{
	const struct mptcp_story_connection *connection = shake->subflow->connection;

	return connection &&
		connection->ends[mptcp_story_role(shake->subflow, of)].port !=
		shake->subflow->ends[of].host.port;
}

/* The host that joins. */
static int count_joiner(const struct handshake *shake, bool wrong)
{
	const struct mptcp_story_subflow *subflow = shake->subflow;
	const struct mptcp_mib_end *end = &shake->own->ends[MPTCP_CLIENT];
	const struct mptcp_moment *when = &subflow->synack.first;
	bool sure = subflow->ack.option, refused = !sure && end->reset;

	if (one(shake, MPTCP_CLIENT, &subflow->syn.first, MPTCP_COUNTER_MPJoinSynTx))
		return -1;
	if (!subflow->synack.count || subflow->synack.unknown)
		return 0;
	if (!subflow->synack.option)
		return one(shake, MPTCP_CLIENT, when, MPTCP_COUNTER_MPJoinSynAckNoMPJoin);
	if (wrong)
		return one(shake, MPTCP_CLIENT, when, MPTCP_COUNTER_MPJoinSynAckHMacFailure);
	if (refused)
		return 0;
	const int range[3] = {sure, 1, 1};

	if (between(shake, MPTCP_CLIENT, when, MPTCP_COUNTER_MPJoinSynAckRx, range))
		return -1;
	if (shake->own->ends[MPTCP_SERVER].backup &&
		between(shake, MPTCP_CLIENT, when, MPTCP_COUNTER_MPJoinSynAckBackupRx, range))
		return -1;
	return is_other_port(shake, MPTCP_SERVER)
		? between(shake, MPTCP_CLIENT, when, MPTCP_COUNTER_MPJoinPortSynAckRx, range)
		: 0;
}

/* The connection is not there (any more) when its token is asked for. */
static bool is_gone(const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_story_connection *connection = subflow->connection;

	return !connection || connection->closed || connection->fastclose.packetid;
}

/* The host that is asked to join: the SYN. */
static int count_asked(const struct handshake *shake)
{
	const struct mptcp_story_subflow *subflow = shake->subflow;
	const struct mptcp_mib_end *end = &shake->own->ends[MPTCP_SERVER];
	const struct mptcp_moment *when = &subflow->syn.first;
	bool refused = !subflow->synack.count && end->mp_reset;

	if (!subflow->synack.option && !refused)
		return 0;
	if (one(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MPJoinSynRx))
		return -1;
	if (shake->own->ends[MPTCP_CLIENT].backup &&
		one(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MPJoinSynBackupRx))
		return -1;
	if (!refused)
		return is_other_port(shake, MPTCP_SERVER)
			? one(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MPJoinPortSynRx)
			: 0;
	if (is_gone(subflow))
		return one(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MPJoinNoTokenFound);
	return is_other_port(shake, MPTCP_SERVER)
		? between(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MismatchPortSynRx,
			  (const int[3]){0, 1, 1})
		: 0;
}

/* A refused third ACK: the RST of the host that was asked is its first packet after the SYN/ACK. */
static int count_refused(const struct handshake *shake)
{
	const struct mptcp_mib_end *end = &shake->own->ends[MPTCP_SERVER];
	const struct mptcp_moment *when = &shake->subflow->ack.first;
	bool old = shake->mib->kernel && shake->mib->kernel < MPTCP_KERNEL(6, 18);

	if (end->mp_reset_reason == PROHIBITED)
		return one(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MPJoinRejected) ||
			(old &&
				between(shake, MPTCP_SERVER, when,
					MPTCP_COUNTER_MPJoinAckHMacFailure,
					(const int[3]){0, 0, 1}));
	/* the connection is closing */
	return is_other_port(shake, MPTCP_SERVER)
		? between(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MPJoinPortAckRx,
			  (const int[3]){0, 1, 1})
		: 0;
}

static int count_third_ack(const struct handshake *shake, bool wrong)
{
	const struct mptcp_story_subflow *subflow = shake->subflow;
	const struct mptcp_mib_end *end = &shake->own->ends[MPTCP_SERVER];
	const struct mptcp_moment *when = &subflow->ack.first;
	bool refused = end->mp_reset &&
		end->mp_reset_at == shake->own->ends[MPTCP_CLIENT].answered.packetid;

	if (!subflow->synack.option)
		return 0;
	if (!subflow->ack.option)
		return subflow->ack.count && refused
			? one(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MPJoinAckNoMPJoin)
			: 0;
	if (wrong)
		return one(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MPJoinAckHMacFailure);
	if (refused)
		return count_refused(shake);
	if (one(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MPJoinAckRx))
		return -1;
	return is_other_port(shake, MPTCP_SERVER)
		? one(shake, MPTCP_SERVER, when, MPTCP_COUNTER_MPJoinPortAckRx)
		: 0;
}

/* Whether a step of a join had a wrong HMAC, as its event says. */
static bool is_wrong(const struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow,
	enum mptcp_event_kind kind)
{
	const struct mptcp_events *events = &mib->story.events;
	const struct mptcp_step *step =
		kind == MPTCP_EVENT_JOIN_ACK ? &subflow->ack : &subflow->synack;

	if (!subflow->failed) /* a wrong HMAC fails it */
		return false;
	for (size_t i = 0; i < events->count; i++)
		if (events->list[i].kind == kind && events->list[i].tcpstream == subflow->tcpstream)
			return !strcmp(events->list[i].reason, "hmac_wrong") && step->count;
	return false;
}

/* Before Linux 6.9 a plain TCP connection to the listener counts as a fallback; that the listener
 * is one of MPTCP is not in the capture. */
static int count_plain(const struct handshake *shake)
{
	const struct mptcp_story_subflow *subflow = shake->subflow;

	if (!shake->mib->story.with_tcp || subflow->connection || !subflow->syn.count ||
		subflow->syn.option || !subflow->synack.count || !subflow->ack.count)
		return 0;
	return between(shake, MPTCP_SERVER, &subflow->ack.first, MPTCP_COUNTER_MPCapableFallbackACK,
		(const int[3]){0, 0, 1});
}

int mptcp_mib_handshake(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow)
{
	struct handshake shake = {mib, subflow, subflow->own};

	if (!shake.own)
		return 0;
	if (!subflow->syn.option)
		return count_plain(&shake);
	if (subflow->kind == MPTCP_KIND_INITIAL)
		return count_opener(&shake) || count_listener(&shake) ||
				count_listener_fallback(&shake)
			? -1
			: 0;
	return count_joiner(&shake, is_wrong(mib, subflow, MPTCP_EVENT_JOIN_SYNACK)) ||
			count_asked(&shake) ||
			count_third_ack(&shake, is_wrong(mib, subflow, MPTCP_EVENT_JOIN_ACK))
		? -1
		: 0;
}
