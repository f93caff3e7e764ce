/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mib_table.h"

#include "verdict.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	MPTCPSTREAM,
	START,
	COUNTER,
	PREDICTED,
	LOW,
	HIGH,
	CLASS,
	ACTUAL,
	DIFFERENCE,
	VERDICT,
	PACKETIDS,
	RULE,
	COLUMNS
};

const struct mptcp_table_column mptcp_mib_table_columns[MPTCP_MIB_TABLE_COLUMNS] = {
	[MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER | MPTCP_CELL_ON_REQUEST, 1, "",
		"number of the connection, with --per connection"},
	[START] = {"start", MPTCP_CELL_NUMBER | MPTCP_CELL_ON_REQUEST, 1, "s",
		"where the period begins, since the capture's first packet, with --per SECONDS"},
	[COUNTER] = {"counter", MPTCP_CELL_TEXT, 1, "", "the kernel's name, without MPTcpExt"},
	[PREDICTED] = {"predicted", MPTCP_CELL_NUMBER, 2, "", "what the packets say"},
	[LOW] = {"low", MPTCP_CELL_NUMBER, 5, "", "the least that is possible"},
	[HIGH] = {"high", MPTCP_CELL_NUMBER, 5, "",
		"the most; empty where the capture has connections in part only"},
	[CLASS] = {"class", MPTCP_CELL_TEXT, 6, "", "exact, bounded, hint or unpredictable"},
	[ACTUAL] = {"actual", MPTCP_CELL_NUMBER | MPTCP_CELL_ON_REQUEST, 3, "",
		"what the host counted"},
	[DIFFERENCE] = {"difference", MPTCP_CELL_NUMBER | MPTCP_CELL_ON_REQUEST, 7, "",
		"actual - predicted"},
	[VERDICT] = {"verdict", MPTCP_CELL_TEXT | MPTCP_CELL_MARKED | MPTCP_CELL_ON_REQUEST, 4, "",
		"equal, within, differs or unpredictable"},
	[PACKETIDS] = {"packetids", MPTCP_CELL_TEXT, 8, "",
		"the packets that were counted, at most 20"},
	[RULE] = {"rule", MPTCP_CELL_TEXT, 9, "",
		"where the kernel counts it; --explain has the rule"},
};
_Static_assert(COLUMNS == MPTCP_MIB_TABLE_COLUMNS, "every column described");

void mptcp_mib_table_show(struct mptcp_layout *layout, const struct mptcp_mib *mib, bool compared)
{
	const bool shown[COLUMNS] = {[MPTCPSTREAM] = mib->by_connection,
		[START] = mib->interval,
		[ACTUAL] = compared,
		[DIFFERENCE] = compared,
		[VERDICT] = compared};

	layout->shown_count = 0;
	for (size_t i = 0; i < COLUMNS; i++)
		if (shown[i] || !(mptcp_mib_table_columns[i].cells & MPTCP_CELL_ON_REQUEST))
			layout->shown[layout->shown_count++] = i;
}

static void put_packets(struct mptcp_table *table, const struct mptcp_mib_count *count)
{
	char text[MPTCP_MIB_PACKETS * 21 + sizeof("...")] = "";
	size_t length = 0;

	for (unsigned i = 0; i < count->packet_count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%" PRIu64,
			i ? ";" : "", count->packets[i]);
	if (count->more)
		length += (size_t)snprintf(text + length, sizeof(text) - length, ";...");
	if (length)
		mptcp_table_text(table, PACKETIDS, text, length);
}

static void put_judged(struct mptcp_table *table, const struct mptcp_judged *judged)
{
	mptcp_table_string(table, CLASS, mptcp_counter_class_name(judged->worth));
	if (judged->worth == MPTCP_COUNTER_UNPREDICTABLE)
		return;
	mptcp_table_signed(table, PREDICTED, judged->count.predicted);
	if (judged->worth != MPTCP_COUNTER_HINT) {
		mptcp_table_signed(table, LOW, judged->count.low);
		if (!judged->open)
			mptcp_table_signed(table, HIGH, judged->count.high);
	}
	put_packets(table, &judged->count);
}

static void put_actual(struct mptcp_table *table, const struct mptcp_judged *judged, int64_t actual)
{
	uint64_t difference = (uint64_t)actual - (uint64_t)judged->count.predicted;

	mptcp_table_signed(table, ACTUAL, actual);
	if (judged->worth != MPTCP_COUNTER_UNPREDICTABLE)
		mptcp_table_signed(table, DIFFERENCE, (int64_t)difference);
	mptcp_table_string(table, VERDICT, mptcp_mib_verdict_name(mptcp_judge(judged, actual)));
}

/* True where what the host counted makes a row, or where there is none. */
static bool judge(struct mptcp_mib_table *rows, const struct mptcp_judged *judged,
	const struct mptcp_actual_value *actual)
{
	enum mptcp_mib_verdict verdict =
		actual ? mptcp_judge(judged, actual->value) : MPTCP_MIB_VERDICT_UNPREDICTABLE;

	rows->differences += verdict == MPTCP_MIB_VERDICT_DIFFERS;
	rows->judged += verdict != MPTCP_MIB_VERDICT_UNPREDICTABLE;
	return rows->zero || judged->count.predicted || judged->count.high ||
		(actual && actual->value);
}

/* A counter of a connection or period, `count` NULL: nothing was counted. */
static void put_row(struct mptcp_mib_table *rows, uint64_t group, enum mptcp_counter counter,
	const struct mptcp_mib_count *count)
{
	const struct mptcp_mib *mib = rows->mib;
	struct mptcp_judged judged = mptcp_judged_of(mib, group, counter, count);
	const struct mptcp_actual_value *actual =
		rows->actual ? mptcp_actual_find(rows->actual, counter) : NULL;

	/* what the host has decides, before the list of its version */
	if (!judge(rows, &judged, actual) ||
		(!actual && !mptcp_counter_exists(counter, mib->kernel)))
		return;
	if (mib->by_connection && group != MPTCP_MIB_NOWHERE)
		mptcp_table_unsigned(rows->table, MPTCPSTREAM, group);
	if (mib->interval)
		mptcp_table_time(rows->table, START, (int64_t)group * mib->interval);
	mptcp_table_string(rows->table, COUNTER, mptcp_counter_rules[counter].name);
	put_judged(rows->table, &judged);
	if (actual)
		put_actual(rows->table, &judged, actual->value);
	mptcp_table_string(rows->table, RULE, mptcp_counter_rules[counter].place);
	mptcp_table_end_row(rows->table);
}

static void put_unknown(struct mptcp_mib_table *rows)
{
	for (size_t i = 0; rows->actual && i < rows->actual->count; i++) {
		const struct mptcp_actual_value *value = &rows->actual->values[i];

		if (value->counter >= 0 || (!value->value && !rows->zero))
			continue;
		mptcp_table_string(rows->table, COUNTER, value->name);
		mptcp_table_string(rows->table, CLASS,
			mptcp_counter_class_name(MPTCP_COUNTER_UNPREDICTABLE));
		mptcp_table_signed(rows->table, ACTUAL, value->value);
		mptcp_table_string(rows->table, VERDICT,
			mptcp_mib_verdict_name(MPTCP_MIB_VERDICT_UNPREDICTABLE));
		mptcp_table_end_row(rows->table);
	}
}

void mptcp_mib_table_put(struct mptcp_mib_table *rows)
{
	const struct mptcp_mib *mib = rows->mib;
	size_t at = 0;

	do {
		uint64_t group = at < mib->row_count ? mib->rows[at].group : 0;

		for (int i = 0; i < MPTCP_COUNTERS; i++) {
			enum mptcp_counter counter = (enum mptcp_counter)i;
			const struct mptcp_mib_row *row =
				at < mib->row_count ? &mib->rows[at] : NULL;
			bool counted = row && row->group == group && row->counter == counter;

			put_row(rows, group, counter, counted ? &row->count : NULL);
			at += counted;
		}
	} while (at < mib->row_count);
	put_unknown(rows);
}
