/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fate of every byte: retransmitted, unmapped, probe, reinjected or a first copy. */
#include "fate.h"
#include "packet_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SUBFLOWS 2

static struct mptcp_fate_sent sent[SUBFLOWS];
static struct mptcp_fate_data data;
static char said[512]; /* the fates of what was sent last */

static int begin(void **state)
{
	(void)state;
	memset(sent, 0, sizeof(sent));
	data = (struct mptcp_fate_data){0};
	return 0;
}

static int finish(void **state)
{
	(void)state;
	for (int i = 0; i < SUBFLOWS; i++)
		mptcp_fate_sent_clear(&sent[i]);
	mptcp_fate_data_clear(&data);
	return 0;
}

static const char *const names[MPTCP_FATES] = {
	[MPTCP_FATE_FIRST_COPY] = "first copy",
	[MPTCP_FATE_RETRANSMITTED] = "retransmitted",
	[MPTCP_FATE_REINJECTED] = "reinjected",
	[MPTCP_FATE_PROBE] = "probe",
	[MPTCP_FATE_UNMAPPED] = "unmapped",
};

/* "0+50 retransmitted, 50+50 first copy" */
static void say(const struct mptcp_fate_part *part)
{
	size_t length = strlen(said);

	snprintf(said + length, sizeof(said) - length, "%s%u+%u %s", length ? ", " : "",
		part->bytes.offset, part->bytes.length, names[part->fate]);
}

static const char *transmit(int subflow, struct mptcp_fate_bytes bytes)
{
	struct mptcp_fate_part part;
	int got;

	said[0] = '\0';
	while ((got = mptcp_fate_next(&sent[subflow], &data, &bytes, &part)) > 0)
		say(&part);
	assert_int_equal(got, 0);
	return said;
}

static const char *mapped(int subflow, uint64_t position, uint64_t dsn, uint32_t length)
{
	return transmit(subflow,
		(struct mptcp_fate_bytes){.length = length,
			.position = position,
			.dsn = dsn,
			.mapped = true,
			.single = length == 1});
}

static const char *unmapped(int subflow, uint64_t position, uint32_t length)
{
	return transmit(subflow, (struct mptcp_fate_bytes){.length = length, .position = position});
}

static void the_same_position_is_retransmitted_whatever_its_dsn(void **state)
{
	(void)state;
	assert_string_equal(mapped(0, 1, 1, 100), "0+100 first copy");
	assert_string_equal(mapped(0, 1, 1, 100), "0+100 retransmitted");
	assert_string_equal(mapped(0, 51, 51, 100), "0+50 retransmitted, 50+50 first copy");
	assert_string_equal(mapped(0, 1, 901, 10), "0+10 retransmitted");
	assert_string_equal(mapped(1, 1, 901, 10), "0+10 reinjected"); /* sent nevertheless */
	assert_string_equal(unmapped(0, 101, 100), "0+50 retransmitted, 50+50 unmapped");
}

static void the_same_dsn_is_reinjected_on_this_subflow_too(void **state)
{
	(void)state;
	mapped(0, 1, 1, 100);
	assert_string_equal(mapped(0, 101, 1, 100), "0+100 reinjected");
	assert_string_equal(mapped(1, 1, 51, 100), "0+50 reinjected, 50+50 first copy");
	assert_string_equal(mapped(1, 101, 1, 10), "0+10 reinjected");
	assert_string_equal(mapped(1, 1, 51, 100), "0+100 retransmitted");
}

static void parts_come_in_order_with_their_numbers(void **state)
{
	struct mptcp_fate_bytes bytes = {.offset = 7,
		.length = 300,
		.position = 1001,
		.dsn = UINT64_MAX - 99,
		.mapped = true};
	struct mptcp_fate_part part;

	(void)state;
	mapped(0, 1051, UINT64_MAX - 49, 100); /* positions 50 to 149 of what comes */
	mapped(1, 1, 100, 50);                 /* DSNs 200 to 249 of it */
	static const struct {
		enum mptcp_fate fate;
		uint32_t offset, length;
	} want[] = {
		{MPTCP_FATE_FIRST_COPY, 0, 50},
		{MPTCP_FATE_RETRANSMITTED, 50, 100},
		{MPTCP_FATE_FIRST_COPY, 150, 50},
		{MPTCP_FATE_REINJECTED, 200, 50},
		{MPTCP_FATE_FIRST_COPY, 250, 50},
	};
	for (size_t i = 0; i < sizeof(want) / sizeof(*want);) {
		assert_int_equal(mptcp_fate_next(&sent[0], &data, &bytes, &part), 1);
		uint32_t into = part.bytes.offset - 7;

		assert_int_equal(part.fate, want[i].fate);
		assert_true(into >= want[i].offset &&
			into + part.bytes.length <= want[i].offset + want[i].length);
		assert_true(part.bytes.position == 1001 + into);
		assert_true(part.bytes.dsn == UINT64_MAX - 99 + into);
		i += into + part.bytes.length == want[i].offset + want[i].length;
	}
	assert_int_equal(mptcp_fate_next(&sent[0], &data, &bytes, &part), 0);
}

static void a_probe_is_one_new_byte_before_the_data_ack(void **state)
{
	(void)state;
	mapped(0, 1, 1, 100);
	assert_string_equal(mapped(0, 101, 50, 1), "0+1 reinjected");
	mptcp_fate_data_ack(&data, 51);
	assert_string_equal(mapped(0, 102, 50, 1), "0+1 probe");
	assert_string_equal(mapped(0, 102, 50, 1), "0+1 retransmitted");
	assert_string_equal(mapped(1, 1, 50, 1), "0+1 probe");
	assert_string_equal(mapped(1, 2, 49, 1), "0+1 reinjected");
	assert_string_equal(mapped(1, 3, 50, 2), "0+2 reinjected");
	mptcp_fate_data_ack(&data, 31); /* does not go back */
	assert_string_equal(mapped(1, 5, 30, 1), "0+1 reinjected");
}

static void a_damaged_data_ack_makes_no_probe(void **state)
{
	(void)state;
	mapped(0, 1, 1, 100);
	mptcp_fate_data_ack(&data, 51);
	mptcp_fate_data_ack(&data, UINT64_C(1) << 50);
	assert_string_equal(mapped(0, 101, 50, 1), "0+1 probe");
	assert_string_equal(mapped(0, 102, (UINT64_C(1) << 50) - 1, 1), "0+1 first copy");
}

static void data_sequence_numbers_wrap(void **state)
{
	(void)state;
	assert_string_equal(mapped(0, 1, UINT64_MAX - 49, 100), "0+100 first copy");
	assert_string_equal(mapped(1, 1, 0, 60), "0+50 reinjected, 50+10 first copy");
	assert_string_equal(mapped(1, 61, UINT64_MAX - 99, 60),
		"0+50 first copy, 50+10 reinjected");
	mptcp_fate_data_ack(&data, 0);
	assert_string_equal(mapped(1, 121, UINT64_MAX, 1), "0+1 probe");
}

/* The DSN half of all numbers away: no set can hold it together with the others. */
static void what_is_damaged_beyond_sense_is_not_remembered(void **state)
{
	uint64_t far = (UINT64_C(1) << 63) - 50;

	(void)state;
	mapped(0, 1, 1, 100);
	assert_string_equal(mapped(0, 101, far, 100), "0+100 first copy");
	assert_string_equal(mapped(1, 1, 1, 100), "0+100 reinjected");
}

static void of_many_holes_the_acknowledged_ones_are_closed(void **state)
{
	uint32_t many = MPTCP_FATE_HOLES + 1;

	(void)state;
	for (uint32_t i = 0; i < many; i++)
		mapped(0, 1 + 2 * i, 1 + 2 * i, 1);
	assert_string_equal(mapped(0, 2, 2, 1), "0+1 first copy");
	mptcp_fate_acknowledge(&sent[0], 1001);
	mptcp_fate_data_ack(&data, 501);
	mapped(0, 1 + 2 * many, 1 + 2 * many, 1);
	mapped(0, 3 + 2 * many, 3 + 2 * many, 1);
	assert_true(sent[0].positions.ranges.count < many);
	assert_true(data.dsns.ranges.count < many);
	/* sent before as far as anybody knows; never a first copy twice */
	assert_string_equal(mapped(0, 900, 900, 1), "0+1 retransmitted");
	assert_string_equal(mapped(1, 1, 400, 1), "0+1 reinjected");
	assert_string_equal(mapped(1, 2, 600, 1), "0+1 first copy");
}

static void two_connections_that_turn_out_to_be_one(void **state)
{
	struct mptcp_fate_data other = {0};
	struct mptcp_fate_bytes bytes = {.length = 100, .position = 1, .dsn = 51, .mapped = true};
	struct mptcp_fate_part part;

	(void)state;
	mapped(0, 1, 1, 100);
	while (mptcp_fate_next(&sent[1], &other, &bytes, &part))
		assert_int_equal(part.fate, MPTCP_FATE_FIRST_COPY);
	mptcp_fate_data_ack(&other, 71);
	assert_int_equal(mptcp_fate_data_merge(&data, &other), 0);
	assert_int_equal(other.dsns.ranges.count, 0);
	assert_string_equal(mapped(0, 101, 101, 100), "0+50 reinjected, 50+50 first copy");
	assert_string_equal(mapped(0, 201, 70, 1), "0+1 probe");
}

static const char *walk(const struct mptcp_packet *packet, uint64_t position)
{
	struct mptcp_fate_walk steps;
	struct mptcp_fate_part part;
	int got;

	said[0] = '\0';
	mptcp_fate_begin(&steps, packet, position);
	while ((got = mptcp_fate_walk(&steps, &sent[0], &data, &part)) > 0) {
		assert_true(part.bytes.position == position + part.bytes.offset);
		say(&part);
	}
	assert_int_equal(got, 0);
	return said;
}

static void a_packet_is_walked_over_piece_by_piece(void **state)
{
	struct mptcp_packet packet = build_split("10:1:20;30:101:20;60:201:10", 100);

	(void)state;
	mapped(1, 1, 111, 1000);
	assert_string_equal(walk(&packet, 1),
		"0+10 unmapped, 10+20 first copy, 30+10 first copy, 40+10 reinjected, "
		"50+10 unmapped, 60+10 reinjected, 70+30 unmapped");
	assert_string_equal(walk(&packet, 51),
		"0+10 retransmitted, 10+20 retransmitted, 30+20 retransmitted, "
		"50+10 unmapped, 60+10 reinjected, 70+30 unmapped");
}

static void damaged_pieces_count_no_byte_twice(void **state)
{
	struct mptcp_packet packet = build_split("10:1:50;20:501:60;0:901:15;x", 100);

	(void)state;
	assert_string_equal(walk(&packet, 1),
		"0+10 unmapped, 10+50 first copy, 60+20 first copy, 80+20 unmapped");
	assert_string_equal(mapped(1, 1, 541, 20), "0+20 reinjected");
}

static void payload_of_a_syn_is_a_first_copy(void **state)
{
	struct mptcp_packet packet = {.present = MPTCP_HAS(tcplen),
		.tcplen = 100,
		.tcpflags = MPTCP_SYN};

	(void)state;
	assert_string_equal(walk(&packet, 1), "0+100 first copy");
	assert_string_equal(walk(&packet, 1), "0+100 retransmitted");
	packet.tcpflags = MPTCP_ACK;
	assert_string_equal(walk(&packet, 1), "0+100 retransmitted");
	assert_string_equal(walk(&packet, 101), "0+100 unmapped");
	packet.present |= MPTCP_HAS(dsn);
	packet.dsn = 1;
	packet.tcplen = 1;
	mptcp_fate_data_ack(&data, 2);
	assert_string_equal(walk(&packet, 201), "0+1 probe");
}

/* Against a count byte by byte: who sent which, in arrays. */
static void random_bytes_agree_with_arrays(void **state)
{
	enum { RANGE = 600 };

	srand(1);
	for (int run = 0; run < 200; run++) {
		bool positions[SUBFLOWS][RANGE] = {{false}}, dsns[RANGE] = {false};
		uint64_t base = UINT64_MAX - RANGE / 2;

		finish(state);
		begin(state);
		for (int i = 0; i < 60; i++) {
			int subflow = rand() % SUBFLOWS;
			uint32_t at = (uint32_t)rand() % 500, dsn = (uint32_t)rand() % 500;
			struct mptcp_fate_bytes bytes = {.length = 2 + (uint32_t)rand() % 90,
				.position = 1000 + at,
				.dsn = base + dsn,
				.mapped = rand() % 4 > 0};
			bool has = bytes.mapped;
			struct mptcp_fate_part part;

			while (mptcp_fate_next(&sent[subflow], &data, &bytes, &part) > 0)
				for (uint32_t j = 0; j < part.bytes.length; j++, at++, dsn++) {
					assert_int_equal(part.fate,
						positions[subflow][at] ? MPTCP_FATE_RETRANSMITTED
							: !has         ? MPTCP_FATE_UNMAPPED
							: dsns[dsn]    ? MPTCP_FATE_REINJECTED
								       : MPTCP_FATE_FIRST_COPY);
					dsns[dsn] |= has;
					positions[subflow][at] = true;
				}
		}
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)
	const struct CMUnitTest tests[] = {
		TEST(the_same_position_is_retransmitted_whatever_its_dsn),
		TEST(the_same_dsn_is_reinjected_on_this_subflow_too),
		TEST(parts_come_in_order_with_their_numbers),
		TEST(a_probe_is_one_new_byte_before_the_data_ack),
		TEST(a_damaged_data_ack_makes_no_probe),
		TEST(data_sequence_numbers_wrap),
		TEST(what_is_damaged_beyond_sense_is_not_remembered),
		TEST(of_many_holes_the_acknowledged_ones_are_closed),
		TEST(two_connections_that_turn_out_to_be_one),
		TEST(a_packet_is_walked_over_piece_by_piece),
		TEST(damaged_pieces_count_no_byte_twice),
		TEST(payload_of_a_syn_is_a_first_copy),
		TEST(random_bytes_agree_with_arrays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
