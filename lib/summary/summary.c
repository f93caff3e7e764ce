/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This file takes the packets and puts the page together; see summary_parts.h. */
#include "summary.h"

#include "options.h"
#include "signals.h"
#include "summary_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLAG_C 0x20 /* of MP_CAPABLE: no joins to this address */

/* SYNs, and what the server of a connection says of joins. */
static int see_syn(struct mptcp_summary *summary, const struct mptcp_packet *packet)
{
	struct mptcp_signals signals;
	const struct mptcp_option_value *capable;

	summary->syns += !(packet->tcpflags & MPTCP_ACK);
	if (!(packet->tcpflags & MPTCP_ACK) && mptcp_packet_subtypes(packet) & 1U << MPTCP_MP_JOIN)
		summary->joins++;
	if (!(packet->tcpflags & MPTCP_ACK) ||
		!mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream) ||
		!mptcp_signals_read(&signals, packet))
		return 0;
	capable = mptcp_options_find(&signals.options, MPTCP_MP_CAPABLE);
	return capable && capable->capable.flags & FLAG_C
		? mptcp_numbers_set(&summary->forbids, packet->mptcpstream, 1)
		: 0;
}

int mptcp_summary_add(struct mptcp_summary *summary, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_story_subflow *subflow;

	summary->limits.interval = -1;
	mptcp_outages_begin(&summary->story);
	summary->story.with_tcp = true;
	if (!summary->packets++) {
		summary->begin = packet->abstime;
		summary->origin = packet->abstime - packet->reltime;
	}
	summary->last = packet->abstime;
	if (packet->tcpflags & MPTCP_SYN && see_syn(summary, packet))
		return mptcp_error_memory(error);
	return mptcp_story_add(&summary->story, packet, &subflow, error) ||
			mptcp_outages_add(&summary->story, subflow, packet, error) ||
			mptcp_stats_add(&summary->stats, packet, error) ||
			mptcp_limits_add(&summary->limits, packet, error) ||
			mptcp_check_add(&summary->check, packet, error)
		? -1
		: 0;
}

/* The row that is looked for: of a subflow, or the total of them. */
struct row_key {
	uint32_t mptcpstream;
	enum mptcp_role to;
	const struct mptcp_story_subflow *subflow;
};

/* In the order of mptcp_stats.rows. */
static int compare_row(const void *looked_for, const void *item)
{
	const struct row_key *key = looked_for;
	const struct mptcp_stats_row *row = item;

	if (row->plain)
		return -1;
	if (key->mptcpstream != row->mptcpstream)
		return key->mptcpstream < row->mptcpstream ? -1 : 1;
	if (key->to != row->dest)
		return key->to == MPTCP_SERVER ? -1 : 1;
	if (row->total != !key->subflow)
		return row->total ? -1 : 1;
	if (row->total || key->subflow->tcpstream == row->tcpstream)
		return 0;
	return key->subflow->tcpstream < row->tcpstream ? -1 : 1;
}

const struct mptcp_stats_row *mptcp_summary_row(const struct mptcp_summary *summary,
	uint32_t mptcpstream, enum mptcp_role to, const struct mptcp_story_subflow *subflow)
{
	const struct row_key key = {mptcpstream, to, subflow};

	if (!summary->stats.row_count)
		return NULL;
	return bsearch(&key, summary->stats.rows, summary->stats.row_count,
		sizeof(*summary->stats.rows), compare_row);
}

/* Data of a connection in both directions. */
static uint64_t bytes_of(const struct mptcp_summary *summary, uint32_t mptcpstream)
{
	uint64_t bytes = 0;

	for (int role = 0; role < 2; role++) {
		const struct mptcp_stats_row *row =
			mptcp_summary_row(summary, mptcpstream, (enum mptcp_role)role, NULL);

		bytes += row ? row->unique_bytes : 0;
	}
	return bytes;
}

/* A connection of the page. */
struct chosen {
	const struct mptcp_story_connection *connection;
	uint64_t bytes;
	const char *what; /* happened to it, for groups */
	bool full;
};

static int by_bytes(const void *left, const void *right)
{
	const struct chosen *a = left, *b = right;

	if (a->bytes != b->bytes)
		return a->bytes < b->bytes ? 1 : -1;
	return a->connection->mptcpstream < b->connection->mptcpstream ? -1 : 1;
}

static int by_number(const void *left, const void *right)
{
	const struct chosen *a = left, *b = right;

	return a->connection->mptcpstream < b->connection->mptcpstream ? -1 : 1;
}

static const char *what_happened(const struct mptcp_story_connection *connection)
{
	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next)
		if (subflow->failed && subflow->kind == MPTCP_KIND_JOIN)
			return mptcp_summary_reason("group_join_failed").words;
	if (connection->established > 1 &&
		mptcp_story_connection_state(connection) == MPTCP_STATE_CLOSED)
		return mptcp_summary_reason("group_several").words;
	return mptcp_state_name(mptcp_story_connection_state(connection));
}

static void tell(struct mptcp_summary *summary, const struct chosen *chosen)
{
	uint32_t id = chosen->connection->mptcpstream;
	const struct mptcp_stats_row *up = mptcp_summary_row(summary, id, MPTCP_SERVER, NULL);
	const struct mptcp_stats_row *down = mptcp_summary_row(summary, id, MPTCP_CLIENT, NULL);
	const struct mptcp_summary_own *own = chosen->connection->own;
	struct mptcp_told told = {summary, chosen->connection, own, MPTCP_CLIENT, down, NULL};

	if (up && (!down || up->unique_bytes > down->unique_bytes)) {
		told.main = MPTCP_SERVER;
		told.total = up;
	}
	if (own->limited[told.main].length >= 0)
		told.limited = &own->limited[told.main];
	mptcp_summary_connection(&told);
}

/* The connections not told in full: by what happened, if there are many; and their sum. */
static void group(struct mptcp_summary *summary, struct chosen *list, size_t count)
{
	uint64_t bytes = 0;
	size_t others = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t same = 0, sum = 0;
		const struct chosen *example = &list[i];
		const char *what = example->what;

		if (list[i].full)
			continue;
		others++;
		bytes += list[i].bytes;
		for (size_t k = 0; k < count && what; k++) {
			if (list[k].full || !list[k].what || list[k].what != what)
				continue;
			same++;
			sum += list[k].bytes;
			if (list[k].bytes > example->bytes)
				example = &list[k];
			if (k != i)
				list[k].what = NULL;
		}
		if (what && count > MPTCP_SUMMARY_MANY)
			SAY(summary, GROUP, what,
				mptcp_value_count(same, "connection", "connections").text,
				mptcp_value_bytes(sum).text,
				mptcp_value_number(example->connection->mptcpstream).text);
		list[i].what = NULL;
	}
	if (others)
		SAY(summary, OTHERS,
			mptcp_value_count(others, "other connection", "other connections").text,
			mptcp_value_bytes(bytes).text);
}

static void say_capture(struct mptcp_summary *summary)
{
	const struct mptcp_roster *roster = &summary->story.roster;
	const struct mptcp_value packets =
		mptcp_value_count(summary->packets, "TCP packet", "TCP packets");
	const struct mptcp_value time = mptcp_value_time(summary->last - summary->begin);
	const struct mptcp_value connections = mptcp_value_count(roster->connection_count,
		"MPTCP connection", "MPTCP connections");
	const struct mptcp_value plain = mptcp_value_count(summary->plain,
		"TCP connection without MPTCP", "TCP connections without MPTCP");
	struct mptcp_fact *fact = summary->plain
		? SAY(summary, CAPTURE_MIXED, packets.text, time.text, connections.text, plain.text)
		: SAY(summary, CAPTURE, packets.text, time.text, connections.text);

	if (fact)
		snprintf(fact->label, sizeof(fact->label), "capture");
	for (size_t i = 0; i < summary->check.count; i++) {
		const struct mptcp_finding *finding = &summary->check.list[i];

		if (finding->has_mptcpstream || finding->has_tcpstream ||
			finding->severity < MPTCP_SEVERITY_NOTE)
			continue;
		fact = SAY(summary, CAPTURE_FINDING, mptcp_findings[finding->id].text,
			mptcp_findings[finding->id].id);
		if (fact)
			fact->packetid = finding->packetid;
	}
}

/* There is no MPTCP connection: why it looks so. */
static void say_nothing(struct mptcp_summary *summary)
{
	const struct mptcp_value count =
		mptcp_value_count(summary->plain, "TCP connection", "TCP connections");
	struct mptcp_fact *fact;

	if (!summary->packets)
		fact = SAY(summary, NO_TCP, "");
	else if (!summary->syns)
		fact = SAY(summary, NO_SYN, count.text);
	else if (summary->joins)
		fact = SAY(summary, NO_MPTCP_JOINS, count.text);
	else
		fact = SAY(summary, NO_MPTCP, count.text);
	if (fact)
		snprintf(fact->label, sizeof(fact->label), "capture");
}

static bool is_wanted(const struct mptcp_summary *summary,
	const struct mptcp_story_connection *connection)
{
	bool any = false;

	if (!summary->selection)
		return true;
	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow && !any;
		subflow = subflow->next)
		any = mptcp_selection_takes_stream(summary->selection, subflow->tcpstream);
	return any && mptcp_selection_takes_connection(summary->selection, connection->mptcpstream);
}

/* The connections that are wanted: a line for those not told in full, then the others, by number.
 */
static void say_connections(struct mptcp_summary *summary, struct chosen *list)
{
	const struct mptcp_roster *roster = &summary->story.roster;
	size_t count = 0;

	for (size_t i = 0; i < roster->connection_count; i++)
		if (is_wanted(summary, roster->connections[i]))
			list[count++] = (struct chosen){roster->connections[i],
				bytes_of(summary, roster->connections[i]->mptcpstream),
				what_happened(roster->connections[i]), false};
	summary->nothing = count == 0;
	qsort(list, count, sizeof(*list), by_bytes);
	size_t full =
		summary->all || count <= MPTCP_SUMMARY_LARGEST ? count : MPTCP_SUMMARY_LARGEST;
	for (size_t i = 0; i < full; i++)
		list[i].full = true;
	qsort(list, count, sizeof(*list), by_number);
	group(summary, list, count);
	for (size_t i = 0; i < count; i++)
		if (list[i].full)
			tell(summary, &list[i]);
}

int mptcp_summary_end(struct mptcp_summary *summary, struct mptcp_error *error)
{
	const struct mptcp_roster *roster = &summary->story.roster;

	if (mptcp_story_end(&summary->story, error) || mptcp_outages_end(&summary->story, error) ||
		mptcp_story_end(&summary->stats.story, error) ||
		mptcp_stats_rows(&summary->stats, error) || mptcp_check_end(&summary->check, error))
		return -1;
	if (mptcp_limits_end(&summary->limits, error) && error->status != MPTCP_DATA)
		return -1;
	if (mptcp_events_sort(&summary->story.events))
		return mptcp_error_memory(error);
	if (mptcp_summary_gather(summary, error))
		return -1;
	for (size_t i = 0; i < roster->subflow_count; i++)
		summary->plain += !roster->subflows[i]->connection;
	struct chosen *list = calloc(roster->connection_count + 1, sizeof(*list));
	if (!list)
		return mptcp_error_memory(error);
	summary->nothing = !roster->connection_count;
	if (summary->nothing) {
		say_nothing(summary);
	} else {
		say_capture(summary);
		say_connections(summary, list);
	}
	free(list);
	return summary->failed ? mptcp_error_memory(error) : 0;
}

void mptcp_summary_clear(struct mptcp_summary *summary)
{
	for (size_t i = 0; i < summary->fact_count; i++)
		free(summary->facts[i].text);
	free(summary->facts);
	mptcp_numbers_clear(&summary->forbids);
	mptcp_story_clear(&summary->story);
	mptcp_stats_clear(&summary->stats);
	mptcp_limits_clear(&summary->limits);
	mptcp_check_clear(&summary->check);
	*summary = (struct mptcp_summary){0};
}
