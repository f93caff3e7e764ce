/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames of few hosts, keys and numbers, so that they meet, through the tracker and the analyses:
 * as many packets as frames, in their order, each as a packet has to be; the same rows after CSV
 * and after a store; every byte has one fate.
 */
#include "check.h"
#include "fate.h"
#include "listing.h"
#include "packets.h"
#include "reinjection.h"
#include "tracker.h"

#define FRAMES_MOST 64

static const uint64_t keys[] = {0x1122334455667788, 0x8877665544332211, 0, 0x0102030405060708};

static void put(struct mptcp_frame *frame, uint64_t value, unsigned size)
{
	if (frame->options_length + size > sizeof(frame->options))
		return;
	while (size--)
		frame->options[frame->options_length++] = (uint8_t)(value >> 8 * size);
}

/* An option of few values; or any bytes. */
static void add_option(struct mptcp_frame *frame, struct fuzz_input *input)
{
	unsigned kind = (unsigned)fuzz_take(input, 1), few = (unsigned)fuzz_take(input, 1);
	uint64_t key = keys[few & 3], peer = keys[few >> 2 & 3];

	switch (kind % 12) {
	case 0:
		put(frame, 0x1e040101, 4);
		break;
	case 1:
		put(frame, 0x1e0c0001 | (kind & 0x10) << 4, 4);
		put(frame, key, 8);
		break;
	case 2:
		put(frame, 0x1e140001 | (kind & 0x10) << 4, 4);
		put(frame, key, 8);
		put(frame, peer, 8);
		break;
	case 3:
		put(frame, 0x1e0c1000 | (few & 7), 4);
		put(frame, few & 0x40 ? 0x1dce6604 : 0x804d562d, 4);
		put(frame, few, 4);
		break;
	case 4:
		put(frame, 0x1e101000 | (few & 7), 4);
		put(frame, fuzz_take(input, 2), 8);
		put(frame, few, 4);
		break;
	case 5:
		put(frame, 0x1e181000, 4);
		put(frame, 0, 8);
		put(frame, 0, 8);
		put(frame, few, 4);
		break;
	case 6: /* DSS: DSN and ACK of 4 or 8 bytes */
		put(frame, 0x1e, 1);
		put(frame,
			4u + (few & 1 ? (few & 2 ? 8 : 4) : 0) +
				(few & 4 ? (few & 8 ? 14 : 10) : 0),
			1);
		put(frame, 0x20, 1);
		put(frame, few & 0x1f, 1);
		if (few & 1)
			put(frame, 0x62815714b76ae9a5 + fuzz_take(input, 1), few & 2 ? 8 : 4);
		if (few & 4) {
			put(frame, 0x2844f958dbd74c17 + fuzz_take(input, 1), few & 8 ? 8 : 4);
			put(frame, fuzz_take(input, 1), 4);
			put(frame, fuzz_take(input, 1), 2);
		}
		break;
	case 7:
		put(frame, 0x1e0c6000, 4);
		put(frame, 0x2844f958dbd74c17 + few, 8);
		break;
	case 8:
		put(frame, 0x1e0440, 3);
		put(frame, few & 7, 1);
		break;
	case 9:
		put(frame, 0x1e0c7000, 4);
		put(frame, key, 8);
		break;
	case 10:
		put(frame, 0x080a, 2);
		put(frame, few, 4);
		put(frame, 0, 4);
		break;
	default:
		for (unsigned i = few % 16; i--;)
			put(frame, fuzz_take(input, 1), 1);
	}
}

static void make_frame(struct mptcp_frame *frame, struct fuzz_input *input, uint64_t number)
{
	static const int64_t steps[] = {0, 1000, 60000000, INT64_C(15000000000)};
	unsigned ends = (unsigned)fuzz_take(input, 1), what = (unsigned)fuzz_take(input, 1);
	bool back = ends & 1;

	*frame = (struct mptcp_frame){.number = number,
		.time = INT64_C(1700000000000000000) + (int64_t)number * steps[what >> 6],
		.source = {{10, 0, 0, (uint8_t)(back ? 9 : ends >> 1 & 1)}, 4},
		.destination = {{10, 0, 0, (uint8_t)(back ? ends >> 1 & 1 : 9)}, 4},
		.source_port = (uint16_t)(back ? 443 : 1000 + (ends >> 2 & 3)),
		.destination_port = (uint16_t)(back ? 1000 + (ends >> 2 & 3) : 443),
		.sequence = (uint32_t)(1000 + fuzz_take(input, 1)) << (ends >> 6),
		.acknowledgement = (uint32_t)(1000 + fuzz_take(input, 1)),
		.length = ends & 0x10 ? (uint32_t)fuzz_take(input, 1) : 0,
		.window = 1000,
		.flags = (uint16_t)(what & 0x17),
		.options_cut = what & 0x20,
		.has_ttl = true,
		.ttl = (uint8_t)(64 - (ends >> 5 & 1)),
		.has_ipid = ends & 0x20,
		.ipid = (uint16_t)(what & 3),
		.protocols = {"eth:ip:tcp", 10},
		.interface = {"", 0}};
	for (unsigned i = (unsigned)fuzz_take(input, 1) % 4; i--;)
		add_option(frame, input);
}

static int take_row(void *context, const struct mptcp_reinjection *row, struct mptcp_error *error)
{
	(void)error;
	REQUIRE(row->length);
	++*(uint64_t *)context;
	return 0;
}

/* Every byte of the packet has one fate. */
static void check_fates(const struct mptcp_packet *packet)
{
	struct mptcp_fate_sent sent = {0};
	struct mptcp_fate_data data = {0};
	struct mptcp_fate_walk walk;
	struct mptcp_fate_part part;
	uint64_t sum = 0;

	mptcp_fate_begin(&walk, packet, MPTCP_SEQUENCE_ORIGIN);
	while (mptcp_fate_walk(&walk, &sent, &data, &part) == MPTCP_ROW)
		sum += part.bytes.length;
	REQUIRE(sum == packet->tcplen);
	mptcp_fate_sent_clear(&sent);
	mptcp_fate_data_clear(&data);
}

struct run {
	struct mptcp_tracker *tracker;
	struct fuzz_writers writers;
	struct mptcp_listing listing;
	struct mptcp_reinjections reinjections;
	struct mptcp_check check;
	uint64_t rows, packets;
};

static void take_packets(struct run *run, bool drain)
{
	struct mptcp_packet packet;
	struct mptcp_error error;

	while (mptcp_tracker_next(run->tracker, drain, &packet, &error) == MPTCP_ROW) {
		REQUIRE(packet.packetid == ++run->packets);
		REQUIRE(!mptcp_packet_check(&packet, 0, &error));
		fuzz_writers_add(&run->writers, &packet);
		check_fates(&packet);
		if (mptcp_packet_has(&packet, MPTCP_COLUMN_duplicate_of))
			continue;
		REQUIRE(!mptcp_listing_add(&run->listing, &packet, &error));
		REQUIRE(!mptcp_reinjections_add(&run->reinjections, &packet, &error));
		REQUIRE(!mptcp_check_add(&run->check, &packet, &error));
	}
}

static void end(struct run *run)
{
	struct mptcp_error error;

	take_packets(run, true);
	REQUIRE(!mptcp_reinjections_end(&run->reinjections, &error));
	REQUIRE(!mptcp_check_end(&run->check, &error));
	REQUIRE(!mptcp_story_end(&run->listing.story, &error));
	for (size_t i = 0; i < run->listing.story.roster.connection_count; i++)
		mptcp_story_connection_state(run->listing.story.roster.connections[i]);
	mptcp_listing_clear(&run->listing);
	mptcp_reinjections_clear(&run->reinjections);
	mptcp_check_clear(&run->check);
	fuzz_writers_end(&run->writers);
	mptcp_tracker_free(run->tracker);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = {bytes, size};
	struct mptcp_error error;
	struct mptcp_frame frame;
	struct run run = {0};
	uint64_t number = 0;

	run.tracker = mptcp_tracker_new(&error);
	REQUIRE(run.tracker);
	fuzz_writers_begin(&run.writers);
	mptcp_listing_init(&run.listing, NULL);
	mptcp_reinjections_init(&run.reinjections, MPTCP_REINJECTIONS_IN_ORDER, take_row,
		&run.rows);
	while (input.left && number < FRAMES_MOST) {
		make_frame(&frame, &input, ++number);
		REQUIRE(!mptcp_tracker_take(run.tracker, &frame, INT64_C(1700000000000000000),
			&error));
		take_packets(&run, false);
	}
	end(&run);
	REQUIRE(run.packets == number);
	return 0;
}
