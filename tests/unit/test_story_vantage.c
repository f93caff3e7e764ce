/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The times of handshakes: where the capture was taken, which host can tell from there that a join
 * was established, and the round trip. */
#include "story_scenario.h"

/* SYN and SYN/ACK, 20 ms from where the capture was taken to the other end. */
static void join_seen_from(unsigned end)
{
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	wait_ms(end == OPENER ? 20 : 0);
	answer_join(&path_b);
	wait_ms(end == OPENER ? 0 : 20);
	third_ack(&path_b);
}

static void at_the_host_that_was_joined_the_third_ack_is_enough(void **state)
{
	(void)state;
	join_seen_from(LISTENER);
	tell();
	assert_int_equal(connection(0)->vantage, MPTCP_VANTAGE_SERVER);
	assert_subflow(1, "open", true);
	assert_kernel(MPTCP_EVENT_JOIN_ACK, "SF_ESTABLISHED");
}

static void at_the_host_that_joins_it_is_not(void **state)
{
	(void)state;
	join_seen_from(OPENER);
	tell();
	assert_int_equal(connection(0)->vantage, MPTCP_VANTAGE_CLIENT);
	assert_subflow(1, "opening", false);
	assert_kernel(MPTCP_EVENT_JOIN_ACK, "SF_ESTABLISHED"); /* for that host it is */
}

static void less_than_a_factor_of_two_tells_no_vantage(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	wait_ms(10);
	answer_join(&path_b);
	wait_ms(15);
	third_ack(&path_b);
	tell();
	assert_int_equal(connection(0)->vantage, MPTCP_VANTAGE_UNKNOWN);
	assert_subflow(1, "opening", false);
}

static void go(enum mptcp_packet_direction direction)
{
	last_frame()->has_direction = true;
	last_frame()->direction = (uint8_t)direction;
}

static void the_direction_at_the_interface_goes_before_times(void **state)
{
	(void)state;
	open_v1(&path_a);
	begin_join(&path_b, SERVER_TOKEN_V1);
	go(MPTCP_IN);
	wait_ms(20); /* as at the client */
	answer_join(&path_b);
	go(MPTCP_OUT);
	third_ack(&path_b);
	go(MPTCP_IN);
	tell();
	assert_int_equal(connection(0)->vantage, MPTCP_VANTAGE_SERVER);
	assert_subflow(1, "open", true);
}

static void where_both_hosts_come_in_the_capture_is_between_them(void **state)
{
	(void)state;
	open_v1(&path_a);
	begin_join(&path_b, SERVER_TOKEN_V1);
	go(MPTCP_IN);
	answer_join(&path_b);
	go(MPTCP_IN);
	wait_ms(20);
	third_ack(&path_b);
	go(MPTCP_IN);
	tell();
	assert_int_equal(connection(0)->vantage, MPTCP_VANTAGE_UNKNOWN);
	assert_subflow(1, "opening", false);
}

/* SYN, SYN/ACK after 30 ms, third ACK after another 12 ms. */
static void slow_handshake(void)
{
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	wait_ms(30);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, SERVER_KEY, 0, 0);
	wait_ms(12);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, CLIENT_KEY, SERVER_KEY, 0);
}

static void the_round_trip_of_a_handshake(void **state)
{
	(void)state;
	slow_handshake();
	tell();
	assert_int_equal(mptcp_story_handshake_rtt(subflow(0)), 42002000);
	assert_int_equal(connection(0)->vantage, MPTCP_VANTAGE_CLIENT);
}

static void of_several_syns_nobody_knows_which_was_answered(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	wait_ms(1000);
	slow_handshake();
	tell();
	assert_int_equal(mptcp_story_handshake_rtt(subflow(0)), -1);
	assert_int_equal(connection(0)->vantage, MPTCP_VANTAGE_UNKNOWN);
}

/* What was captured after it says nothing of when it came. */
static void a_third_ack_that_was_not_captured_has_no_time(void **state)
{
	(void)state;
	slow_handshake();
	frames[frame_count - 1].sequence += 1000;
	tell();
	assert_int_equal(mptcp_story_handshake_rtt(subflow(0)), -1);
	assert_int_equal(connection(0)->vantage, MPTCP_VANTAGE_UNKNOWN);
}

static void regular_tcp_has_a_round_trip_too(void **state)
{
	(void)state;
	slow_handshake();
	for (size_t i = 0; i < frame_count; i++)
		frames[i].options_length = 0;
	story.with_tcp = true;
	tell();
	assert_int_equal(mptcp_story_handshake_rtt(subflow(0)), 42002000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(at_the_host_that_was_joined_the_third_ack_is_enough),
		TOLD(at_the_host_that_joins_it_is_not),
		TOLD(less_than_a_factor_of_two_tells_no_vantage),
		TOLD(the_direction_at_the_interface_goes_before_times),
		TOLD(where_both_hosts_come_in_the_capture_is_between_them),
		TOLD(the_round_trip_of_a_handshake),
		TOLD(of_several_syns_nobody_knows_which_was_answered),
		TOLD(a_third_ack_that_was_not_captured_has_no_time),
		TOLD(regular_tcp_has_a_round_trip_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
