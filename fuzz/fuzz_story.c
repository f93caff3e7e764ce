/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two hosts say to each other (talk.h), through the tracker, the story, the listing and the
 * statistics: as many packets as frames, in their order; every byte has one fate, and the sums that
 * stats.h promises hold; what mptcp-lc, -ls, -le and -stat say of a connection agrees.
 */
#include "listing.h"
#include "stats.h"
#include "talk.h"
#include "tracker.h"

#define FRAMES_MOST 128

struct run {
	struct mptcp_tracker *tracker;
	struct mptcp_listing listing;
	struct mptcp_stats stats;
	uint64_t packets;
};

static void take_packets(struct run *run, bool drain)
{
	struct mptcp_packet packet;
	struct mptcp_error error;

	while (mptcp_tracker_next(run->tracker, drain, &packet, &error) == MPTCP_ROW) {
		REQUIRE(packet.packetid == ++run->packets);
		REQUIRE(!mptcp_packet_check(&packet, 0, &error));
		REQUIRE(!mptcp_listing_add(&run->listing, &packet, &error));
		REQUIRE(!mptcp_stats_add(&run->stats, &packet, &error));
	}
}

static void check_fates(const struct mptcp_stats_row *row)
{
	REQUIRE(row->sent_bytes ==
		row->first_copy_bytes + row->retransmitted_bytes + row->reinjected_bytes +
			row->probe_bytes + row->unmapped_bytes);
	REQUIRE(row->unique_bytes ==
		(row->total ? row->first_copy_bytes : row->sent_bytes - row->retransmitted_bytes));
}

/* A total is the sum of the rows before it. */
static void check_rows(const struct run *run)
{
	struct mptcp_stats_row sum = {0};

	for (size_t i = 0; i < run->stats.row_count; i++) {
		const struct mptcp_stats_row *row = &run->stats.rows[i];

		check_fates(row);
		if (row->plain)
			continue;
		if (!row->total) {
			sum.packets += row->packets;
			sum.sent_bytes += row->sent_bytes;
			sum.first_copy_bytes += row->first_copy_bytes;
			sum.unmapped_bytes += row->unmapped_bytes;
			continue;
		}
		REQUIRE(sum.packets == row->packets && sum.sent_bytes == row->sent_bytes);
		REQUIRE(sum.first_copy_bytes == row->first_copy_bytes);
		REQUIRE(sum.unmapped_bytes == row->unmapped_bytes);
		sum = (struct mptcp_stats_row){0};
		const struct mptcp_story_connection *connection =
			mptcp_roster_connection(&run->listing.story.roster, row->mptcpstream);
		REQUIRE(connection);
		/* what the listing counts of unmapped bytes is data after a fallback */
		REQUIRE(mptcp_listing_bytes(connection, row->dest) == row->unique_bytes);
	}
}

/* How many events of these kinds (bits) a connection has; of a subflow, where that is given. */
static unsigned count(const struct run *run, const struct mptcp_story_connection *connection,
	const struct mptcp_story_subflow *subflow, uint64_t kinds)
{
	const struct mptcp_events *events = &run->listing.story.events;
	unsigned number = 0;

	for (size_t i = 0; i < events->count; i++) {
		const struct mptcp_event *event = &events->list[i];

		number += kinds >> event->kind & 1 &&
			(connection ? event->has_mptcpstream &&
						event->mptcpstream == connection->mptcpstream
				    : !event->has_mptcpstream) &&
			(!subflow || event->tcpstream == subflow->tcpstream);
	}
	return number;
}
#define EVENT(name) (UINT64_C(1) << MPTCP_EVENT_##name)

static void check_subflow(const struct run *run, const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_story_connection *connection = subflow->connection;
	enum mptcp_state state = mptcp_story_subflow_state(subflow);
	unsigned resets = count(run, connection, subflow, EVENT(SUBFLOW_RESET)),
		 closes = count(run, connection, subflow, EVENT(SUBFLOW_CLOSED)),
		 failures = count(run, connection, subflow, EVENT(JOIN_FAILED));

	REQUIRE(resets + closes <= 1 && failures <= 1);
	REQUIRE(state != MPTCP_STATE_RESET || resets);
	REQUIRE(state != MPTCP_STATE_CLOSED || closes);
	REQUIRE(state != MPTCP_STATE_OPENING || (!subflow->established && !resets && !closes));
	REQUIRE(count(run, connection, subflow, EVENT(SUBFLOW_FAILED)) ==
		(state == MPTCP_STATE_FAILED && subflow->established));
	REQUIRE(failures ==
		(state == MPTCP_STATE_FAILED && !subflow->established &&
			mptcp_story_kind(subflow) == MPTCP_KIND_JOIN));
}

/* No host goes on with its first handshake once there is another subflow, or has two of them. */
static bool is_possible(const struct mptcp_story_connection *connection)
{
	unsigned initial = 0;

	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next)
		initial += subflow->kind == MPTCP_KIND_INITIAL;
	return initial < 2 &&
		(!initial || connection->initial->established || !connection->subflows->next);
}

static void check_connection(const struct run *run, const struct mptcp_story_connection *connection)
{
	enum mptcp_state state = mptcp_story_connection_state(connection);
	unsigned closes = count(run, connection, NULL, EVENT(CONNECTION_CLOSED));
	uint32_t established = 0;

	if (!is_possible(connection))
		return;
	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next) {
		established += subflow->established;
		check_subflow(run, subflow);
	}
	REQUIRE(established == connection->established);
	REQUIRE(count(run, connection, NULL, EVENT(FALLBACK)) == (state == MPTCP_STATE_FALLBACK));
	REQUIRE(count(run, connection, NULL, EVENT(CONNECT_FAILED)) ==
		(state == MPTCP_STATE_FAILED));
	REQUIRE(closes <= 1);
	REQUIRE(closes || (state != MPTCP_STATE_RESET && state != MPTCP_STATE_FASTCLOSE));
	REQUIRE(!closes ||
		(state != MPTCP_STATE_OPEN && state != MPTCP_STATE_OPENING &&
			state != MPTCP_STATE_FAILED));
	REQUIRE(state != MPTCP_STATE_FASTCLOSE || count(run, connection, NULL, EVENT(FASTCLOSE)));
	REQUIRE(count(run, connection, NULL, EVENT(DATA_FIN)) <= 2);
}

static void end(struct run *run)
{
	struct mptcp_error error;
	const struct mptcp_roster *roster = &run->listing.story.roster;

	take_packets(run, true);
	REQUIRE(!mptcp_story_end(&run->listing.story, &error));
	REQUIRE(!mptcp_story_end(&run->stats.story, &error));
	REQUIRE(!mptcp_stats_rows(&run->stats, &error));
	check_rows(run);
	for (size_t i = 0; i < roster->connection_count; i++)
		check_connection(run, roster->connections[i]);
	for (size_t i = 0; i < run->listing.story.events.count; i++) {
		uint64_t packetid = run->listing.story.events.list[i].moment.packetid;

		REQUIRE(packetid && packetid <= run->packets);
	}
	mptcp_listing_clear(&run->listing);
	mptcp_stats_clear(&run->stats);
	mptcp_tracker_free(run->tracker);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct mptcp_selection with_tcp = {.tcp = true};
	struct fuzz_input input = {bytes, size};
	struct mptcp_frame frame;
	struct mptcp_error error;
	struct run run = {0};
	struct talk talk;

	run.tracker = mptcp_tracker_new(&error);
	REQUIRE(run.tracker);
	mptcp_listing_init(&run.listing, NULL);
	run.listing.story.without_events = false;
	run.listing.story.with_tcp = size & 1;
	run.stats.selection = size & 1 ? &with_tcp : NULL;
	talk_begin(&talk, &input);
	while (input.left && talk.number < FRAMES_MOST) {
		talk_next(&talk, &input, &frame);
		REQUIRE(!mptcp_tracker_take(run.tracker, &frame, INT64_C(1700000000000000000),
			&error));
		take_packets(&run, false);
	}
	end(&run);
	REQUIRE(run.packets == talk.number);
	return 0;
}
