/* SPDX-License-Identifier: GPL-2.0-or-later */
/* summary_one: why only one path was used, or a backup was. The first answer that holds. */
#include "summary_parts.h"

#include <math.h>

#define MOST 0.8     /* share of the time that the application has to be the limit */
#define WINDOW 0.5   /* or the window */
#define LITTLE 14600 /* bytes: the initial window of a subflow (RFC 6928) takes it */

/* Whether anybody tried another path, or announced one. */
static bool any_attempt(const struct mptcp_told *told)
{
	const struct mptcp_events *events = &told->own->events;

	for (const struct mptcp_story_subflow *subflow = told->connection->subflows; subflow;
		subflow = subflow->next)
		if (subflow->kind == MPTCP_KIND_JOIN)
			return true;
	for (size_t i = 0; i < events->count; i++)
		if (events->list[i].kind == MPTCP_EVENT_ADD_ADDR)
			return true;
	return false;
}

/* A finding that data or acknowledgements of other paths were not captured. */
static const struct mptcp_finding *unseen_path(const struct mptcp_told *told)
{
	const struct mptcp_summary_own *own = told->own;

	for (size_t i = 0; i < own->finding_count; i++)
		if (own->findings[i]->id == MPTCP_FINDING_hyg_interface)
			return own->findings[i];
	return NULL;
}

static struct mptcp_fact *say_nobody(const struct mptcp_told *told)
{
	const struct mptcp_story_subflow *initial = told->connection->initial;
	int64_t rtt = initial ? mptcp_story_handshake_rtt(initial) : -1;
	int64_t lasted = initial ? told->connection->last - initial->syn.first.abstime - rtt : 0;

	if (rtt > 0 && lasted < 2 * rtt)
		return SAY(told->summary, ONE_SHORT, mptcp_value_time(lasted).text,
			mptcp_value_time(rtt).text);
	if (mptcp_numbers_get(&told->summary->forbids, told->connection->mptcpstream) !=
		MPTCP_NUMBERS_NONE)
		return SAY(told->summary, ONE_FORBIDDEN, "");
	return SAY(told->summary, ONE_NOBODY, "");
}

static double app_share(const struct mptcp_limits_row *limited)
{
	return limited->share[MPTCP_LIMIT_APP_IDLE] + limited->share[MPTCP_LIMIT_APP_PACED];
}

static double window_share(const struct mptcp_limits_row *limited)
{
	double share = limited->share[MPTCP_LIMIT_MPTCP_WINDOW];

	return isnan(share) ? 0 : share;
}

/* A regular subflow besides this one lives. */
static bool regular_lives(const struct mptcp_told *told, const struct mptcp_story_subflow *backup)
{
	for (const struct mptcp_story_subflow *subflow = told->connection->subflows; subflow;
		subflow = subflow->next)
		if (subflow != backup && subflow->established && !subflow->reset &&
			!subflow->failed && !subflow->ends[0].backup && !subflow->ends[1].backup)
			return true;
	return false;
}

/* A subflow that was established carried no data to where the data went. */
static struct mptcp_fact *say_unused(const struct mptcp_told *told,
	const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_limits_row *limited = told->limited;
	const struct mptcp_value on = mptcp_value_number(subflow->tcpstream);
	const char *to = mptcp_role_word(told->main);
	int64_t end = limited ? limited->start + limited->length : 0;

	if (limited && subflow->ack.first.packetid && subflow->ack.first.abstime > end)
		return SAY(told->summary, ONE_LATE, on.text, to,
			mptcp_value_time(subflow->ack.first.abstime - end).text);
	if ((subflow->ends[0].backup || subflow->ends[1].backup) && regular_lives(told, subflow))
		return SAY(told->summary, ONE_BACKUP, on.text, to);
	if (told->total->unique_bytes <= LITTLE)
		return SAY(told->summary, ONE_LITTLE, on.text, to,
			mptcp_value_bytes(told->total->unique_bytes).text);
	if (limited && app_share(limited) >= MOST && limited->length > 0)
		return SAY(told->summary, ONE_APP, on.text, to,
			mptcp_value_rate((double)limited->bytes * 8e9 / (double)limited->length)
				.text,
			mptcp_value_share(app_share(limited)).text);
	if (limited && window_share(limited) >= WINDOW)
		return SAY(told->summary, ONE_WINDOW, on.text, to,
			mptcp_value_share(window_share(limited)).text);
	return SAY(told->summary, ONE_UNUSED, on.text, to);
}

/* MP_PRIO changed its priority: it was regular for some of the time. */
static bool is_changed(const struct mptcp_told *told, const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_events *events = &told->own->events;

	for (size_t i = 0; i < events->count; i++)
		if (events->list[i].kind == MPTCP_EVENT_PRIO &&
			events->list[i].tcpstream == subflow->tcpstream)
			return true;
	return false;
}

/* A backup that carried data: what the regular ones did at that time is told by other facts. */
static struct mptcp_fact *say_backup(const struct mptcp_told *told,
	const struct mptcp_story_subflow *subflow, const struct mptcp_stats_row *row)
{
	double again = row->sent_bytes
		? (double)(row->reinjected_bytes + row->retransmitted_bytes) /
			(double)row->sent_bytes
		: 0;
	const char *why = is_changed(told, subflow) ? "priority_changed"
		: regular_lives(told, subflow)      ? "regular_lives"
						    : "no_regular";

	return SAY(told->summary, BACKUP_USED, mptcp_value_number(subflow->tcpstream).text,
		mptcp_value_share(row->goodput_share).text, mptcp_role_word(told->main),
		mptcp_value_share(again).text, mptcp_summary_reason(why).words);
}

static void say_subflow(const struct mptcp_told *told, const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_stats_row *row = mptcp_summary_row(told->summary,
		told->connection->mptcpstream, told->main, subflow);
	bool backup = subflow->ends[0].backup || subflow->ends[1].backup;
	struct mptcp_fact *fact = NULL;

	if (!subflow->established || !told->total || !told->total->unique_bytes)
		return;
	if (!row || !row->sent_bytes)
		fact = say_unused(told, subflow);
	else if (backup)
		fact = say_backup(told, subflow, row);
	else if (!row->first_copy_bytes)
		fact = SAY(told->summary, ONE_REINJECTED,
			mptcp_value_number(subflow->tcpstream).text,
			mptcp_value_bytes(row->sent_bytes).text);
	mptcp_fact_about(fact, told);
	mptcp_fact_at(fact, &subflow->ack.first);
	if (fact) {
		fact->has_tcpstream = true;
		fact->tcpstream = subflow->tcpstream;
	}
}

void mptcp_summary_one(const struct mptcp_told *told)
{
	const struct mptcp_story_connection *connection = told->connection;
	const struct mptcp_finding *unseen = unseen_path(told);
	enum mptcp_state state = mptcp_story_connection_state(connection);
	struct mptcp_fact *fact = NULL;

	if (unseen) {
		fact = SAY(told->summary, ONE_INTERFACE, "");
		if (fact)
			fact->packetid = unseen->packetid;
	} else if (connection->established == 1 && !any_attempt(told) &&
		state != MPTCP_STATE_FALLBACK && state != MPTCP_STATE_FAILED &&
		state != MPTCP_STATE_PARTIAL && state != MPTCP_STATE_OPENING) {
		fact = say_nobody(told);
		mptcp_fact_at(fact, &connection->initial->ack.first);
	}
	mptcp_fact_about(fact, told);
	if (connection->established > 1)
		for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
			subflow = subflow->next)
			say_subflow(told, subflow);
}
