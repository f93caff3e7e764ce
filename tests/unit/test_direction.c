/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One direction of a TCP connection, counted by sequence number. */
#include "direction.h"
#include "packet_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static uint64_t add(struct mptcp_direction *direction, unsigned flags, uint32_t sequence,
	uint32_t length)
{
	struct mptcp_packet packet = build_tcp(0, MPTCP_SERVER, flags, sequence, length);
	uint64_t position = 0;

	assert_int_equal(mptcp_direction_add(direction, &packet, &position), 0);
	return position;
}

static void copies_count_once_as_unique(void **state)
{
	struct mptcp_direction direction = {0};

	(void)state;
	add(&direction, MPTCP_SYN, 0, 0);
	add(&direction, MPTCP_ACK, 1, 100);
	add(&direction, MPTCP_ACK, 101, 100);
	add(&direction, MPTCP_ACK, 51, 100);  /* overlaps both */
	add(&direction, MPTCP_ACK, 151, 100); /* half of it is new */
	add(&direction, MPTCP_ACK, 251, 0);
	assert_int_equal(direction.packets, 6);
	assert_int_equal(direction.data_packets, 4);
	assert_int_equal(direction.sent, 400);
	assert_int_equal(direction.unique, 250);
	assert_int_equal(mptcp_direction_range(&direction), 250);
	mptcp_direction_clear(&direction);
}

static void one_byte_and_no_bytes(void **state)
{
	struct mptcp_direction direction = {0};

	(void)state;
	assert_int_equal(mptcp_direction_range(&direction), 0);
	add(&direction, MPTCP_SYN, 0, 0);
	assert_int_equal(mptcp_direction_range(&direction), 0);
	add(&direction, MPTCP_ACK, 1, 0);
	assert_int_equal(direction.sent, 0);
	assert_int_equal(mptcp_direction_range(&direction), 0);
	add(&direction, MPTCP_ACK, 1, 1);
	assert_int_equal(direction.sent, 1);
	assert_int_equal(direction.unique, 1);
	assert_int_equal(mptcp_direction_range(&direction), 1);
	mptcp_direction_clear(&direction);
}

static void payload_of_a_syn_begins_behind_it(void **state)
{
	struct mptcp_direction direction = {0};

	(void)state;
	assert_true(add(&direction, MPTCP_SYN, 0, 10) == MPTCP_SEQUENCE_ORIGIN + 1);
	assert_true(add(&direction, MPTCP_ACK, 1, 10) == MPTCP_SEQUENCE_ORIGIN + 1);
	assert_int_equal(direction.unique, 10);
	assert_int_equal(mptcp_direction_range(&direction), 10);
	mptcp_direction_clear(&direction);
}

static void sequence_numbers_wrap(void **state)
{
	struct mptcp_direction direction = {0};
	uint64_t sent = 0;

	(void)state;
	add(&direction, MPTCP_SYN, 0, 0);
	for (uint32_t i = 0; i < 10; i++, sent += 1U << 30) /* 10 GiB in huge segments */
		add(&direction, MPTCP_ACK, (uint32_t)(1 + sent), 1U << 30);
	assert_true(direction.unique == sent);
	assert_true(direction.sent == sent);
	assert_true(mptcp_direction_range(&direction) == sent);
	assert_int_equal(direction.payload.positions.ranges.count, 1);
	add(&direction, MPTCP_ACK, (uint32_t)(1 + sent - 100), 100);
	assert_true(direction.unique == sent);
	mptcp_direction_clear(&direction);
}

static void numbers_before_the_first_one_seen_are_no_jump(void **state)
{
	struct mptcp_direction direction = {0};

	(void)state;
	add(&direction, MPTCP_ACK, 1, 100);
	add(&direction, MPTCP_ACK, UINT32_MAX - 98, 100); /* -99 to 0 */
	assert_int_equal(direction.unique, 200);
	assert_int_equal(direction.payload.positions.ranges.count, 1);
	mptcp_direction_clear(&direction);
}

static void an_rst_of_any_number_widens_nothing(void **state)
{
	struct mptcp_direction direction = {0};

	(void)state;
	add(&direction, MPTCP_SYN, 0, 0);
	add(&direction, MPTCP_RST, 1U << 30, 0);
	assert_int_equal(direction.packets, 2);
	assert_int_equal(mptcp_direction_range(&direction), 0);
	mptcp_direction_clear(&direction);
}

static void bytes_above_a_hole_are_out_of_order(void **state)
{
	struct mptcp_direction direction = {0};

	(void)state;
	add(&direction, MPTCP_SYN, 0, 0);
	add(&direction, MPTCP_ACK, 1, 100);
	add(&direction, MPTCP_ACK, 201, 100); /* above the hole */
	add(&direction, MPTCP_ACK, 301, 100); /* still */
	add(&direction, MPTCP_ACK, 301, 100); /* nothing new */
	assert_int_equal(direction.out_of_order, 200);
	add(&direction, MPTCP_ACK, 101, 100); /* fills it */
	add(&direction, MPTCP_ACK, 401, 100);
	assert_int_equal(direction.out_of_order, 200);
	mptcp_direction_clear(&direction);
}

static void a_hole_that_was_acknowledged_is_none(void **state)
{
	struct mptcp_direction direction = {0};

	(void)state;
	add(&direction, MPTCP_SYN, 0, 0);
	add(&direction, MPTCP_ACK, 101, 100); /* what is before was not captured (yet) */
	assert_int_equal(direction.out_of_order, 100);
	mptcp_direction_acknowledge(&direction, 201);
	add(&direction, MPTCP_ACK, 201, 100);
	mptcp_direction_acknowledge(&direction, 401);
	add(&direction, MPTCP_ACK, 401, 100);
	assert_int_equal(direction.out_of_order, 100);
	mptcp_direction_clear(&direction);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_count_once_as_unique),
		cmocka_unit_test(one_byte_and_no_bytes),
		cmocka_unit_test(payload_of_a_syn_begins_behind_it),
		cmocka_unit_test(sequence_numbers_wrap),
		cmocka_unit_test(numbers_before_the_first_one_seen_are_no_jump),
		cmocka_unit_test(an_rst_of_any_number_widens_nothing),
		cmocka_unit_test(bytes_above_a_hole_are_out_of_order),
		cmocka_unit_test(a_hole_that_was_acknowledged_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
