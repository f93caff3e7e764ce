/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fallback: which host goes on without MPTCP (RFC 8684 section 3.7), and why. See story_parts.h.
 *
 * A host that has fallen back sends packets without any option. A few of them prove nothing (a
 * middlebox acknowledges, an ACK comes after the end), nor does payload that a mapping in force
 * covers. So packets are counted, from the first bare one on, until the host sends a mapping or a
 * DATA_ACK again, later in its own order; what stands when it is settled is a fallback.
 */
#include "story_parts.h"

/* This many packets without payload in a row mean that a host has fallen back. */
#define BARE_PACKETS 3

/* A host that has sent or got the third ACK of a join does not fall back any more, though the
 * fourth one is still on its way (Linux: mptcp_finish_join). */
static bool is_joining(const struct mptcp_story_connection *connection)
{
	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next)
		if (subflow->kind == MPTCP_KIND_JOIN && subflow->ack.count && subflow->ack.option &&
			!subflow->failed && !subflow->established)
			return true;
	return false;
}

/* A join that was established is a second subflow, whether or not the first was captured. */
static bool may_fall_back(const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_story_connection *connection = subflow->connection;

	return connection->established < 2 && subflow->kind != MPTCP_KIND_JOIN &&
		!connection->fallback.packetid && !is_joining(connection);
}

int mptcp_story_fall_back(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_role role, const char *reason)
{
	struct mptcp_story_connection *connection = subflow->connection;

	if (connection->fallback.packetid)
		return 0;
	connection->fallback = *moment;
	connection->fell_back[role] = true;
	if (mptcp_story_publish(story, subflow))
		return -1;
	return mptcp_story_tell(story, subflow, moment, MPTCP_EVENT_FALLBACK, reason);
}

/* Whether the connection is one on which options have to be expected now. */
static bool expects_options(const struct mptcp_look *look)
{
	const struct mptcp_story_subflow *subflow = look->subflow;
	const struct mptcp_story_connection *connection = look->connection;

	return (subflow->established ||
		       (subflow->kind == MPTCP_KIND_INITIAL && subflow->ack.count)) &&
		!subflow->failed && !subflow->ended.packetid && !look->sender->fin.packetid &&
		!look->receiver->fin.packetid && !connection->fallback.packetid &&
		!connection->fastclose.packetid && !connection->closed &&
		(subflow->syn.count || subflow->synack.count);
}

/* MP_FAIL has reached the sender of the packet: it answers to something that its receiver sent then
 * or later (RFC 7323), as far as time stamps tell. */
static bool knows_of_failure(const struct mptcp_look *look)
{
	const struct mptcp_story_end *receiver = look->receiver;

	if (!receiver->mp_fail.packetid || look->connection->established > 1)
		return false;
	return !receiver->mp_fail_has_tsval ||
		!mptcp_packet_has(look->packet, MPTCP_COLUMN_tsecr) ||
		mptcp_sequence_ahead32(look->packet->tsecr, receiver->mp_fail_tsval) >= 0;
}

/* Payload that is new on the subflow, and that a mapping does not explain. */
static bool is_bare_data(const struct mptcp_look *look)
{
	const struct mptcp_packet *packet = look->packet;

	return packet->tcplen &&
		(!mptcp_packet_has(packet, MPTCP_COLUMN_dsn) ||
			mptcp_packet_has(packet, MPTCP_COLUMN_dsn_split) ||
			knows_of_failure(look)) &&
		mptcp_sequence_ahead32(packet->tcpseq + packet->tcplen, look->sender->next) > 0;
}

static int count_bare(const struct mptcp_look *look)
{
	const struct mptcp_packet *packet = look->packet;
	struct mptcp_bare *bare = &look->sender->bare;
	bool mapped = packet->tcplen && mptcp_packet_has(packet, MPTCP_COLUMN_dsn);
	bool data = is_bare_data(look);

	if (mapped && !data)
		return 0;
	if (!bare->count++) {
		bare->first = look->moment;
		bare->tcpseq = packet->tcpseq;
		bare->has_tsval = mptcp_packet_has(packet, MPTCP_COLUMN_tsval);
		bare->tsval = packet->tsval;
		bare->data = false;
		if (mptcp_story_wait(look->story, look->subflow,
			    packet->abstime + MPTCP_STORY_PATIENCE))
			return -1;
	}
	bare->data |= data;
	return 0;
}

/* The sender still uses MPTCP, if it sent this after its bare packets. */
static void take_back(struct mptcp_bare *bare, const struct mptcp_packet *packet)
{
	int32_t later = mptcp_sequence_ahead32(packet->tcpseq, bare->tcpseq);

	if (bare->has_tsval && mptcp_packet_has(packet, MPTCP_COLUMN_tsval)) {
		int32_t ticks = mptcp_sequence_ahead32(packet->tsval, bare->tsval);

		later = ticks ? ticks : later;
	}
	if (later >= 0)
		bare->count = 0;
}

/*
 * A mapping that the receiver has to refuse: it does not cover the segment that carries it, or says
 * something else of the stretch that the one before was about (Linux: DSSNotMatching).
 */
static void check_mapping(struct mptcp_story_end *sender, const struct mptcp_packet *packet)
{
	bool fin = mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin;
	uint32_t length = packet->dss_length - fin;
	uint32_t dsn = (uint32_t)packet->dss_dsn;
	/* how far into a mapping, modulo 2^32: a large number is before it */
	uint32_t offset = packet->tcpseq - packet->dss_ssn;
	bool covers = offset <= length && packet->tcplen <= length - offset;
	bool inside = packet->dss_ssn - sender->map_ssn < sender->map_length;
	bool refused = !covers ||
		(inside &&
			(packet->dss_ssn != sender->map_ssn || length != sender->map_length ||
				dsn != sender->map_dsn));

	if (refused && mptcp_sequence_ahead32(packet->tcpseq + packet->tcplen, sender->next) > 0) {
		sender->refused = true;
		sender->refused_end = packet->tcpseq + packet->tcplen;
	}
	if (!inside) {
		sender->map_ssn = packet->dss_ssn;
		sender->map_length = length;
		sender->map_dsn = dsn;
	}
}

void mptcp_story_mapping(struct mptcp_story_subflow *subflow, struct mptcp_story_end *sender,
	struct mptcp_story_end *receiver, const struct mptcp_packet *packet)
{
	sender->signalled = true;
	if (sender->bare.count && !subflow->connection->fallback.packetid)
		take_back(&sender->bare, packet);
	/* the receiver takes what came after a mapping that looked wrong */
	if (receiver->refused && mptcp_packet_has(packet, MPTCP_COLUMN_tcpack) &&
		mptcp_packet_has(packet, MPTCP_COLUMN_dack) &&
		mptcp_sequence_ahead32(packet->tcpack, receiver->refused_end) >= 0)
		receiver->refused = false;
	if (packet->tcplen && mptcp_packet_has(packet, MPTCP_COLUMN_dss_ssn) &&
		packet->dss_length && (subflow->syn.count || subflow->synack.count))
		check_mapping(sender, packet);
}

/* A mapping without end, on payload, on the last live subflow. */
static int see_infinite(const struct mptcp_look *look)
{
	const struct mptcp_packet *packet = look->packet;
	struct mptcp_story_data *to = &look->connection->to[packet->mptcpdest];
	bool failed = look->sender->mp_fail.packetid || look->receiver->mp_fail.packetid;

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_dss_length) || packet->dss_length ||
		!packet->tcplen || to->infinite.packetid)
		return 0;
	to->infinite = look->moment;
	if (mptcp_story_tell(look->story, look->subflow, &look->moment,
		    MPTCP_EVENT_INFINITE_MAPPING, ""))
		return -1;
	if (look->connection->live > 1 || !look->subflow->established)
		return 0;
	look->connection->fell_back[mptcp_role_peer(look->role)] = true; /* it follows */
	return mptcp_story_fall_back(look->story, look->subflow, &look->moment, look->role,
		failed ? "mp_fail" : "infinite_mapping");
}

int mptcp_story_fallback(const struct mptcp_look *look)
{
	if (look->subtypes || look->malformed) {
		if (look->subtypes & MPTCP_OPTION_BIT(DSS))
			mptcp_story_mapping(look->subflow, look->sender, look->receiver,
				look->packet);
		else if (!(look->packet->tcpflags & (MPTCP_SYN | MPTCP_RST)))
			look->sender->signalled |= look->subtypes & ~MPTCP_OPTION_BIT(MP_CAPABLE);
		return see_infinite(look);
	}
	if (look->packet->tcpflags & (MPTCP_SYN | MPTCP_RST) || look->unknown_options ||
		!expects_options(look))
		return 0;
	return count_bare(look);
}

/* Why the end that went bare did so. */
static const char *reason_of(const struct mptcp_story_subflow *subflow, enum mptcp_role tcp)
{
	const struct mptcp_story_end *end = &subflow->ends[tcp], *peer = &subflow->ends[!tcp];

	if (subflow->connection->doubt)
		return subflow->connection->doubt;
	if (peer->refused && mptcp_sequence_ahead32(peer->acked, peer->refused_end) >= 0)
		return "bad_mapping";
	if (end->mp_fail.packetid || peer->mp_fail.packetid)
		return "mp_fail";
	if (tcp == MPTCP_CLIENT && !subflow->ack.option && !end->signalled &&
		subflow->kind == MPTCP_KIND_INITIAL)
		return "no_mp_capable_in_ack";
	return "options_lost";
}

static bool is_proof(const struct mptcp_bare *bare)
{
	return bare->count && (bare->data || bare->count >= BARE_PACKETS);
}

/* The end whose bare packets prove that it fell back, the earlier one; or NULL. */
static struct mptcp_story_end *fallen(struct mptcp_story_subflow *subflow)
{
	struct mptcp_story_end *client = &subflow->ends[MPTCP_CLIENT];
	struct mptcp_story_end *server = &subflow->ends[MPTCP_SERVER];
	bool both = is_proof(&client->bare) && is_proof(&server->bare);

	if (both)
		return client->bare.first.packetid < server->bare.first.packetid ? client : server;
	return is_proof(&client->bare) ? client : is_proof(&server->bare) ? server : NULL;
}

static bool is_due(const struct mptcp_story *story, const struct mptcp_bare *bare)
{
	return bare->count && story->now - bare->first.abstime >= MPTCP_STORY_PATIENCE;
}

int mptcp_story_settle_fallback(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	bool last)
{
	struct mptcp_story_connection *connection = subflow->connection;

	if (!connection || subflow->failed || connection->fallback.packetid ||
		(!last && !is_due(story, &subflow->ends[0].bare) &&
			!is_due(story, &subflow->ends[1].bare)))
		return 0;
	struct mptcp_story_end *end = fallen(subflow);

	if (!end) {
		subflow->ends[0].bare.count = subflow->ends[1].bare.count = 0;
		return 0;
	}
	enum mptcp_role tcp = end == &subflow->ends[MPTCP_SERVER] ? MPTCP_SERVER : MPTCP_CLIENT;
	const char *reason = reason_of(subflow, tcp);

	if (!may_fall_back(subflow))
		return mptcp_story_fail(story, subflow, &end->bare.first,
			MPTCP_EVENT_SUBFLOW_FAILED, reason);
	for (enum mptcp_role other = MPTCP_CLIENT; other <= MPTCP_SERVER; other++)
		if (is_proof(&subflow->ends[other].bare))
			connection->fell_back[mptcp_story_role(subflow, other)] = true;
	return mptcp_story_fall_back(story, subflow, &end->bare.first,
		mptcp_story_role(subflow, tcp), reason);
}

void mptcp_bare_bytes_add(struct mptcp_bare_bytes *bare, const struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet, uint64_t bytes)
{
	const struct mptcp_story_connection *connection = subflow->connection;
	const struct mptcp_bare *run = &subflow->ends[mptcp_role_peer(packet->tcpdest)].bare;
	uint64_t since = run->count ? run->first.packetid : connection->fallback.packetid;

	if (!since || packet->packetid < since)
		return;
	if (bare->since != since)
		*bare = (struct mptcp_bare_bytes){.since = since};
	bare->bytes += bytes;
}

uint64_t mptcp_bare_bytes_data(const struct mptcp_bare_bytes *bare,
	const struct mptcp_story_connection *connection)
{
	return connection->fallback.packetid ? bare->bytes : 0;
}
