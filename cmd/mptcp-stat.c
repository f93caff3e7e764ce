/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-stat: statistics of MPTCP connections, per direction and subflow. See mptcp-stat(1). */
#include "stats.h"
#include "captures.h"
#include "follow.h"
#include "peer.h"

enum {
	STAT_MPTCPSTREAM,
	STAT_MPTCPDEST,
	STAT_TCPSTREAM,
	STAT_PACKETS,
	STAT_DATA_PACKETS,
	STAT_SENT_BYTES,
	STAT_UNIQUE_BYTES,
	STAT_FIRST_COPY_BYTES,
	STAT_ACKED_BYTES,
	STAT_RETRANSMITTED_BYTES,
	STAT_REINJECTED_BYTES,
	STAT_PROBE_BYTES,
	STAT_UNMAPPED_BYTES,
	STAT_MAPPINGS,
	STAT_START,
	STAT_DURATION,
	STAT_THROUGHPUT_BPS,
	STAT_GOODPUT_BPS,
	STAT_THROUGHPUT_SHARE,
	STAT_GOODPUT_SHARE,
	STAT_RTT_MIN,
	STAT_RTT_MEAN,
	STAT_RTT_P50,
	STAT_RTT_P95,
	STAT_RTT_MAX,
	STAT_HANDSHAKE_RTT,
	STAT_OOO_BYTES,
	STAT_JAIN_INDEX,
	STAT_SWITCHES,
	STAT_ARRIVED_BYTES,
	STAT_ARRIVED_BPS,
	STAT_ARRIVED_SHARE,
	STAT_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[STAT_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "", "number of the connection"},
	[STAT_MPTCPDEST] = {"mptcpdest", MPTCP_CELL_TEXT, 1, "",
		"MPTCP role of the host to which the packets go: client or server"},
	[STAT_TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 1, "",
		"number of the subflow's TCP connection; empty: the connection as a whole"},
	[STAT_PACKETS] = {"packets", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 8, "",
		"packets in this direction"},
	[STAT_DATA_PACKETS] = {"data_packets", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 11, "",
		"packets with payload"},
	[STAT_SENT_BYTES] = {"sent_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 4, "bytes",
		"payload, all copies counted"},
	[STAT_UNIQUE_BYTES] = {"unique_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 10, "bytes",
		"sent_bytes without retransmitted_bytes; in the total, first_copy_bytes"},
	[STAT_FIRST_COPY_BYTES] = {"first_copy_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 5,
		"bytes", "payload that no subflow had carried before"},
	[STAT_ACKED_BYTES] = {"acked_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 9, "bytes",
		"payload that was DATA_ACKed; total only"},
	[STAT_RETRANSMITTED_BYTES] = {"retransmitted_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES,
		4, "bytes", "payload sent again under the same TCP sequence numbers"},
	[STAT_REINJECTED_BYTES] = {"reinjected_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 4,
		"bytes", "payload sent again under new TCP sequence numbers, on any subflow"},
	[STAT_PROBE_BYTES] = {"probe_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 12, "bytes",
		"zero-window probes of MPTCP"},
	[STAT_UNMAPPED_BYTES] = {"unmapped_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 12,
		"bytes", "payload without a data sequence number although MPTCP is in use"},
	[STAT_MAPPINGS] = {"mappings", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 12, "",
		"data sequence mappings"},
	[STAT_START] = {"start", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 9, "s",
		"time of the first packet"},
	[STAT_DURATION] = {"duration", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 7, "s",
		"from the first to the last packet"},
	[STAT_THROUGHPUT_BPS] = {"throughput_bps", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 8, "bps",
		"sent_bytes over duration"},
	[STAT_GOODPUT_BPS] = {"goodput_bps", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 2, "bps",
		"DATA_ACKed first copies over duration"},
	[STAT_THROUGHPUT_SHARE] = {"throughput_share", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 9,
		"share", "sent_bytes as a fraction of the total"},
	[STAT_GOODPUT_SHARE] = {"goodput_share", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 6, "share",
		"first_copy_bytes as a fraction of the total"},
	[STAT_RTT_MIN] = {"rtt_min", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 9, "s",
		"shortest time from data to its DATA_ACK"},
	[STAT_RTT_MEAN] = {"rtt_mean", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 9, "s",
		"mean of these times"},
	[STAT_RTT_P50] = {"rtt_p50", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 3, "s",
		"median of these times, accurate to 1 %"},
	[STAT_RTT_P95] = {"rtt_p95", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 7, "s",
		"95 % of these times are not longer, accurate to 1 %"},
	[STAT_RTT_MAX] = {"rtt_max", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 10, "s",
		"longest of these times"},
	[STAT_HANDSHAKE_RTT] = {"handshake_rtt", MPTCP_CELL_NUMBER, 8, "s",
		"from the SYN of the subflow to the ACK of its SYN/ACK"},
	[STAT_OOO_BYTES] = {"ooo_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 10, "bytes",
		"distinct payload captured above a hole"},
	[STAT_JAIN_INDEX] = {"jain_index", MPTCP_CELL_REAL | MPTCP_CELL_CHANGES, 11, "",
		"balance of first_copy_bytes over the subflows, up to 1; total only"},
	[STAT_SWITCHES] = {"switches", MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES, 11, "",
		"packets with payload on a different subflow from the one before; total only"},
	[STAT_ARRIVED_BYTES] = {"arrived_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_WITH_PEER, 6,
		"bytes", "payload that arrived first over this subflow"},
	[STAT_ARRIVED_BPS] = {"arrived_bps", MPTCP_CELL_NUMBER | MPTCP_CELL_WITH_PEER, 3, "bps",
		"goodput by first arrival: DATA_ACKed bytes over duration"},
	[STAT_ARRIVED_SHARE] = {"arrived_share", MPTCP_CELL_NUMBER | MPTCP_CELL_WITH_PEER, 5,
		"share", "arrived_bytes as a fraction of the total"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == STAT_COLUMNS, "every column described");

static const struct mptcp_option options[] = {
	FOLLOW_OPTIONS,
	{0},
};

static const struct mptcp_tool tool = {
	.name = "mptcp-stat",
	.purpose = "statistics of MPTCP connections and their subflows",
	.nothing = "nothing to count",
	.operands = "[ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_LIVE | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME | MPTCP_GROUP_PEER,
	.options = options,
	.take = follow_take,
	.columns = columns,
	.column_count = STAT_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
};

/* A time that may be missing (-1). */
static void put_time(struct mptcp_table *table, size_t column, int64_t nanoseconds)
{
	if (nanoseconds >= 0)
		mptcp_table_time(table, column, nanoseconds);
}

static void put_bytes(struct mptcp_table *table, const struct mptcp_stats_row *row)
{
	mptcp_table_unsigned(table, STAT_PACKETS, row->packets);
	mptcp_table_unsigned(table, STAT_DATA_PACKETS, row->data_packets);
	mptcp_table_unsigned(table, STAT_SENT_BYTES, row->sent_bytes);
	mptcp_table_unsigned(table, STAT_UNIQUE_BYTES, row->unique_bytes);
	mptcp_table_unsigned(table, STAT_FIRST_COPY_BYTES, row->first_copy_bytes);
	if (row->has_acked)
		mptcp_table_unsigned(table, STAT_ACKED_BYTES, row->acked_bytes);
	mptcp_table_unsigned(table, STAT_RETRANSMITTED_BYTES, row->retransmitted_bytes);
	mptcp_table_unsigned(table, STAT_REINJECTED_BYTES, row->reinjected_bytes);
	mptcp_table_unsigned(table, STAT_PROBE_BYTES, row->probe_bytes);
	mptcp_table_unsigned(table, STAT_UNMAPPED_BYTES, row->unmapped_bytes);
	mptcp_table_unsigned(table, STAT_MAPPINGS, row->mappings);
	mptcp_table_unsigned(table, STAT_OOO_BYTES, row->out_of_order_bytes);
}

static void put_rates(struct mptcp_table *table, const struct mptcp_stats_row *row)
{
	put_time(table, STAT_START, row->start);
	put_time(table, STAT_DURATION, row->duration);
	mptcp_table_real(table, STAT_THROUGHPUT_BPS, row->throughput, 0);
	mptcp_table_real(table, STAT_GOODPUT_BPS, row->goodput, 0);
	mptcp_table_real(table, STAT_THROUGHPUT_SHARE, row->throughput_share, 6);
	mptcp_table_real(table, STAT_GOODPUT_SHARE, row->goodput_share, 6);
	mptcp_table_real(table, STAT_JAIN_INDEX, row->jain, 4);
	put_time(table, STAT_RTT_MIN, row->rtt_min);
	put_time(table, STAT_RTT_MEAN, row->rtt_mean);
	put_time(table, STAT_RTT_P50, row->rtt_p50);
	put_time(table, STAT_RTT_P95, row->rtt_p95);
	put_time(table, STAT_RTT_MAX, row->rtt_max);
	put_time(table, STAT_HANDSHAKE_RTT, row->handshake_rtt);
}

/* Sets the cells of a row; the caller sets those that need two captures and ends it. */
static void put_cells(struct tool_run *run, const struct mptcp_stats_row *row)
{
	struct mptcp_table *table = run->table;

	tool_about_connection(run, row->mptcpstream);
	mptcp_table_unsigned(table, STAT_MPTCPSTREAM, row->mptcpstream);
	mptcp_table_string(table, STAT_MPTCPDEST, row->dest == MPTCP_SERVER ? "server" : "client");
	if (row->total)
		mptcp_table_unsigned(table, STAT_SWITCHES, row->switches);
	else
		mptcp_table_unsigned(table, STAT_TCPSTREAM, row->tcpstream);
	put_bytes(table, row);
	put_rates(table, row);
}

/* Whether -m, -t, -d and --skip ask for the row. */
static bool is_wanted(const struct mptcp_selection *selection, const struct mptcp_stats_row *row)
{
	if (!mptcp_selection_takes_direction(selection, row->dest))
		return false;
	if (row->total)
		return !selection->has_tcpstream &&
			mptcp_selection_takes_connection(selection, row->mptcpstream);
	return mptcp_selection_takes_subflow(selection, row->mptcpstream, row->tcpstream);
}

static int add(void *context, const struct mptcp_packet *packet, struct mptcp_error *error)
{
	return mptcp_stats_add(context, packet, error);
}

static int end(void *context, struct mptcp_error *error)
{
	struct mptcp_stats *stats = context;

	return mptcp_story_end(&stats->story, error);
}

static void put_rows(struct tool_run *run, void *context)
{
	struct mptcp_stats *stats = context;

	if (mptcp_stats_rows(stats, &run->error)) {
		tool_report(run);
		return;
	}
	for (size_t i = 0; i < stats->row_count; i++)
		if (is_wanted(&run->settings.selection, &stats->rows[i])) {
			put_cells(run, &stats->rows[i]);
			mptcp_table_end_row(run->table);
		}
}

static int forget(void *context, struct mptcp_error *error)
{
	struct mptcp_stats *stats = context;

	return mptcp_story_forget(&stats->story, error);
}

static const struct mptcp_story *story(const void *context)
{
	const struct mptcp_stats *stats = context;

	return &stats->story;
}

static void count(const struct follow *follow, struct tool_run *run)
{
	static const struct follow_work work = {add, end, put_rows, forget, story};
	struct mptcp_stats stats = {.selection = &run->settings.selection};

	follow_run(follow, run, &work, &stats);
	mptcp_stats_clear(&stats);
}

/* What two captures need. */
struct both {
	struct peer peer;
	struct mptcp_stats stats;      /* of the first capture */
	struct mptcp_stats arrived[2]; /* by capture: as if what was not received had no payload */
};

static int add_both(void *context, int capture, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct both *both = context;
	struct mptcp_packet received = *packet;

	if (!mptcp_received_has(&both->peer.received[capture], packet->tcpstream, packet->tcpdest,
		    packet->packetid)) {
		received.tcplen = 0;
		received.present &= ~(MPTCP_HAS(dsn) | MPTCP_HAS(dsn_split));
	}
	return (capture == 0 && mptcp_stats_add(&both->stats, packet, error)) ||
			mptcp_stats_add(&both->arrived[capture], &received, error)
		? -1
		: 0;
}

/* Numbers of the second capture become those of the first one. */
static bool renumber(const struct mptcp_evidence evidence[2], uint32_t *mptcpstream,
	uint32_t *tcpstream)
{
	return mptcp_match_connection(&evidence[0], &evidence[1], mptcpstream) &&
		(!tcpstream || mptcp_match_stream(&evidence[0], &evidence[1], tcpstream));
}

/* The row of the capture at the receiver's end that a row of the first capture is about, or NULL.
 */
static const struct mptcp_stats_row *at_receiver(const struct both *both,
	const struct mptcp_stats_row *row, uint32_t tcpstream)
{
	const struct mptcp_evidence *evidence = both->peer.evidence;
	int receiver =
		!mptcp_vantage_sender(&both->peer.vantage, evidence, 0, tcpstream, row->dest);
	const struct mptcp_stats *stats = &both->arrived[receiver];

	for (size_t i = 0; i < stats->row_count; i++) {
		const struct mptcp_stats_row *found = &stats->rows[i];
		uint32_t connection = found->mptcpstream, stream = found->tcpstream;

		if (found->dest == row->dest && found->total == row->total &&
			(receiver == 0 ||
				renumber(evidence, &connection, found->total ? NULL : &stream)) &&
			connection == row->mptcpstream && (row->total || stream == row->tcpstream))
			return found;
	}
	return NULL;
}

static void put_arrivals(struct mptcp_table *table, const struct mptcp_stats_row *row)
{
	if (!row)
		return;
	/* what the receiver's capture has first is what arrived first; first copies of the total
	 * are all of its bytes */
	mptcp_table_unsigned(table, STAT_ARRIVED_BYTES, row->first_copy_bytes);
	mptcp_table_real(table, STAT_ARRIVED_BPS, row->goodput, 0);
	mptcp_table_real(table, STAT_ARRIVED_SHARE, row->goodput_share, 6);
}

static void put_both(struct tool_run *run, const struct both *both)
{
	uint32_t tcpstream = 0;

	for (size_t i = 0; i < both->stats.row_count; i++) {
		const struct mptcp_stats_row *row = &both->stats.rows[i];

		if (!row->total) /* a total comes after its subflows */
			tcpstream = row->tcpstream;
		if (!is_wanted(&run->settings.selection, row))
			continue;
		put_cells(run, row);
		put_arrivals(run->table, at_receiver(both, row, tcpstream));
		mptcp_table_end_row(run->table);
	}
}

static int make_rows(struct mptcp_stats *stats, struct tool_run *run)
{
	return end(stats, &run->error) || mptcp_stats_rows(stats, &run->error) ? -1 : 0;
}

static void count_both(struct tool_run *run)
{
	struct both both = {.stats.selection = &run->settings.selection};

	if (!peer_open(run, &both.peer, MPTCP_STATS_NEEDED, MPTCP_STATS_COLUMNS)) {
		both.peer.add = add_both;
		both.peer.context = &both;
		if (!peer_match(run, &both.peer) && !tool_open_table(run) &&
			!peer_clock(run, &both.peer, MPTCP_CLOCK_NONE)) {
			if (make_rows(&both.stats, run) || make_rows(&both.arrived[0], run) ||
				make_rows(&both.arrived[1], run))
				tool_report(run);
			else
				put_both(run, &both);
		}
	}
	mptcp_stats_clear(&both.stats);
	mptcp_stats_clear(&both.arrived[0]);
	mptcp_stats_clear(&both.arrived[1]);
	peer_close(run, &both.peer);
}

static void work(struct tool_run *run, void *context)
{
	const struct follow *follow = context;

	if (run->settings.peer)
		count_both(run);
	else if (!tool_open_input(run, MPTCP_STATS_NEEDED, MPTCP_STATS_COLUMNS) &&
		!follow_start(follow, run))
		count(follow, run);
}

int main(int argc, char **argv)
{
	struct follow follow = {0};
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, &follow))
		return run.status;
	run.alone = run.settings.peer ? "--peer" : follow.on ? "--follow" : NULL;
	if (!run.settings.peer || !follow.on)
		return captures_run(&run, work, &follow);
	mptcp_error_set(&run.error, MPTCP_USAGE, "options --follow and --peer exclude each other");
	tool_report(&run);
	return tool_finish(&run);
}
