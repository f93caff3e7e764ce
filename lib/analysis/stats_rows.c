/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats_rows: the rows of stats.h, from what stats.c has counted. */
#include "stats.h"

#include "sequence.h"

#include <math.h>
#include <stdlib.h>

/* Bits per second. */
static double rate(uint64_t bytes, int64_t duration)
{
	return duration > 0 ? (double)bytes * 8e9 / (double)duration : (double)NAN;
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : (double)NAN;
}

static struct mptcp_stats_times times_of(const struct mptcp_histogram *times)
{
	return (struct mptcp_stats_times){times->count, (int64_t)times->smallest,
		(int64_t)mptcp_histogram_mean(times), (int64_t)mptcp_histogram_quantile(times, 50),
		(int64_t)mptcp_histogram_quantile(times, 95), (int64_t)times->largest};
}

/* Distinct payload that the peer acknowledged on the TCP level in the period asked for. */
static uint64_t tcp_acked(const struct mptcp_stats_subflow_direction *flow)
{
	if (flow->tcp_acked <= flow->tcp_before)
		return 0;
	return mptcp_intervals_overlap(&flow->bytes.payload.positions, flow->tcp_before,
		flow->tcp_acked);
}

/* Payload of the SYN is acknowledged by TCP alone. */
static uint64_t syn_acked(const struct mptcp_stats_subflow_direction *flow)
{
	return flow->bytes.payload.acked > flow->bytes.first_byte ? flow->syn_bytes : 0;
}

static const struct mptcp_stats_subflow_direction *direction_of(
	const struct mptcp_story_subflow *subflow, enum mptcp_role dest)
{
	const struct mptcp_stats_subflow *counted = subflow->own;

	return &counted->to[dest];
}

/* Payload that is unmapped because MPTCP is not, or no longer, used: first copies. */
static uint64_t bare(const struct mptcp_story_subflow *subflow, enum mptcp_role dest)
{
	if (!subflow->connection)
		return direction_of(subflow, dest)->bytes.fates[MPTCP_FATE_UNMAPPED];
	return mptcp_bare_bytes_data(&direction_of(subflow, dest)->bare, subflow->connection);
}

static uint64_t first_copies(const struct mptcp_story_subflow *subflow, enum mptcp_role dest)
{
	return direction_of(subflow, dest)->bytes.fates[MPTCP_FATE_FIRST_COPY] +
		bare(subflow, dest);
}

/* First copies that were acknowledged: after a fallback by TCP. */
static uint64_t subflow_acked(const struct mptcp_story_subflow *subflow, enum mptcp_role dest)
{
	const struct mptcp_stats_subflow_direction *flow = direction_of(subflow, dest);
	uint64_t acked = flow->acked, most = first_copies(subflow, dest);

	if (!subflow->connection)
		return tcp_acked(flow);
	if (!subflow->connection->fallback.packetid)
		return acked + syn_acked(flow);
	if (tcp_acked(flow) > acked)
		acked = tcp_acked(flow);
	return acked < most ? acked : most;
}

/* What acknowledgements and windows show. */
static void fill_acks(struct mptcp_stats_row *row, const struct mptcp_story_subflow *subflow,
	enum mptcp_role dest)
{
	const struct mptcp_stats_subflow_direction *flow = direction_of(subflow, dest);
	const struct mptcp_acks *acks = &flow->acks;

	row->ack_rtt = times_of(&acks->rtt);
	row->idle = flow->bytes.packets ? flow->idle : -1;
	row->last_data = flow->bytes.data_packets ? flow->last_data : -1;
	row->first_ack = acks->any ? acks->first : -1;
	row->last_ack = acks->any ? acks->last : -1;
	/* both ends have to offer a scale for either to have one (RFC 7323 section 2.2) */
	row->has_window = acks->windows && subflow->syn.count && subflow->synack.count &&
		!subflow->syn.unknown && !subflow->synack.unknown;
	row->window_min = acks->window_min;
	row->window_max = acks->window_max;
	row->window_mean =
		acks->windows ? (acks->window_sum + acks->windows / 2) / acks->windows : 0;
	row->zero_windows = acks->zero_windows;
	row->duplicate_acks = acks->duplicates;
	row->has_mss = acks->has_mss;
	row->mss = acks->mss;
}

static void fill_subflow(struct mptcp_stats_row *row, const struct mptcp_story_subflow *subflow,
	enum mptcp_role dest)
{
	const struct mptcp_stats_subflow_direction *flow = direction_of(subflow, dest);
	const struct mptcp_direction *bytes = &flow->bytes;

	*row = (struct mptcp_stats_row){
		.dest = dest,
		.tcpstream = subflow->tcpstream,
		.packets = bytes->packets,
		.data_packets = bytes->data_packets,
		.sent_bytes = bytes->sent,
		.unique_bytes = bytes->unique,
		.first_copy_bytes = first_copies(subflow, dest),
		.retransmitted_bytes = bytes->fates[MPTCP_FATE_RETRANSMITTED],
		.reinjected_bytes = bytes->fates[MPTCP_FATE_REINJECTED],
		.probe_bytes = bytes->fates[MPTCP_FATE_PROBE],
		.unmapped_bytes = bytes->fates[MPTCP_FATE_UNMAPPED] - bare(subflow, dest),
		.mappings = flow->mappings,
		.start = bytes->packets ? bytes->start : -1,
		.duration = bytes->packets ? bytes->last - bytes->start : -1,
		.handshake_rtt = mptcp_story_handshake_rtt(subflow),
		.out_of_order_bytes = bytes->out_of_order,
		.jain = (double)NAN,
	};
	row->throughput = rate(row->sent_bytes, row->duration);
	row->goodput = rate(subflow_acked(subflow, dest), row->duration);
	row->rtt = times_of(&flow->rtt);
	fill_acks(row, subflow, dest);
}

/* Adds what a subflow carried to the total's row. */
static void add_subflow(struct mptcp_stats_row *total, const struct mptcp_stats_row *row)
{
	int64_t end = row->start + row->duration;

	total->packets += row->packets;
	total->data_packets += row->data_packets;
	total->sent_bytes += row->sent_bytes;
	total->first_copy_bytes += row->first_copy_bytes;
	total->retransmitted_bytes += row->retransmitted_bytes;
	total->reinjected_bytes += row->reinjected_bytes;
	total->probe_bytes += row->probe_bytes;
	total->unmapped_bytes += row->unmapped_bytes;
	total->mappings += row->mappings;
	if (!row->packets)
		return;
	if (total->duration < 0) {
		total->start = row->start;
		total->duration = row->duration;
		return;
	}
	if (total->start + total->duration > end)
		end = total->start + total->duration;
	if (row->start < total->start)
		total->start = row->start;
	total->duration = end - total->start;
}

/* What is being put together for one connection and direction. */
struct sums {
	const struct mptcp_story_subflow *const *subflows;
	size_t count;
	enum mptcp_role dest;
};

/* All that was acknowledged: after a fallback there are no DATA_ACKs, TCP's count instead. */
static uint64_t all_acked(const struct mptcp_stats_connection_direction *direction,
	const struct sums *sums, uint64_t unique)
{
	uint64_t acked = mptcp_stats_acked(direction), by_data = acked, by_tcp = 0;

	for (size_t i = 0; i < sums->count; i++) {
		const struct mptcp_stats_subflow_direction *flow =
			direction_of(sums->subflows[i], sums->dest);

		by_tcp += tcp_acked(flow);
		by_data += syn_acked(flow);
	}
	if (!sums->subflows[0]->connection->fallback.packetid)
		return by_data;
	if (by_tcp > unique)
		by_tcp = unique;
	return by_tcp > acked ? by_tcp : acked;
}

/* Jain's fairness index of the first copies over the established subflows: (sum x)^2 / (n sum x^2).
 */
static double jain(const struct sums *sums)
{
	double sum = 0, squares = 0;
	unsigned count = 0;

	for (size_t i = 0; i < sums->count; i++) {
		double bytes = (double)first_copies(sums->subflows[i], sums->dest);

		if (!sums->subflows[i]->established && !(bytes > 0))
			continue;
		count++;
		sum += bytes;
		squares += bytes * bytes;
	}
	return squares > 0 ? sum * sum / (count * squares) : (double)NAN;
}

/* Fills the rows of the subflows and, after them, that of the connection. */
static int fill_rows(struct mptcp_stats_row *rows, const struct sums *sums)
{
	const struct mptcp_story_connection *connection = sums->subflows[0]->connection;
	const struct mptcp_stats_connection *counted = connection->own;
	const struct mptcp_stats_connection_direction *direction = &counted->to[sums->dest];
	struct mptcp_stats_row *total = &rows[sums->count];
	struct mptcp_histogram rtt = {0};
	int status = 0;

	*total = (struct mptcp_stats_row){.dest = sums->dest, .total = true, .start = -1};
	total->duration = total->handshake_rtt = -1;
	for (size_t i = 0; i < sums->count; i++) {
		const struct mptcp_story_subflow *subflow = sums->subflows[i];
		const struct mptcp_stats_subflow_direction *flow =
			direction_of(subflow, sums->dest);

		fill_subflow(&rows[i], subflow, sums->dest);
		add_subflow(total, &rows[i]);
		total->has_acked |=
			direction_of(subflow, mptcp_role_peer(sums->dest))->bytes.packets > 0;
		status |= mptcp_histogram_merge(&rtt, &flow->rtt);
	}
	total->unique_bytes = total->first_copy_bytes;
	for (size_t i = 0; i <= sums->count; i++) {
		rows[i].mptcpstream = connection->mptcpstream;
		rows[i].throughput_share = share(rows[i].sent_bytes, total->sent_bytes);
		rows[i].goodput_share = share(rows[i].first_copy_bytes, total->unique_bytes);
	}
	total->acked_bytes = all_acked(direction, sums, total->unique_bytes);
	total->throughput = rate(total->sent_bytes, total->duration);
	total->goodput = rate(total->acked_bytes, total->duration);
	total->out_of_order_bytes = direction->out_of_order;
	total->switches = direction->switches;
	total->jain = jain(sums);
	total->rtt = times_of(&rtt);
	mptcp_histogram_clear(&rtt);
	return status;
}

/* The rows of a TCP connection without MPTCP. */
static void fill_plain(struct mptcp_stats_row *rows, const struct mptcp_story_subflow *subflow)
{
	for (int role = MPTCP_SERVER; role >= MPTCP_CLIENT; role--, rows++) {
		enum mptcp_role dest = (enum mptcp_role)role;

		fill_subflow(rows, subflow, dest);
		rows->plain = true;
		rows->has_acked = direction_of(subflow, mptcp_role_peer(dest))->bytes.packets > 0;
		rows->acked_bytes = subflow_acked(subflow, dest);
	}
}

/* The rows of TCP connections without MPTCP, which come last. Of what all of them carry, each has
 * its share. */
static void add_plain(struct mptcp_stats *stats, const struct mptcp_story_subflow **sorted)
{
	size_t first = stats->row_count;
	uint64_t sent[2] = {0}, unique[2] = {0};

	for (size_t i = 0; i < stats->story.roster.subflow_count; i++)
		if (!sorted[i]->connection && sorted[i]->own) {
			fill_plain(stats->rows + stats->row_count, sorted[i]);
			stats->row_count += 2;
		}
	for (size_t i = first; i < stats->row_count; i++) {
		sent[stats->rows[i].dest] += stats->rows[i].sent_bytes;
		unique[stats->rows[i].dest] += stats->rows[i].unique_bytes;
	}
	for (size_t i = first; i < stats->row_count; i++) {
		struct mptcp_stats_row *row = &stats->rows[i];

		row->throughput_share = share(row->sent_bytes, sent[row->dest]);
		row->goodput_share = share(row->first_copy_bytes, unique[row->dest]);
	}
}

bool mptcp_stats_row_wanted(const struct mptcp_selection *selection,
	const struct mptcp_stats_row *row)
{
	if (!mptcp_selection_takes_direction(selection, row->dest))
		return false;
	if (row->plain)
		return mptcp_selection_takes_tcp(selection, row->tcpstream);
	if (row->total)
		return !selection->has_tcpstream &&
			mptcp_selection_takes_connection(selection, row->mptcpstream);
	return mptcp_selection_takes_subflow(selection, row->mptcpstream, row->tcpstream);
}

int mptcp_stats_rows(struct mptcp_stats *stats, struct mptcp_error *error)
{
	const struct mptcp_roster *roster = &stats->story.roster;
	const struct mptcp_story_subflow **sorted = mptcp_roster_sorted(roster);
	/* to each end a row for every subflow and one for the connection */
	size_t most = 2 * (roster->subflow_count + roster->connection_count);
	int status = 0;

	free(stats->rows);
	stats->rows = malloc((most + 1) * sizeof(*stats->rows));
	stats->row_count = 0;
	if (!sorted || !stats->rows) {
		free(sorted);
		return mptcp_error_memory(error);
	}
	/* those that belong to no connection come last */
	for (size_t i = 0, next; i < roster->subflow_count && sorted[i]->connection; i = next) {
		for (next = i; next < roster->subflow_count &&
			sorted[next]->connection == sorted[i]->connection;)
			next++;
		for (int role = MPTCP_SERVER; role >= MPTCP_CLIENT; role--) {
			struct sums sums = {sorted + i, next - i, (enum mptcp_role)role};

			status |= fill_rows(stats->rows + stats->row_count, &sums);
			stats->row_count += sums.count + 1;
		}
	}
	add_plain(stats, sorted);
	free(sorted);
	return status ? mptcp_error_memory(error) : 0;
}
