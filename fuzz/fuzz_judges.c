/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two hosts say to each other (talk.h), to those who judge: what limits a sender adds up, what
 * a host's counters should say lies between the lowest and the highest, findings and sentences name
 * packets that are there, and the page is text of its width.
 */
#include "mib.h"
#include "summary.h"
#include "talk.h"
#include "tracker.h"

#include <math.h>

#define FRAMES_MOST 96
#define WIDTH 80

struct run {
	struct mptcp_tracker *tracker;
	struct mptcp_mib mib;
	struct mptcp_summary summary;
	uint64_t packets;
};

static void take_packets(struct run *run, bool drain)
{
	struct mptcp_packet packet;
	struct mptcp_error error;

	while (mptcp_tracker_next(run->tracker, drain, &packet, &error) == MPTCP_ROW) {
		run->packets++;
		REQUIRE(!mptcp_mib_add(&run->mib, &packet, &error));
		REQUIRE(!mptcp_summary_add(&run->summary, &packet, &error));
	}
}

static int take_limits(void *context, const struct mptcp_limits_row *row, struct mptcp_error *error)
{
	double sum = 0;

	(void)context;
	(void)error;
	REQUIRE(row->length >= 0 && row->recovery >= 0 && row->blocked >= 0);
	REQUIRE((unsigned)row->main < MPTCP_LIMITS);
	for (unsigned i = 0; i < MPTCP_LIMITS; i++) {
		REQUIRE(isnan(row->share[i]) || (row->share[i] >= 0 && row->share[i] <= 1));
		sum += row->share[i];
	}
	REQUIRE(isnan(sum) || fabs(sum - 1) < 1e-6);
	return 0;
}

static void check_summary(const struct run *run)
{
	const struct mptcp_summary *summary = &run->summary;
	const struct mptcp_summary_page page = {.width = WIDTH};
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	unsigned column = 0;

	for (size_t i = 0; i < summary->fact_count; i++) {
		REQUIRE(summary->facts[i].packetid <= run->packets);
		REQUIRE((unsigned)summary->facts[i].says < MPTCP_SAYS && *summary->facts[i].text);
	}
	REQUIRE(!mptcp_summary_text(summary, &page, &text));
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.bytes[i];

		REQUIRE(c == '\n' || (c >= ' ' && c != 0x7f));
		column = c == '\n' ? 0 : column + 1;
		REQUIRE(column <= WIDTH);
	}
	mptcp_buffer_clear(&text);
}

static void end(struct run *run)
{
	struct mptcp_error error;
	const struct mptcp_limits_taker taker = {.origin = INT64_C(1700000000000000000),
		.put = take_limits};

	take_packets(run, true);
	REQUIRE(!mptcp_mib_end(&run->mib, &error));
	for (size_t i = 0; i < run->mib.row_count; i++) {
		const struct mptcp_mib_count *count = &run->mib.rows[i].count;

		REQUIRE(count->low <= count->predicted && count->predicted <= count->high);
		for (unsigned k = 0; k < count->packet_count; k++)
			REQUIRE(count->packets[k] && count->packets[k] <= run->packets);
	}
	REQUIRE(!mptcp_summary_end(&run->summary, &error));
	for (size_t i = 0; i < run->summary.check.count; i++)
		REQUIRE(run->summary.check.list[i].packetid <= run->packets);
	REQUIRE(!mptcp_limits_rows(&run->summary.limits, &taker, &error));
	check_summary(run);
	mptcp_mib_clear(&run->mib);
	mptcp_summary_clear(&run->summary);
	mptcp_tracker_free(run->tracker);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = {bytes, size};
	unsigned kinds = (unsigned)fuzz_take(&input, 1);
	struct mptcp_frame frame;
	struct mptcp_error error;
	struct run run = {.mib = {.host = kinds & 1   ? MPTCP_MIB_CLIENT
					  : kinds & 2 ? MPTCP_MIB_SERVER
						      : MPTCP_MIB_BOTH,
				  .by_connection = kinds & 4},
		.summary = {.name = "x.pcap", .all = kinds & 8}};
	struct talk talk;

	run.summary.limits.interval = kinds & 16 ? 0 : -1;
	run.tracker = mptcp_tracker_new(&error);
	REQUIRE(run.tracker);
	talk_begin(&talk, &input);
	while (input.left && talk.number < FRAMES_MOST) {
		talk_next(&talk, &input, &frame);
		REQUIRE(!mptcp_tracker_take(run.tracker, &frame, INT64_C(1700000000000000000),
			&error));
		take_packets(&run, false);
	}
	end(&run);
	return 0;
}
