/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stats_table.h"

enum {
	MPTCPSTREAM,
	MPTCPDEST,
	TCPSTREAM,
	PACKETS,
	DATA_PACKETS,
	SENT_BYTES,
	UNIQUE_BYTES,
	FIRST_COPY_BYTES,
	ACKED_BYTES,
	RETRANSMITTED_BYTES,
	REINJECTED_BYTES,
	PROBE_BYTES,
	UNMAPPED_BYTES,
	MAPPINGS,
	START,
	DURATION,
	LAST_DATA,
	FIRST_ACK,
	LAST_ACK,
	IDLE_MAX,
	THROUGHPUT_BPS,
	GOODPUT_BPS,
	THROUGHPUT_SHARE,
	GOODPUT_SHARE,
	RTT_MIN,
	RTT_MEAN,
	RTT_P50,
	RTT_P95,
	RTT_MAX,
	HANDSHAKE_RTT,
	ACK_RTT_MIN,
	ACK_RTT_MEAN,
	ACK_RTT_P50,
	ACK_RTT_P95,
	ACK_RTT_MAX,
	OOO_BYTES,
	DUPLICATE_ACKS,
	WINDOW_MIN,
	WINDOW_MEAN,
	WINDOW_MAX,
	ZERO_WINDOWS,
	MSS,
	JAIN_INDEX,
	SWITCHES,
	ARRIVED_BYTES,
	ARRIVED_BPS,
	ARRIVED_SHARE,
	COLUMNS
};

/* What the cells of most columns are. */
#define GROWS (MPTCP_CELL_NUMBER | MPTCP_CELL_CHANGES)

const struct mptcp_table_column mptcp_stats_table_columns[MPTCP_STATS_TABLE_COLUMNS] = {
	[MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "",
		"number of the MPTCP connection; empty for plain TCP"},
	[MPTCPDEST] = {"mptcpdest", MPTCP_CELL_TEXT, 1, "",
		"role of the host to which the packets go: client or server"},
	[TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 1, "",
		"number of the TCP connection; empty: the MPTCP connection as a whole"},
	[PACKETS] = {"packets", GROWS, 8, "", "packets in this direction"},
	[DATA_PACKETS] = {"data_packets", GROWS, 11, "", "packets with payload"},
	[SENT_BYTES] = {"sent_bytes", GROWS, 4, "bytes", "payload, all copies counted"},
	[UNIQUE_BYTES] = {"unique_bytes", GROWS, 10, "bytes",
		"sent_bytes without retransmitted_bytes; in the total, first_copy_bytes"},
	[FIRST_COPY_BYTES] = {"first_copy_bytes", GROWS, 5, "bytes",
		"payload that no subflow had carried before"},
	[ACKED_BYTES] = {"acked_bytes", GROWS, 9, "bytes",
		"payload that was DATA_ACKed; not of a subflow"},
	[RETRANSMITTED_BYTES] = {"retransmitted_bytes", GROWS, 4, "bytes",
		"payload sent again under the same TCP sequence numbers"},
	[REINJECTED_BYTES] = {"reinjected_bytes", GROWS, 4, "bytes",
		"payload sent again under new TCP sequence numbers, on any subflow"},
	[PROBE_BYTES] = {"probe_bytes", GROWS, 12, "bytes", "zero-window probes of MPTCP"},
	[UNMAPPED_BYTES] = {"unmapped_bytes", GROWS, 12, "bytes",
		"payload without a data sequence number although MPTCP is in use"},
	[MAPPINGS] = {"mappings", GROWS, 12, "", "data sequence mappings"},
	[START] = {"start", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 9, "s",
		"time of the first packet"},
	[DURATION] = {"duration", GROWS, 7, "s", "from the first to the last packet"},
	[LAST_DATA] = {"last_data", GROWS | MPTCP_CELL_MOMENT, 12, "s",
		"time of the last packet with payload"},
	[FIRST_ACK] = {"first_ack", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 12, "s",
		"time when payload was first acknowledged"},
	[LAST_ACK] = {"last_ack", GROWS | MPTCP_CELL_MOMENT, 12, "s",
		"time when payload was last acknowledged"},
	[IDLE_MAX] = {"idle_max", GROWS, 11, "s", "longest time between two packets"},
	[THROUGHPUT_BPS] = {"throughput_bps", GROWS, 8, "bps", "sent_bytes over duration"},
	[GOODPUT_BPS] = {"goodput_bps", GROWS, 2, "bps", "DATA_ACKed first copies over duration"},
	[THROUGHPUT_SHARE] = {"throughput_share", GROWS, 9, "share",
		"sent_bytes as a fraction of the total, or of all plain TCP"},
	[GOODPUT_SHARE] = {"goodput_share", GROWS, 6, "share",
		"first_copy_bytes as a fraction of the total, or of all plain TCP"},
	[RTT_MIN] = {"rtt_min", GROWS, 9, "s", "shortest time from data to its DATA_ACK"},
	[RTT_MEAN] = {"rtt_mean", GROWS, 9, "s", "mean of these times"},
	[RTT_P50] = {"rtt_p50", GROWS, 3, "s", "median of these times, accurate to 1 %"},
	[RTT_P95] = {"rtt_p95", GROWS, 7, "s",
		"95 % of these times are not longer, accurate to 1 %"},
	[RTT_MAX] = {"rtt_max", GROWS, 10, "s", "longest of these times"},
	[HANDSHAKE_RTT] = {"handshake_rtt", MPTCP_CELL_NUMBER, 8, "s",
		"from the SYN of the subflow to the ACK of its SYN/ACK"},
	[ACK_RTT_MIN] = {"ack_rtt_min", GROWS, 11, "s",
		"shortest time from a segment to its TCP acknowledgement"},
	[ACK_RTT_MEAN] = {"ack_rtt_mean", GROWS, 11, "s", "mean of these times"},
	[ACK_RTT_P50] = {"ack_rtt_p50", GROWS, 8, "s", "median of these times, accurate to 1 %"},
	[ACK_RTT_P95] = {"ack_rtt_p95", GROWS, 10, "s",
		"95 % of these times are not longer, accurate to 1 %"},
	[ACK_RTT_MAX] = {"ack_rtt_max", GROWS, 11, "s", "longest of these times"},
	[OOO_BYTES] = {"ooo_bytes", GROWS, 10, "bytes", "distinct payload captured above a hole"},
	[DUPLICATE_ACKS] = {"duplicate_acks", GROWS, 11, "",
		"duplicate acknowledgements of this payload"},
	[WINDOW_MIN] = {"window_min", GROWS, 12, "bytes", "smallest window that was granted"},
	[WINDOW_MEAN] = {"window_mean", GROWS, 12, "bytes", "mean of these windows"},
	[WINDOW_MAX] = {"window_max", GROWS, 12, "bytes", "largest of these windows"},
	[ZERO_WINDOWS] = {"zero_windows", GROWS, 11, "", "packets that closed the window"},
	[MSS] = {"mss", MPTCP_CELL_NUMBER, 12, "bytes",
		"maximum segment size that was announced for this direction"},
	[JAIN_INDEX] = {"jain_index", MPTCP_CELL_REAL | MPTCP_CELL_CHANGES, 11, "",
		"balance of first_copy_bytes over the subflows, up to 1; total only"},
	[SWITCHES] = {"switches", GROWS, 11, "",
		"packets with payload on a different subflow from the one before; total only"},
	[ARRIVED_BYTES] = {"arrived_bytes", MPTCP_CELL_NUMBER | MPTCP_CELL_WITH_PEER, 6, "bytes",
		"payload that arrived first over this subflow"},
	[ARRIVED_BPS] = {"arrived_bps", MPTCP_CELL_NUMBER | MPTCP_CELL_WITH_PEER, 3, "bps",
		"goodput by first arrival: DATA_ACKed bytes over duration"},
	[ARRIVED_SHARE] = {"arrived_share", MPTCP_CELL_NUMBER | MPTCP_CELL_WITH_PEER, 5, "share",
		"arrived_bytes as a fraction of the total"},
};
_Static_assert(COLUMNS == MPTCP_STATS_TABLE_COLUMNS, "every column described");

/* A time that may be missing (-1). */
static void put_time(struct mptcp_table *table, size_t column, int64_t nanoseconds)
{
	if (nanoseconds >= 0)
		mptcp_table_time(table, column, nanoseconds);
}

/* Five columns next to one another. */
static void put_times(struct mptcp_table *table, size_t first,
	const struct mptcp_stats_times *times)
{
	if (!times->count)
		return;
	mptcp_table_time(table, first, times->min);
	mptcp_table_time(table, first + 1, times->mean);
	mptcp_table_time(table, first + 2, times->p50);
	mptcp_table_time(table, first + 3, times->p95);
	mptcp_table_time(table, first + 4, times->max);
}

static void put_bytes(struct mptcp_table *table, const struct mptcp_stats_row *row)
{
	mptcp_table_unsigned(table, PACKETS, row->packets);
	mptcp_table_unsigned(table, DATA_PACKETS, row->data_packets);
	mptcp_table_unsigned(table, SENT_BYTES, row->sent_bytes);
	mptcp_table_unsigned(table, UNIQUE_BYTES, row->unique_bytes);
	mptcp_table_unsigned(table, FIRST_COPY_BYTES, row->first_copy_bytes);
	if (row->has_acked)
		mptcp_table_unsigned(table, ACKED_BYTES, row->acked_bytes);
	mptcp_table_unsigned(table, RETRANSMITTED_BYTES, row->retransmitted_bytes);
	mptcp_table_unsigned(table, REINJECTED_BYTES, row->reinjected_bytes);
	mptcp_table_unsigned(table, PROBE_BYTES, row->probe_bytes);
	mptcp_table_unsigned(table, UNMAPPED_BYTES, row->unmapped_bytes);
	mptcp_table_unsigned(table, MAPPINGS, row->mappings);
	mptcp_table_unsigned(table, OOO_BYTES, row->out_of_order_bytes);
}

static void put_rates(struct mptcp_table *table, const struct mptcp_stats_row *row)
{
	put_time(table, START, row->start);
	put_time(table, DURATION, row->duration);
	mptcp_table_real(table, THROUGHPUT_BPS, row->throughput, 0);
	mptcp_table_real(table, GOODPUT_BPS, row->goodput, 0);
	mptcp_table_real(table, THROUGHPUT_SHARE, row->throughput_share, 6);
	mptcp_table_real(table, GOODPUT_SHARE, row->goodput_share, 6);
	mptcp_table_real(table, JAIN_INDEX, row->jain, 4);
	put_times(table, RTT_MIN, &row->rtt);
	put_time(table, HANDSHAKE_RTT, row->handshake_rtt);
}

/* What a total does not have. */
static void put_segments(struct mptcp_table *table, const struct mptcp_stats_row *row)
{
	mptcp_table_unsigned(table, TCPSTREAM, row->tcpstream);
	put_time(table, LAST_DATA, row->last_data);
	put_time(table, FIRST_ACK, row->first_ack);
	put_time(table, LAST_ACK, row->last_ack);
	put_time(table, IDLE_MAX, row->idle);
	put_times(table, ACK_RTT_MIN, &row->ack_rtt);
	mptcp_table_unsigned(table, DUPLICATE_ACKS, row->duplicate_acks);
	if (row->has_window) {
		mptcp_table_unsigned(table, WINDOW_MIN, row->window_min);
		mptcp_table_unsigned(table, WINDOW_MEAN, row->window_mean);
		mptcp_table_unsigned(table, WINDOW_MAX, row->window_max);
	}
	mptcp_table_unsigned(table, ZERO_WINDOWS, row->zero_windows);
	if (row->has_mss)
		mptcp_table_unsigned(table, MSS, row->mss);
}

void mptcp_stats_table_put(struct mptcp_table *table, const struct mptcp_stats_row *row,
	const struct mptcp_stats_row *arrived)
{
	if (!row->plain)
		mptcp_table_unsigned(table, MPTCPSTREAM, row->mptcpstream);
	mptcp_table_string(table, MPTCPDEST, row->dest == MPTCP_SERVER ? "server" : "client");
	if (row->total)
		mptcp_table_unsigned(table, SWITCHES, row->switches);
	else
		put_segments(table, row);
	put_bytes(table, row);
	put_rates(table, row);
	if (arrived) {
		/* what the receiver's capture has first is what arrived first; first copies of the
		 * total are all of its bytes */
		mptcp_table_unsigned(table, ARRIVED_BYTES, arrived->first_copy_bytes);
		mptcp_table_real(table, ARRIVED_BPS, arrived->goodput, 0);
		mptcp_table_real(table, ARRIVED_SHARE, arrived->goodput_share, 6);
	}
	mptcp_table_end_row(table);
}
