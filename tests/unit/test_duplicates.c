/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets captured twice, and packets that only look so. */
#include "duplicates.h"
#include "scenario.h"

#include <stdlib.h>

#define MILLISECOND INT64_C(1000000)

/* What a test changes of the packet: 200 bytes of 10.0.1.1, port 40000, at interface 1 with TTL 64.
 */
struct look {
	int64_t time;
	uint16_t ipid;
	uint32_t interface_id;
	uint8_t ttl;
	uint32_t sequence;
};

static struct mptcp_duplicates *duplicates;
static struct mptcp_duplicate found[1000];
static uint64_t number;
static char copies[1000];

static int begin(void **state)
{
	begin_scenario(state);
	duplicates = mptcp_duplicates_new();
	number = 0;
	return duplicates ? 0 : -1;
}

static int finish(void **state)
{
	(void)state;
	mptcp_duplicates_free(duplicates);
	return 0;
}

/* One more frame of the capture; returns its number. */
static uint64_t see(struct mptcp_frame frame)
{
	struct mptcp_options options;

	frame.number = ++number;
	mptcp_options_parse(&options, frame.options, frame.options_length, frame.flags);
	assert_in_range(number, 1, sizeof(found) / sizeof(found[0]) - 1);
	assert_int_equal(mptcp_duplicates_find(duplicates, &frame, &options, true, &found[number]),
		0);
	return number;
}

/* "2:1 4:3": which frame is a copy of which. */
static const char *all_copies(void)
{
	size_t length = 0;

	copies[0] = '\0';
	for (uint64_t i = 1; i <= number; i++) {
		uint64_t original = mptcp_duplicates_original(duplicates, &found[i]);

		if (original)
			length += (size_t)snprintf(copies + length, sizeof(copies) - length,
				"%s%d:%d", length ? " " : "", (int)i, (int)original);
	}
	return copies;
}

static struct mptcp_frame make(struct look look, unsigned flags, uint32_t length)
{
	struct mptcp_frame frame = make_frame(&path_a, OPENER, flags, 1 + look.sequence, 1, length);

	frame.time = look.time;
	frame.has_ipid = frame.has_ttl = true;
	frame.ipid = look.ipid;
	frame.interface_id = look.interface_id;
	frame.ttl = look.ttl;
	return frame;
}

static struct mptcp_frame payload(struct look look)
{
	return make(look, MPTCP_ACK, 200);
}

static struct mptcp_frame bare(struct look look)
{
	return make(look, MPTCP_ACK, 0);
}

/* Packets that nothing else is like. */
static void see_others(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		see(payload((struct look){0, 9000, 1, 64, 100000 + (uint32_t)number}));
}

static void a_router_captures_what_it_forwards_twice(void **state)
{
	(void)state;
	see_others(20);
	see(payload((struct look){0, 7, 1, 64, 0}));
	see(payload((struct look){10, 7, 2, 63, 0}));
	assert_string_equal(all_copies(), "22:21");
}

static void another_interface_or_another_ttl_is_enough(void **state)
{
	(void)state;
	see_others(20);
	see(payload((struct look){0, 7, 1, 64, 0}));
	see(payload((struct look){10, 7, 2, 64, 0}));
	see(payload((struct look){20, 8, 1, 64, 0}));
	see(payload((struct look){30, 8, 1, 63, 0}));
	assert_string_equal(all_copies(), "22:21 24:23");
}

static void every_capture_of_a_packet_is_a_copy_of_the_first(void **state)
{
	(void)state;
	see_others(20);
	for (unsigned i = 0; i < 6; i++)
		see(payload((struct look){i, 7, i, (uint8_t)(64 - i), 0}));
	assert_string_equal(all_copies(), "22:21 23:21 24:21 25:21 26:21");
}

static void copies_are_at_most_50_ms_apart(void **state)
{
	(void)state;
	see_others(20);
	see(payload((struct look){0, 7, 1, 64, 0}));
	see(payload((struct look){50 * MILLISECOND, 7, 2, 63, 0}));
	see(payload((struct look){100 * MILLISECOND, 8, 1, 64, 0}));
	see(payload((struct look){150 * MILLISECOND + 1, 8, 2, 63, 0}));
	assert_string_equal(all_copies(), "22:21");
}

static void copies_agree_in_everything(void **state)
{
	struct look first = {0, 7, 1, 64, 0}, second = {0, 7, 2, 63, 0};
	struct mptcp_frame frame;

	(void)state;
	see(payload(first));
	second.ipid = 8;
	see(payload(second));
	second.ipid = 7;
	second.sequence = 1;
	see(payload(second));
	second.sequence = 0;
	see(make(second, MPTCP_ACK | MPTCP_PSH, 200));
	see(make(second, MPTCP_ACK, 201));
	frame = payload(second);
	frame.acknowledgement++;
	see(frame);
	frame = payload(second);
	put(&frame, 0x080a, 2);
	put(&frame, 1, 8);
	see(frame);
	frame = payload(second);
	frame.source_port++;
	frame.destination_port++;
	see(frame);
	assert_string_equal(all_copies(), "");
	see(payload(second));
	assert_string_equal(all_copies(), "9:1");
}

static void what_the_network_duplicates_did_arrive(void **state)
{
	(void)state;
	see_others(20);
	see(payload((struct look){0, 7, 1, 64, 0}));
	see(payload((struct look){10, 7, 1, 64, 0}));
	assert_string_equal(all_copies(), "");
}

static void of_a_packet_that_the_network_duplicated_a_router_captures_four(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 10; i++) {
		see(payload((struct look){0, (uint16_t)(100 + i), 1, 64, i}));
		see(payload((struct look){1, (uint16_t)(100 + i), 2, 63, i}));
	}
	see(payload((struct look){10, 7, 1, 64, 90}));
	see(payload((struct look){20, 7, 1, 64, 90}));
	see(payload((struct look){30, 7, 2, 63, 90}));
	see(payload((struct look){40, 7, 2, 63, 90}));
	assert_string_equal(all_copies(),
		"2:1 4:3 6:5 8:7 10:9 12:11 14:13 16:15 18:17 20:19 "
		"23:21 24:22");
}

static void a_mirror_port_shows_most_packets_twice_at_the_same_place(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 3; i++) {
		see(payload((struct look){i, (uint16_t)(7 + i), 1, 64, i}));
		see(payload((struct look){i, (uint16_t)(7 + i), 1, 64, i}));
	}
	see_others(2);
	assert_string_equal(all_copies(), "2:1 4:3 6:5");
	see_others(5);
	assert_string_equal(all_copies(), "");
}

static void a_mirror_port_before_and_after_a_router_shows_them_four_times(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 2; i++) {
		see(payload((struct look){i, (uint16_t)(7 + i), 1, 64, i}));
		see(payload((struct look){i, (uint16_t)(7 + i), 1, 64, i}));
		see(payload((struct look){i, (uint16_t)(7 + i), 1, 63, i}));
		see(payload((struct look){i, (uint16_t)(7 + i), 1, 63, i}));
	}
	assert_string_equal(all_copies(), "2:1 3:1 4:1 6:5 7:5 8:5");
}

/* Hosts that do not number packets, and IPv6: payload and SYN tell what most packets are. */
static void without_ip_ids_most_packets_must_be_paired(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 3; i++) {
		see(payload((struct look){i, 0, 1, 64, i}));
		see(payload((struct look){i, 0, 2, 63, i}));
	}
	see(bare((struct look){10, 0, 2, 64, 0}));
	see(bare((struct look){10, 0, 1, 63, 0}));
	assert_string_equal(all_copies(), "2:1 4:3 6:5 8:7");
	see_others(6);
	assert_string_equal(all_copies(), "");
}

static void identical_acknowledgements_without_ip_id_are_no_copies(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 3; i++) {
		see(payload((struct look){i, 0, 1, 64, i}));
		see(payload((struct look){i, 0, 1, 64, i}));
		see(bare((struct look){i, 0, 1, 64, i}));
		see(bare((struct look){i, 0, 1, 64, i}));
		see(make((struct look){i, 0, 1, 64, i}, MPTCP_RST, 0));
		see(make((struct look){i, 0, 1, 64, i}, MPTCP_RST, 0));
	}
	assert_string_equal(all_copies(), "2:1 8:7 14:13");
}

static struct mptcp_frame translated(struct mptcp_frame frame, uint16_t port)
{
	frame.source = host(77, OPENER);
	frame.source_port = port;
	return frame;
}

static void nat_changes_one_end(void **state)
{
	struct mptcp_frame both;

	(void)state;
	see(payload((struct look){0, 7, 1, 64, 0}));
	see(translated(payload((struct look){1, 7, 2, 63, 0}), 40000));
	see(payload((struct look){2, 8, 1, 64, 1}));
	see(translated(payload((struct look){3, 8, 2, 63, 1}), 51234));
	see(payload((struct look){4, 9, 1, 64, 2}));
	both = translated(payload((struct look){5, 9, 2, 63, 2}), 51234);
	both.destination = host(78, LISTENER);
	see(both);
	assert_string_equal(all_copies(), "2:1 4:3");
}

/* Of a scan all SYNs are alike but for the port. */
static void a_scan_of_ports_is_not_nat(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 10; i++) {
		struct mptcp_frame syn =
			make((struct look){i, 0, 1, (uint8_t)(40 + i), 0}, MPTCP_SYN, 0);

		syn.destination_port = (uint16_t)(i + 1);
		see(syn);
		syn.ipid = 54321;
		syn.ttl = 64;
		see(syn);
	}
	assert_string_equal(all_copies(), "");
}

/* Equal packets without end, and time that stands still or runs back. */
static void memory_is_bounded(void **state)
{
	struct mptcp_duplicate last = {0};
	struct mptcp_options options = {0};

	(void)state;
	for (uint32_t i = 0; i < 4 * MPTCP_DUPLICATES_MOST; i++) {
		struct mptcp_frame frame =
			payload((struct look){-(int64_t)(i % 1000), 7, 1, 64, i % 2 ? i : 0});

		frame.number = i + 1;
		assert_int_equal(mptcp_duplicates_find(duplicates, &frame, &options, true, &last),
			0);
	}
	assert_int_equal(last.kind, MPTCP_DUPLICATE_NONE);
}

/* A download through NAT, as its router captures it: every frame is in the capture on both sides.
 */
static void forward(size_t frame, unsigned from, bool out)
{
	struct mptcp_frame *inside = &frames[frame], *outside = last_frame();

	*outside = *inside;
	outside->number = frame_count;
	outside->ttl = (uint8_t)(inside->ttl - 1);
	outside->interface_id = 3 - inside->interface_id;
	struct mptcp_frame *after = out ? outside : inside;
	if (from == OPENER) {
		after->source = host(77, OPENER);
		after->source_port = 51234;
	} else {
		after->destination = host(77, OPENER);
		after->destination_port = 51234;
	}
}

static void through_the_router(unsigned from, unsigned flags, uint32_t sequence,
	uint32_t acknowledgement, uint32_t length)
{
	size_t frame = segment(&path_a, from, flags, sequence, acknowledgement, length);

	frames[frame].has_ttl = frames[frame].has_ipid = true;
	frames[frame].ttl = 64;
	frames[frame].ipid = (uint16_t)(flags == (MPTCP_SYN | MPTCP_ACK) ? 0 : 100 + frame);
	frames[frame].interface_id = from == OPENER ? 1 : 2;
	segment(&path_a, from, flags, sequence, acknowledgement, length);
	forward(frame, from, from == OPENER);
}

static void both_sides_of_nat_are_one_stream(void **state)
{
	(void)state;
	through_the_router(OPENER, MPTCP_SYN, 0, 0, 0);
	through_the_router(LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	through_the_router(OPENER, MPTCP_ACK, 1, 1, 100);
	through_the_router(LISTENER, MPTCP_ACK, 1, 101, 50);
	play();
	for (size_t i = 0; i < frame_count; i += 2) {
		assert_column(i, tcpstream, 0);
		assert_column(i, tcpdest, i % 4 ? MPTCP_CLIENT : MPTCP_SERVER);
		assert_no_column(i, duplicate_of);
		assert_no_column(i + 1, tcpstream);
		assert_no_column(i + 1, tcpdest);
		assert_column(i + 1, duplicate_of, i + 1);
	}
	assert_column(6, tcpseq, 1);
	assert_column(6, tcpack, 101);
	assert_column(7, tcplen, 50);
}

static void the_answer_may_be_before_the_copy_that_tells_of_nat(void **state)
{
	(void)state;
	through_the_router(OPENER, MPTCP_SYN, 0, 0, 0);
	through_the_router(LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	struct mptcp_frame copy = frames[1];
	frames[1] = frames[2];
	frames[2] = copy;
	frames[1].number = 2;
	frames[2].number = 3;
	play();
	assert_column(0, tcpstream, 0);
	assert_column(1, tcpstream, 0);
	assert_column(1, tcpdest, MPTCP_CLIENT);
	assert_column(2, duplicate_of, 1);
	assert_column(3, duplicate_of, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)
	const struct CMUnitTest tests[] = {
		TEST(a_router_captures_what_it_forwards_twice),
		TEST(another_interface_or_another_ttl_is_enough),
		TEST(every_capture_of_a_packet_is_a_copy_of_the_first),
		TEST(copies_are_at_most_50_ms_apart),
		TEST(copies_agree_in_everything),
		TEST(what_the_network_duplicates_did_arrive),
		TEST(of_a_packet_that_the_network_duplicated_a_router_captures_four),
		TEST(a_mirror_port_shows_most_packets_twice_at_the_same_place),
		TEST(a_mirror_port_before_and_after_a_router_shows_them_four_times),
		TEST(without_ip_ids_most_packets_must_be_paired),
		TEST(identical_acknowledgements_without_ip_id_are_no_copies),
		TEST(nat_changes_one_end),
		TEST(a_scan_of_ports_is_not_nat),
		TEST(memory_is_bounded),
		TEST(both_sides_of_nat_are_one_stream),
		TEST(the_answer_may_be_before_the_copy_that_tells_of_nat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
