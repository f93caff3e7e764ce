/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handshake: how the handshakes of TCP connections and subflows go on, and the first step that went
 * wrong where one came to nothing. See story_parts.h; sections are of RFC 8684.
 */
#include "story_parts.h"

#include <stdio.h>
#include <stdlib.h>

void mptcp_story_reset_reason(char text[MPTCP_REASON_TEXT], const char *before, uint8_t reason)
{
	static const char *const names[] = {"unspecified_error", "mptcp_specific_error",
		"lack_of_resources", "administratively_prohibited", "too_much_outstanding_data",
		"unacceptable_performance", "middlebox_interference"};

	if (reason < sizeof(names) / sizeof(*names))
		snprintf(text, MPTCP_REASON_TEXT, "%s%s", before, names[reason]);
	else
		snprintf(text, MPTCP_REASON_TEXT, "%sreason_%u", before, reason);
}

int mptcp_story_publish(struct mptcp_story *story, struct mptcp_story_subflow *subflow)
{
	for (int i = 0; i < 2; i++) {
		struct mptcp_event *event = subflow->held[i];

		if (!event)
			continue;
		subflow->held[i] = NULL;
		event->kernel = mptcp_story_kernel_handshake(subflow, event);
		int failed = mptcp_story_put(story, event);

		free(event);
		if (failed)
			return -1;
	}
	return 0;
}

int mptcp_story_fail(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_event_kind kind, const char *reason)
{
	/* what was there, and ended, did not come to nothing */
	if (subflow->failed ||
		(kind == MPTCP_EVENT_CONNECT_FAILED && subflow->connection &&
			subflow->connection->closed))
		return 0;
	subflow->failed = true;
	if (mptcp_story_publish(story, subflow))
		return -1;
	/* regular TCP is not an event of MPTCP */
	if (subflow->kind == MPTCP_KIND_UNKNOWN)
		return 0;
	struct mptcp_event event = mptcp_story_event(subflow, moment, kind);

	snprintf(event.reason, sizeof(event.reason), "%s", reason);
	if (kind == MPTCP_EVENT_CONNECT_FAILED)
		event.kernel = mptcp_story_kernel_connect_failed(subflow->connection);
	return mptcp_story_put(story, &event);
}

static int fail(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, const char *reason)
{
	return mptcp_story_fail(story, subflow, moment,
		subflow->kind == MPTCP_KIND_JOIN ? MPTCP_EVENT_JOIN_FAILED
						 : MPTCP_EVENT_CONNECT_FAILED,
		reason);
}

static int fail_here(const struct mptcp_look *look, const char *reason)
{
	return fail(look->story, look->subflow, &look->moment, reason);
}

/* The option that this step of the handshake needs. An MP_CAPABLE without a key in a SYN/ACK does
 * not count (section 3.1). */
static bool has_option(const struct mptcp_look *look)
{
	const struct mptcp_packet *packet = look->packet;
	bool synack = (packet->tcpflags & (MPTCP_SYN | MPTCP_ACK)) == (MPTCP_SYN | MPTCP_ACK);

	if (look->subtypes & MPTCP_OPTION_BIT(MP_JOIN))
		return true;
	return look->subtypes & MPTCP_OPTION_BIT(MP_CAPABLE) &&
		(!synack || mptcp_packet_has(packet, MPTCP_COLUMN_sendkey));
}

static void take_step(struct mptcp_step *step, const struct mptcp_look *look)
{
	if (!step->count++)
		step->first = look->moment;
	step->last = look->moment;
	step->option |= has_option(look);
	step->unknown |= look->unknown_options;
}

static int see_syn(const struct mptcp_look *look)
{
	struct mptcp_story_subflow *subflow = look->subflow;
	bool option = has_option(look);

	if (look->from == MPTCP_SERVER) {
		subflow->crossed = true;
		return 0;
	}
	if (subflow->syn.option && !subflow->synack.count && !option && !look->unknown_options &&
		!subflow->plain_syn.packetid)
		subflow->plain_syn = look->moment; /* the client tries without MPTCP */
	take_step(&subflow->syn, look);
	return mptcp_story_wait(look->story, subflow,
		look->packet->abstime + MPTCP_STORY_HANDSHAKE);
}

static int see_synack(const struct mptcp_look *look)
{
	struct mptcp_story_subflow *subflow = look->subflow;
	bool option = has_option(look);

	if (!option && !look->unknown_options && !subflow->bare_synack.packetid)
		subflow->bare_synack = look->moment;
	if (look->from == MPTCP_CLIENT) { /* a simultaneous open: each answers the other's SYN */
		subflow->crossed = true;
		return 0;
	}
	take_step(&subflow->synack, look);
	mptcp_story_see_vantage(look);
	if (!option && !look->unknown_options && subflow->syn.option && !subflow->established &&
		subflow->kind == MPTCP_KIND_JOIN)
		return fail_here(look, "no_mp_join_in_synack");
	return mptcp_story_wait(look->story, subflow,
		look->packet->abstime + MPTCP_STORY_HANDSHAKE);
}

static void establish(const struct mptcp_look *look)
{
	struct mptcp_story_subflow *subflow = look->subflow;

	if (subflow->established || subflow->failed)
		return;
	subflow->established = true;
	if (look->connection) {
		look->connection->established++;
		look->connection->live++;
		look->connection->ended.packetid = 0; /* it goes on */
	}
}

/* Why a connection whose handshake lacks MP_CAPABLE is regular TCP. */
static const char *reason_of(const struct mptcp_story_subflow *subflow)
{
	if (subflow->crossed)
		return "simultaneous_open";
	if (subflow->plain_syn.packetid)
		return "no_reply";
	if (subflow->connection->doubt)
		return subflow->connection->doubt;
	return "no_mp_capable_in_synack";
}

/* The client goes on after a SYN/ACK: without an MP_CAPABLE in it as regular TCP. */
static int begin_initial(const struct mptcp_look *look)
{
	struct mptcp_story_subflow *subflow = look->subflow;

	if (subflow->ack.option || subflow->synack.option) {
		establish(look);
		return 0;
	}
	if (!subflow->syn.option || !subflow->synack.count)
		return 0;
	if (subflow->synack.unknown) {
		if (look->subtypes)
			establish(look);
		return 0;
	}
	return mptcp_story_fall_back(look->story, subflow,
		subflow->plain_syn.packetid ? &subflow->plain_syn : &subflow->bare_synack,
		MPTCP_CLIENT, reason_of(subflow));
}

/* A packet of the TCP client after the SYN/ACK: the third ACK, or what follows. */
static int see_client(const struct mptcp_look *look)
{
	struct mptcp_story_subflow *subflow = look->subflow;
	bool option = has_option(look);
	bool late = !subflow->synack.count ||
		(look->packet->tcpseq != 1 && look->packet->tcpseq != look->sender->next);

	/* what came before was not a third ACK: of an earlier use of the ports, or it overtook it
	 */
	if (subflow->kind == MPTCP_KIND_JOIN && option && !subflow->ack.option)
		subflow->ack = (struct mptcp_step){0};
	bool first = !subflow->ack.count;

	if (first || option)
		take_step(&subflow->ack, look);
	if (first || (subflow->ack_late && !late)) {
		subflow->ack_late = late;
		subflow->ack.first = look->moment;
		/* a SYN or SYN/ACK that comes again after this changes nothing */
		subflow->timed = !late && subflow->syn.count == 1 && subflow->synack.count == 1;
		mptcp_story_see_vantage(look);
	}
	if (subflow->kind == MPTCP_KIND_JOIN) {
		/* the ACK itself may have been lost where it has another option, or is answered */
		if (first && !subflow->established && !look->subtypes && !look->unknown_options &&
			!look->malformed && subflow->synack.option)
			return fail_here(look, "no_mp_join_in_ack");
		if (option)
			return mptcp_story_wait(look->story, subflow,
				look->packet->abstime + MPTCP_STORY_PATIENCE);
		return 0;
	}
	if (!look->connection || subflow->established || look->connection->fallback.packetid)
		return 0;
	return begin_initial(look);
}

/* A packet of the TCP server that is not a SYN: it answers a join's third ACK, or confirms an
 * initial subflow with its first option. */
static int see_server(const struct mptcp_look *look)
{
	struct mptcp_story_subflow *subflow = look->subflow;

	if (subflow->kind == MPTCP_KIND_JOIN && (subflow->ack.option || look->subtypes))
		establish(look);
	if (!subflow->established || !(subflow->kind == MPTCP_KIND_JOIN || look->subtypes))
		return 0;
	look->sender->signalled |= look->subtypes != 0;
	return mptcp_story_publish(look->story, subflow);
}

/* Both ends of a subflow whose handshake was not captured: its options show that there was one. */
static void see_uncaptured(const struct mptcp_look *look)
{
	const struct mptcp_story_subflow *subflow = look->subflow;

	if (!subflow->syn.count && !subflow->synack.count && look->subtypes & MPTCP_OPTION_BIT(DSS))
		establish(look);
}

/* Of an initial handshake of which one direction was not captured, the other one's data is the
 * answer; of a join, its joiner's data proves nothing, but what it acknowledges does: the other
 * host sends data once the third ACK has come. */
static void see_one_way(const struct mptcp_look *look)
{
	const struct mptcp_story_subflow *subflow = look->subflow;

	if (look->subtypes & MPTCP_OPTION_BIT(DSS) && !look->receiver->sent &&
		(subflow->kind != MPTCP_KIND_JOIN || !subflow->syn.count ||
			(subflow->ack.option && look->packet->tcpack > 1)))
		establish(look);
}

/* Whether the capture lacks a direction: then nobody can say that nothing answered. The first
 * packets of what was going on before the capture acknowledge what was not captured, too. */
static bool lacks_direction(const struct mptcp_story *story)
{
	return story->one_way && !story->two_ways;
}

/* A join's third ACK, to which nothing came. */
static int settle_third_ack(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	bool last)
{
	const struct mptcp_step *ack = &subflow->ack;
	enum mptcp_vantage vantage =
		subflow->connection ? subflow->connection->vantage : MPTCP_VANTAGE_UNKNOWN;
	enum mptcp_role server = mptcp_role_peer(subflow->client_role);
	bool at_server =
		vantage == (server == MPTCP_SERVER ? MPTCP_VANTAGE_SERVER : MPTCP_VANTAGE_CLIENT);

	if (at_server && subflow->connection) {
		subflow->established = true;
		subflow->connection->established++;
		subflow->connection->live += !subflow->ended.packetid;
		return mptcp_story_publish(story, subflow);
	}
	if (!lacks_direction(story) &&
		(ack->count > 1 || story->now - ack->last.abstime >= MPTCP_STORY_HANDSHAKE))
		return fail(story, subflow, &ack->first, "no_fourth_ack");
	return last ? mptcp_story_publish(story, subflow) : 0;
}

/* A host may have many connections: of more than this many the newest are asked. */
#define CONNECTIONS_ASKED 1024

/* Whether a key of the host that was asked to join was captured, and none of them gives the token
 * asked for; that of a connection that is over is gone. */
static bool is_wrong_token(const struct mptcp_story *story,
	const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_roster *roster = &story->roster;
	const struct mptcp_endpoint *host = &subflow->ends[MPTCP_SERVER].host;
	bool known = false;

	for (size_t i = 0; i < CONNECTIONS_ASKED && i < roster->connection_count; i++) {
		const struct mptcp_story_connection *connection =
			roster->connections[roster->connection_count - 1 - i];

		for (enum mptcp_role role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++) {
			const struct mptcp_key *key = mptcp_keys_chosen(&connection->keys, role);

			if (!key ||
				!mptcp_address_equal(&connection->ends[role].address,
					&host->address))
				continue;
			if (key->token == subflow->token && !connection->closed &&
				!connection->fastclose.packetid)
				return false;
			known = true;
		}
	}
	/* the token may be of a connection to another address of the host */
	const struct mptcp_story_connection *own = subflow->connection;

	return known &&
		!(own && !own->closed && !own->fastclose.packetid &&
			mptcp_keys_chosen(&own->keys, mptcp_role_peer(subflow->client_role)));
}

int mptcp_story_refuse(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_role from, int reason)
{
	bool joins = subflow->kind == MPTCP_KIND_JOIN;
	char text[MPTCP_REASON_TEXT] = "reset";

	if (subflow->established || !subflow->syn.count || subflow->failed ||
		(!joins && subflow->ack.count))
		return 0;
	if (joins && subflow->ack.option && from == MPTCP_CLIENT &&
		settle_third_ack(story, subflow, false))
		return -1;
	if (subflow->established)
		return 0;
	if (reason >= 0)
		mptcp_story_reset_reason(text, "reset_", (uint8_t)reason);
	else if (joins && !subflow->synack.count && is_wrong_token(story, subflow))
		snprintf(text, sizeof(text), "wrong_token");
	return fail(story, subflow, moment, text);
}

int mptcp_story_handshake(const struct mptcp_look *look)
{
	uint16_t flags = look->packet->tcpflags;
	struct mptcp_story_subflow *subflow = look->subflow;

	if (flags & MPTCP_RST)
		return 0; /* ends.c decides whether it is believed */
	if (flags & MPTCP_SYN)
		return flags & MPTCP_ACK ? see_synack(look) : see_syn(look);
	subflow->talked = true;
	if (look->connection) {
		see_uncaptured(look);
		see_one_way(look);
	}
	return look->from == MPTCP_CLIENT ? see_client(look) : see_server(look);
}

/* A step that nobody answered: it was repeated and nothing came to the end, or it is long ago. A
 * capture of nothing but SYNs shows no third ACK, and one of one direction no answer at all. */
static bool is_unanswered(const struct mptcp_story *story,
	const struct mptcp_story_subflow *subflow, bool last)
{
	const struct mptcp_step *step = subflow->synack.count ? &subflow->synack : &subflow->syn;
	bool old = story->now - step->last.abstime >= MPTCP_STORY_HANDSHAKE;

	if (lacks_direction(story) || !step->count || subflow->crossed)
		return false;
	if (last && step->count > 1)
		return true;
	return old && (step->count > 1 || step == &subflow->syn || story->beyond_syns);
}

int mptcp_story_settle_handshake(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	bool last)
{
	bool patient = story->now - subflow->ack.last.abstime < MPTCP_STORY_PATIENCE;

	if (subflow->established || subflow->failed)
		return last || !patient ? mptcp_story_publish(story, subflow) : 0;
	if (subflow->kind == MPTCP_KIND_JOIN && subflow->ack.option) {
		if (last || !patient)
			return settle_third_ack(story, subflow, last);
		return 0;
	}
	if (!subflow->talked && is_unanswered(story, subflow, last))
		return subflow->synack.count
			? fail(story, subflow, &subflow->synack.first, "no_third_ack")
			: fail(story, subflow, &subflow->syn.first, "no_reply");
	return last ? mptcp_story_publish(story, subflow) : 0;
}
