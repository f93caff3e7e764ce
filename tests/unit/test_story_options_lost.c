/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets without MPTCP options: when they mean that the connection, or one of its subflows, has
 * lost them, and when they mean nothing. */
#include "story_scenario.h"

static void data_without_a_mapping(void **state)
{
	(void)state;
	open_and_talk();
	size_t first = bare(&path_a, OPENER, 101, 101, 100);

	assert_fallback(first, "options_lost");
	assert_subflow(0, "fallback", true);
}

static void three_packets_without_options_mean_the_same(void **state)
{
	(void)state;
	open_and_talk();
	size_t first = bare(&path_a, LISTENER, 101, 101, 0);

	bare(&path_a, LISTENER, 101, 101, 0);
	bare(&path_a, LISTENER, 101, 101, 0);
	assert_fallback(first, "options_lost");
}

static void two_do_not(void **state)
{
	(void)state;
	open_and_talk();
	bare(&path_a, LISTENER, 101, 101, 0);
	bare(&path_a, LISTENER, 101, 101, 0);
	assert_no_fallback();
}

/* A middlebox acknowledges on its own; the host still uses MPTCP. */
static void a_data_ack_that_was_sent_later_takes_it_back(void **state)
{
	(void)state;
	open_and_talk();
	for (int i = 0; i < 5; i++)
		bare(&path_a, LISTENER, 101, 101, 0);
	acknowledge(&path_a, LISTENER, 101, 101, CLIENT_IDSN_V1 + 101);
	assert_no_fallback();
}

static void one_that_was_sent_before_does_not(void **state)
{
	(void)state;
	open_and_talk();
	size_t first = bare(&path_a, OPENER, 201, 101, 100);

	data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101); /* delayed: below its sequence */
	assert_fallback(first, "options_lost");
}

/* Of two with the same sequence number, TSval tells which was sent first. */
static void timestamps_tell_what_was_sent_later(void **state)
{
	(void)state;
	open_and_talk();
	size_t first = frame_count;

	for (int i = 0; i < 3; i++) {
		bare(&path_a, LISTENER, 101, 101, 0);
		timestamps(1000, 1);
	}
	acknowledge(&path_a, LISTENER, 101, 101, CLIENT_IDSN_V1 + 101);
	timestamps(999, 1);
	assert_fallback(first, "options_lost");
	mptcp_story_clear(&story);
	acknowledge(&path_a, LISTENER, 101, 101, CLIENT_IDSN_V1 + 101);
	timestamps(1001, 1);
	assert_no_fallback();
}

static void what_the_other_host_sends_takes_nothing_back(void **state)
{
	(void)state;
	open_and_talk();
	size_t first = bare(&path_a, OPENER, 101, 101, 100);

	acknowledge(&path_a, LISTENER, 101, 201, CLIENT_IDSN_V1 + 101);
	data(&path_a, LISTENER, 101, 100, SERVER_IDSN_V1 + 101);
	assert_fallback(first, "options_lost");
}

/* After 10 s it is settled; a mapping that comes later no longer proves anything. */
static void it_is_settled_after_ten_seconds(void **state)
{
	(void)state;
	open_and_talk();
	size_t first = bare(&path_a, OPENER, 101, 101, 100);

	wait_ms(9900);
	data(&path_a, OPENER, 201, 100, CLIENT_IDSN_V1 + 201);
	assert_no_fallback();
	mptcp_story_clear(&story);
	frames[frame_count - 1].time += INT64_C(200000000);
	assert_fallback(first, "options_lost");
}

static void a_mapping_may_cover_segments_without_an_option(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 100);
	map(CLIENT_IDSN_V1 + 101, 101, 400);
	for (uint32_t at = 201; at < 501; at += 100)
		bare(&path_a, OPENER, at, 101, 100);
	assert_no_fallback();
}

static void what_follows_it_is_not_covered(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 100);
	map(CLIENT_IDSN_V1 + 101, 101, 400);
	for (uint32_t at = 201; at < 701; at += 100)
		bare(&path_a, OPENER, at, 101, 100);
	assert_fallback(10, "options_lost");
}

static void after_a_second_subflow_the_subflow_fails_instead(void **state)
{
	(void)state;
	open_two();
	size_t first = bare(&path_b, OPENER, 1, 1, 100);

	data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	tell();
	assert_failure(MPTCP_EVENT_SUBFLOW_FAILED, first, "options_lost");
	assert_subflow(1, "failed", true);
	assert_subflow(0, "open", true);
	assert_connection(0, "open");
	assert_int_equal(connection(0)->established, 2);
}

static void also_the_initial_one_and_when_the_other_has_ended(void **state)
{
	(void)state;
	open_two();
	segment(&path_b, OPENER, MPTCP_RST, 1, 0, 0);
	size_t first = bare(&path_a, OPENER, 101, 101, 100);

	tell();
	assert_failure(MPTCP_EVENT_SUBFLOW_FAILED, first, "options_lost");
	assert_subflow(0, "failed", true);
	assert_subflow(1, "reset", true);
}

/* The fourth ACK is on its way when options are lost on the first subflow, which its host then
 * resets: it goes on over the second one. */
static void so_it_does_while_a_join_waits_for_its_fourth_ack(void **state)
{
	(void)state;
	open_and_talk();
	join(&path_b, SERVER_TOKEN_V1);
	size_t first = bare(&path_a, LISTENER, 101, 101, 100);

	segment(&path_a, OPENER, MPTCP_RST | MPTCP_ACK, 101, 101, 0);
	fourth_ack(&path_b);
	data(&path_b, LISTENER, 1, 100, SERVER_IDSN_V1 + 101);
	tell();
	assert_failure(MPTCP_EVENT_SUBFLOW_FAILED, first, "options_lost");
	assert_no_event(MPTCP_EVENT_FALLBACK);
	assert_subflow(0, "failed", true);
	assert_subflow(1, "open", true);
}

/* The FIN's last packets have no options in Linux once the data level is closed. */
static void after_a_fin_nothing_is_expected(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_FIN | MPTCP_ACK, 101, 101, 0);
	for (int i = 0; i < 4; i++)
		bare(&path_a, LISTENER, 101, 102, 0);
	tell();
	assert_no_failure();
}

static void a_capture_from_the_middle_has_no_fallback(void **state)
{
	(void)state;
	data(&path_a, OPENER, 5001, 100, UINT64_C(0x1234567800001000));
	for (uint32_t at = 5101; at < 5601; at += 100)
		bare(&path_a, OPENER, at, 1, 100);
	tell();
	assert_no_failure();
	assert_connection(0, "partial");
}

static void packets_whose_options_were_cut_off_mean_nothing(void **state)
{
	(void)state;
	open_and_talk();
	for (uint32_t at = 101; at < 601; at += 100) {
		bare(&path_a, OPENER, at, 101, 100);
		last_frame()->options_cut = true;
	}
	assert_no_fallback();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(data_without_a_mapping),
		TOLD(three_packets_without_options_mean_the_same),
		TOLD(two_do_not),
		TOLD(a_data_ack_that_was_sent_later_takes_it_back),
		TOLD(one_that_was_sent_before_does_not),
		TOLD(timestamps_tell_what_was_sent_later),
		TOLD(what_the_other_host_sends_takes_nothing_back),
		TOLD(it_is_settled_after_ten_seconds),
		TOLD(a_mapping_may_cover_segments_without_an_option),
		TOLD(what_follows_it_is_not_covered),
		TOLD(after_a_second_subflow_the_subflow_fails_instead),
		TOLD(also_the_initial_one_and_when_the_other_has_ended),
		TOLD(so_it_does_while_a_join_waits_for_its_fourth_ack),
		TOLD(after_a_fin_nothing_is_expected),
		TOLD(a_capture_from_the_middle_has_no_fallback),
		TOLD(packets_whose_options_were_cut_off_mean_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
