/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-merge: packets matched across two captures of the same traffic. See mptcp-merge(1). */
#include "packet_cells.h"
#include "peer.h"

#include <string.h>

/* What the row says about both ends; from MERGE_PACKET on, the columns of the packet, by their
 * numbers. */
enum {
	MERGE_SENDER,
	MERGE_SENDER_PACKETID,
	MERGE_SENDER_TIME,
	MERGE_RECEIVER_PACKETID,
	MERGE_RECEIVER_TIME,
	MERGE_OWD,
	MERGE_LOST,
	MERGE_BYTES,
	MERGE_TCPSTREAM_B,
	MERGE_MPTCPSTREAM_B,
	MERGE_PACKET,
	MERGE_COLUMNS = MERGE_PACKET + MPTCP_COLUMNS
};

/* The columns of the packet that the row has under other names. */
#define IN_OTHER_WORDS (MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(reltime))

/* The columns of the packet that matter to who asks about delays and losses. */
#define OF_THE_PATH \
	(MPTCP_HAS(tcpstream) | MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest) | MPTCP_HAS(dsn))

static const struct mptcp_table_column columns[] = {
	[MERGE_SENDER] = {"sender", MPTCP_CELL_TEXT, 3, "", "capture nearer to the sender: a or b"},
	[MERGE_SENDER_PACKETID] = {"sender_packetid", MPTCP_CELL_NUMBER, 1, "",
		"number of the packet in the sender's capture"},
	[MERGE_SENDER_TIME] = {"sender_time", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 4, "s",
		"time in the sender's capture"},
	[MERGE_RECEIVER_PACKETID] = {"receiver_packetid", MPTCP_CELL_NUMBER, 2, "",
		"number of the packet in the receiver's capture"},
	[MERGE_RECEIVER_TIME] = {"receiver_time", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 5, "s",
		"time in the receiver's capture"},
	[MERGE_OWD] = {"owd", MPTCP_CELL_NUMBER, 2, "s",
		"one-way delay, corrected for the difference between the clocks"},
	[MERGE_LOST] = {"lost", MPTCP_CELL_TEXT | MPTCP_CELL_MARKED, 2, "",
		"lost or not_captured if seen at one end only; empty if it arrived"},
	[MERGE_BYTES] = {"bytes", MPTCP_CELL_NUMBER, 3, "bytes",
		"payload that both packets carry, or that was seen at one end only"},
	[MERGE_TCPSTREAM_B] = {"tcpstream_b", MPTCP_CELL_NUMBER, 6, "",
		"number of the TCP connection in B"},
	[MERGE_MPTCPSTREAM_B] = {"mptcpstream_b", MPTCP_CELL_NUMBER, 7, "",
		"number of the MPTCP connection in B"},
#define COLUMN(name, type, source, unit, label, meaning) \
	[MERGE_PACKET + MPTCP_COLUMN_##name] = {#name, \
		PACKET_CELLS(name, type) | \
			(MPTCP_HAS(name) & IN_OTHER_WORDS ? MPTCP_CELL_ON_REQUEST : 0), \
		MPTCP_HAS(name) & OF_THE_PATH ? 4 : 8, unit, meaning},
#include "columns.def"
#undef COLUMN
};
_Static_assert(sizeof(columns) / sizeof(*columns) == MERGE_COLUMNS, "every column described");

struct merge {
	enum mptcp_clock_mode clock;
	struct tool_run *run;
	struct peer peer;
	uint64_t shown; /* columns of the packet: a bit for each */
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
	return mptcp_opt_bad_value("clock", value, "none, offset or skew", error);
}

static const struct mptcp_tool tool = {
	.name = "mptcp-merge",
	.purpose = "match packets across two captures, with one-way delays",
	.nothing = "no packet",
	.operands = "A B [ID]",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME,
	.options = options,
	.columns = columns,
	.column_count = MERGE_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
	.take = take,
};

static uint64_t shown_columns(const struct mptcp_layout *layout)
{
	uint64_t shown = 0;

	for (size_t i = 0; i < mptcp_layout_shown(layout); i++) {
		size_t column = mptcp_layout_at(layout, i);

		if (column >= MERGE_PACKET)
			shown |= MPTCP_BIT(column - MERGE_PACKET);
	}
	return shown;
}

/* What an end's capture has of the packet, in the columns of the sender or the receiver. */
static void put_end(struct mptcp_table *table, const struct mptcp_pair *pair, int end)
{
	bool sender = end == pair->sender;

	if (!pair->seen[end])
		return;
	mptcp_table_unsigned(table, sender ? MERGE_SENDER_PACKETID : MERGE_RECEIVER_PACKETID,
		pair->packetid[end]);
	mptcp_table_time(table, sender ? MERGE_SENDER_TIME : MERGE_RECEIVER_TIME,
		pair->abstime[end]);
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

static void put_streams(struct mptcp_table *table, const struct streams *a, const struct streams *b)
{
	if (a->has_tcp)
		mptcp_table_unsigned(table, MERGE_PACKET + MPTCP_COLUMN_tcpstream, a->tcp);
	if (a->has_mptcp)
		mptcp_table_unsigned(table, MERGE_PACKET + MPTCP_COLUMN_mptcpstream, a->mptcp);
	if (b->has_tcp)
		mptcp_table_unsigned(table, MERGE_TCPSTREAM_B, b->tcp);
	if (b->has_mptcp)
		mptcp_table_unsigned(table, MERGE_MPTCPSTREAM_B, b->mptcp);
}

/* The packet's own columns; its streams are put by put_streams. */
static void put_packet(const struct merge *merge, const struct mptcp_packet *packet)
{
	const uint64_t streams = MPTCP_HAS(tcpstream) | MPTCP_HAS(mptcpstream);
	uint64_t left = packet->present & merge->shown & ~streams;
	char value[MPTCP_VALUE_TEXT];

	for (; left; left &= left - 1) {
		enum mptcp_column_id id = mptcp_column_first(left);
		const char *text = value;
		size_t length;

		if (MPTCP_BIT(id) & mptcp_text_columns) {
			const struct mptcp_text *member = mptcp_packet_member(packet, id);

			text = member->bytes;
			length = member->length;
		} else {
			length = mptcp_packet_value(value, packet, id);
		}
		mptcp_table_text(merge->run->table, MERGE_PACKET + id, text, length);
	}
}

/* When a packet was seen, on the clock of A, since A's first packet. */
static int64_t time_in_a(const struct merge *merge, const struct mptcp_pair *pair)
{
	int64_t time = pair->seen[0]
		? pair->abstime[0]
		: pair->abstime[1] - mptcp_clock_ahead(&merge->peer.fit, pair->abstime[1]);

	return time - merge->run->origin;
}

/* -m, -t and --skip name connections of A, -d the MPTCP role (of plain TCP, the TCP role) it goes
 * to. */
static bool wanted(struct merge *merge, const struct mptcp_pair *pair, const struct streams *a)
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
	if (mptcp_selection_takes_direction(selection, to) &&
		mptcp_selection_takes_moment(selection, time_in_a(merge, pair)))
		return true;
	census_refuse(&merge->run->census, selection, to, time_in_a(merge, pair));
	return false;
}

static int put_row(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	static const char *const fates[] = {"", "lost", "not_captured"};
	struct merge *merge = context;
	struct mptcp_table *table = merge->run->table;
	struct streams a = streams_of(&merge->peer.evidence[0], pair->stream[0]),
		       b = streams_of(&merge->peer.evidence[1], pair->stream[1]);

	(void)error;
	if (!wanted(merge, pair, &a))
		return 0;
	if (a.has_mptcp)
		tool_about_connection(merge->run, a.mptcp);
	else
		tool_about_stream(merge->run, a.tcp);
	mptcp_table_string(table, MERGE_SENDER, pair->sender ? "b" : "a");
	put_end(table, pair, 0);
	put_end(table, pair, 1);
	if (pair->fate == MPTCP_ARRIVED)
		mptcp_table_time(table, MERGE_OWD, pair->owd);
	merge->negative += pair->fate == MPTCP_ARRIVED && pair->owd < 0;
	mptcp_table_string(table, MERGE_LOST, fates[pair->fate]);
	mptcp_table_unsigned(table, MERGE_BYTES, pair->bytes);
	put_streams(table, &a, &b);
	put_packet(merge, pair->packet);
	mptcp_table_end_row(table);
	return 0;
}

static void merge_captures(struct merge *merge)
{
	struct tool_run *run = merge->run;

	run->census.with_tcp = true;
	if (peer_match(run, &merge->peer) || tool_open_table(run) ||
		peer_clock(run, &merge->peer, merge->clock))
		return;
	peer_pair(run, &merge->peer, true, put_row, merge);
	if (merge->negative)
		tool_say(run, MPTCP_LOG_WARNING, "%llu packets have a negative one-way delay",
			(unsigned long long)merge->negative);
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct merge merge = {.clock = MPTCP_CLOCK_SKEW, .run = &run};

	if (!tool_start(&run, &tool, argc, argv, &merge))
		return run.status;
	merge.shown = shown_columns(&run.settings.layout);
	if (!peer_open(&run, &merge.peer, 0, merge.shown | MPTCP_HAS(mptcpdest)))
		merge_captures(&merge);
	peer_close(&run, &merge.peer);
	return tool_finish(&run);
}
