/* SPDX-License-Identifier: GPL-2.0-or-later */
/* summary_connection: the ends of a connection, what it carried, what limited it, its paths, what
 * is wrong with it, and where to look next. */
#include "summary_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FINDINGS_MOST 4
#define TOLD 0.02 /* the smallest share of time that is told */

static void say_ends(const struct mptcp_told *told)
{
	const struct mptcp_story_connection *connection = told->connection;
	const struct mptcp_endpoint *ends = connection->ends;
	const struct mptcp_value client = mptcp_value_host(&ends[MPTCP_CLIENT].address);
	const struct mptcp_value server = mptcp_value_host(&ends[MPTCP_SERVER].address);
	struct mptcp_value version = {"MPTCP"};
	int64_t begin = connection->last;

	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next)
		for (int role = 0; role < 2; role++) {
			const struct mptcp_stats_row *row = mptcp_summary_row(told->summary,
				connection->mptcpstream, (enum mptcp_role)role, subflow);

			if (row && row->start < begin)
				begin = row->start;
		}
	if (connection->has_version)
		snprintf(version.text, sizeof(version.text), "MPTCP v%u",
			(unsigned)connection->version);
	struct mptcp_fact *fact = SAY(told->summary, CONNECTION, client.text,
		mptcp_value_number(ends[MPTCP_CLIENT].port).text, server.text,
		mptcp_value_number(ends[MPTCP_SERVER].port).text, version.text,
		mptcp_state_name(mptcp_story_connection_state(connection)),
		mptcp_value_time(connection->last - begin).text);
	mptcp_fact_about(fact, told);
	if (fact) {
		snprintf(fact->label, sizeof(fact->label), "connection %" PRIu32,
			connection->mptcpstream);
		fact->has_time = true;
		fact->abstime = begin;
	}
}

static void label_direction(struct mptcp_fact *fact, enum mptcp_role to)
{
	if (fact)
		snprintf(fact->label, sizeof(fact->label), "to %s", mptcp_role_word(to));
}

static void say_carried(const struct mptcp_told *told, enum mptcp_role to)
{
	const struct mptcp_stats_row *row =
		mptcp_summary_row(told->summary, told->connection->mptcpstream, to, NULL);
	struct mptcp_value again = {""};
	struct mptcp_fact *fact;

	if (!row || !row->unique_bytes) {
		fact = SAY(told->summary, CARRIED_NOTHING, "");
	} else {
		if (row->retransmitted_bytes || row->reinjected_bytes)
			snprintf(again.text, sizeof(again.text),
				"; %.40s retransmitted, %.40s reinjected",
				mptcp_value_bytes(row->retransmitted_bytes).text,
				mptcp_value_bytes(row->reinjected_bytes).text);
		/* from the first data to its last acknowledgement, where that is known */
		int64_t time =
			told->limited && to == told->main ? told->limited->length : row->duration;
		double rate = time > 0 ? (double)row->unique_bytes * 8e9 / (double)time : 0;

		fact = SAY(told->summary, CARRIED, mptcp_value_bytes(row->unique_bytes).text,
			mptcp_value_time(time).text, mptcp_value_rate(rate).text, again.text);
	}
	mptcp_fact_about(fact, told);
	label_direction(fact, to);
}

/* The shares of time, the largest first. */
static struct mptcp_value shares_of(const struct mptcp_limits_row *row)
{
	struct mptcp_value text = {""};
	bool told[MPTCP_LIMITS] = {false};

	for (int n = 0; n < MPTCP_LIMITS; n++) {
		int largest = -1;

		for (int i = 0; i < MPTCP_LIMITS; i++)
			if (!told[i] && isfinite(row->share[i]) &&
				(largest < 0 || row->share[i] > row->share[largest]))
				largest = i;
		if (largest < 0 || (n && row->share[largest] < TOLD))
			break;
		told[largest] = true;
		size_t length = strlen(text.text);
		snprintf(text.text + length, sizeof(text.text) - length, "%s%s %.0f %%",
			n ? ", " : "", mptcp_limit_name((enum mptcp_limit)largest),
			100 * row->share[largest]);
		length = strlen(text.text);
		if (largest == MPTCP_LIMIT_RECOVERY && row->has_culprit)
			snprintf(text.text + length, sizeof(text.text) - length,
				" (subflow %" PRIu32 ")", row->culprit);
	}
	return text;
}

static const struct mptcp_stats_subflow_direction *acks_of(const struct mptcp_told *told,
	const struct mptcp_story_subflow *subflow, enum mptcp_role to)
{
	const struct mptcp_story_subflow *counted =
		mptcp_roster_subflow(&told->summary->stats.story.roster, subflow->tcpstream);
	const struct mptcp_stats_subflow *own = counted ? counted->own : NULL;

	return own ? &own->to[to] : NULL;
}

/* The window that was granted, on average of the acknowledgements, against the round trip: what it
 * allows at most. */
static void say_window(const struct mptcp_told *told)
{
	const struct mptcp_limits_row *row = told->limited;
	uint64_t windows = 0, sum = 0;
	int64_t rtt = 0;

	if (!(row->share[MPTCP_LIMIT_MPTCP_WINDOW] > 0.2 ||
		    row->share[MPTCP_LIMIT_SUBFLOW_WINDOW] > 0.2))
		return;
	for (const struct mptcp_story_subflow *subflow = told->connection->subflows; subflow;
		subflow = subflow->next) {
		const struct mptcp_stats_subflow_direction *acks =
			acks_of(told, subflow, told->main);
		int64_t handshake = mptcp_story_handshake_rtt(subflow);

		windows += acks ? acks->acks.windows : 0;
		sum += acks ? acks->acks.window_sum : 0;
		if (handshake > 0 && (!rtt || handshake < rtt))
			rtt = handshake;
	}
	if (!windows || !rtt)
		return;
	struct mptcp_fact *fact = SAY(told->summary, WINDOW, mptcp_value_bytes(sum / windows).text,
		mptcp_value_time(rtt).text,
		mptcp_value_rate((double)(sum / windows) * 8e9 / (double)rtt).text);
	mptcp_fact_about(fact, told);
}

static void say_limits(const struct mptcp_told *told)
{
	const struct mptcp_limits_row *row = told->limited;

	if (!row || !isfinite(row->share[row->main]))
		return;
	struct mptcp_fact *fact = SAY(told->summary, LIMITED, shares_of(row).text,
		row->sure ? "" : mptcp_summary_reason("not_sure").words);
	mptcp_fact_about(fact, told);
	if (fact)
		snprintf(fact->label, sizeof(fact->label), "limited by");
	say_window(told);
	if (row->blocked * 10 <= row->length || !row->has_blocker)
		return;
	fact = SAY(told->summary, BLOCKED, mptcp_value_time(row->blocked).text,
		mptcp_value_number(row->blocker).text);
	mptcp_fact_about(fact, told);
	if (fact) {
		fact->has_tcpstream = true;
		fact->tcpstream = row->blocker;
	}
}

/* The round trips of segments; where the capture is far from their sender, that of the handshake.
 */
static struct mptcp_value rtt_of(const struct mptcp_stats_row *row,
	const struct mptcp_story_subflow *subflow)
{
	int64_t handshake = mptcp_story_handshake_rtt(subflow);
	struct mptcp_value text = mptcp_value_time(handshake);

	if (row && row->ack_rtt.count && (handshake < 0 || 2 * row->ack_rtt.p50 > handshake))
		snprintf(text.text, sizeof(text.text), "%.40s/%.40s/%.40s",
			mptcp_value_time(row->ack_rtt.min).text,
			mptcp_value_time(row->ack_rtt.p50).text,
			mptcp_value_time(row->ack_rtt.p95).text);
	else if (handshake < 0)
		snprintf(text.text, sizeof(text.text), "-");
	return text;
}

static void say_path(const struct mptcp_told *told, const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_stats_row *row = mptcp_summary_row(told->summary,
		told->connection->mptcpstream, told->main, subflow);
	bool backup = subflow->ends[0].backup || subflow->ends[1].backup;
	uint64_t sent = row ? row->sent_bytes : 0;
	struct mptcp_value reinjected = {""}, state = {""};

	if (row && row->reinjected_bytes)
		snprintf(reinjected.text, sizeof(reinjected.text), ", %.40s reinjected",
			mptcp_value_bytes(row->reinjected_bytes).text);
	snprintf(state.text, sizeof(state.text), "%s, %s", backup ? ", backup" : "",
		mptcp_state_name(mptcp_story_subflow_state(subflow)));
	struct mptcp_fact *fact = SAY(told->summary, PATH,
		mptcp_value_host(&subflow->ends[MPTCP_CLIENT].host.address).text,
		mptcp_value_host(&subflow->ends[MPTCP_SERVER].host.address).text,
		mptcp_kind_name(mptcp_story_kind(subflow)),
		mptcp_value_share(row && isfinite(row->goodput_share) ? row->goodput_share : 0)
			.text,
		rtt_of(row, subflow).text,
		mptcp_value_share(sent ? (double)row->retransmitted_bytes / (double)sent : 0).text,
		reinjected.text, state.text);
	mptcp_fact_about(fact, told);
	mptcp_fact_at(fact, &subflow->syn.first);
	if (fact) {
		snprintf(fact->label, sizeof(fact->label), "subflow %" PRIu32, subflow->tcpstream);
		fact->has_tcpstream = true;
		fact->tcpstream = subflow->tcpstream;
	}
}

static void say_findings(const struct mptcp_told *told)
{
	const struct mptcp_summary_own *own = told->own;
	struct mptcp_fact *fact = NULL;
	size_t count = 0;

	for (size_t i = 0; i < own->finding_count; i++) {
		const struct mptcp_finding *finding = own->findings[i];
		struct mptcp_value times = {""};

		if (finding->severity < MPTCP_SEVERITY_WARNING || count++ >= FINDINGS_MOST)
			continue;
		if (finding->count > 1)
			snprintf(times.text, sizeof(times.text), ", %" PRIu64 " times",
				finding->count);
		fact = SAY(told->summary, FINDING, mptcp_severity_name(finding->severity),
			mptcp_findings[finding->id].id, mptcp_findings[finding->id].text,
			times.text);
		mptcp_fact_about(fact, told);
		if (fact) {
			fact->packetid = finding->packetid;
			fact->has_time = true;
			fact->abstime = finding->abstime;
		}
	}
	if (count > FINDINGS_MOST)
		fact = SAY(told->summary, MORE_FINDINGS,
			mptcp_value_number(count - FINDINGS_MOST).text);
	else if (!count)
		fact = SAY(told->summary, SOUND, "");
	else
		return;
	mptcp_fact_about(fact, told);
}

/* The command that shows most of what was told: by the worst of it. */
static void say_look(const struct mptcp_told *told, bool bad)
{
	struct mptcp_summary *summary = told->summary;
	uint32_t id = told->connection->mptcpstream;
	const char *to = mptcp_role_word(told->main);
	const struct mptcp_limits_row *row = told->limited;
	struct mptcp_buffer command = MPTCP_BUFFER_INIT;
	enum mptcp_state state = mptcp_story_connection_state(told->connection);

	if (bad || state == MPTCP_STATE_FALLBACK || state == MPTCP_STATE_FAILED || !row)
		mptcp_buffer_add_string(&command, "mptcp-le");
	else if (row->main == MPTCP_LIMIT_RECOVERY)
		mptcp_buffer_format(&command, "mptcp-plot dss --dack -d %s", to);
	else if (row->main == MPTCP_LIMIT_MPTCP_WINDOW || row->main == MPTCP_LIMIT_SUBFLOW_WINDOW ||
		row->main == MPTCP_LIMIT_SEND_BUFFER)
		mptcp_buffer_format(&command, "mptcp-plot flight -d %s", to);
	else
		mptcp_buffer_format(&command, "mptcp-lb -d %s", to);
	mptcp_buffer_format(&command, " %" PRIu32 " %s", id, summary->name);
	summary->failed |= command.failed;
	mptcp_fact_about(SAY(summary, LOOK, command.bytes), told);
	mptcp_buffer_clear(&command);
}

/* What happened in the order of time; what has none comes last. */
static int by_time(const void *left, const void *right)
{
	const struct mptcp_fact *a = left, *b = right;

	if (a->has_time != b->has_time)
		return a->has_time ? -1 : 1;
	if (a->abstime != b->abstime)
		return a->abstime < b->abstime ? -1 : 1;
	return a->says < b->says ? -1 : a->says > b->says;
}

void mptcp_summary_connection(const struct mptcp_told *told)
{
	struct mptcp_summary *summary = told->summary;
	size_t from;
	bool bad = false;

	say_ends(told);
	say_carried(told, MPTCP_SERVER);
	say_carried(told, MPTCP_CLIENT);
	from = summary->fact_count;
	mptcp_summary_events(told);
	mptcp_summary_one(told);
	for (size_t i = from; i < summary->fact_count; i++) {
		enum mptcp_says says = summary->facts[i].says;

		/* an outage is best seen in a picture */
		bad |= mptcp_sentences[says].bad && says != MPTCP_SAYS_SILENT &&
			says != MPTCP_SAYS_SILENT_END;
	}
	if (!summary->failed)
		qsort(summary->facts + from, summary->fact_count - from, sizeof(*summary->facts),
			by_time);
	say_limits(told);
	for (const struct mptcp_story_subflow *subflow = told->connection->subflows; subflow;
		subflow = subflow->next)
		say_path(told, subflow);
	say_findings(told);
	say_look(told, bad);
}
