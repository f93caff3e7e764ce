/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two hosts say to each other (talk.h) in two captures, each of which lacks some of it: every
 * byte and every packet of both is in rows exactly once; which packets are the same does not depend
 * on which capture is the first, unless some were given up; what arrived has the same content at
 * both ends.
 */
#include "match.h"
#include "pairing.h"
#include "talk.h"
#include "tracker.h"

#define FRAMES_MOST 64

/* A packet, and what of it is in rows. */
struct held {
	struct mptcp_packet packet;
	char *texts;
	unsigned rows;
	uint64_t bytes;
	uint64_t partners; /* a bit for each packet of the other capture */
};
struct capture {
	struct held list[FRAMES_MOST];
	size_t count;
};
struct run {
	struct capture *captures[2];
	bool brief; /* nothing is given up before the end */
	struct mptcp_pairing_vantage vantage;
};

static void take_packets(struct capture *capture, struct mptcp_tracker *tracker, bool drain)
{
	struct mptcp_packet packet;
	struct mptcp_error error;

	while (mptcp_tracker_next(tracker, drain, &packet, &error) == MPTCP_ROW) {
		struct held *held = &capture->list[capture->count++];

		held->texts = malloc(mptcp_packet_text_length(&packet) + 1);
		REQUIRE(held->texts);
		mptcp_packet_copy(&held->packet, &packet, held->texts);
	}
}

/* Frames that a byte of the input puts into one capture, into both, and how late they get there: by
 * less than what packets wait for each other; clocks do not go back. */
static void make_captures(struct run *run, struct fuzz_input *input)
{
	static const int64_t offsets[] = {0, 100000000, INT64_C(3600000000000),
		INT64_C(-86400000000000)};
	static const int64_t delays[] = {50000, 10000000, 300000000, 1000000000};
	struct mptcp_tracker *trackers[2];
	struct mptcp_error error;
	struct mptcp_frame frame;
	struct talk talk;
	uint64_t numbers[2] = {0};
	int64_t offset = offsets[fuzz_take(input, 1) & 3], last = 0;

	for (int i = 0; i < 2; i++) {
		trackers[i] = mptcp_tracker_new(&error);
		REQUIRE(trackers[i]);
	}
	talk_begin(&talk, input);
	while (input->left && talk.number < FRAMES_MOST) {
		unsigned fate = (unsigned)fuzz_take(input, 1);
		bool to_server = (talk_next(&talk, input, &frame), frame.destination.bytes[1]);

		if (frame.time < last)
			frame.time = last;
		if (run->brief && last && frame.time > last + 100000000)
			frame.time = last + 100000000;
		int64_t time = talk.now = last = frame.time;

		for (int i = 0; i < 2; i++) {
			if (fate >> i & 1)
				continue;
			frame.number = ++numbers[i];
			frame.time = time + (i == to_server ? delays[fate >> 2 & 3] : 0) +
				(i ? offset : 0);
			if (fate & 16 && i)
				frame.options_length = 0;
			REQUIRE(!mptcp_tracker_take(trackers[i], &frame, frame.time, &error));
			take_packets(run->captures[i], trackers[i], false);
		}
	}
	for (int i = 0; i < 2; i++) {
		take_packets(run->captures[i], trackers[i], true);
		mptcp_tracker_free(trackers[i]);
	}
}

static struct held *find(struct run *run, const struct mptcp_pair *pair, int capture)
{
	REQUIRE(pair->packetid[capture] >= 1 &&
		pair->packetid[capture] <= run->captures[capture]->count);
	return &run->captures[capture]->list[pair->packetid[capture] - 1];
}

static int take_row(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	struct run *run = context;

	(void)error;
	REQUIRE(pair->seen[0] || pair->seen[1]);
	REQUIRE((pair->fate == MPTCP_ARRIVED) == (pair->seen[0] && pair->seen[1]));
	for (int i = 0; i < 2; i++) {
		if (!pair->seen[i])
			continue;
		struct held *held = find(run, pair, i);

		held->rows++;
		held->bytes += pair->bytes;
		REQUIRE(pair->abstime[i] == held->packet.abstime);
		if (pair->seen[!i])
			held->partners |= UINT64_C(1) << (pair->packetid[!i] - 1);
	}
	if (!pair->packet)
		return 0;
	/* whole packets are the same at both ends */
	const struct mptcp_packet *packet = pair->packet, *other = pair->other;

	if (other && packet->tcplen == other->tcplen && pair->bytes == packet->tcplen)
		REQUIRE(packet->tcpflags == other->tcpflags);
	return 0;
}

static int learn(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	struct run *run = context;

	return mptcp_vantage_add(&run->vantage, pair, error);
}

/* `second`: with what the first pass has learned. */
static void pass(struct run *run, struct mptcp_evidence evidence[2], bool second)
{
	struct mptcp_clock_fit fit;
	struct mptcp_error error;
	size_t at[2] = {0};

	if (second)
		mptcp_clock_fit(&run->vantage.clock, MPTCP_CLOCK_SKEW, &fit);
	const struct mptcp_pairing_options options = {.vantage = second ? &run->vantage : NULL,
		.fit = second ? &fit : NULL,
		.keep = second,
		.row = second ? take_row : learn,
		.context = run};
	struct mptcp_pairing *pairing =
		mptcp_pairing_open(&evidence[0], &evidence[1], &options, &error);
	REQUIRE(pairing);
	while (at[0] < run->captures[0]->count || at[1] < run->captures[1]->count) {
		const struct mptcp_packet *next[2];

		for (int i = 0; i < 2; i++)
			next[i] = at[i] < run->captures[i]->count
				? &run->captures[i]->list[at[i]].packet
				: NULL;
		int which = !next[0] ? 1
			: !next[1]
			? 0
			: mptcp_pairing_next(pairing, next[0]->abstime, next[1]->abstime);
		REQUIRE(!mptcp_pairing_add(pairing, which, next[which], &error));
		at[which]++;
	}
	REQUIRE(!mptcp_pairing_end(pairing, &error));
	mptcp_pairing_close(pairing);
}

static void pair_up(struct run *run)
{
	struct mptcp_evidence evidence[2] = {{0}, {0}};
	struct mptcp_error error;

	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < run->captures[i]->count; k++) {
			struct held *held = &run->captures[i]->list[k];

			held->rows = 0;
			held->bytes = held->partners = 0;
			REQUIRE(!mptcp_evidence_add(&evidence[i], &held->packet, &error));
		}
	REQUIRE(!mptcp_match(&evidence[0], &evidence[1], &error));
	REQUIRE(!mptcp_vantage_init(&run->vantage, &evidence[0], &error));
	pass(run, evidence, false);
	mptcp_vantage_end(&run->vantage, &evidence[0]);
	pass(run, evidence, true);
	mptcp_vantage_clear(&run->vantage);
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < run->captures[i]->count; k++) {
			const struct held *held = &run->captures[i]->list[k];

			if (!mptcp_evidence_stream(&evidence[i], held->packet.tcpstream) ||
				mptcp_packet_has(&held->packet, MPTCP_COLUMN_duplicate_of))
				continue;
			REQUIRE(held->bytes == held->packet.tcplen);
			REQUIRE(held->packet.tcplen ? held->rows >= 1 : held->rows == 1);
		}
		mptcp_evidence_clear(&evidence[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct capture captures[2];
	struct fuzz_input input = {bytes, size};
	uint64_t partners[2][FRAMES_MOST];
	struct run run = {.captures = {&captures[0], &captures[1]}};

	captures[0].count = captures[1].count = 0;
	run.brief = fuzz_take(&input, 1) & 1;
	make_captures(&run, &input);
	pair_up(&run);
	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < captures[i].count; k++)
			partners[i][k] = captures[i].list[k].partners;
	run.captures[0] = &captures[1];
	run.captures[1] = &captures[0];
	pair_up(&run);
	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < captures[i].count; k++) {
			REQUIRE(!run.brief || partners[i][k] == captures[i].list[k].partners);
			free(captures[i].list[k].texts);
		}
	return 0;
}
