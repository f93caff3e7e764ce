/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mib_events: what is counted once for each event of the story. See mib_parts.h. */
#include "mib_parts.h"

#include <string.h>

/* An event, and who of both counts it. */
struct sides {
	struct mptcp_mib *mib;
	const struct mptcp_event *event;
	struct mptcp_mib_place sent, received;
};

/* Options that each side counts by the packet. */
static const struct plain {
	enum mptcp_event_kind kind;
	enum mptcp_counter sent, received;
} plain[] = {
	{MPTCP_EVENT_REMOVE_ADDR, MPTCP_COUNTER_RmAddrTx, MPTCP_COUNTER_RmAddr},
	{MPTCP_EVENT_PRIO, MPTCP_COUNTER_MPPrioTx, MPTCP_COUNTER_MPPrioRx},
	{MPTCP_EVENT_FAIL, MPTCP_COUNTER_MPFailTx, MPTCP_COUNTER_MPFailRx},
};

static int add_address(const struct sides *sides)
{
	const struct mptcp_event *event = sides->event;
	bool echo = event->echo == MPTCP_YES;

	if (mptcp_mib_one(sides->mib, &sides->sent,
		    echo ? MPTCP_COUNTER_EchoAddTx : MPTCP_COUNTER_AddAddrTx))
		return -1;
	if (!strcmp(event->reason, "hmac_wrong"))
		return 0;
	if (mptcp_mib_one(sides->mib, &sides->received,
		    echo ? MPTCP_COUNTER_EchoAdd : MPTCP_COUNTER_AddAddr))
		return -1;
	return event->has_port ? mptcp_mib_one(sides->mib, &sides->received, MPTCP_COUNTER_PortAdd)
			       : 0;
}

/* The host removes an address of its own: the kernel closes the subflows that use it. */
static int remove_subflows(const struct sides *sides)
{
	const struct mptcp_story_connection *connection = sides->sent.subflow->connection;
	uint64_t now = sides->event->moment.packetid;
	unsigned left = MPTCP_STORY_SUBFLOWS;

	if (!connection)
		return 0;
	for (const struct mptcp_story_subflow *subflow = connection->last_subflow; subflow && left;
		subflow = subflow->previous, left--) {
		enum mptcp_role tcp =
			sides->sent.role == subflow->client_role ? MPTCP_CLIENT : MPTCP_SERVER;
		const struct mptcp_story_end *end = &subflow->ends[tcp];
		bool begun = subflow->syn.count && subflow->syn.first.packetid < now;
		bool ended = subflow->ended.packetid && subflow->ended.packetid < now;
		bool closing = end->fin.packetid && end->fin.packetid < now;

		if (!end->has_addrid || end->addrid != sides->event->addrid || !begun || ended)
			continue;
		if (subflow->own)
			((struct mptcp_mib_subflow *)subflow->own)->ends[tcp].removed = true;
		if (mptcp_mib_count(sides->mib, &sides->sent, MPTCP_COUNTER_RmSubflow,
			    (const int[3]){0, !closing, 1}))
			return -1;
	}
	return 0;
}

/* The first of a connection closes it; others may still come in time. */
static int add_fastclose(const struct sides *sides)
{
	const struct mptcp_story_connection *connection = sides->received.subflow->connection;
	bool first = connection && connection->fastclose.packetid == sides->event->moment.packetid;
	const struct mptcp_key *key =
		connection ? mptcp_keys_chosen(&connection->keys, sides->received.role) : NULL;

	if (mptcp_mib_one(sides->mib, &sides->sent, MPTCP_COUNTER_MPFastcloseTx))
		return -1;
	if (key && key->key != sides->event->key)
		return 0;
	return mptcp_mib_count(sides->mib, &sides->received, MPTCP_COUNTER_MPFastcloseRx,
		(const int[3]){first, first, 1});
}

static int add_fail(const struct sides *sides)
{
	const struct mptcp_story_subflow *subflow = sides->sent.subflow;
	enum mptcp_role tcp =
		sides->sent.role == subflow->client_role ? MPTCP_CLIENT : MPTCP_SERVER;
	const struct mptcp_moment *theirs = &subflow->ends[mptcp_role_peer(tcp)].mp_fail;
	bool answer = theirs->packetid && theirs->packetid < sides->event->moment.packetid;

	/* the peer may say it with an infinite mapping, once it has data to send */
	if (mptcp_mib_count(sides->mib, &sides->received, MPTCP_COUNTER_InfiniteMapTx,
		    (const int[3]){0, 0, 1}))
		return -1;
	return answer || sides->mib->verified
		? 0
		: mptcp_mib_one(sides->mib, &sides->sent, MPTCP_COUNTER_DataCsumErr);
}

/* Both SYNs asked for MPTCP and crossed. */
static int add_fallback(const struct sides *sides)
{
	if (strcmp(sides->event->reason, "simultaneous_open") != 0)
		return 0;
	return mptcp_mib_one(sides->mib, &sides->sent, MPTCP_COUNTER_SimultConnectFallback) ||
		mptcp_mib_one(sides->mib, &sides->received, MPTCP_COUNTER_SimultConnectFallback);
}

static int add_infinite(const struct sides *sides)
{
	return mptcp_mib_count(sides->mib, &sides->sent, MPTCP_COUNTER_InfiniteMapTx,
		       (const int[3]){1, 1, 0}) ||
		mptcp_mib_one(sides->mib, &sides->received, MPTCP_COUNTER_InfiniteMapRx);
}

static int add(const struct sides *sides)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		if (plain[i].kind == sides->event->kind &&
			(mptcp_mib_one(sides->mib, &sides->sent, plain[i].sent) ||
				mptcp_mib_one(sides->mib, &sides->received, plain[i].received)))
			return -1;
	switch (sides->event->kind) {
	case MPTCP_EVENT_ADD_ADDR:
		return add_address(sides);
	case MPTCP_EVENT_REMOVE_ADDR:
		return remove_subflows(sides);
	case MPTCP_EVENT_FASTCLOSE:
		return add_fastclose(sides);
	case MPTCP_EVENT_FAIL:
		return add_fail(sides);
	case MPTCP_EVENT_INFINITE_MAPPING:
		return add_infinite(sides) ? -1 : 0;
	case MPTCP_EVENT_FALLBACK:
		return add_fallback(sides) ? -1 : 0;
	default:
		return 0;
	}
}

int mptcp_mib_events(struct mptcp_mib *mib)
{
	const struct mptcp_events *events = &mib->story.events;

	for (size_t i = 0; i < events->count; i++) {
		const struct mptcp_event *event = &events->list[i];
		const struct mptcp_story_subflow *subflow =
			mptcp_roster_subflow(&mib->story.roster, event->tcpstream);
		enum mptcp_role to = event->moment.mptcpdest;
		struct sides sides = {mib, event, {subflow, &event->moment, mptcp_role_peer(to)},
			{subflow, &event->moment, to}};

		if (subflow && add(&sides))
			return -1;
	}
	return 0;
}
