/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mib_hygiene: what the capture lacks, and which checksums are wrong, as check.h judges it. See
 * mib_parts.h.
 *
 * Besides that, a join that is answered belongs to a connection, though none was captured; and TCP
 * that began before the capture may have been MPTCP, and have fallen back.
 */
#include "mib_parts.h"

static const enum mptcp_finding_id lacking[] = {MPTCP_FINDING_hyg_midstream,
	MPTCP_FINDING_hyg_direction, MPTCP_FINDING_hyg_interface, MPTCP_FINDING_hyg_drop,
	MPTCP_FINDING_hyg_snap};

static void begin(struct mptcp_mib *mib)
{
	for (int id = 0; id < MPTCP_FINDINGS; id++)
		mib->check.leave.has[id] = id != MPTCP_FINDING_csum_wrong;
	for (size_t i = 0; i < sizeof(lacking) / sizeof(*lacking); i++)
		mib->check.leave.has[lacking[i]] = false;
	mib->check.payload = mib->payload;
}

int mptcp_mib_hygiene_add(struct mptcp_mib *mib, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	if (!mib->begun)
		begin(mib);
	mib->cut += mptcp_packet_has(packet, MPTCP_COLUMN_options_cut);
	/* streams are numbered as they appear */
	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpstream) && packet->tcpstream >= mib->streams) {
		mib->streams = packet->tcpstream + 1;
		mib->older += !(packet->tcpflags & (MPTCP_SYN | MPTCP_RST)) &&
			!mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream);
	}
	return mptcp_check_add(&mib->check, packet, error);
}

/* The kernel stops at the first wrong checksum of a subflow that it resets; where it goes on, it
 * counts what else is wrong (validate_data_csum). */
static int count_wrong(struct mptcp_mib *mib, const struct mptcp_finding *finding)
{
	struct mptcp_moment moment = {finding->packetid, finding->abstime, finding->reltime,
		finding->mptcpdest};
	struct mptcp_mib_place place = {
		mptcp_roster_subflow(&mib->story.roster, finding->tcpstream), &moment,
		finding->mptcpdest};

	return place.subflow ? mptcp_mib_count(mib, &place, MPTCP_COUNTER_DataCsumErr,
				       (const int[3]){1, 1, (int)finding->count})
			     : 0;
}

static void take_lack(struct mptcp_mib *mib, const struct mptcp_finding *finding)
{
	struct mptcp_story_connection *connection =
		mptcp_roster_connection(&mib->story.roster, finding->mptcpstream);

	if (finding->severity < MPTCP_SEVERITY_WARNING || !finding->has_mptcpstream ||
		!connection || !connection->own)
		return;
	((struct mptcp_mib_connection *)connection->own)->partial = true;
	if (!mib->selection ||
		mptcp_selection_takes_connection(mib->selection, finding->mptcpstream))
		mib->lacks.has[finding->id] = true;
}

int mptcp_mib_hygiene_end(struct mptcp_mib *mib, struct mptcp_error *error)
{
	const struct mptcp_roster *roster = &mib->story.roster;

	if (mptcp_check_end(&mib->check, error))
		return -1;
	mib->verified = mib->payload && !mib->check.unverified;
	for (size_t i = 0; i < mib->check.count; i++) {
		const struct mptcp_finding *finding = &mib->check.list[i];

		if (finding->id != MPTCP_FINDING_csum_wrong)
			take_lack(mib, finding);
		else if (mib->verified && count_wrong(mib, finding))
			return mptcp_error_memory(error);
	}
	for (size_t i = 0; i < roster->subflow_count; i++) {
		const struct mptcp_story_subflow *subflow = roster->subflows[i];

		mib->unseen += !subflow->connection && subflow->kind == MPTCP_KIND_JOIN &&
			subflow->synack.option;
	}
	return 0;
}

/* What is captured in part, besides what check.h finds. */
static bool is_partial(const struct mptcp_story_connection *connection)
{
	const struct mptcp_mib_connection *own = connection->own;
	const struct mptcp_story_subflow *subflow = connection->subflows;

	if (!connection->initial || !connection->initial->syn.count || (own && own->partial))
		return true;
	for (; subflow; subflow = subflow->next)
		if (!subflow->syn.count || (subflow->talked && !subflow->synack.count) ||
			(subflow->established && subflow->ack_late))
			return true;
	return false;
}

void mptcp_mib_survey(struct mptcp_mib *mib)
{
	const struct mptcp_roster *roster = &mib->story.roster;

	mib->one_kind = mib->begun &&
		(!mib->story.beyond_syns || (mib->story.one_way && !mib->story.two_ways));
	for (size_t i = 0; i < roster->connection_count; i++) {
		struct mptcp_story_connection *connection = roster->connections[i];
		struct mptcp_mib_connection *own = connection->own;

		if (own)
			own->partial = mib->cut || mib->one_kind || is_partial(connection);
		if ((mib->selection &&
			    !mptcp_selection_takes_connection(mib->selection,
				    connection->mptcpstream)) ||
			!(mptcp_mib_has_role(mib, connection, MPTCP_CLIENT) ||
				mptcp_mib_has_role(mib, connection, MPTCP_SERVER)))
			continue;
		mib->connections++;
		mib->partial += own && own->partial;
	}
}

bool mptcp_mib_has_no_highest(const struct mptcp_mib *mib, uint64_t group)
{
	const struct mptcp_story_connection *connection =
		mib->by_connection && group != MPTCP_MIB_NOWHERE
		? mptcp_roster_connection(&mib->story.roster, (uint32_t)group)
		: NULL;
	const struct mptcp_mib_connection *own = connection ? connection->own : NULL;

	return own ? own->partial : mib->partial || mib->unseen || mib->cut || mib->one_kind;
}

/* What is counted because something is absent, or because of what a host had done before. */
static bool infers(enum mptcp_counter counter)
{
	switch (counter) {
	case MPTCP_COUNTER_MPCapableFallbackACK:
	case MPTCP_COUNTER_MPCapableFallbackSYNACK:
	case MPTCP_COUNTER_MPCapableSYNTXDrop:
	case MPTCP_COUNTER_MPCapableDataFallback:
	case MPTCP_COUNTER_MPJoinNoTokenFound:
	case MPTCP_COUNTER_MPJoinAckRx:
	case MPTCP_COUNTER_MPJoinAckNoMPJoin:
	case MPTCP_COUNTER_MPJoinSynAckNoMPJoin:
	case MPTCP_COUNTER_MPJoinSynAckRx:
	case MPTCP_COUNTER_DssFallback:
	case MPTCP_COUNTER_MPRstRx:
	case MPTCP_COUNTER_MPFastcloseRx:
	case MPTCP_COUNTER_WinProbe:
		return true;
	default:
		return false;
	}
}

bool mptcp_mib_has_lowest(const struct mptcp_mib *mib,
	const struct mptcp_story_connection *connection, enum mptcp_counter counter)
{
	const struct mptcp_mib_connection *own = connection ? connection->own : NULL;
	bool handshake = connection && connection->initial && connection->initial->syn.count;

	if (own ? !own->partial : !mib->unseen && !mib->cut && !mib->one_kind)
		return true;
	/* which host is the client is a guess without the SYN */
	if (connection && !handshake && mib->host != MPTCP_MIB_ADDRESS &&
		mib->host != MPTCP_MIB_BOTH)
		return false;
	return !infers(counter);
}
