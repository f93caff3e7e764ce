/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a connection goes on as regular TCP, and when it only looks like it (RFC 8684 section 3.7).
 */
#include "story_scenario.h"

/* An MP_CAPABLE without flag H in the SYN/ACK and the like: the flags of the one just put. */
static void capable_flags(unsigned flags)
{
	last_frame()->options[3] = (uint8_t)flags;
}

static void begin(void)
{
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
}

static size_t answer(void)
{
	size_t at = segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);

	capable(1, SERVER_KEY, 0, 0);
	return at;
}

static void a_synack_without_mp_capable(void **state)
{
	(void)state;
	begin();
	size_t synack = segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);

	bare(&path_a, OPENER, 1, 1, 0);
	assert_fallback(synack, "no_mp_capable_in_synack");
	assert_subflow(0, "fallback", false);
	assert_int_equal(connection(0)->established, 0);
	assert_no_event(MPTCP_EVENT_CAPABLE_SYNACK);
	assert_no_event(MPTCP_EVENT_CONNECTION_CLOSED);
}

/* Section 3.1: a SYN/ACK's MP_CAPABLE has a key, or it does not count. */
static void an_mp_capable_without_a_key_is_none(void **state)
{
	(void)state;
	begin();
	size_t synack = segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);

	capable(1, 0, 0, 0);
	bare(&path_a, OPENER, 1, 1, 0);
	bare(&path_a, OPENER, 1, 1, 100);
	assert_fallback(synack, "no_mp_capable_in_synack");
	for (size_t i = 0; i < story.events.count; i++)
		assert_int_not_equal(story.events.list[i].kernel, MPTCP_KERNEL_CREATED);
}

static void a_fallback_that_the_capture_cuts_before_the_third_ack_is_none_yet(void **state)
{
	(void)state;
	begin();
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	tell();
	assert_no_failure();
	assert_connection(0, "opening");
}

static void a_third_ack_without_mp_capable_and_data_without_a_mapping(void **state)
{
	(void)state;
	begin();
	answer();
	size_t ack = bare(&path_a, OPENER, 1, 1, 0);

	bare(&path_a, OPENER, 1, 1, 100);
	assert_fallback(ack, "no_mp_capable_in_ack");
}

static void a_client_that_gives_up_mp_capable_got_no_reply(void **state)
{
	(void)state;
	begin();
	wait_ms(1000);
	begin();
	wait_ms(2000);
	size_t plain = segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);

	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	bare(&path_a, OPENER, 1, 1, 0);
	assert_fallback(plain, "no_reply");
}

static void an_older_version_in_the_synack(void **state)
{
	(void)state;
	begin();
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(0, SERVER_KEY, 0, 0);
	size_t ack = bare(&path_a, OPENER, 1, 1, 0);

	bare(&path_a, OPENER, 1, 1, 100);
	assert_fallback(ack, "version_mismatch");
	assert_int_equal(connection(0)->version, 1);
}

static void flag_b_in_the_third_ack(void **state)
{
	(void)state;
	begin();
	answer();
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, CLIENT_KEY, SERVER_KEY, 0);
	capable_flags(0x41);
	bare(&path_a, LISTENER, 1, 1, 100);
	size_t at = frame_count - 1;

	bare(&path_a, OPENER, 1, 101, 100);
	assert_fallback(at, "flags");
}

static void no_algorithm_that_anybody_knows(void **state)
{
	(void)state;
	begin();
	answer();
	capable_flags(0x00);
	size_t ack = bare(&path_a, OPENER, 1, 1, 0);

	bare(&path_a, OPENER, 1, 1, 100);
	assert_fallback(ack, "no_algorithm");
}

static void flag_a_and_c_are_no_reason(void **state)
{
	(void)state;
	begin();
	answer();
	capable_flags(0xa1);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, CLIENT_KEY, SERVER_KEY, 0);
	capable_flags(0xa1);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	assert_no_fallback();
}

static void a_simultaneous_open(void **state)
{
	(void)state;
	begin();
	segment(&path_a, LISTENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	size_t synack = segment(&path_a, OPENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);

	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	bare(&path_a, OPENER, 1, 1, 100);
	bare(&path_a, LISTENER, 1, 101, 100);
	assert_fallback(synack, "simultaneous_open");
	assert_int_equal(count_all(MPTCP_EVENT_CAPABLE_SYN), 2);
	assert_no_event(MPTCP_EVENT_CONNECTION_CLOSED);
}

static void mp_fail_alone_is_none(void **state)
{
	(void)state;
	open_and_talk();
	acknowledge(&path_a, LISTENER, 101, 101, CLIENT_IDSN_V1 + 101);
	mp_fail(CLIENT_IDSN_V1 + 1);
	data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	assert_no_fallback();
	assert_event(MPTCP_EVENT_FAIL, 6, "");
}

/* The mapping covers it, but its sender knows that the receiver does not take it. */
static void the_first_bare_payload_after_mp_fail(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 100);
	map(CLIENT_IDSN_V1 + 101, 101, 400);
	timestamps(10, 20);
	acknowledge(&path_a, LISTENER, 101, 201, CLIENT_IDSN_V1 + 101);
	last_frame()->options_length = 0;
	mp_fail(CLIENT_IDSN_V1 + 101);
	timestamps(30, 10);
	bare(&path_a, OPENER, 201, 101, 100); /* sent before MP_FAIL arrived */
	timestamps(11, 29);
	size_t first = bare(&path_a, OPENER, 301, 101, 100);

	timestamps(12, 30);
	assert_fallback(first, "mp_fail");
}

static void an_infinite_mapping(void **state)
{
	(void)state;
	open_and_talk();
	size_t at = segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 40);

	map(CLIENT_IDSN_V1 + 101, 101, 0);
	bare(&path_a, OPENER, 141, 101, 40);
	assert_fallback(at, "infinite_mapping");
	assert_event(MPTCP_EVENT_INFINITE_MAPPING, at, "");
}

static void one_after_mp_fail(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, LISTENER, MPTCP_ACK, 101, 101, 0);
	mp_fail(CLIENT_IDSN_V1 + 1);
	size_t at = segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 40);

	map(CLIENT_IDSN_V1 + 101, 101, 0);
	assert_fallback(at, "mp_fail");
}

static void one_on_an_ack_without_payload_is_none(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 0);
	map(CLIENT_IDSN_V1 + 101, 101, 0);
	data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	assert_no_fallback();
	assert_no_event(MPTCP_EVENT_INFINITE_MAPPING);
}

/* A mapping of less than its segment: the receiver refuses it and goes on without options. */
static void a_mapping_that_the_receiver_refuses(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 100);
	map(CLIENT_IDSN_V1 + 101, 101, 50);
	size_t first = frame_count;

	for (int i = 0; i < 3; i++)
		bare(&path_a, LISTENER, 101, 201, 0);
	assert_fallback(first, "bad_mapping");
}

static void one_that_the_receiver_takes(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 100);
	map(CLIENT_IDSN_V1 + 101, 101, 50);
	acknowledge(&path_a, LISTENER, 101, 201, CLIENT_IDSN_V1 + 201);
	size_t first = frame_count;

	for (int i = 0; i < 3; i++)
		bare(&path_a, LISTENER, 101, 201, 0);
	assert_fallback(first, "options_lost");
}

static void an_infinite_mapping_beside_a_second_subflow_is_none(void **state)
{
	(void)state;
	open_two();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 40);
	map(CLIENT_IDSN_V1 + 101, 101, 0);
	tell();
	assert_no_failure();
	assert_connection(0, "open");
	assert_event(MPTCP_EVENT_INFINITE_MAPPING, 10, "");
}

/* The one exception, which Linux never makes: on the last live subflow. */
static void one_on_the_last_live_subflow(void **state)
{
	(void)state;
	open_two();
	segment(&path_b, OPENER, MPTCP_RST, 1, 0, 0);
	size_t at = segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 40);

	map(CLIENT_IDSN_V1 + 101, 101, 0);
	assert_fallback(at, "infinite_mapping");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(a_synack_without_mp_capable),
		TOLD(an_mp_capable_without_a_key_is_none),
		TOLD(a_fallback_that_the_capture_cuts_before_the_third_ack_is_none_yet),
		TOLD(a_third_ack_without_mp_capable_and_data_without_a_mapping),
		TOLD(a_client_that_gives_up_mp_capable_got_no_reply),
		TOLD(an_older_version_in_the_synack),
		TOLD(flag_b_in_the_third_ack),
		TOLD(no_algorithm_that_anybody_knows),
		TOLD(flag_a_and_c_are_no_reason),
		TOLD(a_simultaneous_open),
		TOLD(mp_fail_alone_is_none),
		TOLD(the_first_bare_payload_after_mp_fail),
		TOLD(an_infinite_mapping),
		TOLD(one_after_mp_fail),
		TOLD(one_on_an_ack_without_payload_is_none),
		TOLD(a_mapping_that_the_receiver_refuses),
		TOLD(one_that_the_receiver_takes),
		TOLD(an_infinite_mapping_beside_a_second_subflow_is_none),
		TOLD(one_on_the_last_live_subflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
