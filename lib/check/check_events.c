/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_events: what the story tells becomes findings. See check_parts.h; sections are of RFC
 * 8684. */
#include "check_parts.h"

#include <stdio.h>
#include <string.h>

static bool reason_is(const struct mptcp_event *event, const char *reason)
{
	return !strcmp(event->reason, reason);
}

/* The packet that shows a fault also says who has to reset the subflow: the host that got it. */
static void expect_reset(const struct mptcp_sight *sight, enum mptcp_role host)
{
	struct mptcp_check_stream *stream = sight->stream;

	stream->join_failed = true;
	stream->must_reset = host;
	stream->failed_at = sight->moment;
	stream->ways[host].no_rst = 0;
}

/* A connection of the host that is asked may have begun before the capture. */
static bool has_older(const struct mptcp_check *check, const struct mptcp_endpoint *host)
{
	const struct mptcp_roster *roster = &check->story.roster;

	if (check->older)
		return true; /* perhaps */
	for (size_t i = 0; i < roster->connection_count; i++)
		for (int role = 0; role < 2; role++)
			if (!mptcp_keys_chosen(&roster->connections[i]->keys,
				    (enum mptcp_role)role) &&
				mptcp_address_equal(&roster->connections[i]->ends[role].address,
					&host->address))
				return true;
	return false;
}

static void put_refused(const struct mptcp_sight *sight, const struct mptcp_event *event)
{
	const char *reason = event->reason + strlen("reset");
	struct mptcp_proof proof = mptcp_proof_words("", *reason ? reason + 1 : "none");

	if (sight->from == MPTCP_SERVER) /* not where the joining host gave up itself */
		MPTCP_CHECK_PUT(sight, join_refused, &proof);
}

static void put_token(const struct mptcp_sight *sight)
{
	struct mptcp_proof proof = {0};

	snprintf(proof.got, sizeof(proof.got), "%08x", sight->subflow->token);
	if (has_older(sight->check, &sight->subflow->ends[MPTCP_SERVER].host))
		proof.severity = MPTCP_SEVERITY_INFO;
	MPTCP_CHECK_PUT(sight, join_token_unknown, &proof);
}

/* Section 3.2. */
static void see_join_failed(const struct mptcp_sight *sight, const struct mptcp_event *event)
{
	const struct mptcp_step *ack = &sight->subflow->ack;
	struct mptcp_proof proof = mptcp_proof_words("", event->reason);

	if (reason_is(event, "no_mp_join_in_synack")) {
		MPTCP_CHECK_PUT(sight, join_synack_missing, NULL);
		expect_reset(sight, MPTCP_CLIENT);
	} else if (reason_is(event, "no_mp_join_in_ack")) {
		MPTCP_CHECK_PUT(sight, join_ack_missing, NULL);
		expect_reset(sight, MPTCP_SERVER);
	} else if (reason_is(event, "no_fourth_ack")) {
		proof = mptcp_proof_numbers(1, ack->count);
		proof.expected[0] = '\0';
		if (ack->count >= 3 && sight->back->last <= ack->first.abstime)
			MPTCP_CHECK_PUT(sight, join_no_fourth_ack, &proof);
	} else if (reason_is(event, "wrong_token")) {
		put_token(sight);
	} else if (!strncmp(event->reason, "reset", 5)) {
		put_refused(sight, event);
	} else if (reason_is(event, "no_reply") || reason_is(event, "no_third_ack")) {
		MPTCP_CHECK_PUT(sight, connect_refused, &proof);
	}
}

/* Why a connection fell back: a finding of its own, or `fallback` at the end. */
static void see_fallback(const struct mptcp_sight *sight, const struct mptcp_event *event)
{
	struct mptcp_check_connection *whole = sight->whole;
	struct mptcp_check_stream *stream = sight->stream;
	struct mptcp_proof proof = {0};

	if (!whole)
		return;
	whole->fallback = sight->moment;
	whole->fallback_subflow = sight->subflow;
	snprintf(whole->reason, sizeof(whole->reason), "%s", event->reason);
	if (reason_is(event, "no_mp_capable_in_synack")) {
		whole->explained = true;
		if (!stream->refused_fallback)
			MPTCP_CHECK_PUT(sight, mpc_synack_missing, NULL);
		stream->refused_fallback = true;
	} else if (reason_is(event, "no_mp_capable_in_ack")) {
		whole->explained = stream->refused_fallback = true;
		MPTCP_CHECK_PUT(sight, mpc_ack_missing, NULL);
	} else if (reason_is(event, "no_reply")) {
		whole->explained = stream->refused_fallback = true;
		snprintf(proof.got, sizeof(proof.got), "%u", stream->syn_with);
		MPTCP_CHECK_PUT(sight, mpc_syn_dropped, &proof);
	} else if (reason_is(event, "version_mismatch") || reason_is(event, "flags") ||
		reason_is(event, "no_algorithm")) {
		whole->explained = stream->refused_fallback = true;
	}
}

static void see(const struct mptcp_sight *sight, const struct mptcp_event *event)
{
	struct mptcp_proof proof = mptcp_proof_words("", event->reason);

	switch (event->kind) {
	case MPTCP_EVENT_JOIN_SYNACK:
		if (reason_is(event, "hmac_wrong")) {
			MPTCP_CHECK_PUT(sight, join_hmac_synack, NULL);
			expect_reset(sight, MPTCP_CLIENT);
		}
		break;
	case MPTCP_EVENT_JOIN_ACK:
		if (reason_is(event, "hmac_wrong")) {
			MPTCP_CHECK_PUT(sight, join_hmac_ack, NULL);
			expect_reset(sight, MPTCP_SERVER);
		}
		break;
	case MPTCP_EVENT_JOIN_FAILED:
		see_join_failed(sight, event);
		break;
	case MPTCP_EVENT_CONNECT_FAILED:
		MPTCP_CHECK_PUT(sight, connect_refused, &proof);
		break;
	case MPTCP_EVENT_FALLBACK:
		see_fallback(sight, event);
		break;
	default:
		break;
	}
}

void mptcp_check_events(struct mptcp_check *check)
{
	struct mptcp_events *events = &check->story.events;

	for (size_t i = 0; i < events->count; i++) {
		const struct mptcp_event *event = &events->list[i];
		struct mptcp_story_subflow *subflow =
			mptcp_roster_subflow(&check->story.roster, event->tcpstream);
		struct mptcp_sight sight;

		if (!subflow)
			continue;
		mptcp_check_recall(&sight, check, subflow, &event->moment);
		if (check->failed)
			break;
		if (sight.whole)
			sight.whole->turn++;
		see(&sight, event);
	}
	events->count = 0;
}
