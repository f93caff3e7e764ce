/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-merge: packets matched across two captures of the same traffic. See mptcp-merge(1). */
#include "two.h"

#include <string.h>

#define OWN_COLUMNS 11

/* What the row says about both ends; the packet's columns follow. */
static struct mptcp_table_column columns[OWN_COLUMNS + MPTCP_COLUMNS] = {
	{"sender", MPTCP_CELL_TEXT, "", "capture nearer to the sender: a or b"},
	{"sender_packetid", MPTCP_CELL_NUMBER, "", "number of the packet in the sender's capture"},
	{"sender_abstime", MPTCP_CELL_NUMBER, "s", "time in the sender's capture, since the epoch"},
	{"receiver_packetid", MPTCP_CELL_NUMBER, "",
		"number of the packet in the receiver's capture"},
	{"receiver_abstime", MPTCP_CELL_NUMBER, "s",
		"time in the receiver's capture, since the epoch"},
	{"owd", MPTCP_CELL_NUMBER, "s", "one-way delay; the clocks' difference is taken out"},
	{"lost", MPTCP_CELL_TEXT, "",
		"lost or not_captured if seen at one end only; empty if it arrived"},
	{"bytes", MPTCP_CELL_NUMBER, "bytes",
		"payload that both packets carry, or that was seen at one end only"},
	{"tcpstream_b", MPTCP_CELL_NUMBER, "", "number of the TCP connection in B"},
	{"mptcpstream_b", MPTCP_CELL_NUMBER, "", "number of the MPTCP connection in B"},
};

/* The columns of the packet that are there in other words. */
#define LEFT_OUT (MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(reltime))

struct merge {
	enum mptcp_clock_mode clock;
	struct tool_run *run;
	struct two two;
	struct mptcp_buffer cell;
	uint64_t negative;
};

enum { OPTION_CLOCK = MPTCP_OPT_LONG };

static const struct mptcp_option options[] = {
	{OPTION_CLOCK, "clock", "HOW",
		"difference of the clocks to take out: none, offset or skew (default)",
		MPTCP_COMPLETE_WORDS, "none offset skew"},
	{0},
};

static int take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	static const char *const words[] = {"none", "offset", "skew"};
	struct merge *merge = context;

	(void)letter;
	for (int i = 0; i < 3; i++)
		if (!strcmp(value, words[i])) {
			merge->clock = (enum mptcp_clock_mode)i;
			return 0;
		}
	return mptcp_error_set(error, MPTCP_USAGE,
		"option --clock: '%s' is not none, offset or skew", value);
}

static struct mptcp_tool tool = {
	.name = "mptcp-merge",
	.purpose = "match packets across two captures, with one-way delays",
	.operands = "A B [ID]",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_SELECTION,
	.options = options,
	.columns = columns,
	.take = take,
};

static bool is_text(enum mptcp_column_type type)
{
	switch (type) {
	case MPTCP_TYPE_ADDRESS:
	case MPTCP_TYPE_ROLE:
	case MPTCP_TYPE_DIRECTION:
	case MPTCP_TYPE_FLAGS:
	case MPTCP_TYPE_TOKEN:
	case MPTCP_TYPE_SUBTYPES:
	case MPTCP_TYPE_TEXT:
		return true;
	default:
		return false;
	}
}

/* Completes the table's columns by those of the packet. */
static void add_columns(void)
{
	size_t count = 0;

	while (columns[count].name)
		count++;
	for (int i = 0; i < MPTCP_COLUMNS; i++) {
		const struct mptcp_column *column = &mptcp_columns[i];

		if (!(MPTCP_BIT(i) & LEFT_OUT))
			columns[count++] = (struct mptcp_table_column){column->name,
				is_text(column->type) ? MPTCP_CELL_TEXT : MPTCP_CELL_NUMBER,
				column->unit, column->meaning};
	}
	tool.column_count = count;
}

static void put_end(struct mptcp_table *table, const struct mptcp_pair *pair, int end)
{
	if (pair->seen[end]) {
		mptcp_table_unsigned(table, pair->packetid[end]);
		mptcp_table_time(table, pair->abstime[end]);
	} else {
		mptcp_table_empty(table);
		mptcp_table_empty(table);
	}
}

static void put_number(struct mptcp_table *table, bool there, uint64_t number)
{
	if (there)
		mptcp_table_unsigned(table, number);
	else
		mptcp_table_empty(table);
}

/* The numbers of the stream and its connection in a capture. */
struct streams {
	bool has_tcp, has_mptcp;
	uint32_t tcp, mptcp;
};

static struct streams streams_of(const struct mptcp_evidence *evidence, uint32_t index)
{
	struct streams streams = {0};

	if (index == MPTCP_NOT_MATCHED)
		return streams;
	uint32_t connection = evidence->streams[index].connection;
	streams.has_tcp = true;
	streams.tcp = evidence->streams[index].tcpstream;
	streams.has_mptcp = connection != MPTCP_NOT_MATCHED;
	if (streams.has_mptcp)
		streams.mptcp = evidence->connections[connection].mptcpstream;
	return streams;
}

static void put_packet(struct merge *merge, const struct mptcp_packet *packet,
	const struct streams *a)
{
	struct mptcp_table *table = merge->run->table;

	for (int i = 0; i < MPTCP_COLUMNS; i++) {
		if (MPTCP_BIT(i) & LEFT_OUT)
			continue;
		if (i == MPTCP_COLUMN_tcpstream) {
			put_number(table, a->has_tcp, a->tcp);
		} else if (i == MPTCP_COLUMN_mptcpstream) {
			put_number(table, a->has_mptcp, a->mptcp);
		} else if (!mptcp_packet_has(packet, i)) {
			mptcp_table_empty(table);
		} else {
			merge->cell.length = 0;
			mptcp_packet_format(&merge->cell, packet, i);
			mptcp_table_text(table, merge->cell.bytes, merge->cell.length);
		}
	}
}

/* When a packet was seen, on the clock of A, since A's first packet. */
static int64_t time_in_a(const struct merge *merge, const struct mptcp_pair *pair)
{
	int64_t time = pair->seen[0]
		? pair->abstime[0]
		: pair->abstime[1] - mptcp_clock_ahead(&merge->two.fit, pair->abstime[1]);

	return time - merge->run->origin;
}

/* -m, -t and --skip name connections of A, -d the MPTCP role (of plain TCP, the TCP role) it goes
 * to. */
static bool wanted(const struct merge *merge, const struct mptcp_pair *pair,
	const struct streams *a)
{
	const struct mptcp_packet *packet = pair->packet;
	const struct mptcp_selection *selection = &merge->run->settings.selection;
	enum mptcp_role to = mptcp_packet_has(packet, MPTCP_COLUMN_mptcpdest) ? packet->mptcpdest
									      : pair->tcpdest;

	if (a->has_mptcp ? !mptcp_selection_takes_connection(selection, a->mptcp)
			 : selection->has_mptcpstream)
		return false;
	if (a->has_tcp ? !mptcp_selection_takes_stream(selection, a->tcp)
		       : selection->has_tcpstream)
		return false;
	return mptcp_selection_takes_direction(selection, to) &&
		mptcp_selection_takes_moment(selection, time_in_a(merge, pair));
}

static int put_row(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	static const char *const fates[] = {"", "lost", "not_captured"};
	struct merge *merge = context;
	struct mptcp_table *table = merge->run->table;
	struct streams a = streams_of(&merge->two.evidence[0], pair->stream[0]),
		       b = streams_of(&merge->two.evidence[1], pair->stream[1]);

	if (!wanted(merge, pair, &a))
		return 0;
	mptcp_table_string(table, pair->sender ? "b" : "a");
	put_end(table, pair, pair->sender);
	put_end(table, pair, !pair->sender);
	if (pair->fate == MPTCP_ARRIVED)
		mptcp_table_time(table, pair->owd);
	else
		mptcp_table_empty(table);
	merge->negative += pair->fate == MPTCP_ARRIVED && pair->owd < 0;
	mptcp_table_string(table, fates[pair->fate]);
	mptcp_table_unsigned(table, pair->bytes);
	put_number(table, b.has_tcp, b.tcp);
	put_number(table, b.has_mptcp, b.mptcp);
	put_packet(merge, pair->packet, &a);
	mptcp_table_end_row(table);
	return merge->cell.failed ? mptcp_error_memory(error) : 0;
}

static void merge_captures(struct merge *merge)
{
	struct tool_run *run = merge->run;

	if (two_match(run, &merge->two) || tool_open_table(run) ||
		two_clock(run, &merge->two, merge->clock))
		return;
	two_pair(run, &merge->two, true, put_row, merge);
	if (merge->negative)
		tool_say(run, MPTCP_LOG_WARNING, "%llu packets have a negative one-way delay",
			(unsigned long long)merge->negative);
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct merge merge = {.clock = MPTCP_CLOCK_SKEW, .run = &run};

	add_columns();
	if (!tool_start(&run, &tool, argc, argv, &merge))
		return run.status;
	if (!two_open(&run, &merge.two, 0, MPTCP_ALL_COLUMNS))
		merge_captures(&merge);
	two_close(&run, &merge.two);
	mptcp_buffer_release(&merge.cell);
	return tool_finish(&run);
}
