/* SPDX-License-Identifier: GPL-2.0-or-later */
/* summary_events: what happened to a connection, and what did not. */
#include "summary_parts.h"

#include <stdio.h>
#include <string.h>

static struct mptcp_value stream(uint32_t tcpstream)
{
	return mptcp_value_number(tcpstream);
}

/* Who sent the packet of an event. */
static const char *sender(const struct mptcp_event *event)
{
	return mptcp_role_word(mptcp_role_peer(event->moment.mptcpdest));
}

static const struct mptcp_story_subflow *subflow_of(const struct mptcp_told *told,
	uint32_t tcpstream)
{
	const struct mptcp_story_subflow *subflow =
		mptcp_roster_subflow(&told->summary->story.roster, tcpstream);

	return subflow && subflow->connection == told->connection ? subflow : NULL;
}

static struct mptcp_value joiner(const struct mptcp_told *told, uint32_t tcpstream)
{
	const struct mptcp_story_subflow *subflow = subflow_of(told, tcpstream);
	const struct mptcp_address none = {.family = 0};

	return mptcp_value_host(subflow ? &subflow->ends[MPTCP_CLIENT].host.address : &none);
}

static struct mptcp_fact *say_failure(const struct mptcp_told *told,
	const struct mptcp_event *event)
{
	const struct mptcp_meaning meaning = mptcp_summary_reason(event->reason);
	const char *advice = meaning.advice.text;
	struct mptcp_summary *summary = told->summary;

	switch (event->kind) {
	case MPTCP_EVENT_FALLBACK:
		return SAY(summary, FELL_BACK, meaning.words, advice);
	case MPTCP_EVENT_CONNECT_FAILED:
		return SAY(summary, CONNECT_FAILED, meaning.words, advice);
	case MPTCP_EVENT_JOIN_FAILED:
		return SAY(summary, JOIN_FAILED, joiner(told, event->tcpstream).text, meaning.words,
			advice);
	default:
		return SAY(summary, SUBFLOW_FAILED, stream(event->tcpstream).text, meaning.words,
			advice);
	}
}

/* The reason in the MP_TCPRST of the packet, whose events are next to each other. */
static struct mptcp_value reset_reason(const struct mptcp_told *told,
	const struct mptcp_event *reset)
{
	const struct mptcp_events *events = &told->own->events;
	const struct mptcp_event *end = events->list + events->count, *event = reset;
	struct mptcp_value text = {""};

	while (event > events->list && event[-1].moment.packetid == reset->moment.packetid)
		event--;
	for (; event < end && event->moment.packetid == reset->moment.packetid; event++) {
		if (event->kind != MPTCP_EVENT_TCPRST || event->tcpstream != reset->tcpstream)
			continue;
		const struct mptcp_meaning meaning = mptcp_summary_reason(event->reason);
		snprintf(text.text, sizeof(text.text), ": %.60s%.80s", meaning.words,
			meaning.advice.text);
	}
	return text;
}

/* The subflow of this event answered later. */
static bool is_resumed(const struct mptcp_told *told, const struct mptcp_event *silent)
{
	const struct mptcp_events *events = &told->own->events;

	for (const struct mptcp_event *event = silent; event < events->list + events->count;
		event++)
		if (event->kind == MPTCP_EVENT_SUBFLOW_RESUMED &&
			event->tcpstream == silent->tcpstream &&
			event->moment.mptcpdest != silent->moment.mptcpdest)
			return true;
	return false;
}

static struct mptcp_fact *say_outage(const struct mptcp_told *told, const struct mptcp_event *event)
{
	struct mptcp_summary *summary = told->summary;
	const struct mptcp_value on = stream(event->tcpstream);
	const struct mptcp_value bytes = mptcp_value_bytes(event->bytes);
	const struct mptcp_value time = mptcp_value_time(event->duration);
	const char *to = mptcp_role_word(event->moment.mptcpdest);

	if (event->kind == MPTCP_EVENT_DATA_MOVED)
		return SAY(summary, MOVED, stream(event->from).text, on.text, time.text);
	if (event->kind == MPTCP_EVENT_SUBFLOW_RESUMED)
		return SAY(summary, RESUMED, on.text, time.text);
	return is_resumed(told, event) ? SAY(summary, SILENT, on.text, bytes.text, to)
				       : SAY(summary, SILENT_END, on.text, bytes.text, to);
}

static struct mptcp_fact *say_event(const struct mptcp_told *told,
	struct mptcp_announced *announced, const struct mptcp_event *event)
{
	struct mptcp_summary *summary = told->summary;
	const struct mptcp_value number = stream(event->tcpstream);
	const char *on = number.text;

	switch (event->kind) {
	case MPTCP_EVENT_JOIN_ACK: {
		const struct mptcp_story_subflow *subflow = subflow_of(told, event->tcpstream);

		return subflow && subflow->established
			? SAY(summary, JOINED, on, joiner(told, event->tcpstream).text)
			: NULL;
	}
	case MPTCP_EVENT_FALLBACK:
	case MPTCP_EVENT_CONNECT_FAILED:
	case MPTCP_EVENT_JOIN_FAILED:
	case MPTCP_EVENT_SUBFLOW_FAILED:
		return say_failure(told, event);
	case MPTCP_EVENT_SUBFLOW_RESET: {
		const struct mptcp_story_subflow *subflow = subflow_of(told, event->tcpstream);

		/* after a failure, or MP_FASTCLOSE, it is no news */
		return (subflow && subflow->failed) || told->connection->fastclose.packetid
			? NULL
			: SAY(summary, SUBFLOW_RESET, on, sender(event),
				  reset_reason(told, event).text);
	}
	case MPTCP_EVENT_FASTCLOSE:
		return told->connection->fastclose.packetid == event->moment.packetid
			? SAY(summary, FASTCLOSE, sender(event))
			: NULL;
	case MPTCP_EVENT_FAIL:
		return SAY(summary, MP_FAIL, sender(event), on);
	case MPTCP_EVENT_ADD_ADDR:
		return mptcp_announced_say(announced, event);
	case MPTCP_EVENT_REMOVE_ADDR:
		return SAY(summary, REMOVED, sender(event), mptcp_value_number(event->addrid).text);
	case MPTCP_EVENT_PRIO:
		return event->backup == MPTCP_YES ? SAY(summary, PRIO_BACKUP, sender(event), on)
						  : SAY(summary, PRIO_REGULAR, sender(event), on);
	case MPTCP_EVENT_SUBFLOW_SILENT:
	case MPTCP_EVENT_DATA_MOVED:
	case MPTCP_EVENT_SUBFLOW_RESUMED:
		return say_outage(told, event);
	default:
		return NULL;
	}
}

void mptcp_summary_events(const struct mptcp_told *told)
{
	const struct mptcp_events *events = &told->own->events;
	struct mptcp_announced *announced = mptcp_announced_new(told);

	for (size_t i = 0; announced && i < events->count; i++) {
		const struct mptcp_event *event = &events->list[i];

		struct mptcp_fact *fact = say_event(told, announced, event);
		mptcp_fact_about(fact, told);
		mptcp_fact_at(fact, &event->moment);
		if (fact) {
			fact->has_tcpstream = true;
			/* that it is about */
			fact->tcpstream = event->has_from ? event->from : event->tcpstream;
		}
	}
	mptcp_announced_free(announced);
}
